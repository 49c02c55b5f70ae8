"""Rates: quotients of figures just counted, divided set by set and never summed.

A rate is due whenever a side of it was: it follows from what ``mart.indicator_value`` says of both sides when all
counted figures of a build are written, so it always equals what is printed beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from xiezuo.base.sql_files import read_sql
from xiezuo.declared.indicators import RATE, Indicator

_TEMPORARY = """
create temporary table rate (
    indicator_id text, numerator_id text, denominator_id text, numerator_header text, denominator_header text,
    kinds text[]
) on commit drop;
create temporary table rate_value (
    county_code char(6), period_kind text, period text, indicator_id text, breakdown text, value numeric(20, 4),
    qualifier text, as_of date, is_stated boolean
) on commit drop;
"""


def divide(connection: psycopg.Connection[Any], root: Path, indicators: Sequence[Indicator]) -> int:
    """Write every rate of the periods in ``due_for``; return how many values were written or dropped.

    ``due_for`` must be there, and what was counted for it be written.
    """
    rates = [
        (one.header.id, one.header.numerator, one.header.denominator, *(side.file_id for _, side in one.sides),
         [*one.header.kinds, *(["cumulative"] if one.header.has("cumulative") else [])])
        for one in indicators if one.is_rate
    ]  # fmt: skip
    if not rates:
        return 0
    connection.execute(_TEMPORARY)
    with connection.cursor() as cursor:
        cursor.executemany("insert into rate values (%s, %s, %s, %s, %s, %s)", rates)
    connection.execute("analyze rate")
    connection.execute(read_sql(root, "mart/rate_values"))
    connection.execute("analyze rate_value")
    written = connection.execute(read_sql(root, "mart/put_rates"), {"unit": RATE}).rowcount
    return written + connection.execute(read_sql(root, "mart/drop_rates")).rowcount
