"""``summary.xlsx``: the figures of a period as a sheet the office can print, and by township.

Numbers stay numbers: a lower bound shows “以上” by its number format, the value is not touched. Every
text is written as text, so that no name can be taken for a formula. Nothing in the file tells when or
where it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.format import Format  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.figures import MONEY, NOTE_ZH, Figure, Summary, value_text
from xiezuo.sheet_styles import Styles, cell_width, text_width

A4 = 9
HEADER_ROW = 2
NOTHING = "—"
HEADER_WIDTH = 13.0
HEADER_LINE = 16.0
WIDEST = 46.0
"""Columns stop here and wrap: an A4 sheet across has room for about 130 characters."""

Columns = Sequence[tuple[str, Mapping[str, Figure]]]


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
        _county_sheet(book.add_worksheet("汇总"), summary, title, styles)
        for name, span, figures in _town_sheets(summary):
            _town_sheet(book.add_worksheet(name), summary, f"{title}（分乡镇，{span}）", figures, styles)
    return buffer.getvalue()


def _town_sheets(summary: Summary) -> list[tuple[str, str, list[Figure]]]:
    if summary.period.kind == "year":
        return [("分乡镇", "全年", summary.figures)]
    return [("分乡镇", "本月", summary.figures), ("分乡镇累计", "本年累计", summary.year_to_date)]


def _county_sheet(sheet: Worksheet, summary: Summary, title: str, styles: Styles) -> None:
    """Write the whole county: one row an indicator, its values side by side, what to know of them last."""
    columns = _columns(summary)
    heads = ["序号", "指标", "单位", *(name for name, _ in columns), "说明", "指标编号"]
    widths = [cell_width(head) for head in heads]
    _open(sheet, summary, title, heads, styles)
    listed = _whole(summary.figures)
    number = 0
    for row, (indicator_id, figure) in enumerate(listed.items(), start=HEADER_ROW + 1):
        is_part = figure.is_part and figure.indicator_id.partition(".")[0] in listed
        number += not is_part
        texts = {
            1: figure.name_zh,
            2: figure.unit,
            len(heads) - 2: _remark(summary, columns, indicator_id),
            len(heads) - 1: indicator_id,
        }
        _ordinal(sheet, row, 0 if is_part else number, styles)
        for column, text in texts.items():
            part = column == 1 and is_part
            sheet.write_string(
                row, column, text, styles.part if part else styles.centred if column == 2 else styles.text
            )
            widths[column] = max(widths[column], cell_width(text) + 2 * part)
        for column, (_, figures) in enumerate(columns, start=3):
            widths[column] = max(
                widths[column], _number(sheet, row, column, figures.get(indicator_id), styles)
            )
    _close(sheet, widths, len(listed), frozen_columns=2)


def _columns(summary: Summary) -> Columns:
    """Name the columns of values; 上年同期 is the year to date of a year earlier where there is one."""
    own = _whole(summary.figures)
    if summary.period.kind == "year":
        return [("全年", own), ("上年", _last_year(own))]
    to_date = _whole(summary.year_to_date)
    return [("本月", own), ("本年累计", to_date), ("上年同期累计", _last_year(to_date))]


def _whole(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {figure.indicator_id: figure for figure in figures if not figure.breakdown}


def _last_year(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    return {key: earlier for key, figure in figures.items() if (earlier := figure.earlier()) is not None}


def _remark(summary: Summary, columns: Columns, indicator_id: str) -> str:
    """Say of a row what its numbers do not: a lower bound, nothing reported, data that end early."""
    own = [(name, figures[indicator_id]) for name, figures in columns if indicator_id in figures]
    notes = {name: NOTE_ZH[figure.qualifier] for name, figure in own if figure.qualifier != "exact"}
    said = [f"{name}{note}" for name, note in notes.items()]
    if len(own) > 1 and len(notes) == len(own) and len(set(notes.values())) == 1:
        said = [next(iter(notes.values()))]
    reported = [figure for _, figure in own[:1] if figure.qualifier != "not_reported"]
    said += [f"数据截至{figure.as_of:%Y-%m-%d}" for figure in reported if figure.as_of < summary.as_of]
    return "；".join(said)


def _town_sheet(
    sheet: Worksheet, summary: Summary, title: str, figures: Sequence[Figure], styles: Styles
) -> None:
    """Write one row a township and one column an indicator that is told by township."""
    whole = _whole(figures)
    by_town = {(f.indicator_id, f.breakdown): f for f in figures if f.breakdown}
    shown = [key for key in whole if any(key == indicator_id for indicator_id, _ in by_town)]
    known = dict(summary.towns)
    unknown = sorted({town for _, town in by_town} - set(known))
    heads = ["序号", "乡镇", *(_town_head(whole[key], whole) for key in shown)]
    widths = [cell_width("序号"), cell_width("未列入区划")] + [15.0] * len(shown)
    _open(sheet, summary, title, heads, styles)
    rows = [("", "全县"), *known.items(), *((town, town) for town in unknown)]
    for at, (town, name) in enumerate(rows):
        row = HEADER_ROW + 1 + at
        _ordinal(sheet, row, at, styles)
        sheet.write_string(row, 1, name, styles.text)
        widths[1] = max(widths[1], cell_width(name))
        for column, key in enumerate(shown, start=2):
            figure = by_town.get((key, town)) if town else whole[key]
            figure = whole[key].nothing_in(town) if figure is None else figure
            widths[column] = max(widths[column], _number(sheet, row, column, figure, styles))
    note = "未注明乡镇的记录只计入全县。" if shown else "本期没有分乡镇的数字。"
    sheet.write_string(HEADER_ROW + 1 + len(rows), 0, note, styles.note)
    _close(sheet, widths, len(rows), frozen_columns=2)


def _town_head(figure: Figure, whole: Mapping[str, Figure]) -> str:
    """Name a column so that a part is not read without what it is part of."""
    parent = whole.get(figure.indicator_id.partition(".")[0]) if figure.is_part else None
    lines = [parent.name_zh] if parent is not None else []
    return "\n".join([*lines, f"{figure.name_zh}（{figure.unit}）"])


def _ordinal(sheet: Worksheet, row: int, number: int, styles: Styles) -> None:
    """Write a row's number; parts and totals (0) have none."""
    if number:
        sheet.write_number(row, 0, number, styles.centred)
    else:
        sheet.write_blank(row, 0, None, styles.centred)


