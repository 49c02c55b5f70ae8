"""Conforming: every row becomes a typed row or findings that name column and reason, and nothing personal."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed, conform
from xiezuo.conform.ledgers.header_match import match_sheet
from xiezuo.conform.ledgers.tables import table_of_items, table_of_sheet
from xiezuo.conform.readers import Sheet
from xiezuo.conform.readers.sheets import CellError
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.values import contains_identity_number
from xiezuo.values.privacy import Privacy
from xiezuo_sample.codes import identity_number

SETTINGS = Settings.from_env({})
CONTRACTS = load_contracts(SETTINGS.root)
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
PRIVACY = Privacy(b"k" * 32, Fernet.generate_key().decode())
AROUND = Surroundings(load_counties(SETTINGS.counties_path)["620422"], DIVISIONS, PRIVACY, date(2022, 12, 31))
NUMBER = identity_number(101, date(1990, 1, 8))
LABOUR = {
    "姓名": "张三", "身份证号": NUMBER, "性别": "男", "联系电话": "19100000101", "乡镇": "会师镇", "村": "南关村", "户类型": "脱贫户",
    "监测类别": "", "务工省份": "天津市", "务工地点": "和平区", "务工企业": "晨屿电子", "是否点对点输送": "是", "开始时间": "2022-03",
    "结束时间": "", "务工时间（月）": "3个月", "月工资（元）": "4,000", "备注": "",
}  # fmt: skip
PROJECT = {"项目编号": "P1", "项目名称": "大棚", "项目类别": "产业培育", "建设地点": "会师镇", "安排文号": "甲1号",
           "安排资金": "60万元", "受益户数": "12户"}  # fmt: skip


def conformed(typed: dict[str, Any], *more: dict[str, Any], title: str = "台账") -> Conformed:
    """Conform rows that are typed like ``typed``; each of ``more`` says what is different."""
    rows = [list((typed | other).values()) for other in (more or ({},))]
    sheet = Sheet("台账", [[title, *[None] * (len(typed) - 1)], list(typed), *rows])
    match = match_sheet(sheet, CONTRACTS.values())
    assert match is not None
    return conform(
        table_of_sheet(sheet, match, PurePosixPath("620422/x/甲站_2022-03.xlsx"), DIVISIONS), AROUND
    )


def reasons(found: Conformed) -> list[tuple[int, str, str]]:
    return [(finding.row_no, finding.column, finding.rule_id) for finding in found.findings]


def test_a_good_row_is_typed_and_its_person_goes_to_the_vault() -> None:
    found = conformed(LABOUR)
    assert found.findings == []
    [row] = found.rows
    assert (row["row_no"], row["started_on"], row["start_month"], row["wage_month_yuan"]) == (
        3,
        date(2022, 3, 1),
        date(2022, 3, 1),
        Decimal(4000),
    )
    assert (row["sex"], row["birth_date_year"], row["household_type"], row["work_province_code"]) == (
        "male",
        1990,
        "lifted",
        "120000",
    )
    assert (row["months_worked"], row["is_organised"], row["town"], row["reporting_unit"]) == (
        3,
        True,
        DIVISIONS.town("会师镇"),
        "甲站",
    )
    assert found.persons == {
        row["person_key"]: {"person_name": "张三", "id_no": NUMBER, "phone": "19100000101"}
    }
    assert not {"person_name", "id_no", "phone"} & set(row)
    assert found.covers_to == date(2022, 3, 31)
    assert found.version == datetime(2022, 3, 31, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("column", "typed", "rule"),
    [
        ("姓名", "", "REQUIRED"),
        ("姓名", "张三、李四", "NAME_FORMAT"),
        ("身份证号", "", "REQUIRED"),
        ("身份证号", NUMBER[:17], "ID_LENGTH"),
        ("身份证号", NUMBER[:17] + "?", None),
        ("身份证号", NUMBER[:6] + "********" + NUMBER[14:], "ID_MASKED"),
        ("身份证号", float(NUMBER[:17] + "0"), "ID_PRECISION_LOST"),
        ("乡镇", "没有镇", "TOWN_UNKNOWN"),
        ("开始时间", "2022.1", None),
        ("开始时间", "", "REQUIRED"),
        ("开始时间", "春节后", None),
        ("月工资（元）", "面议", None),
        ("月工资（元）", "4000余元", "MONEY_APPROXIMATE"),
        ("务工企业", CellError("EXCEL_ERROR"), "EXCEL_ERROR"),
        ("备注", CellError("FORMULA_NO_CACHE"), "FORMULA_NO_CACHE"),
    ],
)
def test_a_cell_that_cannot_be_read_holds_its_row_back(column: str, typed: Any, rule: str | None) -> None:
    """The finding names the column as the office typed it; the row beside it goes on."""
    value = 2022.1 if typed == "2022.1" else typed
    found = conformed(LABOUR, {column: value}, {})
    assert [row["row_no"] for row in found.rows] == [4]
    assert [(number, name) for number, name, _ in reasons(found)] == [(3, column)]
    assert rule in (None, found.findings[0].rule_id)
    assert found.findings[0].reason_zh
    assert found.typed[3]


def test_a_place_of_no_province_names_the_columns_it_looked_at() -> None:
    found = conformed(LABOUR, {"务工省份": "", "务工地点": "某工业园"})
    assert reasons(found) == [(3, "务工地点", "CANNOT_TELL")]
    assert "务工地点" in found.findings[0].reason_zh


def test_every_reason_of_a_row_is_told_at_once() -> None:
    """The clerk corrects a row once, not five times."""
    found = conformed(LABOUR, {"姓名": "", "乡镇": "没有镇", "开始时间": "", "月工资（元）": "面议"})
    assert [column for _, column, _ in reasons(found)] == ["姓名", "乡镇", "开始时间", "月工资（元）"]


@pytest.mark.parametrize(
    ("column", "typed"),
    [("联系电话", "12"), ("性别", "？"), ("是否点对点输送", "看情况"), ("务工时间（月）", "很久")],
)
def test_an_advisory_cell_is_left_empty_and_counted(column: str, typed: str) -> None:
    found = conformed(LABOUR, {column: typed}, {column: typed})
    assert (len(found.rows), found.findings) == (2, [])
    assert any(column in word and "2 行" in word for word in found.warnings)


def test_unused_columns_are_told_without_what_is_personal() -> None:
    found = conformed(LABOUR | {f"帮扶人{NUMBER}": "x"})
    assert any("未使用的列" in word and "帮扶人" in word for word in found.warnings)
    assert not any(contains_identity_number(word) for word in found.warnings)


def test_a_village_of_another_township_is_not_taken() -> None:
    towns = {row.code: row.name for row in DIVISIONS.rows if row.level == "township"}
    villages = [row for row in DIVISIONS.rows if row.level == "village" and row.parent_code in towns]
    home = villages[0]
    assert (
        conformed(LABOUR, {"乡镇": towns[home.parent_code], "村": home.name}).rows[0]["village"] == home.code
    )
    stranger = next(row for row in villages if DIVISIONS.village(row.name, home.parent_code) is None)
    assert (
        conformed(LABOUR, {"乡镇": towns[home.parent_code], "村": stranger.name}).rows[0]["village"] is None
    )


def test_a_word_that_decides_a_figure_is_known_or_its_row_waits() -> None:
    """Nothing is kept as typed, and nobody is led to 其他; what only describes is kept."""
    assert reasons(conformed(PROJECT, {"项目类别": "数字 乡村"})) == [(3, "项目类别", "ENUM_UNKNOWN")]
    assert conformed(PROJECT, {"项目类别": "消费帮扶"}).rows[0]["category"] == "消费协作"
    meeting = {"会议时间": "2022-03-01", "会议类型": "四套班子碰头会", "议题": "研究事项"}
    found = conformed(meeting)
    assert reasons(found) == [(3, "会议类型", "ENUM_UNKNOWN")]
    assert "县委常委会" in found.findings[0].reason_zh
    assert "、其他" not in found.findings[0].reason_zh
    assert "四套班子" not in found.findings[0].reason_zh
    gift = {"捐赠票据号": "1", "捐赠方": "某公司", "捐赠时间": "2022-03-01", "捐款（元）": "100", "捐赠形式": "转账"}
    assert conformed(gift).rows[0]["gift_kind"] == "转账"


@pytest.mark.parametrize(
    ("household", "monitored", "lifted"),
    [
        ("脱贫户", "", True),
        ("易返贫致贫户", "脱贫不稳定户", True),
        ("监测对象（脱贫不稳定户）", "", True),
        ("脱贫不稳定户", "", True),
        ("脱贫不稳定户", "脱贫不稳定户", True),
        ("稳定脱贫户", "", True),
        ("脱贫享受政策", "", True),
        ("监测户", "脱贫不稳定户", True),
        ("", "脱贫不稳定户", True),
        ("脱贫户", "边缘易致贫户", True),
        ("监测户", "边缘易致贫户", False),
        ("边缘易致贫户", "", False),
        ("监测对象（突发严重困难户）", "", False),
        ("一般农户", "", False),
        ("一般农户", "无", False),
    ],
)
def test_whoever_was_lifted_is_known_in_the_words_of_either_column(household: str, monitored: str, lifted: bool) -> None:
    [row] = conformed(LABOUR, {"户类型": household, "监测类别": monitored}).rows
    told = (row["household_type"], row["monitor_class"])
    assert (told[0] == "lifted" or told == ("monitored", "unstable")) is lifted


@pytest.mark.parametrize(
    ("household", "monitored", "rule"),
    [
        ("脱贫不稳定户", "边缘易致贫户", "CHOICES_CONTRADICT"),
        ("监测户（脱贫不稳定户）", "无", "CHOICES_CONTRADICT"),
        ("一般农户", "脱贫不稳定户", "CHOICES_CONTRADICT"),
        ("脱困户", "", "ENUM_UNKNOWN"),
        ("脱贫户（非建档立卡）", "", "ENUM_UNKNOWN"),
        ("监测户（脱贫户）", "", "ENUM_UNKNOWN"),
        ("监测户", "其他", "ENUM_UNKNOWN"),
        ("贫困户", "", "ENUM_UNKNOWN"),
    ],
)
def test_what_may_mean_two_things_waits(household: str, monitored: str, rule: str) -> None:
    found = conformed(LABOUR, {"户类型": household, "监测类别": monitored})
    assert (found.rows, [finding.rule_id for finding in found.findings]) == ([], [rule])


def test_officials_may_have_any_field_since_none_is_counted_by_it() -> None:
    term = {"选派方向": "东部派往西部", "人才类别": "党政干部", "专业领域": "办公室主任", "姓名": "张三", "派出单位": "和平区某局", "开始时间": "2022-03-01"}
    assert [row["field"] for row in conformed(term).rows] == [None]
    assert reasons(conformed(term, {"人才类别": "专技人才"})) == [(3, "专业领域", "ENUM_UNKNOWN")]
    assert [row["field"] for row in conformed(term, {"专业领域": "农业"}).rows] == ["agriculture"]


def test_a_word_of_an_earlier_time_is_read_in_its_time() -> None:
    [row] = conformed(LABOUR, {"户类型": "贫困户", "开始时间": "2020-12"}, title="2020年12月台账").rows
    assert row["household_type"] == "lifted"


def test_a_contradiction_is_told_of_rows_that_hold_nothing_else() -> None:
    """A class that cannot be read is not filled from the household's word."""
    found = conformed(LABOUR, {"户类型": "脱贫不稳定户", "监测类别": "某类"})
    assert reasons(found) == [(3, "监测类别", "ENUM_UNKNOWN")]


