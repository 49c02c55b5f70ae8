"""HTML tables that call themselves .xls, as many portals export them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.conform.readers.delimited import rectangle
from xiezuo.conform.readers.refusals import refusal
from xiezuo.conform.readers.sheets import Cell, Limits, Sheet, typed

_START = re.compile(r"\s*<(?:!|\?xml|html|head|meta|style|body|div|table)", re.IGNORECASE)
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"\s*<(?:!doctype|\?xml|html)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MAX_COLSPAN, _MAX_ROWSPAN = 1_000, 65_534  # what the HTML standard lets browsers clamp to

_Range = tuple[int, int, int, int]


def looks_like(text: str) -> bool:
    """Whether ``text`` is markup rather than delimited text."""
    return bool(_PAGE.match(text) or (_START.match(text) and _TABLE.search(text)))


def read(text: str, name: str, limits: Limits) -> Sheet:
    """All tables of the page, one under the other in one sheet, as Excel shows such a file.

    Spans become merged ranges with the value at their top left. Cells stay text. Nothing is
    fetched: the parser has no network. A table that only lays out the page, with other tables alone
    in their rows, gives way to these.

    Raises FileRefused(FILE_UNKNOWN_FORMAT) without a table or with one beside the cells of another, and
    FILE_TOO_LARGE or FILE_HOSTILE beyond ``limits``.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        # "from None": the parser's message can quote the page.
        raise refusal("FILE_CORRUPT") from None
    tables = [] if root is None else list(root.iter("table"))
    if not tables:
        raise refusal("FILE_UNKNOWN_FORMAT")
    grid = _Grid(limits)
    for table in tables:
        if next(table.iterancestors("table"), None) is None:
            _place(table, grid)
    rows = rectangle(grid.rows, limits)
    return Sheet(name, rows, clip(grid.merged, rows))


def _place(outer: Any, grid: _Grid) -> None:
    """Put a table into the grid, row by row, and the tables it holds in the place of the rows that hold them.

    A stack and not recursion: how deep tables nest is the page's choice.
    """
    waiting: list[Any] = [outer]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, list):
            grid.add(piece)
            continue
        pieces: list[Any] = []
        for row in _own_rows(piece):
            inner = _inner_tables(row)
            if inner:
                if sum(bool(_text(cell)) or bool(_inner_tables(cell)) for cell in row.iterchildren("td", "th")) > 1:
                    raise refusal("FILE_NESTED_TABLE")
                pieces += _in_order(row, inner)
            elif pieces and isinstance(pieces[-1], list):
                pieces[-1].append(row)
            else:
                pieces.append([row])
        waiting += reversed(pieces)


def _own_rows(table: Any) -> list[Any]:
    return [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]


def _inner_tables(element: Any) -> list[Any]:
    """Return the tables directly inside an element: not those inside of these."""
    outer = next(element.iterancestors("table"), None)
    return [table for table in element.iter("table") if next(table.iterancestors("table"), None) is outer]


def _in_order(row: Any, inner: list[Any]) -> list[Any]:
    """Return the tables of a layout's row, with the text that stands around them as a row before them."""
    lines = [line for cell in row.iterchildren("td", "th") for line in (_text(cell) or "").split("\n") if line]
    titles = []
    for line in lines:
        title = etree.Element("tr")
        etree.SubElement(title, "td").text = line
        titles.append(title)
    return [*([titles] if titles else []), *inner]


class _Grid:
    """Places cells row by row; a cell goes to the first column no span from above has taken."""

    def __init__(self, limits: Limits) -> None:
        self.rows: list[list[Cell]] = []
        self.merged: list[_Range] = []
        self._limits = limits
        self._area = 0

    def add(self, elements: list[Any]) -> None:
        """Append ``<tr>`` elements of one table; spans end with them."""
        if len(self.rows) + len(elements) > self._limits.max_rows:
            raise refusal("FILE_TOO_LARGE")
        taken: dict[int, int] = {}  # column -> first row that is free again
        end = len(self.rows) + len(elements)
        for element in elements:
            self._add_row(element, taken, end)

    def _add_row(self, element: Any, taken: dict[int, int], end: int) -> None:
        r = len(self.rows)
        row: list[Cell] = []
        for cell in element.iterchildren("td", "th"):
            while taken.get(len(row), 0) > r:
                row.append(None)
            c, width = len(row), min(_span(cell, "colspan"), _MAX_COLSPAN) or 1
            height = min(_span(cell, "rowspan") or _MAX_ROWSPAN, _MAX_ROWSPAN, end - r)
            self._area += width * height
            if self._area > self._limits.max_cells:
                raise refusal("FILE_HOSTILE")
            row += [typed(_text(cell)) or None, *[None] * (width - 1)]
            if width * height > 1:
                self.merged.append((r, c, r + height - 1, c + width - 1))
                taken.update(dict.fromkeys(range(c, c + width), r + height))
        self.rows.append(row)


def clip(merged: list[_Range], rows: list[list[Cell]]) -> list[_Range]:
    """``merged`` cut to the used area of ``rows``; what is left as one cell or less goes."""
    last_row, last_column = len(rows) - 1, len(rows[0]) - 1 if rows else -1
    cut = [(r0, c0, min(r1, last_row), min(c1, last_column)) for r0, c0, r1, c1 in merged]
    return [(r0, c0, r1, c1) for r0, c0, r1, c1 in cut if r0 <= r1 and c0 <= c1 and (r0, c0) != (r1, c1)]


def _span(cell: Any, attribute: str) -> int:
    digits = re.match(r"\s*(\d{1,9})", cell.get(attribute) or "1")
    return int(digits[1]) if digits else 1


def _text(cell: Any) -> str:
    lines = "".join(_pieces(cell)).split("\0")  # \0 cannot come from the page: NUL is refused
    return "\n".join(_SPACE.sub(" ", line).strip(" ") for line in lines).strip("\n")


def _pieces(cell: Any) -> Iterator[str]:
    # A walk and not recursion: how deep a page nests is its author's choice. Tables inside are no text.
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            yield (element.tail or "") if element is not cell else ""
        elif element.tag == "table":
            walk.skip_subtree()
            yield "\0"
        elif element.tag == "br":
            yield "\0"
        elif element.tag not in ("style", "script"):
            yield element.text or ""
