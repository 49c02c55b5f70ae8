"""Rows that share a number: refunds of an order, parts of a receipt, and what no reading is certain of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.conform.rows.computed import gift_doubt
from xiezuo.conform.rows.lines import number_parts, settle_refunds
from xiezuo.declared.contracts import LinesSpec

ORDERS = LinesSpec(target="line_no", within=("shop", "order_no"), order=("goods", "paid_yuan"), refund="refund_yuan")
RECEIPTS = LinesSpec(
    target="part_no", within=("receipt_no",), order=("cash", "goods_name"), parts=("cash", "goods"),
    named="goods_name", same=("donor", "on"),
)  # fmt: skip


def sold(number: int, yuan: str, order: str = "A1", refund: str | None = None, **given: Any) -> dict[str, Any]:
    row = {"row_no": number, "shop": "S", "order_no": order, "goods": "粉条", "paid_yuan": Decimal(yuan), "on": None}
    return row | {"refund_yuan": None if refund is None else Decimal(refund), "is_dated": False} | given


def settled(*rows: dict[str, Any]) -> tuple[dict[int, str], list[tuple[str, str]]]:
    doubts = settle_refunds(list(rows), ORDERS, "paid_yuan", "refund_yuan")
    return (
        {number: doubt.code for number, doubt in doubts.items()},
        [(str(row["paid_yuan"]), str(row["refund_yuan"])) for row in rows if row["row_no"] not in doubts],
    )


def test_a_negative_row_is_a_refund_of_its_order() -> None:
    """It stands with the line it takes back; its own row has nothing paid, and the order's day."""
    day = date(2022, 3, 1)
    order, back = sold(1, "100", on=day, is_dated=True), sold(2, "-30")
    assert settled(order, back) == ({}, [("100", "30"), ("0.00", "0.00")])
    assert (back["on"], back["is_dated"], back["row_no"]) == (day, True, 2)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([sold(1, "100"), sold(2, "-30", order="A2")], {2: "REFUND_WITHOUT_ORDER"}),
        ([sold(1, "100", shop="T"), sold(2, "-30")], {2: "REFUND_WITHOUT_ORDER"}),
        ([sold(1, "100"), sold(2, "-100.01")], {2: "REFUND_EXCEEDS_ORDER"}),
        ([sold(1, "100"), sold(2, "-60"), sold(3, "-50")], {3: "REFUND_EXCEEDS_ORDER"}),
        ([sold(1, "100", refund="30"), sold(2, "-30")], {2: "REFUND_TWICE"}),
        ([sold(1, "100"), sold(2, "-30", refund="30")], {2: "REFUND_TWICE"}),
        ([sold(1, "100"), sold(2, "50", goods="大豆"), sold(3, "-30")], {3: "REFUND_UNCLEAR"}),
        ([sold(1, "100"), sold(2, "100", goods="大豆"), sold(3, "-100")], {3: "REFUND_UNCLEAR"}),
    ],
)
def test_a_negative_row_that_no_line_answers_waits(rows: list[dict[str, Any]], codes: dict[int, str]) -> None:
    assert settled(*(dict(row) for row in rows))[0] == codes


def test_a_refund_of_one_of_several_lines_is_told_by_its_amount() -> None:
    rows = sold(1, "100"), sold(2, "50", goods="大豆"), sold(3, "-50")
    assert settled(*rows) == ({}, [("100", "None"), ("50", "50"), ("0.00", "0.00")])


def test_a_refund_typed_twice_is_one_refund() -> None:
    """As an order's line typed twice is one line."""
    assert settled(sold(1, "100"), sold(2, "100"), sold(3, "-30"), sold(4, "-30")) == (
        {}, [("100", "30"), ("100", "30"), ("0.00", "0.00"), ("0.00", "0.00")],
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(-50, 100).filter(bool)), max_size=8))
def test_what_is_left_of_orders_is_what_the_rows_add_up_to(typed: list[tuple[str, int]]) -> None:
    """Refunds move between rows; no yuan is won or lost among the rows that are not held back."""
    rows = [sold(n, str(yuan), order, goods=str(n)) for n, (order, yuan) in enumerate(typed)]
    before = {row["row_no"]: row["paid_yuan"] for row in rows}
    doubts = settle_refunds(rows, ORDERS, "paid_yuan", "refund_yuan")
    kept = [row for row in rows if row["row_no"] not in doubts]
    assert sum(row["paid_yuan"] - (row["refund_yuan"] or 0) for row in kept) == sum(before[row["row_no"]] for row in kept)
    assert all(row["paid_yuan"] >= (row["refund_yuan"] or 0) >= 0 for row in kept)


