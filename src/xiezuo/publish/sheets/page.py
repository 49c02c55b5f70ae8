"""What every sheet of a summary shares: title, header, numbers, and the page it prints on."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from xlsxwriter.format import Format  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.build.figures import MONEY, Figure, Summary, value_text
from xiezuo.publish.sheets.styles import HEADING_FONT, Styles, cell_width, text_width

A4 = 9
HEADER_ROW = 2
NOTHING = "—"
HEADER_WIDTH = 11.0
LINE = 16.0
WIDEST = 46.0
"""Columns stop here and wrap: an A4 sheet across has room for about 130 characters."""
TITLE_COLUMNS = 6


def open_sheet(
    sheet: Worksheet, summary: Summary, title: str, heads: Sequence[str], styles: Styles, *, is_wide: bool = False
) -> None:
    """Write title, the line of unit and date, and the header.

    Of a sheet that ``is_wide`` they begin at the left for the screen; on paper the page's header has the title.
    """
    last = max(len(heads) - 1, TITLE_COLUMNS)
    day = summary.as_of
    stated = f"金额单位：元    数据截至：{day.year}年{day.month}月{day.day}日"
    if is_wide:
        sheet.write_string(0, 0, title, styles.wide_title)
        shown = title.replace("&", "&&")
        sheet.set_header(f'&C&"{HEADING_FONT},Bold"&14 {shown}&R{stated}')
        sheet.write_string(1, 0, stated, styles.note)
    else:
        sheet.merge_range(0, 0, 0, last, "", styles.title)
        sheet.write_string(0, 0, title, styles.title)
        sheet.merge_range(1, 0, 1, last, "", styles.subtitle)
        sheet.write_string(1, 0, stated, styles.subtitle)
    sheet.set_row(0, 30)
    # A wrapped header is as high as its longest text needs at the width its column will have.
    lines = max(sum(ceil(text_width(part) / HEADER_WIDTH) for part in head.split("\n")) for head in heads)
    sheet.set_row(HEADER_ROW, LINE * lines + 4)
    for column, head in enumerate(heads):
        sheet.write_string(HEADER_ROW, column, head, styles.header)


def close_sheet(
    sheet: Worksheet, widths: Sequence[float], rows: int, *, frozen_columns: int, is_wide: bool = False
) -> None:
    """Set widths, frozen header and the printed page: A4 across, the header on each.

    A sheet is as wide as one page; one that ``is_wide`` is as high as one page instead, and the columns that
    do not fit go on over further pages, each with the frozen columns before it.
    """
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, WIDEST))
    sheet.freeze_panes(HEADER_ROW + 1, frozen_columns)
    page: Any = sheet
    page.set_landscape()
    page.set_paper(A4)
    top = HEADER_ROW if is_wide else 0
    if is_wide:
        page.fit_to_pages(0, 1)
        page.repeat_columns(0, frozen_columns - 1)
    else:
        page.fit_to_pages(1, 0)
        page.center_horizontally()
    page.repeat_rows(top, HEADER_ROW)
    page.print_area(top, 0, HEADER_ROW + 1 + rows, max(len(widths) - 1, TITLE_COLUMNS))
    page.set_margins(left=0.5, right=0.5, top=0.9 if is_wide else 0.6, bottom=0.7)
    page.set_footer("&C第 &P 页，共 &N 页")


def write_ordinal(sheet: Worksheet, row: int, number: int, styles: Styles) -> None:
    """Write a row's number; parts and totals (0) have none."""
    if number:
        sheet.write_number(row, 0, number, styles.centred)
    else:
        sheet.write_blank(row, 0, None, styles.centred)


def write_figure(sheet: Worksheet, row: int, column: int, figure: Figure | None, styles: Styles) -> float:
    """Write a value, or a dash where there is none; return the width it needs."""
    if figure is None or figure.value is None:
        return write_nothing(sheet, row, column, styles)
    at_least = figure.qualifier == "at_least"
    style: Format = styles.number(money=figure.unit == MONEY, whole=figure.is_whole_number, at_least=at_least)
    sheet.write_number(row, column, float(figure.value), style)
    return cell_width(
        (value_text(figure.value, figure.unit, grouped=True) or "") + (" 以上" if at_least else "")
    )


def write_nothing(sheet: Worksheet, row: int, column: int, styles: Styles) -> float:
    """Write the dash of a cell that has no value."""
    sheet.write_string(row, column, NOTHING, styles.dash)
    return 0.0