@pytest.mark.parametrize(
    ("amount", "title", "yuan", "at_least"),
    [
        ("60万元", "台账", 600_000, False),
        ("60", "单位：万元", 600_000, False),
        ("500余万元", "台账", 5_000_000, True),
        ("60000", "台账", 60_000, False),
    ],
)
def test_an_amount_is_yuan_and_knows_whether_it_is_a_lower_bound(
    amount: str, title: str, yuan: int, at_least: bool
) -> None:
    [row] = conformed(PROJECT | {"安排资金": amount}, title=title).rows
    assert (row["allocated_yuan"], row["allocated_yuan_at_least"]) == (yuan, at_least)


def test_amounts_whose_unit_nothing_tells_refuse_the_file() -> None:
    with pytest.raises(FileRefused) as refused:
        conformed(PROJECT, {"安排资金": "60"}, {"安排资金": "5"})
    assert refused.value.code == "UNIT_MISSING"
    assert "安排资金" in refused.value.zh


def test_readable_and_unreadable_amounts_are_told_apart() -> None:
    """A row held back for another reason still states its amount; one without an amount is counted."""
    found = conformed(PROJECT, {}, {"项目编号": "", "安排资金": "30万元"}, {"安排资金": "若干"})
    assert found.amounts == {3: 600_000, 4: 300_000}
    assert found.unreadable_amounts == {5}
    assert found.unreadable_amounts <= {finding.row_no for finding in found.findings}


