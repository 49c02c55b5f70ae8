"""What each blank of a form asks for, by its words: indicator, place, time, unit; or what has to be asked.

A cell belongs to up to three lines that the office confirms: what is counted (an ``item``), what span of time (a
``time``), and, where a row's label is no township we know, which place (a ``place``). Lines are known by their words,
never by their address, so that an edition in which rows have moved asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from xiezuo.declared.counties import County
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.form_words import FormWords, Known, Said
from xiezuo.publish.forms.amounts import decimals_said
from xiezuo.publish.forms.grid import Grid, address
from xiezuo.publish.forms.heads import (
    SAME_UNIT,
    Head,
    Unit,
    When,
    is_dated_aside,
    is_share,
    money_unit,
    read_time,
)
from xiezuo.publish.forms.layout import Layout, Slot, read_layout
from xiezuo.publish.forms.lines import TIMES, Asked, Line, LineKind, Reading, State
from xiezuo.publish.forms.places import Places

_UNSAID = {"本期": "（未写当月或累计）"}
_OF_SOME = re.compile(r"脱贫|监测对象|监测户|易返贫|妇女|女性|残疾")
_FREE = ("target", "completion", "year_before")
"""Roles that need no span."""


class Reader:
    """Reads the forms of one county."""

    def __init__(self, words: FormWords, county: County, divisions: Divisions) -> None:
        self._words = words
        self._places = Places(county, divisions)
        self._has_others, self._is_whole, self._doubt = False, False, ""

    def read(self, grids: Iterable[Grid]) -> Reading:
        """Read every grid of a form."""
        found = Reading()
        for grid in grids:
            layout = read_layout(grid, self._is_heading)
            found.titles += layout.titles if layout.slots else ()
            found.notes += layout.notes
            self._read(layout, found)
        _ask_about_the_same(found)
        return found

    def _is_heading(self, head: Head) -> bool:
        said = self._words.read(head.words)
        return bool(said.chapters) and said.words == said.chapters

    def _read(self, layout: Layout, into: Reading) -> None:
        heads = [head for slot in layout.slots for head in (*slot.row, *slot.column)]
        self._has_others = any(self._places.kind(head) == "elsewhere" for head in heads)
        self._is_whole = self._places.all_towns(heads)
        self._doubt = self._doubt_of_titles(layout)
        money = money_unit([*layout.notes, *layout.titles])
        title = _title_time(layout.titles)
        cells = [self._cell(slot, money, title, into) for slot in layout.slots]
        spans: set[str] = {
            cell.when.span for cell in cells if cell.when.role in ("", "value") and cell.when.span
        }
        decimals = decimals_said([*layout.titles, *layout.notes])
        into.cells += [replace(self._timed(cell, spans, into), decimals=decimals) for cell in cells]

    def _cell(self, slot: Slot, money: Unit | None, title: When, into: Reading) -> Asked:
        town, place_key = self._place(slot, into)
        row = [head for head in slot.row if not self._is_place(head)]
        column = [head for head in slot.column if not self._is_place(head)]
        if place_key:
            row = [head for head in row if not self._only_unknown(head)]
        when, contradicted = _time_of(row, column)
        if not when.span and not when.year and when.role in ("", "value"):
            when = when.joined(title)
        unit, doubt = _unit(slot, when)
        # Of this cell alone: other cells of the row may say what they mean.
        doubt = doubt or contradicted or _doubt_of_role(when, slot, unit) or self._doubt_of_place(slot)
        if doubt:
            when = replace(when, doubt=when.doubt or doubt)
        odd = [head for head in column if self._words.read(head.words).unknown] if self._bears(row) else []
        if odd:
            column = [head for head in column if head not in odd]
            when = replace(when, doubt="这一列的含义不认识")
        item = self._item(slot, (row, column), (unit, money), when, into)
        if unit is None and money is not None:
            known = self._words.named(into.lines["item", item].answer)
            unit = money if known is None or known.unit == "元" else None
        said = _column_words(slot) if any(head.when.says for head in slot.column) or odd else ""
        return Asked(slot, item, said, when, town, place_key, unit)

    def _doubt_of_titles(self, layout: Layout) -> str:
        """Return why what stands above or below a table makes all of it doubtful: another place, other people."""
        texts = [*layout.titles, *layout.notes]
        if any(self._places.named_in(text) for text in texts):
            return "表题或填报单位写的是乡镇或外县，不明确填哪里的数"
        people = next((found[0] for text in texts if (found := _OF_SOME.search(text))), "")
        within = any(people in head.text for slot in layout.slots for head in (*slot.row, *slot.column))
        return f"表题或说明写明“{people}”，行列里没有写" if people and not within else ""

    def _doubt_of_place(self, slot: Slot) -> str:
        """Return why it is doubtful of which place or time a cell is that its heads do not say."""
        if self._doubt:
            return self._doubt
        if any(self._places.kind(head) in ("town", "elsewhere") for head in slot.sections):
            return "上方的小标题写的是地名，不明确这一行填哪里的数"
        if any(head.when.says for head in slot.sections):
            return "上方的小标题写了期间，不明确这一行填什么时候的数"
        return ""

    # places ------------------------------------------------------------------------------------------------------

    def _is_place(self, head: Head) -> bool:
        return self._places.kind(head) != ""

    def _place(self, slot: Slot, into: Reading) -> tuple[str | None, str]:
        """Return the township a cell is of, '' for the county; or the key of the line that has to say it."""
        heads = (*slot.row, *slot.column)
        town = self._places.town(heads)
        if town is not None:
            return town, ""
        kinds = {self._places.kind(head): head for head in heads}
        if "elsewhere" in kinds:
            return None, _note_place(kinds["elsewhere"], slot, "-", "别的县", into)
        if "total" in kinds and not self._is_whole:
            return None, _note_place(
                kinds["total"], slot, None, "不明确是哪些行或列的合计；是全县的填全县，否则填不填", into
            )
        lonely = [head for head in slot.row if self._only_unknown(head)]
        if lonely and len(lonely) == len(slot.row) and self._bears(slot.column):
            return None, _note_place(
                lonely[-1], slot, None, "不是本县乡镇的名称；填乡镇全称、全县或不填", into
            )
        return "", ""

    def _only_unknown(self, head: Head) -> bool:
        said = self._words.read(head.words)
        return bool(said.unknown) and said.unknown == said.words

    def _bears(self, heads: Sequence[Head]) -> bool:
        """Whether heads name something that is counted, in words that are known."""
        known = {word for head in heads for word in self._said(head).words - self._said(head).unknown}
        return any(not word.startswith("@") for word in known)

    def _said(self, head: Head) -> Said:
        return Said(frozenset()) if self._is_place(head) else self._words.read(head.words)

    # items -------------------------------------------------------------------------------------------------------

    def _item(
        self, slot: Slot, heads: tuple[Sequence[Head], Sequence[Head]], units: tuple[Unit | None, Unit | None],
        when: When, into: Reading,
    ) -> str:  # fmt: skip
        row, column = heads
        bearing = [head for head in (*row, *column) if self._said(head).words]
        words = self._all_words((*slot.sections, *row, *column))
        own = next((head for head in reversed(row) if head in bearing), bearing[-1] if bearing else None)
        own = own or next(iter((*reversed(slot.row), *reversed(slot.column))), None)
        label = " ".join(dict.fromkeys(head.text for head in bearing)) or (own.text if own else "")
        key = f"{own.key if own else ''}|{'+'.join(sorted(words))}"
        measure = next(
            (m for head in (*reversed(column), *reversed(row)) if (m := self._said(head).measure)), ""
        )
        if len(self._words.meant_by(words)) > 1:
            # What only its unit tells apart, a number of agreements and their sum, is a line for each unit.
            key += f"|{_unit_class(units[0]) or measure}"
        if ("item", key) not in into.lines:
            line = self._judge(words, units, measure, when) if bearing else _line("none", [])
            if slot.other and bearing:
                line = self._doubted(
                    line, self._all_words((*slot.sections, *slot.other, *column)), units, measure, when
                )
            into.lines["item", key] = replace(line, key=key, words=label, where=_where(slot))
        return key

    def _all_words(self, heads: Iterable[Head]) -> frozenset[str]:
        return frozenset(word for head in heads for word in self._said(head).words)

    def _judge(
        self, words: frozenset[str], units: tuple[Unit | None, Unit | None], measure: str, when: When
    ) -> Line:
        """Return what words come to: one indicator for sure, some to choose from, or none."""
        own, money = units
        is_rate = own is not None and own.kind == "rate" and when.role not in ("completion", "change")
        exact = self._words.meant_by(words)
        if own is None and all(word.startswith("@") for word in words):
            exact = []
        fitting = [one for one in exact if _fits(one, own, measure) and not is_rate]
        if len(fitting) == 1:
            has_unit = (
                fitting[0].unit != "元" or money is not None or (own is not None and own.kind != "rate")
            )
            has_unit = has_unit or when.role in ("completion", "change")
            if has_unit:
                return _line("sure", fitting)
            note = "未写明金额单位；请在“单位”一栏填元或万元"
            return replace(_line("asked", fitting), answer=fitting[0].indicator_id, note=note)
        if exact:
            return replace(
                _line("asked", fitting or exact), note="" if fitting else "单位与指标不符"
            )
        alike = self._words.resembling(words)
        return replace(_line("asked", alike), note="词语不完全相同") if alike else _line("none", [])

    def _doubted(
        self,
        line: Line,
        words: frozenset[str],
        units: tuple[Unit | None, Unit | None],
        measure: str,
        when: When,
    ) -> Line:
        """Return a line that is asked when its row may as well be a part of the part above it."""
        other = self._judge(words, units, measure, when)
        if other.state != "sure" or line.state != "sure" or other.answer == line.answer:
            return line
        return replace(
            line,
            state="asked",
            answer="",
            choices=(line.answer, other.answer),
            note="属于哪一行的“其中”不明确",
        )

    # times -------------------------------------------------------------------------------------------------------

    def _timed(self, cell: Asked, spans: set[str], into: Reading) -> Asked:
        """Note the line of a cell's time; what a year earlier is of is told by the columns beside it."""
        when, words = cell.when, cell.time
        if when.role in ("last_year", "change") and not when.span and len(spans) == 1:
            when = replace(when, span=next(iter(spans)))  # type: ignore[arg-type]
        unclear = when.role in ("last_year", "change") and not when.span and len(spans) > 1
        name = time_name(when)
        if when.doubt or unclear:
            label = cell.slot.row[-1].key if when.doubt and cell.slot.row and self._bears(cell.slot.row) else ""
            key = f"？{words}|{label}" if label else f"？{words}"
            words = f"{words}（{cell.slot.row[-1].text}）" if label else words
            choices = ("上年同月", "上年同期累计") if when.role == "last_year" else ("当月同比", "累计同比")
            line = Line(
                "time",
                key,
                words,
                _where_column(cell.slot),
                "asked",
                "",
                choices if unclear else (),
                when.doubt,
            )
        else:
            key = name
            shown = words if words and name != "本期" else _UNSAID.get(name, "（按行或表题）")
            line = Line("time", key, shown, _where_column(cell.slot), "sure", name)
        into.lines.setdefault(("time", key), line)
        return replace(cell, when=when, time=key)


