"""Checks across datasets: each holds, finds what is wrong, and holds again once the ledger is repaired."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.build.checks import load_checks, reconcile
from xiezuo.fetch.plan import SOURCES
from xiezuo.warehouse import access, reference
from xiezuo_sample.codes import credit_code, identity_number

ROOT = Path(__file__).parents[3]
Rows = list[Sequence[Any]]

LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）"]
PROJECTS = [
    *("项目编号", "项目名称", "项目类别", "建设地点", "安排文号", "安排资金（万元）", "到位资金（万元）", "累计支出（万元）"),
    *("开工时间", "完工时间", "验收时间", "受益户数", "受益人口", "其中脱贫户", "其中脱贫人口", "建设内容"),
]
PAYMENTS = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额（万元）"]
DONATIONS = ["票据号", "捐赠方", "捐赠时间", "捐款（元）", "用途"]
CLASSES = ["期次", "班次名称", "开班日期", "参训人数"]
ROSTER = ["期次", "班次名称", "姓名", "身份证号", "户类型"]
PLACEMENTS = ["姓名", "身份证号", "乡镇", "村", "户类型", "务工省份", "务工企业", "开始时间"]
SECONDED = ["方向", "类别", "专业", "姓名", "派出单位", "开始时间", "结束时间"]
ENTERPRISES = ["企业名称", "落地时间", "吸纳就业", "其中脱贫劳动力", "填报日期"]
ASSETS = ["项目编号", "资产名称", "资产类别", "资产原值（万元）", "形成时间"]
HOUSEHOLDS = ["企业名称", "户编号", "乡镇", "家庭人口", "带动时间"]

SHOP = credit_code(Random(7))
EXPORT = ["订单编号", "统一社会信用代码", "规格", "实付金额（元）", "订单状态", "支付时间"]


def letter(wan: int = 100, number: str = "甲1号", year: int = 2022) -> list[Any]:
    return [number, f"{year}-02-01", f"{year}", wan]


def project(number: str = "P1", **given: Any) -> list[Any]:
    """Return a project of 100 万元 from 甲1号, all of it arrived, unless told otherwise."""
    usual: dict[str, Any] = dict(zip(PROJECTS, [number, f"{number}大棚", "产业培育", "会师镇", "甲1号", 100, 100], strict=False))
    whole = usual | {next(h for h in PROJECTS if h.startswith(name)): value for name, value in given.items()}
    return [whole.get(header, "") for header in PROJECTS]


def paid(wan: float, number: str = "Z-1", on: str = "2022-03-01", of: str = "P1") -> list[Any]:
    return [number, of, on, "甲建筑工程公司", wan]


def gift(number: str, yuan: int = 100, donor: str = "滨河商会", purpose: str = "助学", on: str = "2022-05-06") -> list[Any]:
    return [number, donor, on, yuan, purpose]


def learner(serial: int, number: str, household: str = "脱贫户") -> list[Any]:
    return [number, "电焊", "张三", person(serial), household]


def placed(serial: int, town: str = "会师镇", village: str = "高家庄村", province: str = "天津市") -> list[Any]:
    return ["张三", person(serial), town, village, "脱贫户", province, "晨屿电子", "2022-03-01"]


def seconded(start: str, end: str, name: str = "李四") -> list[Any]:
    return ["东部派往西部", "专技人才", "教育", name, "和平区一中", start, end]


def person(serial: int) -> str:
    return identity_number(serial, date(1990, 1, 1 + serial % 28))


@dataclass(frozen=True)
class Case:
    """What is delivered: the sheets that agree, those that do not, those that repair it (else the first again)."""

    check_id: str
    period: str
    good: dict[str, Rows]
    bad: dict[str, Rows]
    said: str
    repair: dict[str, Rows] | None = None
    status: str = "differs"
    reads_figures: bool = False

    @property
    def steps(self) -> tuple[tuple[str, dict[str, Rows], str], ...]:
        repair = self.good if self.repair is None else self.repair
        return (("2022-09", self.good, "holds"), ("2022-10", self.bad, self.status), ("2022-11", repair, "holds"))


LETTER = {"fund/下达": [LETTERS, letter()]}
CASES = [
    Case(
        "fund_project_category", "", {**LETTER, "fund/项目": [PROJECTS, project()]},
        {"fund/项目": [PROJECTS, project(项目类别="消费协作")]}, "未列入目录的类别：消费协作", reads_figures=True,
    ),
    Case(
        "fund_project_unallocated", "", {**LETTER, "fund/项目": [PROJECTS, project()]},
        {"fund/项目": [PROJECTS, project(安排文号="乙9号")]}, "没有对应下达文件的项目：P1",
    ),
    Case(
        "fund_project_twice", "", {**LETTER, "fund/项目": [PROJECTS, project("P1", 项目名称="道口村产业"), project("P2")]},
        {"fund/项目": [PROJECTS, project("P2", 项目名称="道口村 产业", 项目类别="示范村建设")]}, "P1 industry／P2 village",
    ),
    Case(
        "fund_project_dates", "", {"fund/项目": [PROJECTS, project(开工时间="2022-03-01", 完工时间="2022-06-01", 验收时间="2022-06-01")]},
        {"fund/项目": [PROJECTS, project(开工时间="2022-03-01", 完工时间="2022-06-01", 验收时间="2022-05-01")]}, "先后颠倒的项目：P1",
    ),
    Case(
        "fund_project_beneficiaries", "", {"fund/项目": [PROJECTS, project(受益户数=10, 受益人口=40, 其中脱贫户=5)]},
        {"fund/项目": [PROJECTS, project(受益户数=10, 受益人口=40, 其中脱贫户=11)]}, "受益户数、人数不合理的项目：P1",
    ),
    Case(
        "fund_letter_projects", "2022", {**LETTER, "fund/项目": [PROJECTS, project()]},
        {"fund/项目": [PROJECTS, project(安排资金=60)]}, "甲1号（文件 1000000 元，项目 600000 元）",
    ),
    Case(
        "fund_category_total", "2022", {**LETTER, "fund/项目": [PROJECTS, project()]},
        {"fund/项目": [PROJECTS, project(安排资金=60)]}, "相差 400000 元", reads_figures=True,
    ),
    Case(
        "fund_arrived_allocated", "2022", {**LETTER, "fund/项目": [PROJECTS, project()]},
        {"fund/项目": [PROJECTS, project(到位资金=101)]}, "P1（到位 1010000 元，安排 1000000 元）；全年到位资金合计超过安排资金合计",
    ),
    Case(
        "fund_paid_arrived", "2022", {**LETTER, "fund/项目": [PROJECTS, project(到位资金=60)], "fund/支付": [PAYMENTS, paid(60)]},
        {"fund/支付": [PAYMENTS, paid(60.5)]}, "P1（支付 605000 元，到位 600000 元）",
    ),
    Case(
        "fund_paid_stated", "2022", {**LETTER, "fund/项目": [PROJECTS, project(累计支出=60)], "fund/支付": [PAYMENTS, paid(60)]},
        {"fund/支付": [PAYMENTS, paid(50)]}, "P1（台账 600000 元，明细 500000 元）",
    ),
    Case(
        "fund_payment_project", "2022", {"fund/项目": [PROJECTS, project()], "fund/支付": [PAYMENTS, paid(10), paid(5, "Z-2")]},
        {"fund/支付": [PAYMENTS, paid(5, "Z-2", of="P7")]}, "Z-2（项目编号 P7）",
    ),
    Case(
        "fund_payment_below_zero", "2022", {"fund/项目": [PROJECTS, project()], "fund/支付": [PAYMENTS, paid(10), paid(-10, "Z-2", "2022-04-01")]},
        {"fund/支付": [PAYMENTS, paid(-10.5, "Z-2", "2022-04-01")]}, "P1（截至 2022-04-01 累计 -5000 元）",
    ),
    Case(
        "fund_donation_fiscal", "2022", {"fund/捐赠": [DONATIONS, gift("J-1"), gift("J-2", on="2022-06-01")]},
        {"fund/捐赠": [DONATIONS, gift("J-1", purpose="财政衔接资金配套")]}, "疑似财政资金的捐赠票据：J-1",
    ),
    Case(
        "fund_donation_receipt", "2022", {"fund/捐赠": [DONATIONS, gift("J-1"), gift("J-2", 50)]},
        {"fund/捐赠": [DONATIONS, gift("j 1", 70)]}, "J-1／j 1", repair={},
    ),
    Case(
        "fund_donation_alike", "2022", {"fund/捐赠": [DONATIONS, gift("J-1"), gift("J-2", 50)]},
        {"fund/捐赠": [DONATIONS, gift("J-2", 100)]}, "内容相同的捐赠票据：J-1／J-2", status="warns",
    ),
    Case(
        "fund_negative_list", "", {**LETTER, "fund/项目": [PROJECTS, project(建设内容="新建冷库；村级办公楼维修")]},
        {"fund/项目": [PROJECTS, project(建设内容="新建办公楼")]}, "P1（修建楼堂馆所）", status="warns",
    ),
    Case(
        "fund_spending_progress", "2022-06", {**LETTER, "fund/项目": [PROJECTS, project()], "fund/支付": [PAYMENTS, paid(95)]},
        {"fund/支付": [PAYMENTS, paid(30)]}, "已支付安排资金的 30%，提示值为 40%", status="warns",
    ),
    Case(
        "fund_industry_share", "2022", {**LETTER, "fund/项目": [PROJECTS, project()]},
        {"fund/项目": [PROJECTS, project(项目类别="就业培训")]}, "产业资金占当年下达资金的 0%，提示值为 50%", status="warns",
    ),
    Case(
        "fund_asset_money", "",
        {"fund/项目": [PROJECTS, project()], "fund/资产": [ASSETS, ["P1", "大棚", "经营性资产", 60, "2022-06"], ["P1", "水渠", "公益性资产", 40, "2022-06"]]},
        {"fund/资产": [ASSETS, ["P1", "大棚", "经营性资产", 60, "2022-06"], ["P1", "水渠", "公益性资产", 41, "2022-06"]]},
        "P1（资产 1010000 元，项目 1000000 元）",
    ),
    Case(
        "fund_project_asset", "",
        {"fund/项目": [PROJECTS, project(完工时间="2022-06-01"), project("P2")], "fund/资产": [ASSETS, ["P1", "大棚", "经营性资产", 60, "2022-06"]]},
        {"fund/项目": [PROJECTS, project("P2", 完工时间="2022-08-01")]}, "P2 P2大棚", status="warns",
        repair={"fund/资产": [ASSETS, ["P1", "大棚", "经营性资产", 60, "2022-06"], ["P2", "冷库", "经营性", 70, "2022-08"]]},
    ),
    Case(
        "labour_class_roster", "2022",
        {"labour/培训班": [CLASSES, ["第一期", "电焊", "2022-03-01", 2]], "labour/花名册": [ROSTER, learner(1, "第1期"), learner(2, "第1期")]},
        {"labour/花名册": [ROSTER, learner(1, "第1期")]}, "登记 2 人，花名册 1 人",
    ),
    Case(
        "labour_class_twice", "2022", {"labour/培训班": [CLASSES, ["1", "电焊", "2022-03-01", 2], ["2", "月嫂", "2022-04-01", 2]]},
        {"labour/培训班": [CLASSES, ["1", "电焊", "2022-03-01", 2], ["1", "月嫂", "2022-04-01", 2]]}, "月嫂 2022-04-01",
    ),
    Case(
        "labour_roster_class", "",
        {"labour/培训班": [CLASSES, ["1", "电焊", "2022-03-01", 1]], "labour/花名册": [ROSTER, learner(1, "1")]},
        {"labour/花名册": [ROSTER, learner(1, "1"), learner(2, "8")]}, "（1 人）",
        repair={"labour/培训班": [CLASSES, ["1", "电焊", "2022-03-01", 1], ["8", "月嫂", "2022-04-01", 1]]},
    ),
    Case(
        "labour_roster_repeated", "2022",
        {"labour/培训班": [CLASSES, ["1", "电焊", "2022-03-01", 1], ["2", "电焊", "2022-04-01", 1]], "labour/花名册": [ROSTER, learner(1, "1"), learner(2, "2")]},
        {"labour/花名册": [ROSTER, learner(1, "1"), learner(1, "2")]}, "（1 人）", status="warns",
    ),
    Case(
        "labour_placement_town", "2022", {"labour/甲站": [PLACEMENTS, placed(1)]},
        {"labour/甲站": [PLACEMENTS, placed(1), placed(2, town="", village="")]}, "没有填写乡镇的：甲站 1 行",
    ),
    Case(
        "labour_placement_village", "2022", {"labour/甲站": [PLACEMENTS, placed(1)]},
        {"labour/甲站": [PLACEMENTS, placed(1), placed(2, village="无此村")]}, "甲站 1 行", status="warns",
    ),
    Case(
        "work_secondment_overlap", "",
        {"work/交流": [SECONDED, seconded("2022年1月", "2022年6月"), seconded("2022年6月", "2022年12月"), seconded("2022年1月", "2022年12月", "王五")]},
        {"work/交流": [SECONDED, seconded("2022年1月", "2022年6月"), seconded("2022年5月", "2022年12月")]}, "时间与同一人其他记录重叠的行：work/交流_2022-10",
    ),
    Case(
        "sales_household_size", "", {"sales/带动": [HOUSEHOLDS, ["甲公司", "H1", "会师镇", 4, "2022-03-01"], ["乙公司", "H1", "会师镇", 4, "2022-03-01"]]},
        {"sales/带动": [HOUSEHOLDS, ["甲公司", "H1", "会师镇", 4, "2022-03-01"], ["乙公司", "H1", "会师镇", 5, "2022-03-01"]]}, "家庭人口不一致", status="warns",
    ),
]  # fmt: skip
SEPARATELY = {
    "fund_project_one_category", "sales_order_two_feeds", "labour_destination_total", "lifted_part", "work_enterprise_jobs",
    "look_ledger_falls", "look_growth", "look_sister_townships", "look_copied_month", "look_round_numbers", "look_two_jobs",
}  # fmt: skip


Answers = dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def answers(fresh: Any, neighbours: Any, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Return what the check of each case said after each of its deliveries: every case has a county of its own.

    Checks that read no figures are asked before the build, when only what was delivered since the last time tells
    which counties are looked at.
    """
    offices = neighbours(fresh(tmp_path_factory.mktemp("checks")), [f"53{1001 + n}" for n in range(len(CASES))])
    said: Answers = {case.check_id: [] for case in CASES}
    for step in range(3):
        for office, case in zip(offices, CASES, strict=True):
            month, sheets, _ = case.steps[step]
            if month == "2022-11" and sheets == {}:  # what an increment cannot take back
                office.ask("delete from core.fund_donation where county_code = %s and receipt_no = 'j 1'", office.county)
                sheets = {"fund/捐赠": [DONATIONS, gift("J-3", 300)]}
            drop(office, month, sheets)
        take(offices[0], SOURCES)
        check_without_build(offices[0])
        early = {office.county: found(office, case.check_id, case.period) for office, case in zip(offices, CASES, strict=True) if not case.reads_figures}
        pipeline.build(offices[0].settings)
        for office, case in zip(offices, CASES, strict=True):
            said[case.check_id].append(early.get(office.county) or found(office, case.check_id, case.period))
    return said


