"""Figures from what ledgers hold already: an invented year counted by hand, and ledgers that lack the columns.

Three counties that nobody has: one fills every column, one none of those that not every ledger has, one some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.data import counties
from xiezuo import pipeline
from xiezuo_sample.codes import credit_code, identity_number

FULL, BARE, PART = "530991", "530992", "530993"
FIRM = credit_code(Random(1))
TITLE = ["台账", "填报日期：2022-12-30"]


def person(n: int) -> str:
    return identity_number(700 + n, date(1990, 1, n))


LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）", "资金级次"]
PROJECTS = [
    "项目编号", "项目名称", "项目类别", "建设地点", "村", "安排文号", "安排资金（万元）", "开工时间", "完工时间", "验收时间",
    "联农带农机制", "受益户数", "受益人口", "其中脱贫户", "其中脱贫人口",
    "到位资金（万元）", "概算总投资（万元）", "带动就业人数", "带动脱贫劳动力就业",
]  # fmt: skip
PAYMENTS = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额（元）"]
PEOPLE = [
    "姓名", "身份证号", "乡镇", "户类型", "监测对象类别", "是否低收入人口", "是否残疾人", "是否易地搬迁户", "务工省份", "务工地点",
    "务工企业", "就业渠道", "是否点对点输送", "开始时间", "务工时间（月）", "年度交通费补助（元）",
]  # fmt: skip

LEDGERS: dict[str, list[list[Any]]] = {
    "fund/下达_2022-12.csv": [
        LETTERS,
        ["云财农〔2022〕7号", "2022-03-10", 2022, 300, "市级"],  # of a municipality: what a province is elsewhere
        ["云财农〔2022〕8号", "2022-06-10", 2022, 100, "区级财政资金"],
        ["云财农〔2022〕9号", "2022-07-01", 2022, 20, "街镇结对"],
    ],
    "fund/项目_2022-12.csv": [
        PROJECTS,
        ["P1", "甲项目", "产业发展", "青石镇", "青东村", "云财农〔2022〕7号", 200, "2022-04", "2022-10", "2022-12", "务工", 10, 40, 5, 20, 200, 300, 12, 5],
        ["P2", "乙项目", "产业协作", "青石镇", "青东村", "云财农〔2022〕8号", 100, "2022-08", "", "", "", 20, 80, 10, 40, 80, 150, 6, 2],
        ["P3", "丙项目", "学校建设", "红土镇", "红西村", "云财农〔2022〕7号", 100, "", "", "", "", 5, 20, 1, 4, 100, 100, 0, 0],
        ["P4", "丁项目", "消费帮扶", "红土镇", "红西村", "云财农〔2022〕9号", 20, "", "", "", "", 0, 0, 0, 0, 20, 20, 0, 0],
    ],
    "fund/支付_2022-12.csv": [
        PAYMENTS,
        ["V1", "P1", "2022-05-01", "甲公司", "1000000"],
        ["V2", "P2", "2022-09-01", "乙公司", "400000"],
    ],
    "fund/捐赠_2022-12.csv": [
        ["票据号", "捐赠方", "捐赠方类型", "捐赠时间", "捐款（万元）", "用途类别", "受益人数"],
        ["S1", "甲公司", "民营企业", "2022-03-01", 10, "捐资助学", "200人"],
        ["S2", "乙协会", "协会", "2022-04-01", 5, "医疗", 50],
    ],
    "labour/输转_2022-12.csv": [
        ["青石镇劳务输转台账（填报日期：2022年12月30日）"],
        PEOPLE,
        ["张甲", person(1), "青石镇", "脱贫户", "无", "否", "否", "是", "上海市", "浦江区", "甲厂", "劳务协作", "是", "2022-03-05", 8, 600],
        ["李乙", person(2), "青石镇", "监测户", "边缘户", "是", "否", "否", "上海市", "浦江区", "甲厂", "点对点输送", "是", "2022-03-05", 2, 600],
        ["王丙", person(3), "青石镇", "一般户", "无", "否", "是", "否", "云南省", "昆明市", "村委会", "护林员", "否", "2022-04-01", 4, ""],
        ["赵丁", person(4), "青石镇", "脱贫不稳定户", "", "否", "否", "否", "广东省", "广州市", "乙厂", "自发", "否", "2022-05-01", 3, 400],
        ["张甲", person(1), "青石镇", "脱贫户", "无", "否", "否", "是", "上海市", "浦江区", "丙厂", "有组织", "是", "2022-09-01", 3, 600],
    ],
    "labour/培训班_2022-12.csv": [["期次", "班次名称", "开班日期", "参训人数", "取证人数", "培训补贴（元）"], ["第1期", "月嫂", "2022-04-01", 2, 1, 2000]],
    "labour/花名册_2022-12.csv": [
        ["期次", "班次名称", "姓名", "身份证号", "户类型", "是否就业"],
        ["2022年第1期", "月嫂", "张甲", person(1), "脱贫户", "是"],
        ["2022年第1期", "月嫂", "李乙", person(2), "监测户", "否"],
    ],
    "labour/招聘会_2022-12.csv": [
        ["招聘会名称", "举办时间", "举办形式", "企业名称", "岗位名称", "招聘人数", "达成意向人数", "入职人数"],
        ["春风行动", "2022-03-01", "线上线下同步", "甲厂", "普工", 10, 3, 2],
        ["春风行动", "2022-03-01", "", "乙厂", "焊工", 5, 1, 0],
        ["秋季招聘", "2022-10-01", "直播带岗", "甲厂", "普工", 3, 0, 0],
    ],
    "work/人才_2022-12.csv": [
        TITLE,
        ["方向", "类别", "专业", "姓名", "派出单位", "挂职单位", "开始时间", "结束时间", "交流形式", "师带徒", "帮建重点科室", "新技术"],
        ["东部派往西部", "党政干部", "", "张甲", "浦江区委", "县委", "2022-01-01", "2022-12-31", "挂职锻炼", "", "", ""],
        ["东部派往西部", "专技人才", "教育", "李乙", "浦江一中", "县 一 中", "2022-03-01", "2022-08-31", "组团式", 2, 0, 1],
        ["西部派往东部", "专技人才", "卫生", "王丙", "县医院", "浦江医院", "2022-05-01", "2022-07-31", "跟岗", "", "", ""],
        ["西部派往东部", "专技人才", "水利", "赵丁", "水务局", "浦江水务", "2022-05-01", "2022-07-31", "跟班学习", "", "", ""],
        ["西部派往东部", "党政干部", "", "孙戊", "县委办", "浦江区委", "2022-05-01", "2022-11-30", "挂职", "", "", ""],
    ],
    "work/会议_2022-12.csv": [
        TITLE,
        ["会议时间", "会议类型", "议题"],
        ["2022-02-01", "县委常委会会议", "研究东西部协作"],
        ["2022-03-01", "高层联席会议", "研究协作协议"],
        ["2022-04-01", "工作推进会", "推进项目"],
        ["2022-05-01", "县东西部协作领导小组会议", "研究任务清单"],
    ],
    "work/文件_2022-12.csv": [
        TITLE,
        ["印发时间", "发文机关", "文件名称"],
        ["2022-02-10", "县委办", "2022年东西部协作工作要点"],
        ["2022-08", "县政府办", "协作资金管理办法"],
    ],
    "work/互访_2022-12.csv": [
        TITLE,
        ["方向", "开始日期", "带队领导", "级别", "人数", "事由"],
        ["东部来访", "2022-03-05", "甲某", "区委书记", 12, "对接"],
        ["赴东部对接", "2022-06-01", "乙某", "副县长", 8, "考察"],
    ],
    "work/结对_2022-12.csv": [
        TITLE,
        ["结对类型", "东部单位", "西部单位", "签订时间"],
        ["医院", "浦江中心医院", "县医院", "2021-03-01"],
        ["医疗机构", "浦江中心医院", "县中医院", "2021-03-01"],
        ["村村结对", "浦东村", "青东村", "2021-03-01"],
        ["镇镇结对", "浦西镇", "青石镇", "2021-03-01"],
        ["村企结对", "甲公司", "青东村", "2021-03-01"],
        ["社会组织", "乙协会", "青东村", "2021-03-01"],
        ["镇村结对", "浦西镇", "青南村", "2021-03-01"],
        ["区与乡镇", "浦江区", "白水乡", "2021-03-01"],
    ],
    "work/企业_2022-12.csv": [
        TITLE,
        ["企业名称", "落地时间", "协议投资额（万元）", "到位投资（万元）", "吸纳就业", "企业阶段", "企业项目数", "东部投资", "来源地",
         "本年产值（万元）", "本年税收（万元）"],
        ["甲厂", "2022-03-01", 1000, 500, 10, "正常经营", 2, "是", "上海市", 800, 20],
        ["乙厂", "2021-05-01", 300, 200, 5, "已注销", 1, "是", "浙江杭州", 100, 1],
        ["丙厂", "2021-06-01", 300, 200, 5, "建设中", 1, "否", "云南省", 50, 1],
    ],
    "work/协议_2022-12.csv": [
        TITLE,
        ["签订时间", "供方", "需方", "协议金额（万元）", "协议类型"],
        ["2022-03-01", "甲合作社", "乙公司", 100, "购销合同"],
        ["2022-04-01", "青东村合作社", "丙公司", 10, "村企合作"],
    ],
    "sales/销售台账2022年12月.csv": [
        ["消费帮扶销售台账"],
        ["销售企业", "统一社会信用代码", "产品名称", "采购单位", "采购地区", "销售渠道", "销售额（元）", "销售日期", "订单编号", "直接采购/帮助销售"],
        ["甲社", FIRM, "小米", "浦江食堂", "上海市浦江区", "机关食堂", "10000", "2022-03-05", "D1", "直采"],
        ["甲社", FIRM, "小米", "厦门超市", "福建", "商超", "20000", "2022-03-05", "D2", "助销"],
        ["甲社", FIRM, "小米", "昆明专柜", "云南省昆明市", "专馆", "30000", "2022-04-05", "D3", "帮助销售"],
    ],
}  # fmt: skip

# Columns that not every ledger has, by the head they stand under.
OPTIONAL = {
    "资金级次", "开工时间", "完工时间", "验收时间", "联农带农机制", "受益户数", "受益人口", "其中脱贫户", "其中脱贫人口", "村", "用途类别",
    "监测对象类别", "是否低收入人口", "是否残疾人", "是否易地搬迁户", "就业渠道", "是否点对点输送", "务工时间（月）", "年度交通费补助（元）",
    "取证人数", "培训补贴（元）", "举办形式", "挂职单位", "是否就业", "达成意向人数", "入职人数", "交流形式", "师带徒", "帮建重点科室", "新技术", "级别", "人数", "企业阶段", "企业项目数",
    "东部投资", "协议投资额（万元）", "协议类型", "采购地区", "销售渠道", "直接采购/帮助销售", "捐赠方类型",
    "到位资金（万元）", "概算总投资（万元）", "带动就业人数", "带动脱贫劳动力就业", "受益人数", "来源地", "本年产值（万元）", "本年税收（万元）",
    "采购单位",
}  # fmt: skip

COUNTED = {
    "FUN1": 4_200_000, "FUN1.province_level": 3_000_000, "FUN1.city_level": 0, "FUN1.county_level": 1_000_000,
    "FUN1.pairing": 200_000, "FUN1.industry": 3_000_000, "FUN1.学校建设": 1_000_000, "FUN1.消费协作": 200_000,
    "FUN1.for_industry": 3_000_000, "FUN1.categories": 3, "FUN2": 4, "FUN2.industry": 2, "FUN2.学校建设": 1, "FUN2.for_industry": 2,
    "FUN1.industry.rate": "71.43", "FUN3": 1_400_000, "FUN3.province_level": 1_000_000, "FUN3.county_level": 400_000,
    "FUN3.pairing": 0, "FUN3.rate": "33.33", "FUN3.province_level.rate": "33.33", "FUN3.county_level.rate": 40,
    "FUN4.started": 2, "FUN4.finished": 1, "FUN4.accepted": 1, "FUN4.started.rate": 50, "FUN4.finished.rate": 25,
    "FUN5.households": 35, "FUN5.households.lifted": 16, "FUN5.people": 140, "FUN5.people.lifted": 64, "FUN5.villages": 2, "FUN6": 1,
    "FUN2.province_level": 2, "FUN2.city_level": 0, "FUN2.county_level": 1, "FUN2.pairing": 1,
    "FUN4.started.province_level": 1, "FUN4.started.county_level": 1, "FUN4.started.pairing": 0, "FUN4.finished.province_level": 1,
    "FUN4.accepted.province_level": 1, "FUN4.accepted.county_level": 0, "FUN5.jobs": 18, "FUN5.jobs.lifted": 7,
    "FUN7": 4_000_000, "FUN7.rate": "95.24", "FUN8": 5_700_000,
    "SOC1.donors": 2, "SOC1.times": 2, "SOC1.people": 250, "SOC1.people.education": 200,
    "SOC1": 150_000, "SOC1.from_enterprise": 100_000, "SOC1.from_social_organisation": 50_000, "SOC1.from_individual": 0,
    "SOC1.for_education": 100_000, "SOC1.for_health": 50_000, "SOC1.for_relief": 0,
    "LAB1": 4, "LAB1.lifted": 2, "LAB1.monitored": 2, "LAB1.unstable": 1, "LAB1.marginal": 1, "LAB1.hardship": 0,
    "LAB1.east": 3, "LAB1.east_lifted": 2, "LAB1.times": 5, "LAB1.times.lifted": 3, "LAB1.times.paired": 3, "LAB1.times.east": 4,
    "LAB1.times.home": 1, "LAB2.city": 2, "LAB2.county": 2, "LAB10.people.lifted": 1, "LAB10.people.paired": 2, "LAB10.people.east": 2,
    "LAB10.people.home": 0, "LAB10.batches.paired": 2, "LAB5.subsidy": 2000, "LAB6": 2, "LAB6.online": 2, "LAB6.onsite": 1,
    "LAB1.low_income": 1, "LAB1.disabled": 1, "LAB1.relocated": 1, "LAB2": 2, "LAB2.marginal": 1, "LAB2.disabled": 0,
    "LAB3.disabled": 1, "LAB4.unstable": 1, "LAB7.public": 1, "LAB7.rural": 1, "LAB7.workshop": 0, "LAB7.organised": 2,
    "LAB8.people": 3, "LAB8.yuan": 1600, "LAB9.months_3": 3, "LAB9.months_6": 0, "LAB10.batches": 2, "LAB10.people": 2,
    "LAB5.certified": 1, "LAB5.employed": 1, "LAB5.employed.rate": 50, "LAB6.intent": 4, "LAB6.onboard": 2,
    "TAL1.both": 2, "TAL3.west_to_east": 2, "TAL3.health": 1, "TAL3.other": 1, "TAL4.shadowing": 2,
    "TAL4.shadowing_professionals": 2, "TAL4.group": 1, "TAL4.flexible": 0, "TAL5.apprentices": 2, "TAL5.departments": 0,
    "TAL5.techniques": 1, "TAL6": 5, "TAL6.professionals": 3, "TAL6.east_to_west": 2, "TAL6.west_to_east": 3, "TAL6.times": 5,
    "TAL6.times.east_to_west": 2, "TAL6.times.east_to_west_professionals": 1, "TAL6.times.east_to_west_cadres": 1,
    "TAL6.times.west_to_east": 3, "TAL6.times.west_to_east_professionals": 2, "TAL6.times.west_to_east_cadres": 1,
    "TAL4.group_teachers": 1, "TAL4.group_doctors": 0, "TAL4.group.schools": 1, "TAL4.group.hospitals": 0,
    "TAL2.agriculture": 0, "TAL2.other": 0, "ORG4": 2, "ORG1.pairing_group": 1, "ORG2.east_to_west_main": 1,
    "ORG2.east_to_west_deputy": 0, "ORG2.west_to_east_deputy": 1, "ORG2.west_to_east_main": 0,
    "ORG1": 4, "ORG1.standing_committee": 1, "ORG1.joint": 1, "ORG1.other": 1, "ORG2.rank_main": 1, "ORG2.rank_deputy": 1,
    "ORG2.rank_county": 0, "ORG2.people": 20, "ORG2.people.east_to_west": 12, "ORG2.people.west_to_east": 8,
    "ORG3.hospital": 2, "ORG3.village_village": 1, "ORG3.town_town": 1, "ORG3.towns": 1, "ORG3.street_town": 0,
    "ORG3.town_village": 1, "ORG3.county_town": 1, "ORG3.all": 8, "ORG3.west.villages_all": 2, "ORG3.west.county_town": 1,
    "ORG3.east.town_village": 1, "ORG3.east": 7, "ORG3.east.hospital": 1, "ORG3.west.hospital": 2, "ORG3.east.towns": 1, "ORG3.west.villages": 1,
    "ORG3.west.villages_social": 1, "ORG3.east.social": 2,
    "IND2": 1, "IND2.stock": 2, "IND2.stock.producing": 1, "IND2.stock.building": 1, "IND2.stock.east": 1,
    "IND2.east": 1, "IND2.paired": 1, "IND3.east": 5_000_000, "IND3.paired": 5_000_000, "IND4.east": 10, "IND4.paired": 10,
    "IND2.output": 9_500_000, "IND2.output.east": 9_000_000, "IND2.tax": 220_000, "CON1.buyers": 3,
    "IND3.agreed": 10_000_000, "IND5": 2, "CON5.agreements": 2, "CON5.agreements.village": 1,
    "CON1": 60_000, "CON1.direct": 10_000, "CON1.helped": 50_000, "CON1.paired_buyers": 10_000, "CON1.eastern_buyers": 20_000,
    "CON1.own_buyers": 30_000, "CON1.other_buyers": 0, "CON1.canteen": 10_000, "CON1.supermarket": 20_000, "CON1.counter": 30_000,
    "CON1.platform_832": 0, "CON1.online": 0, "CON1.from.上海市": 10_000, "CON1.from.福建省": 20_000, "CON1.from.云南省": 30_000,
}  # fmt: skip

NOT_SAID = {
    "FUN1.province_level", "FUN1.pairing", "FUN3.county_level", "FUN4.started", "FUN4.finished", "FUN4.accepted", "FUN4.started.rate",
    "FUN5.households", "FUN5.people.lifted", "FUN5.villages", "FUN6", "SOC1.from_enterprise", "SOC1.for_education",
    "LAB1.low_income", "LAB1.disabled", "LAB1.relocated", "LAB2.disabled", "LAB7.public", "LAB7.organised", "LAB8.people",
    "LAB8.yuan", "LAB9.months_3", "LAB9.months_6", "LAB10.batches", "LAB10.people", "LAB5.certified", "LAB5.employed",
    "LAB5.employed.rate", "LAB5.subsidy", "LAB6.online", "LAB6.onsite", "LAB10.people.paired", "LAB10.batches.paired",
    "ORG2.east_to_west_main", "TAL4.group_teachers", "TAL4.group.schools", "LAB6.intent", "LAB6.onboard", "TAL4.shadowing", "TAL4.group", "TAL5.apprentices", "TAL5.techniques",
    "ORG2.rank_main", "ORG2.people", "IND2.stock.producing", "IND3.agreed", "IND5", "CON5.agreements.village", "CON1.direct",
    "CON1.paired_buyers", "CON1.canteen", "FUN2.province_level", "FUN4.started.province_level", "FUN5.jobs", "FUN7", "FUN7.rate", "FUN8",
    "SOC1.donors", "SOC1.people", "IND2.east", "IND3.paired", "IND4.east", "IND2.output", "IND2.tax", "CON1.buyers",
}  # fmt: skip
AS_EVER = {"FUN1", "FUN2", "FUN3", "LAB1", "LAB1.lifted", "LAB2", "LAB3", "ORG1", "ORG2", "ORG3.hospital", "IND2", "CON1", "SOC1", "TAL6"}


def without(ledger: Sequence[Sequence[Any]], columns: set[str]) -> list[list[Any]]:
    """Return a ledger as it is where nobody keeps these columns."""
    head = next(row for row in ledger if len(row) > 2)
    kept = [n for n, name in enumerate(head) if name not in columns]
    return [[row[n] for n in kept] if len(row) > 2 else list(row) for row in ledger]


def partly(ledger: Sequence[Sequence[Any]], columns: set[str]) -> list[list[Any]]:
    """Return a ledger of whose rows the last says nothing in these columns."""
    head = next(row for row in ledger if len(row) > 2)
    blank = [n for n, name in enumerate(head) if name in columns]
    *others, last = [list(row) for row in ledger]
    return [*others, ["" if n in blank else cell for n, cell in enumerate(last)]]


def fill(office: Any) -> None:
    """Deliver the three counties' year, and build it."""
    for place, ledger in LEDGERS.items():
        office.drop(f"../{FULL}/{place}", ledger)
        office.drop(f"../{BARE}/{place}", without(ledger, OPTIONAL))
        office.drop(f"../{PART}/{place}", partly(ledger, OPTIONAL))
    for source in ("fund", "labour", "sales", "work"):
        batches = office.take(source)
        assert {batch["state"] for batch in batches} == {"loaded"}, batches
        assert sum(batch["rows_quarantined"] for batch in batches) == 0, batches
    pipeline.build(office.settings)