def _ask_about_the_same(reading: Reading) -> None:
    """Make a question of what would put one figure into two cells: what tells them apart was not read."""
    cells: dict[tuple[str, When, str], list[Asked]] = {}
    for cell in reading.cells:
        item, time = reading.lines["item", cell.item], reading.lines["time", cell.time]
        if item.state == "sure" and item.answer and time.state == "sure" and cell.town is not None:
            cells.setdefault((item.answer, cell.when, cell.town), []).append(cell)
    for alike in cells.values():
        if len(alike) < 2:
            continue
        where = "、".join(dict.fromkeys(f"{cell.slot.sheet} {address(*cell.slot.place)}" for cell in alike[:5]))
        for cell in alike:
            key: tuple[LineKind, str] = ("item", cell.item)
            line = reading.lines[key]
            if line.state == "sure":
                said = f"{where} 会填同一个数，请核对是否都是它"
                reading.lines[key] = replace(line, state="asked", answer="", choices=(line.answer,), note=said)


def time_name(when: When) -> str:
    """Return the name of a time among :data:`TIMES`, and whether a month or a year is named."""
    plain = When(span=when.span, role=when.role)
    plain = replace(plain, role="value") if plain == When() else plain
    if plain.role == "value" and plain.span:
        plain = replace(plain, role="")
    if plain.role in _FREE:
        plain = replace(plain, span="")
    if plain.span == "so_far" and plain.role:
        plain = replace(plain, span="year_to_date")
    if plain.span == "year" and plain.role:
        plain = replace(plain, span="")
    name = next((name for name, one in TIMES.items() if one == plain), "本期")
    if when.role == "year_before" and when.span in ("month", "year_to_date"):
        name = "上年同月" if when.span == "month" else "上年同期累计"
    return f"{name}（所写月份）" if when.month else f"{name}（所写年份）" if when.year else name