def _number(sheet: Worksheet, row: int, column: int, figure: Figure | None, styles: Styles) -> float:
    """Write a value, or a dash where there is none; return the width it needs."""
    if figure is None or figure.value is None:
        sheet.write_string(row, column, NOTHING, styles.dash)
        return 0.0
    at_least = figure.qualifier == "at_least"
    style: Format = styles.number(money=figure.unit == MONEY, whole=figure.is_whole_number, at_least=at_least)
    sheet.write_number(row, column, float(figure.value), style)
    return cell_width(
        (value_text(figure.value, figure.unit, grouped=True) or "") + (" 以上" if at_least else "")
    )


def _open(sheet: Worksheet, summary: Summary, title: str, heads: Sequence[str], styles: Styles) -> None:
    """Write title, the line of unit and date, and the header."""
    last = len(heads) - 1
    day = summary.as_of
    sheet.merge_range(0, 0, 0, max(last, 6), "", styles.title)
    sheet.write_string(0, 0, title, styles.title)
    sheet.set_row(0, 30)
    stated = f"金额单位：元    数据截至：{day.year}年{day.month}月{day.day}日"
    sheet.merge_range(1, 0, 1, max(last, 6), "", styles.subtitle)
    sheet.write_string(1, 0, stated, styles.subtitle)
    # A wrapped header is as high as its longest text needs at the width its column will have.
    lines = max(sum(ceil(text_width(part) / HEADER_WIDTH) for part in head.split("\n")) for head in heads)
    sheet.set_row(HEADER_ROW, HEADER_LINE * lines)
    for column, head in enumerate(heads):
        sheet.write_string(HEADER_ROW, column, head, styles.header)


def _close(sheet: Worksheet, widths: Sequence[float], rows: int, *, frozen_columns: int) -> None:
    """Set widths, frozen header and the printed page: A4 across, as wide as the page, header on each."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, WIDEST))
    sheet.freeze_panes(HEADER_ROW + 1, frozen_columns)
    page: Any = sheet
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, HEADER_ROW)
    page.print_area(0, 0, HEADER_ROW + 1 + rows, max(len(widths) - 1, 6))
    page.center_horizontally()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_footer("&C第 &P 页，共 &N 页")
