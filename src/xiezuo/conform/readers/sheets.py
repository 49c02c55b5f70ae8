"""What every file reader returns, and how much it is willing to read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA)",
    re.IGNORECASE,
)

CellErrorCode = Literal["FORMULA_NO_CACHE", "EXCEL_ERROR", "DIGITS_LOST", "DATE_SYSTEM"]


@dataclass(frozen=True)
class CellError:
    """A cell that holds no usable value although it is not blank.

    ``FORMULA_NO_CACHE``: a formula whose result was never saved (the file was written by a program
    and not opened in Excel or WPS since). ``EXCEL_ERROR``: ``#REF!``, ``#DIV/0!`` and their kin.
    ``DIGITS_LOST``: a number that should be a code and has more digits than a sheet keeps. ``DATE_SYSTEM``: a
    day number as text in a workbook that counts days from 1904.
    """

    code: CellErrorCode


Cell = str | int | float | bool | datetime | date | time | None | CellError
"""A cell as the file holds it: text is not normalised, a blank is ``None``, never ``""``."""


@dataclass(frozen=True)
class Hidden:
    """What of a sheet is hidden: the ``sheet`` itself, ``rows`` and ``columns`` (0-based inclusive ranges).

    ``is_filtered``: a filter is set, so rows are hidden because somebody looked for others.
    """

    sheet: bool = False
    rows: tuple[tuple[int, int], ...] = ()
    columns: tuple[tuple[int, int], ...] = ()
    is_filtered: bool = False

    def has_column(self, column: int) -> bool:
        """Whether the column is hidden."""
        return any(first <= column <= last for first, last in self.columns)


@dataclass(frozen=True)
class Sheet:
    """One sheet, from A1 to its last used row and column.

    ``rows[i]`` is sheet row ``i + 1`` and all rows are equally wide. ``merged`` holds 0-based
    inclusive ranges ``(first_row, first_column, last_row, last_column)`` inside ``rows``; only the
    top-left cell of a range carries a value. ``is_text`` tells a sheet of a text file, whose numbers
    have lost their trailing zeros if a spreadsheet wrote them. ``formats`` are the codes of number formats, by
    0-based row and column, of numbers that are shown divided or with words; ``is_1904``: numbers that are days
    count from 1904. ``asides`` are texts outside the cells with the kind of their place: ``page`` (headers and
    footers), ``box``, ``comment``. ``hidden`` says what of the sheet is not shown to whoever opens the file.

    Of a sheet with several tables one below the other each is a sheet of its own (``ledgers/blocks.py``):
    ``first_row`` is then where its rows begin, ``told`` what stood above the first of them, and ``aside`` are the
    ranges of rows that are a table of another kind.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_text: bool = False
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    is_1904: bool = False
    asides: list[tuple[str, str]] = field(default_factory=list)
    hidden: Hidden = field(default_factory=Hidden)
    first_row: int = 0
    told: tuple[Cell, ...] = ()
    aside: tuple[tuple[int, int], ...] = ()


def typed(text: str) -> Cell:
    """Return a text cell; the name of an error (#N/A) is that error, whoever wrote it down."""
    return CellError("EXCEL_ERROR") if "#" in text[:9] and _ERROR.fullmatch(text.strip()) else text


@dataclass(frozen=True)
class Limits:
    """Bounds on one file; a file beyond any of them is refused, never read in part.

    Sizes are bytes, times seconds. ``max_cells`` counts blanks too: it bounds the area from A1 to
    the last used cell, over all sheets. ``max_text_bytes`` bounds what the child answers, every
    shared string written out in its own cell, ``memory_bytes`` and ``cpu_seconds`` the child itself.
    """

    max_file_bytes: int = 128 * 2**20
    max_entries: int = 4_000
    max_unpacked_bytes: int = 512 * 2**20
    max_ratio: int = 200
    ratio_from_bytes: int = 16 * 2**20
    max_rows: int = 1_048_576
    max_cells: int = 2_000_000
    max_field_chars: int = 100_000
    max_text_bytes: int = 128 * 2**20
    memory_bytes: int = 1536 * 2**20
    cpu_seconds: int = 20
    wall_seconds: float = 120.0