def found(office: Any, check_id: str, period: str) -> tuple[str, str]:
    """Return status and detail of one check; a readable error where it has no row."""
    rows = office.ask(
        "select status, detail from audit.reconciliation where county_code = %s and check_id = %s and period = %s",
        office.county, check_id, period,
    )  # fmt: skip
    assert rows, office.ask("select period, status, detail from audit.reconciliation where check_id = %s", check_id)
    return rows[0]


def drop(office: Any, month: str, sheets: dict[str, Rows]) -> None:
    for place, rows in sheets.items():
        office.drop(f"{place}_{month}.csv", rows)


def take(office: Any, sources: Iterable[str]) -> None:
    for source in sources:
        for batch in office.take(source):
            assert (batch["state"], batch.get("rows_quarantined")) == ("loaded", 0), batch


def deliver(office: Any, month: str, sheets: dict[str, Rows]) -> None:
    """Take the sheets in, build and check."""
    drop(office, month, sheets)
    take(office, sorted({place.split("/", maxsplit=1)[0] for place in sheets}))
    pipeline.build(office.settings)


def check_without_build(office: Any) -> None:
    with access.connect(office.settings) as connection:
        connection.execute("create temporary table drained on commit drop as select * from audit.touched_period")
        assert reconcile(connection, ROOT) > 0


