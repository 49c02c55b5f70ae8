-- accounts of offices and stations: what each of them reads.
-- grain: one row an account. reads: audit.access, pg_roles.
select
    a.login,
    max(a.unit) as unit,
    array_agg(a.county_code::text order by a.county_code) as counties,
    min(a.added_by) as added_by,
    min(a.added_at) as added_at,
    exists(
        select 1
        from pg_roles as r
        where r.rolname = a.login
    ) as exists_here
from audit.access as a
group by a.login
order by a.login
