"""Stage four: one transaction a delivery: rows flow into staging, and the batch is settled.

What is done to staged rows is in :mod:`xiezuo.load.settlement`; here is what goes round it: the lock, batches that
are known, deliveries that are refused, snapshots that withdraw, and the days that deliveries speak of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg

from xiezuo.base.errors import FileRefused, GateClosed
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.conform import Conformed
from xiezuo.conform.rows.reader import Finding
from xiezuo.conform.shape import compare
from xiezuo.declared.contracts import Contract
from xiezuo.load.account import Account
from xiezuo.load.delivery import Delivery
from xiezuo.load.inflow import Inflow
from xiezuo.load.statements import Statements
from xiezuo.load.touched_months import Touches
from xiezuo.values.privacy import Privacy

WITHDRAWN_SHARE_WORTH_A_WORD = Decimal("0.30")


class Loader:
    """Loads batches of one delivery inside the caller's transaction."""

    def __init__(self, connection: psycopg.Connection, settings: Settings, privacy: Privacy) -> None:
        self._db, self._settings, self._privacy = connection, settings, privacy

    def load(self, delivery: Delivery, conformed: Conformed, findings: Sequence[Finding]) -> dict[str, Any]:
        """Load one conformed table; return the batch as recorded.

        ``findings`` are all reasons, of conforming and of validating, why rows are held back.
        A batch that is there already is returned unchanged.
        """
        table = conformed.table
        begun = self.begin(delivery, conformed.contract, table.feed)
        if isinstance(begun, dict):
            return begun
        compare(self._db, self._settings.root, delivery.county_code, conformed)
        held = {finding.row_no for finding in findings}
        with begun as inflow:
            inflow.rows(
                (row for row in conformed.rows if row["row_no"] not in held), conformed.version, conformed.amounts
            )
            inflow.held({number: conformed.amounts.get(number) for number in held})
            return inflow.settle(_account(conformed, findings))

    def begin(self, delivery: Delivery, contract: Contract, feed: str) -> Inflow | dict[str, Any]:
        """Open a batch for rows to flow into, or return it as recorded where it is loaded already.

        From here to the end of the transaction no other delivery of the county's dataset is loaded.
        """
        self._lock(delivery.county_code, contract.dataset)
        known = self._known(delivery.county_code, delivery.batch_id(contract.dataset, feed))
        return known or Inflow(self._db, self._settings, self._privacy, delivery, contract, feed)

    def refuse(self, delivery: Delivery, refusal: FileRefused, dataset: str = "", feed: str = "") -> dict[str, Any]:
        """Record that a delivery was refused (or held back by a gate) and that nothing of it is loaded."""
        now = self._settings.now()
        batch = {
            "county_code": delivery.county_code,
            "batch_id": delivery.batch_id(dataset, feed),
            "source": delivery.source,
            "dataset": dataset,
            "feed": feed,
            "uri": delivery.uri,
            "sha256": delivery.sha256,
            "delivery": "increment",
            "state": "gated" if isinstance(refusal, GateClosed) else "refused",
            "refusal_code": refusal.code,
            "refusal_zh": self._privacy.mask(refusal.zh),
            "started_at": now,
            "finished_at": now,
        }
        self._db.execute(read_sql(self._settings.root, "load/refuse_batch"), batch)
        return batch

    def withdraw(
        self, contract: Contract, delivery: Delivery, units: Mapping[str, int], version: datetime, covers_to: date
    ) -> int:
        """Make the delivery the current snapshot of ``units``; return how many rows that closed.

        ``units`` gives each reporting unit the year it states, 0 where rows have no date of their own.
        """
        say = Statements(self._settings.root, contract)
        total = 0
        for unit, year in sorted(units.items()):
            names = {
                "county_code": delivery.county_code, "dataset": contract.dataset, "reporting_unit": unit,
                "scope_year": year, "covers_to": covers_to, "version": version, "version_tie": delivery.version_tie,
            }  # fmt: skip
            if self._db.execute(read_sql(self._settings.root, "load/current_snapshot"), names).rowcount:
                touches = Touches(self._db, self._settings.root, contract, say)
                touches.note("changed_withdrawn", names)
                total += self._db.execute(say["withdraw"], names).rowcount
                touches.touch_stored(names)
        return total

    def note_withdrawn(self, batch: dict[str, Any], rows: int, *, warn: bool) -> None:
        """Record how many rows a snapshot closed; a large share is worth a word to the owner."""
        said = [f"与上一次报表相比少了 {rows} 行，请确认不是漏报"] if warn else []
        self._db.execute(
            "update audit.batch set rows_withdrawn = %s, warnings_zh = warnings_zh || %s::text[]"
            " where county_code = %s and batch_id = %s",
            (rows, said, batch["county_code"], batch["batch_id"]),
        )

    def cover(self, county_code: str, dataset: str, covers_to: date, covers_from: date | None = None) -> None:
        """Record that accepted deliveries of the dataset now speak of days up to ``covers_to``.

        ``covers_from`` is the first of these days, by default the first of the year.
        """
        names = {
            "county_code": county_code, "dataset": dataset, "covers_to": covers_to, "covers_from": covers_from,
        }  # fmt: skip
        self._db.execute(read_sql(self._settings.root, "load/touched_by_coverage"), names)
        self._db.execute(read_sql(self._settings.root, "load/coverage"), names)

    def _lock(self, county_code: str, dataset: str) -> None:
        """One delivery at a time for a county's dataset; other counties go on beside it."""
        self._db.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{county_code}/{dataset}",))

    def _known(self, county_code: str, batch_id: str) -> dict[str, Any] | None:
        names = {"county_code": county_code, "batch_id": batch_id}
        row = self._db.execute(read_sql(self._settings.root, "load/batch"), names).fetchone()
        return None if row is None else dict(row[0])


def _account(conformed: Conformed, findings: Sequence[Finding]) -> Account:
    table = conformed.table
    return Account(
        version=conformed.version,
        covers_to=conformed.covers_to,
        delivery=table.delivery,
        rows_read=len(table.rows) + table.ignored_rows,
        rows_ignored=table.ignored_rows,
        yuan_read=sum(conformed.amounts.values(), Decimal(0)),
        rows_amount_unreadable=len(conformed.unreadable_amounts),
        warnings=conformed.warnings,
        reporting_unit=table.reporting_unit,
        shape=conformed.shape,
        findings=findings,
        typed=conformed.typed,
        persons=conformed.persons,
    )
