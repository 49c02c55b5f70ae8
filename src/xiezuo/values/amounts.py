"""Money in 元, from every spelling whose amount is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

from xiezuo.base.errors import Unreadable
from xiezuo.values.cell import Cell, content, says_nothing
from xiezuo.values.numbers import exact, plain_number
from xiezuo.values.numerals import NUMERALS, chinese_number

RED = "红字"
"""What stands before an amount that is printed in red, or is said to be a red-letter one, but is not negative."""

_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 15
_FEN = {"元": Decimal(1), "圆": Decimal(1), "块": Decimal(1), "角": Decimal("0.1"), "分": Decimal("0.01")}
_MULTIPLES = {
    "": 1, "百": 10**2, "千": 10**3, "k": 10**3, "万": 10**4, "w": 10**4, "十万": 10**5, "百万": 10**6,
    "千万": 10**7, "亿": 10**8, "万亿": 10**12,
}  # fmt: skip

_FOREIGN = re.compile(r"[$€£₩]|USD|HKD|EUR|JPY|[美欧日港韩]元|美金|港币|英镑|澳元", re.IGNORECASE)
_EITHER_WAY = re.compile(
    r"约|左右|上下|前后|近|大概|估计|不足|不到|不满|以内|以下|不超过|不高于|最多|至多|低于|小于|少于(?<!不少于)"
    r"|几|来[万亿千百元]|数[十百千万亿]|[~≈±<≤]|[0-9万亿千元][-–—至到][0-9]"
)
_MORE_BEFORE = re.compile(r"^(?:超过|超|逾|不少于|不低于|至少|大于|突破|>=?|≥)")
_MORE_AFTER = re.compile(r"(?:以上|有余|\+)$")
_MORE_INSIDE = re.compile(f"(?<=[0-9元{NUMERALS}])[余多]")
_YUAN_BEFORE = re.compile(r"^(?:人民币|RMB|CNY|¥)+", re.IGNORECASE)
_YUAN_AFTER = re.compile(r"(?:人民币|RMB|CNY)$", re.IGNORECASE)
_ACCOUNTING = re.compile(r"(¥?)\((¥?[0-9.,]+)\)")
_SIGN = re.compile(r"^(?:[-−–—负])(?=.)")
_SEGMENT = re.compile(
    r"([0-9][0-9,]*(?:\.[0-9]+)?)(万亿|千万|百万|十万|亿|万|千|百|w|k)?(元|圆|块|角|分)?", re.IGNORECASE
)
_SPELT = re.compile(f"([{NUMERALS}]+)(元|圆)?(?:([{NUMERALS}])角)?零?(?:([{NUMERALS}])分)?")
_NOTED = re.compile(r"([^()]+)\(([^()]*)\)")
_SAYS_NUMBER = re.compile(f"[0-9{NUMERALS}]")


@dataclass(frozen=True)
class Money:
    """An amount: ``yuan`` in 元 with two decimals; ``at_least`` when 余, 多 or 以上 was written.

    ``typed`` keeps what stood in the cell and takes no part in comparisons.
    """

    yuan: Decimal
    at_least: bool = False
    typed: str = field(default="", compare=False)


def money(raw: Cell, unit: Decimal = Decimal(1), *, per: str = "") -> Money | None:
    """Return the amount in 元, rounded half up to two decimals; None when blank or struck out.

    ``unit`` is what one is worth under this header (1 for 元, 10000 for 万元, see
    :mod:`xiezuo.values.money_units`); a unit or currency sign in the cell overrides it. ``per`` is the span the
    column's amounts are for: with 月, ``4000元/月`` is read too; every other rate (元/天) is refused.
    A note in brackets is left out; a figure in them (``壹佰万元整（￥1,000,000）``) must be the same.

    Raises:
        Unreadable: ``MONEY_APPROXIMATE`` (约, 近, 以内, a range …), ``MONEY_CURRENCY`` (not 元),
            ``MONEY_CONTRADICTS``, ``MONEY_RANGE``, ``MONEY_RED`` (红字, not said as negative), ``MONEY_FORMAT``.
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and says_nothing(value)):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _no_money()
    if isinstance(value, str):
        yuan, at_least = _from_text(_without_rate(value, per), unit)
        return Money(yuan, at_least, str(raw).strip())
    return Money(_rounded(exact(value), unit), typed=str(value))


