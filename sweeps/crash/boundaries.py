"""Where a run can be struck: after every statement, every end of a transaction, every page and every file landed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import psycopg

from xiezuo.fetch.landing import Landing
from xiezuo.fetch.platform.exchange import Exchange

Strike = Callable[["Boundaries"], None]


class Boundaries:
    """Counts the boundaries that this process passes, and strikes once, at the one asked for (from 1; 0: never).

    ``fetched`` are those at which a page or a file had just come in.
    It is meant for a process that was forked for this: it changes what all of the process uses.
    """

    def __init__(self, at: int, strike: Strike) -> None:
        self.passed, self.fetched, self._at, self._strike = 0, list[int](), at, strike
        self.connections: list[psycopg.Connection[Any]] = []

    def watch(self) -> None:
        """From here on every boundary is counted."""
        self._after(psycopg.Cursor, "execute", self._statement)
        self._after(psycopg.Cursor, "executemany", self._statement)
        self._after(psycopg.Transaction, "__exit__", lambda _: self._pass())
        self._after(Exchange, "send", lambda _: self._fetched())
        self._after(Landing, "keep", lambda _: self._fetched())
        self._copies()

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self._at:
            self._strike(self)

    def _fetched(self) -> None:
        self.fetched.append(self.passed + 1)
        self._pass()

    def _statement(self, cursor: Any) -> None:
        if cursor.connection not in self.connections:
            self.connections.append(cursor.connection)
        self._pass()

    def _after(self, owner: Any, name: str, told: Callable[[Any], None]) -> None:
        original = getattr(owner, name)

        @wraps(original)
        def method(this: Any, *words: Any, **named: Any) -> Any:
            done = original(this, *words, **named)
            told(this)
            return done

        setattr(owner, name, method)

    def _copies(self) -> None:
        """Count a COPY twice: as soon as it is open, and when all its rows are sent."""
        original = psycopg.Cursor.copy

        @contextmanager
        def copy(cursor: Any, *words: Any, **named: Any) -> Iterator[Any]:
            with original(cursor, *words, **named) as opened:
                self._statement(cursor)
                yield opened
            self._statement(cursor)

        psycopg.Cursor.copy = copy  # type: ignore[method-assign, assignment]
