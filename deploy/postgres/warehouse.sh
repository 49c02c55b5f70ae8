#!/bin/sh
# Runs once, when the warehouse's volume is empty: a database, and an owner for it that is no superuser.
# The owner may create roles: `xiezuo warehouse migrate` makes those that load and read; and databases: a backup is tried,
# and restored, beside the warehouse (docs/decisions/0056-one-server.md). Row-level security does not hold for it, as it has
# to back all rows up, and so it may let the loader pass too (docs/decisions/0048-access-by-need.md).
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set password `cat "$XIEZUO_SECRET_POSTGRES_OWNER_FILE"`
create role xiezuo_owner login createrole createdb bypassrls password :'password';
create database xiezuo owner xiezuo_owner encoding 'UTF8';
\connect xiezuo
revoke all on schema public from public;
SQL
