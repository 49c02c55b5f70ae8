"""The sales plan: orders of four platforms whose net sum is exact to the fen.

Amounts are whole fen here; every time is local (+08:00) and lies within the year, before its last hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from xiezuo.base.errors import ConfigError
from xiezuo_sample.codes import credit_code
from xiezuo_sample.goals import Goals
from xiezuo_sample.outcome import Fact, Value, additive
from xiezuo_sample.people import organisation
from xiezuo_sample.world import World

API_PLATFORMS = {"taobao": "top", "jd": "top", "douyin": "doudian"}
"""The platforms that answer over HTTP, and the profile each of them speaks."""
EXPORT_PLATFORM = "832"
_MONTH_WEIGHTS = (12, 4, 5, 6, 7, 7, 6, 7, 11, 10, 11, 14)
_GOODS = ("小米", "胡麻油", "苦荞茶", "扁豆粉", "马铃薯粉条", "藜麦", "羊肉礼盒", "蜂蜜", "黄芪切片")
_SIZES = ("5斤装", "10斤装", "2.5kg*4", "礼盒", "500g*10")


@dataclass(frozen=True)
class Seller:
    """An invented shop with a valid social credit code of no real region."""

    name: str
    uscc: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order as known at ``modified``; ``status`` is unpaid, paid, sent, finished or closed."""

    platform: str
    number: str
    seller: Seller
    buyer: str
    buyer_province: str
    goods: str
    sku: str
    quantity: int
    payment_fen: int
    refund_fen: int
    status: str
    created: datetime
    paid: datetime | None
    modified: datetime
    finished: datetime | None

    @property
    def counts(self) -> bool:
        """Paid and not closed: the rule for net sales."""
        return self.paid is not None and self.status in ("paid", "sent", "finished")


@dataclass
class SalesPlan:
    """``orders`` count; ``echoes`` are the same orders seen through the export of another platform.

    ``earlier`` are former states of counted orders; an echo whose amount differs is a finding.
    """

    sellers: tuple[Seller, ...]
    orders: list[Order] = field(default_factory=list)
    earlier: list[Order] = field(default_factory=list)
    echoes: list[Order] = field(default_factory=list)


