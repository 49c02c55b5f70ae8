"""Figures that leave the office: townships' counts of people, small ones hidden, the same however often asked for.

Only released years have them: of months, and of a year that goes on, one table less the one before tells a month's few.
What was given out is kept in ``publish.town_figure``: what was hidden stays hidden, and what was shown hides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import class_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.disclosure import Disclosure, load_disclosure
from xiezuo.declared.indicators import RATE
from xiezuo.publish.sheets.outward import Line, town_workbook
from xiezuo.publish.small_cells import Cell, Table
from xiezuo.warehouse import access

_FEWEST_TOWNS = 2
"""Of a single township the county's figure is the township's: nothing can be hidden, so nothing of it is given out."""

Shown = dict[Cell, Decimal | None]
"""Values by indicator and township; None where it is hidden, 0 where a township has nobody."""


FIGURES = "outward_value"
"""The temporary table that :func:`figures` makes."""


def give_out(settings: Settings, county: str | None = None) -> None:
    """Bring ``publish.town_figure`` up to date with the releases of years, of one county or of all.

    An edition that says what the one before said is not written again.
    """
    with access.connect(settings) as connection:
        connection.execute("select pg_advisory_xact_lock(620429)")
        _give_out(connection, settings, county)


def figures(connection: psycopg.Connection[Any], settings: Settings) -> None:
    """Make :data:`FIGURES`, of this transaction: what may leave the office, as ``mart.indicator_value`` has it.

    Townships' rates stay: from a share and the whole beside it, the few that are hidden could be told.
    """
    connection.execute("create temporary table outward_value (like mart.indicator_value) on commit drop")
    statement = b"insert into outward_value " + read_sql(settings.root, "outward/values")
    connection.execute(statement, {"units": [*load_disclosure(settings.root).units, RATE]})


def put_sheets(connection: psycopg.Connection[Any], settings: Settings, folder: Path, county: str | None) -> list[str]:
    """Write a workbook of its townships for each released year; return their names."""
    smallest = load_disclosure(settings.root).smallest_shown
    with connection.cursor(row_factory=class_row(Line)) as cursor:
        lines = cursor.execute(read_sql(settings.root, "outward/sheet"), {"county_code": county}).fetchall()
    names = []
    for (code, period), group in groupby(lines, key=lambda line: (line.county_code, line.period)):
        names.append(f"分乡镇_{code}_{period}.xlsx")
        (folder / names[-1]).write_bytes(town_workbook(list(group), smallest))
    return names


def _give_out(connection: psycopg.Connection[Any], settings: Settings, county: str | None) -> None:
    rules = load_disclosure(settings.root)
    releases = connection.execute(read_sql(settings.root, "outward/releases"), {"county_code": county}).fetchall()
    for county_code, period, release_id in releases:
        names = {
            "county_code": county_code, "period": period, "release_id": release_id, "year": period,
            "units": list(rules.units),
        }  # fmt: skip
        editions = _given(connection, settings, names)
        shown = _shown(connection, settings, rules, names, editions)
        if shown and (not editions or shown != editions[-1]):
            cells = sorted(shown)
            edition = names | {
                "edition_no": len(editions) + 1, "given_at": settings.now(),
                "indicators": [name for name, _ in cells], "towns": [town for _, town in cells],
                "values": [shown[cell] for cell in cells],
            }  # fmt: skip
            connection.execute(read_sql(settings.root, "outward/give"), edition)


def _given(connection: psycopg.Connection[Any], settings: Settings, names: Mapping[str, Any]) -> list[Shown]:
    editions: dict[int, Shown] = {}
    for number, name, town, value in connection.execute(read_sql(settings.root, "outward/given"), names).fetchall():
        editions.setdefault(number, {})[name, town] = value
    return [editions[number] for number in sorted(editions)]


def _shown(
    connection: psycopg.Connection[Any], settings: Settings, rules: Disclosure, names: Mapping[str, Any],
    editions: list[Shown],
) -> Shown:  # fmt: skip
    """Return what may be shown of a release's townships, given what was shown of it or of those before it."""
    rows = connection.execute(read_sql(settings.root, "outward/counted"), names).fetchall()
    listed = [town for town, _ in connection.execute(read_sql(settings.root, "publish/towns"), names).fetchall()]
    values = {(name, town): value for name, town, value in rows if town and value is not None}
    towns = tuple(sorted({*listed, *(town for _, town in values)}))
    # Of what nobody reported, no township has 0 either.
    indicators = frozenset(name for name, town, value in rows if not town and value is not None)
    if len(towns) < _FEWEST_TOWNS or not indicators:
        return {}
    cells = {(name, town): values.get((name, town), Decimal(0)) for name in indicators for town in towns}
    last = editions[-1] if editions else {}
    table = Table(
        rules, indicators, towns,
        values={cell: int(value) for cell, value in cells.items() if value},
        known=frozenset(cell for cell, value in cells.items() if last.get(cell) == value),
        once_hidden=frozenset(cell for edition in editions for cell, value in edition.items() if value is None),
    )  # fmt: skip
    hidden = table.hide()
    return {cell: None if cell in hidden else value for cell, value in cells.items()}
