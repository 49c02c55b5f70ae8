"""Texts of a workbook stay the texts they are: no formula, no broken file, no lost end without a mark."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.data import workbook_contents
from xiezuo.publish.documents.content import Check, Column, Content, Passage, Row, Table
from xiezuo.publish.documents.workbook import render
from xiezuo.publish.documents.workbook.texts import (
    CELL_LIMIT,
    SheetFull,
    SheetNames,
    cell_text,
    cut,
    exact_float,
    header_text,
    looks_like_formula,
    utf16_length,
)

FORMULA_LIKE = [
    "=1+1", '=HYPERLINK("http://invalid","点我")', "+1", "-1", "-建设内容", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1", "＝1+1", "＋1",
    "－1", "＠a", " =1+1", "\u200b=cmd|' /C calc'!A0", "\ufeff@x",
]  # fmt: skip
PLAIN = [
    "会师镇",
    "1=1",
    "a-b",
    "",
    "'=1",
    "http://invalid/a",
    "00123",
    "1e5",
    "TRUE",
    "2022-01-01",
    "{=1}",
    "<b>&amp;",
    "_x0041_",
]


def content_of(texts: list[str]) -> Content:
    table = Table(
        key="texts", zh="文字", columns=(Column(key="text", zh="文字", kind="text"),),
        rows=tuple(Row(key=str(at), cells=(text,)) for at, text in enumerate(texts)),
    )  # fmt: skip
    return Content(
        county=workbook_contents.COUNTIES["530999"], period="2022-09", as_of=date(2022, 9, 30), values=(), tables=(table,),
        checks=tuple(Check(kind="arrival", state="open", subject_zh=text, detail_zh=text) for text in texts),
        passages=(Passage(section="工作创新", seq=1, text="无"),),
    )  # fmt: skip


def rendered(content: Content) -> bytes:
    return render.render(content, workbook_contents.stamp_of(content))


def read_back(data: bytes, sheet: str) -> list[tuple[str, str, bool]]:
    """Return text, type and mark of the first column's cells under the header."""
    found = load_workbook(BytesIO(data))[sheet]
    return [
        (cell.value or "", cell.data_type, bool(cell.quotePrefix))
        for (cell, *_) in found.iter_rows(min_row=4)
    ]


def test_what_could_be_a_formula_is_text_marked_as_such_and_unchanged() -> None:
    cells = read_back(rendered(content_of(FORMULA_LIKE)), "文字")
    assert [text for text, _, _ in cells] == [text.replace("\r", "\n") for text in FORMULA_LIKE]
    assert {(kind, is_marked) for _, kind, is_marked in cells} == {("s", True)}


def test_other_texts_are_not_marked_and_stay_texts() -> None:
    cells = read_back(rendered(content_of(PLAIN)), "文字")
    shown = [text.replace("_x005F", "") for text, _, _ in cells]
    assert shown == PLAIN
    assert not any(is_marked for _, _, is_marked in cells)
    assert {kind for text, kind, _ in cells if text} == {"s"}


@settings(deadline=None)  # how long a workbook takes says nothing of its texts
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=1, max_size=8))
def test_any_text_comes_back_and_no_file_holds_a_formula(texts: list[str]) -> None:
    data = rendered(content_of(texts))
    cells = read_back(data, "文字")
    assert [text.replace("_x005F", "") for text, _, _ in cells] == [
        cell_text(text).replace("_x005F", "") for text in texts
    ]
    for text, (_, kind, is_marked) in zip(texts, cells, strict=True):
        assert kind in {"s", "n"}, "n is an empty cell"
        assert is_marked == (looks_like_formula(text) and bool(text))
    with zipfile.ZipFile(BytesIO(data)) as file:
        assert not [
            name
            for name in file.namelist()
            if name.startswith("xl/worksheets/sheet") and b"<f>" in file.read(name)
        ]


@settings(deadline=None)  # as above
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_title_and_name_of_an_annex_make_a_file_that_opens(title: str, head: str) -> None:
    named = content_of(["甲"])
    table = named.tables[0].model_copy(
        update={"zh": title, "note_zh": title, "columns": (Column(key="t", zh=head, kind="text"),)}
    )
    county = named.county.model_copy(update={"name": title})
    book = load_workbook(
        BytesIO(rendered(named.model_copy(update={"tables": (table, table), "county": county})))
    )
    assert len(book.sheetnames) == len({name.casefold() for name in book.sheetnames}) == 6


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    texts = ["长" * 40_000, "𠮷" * 20_000, "=" * 40_000, "字" * CELL_LIMIT]
    cells = read_back(rendered(content_of(texts)), "文字")
    shown = [text for text, _, _ in cells]
    assert [utf16_length(text) <= CELL_LIMIT for text in shown] == [True] * 4
    assert shown[0].endswith("……（以下从略，全文共40000字）")
    assert shown[1].endswith("𠮷……（以下从略，全文共20000字）")
    assert shown[2].startswith("==")
    assert shown[3] == texts[3]


