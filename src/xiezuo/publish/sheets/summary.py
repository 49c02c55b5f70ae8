"""``summary.xlsx``: the figures of a period as a sheet the office can print, and by township.

Numbers stay numbers: a lower bound shows “以上” by its number format, the value is not touched. Every
text is written as text, so that no name can be taken for a formula. Nothing in the file tells when or
where it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.build.figures import Figure, Summary
from xiezuo.publish.sheets.page import HEADER_ROW, close_sheet, open_sheet, write_figure, write_ordinal
from xiezuo.publish.sheets.styles import Styles, cell_width
from xiezuo.publish.sheets.summary_county import whole, write_county_sheet

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
