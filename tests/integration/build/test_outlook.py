"""Targets with foresight: where each stands at a month's end, what is forecast and on what ground, and whose move it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.publish.release.annexes import load_annexes, read_annexes
from xiezuo.values.periods import Period
from xiezuo.warehouse import access
from xiezuo_sample.codes import identity_number

ROOT = Path(__file__).parents[3]
PLACEMENTS = ["姓名", "身份证号", "乡镇", "户类型", "务工省份", "务工企业", "开始时间"]
MEETINGS = ["日期", "会议类型", "议题"]
LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "建设地点", "安排文号", "安排资金（万元）", "到位资金（万元）", "受益户数"]
GIFTS = ["票据号", "捐赠方", "捐赠时间", "捐款（元）", "捐物折价（元）", "物资名称", "折价依据"]
TARGETS = ["年度", "指标编号", "指标名称", "目标值", "单位"]


def placed(serial: int, start: str) -> list[Any]:
    number = identity_number(serial, date(1990, 1, 1 + serial % 28))
    return ["张三", number, "会师镇", "脱贫户", "天津市", "晨屿电子", start]


def year_of_work(year: int, by_month: list[int]) -> list[list[Any]]:
    """Return people placed on the fifth of each month; nobody twice."""
    rows = [(year, month, n) for month, count in enumerate(by_month, 1) for n in range(count)]
    return [placed(1000 * (year - 2020) + serial, f"{y}-{m:02d}-05") for serial, (y, m, _) in enumerate(rows)]


@pytest.fixture(scope="module")
def office(fresh: Any, neighbours: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return an office in July 2022: placements at the pace of the year before, few meetings, letters short of the target."""
    settings = fresh(tmp_path_factory.mktemp("outlook"))
    [found] = neighbours(settings, ["531001"])
    for place, rows in {
        "labour/甲站_2021-12": [PLACEMENTS, *year_of_work(2021, [10] * 4 + [0, 0] + [5] * 4 + [10, 10])],
        "labour/甲站_2022-06": [PLACEMENTS, *year_of_work(2022, [10] * 6)],
        "work/会议台账_2022-06": [
            MEETINGS, *([f"2022-0{month}-06", "政府常务会", f"研究第{month}次协作工作"] for month in (1, 3, 5)),
            ["2022-06-30", "其他", "半年总结"],
        ],
        "fund/下达文件_2022-06": [LETTERS, ["甲1号", "2022-02-01", "2022", 500], ["甲2号", "2022-06-01", "2022", 400]],
        "fund/项目台账_2022-06": [
            PROJECTS, ["P1", "甲大棚", "产业培育", "会师镇", "甲1号", 300, "100余", 12], ["P2", "乙大棚", "产业培育", "会师镇", "甲1号", 200, 200, ""],
            ["P3", "甲班", "就业培训", "会师镇", "甲2号", "40余", 40, 5], ["P4", "乙班", "就业培训", "会师镇", "甲2号", 60, "", 5],
        ],
        "fund/捐赠台账_2022-06": [
            GIFTS, ["J1", "甲商会", "2022-03-01", "30000余", "", "", ""], ["J2", "乙商会", "2022-04-01", 20000, 5000, "书籍", "发票"],
        ],
        "work/任务指标_2022-02": [
            TARGETS, ["2022", "LAB1", "", 110, "人"], ["2022", "ORG1", "", 9, "次"], ["2022", "FUN1", "", 1000, "万元"],
            ["2022", "CON1", "", 5, "万元"], ["2022", "LAB1.lifted", "", 60, "人"],
        ],
    }.items():  # fmt: skip
        found.drop(f"{place}.csv", rows)
    for source in ("labour", "work", "fund"):
        for batch in found.take(source):
            assert (batch["state"], batch["rows_quarantined"]) == ("loaded", 0), batch
    pipeline.build(settings)
    return found


def told(office: Any, period: str) -> dict[str, tuple[str, str, str | None]]:
    """Return by indicator what is said of the month: judgement, basis, forecast."""
    rows = office.ask(
        "select indicator_id, outlook, basis, trim_scale(round(forecast, 1))::text from mart.outlook"
        " where county_code = %s and period = %s", office.county, period,
    )  # fmt: skip
    return {row[0]: tuple(row[1:]) for row in rows}


