"""Workshops: lists of January, June and December with their state, rosters of June and December, and the counts.

One workshop is set up in summer, one is to be dealt with from June on, one is cleared by December. Who works too
short a time for too little counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

from xiezuo_sample.codes import credit_code
from xiezuo_sample.ledger import Head, Ledger, inbox, mixed, typed_day, typed_month, write_ledgers
from xiezuo_sample.outcome import BadRow, Period, Value, counted, periods, values_of
from xiezuo_sample.people import Person, Population
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import Town, World

_LIST = (
    "name", "town", "village", "firm", "uscc", "product", "state", "built_on", "closed_on", "fund", "jobs", "lifted",
)  # fmt: skip
_ROSTER = (
    "workshop", "person_name", "id_no", "household_type", "town", "phone", "job", "started_on", "ended_on", "months",
    "pay",
)  # fmt: skip
_STATES = {
    "normal": ("正常", "正常运行", "在产"),
    "pending": ("待处置", "待整改", "①待处置"),
    "cleared": ("清理", "已清理退出", "摘牌"),
}
_WORDS = ("晨屿", "禾川", "远栎", "朗岫", "青砚", "榆舟", "岚汀")
_PRODUCTS = ("服装加工", "小杂粮包装", "电子元件", "手工编织")
_TYPES = {True: ("脱贫户", "脱贫人口", "稳定脱贫户"), False: ("一般农户", "非脱贫户")}


@dataclass(frozen=True)
class Worker:
    """Somebody on a roster: months and yuan of the year up to June and up to December."""

    person: Person
    town: Town
    is_lifted: bool
    june: tuple[int, int]
    december: tuple[int, int]

    def counts(self, month: int) -> bool:
        """Whether three months or 5,000 yuan of the year had come together by the roster of that month."""
        months, yuan = self.december if month == 12 else self.june
        return months >= 3 or yuan >= 5000


@dataclass(frozen=True)
class Workshop:
    """A workshop; ``states`` are those of the lists of January, June and December."""

    name: str
    town: Town
    uscc: str
    built_on: date
    states: tuple[str, str, str]
    closed_on: date | None
    workers: tuple[Worker, ...]

    def state(self, day: date) -> str:
        """Return its state as the list that holds on a day says."""
        return self.states[0 if day.month < 6 else 1 if day.month < 12 else 2]

    def is_open(self, day: date) -> bool:
        """Whether it is one on a day, as the list says that holds then: in it, and not cleared."""
        listed_on = date(day.year, *((1, 31) if day.month < 6 else (6, 30) if day.month < 12 else (12, 31)))
        return self.built_on <= listed_on and self.state(day) != "cleared"


def plan_workshops(world: World) -> list[Workshop]:
    """Draw seven workshops, of which the last is set up in the year."""
    rng = world.rng("workshops")
    population = Population(rng, world.year)
    found: list[Workshop] = []
    for number, word in enumerate(_WORDS):
        built = date(world.year - rng.randint(1, 3), rng.randint(1, 12), 1)
        states, closed = ("normal", "normal", "normal"), None
        if number == 6:
            built = date(world.year, rng.randint(2, 5), 1)
        elif number == 1:
            states = ("normal", "pending", "normal")
        elif number == 2:
            states = ("normal", "pending", "pending")
        elif number == 3:
            states, closed = ("normal", "pending", "cleared"), date(world.year, 10, 31)
        town = found[0].town if number == 6 else rng.choice(world.towns)  # where there is a list in January
        workers = tuple(_worker(world, population, rng) for _ in range(rng.randint(6, 14)))
        found.append(Workshop(f"{town.name}{word}帮扶车间", town, credit_code(rng), built, states, closed, workers))
    return found


def _worker(world: World, population: Population, rng: Random) -> Worker:
    june = rng.choice(((1, 1800), (2, 3600), (2, 5200), (4, 8000), (5, 12000)))
    more = rng.choice((0, 0, 5))
    return Worker(
        population.person(), rng.choice(world.towns), rng.random() < 0.6, june, (june[0] + more, june[1] + more * 2400)
    )


def workshop_values(plan: list[Workshop], year: int) -> Iterator[Value]:
    """Count workshops by the list that holds on a period's last day, people by the roster stated last."""
    parts = {"WSH1": ("normal", "pending"), "WSH1.normal": ("normal",), "WSH1.pending": ("pending",)}
    for name, states in parts.items():
        yield from counted(name, "个", year, partial(_open, plan, states))
    yield from counted(
        "WSH1.cleared", "个", year,
        lambda period: ((one.name, one.town.code) for one in plan if one.state(period.last) == "cleared"),
    )  # fmt: skip
    for name, heads in (
        ("WSH1.jobs", {one.name: len(one.workers) for one in plan}),
        ("WSH1.jobs.lifted", {one.name: sum(worker.is_lifted for worker in one.workers) for one in plan}),
    ):
        for period in periods(year):
            jobs = {"": Decimal(0)}
            for one in plan:
                if one.is_open(period.last):
                    for town in ("", one.town.code):
                        jobs[town] = jobs.get(town, Decimal(0)) + heads[one.name]
            yield from values_of(name, "人", period, jobs)
    yield from counted(
        "WSH1.built",
        "个",
        year,
        lambda period: ((one.name, one.town.code) for one in plan if period.holds(one.built_on)),
    )
    for name, only_lifted in (("WSH2", False), ("WSH2.lifted", True)):
        values = counted(name, "人", year, partial(_at_work, plan, only_lifted=only_lifted))
        first = f"{year}-06"  # before the year's first roster nothing is reported
        yield from (
            value for value in values
            if value.period_kind == "year" or (value.period_kind == "year_to_date" and value.period >= first)
        )  # fmt: skip


