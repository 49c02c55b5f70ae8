"""What counties decided about words, as ``audit.word`` keeps it: decisions are added and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.words import Decision
from xiezuo.values import bare

_OF_A_DECISION = tuple(Decision.__dataclass_fields__)


def history(
    connection: psycopg.Connection, settings: Settings, counties: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Return every decision, oldest first, of some counties or of all."""
    with connection.cursor(row_factory=dict_row) as cursor:
        names = {"counties": None if counties is None else list(counties)}
        return cursor.execute(read_sql(settings.root, "words/decisions"), names).fetchall()


def decisions(connection: psycopg.Connection, settings: Settings) -> dict[str, list[Decision]]:
    """Return what each county decided, oldest first, by county code."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for row in history(connection, settings):
        found[row["county_code"]].append(Decision(**{name: row[name] for name in _OF_A_DECISION}))
    return dict(found)


def count(connection: psycopg.Connection, settings: Settings, county_code: str) -> int:
    """Return how many decisions a county has made."""
    row = connection.execute(read_sql(settings.root, "words/count"), {"county_code": county_code}).fetchone()
    return int(row[0]) if row else 0


def decide(
    connection: psycopg.Connection, settings: Settings, county_code: str, decision: Decision, *, rows_waiting: int
) -> None:
    """Add a decision as the county's latest; nobody else decides for the county until the transaction ends."""
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{county_code}/words",))
    facts = asdict(decision) | {
        "county_code": county_code, "word_key": bare(decision.word), "rows_waiting": rows_waiting,
        "decided_at": settings.now(),
    }  # fmt: skip
    connection.execute(read_sql(settings.root, "words/decide"), facts)