def test_a_forecast_says_what_it_rests_on(office: Any) -> None:
    said = told(office, "2022-06")
    assert said["LAB1"] == ("green", "last_year", "120")  # 60 now; 40 by June and 80 by December a year before
    assert said["LAB1.lifted"] == ("met", "last_year", "120")
    assert said["ORG1"] == ("red", "even", "8.1")  # 4 meetings in 181 of 365 days
    assert said["FUN1"] == ("amber", "standing", "9000000")
    assert said["CON1"] == ("unknown", "unreported", None)


def test_a_first_quarter_without_a_last_year_is_too_early_to_tell(office: Any) -> None:
    assert told(office, "2022-02")["ORG1"][:2] == ("unknown", "early")


def test_whose_move_it_is(office: Any) -> None:
    rows = office.ask(
        "select indicator_id, move_zh, trim_scale(a_month)::text from mart.outlook where county_code = %s and period = '2022-06'",
        office.county,
    )
    moves = {row[0]: tuple(row[1:]) for row in rows}
    assert moves["ORG1"] == ("协作办公室加快推进", "0.8333")
    assert moves["FUN1"] == ("资金项目主管部门加快推进", "166666.6667")
    assert moves["CON1"] == ("报送单位先补报台账", None)
    assert moves["LAB1.lifted"] == ("", None)


def test_a_target_that_will_be_missed_is_warned_of_once_a_year(office: Any) -> None:
    [(status, detail)] = office.ask(
        "select status, detail from audit.reconciliation where check_id = 'target_outlook' and county_code = %s", office.county
    )
    assert status == "warns"
    assert "（任务9次，预计8次，协作办公室加快推进）" in detail
    assert "财政" not in detail  # amber is not yet red


def test_the_months_documents_have_the_table(office: Any) -> None:
    assert "targets" in {annex.key for annex in load_annexes(office.settings.root)}
    with access.connect(office.settings) as connection:
        tables = read_annexes(connection, office.settings.root, office.county, Period.read("2022-06"), [])
    rows = {row.key: row.cells for table in tables if table.key == "targets" for row in table.rows}
    assert rows["FUN1"][1:8] == ("万元", "1000", "900", "90", "49.59", "900", "黄灯")
    assert (rows["CON1"][3], rows["CON1"][7:]) == (None, ("无法判断", "未报送", "报送单位先补报台账"))


def test_a_lower_bound_stays_one_in_every_annex(office: Any) -> None:
    """In its row, in the sum over it, in a sum over a row that says nothing; and a share of it is not told."""
    with access.connect(office.settings) as connection:
        read = [read_annexes(connection, office.settings.root, office.county, Period.read(one), []) for one in ("2022-06", "2022")]
    tables = {table.key: table for tables in read for table in tables}
    cells = {key: {row.key: row.cells for row in table.rows} for key, table in tables.items()}
    assert [cells["projects"][number][4:6] for number in ("P1", "P2", "P3", "P4")] == [
        ("3000000", "1000000+"), ("2000000", "2000000"), ("400000+", "400000"), ("600000", None),
    ]  # fmt: skip
    assert tables["projects"].total is not None
    assert tables["projects"].total[4:6] == ("6000000+", "3400000+")
    assert tables["projects"].total[7] == "22+", "one project does not say how many households"
    assert [cells["fund_progress"][of][2:4] for of in ("industry", "employment")] == [("5000000", "3000000+"), ("1000000+", "400000+")]
    assert [cells["fund_progress"][of][5] for of in ("industry", "employment")] == [None, None], "without a ledger of payments"
    assert [cells["donations"][number][3:5] for number in ("J1", "J2")] == [("30000+", "0"), ("20000", "5000")]
    assert tables["donations"].total is not None
    assert tables["donations"].total[3:5] == ("50000+", "5000")


def test_every_sum_of_money_in_an_annex_says_whether_it_is_a_bound() -> None:
    exact = {"paid_yuan", "net_yuan"}  # payments and orders are never rounded
    for annex in load_annexes(ROOT):
        for key, column in annex.header.columns.items():
            assert bool(column.at_least) == (column.kind == "money" and key not in exact), f"{annex.key}.{key}"
