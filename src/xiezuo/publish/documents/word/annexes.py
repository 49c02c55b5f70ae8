"""Tables of a report as grids: the indicators of the period, and every annex of the content, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from xiezuo.publish.documents.book import Book, day_zh, period_key, period_said, quantity, stated
from xiezuo.publish.documents.content import Column, Table, Value
from xiezuo.publish.documents.evidence import compare, fulfil
from xiezuo.publish.documents.numbers import (
    MONEY,
    ROUNDED_ZH,
    Quantity,
    is_apart_by_rounding,
    percent,
    plain,
    rounded,
)
from xiezuo.publish.documents.word.controls import Said
from xiezuo.publish.documents.word.table_xml import Grid, GridColumn, Line
from xiezuo.values.periods import Kind

NOTHING_ZH = "—"
EMPTY_ZH = "（本期无此项内容）"
MONEY_UNIT_ZH = "单位：万元"
_INDENT = "　"
_MOST_DIGITS = 30
"""A number beyond is a mistyped one, and printed as it was typed."""


def annex_grid(book: Book, table: Table) -> Grid:
    """Return a table of the content as a grid, numbered; without rows it says that there are none."""
    numbered = not table.columns or table.columns[0].zh != "序号"
    heads = [_head(column) for column in table.columns]
    lines = [
        Line((*([str(number)] if numbered else []), *_cells(book, table, row.key, row.cells)))
        for number, row in enumerate(table.rows, start=1)
    ]
    if not lines:
        lines.append(Line((EMPTY_ZH,), "heading"))
    if table.total is not None:
        cells = list(_cells(book, table, "合计", table.total))
        first = ("合计",) if numbered else ()
        if not numbered and not table.total[0]:
            cells[0] = "合计"
        lines.append(Line((*first, *(_without_total_word(cells) if numbered else cells)), "total"))
    return Grid((*([GridColumn("序号", "center")] if numbered else []), *heads), tuple(lines))


def _without_total_word(cells: list[str]) -> list[str]:
    """Leave out the table's own 合计, since the column of numbers says it."""
    return ["" if cell.strip() in {"合计", "总计"} else cell for cell in cells]


def has_money(table: Table) -> bool:
    """Whether a column of the table is money, which is printed in 万元."""
    return any(column.kind == "money" for column in table.columns)


def _head(column: Column) -> GridColumn:
    align = "left" if column.kind == "text" else "center" if column.kind == "date" else "right"
    unit = (
        column.unit if column.kind == "count" and column.unit and f"（{column.unit}" not in column.zh else ""
    )
    return GridColumn(f"{column.zh}（{unit}）" if unit else column.zh, align)  # type: ignore[arg-type]


def _cells(book: Book, table: Table, key: str, cells: tuple[str | None, ...]) -> Iterator[str]:
    for column, cell in zip(table.columns, cells, strict=True):
        if column.kind == "text":
            yield " ".join((cell or "").split())
        elif cell is None or not cell.strip():
            yield "" if column.kind == "date" else NOTHING_ZH
        else:
            yield book.controls.mark(_said_cell(book, table, column, key, cell.strip()))


def _said_cell(book: Book, table: Table, column: Column, key: str, cell: str) -> Said:
    period = book.content.span
    text, value = _cell_text(column, cell)
    return Said(
        text=text,
        ref=("@" + table.key, key, column.key, period_key(period)),
        value=value,
        name_zh=f"{table.zh}·{column.zh}·{key}",
        period=period,
        indicator_id=column.indicator_id,
        breakdown=key if column.indicator_id and key.isdigit() else "",
    )


def _cell_text(column: Column, cell: str) -> tuple[str, str]:
    """Return what a cell prints, and its value; what is not of the column's kind is printed as it stands."""
    if column.kind == "date":
        return _day(cell), cell
    try:
        number = Decimal(cell.removesuffix("+"))
        value = plain(number)
    except (InvalidOperation, ValueError):
        return cell, cell
    if number.adjusted() > _MOST_DIGITS:
        return cell, cell
    if column.kind == "percent":
        return percent(number), value
    is_bound = cell.endswith("+")
    return Quantity(number, MONEY if column.kind == "money" else column.unit, is_bound).cell, value + "+" * is_bound


