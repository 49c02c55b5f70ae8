"""A delivery whose columns changed is understood, warned of, or held back in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused, GateClosed
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed, conform
from xiezuo.conform.ledgers.header_match import match_sheet
from xiezuo.conform.ledgers.tables import table_of_sheet
from xiezuo.conform.readers import Sheet
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.conform.shape import Shape, refuse_retyped, renamed, two_digit_years, warnings
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.values.privacy import Privacy
from xiezuo_sample.codes import identity_number

SETTINGS = Settings.from_env({})
CONTRACTS = load_contracts(SETTINGS.root)
LABOUR = CONTRACTS["labour_placement"]
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
AROUND = Surroundings(COUNTY, DIVISIONS, Privacy(b"k" * 32, Fernet.generate_key().decode()), date(2022, 12, 31))
HEADER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间", "月工资（元）"]


def delivery(rows: int, header: list[str] = HEADER, *, bad: int = 0, **cells: Any) -> Conformed:
    """Conform a ledger of ``rows`` people; the first ``bad`` of them have ``cells``, the others usual ones."""
    usual = {
        "乡镇": "会师镇", "务工省份": "天津市", "务工企业": "晨屿电子", "开始时间": "2022-03", "月工资（元）": 4000,
        "姓名": "张三",
    }  # fmt: skip
    lines = []
    for n in range(rows):
        typed = usual | {"身份证号": identity_number(n, date(1990, 1, 8))} | (cells if n < bad else {})
        lines.append([typed.get(name, "x") for name in header])
    sheet = Sheet("台账", [header, *lines])
    match = match_sheet(sheet, [LABOUR], COUNTY)
    assert match is not None
    return conform(table_of_sheet(sheet, match, PurePosixPath("620422/labour/甲站_2022-03.xlsx"), DIVISIONS), AROUND)


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("开始时间", "春节后", "日期无法识别"),
        ("开始时间", None, "不能为空"),
        ("月工资（元）", "四五千", "金额无法识别"),
        ("月工资（元）", "约4000", "约数"),
        ("身份证号", "9904**********1235", "隐去"),
        ("乡镇", "甲镇", "没有这个乡镇"),
    ],
)
def test_a_column_that_became_something_else_is_one_sentence(column: str, cell: Any, why: str) -> None:
    found = delivery(30, bad=16, **{column: cell})
    with pytest.raises(GateClosed) as closed:
        refuse_retyped(found.table, found.findings)
    assert closed.value.code == "COLUMN_RETYPED"
    assert all(text in closed.value.zh for text in (column, why, "30", "16", "台账"))


def test_columns_that_slipped_are_all_named() -> None:
    """Town and province changed places: one sentence for both."""
    found = delivery(30, bad=30, 乡镇="天津市", 开始时间="会师镇")
    with pytest.raises(GateClosed) as closed:
        refuse_retyped(found.table, found.findings)
    assert "乡镇" in closed.value.zh
    assert "“开始时间”也是如此" in closed.value.zh


@pytest.mark.parametrize(("rows", "bad"), [(30, 15), (30, 0), (19, 19)])
def test_half_a_column_or_a_short_one_is_a_matter_of_rows(rows: int, bad: int) -> None:
    found = delivery(rows, bad=bad, 开始时间="春节后")
    refuse_retyped(found.table, found.findings)
    assert len(found.findings) == bad


def test_blanks_of_an_optional_column_do_not_hide_that_what_is_filled_cannot_be_read() -> None:
    """25 wages of 100 are filled in, and none of them is an amount."""
    header = [*HEADER, "结束时间"]
    found = delivery(100, header, bad=25, 结束时间="年底回来")
    found.table.rows[:] = [(n, cells | ({"ended_on": None} if n > 26 else {})) for n, cells in found.table.rows]
    with pytest.raises(GateClosed):
        refuse_retyped(found.table, [f for f in found.findings if f.row_no <= 26])


def test_a_serial_number_for_a_date_and_a_text_for_a_number_are_understood() -> None:
    """Retyped, but certain: nothing is said."""
    found = delivery(30, bad=30, 开始时间=44621, **{"月工资（元）": "4,000元"})
    refuse_retyped(found.table, found.findings)
    assert [row["started_on"] for row in found.rows] == [date(2022, 3, 1)] * 30


def test_a_dropped_required_column_is_refused_with_what_resembles_it() -> None:
    sheet = Sheet("台账", [[*HEADER[:-2], "起始日", "月工资（元）", "证件类型"], ["x"] * 8])
    with pytest.raises(FileRefused) as refused:
        match_sheet(sheet, [LABOUR], COUNTY)
    assert refused.value.code == "COLUMNS_MISSING"
    assert "开始时间" in refused.value.zh
    assert "证件类型" not in refused.value.zh
    renamed_sheet = Sheet("台账", [["人员姓名全称", "身份证件号码", *HEADER[2:]], ["x"] * 7])
    with pytest.raises(FileRefused) as hinted:
        match_sheet(renamed_sheet, [LABOUR], COUNTY)
    assert "“人员姓名全称”" in hinted.value.zh
    assert "“身份证件号码”" in hinted.value.zh


def test_a_renamed_optional_column_is_pointed_out_and_not_used() -> None:
    found = delivery(3, [*HEADER, "务工结束月份", "序号"])
    assert "ended_on" not in found.table.labels
    [said] = renamed(LABOUR.fields, found.table)
    assert "务工结束月份" in said
    assert "结束时间" in said


def shape(found: Conformed) -> Shape:
    return Shape.of(found.table, LABOUR.fields, found.rows)


def test_a_dropped_optional_column_is_a_warning_by_name() -> None:
    before, now = shape(delivery(3)), shape(delivery(3, [name for name in HEADER if name != "月工资（元）"]))
    [said] = warnings(now, before, LABOUR.fields)
    assert "务工月收入" in said
    assert warnings(before, now, LABOUR.fields) == []
    assert warnings(now, now, LABOUR.fields) == []


def test_another_unit_than_last_time_is_a_warning_with_both_sizes() -> None:
    before, now = shape(delivery(3)), shape(delivery(3, bad=3, **{"月工资（元）": "0.4"}))
    [said] = warnings(now, before, LABOUR.fields)
    assert all(text in said for text in ("务工月收入", "0.40", "4,000.00", "万元"))
    assert warnings(shape(delivery(3, bad=3, **{"月工资（元）": 9000})), before, LABOUR.fields) == []


def test_a_shape_survives_its_storage_and_a_contract_that_lost_a_field() -> None:
    before = shape(delivery(3))
    stored = json.loads(json.dumps(before.as_json()))
    assert Shape.from_json(stored) == before
    older = Shape((*before.columns, "gone"), {**before.medians, "gone_yuan": "1"})
    assert warnings(before, older, LABOUR.fields) == []


def test_years_of_two_digits_are_said() -> None:
    found = delivery(5, bad=2, 开始时间="22.3.2")
    [said] = two_digit_years(found.table, LABOUR.fields)
    assert "2 行" in said
    assert [row["started_on"] for row in found.rows][:2] == [date(2022, 3, 2)] * 2
    assert two_digit_years(delivery(5, bad=2, 开始时间="22.3").table, LABOUR.fields) == []
    assert two_digit_years(delivery(5).table, LABOUR.fields) == []


AMOUNTS = st.dictionaries(st.sampled_from(list(LABOUR.fields)), st.decimals("0.01", "1e9", places=2).map(str))


@given(st.lists(st.sampled_from(list(LABOUR.fields)), unique=True), AMOUNTS, AMOUNTS)
def test_any_two_shapes_compare_without_complaint_and_equal_ones_silently(
    columns: list[str], first: dict[str, str], second: dict[str, str]
) -> None:
    before, now = Shape(tuple(columns), first), Shape(tuple(reversed(columns)), second)
    said = warnings(now, before, LABOUR.fields)
    assert len(said) <= len(set(first) & set(second))
    assert warnings(before, replace(before), LABOUR.fields) == []
    apart = [n for n in first if n in second and max(Decimal(first[n]), Decimal(second[n])) >= 1000 * min(Decimal(first[n]), Decimal(second[n]))]
    assert len(said) == len(apart)
