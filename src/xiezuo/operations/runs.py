"""``audit.run``: what each stage of each run did, county by county.

A line is written when a stage begins and completed when it ends, so that one which was killed can be told:
it stays ``running``. A stage tried again in the same run overwrites its line. What concerns one county has
that county's code; planning and building, which are of all counties at once, have ``000000``. However many
sources one task fetches, each has its own line, and ends as it ended.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg

from xiezuo.base.errors import SourceDown, XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.operations import NO_COUNTY
from xiezuo.fetch.faults import faults_of
from xiezuo.warehouse import access

_log = logging.getLogger("xiezuo.operations.runs")

COUNTS = (
    "batches_loaded", "batches_refused", "batches_gated", "rows_read", "rows_quarantined", "periods_built",
    "sources_down",
)  # fmt: skip
_STATES = {"loaded": "batches_loaded", "refused": "batches_refused", "gated": "batches_gated"}


Part = tuple[str, str]
"""A line of a stage: county, and the part of the stage it is about ('' where there is one)."""


@dataclass
class Tally:
    """Counts of one stage by line, why lines failed and what else is said of them; written when the stage ends."""

    part: str = ""
    counts: dict[Part, dict[str, int]] = field(default_factory=dict)
    reasons: dict[Part, str] = field(default_factory=dict)
    said: dict[Part, str] = field(default_factory=dict)

    def add(self, county_code: str, **counts: int) -> None:
        """Add to the counts (names as in :data:`COUNTS`) of a county's line of the stage's own part."""
        self.count((county_code, self.part), **counts)

    def count(self, line: Part, **counts: int) -> None:
        """Add to the counts of a line."""
        own = self.counts.setdefault(line, dict.fromkeys(COUNTS, 0))
        for name, number in counts.items():
            own[name] += number

    def blame(self, error: Exception) -> None:
        """Note why lines failed: those that the error names, else all of them."""
        named: list[tuple[Part, Exception]] = [((one.county_code, one.part), one.error) for one in faults_of(error)]
        for line, reason in named or [(line, error) for line in self.counts]:
            self.reasons[line] = reason_of(reason)
            self.count(line, sources_down=int(isinstance(reason, SourceDown)))

    def add_batches(self, batches: Iterable[Mapping[str, Any]]) -> None:
        """Add batches as ``pipeline.load`` returns them."""
        for batch in batches:
            self.add(
                batch["county_code"],
                rows_read=batch.get("rows_read", 0),
                rows_quarantined=batch.get("rows_quarantined", 0),
                **{_STATES[batch["state"]]: 1},
            )


def new_run_id() -> str:
    """Return a name for a run nobody else named."""
    return f"cli:{uuid.uuid4().hex[:12]}"


@contextmanager
def recorded(
    settings: Settings,
    run_id: str,
    stage: str,
    *,
    source: str = "",
    part: str = "",
    lines: Iterable[Part] = (),
) -> Iterator[Tally]:
    """Keep the lines of a stage in ``audit.run`` while the block runs: ``lines``, else one of no county.

    A stage that fails is recorded as failed, a source that was down as such, and the error goes on; where
    the error names sources, the others are done. That the record itself cannot be written never hides how
    the stage ended.
    """
    tally = Tally(part)
    for line in sorted(set(lines)) or [(NO_COUNTY, part)]:
        tally.count(line)
    stage_of = {"run_id": run_id, "stage": stage, "source": source}
    began = datetime.now(UTC)
    _write(settings, stage_of, tally, began=began)
    try:
        yield tally
    except Exception as error:
        tally.blame(error)
        try:
            _write(settings, stage_of, tally, began=began, ended=datetime.now(UTC))
        except (XiezuoError, psycopg.Error) as unwritten:
            _log.error("the failure of %s is not in audit.run: %s", stage, type(unwritten).__name__)
        raise
    _write(settings, stage_of, tally, began=began, ended=datetime.now(UTC))


def state_of(settings: Settings, run_id: str, stage: str, county_code: str) -> str | None:
    """Return how a stage of a run stands in a county; None where it never began."""
    facts = {"run_id": run_id, "stage": stage, "county_code": county_code}
    with access.connect(settings) as connection:
        row = connection.execute(read_sql(settings.root, "operations/state"), facts).fetchone()
    return row[0] if row else None


def reason_of(error: BaseException) -> str:
    """Return why a stage failed: words of ours, else the kind of error only, which may quote a row."""
    return error.zh if isinstance(error, XiezuoError) else type(error).__name__


def note_failure(settings: Settings, run_id: str, task: str, reason_zh: str) -> None:
    """Record a failure that no stage could record, unless the run has a failed line already."""
    with access.connect(settings) as connection:
        known = connection.execute(
            "select 1 from audit.run where run_id = %s and state = 'failed' limit 1", (run_id,)
        ).fetchone()
    if known is None:
        tally = Tally(task, reasons={(NO_COUNTY, task): reason_zh})
        tally.add(NO_COUNTY)
        now = datetime.now(UTC)
        _write(settings, {"run_id": run_id, "stage": "task", "source": ""}, tally, began=now, ended=now)


def held_back(batches: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Count what was held back, by county, dataset and reporting unit; units without any are left out.

    Of a refused or held back file neither dataset nor unit may be known: ``place`` names the file.
    """
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for batch in batches:
        unit, state = batch.get("reporting_unit", ""), batch["state"]
        place = "" if state == "loaded" else str(batch["uri"])
        key = (batch["county_code"], batch["dataset"], unit, place)
        names = dict(zip(("county_code", "dataset", "reporting_unit", "place"), key, strict=True))
        line = found.setdefault(key, {**names, "refused": 0, "gated": 0, "rows_read": 0, "rows_quarantined": 0})
        if state != "loaded":
            line[state] += 1
        for name in ("rows_read", "rows_quarantined"):
            line[name] += batch.get(name, 0)
    trouble = ("refused", "gated", "rows_quarantined")
    return [line for _, line in sorted(found.items()) if any(line[name] for name in trouble)]


def _write(
    settings: Settings, stage_of: dict[str, str], tally: Tally, *, began: datetime, ended: datetime | None = None
) -> None:
    """Write every line; without ``ended`` they are running."""
    over = {"now": settings.now(), "began_at": began, "ended_at": ended}
    statement = read_sql(settings.root, "operations/run")
    state = "running" if ended is None else "done"
    lines = [
        {
            **stage_of, **over, **counts, "county_code": line[0], "part": line[1],
            "state": "failed" if line in tally.reasons else state,
            "reason_zh": tally.reasons.get(line) or tally.said.get(line, ""),
        }
        for line, counts in sorted(tally.counts.items())
    ]  # fmt: skip
    with access.connect(settings) as connection, connection.cursor() as cursor:
        cursor.executemany(statement, lines)
