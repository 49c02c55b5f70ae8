"""Training of officials, professionals and leaders, the leaders themselves, activities of help: ledgers and counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.codes import telephone
from xiezuo_sample.ledger import Head, Ledger, inbox, mixed, typed_day, typed_month, write_ledgers, write_text
from xiezuo_sample.outcome import BadRow, Fact, Value, additive, counted, periods, values_of
from xiezuo_sample.people import Population
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.values import Standing, events
from xiezuo_sample.world import Town, World

Rows = list[tuple[str, dict[str, Cell]]]
"""Rows by column name, each with why it is bad, or nothing."""

OFFICE = "县委农村工作领导小组办公室"
_CLASS = (
    "kind", "name", "term_no", "host", "site", "place", "started_on", "ended_on", "days", "people", "lifted",
)  # fmt: skip
_LEADER = (
    "person_name", "phone", "town", "village", "trade", "named_on", "ended_on", "trained_on", "east", "households",
    "lifted",
)  # fmt: skip
_ACTIVITY = ("held_on", "name", "kind", "giver", "place", "times", "volunteers", "people")
_KINDS = {
    "cadre": ("TRN1", "乡村振兴干部", ("党政干部", "镇村干部", "①党政干部")),
    "professional": ("TRN2", "骨干教师和医护人员", ("专业技术人才", "专技人员", "专技")),
    "leader": ("TRN3", "乡村振兴带头人", ("致富带头人", "乡村致富带头人", "创业致富带头人")),
}
_SITES = {"east": ("赴东部", "东部"), "west": ("本县", "县内举办"), "online": ("线上", "网络培训")}
_ACTIVITIES = (("送医下乡义诊", "义诊"), ("爱心支教", "支教"), ("送文化下乡", "文化"), ("助学志愿服务", "志愿服务"))


@dataclass(frozen=True)
class Training:
    """A class of one kind, held in one place."""

    kind: str
    number: int
    site: str
    started_on: date
    people: int


@dataclass(frozen=True)
class Leader:
    """A leader while being one."""

    name: str
    town: Town
    named_on: date
    ended_on: date | None
    households: int


@dataclass(frozen=True)
class Activity:
    """An activity, held so many times."""

    number: int
    held_on: date
    times: int
    volunteers: int
    people: int


@dataclass(frozen=True)
class Learning:
    """The year's classes, leaders and activities."""

    classes: list[Training]
    leaders: list[Leader]
    activities: list[Activity]


def plan_learning(world: World) -> Learning:
    """Draw three to five classes of each kind, eight leaders and six activities."""
    rng, year = world.rng("further learning"), world.year
    classes = [
        Training(kind, number, rng.choice(tuple(_SITES)), _day(rng, date(year, 2, 1), 310), rng.randint(20, 60))
        for kind in _KINDS
        for number in range(1, rng.randint(4, 6))
    ]
    people = Population(rng, year)
    leaders = [
        Leader(
            f"{people.person().name}{'甲乙丙丁戊己庚辛'[number]}",
            rng.choice(world.towns),
            date(year, 4, 1) if number == 7 else date(year - 1, rng.randint(1, 12), 1),
            date(year, 9, 30) if number == 0 else None,
            rng.randint(3, 30),
        )
        for number in range(8)
    ]
    activities = [
        Activity(
            number,
            _day(rng, date(year, 3, 1), 280),
            rng.choice((1, 1, 2, 3)),
            rng.randint(5, 20),
            rng.randint(50, 400),
        )
        for number in range(6)
    ]
    return Learning(classes, leaders, activities)


def _day(rng: Random, first: date, days: int) -> date:
    return first + timedelta(days=rng.randrange(days))


def learning_values(plan: Learning, year: int) -> Iterator[Value]:
    """Count classes and activities by their own day, leaders on a period's last day."""
    groups: dict[str, tuple[list[Training], str]] = {"TRN": (plan.classes, "人次")}
    for kind, (name, *_) in _KINDS.items():
        groups[name] = ([one for one in plan.classes if one.kind == kind], "人" if kind == "leader" else "人次")
    groups["TRN.east"] = ([one for one in plan.classes if one.site == "east"], "人次")
    for name, (classes, unit) in groups.items():
        yield from events(name, "期", year, [one.started_on for one in classes])
        people = [Fact(one.started_on, "", Decimal(one.people)) for one in classes]
        yield from additive(f"{name}.people", unit, year, people)
    standing = [(one, Standing(one.named_on, one.ended_on)) for one in plan.leaders]
    yield from counted(
        "TRN3.leaders", "人", year,
        lambda period: ((one.name, one.town.code) for one, held in standing if held.on(period.last)),
    )  # fmt: skip
    for period in periods(year):
        drawn = {"": Decimal(0)}
        for one, held in standing:
            if held.on(period.last):
                for town in ("", one.town.code):
                    drawn[town] = drawn.get(town, Decimal(0)) + one.households
        yield from values_of("TRN3.households", "户", period, drawn)
    told = (("SOC3", "场", "times"), ("SOC3.volunteers", "人次", "volunteers"), ("SOC3.people", "人次", "people"))
    for name, unit, part in told:
        facts = [Fact(one.held_on, "", Decimal(getattr(one, part))) for one in plan.activities]
        yield from additive(name, unit, year, facts)


