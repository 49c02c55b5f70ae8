"""A ledger as an office lays it out: title, who reports when, header, numbered rows, total.

Headers are drawn from ``headers.yaml``; a row is given by column name. Row numbers of deliberate bad
rows are those of the finished sheet, so nothing may be written above a row after it was added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

_FULL_WIDTH = str.maketrans("0123456789/", "０１２３４５６７８９／")


@dataclass(frozen=True)
class Head:
    """The lines above a ledger's rows; ``columns`` names the group and the columns in their order."""

    title: str
    reported_by: str
    reported_on: date
    group: str
    columns: tuple[str, ...]
    unit: str = ""


@dataclass
class Ledger:
    """A sheet in the making, of one dataset; ``flaws`` are (row number, fate, hint)."""

    dataset: str
    grid: Grid
    columns: tuple[str, ...]
    labels: Mapping[str, str]
    flaws: list[tuple[int, str, str]] = field(default_factory=list)
    _serial: int = 0

    @classmethod
    def begin(cls, dataset: str, sheet: str, head: Head, rng: Random) -> Ledger:
        """Write the title, the line of who reports when, and one header row."""
        spellings = _spellings()[head.group]
        labels = {name: rng.choice(spellings[name]) for name in head.columns}
        ledger = cls(dataset, Grid(sheet), head.columns, labels)
        grid, last, day = ledger.grid, len(head.columns), head.reported_on
        grid.add(head.title)
        grid.merge(0, 0, 0, last)
        line: list[Cell] = [f"填报单位：{head.reported_by}", *[None] * last]
        line[max(1, last // 2)] = f"填报日期：{day.year}年{day.month}月{day.day}日"
        if head.unit:
            line[last] = f"单位：{head.unit}"
        grid.add(*line)
        grid.add("序号", *labels.values())
        return ledger

    def add(self, cells: Mapping[str, Cell], hint: str = "", fate: str = "quarantined") -> int:
        """Append a row; one with a ``hint`` is bad on purpose. Columns the ledger lacks are left out."""
        self._serial += 1
        row_no = self.grid.add(self._serial, *(cells.get(name) for name in self.columns))
        if hint:
            self.flaws.append((row_no, fate, hint))
        return row_no

    def total(self, cells: Mapping[str, Cell]) -> None:
        """Append the total row."""
        self.grid.add("合计", *(cells.get(name) for name in self.columns))

    def merge_down(self, name: str, first_row: int, last_row: int) -> None:
        """Merge a column's cells from one row number to another; the first one's cell stays."""
        column = self.columns.index(name) + 1
        self.grid.merge(first_row - 1, column, last_row - 1, column)
        for row in self.grid.rows[first_row:last_row]:
            row[column] = None

    def bad_rows(self, file: str, *, is_workbook: bool) -> list[BadRow]:
        """Return the bad rows as the answer sheet names them."""
        sheet = self.grid.name if is_workbook else ""
        return [BadRow(file, sheet, row_no, self.dataset, fate, hint) for row_no, fate, hint in self.flaws]


def write_ledgers(out: Path, file: str, ledgers: Sequence[Ledger]) -> list[BadRow]:
    """Write the ledgers as sheets of the workbook ``file`` below ``out``; return their bad rows."""
    write_workbook(out / file, *(ledger.grid for ledger in ledgers))
    return [bad for ledger in ledgers for bad in ledger.bad_rows(file, is_workbook=True)]


def write_text(out: Path, file: str, ledger: Ledger, encoding: str) -> list[BadRow]:
    """Write the ledger as the delimited text ``file`` below ``out``; return its bad rows."""
    write_delimited(out / file, ledger.grid, encoding)
    return ledger.bad_rows(file, is_workbook=False)


def inbox(world: World, source: str, name: str) -> str:
    """Return the path of an inbox file below the sample's folder."""
    return f"inbox/{world.county.code}/{source}/{name}"


def typed_day(day: date, rng: Random) -> Cell:
    """Type a day in one of the ways clerks do."""
    slashes = f"{day.year}/{day.month}/{day.day}"
    forms: tuple[Cell, ...] = (
        day,
        slashes,
        slashes.replace("/", "."),
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        slashes.translate(_FULL_WIDTH),
    )
    return rng.choice(forms)


def typed_month(day: date, rng: Random) -> str:
    """Type the month of a day without the day."""
    return rng.choice((f"{day.year}年{day.month}月", f"{day:%Y-%m}", f"{day.year}年{day.month:02d}月"))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Divide ``total`` by weight into whole parts of at least one (while there is enough for all)."""
    if not weights:
        return []
    least = min(1, total // len(weights))
    free = total - least * len(weights)
    parts = [least + int(free * weight / sum(weights)) for weight in weights]
    for index in range(total - sum(parts)):
        parts[index % len(parts)] += 1
    return parts


def spoiled_code(code: str) -> str:
    """Return a social credit code whose check character is wrong."""
    return code[:17] + ("A" if code[17] != "A" else "B")


def mixed(good: Iterable[Any], bad: Iterable[Any], rng: Random) -> list[Any]:
    """Put the bad among the good, whose order stays."""
    rows = list(good)
    for one in bad:
        rows.insert(rng.randint(0, len(rows)), one)
    return rows


@cache
def _spellings() -> dict[str, dict[str, list[str]]]:
    text = (Path(__file__).parent / "headers.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return found
