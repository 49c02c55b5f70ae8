"""The XML of a sheet by its bytes: where each cell stands, so that a cell is replaced and every other byte stays.

ECMA-376 part 1, §18.3. What a formula came to when the form was saved is taken out: it was computed of blanks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from xiezuo.conform.readers.refusals import refusal
from xiezuo.publish.forms.grid import Place, Range, address

MOST_CELLS = 200_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=["']([^"']+)["']""")


@dataclass
class Stored:
    """A cell element: its bytes, attributes, and what stands in it."""

    start: int
    end: int
    attributes: dict[str, str]
    kind: str = ""
    value: str = ""
    formula: str | None = None
    result: tuple[int, int] | None = None


@dataclass
class _Row:
    start: int
    end: int
    tag_end: int
    is_empty: bool
    style: str


@dataclass
class SheetXml:
    """What of a sheet's XML is needed to read and fill it."""

    data: bytes
    prefix: str = ""
    cells: dict[Place, Stored] = field(default_factory=dict)
    rows: dict[int, _Row] = field(default_factory=dict)
    columns: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    body: tuple[int, int, bool] = (0, 0, True)
    is_protected: bool = False

    def style_of(self, place: Place) -> str:
        """Return the style a place has: its own, its row's, its column's."""
        row, column = place
        if place in self.cells:
            return self.cells[place].attributes.get("s", "0")
        if row in self.rows and self.rows[row].style:
            return self.rows[row].style
        return next((style for first, last, style in self.columns if first <= column <= last and style), "0")


@dataclass(frozen=True)
class Written:
    """What is put into a blank cell: a number as its digits, or a text; ``style`` is another than the cell's."""

    text: str
    is_number: bool
    style: str | None = None


