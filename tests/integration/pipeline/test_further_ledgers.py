"""Workshops, students, training, leaders, assets, park firms, outlets, activities, villages, signings, stations: counted by hand."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.warehouse.digest import digest
from xiezuo_sample.codes import credit_code, identity_number

Rows = list[Sequence[Any]]
HUISHI = "会师镇"
DATA = Path(__file__).parents[2] / "data"


def person(serial: int, born: int = 1990) -> str:
    return identity_number(serial, date(born, 1, 1 + serial % 28))


def masked(number: str) -> str:
    return f"{number[:6]}********{number[14:]}"


WORKSHOPS = ["车间名称", "所属乡镇", "运行状态", "建成时间", "清理时间", "用工人数", "其中脱贫人口"]
PEOPLE = ["姓名", "身份证号", "人员类别", "户籍乡镇", "上岗时间", "务工月数", "本年劳务收入（元）"]
STUDENTS = ["学生姓名", "身份证号", "户类型", "就读院校", "雨露计划+", "入学时间", "毕业时间", "就业情况"]
PARK = ["所在园区", "入园企业名称", "入驻时间", "退园时间", "累计投资（万元）", "本年产值（万元）", "吸纳就业", "其中：脱贫人口", "是否东部企业"]
STORY: dict[str, Rows] = {
    "labour/帮扶车间_2022-03.csv": [
        ["帮扶车间台账", "填报日期：2022年3月31日"], WORKSHOPS,
        ["会师制衣帮扶车间", HUISHI, "正常运行", "2020年5月", "", "20人", 8],
        ["郭城电子帮扶车间", "郭城镇", "在产", "2021-06", "", "", ""],
    ],
    "labour/帮扶车间_2022-09.csv": [
        ["帮扶车间台账", "填报日期：2022年9月30日"], WORKSHOPS,
        ["会师制衣帮扶车间", HUISHI, "①待整改", "2020-05", "", 18, 8],
        ["会师编织帮扶车间", HUISHI, "正常", "2022.8", "", 6, 2],
        ["郭城电子帮扶车间", "郭城镇", "已清理退出", "2021-06", "2022-07", 0, 0],
        ["会师存疑帮扶车间", HUISHI, "看情况再定", "2021-06", "", 5, 1],
        ["会师存疑二号帮扶车间", HUISHI, "正常", "2021-06", "", 5, 6],
    ],
    "labour/务工人员_2022-06.csv": [
        ["会师制衣帮扶车间务工人员花名册", "填报日期：2022年6月30日"], PEOPLE,
        ["甲", person(1), "一般农户", HUISHI, "2022-04", "2个月", 3600],
        ["乙", person(2), "稳定脱贫户", HUISHI, "2022-02", 4, "4,000"],
        ["丙", person(3), "监测户（脱贫不稳定户）", "郭城镇", "2022-04", 2, 5000],
        ["丁", masked(person(4)), "脱贫户", HUISHI, "2022-02", 4, 8000],
    ],
    "labour/务工人员_2022-12.csv": [
        ["帮扶车间务工人员花名册", "填报日期：2022年12月31日"], ["车间名称", *PEOPLE],
        ["会师制衣帮扶车间", "甲", person(1), "一般农户", HUISHI, "2022-04", 5, 9000],
        ["会师制衣帮扶车间", "乙", person(2), "脱贫户", HUISHI, "2022-02", 6, 9000],
        ["会师编织帮扶车间", "乙", person(2), "脱贫户", HUISHI, "2022-09", 4, 7000],
        ["会师编织帮扶车间", "戊", person(5), "非脱贫户", HUISHI, "2022-08-15", "", ""],
        ["会师编织帮扶车间", "己", person(6), "脱贫户", HUISHI, "2022-11", "", 4999],
        ["会师编织帮扶车间", "庚", person(7), "重点户", HUISHI, "2022-08", 4, 9000],
    ],
    "labour/劳务站_2022-12.csv": list(csv.reader((DATA / "labour_station.csv").read_text(encoding="utf-8").splitlines())),
    "labour/学生_2022-12.csv": [
        ["东部院校就读学生台账", "填报日期：2022-12-31"], STUDENTS,
        ["甲", person(11, 2005), "脱贫户", "滨海职业学院", "是", "2021年9月", "", ""],
        ["乙", person(12, 2005), "一般农户", "滨海职业学院", "否", "2022-09", "", ""],
        ["丙", person(13, 2004), "脱贫享受政策", "滨海职业学院", "", "2020.9", "2022年6月", "已就业"],
        ["丁", person(14, 2004), "一般户", "滨海职业学院", "", "2020-09", "2022-06", ""],
        ["戊", masked(person(15, 2005)), "脱贫户", "滨海职业学院", "是", "2021-09", "", ""],
        ["己", person(16, 1960), "脱贫户", "滨海职业学院", "是", "2021-09", "", ""],
    ],
    "work/培训_2022-12.csv": [
        ["干部人才培训台账", "填报日期：2022-12-31"], ["培训对象", "培训主题", "期次", "举办地", "开班时间", "培训人次", "培训经费（万元）"],
        ["党政干部", "乡村振兴专题班", "第一期", "赴东部", "2022-03-08", "50人", 10],
        ["镇村干部", "乡村振兴专题班", "第二期", "线上", "2022年5月", "105人次", 5],
        ["专技人员", "骨干教师班", "", "", "2022/6/1", 30, ""],
        ["乡村振兴带头人", "头雁班", "", "本县", "2022-07-01", 40, 4],
        ["社会人士", "插花班", "", "本县", "2022-07-01", 40, 9],
        ["党政干部", "空班", "", "本县", "2022-07-01", 0, 9],
    ],
    "work/带头人_2022-12.csv": [
        ["致富带头人台账", "填报日期：2022-12-31"], ["带头人姓名", "乡镇", "认定时间", "退出时间", "带动户数", "联系电话", "其中脱贫户", "是否赴东部培训"],
        ["张三", HUISHI, "2021-05", "", "12户", "13900000000", 5, "是"],
        ["李四", HUISHI, "2022年3月", "2022-09", "", "", "", ""],
    ],
    "fund/资产_2022-12.csv": [
        ["帮扶项目资产台账", "填报日期：2022-12-31"],
        ["项目编号", "资产名称", "资产性质", "原值（万元）", "形成时间", "确权时间", "移交时间", "闲置时间", "盘活时间", "处置时间",
         "年收益（万元）", "分红金额（万元）", "分红户数"],
        ["P1", "大棚", "经营性", 100, "2022-03", "2022年5月", "2022-06-10", "", "", "", 6, 3, "20户"],
        ["P1", "水渠", "公益类", 40, "2022.4", "2022-06", "", "", "", "", "", "", ""],
        ["P2", "羊只", "到户类", 20, "2021-06", "", "", "", "", "2022-08", "", "", ""],
        ["P2", "冷库", "经营性资产", 60, "2021-06", "", "", "2022-02", "2022-10", "", "", 1, 5],
        ["P2", "杂物", "其他", 5, "2021-06", "", "", "", "", "", "", "", ""],
        ["P2", "旧棚", "经营性资产", 5, "2021-06", "", "", "", "", "2020-06", "", "", ""],
    ],
    "work/园区_2022-06.csv": [
        ["共建产业园入驻企业台账", "填报日期：2022-06-30"], PARK,
        ["协作产业园", "甲公司", "2021-03", "", 500, 200, "30人", 10, "是"],
        ["协作产业园", "乙公司", "2022-05", "", "", 50, 5, 2, ""],
    ],
    "work/园区_2022-12.csv": [
        ["共建产业园入驻企业台账", "填报日期：2022-12-31"], PARK,
        ["协作产业园", "甲公司", "2021-03", "", 600, 450, 32, 11, "是"],
        ["协作产业园", "乙公司", "2022-05", "2022-10", 80, 60, 5, 2, "否"],
        ["协作产业园", "丙公司", "2022-11", "", 100, 10, 4, 1, "否"],
        ["协作产业园", "丁公司", "2022-11", "", -5, 10, 4, 1, "否"],
    ],
    "sales/门店_2022-12.csv": [
        ["东部展销门店台账", "填报日期：2022-12-31"], ["网点名称", "网点类型", "详细地址", "开业时间", "停业时间", "从业人员", "年销售额（万元）"],
        ["协作展销中心", "消费帮扶展销中心", "天津市和平区1号", "2021-05", "", "5人", 50],
        ["陇上面馆", "牛肉面馆", "天津市和平区2号", "2022年3月", "", 8, "20余"],
        ["超市专柜一", "商超专柜", "天津市和平区3号", "2021-01", "2022-06", "", 7],
        ["流动摊", "流动摊位", "天津市和平区4号", "2021-01", "", 1, 1],
    ],
    "work/活动_2022-12.csv": [
        ["帮扶活动台账", "填报日期：2022-12-31"], ["开展时间", "活动主题", "活动类别", "场次", "志愿者", "服务群众人次"],
        ["2022-03-05", "义诊", "义诊巡诊", "2场", "10人", "200人次"],
        ["2022年5月", "支教", "", "", "", 300],
        ["2022-06-31", "理发", "便民服务", 1, 3, 40],
    ],
    "work/签约_2022-12.csv": [
        ["招商签约台账", "填报日期：2022-12-31"],
        ["签约日期", "项目名称", "投资方", "投资方所在地", "签约金额（万元）", "招商活动", "履约情况", "所属产业"],
        ["2022-03-18", "肉羊项目", "甲牧业", "浦江区", 3000, "推介会", "开工建设", "养殖"],
        ["2022年5月", "马铃薯项目", "乙食品", "山东省青岛市", "", "", "已签约", "加工"],
        ["2022-05-20", "中药材项目", "丙药业", "甘肃省兰州市", 500, "", "建成投产", ""],
        ["2022-06-06", "苹果项目", "丁果业", "", 200, "", "", ""],
        ["2022-07-07", "花椒项目", "戊商贸", "浦江区", 100, "", "看情况再定", ""],
    ],
    "work/示范村_2022-12.csv": [
        ["乡村振兴示范村台账", "填报日期：2022-12-31"],
        ["乡镇", "示范村", "确定时间", "主要工作", "投入协作资金（万元）", "实施项目数", "村集体经济收入（万元）", "人均可支配收入（元）"],
        [HUISHI, "南十里铺村", "2021-06", "新建产业路", 240, "3个", 25, 12800],
        ["郭城驿镇", "红堡子村", "2021-06", "", "", "", "", ""],
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def office(fresh: Any, neighbours: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A county that has handed in the story's ledgers, the later ones first."""
    one = neighbours(fresh(tmp_path_factory.mktemp("further")), ["530901"])[0]
    for place in reversed(STORY):
        one.drop(place, STORY[place])
    for source in ("labour", "sales", "fund", "work"):
        for batch in one.take(source):
            assert batch["state"] == "loaded", batch["refusal_zh"]
    pipeline.build(one.settings)
    return one


