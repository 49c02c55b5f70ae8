"""Stage four: one transaction a delivery: rows flow into staging, and the batch is settled.

What is done to staged rows is in :mod:`xiezuo.load.settlement`; here is what goes round it: the lock, batches that
are known, deliveries that are refused, snapshots that withdraw, and the days that deliveries speak of.
"""


from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from xiezuo.base.errors import FileRefused, GateClosed
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.conform import Conformed
from xiezuo.conform.intake import Part
from xiezuo.conform.rows.computed import Row
from xiezuo.conform.rows.reader import Finding
from xiezuo.conform.shape import compare
from xiezuo.declared.contracts import Contract
from xiezuo.declared.words import Decision
from xiezuo.load.batch import Account, Delivery, lines_of, months_held, warnings_of
from xiezuo.load.settlement import Settlement
from xiezuo.load.statements import Statements
from xiezuo.load.vault import Custody
from xiezuo.values.privacy import Privacy
from xiezuo.values.row_hash import row_hash
from xiezuo.warehouse import word_log
from xiezuo.warehouse.tables import primary_key

# One batch on its way into the warehouse: rows flow in by an open COPY, then the batch is settled.
# Where nothing is stored that they could meet, rows may go straight into the table.
__all__ = ["Account", "Inflow"]


class Inflow:
    """A batch being staged: a COPY into ``staging.<dataset>``, opened by the first row.

    Nothing else may run on the connection between the first row and :meth:`settle`. Leaving the block without
    settling ends the COPY with an error, so that the transaction cannot be committed.

    Raises:
        RuntimeError: the block was left without settling, though not by an error.
    """

    def __init__(
        self, connection: psycopg.Connection, settings: Settings, privacy: Privacy, delivery: Delivery,
        contract: Contract, feed: str,
    ) -> None:  # fmt: skip
        self._db, self._settings, self._privacy = connection, settings, privacy
        self.delivery, self.contract, self.feed = delivery, contract, feed
        self.batch_id = delivery.batch_id(contract.dataset, feed)
        self._say = Statements(settings.root, contract, feed)
        self._started = settings.now()
        self._settlement = Settlement(connection, settings, delivery, contract, feed)
        self._open = ExitStack()
        self._cursor: psycopg.Cursor[Any] | None = None
        self._copy: psycopg.Copy | None = None
        self._goes_straight = False
        self._staged, self._straight = 0, 0
        self._is_settled = False
        self._key = primary_key(contract)
        self._keys: set[int] = set()
        self._repeated: set[int] = set()
        self._knows_keys = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a line, in order: the system's, the contract's, ``fate`` and ``amount_yuan_read``.

        ``version_tie`` may be null where it is the row's own digest, and ``amount_yuan_read`` where the amount's
        own column tells it: a million rows need not say it twice.
        """
        return self._say.columns

    @property
    def columns_straight(self) -> tuple[str, ...]:
        """The columns of a line that goes straight into the table, in order."""
        return self._say.columns_of_core

    @property
    def may_go_straight(self) -> bool:
        """Whether rows may go straight into the table; asked before any is sent."""
        return self._settlement.may_go_straight

    @property
    def constants(self) -> dict[str, str | int]:
        """What stands in every line of the batch, by column."""
        rank = self.contract.feeds[self.feed].rank
        return {
            "county_code": self.delivery.county_code, "batch_id": self.batch_id, "feed": self.feed, "feed_rank": rank,
        }  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_settled or (self._copy is None and not self._staged + self._straight):
            return
        unsettled = RuntimeError(f"batch {self.batch_id} was left without being settled")
        self._open.__exit__(kind or RuntimeError, error or unsettled, trace)
        if error is None:
            raise unsettled

    def write(self, block: bytes) -> None:
        r"""Send ready lines in COPY's text format: tab separated, ``\N`` for null, each ended by a newline.

        Row hashes are those of :func:`xiezuo.values.row_hash.row_hash`; ``fate`` is null.
        """
        self._knows_keys = False
        self._line().write(block)

    def write_straight(self, block: bytes) -> None:
        """Send ready lines of rows that passed straight into the table: those whose key no row before them has.

        Rows that may share theirs are staged, and told as ``repeated``.
        """
        self._line(straight=True).write(block)

    def rows(self, rows: Iterable[Row], version: datetime, amounts: Mapping[int, Decimal]) -> None:
        """Send typed rows; ``version`` is that of rows without one of their own, ``amounts`` go by row number."""
        business = [c for c, *_ in self.contract.columns()]
        own_version = self.contract.feeds[self.feed].version
        columns, constants, line = self.columns, self.constants, self._line()
        for row in rows:
            digest = row_hash(row.get(c) for c in business)
            whole = row | constants | {
                "version": (row.get(own_version) if own_version else None) or version,
                "version_tie": self.delivery.version_tie,
                "row_hash": digest,
                "fate": None,
                "amount_yuan_read": amounts.get(row["row_no"]),
            }  # fmt: skip
            line.write_row([whole.get(c) for c in columns])
            self._note_key(whole)

    def held(self, amounts: Mapping[int, Decimal | None]) -> None:
        """Send the rows held back: their numbers, each with its amount where that could be read."""
        columns, line = self.columns, self._line()
        for number, amount in sorted(amounts.items()):
            whole = self.constants | {"row_no": number, "fate": "quarantined", "amount_yuan_read": amount}
            line.write_row([whole.get(c) for c in columns])

    def settle(self, account: Account) -> dict[str, Any]:
        """End the COPY, give every row its fate, merge, and close the batch; return it as recorded."""
        self._end()
        if account.repeated is None and self._knows_keys:
            account = replace(account, repeated=self._repeated)
        with Custody(
            self._db, self._settings.root, self._privacy, self.delivery, self.contract, account
        ) as custody:
            batch = self._settlement.settle(
                account, staged=self._staged, straight=self._straight, started=self._started
            )
            custody.keep(self.batch_id)
        self._is_settled = True
        return batch

    def _end(self) -> None:
        """End the COPY, and count what it brought."""
        if self._copy is not None and self._cursor is not None:
            self._open.close()
            self._copy = None
            if self._goes_straight:
                self._straight += self._cursor.rowcount
            else:
                self._staged += self._cursor.rowcount

    def _line(self, *, straight: bool = False) -> psycopg.Copy:
        """Return the open COPY into the table or into staging, after ending one into the other."""
        if straight != self._goes_straight:
            self._end()
        if self._copy is None:
            table, names = (
                (self._say.core, self.columns_straight) if straight else (self._say.staging, self.columns)
            )
            columns = sql.SQL(", ").join(map(sql.Identifier, names))
            self._goes_straight, self._cursor = straight, self._db.cursor()
            self._copy = self._open.enter_context(
                self._cursor.copy(sql.SQL("copy {} ({}) from stdin").format(table, columns))
            )
        return self._copy

    def _note_key(self, row: Mapping[str, Any]) -> None:
        """Note rows whose key has the hash of one before: it is the same key, or once in a long while another."""
        key = hash(tuple(str(row.get(c)) for c in self._key))
        if key in self._keys:
            self._repeated.add(row["row_no"])
        self._keys.add(key)


_FEWER = "与上一次报表相比少了"


def says_fewer(batch: Mapping[str, Any]) -> bool:
    """Whether a batch warns that its snapshot closed many rows."""
    return any(_FEWER in warning for warning in batch["warnings_zh"])


class WordsDecided(Exception):
    """A word was decided about while a delivery was on its way: what was made of it may be out of date."""


def lock_dataset(connection: psycopg.Connection, county_code: str, dataset: str) -> None:
    """One delivery at a time for a county's dataset until the transaction ends; other counties go on beside it."""
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{county_code}/{dataset}",))


