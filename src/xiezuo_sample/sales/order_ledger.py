"""The office's own sales ledger: orders that no platform has, and some that one has too.

Its amounts are whole hundreds of yuan, so that they stand in 万元 with two decimals. What it repeats of
other feeds counts as those say: it is the last feed to be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from xiezuo_sample.goals import Goals
from xiezuo_sample.ledger import shares
from xiezuo_sample.people import organisation
from xiezuo_sample.sales.plan import Order, SalesPlan, Seller
from xiezuo_sample.sales.registers import Firm, Registers
from xiezuo_sample.world import World

LEDGER_PLATFORM = "ledger"
_SHARE = 12
"""Hundredths of the year's sales that only the ledger knows."""
_UNIT_FEN = 10_000
_GOODS = ("羊羔肉", "马铃薯淀粉", "亚麻籽油", "小杂粮组合", "荞麦面", "苹果梨")


@dataclass
class OrderLedger:
    """``orders`` count. ``restated`` are former states of some of them, told by June's ledger.

    ``repeated`` are orders of platforms; the last of them has another amount there, which is a finding.
    """

    orders: list[Order]
    restated: list[Order]
    repeated: list[Order]

    @property
    def net_fen(self) -> int:
        """What the ledger adds to the year's sales."""
        return sum(order.payment_fen for order in self.orders)


def plan_order_ledger(world: World, goals: Goals, registers: Registers) -> OrderLedger:
    """Draw the orders of the year that only the ledger has: about an eighth of all sales."""
    rng = world.rng("order ledger")
    units = goals.net_fen * _SHARE // 100 // _UNIT_FEN
    count = min(max(12, goals.orders // 20), units)
    firms = list(dict.fromkeys(product.firm for product in registers.products))
    amounts = shares(units, [rng.lognormvariate(0, 0.8) for _ in range(count)])
    orders = [
        _order(world, rng.choice(firms), serial, amount * _UNIT_FEN, rng)
        for serial, amount in enumerate(amounts, start=1)
    ]
    june = datetime(world.year, 6, 30)
    early = [order for order in orders if order.created <= june]
    restated = [replace(order, payment_fen=order.payment_fen + 5 * _UNIT_FEN) for order in early[:2]]
    return OrderLedger(orders, restated, [])


def with_repeats(ledger: OrderLedger, plan: SalesPlan, world: World) -> OrderLedger:
    """Let the ledger repeat some orders of every other feed, one of them with another amount."""
    rng = world.rng("repeated orders")
    seen = {(order.seller.uscc, order.number) for order in plan.echoes}
    plain = [
        order
        for order in plan.orders
        if order.counts and not order.refund_fen and (order.seller.uscc, order.number) not in seen
    ]
    repeated: list[Order] = []
    for platform in sorted({order.platform for order in plain}):
        ours = [order for order in plain if order.platform == platform]
        repeated += rng.sample(ours, min(3, len(ours)))
    if repeated:
        last = repeated[-1]
        repeated[-1] = replace(last, payment_fen=last.payment_fen + 7 * _UNIT_FEN)
    return replace(ledger, repeated=repeated)


def _order(world: World, firm: Firm, serial: int, fen: int, rng: Random) -> Order:
    """Draw a sale of a day; every third has no order number, and its invoice's stands for it."""
    county = world.county
    sold = datetime(world.year, 1, 5) + timedelta(days=rng.randrange(355))
    province = rng.choices((county.paired_province, county.province), (85, 15))[0]
    has_order = serial % 3 != 0
    number = f"XS{world.year}{serial:06d}" if has_order else f"{world.year % 100:02d}{serial:06d}"
    return Order(
        platform=LEDGER_PLATFORM,
        number=number,
        seller=Seller(firm.name, firm.uscc),
        buyer=organisation(rng, county.paired_county, rng.choice(("机关事务服务中心", "医院食堂", "工会"))),
        buyer_province=province,
        goods=rng.choice(_GOODS),
        sku="",
        quantity=rng.randint(5, 900),
        payment_fen=fen,
        refund_fen=0,
        status="finished",
        created=sold,
        paid=sold,
        modified=sold,
        finished=sold,
    )
