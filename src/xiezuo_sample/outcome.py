"""The two answer sheets of a sample: expected figures and deliberate bad rows."""

from __future__ import annotations

import calendar
import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

_DECIMALS = {"元": 2, "%": 4}
"""How exactly the warehouse tells values of a unit."""


@dataclass(frozen=True)
class Value:
    """One expected row of ``mart.indicator_value``; ``value`` is text as the file holds it."""

    indicator_id: str
    period_kind: str
    period: str
    breakdown: str
    value: str
    unit: str
    qualifier: str = "exact"


@dataclass(frozen=True)
class BadRow:
    """One deliberate bad row: its file below the sample folder, and its sheet row (from 1)."""

    file: str
    sheet: str
    row_no: int
    dataset: str
    expected_fate: str
    reason_hint: str


@dataclass(frozen=True)
class Period:
    """A period of the sample year as the warehouse names it, with its first and last day."""

    kind: str
    name: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether the day falls in the period."""
        return self.first <= day <= self.last


def periods(year: int) -> list[Period]:
    """Return every month, every year-to-date and the year."""
    found = []
    for month in range(1, 13):
        last = date(year, month, calendar.monthrange(year, month)[1])
        name = f"{year}-{month:02d}"
        found.append(Period("month", name, date(year, month, 1), last))
        found.append(Period("year_to_date", name, date(year, 1, 1), last))
    return [*found, Period("year", str(year), date(year, 1, 1), date(year, 12, 31))]


@dataclass(frozen=True)
class Fact:
    """Something that adds up: a day, a township code (or '') and how much."""

    day: date
    town_code: str
    amount: Decimal


def additive(indicator_id: str, unit: str, year: int, facts: Iterable[Fact]) -> Iterator[Value]:
    """Yield the sums of ``facts`` over every period: the county always, townships where not zero."""
    known = [fact for fact in facts if fact.day.year == year]
    for period in periods(year):
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for fact in known:
            if period.holds(fact.day):
                sums[""] += fact.amount
                if fact.town_code:
                    sums[fact.town_code] += fact.amount
        yield from values_of(indicator_id, unit, period, sums)


def counted(
    indicator_id: str, unit: str, year: int, count: Callable[[Period], Iterable[tuple[str, str]]]
) -> Iterator[Value]:
    """Yield how many different keys there are in every period; ``count`` gives (key, township or '').

    A key counts once in the county and once in each township it is given with.
    """
    for period in periods(year):
        keys: dict[str, set[str]] = defaultdict(set)
        for key, town in count(period):
            keys[""].add(key)
            keys[town].add(key)
        sums = {town: Decimal(len(found)) for town, found in keys.items()}
        yield from values_of(indicator_id, unit, period, sums)


def rated(indicator_id: str, numerator: Iterable[Value], denominator: Iterable[Value]) -> Iterator[Value]:
    """Yield what a figure is of another in percent, where the other is more than nothing."""
    parts = {(value.period_kind, value.period, value.breakdown): Decimal(value.value) for value in numerator}
    wholes = {(value.period_kind, value.period, value.breakdown): Decimal(value.value) for value in denominator}
    for (kind, name, town), whole in wholes.items():
        share = 100 * parts.get((kind, name, town), Decimal(0)) / whole if whole else Decimal(0)
        if share or (whole and not town):
            yield Value(indicator_id, kind, name, town, f"{share:.{_DECIMALS['%']}f}", "%")


def values_of(indicator_id: str, unit: str, period: Period, sums: dict[str, Decimal]) -> Iterator[Value]:
    """Yield one period's rows; money with two decimals, shares with four, everything else whole."""
    for town in sorted({"", *(code for code, amount in sums.items() if amount)}):
        amount = sums.get(town, Decimal(0))
        text = f"{amount:.{_DECIMALS.get(unit, 0)}f}"
        yield Value(indicator_id, period.kind, period.name, town, text, unit)


def write_answers(path: Path, kind: type[Value | BadRow], rows: Iterable[Value | BadRow]) -> None:
    """Write the rows with a header line, UTF-8, in their sorted order."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([field.name for field in fields(kind)])
        writer.writerows(sorted(astuple(row) for row in rows))
