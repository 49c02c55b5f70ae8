"""Where a batch's rows came from: file and sheet, platform page and item, or database table."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypedDict

import psycopg
from psycopg.rows import class_row

from xiezuo.fetch.landing import Landing
from xiezuo.fetch.platform.pages import read_pages
from xiezuo.base.sql_files import read_sql

_log = logging.getLogger("xiezuo.build.trace")


class Place(TypedDict):
    """Where one row stands in what was delivered; keys that do not apply to its kind are None.

    ``page`` is the number the platform gave it within ``window`` (an ISO interval; pages count from 1
    in each), ``item`` counts from 1 in the page.
    """

    file: str | None
    sheet: str | None
    platform: str | None
    window: str | None
    page: int | None
    item: int | None


class Origin(Protocol):
    """Finds the rows of one batch."""

    def place(self, row_no: int) -> Place:
        """Return where row ``row_no`` of the batch stands."""
        ...


@dataclass(frozen=True)
class Sheeted:
    """A sheet of a file or a table of a database: the row's number is its place."""

    file: str
    sheet: str | None

    def place(self, row_no: int) -> Place:  # noqa: ARG002  (every origin is asked by row)
        """Return file and sheet; the row number says the rest."""
        return Place(file=self.file, sheet=self.sheet, platform=None, window=None, page=None, item=None)


@dataclass(frozen=True)
class Paged:
    """Landed pages of a platform: a row's number counts the items through all of them, as fetched."""

    platform: str
    ends: list[int] = field(default_factory=list)
    pages: list[tuple[str, int]] = field(default_factory=list)

    @classmethod
    def read(cls, platform: str, path: Path) -> Paged:
        """Count the items of the landed pages, in the order fetched.

        Bytes that are no longer on this machine leave pages unknown: the row is still named by its
        batch and number.
        """
        found = cls(platform)
        if not path.is_file():
            _log.warning("landed bytes %s are not on this machine: pages are not told", path.name)
            return found
        total = 0
        for page in read_pages(path):
            total += len(page["rows"])
            found.ends.append(total)
            found.pages.append((f"{page['from']}/{page['to']}", int(page["page"])))
        return found

    def place(self, row_no: int) -> Place:
        """Return platform, window, page and item of a row."""
        at = bisect_left(self.ends, row_no)  # an empty page ends where the one before it does
        if row_no < 1 or at == len(self.ends):
            return Place(file=None, sheet=None, platform=self.platform, window=None, page=None, item=None)
        window, page = self.pages[at]
        before = self.ends[at - 1] if at else 0
        return Place(
            file=None, sheet=None, platform=self.platform, window=window, page=page, item=row_no - before
        )


@dataclass(frozen=True)
class _Batch:
    batch_id: str
    uri: str
    sha256: str
    kind: str | None
    landing_uri: str | None
    platform: str | None


def origins(
    connection: psycopg.Connection[Any],
    root: Path,
    landing: Landing,
    county_code: str,
    batch_ids: Iterable[str],
) -> dict[str, Origin]:
    """Return where the rows of each batch came from, by batch."""
    statement = read_sql(root, "trace/batch")
    names = {"county_code": county_code, "batch_ids": sorted(set(batch_ids))}
    with connection.cursor(row_factory=class_row(_Batch)) as cursor:
        batches = cursor.execute(statement, names).fetchall()
    return {batch.batch_id: _origin(batch, landing) for batch in batches}


def _origin(batch: _Batch, landing: Landing) -> Origin:
    scheme, _, rest = batch.uri.partition(":")
    if scheme == "platform":
        return Paged.read(batch.platform or rest.partition("/")[0], landing.path(batch.sha256))
    if scheme == "database":
        ledger = batch.uri.partition("?")[0]  # the day it was read tells batches apart, not places
        return Sheeted(file=ledger, sheet=ledger.rpartition("/")[2])
    if batch.landing_uri is not None:
        file, sheet = batch.landing_uri, batch.uri[len(batch.landing_uri) + 1 :]
    else:
        file, _, sheet = batch.uri.partition("#")
    return Sheeted(file=file.removeprefix("inbox:"), sheet=sheet or None)
