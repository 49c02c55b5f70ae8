"""Writing the labour stations' deliveries: titles, two-level headers, merges, totals, bad rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle, groupby
from pathlib import Path
from random import Random

from xiezuo_sample.labour.bad_rows import HINTS, kinds_for, spoil
from xiezuo_sample.labour.plan import LabourPlan, Spell, Station
from xiezuo_sample.labour.style import Style, cells_of, style_of
from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sheets import Cell, Grid, write_delimited, write_workbook
from xiezuo_sample.world import World

_SPLIT = ("work_province", "work_city", "work_county")
_LEVEL_TWO = ("省", "市", "县")


@dataclass(frozen=True)
class _Delivery:
    """One file of a station: its good rows as the station knew them, and its bad ones by kind."""

    station: Station
    style: Style
    month: str
    title: str
    reported_on: date
    rows: list[Spell]
    bad: tuple[tuple[str, Spell], ...] = ()


@dataclass(frozen=True)
class _Line:
    """One row to be: ``kind`` is '' for a good one, else what is wrong with it."""

    town: str
    cells: dict[str, Cell]
    kind: str = ""


def write_labour(world: World, plan: LabourPlan, out: Path) -> list[BadRow]:
    """Write every station's files below ``out/inbox`` and return their bad rows."""
    rng = world.rng("labour files")
    pools: dict[bool, Iterator[str]] = {}
    by_station: dict[int, list[Spell]] = {station.number: [] for station in plan.stations}
    for spell in plan.spells:
        by_station[spell.station].append(spell)
    found: list[BadRow] = []
    for station in plan.stations:
        style = style_of(station, rng)
        spells = by_station[station.number]
        if not spells:
            continue  # a station that placed nobody delivers nothing, its earlier ledger neither
        pool = pools.setdefault(style.is_workbook, cycle(kinds_for(style)))
        chosen = [next(pool) for _ in range(max(5, len(spells) // 100))]
        bad = tuple((kind, _stranger(spells, plan, rng)) for kind in chosen)
        last = _Delivery(station, style, "12", _title(world), date(world.year, 12, 31), spells, bad)
        gone = [spell for spell in plan.withdrawn if spell.station == station.number]
        for delivery in _deliveries(world, last, gone, rng):
            found += _write(world, delivery, out, rng)
    return found


def _stranger(spells: list[Spell], plan: LabourPlan, rng: Random) -> Spell:
    """Return a spell like one of the station's, of somebody who appears nowhere else."""
    settled = [spell for spell in spells if spell.started_on.month < 11] or spells
    return replace(rng.choice(settled), person=plan.population.person(), village="", ended_on=None)


def _deliveries(world: World, last: _Delivery, gone: list[Spell], rng: Random) -> Iterator[_Delivery]:
    """Yield what the station delivers in the year, up to its ``last`` ledger of December.

    ``gone`` stood in an earlier ledger and no longer does.
    """
    year, role = world.year, last.style.role
    if role == 4:
        stock = [spell for spell in last.rows if spell.started_on < date(year, 11, 1)]
        if stock:
            yield replace(last, month="10", reported_on=date(year, 10, 31), rows=stock)
        for day in (date(year, 11, 30), date(year, 12, 31)):
            fresh = [s for s in last.rows if day.replace(day=1) <= s.started_on <= day]
            if fresh:
                title = f"{world.county.name}{year}年{day.month}月劳务输转台账（本月新增）"
                yield replace(
                    last, month=f"{day.month}新增", title=title, reported_on=day, rows=fresh, bad=()
                )
        return
    if last.style.has_two_levels:
        cut = date(year, 9, 30)
        early = [_as_first_told(spell, rng) for spell in last.rows if spell.started_on <= cut]
        if early or gone:
            yield replace(last, month="09", reported_on=cut, rows=early + gone, bad=())
    yield last


def _title(world: World) -> str:
    return f"{world.county.name}{world.year}年农村劳动力劳务输转台账"


def _as_first_told(spell: Spell, rng: Random) -> Spell:
    """Return the spell as an earlier delivery had it: now and then wrong in wage or household."""
    if rng.random() > 0.03:
        return spell
    wrong = "ordinary" if spell.is_lifted else "lifted"
    work = replace(spell.work, wage_yuan=spell.work.wage_yuan + 200)
    return replace(spell, household=wrong, work=work)


def _write(world: World, delivery: _Delivery, out: Path, rng: Random) -> list[BadRow]:
    grid = Grid("台账")
    style = delivery.style
    width = len(style.columns) + 1
    grid.add(delivery.title)
    grid.merge(0, 0, 0, width - 1)
    if style.role == 3:
        grid.add(f"填报单位：{delivery.station.name}")
    else:
        day = delivery.reported_on
        grid.add(
            f"填报单位：{delivery.station.name}",
            *[None] * (width - 3),
            f"填报日期：{day.year}年{day.month}月{day.day}日",
        )
    _head(grid, style)
    lines = _lines(delivery, rng)
    bad = _body(grid, style, lines, rng)
    grid.add("合计", *[f"{len(lines)}人" if name == "person_name" else None for name in style.columns])
    suffix = "xlsx" if style.is_workbook else "csv"
    name = f"{delivery.station.name}_劳务输转台账_{world.year}-{delivery.month}.{suffix}"
    file = f"inbox/{world.county.code}/labour/{name}"
    if style.is_workbook:
        write_workbook(out / file, grid)
    else:
        write_delimited(out / file, grid, "gb18030" if style.role == 2 else "utf-8-sig")
    sheet = grid.name if style.is_workbook else ""
    return [
        BadRow(
            file,
            sheet,
            row_no,
            "labour_placement",
            "duplicate" if kind == "duplicate" else "quarantined",
            HINTS[kind],
        )
        for row_no, kind in bad
    ]


def _head(grid: Grid, style: Style) -> None:
    labels = ["序号", *(style.headers[name] for name in style.columns)]
    if not style.has_two_levels:
        grid.add(*labels)
        return
    top = len(grid.rows)
    first = labels.index(style.headers["work_province"])
    labels[first : first + 3] = [style.headers["work_place"], "", ""]
    grid.add(*labels)
    grid.add(*[_LEVEL_TWO[i - first] if first <= i < first + 3 else None for i in range(len(labels))])
    grid.merge(top, first, top, first + 2)
    for column in range(len(labels)):
        if not first <= column < first + 3:
            grid.merge(top, column, top + 1, column)


def _lines(delivery: _Delivery, rng: Random) -> list[_Line]:
    """Return the rows to be, township by township; a duplicate follows the row it repeats."""
    style, reported_on = delivery.style, delivery.reported_on
    lines = [_Line(spell.town.code, cells_of(spell, style, reported_on, rng)) for spell in delivery.rows]
    rng.shuffle(lines)
    for kind, spell in delivery.bad:
        if kind == "duplicate":
            continue
        town = "-" if kind == "town" else spell.town.code
        lines.append(_Line(town, spoil(kind, spell, style, reported_on, rng), kind))
    lines.sort(key=lambda line: line.town)
    for kind, _ in delivery.bad:
        if kind == "duplicate":
            good = [index for index, line in enumerate(lines) if not line.kind]
            index = rng.choice(good)
            lines.insert(index + 1, replace(lines[index], kind=kind))
    return lines


def _body(grid: Grid, style: Style, lines: list[_Line], rng: Random) -> list[tuple[int, str]]:
    bad: list[tuple[int, str]] = []
    town_column = style.columns.index("town") + 1
    serial = 0
    for _, group in groupby(lines, key=lambda line: line.town):
        top = len(grid.rows)
        for line in group:
            serial += line.kind != "duplicate"
            cells = dict(line.cells)
            if style.has_two_levels and len(grid.rows) > top:
                cells["town"] = None
            row_no = grid.add(serial, *cells.values())
            if line.kind:
                bad.append((row_no, line.kind))
        if style.has_two_levels:
            grid.merge(top, town_column, len(grid.rows) - 1, town_column)
        if rng.random() < 0.3:
            grid.add(None)
    return bad
