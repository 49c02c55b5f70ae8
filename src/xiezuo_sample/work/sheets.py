"""Laying out a ledger of the office: titles, headers of one or two levels, rows, totals, notes.

A statement says what stands in a sheet; the generator passed in picks among the spellings that such
ledgers use (``work/headers.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sheets import Cell, Grid, write_delimited, write_workbook
from xiezuo_sample.world import World

SERIAL = "序号"


@dataclass(frozen=True)
class Line:
    """One row by column name. A row that is bad on purpose says why, and what becomes of it."""

    cells: Mapping[str, Cell]
    hint: str = ""
    fate: str = "quarantined"


@dataclass(frozen=True)
class Statement:
    """One sheet: a ledger as known on one day.

    ``dated`` is off where only the rows or the file's name tell the day. ``groups`` are columns under
    one merged header, ``units`` what a header adds in brackets, ``merged_down`` a column whose equal
    neighbours are merged, ``totals`` the cells of a last row 合计.
    """

    dataset: str
    sheet: str
    title: str
    columns: tuple[str, ...]
    lines: Sequence[Line]
    reported_on: date
    unit: str = ""
    dated: bool = True
    money: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    merged_down: str = ""
    totals: Mapping[str, Cell] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_numbered: bool = True


def write_book(world: World, out: Path, file: str, *statements: Statement) -> list[BadRow]:
    """Write the statements as sheets of ``inbox/<county>/work/<file>``; return their bad rows."""
    path = f"inbox/{world.county.code}/work/{file}"
    grids, bad = [], []
    for statement in statements:
        grid, found = _lay_out(world, statement, path)
        grids.append(grid)
        bad += found
    write_workbook(out / path, *grids)
    return bad


def write_text(world: World, out: Path, file: str, statement: Statement, encoding: str) -> list[BadRow]:
    """Write the statement as delimited text, which has no name of a sheet."""
    path = f"inbox/{world.county.code}/work/{file}"
    grid, bad = _lay_out(world, statement, path)
    write_delimited(out / path, grid, encoding)
    return bad


def spelling(world: World, group: str, slug: str, rng: Random) -> str:
    """Pick a spelling of a class, e.g. of the direction ``east_to_west``."""
    return _named(world, rng.choice(_words()["spellings"][group][slug]))


def typed_day(day: date, rng: Random) -> Cell:
    """Type a day as workbooks hold it: a real date, or text in one of four forms."""
    return rng.choice((day, day, *_texts(day)))


def text_day(day: date, rng: Random) -> str:
    """Type a day as text."""
    return rng.choice(_texts(day))


def typed_month(day: date, rng: Random) -> str:
    """Type the month of a day. A bare 2022.1 is left out: nobody can tell it from October."""
    return rng.choice((f"{day.year}年{day.month}月", f"{day.year}年{day.month:02d}月", f"{day:%Y-%m}"))


def short(place: str) -> str:
    """Return a county's name as people say it: without its last word where two remain."""
    return place[:-1] if len(place) > 2 else place


def _texts(day: date) -> tuple[str, str, str, str]:
    dots = f"{day.year}.{day.month}.{day.day}"
    return dots, dots.replace(".", "/"), f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日"


@cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).parent / "headers.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def _named(world: World, text: str) -> str:
    county = world.county
    return text.replace("{county}", county.name).replace("{paired_county}", county.paired_county)


def _lay_out(world: World, statement: Statement, path: str) -> tuple[Grid, list[BadRow]]:
    rng = world.rng(f"ledger {path} {statement.sheet}")
    columns = ((SERIAL,) if statement.is_numbered else ()) + statement.columns
    grid = Grid(statement.sheet)
    grid.add(_named(world, statement.title))
    grid.merge(0, 0, 0, len(columns) - 1)
    _put_second_line(grid, statement)
    _put_header(world, grid, statement, columns, rng)
    bad, above = [], None
    first = len(grid.rows)
    for serial, line in enumerate(statement.lines, start=1):
        cells = {SERIAL: serial, **line.cells}
        merged = statement.merged_down and cells[statement.merged_down] == above and not line.hint
        above = cells.get(statement.merged_down) if not line.hint else None
        if merged:
            cells[statement.merged_down] = None
        row_no = grid.add(*(cells.get(column) for column in columns))
        if line.hint:
            sheet = "" if path.endswith(".csv") else statement.sheet
            bad.append(BadRow(path, sheet, row_no, statement.dataset, line.fate, line.hint))
    if statement.merged_down:
        _merge_down(grid, first, columns.index(statement.merged_down))
    if statement.totals:
        lead = columns[0]
        grid.add(*("合计" if column == lead else statement.totals.get(column) for column in columns))
    for note in statement.notes:
        grid.add(note)
        grid.merge(len(grid.rows) - 1, 0, len(grid.rows) - 1, len(columns) - 1)
    return grid, bad


def _put_second_line(grid: Grid, statement: Statement) -> None:
    day = statement.reported_on
    said = [f"填报单位：{statement.unit}" if statement.unit else "", ""]
    if statement.dated:
        said.append(f"填报日期：{day.year}年{day.month}月{day.day}日")
    if statement.money:
        said.append(f"单位：{statement.money}")
    if any(said):
        grid.add(*(text or None for text in said))


def _put_header(
    world: World, grid: Grid, statement: Statement, columns: tuple[str, ...], rng: Random
) -> None:
    spelt = _words()["headers"][statement.dataset]
    labels = {}
    for name in statement.columns:
        unit = statement.units.get(name)
        labels[name] = _named(world, rng.choice(spelt[name])) + (f"（{unit}）" if unit else "")
    labels[SERIAL] = SERIAL
    if not statement.groups:
        grid.add(*(labels[name] for name in columns))
        return
    top = len(grid.rows)
    upper: list[Cell] = [labels[name] for name in columns]
    lower: list[Cell] = [None] * len(columns)
    inside = [name for names in statement.groups.values() for name in names]
    for label, names in statement.groups.items():
        start, stop = columns.index(names[0]), columns.index(names[-1])
        upper[start : stop + 1] = [label, *[None] * (stop - start)]
        lower[start : stop + 1] = [labels[name] for name in columns[start : stop + 1]]
        grid.merge(top, start, top, stop)
    for column, name in enumerate(columns):
        if name not in inside:
            grid.merge(top, column, top + 1, column)
    grid.add(*upper)
    grid.add(*lower)


def _merge_down(grid: Grid, first: int, column: int) -> None:
    """Merge each cell of the column with the empty ones below it."""
    start = first
    for row in range(first + 1, len(grid.rows) + 1):
        if row == len(grid.rows) or grid.rows[row][column] is not None:
            grid.merge(start, column, row - 1, column)
            start = row
