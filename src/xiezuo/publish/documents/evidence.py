"""Words that claim something (增长, 超额, 均超过上年) only where two values prove it.

A lower bound proves what holds for everything above it; what was not reported proves nothing; nothing grows
by a percentage from 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from xiezuo.publish.documents.numbers import Quantity, ratio_pct, rounded

Direction = Literal["up", "down", "level", "from_zero"]


@dataclass(frozen=True)
class Trend:
    """How a value stands to the one a year earlier.

    ``pct`` is the size of the change in percent, two decimals; None where it has none (from 0) or is too small
    to print. ``is_bound`` says that the change is at least that.
    """

    direction: Direction
    pct: Decimal | None = None
    is_bound: bool = False


@dataclass(frozen=True)
class Fulfilment:
    """How far a target is reached: ``pct`` with two decimals, 100 or more only when it is."""

    state: Literal["over", "met", "under"]
    pct: Decimal
    is_bound: bool = False


def compare(now: Quantity | None, then: Quantity | None) -> Trend | None:
    """Return what two values prove; None when they prove nothing.

    Raises:
        UnitMismatch: they are of different units.
    """
    if now is None or then is None:
        return None
    now.must_match(then)
    if (now.is_at_least and then.is_at_least) or then.value < 0 or now.value < 0:
        return None
    if then.value == 0:
        return None if then.is_at_least else _from_zero(now)
    is_bound = now.is_at_least or then.is_at_least
    if now.value > then.value and not then.is_at_least:
        return _moved(now.value, then.value, "up", is_bound=is_bound)
    if now.value < then.value and not now.is_at_least:
        return _moved(now.value, then.value, "down", is_bound=is_bound)
    return None if is_bound else Trend("level")


def all_risen(pairs: Iterable[tuple[Quantity | None, Quantity | None]]) -> bool:
    """Whether every value is proven to be above the one a year earlier; of no pair, nothing is."""
    trends = [compare(now, then) for now, then in pairs]
    return bool(trends) and all(t is not None and t.direction in {"up", "from_zero"} for t in trends)


def fulfil(now: Quantity | None, target: Decimal | None) -> Fulfilment | None:
    """Return how a value stands to its target in the same unit; None without either, or of a target of 0."""
    if now is None or target is None or target <= 0 or now.value < 0:
        return None
    exact = ratio_pct(now.value, target)
    reached = now.value >= target
    pct = rounded(exact, rounding=ROUND_FLOOR if now.is_at_least else ROUND_HALF_UP)
    if not reached and pct >= 100:
        pct = rounded(exact, rounding=ROUND_FLOOR)
    if now.value > target:
        return Fulfilment("over", pct, now.is_at_least)
    return Fulfilment("met" if reached else "under", pct, now.is_at_least)


def _from_zero(now: Quantity) -> Trend | None:
    if now.value > 0:
        return Trend("from_zero")
    return None if now.is_at_least else Trend("level")


def _moved(now: Decimal, then: Decimal, direction: Direction, *, is_bound: bool) -> Trend:
    size = rounded(ratio_pct(abs(now - then), then), rounding=ROUND_FLOOR if is_bound else ROUND_HALF_UP)
    return Trend(direction, size or None, is_bound)
