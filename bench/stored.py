"""A warehouse that has seen many nights: orders of many counties and years, in the shape the loader leaves them.

One month of one county comes through our own path; SQL copies it month by month, as nights would have
brought it, under other counties, days and numbers. Batches, dimensions, coverage and figures go with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from bench.landed import COUNTY
from bench.own import own
from bench.site import Site
from xiezuo.values.privacy import content_id
from xiezuo.warehouse import access

MONTH = date(2022, 6, 1)
"""The month the nights change, of the county :data:`bench.landed.COUNTY`."""
LAST = 2022

_COPY = Path(__file__).parent / "sql" / "stored_copy.sql"
_SEEDS = (
    "core.sales_order", "core.county", "core.party", "audit.batch", "audit.coverage", "audit.touched_period",
)  # fmt: skip
_VALUES, _PARTS = sql.Identifier("mart", "indicator_value"), sql.Identifier("audit", "month_figure")
_ALL = sql.SQL("true")


@dataclass(frozen=True)
class Extent:
    """How much is stored: ``orders`` in months of ``a_month`` each; a county has ``years`` of them, up to 2022.

    Whatever the extent, the county and year the nights change are whole, and as large.
    """

    orders: int
    a_month: int
    years: int

    def months(self) -> list[tuple[date, str]]:
        """Return month and county of every copy, oldest first."""
        wanted, of_a_county = max(12, self.orders // self.a_month), 12 * self.years
        found = []
        for n in range(wanted):
            county, back = divmod(n, of_a_county)
            year, month = divmod(12 * LAST + 11 - back, 12)
            found.append((date(year, month + 1, 1), self.county(county)))
        return sorted(found)

    @staticmethod
    def county(number: int) -> str:
        """Return the code of a county: the one that changes, then invented ones."""
        return COUNTY if number == 0 else f"{990000 + number}"


def store(site: Site, extent: Extent) -> None:
    """Make the warehouse hold ``extent``, beginning from one that holds the seed month and nothing else."""
    with access.connect(site.judging, "owner") as connection:
        connection.execute("set local maintenance_work_mem to '512MB'")
        _seed(connection, *_SEEDS)
        counties = sorted({county for _, county in extent.months()} - {COUNTY})
        _dimensions(connection, counties)
        indexes = list(_drop_indexes(connection))
        connection.execute("truncate core.sales_order")
        for month, county in extent.months():
            _orders(connection, month, county)
        for statement in indexes:
            connection.execute(statement)
        _touch(connection)
    own(site, site.judging, "night_first_build", "build")
    with access.connect(site.judging, "owner") as connection:
        _figures(connection, extent)
        connection.execute("drop schema seed cascade")
    with access.connect(site.judging, "owner", autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _seed(connection: psycopg.Connection, *tables: str) -> None:
    """Keep what the first load left of some tables."""
    connection.execute("create schema if not exists seed")
    for table in tables:
        name = sql.Identifier(*table.split("."))
        connection.execute(sql.SQL("create table {} as table {}").format(_seed_of(name), name))


def _dimensions(connection: psycopg.Connection, counties: list[str]) -> None:
    for county in counties:
        code = {"county_code": sql.Literal(county)}
        for table in ("county", "party"):
            _copy(connection, sql.Identifier("core", table), code)


def _orders(connection: psycopg.Connection, month: date, county: str) -> None:
    """Copy the seed's orders to a month and county, with the batch that brought them."""
    shift = sql.SQL("make_interval(months => {})").format(
        sql.Literal(12 * (month.year - MONTH.year) + month.month - MONTH.month)
    )
    batch = sql.Literal(content_id(county, month.isoformat()))
    moved = {
        name: sql.SQL("({} + {})::{}").format(sql.Identifier(name), shift, sql.SQL(kind))
        for name, kind in _columns(connection, "core", "sales_order").items()
        if kind in ("date", "timestamp with time zone")
    }
    number = sql.SQL("overlay(order_no placing {} from 1 for 4)").format(sql.Literal(f"{month:%y%m}"))
    own = {"county_code": sql.Literal(county), "batch_id": batch}
    _copy(connection, sql.Identifier("core", "sales_order"), {**moved, **own, "order_no": number})
    if (month, county) == (MONTH, COUNTY):
        return  # its batch is the one that was loaded, by another name; coverage is there too
    uri = sql.SQL("uri || {}").format(batch)
    _copy(connection, sql.Identifier("audit", "batch"), {**own, "uri": uri})
    if month.month == 12:
        year = {"county_code": own["county_code"], "year": sql.Literal(month.year)}
        if (month.year, county) != (MONTH.year, COUNTY):
            _copy(connection, sql.Identifier("audit", "coverage"), year)


