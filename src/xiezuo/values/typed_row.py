"""A row as typed, in words that are the same whichever kind of file it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

from xiezuo.values import normalise

_EXACT = 1e15
"""Whole numbers below are exact as a sheet keeps them."""


def as_typed(cells: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names and contents of a row's cells, the same whichever kind of file they stand in."""
    for name, cell in sorted(cells.items()):
        said = _content(cell)
        if said:
            yield from (name, said)


def _content(cell: Any) -> str:
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    return normalise(str(cell))
