"""The return workbook (退回修改): rows held back as they were typed, what is wrong marked, and what to do beside it.

No macros and no formulas, so that Excel, WPS and LibreOffice open it alike. What is stamped into it is in
:mod:`xiezuo.conform.returns`.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.conform.returns import GUIDE_SHEET, HEADINGS, STAMP_SHEET
from xiezuo.publish.sheets.styles import BODY_FONT, HEADING_FONT, cell_width

_WIDTHS = (14, 24, 7, 40, 40)
_WIDEST = 30.0
_LINE_POINTS = 16
_LISTS = "选项"
_GUIDE = (
    "退回修改表使用说明",
    "1. 本表列出的是报表中暂时没有计入的行，其他行已经计入，不必再报。",
    "2. 黄色单元格是有问题的内容，“问题”说明为什么，“怎样改”说明怎样改；对数字影响大的、要改的地方少的行排在前面。",
    "3. 直接在原来的列里改正，金额按表头写明的单位填写；有下拉箭头的单元格请从列表中选择。",
    "4. 不能确定的行请不要改动，留着即可：没有改动的行仍然等待更正，不会重复计入。",
    "5. 可以排序、改文件名；请不要增加行，不要改动“编号”列和表头，不要删除隐藏的工作表。",
    "6. 改好后保存，把本文件放回收件夹：{folder}。系统按文件内的凭据识别，只计入改正的行。",
    "7. 本表含个人信息，请妥善保管，交回后删除。",
)


@dataclass(frozen=True)
class Line:
    """A row to be corrected: its number in the first column, where it stood, what is wrong, and its cells by field."""

    stamp: str
    row_no: int
    problems_zh: str
    remedies_zh: str
    cells: Mapping[str, Any]
    wrong: Collection[str]


@dataclass(frozen=True)
class Page:
    """One table of a delivery: headers by field, rows, words of fields that have a list, and fields kept as text."""

    name: str
    file: str
    labels: Mapping[str, str]
    lines: list[Line]
    words: Mapping[str, Sequence[str]]
    texts: Collection[str]


def return_workbook(pages: Sequence[Page], stamp: Sequence[str], folder: str, landed_at: datetime) -> bytes:
    """Return the workbook: the pages, guidance, and hidden sheets with the lists and the stamp.

    ``landed_at`` is when the delivery came; the same pages of it give the same bytes.
    """
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": "退回修改表", "created": landed_at.replace(tzinfo=None)})
        sheets = [(book.add_worksheet(page.name), page) for page in pages]
        _guide(book, book.add_worksheet(GUIDE_SHEET), folder)
        lists = book.add_worksheet(_LISTS)
        lists.hide()
        column = 0
        for sheet, page in sheets:
            _rows(book, sheet, page)
            for place, name in enumerate(page.labels, start=len(HEADINGS)):
                if words := page.words.get(name):
                    lists.write_column(0, column, words)
                    _offer(sheet, page, place, column, len(words))
                    column += 1
        sealed = book.add_worksheet(STAMP_SHEET)
        for row, text in enumerate(stamp):
            sealed.write_string(row, 0, text)
        sealed.very_hidden()
        book.set_custom_property(STAMP_SHEET, stamp[1])
    return content.getvalue()


def _guide(book: Workbook, sheet: Worksheet, folder: str) -> None:
    title = book.add_format({"font_name": HEADING_FONT, "bold": True, "font_size": 16})
    text = book.add_format({"font_name": BODY_FONT, "font_size": 12, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 90)
    for row, line in enumerate(_GUIDE):
        sheet.write_string(row, 0, line.format(folder=folder), text if row else title)


def _rows(book: Workbook, sheet: Worksheet, page: Page) -> None:
    boxed = {"font_name": BODY_FONT, "font_size": 11, "border": 1, "valign": "top"}
    head = book.add_format({
        "font_name": HEADING_FONT, "bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter",
        "bg_color": "#E7EEF5",
    })  # fmt: skip
    ours = book.add_format(boxed | {"bg_color": "#F5F5F5", "text_wrap": True})
    looks = {
        (is_wrong, is_text): book.add_format(
            boxed | ({"bg_color": "#FFF2A8"} if is_wrong else {}) | ({"num_format": "@"} if is_text else {})
        )
        for is_wrong in (False, True)
        for is_text in (False, True)
    }
    for column, text in enumerate((*HEADINGS, *page.labels.values())):
        sheet.write_string(0, column, text, head)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for row, line in enumerate(page.lines, start=1):
        texts = (line.stamp, page.file, "", line.problems_zh, line.remedies_zh)
        tallest = max(-(-cell_width(said) // width) for said, width in zip(texts, _WIDTHS, strict=True))
        sheet.set_row(row, _LINE_POINTS * max(1, int(tallest)))
        for column, said in enumerate((line.stamp, page.file)):
            sheet.write_string(row, column, said, ours)
        sheet.write_number(row, 2, line.row_no, ours)
        sheet.write_string(row, 3, line.problems_zh, ours)
        sheet.write_string(row, 4, line.remedies_zh, ours)
        for column, name in enumerate(page.labels, start=len(HEADINGS)):
            _cell(sheet, row, column, line.cells.get(name), looks[name in line.wrong, name in page.texts])
    for column, (name, label) in enumerate(page.labels.items(), start=len(HEADINGS)):
        widest = max(cell_width(str(line.cells.get(name) or "")) for line in page.lines)
        sheet.set_column(column, column, min(max(widest, cell_width(label), 9), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(page.lines), len(HEADINGS) + len(page.labels) - 1)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value), look)


def _offer(sheet: Worksheet, page: Page, place: int, column: int, count: int) -> None:
    """Offer the words of a field in a list; another word may be typed, and is asked about when it is read."""
    letter = xl_col_to_name(column)
    sheet.data_validation(
        1, place, len(page.lines), place,
        {
            "validate": "list", "source": f"={_LISTS}!${letter}$1:${letter}${count}", "error_type": "warning",
            "error_title": "不在列表中", "error_message": "请尽量从列表中选择；确需另填的，读入时可能需要县办确认。",
        },
    )  # fmt: skip