def write_learning(world: World, plan: Learning, out: Path) -> list[BadRow]:
    """Write June's and December's ledgers below ``inbox/<county>/work``; only December's have bad rows."""
    rng, year = world.rng("further learning files"), world.year
    found: list[BadRow] = []
    for day in (date(year, 6, 30), date(year, 12, 31)):
        for dataset, group, title, columns, (rows, bad) in (
            ("work_training", "training", "干部人才培训台账", _CLASS, _classes(world, plan, day, rng)),
            ("work_leader", "leader", "致富带头人台账", _LEADER, _leaders(plan, day, rng)),
        ):
            head = Head(f"{world.county.name}{title}", OFFICE, day, group, columns)
            ledger = _laid_out(dataset, head, rows, bad if day.month == 12 else [], rng)
            found += write_ledgers(out, inbox(world, "work", f"{title}_{day:%Y-%m}.xlsx"), [ledger])
    head = Head(f"{world.county.name}{year}年帮扶活动台账", OFFICE, date(year, 12, 31), "activity", _ACTIVITY)
    ledger = _laid_out("work_activity", head, *_activities(world, plan, year, rng), rng)
    return found + write_text(out, inbox(world, "work", f"帮扶活动台账_{year}-12.csv"), ledger, "gb18030")


def _laid_out(dataset: str, head: Head, rows: Rows, bad: Rows, rng: Random) -> Ledger:
    ledger = Ledger.begin(dataset, "台账", head, rng)
    for hint, cells in mixed(rows, bad, rng):
        ledger.add(cells, hint)
    return ledger


def _classes(world: World, plan: Learning, day: date, rng: Random) -> tuple[Rows, Rows]:
    rows = [("", _class_cells(world, one, rng)) for one in plan.classes if one.started_on <= day]
    good = _class_cells(world, plan.classes[0], rng) | {"name": "存疑培训班"}
    breaks: Mapping[str, dict[str, Cell]] = {
        "it is not known who is trained": {"kind": "社会人士"},
        "the number of people is no number": {"people": "若干"},
        "more lifted people than people": {"people": 10, "lifted": 12},
        "the first day is missing": {"started_on": None},
    }
    return rows, [(hint, good | cells) for hint, cells in breaks.items()]


def _class_cells(world: World, one: Training, rng: Random) -> dict[str, Cell]:
    place = {"east": world.county.paired_county, "west": "县委党校", "online": "线上"}[one.site]
    _, name, spellings = _KINDS[one.kind]
    return {
        "kind": rng.choice(spellings),
        "name": f"{name}能力提升培训班",
        "term_no": f"第{one.number}期",
        "host": OFFICE,
        "site": rng.choice(_SITES[one.site]),
        "place": place,
        "started_on": typed_day(one.started_on, rng),
        "ended_on": None,
        "days": rng.choice((5, "5天")),
        "people": rng.choice((one.people, f"{one.people}人")),
        "lifted": None,
    }


def _leaders(plan: Learning, day: date, rng: Random) -> tuple[Rows, Rows]:
    known = [one for one in plan.leaders if one.named_on <= day]
    rows = [("", _leader_cells(one, day, rng)) for one in known]
    good = _leader_cells(known[0], day, rng) | {"person_name": "存疑"}
    return rows, [
        ("the county has no such township", good | {"town": "无此乡"}),
        ("left before being named", good | {"named_on": "2021-09-01", "ended_on": "2021-08-01"}),
        ("the name is missing", good | {"person_name": None}),
    ]


def _leader_cells(one: Leader, day: date, rng: Random) -> dict[str, Cell]:
    return {
        "person_name": one.name,
        "phone": telephone(rng.randrange(100_000)),
        "town": one.town.name,
        "village": one.town.villages[0] if one.town.villages else None,
        "trade": rng.choice(("肉羊养殖", "小杂粮种植", "设施蔬菜")),
        "named_on": typed_month(one.named_on, rng),
        "ended_on": typed_month(one.ended_on, rng) if one.ended_on and one.ended_on <= day else None,
        "trained_on": None,
        "east": rng.choice(("是", "否")),
        "households": rng.choice((one.households, f"{one.households}户")),
        "lifted": one.households // 2,
    }


def _activities(world: World, plan: Learning, year: int, rng: Random) -> tuple[Rows, Rows]:
    rows: Rows = []
    for one in plan.activities:
        name, kind = _ACTIVITIES[one.number % len(_ACTIVITIES)]
        cells: dict[str, Cell] = {
            "held_on": typed_day(one.held_on, rng),
            "name": f"{world.county.paired_county}{name}活动{one.number + 1}",
            "kind": kind,
            "giver": f"{world.county.paired_county}志愿者协会",
            "place": rng.choice(world.towns).name,
            "times": f"{one.times}场" if one.times > 1 else None,
            "volunteers": rng.choice((one.volunteers, f"{one.volunteers}人")),
            "people": f"{one.people}人次",
        }
        rows.append(("", cells))
    good = rows[0][1] | {"name": "存疑活动"}
    bad = [
        ("there is no such day", good | {"held_on": f"{year}年2月30日"}),
        ("the number of volunteers is no number", good | {"volunteers": "数名"}),
        ("the name is missing", good | {"name": None}),
    ]
    return rows, bad
