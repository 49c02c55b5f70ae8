"""How blanks of other offices are read: what is sure, what is asked, and that nothing else is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.settings import Settings
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.form_words import load_form_words
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish.forms.amounts import decimals_said, written
from xiezuo.publish.forms.heads import When, money_unit, read_head, read_unit
from xiezuo.publish.forms.lines import Reading
from xiezuo.publish.forms.package import open_package
from xiezuo.publish.forms.reading import Reader
from xiezuo.publish.forms.workbook import open_workbook

SETTINGS = Settings.from_env({})
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
WORDS = load_form_words(SETTINGS.root, COUNTY)
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
READER = Reader(WORDS, COUNTY, DIVISIONS)
TEXTS = st.text(st.sampled_from("转移就业脱贫人口东部本月累计年度目标完成率同比上去期（）()万元人次：、其中一二12 9月2022—%\n　"), max_size=24)


def read(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> Reading:
    """Read a sheet of these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for one in merged:
        sheet.merge_cells(one)
    data = io.BytesIO()
    book.save(data)
    return READER.read(open_workbook(open_package(data.getvalue())).grids)


def items(reading: Reading) -> dict[str, str | tuple[str, ...]]:
    """Return what each item came to: an indicator for sure, or what there is to choose from."""
    return {
        line.words: line.answer if line.state == "sure" else line.choices for line in reading.lines.values() if line.kind == "item"
    }


def times(reading: Reading) -> list[str]:
    """Return the spans of the cells of the first row, from left to right."""
    first = reading.cells[0].slot.place[0]
    return [cell.time for cell in reading.cells if cell.slot.place[0] == first]


@pytest.mark.parametrize("known", WORDS.known, ids=lambda known: known.indicator_id)
def test_an_indicator_is_known_by_its_own_name_and_unit(known: Any) -> None:
    """In a form that has the name, under that of its indicator where it is a part, the unit tells what a name shares.

    A share is asked about: a form may have it of other wholes.
    """
    head = next(one.header for one in load_indicators(SETTINGS.root) if known.indicator_id in [e.indicator_id for e in one.entries])
    rows = dict.fromkeys([("指标", "单位", "本月"), (head.zh, known.unit), (known.name_zh, known.unit)])
    found = list(items(read(list(rows))).values())[-1]
    # per cent may be a completion or a change as well: a rate is asked about, never sure
    assert found == ((known.indicator_id,) if known.unit == "%" else known.indicator_id)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("本月完成数", When(span="month", role="")),
        ("1—9月累计", When(span="year_to_date", month=9)),
        ("截至9月底", When(span="year_to_date", month=9)),
        ("本年累计", When(span="year_to_date")),
        ("上年同期", When(role="last_year")),
        ("去年", When(role="year_before")),
        ("年度目标任务", When(role="target")),
        ("完成率（%）", When(role="completion")),
        ("占年度任务比例", When(role="completion")),
        ("较上年同期增长（%）", When(role="change")),
        ("同比±%", When(role="change")),
        ("2021年", When(year=2021)),
        ("2022年9月", When(span="month", year=2022, month=9)),
        ("上半年", When(span="year_to_date", month=6)),
        ("全年完成", When(span="year")),
        ("完成情况", When(role="value")),
    ],
)
def test_times(text: str, when: When) -> None:
    head = read_head(text)
    assert (head.when.span, head.when.role, head.when.year, head.when.month) == (when.span, when.role, when.year, when.month)
    assert not WORDS.read(head.words).words


@pytest.mark.parametrize("text", ["第二季度", "2021年以来累计", "“十四五”累计", "环比", "下半年"])
def test_times_that_no_figure_has_are_asked(text: str) -> None:
    assert read_head(text).when.doubt


@pytest.mark.parametrize(
    ("text", "kind", "times_"),
    [("万元", "money", 10_000), ("人民币 元", "money", 1), ("亿元", "money", 10**8), ("万人次", "count", 10_000), ("户", "count", 1), ("%", "rate", 1)],
)
def test_units(text: str, kind: str, times_: int) -> None:
    unit = read_unit(text)
    assert unit is not None
    assert (unit.kind, unit.times) == (kind, times_)


