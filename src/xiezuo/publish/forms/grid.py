"""A table of a form as it lies on paper: texts by row and column, merged cells spread, blanks that can be filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Place = tuple[int, int]
Range = tuple[int, int, int, int]
Kind = Literal["blank", "text", "number", "formula"]

HIGHEST, WIDEST = 2000, 200
"""Rows and columns of a form that are looked at; a table beyond is a ledger."""
MOST_MERGED = 20_000
LONGEST = 200
"""A head says what it means in fewer characters."""


@dataclass(frozen=True)
class Cell:
    """One cell: what it holds, its text, the code of its number format, and whether the form's author locked it."""

    kind: Kind
    text: str = ""
    number_format: str = ""
    is_locked: bool = False


BLANK = Cell("blank")


@dataclass
class Grid:
    """A sheet, or a table of a document; rows and columns count from 0.

    ``merged`` are inclusive ranges ``(top, left, bottom, right)``, ``above`` the texts before a table of a document,
    ``absent`` what a cell is that the file does not list.
    """

    name: str
    cells: dict[Place, Cell]
    merged: list[Range] = field(default_factory=list)
    above: tuple[str, ...] = ()
    absent: Cell = BLANK

    @cached_property
    def _origins(self) -> dict[Place, Place]:
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merged
            for row in range(top, min(bottom, HIGHEST) + 1)
            for column in range(left, min(right, WIDEST) + 1)
        }

    def origin(self, row: int, column: int) -> Place:
        """Return the first cell of the merged range that a place is in, else the place."""
        return self._origins.get((row, column), (row, column))

    def at(self, row: int, column: int) -> Cell:
        """Return the cell that is seen at a place."""
        return self.cells.get(self.origin(row, column), self.absent)

    def text(self, row: int, column: int) -> str:
        """Return the text, or the year, seen at a place; empty for what is no text, or too long for a head."""
        cell = self.at(row, column)
        is_year = (
            cell.kind == "number"
            and cell.text[:2] in ("19", "20")
            and len(cell.text) == 4
            and cell.text.isdecimal()
        )
        return cell.text if (cell.kind == "text" or is_year) and len(cell.text) <= LONGEST else ""

    @cached_property
    def height(self) -> int:
        """How many rows hold anything."""
        return min(
            HIGHEST,
            max((row for (row, _), cell in self.cells.items() if cell.kind != "blank"), default=-1) + 1,
        )

    @cached_property
    def width(self) -> int:
        """How many columns there are, blank cells that the file lists included."""
        used = {column for _, column in self.cells} | {right for _, _, _, right in self.merged}
        return min(WIDEST, max(used, default=-1) + 1)

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        """Yield the texts of a row from left to right, each once, with its first column."""
        seen: set[Place] = set()
        for column in range(self.width):
            origin = self.origin(row, column)
            if self.text(row, column) and origin not in seen:
                seen.add(origin)
                yield column, self.text(row, column)

    def is_fillable(self, row: int, column: int) -> bool:
        """Whether a place is a blank cell of its own."""
        return self.origin(row, column) == (row, column) and self.at(row, column).kind == "blank"

    def spans(self, row: int, column: int) -> Range:
        """Return the range of the cell at a place."""
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return top, left, bottom, right
        return row, column, row, column


def is_plausible(merged: Sequence[Range]) -> bool:
    """Whether merged ranges can be those of a sheet: real ones never overlap, so that their areas fit into it."""
    areas = (
        (min(bottom, HIGHEST) - top + 1) * (min(right, WIDEST) - left + 1)
        for top, left, bottom, right in merged
        if top <= HIGHEST and left <= WIDEST
    )
    return len(merged) <= MOST_MERGED and sum(areas) <= (HIGHEST + 1) * (WIDEST + 1)


def address(row: int, column: int) -> str:
    """Write a place as a sheet does: B5."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