class Loader:
    """Loads batches of one delivery inside the caller's transaction."""

    def __init__(
        self, connection: psycopg.Connection, settings: Settings, privacy: Privacy,
        decisions: Mapping[str, Sequence[Decision]] | None = None,
    ) -> None:  # fmt: skip
        """``decisions`` are those about words that deliveries were read by; None where none was asked for."""
        self._db, self._settings, self._privacy, self._decisions = connection, settings, privacy, decisions

    def load(
        self, delivery: Delivery, conformed: Conformed, findings: Sequence[Finding], *,
        outdated: Sequence[str] = (), asks: bool = False, unchanged: Collection[int] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """Load one conformed table; return the batch as recorded.

        ``findings`` are all reasons, of conforming and of validating, why rows are held back. Rows of ``outdated``
        reporting units change nothing; rows said to be ``unchanged`` are asked about where they are not. A batch that
        is there already is returned unchanged.

        Raises:
            GateClosed: it ``asks``, and contradicts a stored row of the same date, or one said to be unchanged.
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
            account = self._account(conformed, findings)
            return inflow.settle(replace(account, outdated=outdated, asks=asks, unchanged=unchanged))

    def begin(self, delivery: Delivery, contract: Contract, feed: str) -> Inflow | dict[str, Any]:
        """Open a batch for rows to flow into, or return it as recorded where it is loaded already.

        From here to the end of the transaction no other delivery of the county's dataset is loaded.

        Raises:
            WordsDecided: the county has decided about a word since the delivery was read.
        """
        lock_dataset(self._db, delivery.county_code, contract.dataset)
        if self._decisions is not None:
            known = len(self._decisions.get(delivery.county_code, ()))
            if known != word_log.count(self._db, self._settings, delivery.county_code):
                raise WordsDecided
        loaded = self._known(delivery.county_code, delivery.batch_id(contract.dataset, feed))
        return loaded or Inflow(self._db, self._settings, self._privacy, delivery, contract, feed)

    def load_part(
        self, part: Part, delivery: Delivery, load: Callable[[Part], list[dict[str, Any]]], *, is_whole: bool = True
    ) -> list[dict[str, Any]]:
        """Have the tables of one dataset loaded, or record that they are refused: what holds one back holds all.

        What rules said of them is kept where they are the whole of what was delivered.
        """
        refusal = part.error
        if refusal is None:
            try:
                with self._db.transaction():
                    return load(part)
            except FileRefused as refused:
                refusal = refused
        if not isinstance(refusal, FileRefused):
            raise refusal
        batch = self.refuse(delivery, refusal, part.contract.dataset, part.feed)
        if is_whole and batch["state"] == "gated":
            said = lines_of(verdict for table in part.tables for verdict in table.verdicts.values())
            self._db.execute(read_sql(self._settings.root, "load/validation"), batch | said)
        return [batch]

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

    def note_withdrawn(self, batch: dict[str, Any], rows: int, *, warn: bool) -> None:
        """Record how many rows a snapshot closed; a large share is worth a word to the owner."""
        said = [f"{_FEWER} {rows} 行，请确认不是漏报"] if warn else []
        self._db.execute(
            "update audit.batch set rows_withdrawn = %s, warnings_zh = warnings_zh || %s::text[]"
            " where county_code = %s and batch_id = %s",
            (rows, said, batch["county_code"], batch["batch_id"]),
        )
        batch["warnings_zh"] = [*batch.get("warnings_zh", ()), *said]

    def note_years(self, county_code: str, batches: Sequence[str], units: Mapping[str, int]) -> None:
        """Note which year a snapshot states for the units whose rows it has held back."""
        for unit, year in sorted(units.items()):
            names = {
                "county_code": county_code, "batches": list(batches), "reporting_unit": unit, "scope_year": year,
            }  # fmt: skip
            self._db.execute(read_sql(self._settings.root, "load/quarantine_year"), names)

    def settle_quarantine(
        self, county_code: str, dataset: str, batches: Sequence[str] | None = None, units: Iterable[str] = ()
    ) -> None:
        """Tell where each matter stands that these batches show or may answer, or every matter of the dataset.

        ``units`` are those whose current snapshot the batches are.
        """
        names = {
            "county_code": county_code, "dataset": dataset, "all": batches is None, "batches": list(batches or ()),
            "units": sorted(units),
        }  # fmt: skip
        # Told as a list, so that the planner knows how many there are: it takes what was written just now for a few.
        row = self._db.execute(read_sql(self._settings.root, "load/affected_quarantine"), names).fetchone()
        if row is not None and row[0]:
            facts = names | {"issues": row[0]}
            self._db.execute(read_sql(self._settings.root, "load/settle_quarantine"), facts, prepare=False)

    def cover(self, county_code: str, dataset: str, covers_to: date, covers_from: date | None = None) -> None:
        """Record that accepted deliveries of the dataset now speak of days up to ``covers_to``.

        ``covers_from`` is the first of these days, by default the first of the year.
        """
        names = {
            "county_code": county_code, "dataset": dataset, "covers_to": covers_to, "covers_from": covers_from,
        }  # fmt: skip
        self._db.execute(read_sql(self._settings.root, "load/touched_by_coverage"), names)
        self._db.execute(read_sql(self._settings.root, "load/coverage"), names)

    def touch(self, county_code: str, dataset: str, day: date) -> None:
        """Have the figures of the month of ``day`` computed although no row of it came in: nothing is new in it."""
        names = {"county_code": county_code, "dataset": dataset, "day": day}
        self._db.execute(read_sql(self._settings.root, "load/touched_nil"), names)

    def _known(self, county_code: str, batch_id: str) -> dict[str, Any] | None:
        names = {"county_code": county_code, "batch_id": batch_id}
        row = self._db.execute(read_sql(self._settings.root, "load/batch"), names).fetchone()
        return None if row is None else dict(row[0])

    def _account(self, conformed: Conformed, findings: Sequence[Finding]) -> Account:
        table, verdicts = conformed.table, [*conformed.verdicts.values()]
        return Account(
            version=conformed.version,
            covers_to=conformed.covers_to,
            delivery=table.delivery,
            rows_read=len(table.rows) + table.ignored_rows,
            rows_ignored=table.ignored_rows,
            yuan_read=sum(conformed.amounts.values(), Decimal(0)),
            rows_amount_unreadable=len(conformed.unreadable_amounts),
            warnings=[*conformed.warnings, *map(self._privacy.mask, warnings_of(verdicts))],
            verdicts=verdicts,
            reporting_unit=table.reporting_unit,
            shape=conformed.shape,
            findings=findings,
            typed=conformed.typed,
            months=months_held(conformed.contract, table.labels, findings, conformed.days),
            persons=conformed.persons,
        )
