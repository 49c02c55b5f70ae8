-- Who may do what. Runs after every migration; granting again what is granted changes nothing.
-- Who reads what beside analysts is in include/access.yaml.
grant usage on schema core, staging, mart, audit, vault to xiezuo_loader;
grant select, insert, update, delete on all tables in schema core, staging, mart, audit to xiezuo_loader;
grant truncate on all tables in schema staging to xiezuo_loader;
-- Into the vault it writes, and reads nothing back but what tells whether something has changed.
revoke select on all tables in schema vault from xiezuo_loader;
grant insert, update, delete on all tables in schema vault to xiezuo_loader;
grant select (county_code, person_key, payload_mac, stored_on) on vault.person to xiezuo_loader;
grant select (county_code, batch_id, row_no) on vault.rejected_row to xiezuo_loader;
-- Builds have the planner look at the figures they wrote; before PostgreSQL 17 only the owner may, and they go without.
do $$
begin
    if current_setting('server_version_num')::integer >= 170000 then
        execute 'grant maintain on mart.indicator_value to xiezuo_loader';
    end if;
end
$$;
-- Who has access is decided by the owner's account; who opened the vault is noted by the corrector's.
revoke insert, update, delete on audit.schema_version, audit.access, audit.vault_read from xiezuo_loader;
-- Decisions and answers of people are added to and never changed.
revoke update, delete on audit.word, audit.delivery_decision, audit.check_answer from xiezuo_loader;
grant usage on schema mart, publish to xiezuo_analyst;
grant select on all tables in schema mart, publish to xiezuo_analyst;
grant usage on schema core, audit to xiezuo_analyst;
grant select on core.county, core.division to xiezuo_analyst;
grant usage on schema core, mart, audit, publish to xiezuo_office, xiezuo_auditor;
grant usage on schema core, mart, audit to xiezuo_station;
-- Pages show what figures rest on, down to rows; of people, keys that tell two apart and nothing else.
grant usage on schema core, mart, audit, publish to xiezuo_pages;
grant select on all tables in schema core, mart, audit, publish to xiezuo_pages;
-- Rows as typed are opened by an account of its own; what it opens it notes, and never changes what is noted.
grant usage on schema core, audit, vault to xiezuo_corrector;
grant insert on audit.vault_read to xiezuo_corrector;
-- Releases are added to and never changed: not by who writes them, nor by who owns them. What a superuser does shows
-- in the chain of hashes (docs/decisions/0023-releases.md).
grant usage on schema publish to xiezuo_loader;
grant select, insert on all tables in schema publish to xiezuo_loader;
revoke update, delete, truncate on all tables in schema publish from xiezuo_loader, xiezuo_analyst, current_user;
grant execute on function mart.indicator_value_as_of(text)
to xiezuo_analyst, xiezuo_loader, xiezuo_office, xiezuo_auditor, xiezuo_pages;
