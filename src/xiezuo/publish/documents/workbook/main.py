"""The first sheets: the whole county, one row an indicator; targets and destinations with a chart each."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.publish.documents.content import Content, Value
from xiezuo.publish.documents.workbook import charts
from xiezuo.publish.documents.workbook.grid import Grid, Head
from xiezuo.publish.documents.workbook.values import (
    NOTES_ZH,
    Side,
    change_pct,
    chapters,
    full_name,
    indicators,
    is_part,
    sides,
)

DESTINATIONS = ("LAB2", "LAB3", "LAB4")
"""Where people work: the paired province, the home province, elsewhere; together they are LAB1."""


def main_heads(content: Content) -> list[Head]:
    """Return the columns of 主要指标."""
    earlier = "上年" if content.is_annual else "上年同期累计"
    own = [side.name for side in sides(content)]
    return [Head(text) for text in
            ("序号", "指标", "单位", *own, "年度任务", "完成率", earlier, "同比", "备注", "指标编号")]  # fmt: skip


def write_main(grid: Grid, content: Content) -> None:
    """Write every indicator of the whole county under its chapter."""
    beside, listed = sides(content), indicators(content)
    number = 0
    for heading, keys in chapters(content, [key for key in listed if _any(beside, key)]):
        grid.chapter(heading)
        for key in keys:
            part = is_part(key, listed)
            number += not part
            _main_row(grid, content, beside, key, number=None if part else number)
    grid.note(
        "同比仅在本期与上年同期均为确数、且上年同期大于零时计算；完成率按本年累计与年度任务计算。读法见“说明”。"
    )
    grid.close(frozen_columns=2)


def _any(beside: Sequence[Side], key: str) -> Value | None:
    """Return the value so far, or else what there is of the whole county."""
    return next((found for side in reversed(beside) if (found := side.whole(key)) is not None), None)


def _main_row(grid: Grid, content: Content, beside: Sequence[Side], key: str, *, number: int | None) -> None:
    so_far = _any(beside, key)
    if so_far is None:
        return
    grid.ordinal(0, number)
    grid.text(1, so_far.name_zh, "part" if number is None else "text")
    grid.text(2, so_far.unit, "centred")
    for column, side in enumerate(beside, start=3):
        grid.value(column, side.whole(key))
    at = 3 + len(beside)
    grid.number(at, so_far.target, so_far.unit)
    grid.percent(at + 1, so_far.completion_pct)
    grid.number(at + 2, so_far.last_year, so_far.unit, so_far.last_year_qualifier or "exact")
    grid.percent(at + 3, change_pct(so_far))
    grid.text(at + 4, _remark(content, beside, key))
    grid.text(at + 5, key)
    grid.end_row()


def _remark(content: Content, beside: Sequence[Side], key: str) -> str:
    """Say what the numbers do not: a lower bound, nothing reported, data that end early."""
    own = [(side.name, found) for side in beside if (found := side.whole(key)) is not None]
    notes = {name: NOTES_ZH[found.qualifier] for name, found in own}
    said = [f"{name}{note}" for name, note in notes.items() if note]
    if len(set(notes.values())) == 1:
        said = [note for note in notes.values() if note][:1]
    earlier = own[-1][1]
    if earlier.last_year_qualifier == "at_least":
        said.append("上年" + NOTES_ZH["at_least"])
    days = sorted(
        {found.as_of for _, found in own if found.value is not None and found.as_of < content.as_of}
    )
    said += [f"数据截至{day.isoformat()}" for day in days[:1]]
    return "；".join(said)


TARGET_HEADS = [Head(text) for text in ("序号", "指标", "单位", "年度任务", "完成数", "完成率")]


def with_targets(content: Content) -> list[Value]:
    """Return the values that have a target and a completion to draw, in order."""
    beside = sides(content)
    found = [_any(beside, key) for key in indicators(content)]
    return [
        value for value in found if value is not None and value.target and value.completion_pct is not None
    ]


def write_targets(grid: Grid, book: Workbook, content: Content) -> None:
    """Write the year's targets and how much of each is done, and draw it."""
    values = with_targets(content)
    for number, value in enumerate(values, start=1):
        grid.ordinal(0, number)
        grid.text(1, full_name(value, content))
        grid.text(2, value.unit, "centred")
        grid.number(3, value.target, value.unit)
        grid.number(4, value.value, value.unit, value.qualifier)
        grid.percent(5, value.completion_pct)
        grid.end_row()
    drawn = charts.Drawn(
        grid.name, grid.first_row, grid.row - 1, 1, [charts.Series("完成率", 5)], charts.PERCENT
    )
    grid.chart(charts.draw(book, "bar", "年度任务完成率", drawn), lines=max(12, 6 + len(values)))
    grid.close(frozen_columns=2)


def destination_heads(content: Content) -> list[Head]:
    """Return the columns of 劳务去向."""
    earlier = "上年" if content.is_annual else "上年同期累计"
    return [Head(text) for text in ("去向", "单位", *(side.name for side in sides(content)), earlier)]


def with_destinations(content: Content) -> list[Value]:
    """Return the values of people's destinations; empty where nobody went anywhere."""
    so_far = sides(content)[-1]
    found = [value for key in DESTINATIONS if (value := so_far.whole(key)) is not None]
    return found if any(value.value for value in found) else []


def write_destinations(grid: Grid, book: Workbook, content: Content) -> None:
    """Write where people work, and draw their shares."""
    beside = sides(content)
    for value in with_destinations(content):
        grid.text(0, value.name_zh)
        grid.text(1, value.unit, "centred")
        for column, side in enumerate(beside, start=2):
            grid.value(column, side.whole(value.indicator_id))
        grid.number(2 + len(beside), value.last_year, value.unit, value.last_year_qualifier or "exact")
        grid.end_row()
    column = 1 + len(beside)
    drawn = charts.Drawn(
        grid.name, grid.first_row, grid.row - 1, 0, [charts.Series(beside[-1].name, column)], "人"
    )
    grid.chart(charts.draw(book, "pie", f"劳务去向（{beside[-1].name}）", drawn))
    grid.close(frozen_columns=1)
