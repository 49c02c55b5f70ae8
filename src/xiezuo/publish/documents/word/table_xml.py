"""Tables as WordprocessingML: header repeated on each page, rows that never break, numbers to the right."""


from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.publish.sheets.styles import text_width

# Names and elements of WordprocessingML.
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
P, R, T = f"{{{W}}}p", f"{{{W}}}r", f"{{{W}}}t"


def w(tag: str, **values: str) -> etree._Element:
    """Make an element of WordprocessingML; keywords are its attributes."""
    return etree.Element(_name(tag), _named(values), {"w": W})


def within(parent: etree._Element, tag: str, **values: str) -> etree._Element:
    """Make an element at the end of another."""
    return etree.SubElement(parent, _name(tag), _named(values))


def _name(tag: str) -> str:
    return f"{{{W}}}{tag}"


def _named(values: dict[str, str]) -> dict[str, str]:
    return {_name(name): value for name, value in values.items()}


Align = Literal["left", "center", "right"]

PORTRAIT_WIDTH = 8845
"""156 mm, the width of the type area, in twentieths of a point."""
LANDSCAPE_WIDTH = 12756
"""225 mm: the type area turned."""

CAPTION, TITLE, UNIT, HEAD, TEXT, NOTE = "附表序号", "附表标题", "附表单位", "表头", "表内文字", "附表注"
"""The paragraph styles of the template that tables take their look from."""

_SIZES = (24, 21, 18, 16, 14, 12)
"""Half points to choose from, the largest in which a line of every column fits."""
_READABLE = 18
"""A table that needs smaller letters than this is put on a page across, where that spares them."""
_PADDING = 160
_NARROWEST = 560
_LEAST_TEXT = 16
_WIDEST_TEXT = 60
"""Half characters that a column of text gets at least, and is given at most before others get more."""
_HEAD_WIDTH = 8
_SLACK = 2
_KEPT_ROWS = 2
"""Rows that stay on the page of their header."""
_SET_OFF = re.compile(r"[^0-9.,+-]")
_CODE = re.compile(r"[\x21-\x7e]+")
"""A text that is a number or a code, which is not broken either: XM620422-2022-001."""


@dataclass(frozen=True)
class GridColumn:
    """A column of a grid: its header, and how its cells stand."""

    zh: str
    align: Align = "left"


@dataclass(frozen=True)
class Line:
    """A row of a grid; a heading runs across all columns, a total is bold."""

    cells: tuple[str, ...]
    kind: Literal["row", "total", "heading"] = "row"


