"""A period's figures as a workbook: the month's bulletin or the year's, with charts that follow its cells.

Numbers are numbers and equal those of the release: money in 元, percent as fractions. Every text is a text,
whatever it begins with. Nothing in the file tells when or where it was written: the same content and stamp
give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.publish.documents.content import Content, Stamp
from xiezuo.publish.documents.workbook import annexes, closing
from xiezuo.publish.documents.workbook import main as workbook_main
from xiezuo.publish.documents.workbook import towns as workbook_towns
from xiezuo.publish.documents.workbook.grid import WIDEST, Grid, Head
from xiezuo.publish.documents.workbook.pages import Setting
from xiezuo.publish.documents.workbook.texts import SheetNames, cell_text, header_text
from xiezuo.publish.sheets.styles import Styles

PLAIN_TEXTS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def render(content: Content, stamp: Stamp) -> bytes:
    """Return the workbook of a content as the bytes of an XLSX file.

    Raises:
        SheetFull: an annex has more rows or columns than a sheet.
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **PLAIN_TEXTS}) as book:
        what = "自评统计表" if content.is_annual else "工作通报统计表"
        title = f"{content.county.name}{content.span.zh}东西部协作{what}"
        book.set_properties(
            {
                "title": cell_text(title),
                "comments": cell_text(f"{stamp.release_id} {stamp.digest}"),
                "created": datetime.combine(content.as_of, time()),
            }
        )
        _Sheets(book, content, stamp).write()
    return buffer.getvalue()


class _Sheets:
    """The sheets of one workbook, written in order."""

    def __init__(self, book: xlsxwriter.Workbook, content: Content, stamp: Stamp) -> None:
        self._book, self._content, self._stamp = book, content, stamp
        self._names, self._styles = SheetNames(), Styles(book)
        self._about = f"{content.county.name}{content.span.zh}"
        day, draft = content.as_of, "（草稿，未经审定）" if stamp.is_draft else ""
        under = f"数据截至：{day.year}年{day.month}月{day.day}日    发布编号：{stamp.release_id}{draft}"
        plain = Setting(
            running=header_text(f"{self._about}东西部协作", 60),
            under=cell_text(under),
            release=header_text(f"{stamp.release_id}{draft}", 60),
        )
        self._settings = {False: plain, True: replace(plain, under=cell_text(f"金额单位：元    {under}"))}

    def write(self) -> None:
        """Write every sheet that has something to say."""
        content = self._content
        main = self._grid("主要指标", "东西部协作主要指标", workbook_main.main_heads(content))
        workbook_main.write_main(main, content)
        if workbook_main.with_targets(content):
            targets = self._grid("任务完成", "东西部协作年度任务完成情况", workbook_main.TARGET_HEADS)
            workbook_main.write_targets(targets, self._book, content)
        if workbook_main.with_destinations(content):
            heads = workbook_main.destination_heads(content)
            workbook_main.write_destinations(
                self._grid("劳务去向", "劳务协作去向", heads, has_money=False), self._book, content
            )
        towns = workbook_towns.Towns(content)
        sheet = self._grid("分乡镇", "东西部协作分乡镇情况", towns.heads, is_parted=towns.is_parted)
        towns.write(sheet, self._book)
        self._write_annexes()
        self._write_closing()

    def _write_annexes(self) -> None:
        for table in annexes.annexes(self._content):
            name = "资金进度" if table.key == annexes.FUND_PROGRESS else table.zh
            grid = self._grid(name, table.zh, annexes.annex_heads(table),
                              is_parted=annexes.is_parted(table), has_money=annexes.has_money(table))  # fmt: skip
            annexes.write_annex(grid, self._book, table)

    def _write_closing(self) -> None:
        content = self._content
        checks = self._grid("报送与质量", "数据报送与质量情况", closing.CHECK_HEADS, has_money=False)
        closing.write_checks(checks, content)
        if content.restated:
            restated = self._grid("更正", "更正说明", closing.RESTATED_HEADS)
            closing.write_restated(restated, content)
        notes = self._grid(
            "说明", "统计表说明", closing.NOTE_HEADS, widest=closing.WIDE_TEXT, has_money=False
        )
        closing.write_notes(notes, content, self._stamp)

    def _grid(
        self, name: str, title: str, heads: Sequence[Head], *, widest: float = WIDEST, is_parted: bool = False,
        has_money: bool = True,
    ) -> Grid:  # fmt: skip
        """Begin a sheet; only over one that ``has_money`` it says in which unit."""
        sheet = self._book.add_worksheet(self._names.take(name))
        about = self._about.removesuffix("年度") if title.startswith("年度") else self._about
        return Grid(sheet, self._styles, self._settings[has_money], about + title, heads,
                    widest=widest, is_parted=is_parted)  # fmt: skip
