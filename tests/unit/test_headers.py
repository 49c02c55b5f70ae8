"""Headers are found wherever they stand, by the spellings a contract lists, and refused when ambiguous."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.contracts import load_contracts
from xiezuo.errors import FileRefused
from xiezuo.headers import HeaderMatch, bare, match_sheet
from xiezuo.readers import Sheet
from xiezuo.settings import Settings

CONTRACTS = load_contracts(Settings.from_env({}).root)
LABOUR = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
PROJECT = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"]
ALLOCATION = ["文号", "下达日期", "年度", "下达资金（万元）"]
MEETING = ["会议时间", "会议类型", "议题"]


def match(
    *rows: list[Any], source: str | None = None, merged: list[tuple[int, int, int, int]] | None = None
) -> HeaderMatch | None:
    width = max(len(row) for row in rows)
    sheet = Sheet("表一", [[*row, *[None] * (width - len(row))] for row in rows], merged or [])
    return match_sheet(sheet, [c for c in CONTRACTS.values() if source in (None, c.source)])


def found(*rows: list[Any], **how: Any) -> HeaderMatch:
    result = match(*rows, **how)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("header", "dataset"),
    [
        (LABOUR, "labour_placement"),
        (PROJECT, "fund_project"),
        (ALLOCATION, "fund_allocation"),
        (MEETING, "work_meeting"),
    ],
)
def test_a_sheet_goes_to_the_dataset_it_fits(header: list[str], dataset: str) -> None:
    result = found(header, ["x"] * len(header))
    assert (result.contract.dataset, result.first_row, result.last_row, result.missing) == (dataset, 0, 0, ())
    assert sorted(result.columns.values()) == list(range(len(header)))


@pytest.mark.parametrize("above", [0, 1, 5, 39])
def test_title_rows_above_a_header_do_not_matter(above: int) -> None:
    titles: list[list[Any]] = [["会宁县劳务输转台账"], ["填报单位：会师镇", None, "单位：万元"], *([[]] * 40)]
    result = found(*titles[:above], LABOUR)
    assert (result.first_row, result.columns["person_name"]) == (above, 0)


def test_a_header_below_the_searched_rows_is_not_found() -> None:
    assert match(*([["x"]] * 41), LABOUR) is None


def test_columns_may_stand_in_any_order_with_others_between() -> None:
    result = found(["序号", *reversed(LABOUR), "意见"])
    assert result.columns["person_name"] == 6
    assert result.unmapped == ("序号", "意见")


def test_spelling_is_compared_without_width_space_and_marks() -> None:
    assert found(["姓 名", "＊身份证号码", "乡（镇）", "务工省份:", "务工\n企业", "开始时间※"]).missing == ()
    assert bare("务工月收入（元）") == bare(" 务工 月收入(元) ")


def test_a_name_that_is_only_similar_is_not_taken() -> None:
    """Nothing is matched by likeness: a column nobody listed stays unused."""
    result = found([*LABOUR, "姓名拼音", "乡镇领导"])
    assert set(result.unmapped) == {"姓名拼音", "乡镇领导"}


def test_two_levels_make_one_header() -> None:
    """省 under a merged 务工地点 is the province of the job; the merge is spread over its columns."""
    result = found(
        ["姓名", "身份证号", "务工地点", None, None, "务工企业", "开始时间"],
        [None, None, "省", "市", "县", None, None],
        merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 1, 5), (0, 6, 1, 6)],
    )
    assert (result.first_row, result.last_row) == (0, 1)
    assert {name: result.columns[name] for name in ("work_province", "work_city", "work_county")} == {
        "work_province": 2, "work_city": 3, "work_county": 4,
    }  # fmt: skip
    assert result.labels["work_province"] == "务工地点省"


def test_the_first_row_of_data_is_no_second_level() -> None:
    result = found(LABOUR, ["张三", "x", "会师镇", "天津市", "晨屿电子", "2022-03"])
    assert result.last_row == 0


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("安排资金（万元）", 10000),
        ("安排资金(元)", 1),
        ("安排资金", None),
        ("安排资金\n（单位：万元）", 10000),
    ],
)
def test_a_unit_in_a_header_is_understood(text: str, yuan: int | None) -> None:
    result = found([*PROJECT[:-1], text])
    assert result.units.get("allocated_yuan") == (None if yuan is None else Decimal(yuan))


def test_a_missing_column_is_named_as_the_office_knows_it() -> None:
    with pytest.raises(FileRefused) as refused:
        match(["姓名", "乡镇", "务工企业", "务工省份"])
    assert refused.value.code == "COLUMNS_MISSING"
    assert all(word in refused.value.zh for word in ("表一", "劳务输转台账", "证件号码", "开始时间"))


@pytest.mark.parametrize("extra", ["身份证号", "身份证号 ", "身份证号※"])
def test_a_column_that_stands_twice_is_refused(extra: str) -> None:
    with pytest.raises(FileRefused) as refused:
        match([*LABOUR, extra])
    assert refused.value.code == "COLUMN_TWICE"


def test_of_two_spellings_of_one_field_the_better_one_is_read() -> None:
    """实付金额 and 订单金额 in one export: the first spelling of the contract is the amount paid."""
    header = ["订单编号", "统一社会信用代码", "订单金额", "实付金额", "订单状态", "支付时间"]
    result = found(header, source="sales")
    assert result.columns["payment_yuan"] == 3


@pytest.mark.parametrize(
    "rows",
    [
        [["填表说明"], ["1. 姓名应与身份证一致"], ["2. 乡镇写全称"]],
        [["姓名", "联系人"]],
        [[1, 2, 3], [4, 5, 6]],
        [[]],
        [["会宁县"], [None]],
    ],
)
def test_a_notes_sheet_is_no_ledger(rows: list[list[Any]]) -> None:
    assert match(*rows) is None


@given(st.permutations([*LABOUR, "序号", "备注", "联系电话", "性别"]))
def test_any_order_of_columns_is_read_alike(header: list[str]) -> None:
    result = found(header)
    assert header[result.columns["id_no"]] == "身份证号"
    assert result.unmapped == ("序号",)


CELLS = st.one_of(
    st.none(), st.text(max_size=6), st.sampled_from([*LABOUR, *PROJECT, *MEETING]), st.integers(), st.floats()
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=5),
    st.lists(st.tuples(*[st.integers(0, 9)] * 4), max_size=3),
)
def test_no_sheet_breaks_the_search(rows: list[list[Any]], merged: list[tuple[int, int, int, int]]) -> None:
    """Any grid and any merges: a match, no match, or a refusal with a code."""
    ranges = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in merged]
    try:
        result = match_sheet(Sheet("表一", rows, ranges), CONTRACTS.values())
    except FileRefused as refused:
        assert refused.code in {"COLUMNS_MISSING", "COLUMN_TWICE"}
    else:
        assert result is None or not result.missing
