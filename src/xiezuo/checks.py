"""Checks across datasets: figures that should agree, each one SQL file under ``include/sql/checks``.

A check stops nothing; what it finds is listed in ``audit.reconciliation`` for whoever keeps the ledger.
Discovery is a directory listing; the file's name is the check's.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql


def reconcile(connection: psycopg.Connection, root: Path) -> int:
    """Run every check over the counties being built (``drained``); return how many findings changed."""
    folder = root / "include" / "sql"
    put = (folder / "mart" / "put_check.sql").read_text(encoding="utf-8")
    connection.execute(
        "create temporary table touched_county on commit drop as select distinct county_code from drained"
    )
    changed = 0
    for path in sorted((folder / "checks").glob("*.sql")):
        statement = sql.SQL("with found as ({}) {}").format(
            sql.SQL(path.read_text(encoding="utf-8") + "\n"), sql.SQL(put).format(check_id=sql.Literal(path.stem))
        )
        changed += connection.execute(statement).rowcount
    return changed
