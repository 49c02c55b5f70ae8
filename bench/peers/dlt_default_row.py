"""dlt as its introduction shows it, given the floor's rows: dictionaries of typed values, as wide as our table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from bench.peers import ready
from bench.peers.dlt_default import load

ROWS_AT_ONCE = 1000
TYPED: dict[str, Callable[[str], Any]] = {
    "text": str, "character": str, "smallint": int, "bigint": int, "numeric": Decimal,
    "date": date.fromisoformat, "timestamp with time zone": datetime.fromisoformat,
}  # fmt: skip


def items() -> Iterator[list[dict[str, Any]]]:
    """Yield the rows, a thousand at a time; a column of the key is never missing, only empty."""
    kinds, key = {name: TYPED[kind] for name, kind in ready.columns().items()}, set(ready.key())
    with ready.path().open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        while block := list(islice(rows, ROWS_AT_ONCE)):
            yield [
                {
                    name: kinds[name](text) if text or name in key else None
                    for name, text in zip(kinds, row, strict=True)
                }
                for row in block
            ]


if __name__ == "__main__":
    load(items(), ready.key())
