"""Text, names and telephone numbers as ledgers hold them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import Unreadable
from xiezuo.values import normalise, person_name, person_note, phone, text


@dataclass(frozen=True)
class Fault:
    code: str


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("　会宁县　 丁家沟镇\n", "会宁县 丁家沟镇"),
        ("２０２２／９／２", "2022/9/2"),
        ("（万元）：１，２３４", "(万元):1,234"),
        ("[bookmark: _GoBack]2.工作对接情况", "2.工作对接情况"),
        ("线\u200b川\ufeff村\u202e", "线川村"),
        ("第一行_x000D_第二行", "第一行 第二行"),
        ("中窎村、河屲村、厍弆村", "中窎村、河屲村、厍弆村"),
        ("𠮷\ue001", "𠮷\ue001"),
        ("a\x00b\x07c", "abc"),
        ("残\ud83d", "残\ufffd"),
        ("", ""),
    ],
)
def test_text_is_brought_to_one_form(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@given(st.text(alphabet=st.characters(), max_size=40))
def test_normalising_twice_changes_nothing_and_leaves_storable_text(typed: str) -> None:
    once = normalise(typed)
    assert normalise(once) == once
    assert once == once.strip()
    once.encode("utf-8")
    assert not any(unicodedata.category(character) in ("Cc", "Cf") for character in once)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" 某某 公司 ", "某某 公司"),
        ("", None),
        ("　", None),
        (None, None),
        ("——", None),
        ("/", None),
        ("无", "无"),
        (3.0, "3"),
        (3.5, "3.5"),
        (1e-05, "0.00001"),
        (12345678901234567890, "12345678901234567890"),
        (Decimal("2.50"), "2.50"),
        (True, "是"),
        (date(2022, 9, 2), "2022-09-02"),
        (datetime(2022, 9, 2), "2022-09-02"),
        (datetime(2022, 9, 2, 8, 30), "2022-09-02 08:30:00"),
    ],
)
def test_any_cell_reads_as_text(raw: object, expected: str | None) -> None:
    assert text(raw) == expected  # type: ignore[arg-type]


def test_a_long_number_kept_as_a_float_is_no_text() -> None:
    with pytest.raises(Unreadable) as refused:
        text(1.2345678901234568e18)
    assert refused.value.code == "TEXT_PRECISION_LOST"


@pytest.mark.parametrize("code", ["FORMULA_NO_CACHE", "EXCEL_ERROR", "SOMETHING_NEW"])
def test_a_faulty_cell_keeps_the_readers_code_and_says_something_in_chinese(code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        text(Fault(code))
    assert refused.value.code == code
    assert "\u4e00" <= refused.value.zh[0] <= "\u9fff"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("张 三", "张三"),
        ("马　某某(户主)", "马某某"),
        ("马某某（户主", "马某某"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("John  Smith", "John Smith"),
        ("𠮷\ue001", "𠮷\ue001"),
        ("—", None),
        ("无", None),
        (None, None),
    ],
)
def test_names_lose_spaces_and_notes(raw: str | None, expected: str | None) -> None:
    assert person_name(raw) == expected


@pytest.mark.parametrize("raw", ["张*", "张三、李四", "张三2", "(户主)", "户主:张三", 12, "!!", "名" * 50])
def test_what_is_not_one_whole_name_is_refused_without_repeating_it(raw: str | int) -> None:
    with pytest.raises(Unreadable) as refused:
        person_name(raw)
    assert refused.value.code == "NAME_FORMAT"
    assert str(raw) not in str(refused.value)


def test_the_note_beside_a_name_is_kept() -> None:
    assert person_note("马　某某(户主)") == "户主"
    assert person_note("马某某") is None
    assert person_note(None) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("１３９ 0000-0000", "13900000000"),
        ("+86 13900000000", "13900000000"),
        ("8613900000000", "13900000000"),
        (13900000000, "13900000000"),
        (13900000000.0, "13900000000"),
        ("(0943)3220000", "0943-3220000"),
        ("022-23000000", "022-23000000"),
        ("", None),
        ("无", None),
    ],
)
def test_phone_numbers_become_digits(raw: str | float | None, expected: str | None) -> None:
    assert phone(raw) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("139****0000", "PHONE_MASKED"),
        ("139xxxx0000", "PHONE_MASKED"),
        ("1390000000", "PHONE_FORMAT"),
        ("12900000000", "PHONE_FORMAT"),
        ("13900000000/13900000001", "PHONE_FORMAT"),
        (True, "PHONE_FORMAT"),
        (1.39e10 + 0.5, "PHONE_FORMAT"),
    ],
)
def test_doubtful_phone_numbers_are_refused_without_repeating_them(raw: str | float, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        phone(raw)
    assert refused.value.code == code
    assert str(raw) not in str(refused.value)