def _day(cell: str) -> str:
    try:
        if len(cell) == len("2023-05"):
            return day_zh(date.fromisoformat(f"{cell}-01")).removesuffix("1日")
        return day_zh(date.fromisoformat(cell))
    except ValueError:
        return cell


def indicator_grid(book: Book, kinds: tuple[Kind, ...]) -> Grid:
    """Return the whole county's values: of a year its own; of a month those of the month and of the year so far.

    The last kind is compared with target and last year.
    """
    head = ("本年",) if kinds == ("year",) else ("本月", "本年累计")
    earlier = "上年" if kinds == ("year",) else "上年同期累计"
    columns = (
        GridColumn("指标"),
        GridColumn("单位", "center"),
        *(GridColumn(zh, "right") for zh in (*head, "年度任务", "完成率", earlier, "同比")),
    )
    grid = Grid(columns, tuple(_indicator_lines(book, kinds, len(columns))))
    return _without_empty_columns(grid, len(kinds) + 2) if book.content.is_worded else grid


def indicator_note(book: Book, kind: Kind) -> str:
    """Say where parts of a sum of money, as printed, do not add up to it by rounding; nothing where all do."""
    roots = {value.indicator_id.partition(".")[0] for value in book.content.of_kind(kind) if "." in value.indicator_id}
    for root in sorted(roots):
        whole = book.value(root, kind)
        values = (book.value(one, kind) for one in book.parts(root))
        parts = [value.value for value in values if value is not None and value.value]
        if whole is None or whole.value is None or whole.unit != MONEY or not parts:
            continue
        shown = [Decimal(Quantity(part, MONEY).cell) for part in parts]
        if is_apart_by_rounding(parts, whole.value, shown, Decimal(Quantity(whole.value, MONEY).cell)):
            return f"{ROUNDED_ZH}。"
    return ""


def _without_empty_columns(grid: Grid, first: int) -> Grid:
    """Leave out columns, from a place on, in which nothing stands: targets nobody set, a year nobody told of."""
    rows = [line for line in grid.lines if line.kind != "heading"]
    kept = [
        place
        for place in range(len(grid.columns))
        if place < first or any(line.cells[place] != NOTHING_ZH for line in rows)
    ]
    lines = (replace(line, cells=tuple(line.cells[place] for place in kept)) for line in grid.lines)
    return Grid(tuple(grid.columns[place] for place in kept), tuple(lines))


def _indicator_lines(book: Book, kinds: tuple[Kind, ...], width: int) -> Iterator[Line]:
    last = None
    whole = dict.fromkeys(value.indicator_id for value in book.content.values if not value.breakdown)
    # Some are told by the year so far only: they stand where the chapters have them, not behind those of the month.
    place = {one: number for number, (one, _) in enumerate(book.content.chapters)}
    for indicator_id in sorted(whole, key=lambda one: place.get(one, len(place))):
        if book.content.is_worded and _is_no_part(book, indicator_id, kinds[-1]):
            continue
        chapter = book.content.heading(indicator_id) or ("其他" if book.content.chapters else "")
        if chapter != last and chapter:
            yield Line((chapter, *[""] * (width - 1)), "heading")
            last = chapter
        yield Line(tuple(_indicator_cells(book, indicator_id, kinds)))


def _is_no_part(book: Book, indicator_id: str, kind: Kind) -> bool:
    """Whether it is a part of a sum of money that there is nothing of: a category that the county does not have."""
    value, whole = book.value(indicator_id, kind), book.value(indicator_id.partition(".")[0], kind)
    if "." not in indicator_id or value is None or whole is None or value.unit != MONEY or whole.unit != MONEY:
        return False
    return not value.value and not value.target and not value.last_year


def _indicator_cells(book: Book, indicator_id: str, kinds: tuple[Kind, ...]) -> Iterator[str]:
    found = [book.value(indicator_id, kind) for kind in kinds]
    unit = next((value.unit for value in found if value), "")
    name = book.names.get(indicator_id, indicator_id)
    yield _INDENT + name if "." in indicator_id else name
    yield "万元" if unit == MONEY else unit
    for value in found:
        yield _value_cell(book, value)
    compared = found[-1]
    if compared is None:
        yield from [NOTHING_ZH] * 4
    else:
        yield from _compared(book, compared)