def value(office: Any, indicator_id: str, period: str) -> str:
    """Return a figure of a year (2022), a month (2022-03) or the year to it (..2022-03): 3, 12+ for a lower bound, – for none."""
    kind = "year" if len(period) == 4 else "year_to_date" if period.startswith("..") else "month"
    rows = office.ask(
        "select trim_scale(value)::text, qualifier from mart.indicator_value where county_code = %s and indicator_id = %s"
        " and period_kind = %s and period = %s and breakdown = ''",
        office.county, indicator_id, kind, period.removeprefix(".."),
    )  # fmt: skip
    assert rows, (indicator_id, period)
    return {"not_reported": "–", "at_least": f"{rows[0][0]}+"}.get(rows[0][1], rows[0][0])


EXPECTED = {
    "WSH1": {"2022-01": "2", "2022-03": "2", "2022-08": "2", "2022-09": "2", "2022": "2"},
    "WSH1.normal": {"2022-03": "2", "2022-09": "1"},
    "WSH1.pending": {"2022-03": "0", "2022-09": "1", "2022": "1"},
    "WSH1.cleared": {"2022-03": "0", "2022-09": "1"},
    "WSH1.built": {"2022-07": "0", "2022-08": "1", "2022": "1"},
    "WSH1.jobs": {"2022-03": "20+", "2022-09": "24"},
    "WSH1.jobs.lifted": {"2022-03": "8+", "2022": "10"},
    "WSH2": {"..2022-05": "–", "..2022-06": "2", "..2022-11": "2", "2022": "3"},
    "WSH2.lifted": {"..2022-05": "–", "..2022-06": "2", "2022": "1"},
    "EDU1": {"2022-05": "3", "2022-06": "3", "2022-07": "1", "2022-09": "2", "2022": "2"},
    "EDU1.lifted": {"2022-05": "2", "2022": "1"},
    "EDU1.programme": {"2022-05": "1+", "2022": "1"},
    "EDU1.new": {"2022-08": "0", "2022-09": "1", "2022": "1"},
    "EDU1.graduated": {"2022-06": "2", "2022-07": "0", "2022": "2"},
    "EDU1.employed": {"2022-06": "1+", "2022-07": "0", "2022": "1+"},
    "EDU1.employed.rate": {"2022-05": "–", "2022": "50+"},
    "TRN": {"2022-03": "1", "2022": "4"},
    "TRN.people": {"2022-03": "50", "2022": "225"},
    "TRN1": {"2022": "2"}, "TRN1.people": {"2022-05": "105", "2022": "155"},
    "TRN2": {"2022": "1"}, "TRN2.people": {"2022": "30"},
    "TRN3": {"2022": "1"}, "TRN3.people": {"2022": "40"},
    "TRN.east": {"2022-03": "1", "2022-06": "–", "2022-07": "0", "2022": "1+"},
    "TRN.east.people": {"2022-03": "50", "2022-06": "–", "2022": "50+"},
    "TRN3.leaders": {"2022-01": "1", "2022-03": "2", "2022": "1"},
    "TRN3.households": {"2022-01": "12", "2022-03": "12+", "2022": "12"},
    "TRN3.households.lifted": {"2022-01": "5", "2022-03": "5+", "2022": "5"},
    "TRN3.leaders.east": {"2022-01": "1", "2022-03": "1+", "2022": "1"},
    "TRN.fund": {"2022-02": "0", "2022-03": "100000", "2022-06": "–", "2022": "190000+"},
    "AST1": {"2022-01": "2", "2022-03": "3", "2022-04": "4", "2022-08": "4", "2022": "3"},
    "AST1.operating": {"2022": "2"}, "AST1.public": {"2022": "1"}, "AST1.household": {"2022-04": "1", "2022": "0"},
    "AST1.value": {"2022-01": "800000", "2022": "2000000"}, "AST1.value.operating": {"2022": "1600000"},
    "AST3": {"2022-01": "–", "2022-03": "60000+", "2022": "60000+"}, "AST3.operating": {"2022-01": "–", "2022": "60000+"},
    "AST4": {"2022-01": "10000", "2022": "40000"}, "AST4.households": {"2022-01": "5", "2022": "25"},
    "AST2.titled": {"2022-04": "0", "2022-05": "1", "2022": "2"},
    "AST2.handed_over": {"2022-05": "0", "2022": "1"}, "AST2.settled": {"2022": "1"},
    "AST2.idle": {"2022-01": "0", "2022-02": "1", "2022-09": "1", "2022-10": "0"},
    "AST2.rate": {"2022-04": "0", "2022": "33.3333"}, "AST2.idle.rate": {"2022-04": "25"},
    "IND1.firms": {"2022-01": "1", "2022-05": "2", "2022-11": "2", "2022": "2"},
    "IND1.firms.east": {"2022-01": "1", "2022-06": "1+", "2022": "1"},
    "IND1.firms.new": {"2022-04": "0", "2022-05": "1", "2022": "2"},
    "IND1.firms.new.investment": {"..2022-05": "–", "..2022-06": "–", "2022": "1800000"},
    "IND1.firms.new.jobs": {"..2022-05": "–", "..2022-06": "5", "2022": "9"}, "IND1.firms.new.jobs.lifted": {"2022": "3"},
    "IND6": {"2022-03": "1", "2022-05": "2", "2022": "4"},
    "IND6.east": {"2022-05": "1", "2022": "2+"}, "IND6.paired": {"2022-03": "1", "2022-05": "0", "2022": "1+"},
    "IND6.landed": {"2022-05": "1", "2022-06": "–", "2022": "2+"}, "IND6.producing": {"2022-05": "1", "2022": "1+"},
    "IND6.ended": {"2022-05": "0", "2022": "–"}, "IND6.rate": {"2022-03": "100", "2022-05": "50", "2022": "50+"},
    "IND6.agreed": {"2022-03": "30000000", "2022-05": "5000000+", "2022": "37000000+"},
    "IND6.agreed.paired": {"2022-03": "30000000", "2022": "30000000+"}, "IND6.agreed.landed": {"2022-05": "5000000", "2022": "35000000+"},
    "LAB12": {"2022-01": "3", "2022-03": "4", "2022-09": "4", "2022": "3"},
    "LAB12.station": {"2022-01": "1", "2022-06": "2", "2022": "1"}, "LAB12.base": {"2022": "1"}, "LAB12.one_firm": {"2022": "1"},
    "LAB12.east": {"2022-01": "1+", "2022-06": "2+", "2022": "1+"}, "LAB12.people": {"2022-01": "200", "2022-06": "200+", "2022": "200"},
    "IND1.investment": {"2022-01": "–", "2022-06": "5000000+", "2022": "7000000"},
    "IND1.output": {"2022-05": "–", "2022-06": "2500000", "2022": "4600000"},
    "IND1.jobs": {"2022-06": "35", "2022": "36"}, "IND1.jobs.lifted": {"2022": "12"},
    "CON6": {"2022-01": "2", "2022-03": "3", "2022-06": "3", "2022": "2"},
    "CON6.centre": {"2022": "1"}, "CON6.shop": {"2022-02": "0", "2022": "1"}, "CON6.counter": {"2022-01": "1", "2022": "0"},
    "CON6.people": {"2022-01": "5+", "2022": "13"}, "CON6.people.shop": {"2022": "8"},
    "CON6.sales": {"..2022-01": "570000", "2022": "770000+"}, "CON6.sales.shop": {"..2022-01": "0", "2022": "200000+"},
    "SOC3.clinic": {"2022-03": "2", "2022-05": "–", "2022": "2+"}, "SOC3.teaching": {"2022-03": "0", "2022": "–"},
    "SOC3.people.clinic": {"2022-03": "200", "2022": "200+"},
    "SOC3": {"2022-03": "2", "2022-05": "1", "2022": "3"},
    "SOC3.volunteers": {"2022-05": "–", "2022": "10+"}, "SOC3.people": {"2022-05": "300", "2022": "500"},
    "VIL1": {"2022": "2"}, "VIL2.fund": {"2022": "2400000+"}, "VIL2.projects": {"2022": "3+"},
    "VIL2.collective_income": {"2022": "250000+"},
}  # fmt: skip


