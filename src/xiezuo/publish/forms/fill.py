"""A form filled for a period: every blank that a confirmed line answers, and why the others stay blank."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xiezuo.base.errors import FileRefused
from xiezuo.declared.form_words import FormWords
from xiezuo.publish.documents.numbers import plain
from xiezuo.publish.documents.word.controls import Said
from xiezuo.publish.forms.amounts import (
    NO_INDICATOR,
    NOT_YET,
    WAITING,
    Amount,
    Wanted,
    amount,
    bound_format,
    is_plainly_shown,
)
from xiezuo.publish.forms.document import Document
from xiezuo.publish.forms.formulas import Caution, cautions
from xiezuo.publish.forms.grid import Place, address
from xiezuo.publish.forms.heads import When, is_dated_aside, read_time, read_unit, years_said
from xiezuo.publish.forms.lines import TIMES, Asked, Line, LineKind, Reading
from xiezuo.publish.forms.reading import time_name
from xiezuo.publish.forms.standing import Standing
from xiezuo.publish.forms.workbook import Workbook
from xiezuo.values.periods import Period

SKIPPED = "不填"
_HEADS = (
    "表", "单元格", "表中的词", "指标编号", "指标", "期间种类", "期间", "地区", "取数", "数值（金额为元）", "单位",
    "填入", "说明", "追溯命令",
)  # fmt: skip
_ROLES = {
    "": "数值", "value": "数值", "last_year": "上年同期", "year_before": "上年", "target": "年度任务",
    "completion": "完成率", "change": "同比",
}  # fmt: skip
_MOST_NAMED = 10
_COMPARED = ("last_year", "year_before", "target", "completion", "change")
Lines = Mapping[tuple[LineKind, str], Line]


@dataclass(frozen=True)
class Answered:
    """A blank of a form with what it got: ``indicator_id`` is empty where nothing is bound."""

    cell: Asked
    words: str
    amount: Amount
    when: When
    indicator_id: str = ""
    name_zh: str = ""
    unit: str = ""

    @property
    def where(self) -> str:
        """The cell as the office finds it."""
        return f"{self.cell.slot.sheet}!{address(*self.cell.slot.place)}"

    @property
    def column(self) -> str:
        """The head of its column, without breaks and units."""
        heads = self.cell.slot.column
        return re.sub(r"\s|[(（].*", "", heads[-1].text) if heads else ""

    @property
    def is_told(self) -> bool:
        """Whether whoever reads the form should know why it is blank, or that it is a bound."""
        is_compared = bool(self.indicator_id) and self.when.role in _COMPARED
        return self.amount.note not in ("", NOT_YET) and not self.is_skipped and not is_compared

    @property
    def is_skipped(self) -> bool:
        """Whether the office has said that it is none of ours."""
        return self.amount.note == SKIPPED


def check_titles(reading: Reading, period: Period) -> None:
    """Refuse a form whose title names another year or month.

    Raises:
        FileRefused: it does.
    """
    titles = [text for text in reading.titles if not is_dated_aside(text)]
    years = years_said(titles)
    said = [one for text in titles if (one := read_time(text)).month]
    last = period.month or 12
    wrong_month = bool(said) and all(one.month != last for one in said)
    if (years and period.year not in years) or wrong_month:
        raise FileRefused(
            "FORM_PERIOD",
            f"表题所写的时间与所填期间 {period.text} 不符。",
            next_step="请换成当期的空表，或改填表题所写的期间",
        )


def answer(
    reading: Reading, lines: Lines, words: FormWords, standing: Standing, period: Period
) -> list[Answered]:
    """Return every blank of a form with what its confirmed lines make of it."""
    found = []
    for cell in reading.cells:
        item = lines.get(("item", cell.item))
        label = reading.lines["item", cell.item].words
        when, town, why = _settled(cell, item, lines)
        known = words.named(item.answer) if item is not None and item.answer else None
        if why or known is None:
            found.append(Answered(cell, label, Amount(note=why or NO_INDICATOR), cell.when))
            continue
        unit = cell.unit or (read_unit(item.unit) if item is not None and item.unit else None)
        got = amount(Wanted(known, town, when, unit), period, standing, cell.decimals)
        shown_unit = "%" if got.is_percent else unit.word if unit is not None else known.unit
        found.append(Answered(cell, label, got, when, known.indicator_id, known.name_zh, shown_unit))
    return found


def _settled(cell: Asked, item: Line | None, lines: Lines) -> tuple[When, str, str]:
    """Return time and place of a cell as confirmed, or why it stays blank."""
    time = lines.get(("time", cell.time))
    place = lines.get(("place", cell.place)) if cell.place else None
    if item is None or item.state == "asked" or time is None or time.state == "asked":
        return cell.when, "", WAITING
    if cell.place and (place is None or place.state == "asked"):
        return cell.when, "", WAITING
    if time.answer == SKIPPED or (place is not None and place.answer == "-"):
        return cell.when, "", SKIPPED
    when = cell.when
    if time.answer != time_name(cell.when):
        when = replace(TIMES[time.answer], year=cell.when.year, month=cell.when.month)
    town = cell.town if cell.town is not None else place.answer if place is not None else ""
    return when, town, ""


def in_question(book: Workbook, answered: Iterable[Answered]) -> list[Caution]:
    """Return the formulas that compute of cells that are blank or lower bounds."""
    doubtful = {(one.cell.slot.sheet, one.cell.slot.place) for one in answered if one.amount.note}
    return cautions(book.grids, doubtful)


def caution_text(caution: Caution) -> str:
    """Return what is said of such a formula."""
    sheet, place = caution.cell
    cells = "、".join(
        address(*at) if name == sheet else f"{name}!{address(*at)}" for name, at in caution.of[:_MOST_NAMED]
    )
    more = "等" if len(caution.of) > _MOST_NAMED else ""
    return f"{sheet}!{address(*place)}：公式引用的 {cells}{more} 留空或为约数下限"


def into_workbook(book: Workbook, answered: Sequence[Answered], stated: str) -> tuple[bytes, list[Answered]]:
    """Return an XLSX form filled, with the answers as they were put in."""
    values: dict[str, dict[Place, tuple[str, bool, str]]] = {}
    put = [_checked(one) for one in answered]
    for one in put:
        slot = one.cell.slot
        if one.amount.text:
            values.setdefault(slot.sheet, {})[slot.place] = _as_number(one)
    questions = in_question(book, put)
    computed = {(sheet, place[0]) for sheet, place in book.formulas}
    for (sheet, place), text in _remarks(put, computed, questions).items():
        values.setdefault(sheet, {})[place] = (text, False, "")
    notes: dict[str, dict[Place, str]] = {}
    for one in put:
        if one.cell.slot.remark is None and not one.amount.text and one.is_told:
            notes.setdefault(one.cell.slot.sheet, {})[one.cell.slot.place] = one.amount.note
    trace = [[stated], _HEADS, *map(_traced, put), *([caution_text(one)] for one in questions)]
    return book.fill(values, trace, notes), put


def _checked(one: Answered) -> Answered:
    """Leave a cell blank whose number format would show another number."""
    code = one.cell.slot.number_format
    if one.amount.text and "%" not in code and not is_plainly_shown(code, one.amount.text):
        return replace(one, amount=replace(one.amount, text="", note="单元格的数字格式自带单位或换算，不填"))
    if one.amount.text and "%" in code and not one.amount.is_percent:
        return replace(one, amount=replace(one.amount, text="", note="单元格是百分比格式，不填"))
    return one


def _as_number(one: Answered) -> tuple[str, bool, str]:
    """Return digits, whether they are a number, and a number format of their own where they need one."""
    got, code = one.amount, one.cell.slot.number_format
    if got.is_percent and "%" in code:
        return plain(Decimal(got.text) / 100), True, ""
    if got.is_percent and not _says_percent(one):
        return f"{got.text}%", False, ""
    return got.text, True, bound_format(code, got.text) if got.is_at_least else ""


def _says_percent(one: Answered) -> bool:
    return any(
        head.unit is not None and head.unit.kind == "rate"
        for head in (*one.cell.slot.column, *one.cell.slot.row)
    )


def into_document(
    document: Document, answered: Sequence[Answered], release_id: str
) -> tuple[bytes, list[Answered]]:
    """Return a DOCX form filled, with the answers as they were put in."""
    values: dict[str, dict[Place, Said]] = {}
    for one in answered:
        got = one.amount
        if got.text:
            sign = "%" if got.is_percent and not _says_percent(one) else ""
            text = f"{got.text}{'余' if got.is_at_least else ''}{sign}"
            ref = (one.indicator_id, got.town, _period_text(got.period), one.when.role or "value")
            said = Said(
                text, ref, plain(got.exact or Decimal(0)), one.name_zh, got.period, one.indicator_id, got.town
            )
            values.setdefault(one.cell.slot.sheet, {})[one.cell.slot.place] = said
    for (sheet, place), text in _remarks(answered, set(), ()).items():
        values.setdefault(sheet, {})[place] = Said(text, ("note", sheet, address(*place)), "~", "说明")
    return document.fill(values, release_id), list(answered)


def _remarks(
    answered: Iterable[Answered], computed: Collection[tuple[str, int]], questions: Iterable[Caution]
) -> dict[tuple[str, Place], str]:
    """Return what the remark cell of each row says of cells that are blank or bounds, and of formulas over such.

    ``computed`` are the rows that have formulas: of them it is said which cells are meant. That there is no target, or
    nothing to compare with, needs no remark.
    """
    less = {(one.cell[0], one.cell[1][0]) for one in questions}
    rows: dict[tuple[str, Place], list[Answered]] = {}
    for one in answered:
        if one.cell.slot.remark is not None and not one.is_skipped:
            rows.setdefault((one.cell.slot.sheet, one.cell.slot.remark), []).append(one)
    found = {}
    for key, own in rows.items():
        row = (key[0], key[1][0])
        text = _remark(own, is_computed=row in computed) + ("；合计含约数下限或留空" if row in less else "")
        if text:
            found[key] = text.removeprefix("；")
    return found


def _remark(own: Sequence[Answered], *, is_computed: bool) -> str:
    told = [one for one in own if one.is_told]
    notes = list(dict.fromkeys(one.amount.note for one in told))
    whole = (
        len(notes) == 1 and not is_computed and all(one in told or one.when.role in _COMPARED for one in own)
    )
    if whole:
        return notes[0]
    columns = [(note, [one.column for one in told if one.amount.note == note]) for note in notes]
    return "；".join(f"{'、'.join(dict.fromkeys(filter(None, names)))}{note}" for note, names in columns)


def _traced(one: Answered) -> list[str]:
    """Return what the map of a form says of a cell, the last being the command that lists the rows behind it."""
    got, slot = one.amount, one.cell.slot
    return [
        slot.sheet, address(*slot.place), one.words, one.indicator_id, one.name_zh,
        got.period.kind if got.period else "", got.period.text if got.period else "", got.town,
        _ROLES[one.when.role] if one.indicator_id else "",
        "" if got.exact is None else plain(got.exact), one.unit, got.text, got.note, _command(one),
    ]  # fmt: skip


def _command(one: Answered) -> str:
    got = one.amount
    if got.exact is None or got.period is None or one.when.role == "target":
        return ""
    town = f" --breakdown {got.town}" if got.town else ""
    return f"xiezuo trace {one.indicator_id} --period {got.period.text} --kind {got.period.kind}{town}"


def _period_text(period: Period | None) -> str:
    if period is None:
        return ""
    return period.text + ("/ytd" if period.kind == "year_to_date" else "")
