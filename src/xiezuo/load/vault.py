"""What must be kept of people and of rows held back: in the open without a person, in the vault encrypted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import Contract
from xiezuo.load.batch import Account, Delivery
from xiezuo.values import normalise
from xiezuo.values.privacy import Privacy, content_id
from xiezuo.values.typed_row import as_typed

_AT_ONCE = 10_000
"""People written by one statement."""

_QUARANTINE = (
    "copy audit.quarantine"
    " (county_code, quarantine_id, batch_id, row_no, file, sheet, column_name, rule_id, reason_zh, month,"
    " row_id, issue_id, reporting_unit, scope_year) from stdin"
)
_REJECTED = "copy vault.rejected_row (county_code, batch_id, row_no, payload) from stdin"


@dataclass(frozen=True)
class _Held:
    """A row held back: sealed, what it is called wherever it is seen, and whose snapshot states it."""

    sealed: bytes
    row_id: str
    reporting_unit: str | None


class Custody:
    """Writes ``audit.quarantine`` and ``vault`` inside the loader's transaction.

    Rows and people are sealed in a thread from the moment it is entered, while PostgreSQL merges the batch.
    """

    def __init__(
        self, connection: psycopg.Connection, root: Path, privacy: Privacy, delivery: Delivery, contract: Contract,
        account: Account,
    ) -> None:  # fmt: skip
        self._db, self._root, self._privacy = connection, root, privacy
        self._delivery, self._contract, self._account = delivery, contract, account
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._rows: Future[dict[int, _Held]]
        self._people: Future[list[tuple[str, bytes, str]]]

    def __enter__(self) -> Self:
        people = self._changed_people()
        self._rows = self._pool.submit(self._seal_rows)
        self._people = self._pool.submit(self._seal_people, people)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def keep(self, batch_id: str) -> None:
        """Write every reason why a row was held back, these rows, and the people, once the batch is recorded."""
        county = self._delivery.county_code
        with self._db.cursor() as cursor:
            if self._account.findings:
                held = self._rows.result()
                _copy(cursor, _QUARANTINE, self._reasons(batch_id, self._account.findings, held))
                _copy(cursor, _REJECTED, ((county, batch_id, number, row.sealed) for number, row in held.items()))
            people = iter(self._people.result())
            while some := list(islice(people, _AT_ONCE)):
                keys, payloads, macs = map(list, zip(*some, strict=True))
                facts = {"county_code": county, "keys": keys, "payloads": payloads, "macs": macs}
                cursor.execute(read_sql(self._root, "load/person_new"), facts)
                if cursor.rowcount < len(some):
                    cursor.execute(read_sql(self._root, "load/person_changed"), facts)

    def _reasons(
        self, batch_id: str, findings: Sequence[Finding], held: Mapping[int, _Held]
    ) -> Iterable[tuple[Any, ...]]:
        """Yield the reasons, each once; a row may break one rule in one column twice.

        What is one matter wherever it is seen: the row as typed and the rule, in the order of columns where a row
        breaks it in several.
        """
        seen: set[str] = set()
        broken: Counter[tuple[int, str]] = Counter()
        county = self._delivery.county_code
        for found in sorted(findings, key=lambda one: (one.row_no, one.rule_id, one.column)):
            number = content_id(batch_id, str(found.row_no), found.column, found.rule_id)
            if number in seen:
                continue
            seen.add(number)
            row, rule = held[found.row_no], (found.row_no, found.rule_id)
            issue = content_id(county, row.row_id, found.rule_id, str(broken[rule]))
            broken[rule] += 1
            yield (
                county, number, batch_id, found.row_no, self._delivery.file, self._delivery.sheet,
                self._privacy.mask(found.column), found.rule_id, found.reason_zh,
                self._account.months.get(found.row_no), row.row_id, issue, row.reporting_unit, self._year,
            )  # fmt: skip

    @property
    def _year(self) -> int | None:
        """The year a snapshot states by its version; the rows that are read may say another."""
        if self._account.delivery != "snapshot":
            return None
        has_years = self._contract.touches or self._contract.valid
        return self._account.version.astimezone(SHANGHAI).year if has_years else 0

    def _seal_rows(self) -> dict[int, _Held]:
        typed = self._account.typed
        numbers = sorted({found.row_no for found in self._account.findings})
        return {number: self._held(typed[number]) for number in numbers}

    def _held(self, typed: Mapping[str, Any]) -> _Held:
        row_id = self._privacy.keyed("row held back", self._contract.dataset, *as_typed(typed))
        return _Held(self._privacy.seal(typed), row_id, self._unit_of(typed))

    def _unit_of(self, typed: Mapping[str, Any]) -> str | None:
        """Return the unit whose snapshot states a row; None where none is named, or what names it could not be read."""
        name = self._contract.reporting_unit
        if self._account.delivery != "snapshot" or (name and name not in self._contract.fields):
            return None
        if name and self._contract.fields[name].type != "text":
            return None
        own = typed.get(name) if name else None
        stated = "" if own is None else "".join(normalise(str(own)).split())
        return self._privacy.mask(stated or self._account.reporting_unit) or None

    def _changed_people(self) -> list[tuple[str, str]]:
        """Return those whose names, numbers or telephones are not sealed as they are, each with its digest."""
        people = self._account.persons
        if not people:
            return []
        macs = {key: self._privacy.keyed("payload", repr(sorted(people[key].items()))) for key in sorted(people)}
        statement = "select person_key, payload_mac from vault.person where county_code = %s and person_key = any(%s)"
        rows = self._db.execute(statement, (self._delivery.county_code, list(macs))).fetchall()
        known: dict[str, str] = dict(rows)
        return [(key, mac) for key, mac in macs.items() if known.get(key) != mac]

    def _seal_people(self, people: Sequence[tuple[str, str]]) -> list[tuple[str, bytes, str]]:
        persons: Mapping[str, Mapping[str, str]] = self._account.persons
        return [(key, self._privacy.seal(persons[key]), mac) for key, mac in people]


def _copy(cursor: psycopg.Cursor[Any], statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
