"""From a published figure back to the rows it counts, and to where each of them stands.

The rows come from the indicator's own SELECT, the one the figure was computed with, over a ``period``
of one county and period; a figure and its evidence cannot disagree.
"""


from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TypedDict

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build.figures import value_text
from xiezuo.build.spans import value_of_span
from xiezuo.declared.indicators import RATE, Entry, Indicator, indicator_of, load_indicators
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.platform.pages import read_pages
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

# Where a batch's rows came from: file and sheet, platform page and item, or database table.
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


_SUM = re.compile(r"sum\((?P<thing>.+)\)", re.IGNORECASE | re.DOTALL)
_COUNT = re.compile(r"count\(.+\)", re.IGNORECASE | re.DOTALL)

Counted = tuple[Indicator, Entry]
SIDES = ("numerator", "denominator")


def trace(  # noqa: PLR0913  (a figure has four names, and a page of its rows three bounds)
    settings: Settings,
    county_code: str,
    period: str,
    indicator_id: str,
    *,
    kind: str | None = None,
    since: int | None = None,
    breakdown: str = "",
    limit: int = 100,
    after: int = 0,
    most: int | None = None,
) -> dict[str, Any]:
    """Return a figure and one page of the rows it counts, as docs/interfaces.md has ``trace --json``.

    ``period`` is ``2022``, ``2022-09`` or ``2022-09/ytd`` (the same as ``kind="year_to_date"``);
    ``breakdown`` a township's code or empty. With ``since`` it is of all years from that one to the period's end, which
    ``2021-2025`` and ``kind="cumulative"`` say too, and counted now. Of a figure that has no months ``2022-09`` is the
    year to date, as ``period_kind`` says.

    The page begins ``after`` rows into the evidence, which is in the order of batches and rows; ``next`` is the next
    page's ``after``, None on the last.
    A row's ``measure`` is what it adds: an amount for sums, 1 where things are counted (rows that state
    the same thing twice are both evidence, and the figure counts it once). With ``most`` no more rows than that are
    looked at, whichever come first: where there are more, ``total_rows`` is None.

    The rows of a rate are those of its numerator and then those of its denominator: ``sides`` says what each is, and
    ``side`` of a row which of them counts it, in that one's unit.

    Raises:
        ConfigError: no such county, township, indicator or period, or a page that cannot be.
    """
    asked = Period.read(period, kind) if since is None else Period.read(period).back_to(since)
    if limit < 1 or after < 0:
        raise ConfigError("a page holds at least one row and begins at 0 or later")
    found = indicator_of(settings.root, indicator_id)
    if found is None:
        raise _unknown(indicator_id)
    indicator = found[1]
    unit = indicator.header.unit
    if kind is None and asked.kind == "month" and not indicator.header.has("month"):
        asked = asked.of_kind("year_to_date")
    sides: tuple[Counted, ...] = tuple((side, entry) for entry, side in (indicator.sides or (found,)))
    with access.connect(settings) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        figure = {
            "county_code": county_code,
            "period_kind": asked.kind,
            "period": asked.text,
            "indicator_id": indicator_id,
        }
        _check(connection, settings.root, figure, breakdown)
        value, qualifier = _value_of(connection, settings.root, figure, breakdown, found)
        total = _collect(connection, settings.root, county_code, asked, sides, breakdown, most=most)
        rows = _rows(connection, settings, county_code, sides, {"limit": limit, "after": after})
        told = _sides(connection, settings.root, figure, breakdown, sides) if indicator.is_rate else {}
    return {
        "indicator_id": indicator_id,
        "county_code": county_code,
        "period": asked.text,
        "period_kind": asked.kind,
        "breakdown": breakdown,
        "value": value_text(value, unit),
        "unit": unit,
        "qualifier": qualifier,
        **told,
        "total_rows": None if most is not None and total > most else total,
        "rows": rows,
        "next": after + len(rows) if after + len(rows) < (total if most is None else min(total, most)) else None,
    }


