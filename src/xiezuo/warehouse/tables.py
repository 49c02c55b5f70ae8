"""The tables that follow from a contract: the fact, its staging table and the analysts' view of it."""

from __future__ import annotations

import psycopg
from psycopg import sql

from xiezuo.base.errors import ConfigError
from xiezuo.declared.contracts import Contract
from xiezuo.warehouse.star import is_enforced

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

STAGING_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("fate", "text", "去向; what became of the row, where the batch itself tells it"),
    ("amount_yuan_read", "numeric(18,2)", "读取金额; amount as read, where the amount's own column does not tell it"),
)

OF_THE_BATCH = ("feed", "feed_rank")
"""System columns that are one value a batch: staged rows go without, the merge puts them in."""

HIDDEN_COLUMNS = ("person_key", "household_no", "row_hash", "version_tie")
"""What analysts do not see of a fact: what leads to a person or a household, and digests of rows that name one."""


def primary_key(contract: Contract) -> tuple[str, ...]:
    """Return the key of the dataset's table; a snapshot's rows belong to their reporting unit."""
    unit = ("reporting_unit",) if contract.delivery == "snapshot" else ()
    return ("county_code", *unit, *contract.key)


def column_comments(contract: Contract) -> list[tuple[str, str]]:
    """Return every column of the fact with its label, ``中文; English``."""
    return [(c, t) for c, _, t in SYSTEM_COLUMNS] + [(c, f"{zh}; {en}") for c, _, zh, en in contract.columns()]


def columns_of_fact(contract: Contract) -> tuple[str, ...]:
    """Return the columns of the dataset's table: the system's, then the contract's."""
    return tuple(c for c, _, _ in SYSTEM_COLUMNS) + tuple(c for c, *_ in contract.columns())


def columns_staged(contract: Contract) -> tuple[str, ...]:
    """Return the columns of the dataset's staging table."""
    of_fact = (c for c in columns_of_fact(contract) if c not in OF_THE_BATCH)
    return (*of_fact, *(c for c, _, _ in STAGING_COLUMNS))


def make_tables(connection: psycopg.Connection, contract: Contract) -> None:
    """Make the dataset's two tables and its view, or add the columns they lack.

    Raises:
        ConfigError: a column exists with another type than the contract says.
    """
    _table(connection, "core", contract)
    _table(connection, "staging", contract)
    _view(connection, contract)


def replace_view(connection: psycopg.Connection, name: sql.Identifier, select: sql.Composable) -> None:
    """Make a view, or put another SELECT under it; one that loses columns is dropped first."""
    try:
        with connection.transaction():
            connection.execute(sql.SQL("create or replace view {} as {}").format(name, select))
    except psycopg.errors.InvalidTableDefinition:
        connection.execute(sql.SQL("drop view {}").format(name))
        connection.execute(sql.SQL("create view {} as {}").format(name, select))


def _table(connection: psycopg.Connection, schema: str, contract: Contract) -> None:
    name = sql.Identifier(schema, contract.dataset)
    wanted = [(column, kind) for column, kind, _, _ in contract.columns()]
    rows = connection.execute(
        "select column_name, udt_name from information_schema.columns where table_schema = %s and table_name = %s",
        (schema, contract.dataset),
    ).fetchall()
    existing: dict[str, str] = dict(rows)
    if not existing:
        (_create_fact if schema == "core" else _create_staging)(connection, contract, wanted)
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
    _label(connection, schema, contract)


def _create_fact(connection: psycopg.Connection, contract: Contract, wanted: list[tuple[str, str]]) -> None:
    columns = [(c, k) for c, k, _ in SYSTEM_COLUMNS]
    columns += [(c, f"{kind} not null" if c in contract.key else kind) for c, kind in wanted]
    connection.execute(
        sql.SQL("create table {} ({}, primary key ({}))").format(
            sql.Identifier("core", contract.dataset),
            _definitions(columns),
            sql.SQL(", ").join(map(sql.Identifier, primary_key(contract))),
        )
    )
    _indexes(connection, contract)


