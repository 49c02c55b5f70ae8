"""The one county and period that annexes and evidence are asked of, as a SELECT that indicators and relations read."""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from xiezuo.periods import Period
from xiezuo.sql_files import read_sql


def asked(root: Path, county_code: str, period: Period) -> sql.Composed:
    """Return the SELECT to be named ``period``: one row, the county and the days asked for."""
    return sql.SQL(read_sql(root, "publish/period").decode()).format(
        county_code=sql.Literal(county_code), period_kind=sql.Literal(period.kind), period=sql.Literal(period.text),
        first_day=sql.Literal(period.first_day), last_day=sql.Literal(period.last_day),
    )  # fmt: skip
