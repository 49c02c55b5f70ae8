"""Which expected deliveries have not arrived: per county, dataset and reporting unit.

A period is due some days after its end (``include/operations.yaml``, working days by the close calendar);
looked at is the newest one that is overdue. A ledger arrived for it when the day it is stated on lies in the
last days of the period or after it; a platform or ledger database, when it was read after the period's end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.close_calendar import Calendar, is_working_day, load_calendar, next_month
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.operations import Due, Every, Expectation, load_operations
from xiezuo.fetch.connections import LEDGER, has_fund_ledger, known, platform_names
from xiezuo.warehouse import access

_STEPS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """A span of days a delivery is about, both inclusive: ``2022-11``, ``2022Q3``, ``2022``, ``2022-W48`` or a day."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Missed:
    """One delivery that is overdue; ``last_seen`` is the day the last one is stated on, None when none ever came."""

    county_code: str
    dataset: str
    reporting_unit: str
    period: str
    due_on: date
    last_seen: date | None
    zh: str


@dataclass(frozen=True)
class Owed:
    """What one unit owes for a period; ``last_seen`` is the day its last delivery is stated on.

    ``has_arrived``: it was heard of late enough. A dataset of the office that no unit ever stated is of the unit "".
    """

    dataset: str
    every: Every
    reporting_unit: str
    period: Period
    last_seen: date | None
    has_arrived: bool


@dataclass(frozen=True)
class NilReturn:
    """A delivery that said that nothing is new: the last word of a unit on a dataset. ``stated_on`` is its date."""

    county_code: str
    dataset: str
    reporting_unit: str
    period: str
    stated_on: date
    zh: str


def owed(settings: Settings, connection: psycopg.Connection[Any], county: str, month: date) -> list[Owed]:
    """Return what units deliver as files for the periods that end with a month, delivered already or not."""
    contracts = load_contracts(settings.root)
    found: list[Owed] = []
    for expected in load_operations(settings.root).expected_of(county):
        period = period_of(expected.every, month)
        if expected.who == "streams" or expected.every not in _MONTHS or period.last != period_of("month", month).last:
            continue
        for unit, moment in sorted(_owing(settings, connection, county, expected, contracts[expected.dataset]).items()):
            own = replace_end(expected, expected.ended[unit]) if unit in expected.ended else expected
            if (own.to and period.first > own.to) or (own.from_ and period.last < own.from_):
                continue
            last = None if moment is None else moment.astimezone(SHANGHAI).date()
            has_arrived = last is not None and last >= _needed(own, period)
            found.append(Owed(expected.dataset, expected.every, unit, period, last, has_arrived))
    return found


def due_soon(settings: Settings, county: str | None = None, today: date | None = None) -> list[Missed]:
    """Return what is due on ``today`` or within ``remind_before_days`` days and has not arrived; no platform or table.

    Raises:
        ConfigError: as :func:`missed`.
    """
    agreed = load_operations(settings.root)
    calendar = load_calendar(settings.root / "include" / "close_calendar.yaml")
    contracts, day = load_contracts(settings.root), today or settings.now().date()
    found: list[Missed] = []
    with access.connect(settings) as connection:
        for code in [county] if county else sorted(load_counties(settings.counties_path)):
            for expected in agreed.expected_of(code):
                period = period_of(expected.every, period_of(expected.every, day).first - timedelta(days=1))
                left = (due_on(period, expected.due, calendar) - day).days
                if expected.who == "streams" or not 0 <= left <= agreed.alerts.remind_before_days:
                    continue
                seen = _seen(settings, connection, code, expected, contracts[expected.dataset])
                for ended, one in _lacking(code, expected, contracts[expected.dataset].zh, seen, day, calendar):
                    if ended == period.last:
                        when = f"还有 {left} 天" if left else "今天截止"
                        who = one.reporting_unit or "全县"
                        said = f"{who}：{contracts[one.dataset].zh} {one.period} 应于 {one.due_on} 前报送，{when}"
                        found.append(replace(one, zh=said))
    return found


def nil_returns(settings: Settings, county: str | None = None) -> list[NilReturn]:
    """Return the units whose last word on a dataset is that nothing is new."""
    contracts = load_contracts(settings.root)
    with access.connect(settings) as connection:
        rows = connection.execute(read_sql(settings.root, "operations/nil_returns"), {"county_code": county}).fetchall()
    return [
        NilReturn(
            code, dataset, unit, period, version.astimezone(SHANGHAI).date(),
            f"{unit or '全县'}：{contracts[dataset].zh if dataset in contracts else dataset} {period} 无新增（已报）",
        )
        for code, dataset, unit, version, period in rows
    ]  # fmt: skip


