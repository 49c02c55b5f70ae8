"""A DOCX form: its tables as grids, and the same file with cells filled; no other part of the archive changes.

A figure stands in a content control that says what it is, as in the documents of ours
(:mod:`xiezuo.publish.documents.word.controls`), in the formatting of the cell's own paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.conform.readers.refusals import refusal
from xiezuo.publish.documents.word.controls import Said
from xiezuo.publish.documents.word.placing import FIRST_ID, control_ids
from xiezuo.publish.documents.word.table_xml import P, R, T, W, w, within
from xiezuo.publish.forms.grid import HIGHEST, WIDEST, Cell, Grid, Place, Range
from xiezuo.publish.forms.package import DOCUMENT, Package

_TABLE, _ROW, _CELL = f"{{{W}}}tbl", f"{{{W}}}tr", f"{{{W}}}tc"
_VALUE = f"{{{W}}}val"
_DEEP = 400
"""A form's XML nests less than this."""


class Document:
    """A DOCX form."""

    def __init__(self, package: Package) -> None:
        self._package = package
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            self._root = etree.fromstring(package.part(DOCUMENT), parser)
        except etree.XMLSyntaxError:
            raise refusal("FILE_CORRUPT") from None
        if self._root.getroottree().docinfo.doctype:
            raise refusal("FILE_HOSTILE")
        self._tables: list[dict[Place, etree._Element]] = []
        self.grids = list(self._grids())

    def _grids(self) -> Iterator[Grid]:
        above: list[str] = []
        for element in self._root.iter(_TABLE, P):
            inside = any(True for _ in element.iterancestors(_TABLE))
            if element.tag == P and not inside:
                text = _text(element)
                above = [*above, text][-6:] if text else above
            elif element.tag == _TABLE and not inside:
                yield self._grid(element, f"表{len(self._tables) + 1}", tuple(above))
                above = []

    def _grid(self, table: etree._Element, name: str, above: tuple[str, ...]) -> Grid:
        cells: dict[Place, Cell] = {}
        elements: dict[Place, etree._Element] = {}
        open_ranges: dict[int, list[int]] = {}
        merged: list[Range] = []
        for row, line in enumerate(table.iterchildren(_ROW)):
            if row >= HIGHEST:
                break
            column = _number(line.find(f"{{{W}}}trPr/{{{W}}}gridBefore"), 0)
            for cell in _cells(line):
                properties = cell.find(f"{{{W}}}tcPr")
                span = max(1, _number(None if properties is None else properties.find(f"{{{W}}}gridSpan"), 1))
                down = None if properties is None else properties.find(f"{{{W}}}vMerge")
                last = min(column + span, WIDEST) - 1
                if down is not None and down.get(_VALUE, "continue") != "restart" and column in open_ranges:
                    open_ranges[column][2] = row
                else:
                    open_ranges[column] = [row, column, row, last]
                    merged.append(open_ranges[column])  # type: ignore[arg-type]  # still growing
                    text = "\n".join(_text(paragraph) for paragraph in cell.iter(P)).strip("\n")
                    is_blank = not text.strip() and not _holds_more(cell)
                    cells[row, column] = Cell("blank") if is_blank else Cell("text", text)
                    elements[row, column] = cell
                column += span
        self._tables.append(elements)
        ranges: list[Range] = [(a, b, c, d) for a, b, c, d in merged if (a, b) != (c, d)]
        return Grid(name, cells, ranges, above)

    def fill(self, values: Mapping[str, Mapping[Place, Said]], release_id: str) -> bytes:
        """Return the form with values put in, by table and place."""
        taken = {int(found) for found in control_ids(self._root) if found.lstrip("-").isdecimal()}
        number = max([FIRST_ID, *taken]) + 1
        for grid, elements in zip(self.grids, self._tables, strict=True):
            for place, said in values.get(grid.name, {}).items():
                _put(elements[place], said, release_id, number)
                number += 1
        tree = self._root.getroottree()
        made = etree.tostring(
            tree, xml_declaration=True, encoding="UTF-8", standalone=tree.docinfo.standalone
        )
        return self._package.replaced({DOCUMENT: made})


def _cells(line: etree._Element) -> Iterator[etree._Element]:
    """Yield the cells of a row, those in content controls too."""
    for child in line:
        if child.tag == _CELL:
            yield child
        elif child.tag == f"{{{W}}}sdt":
            yield from child.iterfind(f"{{{W}}}sdtContent/{_CELL}")


def _text(paragraph: etree._Element) -> str:
    return "".join(node.text or "" for node in paragraph.iter(T))


def _holds_more(cell: etree._Element) -> bool:
    """Whether a cell without text holds a picture, a table or a field."""
    return any(
        True
        for tag in ("drawing", "pict", "object", "tbl", "fldSimple", "fldChar", "sdt")
        for _ in cell.iter(f"{{{W}}}{tag}")
    )


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = "" if element is None else element.get(_VALUE, "")
    return min(int(text), WIDEST) if text.isdecimal() and len(text) < 6 else otherwise


def _put(cell: etree._Element, said: Said, release_id: str, number: int) -> None:
    """Put a figure at the end of a cell's first paragraph, looking as the paragraph's own runs would."""
    paragraph = cell.find(P)
    if paragraph is None:
        paragraph = within(cell, "p")
    looks = [
        look
        for look in (paragraph.find(f"{R}/{{{W}}}rPr"), paragraph.find(f"{{{W}}}pPr/{{{W}}}rPr"))
        if look is not None
    ]
    for run in paragraph.findall(R):
        paragraph.remove(run)
    made = w("sdt")
    properties = within(made, "sdtPr")
    within(properties, "alias", val=said.alias)
    within(properties, "tag", val=said.tag(release_id))
    within(properties, "id", val=str(number))
    run = within(within(made, "sdtContent"), "r")
    if looks:
        run.append(deepcopy(looks[0]))
    text = within(run, "t")
    text.text = said.text
    paragraph.append(made)