def test_the_version_is_told_by_the_rows_when_nothing_else_tells() -> None:
    items = [
        {
            "order_no": "1",
            "modified": "2022-03-05 10:00:00",
            "status": "WAIT_BUYER_PAY",
            "payment": "1",
            "shop_uscc": "x",
        }
    ]
    table = table_of_items(
        CONTRACTS["sales_order"], "top", items, place="p", sheet="", constants={"platform": "p", "line_no": 0}
    )
    stated = datetime(2022, 4, 1, tzinfo=SHANGHAI)
    found = conform(table, AROUND, version=stated, covers_to=date(2022, 3, 31))
    assert (found.version, found.covers_to) == (stated, date(2022, 3, 31))


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=30), st.dates(), st.times(),
    st.datetimes(), st.datetimes(timezones=st.just(SHANGHAI)), st.binary(max_size=3),
    st.builds(CellError, st.sampled_from(["EXCEL_ERROR", "FORMULA_NO_CACHE"])),
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "是",
        "会师镇",
        "天津市",
        "2022年3月",
        "4000",
        "40万",
        "￥5,600.00",
        "500余万元",
        "脱贫户",
        "9999-12-31",
        "0001-01-01",
        "1e400",
    ]
)
NUMBERS = st.builds(
    lambda serial, wrap: wrap.format(identity_number(serial, date(1990, 1, 8))),
    st.integers(0, 999_999),
    st.sampled_from(["{}", "x{}", "{}（户主）", "{} ", "证号{}电话"]),
)
FILES = [(name, feed) for name, contract in sorted(CONTRACTS.items()) for feed in contract.feeds]


