"""Assets of projects, firms in joint parks, outlets in the east: ledgers of the year and their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

from xiezuo_sample.codes import credit_code
from xiezuo_sample.fund.plan import FundPlan, Project
from xiezuo_sample.ledger import Head, Ledger, inbox, mixed, typed_day, typed_month, write_ledgers
from xiezuo_sample.outcome import BadRow, Period, Value, periods, rated, values_of
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.sheets import short
from xiezuo_sample.work.values import Standing, measured, stock
from xiezuo_sample.world import World

_ASSET = (
    "project_no", "project_name", "asset_no", "asset_name", "kind", "value", "town", "formed_on", "titled_on",
    "handed_over_on", "owner", "operator", "idle_since", "used_again_on", "disposed_on",
)  # fmt: skip
_FIRM = ("park", "name", "uscc", "origin", "east", "entered_on", "left_on", "investment", "output", "jobs", "lifted")
_OUTLET = ("name", "kind", "place", "operator", "opened_on", "closed_on", "people", "lifted", "sales")
_KINDS = {
    "operating": ("经营性资产", "经营性", "经营类资产"),
    "public": ("公益性资产", "公益类", "公益性"),
    "household": ("到户类资产", "到户类", "到户资产"),
}
_OUTLETS = {
    "centre": ("展销中心", "消费帮扶展销中心"),
    "hall": ("专馆", "特色馆"),
    "counter": ("专柜", "商超专柜"),
    "shop": ("门店", "牛肉面馆", "直营店"),
}


@dataclass(frozen=True)
class Asset:
    """An asset of a project and the days of its life."""

    project: str
    name: str
    town_code: str
    kind: str
    wan: Decimal
    formed_on: date
    titled_on: date | None
    handed_over_on: date | None
    idle_since: date | None
    disposed_on: date | None


@dataclass(frozen=True)
class ParkFirm:
    """A firm in the park, in its list from ``listed_on`` on.

    ``known`` are 万元 invested, 万元 of output, jobs and lifted people by the lists of January, June and December.
    """

    name: str
    uscc: str
    entered_on: date
    listed_on: date
    known: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class Outlet:
    """An outlet while it is open."""

    name: str
    kind: str
    opened_on: date
    closed_on: date | None
    people: int


@dataclass(frozen=True)
class Belongings:
    """What stands somewhere: assets, firms, outlets."""

    assets: list[Asset]
    firms: list[ParkFirm]
    outlets: list[Outlet]


def plan_places(world: World, fund: FundPlan) -> Belongings:
    """Give every project an asset of most of its money, the park four firms, the east six outlets."""
    rng, year = world.rng("further places"), world.year
    assets = [_asset(project, index, year, rng) for index, project in enumerate(fund.projects)]
    old, new = (date(year - 1, 9, 1), date(year - 1, 9, 1)), (date(year, 4, 1), date(year, 6, 30))
    firms = [
        ParkFirm(
            f"{short(world.county.paired_county)}{word}农业科技有限公司",
            credit_code(rng),
            *(new if index == 3 else old),
            tuple(
                (rng.randint(100, 200) * step, rng.randint(50, 90) * step, 10 * step + index, 4 * step)
                for step in (1, 2, 3)
            ),
        )
        for index, word in enumerate(("晨屿", "禾川", "远栎", "朗岫"))
    ]
    outlets = [
        Outlet(
            f"{short(world.county.name)}特产{number + 1}号店",
            tuple(_OUTLETS)[number % 4],
            date(year, 5, 1) if number == 5 else date(year - 1, rng.randint(1, 12), 1),
            date(year, 10, 31) if number == 2 else None,
            rng.randint(2, 12),
        )
        for number in range(6)
    ]
    return Belongings(assets, firms, outlets)


def _asset(project: Project, index: int, year: int, rng: Random) -> Asset:
    titled = date(year, 10, rng.randint(1, 28)) if index % 3 else None
    return Asset(
        project.number,
        f"{index + 1}号形成资产",
        project.town_code,
        tuple(_KINDS)[index % 3],
        (project.wan * rng.randint(60, 100) / 100).quantize(Decimal("0.01")),
        date(year, rng.randint(5, 8), rng.randint(1, 28)),
        titled,
        date(year, 11, rng.randint(1, 28)) if titled and index % 2 else None,
        date(year, 11, 5) if index == 4 else None,
        date(year, 10, 15) if index == 9 else None,
    )


def place_values(plan: Belongings, year: int) -> Iterator[Value]:
    """Count what stands on each period's last day."""
    for part in ("", *_KINDS):
        held = [
            (one, Standing(one.formed_on, one.disposed_on, one.town_code))
            for one in plan.assets
            if part in ("", one.kind)
        ]
        suffix = f".{part}" if part else ""
        yield from stock(f"AST1{suffix}", "项", year, [standing for _, standing in held])
        yield from _sums(f"AST1.value{suffix}", "元", year, [(standing, one.wan * 10_000) for one, standing in held])
    yield from _lives(plan, year)
    for name in ("IND1.firms", "IND1.firms.east"):
        yield from stock(name, "家", year, [Standing(one.listed_on, None) for one in plan.firms])
    told = (("investment", "元"), ("output", "元"), ("jobs", "人"), ("jobs.lifted", "人"))
    for place, (name, unit) in enumerate(told):
        yield from measured(f"IND1.{name}", unit, year, partial(_known, plan, place, 10_000 if unit == "元" else 1))
    for part in ("", *_OUTLETS):
        open_ = [(one, Standing(one.opened_on, one.closed_on)) for one in plan.outlets if part in ("", one.kind)]
        yield from stock(f"CON6.{part}" if part else "CON6", "个", year, [standing for _, standing in open_])
        if part in ("", "shop"):
            people = [(standing, Decimal(one.people)) for one, standing in open_]
            yield from _sums(f"CON6.people.{part}" if part else "CON6.people", "人", year, people)


