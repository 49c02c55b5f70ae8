"""``summary.xlsx``: the figures of a period as a sheet the office can print, and by township.

Numbers stay numbers: a lower bound shows “以上” by its number format, the value is not touched. Every
text is written as text, so that no name can be taken for a formula. Nothing in the file tells when or
where it was written.
"""


from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from io import BytesIO
from math import ceil

import xlsxwriter  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.build.figures import NOTE_ZH, Figure, Summary
from xiezuo.publish.sheets.page import (
    HEADER_ROW,
    LINE,
    WIDEST,
    close_sheet,
    open_sheet,
    write_figure,
    write_nothing,
    write_ordinal,
)
from xiezuo.publish.sheets.styles import Styles, cell_width

# The first sheet of a summary: the whole county, one row an indicator, under the headings of its chapters.
OTHER = "其他"
CHINESE_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Columns:
    """Values side by side: those of the period, target and completion, and those of a year earlier."""

    own: Sequence[tuple[str, Mapping[str, Figure]]]
    so_far: Mapping[str, Figure]
    earlier: tuple[str, Mapping[str, Figure]]

    @property
    def heads(self) -> list[str]:
        """What the columns of values are called."""
        return [*(name for name, _ in self.own), "年度任务", "完成率", self.earlier[0]]


def write_county_sheet(sheet: Worksheet, summary: Summary, title: str, styles: Styles) -> None:
    """Write the whole county: its values side by side, what to know of them last."""
    columns = _columns(summary)
    heads = ["序号", "指标", "单位", *columns.heads, "说明", "指标编号"]
    widths = [cell_width(head) for head in heads]
    open_sheet(sheet, summary, title, heads, styles)
    listed = _listed(summary, columns)
    number, row = 0, HEADER_ROW
    for heading, figures in _chapters(summary, listed):
        row += 1
        sheet.merge_range(row, 0, row, len(heads) - 1, "", styles.chapter)
        sheet.write_string(row, 0, heading, styles.chapter)
        sheet.set_row(row, LINE + 4)
        for figure in figures:
            row += 1
            is_part = figure.is_part and figure.indicator_id.partition(".")[0] in listed
            number += not is_part
            write_ordinal(sheet, row, 0 if is_part else number, styles)
            needed = _row(sheet, row, (summary, columns, figure), styles, is_part=is_part)
            widths = [max(pair) for pair in zip(widths, needed, strict=True)]
            lines = max(ceil(width / WIDEST) for width in needed)
            sheet.set_row(row, LINE * lines + 2)
    close_sheet(sheet, widths, row - HEADER_ROW - 1, frozen_columns=2)


def _row(
    sheet: Worksheet, row: int, of: tuple[Summary, Columns, Figure], styles: Styles, *, is_part: bool
) -> list[float]:
    """Write an indicator's row behind its number; return the widths its cells need."""
    summary, columns, figure = of
    key = figure.indicator_id
    sheet.write_string(row, 1, figure.name_zh, styles.part if is_part else styles.text)
    sheet.write_string(row, 2, figure.unit, styles.centred)
    widths = [0.0, cell_width(figure.name_zh) + 2 * is_part, cell_width(figure.unit)]
    widths += [write_figure(sheet, row, at, of_period.get(key), styles)
               for at, (_, of_period) in enumerate(columns.own, start=3)]  # fmt: skip
    widths += _target(sheet, row, len(widths), columns.so_far.get(key), styles)
    widths.append(write_figure(sheet, row, len(widths), columns.earlier[1].get(key), styles))
    for text in (_remark(summary, columns, key), key):
        sheet.write_string(row, len(widths), text, styles.text)
        widths.append(cell_width(text))
    return widths


def _target(sheet: Worksheet, row: int, column: int, figure: Figure | None, styles: Styles) -> list[float]:
    """Write the year's target and how much of it is done."""
    if figure is None or figure.target is None:
        return [write_nothing(sheet, row, at, styles) for at in (column, column + 1)]
    aim = replace(figure, value=figure.target, qualifier="exact")
    width = write_figure(sheet, row, column, aim, styles)
    if figure.completion_pct is None:
        return [width, write_nothing(sheet, row, column + 1, styles)]
    sheet.write_number(row, column + 1, float(figure.completion_pct) / 100, styles.percent)
    return [width, cell_width(f"{figure.completion_pct:.2f}%")]


def _columns(summary: Summary) -> Columns:
    """Name the columns of values; 上年同期 is the year to date of a year earlier where there is one."""
    own = whole(summary.figures)
    if summary.period.kind == "year":
        return Columns([("全年", own)], own, ("上年", _last_year(own)))
    so_far = whole(summary.year_to_date)
    return Columns([("本月", own), ("本年累计", so_far)], so_far, ("上年同期累计", _last_year(so_far)))


def whole(figures: Sequence[Figure]) -> dict[str, Figure]:
    """Return the figures of the whole county by identity."""
    return {figure.indicator_id: figure for figure in figures if not figure.breakdown}


def _listed(summary: Summary, columns: Columns) -> dict[str, Figure]:
    """Return what has a row, in order; some indicators are told by the year to date only."""
    found = {key: figure for _, figures in reversed(columns.own) for key, figure in figures.items()}
    return {key: found[key] for key in summary.order if key in found}


