"""What a look into one sheet's own bytes tells: how far it reaches, and which cells are no values."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_ASIDES = 500
"""Texts outside its cells that are looked at of one sheet."""


class RefusedError(Exception):
    """The workbook cannot be taken; ``reason`` and ``facts`` choose the sentence in the parent."""

    def __init__(self, reason: str, **facts: int | str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


@dataclass
class Findings:
    """Of one sheet: 0-based last used row and column (-1: none), used cells, error cells, and what is hidden.

    ``meanings`` are the cells whose number format says more than their value (:mod:`.formats`); ``is_1904``:
    day numbers count from 1904. ``asides`` are texts outside the cells, with their kind of place (:mod:`.asides`).
    """

    last_row: int = -1
    last_column: int = -1
    used: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    meanings: dict[tuple[int, int], str] = field(default_factory=dict)
    is_1904: bool = False
    asides: list[tuple[str, str]] = field(default_factory=list)
    hidden_rows: list[list[int]] = field(default_factory=list)
    hidden_columns: list[list[int]] = field(default_factory=list)
    is_filtered: bool = False

    def say(self, kind: str, text: str) -> None:
        """Note a text outside the cells."""
        if len(self.asides) < MOST_ASIDES:
            self.asides.append((kind, text))

    def add(self, row: int, column: int, error: str = "") -> None:
        """Count the cell at ``row``, ``column``, with its error code if it holds no value."""
        self.used += 1
        if row > self.last_row or column > self.last_column:
            self.last_row = max(self.last_row, row)
            self.last_column = max(self.last_column, column)
        if error:
            self.errors[row, column] = error

    def hide_rows(self, first: int, last: int) -> None:
        """Note hidden rows; they come in order, so that neighbours make one range."""
        _extend(self.hidden_rows, first, last)

    def hide_columns(self, first: int, last: int) -> None:
        """Note hidden columns."""
        _extend(self.hidden_columns, first, last)


def _extend(ranges: list[list[int]], first: int, last: int) -> None:
    if ranges and ranges[-1][1] == first - 1:
        ranges[-1][1] = last
    elif len(ranges) < _MOST_RANGES:
        ranges.append([first, last])


_MOST_RANGES = 1000
"""Of more hidden stretches than a person would look through, the first are told."""


def check_extent(sheets: list[Findings], max_rows: int, max_cells: int) -> None:
    """Refuse before anything is allocated: calamine reserves the whole area between used cells.

    Raises RefusedError(FILE_SPARSE) when a mostly blank sheet is the cause, else FILE_TOO_LARGE.
    """
    total = 0
    for number, sheet in enumerate(sheets, start=1):
        area = (sheet.last_row + 1) * (sheet.last_column + 1)
        total += area
        too_large = total > max_cells or sheet.last_row >= max_rows
        if too_large and sheet.used * 10 < area:
            address = f"{letters(sheet.last_column)}{sheet.last_row + 1}"
            raise RefusedError("FILE_SPARSE", sheet=number, address=address)
        if too_large:
            raise RefusedError("FILE_TOO_LARGE")


def letters(column: int) -> str:
    """Return what a column is called in a sheet: A, B, … AA."""
    said = ""
    while column >= 0:
        said = chr(ord("A") + column % 26) + said
        column = column // 26 - 1
    return said