def _known(plan: Belongings, place: int, factor: int, period: Period) -> int:
    return sum(f.known[_edition(period.last)][place] * factor for f in plan.firms if f.listed_on <= period.last)


def _edition(day: date) -> int:
    return 0 if day.month < 6 else 1 if day.month < 12 else 2


def _lives(plan: Belongings, year: int) -> Iterator[Value]:
    whole = list(stock("AST1", "项", year, [Standing(a.formed_on, a.disposed_on, a.town_code) for a in plan.assets]))
    for name in ("titled", "handed_over", "settled", "idle"):
        rate = "rate" if name == "settled" else f"{name}.rate"
        since = [Standing(day, a.disposed_on, a.town_code) for a in plan.assets if (day := _since(a, name))]
        part = list(stock(f"AST2.{name}", "项", year, since))
        yield from part
        yield from rated(f"AST2.{rate}", part, whole)


def _since(asset: Asset, state: str) -> date | None:
    if state == "settled":
        return asset.titled_on and asset.handed_over_on
    return {"titled": asset.titled_on, "handed_over": asset.handed_over_on, "idle": asset.idle_since}[state]


def _sums(name: str, unit: str, year: int, things: Sequence[tuple[Standing, Decimal]]) -> Iterator[Value]:
    """Add up what stands on each period's last day, whole and by township."""
    for period in periods(year):
        sums = {"": Decimal(0)}
        for standing, amount in things:
            if standing.on(period.last):
                for town in {"", standing.town_code}:
                    sums[town] = sums.get(town, Decimal(0)) + amount
        yield from values_of(name, unit, period, sums)


def write_places(world: World, plan: Belongings, out: Path) -> list[BadRow]:
    """Write the ledgers below ``inbox/<county>``; only December's have bad rows."""
    rng, year = world.rng("further place files"), world.year
    found: list[BadRow] = []
    for day in (date(year, 1, 31), date(year, 6, 30), date(year, 12, 31)):
        assets = [_asset_cells(world, one, day, rng) for one in plan.assets if one.formed_on <= day]
        firms = [_firm_cells(world, one, day, rng) for one in plan.firms if one.entered_on <= day]
        outlets = [_outlet_cells(world, one, day, rng) for one in plan.outlets if one.opened_on <= day]
        for dataset, title, unit, group, columns, rows in (
            ("fund_asset", "帮扶项目资产台账", "县财政局", "asset", _ASSET, assets),
            ("sales_outlet", "东部展销门店台账", "县商务局", "outlet", _OUTLET, outlets),
            ("work_park_firm", "共建产业园入驻企业台账", "县招商局", "park_firm", _FIRM, firms),
        ):
            if rows and (day.month > 1 or dataset == "work_park_firm"):
                head = Head(f"{world.county.name}{title}", unit, day, group, columns)
                ledger = Ledger.begin(dataset, "台账", head, rng)
                bad = _BAD[dataset](rows[0], year) if day.month == 12 else []
                for hint, cells in mixed([("", cells) for cells in rows], bad, rng):
                    ledger.add(cells, hint)
                source = dataset.partition("_")[0]
                found += write_ledgers(out, inbox(world, source, f"{title}_{day:%Y-%m}.xlsx"), [ledger])
    return found


