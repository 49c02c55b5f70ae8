"""Pages to pandas frames to a staging table to one upsert: what the forms of ``to_sql`` share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bench.peers.pages import KEY, MOMENTS, MONEY, items, url

PAGES_AT_ONCE = 500

_TEXTS = ("order_no", "shop_name", "shop_uscc", "buyer_org", "buyer_province", "goods_title", "sku_id", "status")


def columns() -> list[sa.Column[Any]]:
    """Return the columns of an order as a platform gives it."""
    return [
        *(sa.Column(name, sa.Text, primary_key=name in KEY) for name in _TEXTS),
        sa.Column("num", sa.Integer),
        *(sa.Column(name, sa.Numeric(18, 2)) for name in MONEY),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in MOMENTS),
    ]


def tables(columns: Sequence[sa.Column[Any]]) -> tuple[sa.Table, sa.Table]:
    """Return the peer's table with its key, and the one it stages in, without."""
    metadata = sa.MetaData(schema="peer")
    plain = [sa.Column(column.name, column.type) for column in columns]
    return sa.Table("orders", metadata, *columns), sa.Table("staged", metadata, *plain, prefixes=["unlogged"])


def make(connection: sa.Connection, orders: sa.Table) -> None:
    """Make the tables in a schema of their own."""
    connection.execute(sa.schema.CreateSchema("peer"))
    orders.metadata.create_all(connection)


def upsert(connection: sa.Connection, orders: sa.Table, staged: sa.Table) -> None:
    """Put the staged orders into the table by its key: the last step of every peer that stages."""
    put = insert(orders).from_select(list(staged.columns.keys()), sa.select(staged))
    others = {c.name: put.excluded[c.name] for c in orders.columns if not c.primary_key}
    connection.execute(put.on_conflict_do_update(constraint=orders.primary_key, set_=others))


def engine() -> sa.Engine:
    """Return an engine over psycopg 3, the quickest of SQLAlchemy's drivers here."""
    return sa.create_engine(url().replace("postgresql://", "postgresql+psycopg://", 1))


def typed() -> Iterator[pd.DataFrame]:
    """Yield the orders of some pages with their types: amounts as numbers, times in +08:00."""
    for block in items(PAGES_AT_ONCE):
        orders = pd.DataFrame(block)
        for name in MONEY:
            orders[name] = pd.to_numeric(orders[name])
        for name in MOMENTS:
            orders[name] = pd.to_datetime(orders[name], format="%Y-%m-%d %H:%M:%S").dt.tz_localize("Asia/Shanghai")
        yield orders


def load(frames: Iterable[pd.DataFrame], columns: Sequence[sa.Column[Any]], method: Any) -> None:
    """Append every frame to the staging table by ``method`` and upsert once, in one transaction."""
    orders, staged = tables(columns)
    with engine().begin() as connection:
        make(connection, orders)
        for frame in frames:
            frame.to_sql("staged", connection, schema="peer", if_exists="append", index=False, method=method)
        upsert(connection, orders, staged)