def part(number: int, cash: int | None = None, goods: int | None = None, name: str | None = None, **given: Any) -> dict[str, Any]:
    amounts = {"cash": None if cash is None else Decimal(cash), "goods": None if goods is None else Decimal(goods)}
    row = {"row_no": number, "receipt_no": "J-1", "donor": "商会", "on": date(2022, 5, 6), "goods_name": name, "updated_at": None}
    return row | amounts | given


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ([part(1, cash=10), part(2, goods=5, name="校服")], [1, 0]),
        ([part(1, cash=10), part(2, goods=5)], [1, 0]),
        ([part(1, goods=5, name="校服"), part(2, goods=5, name="电脑")], [0, 1]),
        ([part(1, cash=10, goods=5), part(2, cash=10, goods=5)], [0, 0]),
        ([part(1, cash=10), part(2, cash=10), part(3, goods=5, name="校服")], [1, 1, 0]),
        ([part(1, cash=10, goods=5), part(2, goods=5)], None),
        ([part(1, cash=10), part(2, cash=12)], None),
        ([part(1, cash=10), part(2, goods=5, name="校服", donor="基金会")], None),
        ([part(1, cash=10), part(2, goods=5, name="校服", on=date(2022, 5, 7))], None),
        ([part(1, goods=5, name="校服"), part(2, goods=6, name="校服")], None),
        ([part(1, goods=5), part(2, goods=6, name="校服")], None),
        ([part(1, cash=10), part(2)], None),
    ],
)  # fmt: skip
def test_rows_of_a_receipt_are_its_parts_or_wait(rows: list[dict[str, Any]], numbers: list[int] | None) -> None:
    doubts = number_parts(rows, RECEIPTS, None)
    assert {doubt.code for doubt in doubts.values()} == (set() if numbers else {"RECEIPT_UNCLEAR"})
    assert [row.get("part_no") for row in rows] == (numbers or [None] * len(rows))
    assert len(doubts) == (0 if numbers else len(rows))


def test_parts_of_a_receipt_have_the_latest_of_their_versions() -> None:
    """In a database each row says when it was changed; the older part would be outdated by the newer."""
    rows = [part(1, cash=10, updated_at=datetime(2022, 5, 6, tzinfo=UTC)), part(2, goods=5, updated_at=datetime(2022, 5, 8, tzinfo=UTC))]
    number_parts(rows, RECEIPTS, "updated_at")
    assert {row["updated_at"].day for row in rows} == {8}


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        (("cash", 10, None, None, None), None),
        (("goods", None, 5, "校服", None), None),
        (("both", 10, 10, "校服", None), None),
        ((None, 10, 5, "校服", None), None),
        ((None, 10, None, "无", None), None),
        (("cash", None, 5, "校服", None), "kind"),
        (("goods", 10, None, None, None), "kind"),
        ((None, 10, None, "校服", None), "unvalued"),
        ((None, 10, 10, "校服", None), "twice"),
        ((None, 10, 10, "校服", 20), None),
    ],
)
def test_a_gift_of_one_row_is_read_in_one_way_or_waits(told: tuple[Any, ...], doubt: str | None) -> None:
    kind, cash, goods, name, total = told
    amounts = [None if amount is None else Decimal(amount) for amount in (cash, goods)]
    assert gift_doubt(kind, *amounts, name, total and Decimal(total)) == doubt


def test_a_column_headed_by_the_whole_gift_may_hold_the_goods_too() -> None:
    assert gift_doubt(None, Decimal(15), Decimal(5), "校服", None, says_whole=True) == "twice"
    assert gift_doubt("both", Decimal(15), Decimal(5), "校服", None, says_whole=True) is None
    assert gift_doubt(None, Decimal(15), Decimal(5), "校服", Decimal(20), says_whole=True) is None
