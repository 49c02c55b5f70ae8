"""Demonstration villages and joint parks: plan, a workbook with a sheet each, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.outcome import BadRow, Value, periods, values_of
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.goals import VillageGoal, WorkGoals
from xiezuo_sample.work.sheets import Line, Statement, short, typed_day, typed_month, write_book
from xiezuo_sample.work.values import Standing, stock
from xiezuo_sample.world import World

UNIT = "县乡村振兴局"
_THEMES = ("农牧循环产业", "红葱种植", "小杂粮加工", "乡村旅游", "设施蔬菜")
_PARKS = ("现代农业循环产业园", "农产品加工产业园", "特色种养产业园")


@dataclass(frozen=True)
class Village:
    """A demonstration village while it is one; by month where the ledger gives no day of naming."""

    goal: VillageGoal
    town_code: str
    named_on: date | None
    ended_on: date | None = None
    by_month: bool = False
    number: int = 0

    @property
    def wan(self) -> int:
        """What was put into it, in 万元."""
        return 120 + 35 * self.number

    @property
    def income_wan(self) -> int:
        """What its collective earns in a year, in 万元."""
        return 18 + 4 * self.number


@dataclass(frozen=True)
class Park:
    """A joint park while it is one; it began on the first day of a month, and an end is a month's last."""

    name: str
    started_on: date
    ended_on: date | None
    agreement_on: date


@dataclass(frozen=True)
class Places:
    """The year's villages and parks, those that left included."""

    villages: list[Village]
    parks: list[Park]


def places(world: World, goals: WorkGoals) -> Places:
    """Draw the days: one village and one park are new, one of each leaves."""
    rng = world.rng("work places")
    return Places(_villages(world, goals, rng), _parks(world, goals, rng))


def _villages(world: World, goals: WorkGoals, rng: Random) -> list[Village]:
    year, codes = world.year, {town.name: town.code for town in world.towns}
    found = []
    for number, goal in enumerate(goals.villages):
        named: date | None = date(year - 1, rng.randint(3, 11), rng.randint(1, 28))
        if number == 0:
            named = None
        elif number == len(goals.villages) - 1:
            named = date(year, rng.randint(4, 7), 1)
        is_last = number == len(goals.villages) - 1
        found.append(Village(goal, codes[goal.town], named, by_month=is_last, number=number))
    spare = _spare(world, goals, rng)
    if spare is not None:
        found.append(Village(spare, codes[spare.town], date(year - 2, 5, 11), date(year, 3, 31)))
    return found


def _spare(world: World, goals: WorkGoals, rng: Random) -> VillageGoal | None:
    """Return a village that is none at the year's end, where the county has another."""
    taken = {(goal.town, goal.village) for goal in goals.villages}
    others = [
        VillageGoal(town.name, village)
        for town in world.towns
        for village in town.villages
        if (town.name, village) not in taken
    ]
    return rng.choice(others) if others else None


def _parks(world: World, goals: WorkGoals, rng: Random) -> list[Park]:
    year, county = world.year, world.county
    pair = f"{short(county.paired_county)}{short(county.name)}"
    found = [
        Park(
            f"{pair}{_PARKS[number]}",
            date(year, rng.randint(5, 9), 1) if number == 0 else date(year - 1, 8, 1),
            None,
            date(year, rng.randint(9, 11), rng.randint(1, 28)),
        )
        for number in range(goals.parks)
    ]
    return [
        *found,
        Park(f"{pair}扶贫车间产业园", date(year - 3, 6, 1), date(year, 3, 31), date(year - 3, 5, 18)),
    ]


def place_values(plan: Places, year: int) -> Iterator[Value]:
    """Count parks, and villages also by township, as they stand on each period's last day."""
    yield from stock("IND1", "个", year, [Standing(p.started_on, p.ended_on) for p in plan.parks])
    villages = [Standing(v.named_on, v.ended_on, v.town_code) for v in plan.villages]
    if villages:
        yield from stock("VIL1", "个", year, villages)
    for name, unit, amounts in (
        ("VIL2.fund", "元", [v.wan * 10_000 for v in plan.villages]),
        ("VIL2.projects", "个", [v.number + 1 for v in plan.villages]),
        ("VIL2.collective_income", "元", [v.income_wan * 10_000 for v in plan.villages]),
    ):
        for period in periods(year) if villages else ():
            sums = {"": Decimal(0)}
            for village, amount in zip(villages, amounts, strict=True):
                if village.on(period.last):
                    for town in ("", village.town_code):
                        sums[town] = sums.get(town, Decimal(0)) + amount
            yield from values_of(name, unit, period, sums)


