-- policies of a table.
-- grain: one row a policy. reads: pg_policy.
select polname::text as policy_name
from pg_policy
where polrelid = %(table)s::regclass
order by polname
