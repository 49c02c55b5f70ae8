"""Tables of the formats that are read here and not by calamine: cells by position, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Protocol
from xml.parsers import expat

from xiezuo.conform.workbook_child.findings import Findings, RefusedError, letters

_PIECE = 1 << 16
_WORD_OF_UNIT = re.compile("[十百千万亿]")


@dataclass
class Table:
    """One sheet: cells as JSON scalars or ``[tag, text]``, merged ranges, and what a look at it tells."""

    name: str
    is_hidden: bool = False
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def put(self, row: int, column: int, value: Any, most: int) -> None:
        """Set a cell.

        Raises:
            RefusedError: FILE_HOSTILE, for more than ``most`` cells: a few bytes can repeat one a billion times.
        """
        if len(self.cells) >= most:
            raise RefusedError("FILE_HOSTILE")
        self.cells[row, column] = value
        self.findings.add(row, column)

    def rows(self) -> list[list[Any]]:
        """Return the rows from the first to the last used one."""
        rows: list[list[Any]] = [[] for _ in range(self.findings.last_row + 1)]
        for row, column in sorted(self.cells):
            rows[row] += [None] * (column - len(rows[row]))
            rows[row].append(self.cells[row, column])
        return rows


class Handler(Protocol):
    """What a format makes of its elements; tags and attributes are ``namespace local``."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Meet the start of an element."""

    def text(self, text: str) -> None:
        """Meet text."""

    def end(self, tag: str) -> None:
        """Meet the end of an element."""


def parse(file: IO[bytes], handler: Handler, encoding: str | None = None) -> None:
    """Let ``handler`` see a document; entities are refused (FILE_HOSTILE), nothing is fetched."""
    parser = expat.ParserCreate(encoding, namespace_separator=" ")

    def refuse_doctype(*_: object) -> None:
        raise RefusedError("FILE_HOSTILE")

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    for piece in _pieces(file):
        parser.Parse(piece)
    parser.Parse(b"", True)  # noqa: FBT003  (expat takes no keywords)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def refuse_unit(shown: str, row: int, column: int) -> None:
    """Refuse a number that is shown with a unit (万, 亿) only its format has: who reads the number would not know.

    Raises:
        RefusedError: FILE_UNIT_IN_FORMAT, names the cell.
    """
    if _WORD_OF_UNIT.search(shown):
        raise RefusedError("FILE_UNIT_IN_FORMAT", address=f"{letters(column)}{row + 1}")


def moment(typed: str) -> list[str]:
    """Return the tagged form of an ISO date or moment; midnight is the date.

    Raises:
        ValueError: it is neither.
    """
    read = datetime.fromisoformat(typed.strip().removesuffix("Z"))
    if (read.hour, read.minute, read.second, read.microsecond) == (0, 0, 0, 0):
        return ["date", read.date().isoformat()]
    return ["datetime", read.isoformat()]
