-- Who may do what. Runs after every migration; granting again what is granted changes nothing.
grant usage on schema core, staging, mart, audit, vault to xiezuo_loader;
grant select, insert, update, delete on all tables in schema core, staging, mart, audit, vault to xiezuo_loader;
revoke insert, update, delete on audit.schema_version from xiezuo_loader;
grant usage on schema mart, publish to xiezuo_analyst;
grant select on all tables in schema mart, publish to xiezuo_analyst;
grant usage on schema core to xiezuo_analyst;
grant select on core.county, core.division to xiezuo_analyst;
