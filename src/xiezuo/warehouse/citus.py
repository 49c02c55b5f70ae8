"""The warehouse on Citus: which table lies where. A database that has the extension is a distributed warehouse.

What has a ``county_code`` is distributed by it, all in one colocation group, so that a county's rows of every
table lie on one worker and a night of one county is that worker's business. What has none (catalogues) and the
counties themselves are reference tables, whole on every node. Nothing is listed: a dataset is distributed because
its table has the column. ``docs/scale.md`` says when this is worth it, ``deploy/citus/README.md`` how to set it up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from xiezuo.base.sql_files import read_sql
from xiezuo.warehouse.access import ROLES

SCHEMAS = ("core", "staging", "mart", "publish", "audit", "vault")
REFERENCE = {"core.county": "roll-ups set every county beside every other"}
"""Tables that have a county and are whole on every node all the same."""
LOCAL = {
    "audit.schema_version": "says at which revision the coordinator's schema is",
    "audit.schema_part": "says what the coordinator's tables and views were made from",
}
"""Tables that no statement on rows reads and that stay on the coordinator."""
ANCHOR = "audit.batch"
"""The table every other distributed one is colocated with."""

_ONE_CONNECTION_A_WORKER = "citus.multi_shard_modify_mode"


def is_distributed(connection: psycopg.Connection[Any]) -> bool:
    """Whether the database has Citus."""
    return connection.execute("select 1 from pg_extension where extname = 'citus'").fetchone() is not None


def spread(connection: psycopg.Connection[Any], root: Path) -> int:
    """Distribute what lies on the coordinator alone; return how many tables that were.

    Stored rows move along. Foreign keys among the tables are dropped and added again, since no order of
    distributing satisfies them half-way; all of it is the caller's transaction. Without Citus nothing is done.
    """
    if not is_distributed(connection):
        return 0
    _keep_to_one_connection(connection)
    rows = connection.execute(read_sql(root, "distribution/waiting"), {"schemas": list(SCHEMAS)}).fetchall()
    waiting = {name: has_county for name, has_county in rows if name not in LOCAL}
    if waiting:
        keys = connection.execute(read_sql(root, "distribution/keys"), {"tables": list(waiting)}).fetchall()
        for table, key, _ in keys:
            connection.execute(sql.SQL("alter table {} drop constraint {}").format(_name(table), sql.Identifier(key)))
        _place(connection, waiting)
        for table, key, definition in keys:
            connection.execute(
                sql.SQL("alter table {} add constraint {} {}").format(
                    _name(table), sql.Identifier(key), sql.SQL(definition)
                )
            )
    functions = connection.execute(read_sql(root, "distribution/functions"), {"schemas": list(SCHEMAS)}).fetchall()
    for (function,) in functions:
        connection.execute("select create_distributed_function(%s::text::regprocedure)", (function,))
    return len(waiting)


def _place(connection: psycopg.Connection[Any], waiting: dict[str, bool]) -> None:
    """Make reference tables first: distributed tables may refer to them, never the other way round."""
    by_county = [name for name, has_county in waiting.items() if has_county and name not in REFERENCE]
    for table in waiting:
        if table not in by_county:
            connection.execute("select create_reference_table(%s::text::regclass)", (table,))
    for table in sorted(by_county, key=lambda name: name != ANCHOR):
        beside = "default" if table == ANCHOR else ANCHOR
        connection.execute(
            "select create_distributed_table(%s::text::regclass, 'county_code', colocate_with => %s)", (table, beside)
        )
        # The rows have been copied; without this, the old ones stay on the coordinator's disk, unseen.
        connection.execute("select truncate_local_data_after_distributing_table(%s::text::regclass)", (table,))


def _keep_to_one_connection(connection: psycopg.Connection[Any]) -> None:
    """Let loader and owner work over one connection a worker, here and from their next log-in on.

    A transaction that read distributed tables over several may no longer write a reference table that they
    refer to, and a build does both. Analysts keep Citus's default.
    """
    connection.execute("select set_config(%s, 'sequential', true)", (_ONE_CONNECTION_A_WORKER,))
    told = connection.execute(
        "select count(*) from pg_db_role_setting as s inner join pg_roles as r on s.setrole = r.oid"
        " inner join pg_database as d on s.setdatabase = d.oid"
        " where d.datname = current_database() and r.rolname in (%s, current_user)"
        " and %s || '=sequential' = any(s.setconfig)",
        (ROLES["loader"], _ONE_CONNECTION_A_WORKER),
    ).fetchone()
    if told is not None and told[0] == len({ROLES["loader"], connection.info.user}):
        return
    for role in dict.fromkeys((ROLES["loader"], connection.info.user)):
        connection.execute(
            sql.SQL("alter role {} in database {} set {} to 'sequential'").format(
                sql.Identifier(role), sql.Identifier(connection.info.dbname), sql.SQL(_ONE_CONNECTION_A_WORKER)
            )
        )


def _name(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))
