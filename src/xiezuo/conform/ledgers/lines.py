"""What every line of a sheet is: a row, a row that waits, or a line of a kind that can be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeGuard

from xiezuo.base.errors import Unreadable
from xiezuo.conform.ledgers.header_match import HeaderMatch
from xiezuo.conform.ledgers.header_text import TITLE, is_ruler
from xiezuo.conform.ledgers.sums import Sums
from xiezuo.conform.ledgers.totals import Kind, Phrase, holds_number, is_count, phrase_of, says_nothing_else
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.values import bare, is_measure, is_unit_note, money, normalise

_FIGURE = re.compile(r"\d")
NOTE = re.compile(
    r"^(注|备注|说明|填表说明|填报人|填表人|制表人?|审核人?|负责人|单位负责人|经办人|联系人|填报日期|日期|复核)"
    r"\s*[::]"
)
"""How a line below the rows begins that is none."""

KINDS_ZH = {
    "total": "合计", "subtotal": "小计", "cumulative": "累计", "title": "标题", "header": "表头", "ruler": "栏号",
    "note": "说明", "outside": "表格以外的内容", "numbered": "只有序号", "aside": "另一张表",
}  # fmt: skip
"""What the kinds of lines that are no rows are called; a blank line needs no word."""

TOTALS = frozenset(("total", "subtotal", "cumulative"))
_BETWEEN = frozenset(("blank", "header", "title", "note"))
_ADDED_UP = frozenset(("money", "integer"))
_FIGURES = _ADDED_UP | {"decimal", "percent"}
_NAMES = frozenset(("text", "person_name"))
_NUMBERS = frozenset(("code", "identity_number", "document_number", "uscc"))
_SERIAL = frozenset(("序号", "编号", "序", "no", "行号", "顺序号", "项次", ""))
_COUNTER_AFTER = re.compile(r"(?<=\d)\s*(?:人次|人|名|户|家|个|笔|件|天|月)$")
_POSSIBLY = "?"


@dataclass(frozen=True)
class Line:
    """One line: its 0-based ``index`` in the sheet, its kind, and, of a row in doubt, the column and why it waits."""

    index: int
    kind: str
    doubt: tuple[str, str] | None = None


@dataclass
class Reading:
    """All lines below a header, and what the totals among them say.

    ``declared`` and ``counted`` are the amount in 元 and the number that the last grand total states;
    ``notes`` say, in Chinese, which totals are not the sum of their rows.
    """

    lines: list[Line] = field(default_factory=list)
    declared: Decimal | None = None
    counted: Decimal | None = None
    notes: list[str] = field(default_factory=list)


def read_lines(sheet: Sheet, match: HeaderMatch, units: Mapping[str, Decimal], filled: Filled) -> Reading:
    """Tell the lines below the header apart.

    ``units`` are yuan per unit of the money columns, ``filled`` reads a cell with vertical merges filled.
    A line whose key is filled in is a row, whatever words it holds; one that speaks of a sum is a total; one
    that has nothing but figures is a total where these are the sum of its rows, else a row that waits.
    """
    return _Reader(sheet, match, units, filled).read()


Filled = Callable[[int, int], Cell]


class _Reader:
    def __init__(self, sheet: Sheet, match: HeaderMatch, units: Mapping[str, Decimal], filled: Filled) -> None:
        self._sheet, self._match, self._filled = sheet, match, filled
        contract = match.contract
        self._fields = contract.feed_fields(match.feed)
        self._header = {name: bare(label) for name, label in match.labels.items()}
        above = sheet.rows[: match.first_row]
        self._titles = {bare(cell) for cells in above for cell in cells if _is_short(cell)}
        self._figures = {name for name in match.columns if self._fields[name].type in _FIGURES}
        key = {*contract.key, *(name for name, spec in self._fields.items() if spec.required)}
        self._added = [
            name for name in match.columns
            if self._fields[name].type in _ADDED_UP and (name not in key or self._fields[name].type == "money")
        ]  # fmt: skip
        given = {*match.given, *contract.feeds[match.feed].constants}
        self._required = [
            {name, spec.falls_back_to or name} & {*match.columns} for name, spec in self._fields.items()
            if spec.required and spec.zh and name not in given and spec.type not in _FIGURES
        ]  # fmt: skip
        self._units = {name: units.get(name, Decimal(1)) for name in self._added}
        self._apart = {
            name: unit / 100 if self._fields[name].type == "money" else Decimal(0) for name, unit in self._units.items()
        }
        self._serial = {
            column for column in range(len(sheet.rows[0]) if sheet.rows else 0)
            if bare(_text_at(sheet, match.last_row, column)) in _SERIAL and column not in match.columns.values()
        }  # fmt: skip
        self._in_notes = False
        self._phrases: dict[int, Phrase] = {}
        self._last_row: Mapping[str, Cell] = {}
        self._last_total = -1

    def read(self) -> Reading:
        found = Reading()
        kinds = [(index, self._kind_of(index)) for index in range(self._match.last_row + 1, len(self._sheet.rows))]
        speaking = [index for index, kind in kinds if kind == _POSSIBLY or kind in TOTALS]
        rows = [index for index, kind in kinds if kind == "row"]
        sums = Sums(rows, self._apart, self._figure) if speaking else None
        for index, kind in kinds:
            if kind in TOTALS and sums is not None:
                sums.add_break(index)
            elif kind in _BETWEEN and sums is not None:
                sums.add_gap(index)
        for index, kind in kinds:
            if sums is not None and kind == _POSSIBLY:
                found.lines.append(self._resolved(index, sums))
                continue
            found.lines.append(Line(index, kind))
        self._last_total = max((line.index for line in found.lines if line.kind == "total"), default=-1)
        for line in found.lines:
            if line.kind in TOTALS and sums is not None:
                self._compare(line, sums, found)
        return found

    def _kind_of(self, index: int) -> str:
        cells = self._sheet.rows[index]
        if any(first <= index <= last for first, last in self._sheet.aside):
            return "aside" if any(map(_said, cells)) else "blank"
        mapped = {n: cell for n, c in self._match.columns.items() if c < len(cells) and _said(cell := cells[c])}
        if mapped and (kind := self._is_said_above(cells, mapped)):
            return kind
        full = self._full(index)
        kind = "row" if mapped and self._is_complete(full) else self._incomplete(index, cells, mapped, full)
        if kind == "row":
            self._last_row = full
        return kind

    def _incomplete(
        self, index: int, cells: list[Cell], mapped: Mapping[str, Cell], full: Mapping[str, Cell]
    ) -> str:
        """Say what a line is whose key is not filled in."""
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        if texts and NOTE.match(normalise(texts[0][:40])):
            self._in_notes = True
            return "note"
        if _names_units(cells):
            return "note"
        if (phrase := self._phrase(cells, mapped)) is not None:
            self._phrases[index] = phrase
            return phrase.kind
        if not mapped:
            return self._unmapped(cells)
        # Notes run on over several lines, of one cell each.
        if self._in_notes and len(texts) == 1 == sum(map(_said, cells)) and not holds_number(texts[0]):
            return "note"
        return _POSSIBLY if self._is_only_figures(full) else "row"

    def _full(self, index: int) -> dict[str, Cell]:
        """Return what a line has in the columns of the ledger, vertical merges filled."""
        columns = self._match.columns
        return {name: cell for name, column in columns.items() if _said(cell := self._filled(index, column))}

    def _unmapped(self, cells: list[Cell]) -> str:
        """Say what a line is that has nothing in the columns of the ledger."""
        said = {column for column, cell in enumerate(cells) if _said(cell)}
        if not said:
            return "blank"
        if self._in_notes and len(said) == 1 and not holds_number(cells[next(iter(said))]):
            return "note"
        return "numbered" if said <= self._serial else "outside"

    def _is_complete(self, mapped: Mapping[str, Cell]) -> bool:
        """Whether a line has what makes a row one: all that must be there, or its number and something beside."""
        real = {name for name, cell in mapped.items() if self._identifies(name, cell)}
        if not self._required:
            return bool(real)
        if all(names & real for names in self._required):
            return True
        needed = {name for names in self._required for name in names}
        return len(real) >= 2 and any(self._fields[name].type in _NUMBERS for name in needed & real)

    def _identifies(self, name: str, cell: Cell) -> bool:
        """Whether a cell tells this row from others: no figure, no word of a sum, no count in a name's place."""
        kind = self._fields[name].type
        if kind in _FIGURES:
            return False
        if not isinstance(cell, str):
            return True
        if kind in _NAMES and is_count(cell):
            return False
        phrase = phrase_of(cell)
        return (phrase is None or phrase.standing != "whole") and not says_nothing_else(cell)

    def _phrase(self, cells: list[Cell], mapped: Mapping[str, Cell]) -> Phrase | None:
        """Return what an incomplete line says of a sum: in its first cell, under a figure, or in a name's place.

        Elsewhere, in a remark, the word counts only where no name or number tells the line from others.
        """
        first = next((column for column, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()), -1)
        needed = {self._match.columns[name] for names in self._required for name in names}
        figures = {self._match.columns[name] for name in self._figures}
        real = [name for name, cell in mapped.items() if self._identifies(name, cell)]
        is_bare = not any(self._fields[name].type in _NAMES | _NUMBERS for name in real)
        for column, cell in enumerate(cells):
            phrase = phrase_of(cell)
            if phrase is None:
                continue
            if phrase.standing == "ends":
                if column == first and self._only_adds_up(str(cell), mapped):
                    return phrase
            elif is_bare or column == first or column in needed or column in figures:
                return phrase
        return None

    def _only_adds_up(self, lead: str, mapped: Mapping[str, Cell]) -> bool:
        """Whether a line that leads with 小计 has nothing beside it but figures, or hardly anything."""
        beside = [name for name, cell in mapped.items() if cell != lead]
        return self._figures.issuperset(beside) or len(beside) < max(2, len(self._match.columns) // 2)

    def _is_only_figures(self, mapped: Mapping[str, Cell]) -> bool:
        """Whether a line adds up and says nothing else that the row above does not say as well."""
        if not any(self._number(name, mapped[name]) for name in self._added if name in mapped):
            return False
        real = {name: cell for name, cell in mapped.items() if self._identifies(name, cell)}
        return all(self._last_row.get(name) == cell for name, cell in real.items())

    def _resolved(self, index: int, sums: Sums) -> Line:
        """Decide on a line of figures: the sum of at least two rows is a total; any other may be one and waits."""
        stated = {name: value for name in self._added if (value := self._figure(index, name))}
        if sums.find(index, stated, least=2) is not None:
            sums.add_break(index)
            return Line(index, "total")
        full = self._full(index)
        counts = any(self._fields[n].type in _NAMES and is_count(cell) for n, cell in full.items())
        if not counts and any(self._identifies(name, cell) for name, cell in full.items()):
            return Line(index, "row")
        name, value = next(iter(stated.items()))
        summed = sums.nearest(index, name)
        added = "" if summed is None else f"，各行相加是 {_plain(summed)}"
        reason = f"本行只有数字，像是合计行：写的是 {_plain(value)}{added}；如是合计请核对，如是数据请补全各列"
        return Line(index, "row", (self._match.labels[name], reason))

    def _compare(self, line: Line, sums: Sums, found: Reading) -> None:
        """Hold a total against its rows; what only part of the rows adds up to declares nothing for the sheet."""
        contract, phrase = self._match.contract, self._phrases.get(line.index)
        parts = [name for name in contract.amount_parts if name in self._match.columns]
        known = {name: value for name in parts if (value := self._figure(line.index, name)) is not None}
        declared = sum(known.values(), Decimal(0)) if parts and len(known) == len(parts) else None
        if declared is None and phrase is not None and phrase.yuan is not None and len(parts) == 1 and not known:
            known, declared = {parts[0]: phrase.yuan}, phrase.yuan
        count = contract.counted if contract.counted in self._match.columns else None
        counted = None if count is None else self._figure(line.index, count)
        for stated, is_counted in ((known if declared is not None else {}, False), (_of(count, counted), True)):
            if not stated:
                continue
            covers = sums.find(line.index, stated)
            is_last = covers is None and line.index == self._last_total
            if line.kind == "total" and (covers == sums.everything or is_last):
                # Whether it holds is judged once the rows are read: by the gate, or in a warning.
                if is_counted:
                    found.counted = counted
                else:
                    found.declared = declared
            elif covers is None:
                found.notes += self._said_apart(line, stated, sums)
        if phrase is not None:
            has_figure = declared is not None or counted is not None
            found.notes += self._said_in_words(line, phrase, sums, has_figure=has_figure)

    def _said_apart(self, line: Line, stated: Mapping[str, Decimal], sums: Sums) -> Iterator[str]:
        for name, value in stated.items():
            summed = sums.nearest(line.index, name, from_top=line.kind == "cumulative")
            if summed is not None:
                yield (
                    f"第 {self._number_of(line)} 行（{KINDS_ZH[line.kind]}）“{self._match.labels[name]}”写的是 "
                    f"{_plain(value)}，各行相加是 {_plain(summed)}，请核对"
                )

    def _said_in_words(self, line: Line, phrase: Phrase, sums: Sums, *, has_figure: bool) -> Iterator[str]:
        """Compare what a phrase counts (共计3笔), or states without a unit beside no figure, with the rows."""
        where = f"第 {self._number_of(line)} 行（{KINDS_ZH[line.kind]}）"
        lengths = sums.lengths(line.index)
        if phrase.rows is not None and lengths and phrase.rows not in lengths:
            yield f"{where}写的是 {phrase.rows} 笔，表中读到 {lengths[0]} 行，请核对"
        if phrase.plain is None or has_figure or not self._added or phrase.plain in lengths:
            return
        contract = self._match.contract
        names = [name for name in self._added if name in (*contract.amount_parts, contract.counted)]
        if not any(sums.find(line.index, {n: phrase.plain * self._units[n]}) for n in names) and names:
            summed = sums.nearest(line.index, names[0])
            if summed is not None:
                yield f"{where}写的是 {_plain(phrase.plain)}，各行相加是 {_plain(summed)}，请核对"

    def _number_of(self, line: Line) -> int:
        return self._sheet.first_row + line.index + 1

    def _figure(self, index: int, name: str) -> Decimal | None:
        """Return what a line has under a figure, in 元 where it is money; None where it is blank or unreadable."""
        column = self._match.columns[name]
        cells = self._sheet.rows[index]
        return self._number(name, cells[column] if column < len(cells) else None)

    def _number(self, name: str, cell: Cell) -> Decimal | None:
        unit = self._units.get(name, Decimal(1))
        if isinstance(cell, str):
            phrase = phrase_of(cell)
            if phrase is not None:
                return phrase.yuan if phrase.plain is None else phrase.plain * unit
            if self._fields[name].type == "integer":
                cell = _COUNTER_AFTER.sub("", normalise(cell))
        try:
            read = money(cell, unit)
        except Unreadable:
            return None
        return None if read is None else read.yuan

    def _is_said_above(self, cells: list[Cell], mapped: Mapping[str, Cell]) -> str:
        """Say whether a line repeats header or title (at the top of a printed page), or numbers the columns."""
        if is_ruler(cells):
            return "ruler"
        if len(mapped) >= 2 and all(_is_short(c) and bare(str(c)) in self._header[n] for n, c in mapped.items()):
            return "header"
        said = [cell for cell in cells if _said(cell)]
        return "title" if all(_is_short(cell) and bare(str(cell)) in self._titles for cell in said) else ""


def _of(name: str | None, value: Decimal | None) -> dict[str, Decimal]:
    return {} if name is None or value is None else {name: value}


def _text_at(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.rows[row][column] if row < len(sheet.rows) else None
    return cell if isinstance(cell, str) else ""


def _plain(value: Decimal) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def _is_short(cell: Cell) -> TypeGuard[str]:
    return isinstance(cell, str) and len(cell) <= TITLE and bool(cell.strip())


def _names_units(cells: list[Cell]) -> bool:
    """Whether a line only says units, of money for one: 万元 below the header, 单位：万元 below the rows."""
    said = [cell for cell in cells if _said(cell)]
    texts = [cell for cell in said if isinstance(cell, str)]
    if len(texts) < len(said) or _FIGURE.search("".join(texts)) or not any(map(is_unit_note, texts)):
        return False  # most rows hold a figure: nothing more to look at
    return all(is_unit_note(text) or is_measure(text) for text in texts)


def _said(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


__all__ = ["KINDS_ZH", "NOTE", "Kind", "Line", "Reading", "read_lines"]
