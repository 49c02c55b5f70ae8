"""Days as workbooks keep them, and ledgers whose own date is far from their rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed, conform
from xiezuo.conform.ledgers.header_match import match_sheet
from xiezuo.conform.ledgers.tables import table_of_sheet
from xiezuo.conform.readers import CellError, Sheet, read_file
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.values.privacy import Privacy

SETTINGS = Settings.from_env({})
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
CONTRACTS = load_contracts(SETTINGS.root)
PAYMENTS = ("支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额（元）")
SECONDED = ("方向", "类别", "姓名", "派出单位", "开始时间", "结束时间")


def around(today: date = date(2022, 12, 31)) -> Surroundings:
    return Surroundings(COUNTY, DIVISIONS, Privacy(b"k" * 32, Fernet.generate_key().decode()), today)


def take(path: Path, *, today: date = date(2022, 12, 31)) -> Conformed:
    [sheet] = read_file(path)
    match = match_sheet(sheet, CONTRACTS.values(), COUNTY, path.name)
    assert match is not None
    return conform(table_of_sheet(sheet, match, PurePosixPath(path.name), DIVISIONS), around(today))


def of_1904(path: Path, *days: Any) -> Path:
    """Write payments of these days into a workbook that counts from 1904, the column left General."""
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    assert sheet is not None
    sheet.append(PAYMENTS)
    for number, day in enumerate(days):
        sheet.append([f"P{number}", "X1", day, "某公司", 40001])
    workbook.save(path)
    return path


def test_a_day_number_of_a_1904_workbook_counts_from_1904(tmp_path: Path) -> None:
    """43344 there is 2022-09-02, not 2018-09-01; dates, texts and compact dates are what they are elsewhere."""
    found = take(of_1904(tmp_path / "a.xlsx", 43344, date(2022, 9, 2), "2022-09-02", 20220902, "2022年9月2日"))
    assert [row["paid_on"] for row in found.rows] == [date(2022, 9, 2)] * 5
    assert found.version.date() == date(2022, 9, 2)


def test_a_day_number_as_text_in_a_1904_workbook_waits(tmp_path: Path) -> None:
    found = take(of_1904(tmp_path / "a.xlsx", "43344", date(2022, 9, 2)))
    assert [(finding.row_no, finding.rule_id) for finding in found.findings] == [(2, "DATE_SYSTEM")]


@settings(max_examples=30, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2022, 12, 31)))
def test_any_day_number_is_the_same_day_in_both_systems(day: date) -> None:
    serials = {False: (day - date(1899, 12, 30)).days, True: (day - date(1904, 1, 1)).days}
    for is_1904, serial in serials.items():
        sheet = Sheet("a", [list(PAYMENTS), ["P1", "X1", serial, "某公司", 40001]], is_1904=is_1904)
        match = match_sheet(sheet, [CONTRACTS["fund_payment"]], COUNTY)
        assert match is not None
        [row] = conform(table_of_sheet(sheet, match, PurePosixPath("a.xlsx"), DIVISIONS), around()).rows
        assert row["paid_on"] == day


@pytest.mark.parametrize("code", ['yyyy"年"m"月"', 'yyyy"年"m"月";@', "mmm-yy", "yyyy-mm", "yyyy/m", '[$-804]yyyy"年"m"月"'])
def test_a_month_that_excel_made_a_date_is_the_month(code: str, tmp_path: Path) -> None:
    """An end in 2022年8月 is the last of August, whether the cell is a text or Excel's first of the month."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, SECONDED)
        shown = workbook.add_format({"num_format": code})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, name in enumerate(("甲", "乙", "丙", "丁"), start=1):
            sheet.write_row(row, 0, ["和平区选派", "专技人才", f"测{name}", "和平一小", "2022年3月"])
        sheet.write_datetime(1, 5, datetime(2022, 8, 1), shown)
        sheet.write(2, 5, "2022年8月")
        sheet.write_datetime(3, 5, datetime(2022, 8, 15), shown)
        sheet.write_datetime(4, 5, datetime(2022, 8, 1), day)
    ends = [row["ended_on"] for row in take(path).rows]
    assert ends == [date(2022, 8, 31), date(2022, 8, 31), date(2022, 8, 15), date(2022, 8, 1)]


