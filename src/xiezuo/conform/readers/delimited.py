"""Delimited text (.csv, .tsv, .txt): every cell stays the text it is."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from xiezuo.conform.readers.refusals import refusal
from xiezuo.conform.readers.sheets import Cell, Limits, Sheet, typed

_DELIMITERS = (",", "\t", ";")
_SAMPLE_CHARS, _SAMPLE_LINES = 200_000, 50
_QUOTED = re.compile(r'(?<![^,\t;\r\n])"(?:[^"]|"")*"')
_EXCEL_TEXT = re.compile(r'="([^"]*)"')


def read(text: str, name: str, limits: Limits) -> Sheet:
    """One sheet from ``text``; row i is record i, which is the row Excel would show.

    Quoting is strict: a quote left open would swallow the rest of the file into one cell. The
    ``="00123"`` that platforms write to keep leading zeros is unwrapped, as Excel does on opening.

    Raises FileRefused(FILE_CORRUPT or FILE_TOO_LARGE).
    """
    rows: list[list[Cell]] = []
    cells = 0
    reader = _reader(text, delimiter_of(text))
    try:
        for record in reader:
            cells += len(record)
            if len(rows) >= limits.max_rows or cells > limits.max_cells:
                raise refusal("FILE_TOO_LARGE")
            if any(len(field) > limits.max_field_chars for field in record):
                raise refusal("FILE_FIELD_TOO_LONG", row=len(rows) + 1)
            rows.append([_cell(field) for field in record])
    except csv.Error:
        # "from None": the csv module's message can quote what it stumbled over.
        raise refusal("FILE_QUOTES", row=len(rows) + 1) from None
    return Sheet(name, rectangle(rows, limits), is_text=True)


def delimiter_of(text: str) -> str:
    """Comma, tab or semicolon: whichever cuts most of the first lines into equally many cells.

    Title lines above the header and thousands separators inside cells do not decide: quoted cells
    are left out, the share of lines with the commonest width counts first, that width second.
    """
    lines = [line for line in _QUOTED.sub("", text[:_SAMPLE_CHARS]).splitlines() if line][:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    counts = Counter(line.count(delimiter) for line in lines)
    del counts[0]
    return max(((count, separators) for separators, count in counts.items()), default=(0, 0))


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _cell(field: str) -> Cell:
    wrapped = _EXCEL_TEXT.fullmatch(field)
    return typed(wrapped[1] if wrapped else field) or None


def rectangle(rows: list[list[Cell]], limits: Limits) -> list[list[Cell]]:
    """``rows`` padded to one width, without blank rows at the end and blank columns at the right.

    Raises FileRefused(FILE_TOO_LARGE) when the padded area is beyond ``limits``.
    """
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    width = max((_used(row) for row in rows), default=0)
    if width * len(rows) > limits.max_cells:
        raise refusal("FILE_TOO_LARGE")
    return [row[:width] + [None] * (width - len(row)) for row in rows]


def _used(row: list[Cell]) -> int:
    return next((i + 1 for i in range(len(row) - 1, -1, -1) if row[i] is not None), 0)