@pytest.mark.parametrize("indicator_id", EXPECTED)
def test_a_figure_is_what_was_counted_by_hand(office: Any, indicator_id: str) -> None:
    wanted = EXPECTED[indicator_id]
    assert {period: value(office, indicator_id, period) for period in wanted} == wanted


def test_what_cannot_be_is_held_back_in_chinese_with_its_place(office: Any) -> None:
    held = office.ask("select file, row_no, column_name, rule_id, reason_zh from audit.quarantine where county_code = %s", office.county)
    assert Counter(rule for *_, rule, _ in held) == {
        "ENUM_UNKNOWN": 7, "LAB_WORKSHOP_LIFTED_ABOVE_JOBS": 1, "ID_MASKED": 2, "LAB_STUDENT_AGE_RANGE": 1,
        "WRK_TRAINING_PEOPLE_RANGE": 1, "FUN_ASSET_DISPOSED_BEFORE_FORMED": 1, "WRK_PARK_FIRM_INVESTMENT_NEGATIVE": 1,
        "DATE_IMPOSSIBLE": 1,
    }  # fmt: skip
    assert all(file and row_no and column and "\u4e00" <= reason[0] <= "\u9fff" for file, row_no, column, _, reason in held), held
    assert ("labour/务工人员_2022-06.csv", 6, "身份证号") in {(file.partition("/")[2], row, column) for file, row, column, *_ in held}


