"""Working-day arithmetic: official arrangements, exchanged weekends, and years not listed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError
from xiezuo.declared import close_calendar
from xiezuo.declared.close_calendar import (
    Calendar,
    is_working_day,
    load_calendar,
    month_closing,
    next_month,
    nth_working_day,
    previous_month,
    year_closing,
)

PATH = Path(__file__).parents[3] / "include/close_calendar.yaml"
CALENDAR = load_calendar(PATH)
LISTED = st.dates(date(2022, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2022, 1, "2022-01-06"),  # 元旦 takes Monday the 3rd
        (2022, 2, "2022-02-09"),  # 春节 until the 6th
        (2022, 5, "2022-05-07"),  # 5, 6 and the worked Saturday
        (2022, 10, "2022-10-10"),  # the worked weekend 8–9, then Monday
        (2023, 10, "2023-10-09"),
        (2024, 2, "2024-02-04"),  # 1, 2 and the worked Sunday
        (2025, 10, "2025-10-11"),  # 9, 10 and the worked Saturday
        (2026, 1, "2026-01-06"),  # the worked Sunday 4, 5, 6
        (2026, 3, "2026-03-04"),
    ],
)
def test_third_working_day_follows_the_official_arrangement(year: int, month: int, expected: str) -> None:
    assert nth_working_day(year, month, 3, CALENDAR) == date.fromisoformat(expected)


def test_a_worked_weekend_is_a_working_day_and_a_holiday_weekday_is_not() -> None:
    assert is_working_day(date(2022, 10, 8), CALENDAR)
    assert not is_working_day(date(2022, 10, 5), CALENDAR)
    assert not is_working_day(date(2022, 10, 15), CALENDAR)
    assert is_working_day(date(2022, 10, 14), CALENDAR)


@pytest.mark.parametrize("year", sorted(CALENDAR.years))
def test_every_arrangement_moves_days_but_gives_few(year: int) -> None:
    """Exchanged weekends pay for the bridge days: what is left are the 11 (from 2025 on 13) statutory days.

    A check on the data itself: a mistyped day breaks the sum. A statutory day that falls on a weekend has a
    substitute, so that the count of weekdays off minus weekends worked is the statutory number, give or take
    the holidays that share a day or spill over New Year.
    """
    weekdays_off = sum(day.year == year and day.weekday() < 5 for day in CALENDAR.holidays)
    worked = sum(day.year == year for day in CALENDAR.workdays)
    assert 10 <= weekdays_off - worked <= 13


def test_closings_are_in_the_following_period_at_eight_in_shanghai() -> None:
    assert month_closing(2022, 9, CALENDAR) == datetime(2022, 10, 10, 8, 0, tzinfo=SHANGHAI)
    assert month_closing(2022, 12, CALENDAR) == datetime(2023, 1, 5, 8, 0, tzinfo=SHANGHAI)
    assert year_closing(2022, CALENDAR) == datetime(2023, 1, 10, 8, 0, tzinfo=SHANGHAI)


def test_a_year_that_is_not_listed_falls_back_to_the_plain_week_and_says_so_once(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    close_calendar._say_unlisted.cache_clear()
    assert [nth_working_day(year, 5, 3, CALENDAR) for year in (2031, 2032, 2031)] == [
        date(2031, 5, 5), date(2032, 5, 5), date(2031, 5, 5),
    ]  # fmt: skip
    said = [record.getMessage() for record in caplog.records]
    assert [text.partition(" 年")[0] for text in said] == ["放假日历中没有 2031", "放假日历中没有 2032"]
    assert all("include/close_calendar.yaml" in text for text in said)
    assert not recwarn.list


def test_of_a_listed_year_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    assert nth_working_day(2022, 9, 3, CALENDAR) == date(2022, 9, 5)
    assert not caplog.records


@given(LISTED, st.integers(1, 15))
def test_the_nth_working_day_has_exactly_n_working_days_up_to_it(day: date, n: int) -> None:
    found = nth_working_day(day.year, day.month, n, CALENDAR)
    upto = [found.replace(day=number) for number in range(1, found.day + 1)]
    assert sum(is_working_day(each, CALENDAR) for each in upto) == n
    assert is_working_day(found, CALENDAR)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_months_step_forward_and_back(day: date) -> None:
    assert previous_month(next_month(day)) == day.replace(day=1)
    assert next_month(day) - timedelta(days=1) >= day


@pytest.mark.parametrize("n", [0, -1, 32])
def test_an_impossible_working_day_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="working day"):
        nth_working_day(2022, 9, n, CALENDAR)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "closing: {}",
        "closing: {month: {working_day: 3, at: '08:00'}, year: {month: 1, day: 10, at: '08:00'}}",
        "{",
    ],
)
def test_a_broken_calendar_is_a_configuration_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "close_calendar.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="close_calendar"):
        load_calendar(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2022-10-01/2022-10-07", "2022-10-07/2022-10-01"),  # ends before it begins
        ("2022-10-01/2022-10-07", "2021-10-01/2021-10-07"),  # under the wrong year
        ("2022-10-08, 2022-10-09", "2022-10-07, 2022-10-09"),  # off and worked
        ("2022-10-08, 2022-10-09", "2022-10-10, 2022-10-09"),  # a Monday needs no exchange
        ("working_day: 3", "working_day: 0"),
        ("month: 1, day: 10", "month: 2, day: 30"),
    ],
)
def test_a_mistyped_calendar_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = PATH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "close_calendar.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match="close_calendar"):
        load_calendar(path)


def test_the_calendar_is_a_value() -> None:
    assert isinstance(CALENDAR, Calendar)
    assert load_calendar(PATH) == CALENDAR
