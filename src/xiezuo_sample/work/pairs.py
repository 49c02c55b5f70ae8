"""Paired units: plan, the office's ledgers of March, June and December, and how many pairs there are.

The year ends with the pairs of the goals. Besides them the ledger keeps pairs that ended in the year,
one that was signed anew after a pause, one whose west signed with somebody else, and a very old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, product
from pathlib import Path
from random import Random

from xiezuo_sample.outcome import BadRow, Value
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.contacts import OFFICE
from xiezuo_sample.work.goals import WorkGoals
from xiezuo_sample.work.sheets import Line, Statement, short, spelling, typed_day, typed_month, write_book
from xiezuo_sample.work.values import Standing, stock
from xiezuo_sample.world import World

KINDS = ("street_town", "community_village", "school", "hospital", "social_organisation", "enterprise")
_WORDS = (
    "晨屿",
    "禾川",
    "远栎",
    "朗岫",
    "青砚",
    "榆舟",
    "岚汀",
    "穗安",
    "渡云",
    "石苔",
    "溪橡",
    "松岭",
    "云坪",
)
_EAST = {
    "street_town": ("街道",),
    "community_village": ("社区",),
    "school": ("小学", "中学", "幼儿园", "职业学校"),
    "hospital": ("医院",),
    "social_organisation": ("公益促进会",),
    "enterprise": ("实业有限公司",),
}
_WEST = {"school": ("中心小学", "初级中学", "中心幼儿园"), "hospital": ("卫生院",)}


@dataclass(frozen=True)
class Pair:
    """A pair of units; ``ends_by_month``: the ledger types only the month of its end."""

    kind: str
    east: str
    west: str
    signed_on: date | None
    ended_on: date | None = None
    ends_by_month: bool = False


@dataclass(frozen=True)
class Pairs:
    """``current``: what the last ledger states. ``renewed``: a pair signed anew, as it was before."""

    current: list[Pair]
    renewed: Pair


def pairs(world: World, goals: WorkGoals) -> Pairs:
    """Draw the pairs; some of each kind are signed within the year."""
    rng, year = world.rng("work pairs"), world.year
    found: list[Pair] = []
    for kind in KINDS:
        count = goals.pairs[kind]
        for number, (east, west) in enumerate(_units(world, kind, count, rng)):
            recent = number % 3 == 2 or (count < 3 and number == count - 1)
            signed = (
                date(year, 1, 1) + timedelta(days=rng.randrange(20, 335))
                if recent
                else date(year - rng.randint(1, 4), rng.randint(1, 12), rng.randint(1, 28))
            )
            found.append(Pair(kind, east, west, signed))
    schools = [index for index, pair in enumerate(found) if pair.kind == "school"]
    oldest, renewed, moved = schools[0], schools[1], schools[3]
    found[oldest] = replace(found[oldest], signed_on=None)
    before = replace(
        found[renewed], signed_on=date(year - 3, 4, 20), ended_on=date(year, 4, 30), ends_by_month=True
    )
    found[renewed] = replace(found[renewed], signed_on=date(year, 6, rng.randint(5, 25)))
    found[moved] = replace(found[moved], signed_on=date(year, 9, rng.randint(2, 20)))
    found += _ended(world, found[moved], rng)
    return Pairs(sorted(found, key=lambda pair: KINDS.index(pair.kind)), before)


def _ended(world: World, moved: Pair, rng: Random) -> list[Pair]:
    """Return pairs that ended: on a month's last day, within a month, before the year."""
    year, east = world.year, world.county.paired_county
    town = rng.choice(world.towns).name
    return [
        replace(moved, east=f"{east}旧约小学", signed_on=date(year - 4, 9, 1), ended_on=date(year, 8, 31)),
        Pair("hospital", f"{east}旧约医院", f"{town}卫生院", date(year - 3, 5, 9), date(year, 6, 30), True),
        Pair(
            "enterprise", f"{east}旧约商贸有限公司", f"{town}合作社", date(year - 2, 3, 1), date(year, 10, 14)
        ),
        Pair("street_town", f"{east}旧约街道", town, date(year - 5, 3, 1), date(year - 1, 12, 31), True),
    ]


