"""Money: every certain spelling gives the same 元, no uncertain one gives any."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import Unreadable
from xiezuo.values import Money, header_unit, money

YUAN, WAN = Decimal(1), Decimal(10000)


@pytest.mark.parametrize(
    ("raw", "unit", "yuan"),
    [
        ("40万", YUAN, "400000.00"),
        ("40 万元", WAN, "400000.00"),
        ("40W", YUAN, "400000.00"),
        ("1.18亿元", YUAN, "118000000.00"),
        ("1亿2000万元", YUAN, "120000000.00"),
        ("3百万元", YUAN, "3000000.00"),
        ("3千元", WAN, "3000.00"),
        ("12元5角", YUAN, "12.50"),
        ("￥5,600,000.00", WAN, "5600000.00"),
        ("¥40万", YUAN, "400000.00"),
        ("RMB 5600", WAN, "5600.00"),
        ("人民币5600元整", WAN, "5600.00"),
        ("5600 元", WAN, "5600.00"),
        ("５，６００．５", YUAN, "5600.50"),
        ("1，234", YUAN, "1234.00"),
        ("1,234", WAN, "12340000.00"),
        ("伍佰万元整", YUAN, "5000000.00"),
        ("壹仟贰佰叁拾肆元伍角陆分", WAN, "1234.56"),
        ("四十万", YUAN, "400000.00"),
        ("五百", WAN, "5000000.00"),
        ("(1,234.00)", YUAN, "-1234.00"),
        ("（1,234.00）", WAN, "-12340000.00"),
        ("-40万元", YUAN, "-400000.00"),
        ("−5.5", YUAN, "-5.50"),
        ("¥-5.5", YUAN, "-5.50"),
        ("97.25000000000001", YUAN, "97.25"),
        (97.25000000000001, YUAN, "97.25"),
        (0.1 + 0.2, YUAN, "0.30"),
        (2.675, YUAN, "2.68"),
        ("0.005", YUAN, "0.01"),
        (-0.005, YUAN, "-0.01"),
        (12, WAN, "120000.00"),
        (1.23456789, WAN, "12345.68"),
        (Decimal("3.1415"), WAN, "31415.00"),
        ("0", YUAN, "0.00"),
        ("-0", YUAN, "0.00"),
        ("零", YUAN, "0.00"),
    ],
)
def test_certain_amounts(raw: str | float, unit: Decimal, yuan: str) -> None:
    found = money(raw, unit)
    assert found == Money(Decimal(yuan), at_least=False)
    assert str(found.yuan) == yuan


@pytest.mark.parametrize(
    "raw",
    [
        "500余万元",
        "500多万",
        "500万元以上",
        "500万余元",
        "超500万元",
        "逾500万",
        "至少500万元",
        "不少于500万元",
        "500万+",
        "五百余万元",
        "5,000,000元以上",
        "￥500万以上",
    ],
)
def test_more_than_is_a_lower_bound_and_the_typed_text_is_kept(raw: str) -> None:
    found = money(raw)
    assert found == Money(Decimal("5000000.00"), at_least=True)
    assert found.typed == raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        *(
            (raw, "MONEY_APPROXIMATE")
            for raw in (
                "约500万",
                "500万左右",
                "近500万元",
                "不足500万",
                "不超过500万元",
                "500万以内",
                "100-200万",
                "100至200万元",
                "几十万",
                "数百万元",
                "~500",
                "十来万元",
                "大约500余万元",
            )
        ),
        *(
            (raw, "MONEY_FORMAT")
            for raw in (
                "1.234.567",
                "1e6",
                "1,23",
                "5 600",
                "3万5",
                "1万20000元",
                "万元",
                "元",
                "一千二",
                "1.5亿2000万元",
                "62%",
                "-(5)",
                "--5",
                "五百万元左一",
                "500万多余元",
                "abc",
                "5元元",
                "百元",
            )
        ),
        *((raw, "MONEY_CURRENCY") for raw in ("$500", "500美元", "HKD 30", "30万港币")),
        ("9999999999999999", "MONEY_RANGE"),
        ("99999999亿元", "MONEY_RANGE"),
        (1e22, "MONEY_RANGE"),
        (float("nan"), "NUMBER_NOT_FINITE"),
        (float("-inf"), "NUMBER_NOT_FINITE"),
        (True, "MONEY_FORMAT"),
        (date(2022, 1, 1), "MONEY_FORMAT"),
    ],
)
def test_uncertain_amounts_are_refused(raw: str | float | date, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        money(raw)
    assert refused.value.code == code


@pytest.mark.parametrize("raw", ["—", "-", "/", "无", "", "　", None, "——", "暂无"])
def test_a_stroke_is_no_amount_rather_than_zero(raw: str | None) -> None:
    assert money(raw, WAN) is None


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_an_amount_is_the_same_in_every_unit(yuan: Decimal) -> None:
    wan, yi = yuan / 10**4, yuan / 10**8
    spellings = [
        f"{yuan}",
        f"{yuan}元",
        f"{yuan:,}",
        f"¥{yuan:,}",
        f"{wan:f}万",
        f"{wan:f}万元",
        f"{yi:f}亿元",
        f"{yuan} 元",
        f"人民币{yuan}元",
    ]
    if yuan < 0:
        spellings += [f"({-yuan:,})", f"（¥{-yuan}）", f"负{-yuan}元"]
    for spelling in spellings:
        assert money(spelling) == Money(yuan), spelling
    assert money(format(wan, "f"), WAN) == money(wan, WAN) == Money(yuan)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("销售额（万元）", 10000),
        ("单位：万元", 10000),
        ("单位：万元  (row 2)", 10000),
        ("填报单位：会宁县  金额单位：万元", 10000),
        ("单位：人、万元", 10000),
        ("（单位：百万元）", 1_000_000),
        ("金额[亿元]", 10**8),
        ("销售额万元", 10000),
        ("投资额百万元", 1_000_000),
        ("月工资（元）", 1),
        ("月工资（元/月）", 1),
        ("金额/元", 1),
        ("资金（人民币万元）", 10000),
        ("补助（千元）", 1000),
        ("销售额", None),
        ("单元", None),
        ("金额（万美元）", None),
        ("单位：万元、元", None),
        ("单位：会宁县乡村振兴局", None),
        ("", None),
    ],
)
def test_the_unit_in_a_header(header: str, unit: int | None) -> None:
    assert header_unit(header) == unit
