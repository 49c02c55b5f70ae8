"""When a delivery is due: periods, working days, what a county has agreed on otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.declared.close_calendar import Calendar, is_working_day, load_calendar
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.operations import Due, Every, Expectation, Operations, load_operations
from xiezuo.operations.arrivals import due_on, newest_overdue, period_of

ROOT = Path(__file__).parents[3]
CALENDAR: Calendar = load_calendar(ROOT / "include/close_calendar.yaml")
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "include/operations.yaml").read_text(encoding="utf-8"))
EVERY: tuple[Every, ...] = get_args(Every)
DAYS = st.dates(date(2022, 1, 1), date(2025, 11, 30))


def expectation(**terms: Any) -> Expectation:
    whole: dict[str, Any] = {"dataset": "labour_placement", "who": "units", "every": "month", "due": {"working_days": 5}}
    return Expectation.model_validate(whole | terms)


@pytest.mark.parametrize(
    ("every", "day", "name", "first", "last"),
    [
        ("day", "2022-02-28", "2022-02-28", "2022-02-28", "2022-02-28"),
        ("week", "2023-01-01", "2022-W52", "2022-12-26", "2023-01-01"),
        ("month", "2024-02-10", "2024-02", "2024-02-01", "2024-02-29"),
        ("quarter", "2022-12-31", "2022Q4", "2022-10-01", "2022-12-31"),
        ("quarter", "2022-01-01", "2022Q1", "2022-01-01", "2022-03-31"),
        ("year", "2022-07-01", "2022", "2022-01-01", "2022-12-31"),
    ],
)
def test_a_day_lies_in_its_period(every: Every, day: str, name: str, first: str, last: str) -> None:
    period = period_of(every, date.fromisoformat(day))
    assert (period.name, period.first.isoformat(), period.last.isoformat()) == (name, first, last)


@given(st.sampled_from(EVERY), DAYS)
def test_periods_follow_one_another_without_gap_or_overlap(every: Every, day: date) -> None:
    period = period_of(every, day)
    assert period.first <= day <= period.last
    assert period_of(every, period.last) == period_of(every, period.first) == period
    assert period_of(every, period.last + timedelta(days=1)).first == period.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "due", "expected"),
    [
        ("2022-09-15", Due(working_days=5), "2022-10-12"),  # a week off, then Saturday and Sunday worked
        ("2022-11-15", Due(working_days=5), "2022-12-07"),
        ("2022-11-15", Due(days=0), "2022-11-30"),
        ("2022-12-15", Due(working_days=1), "2023-01-03"),
    ],
)
def test_holidays_are_no_working_days(period: str, due: Due, expected: str) -> None:
    assert due_on(period_of("month", date.fromisoformat(period)), due, CALENDAR).isoformat() == expected


@given(st.sampled_from(EVERY), DAYS, st.integers(1, 15))
def test_a_due_day_is_a_working_day_with_as_many_before_it(every: Every, day: date, number: int) -> None:
    period = period_of(every, day)
    due = due_on(period, Due(working_days=number), CALENDAR)
    days = [period.last + timedelta(days=n + 1) for n in range((due - period.last).days)]
    assert sum(is_working_day(one, CALENDAR) for one in days) == number
    assert is_working_day(due, CALENDAR)


@given(st.sampled_from(EVERY), DAYS, st.integers(0, 40))
def test_the_newest_overdue_period_is_overdue_and_the_next_is_not(every: Every, today: date, days: int) -> None:
    expected = expectation(every=every, due={"days": days})
    period = newest_overdue(expected, today, CALENDAR)
    assert period is not None
    assert due_on(period, expected.due, CALENDAR) < today
    following = period_of(every, period.last + timedelta(days=1))
    assert due_on(following, expected.due, CALENDAR) >= today


def test_nothing_is_expected_outside_the_validity() -> None:
    today = date(2022, 12, 31)
    assert newest_overdue(expectation(**{"from": "2022-12-01"}), today, CALENDAR) is None
    ended = newest_overdue(expectation(to="2022-06-10"), today, CALENDAR)
    assert ended is not None
    assert ended.name == "2022-06"
    assert newest_overdue(expectation(**{"from": "2022-07-01"}, to="2022-06-10"), today, CALENDAR) is None


def test_the_day_it_is_due_is_not_yet_late() -> None:
    on_the_day = newest_overdue(expectation(), date(2022, 12, 7), CALENDAR)
    a_day_later = newest_overdue(expectation(), date(2022, 12, 8), CALENDAR)
    assert on_the_day is not None
    assert a_day_later is not None
    assert (on_the_day.name, a_day_later.name) == ("2022-10", "2022-11")


def test_every_expected_dataset_has_a_contract() -> None:
    expected = {one.dataset for one in load_operations(ROOT).arrivals}
    assert len(expected) > 10
    assert expected <= set(load_contracts(ROOT))


def test_a_county_s_own_terms_win() -> None:
    own = {"620422": {"labour_placement": {"who": "townships", "due": {"days": 3}}, "work_park": {"expected": False}}}
    agreed = Operations.model_validate(DOCUMENT | {"counties": own})
    here = {one.dataset: one for one in agreed.expected_of("620422")}
    there = {one.dataset: one for one in agreed.expected_of("620423")}
    assert (here["labour_placement"].who, here["labour_placement"].due.days) == ("townships", 3)
    assert here["labour_placement"].early_days == there["labour_placement"].early_days
    assert there["labour_placement"].who == "units"
    assert set(there) - set(here) == {"work_park"}


@pytest.mark.parametrize(
    "change",
    [
        {"counties": {"620422": {"nothing_like_it": {}}}},
        {"counties": {"620422": {"labour_placement": {"who": "everybody"}}}},
        {"counties": {"620422": {"labour_placement": {"due": {"days": 1, "working_days": 1}}}}},
        {"arrivals": [*DOCUMENT["arrivals"], DOCUMENT["arrivals"][0]]},
        {"alerts": DOCUMENT["alerts"] | {"remind_after_days": 0}},
        {"retention": {**DOCUMENT["retention"], "log_days": -1}},
        {"unknown": 1},
    ],
)
def test_terms_that_cannot_be_meant_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    (tmp_path / "include").mkdir()
    text = yaml.safe_dump(DOCUMENT | change, allow_unicode=True)
    (tmp_path / "include/operations.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"operations\.yaml"):
        load_operations(tmp_path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_operations(tmp_path)