def test_every_check_has_a_case() -> None:
    assert {check.check_id for check in load_checks(ROOT)} == {case.check_id for case in CASES} | SEPARATELY


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check_id)
def test_a_check_holds_finds_and_holds_again(answers: Answers, case: Case) -> None:
    for told, (*_, status) in zip(answers[case.check_id], case.steps, strict=True):
        assert told[0] == status, told
        assert (case.said in told[1]) == (status != "holds"), told


def test_two_categories_in_two_feeds_are_found_in_either_order(office: Any, tmp_path: Path) -> None:
    """Also when the older statement comes last and changes nothing else."""
    path = tmp_path / "fund.db"
    columns = "county_code, project_no, project_name, category, alloc_doc, allocated_wan, updated_at"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript((ROOT / "src/xiezuo_sample/fund/fund_ledger.sql").read_text(encoding="utf-8"))
        row = ("620422", "P1", "冷库", "示范村建设", "甲1号", 100, "2022-03-01 08:00:00")
        database.execute(f"insert into fund_project ({columns}) values (?, ?, ?, ?, ?, ?, ?)", row)
    connection = json.dumps({"conn_type": "generic", "extra": {"sqlalchemy_url": f"sqlite:///{path}"}})
    deliver(office, "2022-09", {"fund/项目": [PROJECTS, project(项目名称="冷库")]})
    assert found(office, "fund_project_one_category", "")[0] == "holds"
    type(office)(replace(office.settings, environ={**office.settings.environ, "AIRFLOW_CONN_FUND_LEDGER": connection})).take("fund")
    pipeline.build(office.settings)
    assert office.ask("select category from core.fund_project") == [("industry",)]
    assert found(office, "fund_project_one_category", "") == ("differs", "类别不一致的项目：P1（industry／village）")
    deliver(office, "2022-10", {"fund/项目": [PROJECTS, project(项目名称="冷库", 项目类别="示范村建设")]})
    assert found(office, "fund_project_one_category", "") == ("holds", "")