def _units(world: World, kind: str, count: int, rng: Random) -> list[tuple[str, str]]:
    """Return invented eastern units beside units of the county's townships; no eastern one twice."""
    east = [f"{world.county.paired_county}{word}{tail}" for tail, word in product(_EAST[kind], _WORDS)]
    if kind in ("street_town", "school", "hospital"):
        west = [f"{town.name}{tail}" for tail in _WEST.get(kind, ("",)) for town in world.towns]
    else:
        west = [f"{town.name}{village}" for town in world.towns for village in town.villages]
        west = west or [town.name for town in world.towns]
    chosen = rng.sample(east, count)
    partners = cycle(rng.sample(west, len(west)))
    return list(zip(chosen, partners, strict=False))


def pair_values(plan: Pairs, year: int) -> Iterator[Value]:
    """Count by kind the pairs whose agreement runs on each period's last day."""
    for kind in KINDS:
        standing = [Standing(pair.signed_on, pair.ended_on) for pair in plan.current if pair.kind == kind]
        yield from stock(f"ORG3.{kind}", "对", year, standing)


def write_pairs(world: World, plan: Pairs, out: Path) -> list[BadRow]:
    """Write three ledgers. March's is handed in late, after the others, and changes nothing.

    June's lists a pair that was never signed and a wrong day of signing; it knows of no later pair.
    """
    rng, year = world.rng("work pair ledgers"), world.year
    march, june = date(year, 3, 31), date(year, 6, 1)
    december = date(year, 12, rng.randint(15, 28))
    for day, file in ((march, f"补报/结对台账_{march:%Y-%m}.xlsx"), (june, f"结对台账_{june:%Y-%m}.xlsx")):
        write_book(world, out, file, _ledger(world, _as_known(world, plan, day), day, rng, []))
    bad = _bad(world, plan.current[0], rng)
    return write_book(
        world, out, f"结对台账_{december:%Y-%m}.xlsx", _ledger(world, plan.current, december, rng, bad)
    )


def _as_known(world: World, plan: Pairs, day: date) -> list[Pair]:
    """Return the pairs as an early ledger has them, mistakes included."""
    known = [pair for pair in plan.current if pair.signed_on is None or pair.signed_on <= day]
    known = [
        replace(pair, ended_on=pair.ended_on if pair.ended_on and pair.ended_on <= day else None)
        for pair in known
        if (pair.east, pair.west) != (plan.renewed.east, plan.renewed.west)
    ]
    wrong = next(index for index, pair in enumerate(known) if pair.kind == "school" and pair.signed_on)
    known[wrong] = replace(known[wrong], signed_on=date(world.year, 1, 17))
    never = Pair(
        "enterprise", f"{world.county.paired_county}未签约商贸有限公司", "待定村", date(world.year, 3, 8)
    )
    return sorted([*known, plan.renewed, never], key=lambda pair: KINDS.index(pair.kind))


def _ledger(world: World, listed: list[Pair], reported_on: date, rng: Random, bad: list[Line]) -> Statement:
    spelt = {kind: spelling(world, "pairing", kind, rng) for kind in KINDS}
    return Statement(
        dataset="work_pairing",
        sheet="结对",
        title=f"{short(world.county.name)}—{short(world.county.paired_county)}{world.year}年结对关系台账",
        columns=("kind", "east", "west", "signed_on", "ended_on"),
        lines=[*(Line(_cells(pair, spelt, rng)) for pair in listed), *bad],
        reported_on=reported_on,
        unit=OFFICE,
        groups={"结对双方": ("east", "west")},
        merged_down="kind",
        notes=("注：终止时间空白的为正在履行的结对关系",),
    )


def _cells(pair: Pair, spelt: dict[str, str], rng: Random) -> dict[str, Cell]:
    ended: Cell = None
    if pair.ended_on is not None:
        ended = typed_month(pair.ended_on, rng) if pair.ends_by_month else typed_day(pair.ended_on, rng)
    return {
        "kind": spelt[pair.kind],
        "east": pair.east,
        "west": pair.west,
        "signed_on": None if pair.signed_on is None else typed_day(pair.signed_on, rng),
        "ended_on": ended,
    }


def _bad(world: World, pair: Pair, rng: Random) -> list[Line]:
    spelt = {kind: spelling(world, "pairing", kind, rng) for kind in KINDS}
    east = f"{world.county.paired_county}存疑街道"
    good = _cells(replace(pair, east=east, signed_on=date(world.year, 5, 6), ended_on=None), spelt, rng)
    return [
        Line(good | {"kind": "意向合作"}, "the kind of pair is unknown"),
        Line(good | {"ended_on": f"{world.year}-03-01"}, "ended before it was signed"),
        Line(good | {"signed_on": f"{world.year}年6月31日"}, "there is no such day"),
        Line(good | {"west": None}, "the western unit is missing"),
    ]
