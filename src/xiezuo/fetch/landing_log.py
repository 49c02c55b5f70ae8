"""What a run has landed, as ``audit.landing`` knows it: noted piece by piece, over one connection a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.fetch.plan import Group, parts_of
from xiezuo.values.privacy import content_id

Item = dict[str, Any]


class Shelf:
    """Notes the landings of one group in one run; a note is committed at once, so that a kill loses none.

    What this run has landed and nobody has loaded yet is found here: a next try does not fetch it again.
    ``db`` commits by itself.
    """

    def __init__(self, db: psycopg.Connection, settings: Settings, group: Group, run_id: str) -> None:
        self._db, self._settings, self._group, self._run_id = db, settings, group, run_id
        self._parts = sorted({part for _, part in parts_of(group)})
        names = {"run_id": run_id, "parts": self._parts}
        rows = db.execute(read_sql(settings.root, "fetch/landed_by_run"), names).fetchall()
        self._landed = {(code, uri) for code, uri in rows}

    def has(self, county_code: str, uri: str) -> bool:
        """Whether an earlier try of this run landed what is there, and it has not been loaded since."""
        return (county_code, uri) in self._landed

    def note(self, item: Item, uri: str, sha256: str, details: dict[str, Any]) -> None:
        """Note a landing of an item of the group."""
        self.note_all([(item, sha256)], uri, details)

    def note_all(self, landed: Iterable[tuple[Item, str]], uri: str, details: dict[str, Any]) -> None:
        """Note what one reading landed of several items, each with its digest: in one go, whatever their number."""
        common = {
            "source": self._group["source"], "uri": uri, "details": Jsonb(details), "run_id": self._run_id,
            "landed_at": self._settings.now(),
        }  # fmt: skip
        notes = [
            common
            | {
                "county_code": item["county_code"],
                "landing_id": content_id(item["county_code"], uri, sha256),
                "kind": item["kind"],
                "group_id": item.get("part", self._group["group"]),
                "sha256": sha256,
            }
            for item, sha256 in landed
        ]
        with self._db.cursor() as cursor:
            cursor.executemany(read_sql(self._settings.root, "fetch/note"), notes)

    def waiting(self) -> int:
        """Return how many landings of the group wait to be loaded, those of earlier nights included."""
        names = {"parts": self._parts}
        row = self._db.execute(read_sql(self._settings.root, "fetch/waiting"), names).fetchone()
        return int(row[0]) if row else 0
