"""Writing sheets: a grid of cells as workbook or delimited text, the same bytes every time."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.base.errors import ConfigError

Cell = str | int | float | date | datetime | None

_MOST_ROWS = 1_048_576
_CREATED = datetime(2022, 1, 1)
"""XlsxWriter stamps the present otherwise, and equal samples would differ."""


@dataclass
class Grid:
    """A sheet in the making; merged ranges are (first row, first column, last row, last column) from 0."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, *cells: Cell) -> int:
        """Append a row and return its number, counted from 1 as a spreadsheet shows it."""
        self.rows.append(list(cells))
        return len(self.rows)

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Merge a range given from 0; the range keeps its first cell only."""
        if (first_row, first_column) != (last_row, last_column):
            self.merged.append((first_row, first_column, last_row, last_column))


def write_workbook(path: Path, *grids: Grid) -> None:
    """Write the grids as sheets of one .xlsx file; numbers stay numbers, text stays text."""
    if any(len(grid.rows) > _MOST_ROWS for grid in grids):
        raise ConfigError(
            f"{path.name} would have more rows than a sheet holds", next_step="use a smaller scale"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _CREATED, "author": "sample"})
        day = book.add_format({"num_format": "yyyy/m/d"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        centred = book.add_format({"align": "center", "valign": "vcenter"})
        for grid in grids:
            sheet = book.add_worksheet(grid.name)
            for top, left, bottom, right in grid.merged:
                sheet.merge_range(top, left, bottom, right, "", centred)
            for index, row in enumerate(grid.rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(index, column, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(index, column, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(index, column, cell)
                    elif cell is not None:
                        sheet.write_number(index, column, cell)


def write_delimited(path: Path, grid: Grid, encoding: str) -> None:
    """Write the grid as CSV; a blank row stays a row of commas, so that row numbers hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width = max(map(len, grid.rows))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in grid.rows:
        cells = ["" if cell is None else _text(cell) for cell in row]
        writer.writerow(cells + [""] * (width - len(cells)))
    path.write_bytes(text.getvalue().encode(encoding))


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell)
