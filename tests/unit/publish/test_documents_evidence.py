"""Words that claim something stand only where two values prove it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.publish.documents.evidence import Fulfilment, Trend, all_risen, compare, fulfil
from xiezuo.publish.documents.numbers import Quantity, UnitMismatch


def people(value: str | int | None) -> Quantity | None:
    """Return 2625 or 300+ as a quantity of people; None was not reported."""
    if value is None:
        return None
    text = str(value)
    return Quantity(Decimal(text.rstrip("+")), "人", text.endswith("+"))


@pytest.mark.parametrize(
    ("now", "then", "trend"),
    [
        (110, 100, Trend("up", Decimal("10.00"))),
        (90, 100, Trend("down", Decimal("10.00"))),
        (100, 100, Trend("level")),
        (5, 0, Trend("from_zero")),
        (0, 0, Trend("level")),
        (0, 5, Trend("down", Decimal("100.00"))),
        (1000001, 1000000, Trend("up", None)),
        ("125+", 100, Trend("up", Decimal("25.00"), is_bound=True)),
        ("100+", 100, None),
        ("90+", 100, None),
        (90, "100+", Trend("down", Decimal("10.00"), is_bound=True)),
        (110, "100+", None),
        ("300+", "100+", None),
        ("0+", 0, None),
        (5, "0+", None),
        (None, 100, None),
        (100, None, None),
        (-5, 100, None),
        (100, -5, None),
    ],
)
def test_a_trend_is_told_only_where_both_values_prove_it(
    now: str | int | None, then: str | int | None, trend: Trend | None
) -> None:
    assert compare(people(now), people(then)) == trend


def test_a_bound_is_never_overstated() -> None:
    found = compare(people("104+"), people(99))
    assert found == Trend("up", Decimal("5.05"), is_bound=True)


def test_different_units_are_not_compared() -> None:
    with pytest.raises(UnitMismatch):
        compare(Quantity(Decimal(1), "人"), Quantity(Decimal(1), "人次"))


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_direction_is_always_true(now: int, then: int) -> None:
    found = compare(people(now), people(then))
    assert found is not None
    assert found.direction == (
        "level" if now == then else "from_zero" if then == 0 else "up" if now > then else "down"
    )
    assert found.pct is None or found.pct > 0


def test_all_have_risen_only_where_each_is_proven_to() -> None:
    assert all_risen([(people(2), people(1)), (people("5+"), people(4))])
    assert not all_risen([(people(2), people(1)), (people(4), people(4))])
    assert not all_risen([(people(2), people(1)), (people(4), None)])
    assert not all_risen([])


@pytest.mark.parametrize(
    ("now", "target", "found"),
    [
        (105, 100, Fulfilment("over", Decimal("105.00"))),
        (100, 100, Fulfilment("met", Decimal("100.00"))),
        (50, 100, Fulfilment("under", Decimal("50.00"))),
        (999999, 1000000, Fulfilment("under", Decimal("99.99"))),
        ("105+", 100, Fulfilment("over", Decimal("105.00"), is_bound=True)),
        ("100+", 100, Fulfilment("met", Decimal("100.00"), is_bound=True)),
        (5, 0, None),
        (5, None, None),
        (None, 100, None),
    ],
)
def test_a_target_is_exceeded_only_by_more_than_it(
    now: str | int | None, target: int | None, found: Fulfilment | None
) -> None:
    assert fulfil(people(now), None if target is None else Decimal(target)) == found