def _create_staging(connection: psycopg.Connection, contract: Contract, wanted: list[tuple[str, str]]) -> None:
    """Make the table that batches pass through: not logged, and with no key that a million rows would pay for.

    Its one index lets a small batch find its own rows, and any batch some of them by their numbers, while a large one
    of another county is being staged.
    """
    system = [(c, kind.split(" not null")[0]) for c, kind, _ in SYSTEM_COLUMNS if c not in OF_THE_BATCH]
    columns = [*system, *wanted, *((c, kind) for c, kind, _ in STAGING_COLUMNS)]
    name = sql.Identifier("staging", contract.dataset)
    connection.execute(sql.SQL("create unlogged table {} ({})").format(name, _definitions(columns)))
    index = sql.Identifier(f"{contract.dataset}_batch")
    connection.execute(sql.SQL("create index {} on {} (county_code, batch_id, row_no)").format(index, name))


def _definitions(columns: list[tuple[str, str]]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(kind)) for c, kind in columns)


def _indexes(connection: psycopg.Connection, contract: Contract) -> None:
    """Index a fact by batch, and by the day its rows count on: a build reads the touched months of touched counties.

    Rows that platforms send a batch lie together: there a few bytes a block serve, which a million rows hardly pay
    for. By day that would not do, for what many counties send in one night lies in the same blocks. A key that is
    enforced looks rows of a batch up one by one.
    """
    fact = sql.Identifier("core", contract.dataset)
    by_block = {"batch_id": contract.delivery == "increment" and not is_enforced(contract)}
    for column in ("batch_id", *filter(None, (contract.touches,))):
        connection.execute(
            sql.SQL("create index {} on {} using {} (county_code, {})").format(
                sql.Identifier(f"{contract.dataset}_{column}"),
                fact,
                sql.SQL("brin" if by_block.get(column) else "btree"),
                sql.Identifier(column),
            )
        )
    if len({feed.rank for feed in contract.feeds.values()}) > 1:
        name = sql.Identifier(f"{contract.dataset}_other_feed")
        statement = sql.SQL("create index {} on {} (county_code) where feed_rank > 1")
        connection.execute(statement.format(name, fact))


def _label(connection: psycopg.Connection, schema: str, contract: Contract) -> None:
    name = sql.Identifier(schema, contract.dataset)
    stage = "（暂存）" if schema == "staging" else ""
    text = f"{contract.zh}{stage}; {contract.en}: {contract.grain}"
    connection.execute(sql.SQL("comment on table {} is {}").format(name, sql.Literal(text)))
    comments = column_comments(contract)
    if schema == "staging":
        comments = [(c, t) for c, t in comments if c not in OF_THE_BATCH]
        comments += [(c, t) for c, _, t in STAGING_COLUMNS]
    for column, comment in comments:
        _comment(connection, name, column, comment)


def _comment(connection: psycopg.Connection, table: sql.Identifier, column: str, comment: str) -> None:
    statement = sql.SQL("comment on column {}.{} is {}")
    connection.execute(statement.format(table, sql.Identifier(column), sql.Literal(comment)))


def _view(connection: psycopg.Connection, contract: Contract) -> None:
    """Make the analysts' view of a fact: everything but what leads to a person.

    Columns stand as in the table, where new ones come last: a view can only be replaced by a longer one.
    One that has to lose a column is dropped first.
    """
    columns = connection.execute(
        "select column_name from information_schema.columns where table_schema = 'core' and table_name = %s"
        " and column_name <> all(%s) order by ordinal_position",
        (contract.dataset, list(HIDDEN_COLUMNS)),
    ).fetchall()
    columns_now = sql.SQL(", ").join(sql.Identifier(column) for (column,) in columns)
    select = sql.SQL("select {} from {}").format(columns_now, sql.Identifier("core", contract.dataset))
    replace_view(connection, sql.Identifier("mart", contract.dataset), select)
    connection.execute(
        sql.SQL("comment on view {} is {}").format(
            sql.Identifier("mart", contract.dataset),
            sql.Literal(f"{contract.zh}（不含个人信息）; {contract.en}, no persons: {contract.grain}"),
        )
    )
    for column, comment in column_comments(contract):
        if (column,) in columns:
            _comment(connection, sql.Identifier("mart", contract.dataset), column, comment)


def _udt(kind: str) -> str:
    base = kind.split("(", maxsplit=1)[0].strip()
    return {
        "bigint": "int8", "integer": "int4", "boolean": "bool", "char": "bpchar",
    }.get(base, base)  # fmt: skip
