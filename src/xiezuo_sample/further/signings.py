"""Projects signed with investors, and stations for people at work in the east: ledgers of December and their counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.ledger import Head, Ledger, inbox, mixed, typed_day, typed_month, write_ledgers
from xiezuo_sample.outcome import BadRow, Fact, Value, additive, rated
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.sheets import short
from xiezuo_sample.work.values import Standing, events, stock
from xiezuo_sample.world import World

_SIGNING = ("signed_on", "project", "investor", "origin", "agreed", "event", "stage", "industry")
_STATION = ("name", "kind", "place", "firm", "opened_on", "closed_on", "people")
_STAGES = {
    "signed": ("已签约",),
    "started": ("开工", "已开工"),
    "producing": ("投产", "已投产"),
    "ended": ("终止",),
}
_STATIONS = {"station": ("劳务工作站",), "base": ("就业基地",), "one_firm": ("一县一企",)}
_LANDED = {"started", "producing"}


@dataclass(frozen=True)
class Signing:
    """A project of an investor of the paired province, as far as it has come by the year's end."""

    number: int
    signed_on: date
    stage: str
    wan: int


@dataclass(frozen=True)
class Station:
    """A station or base in the paired province while it stands."""

    number: int
    kind: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True)
class Signings:
    """The year's projects signed, and the stations there are."""

    projects: list[Signing]
    stations: list[Station]


def plan_signings(world: World) -> Signings:
    """Draw five projects and five stations."""
    rng, year = world.rng("further signings"), world.year
    projects = [
        Signing(
            number,
            date(year, 2, 1) + timedelta(days=rng.randrange(300)),
            rng.choice(tuple(_STAGES)),
            rng.randint(5, 90) * 100,
        )
        for number in range(5)
    ]
    stations = [
        Station(
            number,
            tuple(_STATIONS)[number % 3],
            date(year, 4, 1) if number == 4 else date(year - 1, rng.randint(1, 12), 1),
            date(year, 8, 31) if number == 1 else None,
        )
        for number in range(5)
    ]
    return Signings(projects, stations)


def signing_values(plan: Signings, year: int) -> Iterator[Value]:
    """Count projects by their day of signing, stations on a period's last day."""
    landed = [one for one in plan.projects if one.stage in _LANDED]
    whole = list(events("IND6", "个", year, [one.signed_on for one in plan.projects]))
    part = list(events("IND6.landed", "个", year, [one.signed_on for one in landed]))
    yield from (*whole, *part, *rated("IND6.rate", part, whole))
    facts = [Fact(one.signed_on, "", Decimal(one.wan) * 10_000) for one in plan.projects]
    yield from additive("IND6.agreed", "元", year, facts)
    for kind in ("", *_STATIONS):
        standing = [Standing(one.opened_on, one.closed_on) for one in plan.stations if kind in ("", one.kind)]
        yield from stock(f"LAB12.{kind}" if kind else "LAB12", "个", year, standing)


def write_signings(world: World, plan: Signings, out: Path) -> list[BadRow]:
    """Write December's two ledgers below ``inbox/<county>``."""
    rng, day = world.rng("further signing files"), date(world.year, 12, 31)
    projects = [_signing_cells(world, one, rng) for one in plan.projects]
    stations = [_station_cells(world, one, rng) for one in plan.stations]
    bad = {
        "work_signing": [
            ("the stage is unknown", projects[0] | {"project": "存疑项目", "stage": "洽谈之后再定"}),
            ("the name is missing", projects[0] | {"project": None}),
        ],
        "labour_station": [
            ("the kind is unknown", stations[0] | {"name": "存疑站", "kind": "流动服务点"}),
            ("the name is missing", stations[0] | {"name": None}),
        ],
    }
    found: list[BadRow] = []
    for dataset, title, unit, group, columns, rows in (
        ("work_signing", "招商签约台账", "县招商局", "signing", _SIGNING, projects),
        ("labour_station", "劳务工作站和就业基地台账", "县人社局", "station", _STATION, stations),
    ):
        ledger = Ledger.begin(dataset, "台账", Head(f"{world.county.name}{title}", unit, day, group, columns), rng)
        for hint, cells in mixed([("", cells) for cells in rows], bad[dataset], rng):
            ledger.add(cells, hint)
        found += write_ledgers(out, inbox(world, dataset.partition("_")[0], f"{title}_{day:%Y-%m}.xlsx"), [ledger])
    return found


def _signing_cells(world: World, one: Signing, rng: Random) -> dict[str, Cell]:
    return {
        "signed_on": typed_day(one.signed_on, rng),
        "project": f"{short(world.county.name)}协作产业{one.number + 1}号项目",
        "investor": f"{short(world.county.paired_county)}第{one.number + 1}投资有限公司",
        "origin": world.county.paired_province,
        "agreed": one.wan,
        "event": "招商推介会",
        "stage": rng.choice(_STAGES[one.stage]),
        "industry": rng.choice(("养殖", "种植", "加工")),
    }


def _station_cells(world: World, one: Station, rng: Random) -> dict[str, Cell]:
    word = {"station": "劳务工作站", "base": "就业基地", "one_firm": "定点就业基地"}[one.kind]
    return {
        "name": f"{short(world.county.name)}驻{short(world.county.paired_province)}第{one.number + 1}{word}",
        "kind": rng.choice(_STATIONS[one.kind]),
        "place": f"{world.county.paired_province}{world.county.paired_county}{one.number + 1}号",
        "firm": None,
        "opened_on": typed_month(one.opened_on, rng),
        "closed_on": typed_day(one.closed_on, rng) if one.closed_on else None,
        "people": rng.choice((60, "60人")),
    }
