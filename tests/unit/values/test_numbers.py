"""Whole numbers, decimals, shares, marks and Chinese numerals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import Unreadable
from xiezuo.values import boolean, decimal, integer, percent
from xiezuo.values.numerals import chinese_digits, chinese_number

DIGITS = "零一二三四五六七八九"


def spelt(number: int) -> str:
    """Write a number the way a Chinese primer does."""
    if number == 0:
        return "零"
    for value, unit in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= value:
            head, rest = divmod(number, value)
            gap = "零" if 0 < rest < value // 10 else ""
            return spelt(head) + unit + (gap + spelt(rest) if rest else "")
    return DIGITS[number]


@given(st.integers(0, 10**9 - 1))
def test_numerals_spelt_in_full_are_read(number: int) -> None:
    assert chinese_number(spelt(number)) == number


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("十", 10),
        ("十二", 12),
        ("廿", None),
        ("两万", 20000),
        ("伍佰万", 5_000_000),
        ("壹仟零贰", 1002),
        ("一万零五百", 10500),
        ("一千二", None),
        ("三万五", None),
        ("十百", None),
        ("", None),
        ("几十", None),
    ],
)
def test_numerals_that_can_be_heard_two_ways_are_not_read(typed: str, expected: int | None) -> None:
    assert chinese_number(typed) == expected


def test_digits_one_by_one() -> None:
    assert chinese_digits("二〇二二") == chinese_digits("二○二二") == chinese_digits("贰零贰贰") == "2022"
    assert chinese_digits("二十") is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (35, 35),
        (35.0, 35),
        ("35", 35),
        ("３５人", 35),
        ("35 户", 35),
        ("1，234", 1234),
        ("12个月", 12),
        ("3.5万人", 35000),
        ("三十五人", 35),
        ("-3", -3),
        ("—", None),
        ("无", None),
        ("", None),
        (None, None),
        (Decimal("7.00"), 7),
        ("0", 0),
    ],
)
def test_whole_numbers(raw: str | float | None, expected: int | None) -> None:
    assert integer(raw) == expected


def test_another_unit_must_be_asked_for() -> None:
    with pytest.raises(Unreadable):
        integer("35 人次")
    assert integer("35 人次", units=("人次",)) == 35
    with pytest.raises(Unreadable):
        integer("35人", units=())


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (35.5, "NOT_INTEGER"),
        ("35.5", "NOT_INTEGER"),
        ("30余人", "NUMBER_FORMAT"),
        ("约30人", "NUMBER_FORMAT"),
        ("3O", "NUMBER_FORMAT"),
        (True, "NUMBER_FORMAT"),
        (date(2022, 1, 1), "NUMBER_FORMAT"),
        ("人", "NUMBER_FORMAT"),
        ("1,23", "NUMBER_FORMAT"),
        ("1e3", "NUMBER_FORMAT"),
        (float("nan"), "NUMBER_NOT_FINITE"),
        (float("inf"), "NUMBER_NOT_FINITE"),
        (1e40, "NUMBER_RANGE"),
        (10**400, "NUMBER_RANGE"),
    ],
)
def test_what_is_no_certain_whole_number_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        integer(raw)  # type: ignore[arg-type]
    assert refused.value.code == code


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_decimals_come_back_as_typed(number: Decimal) -> None:
    assert decimal(f"{number:,}") == number
    assert decimal(str(number)) == number
    if number < 0:
        assert decimal(f"（{-number}）") == number


def test_floats_are_read_as_shown() -> None:
    assert decimal(0.1) == Decimal("0.1")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("62.75%", "0.6275"),
        ("６２．７５％", "0.6275"),
        ("百分之62.75", "0.6275"),
        ("120%", "1.2"),
        (0.6275, "0.6275"),
        ("0.6275", "0.6275"),
        (1, "1"),
        ("100%", "1"),
        ("-5%", "-0.05"),
    ],
)
def test_shares_are_fractions_of_one(raw: str | float, expected: str) -> None:
    assert percent(raw) == Decimal(expected)


def test_a_share_without_a_sign_above_one_is_refused() -> None:
    for raw in (62.75, "62.75", -0.5):
        with pytest.raises(Unreadable) as refused:
            percent(raw)
        assert refused.value.code == "PERCENT_AMBIGUOUS"
    assert percent("—") is None
    with pytest.raises(Unreadable):
        percent("约60%")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("√", True),
        ("✓", True),
        ("是", True),
        ("Y", True),
        ("Ｙ", True),
        ("1", True),
        (1, True),
        (1.0, True),
        ("有", True),
        (True, True),
        ("×", False),
        ("否", False),
        ("n", False),
        ("0", False),
        (0, False),
        ("无", False),
        (False, False),
        ("", None),
        (None, None),
        ("—", None),
        ("不详", None),
    ],
)
def test_marks_mean_yes_no_or_unknown(raw: str | float | None, expected: bool | None) -> None:
    assert boolean(raw) is expected


@pytest.mark.parametrize("raw", ["可能", 2, "是否", "x", date(2022, 1, 1)])
def test_other_marks_are_refused(raw: str | int | date) -> None:
    with pytest.raises(Unreadable) as refused:
        boolean(raw)
    assert refused.value.code == "BOOLEAN_FORMAT"
