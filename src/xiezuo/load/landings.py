"""All that is landed for a load task: read and judged many at a time, then loaded one by one.

A landing is loaded, and noted as done, in one transaction: a kill leaves all of it or nothing.
"""


from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

import psycopg
from psycopg.types.json import Jsonb

from xiezuo.base.errors import ConfigError, FileRefused
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.coverage import covered, covered_from, spoken_of, years_stated
from xiezuo.conform.intake import (
    Intake,
    Landed,
    Part,
    Taken,
    constants_of,
    place_of,
    read_against,
    version_of,
    warnings_of,
)
from xiezuo.conform.readers import Sheet
from xiezuo.declared.suites import load_rules
from xiezuo.declared.words import Decision
from xiezuo.load.batch import Delivery
from xiezuo.load.load import WITHDRAWN_SHARE_WORTH_A_WORD, Loader, WordsDecided
from xiezuo.validate.deliveries import judge_all
from xiezuo.values.privacy import content_id, letters
from xiezuo.warehouse import access, word_log

# Stage four for one landing: what was read and judged of it becomes batches, and it is noted as done.
_ANSWERED_BY_TIME = frozenset(("DATE_IN_FUTURE", "ID_DATE"))
"""Reasons that may be gone tomorrow though the row is the same."""


class Taker:
    """Loads landings that were read and judged, each in the caller's transaction."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._settings, self._intake, self._privacy = settings, intake, intake.privacy

    def load(self, connection: psycopg.Connection, taken: Taken) -> list[dict[str, Any]]:
        """Load one landing and note that it is done; return its batches as recorded. Nothing is committed here."""
        loader = Loader(connection, self._settings, self._privacy, self._intake.decisions)
        if taken.landing["kind"] == "file":
            batches, read_against = self._file(loader, taken), None
        else:
            batches, read_against = self._items(connection, loader, taken)
        _done(connection, taken.landing, {} if read_against is None else {"read_against": read_against})
        return batches

    def refuse(self, connection: psycopg.Connection, landing: Landed) -> list[dict[str, Any]]:
        """Record that the warehouse itself could not store a value of the landing."""
        refusal = FileRefused("NOT_STORABLE", "其中有数据库无法保存的内容，请联系运维人员查看")
        loader = Loader(connection, self._settings, self._privacy)
        batch = loader.refuse(self._delivery(landing), refusal)
        _done(connection, landing, {})
        return [batch]

    def _file(self, loader: Loader, taken: Taken) -> list[dict[str, Any]]:
        if isinstance(taken.error, FileRefused):
            return [loader.refuse(self._sheet(taken.landing, ""), taken.error)]
        if taken.error is not None:
            raise taken.error
        return [batch for part in taken.parts for batch in self._part(loader, taken.landing, part)]

    def _part(self, loader: Loader, landing: Landed, part: Part) -> list[dict[str, Any]]:
        """Load the sheets of one dataset of a file; a gate that closes on one holds all of them back."""
        contract = part.contract
        if isinstance(part.error, FileRefused):
            delivery = self._sheet(landing, "、".join(part.sheets))
            return [loader.refuse(delivery, part.error, contract.dataset, part.feed)]
        if part.error is not None:
            raise part.error
        version = max(one.version for one in part.tables)
        batches = []
        for one, findings in zip(part.tables, part.findings, strict=True):
            one.version = version
            batches.append(loader.load(self._sheet(landing, one.table.sheet), one, findings))
        self._close_snapshot(loader, landing, part, version, batches)
        for day in spoken_of(contract, part.tables):
            loader.cover(landing["county_code"], contract.dataset, day)
        return batches

    def _close_snapshot(
        self, loader: Loader, landing: Landed, part: Part, version: datetime, batches: Sequence[dict[str, Any]]
    ) -> None:
        whole = [one for one in part.tables if one.table.delivery == "snapshot"]
        if not whole:
            return
        units = years_stated(part.contract, whole, version)
        covers_to = max(one.covers_to for one in whole)
        withdrawn = loader.withdraw(part.contract, self._sheet(landing, ""), units, version, covers_to)
        if withdrawn:
            stated = sum(len(one.rows) for one in whole)
            many = withdrawn > WITHDRAWN_SHARE_WORTH_A_WORD * (stated + withdrawn)
            loader.note_withdrawn(batches[0], withdrawn, warn=many)

    def _items(
        self, connection: psycopg.Connection, loader: Loader, taken: Taken
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Load what a platform or a table gave, and move watermark and coverage; of an unchanged table only these.

        Returns the batches, and what the table was read against where the same bytes need not be read again.
        """
        landing, details = taken.landing, taken.landing["details"]
        if taken.error is not None:
            raise taken.error
        batches = []
        if taken.streamed is not None:
            batches.append(self._streamed(loader, taken))
        for part in taken.parts:
            if part.error is not None:
                raise part.error
            batches.append(loader.load(self._delivery(landing), part.tables[0], part.findings[0]))
        loader.cover(landing["county_code"], details["dataset"], covered(details), covered_from(details))
        if landing["kind"] == "platform":
            _move_watermark(connection, landing)
            return batches, None
        findings = (finding for part in taken.parts for finding in part.findings[0])
        if any(finding.rule_id in _ANSWERED_BY_TIME for finding in findings):
            return batches, None
        decisions = self._intake.decisions.get(landing["county_code"], ())
        return batches, read_against(self._settings, landing, decisions)

    def _streamed(self, loader: Loader, taken: Taken) -> dict[str, Any]:
        from xiezuo.load.stream import Stream

        landing, columns = taken.landing, taken.streamed
        assert columns is not None  # noqa: S101  (asked by the caller)
        rules = load_rules(self._settings.root, columns.contract.dataset, "rows")
        stream = Stream(self._settings, columns, self._intake.around(landing["county_code"]), rules)
        return stream.load(
            loader, self._delivery(landing), self._intake.path(landing),
            constants_of(landing, columns.contract.feeds[columns.feed]),
            version=version_of(landing), covers_to=covered(landing["details"]), warnings=warnings_of(landing),
        )  # fmt: skip

    def _delivery(self, landing: Landed) -> Delivery:
        code, source, place = landing["county_code"], landing["source"], place_of(landing)
        return Delivery(code, source, landing["uri"], landing["sha256"], place, "", None)

    def _sheet(self, landing: Landed, sheet: str) -> Delivery:
        tie = tie_of(landing)
        sheet = self._privacy.mask(sheet)
        uri = f"{landing['uri']}#{sheet}" if sheet else landing["uri"]
        return replace(self._delivery(landing), uri=uri, sheet=sheet, version_tie=tie)


