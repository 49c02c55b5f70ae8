"""Sheets of an .ods as LibreOffice and WPS write it (OpenDocument 1.3 part 3, §9): cells, merges, what is hidden.

A row or cell may stand for a million of its kind: blanks only move on, cells that hold something are counted first.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xiezuo.conform.workbook_child.findings import RefusedError
from xiezuo.conform.workbook_child.tables import Table, moment, parse, refuse_unit

MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NS = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 "
_OFFICE, _TABLE, _STYLE, _TEXT = (_NS.format(name) for name in ("office", "table", "style", "text"))
_CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_ERROR = re.compile(r"#(?:REF|N/A|DIV/0|VALUE|NAME|NUM|NULL)[!?]?|Err:\d+")
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_NUMBERS = ("float", "currency", "percentage")
_NO_TEXT = {_OFFICE + "annotation", _TEXT + "note", _TEXT + "ruby-text"}


def read(path: Path, most_cells: int) -> list[Table]:
    """Return the tables of the spreadsheet in their order.

    Raises RefusedError: FILE_UNKNOWN_FORMAT for other documents, FILE_ENCRYPTED, FILE_HOSTILE, FILE_UNIT_IN_FORMAT.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "mimetype" in names and not archive.read("mimetype").decode("ascii", "replace").startswith(MIME):
            raise RefusedError("FILE_UNKNOWN_FORMAT")
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise RefusedError("FILE_ENCRYPTED")
        content = _Content(most_cells)
        parse(archive.open("content.xml"), content)
    return content.tables


class _Content:
    """Walks content.xml; ``_open`` are the elements it is inside of."""

    def __init__(self, most_cells: int) -> None:
        self.tables: list[Table] = []
        self._most = most_cells
        self._open: list[str] = []
        self._style = ""
        self._unseen: set[str] = set()
        self._table: Table | None = None
        self._row = self._column = self._columns = 0
        self._repeated: int = 1
        self._found: list[tuple[int, int, Any]] = []
        self._cell: dict[str, str] = {}
        self._texts: list[str] = []
        self._is_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else ""
        self._open.append(tag)
        if tag == _STYLE + "style":
            self._style = attributes.get(_STYLE + "name", "")
        elif tag == _STYLE + "table-properties" and attributes.get(_TABLE + "display") == "false":
            self._unseen.add(self._style)
        elif tag == _TABLE + "table" and parent == _OFFICE + "spreadsheet":
            hidden = attributes.get(_TABLE + "style-name", "") in self._unseen
            self._table = Table(attributes.get(_TABLE + "name", ""), hidden)
            self.tables.append(self._table)
            self._row = self._columns = 0
        elif self._table is not None:
            self._inside(self._table, tag, attributes, parent)

    def _inside(self, table: Table, tag: str, attributes: dict[str, str], parent: str) -> None:
        if tag == _TABLE + "table-column":
            count = _count(attributes, "number-columns-repeated")
            if attributes.get(_TABLE + "visibility") in ("collapse", "filter"):
                table.findings.hide_columns(self._columns, self._columns + count - 1)
            self._columns += count
        elif tag == _TABLE + "table-row":
            self._repeated = _count(attributes, "number-rows-repeated")
            self._column, self._found = 0, []
            self._hide(table, attributes.get(_TABLE + "visibility"))
        elif tag in _CELLS:
            self._cell, self._texts = attributes, []
        elif tag == _TEXT + "p" and parent in _CELLS:
            self._texts.append("")
            self._is_text = True
        elif tag == _TEXT + "s":
            self.text(" " * min(int(attributes.get(_TEXT + "c", "1")), 1000))
        elif tag in (_TEXT + "tab", _TEXT + "line-break"):
            self.text("\t" if tag.endswith("tab") else "\n")

    def text(self, text: str) -> None:
        if self._is_text and not _NO_TEXT.intersection(self._open):
            self._texts[-1] += text

    def end(self, tag: str) -> None:
        self._open.pop()
        table = self._table
        if table is None:
            return
        if tag == _TEXT + "p" and self._open and self._open[-1] in _CELLS:
            self._is_text = False
        elif tag in _CELLS:
            self._end_cell(table)
        elif tag == _TABLE + "table-row":
            self._end_row(table)
        elif tag == _TABLE + "table" and self._open[-1] == _OFFICE + "spreadsheet":
            self._table = None

    def _hide(self, table: Table, visibility: str | None) -> None:
        if visibility not in ("collapse", "filter"):
            return
        table.findings.is_filtered |= visibility == "filter"
        table.findings.hide_rows(self._row, self._row + self._repeated - 1)

    def _end_cell(self, table: Table) -> None:
        count = _count(self._cell, "number-columns-repeated")
        value = self._value()
        if value is not None:
            if count * self._repeated > self._most:
                raise RefusedError("FILE_HOSTILE")
            self._found.append((self._column, count, value))
        right, down = (_count(self._cell, f"number-{name}-spanned") - 1 for name in ("columns", "rows"))
        if right or down:
            table.merged.append((self._row, self._column, self._row + down, self._column + right))
        self._column += count

    def _end_row(self, table: Table) -> None:
        for row in range(self._row, self._row + self._repeated) if self._found else ():
            for first, count, value in self._found:
                for column in range(first, first + count):
                    table.put(row, column, value, self._most)
        self._row += self._repeated

    def _value(self) -> Any:
        cell, shown = self._cell, "\n".join(self._texts)
        kind = cell.get(_OFFICE + "value-type")
        is_formula = _TABLE + "formula" in cell
        if cell.get(_CALC_TYPE) == "error" or (is_formula and _ERROR.fullmatch(shown)):
            return ["EXCEL_ERROR", ""]
        if kind is None and is_formula and not shown:
            return ["FORMULA_NO_CACHE", ""]
        if kind in _NUMBERS:
            refuse_unit(shown, self._row, self._column)
            return float(cell[_OFFICE + "value"])
        if kind in _READ:
            return _READ[kind](cell[f"{_OFFICE}{kind}-value"])
        return cell.get(_OFFICE + "string-value", shown) or None


def _count(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(_TABLE + name, "1")))


def _time(typed: str) -> Any:
    """Return a time of day, or days as a number where it is none."""
    found = _DURATION.fullmatch(typed)
    if found is None:
        raise ValueError("not a duration")
    days, hours, minutes, seconds = (float(found[place] or 0) for place in range(2, 6))
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if found[1] or total >= 86_400:
        return (-total if found[1] else total) / 86_400
    whole = int(total)
    return ["time", f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"]


_READ: dict[str | None, Callable[[str], Any]] = {"date": moment, "time": _time, "boolean": lambda said: said == "true"}
