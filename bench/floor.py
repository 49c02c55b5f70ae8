"""The floor: psql copies a ready CSV into an unlogged table and merges it once into a copy of the real table.

The CSV holds every column of ``core.sales_order``, system columns too, of exactly the rows that our own
path ends with, in the order they came in. It is made from what our path loaded, so that it follows the
table whatever columns that has.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from bench.measure import Measured, measure
from bench.site import Site
from xiezuo.warehouse import access
from xiezuo.warehouse.pg_programs import program

TABLE = sql.Identifier("bench", "sales_order")
_MERGE = Path(__file__).parent / "sql" / "floor_merge.sql"


def write_ready(site: Site, path: Path) -> None:
    """Write what is loaded into ``core.sales_order`` as CSV, in the order it came."""
    draft = path.with_suffix(".part")
    statement = "copy (select * from core.sales_order order by batch_id, row_no) to stdout with (format csv)"
    with access.connect(site.judging, "owner") as db, db.cursor().copy(statement) as copy, draft.open("wb") as out:
        for block in copy:
            out.write(block)
    draft.rename(path)


def run(site: Site, ready: Path) -> Measured:
    """Copy and merge once into fresh tables, in one transaction."""
    with access.connect(site.judging, "owner") as connection:
        merge = _prepare(connection)
    command = [
        str(program(site.judging, "psql", major=18)), "--no-psqlrc", "--quiet", "--single-transaction",
        "--set=ON_ERROR_STOP=1", f"--dbname={access.url(site.judging, 'owner')}",
        "--command=copy bench.staged from stdin with (format csv)", f"--command={merge}",
    ]  # fmt: skip
    return measure(command, site.judging.environ, site.server, site.folder / "runs" / "floor", stdin=ready)


def columns(site: Site) -> dict[str, str]:
    """Return the columns of ``core.sales_order`` in the table's order, each with the name of its type."""
    with access.connect(site.judging, "owner") as connection:
        return _columns(connection)


def key(site: Site) -> list[str]:
    """Return the columns of its primary key."""
    with access.connect(site.judging, "owner") as connection:
        return _key(connection)


def _prepare(connection: psycopg.Connection) -> str:
    """Make the two tables; return the merge, filled with the table's columns and key."""
    connection.execute("create schema bench")
    connection.execute("create unlogged table bench.staged (like core.sales_order)")
    connection.execute("create table bench.sales_order (like core.sales_order including all)")
    names, keys, comma = list(_columns(connection)), _key(connection), sql.SQL(", ")
    text: str = (
        sql.SQL(_MERGE.read_text(encoding="utf-8"))
        .format(
            s_is_c=sql.SQL(" and ").join(
                sql.SQL("{} = {}").format(sql.Identifier("s", c), sql.Identifier("c", c)) for c in keys
            ),
            assignments=comma.join(
                sql.SQL("{} = {}").format(sql.Identifier(c), sql.Identifier("s", c)) for c in names if c not in keys
            ),
            columns=comma.join(map(sql.Identifier, names)),
            columns_of_s=comma.join(sql.Identifier("s", c) for c in names),
        )
        .as_string(connection)
    )
    return text


def _columns(connection: psycopg.Connection) -> dict[str, str]:
    rows = connection.execute(
        "select column_name, data_type from information_schema.columns where table_schema = 'core'"
        " and table_name = 'sales_order' order by ordinal_position"
    ).fetchall()
    return dict(rows)


def _key(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "select a.attname from pg_index as i inner join pg_attribute as a"
        " on a.attrelid = i.indrelid and a.attnum = any(i.indkey)"
        " where i.indrelid = 'core.sales_order'::regclass and i.indisprimary"
    ).fetchall()
    return [name for (name,) in rows]
