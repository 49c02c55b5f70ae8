"""Periods as typed, and values as written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.build.figures import value_text
from xiezuo.values.periods import Period


@given(st.integers(1901, 2099), st.integers(1, 12))
def test_a_month_reads_back(year: int, month: int) -> None:
    """A month's key reads as that month; its year to date ends the same day and begins on 1 January."""
    period = Period.read(f"{year}-{month:02d}")
    assert (period.kind, period.text) == ("month", f"{year}-{month:02d}")
    assert (period.first_day, period.last_day.month) == (date(year, month, 1), month)
    to_date = Period.read(f"{year}-{month:02d}/ytd")
    assert to_date == period.of_kind("year_to_date") == Period.read(period.text, "year_to_date")
    assert (to_date.first_day, to_date.last_day) == (date(year, 1, 1), period.last_day)
    assert period.a_year_earlier().text == f"{year - 1}-{month:02d}"


def test_a_year_reads_back() -> None:
    """A year has its first and last day, and a name for titles."""
    year = Period.read("2022")
    assert (year.kind, year.text, year.zh) == ("year", "2022", "2022年度")
    assert (year.first_day, year.last_day) == (date(2022, 1, 1), date(2022, 12, 31))
    assert Period.read("2022-09/ytd").zh == "2022年1—9月"
    assert Period.read("2022-01/ytd").zh == Period.read("2022-01").zh == "2022年1月"


@given(st.text(max_size=12))
def test_other_text_is_refused(text: str) -> None:
    """Text is a period that writes back the same, or an error; nothing else comes out."""
    try:
        period = Period.read(text)
    except ConfigError:
        return
    assert text == period.text + ("/ytd" if period.kind == "year_to_date" else "")


@pytest.mark.parametrize(("text", "kind"), [("2022", "month"), ("2022-09", "year"), ("2022-09/ytd", "month")])
def test_a_kind_that_contradicts_the_text_is_refused(text: str, kind: str) -> None:
    """A year is no month."""
    with pytest.raises(ConfigError):
        Period.read(text, kind)


@pytest.mark.parametrize(
    ("value", "unit", "plain", "grouped"),
    [
        ("16490000.0000", "元", "16490000.00", "16,490,000.00"),
        ("0.005", "元", "0.01", "0.01"),
        ("-0.0000", "人", "0", "0"),
        ("2320.0000", "人", "2320", "2,320"),
        ("1000.5000", "人", "1000.5", "1,000.5"),
        ("1E+3", "户", "1000", "1,000"),
        (None, "元", None, None),
    ],
)
def test_values_are_written(value: str | None, unit: str, plain: str | None, grouped: str | None) -> None:
    """Money has two decimals, counts none unless they have a part; nothing is not zero."""
    number = None if value is None else Decimal(value)
    assert value_text(number, unit) == plain
    assert value_text(number, unit, grouped=True) == grouped


@pytest.mark.parametrize(
    ("text", "zh", "first", "last"),
    [
        ("2021-2025", "2021—2025年", date(2021, 1, 1), date(2025, 12, 31)),
        ("2021-2025-06", "2021年1月—2025年6月", date(2021, 1, 1), date(2025, 6, 30)),
    ],
)
def test_several_years_end_with_a_year_or_a_month(text: str, zh: str, first: date, last: date) -> None:
    span = Period.read(text, "cumulative")
    assert (span.kind, span.text, span.zh, span.first_day, span.last_day) == ("cumulative", text, zh, first, last)
    assert span == Period.read(text[5:]).back_to(2021)
    assert span.a_year_earlier().last_day.year == 2024
    assert span.of_kind("year") == Period.read("2025")


@pytest.mark.parametrize("text", ["2025-2025", "2025-2021", "2021", "2021-2025-13", "2021-2025/ytd", "2021-06"])
def test_what_is_no_span_of_years_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        Period.read(text, "cumulative")


def test_several_years_are_read_where_they_are_asked_for_only() -> None:
    """A release or a form is of one period; a span in its place is a mistake."""
    with pytest.raises(ConfigError):
        Period.read("2021-2025")