def _from_text(typed: str, unit: Decimal) -> tuple[Decimal, bool]:
    if re.search(r"[0-9.,]\s+[0-9.,]", typed):
        raise Unreadable("MONEY_FORMAT", "数字中间有空格，可能是两个数，请去掉空格，写成 1234.50 或 1,234.50")
    body = typed.replace(" ", "").rstrip("。;")
    if body.startswith(RED):
        raise Unreadable("MONEY_RED", "金额写成红字却不是负数；是冲销或退款的请填负数，不是的请改为黑字")
    if _FOREIGN.search(body):
        raise Unreadable("MONEY_CURRENCY", "金额不是人民币，请折算为人民币后填写")
    if _EITHER_WAY.search(body):
        raise Unreadable("MONEY_APPROXIMATE", "金额是约数或范围，无法作为确定数，请填写实际金额")
    if noted := _NOTED.fullmatch(body) if not _ACCOUNTING.fullmatch(body) else None:
        return _noted(noted[1], noted[2], unit)
    body, more = _without_more(body)
    body, negative, explicit = _without_signs(body)
    number = plain_number(body)
    if number is not None and number >= 0:
        yuan = _rounded(number, Decimal(1) if explicit else unit)
    else:
        yuan = _with_units(body, Decimal(1) if explicit else unit)
    return (-yuan if negative and yuan else yuan), more


def _without_rate(typed: str, per: str) -> str:
    return re.sub(f"^每{per} ?(?=[0-9¥])|(?<=[0-9元万千]) ?(?:/|每|一|1)个?{per}$", "", typed) if per else typed


def _noted(stated: str, note: str, unit: Decimal) -> tuple[Decimal, bool]:
    """Read an amount with a note behind it; a note that holds a figure must state the same amount."""
    found = _from_text(stated, unit)
    if _SAYS_NUMBER.search(note) and found != _from_text(note, unit):
        raise Unreadable("MONEY_CONTRADICTS", "括号内外写的金额不一致，请核对后只填一个")
    return found


def _without_more(body: str) -> tuple[str, bool]:
    marks = 0
    for pattern in (_MORE_BEFORE, _MORE_AFTER, _MORE_INSIDE):
        body, found = pattern.subn("", body)
        marks += found
    if marks > 1:
        raise _no_money()
    return body, marks == 1


def _without_signs(body: str) -> tuple[str, bool, bool]:
    """Take off currency words and the sign; return (rest, is negative, is stated in 元)."""
    accounting = _ACCOUNTING.fullmatch(body)
    if accounting:
        body = accounting[1] + accounting[2]
    plain, minus_first = _SIGN.subn("", body)
    plain, before = _YUAN_BEFORE.subn("", plain)
    plain, minus_second = _SIGN.subn("", plain)
    plain, after = _YUAN_AFTER.subn("", plain)
    if bool(accounting) + minus_first + minus_second > 1:
        raise _no_money()
    whole = re.sub(r"(?<=[元圆角分])[整正]$", "", plain)
    return whole, bool(accounting) or bool(minus_first + minus_second), bool(before + after)


def _with_units(body: str, bare_unit: Decimal) -> Decimal:
    """Read ``40万``, ``1亿2000万元``, ``12元5角`` and ``伍佰万元``."""
    spelt = _SPELT.fullmatch(body)
    if spelt:
        return _spelt(spelt, bare_unit)
    total, ceiling, position = Decimal(0), Decimal("Infinity"), 0
    while position < len(body):
        segment = _SEGMENT.match(body, position)
        number = plain_number(segment[1]) if segment else None
        if segment is None or number is None or not (segment[2] or segment[3]):
            raise _no_money()
        scale = _MULTIPLES[(segment[2] or "").lower()] * _FEN[segment[3] or "元"]
        several = position > 0 or segment.end() < len(body)
        if number * scale >= ceiling or (several and "." in segment[1]) or (segment[2] and scale < 1):
            raise _no_money()
        total, ceiling, position = total + number * scale, scale, segment.end()
    if not body:
        raise _no_money()
    return _rounded(total, Decimal(1))


def _spelt(parts: re.Match[str], bare_unit: Decimal) -> Decimal:
    number = chinese_number(parts[1])
    tenths = chinese_number(parts[3] or "零")
    cents = chinese_number(parts[4] or "零")
    if number is None or tenths is None or cents is None or max(tenths, cents) > 9:
        raise _no_money()
    if (parts[3] or parts[4]) and not parts[2]:
        raise _no_money()
    has_unit = parts[2] or re.search("[万亿萬億]", parts[1])
    return _rounded(number + _FEN["角"] * tenths + _FEN["分"] * cents, Decimal(1) if has_unit else bare_unit)


def _rounded(number: Decimal, unit: Decimal) -> Decimal:
    with localcontext(prec=80):
        yuan = (number * unit).quantize(_CENT, rounding=ROUND_HALF_UP)
    if abs(yuan) >= _LARGEST:
        raise Unreadable("MONEY_RANGE", "金额过大，请核对单位")
    return yuan or Decimal("0.00")


def _no_money() -> Unreadable:
    return Unreadable("MONEY_FORMAT", "金额无法识别：请只填数字，或写明“元”“万元”“亿元”")