def test_names_and_numbers_are_in_the_vault_only(office: Any) -> None:
    for table in ("labour_workshop_roster", "labour_student", "work_leader"):
        rows = office.ask(f"select to_jsonb(t)::text, person_key from core.{table} as t")
        assert rows
        assert not [text for text, _ in rows if person(1) in text or "张三" in text or "13900000000" in text]
        assert all(key for _, key in rows)


def test_a_statement_again_changes_nothing(office: Any) -> None:
    """Neither the same files nor one that says the same under another name."""
    before = digest(office.settings)
    assert [batch for source in ("labour", "sales", "fund", "work") for batch in office.take(source)] == []
    assert digest(office.settings) == before
    again = office.deliver("labour/帮扶车间再报_2022-09.csv", STORY["labour/帮扶车间_2022-09.csv"])
    assert [batch["rows_loaded"] for batch in again] in ([], [0])
    assert pipeline.build(office.settings)["values"] == 0


def test_a_later_list_without_a_workshop_takes_it_out_from_its_day_on(office: Any) -> None:
    """Also where nothing that it lists stands any longer: the months after it are counted anew."""
    header, rows = STORY["labour/帮扶车间_2022-09.csv"][1], [["郭城电子帮扶车间", "郭城镇", "正常", "2021-06", "2022-04", 0, 0]]
    office.deliver("labour/帮扶车间_2022-05.csv", [["帮扶车间台账", "填报日期：2022年5月31日"], header, *rows])
    pipeline.build(office.settings)
    assert [value(office, "WSH1", month) for month in ("2022-03", "2022-04", "2022-05", "2022-06", "2022-09")] == ["2", "2", "1", "1", "2"]


