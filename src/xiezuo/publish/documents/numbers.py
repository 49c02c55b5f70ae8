"""Quantities as a report prints them: 2625人, 1649万元, 1.18亿元, 500余万元; and what may be added to what.

Money is kept in 元. From 1万元 on it is printed in 万元 and from 1亿元 on in 亿元, with at most two decimals,
half up, trailing zeros dropped. A lower bound is rounded down, so that 余 stays true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

MONEY = "元"
WAN = Decimal(10_000)
YI = Decimal(100_000_000)

_CENT = Decimal("0.01")
_SMALL = Decimal(100)
_TWO_DIGITS = Decimal(10)
_DIGITS = 60
"""Enough that no value a warehouse holds is rounded by the arithmetic itself."""


class UnitMismatch(TypeError):
    """Two quantities of different units were to be added or compared."""


@dataclass(frozen=True)
class Quantity:
    """A number with its unit; ``is_at_least`` makes it a lower bound. Units are types: 人 and 人次 never add."""

    value: Decimal
    unit: str
    is_at_least: bool = False

    def __add__(self, other: Quantity) -> Quantity:
        self.must_match(other)
        with localcontext(prec=_DIGITS):
            total = self.value + other.value
        return Quantity(total, self.unit, self.is_at_least or other.is_at_least)

    def must_match(self, other: Quantity) -> None:
        """Refuse another unit.

        Raises:
            UnitMismatch: the units differ.
        """
        if self.unit != other.unit:
            raise UnitMismatch(f"{self.unit} and {other.unit} are different units")

    @property
    def words(self) -> tuple[str, str]:
        """Number and unit for running text: ("1.18", "亿元"), ("500", "余万元"), ("2625", "人")."""
        if self.unit == MONEY:
            return _money(self.value, is_at_least=self.is_at_least)
        if self.unit == "%":
            return plain(rounded(self.value, _CENT, ROUND_FLOOR if self.is_at_least else ROUND_HALF_UP)), "%"
        if not self.is_at_least:
            return plain(self.value), self.unit
        return plain(self.value.to_integral_value(ROUND_FLOOR)), f"余{self.unit}"

    @property
    def text(self) -> str:
        """The quantity for running text; 余 follows a number of two digits, and 万 before that: 不少于1人, 2万余元."""
        number, unit = self.words
        if self.is_at_least and Decimal(number) < _TWO_DIGITS and unit.startswith("余"):
            return f"{number}万余元" if unit == "余万元" else f"不少于{number}{unit[1:]}"
        return f"{number}{unit}"

    @property
    def cell(self) -> str:
        """The number for a table whose header names the unit: money in 万元, a lower bound with 余."""
        if self.unit != MONEY:
            number = plain(rounded(self.value) if self.unit == "%" else self.value)
        else:
            number = _wan(self.value, ROUND_FLOOR if self.is_at_least else ROUND_HALF_UP)
        return f"{number}余" if self.is_at_least else number


def total(quantities: Iterable[Quantity]) -> Quantity | None:
    """Add quantities of one unit; None of none.

    Raises:
        UnitMismatch: the units differ.
    """
    summed: Quantity | None = None
    for quantity in quantities:
        summed = quantity if summed is None else summed + quantity
    return summed


def plain(value: Decimal) -> str:
    """Write a decimal with the digits it needs: never an exponent, a trailing zero or a minus zero."""
    if not value.is_finite():
        raise ValueError(f"{value} is no number to print")
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


_DIGITS_ZH = "〇一二三四五六七八九"


def ordinal(number: int) -> str:
    """Write a number below 100 as headings do: 一, 十, 十二, 二十."""
    tens, units = divmod(number, 10)
    return (("" if tens == 1 else _DIGITS_ZH[tens]) + "十" if tens else "") + (_DIGITS_ZH[units] if units else "")


def rounded(value: Decimal, step: Decimal = _CENT, rounding: str = ROUND_HALF_UP) -> Decimal:
    """Round to a step, two decimals by default, whatever the size of the number."""
    with localcontext(prec=_DIGITS):
        return value.quantize(step, rounding)


def printed(quantity: Quantity) -> Decimal:
    """Return the value that running text prints: 1.18亿元 are 118 000 000, whatever stands behind the digits."""
    number, unit = quantity.words
    scale = YI if unit.startswith("亿") else WAN if "万元" in unit else Decimal(1)
    return Decimal(number) * scale


ROUNDED_ZH = "因四舍五入，分项之和与合计略有出入"


def is_apart_by_rounding(
    parts: Iterable[Decimal], whole: Decimal, shown: Iterable[Decimal], shown_whole: Decimal
) -> bool:
    """Whether what is shown does not add up although what stands behind it does."""
    return sum(parts, Decimal(0)) == whole and sum(shown, Decimal(0)) != shown_whole


def percent(value: Decimal, *, rounding: str = ROUND_HALF_UP) -> str:
    """Write a percentage with at most two decimals: 12.35%."""
    return f"{plain(rounded(value, _CENT, rounding))}%"


def ratio_pct(part: Decimal, whole: Decimal) -> Decimal:
    """Return ``part`` in percent of ``whole``, which is not 0, unrounded."""
    with localcontext(prec=_DIGITS):
        return 100 * part / whole


def _money(yuan: Decimal, *, is_at_least: bool) -> tuple[str, str]:
    """Choose 元, 万元 or 亿元 by the number as it will be printed: 99 999 999元 is 1亿元, not 10000万元."""
    rounding = ROUND_FLOOR if is_at_least else ROUND_HALF_UP
    more = "余" if is_at_least else ""
    if abs(rounded(yuan, _CENT, rounding)) < WAN:
        return plain(rounded(yuan, Decimal(1) if is_at_least else _CENT, rounding)), f"{more}元"
    with localcontext(prec=_DIGITS):
        wan, yi = yuan / WAN, yuan / YI
    in_wan = rounded(wan, Decimal(1) if is_at_least else _CENT, rounding)
    if abs(in_wan) < WAN:
        return plain(in_wan), f"{more}万元"
    return plain(rounded(yi, _CENT, rounding)), "亿余元" if is_at_least else "亿元"


def _wan(yuan: Decimal, rounding: str) -> str:
    """Write 元 in 万元; less than 100元 keeps every decimal, since 0 would say that there was nothing."""
    with localcontext(prec=_DIGITS):
        in_wan = yuan / WAN
    return plain(in_wan if abs(yuan) < _SMALL else rounded(in_wan, _CENT, rounding))
