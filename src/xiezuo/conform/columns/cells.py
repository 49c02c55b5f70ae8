"""The cells of a landing's rows as they stand, taken out of its pages by DuckDB, so many rows at a time."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import numpy as np

from xiezuo.conform.columns.columns import Columns
from xiezuo.fetch.platform.pages import blocks_of_items

ROWS = 100_000
"""Rows of a chunk: smaller ones make Great Expectations dearer, larger ones take more memory."""
BLOCK = 4 << 20
"""Bytes of lines parsed at a time: a transaction of their own, for what one adds takes much room until it ends."""


@dataclass(frozen=True)
class Cells:
    """Rows as they stand, in a table of their own; ``lines`` are how many lines of the landing they came in."""

    table: str
    numbers: range
    lines: int


def cells_of(path: Path, columns: Columns, database: duckdb.DuckDBPyConnection) -> Generator[Cells]:
    """Yield the cells of so many rows as make a chunk, over a connection of its own: others may be at work beside it.

    Whoever is done with a table drops it.
    """
    blocks, before, shape = blocks_of_items(path, BLOCK), 0, json.dumps(columns.shape)
    with database.cursor() as own:
        for turn in count():
            table, first, lines = f"cells_{turn}", before, 0
            own.execute(columns.empty(table))
            while before - first < ROWS and (block := next(blocks, None)) is not None:
                own.register("pages", {"line": np.array(block, dtype=object)})
                taken = own.execute(columns.cells(table), {"shape": shape, "before": before}).fetchall()
                before, lines = before + int(taken[0][0]), lines + len(block)
            if before == first:
                return
            yield Cells(table, range(first + 1, before + 1), lines)
