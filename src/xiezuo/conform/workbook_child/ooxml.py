"""What is where in an .xlsx (ECMA-376 part 1, §18.3): cell positions, errors, unsaved results."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import IO, Protocol
from xml.parsers import expat

from xiezuo.conform.workbook_child import asides
from xiezuo.conform.workbook_child.findings import Findings, RefusedError
from xiezuo.conform.workbook_child.formats import is_red, meanings

_WORKBOOK = "xl/workbook.xml"
_MAX_COLUMN_LETTERS = 3
_PIECE = 1 << 16


def inspect(path: Path) -> list[Findings]:
    """Findings per sheet, in workbook order; a chart sheet has none of its own.

    Raises RefusedError(FILE_CORRUPT), or FILE_HOSTILE for XML that defines entities.
    """
    with zipfile.ZipFile(path) as archive:
        parts = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
        workbook = _Workbook()
        _parse(archive.open(_part(parts, _WORKBOOK)), workbook)
        relations = _Relations()
        _parse(archive.open(_part(parts, "xl/_rels/workbook.xml.rels")), relations)
        marked = _marked_styles(archive, parts, relations)
        found = []
        for relation in workbook.relation_ids:
            cells = _Cells(recalculates=workbook.recalculates, marked=marked)
            cells.findings.is_1904 = workbook.is_1904
            kind, target = relations.targets.get(relation, ("", ""))
            if kind == "worksheet":
                name = posixpath.normpath(posixpath.join("/xl", target))[1:]
                _parse(archive.open(_part(parts, name)), cells)
                _look_aside(archive, parts, name, cells.findings)
            found.append(cells.findings)
    return found


def _look_aside(archive: zipfile.ZipFile, parts: dict[str, str], name: str, found: Findings) -> None:
    """Note what stands in the text boxes and comments of a sheet."""
    related = asides.relations_of(name)
    if related.lower() not in parts:
        return
    relations = _Relations()
    _parse(archive.open(_part(parts, related)), relations)
    for kind, target in relations.targets.values():
        part = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), target))[1:]
        if kind in asides.KINDS and part.lower() in parts:
            _parse(archive.open(_part(parts, part)), asides.Asides(asides.KINDS[kind], found.say))


def _marked_styles(archive: zipfile.ZipFile, parts: dict[str, str], relations: _Relations) -> dict[str, str]:
    """Return the cell styles whose number format matters, by index as cells write it."""
    target = next((target for kind, target in relations.targets.values() if kind == "styles"), "styles.xml")
    name = posixpath.normpath(posixpath.join("/xl", target))[1:]
    if name.lower() not in parts:
        return {}
    styles = _Styles()
    _parse(archive.open(_part(parts, name)), styles)
    return {str(index): meaning for index, meaning in styles.meanings().items()}


def _part(parts: dict[str, str], name: str) -> str:
    try:
        return parts[name.lower()]
    except KeyError:
        raise RefusedError("FILE_CORRUPT") from None


def _parse(file: IO[bytes], handler: _Listener) -> None:
    parser = expat.ParserCreate()

    def refuse_doctype(*_: object) -> None:
        raise RefusedError("FILE_HOSTILE")

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.buffer_text = True
    handler.attach(parser)
    with file:
        while piece := file.read(_PIECE):
            parser.Parse(piece)
    parser.Parse(b"", True)  # noqa: FBT003  (expat takes no keywords)


class _Listener(Protocol):
    def attach(self, parser: expat.XMLParserType) -> None: ...


class _Handler:
    """Gets the start of every element, with the tag as written: some programs prefix them all (``x:c``)."""

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self.start

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError


class _Workbook(_Handler):
    """Sheets in order, whether the file asks for a full calculation when opened, and its date system."""

    def __init__(self) -> None:
        self.relation_ids: list[str] = []
        self.recalculates = False
        self.is_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "sheet":
            ids = (value for name, value in attributes.items() if name.endswith(":id"))
            self.relation_ids.append(next(ids, ""))
        elif local == "calcPr":
            self.recalculates = attributes.get("fullCalcOnLoad") in ("1", "true")
        elif local == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true", "on")


class _Relations(_Handler):
    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = attributes.get("Target", "").replace("\\", "/")
            self.targets[attributes.get("Id", "")] = (kind, target)


class _Styles(_Handler):
    """Codes of the file's own number formats, its red fonts, and the number format and font of each cell style."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._numbers: list[int] = []
        self._fonts: list[int] = []
        self._red: set[int] = set()
        self._font, self._within = -1, ""

    def meanings(self) -> dict[int, str]:
        """Return the cell styles whose number format or colour matters, by index."""
        return meanings(self._numbers, self._codes, self._fonts, self._red)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "numFmt" and "numFmtId" in attributes:
            self._codes.setdefault(int(attributes["numFmtId"]), attributes.get("formatCode", ""))
        elif local in ("fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            self._within = local
        elif local == "font" and self._within == "fonts":
            self._font += 1
        elif local == "color" and self._within == "fonts":
            if is_red(attributes.get("rgb", ""), int(attributes.get("indexed", "-1"))):
                self._red.add(self._font)
        elif local == "xf" and self._within == "cellXfs":
            self._numbers.append(int(attributes.get("numFmtId", "0")))
            self._fonts.append(int(attributes.get("fontId", "0")))


class _Cells(_Handler):
    """Walks ``row``/``c`` elements; positions may be left out and then count on from the last one.

    A formula with no saved result has ``<f>`` but no, or an empty, ``<v>``; with ``t="str"`` an empty
    ``<v>`` is a saved empty text. Programs that cannot calculate write a result of 0 and ask for a
    calculation on load: that 0 is no result either.
    """

    def __init__(self, *, recalculates: bool, marked: dict[str, str]) -> None:
        self.findings = Findings()
        self._recalculates = recalculates
        self._marked = marked
        self._row = self._column = -1
        self._columns: dict[str, int] = {}
        self._kinds: dict[str, str] = {}
        self._type = ""
        self._result: str | None = None

    def attach(self, parser: expat.XMLParserType) -> None:
        super().attach(parser)
        self._parser = parser

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = self._kinds.get(tag) or self._kinds.setdefault(tag, tag.rpartition(":")[2])
        if kind == "c":
            self._start_cell(attributes)
        elif kind in ("v", "is"):
            if self._parser.EndElementHandler is None:
                self.findings.add(self._row, self._column)
            else:
                self._result = ""
                self._parser.CharacterDataHandler = self._text
        elif kind == "f":
            # Only formulas need what follows: other cells, nearly all, cost one or two calls each.
            self._result = None
            self._parser.EndElementHandler = self._end
        elif kind == "headerFooter":
            asides.Asides(asides.PAGE, self.findings.say, self._listen_again).attach(self._parser)
        elif kind == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            if _is_hidden(attributes, "ht"):
                self.findings.hide_rows(self._row, self._row)
        elif kind == "col" and _is_hidden(attributes, "width"):
            self.findings.hide_columns(int(attributes["min"]) - 1, int(attributes["max"]) - 1)
        else:
            self.findings.is_filtered |= kind == "filterColumn"

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._locate(attributes.get("r"))
        self._type = attributes.get("t", "")
        if self._marked and attributes.get("s") in self._marked:
            self.findings.meanings[self._row, self._column] = self._marked[attributes["s"]]
        if self._type == "e":
            self.findings.add(self._row, self._column, "EXCEL_ERROR")

    def _listen_again(self) -> None:
        self._parser.StartElementHandler = self.start
        self._parser.EndElementHandler = self._parser.CharacterDataHandler = None

    def _text(self, text: str) -> None:
        self._result = (self._result or "") + text

    def _end(self, tag: str) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "v":
            self._parser.CharacterDataHandler = None
        elif kind == "c":
            self._parser.EndElementHandler = None
            if self._type != "e":
                self.findings.add(self._row, self._column, "" if self._has_result() else "FORMULA_NO_CACHE")

    def _has_result(self) -> bool:
        if self._result is None or self._type == "str":
            return self._result is not None
        return self._result.strip() not in (("", "0") if self._recalculates else ("",))

    def _locate(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            self._columns[letters] = _column(letters)
        self._column = self._columns[letters]
        self._row = int(reference[len(letters) :]) - 1


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or so narrow that nobody sees it."""
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) in ("0", "0.0")


def _column(letters: str) -> int:
    if not (letters.isascii() and letters.isalpha() and len(letters) <= _MAX_COLUMN_LETTERS):
        raise RefusedError("FILE_CORRUPT")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