def test_an_order_with_two_amounts_is_found_and_counts_once(office: Any) -> None:
    """The platform's answer and the export tell one order; the platform's counts."""
    rows = [["A1", SHOP, "1kg", "100.00", "已完成", "2022-03-05 10:00:00"]]
    deliver(office, "2022-09", {"sales/832": [EXPORT, *rows]})
    assert found(office, "sales_order_two_feeds", "")[0] == "holds"
    copy = (
        "insert into core.sales_order (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash, batch_id,"
        " row_no, platform, shop_uscc, order_no, line_no, payment_yuan, status, paid_on)"
        " select county_code, reporting_unit, 'top', 1, version, version_tie, row_hash, batch_id, row_no, 'taobao', shop_uscc,"
        " order_no, line_no, %s, status, paid_on from core.sales_order where feed_rank > 1"
    )
    office.ask(copy, 90)
    office.ask("insert into audit.touched_period (county_code, month) values ('620422', '2022-03-01')")
    pipeline.build(office.settings)
    assert found(office, "sales_order_two_feeds", "") == ("differs", "两个渠道金额不一致的订单：A1")
    office.ask("update core.sales_order set payment_yuan = 100 where feed_rank = 1")
    office.ask("insert into audit.touched_period (county_code, month) values ('620422', '2022-03-01')")
    pipeline.build(office.settings)
    assert found(office, "sales_order_two_feeds", "")[0] == "holds"


