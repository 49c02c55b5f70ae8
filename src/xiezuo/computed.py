"""Columns made from other columns: one function for each kind a contract may name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from xiezuo.clock import SHANGHAI
from xiezuo.contracts import ComputedSpec, LinesSpec
from xiezuo.errors import Unreadable
from xiezuo.places import province_of
from xiezuo.values import normalise

Row = dict[str, Any]

_INSIGNIFICANT = re.compile(r"[\s()（）〔〕\[\]【】,，.。·、\-—]+")


def compute(spec: ComputedSpec, row: Row) -> Any:
    """Return the value of a computed column for one row.

    Raises:
        Unreadable: the column is required and cannot be told from the row.
    """
    if spec.type == "present_when":
        state, needed = (row.get(name) for name in spec.from_)
        return state != spec.when or needed is not None
    value = _ROW_FUNCTIONS[spec.type](*(row.get(name) for name in spec.from_))
    if value is None and spec.required:
        raise Unreadable("CANNOT_TELL", spec.reason_zh or "无法由本行内容推算")
    return value


def number_lines(rows: list[Row], spec: LinesSpec) -> None:
    """Number the rows of each group from 0 in ``order``; identical rows share a number.

    An 832 export names no line, so a line is its place in (SKU, amount) order; two rows alike in
    everything are one line typed twice, which the merge then counts as a duplicate.
    """

    def sort_key(row: Row) -> tuple[str, ...]:
        return tuple(_sortable(row.get(name)) for name in spec.order)

    def content(row: Row) -> tuple[str, ...]:
        return tuple(f"{name}={_sortable(row[name])}" for name in sorted(row) if name not in ("row_no", spec.target))

    def group_key(row: Row) -> tuple[str, ...]:
        return tuple(str(row.get(name)) for name in spec.within)

    for _, group in groupby(sorted(rows, key=group_key), key=group_key):
        number, before = -1, None
        for row in sorted(group, key=lambda r: (sort_key(r), content(r))):
            if (now := content(row)) != before:
                number, before = number + 1, now
            row[spec.target] = number


def _sortable(value: Any) -> str:
    """Write a value so that text order is its order; amounts are padded."""
    if value is None:
        return ""
    return f"{value:024.4f}" if hasattr(value, "quantize") or isinstance(value, int) else str(value)


def _month_start(day: date | None) -> date | None:
    return None if day is None else day.replace(day=1)


def _normalised_name(text: str | None) -> str:
    return _INSIGNIFICANT.sub("", normalise(text)) if text else ""


def _local_day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(SHANGHAI).date()


def _age(born: date | None, on: date | None) -> int | None:
    if born is None or on is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _coalesce(*found: Any) -> Any:
    return next((value for value in found if value is not None), None)


_ROW_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "month_start": _month_start,
    "normalised_name": _normalised_name,
    "province": province_of,
    "coalesce": _coalesce,
    "local_day": _local_day,
    "age": _age,
}
