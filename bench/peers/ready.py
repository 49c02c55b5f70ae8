"""The floor's rows, every column our own path ends with, for peers that are spared computing them.

Only the standard library is used.
"""

from __future__ import annotations

import json
import os
from pathlib import Path


def path() -> Path:
    """Return the CSV, without a header; what is missing has no quotes, an empty text has."""
    return Path(os.environ["BENCH_READY"])


def columns() -> dict[str, str]:
    """Return the names of the columns in the file's order, each with PostgreSQL's name of its type."""
    kinds: dict[str, str] = json.loads(os.environ["BENCH_COLUMNS"])
    return kinds


def key() -> tuple[str, ...]:
    """Return the columns a row is known by."""
    return tuple(json.loads(os.environ["BENCH_KEY"]))
