"""The station workbook (收表模板): a ledger with what goes on filled in, a choice a row, a check column, and one tick.

No macros, so that Excel, WPS and LibreOffice open it alike; protected without a password: what identifies a row is
locked, and below the prefilled rows everything may be typed. What is stamped into it is in :mod:`xiezuo.conform.forms`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.format import Format  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.conform.forms import (
    BEFORE_SHEET,
    CHECK,
    CHOICES,
    CORRECTED,
    ENDED,
    GUIDE_SHEET,
    LISTS_SHEET,
    NEW,
    NIL,
    NUMBER,
    STAMP_SHEET,
    STRUCK,
    TICK,
    UNCHANGED,
)
from xiezuo.publish.sheets.styles import BODY_FONT, HEADING_FONT, cell_width

HEADER = 3
"""Row of the header, from 0; above it stand the title, the line of unit and date, and the tick."""
OURS = 3
"""Our columns, before those of the ledger."""
FINE = "✓"
_NEW_ROWS, _LISTED_ROWS = 40, 2000
"""Rows below the prefilled ones with a frame and a check, and down to which lists are offered."""
_WIDEST = 26.0
_WEIGHTS = "{7;9;10;5;8;4;2;1;6;3;7;9;10;5;8;4;2}"
_PLACES = "{1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17}"
_MAY = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "autofilter", "sort", "select_locked_cells"), True
)
_DAYS = frozenset(("day", "day_or_month", "day_or_month_end", "month"))


@dataclass(frozen=True)
class Column:
    """One column of the ledger: its field, its header, the words of its list, and what is to be watched of it."""

    name: str
    label: str
    words: Sequence[str]
    type: str
    is_required: bool
    is_locked: bool
    is_text: bool
    is_begin: bool
    is_end: bool


@dataclass(frozen=True)
class Page:
    """What a workbook says: whose it is and of when, its columns, and the prefilled rows by field.

    ``choices`` are what may be said of a prefilled row, ``folder`` is where the workbook goes back to, ``ended_label``
    the header of the column that says when something ended, empty where there is none.
    """

    county: str
    ledger: str
    unit: str
    period: str
    last: date
    every: str
    columns: Sequence[Column]
    lines: Sequence[Mapping[str, Any]]
    choices: Sequence[str]
    folder: str
    ended_label: str


def form_workbook(page: Page, stamp: Sequence[str]) -> bytes:
    """Return the workbook; the same page and stamp give the same bytes."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, options) as book:
        book.set_properties({"title": f"{page.county}{page.ledger}", "created": datetime.combine(page.last, time())})
        sheet = book.add_worksheet(page.ledger[:31])
        _guide(book, book.add_worksheet(GUIDE_SHEET), page)
        lists, before, sealed = (book.add_worksheet(name) for name in (LISTS_SHEET, BEFORE_SHEET, STAMP_SHEET))
        _Ledger(book, sheet, page).write(lists)
        for row, line in enumerate(page.lines):
            before.write_string(row, 0, str(row + 1))
            for place, column in enumerate(page.columns, start=1):
                _write(before, row, place, line.get(column.name), None)
        for row, text in enumerate(stamp):
            sealed.write_string(row, 0, text)
        lists.hide()
        before.very_hidden()
        sealed.very_hidden()
    return content.getvalue()