def write_places(world: World, plan: Places, out: Path) -> list[BadRow]:
    """Write June's and December's workbook; June's dates a naming wrongly and lists a park that is none.

    A county whose divisions list no village has no ledger of villages.
    """
    rng, year = world.rng("work place ledgers"), world.year
    june, december = date(year, 6, 30), date(year, 12, rng.randint(15, 28))
    named = [v for v in plan.villages if v.named_on is None or v.named_on <= june]
    named[1:2] = [replace(village, named_on=date(year - 1, 1, 9)) for village in named[1:2]]
    parks = [park for park in plan.parks if park.started_on <= june]
    mooted = Park(f"{short(world.county.name)}拟建产业园", date(year, 6, 1), None, date(year, 6, 20))
    early = [_park_ledger([*parks, mooted], june, rng, [])]
    final = [_park_ledger(plan.parks, december, rng, _bad_parks(world, plan.parks[0], rng))]
    if plan.villages:
        early.append(_village_ledger(world, named, june, rng, []))
        final.append(_village_ledger(world, plan.villages, december, rng, _bad_villages(world, plan, rng)))
    write_book(world, out, f"示范村和产业园_{june:%Y-%m}.xlsx", *early)
    return write_book(world, out, f"示范村和产业园_{december:%Y-%m}.xlsx", *final)


def _village_ledger(
    world: World, listed: list[Village], reported_on: date, rng: Random, bad: list[Line]
) -> Statement:
    is_early = reported_on.month < 12
    lines = [Line(_village_cells(world, village, rng, is_early=is_early)) for village in listed]
    return Statement(
        dataset="work_village",
        sheet="示范村",
        title="{county}与{paired_county}共建乡村振兴示范村台账",
        columns=("town", "village", "named_on", "ended_on", "theme", "work", "fund", "projects", "income", "per_head"),
        lines=[*lines, *bad],
        reported_on=reported_on,
        unit=UNIT,
        units={"fund": "万元", "income": "万元", "per_head": "元"},
    )


def _village_cells(world: World, village: Village, rng: Random, *, is_early: bool = False) -> dict[str, Cell]:
    goal, named = village.goal, village.named_on
    town = next(town for town in world.towns if town.code == village.town_code)
    day: Cell = None
    if named is not None:
        day = typed_month(named, rng) if village.by_month else typed_day(named, rng)
    return {
        "town": rng.choice(town.spellings or (town.name,)),
        "village": goal.typed if is_early and goal.typed else goal.village,
        "named_on": day,
        "ended_on": None if village.ended_on is None else typed_day(village.ended_on, rng),
        "theme": rng.choice(_THEMES),
        "work": "新建村内产业路，改造排水渠，组织村民参加技能培训",
        "fund": village.wan,
        "projects": f"{village.number + 1}个",
        "income": village.income_wan,
        "per_head": 12800 + 300 * village.number,
    }


def _bad_villages(world: World, plan: Places, rng: Random) -> list[Line]:
    good = _village_cells(world, plan.villages[0], rng)
    return [
        Line(good | {"village": "无此村"}, "the town has no such village"),
        Line(good | {"town": "无此乡"}, "the county has no such township"),
        Line(good | {"named_on": "2021-09-01", "ended_on": "2021-08-01"}, "left before it was named"),
        Line(good | {"named_on": f"{world.year}年13月"}, "there is no such month"),
    ]


def _park_ledger(listed: list[Park], reported_on: date, rng: Random, bad: list[Line]) -> Statement:
    return Statement(
        dataset="work_park",
        sheet="产业园",
        title="{county}与{paired_county}共建产业园台账",
        columns=("name", "started_on", "ended_on", "place", "partners", "zones", "agreement_on"),
        lines=[*(Line(_park_cells(park, rng)) for park in listed), *bad],
        reported_on=reported_on,
        unit=UNIT,
    )


def _park_cells(park: Park, rng: Random) -> dict[str, Cell]:
    return {
        "name": park.name,
        "started_on": typed_month(park.started_on, rng),
        "ended_on": None if park.ended_on is None else typed_month(park.ended_on, rng),
        "place": "县城近郊",
        "partners": "两家合作企业",
        "zones": "种苗繁育区、果蔬生产区、大田试验区",
        "agreement_on": typed_day(park.agreement_on, rng),
    }


def _bad_parks(world: World, park: Park, rng: Random) -> list[Line]:
    good = _park_cells(replace(park, name=f"{short(world.county.name)}存疑产业园"), rng)
    return [
        Line(good | {"name": None}, "the name is missing"),
        Line(
            good | {"started_on": f"{world.year}-09-01", "ended_on": f"{world.year}-05-01"},
            "left before it began",
        ),
        Line(
            good | {"agreement_on": f"{world.year}年2月29日前后"}, "the day of the agreement cannot be read"
        ),
    ]
