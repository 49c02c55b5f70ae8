"""A sheet that can be spoiled: cells, merges, and what of it is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field

from xiezuo.conform.readers import Cell, Sheet

Range = tuple[int, int, int, int]


@dataclass
class Grid:
    """One sheet in the hands of a mutation; places count from 0, ranges include their ends.

    ``formats`` are codes of number formats by (row, column).
    """

    name: str
    rows: list[list[Cell]]
    merged: list[Range] = field(default_factory=list)
    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    formats: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: Sheet, most_rows: int) -> Grid:
        """Return a copy of a sheet as it was read, of its first rows only where it has more."""
        merged = [range_ for range_ in sheet.merged if range_[2] < most_rows]
        return cls(sheet.name, [list(row) for row in sheet.rows[:most_rows]], merged)

    def copy(self) -> Grid:
        """Return a grid of its own."""
        return Grid(
            self.name, [list(row) for row in self.rows], list(self.merged), self.is_hidden, set(self.hidden_rows),
            set(self.hidden_columns), self.is_filtered, dict(self.formats),
        )  # fmt: skip

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max(map(len, self.rows), default=0)

    @property
    def header(self) -> int:
        """The row that most likely is the header: the first with three texts beside each other."""
        for index, row in enumerate(self.rows):
            if sum(isinstance(cell, str) for cell in row) >= 3 and sum(cell is not None for cell in row) >= 3:
                return index
        return 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Write a cell, wherever it is."""
        self.rows.extend([] for _ in range(row + 1 - len(self.rows)))
        self.rows[row].extend([None] * (column + 1 - len(self.rows[row])))
        self.rows[row][column] = cell

    def insert_row(self, at: int, row: list[Cell]) -> None:
        """Insert a row; merges below move down, one around it grows."""
        self.rows.insert(at, row)
        self.merged = [
            (top + (top >= at), left, bottom + (bottom >= at), right) for top, left, bottom, right in self.merged
        ]

    def delete_row(self, at: int) -> None:
        """Delete a row; merges below move up, one around it shrinks."""
        del self.rows[at]
        moved = [
            (top - (top > at), left, bottom - (bottom >= at), right) for top, left, bottom, right in self.merged
        ]
        self.merged = [one for one in moved if one[2] >= one[0] and (one[0], one[1]) != (one[2], one[3])]

    def move_columns(self, order: list[int]) -> None:
        """Put the columns in another order, which may leave some out or name some twice; merges are lost."""
        self.rows = [[row[column] if column < len(row) else None for column in order] for row in self.rows]
        self.merged = []