def missed(settings: Settings, county: str | None = None, today: date | None = None) -> list[Missed]:
    """Return what is overdue on ``today`` (default: the clock's), by county, dataset and unit.

    Raises:
        ConfigError: the county is unknown, or the agreement names a dataset nobody has a contract for.
    """
    counties = load_counties(settings.counties_path)
    if county is not None and county not in counties:
        raise ConfigError(f"county {county} is not in {settings.counties_path.name}")
    agreed, contracts = load_operations(settings.root), load_contracts(settings.root)
    calendar = load_calendar(settings.root / "include" / "close_calendar.yaml")
    day = today or settings.now().date()
    found: list[Missed] = []
    with access.connect(settings) as connection:
        for code in [county] if county else sorted(counties):
            for expected in agreed.expected_of(code):
                contract = contracts.get(expected.dataset)
                if contract is None:
                    raise ConfigError(
                        f"operations.yaml expects {expected.dataset}, which has no contract",
                        next_step="take it out of include/operations.yaml, or add the contract",
                    )
                seen = _seen(settings, connection, code, expected, contract)
                found += _overdue(code, expected, contract.zh, seen, day, calendar)
    return found


def unreported(
    settings: Settings, connection: psycopg.Connection[Any], county: str, first_day: date, last_day: date
) -> list[Missed]:
    """Return what was agreed for the newest period of each kind that ends in a span, and has not been delivered.

    Asked of the span, whatever day it is: a delivery that came late is no longer missing.
    """
    contracts = load_contracts(settings.root)
    calendar = load_calendar(settings.root / "include" / "close_calendar.yaml")
    found: list[Missed] = []
    for expected in load_operations(settings.root).expected_of(county):
        seen = _seen(settings, connection, county, expected, contracts[expected.dataset])
        lacking = _lacking(county, expected, contracts[expected.dataset].zh, seen, last_day, calendar)
        found += (one for ended, one in lacking if ended >= first_day)
    return found


def period_of(every: Every, day: date) -> Period:
    """Return the period of a kind that ``day`` lies in; a week begins on Monday."""
    if every == "day":
        return Period(day.isoformat(), day, day)
    if every == "week":
        first = day - timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return Period(f"{year}-W{week:02d}", first, first + timedelta(days=6))
    months = _MONTHS[every]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first
    for _ in range(months):
        after = next_month(after)
    names = {"month": f"{first:%Y-%m}", "quarter": f"{first.year}Q{(first.month + 2) // 3}", "year": f"{first.year}"}
    return Period(names[every], first, after - timedelta(days=1))


def due_on(period: Period, due: Due, calendar: Calendar) -> date:
    """Return the last day on which a delivery for the period is in time."""
    if due.days is not None:
        return period.last + timedelta(days=due.days)
    day, left = period.last, due.working_days or 0
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, calendar)
    return day


def newest_overdue(expected: Expectation, today: date, calendar: Calendar) -> Period | None:
    """Return the newest period whose due day lies before ``today``, None where none is expected."""
    period = period_of(expected.every, today)
    while due_on(period, expected.due, calendar) >= today or (expected.to and period.first > expected.to):
        period = period_of(expected.every, period.first - timedelta(days=1))
    return None if expected.from_ and period.last < expected.from_ else period


def _overdue(
    code: str,
    expected: Expectation,
    ledger_zh: str,
    seen: Mapping[str, datetime | None],
    today: date,
    calendar: Calendar,
) -> Iterator[Missed]:
    for unit, moment in sorted(seen.items()):
        own = expected
        if (ended := expected.ended.get(unit)) is not None:
            own = replace_end(expected, ended)
        period = newest_overdue(own, today, calendar)
        if period is None:
            continue
        if (one := _late(code, own, unit, moment, period, calendar)) is not None:
            yield _with_words(one, ledger_zh)


def _late(
    code: str, own: Expectation, unit: str, moment: datetime | None, period: Period, calendar: Calendar
) -> Missed | None:
    """Return what a unit owes of a period, None when it was last heard of late enough."""
    last = None if moment is None else moment.astimezone(SHANGHAI).date()
    if last is not None and last >= _needed(own, period):
        return None
    return Missed(code, own.dataset, unit, period.name, due_on(period, own.due, calendar), last, "")


def _needed(own: Expectation, period: Period) -> date:
    """Return the first day of which a delivery counts for a period."""
    return period.last + timedelta(days=1 if own.who == "streams" else -own.early_days)


