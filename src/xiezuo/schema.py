"""The warehouse's shape: alembic for the fixed part, contracts for one table a dataset.

``migrate`` is safe to run at every start: it adds what is missing, and refuses to guess when a column
that exists has another type than its contract says.
"""

from __future__ import annotations

import logging
from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from psycopg import sql

from xiezuo import warehouse
from xiezuo.contracts import Contract, load_contracts
from xiezuo.counties import County, load_counties
from xiezuo.divisions import Divisions
from xiezuo.errors import ConfigError
from xiezuo.places import province_of
from xiezuo.settings import Settings
from xiezuo.sql_files import read_sql

SYSTEM_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("county_code", "char(6) not null", "县级区划代码; county"),
    ("reporting_unit", "text not null default ''", "填报单位; unit that reports the row, empty for the office itself"),
    ("feed", "text not null", "来源渠道; feed the row came by"),
    ("feed_rank", "smallint not null", "渠道次序; of two feeds with the same order the lower counts"),
    ("version", "timestamptz not null", "版本; version of the delivery or of the item"),
    ("version_tie", "text not null", "同版本次序; order among rows of the same version"),
    ("row_hash", "text not null", "行摘要; digest of the business columns"),
    ("batch_id", "text not null", "批次编号; batch that last stated the row"),
    ("row_no", "bigint not null", "行号; row of the sheet, or item of the batch"),
)

STAGING_COLUMNS: tuple[tuple[str, str], ...] = (("fate", "text"), ("amount_yuan_read", "numeric(18,2)"))


def primary_key(contract: Contract) -> tuple[str, ...]:
    """Return the key of the dataset's table; a snapshot's rows belong to their reporting unit."""
    unit = ("reporting_unit",) if contract.delivery == "snapshot" else ()
    return ("county_code", *unit, *contract.key)


def migrate(settings: Settings) -> None:
    """Bring database, roles, schema, contract tables, grants and reference rows up to date."""
    warehouse.bootstrap(settings)
    _alembic(settings)
    contracts = load_contracts(settings.root)
    with warehouse.connect(settings, "owner") as connection:
        connection.execute("select pg_advisory_xact_lock(620423)")
        for contract in contracts.values():
            _table(connection, "core", contract)
            _table(connection, "staging", contract)
            _view(connection, contract)
        _grants(connection)
        reference(connection, settings)


def reference(connection: psycopg.Connection, settings: Settings) -> None:
    """Write counties and divisions; rows that did not change are not touched."""
    for county in load_counties(settings.counties_path).values():
        connection.execute(read_sql(settings.root, "core/county"), _county_row(county))
        path = settings.divisions_dir / f"{county.code}.csv"
        if path.exists():
            rows = Divisions.load(path, county.code).rows
            with connection.cursor() as cursor:
                cursor.executemany(
                    read_sql(settings.root, "core/division"),
                    [
                        (county.code, r.code, r.level, r.name, r.parent_code or None, ";".join(r.aliases))
                        for r in rows
                    ],
                )


def _county_row(county: County) -> tuple[str | None, ...]:
    return (
        county.code, county.name, county.city, county.province, province_of(county.province),
        county.paired_county, county.paired_province, province_of(county.paired_province),
    )  # fmt: skip


def _alembic(settings: Settings) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    url = warehouse.url(settings, "owner")
    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("select pg_advisory_xact_lock(620424)")
        connection.exec_driver_sql("create schema if not exists audit")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def _table(connection: psycopg.Connection, schema: str, contract: Contract) -> None:
    """Make the dataset's table, or add the columns it lacks."""
    name = sql.Identifier(schema, contract.dataset)
    wanted = [(column, kind) for column, kind, _, _ in contract.columns()]
    rows = connection.execute(
        "select column_name, udt_name from information_schema.columns where table_schema = %s and table_name = %s",
        (schema, contract.dataset),
    ).fetchall()
    existing: dict[str, str] = dict(rows)
    if not existing:
        _create(connection, schema, contract, wanted)
        existing = {column: "" for column, _ in wanted}
    for column, kind in wanted:
        if column not in existing:
            statement = sql.SQL("alter table {} add column {} {}")
            connection.execute(statement.format(name, sql.Identifier(column), sql.SQL(kind)))
        elif existing[column] and existing[column] != _udt(kind):
            raise ConfigError(
                f"{schema}.{contract.dataset}.{column} is {existing[column]}, its contract says {kind}",
                next_step="give the changed column a new name, or migrate it by hand",
            )
    _comments(connection, schema, contract)


