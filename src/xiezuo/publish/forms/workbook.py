"""An XLSX form: its sheets as grids, and the same file with cells filled, everything else as it came.

Parts that change are the sheets that are filled or compute, the list of sheets (one more, very hidden, that says what
each figure is), and the styles when a lower bound needs a number format of its own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from xiezuo.base.errors import FileRefused
from xiezuo.conform.readers.refusals import refusal
from xiezuo.publish.forms.grid import HIGHEST, WIDEST, Cell, Grid, Place, address, is_plausible
from xiezuo.publish.forms.notes import can_take, relations_of, with_notes
from xiezuo.publish.forms.package import WORKBOOK, Package
from xiezuo.publish.forms.sheet_xml import SheetXml, Written, check_encoding, filled, read_sheet_xml

MAP_SHEET = "xiezuo_map"
_RELATIONS, _TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_MAP_PART = f"xl/worksheets/{MAP_SHEET}.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BUILT_IN = {9: "0%", 10: "0.00%", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00"}


class _Tags:
    """Collects the elements of a small part: names without prefix, with attributes and text."""

    def __init__(self, data: bytes) -> None:
        check_encoding(data)
        self.found: list[tuple[str, dict[str, str], str, tuple[str, ...]]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._text
        parser.EndElementHandler = self._end
        try:
            parser.Parse(data, True)  # noqa: FBT003  (expat takes no keywords)
        except (expat.ExpatError, ValueError):
            raise refusal("FILE_CORRUPT") from None

    def _refuse(self, *_: object) -> None:
        raise refusal("FILE_HOSTILE")

    def _start(self, tag: str, own: dict[str, str]) -> None:
        self._open.append((tag.rpartition(":")[2], own, []))

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _end(self, _: str) -> None:
        tag, own, texts = self._open.pop()
        self.found.append((tag, own, "".join(texts), tuple(one[0] for one in self._open)))


@dataclass
class _Sheet:
    name: str
    part: str
    is_hidden: bool
    xml: SheetXml


class Workbook:
    """An XLSX form."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.part(WORKBOOK)
        self._id_name = "r:id"
        tags = _Tags(self._main)
        targets = {
            own.get("Id", ""): (own.get("Type", "").rpartition("/")[2], own.get("Target", ""))
            for tag, own, _, _ in _Tags(package.part(_RELATIONS)).found
            if tag == "Relationship"
        }
        self._strings = self._shared(targets)
        self._formats, self._unlocked = self._styles(targets)
        self._sheets: list[_Sheet] = []
        for tag, own, _, _ in tags.found:
            if tag == "sheet":
                self._add(own, targets)

    def _add(self, own: Mapping[str, str], targets: Mapping[str, tuple[str, str]]) -> None:
        self._id_name, relation = next(
            (pair for pair in own.items() if pair[0].endswith(":id")), ("r:id", "")
        )
        kind, target = targets.get(relation, ("", ""))
        if own.get("name") == MAP_SHEET:
            raise FileRefused("FORM_FILLED", "这是已经填好的表，不是空表。", next_step="请使用上级下发的空表")
        if kind == "worksheet":
            part = _part(target)
            is_hidden = own.get("state", "visible") != "visible"
            self._sheets.append(
                _Sheet(own.get("name", ""), part, is_hidden, read_sheet_xml(self._package.part(part)))
            )

    def _shared(self, targets: Mapping[str, tuple[str, str]]) -> list[str]:
        part = next((_part(target) for kind, target in targets.values() if kind == "sharedStrings"), None)
        if part is None or part not in self._package.names:
            return []
        texts: list[str] = []
        held: list[str] = []
        for tag, _, text, above in _Tags(self._package.part(part)).found:
            if tag == "t" and "rPh" not in above:
                held.append(text)
            elif tag == "si":
                texts.append("".join(held))
                held = []
        return texts

    def _styles(self, targets: Mapping[str, tuple[str, str]]) -> tuple[list[str], set[int]]:
        """Return the number format of each cell style, and which of them a protected sheet leaves open."""
        self._style_part = next((_part(target) for kind, target in targets.values() if kind == "styles"), "")
        if self._style_part not in self._package.names:
            return [], set()
        codes = dict(_BUILT_IN)
        styles: list[str] = []
        unlocked: set[int] = set()
        is_open = False
        for tag, own, _, above in _Tags(self._package.part(self._style_part)).found:
            if tag == "numFmt" and "numFmtId" in own:
                codes[int(own["numFmtId"])] = own.get("formatCode", "")
            elif tag == "protection":
                is_open = own.get("locked") in ("0", "false")
            elif tag == "xf" and above[-1:] == ("cellXfs",):
                if is_open:
                    unlocked.add(len(styles))
                styles.append(codes.get(int(own.get("numFmtId", "0")), ""))
            if tag == "xf":
                is_open = False
        return styles, unlocked

    @cached_property
    def grids(self) -> list[Grid]:
        """The sheets that are seen, as grids."""
        return [self._grid(sheet) for sheet in self._sheets if not sheet.is_hidden]

    @cached_property
    def formulas(self) -> list[tuple[str, Place]]:
        """The cells that hold formulas, by sheet and place."""
        return [
            (grid.name, place)
            for grid in self.grids
            for place, cell in grid.cells.items()
            if cell.kind == "formula"
        ]

    def _grid(self, sheet: _Sheet) -> Grid:
        cells = {
            place: self._cell(sheet, place)
            for place in sheet.xml.cells
            if place[0] < HIGHEST and place[1] < WIDEST
        }
        if not is_plausible(sheet.xml.merged):
            raise refusal("FILE_HOSTILE")
        is_open = any(cell.kind == "blank" and not cell.is_locked for cell in cells.values())
        if sheet.xml.is_protected and is_open:
            return Grid(sheet.name, cells, sheet.xml.merged, absent=Cell("blank", is_locked=True))
        plain = {place: replace(cell, is_locked=False) for place, cell in cells.items()}
        return Grid(sheet.name, plain, sheet.xml.merged)

    def _cell(self, sheet: _Sheet, place: Place) -> Cell:
        stored = sheet.xml.cells[place]
        style = int(stored.attributes.get("s", "0"))
        code = self._formats[style] if style < len(self._formats) else ""
        is_locked = sheet.xml.is_protected and style not in self._unlocked
        if stored.formula is not None:
            return Cell("formula", stored.formula, code, is_locked)
        text = stored.value
        if stored.kind == "s":
            number = int(text or "0")
            text = self._strings[number] if number < len(self._strings) else ""
        if not text.strip():
            return Cell("blank", "", code, is_locked)
        return Cell("text" if stored.kind in ("s", "inlineStr", "str") else "number", text, code, is_locked)

    def fill(
        self,
        values: Mapping[str, Mapping[Place, tuple[str, bool, str]]],
        trace: Sequence[Sequence[str]],
        notes: Mapping[str, Mapping[Place, str]] | None = None,
    ) -> bytes:
        """Return the form with values put in, by sheet and place: text, whether it is a number, a number format or ''.

        ``trace`` are the lines of the sheet that says what each of them is; ``notes`` are put on cells of sheets that
        have none.
        """
        has_styles = self._style_part in self._package.names
        styles = _NewStyles(self._package.part(self._style_part) if has_styles else b"")
        types = self._package.part(_TYPES).decode()
        parts: dict[str, bytes] = {}
        for sheet in self._sheets:
            own = values.get(sheet.name, {}) if not sheet.is_hidden else {}
            written = {
                place: Written(text, is_number, styles.of(sheet.xml.style_of(place), code) if code else None)
                for place, (text, is_number, code) in own.items()
            }
            parts[sheet.part] = filled(sheet.xml, written)
            said = (notes or {}).get(sheet.name, {})
            listed = relations_of(sheet.part)
            relations = self._package.part(listed) if listed in self._package.names else None
            if said and not sheet.is_hidden and can_take(sheet.xml.data, relations):
                made, types = with_notes(parts[sheet.part], sheet.part, relations, types, said)
                parts |= made
        if styles.is_changed:
            parts[self._style_part] = styles.data
        return self._package.replaced(parts | self._with_map(trace, types))

    def _with_map(self, trace: Sequence[Sequence[str]], types: str) -> dict[str, bytes]:
        main = self._main.decode()
        ids = [int(found) for found in re.findall(r'\bsheetId="(\d+)"', main)]
        prefix = (re.search(r"<([A-Za-z]+:)?sheets[\s>]", main) or [None, ""])[1] or ""
        space = self._id_name.partition(":")[0]
        uri = (re.search(rf'xmlns:{space}="([^"]+)"', main) or [None, _RELATED])[1]
        own_id = f'xmlns:{space}="{uri}" {self._id_name}="rIdXiezuoMap"'
        number = max(ids, default=0) + 1
        sheet = f'<{prefix}sheet name="{MAP_SHEET}" sheetId="{number}" state="veryHidden" {own_id}/>'
        main = main.replace(f"</{prefix}sheets>", f"{sheet}</{prefix}sheets>", 1)
        relations = self._package.part(_RELATIONS).decode()
        kind = f"{_RELATED}/worksheet"
        relation = f'<Relationship Id="rIdXiezuoMap" Type="{kind}" Target="/{_MAP_PART}"/>'
        override = f'<Override PartName="/{_MAP_PART}" ContentType="{_SHEET_TYPE}"/>'
        return {
            WORKBOOK: _calculated_on_load(main, prefix).encode(),
            _RELATIONS: relations.replace("</Relationships>", f"{relation}</Relationships>", 1).encode(),
            _TYPES: types.replace("</Types>", f"{override}</Types>", 1).encode(),
            _MAP_PART: _map_xml(trace),
        }


