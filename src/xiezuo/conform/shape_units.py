"""Amounts whose size betrays a wrong unit: 元 taken for 万元 is wrong by a factor of ten thousand.

Only the delivery itself is looked at, never an earlier one: what is refused does not depend on the order
in which files arrive (docs/decisions/0014-drift-and-magnitude.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from statistics import median
from typing import Any

from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.rows.fields import YUAN_PER
from xiezuo.declared.contracts import FieldSpec

_WAN = Decimal(10**4)
_WORDS = {
    Decimal("0.01"): "分", Decimal(1): "元", Decimal(1000): "千元", Decimal(10**4): "万元",
    Decimal(10**6): "百万元", Decimal(10**7): "千万元", Decimal(10**8): "亿元",
}  # fmt: skip


def median_yuan(rows: Iterable[Mapping[str, Any]], name: str) -> Decimal | None:
    """Return the median size of the amounts in a column, zeros and blanks left out; None where none is."""
    sizes = [abs(amount) for row in rows if (amount := row.get(name))]
    return None if not sizes else Decimal(median(sizes))


def check_units(table: RawTable, fields: Mapping[str, FieldSpec], rows: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a delivery whose typical amount lies outside what its contract calls typical.

    ``rows`` are typed rows, amounts in 元. One amount is enough to judge by: the bounds of a field are
    as wide as anything of its kind has ever been, and a unit off by 10,000 leaves them all the same.
    Amounts in 元 can only be too small for their unit, amounts in 万元 only too large.

    Raises:
        FileRefused: ``UNIT_DOUBTFUL``, names the column, the unit it was read in and the median.
    """
    rows = list(rows)
    for name, spec in fields.items():
        if spec.typical_yuan is None or (found := median_yuan(rows, name)) is None:
            continue
        factor = table.units.get(name, YUAN_PER[spec.unit])
        small = found < spec.typical_yuan.least and factor < _WAN
        large = found > spec.typical_yuan.most and factor >= _WAN
        if not small and not large:
            continue
        label = table.labels.get(name) or (spec.zh[0] if spec.zh else name)
        unit = _unit_word(table, name, spec)
        raise FileRefused(
            "UNIT_DOUBTFUL",
            f"工作表“{table.sheet}”的列“{label}”按“{unit}”计，中位数{'只有' if small else '高达'} "
            f"{_said(found)} 元，疑为{'万元' if small else '元'}，请核对单位",
        )


def _unit_word(table: RawTable, name: str, spec: FieldSpec) -> str:
    unit = table.units.get(name)
    return spec.unit if unit is None else _WORDS.get(unit, f"{_said(unit)} 元")


def _said(amount: Decimal) -> str:
    return f"{amount:,.2f}".rstrip("0").rstrip(".")
