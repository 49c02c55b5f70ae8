"""Counting what the office's ledgers plan: stocks at a period's end, people over a period, lower bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from xiezuo_sample.outcome import Fact, Period, Value, additive, periods, values_of


@dataclass(frozen=True)
class Standing:
    """Something that stands from its first to its last day, both included; None is open."""

    first: date | None
    last: date | None
    town_code: str = ""

    def on(self, day: date) -> bool:
        """Tell whether it stands on the day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def events(indicator_id: str, unit: str, year: int, days: Iterable[date]) -> Iterator[Value]:
    """Count things by their own day."""
    yield from additive(indicator_id, unit, year, [Fact(day, "", Decimal(1)) for day in days])


def stock(indicator_id: str, unit: str, year: int, things: Iterable[Standing]) -> Iterator[Value]:
    """Count what stands on each period's last day, whole and by township."""
    known = list(things)
    for period in periods(year):
        counts: Counter[str] = Counter()
        for thing in known:
            if thing.on(period.last):
                counts.update({"", thing.town_code})
        yield from values_of(indicator_id, unit, period, {town: Decimal(n) for town, n in counts.items()})


def measured(
    indicator_id: str,
    unit: str,
    year: int,
    measure: Callable[[Period], Decimal | int],
    *,
    months: bool = True,
) -> Iterator[Value]:
    """Measure every period of the county, or all but the months."""
    for period in periods(year):
        if months or period.kind != "month":
            yield from values_of(indicator_id, unit, period, {"": Decimal(measure(period))})


def bounded(indicator_id: str, year: int, amounts: Iterable[tuple[date, Decimal, bool]]) -> Iterator[Value]:
    """Add up amounts (day, 元, is a lower bound); a sum with a lower bound in it is one."""
    known = list(amounts)
    open_days = [day for day, _, at_least in known if at_least and day.year == year]
    spans = {(period.kind, period.name): period for period in periods(year)}
    for value in additive(indicator_id, "元", year, [Fact(day, "", yuan) for day, yuan, _ in known]):
        period = spans[value.period_kind, value.period]
        is_bound = any(map(period.holds, open_days))
        yield replace(value, qualifier="at_least") if is_bound else value
