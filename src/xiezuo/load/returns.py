"""Return workbooks (退回修改) on their way into the warehouse: as part of the delivery they answer.

Rows that somebody corrected are loaded with version and tie of the delivery they were held back from: what outdates it
outdates them, what it is the evidence of they are. They withdraw nothing (docs/decisions/0044-returns.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.errors import FileRefused, GateClosed
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.conform import Conformed
from xiezuo.conform.intake import Intake, Landed, Part, Taken, tie_of
from xiezuo.conform.returns import Answer
from xiezuo.conform.rows.reader import Finding
from xiezuo.load.batch import Delivery
from xiezuo.load.load import Loader, lock_dataset
from xiezuo.load.taken_out import Batch

LandingsOf = Callable[[str], Sequence[Landed]]
"""Gives the landings of the county that were loaded into a dataset and can be read again."""


class ReturnLoader:
    """One return workbook, dataset by dataset, in the caller's transaction."""

    def __init__(
        self, connection: psycopg.Connection, settings: Settings, intake: Intake, taken: Taken, *, delivery: Delivery,
        landings_of: LandingsOf, asks: bool,
    ) -> None:  # fmt: skip
        assert taken.returned is not None  # noqa: S101  (asked by the caller)
        self._db, self._settings, self._intake = connection, settings, intake
        self._loader = Loader(connection, settings, intake.privacy, intake.decisions)
        self._taken, self._returned, self._delivery = taken, taken.returned, delivery
        self._landings_of, self._asks = landings_of, asks
        self._county = delivery.county_code

    def load(self) -> list[Batch]:
        """Load the rows that still wait; return the batches as recorded, refused ones included."""
        if isinstance(self._taken.error, FileRefused):
            return [self._loader.refuse(self._delivery, self._taken.error)]
        if self._taken.error is not None:
            raise self._taken.error
        return [batch for part in self._taken.parts for batch in self._part(part)]

    def _part(self, part: Part) -> list[Batch]:
        return self._loader.load_part(part, self._sheet("、".join(part.sheets)), self._loaded, is_whole=False)

    def _loaded(self, part: Part) -> list[Batch]:
        """Load what is answered of one dataset.

        Raises:
            FileRefused: ``RETURN_OUTDATED``, nothing of it waits for an answer any more.
            GateClosed: ``RETURN_CONTRADICTS``, a row is one that is stored already and says something else.
        """
        dataset = part.contract.dataset
        lock_dataset(self._db, self._county, dataset)
        tie = self._tie(part)
        version = max(one.version for one in part.tables)
        batches: list[Batch] = []
        for one, findings in zip(part.tables, part.findings, strict=True):
            if not (answers := self._returned.of(one.table, self._intake.privacy)):
                continue
            one.version = version
            delivery = replace(self._sheet(one.table.sheet), version_tie=tie)
            batch_id = delivery.batch_id(dataset, one.table.feed)
            fresh, changed_again = self._waiting(answers, batch_id)
            if not fresh:
                continue
            own = _only(one, {answer.row_no for answer in fresh})
            own.warnings += [
                f"第 {number} 行此前已经更正过，这次的改动没有采用，请在新的台账里改正" for number in changed_again
            ]
            held = [finding for finding in findings if finding.row_no in own.typed]
            batches.append(self._batch(delivery, own, held, fresh))
        if not batches:
            said = "所退回的行都已更正，或已有更新的报表代替，本表没有再计入；如仍有错，请在新的台账里改正"
            raise FileRefused("RETURN_OUTDATED", said)
        settled = {answer.answered_batch_id for answers in self._returned.answers.values() for answer in answers}
        self._loader.settle_quarantine(self._county, dataset, [*(b["batch_id"] for b in batches), *sorted(settled)])
        return batches

    def _batch(
        self, delivery: Delivery, own: Conformed, held: Sequence[Finding], answers: Sequence[Answer]
    ) -> Batch:
        batch = self._loader.load(delivery, own, held, asks=self._asks)
        if self._asks and batch["rows_superseded"]:
            raise GateClosed(
                "RETURN_CONTRADICTS",
                f"改正后的行里有 {batch['rows_superseded']} 行与已计入的行是同一笔（人）而内容不同，"
                "无法判断以哪行为准，暂未采用；请核对，或在新的台账里改正",
            )
        root = self._returned.batches[own.contract.dataset, self._intake.privacy.mask(own.table.sheet)]
        for answer in answers:
            self._run(
                "load/answer", batch_id=batch["batch_id"], row_no=answer.row_no, root_batch_id=root,
                answered_batch_id=answer.answered_batch_id, answer_id=answer.answer_id,
            )  # fmt: skip
        if held:
            self._run("load/answer_scope", batch_id=batch["batch_id"])
        return batch

    def _tie(self, part: Part) -> str:
        """Return the tie of the delivery that is answered, of its copies that which holds.

        Raises:
            FileRefused: nothing of it is loaded.
        """
        rows = sum(len(one.table.rows) for one in part.tables)
        copies = [
            tie_of(landing, rows)
            for landing in self._landings_of(part.contract.dataset)
            if landing["kind"] == "file"
            and landing["sha256"] == self._returned.sha256
            and landing["standing"] != "retracted"
        ]
        if not copies:
            raise FileRefused("RETURN_OUTDATED", "所退回的报表没有采用或已被撤回，本表没有计入")
        return max(copies)

    def _waiting(self, answers: Sequence[Answer], batch_id: str) -> tuple[list[Answer], list[int]]:
        """Return the answers to rows that wait, and the numbers of rows that were answered otherwise before."""
        facts = {
            "county_code": self._county, "batch_id": batch_id,
            "batches": [answer.answered_batch_id for answer in answers],
            "numbers": [answer.row_no for answer in answers],
        }  # fmt: skip
        with self._db.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(read_sql(self._settings.root, "load/answers_before"), facts).fetchall()
        known = {row["row_no"]: row for row in rows}
        fresh, changed_again = [], []
        for answer in answers:
            before = known[answer.row_no]
            if before["answer_id"] not in (None, answer.answer_id):
                changed_again.append(answer.row_no)
            elif before["answer_id"] is None and (before["waits"] or (before["waits"] is False and not self._asks)):
                fresh.append(answer)
        return fresh, changed_again

    def _sheet(self, sheet: str) -> Delivery:
        sheet = self._intake.privacy.mask(sheet)
        return replace(self._delivery, uri=f"{self._delivery.uri}#{sheet}", sheet=sheet)

    def _run(self, statement: str, **names: Any) -> None:
        self._db.execute(read_sql(self._settings.root, statement), {"county_code": self._county, **names})


def _only(one: Conformed, numbers: set[int]) -> Conformed:
    """Return some rows of a table by themselves: what was said of the whole of it is said in its delivery."""
    rows = [row for row in one.rows if row["row_no"] in numbers]
    people = {row.get("person_key") for row in rows}
    table = replace(
        one.table, rows=[row for row in one.table.rows if row[0] in numbers], ignored_rows=0, delivery="increment",
        notes=(), declared_total=None, declared_count=None,
    )  # fmt: skip
    return replace(
        one, table=table, rows=rows,
        findings=[finding for finding in one.findings if finding.row_no in numbers],
        amounts={number: amount for number, amount in one.amounts.items() if number in numbers},
        unreadable_amounts=one.unreadable_amounts & numbers,
        persons={key: secret for key, secret in one.persons.items() if key in people},
        typed={number: cells for number, cells in one.typed.items() if number in numbers},
        warnings=[], shape={},
        counts={number: count for number, count in one.counts.items() if number in numbers},
        days={number: day for number, day in one.days.items() if number in numbers},
        verdicts={n: said.of_rows(numbers, len(rows)) for n, said in one.verdicts.items() if said.suite == "rows"},
    )  # fmt: skip
