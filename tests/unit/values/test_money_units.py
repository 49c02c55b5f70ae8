"""What a note or a header says of the unit of its amounts; and what only looks like a unit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.values import header_unit, is_measure, is_unit_note, units_said

UNITS = {
    "元": 1, "圆": 1, "百元": 100, "千元": 1000, "仟元": 1000, "万元": 10**4, "萬元": 10**4, "万圆": 10**4, "w元": 10**4,
    "十万元": 10**5, "百万元": 10**6, "佰万元": 10**6, "千万元": 10**7, "亿元": 10**8, "億元": 10**8,
}  # fmt: skip
LABELS = (
    "", "单位", "单 位", "金额单位", "货币单位", "计量单位", "单位为", "以上金额单位均为", "注：单位", "币种及单位", "数据单位",
    "填报单位：县财政局  单位",
)  # fmt: skip
SEPARATORS = ("：", ":", " ", "： ", "\u3000", "=", "\n", "—")
BRACKETS = (("", ""), ("（", "）"), ("(", ")"), ("【", "】"), ("〔", "〕"), ("“", "”"), ("（ ", " ）"), ("(", ""))
CURRENCIES = ("", "人民币", "人民币 ", "（人民币）", "RMB", "￥", "CNY ", "人民币：")
GAPS = ("", " ", "\u3000", "\n", "\u200b")
TAILS = ("", "  填报人：李元", "  2022年12月", "。", "，保留两位小数", "/年", "人民币")
WIDE = str.maketrans("():", "（）：")


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, int]:
    """Compose a note of a unit from its parts; return it with what one is worth in 元."""
    unit = draw(st.sampled_from(sorted(UNITS)))
    opened, closed = draw(st.sampled_from(BRACKETS))
    label, separator = draw(st.sampled_from(LABELS)), draw(st.sampled_from(SEPARATORS))
    core = draw(st.sampled_from(CURRENCIES)) + draw(st.sampled_from(GAPS)).join(unit)
    inside = draw(st.booleans())
    text = f"{opened}{label}{separator}{core}{closed}" if inside else f"{label}{separator}{opened}{core}{closed}"
    text += draw(st.sampled_from(TAILS))
    return (text.translate(WIDE) if draw(st.booleans()) else text), UNITS[unit]


@given(notes())
def test_a_note_however_composed_names_its_unit_and_no_other(note: tuple[str, int]) -> None:
    text, yuan = note
    assert {word.yuan for word in units_said(text)} == {Decimal(yuan)}
    assert any(word.is_sure for word in units_said(text))


@given(notes(), st.sampled_from(("支付金额", "安排资金", "协议投资额")))
def test_a_header_with_a_note_names_its_unit_and_no_other(note: tuple[str, int], name: str) -> None:
    assert header_unit(f"{name}（{note[0]}）") == note[1]


@pytest.mark.parametrize(
    "text",
    [
        "会宁县5600万元项目支付明细",
        "总投资壹佰万元整",
        "50万元以上项目台账",
        "万元以上项目",
        "亿元及以上企业",
        "四川省广元市对口支援台账",
        "3单元",
        "2022年元旦",
        "元月",
        "公元2022年",
        "填报单位：元通镇人民政府",
        "制表人：李元",
        "审核：张万",
        "单位：会宁县乡村振兴局",
        "单位：户、人",
        "百亩示范田",
        "香港元朗区",
        "第3部分",
    ],
)
def test_what_only_looks_like_a_unit_is_none(text: str) -> None:
    assert units_said(text) == []


@pytest.mark.parametrize(
    ("text", "sure", "doubtful"),
    [
        ("单位：元、万元", [1, 10000], []),
        ("单位：元□ 万元☑", [1, 10000], []),
        ("单位：万元（元）", [10000, 1], []),
        ("单位：人、万元", [10000], []),
        ("单位：万", [10000], []),
        ("（亿）", [10**8], []),
        ("万RMB", [10000], []),
        ("单位：元角分", [1], []),
        ("单位：分", [Decimal("0.01")], []),
        ("亿元产业园", [], [10**8]),
        ("资金支付明细万元", [], [10000]),
        ("附表3 万元", [], [10000]),
        ("总投资 5600 万元", [], [10000]),
        ("单位：1万元", [], [None]),
        ("单位：一万元", [], [None]),
        ("单位：10000元", [], [None]),
        ("Unit: 10,000 yuan", [], [None]),
    ],
)
def test_two_units_are_two_and_what_may_be_one_is_doubtful(
    text: str, sure: list[Decimal], doubtful: list[Decimal | None]
) -> None:
    said = units_said(text)
    assert [word.yuan for word in said if word.is_sure] == sure
    assert [word.yuan for word in said if not word.is_sure] == doubtful


@pytest.mark.parametrize("text", ["单位：美元", "（万美元）", "币种：港币", "单位：万 欧 元", "USD", "金额单位：$"])
def test_another_currency_is_told(text: str) -> None:
    [word] = units_said(text)
    assert word.is_foreign
    assert word.is_sure
    assert word.yuan is None


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("支付金额元", 1),
        ("支付金额万元", 10000),
        ("支付金额（万元，精确到元）", 10000),
        ("补助（元/人）", 1),
        ("月工资（元/月）", 1),
        ("支付金额\n单位：万元", 10000),
        ("支付金额（元/万元）", None),
        ("万元产值补助", None),
        ("广元市资金", None),
        ("单元", None),
        ("金额（W）", None),
        ("", None),
    ],
)
def test_a_header_may_carry_its_unit_behind_its_name(header: str, unit: int | None) -> None:
    assert header_unit(header) == unit


@pytest.mark.parametrize(
    ("text", "is_note"),
    [
        ("单位：万元", True), ("（万元）", True), ("万 元", True), ("金额单位：人民币万元", True), ("单位：人、万元", True),
        ("支付金额（万元）", False), ("金额：万元", False), ("560.25万元", False), ("单位：人", False), ("", False),
    ],
)  # fmt: skip
def test_a_note_says_nothing_but_a_unit(text: str, is_note: bool) -> None:
    assert is_unit_note(text) is is_note


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("万元", True), ("人民币万元", True), ("户、人", True), ("元/月", True), ("%", True),
        ("人社局", False), ("户县扶贫办", False), ("万源市", False), ("元通镇", False), ("个旧市人社局", False),
    ],
)  # fmt: skip
def test_a_measure_is_told_from_who_reports(text: str, measured: bool) -> None:
    assert is_measure(text) is measured


@given(st.text(alphabet="单位:（）()万亿元千百/ 、额人民币￥角分为a1", max_size=16))
def test_any_text_is_read_and_a_unit_is_worth_something(text: str) -> None:
    for word in units_said(text) + units_said(text, is_header=True):
        assert word.yuan is None or word.yuan > 0
        assert word.word
