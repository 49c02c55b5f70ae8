"""Writing the 832 platform's order exports: a workbook with title and total, and a bare CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sales.feeds import moment, yuan
from xiezuo_sample.sales.plan import EXPORT_PLATFORM, Order, SalesPlan
from xiezuo_sample.sheets import Cell, Grid, write_delimited, write_workbook
from xiezuo_sample.world import World

_STATUSES = {
    "unpaid": ("待付款",),
    "paid": ("待发货",),
    "sent": ("待收货", "待验货", "待验票", "待评价"),
    "finished": ("已完成",),
    "closed": ("已关闭", "已取消", "已退款"),
}
_HEADERS = {
    "xlsx": (
        *(
            "订单编号",
            "供应商名称",
            "统一社会信用代码",
            "采购单位",
            "采购单位所在省",
            "商品名称",
            "规格",
            "数量",
        ),
        *("实付金额（元）", "退款金额（元）", "订单状态", "下单时间", "支付时间", "更新时间", "验收时间"),
    ),
    "csv": (
        *("订单号", "店铺名称", "统一社会信用代码", "采购人", "采购单位所在省", "商品名称", "规格", "数量"),
        *("订单金额", "退款金额", "订单状态", "下单时间", "支付时间", "更新时间", "完成时间"),
    ),
}
_USCC, _PAYMENT, _REFUND, _STATUS = 2, 8, 9, 10


@dataclass(frozen=True)
class _Row:
    """One line to write; ``payment_fen`` is None where the amount cannot be read."""

    cells: list[Cell]
    payment_fen: int | None
    refund_fen: int
    hint: str = ""
    fate: str = "quarantined"


def write_exports(world: World, plan: SalesPlan, out: Path) -> list[BadRow]:
    """Write both files below ``inbox/<county>/sales`` and return their bad rows.

    The workbook holds what was last changed by the end of July; the CSV what changed later, so that
    an order can stand in both, first as it was then.
    """
    rng = world.rng("sales export")
    cut = datetime(world.year, 7, 31, 23, 59, 59)
    ours = [order for order in plan.orders if order.platform == EXPORT_PLATFORM]
    lines_of = {order.number: rng.choices((1, 2, 3, 4), (70, 18, 8, 4))[0] for order in ours}
    lines_of |= {order.number: 2 for order in plan.echoes[1:2]}
    restated = [o for o in plan.earlier if lines_of.get(o.number) == 1]
    known = [*ours, *plan.echoes, *restated]
    first = [order for order in known if order.modified <= cut]
    second = [order for order in known if order.modified > cut]
    folder = f"inbox/{world.county.code}/sales"
    found: list[BadRow] = []
    for kind, orders in (("xlsx", first), ("csv", second)):
        current = _latest(orders)
        rows = [row for order in current for row in _rows(order, lines_of.get(order.number, 1), kind, rng)]
        rows = _with_bad_rows(rows, rng)
        file = f"{folder}/832平台订单导出_{world.year}-{'07' if kind == 'xlsx' else '12'}.{kind}"
        found += _write(out, file, kind, rows, world)
    return found


def _latest(orders: Iterable[Order]) -> list[Order]:
    """Keep each order of a seller once, as last changed: an export knows no former states."""
    last: dict[tuple[str, str], Order] = {}
    for order in sorted(orders, key=lambda order: order.modified):
        last[order.seller.uscc, order.number] = order
    return sorted(last.values(), key=lambda order: (order.created, order.number))


def _rows(order: Order, count: int, kind: str, rng: Random) -> Iterator[_Row]:
    """Split an order into lines of different SKU whose amounts add up to it."""
    count = max(1, min(count, order.payment_fen // 100))
    left, refund = order.payment_fen, order.refund_fen
    for line in range(1, count + 1):
        amount = left if line == count else max(1, left // (count - line + 1) // 100 * 100)
        returned = min(amount, refund)
        left, refund = left - amount, refund - returned
        sku = order.sku if line == 1 else f"{order.sku}/{line}"
        part = replace(order, sku=sku, payment_fen=amount, refund_fen=returned)
        yield _Row(_cells(part, kind, rng), amount, returned)


def _cells(order: Order, kind: str, rng: Random) -> list[Cell]:
    as_time = (lambda value: value) if kind == "xlsx" and rng.random() < 0.5 else moment
    amount = rng.choice(_AMOUNTS if kind == "xlsx" else _AMOUNTS[:2])
    refund: Cell = amount(order.refund_fen) if order.refund_fen else rng.choice((None, "0.00"))
    return [
        order.number,
        order.seller.name,
        order.seller.uscc,
        order.buyer,
        order.buyer_province,
        order.goods,
        order.sku,
        order.quantity,
        amount(order.payment_fen),
        refund,
        rng.choice(_STATUSES[order.status]),
        as_time(order.created),
        as_time(order.paid),
        as_time(order.modified),
        as_time(order.finished),
    ]


def _comma(fen: int) -> Cell:
    return f"{fen // 100:,}.{fen % 100:02d}"


def _sign(fen: int) -> Cell:
    return f"￥{_comma(fen)}"


def _number(fen: int) -> Cell:
    return fen / 100


_AMOUNTS = (yuan, _comma, _sign, _number)


def _with_bad_rows(rows: list[_Row], rng: Random) -> list[_Row]:
    """Add rows of orders that exist nowhere else, each with one cell broken, and one row twice."""
    if not rows:
        return rows
    broken = []
    for serial, (column, value, hint) in enumerate(_BREAKS):
        model = rng.choice(rows)
        cells = list(model.cells)
        cells[0] = f"83000000{rng.randrange(10**8):08d}{serial:02d}"
        code = str(cells[_USCC])
        cells[column] = value or code[:17] + ("A" if code[17] != "A" else "B")
        if column == _PAYMENT:
            cells[_REFUND] = None
            broken.append(_Row(cells, None, 0, hint))
        else:
            broken.append(_Row(cells, model.payment_fen, model.refund_fen, hint))
    for row in broken:
        rows.insert(rng.randint(0, len(rows)), row)
    index = rng.choice([i for i, row in enumerate(rows) if not row.hint])
    rows.insert(index + 1, replace(rows[index], hint="the row stands twice", fate="duplicate"))
    return rows


_BREAKS: tuple[tuple[int, str, str], ...] = (
    (_PAYMENT, "约三千", "the amount is no number"),
    (_USCC, "", "the social credit code's check digit is wrong"),
    (_STATUS, "状态异常", "the status is not one the platform knows"),
)


def _write(out: Path, file: str, kind: str, rows: list[_Row], world: World) -> list[BadRow]:
    grid = Grid("订单")
    if kind == "xlsx":
        grid.add("脱贫地区农副产品网络销售平台订单导出")
        grid.merge(0, 0, 0, len(_HEADERS[kind]) - 1)
        grid.add(f"填报日期：{world.year}年7月31日")
    grid.add(*_HEADERS[kind])
    sheet = grid.name if kind == "xlsx" else ""
    numbered = [(grid.add(*row.cells), row) for row in rows]
    if kind == "xlsx":
        total: list[Cell] = ["合计", *[None] * (len(_HEADERS[kind]) - 1)]
        total[_PAYMENT] = _comma(sum(row.payment_fen or 0 for row in rows))
        total[_REFUND] = _comma(sum(row.refund_fen for row in rows))
        grid.add(*total)
        write_workbook(out / file, grid)
    else:
        write_delimited(out / file, grid, "gb18030")
    return [
        BadRow(file, sheet, row_no, "sales_order", row.fate, row.hint) for row_no, row in numbered if row.hint
    ]
