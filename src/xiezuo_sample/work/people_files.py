"""Writing who was seconded: the ledgers of three offices, each the snapshot of its own people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.people import HEALTH, PARTY, SCHOOLS, Term
from xiezuo_sample.work.sheets import Line, Statement, spelling, typed_day, typed_month, write_book
from xiezuo_sample.world import World

_POSTS = {"": "副职（挂职）", "teacher": "支教教师", "doctor": "支医医生", "agriculture": "农技员"}


def write_terms(world: World, planned: list[Term], out: Path) -> list[BadRow]:
    """Write the ledgers: the schools' of June and December, the two other offices' of December.

    June's has a teacher who never came and one whose term is said to end too early.
    """
    rng, year = world.rng("work people ledgers"), world.year
    june = date(year, 6, 30)
    schools = [term for term in planned if term.office == SCHOOLS]
    known = [term for term in schools if term.started_on <= june]
    known[:1] = [replace(term, ended_on=date(year, 6, 30), by_month=False) for term in known[:1]]
    absent = replace(schools[0], name="周未至", started_on=date(year, 3, 1), ended_on=None, is_stated=True)
    write_book(
        world,
        out,
        f"教育人才交流_{june:%Y-%m}.xlsx",
        _ledger(world, [*known, absent], june, SCHOOLS, rng, []),
    )
    bad: list[BadRow] = []
    for office, file in ((PARTY, "干部交流"), (SCHOOLS, "教育人才交流"), (HEALTH, "卫生人才交流")):
        day = date(year, 12, rng.randint(15, 28))
        listed = [term for term in planned if term.office == office]
        flaws = _bad(world, listed[0], rng) if office != HEALTH else []
        statement = _ledger(world, listed, day, office, rng, flaws)
        bad += write_book(world, out, f"{file}_{day:%Y-%m}.xlsx", statement)
    return bad


def _ledger(
    world: World, listed: list[Term], reported_on: date, office: str, rng: Random, bad: list[Line]
) -> Statement:
    columns = (
        "direction",
        "kind",
        "field",
        "name",
        "org_from",
        "org_to",
        "post",
        "started_on",
        "ended_on",
        "term",
    )
    return Statement(
        dataset="work_secondment",
        sheet="人才交流",
        title=f"{{county}}{world.year}年干部人才交流台账",
        columns=columns,
        lines=[*(Line(_cells(world, term, rng)) for term in listed), *bad],
        reported_on=reported_on,
        unit=office,
        groups={"挂职期限": ("started_on", "ended_on", "term")} if office != HEALTH else {},
        totals={"name": f"{len(listed) + len(bad)}人"},
    )


def _cells(world: World, term: Term, rng: Random) -> dict[str, Cell]:
    goal = term.goal
    typed = typed_month if term.by_month else typed_day
    ended: Cell = None if term.ended_on is None else typed(term.ended_on, rng)
    return {
        "direction": spelling(world, "direction", goal.direction, rng),
        "kind": spelling(world, "kind", goal.kind, rng),
        "field": spelling(world, "field", goal.field, rng) if goal.field else None,
        "name": term.name,
        "org_from": term.org_from,
        "org_to": term.org_to,
        "post": _POSTS.get(goal.field, "工作人员"),
        "started_on": typed(term.started_on, rng),
        "ended_on": ended,
        "term": spelling(world, "term", goal.term, rng) if term.is_stated else None,
    }


def _bad(world: World, term: Term, rng: Random) -> list[Line]:
    year = world.year
    good = _cells(world, replace(term, org_from=f"{term.org_from}分部", is_stated=True), rng)
    days: dict[str, Cell] = {"started_on": f"{year}-05-09", "ended_on": f"{year}-04-09"}
    return [
        Line(good | {"direction": "县内交流"}, "the direction is unknown"),
        Line(good | {"name": None}, "the name is missing"),
        Line(good | days, "the term ended before it started"),
        Line(good | {"started_on": f"{year}年4月31日"}, "there is no such day"),
        Line(good | {"kind": "志愿者"}, "the kind of person is unknown"),
    ]
