"""The office's own ledgers: figures of a year that three counties report, in order, in reverse and in other words.

Each county has its ledgers in one warehouse; the tests ask it. 云岭县 and 石溪县 have the same story: one sends its
ledgers as they are written, the other in reverse order and under headers of its own. 会宁县 sends the small
ledgers of ``tests/data`` as one workbook.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook

from tests.data import counties
from tests.integration.conftest import Office
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo_sample.codes import credit_code

DATA = Path(__file__).parents[2] / "data"
HUINING, ORDERLY, REVERSED = "620422", "530999", "610999"
TOWNS = {"青石镇": ("东村", "西村"), "白水乡": ("南村", "北村")}
PLACES = [
    counties.shipped(HUINING),
    counties.invented(ORDERLY, "云岭县", towns=TOWNS),
    counties.invented(REVERSED, "石溪县", city="汉中市", province="陕西省", paired=("海门市", "江苏省"), towns=TOWNS),
]
Taken = tuple[Settings, list[dict[str, Any]]]
FIRM = credit_code(Random(7))
REPORTED = "填报日期：{}"

# (file, rows): a title line, a header, then rows. {我} and {伴} are the county and its partner.
STORY: list[tuple[str, list[list[Any]]]] = [
    ("结对_2022-03.csv", [
        ["结对台账", REPORTED.format("2022-03-31")],
        ["结对类型", "{伴}单位", "{我}单位", "签订时间", "终止时间"],
        ["街道—乡镇", "甲街道", "青石镇", "2021-05-10", ""],
        ["学校", "甲小学", "青石小学", "2022-02-10", ""],
        ["医院", "甲医院", "县医院", "", ""],
    ]),
    ("结对_2022-06.csv", [
        ["结对台账", REPORTED.format("2022-06-30")],
        ["结对类型", "{伴}单位", "{我}单位", "签订时间", "终止时间"],
        ["街道—乡镇", "甲街道", "青石镇", "2021-05-10", ""],
        ["学校", "甲小学", "青石小学", "2022-02-10", ""],
        ["医院", "甲医院", "县医院", "", ""],
        ["企业", "甲公司", "东村", "2022-04-01", ""],
    ]),
    ("结对_2022-12.csv", [
        ["结对台账", REPORTED.format("2022-12-31")],
        ["结对类型", "{伴}单位", "{我}单位", "签订时间", "终止时间"],
        ["街道—乡镇", "甲街道", "青石镇", "2021-05-10", ""],
        ["街道—乡镇", "甲街道", "青石镇", "2021-05-10", ""],
        ["学校", "甲小学", "青石小学", "2022-02-10", "2022年5月"],
        ["医院", "甲 医院", "县医院", "", "至今"],
        ["社会组织", "甲商会", "西村", "2022-08", ""],
        ["社会组织", "乙商会", "西村", "2022-08", "2022-07"],
        ["夫妻", "丙", "丁丁", "2022-08", ""],
    ]),
    ("人才_2022-12.csv", [
        ["干部人才交流台账", REPORTED.format("2022-12-31")],
        ["派出方向", "党政/专技", "领域", "姓名", "派出单位", "接收单位", "开始时间", "结束时间", "长期/短期"],
        ["{伴}选派", "党政干部", "经济", "张三", "甲局", "县政府", "2021-06", "至今", ""],
        ["{伴}选派", "党政干部", "", "张三", "乙局", "县政府", "2021-06", "2021-12", ""],
        ["{我}选派", "党政干部", "", "李四", "县农业局", "区商务局", "2022-03", "2022-08", ""],
        ["{伴}选派", "专技人才", "教育", "王五", "甲小学", "青石小学", "2022-03", "2022-08", ""],
        ["{伴}选派", "专技人才", "支教", "王五", "甲小学", "青石小学", "2022-09", "2022-10", ""],
        ["来挂职", "专技人才", "教育", "赵六", "甲小学", "青石小学", "2022-03-01", "2022-08-30", ""],
        ["来挂职", "专技人才", "医疗", "钱七", "甲医院", "县医院", "2022-05", "2022-06", "长期"],
        ["来挂职", "专技人才", "卫生", "孙八", "甲医院", "县医院", "2022-11", "", "短期"],
        ["来挂职", "专技人才", "园区建设", "周九", "甲公司", "产业园", "2022-11-15", "", ""],
        ["赴东部", "专技人才", "支教", "吴十", "县一中", "甲中学", "2022-09", "2022-09", ""],
        ["赴东部", "专技人才", "高能物理", "郑一", "县一中", "甲中学", "2022-09", "2022-09", ""],
        ["赴东部", "专技人才", "农业", "冯二", "县农技站", "区农技站", "2022-09", "2022-08", ""],
    ]),
    ("企业_2022-03.csv", [
        ["引导落地企业台账（截至2022年3月31日）", "单位：万元"],
        ["企业名称", "统一社会信用代码", "落地时间", "到位投资", "吸纳就业", "其中脱贫人口"],
        ["晨光（云岭）公司", "", "2022-02", "100", "10", "2"],
        ["旧日公司", "", "2021-11", "999", "99", "9"],
    ]),
    ("企业_2022-06.csv", [
        ["引导落地企业台账（截至2022年6月30日）", "单位：万元"],
        ["企业名称", "统一社会信用代码", "落地时间", "到位投资", "吸纳就业", "其中脱贫人口"],
        ["晨光(云岭)公司", FIRM, "2022-03", "150", "15", "3"],
        ["空想公司", "", "2022-09", "1", "1", "1"],
        ["亏损公司", "", "2022-05", "1", "1", "2"],
    ]),
    ("企业_2022-09.csv", [
        ["引导落地企业台账", REPORTED.format("2022-10-08"), "单位：万元"],
        ["企业名称", "统一社会信用代码", "落地时间", "到位投资", "吸纳就业", "其中脱贫人口", "统计截止"],
        ["晨光公司", FIRM, "2022-03", "170", "16", "4", "2022-09-30"],
        ["误报公司", "", "2022-08", "30", "3", "3", "2022-09-30"],
    ]),
    ("企业_2022-09更正.csv", [
        ["引导落地企业台账", REPORTED.format("2022-11-01"), "单位：万元"],
        ["企业名称", "统一社会信用代码", "落地时间", "到位投资", "吸纳就业", "其中脱贫人口", "统计截止"],
        ["晨光公司", FIRM, "2022-03", "160", "16", "4", "2022年9月"],
    ]),
    ("企业_2022-12.csv", [
        ["引导落地企业台账（截至2022年12月31日）", "单位：万元"],
        ["企业名称", "统一社会信用代码", "落地时间", "到位投资", "吸纳就业", "其中脱贫人口"],
        ["晨光公司", FIRM, "2022-03", "180余", "20", "5"],
        ["暮色公司", "", "2022-07-08", "50", "8", ""],
    ]),
    ("互访_2022-12.csv", [
        ["互访台账", REPORTED.format("2022-12-31")],
        ["方向", "开始日期", "结束日期", "带队领导"],
        ["{伴}来访", "2022-06-15", "2022-06-17", "甲某"],
        ["赴{伴}", "2022-09-02", "2022-09-04", "乙某"],
        ["出访", "2022-09-02", "2022-09-04", "丙某"],
        ["来访", "2022-10-10", "2022-10-09", "丁某"],
    ]),
    ("对接_2022-12.csv", [
        ["消费帮扶对接活动台账", REPORTED.format("2022-12-31")],
        ["举办时间", "活动名称", "形式"],
        ["2022-03-25", "春季对接会", "线上"],
        ["2022-03-26", "春季对接会", "线上对接会"],
        ["2022-08-20", "产销对接会", "省级组织"],
        ["2022-08-21", "展销会", "其他"],
    ]),
    ("协议_2022-06.csv", [
        ["采购框架协议台账", REPORTED.format("2022-06-30"), "单位：万元"],
        ["签订时间", "供方", "需方", "协议金额"],
        ["2022-03-25", "甲公司", "东部超市", "100"],
        ["2022-03-25", "丙公司", "东部超市", "7"],
    ]),
    ("协议_2022-12.csv", [
        ["采购框架协议台账", REPORTED.format("2022-12-31"), "单位：万元"],
        ["签订时间", "供方", "需方", "协议金额"],
        ["2022-03-25", "甲公司", "东部超市", "120.5"],
        ["2022-08-20", "乙合作社", "东部食堂", "80余"],
        ["2022-08-20", "丁合作社", "东部食堂", "-3"],
        ["合计", "", "", "197.5"],
    ]),
    ("示范村_2022-12.csv", [
        ["示范村台账", REPORTED.format("2022-12-31")],
        ["乡镇", "示范村", "命名时间", "退出时间"],
        ["青石镇", "东村", "2021-06", ""],
        ["青石镇", "西村", "2022-05", ""],
        ["白水乡", "南村", "2021-06", "2022-09"],
        ["白水乡", "东村", "2021-06", ""],
    ]),
    ("产业园_2022-12.csv", [
        ["共建产业园台账", REPORTED.format("2022-12-31")],
        ["园区名称", "共建时间", "退出时间", "地点"],
        ["协作产业园", "2022-02-18", "", "青石镇"],
        ["旧产业园", "", "2022-06-30", "白水乡"],
    ]),
    ("任务_2022-03.csv", [
        ["2022年度协议任务指标", REPORTED.format("2022-03-31")],
        ["年度", "指标编号", "指标名称", "目标值", "单位"],
        ["2022年度", "IND2", "", "3", "家"],
        ["2022年度", "", "完成投资", "2000", "万元"],
        ["2022年度", "ORG2", "", "2", "次"],
    ]),
    ("任务_2022-05.csv", [
        ["2022年度协议任务指标（调整）", REPORTED.format("2022-05-31")],
        ["年度", "指标编号", "指标名称", "目标值", "单位"],
        ["2022年度", "IND2", "", "4", "家"],
        ["2022年度", "", "完成投资", "0.25", "亿元"],
        ["2022年度", "", "没有的指标", "1", "个"],
        ["2022年度", "CON1", "", "5600万", "万元"],
    ]),
    ("任务_2022-12.csv", [
        ["2023年度协议任务指标", REPORTED.format("2022-12-20")],
        ["年度", "指标编号", "指标名称", "目标值", "单位"],
        ["2023", "IND2", "", "5", "家"],
    ]),
    ("材料_2022-12.csv", [
        ["典型案例与文字材料", REPORTED.format("2022-12-31")],
        ["年度", "章节", "序号", "内容", "数据名称", "数值", "单位"],
        ["2022", "产业协作", "1", "产业园从无到有。", "", "", ""],
        ["2022", "产业协作", "2", "", "园区面积", "120", "亩"],
        ["2022", "产业协作", "3", "", "", "5", "亩"],
    ]),
    ("文件_2022-12.csv", [
        ["文件台账", REPORTED.format("2022-12-31")],
        ["印发时间", "文件名称", "发文机关"],
        ["2022-03-18", "东西部协作工作要点", "县乡村振兴局"],
        ["2022-03", "东西部协作资金办法", "县财政局"],
    ]),
]  # fmt: skip

OTHER_WORDS = {
    "结对类型": "结对类别", "{伴}单位": "东部结对单位", "{我}单位": "本县单位", "终止时间": "有效期至",
    "派出方向": "派出地", "领域": "专业", "接收单位": "挂职单位", "{伴}选派": "{伴}", "{我}选派": "{我}",
    "来挂职": "{伴}派往{我}", "赴东部": "{我}赴{伴}", "企业名称": "落地企业", "落地时间": "注册时间", "到位投资": "完成投资",
    "吸纳就业": "吸纳农村劳动力", "其中脱贫人口": "其中：脱贫劳动力", "{伴}来访": "{伴}来{我}", "开始日期": "时间", "形式": "组织层级",
    "签订时间": "签约日期", "供方": "销售企业", "需方": "采购单位", "示范村": "行政村", "命名时间": "认定时间", "园区名称": "产业园名称",
    "目标值": "任务数", "内容": "正文", "印发时间": "出台时间", "文件名称": "标题",
}  # fmt: skip
"""What 石溪县 types instead; each word stands alone in its cell."""


def inbox(settings: Settings, county: str, name: str) -> Path:
    path = settings.inbox / county / "work" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def drop(
    settings: Settings, county: str, name: str, rows: Sequence[Sequence[Any]], names: dict[str, str]
) -> None:
    """Write one ledger of the story as a county types it."""
    words = OTHER_WORDS if county == REVERSED else {}
    text = io.StringIO()
    for row in rows:
        typed = [words.get(cell, cell) for cell in row]
        csv.writer(text).writerow(
            [cell.replace("{我}", names["我"]).replace("{伴}", names["伴"]) for cell in typed]
        )
    inbox(settings, county, name).write_text(text.getvalue(), encoding="utf-8")


def workbook_of_all(path: Path) -> None:
    """Write the small ledgers, and one of meetings, as the sheets of one workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "会议"
    for row in (["会议时间", "会议类型", "议题"], ["2022-02-10", "政府常务会", "研究协作事项"]):
        sheet.append(row)
    for source in sorted(DATA.glob("work_*.csv")):
        with source.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        sheet = book.create_sheet(rows[0][0][:20])
        for cells in rows:
            sheet.append(cells)
    book.save(path)


