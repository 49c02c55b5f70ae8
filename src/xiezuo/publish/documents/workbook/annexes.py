"""An annex as a sheet: its rows and total as numbers and dates, and the chart that its columns call for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.build.figures import MONEY
from xiezuo.publish.documents.content import Column, Content, Table
from xiezuo.publish.documents.numbers import ROUNDED_ZH, is_apart_by_rounding, rounded
from xiezuo.publish.documents.workbook import charts
from xiezuo.publish.documents.workbook.grid import Grid, Head
from xiezuo.publish.documents.workbook.pages import is_too_wide

FUND_PROGRESS, SALES_BY_CHANNEL = "fund_progress", "sales_by_channel"
FUND_COLUMNS = ("allocated", "arrived", "paid")
TOTAL = "合计"
FIRST_DATE_YEAR = 1901
"""Spreadsheets disagree about days before; such a date stays text."""


def annex_heads(table: Table) -> list[Head]:
    """Return the columns, each with its unit once; sums are in 元 here, whatever a printed page shows."""
    return [
        Head(f"{column.zh}\n（{unit}）" if (unit := unit_of(column)) and f"（{unit}" not in column.zh else column.zh)
        for column in table.columns
    ]


def unit_of(column: Column) -> str:
    """Return the unit of a column's cells: money is in 元, percent shows its sign itself."""
    if column.kind == "money":
        return MONEY
    return column.unit if column.kind == "count" else ""


def has_money(table: Table) -> bool:
    """Whether a column of the table is money, which stands in 元."""
    return any(column.kind == "money" for column in table.columns)


def is_parted(table: Table) -> bool:
    """Whether the sheet prints over several pages beside each other."""
    return is_too_wide(len(table.columns))


def write_annex(grid: Grid, book: Workbook, table: Table, *, chart_title: str = "") -> None:
    """Write the rows and the total line, and the chart where the table has one."""
    for row in table.rows:
        for at, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            _cell(grid, at, column, cell)
        grid.end_row()
    last = grid.row - 1
    if not table.rows:
        grid.note("本期没有记录。")
    if table.total is not None:
        for at, (column, cell) in enumerate(zip(table.columns, table.total, strict=True)):
            if cell is None and at == 0:
                grid.text(at, TOTAL, "total")
            elif cell is None:
                grid.blank(at, "total")
            else:
                _cell(grid, at, column, cell, is_total=True)
        grid.end_row()
    if note := _note(table):
        grid.note(note)
    if table.rows:
        _chart(grid, book, table, last, chart_title or table.zh)
    grid.close(frozen_columns=1 + (len(table.columns) > 2 and _is_ordinal(table)))


def _note(table: Table) -> str:
    """Return the note; that sums are rounded is said of the cells of this sheet, not of those in 万元 in Word."""
    said = table.note_zh.replace(f"{ROUNDED_ZH}。", "")
    apart = any(_is_apart(table, at) for at, column in enumerate(table.columns) if column.kind == "money")
    return f"{said}{ROUNDED_ZH}。" if apart else said


def _is_apart(table: Table, at: int) -> bool:
    """Whether a column of money, as the sheet shows it with two decimals, does not add up although it does."""
    whole = _number(table.total[at] or "") if table.total is not None else None
    if whole is None:
        return False
    parts = _amounts(table, at)
    return is_apart_by_rounding(parts, whole, map(rounded, parts), rounded(whole))


def _is_ordinal(table: Table) -> bool:
    """Whether the first column only numbers the rows, so that the second is what names them."""
    return table.columns[0].zh in {"序号", "编号"}


def _cell(grid: Grid, at: int, column: Column, cell: str | None, *, is_total: bool = False) -> None:
    """Write a cell as what its column says; what cannot be read as that stays the text it is."""
    if cell is None:
        return grid.nothing(at)
    number = _number(cell) if column.kind in {"count", "money", "percent"} else None
    if number is not None and column.kind == "percent":
        return grid.percent(at, number, is_total=is_total)
    if number is not None:
        qualifier = "at_least" if cell.endswith("+") else "exact"
        return grid.number(at, number, unit_of(column), qualifier, is_total=is_total)
    day = _day(cell) if column.kind == "date" else None
    if day is not None:
        return grid.day(at, day)
    return grid.text(at, cell, "total" if is_total else "text")


def _number(cell: str) -> Decimal | None:
    """Read a number; one that ends in + is a lower bound."""
    try:
        value = Decimal(cell.removesuffix("+"))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _day(cell: str) -> date | None:
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return None
    return day if day.year >= FIRST_DATE_YEAR else None


def _chart(grid: Grid, book: Workbook, table: Table, last: int, title: str) -> None:
    """Draw fund progress as columns side by side, sales by channel as shares or bars; other annexes have none."""
    columns = _drawn_columns(table)
    names = next((at for at, c in enumerate(table.columns) if c.kind == "text" and c.zh != "序号"), None)
    if not columns or names is None:
        return
    shown = min(last, grid.first_row + charts.MOST_BARS - 1)
    series = [charts.Series(table.columns[at].zh, at) for at in columns]
    is_signed = any(amount < 0 for at in columns for amount in _amounts(table, at))
    unit = unit_of(table.columns[columns[0]])
    drawn = charts.Drawn(grid.name, grid.first_row, shown, names, series, unit, is_signed)
    rows = len(table.rows)
    few = f"（前{charts.MOST_BARS}行）" if rows > charts.MOST_BARS else ""
    shape: charts.Shape = "column"
    if table.key == SALES_BY_CHANNEL:
        shape = "pie" if _makes_a_whole(table, columns[0]) else "bar"
    grid.chart(charts.draw(book, shape, title + few, drawn))


def _drawn_columns(table: Table) -> list[int]:
    """Return the columns of numbers that a chart of this annex shows; those without a number are left out."""
    if table.key == FUND_PROGRESS:
        money = [at for at, column in enumerate(table.columns) if column.kind == "money"]
        named = [at for at in money if table.columns[at].key in FUND_COLUMNS]
        return [at for at in named or money[:3] if any(_amounts(table, at))]
    if table.key == SALES_BY_CHANNEL:
        kinds = ("money", "count")
        found = [at for kind in kinds for at, column in enumerate(table.columns) if column.kind == kind]
        return [at for at in found if any(_amounts(table, at))][:1]
    return []


def _amounts(table: Table, at: int) -> list[Decimal]:
    cells = [row.cells[at] for row in table.rows]
    return [_number(cell) or Decimal(0) if cell is not None else Decimal(0) for cell in cells]


def _makes_a_whole(table: Table, at: int) -> bool:
    """Whether the rows are a few parts of a whole: then they are slices."""
    amounts = _amounts(table, at)
    return 2 <= len(amounts) <= charts.MOST_SLICES and min(amounts) >= 0


def annexes(content: Content) -> Sequence[Table]:
    """Return the annexes in the order of their sheets: the progress of funds first."""
    return sorted(content.tables, key=lambda table: table.key != FUND_PROGRESS)
