"""What a reader hands over for one cell, and the steps every value parser starts with."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol

from xiezuo.base.errors import Unreadable
from xiezuo.values.texts import normalise


class FaultyCell(Protocol):
    """A cell the reader could not take a value from; ``code`` says why (``FORMULA_NO_CACHE`` …)."""

    @property
    def code(self) -> str:
        """Stable code of the fault."""


Scalar = str | bool | int | float | Decimal | datetime | date | time
Cell = Scalar | FaultyCell | None

_FAULTS = {
    "FORMULA_NO_CACHE": "公式没有保存计算结果，请用 Excel 打开、重新计算并保存后再报",
    "DIGITS_LOST": "编号超过 15 位却存为数值，末尾几位已丢失，请将该列设为文本后重填",
    "DATE_SYSTEM": "工作簿按 1904 年起算日期，而此格是文本的日期序号，无法确定是哪一天，请写成 2022-09-02 的形式",
    "EXCEL_ERROR": "单元格是 Excel 错误值（如 #N/A、#REF!），请改正公式",
}
_DASHES = re.compile(r"[-‐‑‒–—―−─━ー_/\\\s]+")
_NOTHING = frozenset(
    ("无", "暂无", "没有", "空", "空白", "未填", "未知", "不详", "不清楚", "n/a", "na", "null", "none")
)


def content(raw: Cell) -> Scalar | None:
    """Return the cell's value, text normalised, or None when nothing is in it.

    Raises:
        Unreadable: the reader marked the cell as faulty, or the number is not finite.
    """
    if raw is None:
        return None
    if isinstance(raw, str):
        return normalise(raw) or None
    if isinstance(raw, bool | int | datetime | date | time):
        return raw
    if isinstance(raw, float | Decimal):
        finite = raw.is_finite() if isinstance(raw, Decimal) else math.isfinite(raw)
        if not finite:
            raise Unreadable("NUMBER_NOT_FINITE", "不是有限的数值")
        return raw
    code = getattr(raw, "code", None)
    if not isinstance(code, str):
        raise Unreadable("CELL_TYPE", "单元格的数据类型无法识别")
    raise Unreadable(code, _FAULTS.get(code, "单元格没有可用的值，请检查原表"))


def is_dash(typed: str) -> bool:
    """Whether the text is only a line or stroke drawn through an empty cell (``—``, ``/``)."""
    return _DASHES.fullmatch(typed) is not None


def says_nothing(typed: str) -> bool:
    """Whether the text states that there is no value: a stroke, 无, 不详 … Never means zero."""
    return is_dash(typed) or typed.lower() in _NOTHING