class _Ledger:
    """Writes the sheet that is filled in."""

    def __init__(self, book: Workbook, sheet: Worksheet, page: Page) -> None:
        self._book, self._sheet, self._page = book, sheet, page
        self._first, self._count = HEADER + 1, len(page.lines)
        self._end = self._first + self._count + _NEW_ROWS
        self._last_column = max(OURS + len(page.columns) - 1, 7)
        self._looks: dict[tuple[Any, ...], Format] = {}

    def write(self, lists: Worksheet) -> None:
        self._top()
        self._columns()
        for row in range(self._first, self._end):
            at = row - self._first
            self._row(row, at + 1 if at < self._count else 0, self._page.lines[at] if at < self._count else {})
        self._offer_lists(lists)
        self._marks()
        sheet: Any = self._sheet
        sheet.protect("", _MAY)
        sheet.freeze_panes(self._first, OURS + 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER)
        sheet.set_footer("&C第 &P 页，共 &N 页")

    def _look(self, **more: Any) -> Format:
        """Return a cell format, made once."""
        key = tuple(sorted(more.items()))
        if key not in self._looks:
            plain = {"font_name": BODY_FONT, "font_size": 11, "valign": "vcenter"}
            self._looks[key] = self._book.add_format(plain | more)
        return self._looks[key]

    def _top(self) -> None:
        sheet, page, last = self._sheet, self._page, self._last_column
        heading = {"font_name": HEADING_FONT, "bold": True}
        title = self._look(**heading, font_size=16, align="center")
        line, typed = self._look(), self._look(locked=False, align="right")
        half = OURS + max(1, (last - OURS) // 2)
        sheet.merge_range(0, 0, 0, last, f"{page.county}{page.ledger}（{_period_zh(page)}）", title)
        sheet.set_row(0, 30)
        sheet.merge_range(1, 0, 1, half, f"填报单位：{page.unit}" if page.unit else "", line)
        day = page.last
        sheet.merge_range(1, half + 1, 1, last, f"填报日期：{day.year}年{day.month}月{day.day}日", typed)
        nil = NIL[page.every]
        sheet.merge_range(2, 0, 2, OURS - 1, nil, self._look(**heading, align="right"))
        tick = self._look(**heading, font_size=14, border=2, align="center", locked=False, bg_color="#FFF9E5")
        sheet.write_blank(2, OURS, None, tick)
        sheet.data_validation(2, OURS, 2, OURS, {"validate": "list", "source": [TICK]})
        said = f"← {nil[:-3]}没有新增的，在左边格选“{TICK}”；有新增的留空，填在下面空行里"
        sheet.merge_range(2, OURS + 1, 2, last, said, self._look(font_color="#7F7F7F"))
        sheet.set_row(2, 22)

    def _columns(self) -> None:
        sheet = self._sheet
        head = {"font_name": HEADING_FONT, "bold": True, "border": 1, "text_wrap": True, "align": "center"}
        ours: tuple[tuple[str, float], ...] = ((NUMBER, 6), (CHOICES[self._page.every], 10), (CHECK, 30))
        for place, (text, width) in enumerate(ours):
            sheet.write_string(HEADER, place, text, self._look(**head, bg_color="#EDEDED"))
            sheet.set_column(place, place, width, None if place != 1 else self._look(locked=False))
        for place, column in enumerate(self._page.columns, start=OURS):
            star = {"font_color": "#9C0006"} if column.is_required else {}
            sheet.write_string(HEADER, place, column.label, self._look(**head, bg_color="#E7EEF5", **star))
            widest = max((cell_width(str(line.get(column.name) or "")) for line in self._page.lines), default=0)
            label = cell_width(column.label)
            width = min(max(widest, label if label < 14 else label / 2 + 4, 9), _WIDEST)
            look = self._look(locked=False, **({"num_format": "@"} if column.is_text else {}))
            sheet.set_column(place, place, width, look)
        sheet.set_row(HEADER, 34)

    def _row(self, row: int, number: int, line: Mapping[str, Any]) -> None:
        """Write a row: prefilled where it has a ``number``, else empty and open."""
        sheet, page = self._sheet, self._page
        sheet.set_row(row, 18)
        end = next((c.name for c in page.columns if c.is_end), "")
        ended = str(line.get(end) or "9999") < page.last.isoformat()
        grey = {"font_color": "#7F7F7F"} if ended else {}
        ours = self._look(border=1, bg_color="#F5F5F5", align="center", **grey)
        choice = self._look(border=1, bg_color="#FFF9E5", align="center", locked=False)
        if number:
            sheet.write_string(row, 0, str(number), ours)
            sheet.write_string(row, 1, UNCHANGED, choice)
        else:
            sheet.write_blank(row, 0, None, ours)
            sheet.write_blank(row, 1, None, choice)
        lacking = next((c.label for c in page.columns if c.is_required and line.get(c.name) is None), "")
        shown = "" if not number else f"“{lacking}”未填" if lacking else FINE
        sheet.write_formula(row, 2, self._check(row + 1), self._look(border=1, bg_color="#F5F5F5"), shown)
        for place, column in enumerate(page.columns, start=OURS):
            value = line.get(column.name)
            is_locked = bool(number) and column.is_locked and value is not None
            look: dict[str, Any] = {"border": 1} | grey | ({"num_format": "@"} if column.is_text else {})
            look |= {"bg_color": "#F5F5F5"} if is_locked else {"locked": False}
            _write(sheet, row, place, value, self._look(**look))

    def _check(self, line: int) -> str:
        """Return the formula of the check column: what is wrong first, a tick where nothing is."""
        page = self._page
        at = {c.name: f"{xl_col_to_name(place)}{line}" for place, c in enumerate(page.columns, start=OURS)}
        first, last = xl_col_to_name(OURS), xl_col_to_name(OURS + len(page.columns) - 1)
        cells, number, choice = f"{first}{line}:{last}{line}", f"$A{line}", f"$B{line}"
        tests = [(f'{at[c.name]}=""', f"“{c.label}”未填") for c in page.columns if c.is_required]
        for c in page.columns:
            if c.type == "identity_number":
                cell = at[c.name]
                summed = f"SUMPRODUCT(MID({cell},{_PLACES},1)*{_WEIGHTS})"
                digit = f'MID("10X98765432",MOD({summed},11)+1,1)'
                tests += [(f"LEN({cell})<>18", f"“{c.label}”不是18位"),
                          (f"IFERROR({digit}<>UPPER(RIGHT({cell},1)),TRUE)", f"“{c.label}”有误")]  # fmt: skip
        begin, end = (next((c for c in page.columns if getattr(c, what)), None) for what in ("is_begin", "is_end"))
        if begin and end:
            b, e = at[begin.name], at[end.name]
            are_iso = f'MID({b},5,1)="-",MID({e},5,1)="-",LEN({b})=LEN({e})'
            tests.append((f"AND({are_iso},{e}<{b})", f"“{end.label}”早于“{begin.label}”"))
        if end:
            tests.append((f'AND({choice}="{ENDED}",{at[end.name]}="")', f"请填“{end.label}”"))
        rest = f'"{FINE}"'
        if self._count:
            table = f"'{BEFORE_SHEET}'!$B$1:${xl_col_to_name(len(page.columns))}${self._count}"
            before = f"INDEX({table},MATCH({number},'{BEFORE_SHEET}'!$A$1:$A${self._count},0),0)"
            changed = f"IFERROR(SUMPRODUCT(--({cells}<>{before}))>0,FALSE)"
            other = f"请选“{CORRECTED}”" + (f"或“{ENDED}”" if ENDED in page.choices else "")
            rest = (
                f'IF({number}="",{rest},IF(AND({choice}="{UNCHANGED}",{changed}),"有改动，{other}",'
                f'IF(AND({choice}="{CORRECTED}",NOT({changed})),"没有改动，请选“{UNCHANGED}”",{rest})))'
            )
        nil = f"${xl_col_to_name(OURS)}$3"
        tests += [(f'AND({number}<>"",{choice}="")', f"请选“{CHOICES[page.every]}”"),
                  (f'AND({number}="",{nil}<>"")', f"已勾选{NIL[page.every]}，请核对")]  # fmt: skip
        for test, said in reversed(tests):
            rest = f'IF({test},"{said}",{rest})'
        return f'=IF(COUNTA({cells})=0,"",IF({choice}="{STRUCK}","不再计入",{rest}))'

    def _offer_lists(self, lists: Worksheet) -> None:
        """Offer words in lists; another word may be typed, and is asked about when it is read."""
        sheet, page, last = self._sheet, self._page, self._first + _LISTED_ROWS
        column = 0
        new = self._first + self._count
        if self._count:
            sheet.data_validation(self._first, 1, new - 1, 1, {"validate": "list", "source": [*page.choices]})
        sheet.data_validation(new, 1, last, 1, {"validate": "list", "source": [NEW]})
        for place, one in enumerate(page.columns, start=OURS):
            if one.words:
                lists.write_column(0, column, one.words)
                letter = xl_col_to_name(column)
                source = f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(one.words)}"
                sheet.data_validation(self._first, place, last, place, {
                    "validate": "list", "source": source, "error_type": "warning", "error_title": "不在列表中",
                    "error_message": "请尽量从列表中选择；确需另填的，读入时可能需要县办确认。",
                })  # fmt: skip
                column += 1
            elif one.type in _DAYS:
                sheet.data_validation(new, place, last, place, {
                    "validate": "any", "input_title": one.label[:32], "input_message": "写成 2022-03-05 或 2022-03",
                })  # fmt: skip

    def _marks(self) -> None:
        """Colour what the check column says, and rows that are said to have changed."""
        bad = self._book.add_format({"bg_color": "#FFE699", "font_color": "#9C0006"})
        good = self._book.add_format({"font_color": "#548235"})
        c, row = "C", self._first + 1
        span = (self._first, 2, self._end - 1, 2)
        self._sheet.conditional_format(*span, {"type": "formula", "criteria": f'=${c}{row}="{FINE}"', "format": good})
        self._sheet.conditional_format(*span, {"type": "formula", "criteria": f"=LEN(${c}{row})>1", "format": bad})


