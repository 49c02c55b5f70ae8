-- foreign keys from or to some tables, each as a statement would add it again.
-- grain: one row a foreign key. reads: pg_constraint.
select
    k.conrelid::regclass::text as table_name,
    k.conname::text as key_name,
    pg_get_constraintdef(k.oid) as definition
from pg_constraint as k
where
    k.contype = 'f'
    and (
        k.conrelid = any(%(tables)s::regclass[]::oid[])
        or k.confrelid = any(%(tables)s::regclass[]::oid[])
    )
order by table_name, key_name
