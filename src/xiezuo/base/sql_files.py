"""Where SQL lives: ``include/sql/<folder>/<name>.sql``, one statement a file."""

from __future__ import annotations

from pathlib import Path


def read_sql(root: Path, name: str) -> bytes:
    """Return the statement ``name`` (``load/person``) of the project at ``root``, as psycopg takes it."""
    return (root / "include" / "sql" / f"{name}.sql").read_bytes()
