"""Headers are found wherever they stand, by the spellings a contract lists, and refused when ambiguous."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.header_match import HeaderMatch, bare, match_sheet
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.counties import load_counties

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
        assert refused.code in {"COLUMNS_MISSING", "COLUMN_TWICE", "LEDGER_AMBIGUOUS", "MONEY_CURRENCY"}
    else:
        assert result is None or not result.missing


# --- Decoration, levels, and what title and county add -----------------------------------------------------

HUINING = load_counties(Settings.from_env({}).counties_path)["620422"]


@pytest.mark.parametrize(
    "header",
    [
        ["1.姓名", "2.身份证号", "3.乡镇", "4.务工省份", "5.务工企业", "6.开始时间"],
        ["（一）姓名", "（二）身份证号", "（三）乡镇", "（四）务工省份", "（五）务工企业", "（六）开始时间"],
        ["①姓名", "②身份证号", "③乡镇", "④务工省份", "⑤务工企业", "⑥开始时间"],
        ["*姓名", "身份证号*必填", "乡镇（必填）", "务工省份【必填】", "★务工企业", "（必填）开始时间"],
        ["姓 名", "身份证号\n（18位，请设为文本）", "乡镇 请选择", "务工省份：", "务工企业（请填写全称（工商登记））", "开始时间 如2022-03-01"],
        ["姓名 Name", "ID No.（身份证号）", "乡镇/Town", "务工省份 Province", "务工企业\nEmployer", "开始时间 Start"],
        ["姓　名", "身份证号：", "乡 镇", "务工省份(必填", "【必填】务工企业", "一、开始时间"],
    ],
)
def test_what_surrounds_a_header_is_taken_off(header: list[str]) -> None:
    result = found(header, ["x"] * 6, source="labour")
    assert sorted(result.columns.values()) == list(range(6))
    assert result.contract.dataset == "labour_placement"


@pytest.mark.parametrize("text", ["1月工资", "姓名拼音", "曾用姓名", "姓名（2）拼音", "乡镇领导"])
def test_what_is_left_must_be_a_spelling_of_the_contract(text: str) -> None:
    """1月工资 is January's, not 月工资 numbered one."""
    assert found([*LABOUR, text]).unmapped == (text,)


def test_three_levels_make_one_header() -> None:
    rows = [
        ["基本情况", None, None, "务工情况", None, None, None, None],
        ["姓名", "身份证号", "乡镇", "务工地点", None, None, "务工企业", "开始时间"],
        [None, None, None, "省", "市", "县", None, None],
        ["x"] * 8,
    ]
    merged = [(0, 0, 0, 2), (0, 3, 0, 7), (1, 3, 1, 5), *((1, c, 2, c) for c in (0, 1, 2, 6, 7))]
    result = found(*rows, merged=merged, source="labour")
    assert (result.last_row, result.missing) == (2, ())
    assert [result.columns[name] for name in ("person_name", "work_province", "work_city", "started_on")] == [0, 3, 4, 7]


def test_of_several_columns_below_one_text_only_its_total_is_meant() -> None:
    """安排资金 over 合计 and 其他 is the total; over 中央 and 其他 it is neither."""
    head = [["项目编号", "项目名称", "项目类别", "安排文号", "安排资金", None], [None, None, None, None, "合计", "其他"]]
    merged = [*((0, c, 1, c) for c in range(4)), (0, 4, 0, 5)]
    assert found(*head, merged=merged, source="fund").columns["allocated_yuan"] == 4
    head[1][4] = "中央"
    with pytest.raises(FileRefused) as refused:
        found(*head, merged=merged, source="fund")
    assert (refused.value.code, "安排资金" in refused.value.zh) == ("COLUMN_TWICE", True)


def test_a_unit_above_several_columns_holds_for_each() -> None:
    rows = [["项目编号", "项目名称", "项目类别", "安排文号", "资金（万元）", ""], ["", "", "", "", "安排资金", "到位资金"]]
    assert found(*rows, source="fund").units == {"allocated_yuan": Decimal(10000), "arrived_yuan": Decimal(10000)}


@pytest.mark.parametrize("row", [["张三", "990", 3, None], [44806, None, None, None], ["2022-03-08", "x", None, None]])
def test_a_row_with_numbers_or_dates_is_no_level_of_a_header(row: list[Any]) -> None:
    assert found(LABOUR, row).last_row == 0


