"""Tables of the finance ledger, landed county by county, and read once for all counties of a group.

A county's rows of a table are read whole each day: a row entered late may carry any ``updated_at``. Whether
they are what is loaded already is for the load to see.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import FileRefused, SourceDown, XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.fetch.connections import DatabaseConnection
from xiezuo.fetch.faults import Fault
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.landing_log import Item, Shelf
from xiezuo.fetch.ledger_database import read_table

_HELD = 4 << 20
"""Bytes of a county's rows that are looked at before they are written: most extracts are there already."""
_COUNTY = "county_code"

_log = logging.getLogger("xiezuo.fetch.fetch")


class Extracts:
    """Reads the ledger's tables for many counties; a table that fails does not keep the others out."""

    def __init__(self, settings: Settings, shelf: Shelf) -> None:
        self._settings, self._shelf, self._landing = settings, shelf, Landing(settings.landing_dir)

    def land(self, items: Sequence[Item], connection: DatabaseConnection) -> list[Fault]:
        """Land every table that a contract reads, for the counties of ``items``; return who is without one."""
        faults: dict[str, Fault] = {}
        for contract in load_contracts(self._settings.root).values():
            for name, feed in contract.feeds.items():
                if feed.kind != "database" or feed.table is None:
                    continue
                try:
                    self._table(items, connection, contract, name, feed.table)
                except XiezuoError as error:
                    _log.error("%s/%s: %s", connection.conn_id, feed.table, error.zh)
                    for item in items:
                        faults.setdefault(item[_COUNTY], Fault(item[_COUNTY], item["part"], error))
        return list(faults.values())

    def _table(
        self, items: Sequence[Item], connection: DatabaseConnection, contract: Contract, feed: str, table: str
    ) -> None:
        """Land one table for the counties that this run has not landed it for.

        Raises:
            SourceDown: the ledger does not answer, or has no such table.
            ConfigError: it cannot be opened this way, or denies reading.
        """
        stream = f"{connection.conn_id}/{table}"
        read_at = self._settings.now()
        uri = f"database:{stream}?on={read_at.astimezone(SHANGHAI).date()}"
        details = {
            "table": table, "dataset": contract.dataset, "feed": feed, "stream": stream,
            "read_at": read_at.isoformat(),
        }  # fmt: skip
        wanted = {item[_COUNTY]: item for item in items if not self._shelf.has(item[_COUNTY], uri)}
        if not wanted:
            return
        rows = read_table(connection.url, table, counties=sorted(wanted))
        try:
            landed = [(wanted[county], sha256) for county, sha256 in self._kept(rows, sorted(wanted))]
        except FileRefused as refused:
            step = "与资金台账的管理单位核对"
            raise SourceDown(f"{uri} cannot be read", zh=refused.zh, next_step=step) from refused
        self._shelf.note_all(landed, uri, details)

    def _kept(self, rows: Iterator[dict[str, Any]], counties: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each county and the digest of its rows; a county without any has a landing without any.

        Rows come county by county. A table that has no counties is every county's.
        """
        first = next(rows, None)
        if first is not None and _COUNTY not in first:
            whole = self._keep(chain([first], rows))
            yield from ((county, whole) for county in counties)
            return
        rest = set(counties)
        for county, own in groupby(chain([first] if first else [], rows), key=lambda row: str(row[_COUNTY]).strip()):
            if county in rest:
                rest.remove(county)
                yield county, self._keep(own)
        for county in sorted(rest):
            yield county, self._keep(iter(()))

    def _keep(self, rows: Iterator[dict[str, Any]]) -> str:
        """Put rows into the landing zone unless they lie there; return their digest."""
        lines = (json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n" for row in rows)
        held: list[bytes] = []
        size = 0
        for line in lines:
            held.append(line)
            size += len(line)
            if size > _HELD:
                return self._landing.keep(chain(held, lines))
        sha256 = hashlib.sha256(b"".join(held)).hexdigest()
        return sha256 if self._landing.path(sha256).is_file() else self._landing.keep(held)