@pytest.mark.parametrize(
    ("check_id", "spoil", "said"),
    [
        ("labour_destination_total", ("LAB3", "value + 1", "year", ""), "全年全县（2 与 3）"),
        ("labour_destination_total", ("LAB1", "value + 1", "year", "town"), "全年会师镇（3 与 2）"),
        ("lifted_part", ("LAB1.lifted", "value + 5", "year", ""), "大于 2"),
    ],
)
def test_figures_that_contradict_each_other_are_found(office: Any, check_id: str, spoil: tuple[str, ...], said: str) -> None:
    """The mart is spoilt by hand, for no ledger can do it; a build that counts anew repairs it."""
    deliver(office, "2022-09", {"labour/甲站": [PLACEMENTS, placed(1), placed(2, province="甘肃省")]})
    for period in ("2022-03", "2022"):
        assert found(office, check_id, period)[0] == "holds"
    indicator_id, value, kind, breakdown = spoil
    where = "breakdown <> ''" if breakdown else "breakdown = ''"
    office.ask(f"update mart.indicator_value set value = {value} where indicator_id = %s and period_kind = %s and {where}", indicator_id, kind)  # fmt: skip
    office.ask("delete from audit.check_definition")
    pipeline.build(office.settings)
    status, detail = found(office, check_id, "2022")
    assert status == "differs"
    assert said in detail
    assert found(office, check_id, "2022-03")[0] == "holds"
    office.ask("insert into audit.touched_period (county_code, month) values ('620422', '2022-03-01')")
    pipeline.build(office.settings)
    assert found(office, check_id, "2022") == ("holds", "")