def _mark(book: Book, value: Value, text: str, role: str, said: str, *, earlier: bool = False) -> str:
    period = book.content.span.of_kind(value.period_kind)
    of = period.a_year_earlier() if earlier else period
    return book.controls.mark(
        Said(
            text=text,
            ref=(value.indicator_id, value.breakdown, period_key(of), role),
            value=said,
            name_zh=book.human_name(value.indicator_id) + _ROLE_ZH[role],
            period=of,
            indicator_id=value.indicator_id,
            breakdown=value.breakdown,
        )
    )


_ROLE_ZH = {"c": "", "tc": "（年度任务）", "pc": "（完成率）", "gc": "（同比）"}


def _value_cell(book: Book, value: Value | None) -> str:
    if value is None:
        return NOTHING_ZH
    now = quantity(value.value, value.unit, value.qualifier)
    return _mark(book, value, "未报送" if now is None else now.cell, "c", stated(now))


def _compared(book: Book, value: Value) -> Iterator[str]:
    now = quantity(value.value, value.unit, value.qualifier)
    then = quantity(value.last_year, value.unit, value.last_year_qualifier)
    if value.target is None:
        yield NOTHING_ZH
    else:
        goal = Quantity(value.target, value.unit)
        yield _mark(book, value, goal.cell, "tc", stated(goal))
    done = fulfil(now, value.target)
    if done is None:
        yield NOTHING_ZH
    else:
        yield _mark(book, value, percent(done.pct) + ("以上" if done.is_bound else ""), "pc", plain(done.pct))
    yield NOTHING_ZH if then is None else _mark(book, value, then.cell, "c", stated(then), earlier=True)
    yield _change(book, value, now, then)


def _change(book: Book, value: Value, now: Quantity | None, then: Quantity | None) -> str:
    found = compare(now, then)
    is_nothing = book.content.is_worded and now is not None and then is not None and not now.value and not then.value
    if found is None or found.direction == "from_zero" or is_nothing or value.unit == "%":
        return NOTHING_ZH
    size = found.pct or Decimal(0)
    change = rounded(-size if found.direction == "down" else size)
    bound = "以上" if found.is_bound and size else ""
    sign = "+" if change > 0 else ""
    return _mark(book, value, f"{sign}{percent(change)}{bound}", "gc", plain(change))


def restated_grid(book: Book) -> Grid:
    """Return what earlier releases stated otherwise: indicator, period, old, new, reason."""
    columns = (
        GridColumn("指标"),
        GridColumn("期间", "center"),
        GridColumn("单位", "center"),
        GridColumn("原数", "right"),
        GridColumn("现数", "right"),
        GridColumn("原因"),
    )
    return Grid(columns, tuple(Line(tuple(cells)) for cells in _restated_cells(book)))


def _restated_cells(book: Book) -> Iterator[tuple[str, ...]]:
    towns = dict(book.content.towns)
    for place, one in enumerate(book.content.restated):
        period = book.content.span.read(one.period, one.period_kind)
        town = towns.get(one.breakdown, one.breakdown)
        name = book.human_name(one.indicator_id) if one.indicator_id in book.names else one.name_zh
        marks = []
        for role, amount in (
            ("o", quantity(one.old, one.unit, one.old_qualifier)),
            ("w", quantity(one.new, one.unit, one.new_qualifier)),
        ):
            said = Said(
                text="未报送" if amount is None else amount.cell,
                ref=(one.indicator_id, one.breakdown, period_key(period), f"{role}{place}"),
                value=stated(amount),
                name_zh=f"{name}（{'原数' if role == 'o' else '现数'}）",
                period=period,
                indicator_id=one.indicator_id,
                breakdown=one.breakdown,
            )
            marks.append(book.controls.mark(said))
        yield (
            f"{name}（{town}）" if town else name,
            book.controls.mark(period_said(period)),
            "万元" if one.unit == MONEY else one.unit,
            *marks,
            one.reason_zh or NOTHING_ZH,
        )
