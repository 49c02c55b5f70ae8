"""The client for sales platforms: windows of at most a day, read page by page until they are whole.

Rows come newest first, and a row modified while we page leaves its window and shifts the rest towards
the first page, so that a walk forward alone can step over a row. A window of several pages is therefore
walked forward to its last page and then back: a row can only move to lower page numbers, so the walk
back meets it. Rows that enter meanwhile push the other way; the walk back is repeated, up to
``_WALKS_BACK`` times, until it finds every page as the walk before left it. Duplicates across pages
are expected: the merge keeps one. What the profile's codes mean is in :mod:`.profile`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Any, Self

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.answers import Answer
from xiezuo.fetch.platform.asking import Asker, Renewed, WindowTooOld
from xiezuo.fetch.platform.deadline import Deadline
from xiezuo.fetch.platform.exchange import Limits
from xiezuo.fetch.platform.profile import Profile
from xiezuo.fetch.platform.retries import Patience, Waiting, down

__all__ = ["Page", "PlatformClient", "WindowTooOld", "windows"]

_log = logging.getLogger("xiezuo.fetch.fetch")
_WALKS_BACK = 3
_REPEATS_ALLOWED = 2
_ENDLESS = "平台一天的订单没有尽头（{}），已停止读取并保留原有数据"


@dataclass(frozen=True)
class Page:
    """One page as it came: ``page_no`` as the platform counts, ``body`` the bytes, ``items`` raw.

    Item numbers are exact (``int`` or ``Decimal``); amounts and times stay in the platform's units.
    """

    window_start: datetime
    window_end: datetime
    page_no: int
    body: bytes = field(repr=False)
    items: list[dict[str, Any]] = field(repr=False)


@dataclass
class _Window:
    """What has been seen of one window: per page the fingerprint and count of its latest items."""

    start: datetime
    end: datetime
    waiting: Waiting
    prints: dict[int, str] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    handed: set[tuple[int, str]] = field(default_factory=set)
    pages: int = 0
    items: int = 0


class PlatformClient:
    """Reads one connection's windows; not safe to share between threads.

    ``on_renewed`` is told of a session that was renewed on the way, so that the caller can keep it.
    """

    def __init__(
        self,
        connection: PlatformConnection,
        profile: Profile,
        clock: Callable[[], datetime],
        *,
        limits: Limits | None = None,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        on_renewed: Callable[[Renewed], None] | None = None,
    ) -> None:
        if connection.profile != profile.name:
            raise ConfigError(f"{connection.conn_id} does not ask for the profile {profile.name}")
        self._who = connection.conn_id
        self._paging = profile.paging
        self._patience = patience or Patience()
        self._sleep = sleep
        self._limits = limits or Limits()
        self._asker = Asker(connection, profile, clock, self._limits, on_renewed)

    def close(self) -> None:
        """Close the connection to the platform."""
        self._asker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def windows(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Cut a span at midnights in +08:00 into half-open windows, see :func:`windows`."""
        return windows(start, end)

    def fetch_window(self, start: datetime, end: datetime) -> Iterator[Page]:
        """Yield every page of one window (aware instants, at most a day); an empty window has one empty page.

        A page that comes back just as it was already handed out is not handed out again.

        Raises:
            ValueError: an instant is naive, or the window is longer than a day.
            SourceDown: no whole answer within the limits, or the platform pages without end. Nothing of the window
                may be used then: the limit of seconds holds for all of it, from the first page asked for to the last.
            WindowTooOld: the platform no longer serves a window that lies so far back.
            ConfigError: signature, arguments, session or clock are wrong, and retrying cannot help.
        """
        if end - start > timedelta(days=1) or start.tzinfo is None:
            raise ValueError("a window is at most one day between two aware instants")
        if start >= end:
            return
        what = (f"the window from {start.isoformat()}", f"读取 {start.astimezone(SHANGHAI).date()} 的订单")
        deadline = Deadline.after(self._limits.total_seconds, what)
        window = _Window(start, end, Waiting(self._who, self._patience, deadline, self._sleep))
        yield from self._walk(window)
        _log.info(
            "%s: window %s to %s: %d pages, %d items",
            *(self._who, start.isoformat(), end.isoformat(), window.pages, window.items),
        )

    def _walk(self, window: _Window) -> Iterator[Page]:
        first = self._paging.first
        last = yield from self._forward(window, first)
        for _ in range(_WALKS_BACK):
            if last == first:
                return
            before = dict(window.prints)
            last = yield from self._forward(window, last)
            for page_no in range(last - 1, first - 1, -1):
                yield from self._new(window, page_no, self._read(window, page_no))
            if window.prints == before:
                return

    def _forward(self, window: _Window, page_no: int) -> Generator[Page, None, int]:
        """Read on from a page to the end and return the last page's number.

        The last page counts although it be empty: its rows may have moved to the page before it.
        """
        seen = sum(count for no, count in window.counts.items() if no < page_no)
        met: dict[str, int] = {}
        while True:
            if page_no - self._paging.first >= self._paging.max_pages:
                most = self._paging.max_pages
                raise down(self._who, f"more than {most} pages in one window", _ENDLESS.format(f"超过 {most} 页"))
            answer = self._read(window, page_no)
            yield from self._new(window, page_no, answer)
            seen += len(answer.items)
            if not self._more(answer, seen):
                return page_no
            times = met[window.prints[page_no]] = met.get(window.prints[page_no], -1) + 1
            if times >= _REPEATS_ALLOWED:
                said = f"第 {page_no} 页一再重复前面的内容"
                raise down(self._who, f"page {page_no} repeats an earlier page again and again", _ENDLESS.format(said))
            page_no += 1

    def _more(self, answer: Answer, seen: int) -> bool:
        """Whether another page must be asked for. A total is never a reason to stop early."""
        full = len(answer.items) >= self._paging.size
        if self._paging.more == "flag":
            return full if answer.has_next is None else answer.has_next
        return bool(answer.items) and (full or seen < (answer.total or 0))

    def _read(self, window: _Window, page_no: int) -> Answer:
        answer = self._asker.page(window.start, window.end, page_no, window.waiting)
        window.prints[page_no] = _fingerprint(answer)
        window.counts[page_no] = len(answer.items)
        return answer

    def _new(self, window: _Window, page_no: int, answer: Answer) -> Iterator[Page]:
        key = (page_no, window.prints[page_no])
        if key in window.handed or (not answer.items and window.handed):
            return
        window.handed.add(key)
        window.pages += 1
        window.items += len(answer.items)
        yield Page(window.start, window.end, page_no, answer.body, answer.items)


def windows(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Cut a span of aware instants at midnights in +08:00: consecutive, half-open, at most a day each.

    A span that is empty or ends before it starts has no windows.
    """
    cuts: list[tuple[datetime, datetime]] = []
    at, end = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    while at < end:
        midnight = datetime.combine(at.date() + timedelta(days=1), time_of_day(), SHANGHAI)
        cuts.append((at, min(midnight, end)))
        at = midnight
    return cuts


def _fingerprint(answer: Answer) -> str:
    """Of the items only: answers differ in request numbers and times without saying anything new."""
    text = json.dumps(answer.items, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