def test_a_statement_with_more_lifted_workers_than_workers_is_found(office: Any) -> None:
    """The row rule holds such a row back; one that is there all the same is found."""
    deliver(office, "2022-09", {"work/企业": [ENTERPRISES, ["甲公司", "2022-03-01", 20, 5, "2022-06-30"]]})
    assert found(office, "work_enterprise_jobs", "")[0] == "holds"
    for jobs, status in ((3, "differs"), (20, "holds")):
        office.ask("update core.work_enterprise set jobs = %s", jobs)
        office.ask("delete from audit.check_definition")
        pipeline.build(office.settings)
        assert found(office, "work_enterprise_jobs", "")[0] == status


def test_a_period_that_is_gone_has_no_finding_left(office: Any) -> None:
    """A letter moved to another year takes its finding with it."""
    deliver(office, "2022-09", {"fund/下达": [LETTERS, letter(year=2021)]})
    assert found(office, "fund_letter_projects", "2021")[0] == "differs"
    deliver(office, "2022-10", {"fund/下达": [LETTERS, letter()]})
    assert [p for (p,) in office.ask("select period from audit.reconciliation where check_id = 'fund_letter_projects'")] == ["2022"]


def test_a_delivery_that_moves_no_figure_is_checked_all_the_same(office: Any) -> None:
    """A project without a letter touches no month."""
    deliver(office, "2022-09", {**LETTER, "fund/项目": [PROJECTS, project()]})
    deliver(office, "2022-09-30", {"fund/项目": [PROJECTS, project("P2", 安排文号="乙9号")]})
    assert pipeline.pending(office.settings) == 0
    assert found(office, "fund_project_unallocated", "")[0] == "differs"


def test_checking_again_writes_nothing(office: Any) -> None:
    deliver(office, "2022-09", {**LETTER, "fund/项目": [PROJECTS, project(安排资金=60)]})
    rows = "select xmin::text, ctid::text, check_id, period from audit.reconciliation order by 3, 4"
    before = office.ask(rows)
    assert before
    office.ask("delete from audit.check_definition")
    pipeline.build(office.settings)
    assert office.ask(rows) == before


