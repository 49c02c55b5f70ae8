"""Plain numbers, percentages and yes/no marks."""

from __future__ import annotations

import re
from decimal import Decimal

from xiezuo.base.errors import Unreadable
from xiezuo.values.cell import Cell, content, is_dash, says_nothing
from xiezuo.values.choices import TAKEN_BACK
from xiezuo.values.numerals import NUMERALS, chinese_number

COUNTERS = (
    "个月", "人", "户", "个", "家", "名", "岁", "天", "日", "月", "年", "场", "期", "次", "件", "份", "项",
    "村", "亩", "头", "只", "所", "对", "条", "批", "套",
)  # fmt: skip
"""Counter words that may follow a whole number. 人次 is none of them: it is not 人, ask for it."""

_LARGEST = Decimal(10) ** 30
_LARGEST_QUANTITY = Decimal(10) ** 15
_PLAIN = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,30})(?:\.[0-9]{1,30})?")
_MINUS = re.compile(r"^[−–—‐‑]\s*(?=[0-9])")
_SCALED = re.compile(r"(.*[0-9])\s*(万|亿)")
_SCALES = {"万": 10**4, "亿": 10**8}
_YES = frozenset(("√", "✓", "✔", "☑", "✅", "是", "有", "已", "对", "y", "yes", "true", "t", "1"))
_NO = frozenset(
    ("×", "✗", "✘", "✕", "✖", "☒", "❌", "否", "无", "没有", "未", "错", "不是", "n", "no", "false", "f", "0")
)
_NOTED = re.compile(r"([^()]+?) ?\(([^()0-9]*)\)")
# 未就业 answers the column's question; 未核实 says that nobody has.
_DONE = re.compile("(已|未)(?!知|定|明|详|填|报|统计|核|确认|了解|摸|调查)[\u4e00-\u9fff]{1,4}")
_UNKNOWN = frozenset(("未知", "不详", "不清楚", "未填", "空", "n/a", "null"))


def exact(value: int | float | Decimal) -> Decimal:
    """Return a finite number as the Decimal a person would read off it (floats through repr).

    Raises:
        Unreadable: ``NUMBER_RANGE``, the number is too large for any ledger.
    """
    number = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    if abs(number) >= _LARGEST:
        raise Unreadable("NUMBER_RANGE", "数值过大，请核对")
    return number


def plain_number(typed: str) -> Decimal | None:
    """Return what ``-1,234.50`` says; None for anything else, badly grouped commas included."""
    typed = _MINUS.sub("-", typed)
    if not _PLAIN.fullmatch(typed):
        return None
    return Decimal(typed.replace(",", ""))


def decimal(raw: Cell) -> Decimal | None:
    """Return a number exactly as typed, None when blank or struck out.

    ``1,234.5``, ``(1,234.5)`` (negative), ``3.5万`` and numerals (三十五) are read.

    Raises:
        Unreadable: ``NUMBER_FORMAT``, ``NUMBER_RANGE``.
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and says_nothing(value)):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _no_number()
    number = _from_text(value) if isinstance(value, str) else exact(value)
    if abs(number) >= _LARGEST_QUANTITY:  # no count or quantity is; an order number typed as one is text
        raise Unreadable("NUMBER_RANGE", "数值过大，请核对")
    return number


def _from_text(typed: str) -> Decimal:
    negative = re.fullmatch(r"\(([^()+-]+)\)", typed)
    body = negative[1] if negative else typed
    scaled = _SCALED.fullmatch(body)
    number = plain_number(scaled[1] if scaled else body)
    if number is None and re.fullmatch(f"[{NUMERALS}]+", body):
        spelt = chinese_number(body)
        number = None if spelt is None else Decimal(spelt)
    if number is None:
        raise _no_number()
    if scaled:
        number *= _SCALES[scaled[2]]
    return -number if negative else number


def _no_number() -> Unreadable:
    return Unreadable("NUMBER_FORMAT", "不是能确定的数值：请只填数字，不写“约”“余”等字样")


def integer(raw: Cell, units: tuple[str, ...] = COUNTERS) -> int | None:
    """Return a whole number, None when blank; one counter word out of ``units`` may follow it.

    Raises:
        Unreadable: ``NOT_INTEGER`` (a fraction), ``NUMBER_FORMAT``, ``NUMBER_RANGE``.
    """
    value = content(raw)
    if isinstance(value, str):
        unit = next((unit for unit in sorted(units, key=len, reverse=True) if value.endswith(unit)), "")
        raw = value.removesuffix(unit).rstrip() or value
    number = decimal(raw)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise Unreadable("NOT_INTEGER", "应为整数")
    return int(number)


def percent(raw: Cell) -> Decimal | None:
    """Return a share as a fraction of one: ``62.75%`` → 0.6275; a bare number from 0 to 1 as it is.

    Raises:
        Unreadable: ``PERCENT_AMBIGUOUS``, a number above one without a percent sign (62.75 can be
            62.75 % or a slip); ``NUMBER_FORMAT``.
    """
    value = content(raw)
    if isinstance(value, str) and (value.endswith("%") or value.startswith("百分之")):
        body = value.removesuffix("%").removeprefix("百分之").strip()
        number = plain_number(body)
        if number is None and value[0] == "百" and (spelt := chinese_number(body)) is not None:
            number = Decimal(spelt)
        if number is None:
            raise _no_number()
        return number / 100
    number = decimal(raw)
    if number is not None and not 0 <= number <= 1:
        raise Unreadable("PERCENT_AMBIGUOUS", "比例没有百分号，无法确定，请写成 62.75% 的形式")
    return number


def boolean(raw: Cell) -> bool | None:
    """Return True for √ 是 Y 1 有 已就业, False for × 否 N 0 无 未就业, None for a blank or a stroke.

    None is unknown, never no. ○ and the letter X are refused: some ledgers tick with them, others strike.

    Raises:
        Unreadable: ``BOOLEAN_FORMAT``, any other mark.
    """
    value = content(raw)
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, str):
        value = "1" if value == 1 else "0" if value == 0 else "?"
    mark = value.lower()
    if is_dash(mark) or mark in _UNKNOWN:
        return None
    if (noted := _NOTED.fullmatch(mark)) and not TAKEN_BACK.search(noted[2]):
        mark = noted[1]
    if done := _DONE.fullmatch(mark):
        mark = done[1]
    if mark not in _YES and mark not in _NO:
        raise Unreadable("BOOLEAN_FORMAT", "应填“是”或“否”")
    return mark in _YES
