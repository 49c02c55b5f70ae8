-- audit.access: an account is given a county, or one reporting unit of it.
-- grain: one row an account and county. reads: parameters.
insert into audit.access (county_code, login, unit, added_by, added_at)
values (%(county_code)s, %(login)s, %(unit)s, %(added_by)s, %(added_at)s)
