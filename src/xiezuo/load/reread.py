"""Deliveries read again from the bytes they came in: after a decision about words they are what they would have been.

What a delivery left behind is taken out, and it is loaded as if it came now. All of it happens in the caller's
transaction, so that nobody sees the warehouse between the two, and a kill leaves it as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.intake import Intake, Landed
from xiezuo.load.landings import Taker, read_again, tie_of
from xiezuo.load.load import Loader, lock_dataset
from xiezuo.load.statements import Statements
from xiezuo.load.touched_months import Touches

Batch = dict[str, Any]


def lock_datasets(connection: psycopg.Connection, intake: Intake, county_code: str) -> None:
    """Let nothing of the county be loaded until the transaction ends, in the order in which loads lock."""
    for dataset in sorted(intake.contracts):
        lock_dataset(connection, county_code, dataset)


def reread(
    connection: psycopg.Connection, settings: Settings, intake: Intake, county_code: str, landings: Sequence[Landed]
) -> list[Batch]:
    """Take out what these landings of a county left behind, then load each anew; return the batches as recorded."""
    again = _Again(connection, settings, intake, county_code)
    before = [again.take_out(landing) for landing in landings]
    taker = Taker(settings, intake)
    done: list[Batch] = []
    datasets: set[str] = set()
    for landing, answered in zip(landings, before, strict=True):
        batches = taker.load(connection, read_again(settings, intake, landing))
        again.put_back(batches, answered)
        datasets |= {batch["dataset"] for batch in (*batches, *answered["batches"]) if batch["dataset"]}
        done += batches
    loader = Loader(connection, settings, intake.privacy)
    for dataset in sorted(datasets):
        loader.settle_quarantine(county_code, dataset)
    return done


class _Again:
    """What one landing left behind, taken out before it is read again; what people added to it, put back after."""

    def __init__(self, connection: psycopg.Connection, settings: Settings, intake: Intake, county_code: str) -> None:
        self._db, self._settings, self._intake, self._county = connection, settings, intake, county_code

    def take_out(self, landing: Landed) -> dict[str, list[Batch]]:
        """Take out the landing's rows, batches and the rows it held back; return what only people can tell."""
        batches = self._ask("load/reread_batches", landing_id=landing["landing_id"])
        numbers = [batch["batch_id"] for batch in batches]
        by_dataset: dict[str, list[str]] = defaultdict(list)
        for batch in batches:
            if batch["state"] == "loaded":
                by_dataset[batch["dataset"]].append(batch["batch_id"])
        answers = self._ask("load/reread_answers", batches=numbers)
        for dataset, own in by_dataset.items():
            self._rows(dataset, own)
        if landing["kind"] == "file" and by_dataset:
            self._run("load/reread_scope", datasets=list(by_dataset), ties=[tie_of(landing)])
        facts = (self._county, numbers)
        self._db.execute("delete from vault.rejected_row where county_code = %s and batch_id = any(%s)", facts)
        self._db.execute("delete from audit.quarantine where county_code = %s and batch_id = any(%s)", facts)
        self._db.execute("delete from audit.batch where county_code = %s and batch_id = any(%s)", facts)
        return {"batches": batches, "answers": answers}

    def put_back(self, batches: Sequence[Batch], before: Mapping[str, list[Batch]]) -> None:
        """What was explained stays explained; what a snapshot withdrew when it came first stays on record."""
        for answer in before["answers"]:
            self._run("load/reread_answered", **answer)
        loader = Loader(self._db, self._settings, self._intake.privacy)
        there = {batch["batch_id"]: batch for batch in batches if batch["state"] == "loaded"}
        for old in before["batches"]:
            if old["rows_withdrawn"] and old["batch_id"] in there:
                loader.note_withdrawn(there[old["batch_id"]], old["rows_withdrawn"], warn=_was_warned(old))

    def _rows(self, dataset: str, batches: list[str]) -> None:
        contract = self._intake.contracts[dataset]
        say = Statements(self._settings.root, contract)
        names = {"county_code": self._county, "dataset": dataset, "batches": batches}
        touches = Touches(self._db, self._settings.root, contract, say)
        touches.note("changed_reread", names)
        if (own := say.of_stored("reread")) is not None:
            self._db.execute(own, names)
        self._db.execute(say["reread_rows"], names)
        touches.touch_stored(names)

    def _ask(self, statement: str, **names: Any) -> list[Batch]:
        with self._db.cursor(row_factory=dict_row) as cursor:
            facts = {"county_code": self._county, **names}
            return cursor.execute(read_sql(self._settings.root, statement), facts).fetchall()

    def _run(self, statement: str, **names: Any) -> None:
        self._db.execute(read_sql(self._settings.root, statement), {"county_code": self._county, **names})


def _was_warned(batch: Batch) -> bool:
    return any("与上一次报表相比少了" in warning for warning in batch["warnings_zh"])
