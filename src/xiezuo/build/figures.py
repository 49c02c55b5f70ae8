"""Figures as the warehouse holds them, in the order in which a summary lists them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

import psycopg
import yaml
from psycopg.rows import class_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.indicators import RATE, load_indicators
from xiezuo.values.periods import Period

Qualifier = Literal["exact", "at_least", "not_reported"]
MONEY = "元"
NOTE_ZH: dict[Qualifier, str] = {"exact": "", "at_least": "约数下限", "not_reported": "未报告"}

_CENT = Decimal("0.01")
_IDENTITY = re.compile(r"(?P<letters>[A-Za-z]*)(?P<number>[0-9]*)(?P<part>.*)")


@dataclass(frozen=True)
class Figure:
    """One value of one indicator, of the whole county (``breakdown`` empty) or of one township.

    Values are in ``unit``, money in 元; a value is None when nothing was reported. ``last_year`` is the
    same period a year earlier, None when there is none in that unit. ``target`` is the year's, of the whole
    county only, and ``completion_pct`` the year so far as a share of it, in percent.
    """

    indicator_id: str
    name_zh: str
    breakdown: str
    value: Decimal | None
    unit: str
    qualifier: Qualifier
    as_of: date
    last_year: Decimal | None
    last_year_qualifier: Qualifier | None
    target: Decimal | None = None
    completion_pct: Decimal | None = None

    @property
    def is_part(self) -> bool:
        """Whether it is a part of an indicator (LAB2.lifted) and stands below it."""
        return "." in self.indicator_id

    @property
    def is_whole_number(self) -> bool:
        """Whether the value has no decimals."""
        return self.value is not None and self.value == self.value.to_integral_value()

    def earlier(self) -> Figure | None:
        """Return last year's figure as one of its own; None where there is none."""
        if self.last_year_qualifier is None:
            return None
        return replace(
            self,
            value=self.last_year,
            qualifier=self.last_year_qualifier,
            last_year=None,
            target=None,
            completion_pct=None,
        )

    def nothing_in(self, town: str) -> Figure:
        """Return what a township without a row of its own has: 0, or nothing reported as the county; no rate either."""
        if self.value is None or self.unit == RATE:
            return replace(self, breakdown=town, value=None, qualifier="not_reported")
        return replace(self, breakdown=town, value=Decimal(0), qualifier="exact")


@dataclass(frozen=True)
class Summary:
    """What a summary of one county and period says; ``year_to_date`` is empty for a year.

    ``order`` lists the indicators of either as a summary does; ``headings`` are the chapters they stand under.
    """

    county_code: str
    county_name: str
    period: Period
    figures: list[Figure]
    year_to_date: list[Figure]
    towns: list[tuple[str, str]]
    order: list[str]
    headings: Mapping[str, str]

    @property
    def as_of(self) -> date:
        """The latest day any reported figure speaks of.

        Figures nobody reported say nothing of how far the data go, unless there is no other.
        """
        reported = [f.as_of for f in self.figures if f.qualifier != "not_reported"]
        return max(reported or [f.as_of for f in self.figures])


def value_text(value: Decimal | None, unit: str, *, grouped: bool = False) -> str | None:
    """Write a value: money with two decimals, counts without, rates with four at most; None stays None.

    ``grouped`` sets commas between thousands and gives rates two decimals, for people; without, it is for programs.
    """
    if value is None:
        return None
    if unit == MONEY or (unit == RATE and grouped):
        shown = value.quantize(_CENT, ROUND_HALF_UP)
    else:
        shown = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    shown = shown or abs(shown)  # no minus zero
    return f"{shown:,f}" if grouped else f"{shown:f}"


def read_figures(
    connection: psycopg.Connection, root: Path, county_code: str, period: Period
) -> list[Figure]:
    """Return every figure of the period, whole county before townships; empty when none was ever built."""
    names = {
        "county_code": county_code,
        "period_kind": period.kind,
        "period": period.text,
        "last_period": period.a_year_earlier().text,
        "last_day": period.a_year_earlier().last_day,
    }
    statement = read_sql(root, "publish/figures")
    with connection.cursor(row_factory=class_row(Figure)) as cursor:
        found = cursor.execute(statement, names).fetchall()
    place = order_of(root)
    return sorted(found, key=lambda figure: (place(figure.indicator_id), figure.breakdown))


def in_order(root: Path, figures: Iterable[Figure], chapters: Iterable[str] = ()) -> list[str]:
    """Return the identities of figures, each once: as ``chapters`` lists them, then in the order of a summary."""
    listed = {indicator_id: number for number, indicator_id in enumerate(chapters)}
    place = order_of(root)
    identities = {figure.indicator_id for figure in figures}
    return sorted(identities, key=lambda one: (listed.get(one, len(listed)), place(one)))


Place = tuple[int, str, int, int, int, str]


def chapter_letters(indicator_id: str) -> str:
    """Return the letters an identity begins with: LAB of LAB2.lifted."""
    found = _IDENTITY.fullmatch(indicator_id)
    return found["letters"] if found else indicator_id


@lru_cache(maxsize=8)
def load_chapters(root: Path) -> Mapping[str, str]:
    """Return the chapters of a summary in order: letters to heading.

    Raises:
        ConfigError: ``include/reports/summary.yaml`` cannot be read.
    """
    return _report_list(root)[0]


def _report_list(root: Path) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return the chapters, and the identities that stand in an order of their own within them."""
    path = root / "include" / "reports" / "summary.yaml"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        chapters = {str(letters): str(heading) for letters, heading in document["chapters"].items()}
        return chapters, tuple(map(str, document.get("order") or ()))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"the report list {path.name} cannot be read") from error


@lru_cache(maxsize=8)
def order_of(root: Path) -> Callable[[str], Place]:
    """Return what orders indicators: chapter, number, the report list, then parts as their file lists them."""
    chapters, first = _report_list(root)
    order = list(chapters)
    entries = [entry.indicator_id for indicator in load_indicators(root) for entry in indicator.entries]
    ordered = [*first, *(entry for entry in entries if entry not in first)]
    listed = {indicator_id: number for number, indicator_id in enumerate(ordered)}

    def place(indicator_id: str) -> Place:
        found = _IDENTITY.fullmatch(indicator_id)
        letters, number, part = found.groups() if found else (indicator_id, "", "")
        group = order.index(letters) if letters in order else len(order)
        return (
            group,
            letters,
            int(number or 0),
            int(part != ""),
            listed.get(indicator_id, len(listed)),
            indicator_id,
        )

    return place