def tie_of(landing: Landed) -> str:
    """Return what orders the rows of a file among those of the same version: its content, then its place."""
    return f"{letters(bytes.fromhex(landing['sha256']), 64)}:{content_id(landing['details']['place'], size=8)}"


def _done(connection: psycopg.Connection, landing: Landed, details: Mapping[str, Any]) -> None:
    connection.execute(
        "update audit.landing set state = 'done', details = details || %s where county_code = %s and landing_id = %s",
        (Jsonb(details), landing["county_code"], landing["landing_id"]),
    )


def _move_watermark(connection: psycopg.Connection, landing: Landed) -> None:
    details = landing["details"]
    connection.execute(
        "insert into audit.watermark as w values (%s, %s, %s, %s, %s)"
        " on conflict (county_code, source, stream) do update set"
        " covered_from = least(w.covered_from, excluded.covered_from),"
        " covered_to = greatest(w.covered_to, excluded.covered_to)",
        (landing["county_code"], landing["source"], details["stream"], details["from"], details["to"]),
    )


HELD_ROWS = 20_000
"""Rows that are collected before they are judged: what a call costs is spread over enough, and memory is bounded."""

_log = logging.getLogger("xiezuo.load.landings")


def load_landed(settings: Settings, parts: Sequence[str]) -> tuple[list[dict[str, Any]], list[Exception]]:
    """Load everything landed for these parts of a group and not yet loaded, in the order of counties and places.

    Returns the batches, and the errors of ours that kept landings out; these wait for the next run.

    Raises:
        SourceDown: the warehouse does not answer.
    """
    batches: list[dict[str, Any]] = []
    failures: list[Exception] = []
    with _Door(settings) as door:
        intake = Intake(settings, door.decisions())
        taker = Taker(settings, intake)
        for held in collected(intake, _landed(settings, door.connection(), parts)):
            judge_all(settings.root, held)
            while held:
                taken = held.popleft()
                try:
                    try:
                        batches += _load(door.connection(), taker, taken)
                    except WordsDecided:
                        intake.learn(door.decisions())
                        batches += _load(door.connection(), taker, read_again(settings, intake, taken.landing))
                except (ConfigError, psycopg.Error, OSError, ValueError) as error:
                    landing_id = taken.landing["landing_id"]
                    _log.error("landing %s could not be loaded: %s", landing_id, type(error).__name__)
                    failures.append(error)
    return batches, failures


