"""pandas.to_sql as it comes, given the floor's rows: frames of as many typed columns as ours has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import sqlalchemy as sa

from bench.peers import ready
from bench.peers.frames import load
from bench.task import timed

ROWS_AT_ONCE = 50_000
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(), "character": sa.Text(), "smallint": sa.SmallInteger(), "bigint": sa.BigInteger(),
    "numeric": sa.Numeric(), "date": sa.Date(), "timestamp with time zone": sa.DateTime(timezone=True),
}  # fmt: skip


def columns() -> list[sa.Column[Any]]:
    """Return the table's columns."""
    key = set(ready.key())
    return [sa.Column(name, TYPES[kind], primary_key=name in key) for name, kind in ready.columns().items()]


def frames() -> Iterator[pd.DataFrame]:
    """Yield typed frames; a column of the key is never missing, only empty."""
    kinds = ready.columns()
    times = [name for name, kind in kinds.items() if kind.startswith(("timestamp", "date"))]
    numbers = {"smallint": "Int64", "bigint": "Int64", "numeric": "float64"}
    for frame in pd.read_csv(
        ready.path(), names=list(kinds), chunksize=ROWS_AT_ONCE, parse_dates=times, date_format="ISO8601",
        dtype={name: numbers.get(kind, "str") for name, kind in kinds.items() if name not in times},
    ):  # fmt: skip
        yield frame.fillna({name: "" for name in ready.key() if kinds[name] == "text"})


if __name__ == "__main__":
    timed(lambda: load(frames(), columns(), method=None))