def _chapters(summary: Summary, listed: Mapping[str, Figure]) -> Iterator[tuple[str, list[Figure]]]:
    """Yield each chapter that has figures: ``二、劳务协作`` and its rows."""
    found: dict[str, list[Figure]] = {}
    for figure in listed.values():
        heading = summary.headings.get(figure.indicator_id) or OTHER
        found.setdefault(heading, []).append(figure)
    for number, (heading, figures) in enumerate(found.items(), start=1):
        yield f"{_chinese(number)}、{heading}", figures


def _chinese(number: int) -> str:
    """Write a number below 100 as headings do: 一, 十, 十二."""
    tens, units = divmod(number, 10)
    return (("" if tens == 1 else CHINESE_DIGITS[tens]) + "十" if tens else "") + (
        CHINESE_DIGITS[units] if units else ""
    )


def _last_year(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    return {key: earlier for key, figure in figures.items() if (earlier := figure.earlier()) is not None}


def _remark(summary: Summary, columns: Columns, indicator_id: str) -> str:
    """Say of a row what its numbers do not: a lower bound, nothing reported, data that end early.

    That nothing is on record of a year earlier shows as a dash and needs no words.
    """
    own = [(name, figures[indicator_id]) for name, figures in columns.own if indicator_id in figures]
    notes = {name: NOTE_ZH[figure.qualifier] for name, figure in own if figure.qualifier != "exact"}
    said = [f"{name}{note}" for name, note in notes.items()]
    if len(notes) == len(own) and len(set(notes.values())) == 1:
        said = [next(iter(notes.values()))]
    name, earlier = columns.earlier
    if indicator_id in earlier and earlier[indicator_id].qualifier == "at_least":
        said.append(f"{name}{NOTE_ZH['at_least']}")
    reported = [figure for _, figure in own[:1] if figure.qualifier != "not_reported"]
    said += [f"数据截至{figure.as_of:%Y-%m-%d}" for figure in reported if figure.as_of < summary.as_of]
    return "；".join(said)


TOWN_COLUMN = 13.0
ONE_PAGE_COLUMNS = 9
"""More indicators than this by township, and the sheet prints over several pages beside each other."""


def render(summary: Summary) -> bytes:
    """Return the workbook of a summary; the same summary gives the same bytes."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        title = f"{summary.county_name}{summary.period.zh}东西部协作主要指标汇总表"
        book.set_properties({"title": title, "created": datetime.combine(summary.as_of, time())})
        styles = Styles(book)
        write_county_sheet(book.add_worksheet("汇总"), summary, title, styles)
        for name, span, figures in _town_sheets(summary):
            _town_sheet(book.add_worksheet(name), summary, f"{title}（分乡镇，{span}）", figures, styles)
    return buffer.getvalue()


def _town_sheets(summary: Summary) -> list[tuple[str, str, list[Figure]]]:
    if summary.period.kind == "year":
        return [("分乡镇", "全年", summary.figures)]
    return [("分乡镇", "本月", summary.figures), ("分乡镇累计", "本年累计", summary.year_to_date)]


def _town_sheet(
    sheet: Worksheet, summary: Summary, title: str, figures: Sequence[Figure], styles: Styles
) -> None:
    """Write one row a township and one column an indicator that is told by township."""
    totals = whole(figures)
    by_town = {(f.indicator_id, f.breakdown): f for f in figures if f.breakdown}
    told = {indicator_id for indicator_id, _ in by_town}
    shown = [key for key in totals if key in told]
    known = dict(summary.towns)
    unknown = sorted({town for _, town in by_town} - set(known))
    heads = ["序号", "乡镇", *(_town_head(totals[key], totals) for key in shown)]
    widths = [cell_width("序号"), cell_width("未列入区划")] + [TOWN_COLUMN] * len(shown)
    is_wide = len(shown) > ONE_PAGE_COLUMNS
    open_sheet(sheet, summary, title, heads, styles, is_wide=is_wide)
    rows = [("", "全县"), *known.items(), *((town, town) for town in unknown)]
    for at, (town, name) in enumerate(rows):
        row = HEADER_ROW + 1 + at
        write_ordinal(sheet, row, at, styles)
        sheet.write_string(row, 1, name, styles.text)
        widths[1] = max(widths[1], cell_width(name))
        for column, key in enumerate(shown, start=2):
            figure = by_town.get((key, town)) if town else totals[key]
            figure = totals[key].nothing_in(town) if figure is None else figure
            widths[column] = max(widths[column], write_figure(sheet, row, column, figure, styles))
    note = "未注明乡镇的记录只计入全县。" if shown else "本期没有分乡镇的数字。"
    sheet.write_string(HEADER_ROW + 1 + len(rows), 0, note, styles.note)
    close_sheet(sheet, widths, len(rows), frozen_columns=2, is_wide=is_wide)


def _town_head(figure: Figure, totals: Mapping[str, Figure]) -> str:
    """Name a column so that a part is not read without what it is part of."""
    parent = totals.get(figure.indicator_id.partition(".")[0]) if figure.is_part else None
    lines = [parent.name_zh] if parent is not None else []
    return "\n".join([*lines, figure.name_zh, f"（{figure.unit}）"])
