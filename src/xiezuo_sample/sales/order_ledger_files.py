"""Writing the office's sales ledger: the first half year in 万元, the second in 元."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.ledger import (
    Head,
    Ledger,
    inbox,
    mixed,
    spoiled_code,
    typed_day,
    write_ledgers,
    write_text,
)
from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sales.order_ledger import LEDGER_PLATFORM, OrderLedger
from xiezuo_sample.sales.plan import Order
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import World

_FRONT = ("sold_on", "seller", "uscc", "product", "buyer", "region", "channel", "quantity", "amount")
_WAN = (*_FRONT, "order_no", "invoice_no", "households", "people")
_YUAN = (*_FRONT, "order_no", "invoice_no", "remark")
_CHANNELS = ("定点采购", "展销会", "社区团购")


def write_order_ledger(world: World, plan: OrderLedger, out: Path) -> list[BadRow]:
    """Write both ledgers below ``inbox/<county>/sales``.

    June's tells some orders as they were known then; December's states them again. Both have bad rows.
    """
    rng = world.rng("order ledger files")
    june, december = date(world.year, 6, 30), date(world.year, 12, 31)
    cut = datetime(world.year, 6, 30, 23, 59, 59)
    all_orders = [*plan.orders, *plan.repeated]
    first_told = {order.number: order for order in plan.restated}
    early = [first_told.get(order.number, order) for order in all_orders if _sold(order) <= cut]
    late = [order for order in all_orders if _sold(order) > cut or order.number in first_told]
    found = _write(world, early, june, out, rng) if early else []
    return [*found, *_write(world, late, december, out, rng)] if late else found


def _sold(order: Order) -> datetime:
    return order.paid or order.created


def _write(world: World, orders: list[Order], day: date, out: Path, rng: Random) -> list[BadRow]:
    in_wan = day.month == 6
    head = Head(
        f"{world.county.name}{world.year}年消费帮扶销售台账",
        "县商务局",
        day,
        "order_wan" if in_wan else "order_yuan",
        _WAN if in_wan else _YUAN,
        "万元" if in_wan else "",
    )
    ledger = Ledger.begin("sales_order", "销售台账", head, rng)
    orders = sorted(orders, key=lambda order: (_sold(order), order.number))
    good = [("", _cells(order, in_wan, rng), order.payment_fen) for order in orders]
    total = 0
    for hint, cells, fen in mixed(good, _broken(orders[0], in_wan, rng), rng):
        ledger.add(cells, hint)
        total += fen
    ledger.add(good[-1][1], "the row stands twice", "duplicate")
    total += good[-1][2]
    ledger.total({"amount": _amount(total, in_wan)})
    name = f"消费帮扶销售台账_{day:%Y-%m}"
    if in_wan:
        return write_ledgers(out, inbox(world, "sales", f"{name}.xlsx"), [ledger])
    return write_text(out, inbox(world, "sales", f"{name}.csv"), ledger, "gb18030")


def _amount(fen: int, in_wan: bool) -> str:
    """Write an amount without losing a fen of it."""
    return f"{(Decimal(fen) / (1_000_000 if in_wan else 100)):,f}"


def _cells(order: Order, in_wan: bool, rng: Random) -> dict[str, Cell]:
    has_order_no = not order.number.isdigit() or order.platform != LEDGER_PLATFORM
    invoice = f"{_sold(order):%y}9{order.number[-5:]}" if rng.random() < 0.5 else None
    amount: Cell = _amount(order.payment_fen, in_wan)
    if rng.random() < 0.5:
        amount = float(Decimal(order.payment_fen) / (1_000_000 if in_wan else 100))
    return {
        "sold_on": typed_day(_sold(order).date(), rng),
        "seller": order.seller.name,
        "uscc": order.seller.uscc,
        "product": order.goods,
        "buyer": order.buyer,
        "region": order.buyer_province,
        "channel": rng.choice(_CHANNELS),
        "quantity": order.quantity,
        "amount": amount,
        "order_no": order.number if has_order_no else None,
        "invoice_no": invoice if has_order_no else order.number,
        "households": rng.randint(1, 30),
        "people": rng.randint(30, 90),
    }


def _broken(model: Order, in_wan: bool, rng: Random) -> list[tuple[str, dict[str, Cell], int]]:
    """Return rows of sales that count nowhere, each with one cell broken, and the fen that can be read."""
    half = "A" if in_wan else "B"
    breaks: Mapping[str, dict[str, Cell]] = {
        "neither order nor invoice number": {"order_no": None, "invoice_no": None},
        "the amount is no number": {"amount": "约三千"},
        "the social credit code's check digit is wrong": {"uscc": spoiled_code(model.seller.uscc)},
        "a sale without its day": {"sold_on": None},
    }
    found = []
    for number, (hint, cells) in enumerate(breaks.items(), start=1):
        row = _cells(model, in_wan, rng) | {"order_no": f"XSBAD{half}{number}", "invoice_no": None} | cells
        found.append((hint, row, 0 if "amount" in cells else model.payment_fen))
    return found
