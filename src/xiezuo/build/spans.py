"""Figures of several years: one SELECT over all their days: a person counts once in them, a stock on the last of them.

Whatever has a year has its spans too. They are asked for (:func:`value_of_span`), or kept beside the years by the build
for the county-years that want them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build.counting import count_span, stated_by
from xiezuo.declared.counties import load_counties
from xiezuo.declared.indicators import Entry, Indicator
from xiezuo.values.periods import Period
from xiezuo.values.privacy import content_id

Connection = psycopg.Connection[Any]
SinceOf = Callable[[Settings, str, int], int | None]
"""The first year of the span of years wanted for a county and year, None where none is."""
Stated = tuple[Decimal | None, str]
"""Value and qualifier."""

NOTED = "since "
"""What lines of ``audit.indicator_file`` begin with that say which spans a county wants; its code follows."""
_FIRST = 2015
"""No county was paired with another before."""


def wanted_anew(connection: Connection, settings: Settings, since_of: SinceOf) -> int:
    """Drain every year on record of the counties that want other spans than when last built; return how many months."""
    known = dict(
        connection.execute(
            "select header_id, digest from audit.indicator_file where starts_with(header_id, %s)", (NOTED,)
        ).fetchall()
    )
    years = range(_FIRST, settings.now().year + 1)
    counties = load_counties(settings.counties_path)
    said = {
        f"{NOTED}{county}": content_id(repr(wanted))
        for county in counties
        if any(wanted := [since_of(settings, county, year) for year in years]) or f"{NOTED}{county}" in known
    }
    changed = [(name, digest) for name, digest in said.items() if known.get(name) != digest]
    if not changed:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into audit.indicator_file values (%s, %s)"
            " on conflict (header_id) do update set digest = excluded.digest",
            changed,
        )
    codes = [name.removeprefix(NOTED) for name, _ in changed]
    return connection.execute(read_sql(settings.root, "mart/drain_years"), {"counties": codes}).rowcount


def make_due(
    connection: Connection, settings: Settings, indicators: Sequence[Indicator], since_of: SinceOf
) -> None:
    """Put the spans that the years in ``due`` belong to into ``due_span``; drop those that are not wanted any more."""
    touched: dict[str, int] = defaultdict(lambda: settings.now().year)
    for county, year in connection.execute("select distinct county_code, year from due").fetchall():
        touched[county] = min(touched[county], year)
    wanted = [
        (county, year, since_of(settings, county, year))
        for county, first in touched.items()
        for year in range(first, settings.now().year + 1)
    ]
    with connection.cursor() as cursor:
        cursor.executemany("insert into span values (%s, %s, %s)", wanted)
    connection.execute("analyze span")
    always = next(one for one in indicators if "year" in one.header.kinds and not (one.is_rate or one.header.split))
    connection.execute(read_sql(settings.root, "mart/due_spans"), {"probe_id": always.entries[0].indicator_id})
    connection.execute(read_sql(settings.root, "mart/drop_spans"))
    connection.execute("analyze due_span")


def value_of_span(
    connection: Connection, root: Path, county_code: str, period: Period, counted: tuple[Entry, Indicator], town: str
) -> Stated:
    """Return value and qualifier of a figure over several years, of the county or of a township, counted now."""
    entry, indicator = counted
    if indicator.is_rate:
        top, whole = (value_of_span(connection, root, county_code, period, side, town) for side in indicator.sides)
        return _quotient(top, whole)
    if not indicator.header.has(period.kind):
        return None, "not_reported"
    span = (county_code, period.kind, period.text, period.first_day, period.last_day)
    with connection.transaction(force_rollback=True):
        count_span(connection, root, indicator, span)
        rows = connection.execute(read_sql(root, "mart/stated_values"), stated_by(indicator)).fetchall()
    stated = {(row[3], row[4]): (row[5], row[7]) for row in rows}
    whole = stated.get((entry.indicator_id, ""), (None, "not_reported"))
    if not town or whole[0] is None:
        return whole
    return stated.get((entry.indicator_id, town), (Decimal(0), "exact"))


def _quotient(numerator: Stated, denominator: Stated) -> Stated:
    """Divide as ``mart/rate_values`` does."""
    (top, how), (whole, known) = numerator, denominator
    if top is None or not whole or known != "exact":
        return None, "not_reported"
    return round(100 * top / whole, 4), "at_least" if how == "at_least" else "exact"