def test_a_title_names_a_unit_of_money_once() -> None:
    assert money_unit(["单位：万元、人"]) == read_unit("万元")
    assert money_unit(["单位：万元", "金额单位：元"]) is None
    assert money_unit(["填报单位：广元市"]) is None


def test_heads_of_three_levels_and_parts_beside_each_other() -> None:
    rows = [
        ["会宁县2022年1—9月东西部协作情况"], ["乡镇", "劳务协作", None, None, "消费帮扶"],
        [None, "转移就业（人）", None, "培训（人）", "销售额（万元）"], [None, "总数", "其中脱贫"], ["会师镇"], ["全县"],
    ]  # fmt: skip
    reading = read(rows, ["B2:D2", "B3:C3", "A2:A4", "D3:D4", "E3:E4"])
    assert list(items(reading).values()) == ["LAB1", "LAB1.lifted", "LAB5.trainees", "CON1"]
    assert {cell.town for cell in reading.cells} == {"620422100", ""}
    assert set(times(reading)) == {"本年累计"}


def test_labels_beside_blanks_without_heads() -> None:
    reading = read([["转移就业人数", None, "其中脱贫人口", None], ["消费帮扶（万元）", None, "引进企业（家）", None]])
    assert list(items(reading).values()) == ["LAB1", "LAB1.lifted", "CON1", "IND2"]


def test_groups_that_are_not_merged_and_notes_below() -> None:
    rows = [
        ["指标类别", "指标", "单位", "年度任务", "累计完成", "完成比例", "备注"], ["劳务协作", "转移就业", "人"], [None, "其中：脱贫人口", "人"],
        ["资金", "财政援助资金", "万元"], ["注：1.本表按月报送。"], ["填表人：", None, None, "联系电话："],
    ]  # fmt: skip
    reading = read(rows)
    assert list(items(reading).values()) == ["LAB1", "LAB1.lifted", "FUN1"]
    assert times(reading) == ["年度任务", "本年累计", "完成率"]


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("帮助残疾人转移就业", "人"), ("公益性岗位开发", "个"), ("济南采购额", "万元"), ("党政干部培训", "人次"), ("结对学校", "所"), ("转移就业", "人次"),
        ("车间安置残疾人", "人"), ("资金支出率", "%"), ("脱贫人口（含监测对象）就业", "人"), ("新增认定产品", "类"), ("意向投资额", "万元"), ("培训班", "期"),
        ("直接采购额", "万元"), ("跨省务工交通补助", "人"), ("项目开工数", "个"), ("县级互访", "次"), ("选派党政干部", "人"), ("采购框架协议", ""),
    ],
)  # fmt: skip
def test_what_is_not_said_in_known_words_is_never_sure(label: str, unit: str) -> None:
    found = items(read([("指标", "单位", "本月"), (label, unit or None), ("双方互访", "次")]))
    assert isinstance(next(iter(found.values())), tuple)


def test_a_heading_of_another_chapter_makes_a_question() -> None:
    rows = [("指标", "单位", "本月"), ("一、社会帮扶",), ("财政援助资金", "万元"), ("捐款", "万元"), ("合计", "万元")]
    assert list(items(read(rows)).values()) == [("FUN1",), "SOC1.cash", ()]


def test_numbering_says_what_a_row_belongs_to() -> None:
    """1. below （一） is part of it; 二、 ends what stood below 一、, also where it is a figure of its own."""
    rows = [
        ["指标", "计算单位", "1-9月", "上年同期"], ["一、劳务协作"], ["（一）转移就业", "人"], ["1.到东部", "人"], ["2.省内", "人"], ["（二）培训", "人"],
        ["二、消费帮扶", "万元"], ["三、财政援助资金", "万元"], ["其中：产业培育类", "万元"],
    ]  # fmt: skip
    assert list(items(read(rows)).values()) == [
        "LAB1", "LAB2", "LAB3", "LAB5.trainees", "CON1", "FUN1", "FUN1.industry",
    ]  # fmt: skip