@dataclass(frozen=True)
class Grid:
    """A table ready to print: every text with its markers."""

    columns: tuple[GridColumn, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Look:
    """How a cell's text looks: its style, its size in half points where that is not the style's, its weight."""

    style_id: str | None
    size: int
    is_bold: bool = False
    is_kept: bool = False
    """Whether its row stays with the next."""


def paragraph(
    text: str,
    style_id: str | None,
    *,
    keep_next: bool = False,
    look: _Look | None = None,
    align: Align | None = None,
) -> etree._Element:
    """Make a paragraph of one run."""
    made = w("p")
    properties = within(made, "pPr")
    if style_id:
        within(properties, "pStyle", val=style_id)
    if keep_next:
        within(properties, "keepNext")
    if align:
        within(properties, "jc", val=align)
    run = within(made, "r")
    if look is not None:
        run.append(_run_look(look))
    said = within(run, "t")
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def gap() -> etree._Element:
    """Make the small empty paragraph that keeps a table apart from what follows."""
    made = w("p")
    properties = within(made, "pPr")
    within(properties, "spacing", before="0", after="0", line="160", lineRule="exact")
    within(within(properties, "rPr"), "sz", val="12")
    return made


def _run_look(look: _Look) -> etree._Element:
    made = w("rPr")
    if look.is_bold:
        within(made, "b")
    within(made, "sz", val=str(look.size))
    within(made, "szCs", val=str(look.size))
    return made


def table(grid: Grid, styles: Mapping[str, str], shown: Callable[[str], str], width: int) -> etree._Element:
    """Make a table of ``width`` twentieths of a point.

    ``styles`` are the template's paragraph styles, name to id; ``shown`` tells what a text with markers will print.
    """
    size, widths = _fit(grid, shown, width)
    made = w("tbl")
    properties = within(made, "tblPr")
    within(properties, "tblW", w=str(sum(widths)), type="dxa")
    within(properties, "jc", val="center")
    borders = within(properties, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        within(borders, side, val="single", sz="4", space="0", color="000000")
    within(properties, "tblLayout", type="fixed")
    margins = within(properties, "tblCellMar")
    within(margins, "left", w="57", type="dxa")
    within(margins, "right", w="57", type="dxa")
    raster = within(made, "tblGrid")
    for one in widths:
        within(raster, "gridCol", w=str(one))
    head = Line(tuple(column.zh for column in grid.columns))
    made.append(_row(head, grid, widths, _Look(styles.get(HEAD), size, is_kept=True), is_head=True))
    for number, line in enumerate(grid.lines):
        is_kept = number < min(_KEPT_ROWS, len(grid.lines) - 1) or line.kind == "heading"
        look = _Look(styles.get(TEXT), size, is_kept=is_kept)
        made.append(_row(line, grid, widths, look, is_head=False))
    return made


def fits_upright(grid: Grid, shown: Callable[[str], str]) -> bool:
    """Whether a table can be read on an upright page: no number broken, in letters that are not too small."""
    size, widths = _fit(grid, shown, PORTRAIT_WIDTH)
    return size >= _READABLE and sum(widths) <= PORTRAIT_WIDTH


def _row(line: Line, grid: Grid, widths: Sequence[int], look: _Look, *, is_head: bool) -> etree._Element:
    made = w("tr")
    properties = within(made, "trPr")
    within(properties, "cantSplit")
    if is_head:
        within(properties, "tblHeader")
    if line.kind == "heading":
        _cell(made, line.cells[0], sum(widths), len(widths), "left", look)
        return made
    look = replace(look, is_bold=line.kind == "total")
    for text, column, width in zip(line.cells, grid.columns, widths, strict=True):
        _cell(made, text, width, 1, "center" if is_head else column.align, look)
    return made


def _cell(row: etree._Element, text: str, width: int, span: int, align: Align, look: _Look) -> None:
    made = within(row, "tc")
    properties = within(made, "tcPr")
    within(properties, "tcW", w=str(width), type="dxa")
    if span > 1:
        within(properties, "gridSpan", val=str(span))
    if align != "left":
        within(properties, "noWrap")
    within(properties, "vAlign", val="center")
    made.append(paragraph(text, look.style_id, look=look, align=align, keep_next=look.is_kept))


def _fit(grid: Grid, shown: Callable[[str], str], width: int) -> tuple[int, list[int]]:
    """Choose the size of letters and the columns' widths, which sum up to ``width``.

    The size is the largest at which every number stays on one line and no text gets less than eight characters. Where
    there is none, texts give way; numbers never do.
    """
    places = range(len(grid.columns))
    widest = [_need(grid, place, shown) for place in places]
    rigid = [grid.columns[place].align != "left" for place in places]
    least = [
        need if rigid[place] else min(need, max(_LEAST_TEXT, _codes(grid, place, shown)))
        for place, need in zip(places, widest, strict=True)
    ]
    size = next((one for one in _SIZES if sum(_twips(need, one) for need in least) <= width), _SIZES[-1])
    widths = [_twips(need, size) for need in least]
    spare = width - sum(widths)
    if spare < 0:
        soft = sum(one for one, is_rigid in zip(widths, rigid, strict=True) if not is_rigid)
        left = max(soft + spare, 0)
        widths = [one if is_rigid else one * left // soft for one, is_rigid in zip(widths, rigid, strict=True)]
    wants = [
        max(_twips(min(need, _WIDEST_TEXT), size) - one, 0) for need, one in zip(widest, widths, strict=True)
    ]
    if spare > 0:
        given = min(spare, sum(wants))
        widths = [one + given * want // max(sum(wants), 1) for one, want in zip(widths, wants, strict=True)]
        spare = width - sum(widths)
        widths = [one + spare * one // sum(widths) for one in widths]
    widths[-1] += max(width - sum(widths), 0)
    return size, widths


def _codes(grid: Grid, place: int, shown: Callable[[str], str]) -> int:
    """Return the half characters that the longest code of a column of texts takes; 0 where other texts stand in it."""
    texts = [shown(line.cells[place]) for line in grid.lines if line.kind == "row" and line.cells[place]]
    # Capitals are up to twice as wide as digits, and programs break a line behind a hyphen.
    return ceil(max(map(len, texts)) * 1.25) + _SLACK if texts and all(map(_CODE.fullmatch, texts)) else 0


def _twips(need: int, size: int) -> int:
    """Return the width of ``need`` half characters of ``size`` half points, with the cell's margins."""
    return max(need * size * 5 + _PADDING, _NARROWEST)


def _need(grid: Grid, place: int, shown: Callable[[str], str]) -> int:
    """Return the columns of half a character that a column asks for; texts wrap beyond a limit, numbers never."""
    column = grid.columns[place]
    widest = max(
        (text_width(shown(line.cells[place])) for line in grid.lines if line.kind != "heading"),
        default=0,
    )
    # Programs set digits off from characters, and a % is wider than a digit.
    texts = [shown(line.cells[place]) for line in grid.lines if line.kind != "heading"]
    slack = 0 if column.align == "left" else _SLACK if any(map(_SET_OFF.search, texts)) else 1
    return max(widest + slack, _codes(grid, place, shown), min(text_width(column.zh), _HEAD_WIDTH), 2)
