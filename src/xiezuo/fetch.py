"""Stage one: save the bytes as they came, under their SHA-256, and note that they are there.

Nothing is interpreted here. What is noted is found again by digest, so fetching twice is one landing.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from xiezuo import warehouse
from xiezuo.clock import SHANGHAI
from xiezuo.connections import DatabaseConnection, PlatformConnection
from xiezuo.contracts import load_contracts
from xiezuo.errors import ConfigError, FileRefused, SourceDown
from xiezuo.landing import Landing
from xiezuo.plan import Group, file_at
from xiezuo.privacy import Privacy, content_id
from xiezuo.readers.database import read_table
from xiezuo.readers.platform import PlatformClient, WindowTooOld
from xiezuo.readers.profile import find_profile
from xiezuo.settings import Settings

OVERLAP = timedelta(minutes=10)
"""A watermark steps back ten minutes: late commits on the platform's side are read again."""
RESCAN = timedelta(days=7)
"""Once a week the last seven days are read again."""
OLDEST_SERVED = timedelta(days=92)
"""Platforms serve about three months; where one refuses, reading starts here."""

_log = logging.getLogger("xiezuo.fetch")

Connections = Mapping[str, PlatformConnection | DatabaseConnection]


def fetch(settings: Settings, group: Group, connections: Connections, *, since: datetime | None = None) -> list[str]:
    """Fetch every item of a group; return the landing ids, those known from earlier included.

    ``since`` is where the first reading of a platform begins (default: 1 January of this year).

    Raises:
        SourceDown: a platform or the ledger did not answer; what was landed before stays landed.
    """
    fetcher = _Fetcher(settings, group, connections, since)
    return [landing_id for item in group["items"] for landing_id in fetcher.item(item)]