def _lacking(
    code: str, expected: Expectation, ledger_zh: str, seen: Mapping[str, datetime | None], day: date, calendar: Calendar
) -> Iterator[tuple[date, Missed]]:
    """Yield the units that have not spoken of the newest period that ends by ``day``, and its last day."""
    for unit, moment in sorted(seen.items()):
        own = replace_end(expected, expected.ended[unit]) if unit in expected.ended else expected
        period = period_of(own.every, day)
        if period.last > day:
            period = period_of(own.every, period.first - timedelta(days=1))
        if (own.to and period.first > own.to) or (own.from_ and period.last < own.from_):
            continue
        if (one := _late(code, own, unit, moment, period, calendar)) is not None:
            yield period.last, _with_words(one, ledger_zh)


def replace_end(expected: Expectation, ended: date) -> Expectation:
    """Return the expectation of a unit that is no more since ``ended``."""
    last = ended if expected.to is None else min(ended, expected.to)
    return expected.model_copy(update={"to": last})


def _with_words(one: Missed, ledger_zh: str) -> Missed:
    who = one.reporting_unit or "全县"
    last = f"最近一次截至 {one.last_seen}" if one.last_seen else "从未报送"
    return replace(one, zh=f"{who}：{ledger_zh} {one.period} 应于 {one.due_on} 前报送，{last}")


def _seen(
    settings: Settings,
    connection: psycopg.Connection[Any],
    code: str,
    expected: Expectation,
    contract: Contract,
) -> dict[str, datetime | None]:
    """Return who is expected, and when each was last heard of."""
    names = {"county_code": code, "dataset": expected.dataset}
    if expected.who == "office":
        row = connection.execute(read_sql(settings.root, "operations/office_seen"), names).fetchone()
        return {"": row[0] if row else None}
    if expected.who == "streams":
        rows = connection.execute(read_sql(settings.root, "operations/streams_seen"), names).fetchall()
        known: dict[str, datetime | None] = dict.fromkeys(_streams(settings, code, contract))
        return known | {stream: moment for _, stream, moment in rows if stream in known}
    units = _units_seen(settings, connection, names)
    if expected.who == "units":
        return units
    return {
        name: max((at for unit, at in units.items() if at and _speaks_for(unit, name, aliases)), default=None)
        for name, aliases in _townships(settings, connection, names)
    }


def _owing(
    settings: Settings, connection: psycopg.Connection[Any], code: str, expected: Expectation, contract: Contract
) -> dict[str, datetime | None]:
    """Return under which names a dataset is delivered, and when each was last heard of.

    A township that never delivered has its own name; rows that are their own unit (a fair, a day) are the office's.
    """
    names = {"county_code": code, "dataset": expected.dataset}
    if contract.reporting_unit in contract.computed:
        return _seen(settings, connection, code, expected.model_copy(update={"who": "office"}), contract)
    units: dict[str, datetime | None] = dict(_units_seen(settings, connection, names))
    if expected.who == "townships":
        towns = _townships(settings, connection, names)
        silent = [name for name, aliases in towns if not any(_speaks_for(unit, name, aliases) for unit in units)]
        known = {unit: at for unit, at in units.items() if any(_speaks_for(unit, *town) for town in towns)}
        return dict.fromkeys(silent) | known
    return units or ({"": None} if expected.who == "office" else {})


def _units_seen(
    settings: Settings, connection: psycopg.Connection[Any], names: Mapping[str, str]
) -> dict[str, datetime | None]:
    statement = sql.SQL(read_sql(settings.root, "operations/units_seen").decode())
    core = sql.Identifier("core", names["dataset"])
    return {unit: at for _, unit, at in connection.execute(statement.format(core=core), names).fetchall()}


def _townships(
    settings: Settings, connection: psycopg.Connection[Any], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    rows = connection.execute(read_sql(settings.root, "operations/townships"), names).fetchall()
    return [(name, aliases) for name, aliases in rows]


def _speaks_for(unit: str, town: str, aliases: str) -> bool:
    return any(name and name in unit for name in (town, *aliases.split(";")))


def _streams(settings: Settings, code: str, contract: Contract) -> Iterator[str]:
    """Yield the streams of a dataset that are connected now: what is disconnected is no longer expected.

    Connections are known by their names; none is read, of which there may be thousands.
    """
    kinds = {feed.kind for feed in contract.feeds.values()}
    if "platform" in kinds:
        yield from (conn_id for conn_id, county in platform_names(known(settings)) if county == code)
    if "database" in kinds and has_fund_ledger(known(settings)):
        yield from (f"{LEDGER}/{feed.table}" for feed in contract.feeds.values() if feed.kind == "database")
