-- tables and views of which a role's right to read is not what is decided: to be granted, or to be taken back.
-- grain: one row a table or view. reads: parameters, pg_class.
select
    n.nspname || '.' || c.relname as relation_name,
    n.nspname || '.' || c.relname = any(%(wanted)s::text[]) as is_wanted
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where
    c.relkind in ('r', 'v')
    and n.nspname = any(%(schemas)s)
    and (n.nspname || '.' || c.relname = any(%(wanted)s::text[])) <> has_table_privilege(%(role)s, c.oid, 'select')
order by relation_name
