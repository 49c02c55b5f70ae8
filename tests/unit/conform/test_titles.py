"""What a sheet says of itself: date and reporting unit; and what its name says when it does not."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePosixPath

import pytest

from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.titles import Title, month_of_path, read_title, unit_of_place
from xiezuo.declared.divisions import Divisions

SETTINGS = Settings.from_env({})
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("会宁县2022年9月劳务输转台账", "2022-09-30"),
        ("截至2022年2月底", "2022-02-28"),
        ("截至2024年2月", "2024-02-29"),
        ("2022年1-6月劳务输转台账", "2022-06-30"),
        ("2022年1—12月", "2022-12-31"),
        ("2022年1月-6月", "2022-06-30"),
        ("2022年1至11月", "2022-11-30"),
        ("（2022年1月1日至2022年6月30日）", "2022-06-30"),
        ("填报日期：2022年10月8日", "2022-10-08"),
        ("填表时间: 2022.10.08", "2022-10-08"),
        ("填报日期：２０２２年１０月８日", "2022-10-08"),
        ("上报日期：2022-9-3  统计时段2022年1-8月", "2022-09-03"),
        ("2022/9/3", "2022-09-03"),
        ("2022年度资金台账", None),
        ("会政发〔2022〕10号", None),
        ("2022年13月", None),
        ("", None),
    ],
)
def test_the_reporting_date_is_read_from_the_title(text: str, day: str | None) -> None:
    """A whole date, else a month's last day, of a range the last month; nothing is made up."""
    found = read_title([None, text, 3]).reported_on
    assert (None if found is None else found.isoformat()) == day


def test_a_stated_reporting_date_wins_over_every_other_date() -> None:
    assert read_title(["2022年9月30日台账", "填报日期：2022年10月8日", "2022年12月1日"]).reported_on == date(
        2022, 10, 8
    )
    assert read_title(["2022年9月30日", datetime(2022, 11, 2)]).reported_on == date(2022, 11, 2)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", None),
        ("单位：万 元", None),
        ("单位：人民币 万元", None),
        ("单位：￥", None),
        ("（单位：万元）", None),
        ("填报单位：会师镇劳务工作站", "会师镇劳务工作站"),
        ("填报单位（盖章）：会师镇劳务工作站    单位：万元", "会师镇劳务工作站"),
        ("单位：会宁县人社局", "会宁县人社局"),
        ("单位：人社局", "人社局"),
        ("单位：万源市扶贫办", "万源市扶贫办"),
        ("单位：元通镇", "元通镇"),
        ("单位：人", None),
        ("单位：户、人", None),
        ("没有单位", None),
    ],
)
def test_a_unit_line_is_either_of_measure_or_of_who_reports(text: str, unit: str | None) -> None:
    assert read_title([text]).reporting_unit == unit


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("台账_2022-09.csv", "2022-09-30"),
        ("台账2022年9月.xlsx", "2022-09-30"),
        ("台账_202209.xlsx", "2022-09-30"),
        ("2022年1-6月台账.xlsx", "2022-06-30"),
        ("2022-9-3.xlsx", "2022-09-03"),
        ("2022年9月/台账.xlsx", "2022-09-30"),
        ("2022年8月/台账_2022-09.xlsx", "2022-09-30"),
        ("台账_2022-09_v2.xlsx", "2022-09-30"),
        ("台账v2.xlsx", None),
        ("19999-99.xlsx", None),
    ],
)
def test_a_month_in_name_or_path_is_the_version(name: str, day: str | None) -> None:
    found = month_of_path(PurePosixPath("620422/labour") / name)
    assert (None if found is None else found.isoformat()) == day


def title(text: str) -> Title:
    return Title(reporting_unit=None, reported_on=None, text=text)


@pytest.mark.parametrize(
    ("above", "sheet", "path", "unit"),
    [
        ("会师镇劳务输转台账", "Sheet1", "x.xlsx", "会师镇"),
        ("", "郭城驿镇", "会师镇.xlsx", "郭城驿镇"),
        ("", "Sheet1", "会师镇_2022-09.xlsx", "会师镇"),
        ("", "Sheet1", "会师镇/2022-09.xlsx", "会师镇"),
        ("会师镇、郭城驿镇", "Sheet1", "县劳务局2022年9月（修订）.xlsx", "县劳务局"),
        ("", "Sheet1", "县劳务局_2022-10_v2.xlsx", "县劳务局"),
        ("", "Sheet1", "2022-09.xlsx", "2022-09"),
    ],
)
def test_a_ledger_that_names_no_station_belongs_to_its_place(
    above: str, sheet: str, path: str, unit: str
) -> None:
    """Its township, else its file's name less dates: months of one station stay one unit, stations stay apart."""
    assert unit_of_place(title(above), sheet, PurePosixPath("620422/labour") / path, DIVISIONS) == unit
