"""Writing the platforms' feeds: one line of JSON an item, in the words of the profile that serves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from xiezuo.base.clock import SHANGHAI
from xiezuo_sample.sales.plan import API_PLATFORMS, Order, SalesPlan
from xiezuo_sample.world import World

_TOP_STATUSES = {
    "unpaid": "WAIT_BUYER_PAY",
    "paid": "WAIT_SELLER_SEND_GOODS",
    "sent": "WAIT_BUYER_CONFIRM_GOODS",
    "finished": "TRADE_FINISHED",
    "closed": "TRADE_CLOSED",
}
_DOUDIAN_STATUSES = {"unpaid": 1, "paid": 2, "sent": 3, "closed": 4, "finished": 5}


def write_feeds(world: World, plan: SalesPlan, out: Path) -> None:
    """Write ``platforms/<name>.ndjson``: current and former states, and some items twice."""
    rng = world.rng("sales feeds")
    folder = out / "platforms"
    folder.mkdir(parents=True, exist_ok=True)
    for platform, profile in API_PLATFORMS.items():
        states = [order for order in (*plan.orders, *plan.earlier) if order.platform == platform]
        states += rng.sample(states, len(states) // 80)
        states.sort(key=lambda order: (order.modified, order.number))
        with (folder / f"{platform}.ndjson").open("w", encoding="utf-8", newline="\n") as target:
            for order in states:
                target.write(json.dumps(_ITEMS[profile](order), ensure_ascii=False) + "\n")


def top_item(order: Order) -> dict[str, object]:
    """Return an order as an item of profile ``top``: amounts in yuan as text, local times."""
    return {
        "order_no": order.number,
        "shop_name": order.seller.name,
        "shop_uscc": order.seller.uscc,
        "buyer_org": order.buyer,
        "buyer_province": order.buyer_province,
        "goods_title": f"{order.goods} {order.sku}",
        "sku_id": order.sku,
        "num": order.quantity,
        "payment": yuan(order.payment_fen),
        "refund_fee": yuan(order.refund_fen),
        "status": _TOP_STATUSES[order.status],
        "created": moment(order.created),
        "pay_time": moment(order.paid),
        "modified": moment(order.modified),
        "end_time": moment(order.finished),
    }


def doudian_item(order: Order) -> dict[str, object]:
    """Return an order as an item of profile ``doudian``: amounts in fen, times in epoch seconds."""
    return {
        "order_id": order.number,
        "shop_name": order.seller.name,
        "shop_uscc": order.seller.uscc,
        "buyer_org": order.buyer,
        "post_province": order.buyer_province,
        "product_name": f"{order.goods} {order.sku}",
        "sku_id": order.sku,
        "item_num": order.quantity,
        "pay_amount": order.payment_fen,
        "refund_amount": order.refund_fen,
        "order_status": _DOUDIAN_STATUSES[order.status],
        "create_time": epoch(order.created),
        "pay_time": epoch(order.paid),
        "update_time": epoch(order.modified),
        "finish_time": epoch(order.finished),
    }


_ITEMS: Mapping[str, Callable[[Order], dict[str, object]]] = {"top": top_item, "doudian": doudian_item}


def epoch(value: datetime | None) -> int | None:
    """Write a local time (+08:00) as seconds since 1970."""
    return None if value is None else int(value.replace(tzinfo=SHANGHAI).timestamp())


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def moment(value: datetime | None) -> str | None:
    """Write a local time as the platforms do."""
    return None if value is None else f"{value:%Y-%m-%d %H:%M:%S}"
