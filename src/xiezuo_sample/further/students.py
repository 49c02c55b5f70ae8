"""Students in the east: a register of June and one of December, and how many study, enter, graduate and find work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

from xiezuo_sample.ledger import Head, Ledger, inbox, mixed, typed_month, write_ledgers
from xiezuo_sample.outcome import BadRow, Period, Value, counted, rated
from xiezuo_sample.people import Person, Population
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import Town, World

_COLUMNS = (
    "person_name", "id_no", "household_type", "town", "village", "phone", "school", "major", "programme", "entered_on",
    "graduated_on", "employed", "employer",
)  # fmt: skip
_MAJORS = ("数控技术", "护理", "汽车维修", "电子商务", "轨道交通")
_WHOLE = ("EDU1.programme", "EDU1.employed", "EDU1.employed.lifted")
"""Figures that are not told by township: what is left of few people beside them would give somebody away."""

_TYPES = {True: ("脱贫户", "脱贫享受政策", "建档立卡户"), False: ("一般农户", "一般户")}


@dataclass(frozen=True)
class Student:
    """Somebody at a school; whoever graduated in the year has found work or not."""

    person: Person
    town: Town
    is_lifted: bool
    in_programme: bool
    entered_on: date
    graduated_on: date | None
    is_employed: bool


def plan_students(world: World) -> list[Student]:
    """Draw twenty students: some older, some who graduate in June, some who enter in September."""
    rng, year = world.rng("students"), world.year
    population = Population(rng, year)
    found = []
    for number in range(20):
        entered = date(year, 9, 1) if number % 4 == 3 else date(year - rng.randint(1, 2), 9, 1)
        graduated = date(year, 6, 30) if number % 4 == 0 else None
        is_lifted = rng.random() < 0.7
        found.append(
            Student(
                population.person(17, 20),
                rng.choice(world.towns),
                is_lifted,
                is_lifted and number % 3 > 0,
                entered,
                graduated,
                graduated is not None and number != 8,
            )
        )
    return found


def student_values(plan: list[Student], year: int) -> Iterator[Value]:
    """Count people on a period's last day and by the days on which they came and went."""
    rules: dict[str, Callable[..., bool]] = {
        "EDU1": lambda one, p: one.entered_on <= p.last and (one.graduated_on is None or one.graduated_on >= p.last),
        "EDU1.new": lambda one, p: p.holds(one.entered_on),
        "EDU1.graduated": lambda one, p: one.graduated_on is not None and p.holds(one.graduated_on),
    }
    rules["EDU1.lifted"] = lambda one, p: one.is_lifted and rules["EDU1"](one, p)
    rules["EDU1.programme"] = lambda one, p: one.in_programme and rules["EDU1"](one, p)
    rules["EDU1.employed"] = lambda one, p: one.is_employed and rules["EDU1.graduated"](one, p)
    for name in ("EDU1.new", "EDU1.graduated", "EDU1.employed"):
        rules[f"{name}.lifted"] = lambda one, p, whole=rules[name]: one.is_lifted and whole(one, p)
    found = {
        name: list(counted(name, "人", year, partial(_picked, plan, rule, name not in _WHOLE)))
        for name, rule in rules.items()
    }
    for values in found.values():
        yield from values
    whole = [value for value in found["EDU1.graduated"] if not value.breakdown]
    yield from rated("EDU1.employed.rate", found["EDU1.employed"], whole)


def _picked(
    plan: list[Student], rule: Callable[..., bool], by_town: bool, period: Period
) -> Iterator[tuple[str, str]]:
    for one in plan:
        if rule(one, period):
            yield one.person.number, one.town.code if by_town else ""


def write_students(world: World, plan: list[Student], out: Path) -> list[BadRow]:
    """Write both registers below ``inbox/<county>/labour``; only December's has bad rows."""
    rng, year = world.rng("student files"), world.year
    found: list[BadRow] = []
    for day in (date(year, 6, 30), date(year, 12, 31)):
        head = Head(f"{world.county.name}东部院校就读学生台账", "县教育局", day, "student", _COLUMNS)
        ledger = Ledger.begin("labour_student", "学生", head, rng)
        good = [("", _cells(world, one, day, rng)) for one in plan if one.entered_on <= day]
        bad = _bad(good[0][1], year) if day.month == 12 else []
        for hint, cells in mixed(good, bad, rng):
            ledger.add(cells, hint)
        found += write_ledgers(out, inbox(world, "labour", f"东部院校就读学生台账_{day:%Y-%m}.xlsx"), [ledger])
    return found


def _cells(world: World, one: Student, day: date, rng: Random) -> dict[str, Cell]:
    is_gone = one.graduated_on is not None and one.graduated_on <= day
    return {
        "person_name": one.person.name,
        "id_no": one.person.number,
        "household_type": rng.choice(_TYPES[one.is_lifted]),
        "town": rng.choice((one.town.name, *one.town.spellings)),
        "village": None,
        "phone": one.person.phone,
        "school": f"{world.county.paired_county}职业技术学校",
        "major": rng.choice(_MAJORS),
        "programme": "是" if one.in_programme else "否",
        "entered_on": typed_month(one.entered_on, rng),
        "graduated_on": typed_month(one.graduated_on, rng) if is_gone and one.graduated_on else None,
        "employed": ("已就业" if one.is_employed else "未就业") if is_gone else None,
        "employer": None,
    }


def _bad(good: dict[str, Cell], year: int) -> list[tuple[str, dict[str, Cell]]]:
    number = f"{good['id_no']}"
    return [
        ("the identity number is masked", good | {"id_no": f"{number[:6]}********{number[14:]}"}),
        ("graduated before entry", good | {"entered_on": f"{year}年3月", "graduated_on": f"{year - 1}年6月"}),
        ("the school is missing", good | {"school": None, "entered_on": f"{year}年3月"}),
    ]