def check_encoding(data: bytes) -> None:
    """Refuse XML that is not UTF-8, whose bytes are not spliced here.

    Raises:
        FileRefused: it is another encoding.
    """
    found = _ENCODING.match(data)
    if (found and found[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")) or data[:2] in (
        b"\xff\xfe",
        b"\xfe\xff",
    ):
        raise refusal("FILE_CORRUPT")


class _Walk:
    def __init__(self, data: bytes) -> None:
        check_encoding(data)
        self.found = SheetXml(data)
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.buffer_text = True
        self._row, self._column = -1, -1
        self._cell: Stored | None = None
        self._inside: list[str] = []

    def run(self) -> SheetXml:
        try:
            self._parser.Parse(self.found.data, True)  # noqa: FBT003  (expat takes no keywords)
        except (expat.ExpatError, ValueError):
            raise refusal("FILE_CORRUPT") from None
        return self.found

    def _refuse(self, *_: object) -> None:
        raise refusal("FILE_HOSTILE")

    def _at(self) -> int:
        return self._parser.CurrentByteIndex

    def _after_tag(self, start: int) -> tuple[int, bool]:
        """Return where the tag at ``start`` ends, and whether it is a whole element; quotes may hold a >."""
        data, at, quote = self.found.data, start, 0
        while at < len(data):
            byte = data[at]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == 0x3E:
                return at + 1, data[at - 1] == 0x2F
            at += 1
        raise refusal("FILE_CORRUPT")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, local = tag.rpartition(":")
        start = self._at()
        self._inside.append(local)
        if local == "c":
            self._start_cell(start, attributes)
        elif local == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            end, is_empty = self._after_tag(start)
            style = attributes.get("s", "") if attributes.get("customFormat") in ("1", "true") else ""
            self.found.rows[self._row] = _Row(start, end, end, is_empty, style)
        elif self._cell is not None:
            if local == "f":
                self._cell.formula = ""
            elif local == "v":
                self._cell.result = (start, start)
        elif local == "sheetData":
            self.found.prefix = f"{prefix}:" if prefix else ""
            end, is_empty = self._after_tag(start)
            self.found.body = (start, end, is_empty)
        elif local == "col":
            self.found.columns.append(
                (int(attributes["min"]) - 1, int(attributes["max"]) - 1, attributes.get("style", ""))
            )
        elif local == "mergeCell":
            self.found.merged.append(range_of(attributes.get("ref", "")))
        elif local == "sheetProtection":
            self.found.is_protected = attributes.get("sheet") in ("1", "true")

    def _start_cell(self, start: int, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self._row, self._column = place_of(attributes["r"])
        else:
            self._column += 1
        self._cell = Stored(start, start, attributes, attributes.get("t", "n"))
        if len(self.found.cells) >= MOST_CELLS:
            raise refusal("FILE_TOO_LARGE")
        self.found.cells[self._row, self._column] = self._cell

    def _text(self, text: str) -> None:
        if self._cell is None or "rPh" in self._inside:
            return
        if self._inside[-1] in ("v", "t"):
            self._cell.value += text
        elif self._inside[-1] == "f" and self._cell.formula is not None:
            self._cell.formula += text

    def _end(self, tag: str) -> None:
        local = self._inside.pop()
        at = self._at()
        if local == "c" and self._cell is not None:
            self._cell.end = self._end_of(at, tag)
            self._cell = None
        elif local == "v" and self._cell is not None and self._cell.result is not None:
            self._cell.result = (self._cell.result[0], self._end_of(at, tag))
        elif local == "row":
            self.found.rows[self._row].end = at
        elif local == "sheetData":
            self.found.body = (self.found.body[0], at, self.found.body[2])

    def _end_of(self, at: int, tag: str) -> int:
        """Return where an element ends: behind its closing tag, or where an empty one already has."""
        closing = f"</{tag}".encode()
        return self._after_tag(at)[0] if self.found.data.startswith(closing, at) else at


def read_sheet_xml(data: bytes) -> SheetXml:
    """Find the cells of a sheet.

    Raises:
        FileRefused: the XML is broken, defines entities, or has more cells than a form.
    """
    return _Walk(data).run()


def place_of(reference: str) -> Place:
    """Read B5 as row 4, column 1.

    Raises:
        FileRefused: it is no reference.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise refusal("FILE_CORRUPT")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def range_of(reference: str) -> Range:
    """Read B5:C7 as rows 4 to 6 and columns 1 to 2."""
    first, _, last = reference.partition(":")
    return (*place_of(first), *place_of(last or first))


def filled(sheet: SheetXml, values: Mapping[Place, Written]) -> bytes:
    """Return the sheet's XML with these cells filled and the saved results of formulas taken out."""
    pieces = [
        (cell.start, cell.end, _without_result(sheet, cell))
        for cell in sheet.cells.values()
        if cell.formula is not None
    ]
    new: dict[int, list[Place]] = {}
    for place, value in values.items():
        if place in sheet.cells:
            cell = sheet.cells[place]
            pieces.append((cell.start, cell.end, _cell(sheet, place, value, cell.attributes)))
        else:
            new.setdefault(place[0], []).append(place)
    rows: dict[int, bytes] = {}
    for row in sorted(new):
        cells = [(place, _cell(sheet, place, values[place], {})) for place in sorted(new[row])]
        if row in sheet.rows:
            pieces += _into_row(sheet, row, cells)
        else:
            content = b"".join(text for _, text in cells)
            rows[row] = (
                f'<{sheet.prefix}row r="{row + 1}">'.encode() + content + f"</{sheet.prefix}row>".encode()
            )
    pieces += _new_rows(sheet, rows)
    made = sheet.data
    for start, end, piece in sorted(pieces, reverse=True):
        made = made[:start] + piece + made[end:]
    return made


def _without_result(sheet: SheetXml, cell: Stored) -> bytes:
    whole = sheet.data[cell.start : cell.end]
    if cell.result is None:
        return whole
    first, last = (at - cell.start for at in cell.result)
    head, rest = whole[:first], whole[last:]
    end = head.index(b">")
    return re.sub(rb"""\st=(?:"[^"]*"|'[^']*')""", b"", head[:end]) + head[end:] + rest


def _into_row(sheet: SheetXml, row: int, own: list[tuple[Place, bytes]]) -> list[tuple[int, int, bytes]]:
    """Return where cells go that a row does not list yet: each before the next that is there."""
    there = sheet.rows[row]
    if not there.is_empty:
        return [(at, at, text) for at, text in _joined(sheet, row, own)]
    tag = sheet.data[there.start : there.tag_end]
    content = b"".join(text for _, text in own)
    return [
        (there.start, there.tag_end, tag[:-2].rstrip() + b">" + content + f"</{sheet.prefix}row>".encode())
    ]


def _new_rows(sheet: SheetXml, rows: Mapping[int, bytes]) -> list[tuple[int, int, bytes]]:
    """Return where rows go that the file does not list yet, those of one place together."""
    start, end, is_empty = sheet.body
    if rows and is_empty:
        tag = f"{sheet.prefix}sheetData"
        return [(start, end, f"<{tag}>".encode() + b"".join(rows.values()) + f"</{tag}>".encode())]
    found: dict[int, bytes] = {}
    for row, text in rows.items():
        at = min((there.start for number, there in sheet.rows.items() if number > row), default=end)
        found[at] = found.get(at, b"") + text
    return [(at, at, text) for at, text in found.items()]


def _joined(sheet: SheetXml, row: int, own: list[tuple[Place, bytes]]) -> list[tuple[int, bytes]]:
    """Return the place of each new cell of a row, before the next that is there; those of one place together."""
    there = sorted((place[1], cell.start) for place, cell in sheet.cells.items() if place[0] == row)
    end = sheet.rows[row].end
    found: dict[int, bytes] = {}
    for place, text in own:
        at = next((start for column, start in there if column > place[1]), end)
        found[at] = found.get(at, b"") + text
    return list(found.items())


def _cell(sheet: SheetXml, place: Place, value: Written, attributes: Mapping[str, str]) -> bytes:
    prefix = sheet.prefix
    style = value.style if value.style is not None else sheet.style_of(place)
    own = {name: text for name, text in attributes.items() if name not in ("r", "s", "t")}
    said = "".join(f' {name}="{escape(text, {chr(34): "&quot;"})}"' for name, text in own.items())
    head = (
        f'<{prefix}c r="{address(*place)}"'
        + (f' s="{style}"' if style != "0" or "s" in attributes else "")
        + said
    )
    if value.is_number:
        return f"{head}><{prefix}v>{value.text}</{prefix}v></{prefix}c>".encode()
    text = escape(value.text)
    held = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
    return f'{head} t="inlineStr">{held}</{prefix}c>'.encode()