def plan_sales(world: World, goals: Goals) -> SalesPlan:
    """Draw the orders and make their net sum the goal."""
    rng = world.rng("sales")
    plan = SalesPlan(_sellers(world, rng))
    drawn = [_order(world, plan, rng, serial) for serial in range(goals.orders)]
    plan.orders = _priced(drawn, goals.net_fen, rng)
    for order in plan.orders:
        if order.counts and order.paid and order.modified > order.paid and rng.random() < 0.08:
            plan.earlier.append(
                replace(order, status="paid", refund_fen=0, modified=order.paid, finished=None)
            )
    through_api = [o for o in plan.orders if o.platform != EXPORT_PLATFORM and o.counts]
    seen = rng.sample(through_api, min(len(through_api), max(3, goals.orders // 100)))
    plan.echoes = [replace(order, platform=EXPORT_PLATFORM) for order in seen]
    plan.echoes[0] = replace(plan.echoes[0], payment_fen=plan.echoes[0].payment_fen + 1000)
    return plan


def sales_values(plan: SalesPlan, year: int) -> Iterator[Value]:
    """Count the plan: payment less refund in the month of payment."""
    facts = [
        Fact(order.paid.date(), "", Decimal(order.payment_fen - order.refund_fen) / 100)
        for order in plan.orders
        if order.counts and order.paid
    ]
    yield from additive("CON1", "元", year, facts)


def _sellers(world: World, rng: Random) -> tuple[Seller, ...]:
    name = world.county.name
    kinds = (
        "农产品有限公司",
        "粮油有限公司",
        "食品有限公司",
        "商贸有限公司",
        "生态农业有限公司",
        "电子商务有限公司",
    )
    firms = [Seller(organisation(rng, name, kind), credit_code(rng)) for kind in kinds]
    village = Seller(organisation(rng, name, "股份经济合作社"), credit_code(rng, "N2"))
    return (*firms, Seller(organisation(rng, name, "农民专业合作社"), credit_code(rng, "93")), village)


def _order(world: World, plan: SalesPlan, rng: Random, serial: int) -> Order:
    """Draw an order; its payment is a weight until :func:`_priced` makes it money."""
    platform = rng.choices((*API_PLATFORMS, EXPORT_PLATFORM), (35, 18, 17, 30))[0]
    end = datetime(world.year, 12, 31, 22, 59, 59)
    month = rng.choices(range(1, 13), _MONTH_WEIGHTS)[0]
    created = datetime(
        world.year, month, rng.randint(1, 28 if month == 2 else 30), rng.randint(0, 21), rng.randint(0, 59)
    )
    created += timedelta(seconds=rng.randint(0, 59))
    status = rng.choices(("unpaid", "closed", "paid", "sent", "finished"), (7, 8, 8, 10, 67))[0]
    is_paid = status not in ("unpaid", "closed") or (status == "closed" and rng.random() < 0.5)
    paid = min(end, created + timedelta(seconds=rng.randint(20, 5400))) if is_paid else None
    later = timedelta(days=rng.randint(2, 24), seconds=rng.randint(0, 80_000))
    modified = (
        created if status == "unpaid" else paid if status == "paid" else min(end, (paid or created) + later)
    )
    county = world.county
    province = rng.choices((county.paired_province, county.province, "广东省"), (70, 20, 10))[0]
    prefix = {"taobao": "29", "jd": "27", "douyin": "69", EXPORT_PLATFORM: "83"}[platform]
    return Order(
        platform=platform,
        number=f"{prefix}{world.year % 100:02d}{rng.randrange(10**6):06d}{serial:08d}",
        seller=rng.choice(plan.sellers),
        buyer=organisation(
            rng, county.paired_county if province == county.paired_province else province, "机关食堂"
        ),
        buyer_province=province,
        goods=rng.choice(_GOODS),
        sku=f"{rng.choice(_SIZES)}-{rng.randrange(1000):03d}",
        quantity=rng.randint(1, 400),
        payment_fen=100 + round(100_000 * rng.lognormvariate(0, 1.1)),
        refund_fen=0,
        status=status,
        created=created,
        paid=paid,
        modified=modified or created,
        finished=modified if status == "finished" else None,
    )


def _priced(drawn: list[Order], net_fen: int, rng: Random) -> list[Order]:
    """Refund some, turn weights into fen, and let the largest order take the few fen left over."""
    weighed = [_refunded(order, rng) for order in drawn]
    counted = sum(order.payment_fen - order.refund_fen for order in weighed if order.counts)
    orders = []
    for order in weighed:
        payment = max(1000, order.payment_fen * net_fen // counted // 10 * 10)
        orders.append(
            replace(order, payment_fen=payment, refund_fen=payment * order.refund_fen // order.payment_fen)
        )
    left = net_fen - sum(order.payment_fen - order.refund_fen for order in orders if order.counts)
    largest = max((i for i, o in enumerate(orders) if o.counts), key=lambda i: (orders[i].payment_fen, i))
    orders[largest] = replace(orders[largest], payment_fen=orders[largest].payment_fen + left)
    if orders[largest].payment_fen <= orders[largest].refund_fen:
        raise ConfigError("the sample's net sales are too small for its number of orders")
    return orders


def _refunded(order: Order, rng: Random) -> Order:
    """Refund closed orders in full and some others in part, half of those in a later month."""
    if order.status == "closed":
        return replace(order, refund_fen=order.payment_fen if order.paid else 0)
    if not order.counts or order.paid is None or rng.random() > 0.09:
        return order
    end = datetime(order.created.year, 12, 31, 22, 59, 59)
    delay = timedelta(days=rng.randint(32, 70) if rng.random() < 0.5 else rng.randint(1, 9))
    refund = order.payment_fen * rng.randint(5, 60) // 100
    return replace(order, refund_fen=refund, modified=min(end, order.modified + delay))
