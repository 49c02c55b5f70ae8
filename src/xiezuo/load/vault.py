"""What must be kept of people and of rows held back: in the open without a person, in the vault encrypted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from xiezuo.base.sql_files import read_sql
from xiezuo.conform.rows.reader import Finding
from xiezuo.load.batch import Account, Delivery
from xiezuo.values.privacy import Privacy, content_id

_AT_ONCE = 10_000
"""People written by one statement."""

_QUARANTINE = (
    "copy audit.quarantine"
    " (county_code, quarantine_id, batch_id, row_no, file, sheet, column_name, rule_id, reason_zh, month)"
    " from stdin"
)
_REJECTED = "copy vault.rejected_row (county_code, batch_id, row_no, payload) from stdin"


class Custody:
    """Writes ``audit.quarantine`` and ``vault`` inside the loader's transaction.

    Rows and people are sealed in a thread from the moment it is entered, while PostgreSQL merges the batch.
    """

    def __init__(
        self, connection: psycopg.Connection, root: Path, privacy: Privacy, delivery: Delivery, account: Account
    ) -> None:
        self._db, self._root, self._privacy = connection, root, privacy
        self._delivery, self._account = delivery, account
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._rows: Future[list[tuple[int, bytes]]]
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
                _copy(cursor, _QUARANTINE, self._reasons(batch_id, self._account.findings))
                _copy(cursor, _REJECTED, ((county, batch_id, *row) for row in self._rows.result()))
            people = iter(self._people.result())
            while some := list(islice(people, _AT_ONCE)):
                keys, payloads, macs = map(list, zip(*some, strict=True))
                facts = {"county_code": county, "keys": keys, "payloads": payloads, "macs": macs}
                cursor.execute(read_sql(self._root, "load/person"), facts)

    def _reasons(self, batch_id: str, findings: Sequence[Finding]) -> Iterable[tuple[Any, ...]]:
        """Yield the reasons, each once; a row may break one rule in one column twice."""
        seen: set[str] = set()
        for found in findings:
            number = content_id(batch_id, str(found.row_no), found.column, found.rule_id)
            if number not in seen:
                seen.add(number)
                yield (
                    self._delivery.county_code, number, batch_id, found.row_no, self._delivery.file,
                    self._delivery.sheet, self._privacy.mask(found.column), found.rule_id, found.reason_zh,
                    self._account.months.get(found.row_no),
                )  # fmt: skip

    def _seal_rows(self) -> list[tuple[int, bytes]]:
        typed = self._account.typed
        numbers = sorted({found.row_no for found in self._account.findings})
        return [(number, self._privacy.seal(typed[number])) for number in numbers]

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