Rows = list[tuple[str, dict[str, Cell]]]


def _by(day: date | None, known: date, rng: Random) -> Cell:
    return typed_day(day, rng) if day is not None and day <= known else None


def _asset_cells(world: World, one: Asset, day: date, rng: Random) -> dict[str, Cell]:
    return {
        "project_no": one.project,
        "project_name": None,
        "asset_no": f"ZC-{one.project}",
        "asset_name": one.name,
        "kind": rng.choice(_KINDS[one.kind]),
        "value": float(one.wan),
        "town": next((town.name for town in world.towns if town.code == one.town_code), None),
        "formed_on": typed_day(one.formed_on, rng),
        "titled_on": _by(one.titled_on, day, rng),
        "handed_over_on": _by(one.handed_over_on, day, rng),
        "owner": "村股份经济合作社" if one.titled_on else None,
        "operator": "村集体",
        "idle_since": _by(one.idle_since, day, rng),
        "used_again_on": None,
        "disposed_on": _by(one.disposed_on, day, rng),
    }


def _bad_assets(good: dict[str, Cell], year: int) -> Rows:
    other = good | {"asset_no": None, "asset_name": "存疑资产"}
    return [
        ("the class of the asset is unknown", other | {"kind": "其他"}),
        ("the value is not positive", other | {"value": 0}),
        ("the day cannot be read", other | {"formed_on": f"{year}年春"}),
        ("the project is missing", other | {"project_no": None}),
    ]


def _firm_cells(world: World, one: ParkFirm, day: date, rng: Random) -> dict[str, Cell]:
    investment, output, jobs, lifted = one.known[_edition(day)]
    return {
        "park": f"{short(world.county.paired_county)}{short(world.county.name)}现代农业循环产业园",
        "name": one.name,
        "uscc": one.uscc,
        "origin": world.county.paired_province,
        "east": "是",
        "entered_on": typed_month(one.entered_on, rng),
        "left_on": None,
        "investment": investment,
        "output": output,
        "jobs": rng.choice((jobs, f"{jobs}人")),
        "lifted": lifted,
    }


def _bad_firms(good: dict[str, Cell], _: int) -> Rows:
    other = good | {"name": "存疑企业有限公司", "uscc": None}
    return [
        ("more lifted people than people", other | {"jobs": 3, "lifted": 4}),
        ("the investment is negative", other | {"investment": -20}),
        ("the day cannot be read", other | {"entered_on": "待定"}),
    ]


def _outlet_cells(world: World, one: Outlet, day: date, rng: Random) -> dict[str, Cell]:
    return {
        "name": one.name,
        "kind": rng.choice(_OUTLETS[one.kind]),
        "place": f"{world.county.paired_province}{world.county.paired_county}{one.name[-3]}号",
        "operator": f"{short(world.county.name)}商贸有限公司",
        "opened_on": typed_month(one.opened_on, rng),
        "closed_on": _by(one.closed_on, day, rng),
        "people": rng.choice((one.people, f"{one.people}人")),
        "lifted": 1,
        "sales": 12.5,
    }


def _bad_outlets(good: dict[str, Cell], year: int) -> Rows:
    other = good | {"name": "存疑店"}
    return [
        ("the kind of outlet is unknown", other | {"kind": "联营点"}),
        ("closed before it opened", other | {"opened_on": f"{year}-09-01", "closed_on": f"{year}-08-01"}),
        ("the name is missing", other | {"name": None}),
    ]


_BAD: Mapping[str, Callable[[dict[str, Cell], int], Rows]] = {
    "fund_asset": _bad_assets,
    "sales_outlet": _bad_outlets,
    "work_park_firm": _bad_firms,
}