def _rows(
    connection: psycopg.Connection, settings: Settings, county_code: str, sides: Sequence[Counted],
    page: Mapping[str, int],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return one page of ``traced``, each row with where it stands, of a rate with the side that counts it."""
    found = connection.execute(read_sql(settings.root, "trace/page"), page).fetchall()
    batches = {batch_id for _, batch_id, *_ in found}
    origin = origins(connection, settings.root, Landing(settings.landing_dir), county_code, batches)
    return [
        ({"side": SIDES[side]} if len(sides) > 1 else {})
        | {"batch_id": batch_id, "row_no": row_no, "measure": value_text(measure, sides[side][0].header.unit)}
        | origin[batch_id].place(row_no)
        for side, batch_id, row_no, measure in found
    ]


def _sides(
    connection: psycopg.Connection, root: Path, figure: Mapping[str, str], breakdown: str, sides: Sequence[Counted]
) -> dict[str, Any]:
    """Return what a rate is the quotient of: each side's identity, value, unit, qualifier and number of rows."""
    counts: dict[int, int] = dict(connection.execute(read_sql(root, "trace/sides")).fetchall())
    told = {}
    for number, (indicator, entry) in enumerate(sides):
        named = {**figure, "indicator_id": entry.indicator_id}
        value, qualifier = _value_of(connection, root, named, breakdown, (entry, indicator))
        unit = indicator.header.unit
        told[SIDES[number]] = {
            "indicator_id": entry.indicator_id, "value": value_text(value, unit), "unit": unit,
            "qualifier": qualifier, "rows": counts.get(number, 0),
        }  # fmt: skip
    return {"sides": told}


def _check(connection: psycopg.Connection, root: Path, figure: Mapping[str, str], breakdown: str) -> None:
    """Refuse what does not exist: an empty answer to a misspelt question would look like evidence."""
    names = {**figure, "town": breakdown}
    county_code = figure["county_code"]
    row = connection.execute(read_sql(root, "trace/known"), names).fetchone()
    if row is None:
        raise ConfigError(f"there is no county {county_code!r}", zh=f"没有县级区划代码“{county_code}”")
    is_town, is_indicator = row
    if breakdown and not is_town:
        raise ConfigError(
            f"{breakdown!r} is no township of county {county_code}", zh=f"“{breakdown}”不是该县的乡镇代码"
        )
    listed = {entry.indicator_id for one in load_indicators(root) for entry in one.entries}
    if not is_indicator and figure["indicator_id"] not in listed:
        raise _unknown(figure["indicator_id"])


def _unknown(indicator_id: str) -> ConfigError:
    return ConfigError(
        f"there is no indicator {indicator_id!r}",
        zh=f"没有指标“{indicator_id}”",
        next_step="指标编号见 docs/generated 中的指标目录",
    )


def _value_of(
    connection: psycopg.Connection, root: Path, figure: Mapping[str, str], breakdown: str,
    counted: tuple[Entry, Indicator],
) -> tuple[Decimal | None, str]:  # fmt: skip
    """Return value and qualifier: as published, or of several years as counted now."""
    if figure["period_kind"] != "cumulative":
        return _value(connection, root, figure, breakdown)
    span = Period.read(figure["period"], "cumulative")
    return value_of_span(connection, root, figure["county_code"], span, counted, breakdown)


def _value(
    connection: psycopg.Connection, root: Path, figure: Mapping[str, str], breakdown: str
) -> tuple[Decimal | None, str]:
    """Return the published value and its qualifier.

    Townships with nothing to count have no row: they have 0 where their county has a value, and no rate.
    """
    for place in dict.fromkeys((breakdown, "")):
        row = connection.execute(read_sql(root, "trace/value"), {**figure, "breakdown": place}).fetchone()
        if row is not None:
            value, qualifier, unit = row
            if place == breakdown or value is None:
                return value, qualifier
            return (None, "not_reported") if unit == RATE else (Decimal(0), "exact")
    return None, "not_reported"


def _collect(
    connection: psycopg.Connection, root: Path, county_code: str, period: Period, sides: Sequence[Counted], town: str,
    *, most: int | None,
) -> int:  # fmt: skip
    """Put the rows the figure counts into ``traced``, a side at most one more than ``most``; return how many."""
    connection.execute(
        "create temporary table traced (side_no integer, batch_id text, row_no bigint, measure numeric(20, 4))"
        " on commit drop"
    )
    connection.execute(
        "create temporary table period (county_code char(6), period_kind text, period text,"
        " first_day date, last_day date) on commit drop"
    )
    connection.execute(
        "insert into period values (%s, %s, %s, %s, %s)",
        (county_code, period.kind, period.text, period.first_day, period.last_day),
    )
    # Of a table that others read at the same time, a scan begins where they are: then no two pages would be alike.
    connection.execute("set local synchronize_seqscans to off")
    traced = sql.SQL(read_sql(root, "trace/traced").decode())
    return sum(
        connection.execute(
            traced.format(
                side=sql.Literal(number),
                counted=indicator.counted(),
                measured=measured(indicator, entry.measure),
                condition=sql.SQL(entry.condition),
                town=sql.Literal(town),
                most=sql.SQL("all") if most is None else sql.Literal(most + 1),
            )
        ).rowcount
        for number, (indicator, entry) in enumerate(sides)
    )


def measured(indicator: Indicator, measure: str) -> sql.Composable:
    """Return what one row adds: the summed expression, or 1 where things are counted.

    Raises:
        ConfigError: the indicator is neither a sum nor a count.
    """
    measure = measure.strip()
    if (summed := _SUM.fullmatch(measure)) is not None:
        return sql.SQL(summed["thing"])
    if _COUNT.fullmatch(measure) is not None:
        return sql.SQL("1")
    raise ConfigError(f"indicator {indicator.header.id} is measured by {measure}, which tells no row's part")