def _note_place(head: Head, slot: Slot, answer: str | None, note: str, into: Reading) -> str:
    """Note the line of a place that is none of the county's, or that only the office knows; return its key."""
    state: State = "asked" if answer is None else "sure"
    line = Line("place", head.key, head.text, _where(slot), state, answer or "", (), note)
    into.lines.setdefault(("place", head.key), line)
    return head.key


def _title_time(titles: Sequence[str]) -> When:
    """Return the span that titles name; that its month is the one asked for is looked at when the form is filled."""
    found = [one for text in titles if not is_dated_aside(text) and ((one := read_time(text)).span or one.doubt)]
    spans = {one.span for one in found if one.span}
    doubt = next((one.doubt for one in found if one.doubt), "") or ("表题写了两种期间" if len(spans) > 1 else "")
    return When(span=found[0].span if found else "", doubt=doubt)


def _fits(known: Known, unit: Unit | None, measure: str) -> bool:
    if unit is not None and unit.kind != "rate":
        return unit.fits(known.unit)
    return not measure or measure == known.unit or measure in SAME_UNIT.get(known.unit, ())


def _line(state: State, found: Sequence[Known]) -> Line:
    answer = found[0].indicator_id if state == "sure" else ""
    return Line("item", "", "", "", state, answer, tuple(one.indicator_id for one in found))