def test_what_is_built_after_each_ledger_is_what_all_of_them_make(fresh: Any, neighbours: Any, tmp_path: Path) -> None:
    """Also where a later list says that what counts in one month counted in another."""
    one = neighbours(fresh(tmp_path), ["530901"])[0].at("2023-01-20T09:00:00+08:00")
    workshops, park = STORY["labour/帮扶车间_2022-09.csv"], STORY["work/园区_2022-12.csv"]
    moved = {
        "labour/帮扶车间_2022-11.csv": [["帮扶车间台账", "填报日期：2022年11月30日"], *workshops[1:2], ["会师编织帮扶车间", HUISHI, "正常", "2022.10", "", 6, 2]],
        "work/园区_2023-01.csv": [[park[0][0], "填报日期：2023-01-10"], *park[1:2], *([*row[:2], "2022-11", *row[3:]] for row in park[2:])],
    }  # fmt: skip
    for place, rows in (STORY | moved).items():
        assert [batch["state"] for batch in one.deliver(place, rows)] == ["loaded"], place
        pipeline.build(one.settings)
    assert (value(one, "WSH1.built", "2022-08"), value(one, "WSH1.built", "2022-10")) == ("0", "1")
    assert one.built_anew() == {}


def test_what_is_not_stated_is_no_hindrance_and_one_firm_is_not_two(fresh: Any, neighbours: Any, tmp_path: Path) -> None:
    """Blank amounts load; a credit code that is filled in, a space in a name, another city that has ours in its streets."""
    one, other = (office.at("2023-01-20T09:00:00+08:00") for office in neighbours(fresh(tmp_path), ["530901", "530902"]))
    signings, park = ["签约时间", "项目名称", "投资方", "来源地", "签约金额（万元）", "项目进展"], [*PARK[:2], "统一社会信用代码", *PARK[2:]]
    code = credit_code(Random(3))
    orders = ["订单编号", "销售企业", "统一社会信用代码", "产品名称", "销售金额（元）", "销售日期", "采购单位"]
    for place, rows in {
        "work/签约_2022-06.csv": [["招商签约台账", "填报日期：2022-06-30"], signings, ["2022-03-18", "甲项目", "甲公司", "天津", 100, "开工"], ["2022-03-18", "乙项目", "乙公司", "天津", "", "开工"]],
        "work/入园_2022-06.csv": [["共建产业园入驻企业台账", "填报日期：2022-06-30"], park, ["协作园", "甲公司", "", "2022-03", "", 100, 1, 5, 1, "是"]],
        "work/入园_2022-12.csv": [["共建产业园入驻企业台账", "填报日期：2022-12-31"], park, ["协作园", "甲公司", code, "2022-03", "", 200, 1, 8, 2, "是"]],
        "sales/销售_2022-12.csv": [
            ["销售台账", "填报日期：2022-12-31"], orders,
            *([f"A{n}", "甲公司", code, "粉条", 100, "2022-06-01", buyer] for n, buyer in enumerate(("甲 学校", "甲学校", "个人", "乙学校"))),
        ],
    }.items():  # fmt: skip
        assert [(batch["state"], batch["rows_quarantined"]) for batch in one.deliver(place, rows)] == [("loaded", 0)], place
    bare = [["招商签约台账", "填报日期：2022-12-31"], [*signings[:4], *signings[5:]], ["2022-09-18", "丙项目", "甲公司", "天津", "开工"]]
    assert [batch["rows_loaded"] for batch in other.deliver("work/签约_2022-12.csv", bare)] == [1], "no amount at all"
    pipeline.build(one.settings)
    assert (value(other, "IND6", "2022"), value(other, "IND6.agreed", "2022")) == ("1", "–")
    assert (value(one, "IND6", "2022-03"), value(one, "IND6.agreed", "2022-03")) == ("2", "1000000+")
    assert [value(one, f"IND1.firms.new{part}", "2022") for part in ("", ".investment", ".jobs", ".jobs.lifted")] == ["1", "2000000", "8", "2"]
    assert value(one, "CON1.buyers", "2022") == "2"
    assert one.built_anew() == {}


