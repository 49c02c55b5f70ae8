"""The labour plan: who worked where from when, which station reports it, and what that adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xiezuo_sample.outcome import Value, periods, values_of
from xiezuo_sample.people import Job, Person, Population
from xiezuo_sample.world import Town

_INDICATORS = {"LAB1": None, "LAB2": "paired", "LAB3": "home", "LAB4": "elsewhere"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works, by names."""

    province: str
    city: str
    county: str


@dataclass(frozen=True, slots=True)
class Work:
    """A job at a place; the wage is 元 a month."""

    place: Place
    job: Job
    wage_yuan: int
    is_organised: bool


@dataclass(frozen=True, slots=True)
class Spell:
    """One person's stay in one job as one station reports it.

    ``household`` is lifted, unstable, marginal, hardship, ordinary or '' (the ledger does not say).
    With ``by_month`` the ledger gives only the month and ``started_on`` is its first day.
    """

    person: Person
    station: int
    town: Town
    village: str
    household: str
    destination: str
    work: Work
    started_on: date
    by_month: bool
    ended_on: date | None

    @property
    def is_lifted(self) -> bool:
        """Lifted out of poverty: a lifted household, or a monitored one of class 脱贫不稳定户."""
        return self.household in ("lifted", "unstable")


@dataclass(frozen=True)
class Station:
    """A labour station and the townships it looks after."""

    number: int
    name: str
    towns: tuple[Town, ...]


@dataclass
class LabourPlan:
    """``spells`` count; ``withdrawn`` stood in an earlier delivery of their station only."""

    stations: tuple[Station, ...]
    population: Population
    spells: list[Spell] = field(default_factory=list)
    withdrawn: list[Spell] = field(default_factory=list)


def labour_values(plan: LabourPlan, year: int) -> Iterator[Value]:
    """Count the plan: each person once a period, at the spell with the latest start in it."""
    for period in periods(year):
        last: dict[str, Spell] = {}
        for spell in plan.spells:
            if period.holds(spell.started_on):
                known = last.get(spell.person.number)
                if known is None or spell.started_on > known.started_on:
                    last[spell.person.number] = spell
        for indicator, destination in _INDICATORS.items():
            counted = [s for s in last.values() if destination in (None, s.destination)]
            yield from values_of(indicator, "人", period, _by_town(counted))
            yield from values_of(
                f"{indicator}.lifted", "人", period, _by_town(s for s in counted if s.is_lifted)
            )


def _by_town(spells: Iterable[Spell]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for spell in spells:
        for code in ("", spell.town.code):
            sums[code] = sums.get(code, Decimal(0)) + 1
    return sums
