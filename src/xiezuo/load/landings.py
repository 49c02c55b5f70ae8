"""All that is landed for a load task: read and judged many at a time, then loaded one by one.

A landing is loaded, and noted as done, in one transaction: a kill leaves all of it or nothing.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Self

import psycopg

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.intake import Intake, Landed, Taken
from xiezuo.conform.readers import Sheet
from xiezuo.declared.words import Decision
from xiezuo.load.load import WordsDecided
from xiezuo.load.taker import Taker, read_again
from xiezuo.validate.deliveries import judge_all
from xiezuo.warehouse import access, word_log

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