@pytest.mark.parametrize(("dataset", "feed"), FILES)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_no_cell_breaks_a_run_and_no_finding_is_personal(dataset: str, feed: str, data: Any) -> None:
    """Any cells whatever: one row or findings; what leaves the vault's side holds no identity number."""
    contract = CONTRACTS[dataset]
    fields = contract.feed_fields(feed)
    cells = st.one_of(SCALARS, WORDS, NUMBERS, st.lists(st.integers(), max_size=1))
    item = {spec.zh[0]: data.draw(cells) for spec in fields.values() if spec.zh}
    table = table_of_items(
        contract, feed, [item], place="p", sheet="", constants=contract.feeds[feed].constants
    )
    try:
        found = conform(
            table, AROUND, version=datetime(2022, 4, 1, tzinfo=SHANGHAI), covers_to=date(2022, 3, 31)
        )
    except FileRefused as refused:
        assert refused.code == "UNIT_MISSING"
        return
    assert bool(found.rows) != bool(found.findings)
    assert len(found.amounts) + len(found.unreadable_amounts) == (contract.amount is not None)
    said = [
        f"{finding.column}{finding.rule_id}{finding.reason_zh}" for finding in found.findings
    ] + found.warnings
    assert not any(re.search(r"\d{17}", text) for text in said)
    for row in found.rows:
        open_text = json.dumps(
            {k: v for k, v in row.items() if not isinstance(v, date | time)}, default=str, ensure_ascii=False
        )
        assert not contains_identity_number(open_text)
        open_text.encode()  # what is stored is sound UTF-8
        assert "\x00" not in open_text