def _write(sheet: Worksheet, row: int, column: int, value: Any, look: Format | None) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value), look)


def _period_zh(page: Page) -> str:
    day = page.last
    if page.every == "month":
        return f"{day.year}年{day.month}月"
    return f"{day.year}年第{'一二三四'[(day.month - 1) // 3]}季度" if page.every == "quarter" else f"{day.year}年度"


def _guide(book: Workbook, sheet: Worksheet, page: Page) -> None:
    title = book.add_format({"font_name": HEADING_FONT, "bold": True, "font_size": 16})
    text = book.add_format({"font_name": BODY_FONT, "font_size": 12, "text_wrap": True, "valign": "top"})
    head, nil = CHOICES[page.every], NIL[page.every]
    known = [f"“{UNCHANGED}”——照旧，不要改动本行"]
    if page.ended_label:
        known.append(f"“{ENDED}”——请在本行填写“{page.ended_label}”")
    known.append(f"“{CORRECTED}”——直接在本行改正")
    if STRUCK in page.choices:
        known.append(f"“{STRUCK}”——本行本来就不该有，不再计入")
    lines = [f"{page.ledger}填写说明（{_period_zh(page)}）"]
    if page.lines:
        lines += [
            f"已填好 {len(page.lines)} 行，是贵单位此前报过的。每行在“{head}”一栏选一项：{'；'.join(known)}。",
            "已填好的行请不要删除，已经结束的也要留着：本年的数字要算它们。",
            "灰色的格是认这一行用的，已锁定。锁定的内容登记错了的"
            + (f"，在该行选“{STRUCK}”，再在下面空行里填一行正确的。" if STRUCK in page.choices else "，请联系县办。"),
        ]  # fmt: skip
    lines += [
        f"新增的写在下面的空行里，一行一条，“{NUMBER}”留空；红色表头的列必须填写；有下拉箭头的请从列表中选择。",
        f"没有新增的，在表上方“{nil}”右边选“{TICK}”，其余照常，同样算已报。",
        f"“{CHECK}”一栏显示“{FINE}”的行没有发现问题；显示文字的，请照文字改好再交。",
        "日期写成 2022-03-05，只知道月份的写成 2022-03；金额按表头写明的单位，只填数字。",
        f"填好后保存为 xlsx，放进收件夹：{page.folder}。文件名可以随意改；请不要改动表头，不要删除隐藏的工作表。",
        "交上去的表如与此前报的对不上，系统会说明是哪一行、怎样改；改好再放一次即可。",
        "本表含个人信息的，请妥善保管，不要外传。",
    ]  # fmt: skip
    sheet.set_column(0, 0, 78)
    sheet.set_paper(9)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line if row == 0 else f"{row}. {line}", text if row else title)
        if row:
            sheet.set_row(row, 18 * max(1, -(-int(cell_width(line)) // 80)))
    sheet.protect("", _MAY)