def test_an_amount_in_a_foreign_currency_is_refused() -> None:
    for text in ("安排资金（万美元）", "安排资金/美元", "安排资金（USD）"):
        with pytest.raises(FileRefused) as refused:
            match([*PROJECT[:-1], text])
        assert refused.value.code == "MONEY_CURRENCY"


def test_of_two_columns_alike_the_empty_one_gives_way() -> None:
    header = [*LABOUR, "备注", "备 注"]
    assert found(header, ["x"] * 6 + [None, "y"]).columns["remark"] == 7
    assert found(header, ["x"] * 6 + ["y", " "]).columns["remark"] == 6
    with pytest.raises(FileRefused) as refused:
        match(header, ["x"] * 6 + ["y", "z"])
    assert (refused.value.code, "备 注" in refused.value.zh) == ("COLUMN_TWICE", True)


def alike(dataset: str, zh: str, **more: Any) -> Contract:
    fields = {f"f{n}": {"type": "text", "zh": [label], "required": n < 2} for n, label in enumerate(["甲", "乙", "丙", "丁"])}
    feeds = {"workbook": {"kind": "file"}}
    return Contract.model_validate(
        {"dataset": dataset, "source": "work", "zh": zh, "en": zh, "grain": "a row", "key": ["f0"],
         "delivery": "snapshot", "fields": fields, "feeds": feeds} | more
    )  # fmt: skip


def test_two_ledgers_that_cannot_be_told_apart_are_not_guessed() -> None:
    both = [alike("work_roads", "道路台账"), alike("work_bridges", "桥梁台账")]
    header = [["甲", "乙", "丙"], ["x", "y", "z"]]
    with pytest.raises(FileRefused) as refused:
        match_sheet(Sheet("Sheet1", header), both)
    assert refused.value.code == "LEDGER_AMBIGUOUS"
    assert "桥梁台账" in refused.value.zh
    assert "道路台账" in refused.value.zh
    for sheet, name in ((Sheet("桥梁", header), ""), (Sheet("Sheet1", header), "2022年桥梁台账.xlsx")):
        told = match_sheet(sheet, both, None, name)
        assert told is not None
        assert told.contract.dataset == "work_bridges"


TITLED = {"from_title": {"f1": r"(第[0-9]+期)"}}


@pytest.mark.parametrize(
    ("sheet", "title", "name", "value"),
    [
        ("第3期", "道路台账", "a.xlsx", "第3期"),
        ("Sheet1", "道路台账（第４期）", "a.xlsx", "第4期"),
        ("Sheet1", "道路台账", "道路_第5期.xlsx", "第5期"),
    ],
)
def test_what_has_no_column_may_stand_in_the_title(sheet: str, title: str, name: str, value: str) -> None:
    contract = alike("work_roads", "道路台账", **TITLED)
    found = match_sheet(Sheet(sheet, [[title, None, None], ["甲", "丙", "丁"], ["x", "y", "z"]]), [contract], None, name)
    assert found is not None
    assert (found.given, found.missing) == ({"f1": value}, ())
    assert "f1" not in found.columns


def test_a_column_wins_over_the_title_and_neither_is_missed() -> None:
    contract = alike("work_roads", "道路台账", **TITLED)
    found = match_sheet(Sheet("第3期", [["甲", "乙", "丙"], ["x", "y", "z"]]), [contract])
    assert found is not None
    assert found.given == {}
    with pytest.raises(FileRefused) as refused:
        match_sheet(Sheet("Sheet1", [["甲", "丙", "丁"], ["x", "y", "z"]]), [contract])
    assert (refused.value.code, "乙" in refused.value.zh) == ("COLUMNS_MISSING", True)


@pytest.mark.parametrize(("east", "west"), [("和平区单位", "会宁县单位"), ("和平单位", "会宁单位"), ("东部单位", "西部单位")])
def test_a_header_may_name_the_county(east: str, west: str) -> None:
    sheet = Sheet("Sheet1", [["结对类型", east, west, "签订时间"], ["学校", "甲校", "乙校", "2022-03-08"]])
    result = match_sheet(sheet, [CONTRACTS["work_pairing"]], HUINING)
    assert result is not None
    assert (result.columns["east"], result.columns["west"]) == (1, 2)