def read_again(settings: Settings, intake: Intake, landing: Landed) -> Taken:
    """Read and judge one landing by itself."""
    sheets: Future[list[Sheet]] | None = None
    if landing["kind"] == "file":
        sheets = Future()
        try:
            sheets.set_result(intake.sheets(landing))
        except Exception as error:  # noqa: BLE001  (the intake makes of it what it makes of every error)
            sheets.set_exception(error)
    taken = intake.take(landing, sheets)
    judge_all(settings.root, [taken])
    return taken


class _Door:
    """One connection for all landings of a task; where it broke, the next landing finds a new one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._connection: psycopg.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def connection(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = self._stack.enter_context(access.connect(self._settings))
            self._connection.prepare_threshold = None  # a plan made for ten rows must not serve a million
        return self._connection


    def decisions(self) -> dict[str, list[Decision]]:
        """Return what counties decided about words; the transaction ends with it, since each landing has its own."""
        connection = self.connection()
        with connection.transaction():
            return word_log.decisions(connection, self._settings)


def _landed(settings: Settings, connection: psycopg.Connection, parts: Sequence[str]) -> list[Landed]:
    with connection.transaction():
        rows = connection.execute(read_sql(settings.root, "load/landed"), {"parts": list(parts)}).fetchall()
    return [row[0] for row in rows]


def collected(intake: Intake, landings: Sequence[Landed]) -> Iterator[deque[Taken]]:
    """Yield landings as read, in their order, as many at once as memory is meant to hold.

    Whoever is given them takes them out one by one, so that what is loaded is not held here.
    """
    held: deque[Taken] = deque()
    rows = 0
    for landing, sheets in _read_ahead(intake, landings):
        is_large = intake.is_large(landing)
        if is_large and held:
            yield held
            rows = 0
        held.append(intake.take(landing, sheets))
        rows += held[-1].rows
        if is_large or rows >= HELD_ROWS:
            yield held
            rows = 0
    if held:
        yield held


def _read_ahead(intake: Intake, landings: Sequence[Landed]) -> Iterator[tuple[Landed, Future[list[Sheet]] | None]]:
    """Yield landings, files with their sheets; the next workbook's process is at work while one is conformed."""
    with ThreadPoolExecutor(1, thread_name_prefix="read") as thread:

        def begin(landing: Landed) -> Future[list[Sheet]] | None:
            return thread.submit(intake.sheets, landing) if landing["kind"] == "file" else None

        coming = deque((landing, begin(landing)) for landing in landings[:1])
        for following in landings[1:]:
            coming.append((following, begin(following)))
            yield coming.popleft()
        yield from coming


def _load(connection: psycopg.Connection, taker: Taker, taken: Taken) -> list[dict[str, Any]]:
    try:
        with ExitStack() as stack:
            if taken.is_empty:  # only days move: nothing is asked, so nothing is waited for
                stack.enter_context(connection.pipeline())
            stack.enter_context(connection.transaction())
            return taker.load(connection, taken)
    except psycopg.DataError:  # a value no parser foresaw: the delivery is refused, not the run
        with connection.transaction():
            return taker.refuse(connection, taken.landing)
