"""What an independent count of invented county-years found wrong once: each case as small as it can be."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo_sample.codes import credit_code, identity_number

LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"]
VILLAGES = ["乡镇", "村", "确定时间", "退出时间"]
DELIVERIES: dict[str, list[Sequence[Any]]] = {
    "work/示范村2022-06.csv": [VILLAGES, ["会师镇", "南十里铺村", "2022-03-01", ""]],
    "work/示范村2022-12.csv": [
        VILLAGES,
        ["会师镇", "南十里铺村", "2022-03-01", ""],
        ["丁家沟镇", "线川村", "2022-08-01", ""],
    ],
    "fund/下达2022-12.csv": [LETTERS, ["甘财农〔2022〕77号", "2022-12-15", 2023, 400]],
}


def year_values(office: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = office.ask(
        "select period_kind, period, indicator_id, breakdown, value::int, qualifier, as_of::text from mart.indicator_value"
        " where indicator_id in ('VIL1', 'FUN1') order by 1, 2, 3, 4"
    )
    return found


@pytest.fixture(scope="module")
def ended_in() -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(
    "order",
    [pytest.param(o, marks=pytest.mark.sweep if n % 2 else []) for n, o in enumerate(itertools.permutations(DELIVERIES))],
    ids=lambda o: "-".join(n[:7] for n in o),
)
def test_a_letter_of_next_year_makes_no_year_before_it_begins(
    office: Any, ended_in: dict[str, Any], order: Sequence[str]
) -> None:
    """Whenever it comes, this year's figures are the same, and next year has none yet; then it has the right ones."""
    for place in order:
        office.deliver(place, DELIVERIES[place])
        pipeline.build(office.settings)
    found = year_values(office)
    assert {row[1][:4] for row in found} == {"2022"}
    # That there is no other letter of 2023 no delivery has said yet.
    later = replace(office.settings, environ={**office.settings.environ, "XIEZUO_NOW": "2023-02-10T08:00:00+08:00"})
    pipeline.build(later)
    after = year_values(office)
    assert [row for row in after if row[1].startswith("2022")] == found
    of_2023 = {row[2:6] for row in after if row[:2] == ("year", "2023")}
    assert of_2023 == {("FUN1", "", 4_000_000, "at_least"), ("VIL1", "", 2, "exact"),
                       ("VIL1", "620422100", 1, "exact"), ("VIL1", "620422116", 1, "exact")}  # fmt: skip
    assert after == ended_in.setdefault("values", after)


def test_subtotals_are_no_rows_however_many_figures_they_have(office: Any) -> None:
    header = ["销售企业", "统一社会信用代码", "订单编号", "销售日期", "销售金额（万元）", "带动户数"]
    shop = credit_code(Random(5))
    rows = [
        ["甲公司", shop, "A1", "2022-03-01", 1.5, 3], ["甲公司", shop, "A2", "2022-03-02", 2.5, 4],
        ["小计", "", "", "", 4, 7], ["合计", "", "", "", 4, 7],
    ]  # fmt: skip
    [batch] = office.deliver("sales/台账2022-03.csv", [["消费帮扶销售台账"], header, *rows])
    assert (batch["state"], batch["rows_loaded"], batch["rows_quarantined"]) == ("loaded", 2, 0)
    assert office.ask("select yuan_read::int from audit.batch") == [(40_000,)]


@pytest.mark.parametrize("typed", ["1.23E+18", "1.234568e+18"])
def test_an_order_number_that_lost_its_digits_is_held_back(office: Any, typed: str) -> None:
    header = ["订单编号", "店铺名称", "统一社会信用代码", "规格", "实付金额（元）", "订单状态", "支付时间"]
    shop = credit_code(Random(5))
    rows = [[number, "甲", shop, "1kg", "99", "已完成", "2022-03-01 08:00:00"] for number in (typed, "1234567890123456789")]
    [batch] = office.deliver("sales/832导出.csv", [header, *rows])
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (1, 1)
    assert office.ask("select rule_id from audit.quarantine") == [("DIGITS_LOST",)]


SPELT = ["甘财农[2022]5号", "甘财农（2022）05号", "甘财农【2022】 5 号", "甘财农2022年5号", "甘财农﹝2022﹞第5号"]


def test_a_letter_is_known_in_every_spelling_of_its_number(settings: Settings, neighbours: Any) -> None:
    """Each in a county of its own: the project is one of that letter's, which only its number says."""
    offices = neighbours(settings, [f"53{1001 + n}" for n in range(len(SPELT))])
    for office, typed in zip(offices, SPELT, strict=True):
        office.drop("fund/下达2022-03.csv", [LETTERS, ["甘财农〔2022〕5号", "2022-03-01", 2022, 40]])
        office.drop("fund/项目2022-04.csv", [PROJECTS, ["P1", "冷库", "产业培育", typed, 40]])
    offices[0].take("fund")
    pipeline.build(offices[0].settings)
    found = offices[0].ask(
        "select county_code, value::int from mart.indicator_value where indicator_id = 'FUN2' and period_kind = 'year'"
        " and breakdown = '' order by 1"
    )
    assert found == [(office.county, 1) for office in offices]


def test_a_file_that_was_only_renamed_is_the_same_unit(office: Any) -> None:
    header = ["姓名", "身份证号", "户类型", "务工所在省", "务工企业", "开始时间"]
    def row(serial: int) -> list[str]:
        number = identity_number(serial, date(1990, 1, serial))
        return ["张三", number, "脱贫户", "天津市", "晨屿电子", "2022-03-01"]

    office.deliver("labour/劳务台账2022年10月.csv", [header, row(1), row(2)])
    office.deliver("labour/劳务台账2022年11月(1).csv", [header, row(1), row(3)])
    office.deliver("labour/劳务台账2022年12月25日修改稿.csv", [header, row(1)])
    assert office.ask("select count(*), count(distinct reporting_unit) from core.labour_placement") == [(1, 1)]


def test_a_donation_of_at_least_so_much_counts_as_at_least(office: Any) -> None:
    header = ["票据号", "捐赠方", "捐赠时间", "捐款"]
    office.deliver("fund/捐赠2022-12.csv", [header, ["J1", "甲商会", "2022-05-01", "30万余元"], ["J2", "乙商会", "2022-05-02", "5万元"]])
    pipeline.build(office.settings)
    found = office.ask(
        "select value::int, qualifier from mart.indicator_value where indicator_id = 'SOC1' and period_kind = 'year'"
    )
    assert found == [(350_000, "at_least")]


@pytest.mark.parametrize(("total", "warned"), [("11", False), ("99", True), ("", False)])
def test_a_total_of_posts_that_is_off_is_worth_a_word(office: Any, total: str, warned: bool) -> None:
    header = ["招聘会名称", "举办时间", "企业名称", "岗位名称", "招聘人数"]
    rows = [["春风行动", "2022-03-01", "甲公司", "缝纫工", "5"], ["春风行动", "2022-03-01", "乙公司", "装配工", "6"]]
    [batch] = office.deliver("labour/招聘会2022-03.csv", [header, *rows, ["合计", "", "", "", total]])
    assert batch["state"] == "loaded"
    [(words,)] = office.ask("select warnings_zh from audit.batch")
    assert any("合计行写的是 99，各行相加是 11" in word for word in words) == warned