def _unit(slot: Slot, when: When) -> tuple[Unit | None, str]:
    """Return the unit a cell is in: of its column, its row's own column, its row; and what contradicts it."""
    of_column = next((head.unit for head in reversed(slot.column) if head.unit is not None), None)
    of_row = slot.unit or next((head.unit for head in reversed(slot.row) if head.unit is not None), None)
    if of_column is None or of_row is None or of_column == of_row:
        return of_column or of_row, ""
    if of_column.kind == "rate":
        return (of_column if when.role not in ("completion", "change") else of_row), ""
    if of_row.kind == "rate":
        return of_row, ""
    return of_column, "行和列写的单位不一致"


def _time_of(row: Sequence[Head], column: Sequence[Head]) -> tuple[When, str]:
    """Return what heads say of time; where row and column contradict each other, what the column says and a doubt."""
    own, other = When(), When()
    for head in row:
        own = own.joined(head.when)
    for head in column:
        other = other.joined(head.when)
    both = own.joined(other)
    if both.doubt and not own.doubt and not other.doubt:
        return other, "行和列对期间的说法不一致"
    return both, ""


def _doubt_of_role(when: When, slot: Slot, unit: Unit | None) -> str:
    """Return why a goal, a share of one or a change is not what figures of ours can say; '' where it is."""
    if when.role in ("last_year", "year_before", "change") and when.year:
        return "写明了年份，又写上年或同期，不明确是哪一年的数"
    if when.role == "target" and when.span in ("month", "year_to_date"):
        return "年度任务没有分月数"
    if when.role == "completion" and when.span == "month":
        return "完成率是累计数占年度任务的比例，没有当月的"
    if when.role == "change":
        heads = [head for head in (*slot.row, *slot.column) if head.when.role == "change"]
        if not is_share(heads) and not (unit is not None and unit.kind == "rate"):
            return "增减的是数量还是百分比不明确；没有增减数量的指标，填同比或不填"
    return ""


def _unit_class(unit: Unit | None) -> str:
    """Return what tells units apart that are not the same thing: 元 of all money, the word of a count."""
    if unit is None or unit.kind == "rate":
        return ""
    return "元" if unit.kind == "money" else unit.word.lstrip("十百千万亿")


def _column_words(slot: Slot) -> str:
    return " / ".join(head.text.replace("\n", "") for head in slot.column)


def _where(slot: Slot) -> str:
    return f"{slot.sheet} 第 {slot.place[0] + 1} 行"


def _where_column(slot: Slot) -> str:
    return f"{slot.sheet} {address(*slot.place).rstrip('0123456789')} 列"
