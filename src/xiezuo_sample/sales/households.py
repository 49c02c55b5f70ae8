"""Households that firms of consumption support are linked to: ledger, and what it adds up to.

A household may be linked by two firms, and each states its size; it counts once, with the largest.
Household numbers carry their year, so that two years' ledgers stand beside each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.goals import Goals
from xiezuo_sample.ledger import Head, Ledger, inbox, mixed, spoiled_code, typed_day, write_text
from xiezuo_sample.outcome import BadRow, Period, Value, counted, periods, values_of
from xiezuo_sample.people import Population
from xiezuo_sample.sales.registers import Firm, Registers
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import Town, World

_COLUMNS = (
    "firm",
    "uscc",
    "household_no",
    "head_name",
    "town",
    "village",
    "people",
    "linked_on",
    "kind",
    "income",
)
_KINDS = ("订单收购", "土地流转", "务工带动", "入股分红")
_MONTH_WEIGHTS = (3, 5, 12, 14, 10, 9, 8, 8, 12, 10, 6, 3)
_LARGEST = 9


@dataclass(frozen=True, slots=True)
class Link:
    """A firm's link to a household; ``people`` is the household's size as this firm states it."""

    number: str
    firm: Firm
    head: str
    town: Town
    village: str
    people: int
    linked_on: date
    kind: str
    income_yuan: int


@dataclass
class HouseholdPlan:
    """``links`` count; ``withdrawn`` stood in the June ledger only."""

    links: list[Link]
    withdrawn: list[Link]


def plan_households(world: World, goals: Goals, registers: Registers) -> HouseholdPlan:
    """Draw as many households and people as the goals say, linked by firms of the registers."""
    rng = world.rng("households")
    population = Population(rng, world.year)
    firms = list(dict.fromkeys(product.firm for product in registers.products))
    sizes = _sizes(goals.households, goals.household_people, rng)
    weights = [rng.uniform(0.4, 2.0) for _ in world.towns]
    links: list[Link] = []
    for serial, people in enumerate(sizes, start=1):
        town = rng.choices(world.towns, weights)[0]
        link = Link(
            number=f"{town.code}{world.year % 100:02d}{serial:06d}",
            firm=rng.choice(firms),
            head=population.person().name,
            town=town,
            village=rng.choice(town.villages) if town.villages else "",
            people=people,
            linked_on=_day(world, rng),
            kind=rng.choice(_KINDS),
            income_yuan=rng.randint(6, 60) * 100,
        )
        links.append(link)
        if serial == 1 or rng.random() < 0.05:
            links.append(_by_another(world, link, firms, rng))
    gone = [
        replace(links[0], number=f"{links[0].town.code}{world.year % 100:02d}{goals.households + serial:06d}",
                linked_on=date(world.year, 5, 9))
        for serial in (1, 2)
    ]  # fmt: skip
    return HouseholdPlan(links, gone)


def household_values(plan: HouseholdPlan, year: int) -> Iterator[Value]:
    """Count different households linked in a period, and their people at the largest size stated in it."""

    def linked(period: Period) -> Iterator[tuple[str, str]]:
        return ((link.number, link.town.code) for link in plan.links if period.holds(link.linked_on))

    yield from counted("CON4.households", "户", year, linked)
    for period in periods(year):
        largest: dict[str, Link] = {}
        for link in plan.links:
            if period.holds(link.linked_on):
                known = largest.get(link.number)
                if known is None or known.people < link.people:
                    largest[link.number] = link
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for link in largest.values():
            sums[""] += link.people
            sums[link.town.code] += link.people
        yield from values_of("CON4.people", "人", period, sums)


def write_households(world: World, plan: HouseholdPlan, out: Path) -> list[BadRow]:
    """Write June's and December's ledger below ``inbox/<county>/sales``; only December's has bad rows."""
    rng = world.rng("household files")
    june, december = date(world.year, 6, 30), date(world.year, 12, 31)
    early = [_as_first_told(link, rng) for link in plan.links if link.linked_on <= june]
    _write(world, [*early, *plan.withdrawn], june, out, rng)
    return _write(world, plan.links, december, out, rng)


