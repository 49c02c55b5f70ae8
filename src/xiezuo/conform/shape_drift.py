"""How a delivery's columns differ from what they were: understood, or named in one sentence.

What refuses (a column that has become something else) follows from the delivery alone. What compares
with earlier deliveries may only warn: it depends on what happened to arrive before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Self

from xiezuo.base.errors import GateClosed, Unreadable
from xiezuo.conform.ledgers.header_text import resembling
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.rows.reader import Finding
from xiezuo.conform.shape_units import median_yuan
from xiezuo.declared.contracts import FieldSpec
from xiezuo.values import has_two_digit_year

_DATED = frozenset(("day", "day_or_month", "day_or_month_end", "month", "moment", "moment_or_month"))
_SHORT = re.compile(r"\W*\d{2}\s*\D")

ENOUGH_ROWS = 20
"""Below twenty filled cells a bad cell is only a bad cell, as with the gate of key coverage."""

UNITS_APART = 1000
"""Two medians of one column this far apart are not the same unit, whatever the season."""


@dataclass(frozen=True)
class Shape:
    """What a delivery is compared by: the fields it had columns for, and the typical size of its amounts.

    ``columns`` are field names in the contract's order, ``medians`` the median 元 of money columns as text.
    """

    columns: tuple[str, ...]
    medians: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, table: RawTable, fields: Mapping[str, FieldSpec], rows: Iterable[Mapping[str, Any]]) -> Self:
        """Return the shape of one conformed table; ``rows`` are typed, amounts in 元."""
        rows = list(rows)
        money = [name for name, spec in fields.items() if spec.type == "money" and name in table.labels]
        medians = {name: str(size) for name in money if (size := median_yuan(rows, name)) is not None}
        return cls(tuple(name for name in fields if name in table.labels), medians)

    def as_json(self) -> dict[str, Any]:
        """Return what ``audit.batch.shape`` stores."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return a stored shape."""
        return cls(tuple(stored["columns"]), dict(stored["medians"]))


def refuse_retyped(table: RawTable, findings: Iterable[Finding]) -> None:
    """Say once, of the whole column, what would else be said of thousands of its cells.

    More than half of a column's filled cells cannot be read, or more than half of a required column is
    blank: a date has become a text, an amount a category, or headers and contents have slipped apart.

    Raises:
        GateClosed: ``COLUMN_RETYPED``, names the column and what is wrong with most of its cells.
    """
    by_column: dict[str, dict[int, Finding]] = {}
    for finding in findings:
        by_column.setdefault(finding.column, {}).setdefault(finding.row_no, finding)
    said: list[tuple[str, str]] = []
    for name, label in table.labels.items():
        held = by_column.get(label)
        if not held:
            continue
        blank = sum(finding.rule_id == "REQUIRED" for finding in held.values())
        filled = sum(1 for _, cells in table.rows if _is_filled(cells.get(name)))
        judged, bad = filled + blank, len(held)
        if judged >= ENOUGH_ROWS and 2 * bad > judged:
            [(why, _)] = Counter(finding.reason_zh for finding in held.values()).most_common(1)
            said.append((label, f"共 {judged} 格，有 {bad} 格无法使用（{why}）"))
    if said:
        (label, what), *others = said
        too = f"，列{'、'.join(f'“{other}”' for other, _ in others)}也是如此" if others else ""
        raise GateClosed(
            "COLUMN_RETYPED",
            f"工作表“{table.sheet}”的列“{label}”{what}{too}，疑为内容或格式变了或填错了列，请核对表头与内容",
        )


def _is_filled(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def renamed(fields: Mapping[str, FieldSpec], table: RawTable) -> list[str]:
    """Warn of unused columns that look like a field this table has no column for."""
    said = []
    for name, spec in fields.items():
        if name in table.labels or not spec.zh:
            continue
        like = resembling(spec.zh, table.unmapped, alike=0.66)
        if like is not None:
            said.append(f"未使用的列“{like}”可能是“{spec.zh[0]}”，如是请改用此列名")
    return said


def warnings(now: Shape, before: Shape, fields: Mapping[str, FieldSpec]) -> list[str]:
    """Compare with the delivery before of the same feed and reporting unit; every difference is a sentence.

    ``before`` is the loaded delivery with the highest version below this one's.
    """
    said = []
    gone = [_label(name, fields) for name in before.columns if name in fields and name not in now.columns]
    if gone:
        said.append(f"比上次少了列：{'、'.join(gone)}，这些内容将为空")
    for name, earlier in before.medians.items():
        later = now.medians.get(name)
        if later is None or name not in fields:
            continue
        low, high = sorted((Decimal(earlier), Decimal(later)))
        if low * UNITS_APART <= high:
            said.append(
                f"列“{_label(name, fields)}”的中位数是 {Decimal(later):,.2f} 元，上次是 {Decimal(earlier):,.2f} 元，"
                "请核对单位（元或万元）"
            )
    return said


def two_digit_years(table: RawTable, fields: Mapping[str, FieldSpec]) -> list[str]:
    """Warn of dates whose year was typed with two digits: 22.9.2 is read as 2022, and said so."""
    said = []
    for name, spec in fields.items():
        if spec.type not in _DATED or name not in table.labels:
            continue
        count = sum(_is_short(cells.get(name)) for _, cells in table.rows)
        if count:
            said.append(f"列“{_label(name, fields)}”有 {count} 行的年份只写了两位，已按 1950—2049 年理解，请核对")
    return said


def _is_short(cell: Any) -> bool:
    if not isinstance(cell, str) or not _SHORT.match(cell):
        return False
    try:
        return has_two_digit_year(cell)
    except Unreadable:
        return False  # the row is held back for it already


def _label(name: str, fields: Mapping[str, FieldSpec]) -> str:
    spec = fields[name]
    return spec.zh[0] if spec.zh else name