def take(settings: Settings) -> list[dict[str, Any]]:
    batches: list[dict[str, Any]] = []
    for group in pipeline.plan(settings, "work", groups=1):
        pipeline.fetch(settings, group)
        batches += pipeline.load(settings, group)["batches"]
    return batches


@pytest.fixture(scope="module")
def taken(fresh: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """Return a warehouse that has taken in every county's ledgers, built after each, and the batches of that."""
    home = tmp_path_factory.mktemp("work")
    settings = counties.settle(fresh(home), home, *PLACES)
    pipeline.prepare(settings)
    workbook_of_all(inbox(settings, HUINING, "台账2022年12月.xlsx"))
    batches = []
    for (first, rows), (last, late) in zip(STORY, reversed(STORY), strict=True):
        drop(settings, ORDERLY, first, rows, {"我": "云岭县", "伴": "浦江区"})
        drop(settings, REVERSED, last, late, {"我": "石溪", "伴": "海门"})
        batches += take(settings)
        pipeline.build(settings)  # so that each ledger has figures to move
    return settings, batches


@pytest.fixture(scope="module")
def figures(taken: Taken) -> dict[tuple[str, ...], tuple[Decimal | None, str]]:
    """Return (value, qualifier) by county, kind, period, indicator and breakdown."""
    with access.connect(taken[0], "analyst") as reader:
        rows = reader.execute(
            "select county_code, period_kind, period, indicator_id, breakdown, value, qualifier from mart.indicator_value"
        ).fetchall()
    return {tuple(row[:5]): (row[5], row[6]) for row in rows}


def ask(taken: Taken, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with access.connect(taken[0], "owner") as reader:
        return reader.execute(statement.encode(), values).fetchall()


def stated(figures: Any, county: str, indicator_id: str, *periods: str) -> list[Any]:
    """Return the values of an indicator: 2022-03 is a month, -2022-03 the year to date, 2022 a year."""
    found = []
    for period in periods:
        kind = "year" if len(period) == 4 else "year_to_date" if period.startswith("-") else "month"
        value = figures.get((county, kind, period.lstrip("-"), indicator_id, ""))
        found.append(None if value is None else value[0])
    return found


def test_nothing_is_refused(taken: Any) -> None:
    assert {(batch["state"], batch["refusal_zh"]) for batch in taken[1]} == {("loaded", None)}
    assert len(taken[1]) == 2 * len(STORY) + len(list(DATA.glob("work_*.csv"))) + 1


def test_order_of_arrival_and_words_change_no_figure(figures: Any) -> None:
    """Late ledgers, in reverse, with another county's names: the same values."""
    by_county = {
        county: {key[1:]: value for key, value in figures.items() if key[0] == county and key[4] == ""}
        for county in (ORDERLY, REVERSED)
    }
    assert len(by_county[ORDERLY]) > 500
    assert by_county[ORDERLY] == by_county[REVERSED]


def test_a_workbook_of_all_ledgers_is_taken_apart(taken: Any, figures: Any) -> None:
    """Twelve sheets, each under its own contract, all their rows loaded."""
    read = {b["dataset"]: (b["rows_loaded"], b["rows_quarantined"]) for b in taken[1] if HUINING in b["uri"]}
    expected = {
        "work_meeting": (1, 0), "work_document": (2, 0), "work_visit": (2, 0), "work_pairing": (5, 0),
        "work_secondment": (6, 0), "work_enterprise": (2, 0), "work_matchmaking": (3, 0), "work_agreement": (2, 0),
        "work_village": (3, 0), "work_park": (1, 0), "work_target": (3, 0), "work_narrative": (3, 0),
    }  # fmt: skip
    assert read | expected == read, "each of the twelve, and whatever ledger tests/data has gained"
    year = {
        key[3]: value[0]
        for key, value in figures.items()
        if key[:3] == (HUINING, "year", "2022") and not key[4]
    }
    assert {name: value for name, value in year.items() if value} == {
        "ORG1": 1, "ORG1.government": 1, "ORG2": 2, "ORG2.east_to_west": 1, "ORG2.west_to_east": 1, "ORG2.rank_county": 2,
        "ORG2.east_to_west_county": 1, "ORG2.west_to_east_county": 1, "ORG3.all": 4, "ORG4": 2,
        "ORG3.street_town": 1, "ORG3.school": 2, "ORG3.hospital": 1, "ORG3.towns": 1,
        "ORG3.east": 4, "ORG3.east.street_town": 1, "ORG3.east.school": 2, "ORG3.east.hospital": 1, "ORG3.east.towns": 1,
        "ORG3.west": 4, "ORG3.west.street_town": 1, "ORG3.west.school": 2, "ORG3.west.hospital": 1, "ORG3.west.towns": 1,
        "CON5.online": 1, "CON5.higher": 1, "CON5.agreements": 2, "CON5.agreed": 2_005_000,
        "IND1": 1, "IND2": 2, "IND2.stock": 2, "IND2.stock.east": 2, "IND3": 10_000_000, "IND3.agreed": 15_000_000,
        "IND2.east": 2, "IND3.east": 10_000_000, "IND4.east": 60, "IND6": 2, "IND6.east": 2, "IND6.paired": 1, "IND6.landed": 1,
        "IND6.rate": 50, "IND6.agreed": 45_000_000, "IND6.agreed.east": 45_000_000, "IND6.agreed.paired": 30_000_000,
        "IND6.agreed.landed": 30_000_000, "IND4": 60, "IND4.lifted": 17, "TAL1.east_to_west": 1, "TAL1.west_to_east": 1, "TAL1.both": 2,
        "TAL2.east_to_west": 3, "TAL2.teachers": 2, "TAL2.teachers_long": 1, "TAL2.teachers_short": 1,
        "TAL2.doctors": 1, "TAL2.doctors_long": 1, "TAL3.agriculture": 1, "TAL3.west_to_east": 1,
        "TAL6": 6, "TAL6.professionals": 4, "TAL6.east_to_west": 4, "TAL6.west_to_east": 2,
        "TAL6.times": 6, "TAL6.times.professionals": 4, "TAL6.times.cadres": 2, "VIL1": 2,
        "TRN3.leaders": 1, "TRN3.leaders.east": 1, "TRN3.households": 12, "TRN3.households.lifted": 4,
        "TAL6.times.east_to_west": 4, "TAL6.times.east_to_west_professionals": 3, "TAL6.times.east_to_west_cadres": 1,
        "TAL6.times.west_to_east": 2, "TAL6.times.west_to_east_professionals": 1, "TAL6.times.west_to_east_cadres": 1,
    }  # fmt: skip


def test_nothing_changes_when_all_is_built_anew(taken: Any) -> None:
    """After each ledger only the months that it touched were figured."""
    assert Office(taken[0]).built_anew() == {}


def test_pairs_are_a_stock_on_the_last_day(figures: Any) -> None:
    """A month for an end is its last day; no dates are since ever and still; what a newer ledger lacks is withdrawn."""
    months = ("2022-01", "2022-02", "2022-05", "2022-06", "2022-08", "-2022-05", "2022")
    assert stated(figures, ORDERLY, "ORG3.school", *months) == [0, 1, 1, 0, 0, 1, 0]
    assert stated(figures, ORDERLY, "ORG3.street_town", *months) == [1] * 7
    assert stated(figures, ORDERLY, "ORG3.hospital", *months) == [1] * 7
    assert stated(figures, ORDERLY, "ORG3.enterprise", *months) == [0] * 7
    assert stated(figures, ORDERLY, "ORG3.social_organisation", *months) == [0, 0, 0, 0, 1, 0, 1]
    assert stated(figures, ORDERLY, "ORG3", "2022") == [None]


def test_people_count_while_their_term_overlaps(figures: Any) -> None:
    """A name in two units is two people; a person with two terms is one."""
    periods = ("2022-01", "2022-03", "2022-08", "2022-09", "2022-12", "2022")
    assert stated(figures, ORDERLY, "TAL1.east_to_west", *periods) == [1] * 6
    assert stated(figures, ORDERLY, "TAL1.west_to_east", *periods) == [0, 1, 1, 0, 0, 1]
    assert stated(figures, ORDERLY, "TAL2.teachers", *periods) == [0, 2, 2, 1, 0, 2]
    assert stated(figures, ORDERLY, "TAL2.east_to_west", *periods) == [0, 2, 2, 1, 2, 5]
    assert stated(figures, ORDERLY, "TAL2.park", *periods) == [0, 0, 0, 0, 1, 1]
    assert stated(figures, ORDERLY, "TAL2.party", *periods) == [0] * 6
    assert stated(figures, ORDERLY, "TAL3.education", *periods) == [0, 0, 0, 1, 0, 1]
    assert stated(figures, ORDERLY, "TAL2.east_to_west", "-2022-02", "-2022-05", "-2022-11") == [0, 3, 5]


def test_terms_are_long_as_stated_else_from_six_months_on(figures: Any) -> None:
    """March to August is six months, a day less is not; what the ledger says goes before its dates."""
    assert stated(figures, ORDERLY, "TAL2.teachers_long", "2022-03", "2022-09", "2022") == [1, 0, 1]
    assert stated(figures, ORDERLY, "TAL2.teachers_short", "2022-03", "2022-09", "2022") == [1, 1, 2]
    assert stated(figures, ORDERLY, "TAL2.doctors_long", "2022-05", "2022-11", "2022") == [1, 0, 1]
    assert stated(figures, ORDERLY, "TAL2.doctors_short", "2022-05", "2022-11", "2022") == [0, 1, 1]


def test_firms_land_as_last_stated(figures: Any) -> None:
    """The firm without a code is the one of that name with a code; its corrected month counts, the old one not."""
    assert stated(figures, ORDERLY, "IND2", "2022-02", "2022-03", "2022-07", "-2022-06", "2022") == [
        0,
        1,
        1,
        1,
        2,
    ]
    assert stated(figures, ORDERLY, "IND2", "2022-08") == [0], (
        "a newer ledger of the same day no longer has it"
    )
    assert stated(figures, ORDERLY, "IND2", "2021-11", "2021") == [1, 1]


def test_firms_count_as_stated_up_to_the_end_of_the_period(figures: Any) -> None:
    """Investment and jobs are running totals: the latest statement, of the year's firms; no monthly figure."""
    assert stated(figures, ORDERLY, "IND3", "-2022-02", "-2022-03", "-2022-06", "-2022-09", "2022") == [
        0, 1_000_000, 1_500_000, 1_600_000, 2_300_000,
    ]  # fmt: skip
    assert stated(figures, ORDERLY, "IND4", "-2022-03", "-2022-06", "2022") == [10, 15, 28]
    assert stated(figures, ORDERLY, "IND4.lifted", "-2022-03", "-2022-06", "2022") == [2, 3, 5]
    assert {key[1] for key in figures if key[3] in ("IND3", "IND4", "IND4.lifted")} == {
        "year_to_date",
        "year",
    }
    assert figures[ORDERLY, "year", "2022", "IND3", ""] == (2_300_000, "at_least")
    assert figures[ORDERLY, "year_to_date", "2022-06", "IND3", ""] == (1_500_000, "exact")


def test_visits_and_events_count_by_their_own_day(figures: Any) -> None:
    assert stated(figures, ORDERLY, "ORG2", "2022-06", "2022-09", "2022-10", "2022") == [1, 1, 0, 2]
    assert stated(figures, ORDERLY, "ORG2.west_to_east", "2022-06", "2022-09", "2022") == [0, 1, 1]
    assert stated(figures, ORDERLY, "CON5.online", "2022-03", "2022-08", "2022") == [2, 0, 2]
    assert stated(figures, ORDERLY, "CON5.higher", "2022-03", "2022-08", "2022") == [0, 1, 1]


def test_agreements_are_corrected_withdrawn_and_at_least(figures: Any) -> None:
    """A newer ledger corrects one value and drops another agreement; 80余万 makes the sums with it lower bounds."""
    assert stated(figures, ORDERLY, "CON5.agreements", "2022-03", "2022-08", "2022") == [1, 1, 2]
    assert figures[ORDERLY, "month", "2022-03", "CON5.agreed", ""] == (1_205_000, "exact")
    assert figures[ORDERLY, "month", "2022-08", "CON5.agreed", ""] == (800_000, "at_least")
    assert figures[ORDERLY, "year", "2022", "CON5.agreed", ""] == (2_005_000, "at_least")


def test_villages_and_parks_are_stocks_and_villages_have_townships(figures: Any) -> None:
    """A village of another township is not taken; one that left in September is gone on its last day."""
    periods = ("2022-01", "2022-05", "2022-08", "2022-09", "2022-10", "2022")
    assert stated(figures, ORDERLY, "VIL1", *periods) == [2, 3, 3, 3, 2, 2]
    towns = {
        key[4]: value[0] for key, value in figures.items() if key[:4] == (ORDERLY, "month", "2022-08", "VIL1")
    }
    assert towns == {"": 3, "530999100": 2, "530999101": 1}
    assert stated(figures, ORDERLY, "IND1", "2022-01", "2022-02", "2022-06", "2022-07", "2022") == [
        1,
        2,
        2,
        1,
        1,
    ]


def test_targets_and_texts_are_kept_by_year(taken: Any) -> None:
    """A newer ledger of a year replaces that year's and no other; 万元 and 亿元 become 元."""
    rows = ask(
        taken,
        "select year, indicator_id, value from core.work_target where county_code = %s order by 1, 2",
        REVERSED,
    )
    assert rows == [(2022, "IND2", 4), (2022, "IND3", 25_000_000), (2023, "IND2", 5)]
    texts = ask(
        taken, "select seq, value from core.work_narrative where county_code = %s order by 1", REVERSED
    )
    assert texts == [(1, None), (2, 120)]
    assert ask(taken, "select count(*) from core.work_document where county_code = %s", REVERSED) == [(2,)]


def test_what_cannot_be_is_held_back_with_its_reason(taken: Any) -> None:
    """Each bad row of the story is quarantined for one reason, in both counties."""
    held = ask(taken, "select rule_id, column_name from audit.quarantine where county_code = %s", ORDERLY)
    assert Counter(rule for rule, _ in held) == {
        "ENUM_UNKNOWN": 2, "WRK_PAIR_END_BEFORE_SIGNING": 1, "WRK_TERM_END_BEFORE_START": 1,
        "WRK_LANDED_AFTER_STATEMENT": 1, "WRK_JOBS_LIFTED_ABOVE_JOBS": 1, "WRK_VISIT_END_BEFORE_START": 1,
        "WRK_AGREEMENT_NEGATIVE": 1, "VILLAGE_UNKNOWN": 1, "INDICATOR_UNKNOWN": 1, "WRK_TARGET_RANGE": 1, "CANNOT_TELL": 1,
    }  # fmt: skip
    assert ("ENUM_UNKNOWN", "领域") in held
    again = ask(taken, "select rule_id from audit.quarantine where county_code = %s", REVERSED)
    assert Counter(rule for (rule,) in again) == Counter(rule for rule, _ in held)


def test_names_of_people_are_in_the_vault_only(taken: Any) -> None:
    """A key is that of county, name and unit; nothing readable is stored with it."""
    rows = ask(taken, "select to_jsonb(s)::text, person_key, county_code from core.work_secondment as s")
    assert rows
    assert not [text for text, *_ in rows if "张三" in text or "王五" in text]
    keys = {county: {key for _, key, where in rows if where == county} for county in (ORDERLY, REVERSED)}
    assert len(keys[ORDERLY]) == len(keys[REVERSED]) == 9
    assert not keys[ORDERLY] & keys[REVERSED]


def test_a_second_look_changes_nothing(taken: Any) -> None:
    assert take(taken[0]) == []
    assert pipeline.build(taken[0]) == {"periods": 0, "values": 0, "touched": [], "datasets": []}
