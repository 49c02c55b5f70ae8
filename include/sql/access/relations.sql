-- tables and views of the warehouse, and how their rows are guarded now.
-- grain: one row a table or view. reads: pg_class, pg_attribute.
select
    n.nspname || '.' || c.relname as relation_name,
    c.relkind = 'v' as is_view,
    exists(
        select 1
        from pg_attribute as a
        where a.attrelid = c.oid and a.attname = 'county_code' and not a.attisdropped
    ) as has_county,
    c.relrowsecurity and c.relforcerowsecurity as is_guarded,
    coalesce('security_invoker=true' = any(c.reloptions), false) as reads_as_asked
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where c.relkind in ('r', 'v') and n.nspname = any(%(schemas)s)
order by relation_name
