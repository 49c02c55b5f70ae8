"""Pages to pandas frames to a staging table to one upsert: what the two forms of ``to_sql`` share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from bench.peers.pages import MOMENTS, MONEY, items, url

PAGES_AT_ONCE = 500
UPSERT = Path(__file__).parents[1] / "sql" / "peer_upsert.sql"

_TEXTS = ("order_no", "shop_name", "shop_uscc", "buyer_org", "buyer_province", "goods_title", "sku_id", "status")
METADATA = sa.MetaData(schema="peer")


def table(name: str, *, key: bool) -> sa.Table:
    """Return the table of the peer's orders, with its key or, for staging, without."""
    return sa.Table(
        name,
        METADATA,
        *(sa.Column(c, sa.Text, primary_key=key and c in {"shop_uscc", "order_no"}) for c in _TEXTS),
        sa.Column("num", sa.Integer),
        *(sa.Column(c, sa.Numeric(18, 2)) for c in MONEY),
        *(sa.Column(c, sa.DateTime(timezone=True)) for c in MOMENTS),
        prefixes=[] if key else ["unlogged"],
    )


def engine() -> sa.Engine:
    """Return an engine over psycopg 3, the quickest of SQLAlchemy's drivers here."""
    return sa.create_engine(url().replace("postgresql://", "postgresql+psycopg://", 1))


def typed(orders: pd.DataFrame) -> pd.DataFrame:
    """Give the columns their types: amounts as numbers, times in +08:00."""
    for name in MONEY:
        orders[name] = pd.to_numeric(orders[name])
    for name in MOMENTS:
        orders[name] = pd.to_datetime(orders[name], format="%Y-%m-%d %H:%M:%S").dt.tz_localize("Asia/Shanghai")
    return orders


def load(method: Any) -> None:
    """Append every frame to the staging table by ``method`` and upsert once, in one transaction."""
    database = engine()
    with database.begin() as connection:
        connection.execute(sa.schema.CreateSchema("peer"))
        table("orders", key=True), table("staged", key=False)
        METADATA.create_all(connection)
        for block in items(PAGES_AT_ONCE):
            frame = typed(pd.DataFrame(block))
            frame.to_sql("staged", connection, schema="peer", if_exists="append", index=False, method=method)
        connection.execute(sa.text(UPSERT.read_text(encoding="utf-8")))