@pytest.fixture(scope="module")
def figures(fresh: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[Any, str]]]:
    """Return value and qualifier of the figures of the year, by county."""
    from tests.integration.conftest import Office

    folder = tmp_path_factory.mktemp("held")
    places = [counties.invented(code, f"云{n}县") for n, code in zip("甲乙丙", (FULL, BARE, PART), strict=True)]
    region = counties.settle(fresh(folder), folder, *places)
    pipeline.prepare(region)
    office = Office(region, FULL)
    fill(office)
    rows = office.ask(
        "select county_code, indicator_id, value, qualifier from mart.indicator_value"
        " where period_kind = 'year' and period = '2022' and breakdown = ''"
    )
    found: dict[str, dict[str, tuple[Any, str]]] = {code: {} for code in (FULL, BARE, PART)}
    for county, indicator_id, value, qualifier in rows:
        found[county][indicator_id] = (value, qualifier)
    return found


def test_every_figure_is_as_counted_by_hand(figures: dict[str, dict[str, tuple[Any, str]]]) -> None:
    wrong = {}
    for indicator_id, expected in COUNTED.items():
        value, qualifier = figures[FULL].get(indicator_id, (None, "none"))
        if value is None or round(value, 2) != round(Decimal(expected), 2) or qualifier != "exact":
            wrong[indicator_id] = (expected, value, qualifier)
    assert wrong == {}