def _touch(connection: psycopg.Connection) -> None:
    """Let every month of the year that nights change be built, as the one that was loaded is."""
    for month in range(1, 13):
        day = sql.SQL("make_date({}, {}, 1)").format(sql.Literal(MONTH.year), sql.Literal(month))
        own = {"month": day, "touch_id": sql.SQL("gen_random_uuid()")}
        _copy(connection, sql.Identifier("audit", "touched_period"), own)


def _figures(connection: psycopg.Connection, extent: Extent) -> None:
    """Give every other county and year the figures of the one that was built, and what its months add to them."""
    _seed(connection, "mart.indicator_value", "audit.month_figure")
    built = sql.Literal(f"{MONTH.year}")
    for year, county in sorted({(month.year, county) for month, county in extent.months()}):
        if (year, county) != (MONTH.year, COUNTY):
            code, later = sql.Literal(county), sql.Literal(12 * (year - MONTH.year))
            period = sql.SQL("overlay(period placing {} from 1 for 4)").format(sql.Literal(f"{year}"))
            of_year = sql.SQL("left(period, 4) = {}").format(built)
            _copy(connection, _VALUES, {"county_code": code, "period": period}, of_year)
            month = sql.SQL("(month + make_interval(months => {}))::date").format(later)
            in_year = sql.SQL("to_char(month, 'YYYY') = {}").format(built)
            _copy(connection, _PARTS, {"county_code": code, "month": month}, in_year)


def _copy(
    connection: psycopg.Connection, table: sql.Identifier, replaced: Mapping[str, sql.Composable],
    condition: sql.Composable = _ALL,
) -> None:  # fmt: skip
    """Insert a table's seed once more, with some columns replaced."""
    schema, name = table.as_string(connection).replace('"', "").split(".")
    columns = list(_columns(connection, schema, name))
    statement = sql.SQL(_COPY.read_text(encoding="utf-8")).format(
        table=table,
        seed=_seed_of(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(replaced.get(c, sql.Identifier(c)) for c in columns),
        condition=condition,
    )
    connection.execute(statement)


def _seed_of(table: sql.Identifier) -> sql.Identifier:
    return sql.Identifier("seed", table.as_string().replace('"', "").replace(".", "_"))


def _columns(connection: psycopg.Connection, schema: str, table: str) -> dict[str, str]:
    """Return the columns that can be written, with their types."""
    rows = connection.execute(
        "select column_name, data_type from information_schema.columns where table_schema = %s and table_name = %s"
        " and is_generated = 'NEVER' order by ordinal_position",
        (schema, table),
    ).fetchall()
    return dict(rows)


def _drop_indexes(connection: psycopg.Connection) -> Iterator[bytes]:
    """Drop the key and the indexes of the orders; yield what makes them again, which is quicker than keeping them."""
    rows = connection.execute(
        "select i.indexrelid::regclass::text, c.conname, coalesce(pg_get_constraintdef(c.oid),"
        " pg_get_indexdef(i.indexrelid)) from pg_index as i left join pg_constraint as c"
        " on c.conindid = i.indexrelid and c.conrelid = i.indrelid"
        " where i.indrelid = 'core.sales_order'::regclass"
    ).fetchall()
    for index, constraint, definition in rows:
        if constraint is None:
            connection.execute(sql.SQL("drop index {}").format(sql.Identifier(*index.split("."))))
            yield definition.encode()
        else:
            name = sql.Identifier(constraint)
            connection.execute(sql.SQL("alter table core.sales_order drop constraint {}").format(name))
            add = sql.SQL("alter table core.sales_order add constraint {} {}")
            yield add.format(name, sql.SQL(definition)).as_bytes(connection)
