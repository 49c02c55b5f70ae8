"""Sheets of an XML Spreadsheet 2003, as portals write one and call it .xls (schema urn:…:office:spreadsheet)."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from xiezuo.conform.workbook_child.findings import RefusedError
from xiezuo.conform.workbook_child.tables import Table, moment, parse, refuse_unit

_SS = "urn:schemas-microsoft-com:office:spreadsheet "
_X = "urn:schemas-microsoft-com:office:excel "
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9_-]{1,40})["']""")
_CHINESE = re.compile(rb"gb.*|x-gbk|cp936", re.IGNORECASE)


def read(path: Path, most_cells: int) -> list[Table]:
    """Return the tables of the workbook in their order.

    Raises RefusedError: FILE_HOSTILE, FILE_UNIT_IN_FORMAT, FILE_DATES_1904.
    """
    data = path.read_bytes()
    declared = _DECLARED.search(data[:400])
    workbook = _Workbook(most_cells)
    if declared and _CHINESE.fullmatch(declared[1]):
        parse(io.BytesIO(data.decode("gb18030").encode()), workbook, "utf-8")
    else:
        parse(io.BytesIO(data.lstrip() if data[:1].isspace() else data), workbook)
    return workbook.tables


class _Workbook:
    """Walks the document. Rows, columns and cells may say where they stand, and else follow one another."""

    def __init__(self, most_cells: int) -> None:
        self.tables: list[Table] = []
        self._most = most_cells
        self._open: list[str] = []
        self._style = ""
        self._units: dict[str, str] = {}
        self._row = self._column = self._last_column = -1
        self._row_style, self._row_span = "", 0
        self._cell: dict[str, str] = {}
        self._type: str | None = None
        self._said = ""
        self._is_said = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else ""
        self._open.append(tag)
        space, _, name = tag.rpartition(" ")
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if space + " " == _SS:
            self._meet(name, said, parent)
        elif tag == _X + "Date1904":
            raise RefusedError("FILE_DATES_1904")
        elif tag == _X + "AutoFilterColumn" and self.tables:
            self.tables[-1].findings.is_filtered |= said.get("Type", "All") != "All"
        elif tag == _X + "Visible":
            self._said = ""

    def _meet(self, name: str, said: dict[str, str], parent: str) -> None:
        if name == "Style":
            self._style = said.get("ID", "")
            self._units[self._style] = self._units.get(said.get("Parent", ""), "")
        elif name == "NumberFormat":
            self._units[self._style] = said.get("Format", "")
        elif name == "Worksheet":
            self.tables.append(Table(said.get("Name", "")))
            self._row = self._last_column = -1
        elif not self.tables:
            return
        elif name == "Column":
            self._hide_column(said)
        elif name == "Row":
            self._row = _place(said, self._row)
            self._column, self._row_style = -1, said.get("StyleID", "")
            if said.get("Hidden") == "1" or said.get("Height") == "0":
                self.tables[-1].findings.hide_rows(self._row, self._row + _whole(said, "Span"))
            self._row_span = _whole(said, "Span")
        elif name == "Cell":
            self._begin_cell(said)
        elif name == "Data" and parent == _SS + "Cell":  # a comment has its Data too
            self._type, self._said, self._is_said = said.get("Type", "String"), "", True

    def _begin_cell(self, said: dict[str, str]) -> None:
        self._column = _place(said, self._column)
        self._cell, self._type, self._said = said, None, ""
        right, down = _whole(said, "MergeAcross"), _whole(said, "MergeDown")
        if right or down:
            self.tables[-1].merged.append((self._row, self._column, self._row + down, self._column + right))

    def text(self, text: str) -> None:
        # Text inside the cell's Data, marked up or not, is the cell's.
        if self._is_said or self._open[-1:] == [_X + "Visible"]:
            self._said += text

    def end(self, tag: str) -> None:
        self._open.pop()
        if tag == _SS + "Data":
            self._is_said = False
        if not self.tables:
            return
        if tag == _SS + "Cell":
            value = self._value()
            if value is not None:
                self.tables[-1].put(self._row, self._column, value, self._most)
            self._column += _whole(self._cell, "MergeAcross")
        elif tag == _SS + "Row":
            self._row += self._row_span
        elif tag == _X + "Visible":
            self.tables[-1].is_hidden = self._said.strip() in ("SheetHidden", "SheetVeryHidden")

    def _value(self) -> Any:
        if self._type is None:
            return ["FORMULA_NO_CACHE", ""] if "Formula" in self._cell else None
        if self._type == "Number":
            style = self._cell.get("StyleID") or self._row_style
            refuse_unit(self._units.get(style, ""), self._row, self._column)
            return float(self._said)
        if self._type == "DateTime":
            return moment(self._said)
        if self._type == "Boolean":
            return self._said.strip() == "1"
        return ["EXCEL_ERROR", ""] if self._type == "Error" else self._said or None

    def _hide_column(self, said: dict[str, str]) -> None:
        first = _place(said, self._last_column)
        self._last_column = first + _whole(said, "Span")
        if said.get("Hidden") == "1" or said.get("Width") == "0":
            self.tables[-1].findings.hide_columns(first, self._last_column)


def _place(said: dict[str, str], last: int) -> int:
    """Return the 0-based place of a row, column or cell: the one it states, else the next."""
    place = int(said["Index"]) - 1 if "Index" in said else last + 1
    if place <= last:
        raise ValueError("places run backwards")
    return place


def _whole(said: dict[str, str], name: str) -> int:
    return max(0, int(said.get(name, "0")))
