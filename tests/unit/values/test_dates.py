"""Dates: many spellings, one day; nothing that could be another day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import Unreadable
from xiezuo.values import (
    OPEN_END,
    day,
    day_or_month,
    day_or_open,
    epoch_moment,
    has_two_digit_year,
    is_open_end,
    moment,
    month,
    month_or_open,
)

SECOND = date(2022, 9, 2)


@pytest.mark.parametrize(
    "raw",
    [
        "2022.9.2",
        "2022-09-02",
        "2022/9/2",
        "２０２２／９／２",
        "2022年9月2日",
        "2022 年 9 月 2 日",
        "2022年9月2号",
        "2022年09月02",
        "2022.9.2.",
        "2022. 9. 2",
        "2022、9、2",
        "2022—9—2",
        "20220902",
        20220902,
        20220902.0,
        44806,
        44806.0,
        44806.5,
        "44806",
        "22.9.2",
        "22年9月2日",
        "'22/9/2",
        "二〇二二年九月二日",
        "二零二二年九月二日",
        "二○二二年九月二日",
        "2022年9月2日 上午",
        "2022年9月2日(星期五)",
        "2022-09-02 周五",
        "2022-09-02 00:00:00",
        "2022-09-02T08:00:00+08:00",
        "2022-09-01T23:00:00Z",
        "2022年9/2",
        date(2022, 9, 2),
        datetime(2022, 9, 2, 23, 59),
        datetime(2022, 9, 1, 17, tzinfo=UTC),
        "20220902120000",
    ],
)
def test_spellings_of_one_day(raw: str | float | date) -> None:
    assert day(raw) == SECOND


@pytest.mark.parametrize(
    "raw",
    [
        "2022年9月",
        "2022-9",
        "2022.9",
        "2022.09",
        "2022/09",
        "202209",
        202209,
        2022.9,
        2022.09,
        "2022年9月份",
        "22年9月",
        "二〇二二年九月",
        "2022.9.2",
        44806,
        date(2022, 9, 30),
    ],
)
def test_spellings_of_one_month(raw: str | float | date) -> None:
    assert month(raw) == date(2022, 9, 1)


def test_october_as_a_number_is_not_told_from_january() -> None:
    for parse in (day, month, day_or_month, moment):
        with pytest.raises(Unreadable) as refused:
            parse(2022.1)
        assert refused.value.code == "DATE_AMBIGUOUS"
    assert month(2022.11) == date(2022, 11, 1)
    assert month("2022.10") == date(2022, 10, 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2022年9月", "DATE_INCOMPLETE"),
        ("2022年", "DATE_INCOMPLETE"),
        (2022, "DATE_INCOMPLETE"),
        ("9月2日", "DATE_INCOMPLETE"),
        ("9.2", "DATE_AMBIGUOUS"),
        (9.2, "DATE_AMBIGUOUS"),
        ("22.9", "DATE_AMBIGUOUS"),
        ("9/2/2022", "DATE_AMBIGUOUS"),
        ("2022-02-30", "DATE_IMPOSSIBLE"),
        ("2022-13-01", "DATE_IMPOSSIBLE"),
        ("2022.0.1", "DATE_IMPOSSIBLE"),
        ("2022.1.0", "DATE_IMPOSSIBLE"),
        ("20221301", "DATE_IMPOSSIBLE"),
        ("2022-09-02 25:00", "DATE_IMPOSSIBLE"),
        ("1899-12-31", "DATE_RANGE"),
        ("2101-01-01", "DATE_RANGE"),
        (date(1899, 12, 31), "DATE_RANGE"),
        (datetime(9999, 12, 31, tzinfo=UTC), "DATE_RANGE"),
        ("九月", "DATE_INCOMPLETE"),
        ("去年九月", "DATE_FORMAT"),
        ("2022年上半年", "DATE_INCOMPLETE"),
        ("2022.9.2-2022.9.5", "DATE_SPAN"),
        ("2022年腊月初八", "DATE_APPROXIMATE"),
        (5, "DATE_FORMAT"),
        (80000, "DATE_FORMAT"),
        (-44806, "DATE_FORMAT"),
        (1e300, "DATE_FORMAT"),
        (10**400, "DATE_FORMAT"),
        (True, "DATE_FORMAT"),
        (time(8, 0), "DATE_FORMAT"),
        ("abc", "DATE_FORMAT"),
        (float("nan"), "NUMBER_NOT_FINITE"),
    ],
)
def test_what_is_no_certain_day_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        day(raw)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_an_american_date_is_read_only_when_it_has_one_reading() -> None:
    assert day("9/22/2022") == date(2022, 9, 22)
    assert day("9/9/2022") == date(2022, 9, 9)


def test_a_year_from_elsewhere_completes_a_day() -> None:
    assert day("9月2日", default_year=2022) == SECOND
    assert day("九月二日", default_year=2022) == SECOND
    assert day("9.2", default_year=2022) == SECOND
    assert day_or_month("9月", default_year=2022) == date(2022, 9, 1)
    assert day("2021-9-2", default_year=2022) == date(2021, 9, 2)


def test_two_digit_years_are_read_and_marked() -> None:
    assert day("99.9.2") == date(1999, 9, 2)
    assert has_two_digit_year("22.9.2")
    assert not has_two_digit_year("2022.9.2")
    assert not has_two_digit_year(None)


@pytest.mark.parametrize("raw", ["至今", "目前", "在岗", "至 今", "（至今）", "仍在岗"])
def test_an_open_end_is_no_date_but_not_a_blank(raw: str) -> None:
    assert is_open_end(raw)
    assert day(raw) is None
    assert moment(raw) is None
    assert day_or_open(raw) is OPEN_END
    assert month_or_open(raw) is OPEN_END


@pytest.mark.parametrize("raw", [None, "", "—", "/", "无"])
def test_a_blank_is_no_open_end(raw: str | None) -> None:
    assert not is_open_end(raw)
    assert day_or_open(raw) is None
    assert day_or_month(raw) is None
    assert epoch_moment(raw) is None


def test_a_day_or_open_end_is_a_day_where_there_is_one() -> None:
    assert day_or_open("2022.9.2") == SECOND
    assert month_or_open("2022.9.2") == date(2022, 9, 1)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (44806.5, "2022-09-02T12:00:00+08:00"),
        (44806.99999999, "2022-09-03T00:00:00+08:00"),
        ("2022-09-02 08:30", "2022-09-02T08:30:00+08:00"),
        ("2022年9月2日 8时30分15秒", "2022-09-02T08:30:15+08:00"),
        ("2022年9月2日下午3:30", "2022-09-02T15:30:00+08:00"),
        ("2022年9月2日 中午12:10", "2022-09-02T12:10:00+08:00"),
        ("2022-09-02 12:10 AM", "2022-09-02T00:10:00+08:00"),
        ("2022-09-02T00:30:00Z", "2022-09-02T08:30:00+08:00"),
        ("2022-09-02T00:30:00.250+0000", "2022-09-02T08:30:00.250000+08:00"),
        ("2022年9月2日九点", "2022-09-02T09:00:00+08:00"),
        ("20220902083015", "2022-09-02T08:30:15+08:00"),
        (date(2022, 9, 2), "2022-09-02T00:00:00+08:00"),
        (datetime(2022, 9, 2, 8, 30), "2022-09-02T08:30:00+08:00"),
    ],
)
def test_moments_are_in_shanghai(raw: str | float | date, expected: str) -> None:
    found = moment(raw)
    assert found is not None
    assert found.isoformat() == expected


def test_a_moment_needs_a_day() -> None:
    with pytest.raises(Unreadable) as refused:
        moment("2022年9月")
    assert refused.value.code == "DATE_INCOMPLETE"


def test_epoch_seconds() -> None:
    assert epoch_moment(1662076800) == epoch_moment("1662076800") == datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
    for raw in ("abc", True, 0, -5, 1662076800000, date(2022, 9, 2), 10**400):
        with pytest.raises(Unreadable):
            epoch_moment(raw)


DIGITS = "〇一二三四五六七八九"
SMALL = [
    "",
    *DIGITS[1:],
    "十",
    *(f"十{d}" for d in DIGITS[1:]),
    "二十",
    *(f"二十{d}" for d in DIGITS[1:]),
    "三十",
    "三十一",
]


@given(st.dates(date(1955, 1, 1), date(2100, 12, 31)))
def test_a_date_survives_every_spelling(wanted: date) -> None:
    year, mon, dom = wanted.year, wanted.month, wanted.day
    chinese = "".join(DIGITS[int(d)] for d in str(year))
    serial = (wanted - date(1899, 12, 30)).days
    spellings: list[object] = [
        wanted,
        datetime.combine(wanted, time(9)),
        wanted.isoformat(),
        f"{wanted:%Y%m%d}",
        int(f"{wanted:%Y%m%d}"),
        f"{year}.{mon}.{dom}",
        f"{year}/{mon}/{dom}",
        f"{year}年{mon}月{dom}日",
        f"{chinese}年{SMALL[mon]}月{SMALL[dom]}日",
        serial,
        serial + 0.25,
        str(serial),
        f"{wanted} 23:59:59",
        f"　{year}－{mon}－{dom}　",
    ]
    if 1950 <= year < 2050:
        spellings.append(f"{year % 100:02d}.{mon}.{dom}")
    for spelling in spellings:
        assert day(spelling) == wanted, spelling  # type: ignore[arg-type]
        assert month(spelling) == wanted.replace(day=1)  # type: ignore[arg-type]
    assert month(f"{chinese}年{SMALL[mon]}月") == wanted.replace(day=1)
    assert day_or_month(f"{year}-{mon:02d}") == wanted.replace(day=1)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2100, 12, 30)))
def test_a_moment_survives_iso_in_any_offset(naive: datetime) -> None:
    wanted = naive.replace(tzinfo=SHANGHAI)
    assert moment(naive) == moment(naive.isoformat()) == moment(wanted.isoformat()) == wanted
    assert moment(wanted.astimezone(UTC).isoformat()) == wanted
    assert (moment(wanted.isoformat()) or wanted).utcoffset() == timedelta(hours=8)