def test_where_no_row_has_the_column_nothing_is_reported(figures: dict[str, dict[str, tuple[Any, str]]]) -> None:
    """Neither zero nor a guess; what does not rest on such columns is what it was."""
    assert {one: figures[BARE].get(one) for one in NOT_SAID} == dict.fromkeys(NOT_SAID, (None, "not_reported"))
    assert {one: figures[BARE][one] for one in AS_EVER} == {one: figures[FULL][one] for one in AS_EVER}
    assert "CON1.from.上海市" not in figures[BARE]


def test_rows_that_do_not_tell_make_a_lower_bound(figures: dict[str, dict[str, tuple[Any, str]]]) -> None:
    """The last row of each ledger says nothing; dates, subsidies and mechanisms that it lacks are none."""
    part = figures[PART]
    bounded = {
        "FUN1.province_level": 3_000_000, "FUN1.county_level": 1_000_000, "FUN5.villages": 2, "FUN5.people": 140, "LAB1.low_income": 1,
        "LAB7.rural": 1, "LAB9.months_3": 2, "LAB10.batches": 1, "LAB6.intent": 4, "LAB6.online": 1, "SOC1.from_enterprise": 100_000, "TAL4.shadowing": 2,
        "ORG2.rank_main": 1, "ORG2.people": 12, "CON1.direct": 10_000, "CON1.canteen": 10_000, "FUN2.province_level": 2, "FUN7": 3_800_000, "FUN8": 5_500_000, "FUN5.jobs": 18,
        "FUN7.rate": Decimal("90.4762"), "SOC1.donors": 1, "SOC1.people": 200, "IND2.output": 9_000_000, "CON1.buyers": 2,
    }  # fmt: skip
    assert {one: part[one] for one in bounded} == {one: (value, "at_least") for one, value in bounded.items()}
    exact = {
        "ORG2.east_to_west_main": 1, "LAB6": 2, "FUN4.started": 2, "FUN6": 1, "LAB8.people": 3, "TAL5.apprentices": 2, "FUN1": 4_200_000,
        "CON1": 60_000, "IND2.east": 1, "SOC1.times": 2,
    }  # fmt: skip
    assert {one: part[one] for one in exact} == {one: (value, "exact") for one, value in exact.items()}
    unknown = {"ORG2.west_to_east_deputy", "LAB5.subsidy", "FUN1.pairing", "SOC1.for_health", "CON1.counter", "CON5.agreements.village"}
    assert {one: part[one] for one in unknown} == dict.fromkeys(unknown, (None, "not_reported"))


def test_a_county_has_its_own_categories_and_no_others(figures: dict[str, dict[str, tuple[Any, str]]]) -> None:
    """No zeros of another county's list."""
    levels = {f"FUN2.{one}" for one in ("province_level", "city_level", "county_level", "pairing")}
    for county in figures.values():
        own = {one for one in county if one.count(".") == 1 and one.startswith("FUN2.") and one not in levels | {"FUN2.for_industry"}}
        assert own == {"FUN2.industry", "FUN2.学校建设", "FUN2.消费协作"}