class _Fetcher:
    def __init__(
        self, settings: Settings, group: Group, connections: Connections, since: datetime | None
    ) -> None:
        self._settings, self._group, self._connections = settings, group, connections
        self._landing, self._privacy = Landing(settings.landing_dir), Privacy.of(settings)
        now = settings.now()
        self._since = since or now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)

    def item(self, item: Mapping[str, Any]) -> Iterable[str]:
        kind = item["kind"]
        if kind == "file":
            return self._file(item)
        if kind == "platform":
            return self._platform(item)
        return self._database(item)

    def _file(self, item: Mapping[str, Any]) -> Iterator[str]:
        place = item["place"]
        path = file_at(self._settings, self._privacy, self._group["source"], item["county_code"], place)
        if path is None:
            _log.warning("a file planned for tonight is gone: %s", place)
            return
        sha256 = self._landing.keep_file(path)
        if sha256 != item["sha256"]:
            _log.info("a file is still being written and waits for the next run: %s", place)
            return
        yield self._note(item, "file", f"inbox:{place}", sha256, {"place": place})

    def _platform(self, item: Mapping[str, Any]) -> Iterator[str]:
        connection = self._connections[item["conn_id"]]
        if not isinstance(connection, PlatformConnection):
            raise ConfigError(f"{item['conn_id']} is not a sales platform")
        profile = find_profile(self._settings.root / "include" / "platforms", connection.profile)
        contract, feed = self._feed_of(connection.profile)
        now = self._settings.now()
        with PlatformClient(connection, profile, self._settings.now) as client:
            windows = client.windows(self._start(connection, now), now)
            for month, chunk in groupby(windows, key=lambda w: w[0].astimezone(SHANGHAI).strftime("%Y-%m")):
                spans = list(chunk)
                skipped: list[str] = []
                sha256 = self._landing.keep(self._pages(client, spans, now, skipped))
                first, last = spans[0][0], spans[-1][1]
                uri = f"platform:{connection.name}/{month}?from={first.isoformat()}&to={last.isoformat()}"
                details = {
                    "platform": connection.platform, "name": connection.name, "dataset": contract, "feed": feed,
                    "from": first.isoformat(), "to": last.isoformat(), "stream": connection.conn_id,
                    "not_served": skipped,
                }  # fmt: skip
                yield self._note(item, "platform", uri, sha256, details)

    def _pages(
        self, client: PlatformClient, spans: list[tuple[datetime, datetime]], now: datetime, skipped: list[str]
    ) -> Iterator[bytes]:
        """Yield one line a page; days the platform no longer serves are listed, not passed over in silence."""
        for start, end in spans:
            try:
                for page in client.fetch_window(start, end):
                    envelope = {
                        "from": start.isoformat(), "to": end.isoformat(), "page": page.page_no,
                        "body": base64.b64encode(page.body).decode("ascii"), "rows": page.items,
                    }  # fmt: skip
                    yield json.dumps(envelope, ensure_ascii=False, default=str).encode() + b"\n"
            except WindowTooOld:
                if start > now - timedelta(days=80):
                    raise
                skipped.append(start.date().isoformat())

    def _start(self, connection: PlatformConnection, now: datetime) -> datetime:
        """Return where to read on: the watermark less its overlap, or the beginning."""
        beginning = self._since
        if connection.history_days is not None:
            beginning = now - timedelta(days=connection.history_days)
        with warehouse.connect(self._settings) as db:
            row = db.execute(
                "select covered_from, covered_to from audit.watermark"
                " where county_code = %s and source = 'sales' and stream = %s",
                (connection.county_code, connection.conn_id),
            ).fetchone()
        if row is None or beginning < row[0]:
            return beginning
        covered_from, covered_to = (moment.astimezone(SHANGHAI) for moment in row)
        weekly = covered_to.isocalendar()[:2] != now.isocalendar()[:2]
        resumed: datetime = max(covered_from, min(covered_to, now) - (RESCAN if weekly else OVERLAP))
        return resumed

    def _feed_of(self, profile: str) -> tuple[str, str]:
        for contract in load_contracts(self._settings.root).values():
            for name, feed in contract.feeds.items():
                if feed.kind == "platform" and feed.profile == profile:
                    return contract.dataset, name
        raise ConfigError(f"no contract has a feed for platforms of profile {profile}")

    def _database(self, item: Mapping[str, Any]) -> Iterator[str]:
        """Read a county's rows of a table whole: a row entered late may carry any ``updated_at``.

        Once a day an unchanged table is a batch of unchanged rows, and its days are spoken of.
        """
        connection = self._connections[item["conn_id"]]
        if not isinstance(connection, DatabaseConnection):
            raise ConfigError(f"{item['conn_id']} is not a database")
        stream = f"{item['conn_id']}/{item['table']}"
        read_at = self._settings.now()
        details = {
            "table": item["table"], "dataset": item["dataset"], "feed": item["feed"], "stream": stream,
            "read_at": read_at.isoformat(),
        }  # fmt: skip
        uri = f"database:{item['conn_id']}/{item['table']}?on={read_at.astimezone(SHANGHAI).date()}"
        try:
            rows = read_table(connection.url, item["table"], county_code=item["county_code"])
            sha256 = self._landing.keep(json.dumps(r, ensure_ascii=False, default=str).encode() + b"\n" for r in rows)
        except FileRefused as refused:
            _log.error("%s: %s", uri, refused.zh)
            raise SourceDown(f"{uri} cannot be read", zh=refused.zh, next_step="ask who keeps the ledger") from refused
        yield self._note(item, "database", uri, sha256, details)

    def _note(self, item: Mapping[str, Any], kind: str, uri: str, sha256: str, details: dict[str, Any]) -> str:
        code = item["county_code"]
        landing_id = content_id(code, uri, sha256)
        with warehouse.connect(self._settings) as db:
            _upsert(db, {
                "county_code": code, "landing_id": landing_id, "source": self._group["source"], "kind": kind,
                "group_id": self._group["group"], "uri": uri, "sha256": sha256,
                "details": Jsonb(details), "landed_at": self._settings.now(),
            })  # fmt: skip
        return landing_id


def _upsert(db: psycopg.Connection, names: dict[str, Any]) -> None:
    db.execute(
        "insert into audit.landing (county_code, landing_id, source, kind, group_id, uri, sha256, details, landed_at)"
        " values (%(county_code)s, %(landing_id)s, %(source)s, %(kind)s, %(group_id)s, %(uri)s, %(sha256)s,"
        " %(details)s, %(landed_at)s) on conflict (county_code, landing_id)"
        " do update set group_id = excluded.group_id, details = excluded.details",
        names,
    )