def test_rows_of_other_counties_are_theirs_and_a_total_over_them_is_not_ours() -> None:
    reading = read([["县区", "转移就业本年累计（人）"], ["会宁县"], ["靖远县"], ["合计"]])
    assert [(line.words, line.state, line.answer) for line in reading.lines.values() if line.kind == "place"] == [
        ("靖远县", "sure", "-"), ("合计", "asked", ""),
    ]  # fmt: skip
    assert [cell.town for cell in reading.cells] == ["", None, None]
    assert [cell.town for cell in read([["县区", "转移就业本年累计（人）"], ["会宁县"], ["全县"]]).cells] == ["", ""]
    towns = sorted({row.name for row in DIVISIONS.rows if row.level in ("township", "street")})
    whole = read([["乡镇", "转移就业本年累计（人）"], *([town] for town in towns), ["合计"]])
    assert whole.cells[-1].town == ""
    some = read([["乡镇", "转移就业本年累计（人）"], *([town] for town in towns[1:]), ["合计"]])
    assert some.cells[-1].town is None, "a sum of some townships is not the county's"


@pytest.mark.parametrize(
    "rows",
    [
        [["2022年4—6月统计表"], ["指标", "单位", "完成数"], ["转移就业", "人"]],
        [["2022年第二季度统计表"], ["指标", "单位", "完成数"], ["转移就业", "人"]],
        [["2022年目标任务分解表"], ["指标", "单位", "数量"], ["转移就业", "人"]],
        [["会师镇东西部协作统计表"], ["指标", "单位", "本月"], ["转移就业", "人"]],
        [["秦安县东西部协作统计表"], ["指标", "单位", "本月"], ["转移就业", "人"]],
        [["脱贫人口务工情况表"], ["指标", "单位", "本月"], ["省内就业", "人"]],
        [["指标", "单位", "本月计划"], ["转移就业", "人"]],
        [["指标", "单位", "本月完成率"], ["转移就业", "人"]],
        [["指标", "单位", "增减数"], ["转移就业", "人"]],
        [["指标", "单位", "比上年同期增减（人）"], ["转移就业", "人"]],
        [["指标", "单位", "2021年同期"], ["转移就业", "人"]],
        [["指标", "单位", "去年同期"], ["转移就业任务数", "人"]],
        [["指标", "单位", "1-10月"], ["9月转移就业", "人"]],
        [["指标", "本月", "本年累计（万元）"], ["社会捐赠（元）", None, None]],
        [["二、产业合作"], ["指标", "单位", "本年累计"], ["引进企业计划投资额", "万元"]],
        [["指标", "单位", "本年累计"], ["我县选派教师", "人"]],
        [["指标", "单位", "本年累计"], ["我县选派教师到东部", "人"]],
        [["指标", "单位", "本年累计"], ["推荐就业人数", "人"]],
        [["乡镇", "转移就业本年累计（人）"], ["会师镇"], ["小计"]],
        [["指标", "单位", "本年累计"], ["一、转移就业", "人"], ["二、转移就业", "人"]],
        [["指标", "会师镇", None, "郭城驿镇"], ["转移就业", None, None, None]],
    ],
    ids=lambda rows: "/".join(str(cell) for row in rows for cell in row if cell)[:40],
)
def test_what_says_something_else_is_asked(rows: list[list[Any]]) -> None:
    """A quarter, a goal, other people, another place, a difference: the last blank has a line that waits."""
    reading = read(rows)
    last = reading.cells[-1]
    lines = [reading.lines.get(key) for key in (("item", last.item), ("time", last.time), ("place", last.place))]  # type: ignore[arg-type]
    assert any(line is not None and line.state != "sure" for line in lines), lines


def test_a_month_in_the_title_does_not_make_last_year_a_months() -> None:
    """上年同期 and 同比 are of what the columns beside them are of."""
    rows = [["2022年9月统计表"], ["指标", "单位", "本年累计", "上年同期", "同比增长（%）"], ["转移就业", "人"]]
    assert times(read(rows)) == ["本年累计", "上年同期累计", "累计同比"]


def test_who_goes_where_is_told_apart() -> None:
    for text, wanted in (("赴东部挂职干部", "TAL1.west_to_east"), ("东部选派挂职干部", "TAL1.east_to_west"), ("赴东部就业", "LAB2")):
        assert list(items(read([["指标", "单位", "本年累计"], [text, "人"]])).values()) == [wanted], text


