-- every column of every table and view that the asking role may read, with labels.
-- grain: one row a column. reads: the system catalogue.
select
    n.nspname::text as schema_name,
    c.relname::text as relation_name,
    obj_description(c.oid, 'pg_class') as relation_comment,
    a.attname::text as column_name,
    format_type(a.atttypid, a.atttypmod) as column_type,
    col_description(c.oid, a.attnum) as column_comment
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
where
    n.nspname in ('core', 'mart', 'publish')
    and c.relkind in ('r', 'v', 'm', 'p')
    and has_schema_privilege(n.oid, 'usage')
    and has_table_privilege(c.oid, 'select')
order by n.nspname, c.relname, a.attnum
