-- tables of the warehouse that lie on the coordinator alone, and whether they have a county.
-- grain: one row a table. reads: pg_class, pg_attribute, pg_dist_partition (of Citus).
select
    n.nspname || '.' || c.relname as table_name,
    exists(
        select 1
        from pg_attribute as a
        where a.attrelid = c.oid and a.attname = 'county_code' and not a.attisdropped
    ) as has_county
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where
    c.relkind = 'r'
    and n.nspname = any(%(schemas)s)
    and not exists (
        select 1
        from pg_dist_partition as p
        where p.logicalrelid = c.oid and (p.partmethod = 'h' or p.repmodel = 't')
    )
order by table_name
