"""The ways in which an order of the bench is bad, and what the pipeline must say of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Item = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One way to be bad: ``edit`` spoils an item, ``rule_id`` is the reason that must be in quarantine.

    ``by_rule``: a row rule catches it; without row rules the order is taken as it is.
    """

    rule_id: str
    by_rule: bool
    edit: Callable[[Item], Item]


@dataclass(frozen=True)
class Spoiled:
    """A spoiled item and its kind."""

    item: Item
    kind: Kind


def spoil(item: Item, kind: Kind) -> Spoiled:
    """Spoil an order, paid at once, in exactly one way."""
    paid = {"status": "WAIT_SELLER_SEND_GOODS", "pay_time": item["created"], "end_time": None, "refund_fee": "0.00"}
    return Spoiled(kind.edit(item | paid), kind)


def _with(**changed: Any) -> Callable[[Item], Item]:
    return lambda item: item | changed


def _wrong_check_character(item: Item) -> Item:
    code = item["shop_uscc"]
    return item | {"shop_uscc": code[:-1] + ("2" if code[-1] == "1" else "1")}


def _refunded_too_much(item: Item) -> Item:
    return item | {"refund_fee": f"{float(item['payment']) + 10:.2f}"}


KINDS = (
    Kind("MONEY_FORMAT", by_rule=False, edit=_with(payment="面议")),
    Kind("SAL_PAYMENT_NEGATIVE", by_rule=True, edit=_with(payment="-12.00", refund_fee=None)),
    Kind("USCC_CHECKSUM", by_rule=False, edit=_wrong_check_character),
    Kind("SAL_REFUND_EXCEEDS_PAYMENT", by_rule=True, edit=_refunded_too_much),
    Kind("ENUM_UNKNOWN", by_rule=False, edit=_with(status="TRADE_LOST")),
    Kind("SAL_PAID_WITHOUT_DATE", by_rule=True, edit=_with(pay_time=None)),
    Kind("REQUIRED", by_rule=False, edit=_with(modified=None)),
    Kind("BENCH_QUANTITY", by_rule=True, edit=_with(num=0)),
    Kind("DATE_IMPOSSIBLE", by_rule=False, edit=_with(created="2022-13-45 10:00:00")),
    Kind("BENCH_TITLE_TEST", by_rule=True, edit=_with(goods_title="测试商品 请勿拍下")),
    Kind("REQUIRED", by_rule=False, edit=_with(payment=None)),
    Kind("BENCH_PROVINCE", by_rule=True, edit=_with(buyer_province="海外省")),
    Kind("REQUIRED", by_rule=False, edit=_with(order_no="")),
    Kind("BENCH_PAID_BEFORE_CREATED", by_rule=True, edit=_with(pay_time="2022-05-31 08:00:00")),
)
