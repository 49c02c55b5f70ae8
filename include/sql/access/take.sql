-- audit.access: an account is given nothing any more.
-- grain: one row an account and county. reads: parameters.
delete from audit.access
where login = %(login)s
returning county_code
