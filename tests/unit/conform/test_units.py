"""The unit of amounts, from real workbooks: whatever names one is understood, or the file is refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import xlsxwriter
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed, conform
from xiezuo.conform.ledgers.sheets import ledgers_of
from xiezuo.conform.ledgers.tables import table_of_sheet
from xiezuo.conform.readers import read_file
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.conform.shape import examine
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.values.privacy import Privacy

SETTINGS = Settings.from_env({})
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
PRIVACY = Privacy(b"k" * 32, Fernet.generate_key().decode())
AROUND = Surroundings(COUNTY, DIVISIONS, PRIVACY, date(2022, 12, 31))
FUND = [contract for contract in load_contracts(SETTINGS.root).values() if contract.source == "fund"]
TITLE = "会宁县东西部协作资金支付明细"
HEADER = ("支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额", "用途")
AMOUNT = 4
ASKED = {"UNIT_MISSING", "UNIT_DOUBTFUL", "UNIT_CONTRADICTS"}


@dataclass
class Book:
    """A workbook of payments in the making: ``above`` and ``below`` the table of ``amounts``."""

    above: list[list[Any]] = field(default_factory=lambda: [[TITLE]])
    header: list[Any] = field(default_factory=lambda: list(HEADER))
    under: list[list[Any]] = field(default_factory=list)
    amounts: list[Any] = field(default_factory=lambda: [560.25, 560.25])
    below: list[list[Any]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    number_format: str = ""
    sheet: str = "Sheet1"
    file: str = "支付明细.xlsx"
    extra: list[Any] = field(default_factory=list)
    aside: tuple[str, str] = ("", "")

    def rows(self) -> list[list[Any]]:
        paid = [[f"P{n}", "X1", "2022-09-02", "某公司", amount, "款", *self.extra] for n, amount in enumerate(self.amounts)]
        return [*self.above, self.header, *self.under, *paid, *self.below]

    def save(self, folder: Path) -> Path:
        path = folder / self.file
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet(self.sheet)
            shown = workbook.add_format({"num_format": self.number_format} if self.number_format else {})
            for row, cells in enumerate(self.rows()):
                for column, cell in enumerate(cells):
                    is_amount = column == AMOUNT and isinstance(cell, int | float)
                    sheet.write(row, column, cell, shown if is_amount else None)
            if self.aside[0] == "page":
                sheet.set_header(f"&C{TITLE}&R{self.aside[1]}")
            elif self.aside[0] == "box":
                sheet.insert_textbox(0, 5, self.aside[1])
            elif self.aside[0] == "comment":
                sheet.write_comment(1, AMOUNT, self.aside[1])
            for top, left, bottom, right in self.merged:
                cells = self.rows()[top]
                sheet.merge_range(top, left, bottom, right, cells[left] if left < len(cells) else None)
        return path


def take(book: Book, folder: Path) -> Conformed:
    """Read, match, cut and conform one workbook as intake does."""
    path = book.save(folder)
    [(sheet, match)] = ledgers_of(read_file(path), FUND, COUNTY, path.name).matched
    found = conform(table_of_sheet(sheet, match, PurePosixPath(path.name), DIVISIONS), AROUND)
    examine(found, PRIVACY)
    return found


def yuan(book: Book, folder: Path) -> list[Decimal]:
    return [row["amount_yuan"] for row in take(book, folder).rows]


def refusal(book: Book, folder: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        take(book, folder)
    return refused.value


NOTES = [
    "单位：万元", "（万元）", "单位（万元）", "单位 万元", "(单位:万元)", "货币单位：人民币 万元", "单位：万 元", "万元", "单位：万",
    "单位：人民币（万元）", "金额单位:  RMB万元", "【万元】", "单位\n：\n万元", "以万元为单位", "单位:萬元",
]  # fmt: skip


@pytest.mark.parametrize("note", NOTES)
def test_a_note_at_the_right_of_the_line_above_is_the_unit(note: str, tmp_path: Path) -> None:
    """560.25 under 万元 is 5,602,500 元, however the note is written."""
    book = Book(above=[[TITLE], [None, None, None, None, None, note]])
    assert yuan(book, tmp_path) == [Decimal("5602500.00")] * 2


def heading(text: str) -> list[Any]:
    return [*HEADER[:AMOUNT], text, *HEADER[AMOUNT + 1 :]]


PLACES: dict[str, Callable[[str, str], Book]] = {
    "right of the title": lambda note, _: Book(above=[[TITLE, None, None, None, None, note]]),
    "left": lambda note, _: Book(above=[[TITLE], [note]]),
    "over the column": lambda note, _: Book(above=[[TITLE], [None, None, None, None, note]]),
    "in the title": lambda note, _: Book(above=[[f"{TITLE}（{note}）"]]),
    "merged over the column": lambda note, _: Book(
        above=[[TITLE], [None, None, None, None, note]], merged=[(1, AMOUNT, 1, AMOUNT + 1)]
    ),
    "in the header": lambda note, _: Book(header=heading(f"支付金额（{note}）")),
    "on a line of the header": lambda note, _: Book(header=heading(f"支付金额\n（{note}）")),
    "at the end of the header": lambda note, _: Book(header=[*HEADER, note]),
    "under the header": lambda note, _: Book(under=[[None, None, None, None, note]]),
    "below the rows": lambda note, _: Book(below=[[note]]),
    "in a note": lambda note, _: Book(below=[[f"注：{note}"]]),
    "beside the total": lambda note, _: Book(below=[[f"合计（{note}）", None, None, None, 1120.5]]),
    "page header": lambda note, _: Book(aside=("page", note)),
    "text box": lambda note, _: Book(aside=("box", note)),
    "name of the sheet": lambda _, unit: Book(sheet=f"明细（{unit}）"),
    "name of the file": lambda _, unit: Book(file=f"支付明细（{unit}）.xlsx"),
    "column of units": lambda _, unit: Book(header=[*HEADER, "单位"], extra=[unit]),
    "number format": lambda _, unit: Book(number_format=f'#,##0.00"{unit}"'),
}
"""Where offices say a unit: given a note and its bare unit, a workbook."""

WORTH = {"元": 1, "千元": 1000, "万元": 10**4, "百万元": 10**6}


@pytest.mark.parametrize("place", PLACES)
def test_a_unit_is_found_wherever_it_stands(place: str, tmp_path: Path) -> None:
    assert yuan(PLACES[place]("单位：千元", "千元"), tmp_path) == [Decimal("560250.00")] * 2


def test_a_unit_in_a_comment_is_asked_about(tmp_path: Path) -> None:
    """A comment may be on another cell: it is no unit for sure, but no silence either."""
    refused = refusal(Book(aside=("comment", "单位：千元"), amounts=[40000]), tmp_path)
    assert (refused.code, "批注" in refused.zh) == ("UNIT_DOUBTFUL", True)


@st.composite
def noted(draw: st.DrawFn) -> tuple[Book, Decimal]:
    """Compose a workbook whose unit stands in one place, in one of many spellings; return it with 元 a row."""
    unit = draw(st.sampled_from(sorted(WORTH)))
    gap = draw(st.sampled_from(("", " ", "\u3000")))
    label = draw(st.sampled_from(("单位", "金额单位", "货币单位", "计量单位", "单 位", "", "以上单位均为", "注：单位")))
    separator = draw(st.sampled_from(("：", ":", " ", "")))
    opened, closed = draw(st.sampled_from((("", ""), ("（", "）"), ("(", ")"), ("【", "】"), ("“", "”"))))
    core = draw(st.sampled_from(("", "人民币", "人民币 ", "RMB", "￥"))) + gap.join(unit)
    note = draw(st.sampled_from((f"{label}{separator}{opened}{core}{closed}", f"{opened}{label}{separator}{core}{closed}")))
    book = draw(st.sampled_from(list(PLACES.values())))(note, unit)
    return book, Decimal("560.25") * WORTH[unit]


def right_or_refused(noted: tuple[Book, Decimal]) -> None:
    """Hold a workbook to what it says: its amounts are right, or it is refused; never another factor."""
    book, expected = noted
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = yuan(book, Path(folder))
        except FileRefused as refused:
            assert refused.code in ASKED | {"COLUMNS_MISSING", "NO_LEDGER_FOUND"}
            return
        assert set(found) == {expected}


@settings(max_examples=12, deadline=None)
@given(noted())
def test_a_note_in_any_spelling_and_place_is_right_or_refused(noted: tuple[Book, Decimal]) -> None:
    right_or_refused(noted)


@pytest.mark.sweep
@settings(max_examples=600, deadline=None)
@given(noted())
def test_many_notes_in_any_spelling_and_place_are_right_or_refused(noted: tuple[Book, Decimal]) -> None:
    right_or_refused(noted)


@pytest.mark.parametrize(
    ("above", "header", "where"),
    [
        ([[TITLE], [None, None, None, None, None, "单位：元、万元"]], "支付金额", "F2 格“元”、F2 格“万元”"),
        ([[TITLE, None, None, None, None, "单位：元"], ["（万元）"]], "支付金额", "F1 格“元”、A2 格“万元”"),
        ([[TITLE]], "支付金额（元/万元）", "表头“元”"),
        ([[TITLE, None, None, "单位：元□ 万元☑"]], "支付金额", "D1 格"),
    ],
)
def test_two_units_refuse_the_file_with_their_places(
    above: list[list[Any]], header: str, where: str, tmp_path: Path
) -> None:
    book = Book(above=above)
    book.header[AMOUNT] = header
    refused = refusal(book, tmp_path)
    assert refused.code == "UNIT_CONTRADICTS"
    assert where in refused.zh
    assert "支付金额" in refused.zh


def test_a_header_that_names_its_unit_wins_over_the_title(tmp_path: Path) -> None:
    book = Book(above=[[TITLE], [None, None, None, None, None, "单位：万元"]], amounts=[560.25])
    book.header[AMOUNT] = "支付金额（元）"
    assert yuan(book, tmp_path) == [Decimal("560.25")]


@pytest.mark.parametrize("note", ["单位：万美元", "币种：港币", "（USD）"])
def test_another_currency_refuses_the_file(note: str, tmp_path: Path) -> None:
    refused = refusal(Book(above=[[TITLE], [note]]), tmp_path)
    assert refused.code == "MONEY_CURRENCY"
    assert "A2 格" in refused.zh


@pytest.mark.parametrize("note", ["单位：人", "（单位：个）", "填报单位：会宁县财政局", "单位：会宁县乡村振兴局", "填报单位：万源镇政府"])
def test_a_unit_of_people_or_an_office_is_no_unit_of_money(note: str, tmp_path: Path) -> None:
    """What is nowhere said is 元 by the contract where only that makes sense, and asked for where it does not."""
    assert yuan(Book(above=[[TITLE], [note]], amounts=[400000, 650000.5]), tmp_path)[0] == Decimal("400000.00")
    assert refusal(Book(above=[[TITLE], [note]]), tmp_path).code == "UNIT_MISSING"


def test_amounts_that_fit_both_units_are_asked_for_by_sheet_and_column(tmp_path: Path) -> None:
    refused = refusal(Book(), tmp_path)
    assert refused.code == "UNIT_MISSING"
    assert all(said in refused.zh for said in ("Sheet1", "支付金额", "（元）", "（万元）"))


def test_amounts_that_name_their_unit_need_no_other(tmp_path: Path) -> None:
    assert yuan(Book(amounts=["560.25万元", "560元"]), tmp_path) == [Decimal("5602500.00"), Decimal("560.00")]


def test_a_word_that_may_be_the_unit_is_asked_about_where_it_matters(tmp_path: Path) -> None:
    refused = refusal(Book(above=[[f"{TITLE}亿元产业园"]], amounts=[0.5, 100, 200]), tmp_path)
    assert refused.code in ASKED
    doubtful = Book(above=[[f"{TITLE}万元"]], amounts=[5000])
    assert "A1 格" in refusal(doubtful, tmp_path).zh
    assert yuan(Book(above=[[f"{TITLE}万元"]], amounts=[400000]), tmp_path) == [Decimal("400000.00")]


@pytest.mark.parametrize(
    ("header", "code", "typed", "expected"),
    [
        ("支付金额", '0.00"万元"', 560.25, "5602500.00"),
        ("支付金额（万元）", "0!.0,", 20000, "20000.00"),
        ("支付金额（万元）", "0!.0000", 20000, "20000.00"),
        ("支付金额（万元）", '0!.0,"万"', 20000, "20000.00"),
        ("支付金额", '0!.0,"万"', 5602500, "5602500.00"),
        ("支付金额（元）", '0!.0,"万"', 5602500, "5602500.00"),
        ("支付金额（千元）", "#,##0,", 560250, "560250.00"),
        ("支付金额（万元）", '_ "￥"* #,##0.00_ ', 560.25, "5602500.00"),
        ("支付金额（元）", "#,##0.00", 560.25, "560.25"),
        ("支付金额（元）", "0.00;[Red]-0.00", 560.25, "560.25"),
    ],
)
def test_an_amount_is_what_its_number_format_shows(
    header: str, code: str, typed: float, expected: str, tmp_path: Path
) -> None:
    book = Book(amounts=[typed], number_format=code)
    book.header[AMOUNT] = header
    assert yuan(book, tmp_path) == [Decimal(expected)]


@pytest.mark.parametrize(
    ("header", "code"),
    [("支付金额", "0!.0,"), ("支付金额（元）", "#,##0,"), ("支付金额（万元）", "#,##0,"), ("支付金额（元）", "0.00%")],
)
def test_a_format_that_shows_another_unit_than_is_said_refuses(header: str, code: str, tmp_path: Path) -> None:
    book = Book(amounts=[560250], number_format=code)
    book.header[AMOUNT] = header
    refused = refusal(book, tmp_path)
    assert refused.code == "UNIT_DOUBTFUL"
    assert "E3 格" in refused.zh


def test_a_note_merged_over_one_of_two_amounts_is_that_one_s(tmp_path: Path) -> None:
    """Of the other nobody knows whether it is meant."""
    header = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金", "计划投资"]
    rows = [header, ["P1", "大棚", "产业培育", "甲〔2022〕1号", 60, 5000]]
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 3, 0, 4, "单位：万元")
        for number, cells in enumerate(rows, start=1):
            sheet.write_row(number, 0, cells)
    [(sheet_read, match)] = ledgers_of(read_file(path), FUND, COUNTY, path.name).matched
    table = table_of_sheet(sheet_read, match, PurePosixPath(path.name), DIVISIONS)
    assert table.units == {"allocated_yuan": Decimal(10000)}
    assert set(table.unit_doubts) == {"planned_yuan"}
    with pytest.raises(FileRefused, match="D1 格"):
        examine(conform(table, AROUND), PRIVACY)


def test_a_line_of_units_under_the_header_is_each_column_s_own(tmp_path: Path) -> None:
    header = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金", "计划投资", "受益户数"]
    rows = [header, [None, None, None, None, "（万元）", "（元）", "（户）"], ["P1", "大棚", "产业培育", "甲〔2022〕1号", 60, 700000, 3]]
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    [(sheet_read, match)] = ledgers_of(read_file(path), FUND, COUNTY, path.name).matched
    table = table_of_sheet(sheet_read, match, PurePosixPath(path.name), DIVISIONS)
    assert table.units == {"allocated_yuan": Decimal(10000), "planned_yuan": Decimal(1)}
    assert [number for number, _ in table.rows] == [3]


def test_a_count_is_what_its_number_format_shows(tmp_path: Path) -> None:
    header = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）", "受益人口"]
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, header)
        for row, code in enumerate(('0.0"万人"', '0!.0,"万"', '0"人"'), start=1):
            sheet.write_row(row, 0, [f"P{row}", "大棚", "产业培育", "甲〔2022〕1号", 60])
            sheet.write_number(row, 5, 3 if row != 2 else 30000, workbook.add_format({"num_format": code}))
    [(sheet_read, match)] = ledgers_of(read_file(path), FUND, COUNTY, path.name).matched
    found = conform(table_of_sheet(sheet_read, match, PurePosixPath(path.name), DIVISIONS), AROUND)
    assert [row["people"] for row in found.rows] == [30000, 30000, 3]
