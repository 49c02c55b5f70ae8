"""What a line of a sheet is: a row, or a blank, a note, a total, a header once more."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xiezuo.conform.ledgers.header_match import HeaderMatch
from xiezuo.conform.ledgers.header_text import is_ruler
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.values import bare, is_measure, is_unit_note, normalise

_GRAND_TOTAL = re.compile(r"^(?:合计|总计|共计|累计|总合计|合计数|全县合计)(?:\([^()]*\))?[::]?$")
_SUBTOTAL = re.compile(r"^(小计|分计|本页小计|本页合计|本月合计|乡镇小计|.{0,12}(小计|合计|总计))$")
_FIGURE = re.compile(r"\d")
_ADDED_UP = {"money", "integer", "decimal", "percent"}
NOTE = re.compile(
    r"^(注|备注|说明|填表说明|填报人|填表人|制表人?|审核人?|负责人|单位负责人|经办人|联系人|填报日期|日期|复核)"
    r"\s*[::]"
)
"""How a line below the rows begins that is none."""


class Lines:
    """Tells the lines of one sheet apart: rows, totals, notes, headers and titles said again, blanks."""

    def __init__(self, sheet: Sheet, match: HeaderMatch) -> None:
        self._columns = match.columns
        self._header = {name: bare(label) for name, label in match.labels.items()}
        above = sheet.rows[: match.first_row]
        self._titles = {bare(cell) for cells in above for cell in cells if isinstance(cell, str) and cell.strip()}
        fields = match.contract.feed_fields(match.feed)
        self._figures = {name for name in match.columns if fields[name].type in _ADDED_UP}
        self._in_notes = False

    def kind_of(self, cells: list[Cell]) -> str:
        """Return row, blank, note, grand_total, subtotal or header."""
        mapped = {n: cells[c] for n, c in self._columns.items() if c < len(cells) and _said(cells[c])}
        texts = [normalise(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
        if texts and NOTE.match(texts[0]):
            self._in_notes = True
            return "note"
        if not mapped:
            return "blank"
        lead = re.sub(r"\s", "", texts[0]) if texts else ""
        if _GRAND_TOTAL.match(lead):
            return "grand_total"
        if _SUBTOTAL.match(lead) and self._only_adds_up(lead, mapped):
            return "subtotal"
        if self._is_said_above(cells, mapped):
            return "header"
        # Notes run on over several lines, of one cell each.
        return "note" if _names_units(cells) or (self._in_notes and sum(map(_said, cells)) == 1) else "row"

    def _only_adds_up(self, lead: str, mapped: Mapping[str, Cell]) -> bool:
        """Whether a line that leads with 小计 has nothing beside it but figures, or hardly anything."""
        beside = [n for n, c in mapped.items() if not (isinstance(c, str) and re.sub(r"\s", "", normalise(c)) == lead)]
        return self._figures.issuperset(beside) or len(beside) < max(2, len(self._columns) // 2)

    def _is_said_above(self, cells: list[Cell], mapped: Mapping[str, Cell]) -> bool:
        """Whether a line repeats header or title (at the top of a printed page), or numbers the columns."""
        if is_ruler(cells):
            return True
        if len(mapped) >= 2 and all(isinstance(c, str) and bare(c) in self._header[n] for n, c in mapped.items()):
            return True
        said = [cell for cell in cells if _said(cell)]
        return all(isinstance(cell, str) and bare(cell) in self._titles for cell in said)


def _names_units(cells: list[Cell]) -> bool:
    """Whether a line only says units, of money for one: 万元 below the header, 单位：万元 below the rows."""
    said = [cell for cell in cells if _said(cell)]
    texts = [cell for cell in said if isinstance(cell, str)]
    if len(texts) < len(said) or _FIGURE.search("".join(texts)) or not any(map(is_unit_note, texts)):
        return False  # most rows hold a figure: nothing more to look at
    return all(is_unit_note(text) or is_measure(text) for text in texts)


def _said(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())
