"""Working days, and when a month or a year is closed: arithmetic over ``include/close_calendar.yaml``.

Days off and the weekends worked in exchange (调休) are data, listed year by year as the General Office of the
State Council publishes them. A year that is not listed falls back to Monday–Friday, which is logged once: a
summary a day early or late is better than none.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError

_log = logging.getLogger("xiezuo.declared.close_calendar")

_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """One close calendar: days off, worked weekends and closing times (all +08:00).

    ``years`` are the years with an official arrangement; ``holidays`` and ``workdays`` are the days in them
    that differ from, or repeat, the plain week.
    """

    years: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]
    month_working_day: int
    month_at: time
    year_month: int
    year_day: int
    year_at: time


def load_calendar(path: Path) -> Calendar:
    """Read a close calendar.

    Raises:
        ConfigError: the file is missing, is not YAML, or a day in it cannot be right.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"the close calendar {path.name} cannot be read") from error
    try:
        return _calendar(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"the close calendar {path.name} is not usable: {error}",
            next_step="compare it with include/close_calendar.yaml of the project",
        ) from error


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Tell whether offices work on ``day``; says so when its year has no official arrangement."""
    if day.year not in calendar.years:
        _say_unlisted(day.year)
    if day in calendar.workdays:
        return True
    return day not in calendar.holidays and day.weekday() < _SATURDAY


@cache
def _say_unlisted(year: int) -> None:
    """Log a year without an official arrangement: once a process, as a month asks for it thirty times."""
    _log.warning(
        "放假日历中没有 %d 年，暂以周一至周五为工作日；请将国务院公布的 %d 年放假安排录入 include/close_calendar.yaml",
        year, year,
    )  # fmt: skip


def nth_working_day(year: int, month: int, n: int, calendar: Calendar) -> date:
    """Return the ``n``-th working day (from 1) of a month.

    Raises:
        ValueError: the month has fewer working days, or ``n`` is below 1.
    """
    if n < 1:
        raise ValueError("working days are counted from 1")
    seen = 0
    day = date(year, month, 1)
    while day.month == month:
        seen += is_working_day(day, calendar)
        if seen == n:
            return day
        day += timedelta(days=1)
    raise ValueError(f"{year}-{month:02d} has only {seen} working days, not {n}")


def month_closing(year: int, month: int, calendar: Calendar) -> datetime:
    """Return when the given month is summarised: in the following month, aware, +08:00."""
    after = next_month(date(year, month, 1))
    day = nth_working_day(after.year, after.month, calendar.month_working_day, calendar)
    return datetime.combine(day, calendar.month_at, SHANGHAI)


def year_closing(year: int, calendar: Calendar) -> datetime:
    """Return when the given year is summarised: in the following year, aware, +08:00."""
    return datetime.combine(
        date(year + 1, calendar.year_month, calendar.year_day), calendar.year_at, SHANGHAI
    )


def next_month(day: date) -> date:
    """Return the first day of the month after ``day``'s."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def previous_month(day: date) -> date:
    """Return the first day of the month before ``day``'s."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _calendar(document: Any) -> Calendar:
    closing, years = document["closing"], document["years"]
    holidays: set[date] = set()
    workdays: set[date] = set()
    for year, entry in years.items():
        holidays.update(_days(int(year), entry.get("holidays") or []))
        workdays.update(_days(int(year), entry.get("workdays") or []))
    _check(holidays, workdays)
    return Calendar(
        years=frozenset(int(year) for year in years),
        holidays=frozenset(holidays),
        workdays=frozenset(workdays),
        month_working_day=_positive(closing["month"], "working_day"),
        month_at=time.fromisoformat(str(closing["month"]["at"])),
        year_month=_positive(closing["year"], "month"),
        year_day=date(2001, int(closing["year"]["month"]), int(closing["year"]["day"])).day,
        year_at=time.fromisoformat(str(closing["year"]["at"])),
    )


def _positive(entry: Mapping[str, Any], key: str) -> int:
    value = int(entry[key])
    if value < 1:
        raise ValueError(f"{key} is below 1")
    return value


def _check(holidays: set[date], workdays: set[date]) -> None:
    both = sorted(holidays & workdays)
    if both:
        raise ValueError(f"{both[0]} is both a day off and worked")
    plain = sorted(day for day in workdays if day.weekday() < _SATURDAY)
    if plain:
        raise ValueError(f"{plain[0]} is listed as a worked weekend but is a weekday")


def _days(year: int, entries: list[Any]) -> Iterator[date]:
    for entry in entries:
        first, _, last = str(entry).partition("/")
        day, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
        if end < day or day.year != year or end.year != year:
            raise ValueError(f"{entry} is not a day or span of {year}")
        while day <= end:
            yield day
            day += timedelta(days=1)
