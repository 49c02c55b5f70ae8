-- functions of the warehouse that the workers do not know.
-- grain: one row a function. reads: pg_proc, pg_dist_object (of Citus).
select p.oid::regprocedure::text as function_name
from pg_proc as p
inner join pg_namespace as n on p.pronamespace = n.oid
where
    n.nspname = any(%(schemas)s)
    and not exists (
        select 1
        from pg_dist_object as o
        where o.classid = 'pg_proc'::regclass and o.objid = p.oid
    )
order by function_name
