"""Which unit the amounts of each money column are in, from everything on a sheet that names one.

The header of a column that names its unit decides. Else what the sheet says of itself does: title, lines above
and below the rows, a unit under the header or beside the amounts, the name of sheet or file. Two units for one
column, or another currency, refuse the file with the place; so does a word that may be a unit where another is
meant. Where nothing is said the contract's unit holds, unless the amounts fit 万元 as well (conform/shape.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import PurePosixPath

from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.header_match import HeaderMatch
from xiezuo.conform.ledgers.lines import TOTALS
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.conform.workbook_child.findings import letters
from xiezuo.values import UnitWord, bare, is_measure, is_unit_note, normalise, shown, units_said
from xiezuo.values.amounts import RED
from xiezuo.values.money_units import YUAN_PER
from xiezuo.values.number_formats import is_shown_red
from xiezuo.values.numbers import exact

_UNIT_COLUMN = re.compile(r"(?:金额|货币|资金|计价|计量|记账)?单位|币种|币别")
_HAS_FIGURE = re.compile(r"\d")
_TELLS_UNIT = re.compile(r"单\s*位|^\s*(?:合|总|共|累|小)\s*计")
_FIGURES = frozenset(("money", "integer", "decimal"))
_ASIDE = {"page": "的页眉或页脚", "box": "的文本框", "comment": "的批注"}
_REPEATED = ("header", "title", "ruler")
_PLAIN_NOTE = 2
"""A line of text with no more cells than this may be a note, whatever it begins with."""


@dataclass(frozen=True)
class Note:
    """A unit that a sheet names, and where: ``word`` as written, ``where`` as the office finds it."""

    where: str
    word: UnitWord


@dataclass(frozen=True)
class Units:
    """``stated``: yuan per unit of each money column whose unit is said. ``doubts``: what may be one, of others."""

    stated: dict[str, Decimal]
    doubts: dict[str, Note]


def units_of(sheet: Sheet, match: HeaderMatch, kinds: Sequence[str], place: PurePosixPath) -> Units:
    """Return the units of a matched sheet's money columns; ``kinds`` are those of the lines below the header.

    Raises:
        FileRefused: ``UNIT_CONTRADICTS``, two units for one column; ``UNIT_DOUBTFUL``, one and what may be
            another; ``MONEY_CURRENCY``, another currency.
    """
    fields = match.contract.feed_fields(match.feed)
    money = {name: column for name, column in match.columns.items() if fields[name].type == "money"}
    found = Units({}, {})
    if not money:
        return found
    look = _Look(sheet, match, kinds, set(money.values()))
    wide = [*look.names(place), *look.above(), *look.below()]
    if not any(note.word.is_sure for note in wide):
        wide += look.told()
    beside, hints = list(look.beside()), list(look.hints())
    for name, column in money.items():
        own = [*look.header(name), *look.over(column), *look.inside(column), *beside]
        notes = own if any(note.word.is_sure for note in own) else [*own, *wide] or hints
        _refuse_contradictions(sheet.name, match.labels[name], notes)
        sure = next((note.word.yuan for note in notes if note.word.is_sure), None)
        if sure is not None:
            found.stated[name] = sure
            continue
        usual = YUAN_PER[fields[name].unit]
        if (doubt := next((note for note in notes if note.word.yuan != usual), None)) is not None:
            found.doubts[name] = doubt
    return found


def _refuse_contradictions(sheet: str, label: str, notes: list[Note]) -> None:
    """Refuse another currency, two units for sure, and one for sure beside what may be another."""
    if foreign := next((note for note in notes if note.word.is_foreign and note.word.is_sure), None):
        raise FileRefused(
            "MONEY_CURRENCY",
            f"工作表“{sheet}”{foreign.where}写着“{foreign.word.word}”，列“{label}”不是人民币，请折算为人民币后重报",
        )
    sure = {note.word.yuan: note for note in notes if note.word.is_sure}
    if len(sure) > 1:
        said = "、".join(f"{note.where}“{note.word.word}”" for note in sure.values())
        raise FileRefused(
            "UNIT_CONTRADICTS",
            f"工作表“{sheet}”列“{label}”的金额单位写了不止一种（{said}），请在列名后只写一种，如“{label}（万元）”",
        )
    other = next((note for note in notes if not note.word.is_sure and note.word.yuan not in sure), None)
    if sure and other is not None:
        refuse_doubtful(sheet, label, other)


def refuse_doubtful(sheet: str, label: str, note: Note) -> None:
    """Refuse a file where a word may or may not be the unit of a column.

    Raises:
        FileRefused: ``UNIT_DOUBTFUL``.
    """
    raise FileRefused(
        "UNIT_DOUBTFUL",
        f"工作表“{sheet}”{note.where}的“{note.word.word}”是不是列“{label}”的单位，无法确定，"
        f"请在列名后写明“（元）”或“（万元）”",
    )


class _Look:
    """Looks over one sheet for words that name a unit: of one column, or of all that name none themselves."""

    def __init__(self, sheet: Sheet, match: HeaderMatch, kinds: Sequence[str], money: set[int]) -> None:
        self._sheet, self._match, self._money = sheet, match, money
        self._lines = list(enumerate(kinds, start=match.last_row + 1))
        self._heads = {column: match.texts[name][-1] for name, column in match.columns.items()}
        self._labels = {bare(text) for texts in match.texts.values() for text in texts}

    def names(self, place: PurePosixPath) -> Iterator[Note]:
        """Yield what the names of sheet and file say, and texts outside the cells."""
        yield from _said("名称", self._sheet.name)
        if bare(place.stem) != bare(self._sheet.name):
            yield from _said("文件名", place.stem)
        for kind, text in self._sheet.asides:
            for note in _said(_ASIDE[kind], text):
                sure = note.word.is_sure and kind != "comment"  # a comment may be on any cell
                yield Note(note.where, replace(note.word, is_sure=sure))

    def header(self, name: str) -> list[Note]:
        """Return what the header of one column names: the lowest level that names a unit, and no other."""
        where = f"列“{self._match.labels[name]}”的表头"
        texts = self._match.texts[name]
        for text in reversed(texts):
            notes = [Note(where, word) for word in units_said(text, is_header=True)]
            if notes and text != texts[-1] and not self._covers(text, self._match.columns[name]):
                return [Note(note.where, replace(note.word, is_sure=False)) for note in notes]
            if notes:
                return notes
        return []

    def over(self, column: int) -> Iterator[Note]:
        """Yield the notes merged over this and not over all money columns."""
        for row, first, cell, covered in self._partial():
            if column in covered:
                yield from _said(self._at(row, first), cell)

    def above(self) -> Iterator[Note]:
        """Yield what the lines above the header say, and notes of a unit that stand between headers."""
        partial = {(row, first) for row, first, _, _ in self._partial()}
        for row, cells in enumerate(self._sheet.rows[: self._match.last_row + 1]):
            for column, cell in enumerate(cells):
                is_among = row >= self._match.first_row
                if is_among and not (isinstance(cell, str) and self._is_aside(row, column, cell)):
                    continue
                for note in _said(self._at(row, column), cell):
                    sure = note.word.is_sure and (row, column) not in partial
                    yield Note(note.where, replace(note.word, is_sure=sure))

    def told(self) -> Iterator[Note]:
        """Yield what stands above the first table of a sheet: it holds for a lower one that says nothing itself."""
        for cell in self._sheet.told:
            yield from _said("第一张表上方", cell)

    def hints(self) -> Iterator[Note]:
        """Yield the units of columns that nobody reads: where nothing else is said, they may be meant for all."""
        row = self._match.last_row
        for column, cell in enumerate(self._sheet.rows[row]):
            if column not in self._heads and isinstance(cell, str) and not self._is_aside(row, column, cell):
                for note in _said(self._at(row, column), cell, is_header=True):
                    yield Note(note.where, replace(note.word, is_sure=False))

    def _is_aside(self, row: int, column: int, cell: str) -> bool:
        """Whether a cell among headers heads no column but says a unit: 单位：万元 at the end of the line."""
        is_head = self._heads.get(column) == cell.strip()
        return not is_head and (is_unit_note(cell) or (row == self._match.last_row and "单位" in normalise(cell)))

    def below(self) -> Iterator[Note]:
        """Yield what the lines below the header say that are no rows, or hardly any."""
        for row, kind in self._lines:
            cells = self._sheet.rows[row]
            if kind in ("blank", "aside") or self._is_unit_line(row):
                continue
            is_row = kind == "row" and not self._may_be_note(cells)
            for column, cell in enumerate(cells):
                if not isinstance(cell, str) or (is_row and not _TELLS_UNIT.search(cell)):
                    continue
                if kind in _REPEATED and not (is_unit_note(cell) and bare(cell) not in self._labels):
                    continue
                if kind not in TOTALS or column not in self._money:
                    yield from _said(self._at(row, column), cell)

    def inside(self, column: int) -> Iterator[Note]:
        """Yield units that stand in the column itself without a figure: in a line under the header, say."""
        for row, kind in self._lines:
            cell = self._sheet.rows[row][column] if column < len(self._sheet.rows[row]) else None
            if not isinstance(cell, str) or _HAS_FIGURE.search(cell):
                continue
            if kind in _REPEATED or (kind in ("row", "note", "outside") and is_unit_note(cell)):
                yield from _said(self._at(row, column), cell, is_header=True)

    def beside(self) -> Iterator[Note]:
        """Yield the units that a column called 单位 names row by row, each once."""
        for column, cell in enumerate(self._sheet.rows[self._match.last_row]):
            if column in self._heads or not isinstance(cell, str) or not _UNIT_COLUMN.fullmatch(bare(cell)):
                continue
            seen: set[Cell] = set()
            for row, kind in self._lines:
                typed = self._sheet.rows[row][column] if column < len(self._sheet.rows[row]) else None
                if kind == "row" and isinstance(typed, str) and typed not in seen:
                    seen.add(typed)
                    yield from _said(self._at(row, column), typed)

    def _at(self, row: int, column: int) -> str:
        return address(self._sheet.first_row + row, column)

    def _partial(self) -> Iterator[tuple[int, int, Cell, set[int]]]:
        """Yield notes of a unit that are merged over some money columns, not all: they are meant for those."""
        for top, left, _, right in self._sheet.merged:
            covered = set(range(left, right + 1))
            if top <= self._match.last_row and self._money & covered and not self._money <= covered:
                cell = self._sheet.rows[top][left]
                if self._is_note(cell) and self._heads.get(left) != str(cell).strip():
                    yield top, left, cell, covered

    def _covers(self, text: str, column: int) -> bool:
        """Whether an upper header stands over the column itself, or over the blanks on its right in a text file."""
        for row in range(self._match.first_row, self._match.last_row):
            said = [str(cell or "").strip() for cell in self._sheet.rows[row][: column + 1]]
            if text in said:
                first = len(said) - 1 - said[::-1].index(text)
                ends = {(top, left): right for top, left, _, right in self._sheet.merged if right > left}
                return column <= ends.get((row, first), column)
        return True

    def _is_unit_line(self, row: int) -> bool:
        """Whether a line gives several columns a unit each."""
        said = [cell for cell in self._sheet.rows[row] if cell is not None and cell != ""]
        return len(said) > 1 and all(self._is_note(cell) or is_measure(str(cell)) for cell in said)

    @staticmethod
    def _may_be_note(cells: Sequence[Cell]) -> bool:
        """Whether a line that looks like a row has no more than a text or two."""
        said = [cell for cell in cells if cell is not None and cell != ""]
        return len(said) <= _PLAIN_NOTE and all(isinstance(cell, str) for cell in said)

    @staticmethod
    def _is_note(cell: Cell) -> bool:
        return isinstance(cell, str) and is_unit_note(cell)


def _said(where: str, cell: Cell, *, is_header: bool = False) -> Iterator[Note]:
    for word in units_said(cell, is_header=is_header) if isinstance(cell, str) else ():
        yield Note(where, word)


def address(row: int, column: int) -> str:
    """Return what a spreadsheet calls a cell, from its 0-based row and column."""
    return f"{letters(column)}{row + 1} 格"


def as_shown(sheet: Sheet, match: HeaderMatch, units: Units) -> Sheet:
    """Return the sheet with those amounts as texts whose number format writes a unit, or divides them.

    ``0.00"万元"`` makes 560.25 into 560.25万元; ``0!.0,`` shows 元 in a column of 万元 (ECMA-376 part 1, §18.8.31). So
    does ``0"万人"`` in a column of counts.

    Raises:
        FileRefused: ``UNIT_DOUBTFUL``, a format divides by something else than the unit of its column.
    """
    fields = match.contract.feed_fields(match.feed)
    figures = {column: name for name, column in match.columns.items() if fields[name].type in _FIGURES}
    places = [(row, column) for row, column in sheet.formats if row > match.last_row and column in figures]
    if not places:
        return sheet
    rows = list(sheet.rows)
    for row, column in places:
        code = sheet.formats[row, column]
        value = rows[row][column]
        if isinstance(value, int | float) and not isinstance(value, bool):
            name = figures[column]
            if fields[name].type == "money":
                where, unit = address(sheet.first_row + row, column), units.stated.get(name)
                text = _as_shown(sheet.name, match.labels[name], where, value, code, unit)
                if fields[name].takes_back and value > 0 and is_shown_red(code, exact(value)):
                    text = f"{RED}{text or value}"
            else:
                text = _count_as_shown(value, code)
            if text is not None:
                rows[row] = [*rows[row][:column], text, *rows[row][column + 1 :]]
    return replace(sheet, rows=rows)


def _as_shown(
    sheet: str, label: str, where: str, value: int | float, code: str, unit: Decimal | None
) -> str | None:
    """Return a number as the text it is shown as; None where its format changes nothing."""
    number = exact(value)
    found = shown(code, number)
    words = [] if found is None else units_said(re.sub(r"[整正]$", "", found.words), is_header=True)
    if found is not None and found.divisor == 1:
        has_bound = re.search(r"[约近余多几超]", found.words)
        return f"{number:f}{found.words}" if words or has_bound else None
    named: Iterable[Decimal | None] = {word.yuan for word in words} or {unit}
    if found is None or list(named) != [found.divisor]:
        raise FileRefused(
            "UNIT_DOUBTFUL",
            f"工作表“{sheet}”{where}的数字格式使金额缩小显示，与列“{label}”的单位对不上，"
            f"请把格式改为常规，并在列名后写明“（元）”或“（万元）”",
        )
    return f"{number:f}元"


def _count_as_shown(value: int | float, code: str) -> str | None:
    """Return a count as the text it is shown as where its format multiplies it; None where it does not."""
    found = shown(code, exact(value))
    multiplies = found is not None and found.divisor == 1 and re.search("[百千万亿]", found.words)
    return f"{exact(value):f}{found.words}" if found is not None and multiplies else None