def test_a_list_sent_again_without_a_workshop_counts_it_no_more(fresh: Any, neighbours: Any, tmp_path: Path) -> None:
    """Where nothing else in it changed."""
    one = neighbours(fresh(tmp_path), ["530901"])[0].at("2023-01-20T09:00:00+08:00")
    rows = [[f"第{n}帮扶车间", HUISHI, "正常", "2020-05", "", 18, 8] for n in "一二三四五"]
    for sent, counted in ((rows, "5"), (rows[:-1], "4")):
        [batch] = one.deliver("labour/帮扶车间_2022-09.csv", [["帮扶车间台账", "填报日期：2022年9月30日"], WORKSHOPS, *sent])
        assert batch["state"] == "loaded"
        pipeline.build(one.settings)
        assert [value(one, "WSH1", month) for month in ("2022-03", "2022-09", "2022")] == [counted] * 3


SECOND: dict[str, Rows] = {
    "labour/务工人员_2021-12.csv": [
        ["2021年辛车间务工人员花名册", "填报日期：2021年12月31日"], PEOPLE,
        ["甲", person(31), "脱贫户", HUISHI, "", 10, ""], ["乙", person(32), "一般农户", HUISHI, "", 10, ""],
    ],
    "labour/务工人员_2022-08.csv": [
        ["2022年辛车间务工人员花名册", "填报日期：2022年8月31日"], PEOPLE,
        ["甲", person(31), "脱贫户", HUISHI, "", 3, ""], ["乙", person(32), "一般农户", HUISHI, "", "", 5000],
    ],
    "labour/务工人员_2022-10.csv": [
        ["会宁县2022年度辛车间务工人员花名册", "填报日期：2022年10月31日"], PEOPLE,
        ["甲", person(31), "脱贫户", HUISHI, "", 4, ""],
        ["丙", person(33), "脱贫户", HUISHI, "", 2, 3000],
    ],
    "labour/务工人员_2022-12.csv": [
        ["帮扶车间务工人员花名册", "填报日期：2022年12月31日"], ["车间名称", *PEOPLE],
        ["辛车间", "甲", person(31), "脱贫户", HUISHI, "", 6, ""],
        ["辛车间", "丙", person(33), "脱贫户", HUISHI, "", 2, 3000],
        ["壬车间", "丙", person(33), "脱贫户", HUISHI, "", 2, 3000],
        ["壬车间", "甲", person(31), "脱贫户", HUISHI, "", "", ""],
        ["壬车间", "丁", person(34), "一般农户", HUISHI, "", "", ""],
    ],
    "labour/务工人员_2023-01.csv": [
        ["2022年己车间务工人员花名册", "填报日期：2023年1月5日"], PEOPLE,
        ["戊", person(35), "脱贫户", HUISHI, "", 10, 20000],
        ["己", person(36), "脱贫户", HUISHI, "", 1, 2000],
    ],
    "fund/资产_2022-12.csv": [
        ["帮扶项目资产台账", "填报日期：2022-12-31"], ["项目编号", "资产名称", "资产性质", "原值（万元）", "形成时间", "确权时间"],
        ["P1", "大棚", "经营性", 100, "2022-03", "2022-05"],
        ["P1", "水渠", "公益类", 40, "2022-04", ""],
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def second(fresh: Any, neighbours: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A county whose rosters name their workshop in the title, and whose assets have no columns of later days."""
    one = neighbours(fresh(tmp_path_factory.mktemp("second")), ["530901"])[0].at("2023-01-20T09:00:00+08:00")
    for place, rows in SECOND.items():
        one.drop(place, rows)
    for source in ("labour", "fund"):
        for batch in one.take(source):
            assert batch["state"] == "loaded", batch["refusal_zh"]
    pipeline.build(one.settings)
    return one


def test_a_workshop_of_a_title_is_the_same_in_every_year(second: Any) -> None:
    rows = second.ask("select distinct workshop_norm from core.labour_workshop_roster where county_code = %s", second.county)
    assert {name for (name,) in rows} == {"辛车间", "壬车间", "己车间"}


@pytest.mark.parametrize(
    ("period", "whole", "lifted"),
    [
        ("2021", "2", "1"),
        ("..2022-07", "–", "–"),  # a year is unknown until its first roster is stated
        ("..2022-08", "2", "1"),
        ("..2022-10", "1", "1"),  # the later roster of the same workshop replaces the earlier one; who left it is out
        ("2022", "1+", "1"),  # two workshops are not added up; who says nothing makes it a lower bound
        ("..2023-01", "0", "0"),
    ],
)
def test_people_in_workshops_are_told_as_far_as_rosters_tell(second: Any, period: str, whole: str, lifted: str) -> None:
    assert (value(second, "WSH2", period), value(second, "WSH2.lifted", period)) == (whole, lifted)


def test_more_months_than_the_year_has_had_are_held_back(second: Any) -> None:
    held = second.ask("select row_no, column_name, rule_id, reason_zh from audit.quarantine where county_code = %s", second.county)
    assert [found[:3] for found in held] == [(3, "务工月数", "LAB_WORKSHOP_MONTHS_AHEAD")]
    assert "请把统计截止写成上年12月31日" in held[0][3]


@pytest.mark.parametrize(
    ("part", "wanted"), [("titled", "1"), ("titled.rate", "50"), ("handed_over", "–"), ("handed_over.rate", "–"), ("settled", "–"),
                         ("rate", "–"), ("idle", "–"), ("idle.rate", "–")],
)  # fmt: skip
def test_what_no_asset_of_a_ledger_tells_is_not_reported(second: Any, part: str, wanted: str) -> None:
    assert value(second, f"AST2.{part}", "2022") == wanted
