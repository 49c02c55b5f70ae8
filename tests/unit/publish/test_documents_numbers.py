"""Quantities as reports print them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.publish.documents.numbers import Quantity, UnitMismatch, percent, plain, total

SCALES = {"元": 0, "万元": 4, "亿元": 8, "余元": 0, "余万元": 4, "亿余元": 8, "万余元": 4}
yuan = st.decimals(min_value=-(10**13), max_value=10**13, places=2, allow_nan=False, allow_infinity=False)
counts = st.integers(min_value=0, max_value=10**9)


def read_back(text: str) -> tuple[Decimal, Decimal]:
    """Return a printed sum in 元, and what its last digit is worth."""
    found = re.fullmatch(r"(?:不少于)?(-?)(\d+)(?:\.(\d+))?(余?万元|[万亿]余元|亿元|余?元)", text)
    assert found is not None, text
    scale = SCALES[found[4]]
    digits = Decimal(f"{found[1]}{found[2]}.{found[3] or '0'}")
    return digits.scaleb(scale), Decimal(1).scaleb(scale - len(found[3] or ""))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0", "元", "0元"),
        ("9800", "元", "9800元"),
        ("9800.50", "元", "9800.5元"),
        ("9999.99", "元", "9999.99元"),
        ("10000", "元", "1万元"),
        ("338000.00", "元", "33.8万元"),
        ("1684350", "元", "168.44万元"),
        ("16490000.00", "元", "1649万元"),
        ("99994999", "元", "9999.5万元"),
        ("99999999", "元", "1亿元"),
        ("118000000", "元", "1.18亿元"),
        ("118500000", "元", "1.19亿元"),
        ("-352000", "元", "-35.2万元"),
        ("-0.001", "元", "0元"),
        ("2625", "人", "2625人"),
        ("1E+3", "人", "1000人"),
        ("12.50", "公里", "12.5公里"),
    ],
)
def test_a_quantity_is_printed_in_the_unit_of_its_size(value: str, unit: str, text: str) -> None:
    assert Quantity(Decimal(value), unit).text == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("5000000", "元", "500余万元"),
        ("5129999", "元", "512余万元"),
        ("120000000", "元", "1.2亿余元"),
        ("9800.99", "元", "9800余元"),
        ("300", "人", "300余人"),
    ],
)
def test_a_lower_bound_keeps_its_yu_and_is_never_rounded_up(value: str, unit: str, text: str) -> None:
    assert Quantity(Decimal(value), unit, is_at_least=True).text == text


@pytest.mark.parametrize(
    ("value", "unit", "at_least", "cell"),
    [
        ("16490000", "元", False, "1649"),
        ("1684300", "元", False, "168.43"),
        ("38.50", "元", False, "0.00385"),
        ("5000000", "元", True, "500余"),
        ("2625", "人", False, "2625"),
    ],
)
def test_a_cell_has_the_number_alone_and_money_in_wan(
    value: str, unit: str, at_least: bool, cell: str
) -> None:
    assert Quantity(Decimal(value), unit, at_least).cell == cell


@given(yuan)
def test_money_read_back_is_within_half_of_its_last_digit(value: Decimal) -> None:
    printed, last = read_back(Quantity(value, "元").text)
    assert abs(printed - value) <= last / 2


@given(yuan, yuan)
def test_more_money_is_never_printed_as_less(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert read_back(Quantity(less, "元").text)[0] <= read_back(Quantity(more, "元").text)[0]


@given(yuan.filter(lambda value: value >= 0))
def test_a_lower_bound_read_back_still_holds(value: Decimal) -> None:
    printed, last = read_back(Quantity(value, "元", is_at_least=True).text)
    assert printed <= value < printed + last


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_no_number_is_printed_with_an_exponent_a_minus_zero_or_idle_zeros(value: Decimal) -> None:
    for text in (
        plain(value),
        plain(value.normalize()),
        Quantity(value, "人").cell,
        percent(value).rstrip("%"),
    ):
        assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", text)
        assert text != "-0"
    assert Decimal(plain(value)) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_printed(value: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        plain(Decimal(value))


@given(counts, counts)
def test_quantities_of_one_unit_add(one: int, other: int) -> None:
    added = Quantity(Decimal(one), "人") + Quantity(Decimal(other), "人")
    assert added == Quantity(Decimal(one + other), "人")


@pytest.mark.parametrize(("one", "other"), [("人", "人次"), ("户", "人"), ("元", "个"), ("元", "万元")])
def test_quantities_of_different_units_never_add(one: str, other: str) -> None:
    with pytest.raises(UnitMismatch):
        Quantity(Decimal(1), one) + Quantity(Decimal(1), other)


def test_a_sum_with_a_lower_bound_is_one() -> None:
    summed = total([Quantity(Decimal(1), "人"), Quantity(Decimal(300), "人", is_at_least=True)])
    assert summed is not None
    assert summed.text == "301余人"
    assert total([]) is None
