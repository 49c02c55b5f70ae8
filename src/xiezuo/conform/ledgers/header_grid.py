"""The rows of a sheet that may be its header, as texts by column: merges spread, levels put together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from xiezuo.conform.ledgers.header_text import readings
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.values import normalise

SEARCHED_ROWS = 40
"""A header stands within the first forty rows or is not found."""

DEEPEST = 3
_LIKE_DATA = re.compile(r"[\d.,:/\-年月日¥%\sxX*]*\d[\d.,:/\-年月日¥%\sxX*]*")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")


@dataclass(frozen=True)
class Levels:
    """One to three rows read as a header: the texts of each column from the top level down.

    ``readings`` are the ways each column can be read; ``above`` the texts over the first row.
    """

    first_row: int
    last_row: int
    texts: Sequence[tuple[str, ...]]
    readings: Sequence[tuple[str, ...]]
    above: Sequence[str]


def spread(sheet: Sheet) -> list[list[Cell]]:
    """Copy the top of the sheet with each merged range filled from its first cell."""
    grid = [list(row) for row in sheet.rows[:SEARCHED_ROWS]]
    for top, left, bottom, right in sheet.merged:
        if top >= len(grid) or left >= len(grid[top]):
            continue
        for row in range(top, min(bottom + 1, len(grid))):
            grid[row] += [None] * (right + 1 - len(grid[row]))
            for column in range(left, right + 1):
                grid[row][column] = grid[top][left]
    return grid


def levels_of(grid: list[list[Cell]]) -> list[Levels]:
    """Return every run of rows that can be a header of one, two or three levels, from the top down."""
    found = []
    for row in range(min(SEARCHED_ROWS, len(grid))):
        for depth in range(1, DEEPEST + 1):
            if row + depth > min(SEARCHED_ROWS, len(grid)) or (depth > 1 and _holds_data(grid[row + depth - 1])):
                break
            texts = _texts(grid[row : row + depth])
            uppers = Counter(parts[0] for parts in texts if len(parts) > 1)
            said = [readings(parts, uppers[parts[0]] < 2) if parts else () for parts in texts]
            above = [cell for cells in grid[:row] for cell in cells if isinstance(cell, str)]
            found.append(Levels(row, row + depth - 1, texts, said, list(dict.fromkeys(above))))
    return found


def is_ruler(cells: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns (1 2 3 …, 甲 乙 1 2 …), as statistical forms do below a header."""
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    if str(first).strip("()（） ") not in ("1", "1.0", "甲"):  # most lines by far: nothing more to look at
        return False
    said = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    numbers = [re.sub(r"^[(（]?(\d{1,2})(?:\.0)?[)）]?$", r"\1", text) for text in said]
    while numbers and numbers[0] in tuple("甲乙丙丁"):
        numbers.pop(0)
    return len(said) >= 3 and bool(numbers) and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _holds_data(cells: list[Cell]) -> bool:
    """Whether a row cannot be part of a header: numbers, dates or long digits stand in it."""
    for cell in cells:
        if cell is None or (isinstance(cell, int) and 1900 <= cell <= 2100):
            continue
        if not isinstance(cell, str):
            return True
        text = normalise(cell)
        if _LIKE_DATA.fullmatch(text) and not _YEAR.fullmatch(text):
            return True
    return False


def _texts(levels: list[list[Cell]]) -> list[tuple[str, ...]]:
    """Return, for each column, its header texts from the top level down, repeats dropped.

    An upper cell that stands empty belongs to the group on its left, as in text files, which know no
    merges; its column must say something below.
    """
    width = max((len(level) for level in levels), default=0)
    rows = [[_text(level[column]) if column < len(level) else "" for column in range(width)] for level in levels]
    for upper, lower in pairwise(rows):
        for column in range(1, width):
            if not upper[column] and lower[column] and lower[column - 1] and upper[column - 1]:
                upper[column] = upper[column - 1]
    columns: list[tuple[str, ...]] = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            if row[column] and (not parts or parts[-1] != row[column]):
                parts.append(row[column])
        columns.append(tuple(parts))
    return columns


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""
