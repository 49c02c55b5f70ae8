-- whether rows can be guarded here: views can read with the rights of who asks, and who loads and who owns pass the guard
-- (COPY into a guarded table is refused to everybody else, and a backup has to hold all rows). Not tried on Citus.
-- grain: one row. reads: pg_roles.
select
    current_setting('server_version_num')::integer >= 150000
    and to_regclass('pg_catalog.pg_dist_partition') is null
    and coalesce(bool_and(rolsuper or rolbypassrls), false) as can_guard
from pg_roles
where rolname in (%(loader)s, current_user)
