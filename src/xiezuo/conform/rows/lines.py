"""Rows that share a number: lines of one order, refunds of it, and the parts of one receipt.

What several rows say together can only be told of the whole table. Each function numbers rows or changes them, and
returns the rows that no reading is certain of, each with what :class:`~xiezuo.base.errors.Unreadable` says of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from xiezuo.base.errors import Unreadable
from xiezuo.conform.rows.computed import Row
from xiezuo.declared.contracts import LinesSpec

Doubts = dict[int, Unreadable]
"""Reasons, by row number."""


def number_lines(rows: list[Row], spec: LinesSpec) -> None:
    """Number the rows of each group from 0 in ``order``; identical rows share a number.

    An 832 export names no line, so a line is its place in (SKU, amount) order; two rows alike in
    everything are one line typed twice, which the merge then counts as a duplicate.
    """

    def sort_key(row: Row) -> tuple[str, ...]:
        return tuple(_sortable(row.get(name)) for name in spec.order)

    for group in _groups(rows, spec):
        number, before = -1, None
        for row in sorted(group, key=lambda r: (sort_key(r), _content(r, spec))):
            if (now := _content(row, spec)) != before:
                number, before = number + 1, now
            row[spec.target] = number


def settle_refunds(rows: list[Row], spec: LinesSpec, amount: str, refund: str) -> Doubts:
    """Read each negative ``amount`` as a refund of the line it takes back, of the same order in the same table.

    The refund stands with that line, so that it counts in the month of payment; its own row stays with nothing paid,
    and has what it leaves blank from that line. A line is told by its amount, else by being the only one.
    """
    doubts: Doubts = {}
    for group in _groups(rows, spec):
        back = _alike([row for row in group if row[amount] < 0], spec)
        sold = _alike([row for row in group if row[amount] > 0], spec)
        stated = any(row.get(refund) for row in group)
        for copies in back:
            try:
                lines = _refunded(copies[0], sold, amount, refund, stated=stated)
            except Unreadable as doubt:
                doubts |= {row["row_no"]: doubt for row in copies}
                continue
            for line in lines:
                line[refund] = (line.get(refund) or Decimal(0)) - copies[0][amount]
            for row in copies:
                row |= {name: value for name, value in lines[0].items() if row.get(name) is None or row[name] is False}
                row[amount] = row[refund] = Decimal("0.00")
    return doubts


def _refunded(back: Row, sold: list[list[Row]], amount: str, refund: str, *, stated: bool) -> list[Row]:
    """Return the line that a negative row takes back, and its copies.

    Raises:
        Unreadable: there is none, several may be meant, it is less, or the refund is told twice.
    """
    if not sold:
        raise Unreadable(
            "REFUND_WITHOUT_ORDER",
            "金额为负数，但本表没有同一销售企业、同一订单号的销售行；请把原销售行和退款行写在同一张表中，"
            "或在原销售行填写退款金额后重报",
        )
    if stated:
        raise Unreadable("REFUND_TWICE", "同一订单既填了退款金额，又有负数行，请只保留一种填法")
    whole = [lines for lines in sold if lines[0][amount] == -back[amount] and not lines[0].get(refund)]
    meant = whole if len(whole) == 1 else sold
    if len(meant) > 1:
        raise Unreadable("REFUND_UNCLEAR", "同一订单有几行销售，无法确定退的是哪一行，请在原销售行填写退款金额")
    if -back[amount] > meant[0][0][amount] - (meant[0][0].get(refund) or 0):
        raise Unreadable("REFUND_EXCEEDS_ORDER", "退款（负数行）大于同一订单的销售金额，请核对金额和订单号")
    return meant[0]


def number_parts(rows: list[Row], spec: LinesSpec, version: str | None) -> Doubts:
    """Number the rows that are the parts of one receipt, in ``order``; identical rows share a number.

    They are its parts where only one gives money and each of the others one kind of goods, on one day from one donor.
    Any other way of telling a receipt twice may be a repetition or a correction, and is not certain. Parts have the
    latest of their ``version``: a later one would else outdate the others.
    """
    doubts: Doubts = {}
    for group in _groups(rows, spec):
        if len(_alike(group, spec)) > 1 and not _are_parts(_alike(group, spec), spec):
            doubts |= {row["row_no"]: _SEVERAL for row in group}
        elif version is not None:
            latest = max((row[version] for row in group if row.get(version)), default=None)
            for row in group:
                row[version] = latest
    number_lines([row for row in rows if row["row_no"] not in doubts], spec)
    return doubts


_SEVERAL = Unreadable(
    "RECEIPT_UNCLEAR",
    "同一票据号有几行，无法确定是一笔捐赠的各部分，还是重复登记或更正；请每张票据写成一行，"
    "或者捐款一行、每种物资一行（捐赠方和日期相同，物资名称不同）",
)


def _are_parts(distinct: list[list[Row]], spec: LinesSpec) -> bool:
    rows = [copies[0] for copies in distinct]
    given = [[name for name in spec.parts if row.get(name)] for row in rows]
    if any(len(names) != 1 for names in given) or len({tuple(row.get(n) for n in spec.same) for row in rows}) > 1:
        return False
    money, goods = spec.parts
    kinds = [row.get(spec.named) for row in rows if row.get(goods)]
    return sum(names == [money] for names in given) <= 1 and (
        len(kinds) <= 1 or (None not in kinds and len(set(kinds)) == len(kinds))
    )


def _groups(rows: list[Row], spec: LinesSpec) -> Iterator[list[Row]]:
    def key(row: Row) -> tuple[str, ...]:
        return tuple(str(row.get(name)) for name in spec.within)

    for _, group in groupby(sorted(rows, key=key), key=key):
        yield list(group)


def _alike(rows: list[Row], spec: LinesSpec) -> list[list[Row]]:
    """Return the rows in lists of such as are alike in everything, in the order of the table."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(_content(row, spec), []).append(row)
    return list(found.values())


def _content(row: Row, spec: LinesSpec) -> tuple[str, ...]:
    return tuple(f"{name}={_sortable(row[name])}" for name in sorted(row) if name not in ("row_no", spec.target))


def _sortable(value: object) -> str:
    """Write a value so that text order is its order; amounts are padded."""
    if value is None:
        return ""
    return f"{value:024.4f}" if isinstance(value, Decimal | int) else str(value)
