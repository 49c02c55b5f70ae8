-- groups that a role of the server belongs to.
-- grain: one row a group. reads: pg_auth_members, pg_roles.
select g.rolname::text as group_name
from pg_auth_members as m
inner join pg_roles as g on m.roleid = g.oid
inner join pg_roles as r on m.member = r.oid
where r.rolname = %(login)s
order by group_name