def _sizes(households: int, people: int, rng: Random) -> list[int]:
    """Return sizes from one person up that add up to ``people``."""
    sizes = [max(1, min(_LARGEST, round(rng.gauss(people / households, 1.3)))) for _ in range(households)]
    gap = people - sum(sizes)
    step = 1 if gap > 0 else -1
    index = 0
    while gap:
        size = sizes[index % households] + step
        if size >= 1 and (size <= _LARGEST or people > _LARGEST * households):
            sizes[index % households] = size
            gap -= step
        index += 1
    rng.shuffle(sizes)
    return sizes


def _by_another(world: World, link: Link, firms: list[Firm], rng: Random) -> Link:
    """Return the same household linked by another firm, which knows of no more people."""
    others = [firm for firm in firms if firm != link.firm]
    if not others:
        return link
    people = max(1, link.people - rng.randint(0, 2))
    return replace(link, firm=rng.choice(others), people=people, linked_on=_day(world, rng))


def _day(world: World, rng: Random) -> date:
    return date(world.year, rng.choices(range(1, 13), _MONTH_WEIGHTS)[0], rng.randint(1, 28))


def _as_first_told(link: Link, rng: Random) -> Link:
    """Return the link as June's ledger had it: now and then with one person more."""
    return replace(link, people=link.people + 1) if rng.random() < 0.03 else link


def _write(world: World, links: list[Link], day: date, out: Path, rng: Random) -> list[BadRow]:
    head = Head(
        f"{world.county.name}{world.year}年消费帮扶带动脱贫户台账", "县乡村振兴局", day, "household", _COLUMNS
    )
    ledger = Ledger.begin("sales_household", "带动脱贫户", head, rng)
    good = [("", _cells(link, rng)) for link in sorted(links, key=lambda link: (link.town.code, link.number))]
    is_last = day.month == 12
    for hint, cells in mixed(good, _broken(world, links[0], rng) if is_last else [], rng):
        ledger.add(cells, hint)
    if is_last:
        ledger.add(good[-1][1], "the row stands twice", "duplicate")
    ledger.total({"household_no": f"{len(links)}户"})
    file = inbox(world, "sales", f"消费帮扶带动脱贫户台账_{day:%Y-%m}.csv")
    return write_text(out, file, ledger, "gb18030" if is_last else "utf-8-sig")


def _cells(link: Link, rng: Random) -> dict[str, Cell]:
    return {
        "firm": link.firm.name,
        "uscc": link.firm.uscc,
        "household_no": link.number,
        "head_name": link.head,
        "town": rng.choice((*[link.town.name] * 9, *link.town.spellings)),
        "village": link.village or None,
        "people": rng.choice((link.people, link.people, f"{link.people}人")),
        "linked_on": typed_day(link.linked_on, rng),
        "kind": link.kind,
        "income": rng.choice((link.income_yuan, f"{link.income_yuan:,}")),
    }


def _broken(world: World, model: Link, rng: Random) -> list[tuple[str, dict[str, Cell]]]:
    """Return rows of households that count nowhere, each with one cell broken."""
    breaks: Mapping[str, dict[str, Cell]] = {
        "the county has no such township": {"town": "无此乡", "village": None},
        "the row has no household number": {"household_no": None},
        "the number of people is no number": {"people": "人数待核"},
        "the social credit code's check digit is wrong": {"uscc": spoiled_code(model.firm.uscc)},
        "the day cannot be read": {"linked_on": "年后"},
    }
    found = []
    for serial, (hint, cells) in enumerate(breaks.items(), start=910_001):
        number = f"{model.town.code}{world.year % 100:02d}{serial:06d}"
        found.append((hint, _cells(replace(model, number=number), rng) | cells))
    return found
