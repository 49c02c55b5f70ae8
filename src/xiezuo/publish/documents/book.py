"""A content as its documents see it: values by identity and kind of period, names, and how a value is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from markupsafe import escape

from xiezuo.publish.documents.content import Content, Qualifier, Value
from xiezuo.publish.documents.numbers import Quantity, plain
from xiezuo.publish.documents.word.controls import Controls, Said
from xiezuo.values.periods import Kind, Period

NOTHING = "~"


def day_zh(day: date) -> str:
    """Write a day as documents do: 2022年12月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def quantity(value: Decimal | None, unit: str, qualifier: Qualifier | None) -> Quantity | None:
    """Return a value as a quantity; None when it was not reported."""
    if value is None or qualifier in {None, "not_reported"}:
        return None
    return Quantity(value, unit, qualifier == "at_least")


def stated(amount: Quantity | None) -> str:
    """Return the value of a tag: its digits, + after a lower bound, ~ for nothing."""
    if amount is None:
        return NOTHING
    return plain(amount.value) + ("+" if amount.is_at_least else "")


def period_key(period: Period) -> str:
    """Return a period in a tag: 2022, 2022-09, and 2022-09t for the year up to it."""
    return period.text + ("t" if period.kind == "year_to_date" else "")


def period_said(period: Period) -> Said:
    """Return a period as it is printed: 2022年度, 2022年1—9月."""
    return Said(period.zh, ("@period", period_key(period)), period_key(period), "期间", period)


class Phrase:
    """A piece of a sentence that may hold numbers; true in a condition when there is anything to say."""

    def __init__(self, controls: Controls, *pieces: str | Said) -> None:
        self._controls = controls
        self._pieces = pieces

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def __html__(self) -> str:
        return "".join(
            self._controls.mark(piece) if isinstance(piece, Said) else str(escape(piece))
            for piece in self._pieces
        )

    __str__ = __html__


class Book:
    """A content as placeholders see it: its values by identity and kind, and the names of all indicators."""

    def __init__(
        self, content: Content, controls: Controls, catalogue: Mapping[str, str], beside: frozenset[str] = frozenset()
    ) -> None:
        self.content = content
        self.controls = controls
        self.names: dict[str, str] = dict(catalogue)
        self.names |= {value.indicator_id: value.name_zh for value in content.values}
        self._beside = beside
        self._values = {(v.period_kind, v.indicator_id, v.breakdown): v for v in content.values}
        self._order = list(dict.fromkeys([*(v.indicator_id for v in content.values), *catalogue]))

    @property
    def kind(self) -> Kind:
        """The kind of period that a bare placeholder is of."""
        return self.content.span.kind

    def value(self, indicator_id: str, kind: Kind, breakdown: str = "") -> Value | None:
        """Return a value; None when the content has none."""
        return self._values.get((kind, indicator_id, breakdown))

    def parts(self, indicator_id: str) -> list[str]:
        """Return the parts that the content has of an indicator, in its order; of a split its members alone."""
        present = {value.indicator_id for value in self.content.values if not value.breakdown}
        parts = (one for one in self._order if one in present and one.startswith(f"{indicator_id}."))
        return [one for one in parts if one not in self._beside]

    def human_name(self, indicator_id: str) -> str:
        """Return the name of an indicator for somebody who sees nothing else: a part follows its whole."""
        name = self.names.get(indicator_id, indicator_id)
        whole = self.names.get(indicator_id.partition(".")[0], "")
        return f"{whole}·{name}" if "." in indicator_id and whole and name.startswith("其中") else name