def test_a_month_is_no_day_of_payment(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, PAYMENTS)
        sheet.write_row(1, 0, ["P1", "X1", None, "某公司", 40001])
        sheet.write_datetime(1, 2, datetime(2022, 8, 1), workbook.add_format({"num_format": 'yyyy"年"m"月"'}))
    [finding] = take(path).findings
    assert (finding.column, finding.rule_id) == ("支付日期", "DATE_INCOMPLETE")


@pytest.mark.parametrize("typed", ["#N/A", "#REF!", "#div/0!", " #VALUE! "])
def test_an_error_typed_into_a_text_file_is_that_error(typed: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(PAYMENTS) + f"\nP1,X1,2022-09-02,某公司,{typed}\n", encoding="utf-8")
    [sheet] = read_file(path)
    assert sheet.rows[1][4] == CellError("EXCEL_ERROR")
    [finding] = take(path).findings
    assert (finding.row_no, finding.rule_id) == (2, "EXCEL_ERROR")


def ledger(path: Path, title: str, *days: str) -> Path:
    rows = [[title], list(PAYMENTS), *([f"P{n}", "X1", day, "某公司", "40001"] for n, day in enumerate(days))]
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("reported", "days"),
    [
        ("2022年12月31日", ["2022-01-05"]),
        ("2023年3月20日", ["2022-02-05", "2022-11-30"]),
        ("2023年6月30日", ["2022-01-05"]),
        ("2022年9月30日", ["2022-09-02", "2022-10-20"]),
        ("2022年9月", ["2022-09-02", "2021-09-02"]),
    ],
)
def test_a_ledger_reported_as_offices_do_is_taken(reported: str, days: list[str], tmp_path: Path) -> None:
    """Within the year, in the first half of the next, or a month ahead of what is planned."""
    found = take(ledger(tmp_path / "a.csv", f"支付明细（填报日期：{reported}）", *days), today=date(2023, 12, 1))
    assert (len(found.rows), found.findings) == (len(days), [])


@pytest.mark.parametrize(
    ("reported", "days", "code"),
    [
        ("2023年7月1日", ["2022-11-30"], "REPORTED_LONG_AFTER"),
        ("2022年9月30日", ["2018-09-01", "2018-09-02"], "REPORTED_LONG_AFTER"),
        ("2021年9月30日", ["2022-09-02", "2022-09-03", "2021-01-01"], "REPORTED_BEFORE_ROWS"),
        ("2022年8月31日", ["2022-10-02"], "REPORTED_BEFORE_ROWS"),
        ("2032年9月30日", ["2022-09-02"], "REPORTED_IN_FUTURE"),
    ],
)
def test_a_ledger_dated_far_from_its_rows_is_refused(
    reported: str, days: list[str], code: str, tmp_path: Path
) -> None:
    """A version taken from a wrong date would outdate others for good, or be outdated."""
    with pytest.raises(FileRefused) as refused:
        take(ledger(tmp_path / "a.csv", f"支付明细（填报日期：{reported}）", *days), today=date(2023, 12, 1))
    assert refused.value.code == code


def test_a_stray_row_later_than_its_ledger_waits_alone(tmp_path: Path) -> None:
    path = ledger(tmp_path / "a.csv", "支付明细（填报日期：2022年9月30日）", "2022-09-02", "2022-12-02", "2022-09-05")
    found = take(path)
    assert [(finding.row_no, finding.rule_id) for finding in found.findings] == [(4, "DATE_AFTER_REPORT")]
    assert [row["row_no"] for row in found.rows] == [3, 5]
    assert found.amounts[4] == Decimal(40001)  # what waits is conserved like any other held-back row
    assert found.covers_to == date(2022, 9, 30)