@pytest.mark.parametrize(
    ("title", "wanted"),
    [("2022年1—9月情况表", "本年累计"), ("填报时间：2022年10月8日", "本期"), ("9月份统计表", "当月"), ("依据东协办〔2022〕9号", "本期")],
)
def test_titles_say_what_a_table_is_of_and_not_when_it_was_filled_in(title: str, wanted: str) -> None:
    assert times(read([[title], ["指标", "单位", "数量"], ["转移就业", "人"]])) == [wanted]


def test_months_in_rows() -> None:
    rows = [["劳务协作统计表"], ["单位：人"], ["月份", "转移就业", "其中：脱贫人口"], ["1月"], ["2月"], ["累计"]]
    reading = read(rows)
    assert list(items(reading).values()) == ["LAB1", "LAB1.lifted"]
    assert [(cell.when.span, cell.when.month) for cell in reading.cells[::2]] == [("month", 1), ("month", 2), ("year_to_date", None)]


def test_units_tell_a_number_from_a_sum() -> None:
    """Of the same words: one column counts agreements, the other adds them up."""
    reading = read([["指标", "数量（个）", "金额（万元）"], ["采购框架协议"], ["培训班"]])
    assert [reading.lines["item", cell.item].answer for cell in reading.cells[:2]] == ["CON5.agreements", "CON5.agreed"]


def test_a_form_of_one_row_without_labels() -> None:
    reading = read([["消费帮扶情况表（本年累计）"], ["带动脱贫户（户）", "带动脱贫人口（人）"]])
    assert list(items(reading).values()) == ["CON4.households", "CON4.people"]
    assert {cell.slot.place[0] for cell in reading.cells} == {2}


def test_two_parts_below_each_other_are_asked() -> None:
    """脱贫人口 may be of all or of those in the east: only the office knows."""
    rows = [("指标", "单位", "本月"), ("转移就业", "人"), ("其中：赴天津就业", "人"), ("其中：脱贫人口", "人")]
    assert list(items(read(rows)).values())[-1] == ("LAB1.lifted", "LAB2.lifted")
    rows[-1] = ("    其中：脱贫人口", "人")
    assert list(items(read(rows)).values())[-1] == "LAB2.lifted"


def test_a_year_earlier_beside_two_spans_is_asked() -> None:
    reading = read([("指标", "单位", "本月", "本年累计", "上年同期"), ("转移就业", "人")])
    assert [line.choices for line in reading.lines.values() if line.state == "asked"] == [("上年同月", "上年同期累计")]
    reading = read([("指标", "单位", "本年累计", "上年同期"), ("转移就业", "人")])
    assert times(reading) == ["本年累计", "上年同期累计"]


@given(TEXTS)
def test_any_head_is_read_and_keeps_what_it_does_not_know(text: str) -> None:
    head = read_head(text)
    said = WORDS.read(head.words)
    assert said.unknown <= said.words
    assert read_head(text) == head


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=6))
def test_any_table_is_read_and_only_blanks_wait(rows: list[list[str]]) -> None:
    reading = read([[text.replace("\n", "") or None for text in row] for row in rows])
    for cell in reading.cells:
        row, column = cell.slot.place
        assert row >= len(rows) or column >= len(rows[row]) or not rows[row][column].strip("\n 　")
        assert ("item", cell.item) in reading.lines
        assert ("time", cell.time) in reading.lines


@given(st.decimals(0, 10**10, places=2), st.sampled_from(["元", "万元", "亿元"]), st.booleans())
def test_money_is_rounded_once_and_a_bound_stays_below(yuan: Any, word: str, is_at_least: bool) -> None:
    unit = read_unit(word)
    assert unit is not None
    back = type(yuan)(written(yuan, "元", unit, None, is_at_least=is_at_least)) * unit.times
    step = unit.times / (10_000 if word == "亿元" else 100)
    assert abs(back - yuan) < step if is_at_least else abs(back - yuan) <= step / 2
    assert not is_at_least or back <= yuan
    assert (back == 0) == (yuan == 0)


def test_notes_say_how_to_round() -> None:
    assert decimals_said(["注：金额保留一位小数。"]) == 1
    assert decimals_said(["保留整数"]) == 0
    assert decimals_said(["保留两位小数", "保留4位小数"]) is None
