"""Late data for a closed period: noticed by the build that computes it, listed, and published by a restatement only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build.lineage import counted_now, newest_batch
from xiezuo.values.periods import Period

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Adjustment:
    """A figure of a closed period that is no longer what its release says; ``batches`` brought the difference."""

    county_code: str
    release_id: str
    period_kind: str
    period: str
    indicator_id: str
    breakdown: str
    old_value: Decimal | None
    old_qualifier: str
    new_value: Decimal | None
    new_qualifier: str
    unit: str
    batches: list[str]
    noticed_at: datetime


def waiting(connection: Connection, settings: Settings, county_code: str | None = None) -> list[Adjustment]:
    """Return the adjustments that no release has taken up, by county, period and indicator."""
    statement = read_sql(settings.root, "publish/adjustments")
    with connection.cursor(row_factory=class_row(Adjustment)) as cursor:
        return cursor.execute(statement, {"county_code": county_code}).fetchall()


def notice(connection: Connection, settings: Settings) -> int:
    """Record what the periods just computed change of closed ones; return how many figures that are.

    Part of a build's transaction, which has left ``due``: a build that dies notices nothing, the next one does.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        changed = cursor.execute(read_sql(settings.root, "publish/changed_since")).fetchall()
    at = settings.now()
    for figure in changed:
        batches = [] if figure["breakdown"] else _batches(connection, settings, figure)
        connection.execute(read_sql(settings.root, "publish/put_adjustment"), (*figure.values(), batches, at))
    return len(changed)


def _batches(connection: Connection, settings: Settings, figure: dict[str, Any]) -> list[str]:
    """Return the batches counted now and not at the release; where rows only went, the newest delivery."""
    code, indicator_id = figure["county_code"], figure["indicator_id"]
    period = Period.read(figure["period"], figure["period_kind"])
    row = connection.execute(read_sql(settings.root, "publish/released_batches"), figure).fetchone()
    before = set(row[0]) if row else set()
    new = [one for one in counted_now(connection, settings, code, period, indicator_id) if one not in before]
    return new or newest_batch(connection, settings, code, indicator_id)
