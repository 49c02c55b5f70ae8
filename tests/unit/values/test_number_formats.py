"""What a number format shows of a number: how much smaller, and with which words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.values import Shown, shown


@pytest.mark.parametrize(
    ("code", "divisor", "words"),
    [
        ("General", 1, ""),
        ("0.00", 1, ""),
        ("#,##0.00", 1, ""),
        ('0.00"万元"', 1, "万元"),
        ("0.00\\万\\元", 1, "万元"),
        ("#,##0.00万元", 1, "万元"),
        ('General"万元"', 1, "万元"),
        ('G/通用格式"万元"', 1, "万元"),
        ('0.00"万元";-0.00"万元";"-"', 1, "万元"),
        ("[DBNum2][$-804]General元整", 1, "元整"),
        ("[$¥-804]#,##0.00", 1, "¥"),
        ('_ "￥"* #,##0.00_ ;_ "￥"* -#,##0.00_ ', 1, "￥"),
        ('"$"#,##0.00', 1, "$"),
        ("0!.0,", 10**4, ""),
        ('0!.0,"万"', 10**4, "万"),
        ('0"."0,', 10**4, ""),
        ("0\\.0,", 10**4, ""),
        ("0!.0000", 10**4, ""),
        ("0.0,", 1000, ""),
        ("0,.0", 1000, ""),
        ('0.00,,"百万"', 10**6, "百万"),
        ('0!.00,,"亿"', 10**8, "亿"),
        ("0.00,,\n%", 10**4, ""),
        ("0.00%", Decimal("0.01"), ""),
    ],
)
def test_a_format_divides_and_writes_words(code: str, divisor: Decimal, words: str) -> None:
    found = shown(code, Decimal(560))
    assert found is not None
    assert (found.divisor, found.words) == (divisor, words)


def test_the_section_of_the_value_counts() -> None:
    code = '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0"元"'
    assert [shown(code, Decimal(value)) for value in (10**8, 20000, 560)] == [
        Shown(Decimal(10**8), "", "亿"), Shown(Decimal(10**4), "", "万"), Shown(Decimal(1), "", "元")
    ]  # fmt: skip
    assert shown('0"元";0"万元"', Decimal(-5)) == Shown(Decimal(1), "", "万元")
    assert shown('0"元";-0"元";"无"', Decimal(0)) == Shown(Decimal(1))


@pytest.mark.parametrize("code", ["0\\!.0,", '0"元"00"角"', "0!.0.0", "[>100]0"])
def test_what_nobody_can_read_is_not_read(code: str) -> None:
    """Words between digits, two points, or no section for the value."""
    assert shown(code, Decimal(7)) is None


@given(st.text(alphabet='0#?.,%;"!\\万元[]>=1_*@Gg年-', max_size=14), st.decimals("-1e9", "1e9", places=2))
def test_any_format_divides_by_a_power_of_ten_or_is_not_read(code: str, value: Decimal) -> None:
    found = shown(code, value)
    if found is not None:
        assert found.divisor.normalize().as_tuple().digits == (1,)
