"""Which files of the inbox nobody has read yet: those whose content is in no loaded landing.

Content decides, by its SHA-256. But files are never moved, so that the inbox only grows, and reading all of
it every night would cost what was delivered in all years. A file is therefore read again only when its inode
shows that it may have been written since (:class:`xiezuo.fetch.inbox.Traces`); a program that puts size and
modification time back cannot put back the time of change. Two things are not taken for granted: a change so
soon before the reading that the clock of the file system may not tell the two apart, and file systems that
keep no such time; the first is not remembered, and everything is read again after one to two weeks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import class_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.fetch.inbox import Found, Traces, found_files, place_of
from xiezuo.fetch.landing import digest_of
from xiezuo.values.privacy import Privacy, content_id
from xiezuo.warehouse import access

_TELLING = timedelta(seconds=2)
"""Changes this close to a reading may bear the same time as it; FAT counts in twos."""
_READ_AGAIN = timedelta(days=7)


@dataclass(frozen=True)
class Unread:
    """A file whose content is not loaded."""

    county_code: str
    place: str
    sha256: str
    size: int


@dataclass(frozen=True)
class _Known:
    """What is on record of a place: the digest read there, by which traces, and whether it is loaded."""

    county_code: str
    place: str
    sha256: str
    bytes: int
    inode: int
    modified_ns: int
    changed_ns: int
    read_at: datetime
    is_loaded: bool

    def holds(self, traces: Traces, now: datetime) -> bool:
        """Tell whether the file with these traces is what was read, without reading it."""
        own = Traces(self.bytes, int(self.inode), self.modified_ns, self.changed_ns)
        # By the first letter of its digest, so that not all files are read again in the same night.
        lasting = _READ_AGAIN * (1 + int(self.sha256[:2], 16) / 256)
        return own == traces and now - self.read_at < lasting


@dataclass(frozen=True)
class _Read:
    """A file read just now."""

    county_code: str
    place: str
    sha256: str
    traces: Traces
    read_at: datetime

    @property
    def landing_id(self) -> str:
        return landing_of(self.county_code, self.place, self.sha256)

    @property
    def can_be_told(self) -> bool:
        """Whether a change after this reading would show in the traces."""
        limit = (self.read_at - _TELLING).timestamp() * 1e9
        return max(self.traces.changed_ns, self.traces.modified_ns) < limit


def landing_of(county_code: str, place: str, sha256: str) -> str:
    """Return the landing that a file of a place and content has."""
    return content_id(county_code, uri_of(place), sha256)


def uri_of(place: str) -> str:
    """Return where a file's landing says that it comes from."""
    return f"inbox:{place}"


def unread_files(settings: Settings, source: str, counties: Iterable[str]) -> list[Unread]:
    """Return the files of these counties that are not loaded, by county and path.

    Three statements, however many counties and files there are; a night in which nothing was delivered
    needs one.
    """
    privacy, now = Privacy.of(settings), datetime.now(UTC)
    codes = list(counties)
    with access.connect(settings, autocommit=True) as connection:
        known = _known(connection, settings, source, codes)
        fresh: list[_Read] = []
        seen: list[tuple[str, str, str, int]] = []
        for code in codes:
            for found in found_files(settings, source, code):
                place = place_of(settings, privacy, found.path)
                record = known.pop((code, place), None)
                if record is not None and record.holds(found.traces, now):
                    if not record.is_loaded:
                        seen.append((code, place, record.sha256, found.traces.size))
                elif (read := _read(code, place, found)) is not None:
                    fresh.append(read)
                    seen.append((code, place, read.sha256, found.traces.size))
        loaded = _loaded(connection, settings, fresh)
        _note(connection, settings, source, fresh, known)
    return [Unread(*one) for one in seen if one[:3] not in loaded]


def _read(county_code: str, place: str, found: Found) -> _Read | None:
    """Read a file, unless it is gone. The traces are those of before: what is written meanwhile shows in later ones."""
    began = datetime.now(UTC)
    try:
        return _Read(county_code, place, digest_of(found.path), found.traces, began)
    except FileNotFoundError:
        return None


def _known(
    connection: psycopg.Connection, settings: Settings, source: str, counties: list[str]
) -> dict[tuple[str, str], _Known]:
    names = {"source": source, "counties": counties}
    with connection.cursor(row_factory=class_row(_Known)) as cursor:
        rows = cursor.execute(read_sql(settings.root, "plan/known_files"), names).fetchall()
    return {(row.county_code, row.place): row for row in rows}


def _loaded(connection: psycopg.Connection, settings: Settings, fresh: list[_Read]) -> set[tuple[str, str, str]]:
    """Return county, place and digest of the files read just now whose content is loaded all the same."""
    if not fresh:
        return set()
    by_id = {one.landing_id: (one.county_code, one.place, one.sha256) for one in fresh}
    names = {"counties": [one.county_code for one in fresh], "landings": [one.landing_id for one in fresh]}
    rows = connection.execute(read_sql(settings.root, "plan/loaded_landings"), names).fetchall()
    return {by_id[landing_id] for (landing_id,) in rows}


def _note(
    connection: psycopg.Connection, settings: Settings, source: str, fresh: list[_Read],
    gone: dict[tuple[str, str], _Known],
) -> None:  # fmt: skip
    """Remember the files read just now, and forget those that are no more or cannot be told from a changed one."""
    lasting = [one for one in fresh if one.can_be_told]
    if lasting:
        columns: dict[str, list[Any]] = {
            "counties": [one.county_code for one in lasting],
            "places": [one.place for one in lasting],
            "landings": [one.landing_id for one in lasting],
            "digests": [one.sha256 for one in lasting],
            "sizes": [one.traces.size for one in lasting],
            "inodes": [one.traces.inode for one in lasting],
            "modified": [one.traces.modified_ns for one in lasting],
            "changed": [one.traces.changed_ns for one in lasting],
            "read_at": [one.read_at for one in lasting],
        }
        connection.execute(read_sql(settings.root, "plan/note_files"), {**columns, "source": source})
    forgotten = [*gone, *((one.county_code, one.place) for one in fresh if not one.can_be_told)]
    if forgotten:
        names = {"counties": [code for code, _ in forgotten], "places": [place for _, place in forgotten]}
        connection.execute(read_sql(settings.root, "plan/forget_files"), names)
