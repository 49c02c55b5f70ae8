"""A platform's windows, landed month by month: each month is one landing, and never fetched twice by a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import load_contracts
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.landing_log import Shelf
from xiezuo.fetch.platform.client import PlatformClient, WindowTooOld
from xiezuo.fetch.platform.pages import page_lines
from xiezuo.fetch.platform.profile import find_profile

OVERLAP = timedelta(minutes=10)
"""A watermark steps back ten minutes: late commits on the platform's side are read again."""
RESCAN = timedelta(days=7)
"""Once a week the last seven days are read again."""
OLDEST_SERVED = timedelta(days=80)
"""Platforms serve about three months: one that refuses an older day is believed, a younger one is not."""

Watermark = tuple[datetime, datetime]
Window = tuple[datetime, datetime]


class PlatformMonths:
    """Reads platforms up to ``until``, the moment of the plan: every try of a run asks for the same windows.

    ``since`` is where the first reading of a platform begins; ``watermarks`` say, by stream, how far each has
    been loaded.
    """

    def __init__(
        self, settings: Settings, shelf: Shelf, until: datetime, since: datetime, watermarks: Mapping[str, Watermark]
    ) -> None:
        self._settings, self._shelf = settings, shelf
        self._until, self._since, self._watermarks = until, since, watermarks
        self._landing = Landing(settings.landing_dir)

    def land(self, item: dict[str, Any], connection: PlatformConnection) -> None:
        """Land every month of a platform that is new and that this run has not landed yet.

        Raises:
            SourceDown: it did not answer; months landed before stay landed.
            ConfigError: there is no profile or contract for it, or it refuses us.
        """
        profile = find_profile(self._settings.root / "include" / "platforms", connection.profile)
        contract, feed = self._feed_of(connection.profile)
        with PlatformClient(connection, profile, self._settings.now) as client:
            windows = client.windows(self._start(connection), self._until)
            for month, chunk in groupby(windows, key=lambda w: w[0].astimezone(SHANGHAI).strftime("%Y-%m")):
                spans = list(chunk)
                first, last = spans[0][0].isoformat(), spans[-1][1].isoformat()
                uri = f"platform:{connection.name}/{month}?from={first}&to={last}"
                if self._shelf.has(item["county_code"], uri):
                    continue
                skipped: list[str] = []
                sha256 = self._landing.keep(self._pages(client, spans, skipped))
                details = {
                    "platform": connection.platform, "name": connection.name, "dataset": contract, "feed": feed,
                    "from": first, "to": last, "stream": connection.conn_id, "not_served": skipped,
                }  # fmt: skip
                self._shelf.note(item, uri, sha256, details)

    def _pages(self, client: PlatformClient, spans: list[Window], skipped: list[str]) -> Iterator[bytes]:
        """Yield the lines of each page; days the platform no longer serves are listed, not passed over in silence."""
        for start, end in spans:
            try:
                for page in client.fetch_window(start, end):
                    yield from page_lines(start, end, page.page_no, page.items, page.body)
            except WindowTooOld:
                if start > self._until - OLDEST_SERVED:
                    raise
                skipped.append(start.date().isoformat())

    def _start(self, connection: PlatformConnection) -> datetime:
        """Return where to read on: the watermark less its overlap, or the beginning."""
        beginning = self._since
        if connection.history_days is not None:
            beginning = self._until - timedelta(days=connection.history_days)
        watermark = self._watermarks.get(connection.conn_id)
        if watermark is None or beginning < watermark[0]:
            return beginning
        covered_from, covered_to = (moment.astimezone(SHANGHAI) for moment in watermark)
        weekly = covered_to.isocalendar()[:2] != self._until.isocalendar()[:2]
        return max(covered_from, min(covered_to, self._until) - (RESCAN if weekly else OVERLAP))

    def _feed_of(self, profile: str) -> tuple[str, str]:
        for contract in load_contracts(self._settings.root).values():
            for name, feed in contract.feeds.items():
                if feed.kind == "platform" and feed.profile == profile:
                    return contract.dataset, name
        raise ConfigError(f"no contract has a feed for platforms of profile {profile}")
