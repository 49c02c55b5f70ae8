"""Stage one: save the bytes as they came, under their SHA-256, and note that they are there.

Nothing is interpreted here. What is noted is found again by digest, so fetching twice is one landing. A group
may hold many sources: one that is dead fails alone, and is named when all others have been fetched. The next
try of the same run asks it again, and fetches nothing that this run has landed already.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import psycopg

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError, SourceDown, XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.counties import load_counties
from xiezuo.fetch.connections import DatabaseConnection, PlatformConnection
from xiezuo.fetch.faults import Fault, blamed
from xiezuo.fetch.inbox import file_at
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.landing_log import Shelf
from xiezuo.fetch.ledger_tables import Extracts
from xiezuo.fetch.plan import Group, parts_of
from xiezuo.fetch.platform.months import PlatformMonths
from xiezuo.fetch.unread import uri_of
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access

_TOLERATED = 3
"""Connections to one server that may fail in a row before the others to it are not tried any more."""

_log = logging.getLogger("xiezuo.fetch.fetch")

Connect = Callable[[str], PlatformConnection | DatabaseConnection]
"""Gives the connection of an id; raises ConfigError."""


def fetch(
    settings: Settings, group: Group, connect: Connect, *, since: datetime | None = None, run_id: str = ""
) -> int:
    """Fetch every source of a group; return how many landings of it now wait to be loaded.

    ``since`` is where the first reading of a platform begins (default: 1 January of this year). ``run_id``
    names the run whose later tries need not fetch again what this one landed.

    Raises:
        SourceDown, ConfigError: a source did not answer, or its connection is wrong; raised when all others
            have been fetched, and names every one (:func:`xiezuo.fetch.faults.blamed`).
    """
    with access.connect(settings, autocommit=True) as db:
        shelf = Shelf(db, settings, group, run_id)
        faults = _Fetcher(settings, group, connect, shelf).everything(since, db)
        if faults:
            raise blamed(faults, len(parts_of(group)))
        return shelf.waiting()


class _Fetcher:
    def __init__(self, settings: Settings, group: Group, connect: Connect, shelf: Shelf) -> None:
        self._settings, self._group, self._connect, self._shelf = settings, group, connect, shelf
        self._landing, self._privacy = Landing(settings.landing_dir), Privacy.of(settings)
        self._failed_in_a_row: dict[str, int] = {}

    def everything(self, since: datetime | None, db: psycopg.Connection) -> list[Fault]:
        """Fetch the files, then the ledgers, then the platforms; return what could not be fetched."""
        for item in self._items("file"):
            self._file(item)
        faults = self._ledgers(self._items("database"))
        if platforms := self._items("platform"):
            faults += self._platforms(platforms, self._months(platforms, since, db))
        return faults

    def _items(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in self._group["items"] if item["kind"] == kind]

    def _file(self, item: dict[str, Any]) -> None:
        place = item["place"]
        uri = uri_of(place)
        if self._shelf.has(item["county_code"], uri):
            return
        path = file_at(self._settings, self._privacy, self._group["source"], item["county_code"], place)
        if path is None:
            _log.warning("a file planned for tonight is gone: %s", place)
            return
        sha256 = self._landing.keep_file(path)
        if sha256 != item["sha256"]:
            _log.info("a file is still being written and waits for the next run: %s", place)
            return
        self._shelf.note(item, uri, sha256, {"place": place})

    def _ledgers(self, items: Sequence[dict[str, Any]]) -> list[Fault]:
        faults: list[Fault] = []
        for conn_id, own in groupby(items, key=itemgetter("conn_id")):
            ledgers = list(own)
            try:
                connection = self._connect(conn_id)
            except ConfigError as error:
                faults += [Fault(item["county_code"], item["part"], error) for item in ledgers]
                continue
            if not isinstance(connection, DatabaseConnection):
                raise ConfigError(f"{conn_id} is not a database")
            faults += Extracts(self._settings, self._shelf).land(ledgers, connection)
        return faults

    def _platforms(self, items: Sequence[dict[str, Any]], months: PlatformMonths) -> list[Fault]:
        """Fetch platforms one after the other; what a whole server does not answer is not asked to the end."""
        faults: list[Fault] = []
        for item in items:
            try:
                self._platform(item, months)
            except XiezuoError as error:
                _log.error("%s: %s", item["part"], error)
                faults.append(Fault(item["county_code"], item["part"], error))
        return faults

    def _platform(self, item: dict[str, Any], months: PlatformMonths) -> None:
        if item["county_code"] not in load_counties(self._settings.counties_path):
            raise ConfigError(
                f"{item['conn_id']} is of a county that is not served",
                zh=f"连接 {item['conn_id']} 名称中的区划代码 {item['county_code']} 不在本系统服务的县内，没有读取",
                next_step="改正连接名称，或在县名单（XIEZUO_COUNTIES）中登记该县",
            )
        connection = self._connect(item["conn_id"])
        if not isinstance(connection, PlatformConnection):
            raise ConfigError(f"{item['conn_id']} is not a sales platform")
        server = connection.base_url
        if self._failed_in_a_row.get(server, 0) >= _TOLERATED:
            raise SourceDown(
                f"not asked: its server failed {_TOLERATED} times in a row before",
                zh="同一平台的服务器连续无响应，本次未再询问",
            )
        try:
            months.land(item, connection)
        except SourceDown:
            self._failed_in_a_row[server] = self._failed_in_a_row.get(server, 0) + 1
            raise
        self._failed_in_a_row[server] = 0

    def _months(
        self, items: Sequence[dict[str, Any]], since: datetime | None, db: psycopg.Connection
    ) -> PlatformMonths:
        until = datetime.fromisoformat(self._group["at"]).astimezone(SHANGHAI)
        names = {
            "source": self._group["source"], "counties": [item["county_code"] for item in items],
            "streams": [item["conn_id"] for item in items],
        }  # fmt: skip
        rows = db.execute(read_sql(self._settings.root, "fetch/watermarks"), names).fetchall()
        watermarks = {stream: (covered_from, covered_to) for stream, covered_from, covered_to in rows}
        beginning = since or until.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        return PlatformMonths(self._settings, self._shelf, until, beginning, watermarks)
