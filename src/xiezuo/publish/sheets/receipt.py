"""The receipt (回执): what became of one file that a station delivered, on one printed page.

It holds counts, places and reasons; no cell of the file and nothing personal.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.publish.sheets.page import A4, LINE
from xiezuo.publish.sheets.styles import Styles, text_width

_FATES = (
    ("读取", "read"), ("新增或更正", "loaded"), ("与已有相同", "unchanged"), ("已有更新的", "superseded"),
    ("表内重复", "duplicate"), ("待更正", "quarantined"), ("表头合计等", "ignored"),
)  # fmt: skip
_COLUMNS = 10
_WIDTHS = (26, 12, 6, *[15.0] * 7)
_MOST_ROWS = 200
"""Rows that wait are listed up to here; all of them are in the return workbook."""


@dataclass(frozen=True)
class Said:
    """What became of one table of a file: a row of ``publish/receipt_batches.sql``, its dataset by its Chinese name."""

    dataset_zh: str
    facts: dict[str, Any]

    @property
    def title(self) -> str:
        """Name the table."""
        sheet = self.facts["sheet"]
        return f"{self.dataset_zh}（{sheet}）" if sheet else self.dataset_zh


@dataclass(frozen=True)
class Receipt:
    """All that a receipt says. ``waiting`` are rows that wait: sheet, row, column, reason."""

    county_zh: str
    unit_zh: str
    place: str
    number: str
    landed_at: datetime
    outcome_zh: str
    next_zh: Sequence[str]
    tables: Sequence[Said]
    waiting: Sequence[tuple[str, int, str, str]]


def receipt_workbook(receipt: Receipt) -> bytes:
    """Return the receipt as a workbook; the same receipt gives the same bytes."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        book.set_properties({"title": "报送回执", "created": receipt.landed_at.replace(tzinfo=None)})
        _Page(book.add_worksheet("回执"), Styles(book)).write(receipt)
    return content.getvalue()


class _Page:
    """The sheet, written from top to bottom."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self._sheet, self._styles, self._row = sheet, styles, 0

    def write(self, receipt: Receipt) -> None:
        sheet, styles = self._sheet, self._styles
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 30)
        sheet.merge_range(0, 0, 0, _COLUMNS - 1, "报送回执", styles.title)
        self._row = 1
        landed = receipt.landed_at
        self._pair("县", receipt.county_zh)
        self._pair("报送单位", receipt.unit_zh)
        self._pair("文件", receipt.place)
        self._pair("收到时间", f"{landed:%Y-%m-%d %H:%M}    编号 {receipt.number}")
        self._pair("结果", receipt.outcome_zh)
        self._pair("下一步", "\n".join(receipt.next_zh))
        read = [said for said in receipt.tables if said.facts["state"] == "loaded"]
        if read:
            self._chapter("各表处理情况")
            self._line(("数据", "截至日期", "单位", *(name for name, _ in _FATES)), styles.header)
            for said in read:
                self._fates(said)
            self._chapter("与上一次报送相比，以及现行版本")
            for said in read:
                self._pair(said.title, _compared(said.facts))
        for said in receipt.tables:
            if said.facts["state"] != "loaded":
                self._pair(said.title or "文件", said.facts["refusal_zh"])
        if notes := [(said.title, one) for said in read for one in said.facts["warnings_zh"]]:
            self._chapter("提示（已计入，请核对）")
            for title, note in notes:
                self._pair(title, note)
        self._waiting(receipt.waiting)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, self._row, _COLUMNS - 1)

    def _fates(self, said: Said) -> None:
        facts, styles = said.facts, self._styles
        day = facts["covers_to"]
        lines = [("行", "rows", styles.number(money=False, whole=True, at_least=False))]
        if facts["yuan_read"]:
            lines.append(("元", "yuan", styles.number(money=True, whole=False, at_least=False)))
        for unit, prefix, look in lines:
            self._sheet.write_string(self._row, 0, said.title, styles.text)
            self._sheet.write_string(self._row, 1, day.isoformat() if day else "", styles.centred)
            self._sheet.write_string(self._row, 2, unit, styles.centred)
            for column, (_, fate) in enumerate(_FATES, start=3):
                self._sheet.write_number(self._row, column, float(facts[f"{prefix}_{fate}"]), look)
            self._sheet.set_row(self._row, LINE * max(1, ceil(text_width(said.title) * 1.1 / _WIDTHS[0])))
            self._row += 1

    def _waiting(self, waiting: Sequence[tuple[str, int, str, str]]) -> None:
        if not waiting:
            return
        self._chapter("待更正的行")
        for sheet, row_no, column, reason in waiting[:_MOST_ROWS]:
            self._pair(f"{sheet} 第 {row_no} 行", f"“{column}”：{reason}")
        if len(waiting) > _MOST_ROWS:
            self._pair("", f"共 {len(waiting)} 处，其余见退回修改表")

    def _chapter(self, text: str) -> None:
        self._sheet.merge_range(self._row, 0, self._row, _COLUMNS - 1, text, self._styles.chapter)
        self._row += 1

    def _line(self, texts: Sequence[str], look: Any) -> None:
        for column, text in enumerate(texts):
            self._sheet.write_string(self._row, column, text, look)
        self._row += 1

    def _pair(self, name: str, text: str) -> None:
        """Write a name and, over the other columns, what is to be said of it."""
        wide = sum(_WIDTHS[1:])
        lines = sum(max(1, ceil(text_width(part) * 1.1 / wide)) for part in text.split("\n"))
        self._sheet.set_row(self._row, LINE * max(lines, ceil(text_width(name) * 1.1 / _WIDTHS[0])))
        self._sheet.write_string(self._row, 0, name, self._styles.text)
        self._sheet.merge_range(self._row, 1, self._row, _COLUMNS - 1, "", self._styles.text)
        self._sheet.write_string(self._row, 1, text, self._styles.text)
        self._row += 1


def _compared(facts: dict[str, Any]) -> str:
    """Say what a delivery changed against the one before it, and which one is current."""
    own = facts["rows_read"] - facts["rows_ignored"]
    if facts["before_uri"] is None:
        said = f"首次报送，{own} 行"
    else:
        more = own - facts["before_rows"]
        change = f"多 {more} 行" if more > 0 else f"少 {-more} 行" if more else "行数相同"
        before = _of(facts["before_uri"], facts["before_to"])
        said = f"上一次（{before}）{facts['before_rows']} 行，本次 {own} 行，{change}"
    said += f"；其中新增或更正 {facts['rows_loaded']} 行"
    if facts["rows_withdrawn"]:
        said += f"，原有 {facts['rows_withdrawn']} 行本次不再列出，已不计入"
    if facts["newest_uri"] is not None:
        said += f"。\n现行版本：{_of(facts['newest_uri'], facts['newest_to'])}"
    elif facts["delivery"] == "increment":
        said += "。\n本表是增量，与此前各次合并计算"
    return said


def _of(uri: str, day: Any) -> str:
    name = uri.partition("#")[0].rpartition("/")[2]
    return f"{name}，截至 {day}" if day else name