def test_control_characters_show_and_do_not_break_the_file() -> None:
    cells = read_back(rendered(content_of(["甲\x00乙\x0b丙\x1b", "a\r\nb\rc\td"])), "文字")
    assert [text for text, _, _ in cells] == ["甲�乙�丙�", "a\nb\nc\td"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("财政帮扶项目", "财政帮扶项目"),
        ("a/b\\c?d*e[f]g:h", "a／b＼c？d＊e［f］g：h"),
        ("'quoted'", "’quoted’"),
        ("", "附表"),
        ("  \n", "附表"),
        ("History", "History表"),
        ("长" * 40, "长" * 31),
        ("甲" * 30 + "𠮷", "甲" * 30),
        ("\x00\x01", "附表"),
    ],
)
def test_a_sheet_s_name_is_one_that_excel_takes(wanted: str, expected: str) -> None:
    assert SheetNames().take(wanted) == expected


def test_names_of_sheets_are_each_given_once() -> None:
    names = SheetNames()
    assert [names.take(name) for name in ("项目", "项目", "项目", "Abc", "aBC")] == [
        "项目",
        "项目（2）",
        "项目（3）",
        "Abc",
        "aBC（2）",
    ]
    long = [names.take("长" * 40) for _ in range(12)]
    assert len(set(long)) == 12
    assert max(map(len, long)) == 31


@given(st.lists(st.text(max_size=50), max_size=10))
def test_any_names_become_different_allowed_names(wanted: list[str]) -> None:
    names = SheetNames()
    found = [names.take(name) for name in wanted]
    assert len({name.casefold() for name in found}) == len(found)
    assert all(
        0 < utf16_length(name) <= 31 and not re.search(r"[\[\]:*?/\\'\x00-\x1f]", name) for name in found
    )


@given(st.text(), st.integers(0, 50))
def test_a_text_is_cut_between_characters(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert text.startswith(shown)
    assert utf16_length(shown) <= limit
    assert shown == text or utf16_length(shown) >= limit - 1


@given(st.text(max_size=600))
def test_a_page_s_header_is_short_and_has_no_codes_of_the_text(text: str) -> None:
    shown = header_text(text, 60)
    assert utf16_length(shown) <= 60
    assert "&" not in shown.replace("&&", "")
    assert "\n" not in shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**11), max_value=10**11))
def test_a_number_of_fifteen_digits_is_kept_to_the_last(value: Decimal) -> None:
    number = exact_float(value)
    assert number is not None
    written = float(f"{number:.16G}")  # as the file has it
    assert written == number
    assert Decimal(repr(written)) == value


@pytest.mark.parametrize("text", ["1234567890123456", "0.1234567890123456", "1E400", "NaN", "Infinity"])
def test_a_number_that_a_cell_would_round_is_no_number(text: str) -> None:
    assert exact_float(Decimal(text)) is None


def test_such_a_number_stands_as_text_in_full() -> None:
    columns = (Column(key="n", zh="数", kind="money", unit="元"), Column(key="p", zh="率", kind="percent"))
    rows = (
        Row(key="1", cells=("12345678901234567.89", "不适用")),
        Row(key="2", cells=("500余", "0.12345678901234567")),
    )
    table = Table(key="numbers", zh="数", columns=columns, rows=rows)
    sheet = load_workbook(BytesIO(rendered(content_of([]).model_copy(update={"tables": (table,)}))))["数"]
    assert [cell.value for row in sheet.iter_rows(min_row=4, max_row=5) for cell in row] == [
        "12345678901234567.89", "不适用", "500余", "0.12345678901234567%",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["0", "-0.00", "0E+3"])
def test_zero_has_no_sign(text: str) -> None:
    assert str(exact_float(Decimal(text))) == "0.0"


def test_more_columns_than_a_sheet_has_are_an_error_and_not_left_out() -> None:
    columns = tuple(Column(key=str(at), zh="列", kind="text") for at in range(16_385))
    table = Table(key="wide", zh="宽", columns=columns, rows=())
    with pytest.raises(SheetFull) as caught:
        rendered(content_of([]).model_copy(update={"tables": (table,)}))
    assert caught.value.zh == "工作表“宽”放不下这么多行或列"
