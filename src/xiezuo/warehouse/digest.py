"""One digest of everything in ``core`` and ``mart``: two warehouses that agree row for row agree in it."""

from __future__ import annotations

import hashlib

import psycopg
from psycopg import sql

from xiezuo.base.settings import Settings
from xiezuo.warehouse import access


def digest(settings: Settings) -> str:
    """Return a SHA-256 over the rows of every table of ``core`` and ``mart``, in key order.

    Every column counts, lineage included. Nothing in these tables tells when a run took place.
    """
    with access.connect(settings, "owner") as connection:
        return digest_of(connection)


def digest_of(connection: psycopg.Connection) -> str:
    """Return the digest of the database that is connected, as the connection's transaction sees it."""
    total = hashlib.sha256()
    connection.execute("set local timezone to 'Asia/Shanghai'")
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('core', 'mart') and table_type = 'BASE TABLE' order by 1, 2"
    ).fetchall()
    for schema, table in tables:
        rows = sql.SQL("copy (select t::text as line from {} as t order by line) to stdout").format(
            sql.Identifier(schema, table)
        )
        total.update(f"{schema}.{table}\n".encode())
        with connection.cursor().copy(rows) as copy:
            for block in copy:
                total.update(bytes(block))
    return total.hexdigest()
