"""Which formulas of a form compute of blank cells or lower bounds: their sums say less than they seem to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xiezuo.publish.forms.grid import Grid, Place, Range

Cell = tuple[str, Place]
"""A cell of a form: its sheet's name and its place."""

_REFERENCE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([\w.\u3400-\u9fff]+))!)?\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})"
    r"(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?(?![\w(])"
)


@dataclass(frozen=True)
class Caution:
    """A formula and the cells in question that it computes of, directly or by other formulas."""

    cell: Cell
    of: tuple[Cell, ...]


def cautions(grids: Iterable[Grid], doubtful: Collection[Cell]) -> list[Caution]:
    """Return every formula that computes of a doubtful cell, in the order of the form."""
    formulas = {
        (grid.name, place): cell.text
        for grid in grids
        for place, cell in sorted(grid.cells.items())
        if cell.kind == "formula"
    }
    reads = {cell: _reads(cell[0], text) for cell, text in formulas.items()}
    found: dict[Cell, set[Cell]] = {}
    doubts = {cell: {cell} for cell in doubtful}
    for _ in range(len(reads)):
        before = sum(map(len, found.values()))
        for cell, read in reads.items():
            hit = set[Cell]().union(*(of for one, of in doubts.items() if _is_in(one, read)))
            if hit:
                found[cell] = doubts[cell] = hit
        if sum(map(len, found.values())) == before:
            break
    return [Caution(cell, tuple(sorted(found[cell]))) for cell in reads if cell in found]


def _reads(sheet: str, formula: str) -> list[tuple[str, Range]]:
    """Return the ranges that a formula names, with their sheets."""
    found = []
    for match in _REFERENCE.finditer(re.sub(r'"[^"]*"', "", formula)):
        top, left = int(match[4]) - 1, _column(match[3])
        bottom = int(match[6]) - 1 if match[6] else top
        right = _column(match[5]) if match[5] else left
        found.append(((match[1] or match[2] or sheet).replace("''", "'"), (top, left, bottom, right)))
    return found


def _is_in(cell: Cell, ranges: Iterable[tuple[str, Range]]) -> bool:
    name, (row, column) = cell
    return any(
        name == sheet and top <= row <= bottom and left <= column <= right
        for sheet, (top, left, bottom, right) in ranges
    )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
