"""What a landing left behind, taken out before it is read again; what people added to it, put back after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.intake import Intake, Landed, tie_of
from xiezuo.load.load import Loader, says_fewer
from xiezuo.load.statements import Statements
from xiezuo.load.touched_months import Touches

Batch = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """The batches of a landing as they were recorded, and lines of quarantine that were answered."""

    batches: Sequence[Batch]
    answers: Sequence[Batch]

    @property
    def was_loaded(self) -> bool:
        """Whether anything of the landing was loaded."""
        return any(batch["state"] == "loaded" for batch in self.batches)


class TakenOut:
    """Takes landings of a county out of the warehouse, in the caller's transaction and under the datasets' locks."""

    def __init__(self, connection: psycopg.Connection, settings: Settings, intake: Intake, county_code: str) -> None:
        self._db, self._settings, self._intake, self._county = connection, settings, intake, county_code

    def take_out(self, landing: Landed, datasets: Collection[str] | None = None) -> Before:
        """Take out the landing's rows, batches and the rows it held back, of some datasets or of all of them."""
        batches = self._ask("load/reread_batches", landing_id=landing["landing_id"])
        batches = [batch for batch in batches if datasets is None or batch["dataset"] in datasets]
        numbers = [batch["batch_id"] for batch in batches]
        by_dataset: dict[str, list[Batch]] = defaultdict(list)
        for batch in batches:
            if batch["state"] == "loaded":
                by_dataset[batch["dataset"]].append(batch)
        answers = self._ask("load/reread_answers", batches=numbers)
        for dataset, own in by_dataset.items():
            self._rows(dataset, own)
        if landing["kind"] == "file" and by_dataset:
            self._run("load/reread_scope", datasets=list(by_dataset), tie=tie_of(landing))
        facts = (self._county, numbers)
        self._db.execute("delete from vault.rejected_row where county_code = %s and batch_id = any(%s)", facts)
        self._db.execute("delete from audit.answer where county_code = %s and batch_id = any(%s)", facts)
        self._db.execute("delete from audit.quarantine where county_code = %s and batch_id = any(%s)", facts)
        self._db.execute("delete from audit.batch where county_code = %s and batch_id = any(%s)", facts)
        return Before(batches, answers)

    def put_back(self, batches: Sequence[Batch], before: Before) -> None:
        """What was explained stays explained; what a snapshot withdrew when it came first stays on record."""
        for answer in before.answers:
            self._run("load/reread_answered", **answer)
        loader = Loader(self._db, self._settings, self._intake.privacy)
        there = {batch["batch_id"]: batch for batch in batches if batch["state"] == "loaded"}
        for old in before.batches:
            if old["rows_withdrawn"] and old["batch_id"] in there:
                loader.note_withdrawn(there[old["batch_id"]], old["rows_withdrawn"], warn=says_fewer(old))

    def _rows(self, dataset: str, batches: Sequence[Batch]) -> None:
        contract = self._intake.contracts[dataset]
        say = Statements(self._settings.root, contract)
        names = {
            "county_code": self._county, "dataset": dataset, "batches": [batch["batch_id"] for batch in batches],
            "covers_to": max((batch["covers_to"] for batch in batches if batch["covers_to"]), default=None),
        }  # fmt: skip
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
