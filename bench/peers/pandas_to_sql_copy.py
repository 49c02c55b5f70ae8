"""pandas.to_sql with a callable that copies, as pandas' documentation shows one, then one upsert."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from bench.peers.frames import columns, load, typed
from bench.task import timed


def copy_rows(table: Any, connection: Any, keys: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write the rows as CSV and copy them, see "insertion method" in pandas' guide to SQL."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    names = ", ".join(f'"{key}"' for key in keys)
    statement = f"copy {table.schema}.{table.name} ({names}) from stdin with (format csv)"
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text.getvalue())


if __name__ == "__main__":
    timed(lambda: load(typed(), columns(), method=copy_rows))
