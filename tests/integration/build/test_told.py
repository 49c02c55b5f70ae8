"""What rows say bounds what they may belong to and nothing else: buyers' provinces, levels of letters, parks."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.build.trace import trace
from xiezuo.cli import main
from xiezuo_sample.codes import credit_code

LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）", "资金级次"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "二级类别", "建设地点", "安排文号", "安排资金（万元）"]
SALES = ["销售企业", "统一社会信用代码", "产品名称", "采购单位", "采购地区", "销售渠道", "销售额（元）", "销售日期", "订单编号"]
LETTER = "甲财农〔2022〕7号"
NOT_REPORTED = (None, "not_reported")
FIRM = credit_code(Random(1))


def built(office: Any, place: str, rows: list[Any]) -> None:
    office.deliver(f"{place}.csv", rows)
    pipeline.build(office.settings)


def sold(*orders: tuple[str, str, int]) -> list[Any]:
    """Return a ledger of orders: where the buyer is, day, yuan."""
    return [
        ["消费帮扶销售台账"],
        SALES,
        *(["甲社", FIRM, "小米", "某单位", where, "商超", str(yuan), day, f"D{n}"] for n, (where, day, yuan) in enumerate(orders)),
    ]


def value(office: Any, indicator_id: str, period: str = "2022", kind: str = "year") -> tuple[Any, ...]:
    rows = office.ask(
        "select value, qualifier from mart.indicator_value where indicator_id = %s and period = %s and period_kind = %s"
        " and breakdown = ''",
        indicator_id, period, kind,
    )  # fmt: skip
    return rows[0] if rows else ()


def members(office: Any) -> dict[str, Any]:
    return dict(
        office.ask(
            "select substr(indicator_id, 11), value from mart.indicator_value where starts_with(indicator_id, 'CON1.from.')"
            " and period = '2022' and period_kind = 'year' and breakdown = ''"
        )
    )


def test_orders_without_a_buyer_make_every_province_a_lower_bound(office: Any) -> None:
    """In their own months and whatever holds them; a province that has nothing there may have had it."""
    orders = [("天津市", "2022-02-05", 100), ("广东省", "2022-03-05", 50), ("", "2022-03-06", 7)]
    built(office, "sales/销售台账2022年12月", sold(*orders))
    assert value(office, "CON1.paired_buyers") == (100, "at_least")
    assert value(office, "CON1.from.天津市") == (100, "at_least")
    assert value(office, "CON1.from.广东省") == (50, "at_least")
    assert value(office, "CON1.from.天津市", "2022-02", "month") == (100, "exact")
    assert value(office, "CON1.from.广东省", "2022-02", "month") == (0, "exact")
    assert value(office, "CON1.from.天津市", "2022-02", "year_to_date") == (100, "exact")
    assert value(office, "CON1.from.天津市", "2022-03", "month") == NOT_REPORTED
    assert value(office, "CON1.from.广东省", "2022-03", "month") == (50, "at_least")
    assert value(office, "CON1.from.天津市", "2022-04", "month") == (0, "exact")
    assert value(office, "CON1.from.广东省", "2022-02", "year_to_date") == (0, "exact")
    assert set(members(office)) == {"天津市", "广东省"}
    assert office.ask("select indicator_id from mart.indicator where indicator_id in ('CON1.from', 'CON1.from.')") == []
    years = trace(office.settings, "620422", "2022", "CON1.from.天津市", since=2021)
    assert (years["value"], years["qualifier"], years["total_rows"]) == ("100.00", "at_least", 1)
    built(office, "sales/销售台账2022年12月", sold(*orders[:2], ("天津市和平区", "2022-03-06", 7)))
    assert value(office, "CON1.from.天津市") == (107, "exact")
    assert value(office, "CON1.from.广东省", "2022-03", "month") == (50, "exact")


def test_a_province_is_where_the_text_says_one(office: Any) -> None:
    """河北区 is a district of Tianjin, 海南区 one of Wuhai; 和平区 is the partner here, whoever else has one."""
    places = {
        "天津市": ["天津", "天津市和平区", "和平区", "和平区南营门街道", "天津河北区"],
        "广东省": ["广东", "广东广州", "广东省 深圳市", "广东/深圳"],
        "河北省": ["河北石家庄", "河北省"],
        "内蒙古自治区": ["内蒙", "内蒙古呼和浩特市", "内蒙古自治区"],
        "广西壮族自治区": ["广西自治区南宁市", "广西壮族自治区"],
        "甘肃省": ["甘肃会宁县", "甘肃省白银市"],
        "黑龙江省": ["黑龙江哈尔滨"],
        "上海市": ["上海浦东新区"],
    }
    nowhere = ["河北区", "海南区", "广东会馆社区", "北京路步行街", "上海市场", "河南蒙古族自治县", "海南州", "云南白药"]
    orders = [(place, "2022-03-05", 10) for found in places.values() for place in found]
    built(office, "sales/销售台账2022年12月", sold(*orders, *((place, "2022-03-06", 1) for place in nowhere)))
    assert members(office) == {province: 10 * len(found) for province, found in places.items()}
    assert value(office, "CON1.paired_buyers") == (50, "at_least")
    assert value(office, "CON1")[0] == 10 * len(orders) + len(nowhere)


def test_an_approximate_letter_is_of_its_own_level_alone(office: Any) -> None:
    rows = [[LETTER, "2022-03-10", 2022, "5000", "省级"], ["甲财农〔2022〕8号", "2022-03-12", 2022, "1200余", "区县级"]]
    built(office, "fund/下达_2022-12", [LETTERS, *rows])
    assert value(office, "FUN1") == (62_000_000, "at_least")
    assert value(office, "FUN1.province_level") == (50_000_000, "exact")
    assert value(office, "FUN1.county_level") == (12_000_000, "at_least")
    assert value(office, "FUN1.city_level") == value(office, "FUN1.pairing") == (0, "exact")


@pytest.mark.parametrize(
    ("secondary", "said"),
    [(("", ""), NOT_REPORTED), (("产业培育", ""), (0, "exact")), (("共建产业园", ""), (1_000_000, "exact"))],
)
def test_parks_have_no_zero_where_no_project_has_a_secondary_category(office: Any, secondary: Any, said: Any) -> None:
    built(office, "fund/下达_2022-12", [LETTERS, [LETTER, "2022-03-10", 2022, 200, "省级"]])
    rows = [[f"P{n}", f"第{n}项目", "产业培育", park, "会师镇", LETTER, 100] for n, park in enumerate(secondary)]
    built(office, "fund/项目_2022-12", [PROJECTS, *rows])
    assert value(office, "IND1.fund") == said


def test_a_month_of_a_figure_without_months_is_the_year_to_date(
    office: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built(office, "fund/下达_2022-12", [LETTERS, [LETTER, "2022-03-10", 2022, 200, "省级"]])
    built(office, "fund/项目_2022-12", [PROJECTS, ["P1", "甲项目", "产业培育", "", "会师镇", LETTER, 200]])
    paid = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额（元）"]
    built(office, "fund/支付_2022-12", [paid, ["V1", "P1", "2022-05-01", "甲公司", "1000000"]])
    for indicator_id, text in (("FUN3", "1000000.00"), ("FUN3.rate", "50")):
        found = trace(office.settings, "620422", "2022-11", indicator_id)
        assert (found["period_kind"], found["value"]) == ("year_to_date", text), found
    assert trace(office.settings, "620422", "2022-11", "FUN3")["total_rows"] == 1
    assert trace(office.settings, "620422", "2022-11", "FUN1")["period_kind"] == "month"
    assert trace(office.settings, "620422", "2022-11", "WSH2")["period_kind"] == "year_to_date"
    assert trace(office.settings, "620422", "2022-11", "FUN3", kind="month")["value"] is None
    for name, text in office.settings.environ.items():
        monkeypatch.setenv(name, text)
    assert main(["trace", "FUN3", "2022-11"]) == 0
    assert capsys.readouterr().out.startswith("FUN3 2022-11（本年累计）: 1000000.00 元 (1 rows)")
    assert main(["trace", "FUN3", "2022-11", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["period_kind"] == "year_to_date"
