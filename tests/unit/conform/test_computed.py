"""Columns made from others: lines of an order, local days, ages, provinces of jobs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import Unreadable
from xiezuo.conform.rows.computed import compute
from xiezuo.conform.rows.lines import number_lines
from xiezuo.declared.contracts import ComputedSpec, LinesSpec

LINES = LinesSpec(target="line_no", within=("shop_uscc", "order_no"), order=("sku", "payment_yuan"))


def spec(kind: str, *names: str, **more: Any) -> ComputedSpec:
    return ComputedSpec.model_validate({"type": kind, "from": names, **more})


def order_row(
    row_no: int, order: str, sku: str | None, amount: str | None, goods: str = ""
) -> dict[str, Any]:
    return {"row_no": row_no, "shop_uscc": "s", "order_no": order, "sku": sku, "goods_title": goods,
            "payment_yuan": None if amount is None else Decimal(amount)}  # fmt: skip


ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]), st.sampled_from([None, "1kg", "2kg"]), st.sampled_from([None, "9.00", "10.00", "-1.00"]),
        st.sampled_from(["", "x"]),
    ),
    max_size=8,
)  # fmt: skip


@given(ORDERS, st.randoms(use_true_random=False))
def test_lines_are_numbered_alike_in_any_order_of_rows(rows: list[tuple[Any, ...]], chance: Any) -> None:
    """The number of a line follows from what stands in the order, never from where it stands in the file."""

    def numbered(order: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        made = [order_row(number, *cells) for number, cells in enumerate(order)]
        number_lines(made, LINES)
        return sorted(
            (r["order_no"], r["line_no"], str(r["sku"]), str(r["payment_yuan"]), r["goods_title"])
            for r in made
        )

    shuffled = rows.copy()
    chance.shuffle(shuffled)
    found = numbered(rows)
    assert numbered(shuffled) == found
    for order in {
        row[0] for row in found
    }:  # without a gap, and two lines share a number only when they are alike
        lines = {(row[1], row[2:]) for row in found if row[0] == order}
        assert sorted(number for number, _ in lines) == list(range(len(lines)))


def test_lines_follow_sku_and_then_amount_as_a_number() -> None:
    rows = [
        order_row(1, "A", "2kg", "9.00"),
        order_row(2, "A", "1kg", "10.00"),
        order_row(3, "A", "1kg", "9.00"),
    ]
    number_lines(rows, LINES)
    assert [row["line_no"] for row in rows] == [2, 1, 0]


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2000-03-05", "2022-03-05", 22),
        ("2000-03-06", "2022-03-05", 21),
        ("2000-02-29", "2022-02-28", 21),
        (None, "2022-03-05", None),
    ],
)
def test_an_age_is_in_whole_years_on_the_day(born: str | None, on: str, age: int | None) -> None:
    row = {"born": None if born is None else date.fromisoformat(born), "on": date.fromisoformat(on)}
    assert compute(spec("age", "born", "on"), row) == age


def test_a_day_is_the_day_in_shanghai() -> None:
    row = {"at": datetime(2022, 12, 31, 16, 0, tzinfo=UTC)}
    assert compute(spec("local_day", "at"), row) == date(2023, 1, 1)
    assert compute(spec("local_day", "at"), {}) is None


def test_a_paid_order_needs_a_time() -> None:
    paid = spec("present_when", "status", "at", when="paid")
    assert [
        compute(paid, {"status": s, "at": a}) for s, a in (("paid", None), ("paid", 1), ("closed", None))
    ] == [False, True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [("天津 晨屿（电子）有限公司", "天津晨屿(电子)有限公司"), ("甲·乙", "甲乙"), (None, "")],
)
def test_an_employer_is_compared_without_spaces_and_brackets(one: str | None, other: str) -> None:
    assert compute(spec("normalised_name", "e"), {"e": one}) == compute(
        spec("normalised_name", "e"), {"e": other}
    )


def test_a_province_comes_from_the_first_column_that_tells() -> None:
    province = spec("province", "province", "city", required=True, reason_zh="请写明省")
    assert compute(province, {"province": "天津市", "city": None}) == "120000"
    assert compute(province, {"province": None, "city": "兰州市"}) == "620000"
    with pytest.raises(Unreadable, match="请写明省") as refused:
        compute(province, {"province": "某地", "city": None})
    assert refused.value.code == "CANNOT_TELL"


def test_months_and_alternatives() -> None:
    assert compute(spec("month_start", "d"), {"d": date(2022, 3, 31)}) == date(2022, 3, 1)
    assert compute(spec("month_number", "d"), {"d": date(2022, 3, 31)}) == 3
    assert compute(spec("month_number", "d"), {"d": None}) is None
    assert compute(spec("coalesce", "a", "b"), {"a": None, "b": 0}) == 0