def _open(plan: list[Workshop], states: tuple[str, ...], period: Period) -> Iterator[tuple[str, str]]:
    for one in plan:
        if one.is_open(period.last) and one.state(period.last) in states:
            yield one.name, one.town.code


def _at_work(plan: list[Workshop], period: Period, *, only_lifted: bool) -> Iterator[tuple[str, str]]:
    month = period.last.month
    for one in plan:
        for worker in one.workers:
            if worker.counts(month) and (worker.is_lifted or not only_lifted):
                yield worker.person.number, worker.town.code


def write_workshops(world: World, plan: list[Workshop], out: Path) -> list[BadRow]:
    """Write lists and rosters below ``inbox/<county>/labour``; only December's have bad rows."""
    rng, year = world.rng("workshop files"), world.year
    found: list[BadRow] = []
    for day in (date(year, 1, 31), date(year, 6, 30), date(year, 12, 31)):
        listed = [one for one in plan if one.built_on <= day]
        name = inbox(world, "labour", f"帮扶车间台账_{day:%Y-%m}.xlsx")
        found += write_ledgers(out, name, [_list(world, listed, day, rng)])
        if day.month > 1:
            name = inbox(world, "labour", f"帮扶车间务工人员花名册_{day:%Y-%m}.xlsx")
            found += write_ledgers(out, name, [_roster(world, listed, day, rng)])
    return found


def _list(world: World, listed: list[Workshop], day: date, rng: Random) -> Ledger:
    title = f"{world.county.name}帮扶车间台账（{(day.month + 2) // 3}季度）"
    ledger = Ledger.begin("labour_workshop", "帮扶车间", Head(title, "县乡村振兴局", day, "workshop", _LIST), rng)
    for one in listed:
        ledger.add(_cells(one, day, rng))
    if day.month == 12:
        good = _cells(listed[0], day, rng) | {"name": f"{listed[0].town.name}存疑帮扶车间"}
        ledger.add(good | {"state": "看情况再定"}, "the state is unknown")
        ledger.add(good | {"name": None}, "the name is missing")
        ledger.add(good | {"jobs": 5, "lifted": 6}, "more lifted people than people")
        ledger.add(good | {"town": "无此乡"}, "the county has no such township")
    return ledger


def _cells(one: Workshop, day: date, rng: Random) -> dict[str, Cell]:
    return {
        "name": one.name,
        "town": rng.choice((one.town.name, *one.town.spellings)),
        "village": None,
        "firm": f"{one.name[-6:-4]}工贸有限公司",
        "uscc": one.uscc,
        "product": rng.choice(_PRODUCTS),
        "state": rng.choice(_STATES[one.state(day)]),
        "built_on": typed_month(one.built_on, rng),
        "closed_on": typed_day(one.closed_on, rng) if one.closed_on and one.closed_on <= day else None,
        "fund": 10,
        "jobs": rng.choice((len(one.workers), f"{len(one.workers)}人")),
        "lifted": sum(worker.is_lifted for worker in one.workers),
    }


def _roster(world: World, listed: list[Workshop], day: date, rng: Random) -> Ledger:
    title = f"{world.county.name}{world.year}年帮扶车间务工人员花名册"
    head = Head(title, "县人力资源和社会保障局", day, "workshop_roster", _ROSTER)
    ledger = Ledger.begin("labour_workshop_roster", "花名册", head, rng)
    good = [("", _person_cells(one, worker, day, rng)) for one in listed for worker in one.workers]
    bad = _bad_people(listed[0], day, rng) if day.month == 12 else []
    for hint, cells in mixed(good, bad, rng):
        ledger.add(cells, hint)
    return ledger


def _person_cells(one: Workshop, worker: Worker, day: date, rng: Random) -> dict[str, Cell]:
    months, yuan = worker.december if day.month == 12 else worker.june
    return {
        "workshop": one.name,
        "person_name": worker.person.name,
        "id_no": worker.person.number,
        "household_type": rng.choice(_TYPES[worker.is_lifted]),
        "town": worker.town.name,
        "phone": worker.person.phone,
        "job": "操作工",
        "started_on": typed_month(date(day.year, 1, 1), rng),
        "ended_on": None,
        "months": rng.choice((months, f"{months}个月")),
        "pay": rng.choice((yuan, f"{yuan:,}")),
    }


def _bad_people(one: Workshop, day: date, rng: Random) -> list[tuple[str, dict[str, Cell]]]:
    stranger = Worker(Population(rng, day.year + 1).person(), one.town, True, (6, 9000), (12, 20000))
    good, number = _person_cells(one, stranger, day, rng), stranger.person.number
    return [
        ("the identity number is masked", good | {"id_no": f"{number[:6]}********{number[14:]}"}),
        ("more months than a year has", good | {"months": 13}),
        ("the household type is unknown", good | {"household_type": "重点户"}),
    ]
