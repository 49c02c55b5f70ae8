"""比较: the figures of two periods, two releases or two counties side by side, what differs most first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xiezuo.base.errors import ConfigError
from xiezuo.build.figures import read_figures
from xiezuo.pages.asked import PAGE_ROWS, Asked, NotFound, Shown, page_of
from xiezuo.pages.figures import KINDS, Known, chosen_period, indicators, known_of, known_periods
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

Key = tuple[str, str, str]
"""Kind of period, indicator and township."""


@dataclass(frozen=True)
class Stated:
    """A value as one side has it; None where it is not reported."""

    value: Decimal | None
    unit: str
    qualifier: str
    href: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One figure on both sides; a side that does not have it at all is None."""

    kind: str
    known: Known
    breakdown: str
    left: Stated | None
    right: Stated | None

    @property
    def differs(self) -> bool:
        """Whether the sides say different things, not reported and 0 among them."""
        return (self.left and (self.left.value, self.left.qualifier)) != (
            self.right and (self.right.value, self.right.qualifier)
        )

    @property
    def change(self) -> Decimal | None:
        """The right value less the left; None where either is unknown or the units are not the same."""
        left, right = self.left, self.right
        if left is None or right is None or left.value is None or right.value is None or left.unit != right.unit:
            return None
        return right.value - left.value

    @property
    def change_pct(self) -> Decimal | None:
        """The change in percent of the left value; None where that is 0 or unknown."""
        if self.change is None or self.left is None or not self.left.value:
            return None
        return 100 * self.change / self.left.value


def compare(asked: Asked) -> Shown:
    """Show two sides: periods or releases ``a`` and ``b`` of a county, or a period ``b`` of it and a county ``with``.

    Raises:
        NotFound: one of the sides is not there, or not the visitor's to see.
    """
    county, other = asked.county, asked.query.get("with") or ""
    released = [row["release_id"] for row in asked.rows("pages/releases_known", county_code=county)]
    left, right, titles = _sides(asked, county, other)
    known = indicators(asked)
    lines = [
        Line(key[0], known_of(known, key[1], (left.get(key) or right[key]).unit), key[2], left.get(key), right.get(key))
        for key in dict.fromkeys([*left, *right])
    ]
    lines = [one for one in lines if not one.breakdown or one.differs]
    lines.sort(key=lambda one: (not one.differs, one.breakdown != "", -abs(one.change_pct or Decimal(0))))
    shown, following = page_of(lines[asked.after : asked.after + PAGE_ROWS + 1], asked.after)
    towns = {
        row["division_code"]: row["division_name"]
        for row in asked.rows("publish/towns", county_code=county, year=chosen_period(asked).text[:4])
    }
    return Shown(
        "compare.html",
        {
            "county": asked.counties[county], "other": other, "titles": titles, "names": known, "lines": shown,
            "next": following, "differing": sum(one.differs for one in lines), "count": len(lines),
            "months": known_periods(asked, county), "releases": released, "kinds": KINDS, "kind": _kind(asked),
            "towns": towns, "a": asked.query.get("a") or "", "b": asked.query.get("b") or "",
        },
    )  # fmt: skip


def _sides(
    asked: Asked, county: str, other: str
) -> tuple[Mapping[Key, Stated], Mapping[Key, Stated], tuple[str, str] | None]:
    """Return both sides and their titles; nothing where it has not been said what to compare."""
    a, b = asked.query.get("a") or "", asked.query.get("b") or ""
    if other:
        if other not in asked.counties:
            raise NotFound(f"no county {other!r} here", zh=f"没有县级区划代码“{other}”，或不在您的工作范围内")
        period = _period(asked, b or a) if b or a else chosen_period(asked)
        names = (f"{asked.counties[one].name} {period.zh}" for one in (county, other))
        return _figures(asked, county, period), _figures(asked, other, period), (next(names), next(names))
    if not (a and b):
        return {}, {}, None
    if a.count("-") > 1 or b.count("-") > 1:
        return _release(asked, county, a), _release(asked, county, b), (a, b)
    first, second = _period(asked, a), _period(asked, b)
    if first.kind != second.kind:
        raise NotFound("a year and a month are not compared", zh="一年和一个月不能对比，请选择同类的两个期间")
    return _figures(asked, county, first), _figures(asked, county, second), (first.zh, second.zh)


def _kind(asked: Asked) -> str:
    kind = asked.query.get("kind") or "month"
    return kind if kind in KINDS else "month"


def _period(asked: Asked, text: str) -> Period:
    kind = _kind(asked)
    try:
        return Period.read(text) if len(text) == 4 or kind == "year" else Period.read(text, kind)
    except ConfigError as error:
        raise NotFound(error.message, zh=error.zh) from error


def _figures(asked: Asked, county: str, period: Period) -> dict[Key, Stated]:
    with access.connect(asked.settings) as connection:
        found = read_figures(connection, asked.settings.root, county, period)
    return {
        ("", one.indicator_id, ""): Stated(
            one.value, one.unit, one.qualifier, (county, period.text, one.indicator_id, period.kind)
        )
        for one in found
        if not one.breakdown
    }


def _release(asked: Asked, county: str, release_id: str) -> dict[Key, Stated]:
    rows: list[dict[str, Any]] = asked.rows("pages/release_figures", county_code=county, release_id=release_id)
    if not rows:
        raise NotFound(f"no release {release_id!r}", zh=f"没有定稿“{release_id}”")
    return {
        (row["period_kind"], row["indicator_id"], row["breakdown"]): Stated(
            row["value"], row["unit"], row["qualifier"]
        )
        for row in rows
    }