class _NewStyles:
    """Cell styles with another number format, added behind those of the form."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.is_changed = False
        self._made: dict[tuple[str, str], str] = {}

    def of(self, style: str, code: str) -> str | None:
        """Return the style that is ``style`` with the number format ``code``; None where the form has no styles."""
        if not self.data:
            return None
        if (style, code) not in self._made:
            self._made[style, code] = self._add(int(style), code)
        return self._made[style, code]

    def _add(self, style: int, code: str) -> str:
        text = self.data.decode()
        block = re.search(r"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", text, re.DOTALL)
        if block is None:
            raise refusal("FILE_CORRUPT")
        prefix = block[1]
        own = re.findall(
            rf"<{prefix}xf\b[^>]*?/>|<{prefix}xf\b[^>]*?(?<!/)>.*?</{prefix}xf>", block[2], re.DOTALL
        )
        number = max([int(one) for one in re.findall(r'numFmtId="(\d+)"', text)] + [175]) + 1
        like = own[style] if style < len(own) else own[0]
        made = re.sub(r'\snumFmtId="\d+"|\sapplyNumberFormat="\w+"', "", like)
        made = re.sub(r"^<(\S*?xf)", rf'<\1 numFmtId="{number}" applyNumberFormat="1"', made)
        inside = f"{block[2]}{made}"
        text = text.replace(
            block[0], f'<{prefix}cellXfs count="{len(own) + 1}">{inside}</{prefix}cellXfs>', 1
        )
        fmt = f'<{prefix}numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        if (there := re.search(rf"<{prefix}numFmts\b[^>]*?(?<!/)>", text)) is not None:
            count = len(re.findall(rf"<{prefix}numFmt\b", text)) + 1
            text = text.replace(there[0], f'<{prefix}numFmts count="{count}">{fmt}', 1)
        else:
            text = re.sub(rf"<{prefix}numFmts\b[^>]*/>", "", text)
            root = re.search(r"<(?:\w+:)?styleSheet\b[^>]*>", text)
            listed = f'<{prefix}numFmts count="1">{fmt}</{prefix}numFmts>'
            text = text.replace(root[0], root[0] + listed, 1) if root is not None else text
        self.data, self.is_changed = text.encode(), True
        return str(len(own))


def _part(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/")))[1:]


def _calculated_on_load(main: str, prefix: str) -> str:
    """Let whoever opens the form calculate it, since what formulas came to has been taken out."""
    found = re.search(rf"<{prefix}calcPr\b[^>]*?(/?)>", main)
    if found is not None:
        plain = re.sub(r'\sfullCalcOnLoad="[^"]*"', "", found[0])
        return main.replace(found[0], re.sub(r"\s*(/?)>$", r' fullCalcOnLoad="1"\1>', plain), 1)
    asked = f'<{prefix}calcPr fullCalcOnLoad="1"/>'
    for tag in ("definedNames", "externalReferences", "functionGroups", "sheets"):
        before = f"</{prefix}{tag}>"
        if before in main:
            return main.replace(before, f"{before}{asked}", 1)
    return main


def _map_xml(trace: Sequence[Sequence[str]]) -> bytes:
    rows = []
    for number, line in enumerate(trace):
        cells = "".join(
            f'<c r="{address(number, column)}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
            for column, text in enumerate(line)
        )
        rows.append(f'<row r="{number + 1}">{cells}</row>')
    body = "".join(rows)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}\n<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'.encode()


def open_workbook(package: Package) -> Workbook:
    """Open an XLSX form.

    Raises:
        FileRefused: it is broken, hostile, or a form that we have filled.
    """
    try:
        book = Workbook(package)
        if not book.grids:
            raise refusal("FILE_CORRUPT")
    except (ValueError, KeyError):
        raise refusal("FILE_CORRUPT") from None
    return book