def _create(connection: psycopg.Connection, schema: str, contract: Contract, wanted: list[tuple[str, str]]) -> None:
    name = sql.Identifier(schema, contract.dataset)
    staged = schema == "staging"
    system = [(c, k.split(" not null")[0] if staged else k) for c, k, _ in SYSTEM_COLUMNS]
    columns = [*system, *wanted, *(STAGING_COLUMNS if staged else ())]
    required = set() if staged else set(contract.key)
    body = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(column),
            sql.SQL(kind),
            sql.SQL(" not null" if column in required else ""),
        )
        for column, kind in columns
    ]
    key = ("county_code", "batch_id", "row_no") if staged else primary_key(contract)
    body.append(sql.SQL("primary key ({})").format(sql.SQL(", ").join(map(sql.Identifier, key))))
    kind = sql.SQL("create unlogged table {} ({})" if staged else "create table {} ({})")
    connection.execute(kind.format(name, sql.SQL(", ").join(body)))
    if not staged:
        for column in (("batch_id",), *([(contract.touches,)] if contract.touches else ())):
            index = sql.Identifier(f"{contract.dataset}_{column[0]}")
            method = sql.SQL("brin" if column[0] == contract.touches and contract.delivery == "increment" else "btree")
            connection.execute(
                sql.SQL("create index {} on {} using {} (county_code, {})").format(
                    index, name, method, sql.Identifier(column[0])
                )
            )


def _comments(connection: psycopg.Connection, schema: str, contract: Contract) -> None:
    name = sql.Identifier(schema, contract.dataset)
    stage = "（暂存）" if schema == "staging" else ""
    text = f"{contract.zh}{stage}; {contract.en}: {contract.grain}"
    connection.execute(sql.SQL("comment on table {} is {}").format(name, sql.Literal(text)))
    comments = _column_comments(contract)
    if schema == "staging":
        comments += [("fate", "去向; what became of the row"), ("amount_yuan_read", "读取金额; amount as read")]
    for column, comment in comments:
        _comment(connection, name, column, comment)


def _column_comments(contract: Contract) -> list[tuple[str, str]]:
    return [(c, t) for c, _, t in SYSTEM_COLUMNS] + [(c, f"{zh}; {en}") for c, _, zh, en in contract.columns()]


def _comment(connection: psycopg.Connection, table: sql.Identifier, column: str, comment: str) -> None:
    statement = sql.SQL("comment on column {}.{} is {}")
    connection.execute(statement.format(table, sql.Identifier(column), sql.Literal(comment)))


def _view(connection: psycopg.Connection, contract: Contract) -> None:
    """Make the analysts' view of a fact: everything but the keys of persons.

    Columns stand as in the table, where new ones come last: a view can only be replaced by a longer one.
    """
    hidden = ["person_key", "row_hash", "version_tie"]
    columns = connection.execute(
        "select column_name from information_schema.columns where table_schema = 'core' and table_name = %s"
        " and column_name <> all(%s) order by ordinal_position",
        (contract.dataset, hidden),
    ).fetchall()
    connection.execute(
        sql.SQL("create or replace view {} as select {} from {}").format(
            sql.Identifier("mart", contract.dataset),
            sql.SQL(", ").join(sql.Identifier(column) for (column,) in columns),
            sql.Identifier("core", contract.dataset),
        )
    )
    connection.execute(
        sql.SQL("comment on view {} is {}").format(
            sql.Identifier("mart", contract.dataset),
            sql.Literal(f"{contract.zh}（不含个人信息）; {contract.en}, no persons"),
        )
    )
    for column, comment in _column_comments(contract):
        if (column,) in columns:
            _comment(connection, sql.Identifier("mart", contract.dataset), column, comment)


def _grants(connection: psycopg.Connection) -> None:
    path = Path(__file__).parent / "migrations" / "sql" / "grants.sql"
    connection.execute(path.read_bytes())


def _udt(kind: str) -> str:
    base = kind.split("(", maxsplit=1)[0].strip()
    return {
        "bigint": "int8", "integer": "int4", "boolean": "bool", "char": "bpchar",
    }.get(base, base)  # fmt: skip
