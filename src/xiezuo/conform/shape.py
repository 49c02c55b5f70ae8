"""Looking a file over before its rows are judged: slipped columns, doubtful units, what is gone since last time.

What refuses follows from the file alone; what compares with earlier files only warns, since it depends on
what happened to arrive before (docs/decisions/0014-drift-and-magnitude.md).
"""


from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, Self

import psycopg

from xiezuo.base.errors import FileRefused, GateClosed, Unreadable
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.conform import Conformed
from xiezuo.conform.ledgers.header_text import resembling
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.ledgers.units import refuse_doubtful
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import FieldSpec, Span
from xiezuo.declared.words import UNKNOWN_WORD
from xiezuo.values import has_two_digit_year, money, normalise
from xiezuo.values.money_units import YUAN_PER
from xiezuo.values.privacy import Privacy

# Amounts whose size betrays a wrong unit: 元 taken for 万元 is wrong by a factor of ten thousand.
# Only the delivery itself is looked at, never an earlier one: what is refused does not depend on the order in
# which files arrive (docs/decisions/0014-drift-and-magnitude.md).
_WAN = Decimal(10**4)
_FIGURES = re.compile(r"[-−–—(]?[0-9][0-9,. ]*\)?")
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


def check_unstated(table: RawTable, fields: Mapping[str, FieldSpec]) -> None:
    """Refuse a ledger with a money column whose unit is nowhere said and whose amounts fit two units.

    The contract's unit holds where the other reading lies outside what the contract calls typical: 4,000 元 is
    a wage, 4,000 万元 none. The other reading is 万元, and whatever a word on the sheet may mean. Amounts that name
    their own unit (60万元) are left out.

    Raises:
        FileRefused: ``UNIT_MISSING``, or ``UNIT_DOUBTFUL`` where a word may be the unit.
    """
    for name, spec in fields.items():
        note, bounds = table.unit_doubts.get(name), spec.typical_yuan
        if spec.type != "money" or name not in table.labels or name in table.units or not (note or bounds):
            continue
        sizes = [size for _, cells in table.rows if (size := _unitless(cells.get(name)))]
        if not sizes:
            continue
        usual, label = YUAN_PER[spec.unit], table.labels[name]
        if note and (bounds is None or note.word.yuan is None or _fits(sizes, note.word.yuan, bounds)):
            refuse_doubtful(table.sheet, label, note)
        if bounds and _fits(sizes, _WAN, bounds):
            raise FileRefused(
                "UNIT_MISSING",
                f"工作表“{table.sheet}”没有写明列“{label}”的单位，按元（中位数 {_said(median(sizes) * usual)} 元）"
                f"和按万元都说得通，请在列名后写明“（元）”或“（万元）”",
            )


def _fits(sizes: list[Decimal], unit: Decimal, bounds: Span) -> bool:
    """Whether amounts in this unit are what the contract calls typical; the largest speaks for all."""
    return bounds.least <= median(sizes) * unit and max(sizes) * unit <= bounds.most


def _unitless(cell: Any) -> Decimal | None:
    """Return the size of an amount that names no unit itself; None for any other, blank or zero."""
    if isinstance(cell, str) and not _FIGURES.fullmatch(normalise(cell)):
        return None
    try:
        found = money(cell)
    except Unreadable:
        return None
    return abs(found.yuan) or None if found else None


def _unit_word(table: RawTable, name: str, spec: FieldSpec) -> str:
    unit = table.units.get(name)
    return spec.unit if unit is None else _WORDS.get(unit, f"{_said(unit)} 元")


def _said(amount: Decimal) -> str:
    return f"{amount:,.2f}".rstrip("0").rstrip(".")


# How a delivery's columns differ from what they were: understood, or named in one sentence.
# What refuses (a column that has become something else) follows from the delivery alone. What compares with
# earlier deliveries may only warn: it depends on what happened to arrive before.
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


def _repeated_words(table: RawTable, name: str, held: Mapping[int, Finding]) -> int:
    """Return how many cells of a column hold words that no register knows, where each stands twice on average."""
    unknown = {number for number, finding in held.items() if finding.rule_id in UNKNOWN_WORD}
    words = [str(cells.get(name)) for number, cells in table.rows if number in unknown]
    return len(words) if 2 * len(set(words)) <= len(words) else 0


def refuse_retyped(table: RawTable, findings: Iterable[Finding]) -> None:
    """Say once, of the whole column, what would else be said of thousands of its cells.

    More than half of a column's filled cells cannot be read, or more than half of a required column is
    blank: a date has become a text, an amount a category, or headers and contents have slipped apart. A few words
    that repeat and that no register knows are none of this: their rows wait for the office to decide.

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
        judged, bad = filled + blank, len(held) - _repeated_words(table, name, held)
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
    kept = [name for name in before.columns if name in fields and fields[name].stored]  # of others nothing can be lost
    gone = [_label(name, fields) for name in kept if name not in now.columns]
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


def examine(conformed: Conformed, privacy: Privacy) -> None:
    """Judge the columns of one conformed sheet as wholes, and warn of headers that look like missing ones.

    Raises:
        GateClosed: most of a column cannot be read.
        FileRefused: the typical amount of a column betrays another unit.
    """
    table = conformed.table
    fields = table.contract.feed_fields(table.feed)
    refuse_retyped(table, conformed.findings)
    check_units(table, fields, conformed.rows)
    check_unstated(table, fields)
    conformed.warnings.extend(_off_count(conformed))
    said = [*renamed(fields, table), *two_digit_years(table, fields)]
    conformed.warnings.extend(map(privacy.mask, said))
    conformed.shape = Shape.of(table, fields, conformed.rows).as_json()


def _off_count(conformed: Conformed) -> list[str]:
    """Warn where a total of people or posts is not the sum of the rows: it may well leave repeats out."""
    declared, counts = conformed.table.declared_count, conformed.counts.values()
    summed = sum((count for count in counts if count is not None), Decimal(0))
    if declared is None or declared == summed:
        return []
    return [f"合计行写的是 {declared.normalize():f}，各行相加是 {summed:f}，请核对"]


def compare(connection: psycopg.Connection, root: Path, county_code: str, conformed: Conformed) -> None:
    """Warn of what the sheet lacks, or states in another unit, against its reporting unit's file before.

    What is no sheet of a file has no shape, and is compared with nothing.
    """
    if not conformed.shape:
        return
    table = conformed.table
    names = {
        "county_code": county_code, "dataset": table.contract.dataset, "feed": table.feed,
        "reporting_unit": table.reporting_unit, "version": conformed.version,
    }  # fmt: skip
    before = connection.execute(read_sql(root, "load/shape_before"), names).fetchone()
    if before is not None:
        now = Shape.from_json(conformed.shape)
        conformed.warnings.extend(warnings(now, Shape.from_json(before[0]), table.contract.feed_fields(table.feed)))