def test_only_touched_counties_are_read(office: Any) -> None:
    """Another county's finding stays as it was; its rows are not read."""
    finding = "insert into audit.reconciliation values ('620423', 'fund_letter_projects', '2020', 1, 2, -1, 'differs', 'x')"
    deliver(office, "2022-09", LETTER)
    office.ask(finding)
    deliver(office, "2022-10", {"fund/下达": [LETTERS, letter(90)]})
    assert office.ask("select status from audit.reconciliation where county_code = '620423'") == [("differs",)]


def test_the_catalogue_says_what_every_check_means(office: Any) -> None:
    deliver(office, "2022-09", LETTER)
    rows = office.ask("select check_id, severity, check_zh, left_en from audit.check_definition order by 1")
    assert [row[0] for row in rows] == [check.check_id for check in load_checks(ROOT)]
    assert all(zh and en for _, _, zh, en in rows)
    assert {severity for _, severity, _, _ in rows} == {"differs", "warns"}


def test_a_finding_names_twenty_and_counts_the_rest(office: Any) -> None:
    many = [letter(1, f"乙{n:02d}号") for n in range(25)]
    deliver(office, "2022-09", {"fund/下达": [LETTERS, *many]})
    detail = found(office, "fund_letter_projects", "2022")[1]
    assert detail.count("号（文件") == 20
    assert detail.endswith(" 等 25 项")


def test_thresholds_are_compared_as_they_held_then(office: Any, tmp_path: Path) -> None:
    """A value that changes in autumn leaves what June was compared with, and a county's own goes first."""
    root = tmp_path / "root"
    shutil.copytree(ROOT / "include", root / "include")
    path = root / "include/thresholds.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    [general] = document["spending_progress"]
    own = {**general, "applies_to": {"county_code": "620422"}, "valid_from": date(2022, 7, 1), "expected_pct_by_month": {6: 5, 9: 20}}
    document["spending_progress"].append(own)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    sheets = {**LETTER, "fund/项目": [PROJECTS, project()], "fund/支付": [PAYMENTS, paid(30)]}
    deliver(office, "2022-12", sheets)
    before = {period: found(office, "fund_spending_progress", period)[0] for period in ("2022-06", "2022-09", "2022-12")}
    assert before == dict.fromkeys(before, "warns")
    with access.connect(office.settings, "owner") as connection:
        reference.write(connection, replace(office.settings, root=root))
    pipeline.build(office.settings)
    rows = office.ask("select period, status from audit.reconciliation where check_id = 'fund_spending_progress' order by 1")
    assert rows == [("2022-06", "warns"), ("2022-09", "holds")]


def test_writing_the_same_values_again_touches_nothing(office: Any) -> None:
    rows = "select 't', ctid::text, xmin::text from core.threshold union all select 'n', ctid::text, xmin::text from core.negative_term order by 1, 2"
    before = office.ask(rows)
    assert len(before) > 5
    with access.connect(office.settings, "owner") as connection:
        reference.write(connection, office.settings)
        reference.write(connection, office.settings)
    assert office.ask(rows) == before
    assert office.ask("select valid_from::text, valid_to, expected_pct from core.threshold where kind = 'industry_share'") == [
        ("2021-01-01", None, 50)
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("-- zh: [\nselect 1\n", "odd_check.sql"),
        ("-- zh: 应当相等\nselect 1\n", "left_zh"),
        ("select 1\n", "header"),
        ("-- severity: stops\nselect 1\n", "severity"),
    ],
)
def test_a_check_without_a_proper_header_is_refused(tmp_path: Path, text: str, place: str) -> None:
    folder = tmp_path / "include/sql/checks"
    folder.mkdir(parents=True)
    (folder / "odd_check.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_checks(tmp_path)
    assert "odd_check.sql" in refused.value.message
    assert place in refused.value.message
