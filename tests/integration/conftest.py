"""An office and its inbox: what the tests of loading and building act through."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xiezuo import pipeline, warehouse
from xiezuo.settings import Settings


@dataclass(frozen=True)
class Office:
    """An office that drops sheets into its inbox, and the night that takes them in."""

    settings: Settings

    def drop(self, place: str, rows: Sequence[Sequence[Any]]) -> Path:
        """Write ``rows`` as CSV to ``<inbox>/620422/<place>``."""
        path = self.settings.inbox / "620422" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        text = io.StringIO()
        csv.writer(text).writerows(["" if cell is None else cell for cell in row] for row in rows)
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    def take(self, source: str) -> list[dict[str, Any]]:
        """Plan, fetch and load a source; return its batches."""
        done = []
        for group in pipeline.plan(self.settings, source, groups=1):
            pipeline.fetch(self.settings, group, since=date(2022, 1, 1))
            done += pipeline.load(self.settings, group)["batches"]
        return done

    def deliver(self, place: str, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Drop one sheet and take it in at once."""
        self.drop(place, rows)
        return self.take(place.split("/", maxsplit=1)[0])

    def ask(self, statement: str, *values: Any, role: str = "owner") -> list[tuple[Any, ...]]:
        """Run one statement in the warehouse; return its rows, if it gives any."""
        with warehouse.connect(self.settings, role) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def at(self, now: str) -> Office:
        """Return the same office at another time."""
        return Office(replace(self.settings, environ={**self.settings.environ, "XIEZUO_NOW": now}))


@pytest.fixture
def office(settings: Settings) -> Office:
    """Return an office with an empty inbox and warehouse."""
    return Office(settings)
