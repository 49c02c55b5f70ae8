-- columns of which a role's rights are not what the views it may read show: to be granted, or to be taken back.
-- Who reads a view reads with rights of his own: so that rows are those he may see, and on the workers of Citus, who look
-- at the rights of whoever asks, not at the view's owner (Citus issues 1683 and 6161).
-- grain: one row a column. reads: pg_depend, pg_rewrite, pg_class, pg_attribute.
with seen as (
    select distinct
        d.refobjid as table_oid,
        d.refobjsubid as column_no
    from pg_class as v
    inner join pg_rewrite as r on v.oid = r.ev_class
    inner join pg_depend as d
        on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
    inner join pg_namespace as n on v.relnamespace = n.oid
    where
        v.relkind = 'v'
        and n.nspname = any(%(schemas)s)
        and d.refobjsubid > 0
        and has_table_privilege(%(role)s, v.oid, 'select')
)

select
    n.nspname || '.' || c.relname as table_name,
    s.column_no is not null as is_seen,
    array_agg(a.attname::text order by a.attnum) as column_names
from pg_attribute as a
inner join pg_class as c on a.attrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
left join seen as s on a.attrelid = s.table_oid and a.attnum = s.column_no
where
    c.relkind = 'r'
    and n.nspname = any(%(schemas)s)
    and a.attnum > 0
    and not a.attisdropped
    and not has_table_privilege(%(role)s, c.oid, 'select')
    and (s.column_no is not null) <> has_column_privilege(%(role)s, c.oid, a.attnum, 'select')
group by n.nspname, c.relname, s.column_no is not null
order by table_name, is_seen
