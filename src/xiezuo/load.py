"""Stage four: one transaction a delivery: COPY to staging, fates, merge, counts, batch closed.

Counts come from SQL over the staged rows in that same transaction, and CHECK constraints hold them:
what was read equals what became of it, in rows and in yuan (docs/counting.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from xiezuo.conform import Conformed
from xiezuo.contracts import Contract
from xiezuo.custody import Custody
from xiezuo.delivery import Delivery
from xiezuo.dimensions import fill
from xiezuo.errors import FileRefused, GateClosed
from xiezuo.privacy import Privacy, content_id
from xiezuo.rows import Finding
from xiezuo.scrutiny import compare
from xiezuo.settings import Settings
from xiezuo.sql_files import read_sql
from xiezuo.statements import Statements

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
        contract = conformed.contract
        say = Statements(self._settings.root, contract, conformed.table.feed)
        batch_id = delivery.batch_id(contract.dataset, conformed.table.feed)
        names = {
            "county_code": delivery.county_code, "batch_id": batch_id, "dataset": contract.dataset,
            "uri": delivery.uri, "version": conformed.version,
        }  # fmt: skip
        self._lock(delivery.county_code, contract.dataset)
        started = self._settings.now()
        if (known := self._known(names)) is not None:
            return known
        compare(self._db, self._settings.root, delivery.county_code, conformed)
        held = {finding.row_no for finding in findings}
        self._stage(say, delivery, conformed, held, batch_id)
        fill(self._db, self._settings, contract, county_code=delivery.county_code, batch_id=batch_id)
        has_lines = contract.feeds[conformed.table.feed].lines is not None
        for step in (
            "fate_within_batch", "fate_against_stored", "fate_against_snapshot",
            *(["fate_against_order"] if has_lines else []), "fate_new",
        ):  # fmt: skip
            self._db.execute(say[step], names)
        self._open_changed(say)
        for step in (
            "changed_old", "merge", "restate", "changed_new",
            *(["drop_lines"] if has_lines else []), "answer_quarantine",
        ):  # fmt: skip
            self._db.execute(say[step], names)
        self._touch(say, contract, {**names, "covers_to": conformed.covers_to})
        batch = self._close(say, delivery, conformed, names, started)
        custody = Custody(self._db, self._settings.root, self._privacy)
        custody.quarantine(delivery, batch_id, conformed, findings)
        custody.keep_persons(delivery.county_code, conformed)
        self._db.execute(sql.SQL("delete from {} where county_code = %s and batch_id = %s").format(say.staging),
                         (delivery.county_code, batch_id))  # fmt: skip
        return batch

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
                self._open_changed(say)
                total += self._db.execute(say["withdraw"], names).rowcount
                self._touch(say, contract, names)
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

    def _known(self, names: dict[str, Any]) -> dict[str, Any] | None:
        row = self._db.execute(
            "select to_jsonb(b) from audit.batch as b where county_code = %(county_code)s and batch_id = %(batch_id)s",
            names,
        ).fetchone()
        return None if row is None else dict(row[0])

    def _stage(self, say: Statements, delivery: Delivery, conformed: Conformed, held: set[int], batch_id: str) -> None:
        contract, table = conformed.contract, conformed.table
        business = [c for c, *_ in contract.columns()]
        spec = contract.feeds[table.feed]
        common = {
            "county_code": delivery.county_code, "feed": table.feed, "feed_rank": spec.rank, "batch_id": batch_id,
        }  # fmt: skip
        columns = [*say.columns, "fate", "amount_yuan_read"]
        copy = sql.SQL("copy {} ({}) from stdin").format(say.staging, sql.SQL(", ").join(map(sql.Identifier, columns)))
        with self._db.cursor().copy(copy) as out:
            for row in conformed.rows:
                if row["row_no"] in held:
                    continue
                digest = content_id(*(_canonical(row.get(c)) for c in business))
                row_version = row.get(spec.version) if spec.version else None
                whole = row | common | {
                    "reporting_unit": row["reporting_unit"],
                    "version": row_version or conformed.version,
                    "version_tie": delivery.version_tie or digest,
                    "row_hash": digest,
                    "fate": None,
                    "amount_yuan_read": conformed.amounts.get(row["row_no"]),
                }  # fmt: skip
                out.write_row([whole.get(c) for c in columns])
            for number in sorted(held):
                amount = conformed.amounts.get(number)
                whole = common | {"row_no": number, "fate": "quarantined", "amount_yuan_read": amount}
                out.write_row([whole.get(c) for c in columns])

    def _open_changed(self, say: Statements) -> None:
        self._db.execute("drop table if exists changed")
        statement = sql.SQL("create temporary table changed on commit drop as table {} with no data")
        self._db.execute(statement.format(say.core))

    def _touch(self, say: Statements, contract: Contract, names: Mapping[str, Any]) -> None:
        if contract.touches:
            self._db.execute(say["touched"])
        if contract.valid:
            self._db.execute(say["touched_span"], names)
        if (more := say.touched_elsewhere()) is not None:
            self._db.execute(more)

    def _close(
        self, say: Statements, delivery: Delivery, conformed: Conformed, names: dict[str, Any], started: datetime
    ) -> dict[str, Any]:
        table = conformed.table
        facts = names | {
            "source": delivery.source,
            "feed": table.feed,
            "uri": delivery.uri,
            "sha256": delivery.sha256,
            "covers_to": conformed.covers_to,
            "delivery": table.delivery,
            "rows_read": len(table.rows) + table.ignored_rows,
            "rows_ignored": table.ignored_rows,
            "yuan_read": sum(conformed.amounts.values(), Decimal(0)),
            "rows_amount_unreadable": len(conformed.unreadable_amounts),
            "warnings_zh": conformed.warnings,
            "reporting_unit": table.reporting_unit,
            "shape": Jsonb(conformed.shape),
            "started_at": started,
            "finished_at": self._settings.now(),
        }
        row = self._db.execute(say["close_batch"], facts).fetchone()
        assert row is not None  # noqa: S101  (an aggregate without GROUP BY gives one row)
        return dict(row[0])


def _canonical(value: Any) -> str:
    """Write a value so that equal values are equal text, whatever feed they came by."""
    if value is None:
        return "\x00"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
