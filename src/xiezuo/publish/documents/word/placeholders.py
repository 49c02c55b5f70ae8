"""What a template's placeholders stand for: ``{{ LAB1 }}``, ``{{ LAB1.lifted }}``, ``{{ LAB1.trend }}``.

A figure prints its value and unit in a content control. In a condition it is true when it is above 0. What may
stand after its dot: a part of it (``lifted``) and the names in :data:`ATTRIBUTES`.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from functools import reduce

from xiezuo.publish.documents.book import Book, Phrase, day_zh, period_key, quantity, stated
from xiezuo.publish.documents.evidence import Trend, all_risen, compare, fulfil
from xiezuo.publish.documents.numbers import Quantity, percent, plain, rounded
from xiezuo.publish.documents.word.controls import Said
from xiezuo.values.periods import Kind, Period

NOT_REPORTED_ZH = "（未报送）"

ATTRIBUTES = (
    "name",
    "number",
    "unit",
    "trend",
    "done",
    "last_year",
    "target",
    "completion",
    "as_of",
    "so_far",
    "parts",
    "gap",
    "reported",
)
"""What a template may ask of a figure, beside its parts."""


class Figure:
    """One indicator in one period, as a template names it."""

    def __init__(self, book: Book, indicator_id: str, kind: Kind) -> None:
        self._book = book
        self._id = indicator_id
        self._kind: Kind = kind
        self._value = book.value(indicator_id, kind)

    def __getattr__(self, part: str) -> Figure:
        if part.startswith("_"):
            raise AttributeError(part)
        return Figure(self._book, f"{self._id}.{part}", self._kind)

    def __bool__(self) -> bool:
        return self._now is not None and self._now.value > 0

    def __html__(self) -> str:
        return self._book.controls.mark(self._whole)

    __str__ = __html__

    @property
    def indicator_id(self) -> str:
        """The indicator's identity."""
        return self._id

    @property
    def _period(self) -> Period:
        return self._book.content.span.of_kind(self._kind)

    @property
    def _now(self) -> Quantity | None:
        value = self._value
        return None if value is None else quantity(value.value, value.unit, value.qualifier)

    @property
    def _then(self) -> Quantity | None:
        value = self._value
        return None if value is None else quantity(value.last_year, value.unit, value.last_year_qualifier)

    def _said(self, text: str, role: str, value: str, period: Period | None = None) -> Said:
        of = period or self._period
        return Said(
            text=text,
            ref=(self._id, "", period_key(of), role),
            value=value,
            name_zh=f"{self._book.human_name(self._id)}{_ROLE_ZH[role]}",
            period=of,
            indicator_id=self._id,
        )

    @property
    def _whole(self) -> Said:
        now = self._now
        return self._said(NOT_REPORTED_ZH if now is None else now.text, "v", stated(now))

    def _phrase(self, *pieces: str | Said) -> Phrase:
        return Phrase(self._book.controls, *pieces)

    @property
    def name(self) -> str:
        """The name, without 其中：."""
        return self._book.names.get(self._id, self._id).rpartition("其中：")[2]

    @property
    def number(self) -> Phrase:
        """The number alone; it is of what :attr:`unit` says."""
        now = self._now
        text = NOT_REPORTED_ZH if now is None else now.words[0]
        return self._phrase(self._said(text, "n", stated(now)))

    @property
    def unit(self) -> str:
        """The unit after :attr:`number`: 万元, 余万元, 人."""
        return self._now.words[1] if self._now is not None else ""

    @property
    def reported(self) -> bool:
        """Whether anything was reported, be it 0."""
        return self._now is not None

    @property
    def so_far(self) -> Figure:
        """The same of the year up to the month's end; of a year, the year."""
        kind: Kind = "year" if self._kind == "year" else "year_to_date"
        return Figure(self._book, self._id, kind)

    @property
    def parts(self) -> Iterator[Figure]:
        """The parts that this county has, in order."""
        return (Figure(self._book, part, self._kind) for part in self._book.parts(self._id))

    @property
    def gap(self) -> Phrase:
        """（各分项合计…，与总额不一致，待核实） where the parts do not add up to the whole; nothing where they do.

        For an indicator whose parts are a division of it, as categories of money are. A lower bound among them proves
        a gap only where what is certain exceeds the whole already.
        """
        now = self._now
        parts = [part._now for part in self.parts]  # noqa: SLF001  # another figure of the same kind
        known = [part for part in parts if part is not None]
        if now is None or not known:
            return self._phrase()
        total = reduce(operator.add, known)
        is_open = (total.is_at_least and total.value <= now.value) or (now.is_at_least and total.value >= now.value)
        if total.value == now.value or is_open:
            return self._phrase()
        said = self._said(total.text, "s", stated(total))
        return self._phrase("（各分项合计", said, "，与总额不一致，待核实）")

    @property
    def as_of(self) -> Phrase:
        """The day the figure speaks of; of one not reported, the day of the whole content."""
        value = self._value
        day = self._book.content.as_of if value is None or self._now is None else value.as_of
        return self._phrase(self._said(day_zh(day), "d", day.isoformat()))

    @property
    def last_year(self) -> Phrase:
        """The value a year earlier; nothing where there is none."""
        then = self._then
        if then is None:
            return self._phrase()
        return self._phrase(self._said(then.text, "v", stated(then), self._period.a_year_earlier()))

    @property
    def target(self) -> Phrase:
        """The year's target; nothing where there is none."""
        value = self._value
        if value is None or value.target is None:
            return self._phrase()
        goal = Quantity(value.target, value.unit)
        return self._phrase(self._said(goal.text, "t", stated(goal)))

    @property
    def _fulfilment_said(self) -> tuple[str, Said] | None:
        """How far the year's target is reached by the year so far; a month alone is compared with nothing."""
        value = self.so_far._value  # noqa: SLF001  # another figure of the same kind
        now = self.so_far._now  # noqa: SLF001  # as above
        found = None if value is None else fulfil(now, value.target)
        if found is None:
            return None
        text = percent(found.pct) + ("以上" if found.is_bound else "")
        return found.state, self.so_far._said(text, "p", plain(found.pct))  # noqa: SLF001  # as above

    @property
    def completion(self) -> Phrase:
        """How much of the year's target is reached, in percent; nothing without a target."""
        found = self._fulfilment_said
        return self._phrase(*(found[1:] if found else ()))

    @property
    def done(self) -> Phrase:
        """，完成年度任务的…, or 超额 only where the value is above the target; nothing without a target."""
        found = self._fulfilment_said
        if found is None:
            return self._phrase()
        if self._book.content.is_worded and not self.so_far:
            return self._phrase("（年度任务", *self.target._pieces, "，尚未完成）")  # noqa: SLF001  # of this package
        if found[0] == "over":
            return self._phrase("，超额完成年度任务（完成率", found[1], "）")
        return self._phrase("，完成年度任务的", found[1])

    @property
    def trend(self) -> Phrase:
        """，同比增长… as far as last year's value proves it; nothing where it does not, and of a rate."""
        found = None if self._now is None or self._now.unit == "%" else compare(self._now, self._then)
        if found is None:
            return self._phrase()
        if self._book.content.is_worded and not self:
            # From something to nothing is told by what there was; from nothing to nothing is no news.
            then = self._then if found.direction == "down" else None
            return self._phrase("（上年同期为", *self.last_year._pieces, "）") if then else self._phrase()  # noqa: SLF001
        if found.direction == "level":
            return self._phrase("，与上年同期持平")
        if found.direction == "from_zero":
            return self._phrase(
                "（上年同期为", self._said("0", "l", "0", self._period.a_year_earlier()), "）"
            )
        return self._phrase(*self._moved(found))

    def _moved(self, found: Trend) -> tuple[str | Said, ...]:
        word = "增长" if found.direction == "up" else "下降"
        if found.pct is None:
            return (f"，同比略有{word}",)
        change = found.pct if found.direction == "up" else -found.pct
        said = self._said(percent(found.pct), "g", plain(rounded(change)))
        return (f"，同比{word}", said, *(("以上",) if found.is_bound else ()))


_ROLE_ZH = {
    "v": "",
    "n": "",
    "d": "（截至日期）",
    "l": "",
    "t": "（年度任务）",
    "p": "（完成率）",
    "g": "（同比）",
    "s": "（分项合计）",
}


def risen(*figures: Figure) -> bool:
    """Whether every one of the figures is proven to be above last year's; of none, nothing is."""
    return all_risen((one._now, one._then) for one in figures)  # noqa: SLF001  # the class is of this module


def all_above(*figures: Figure) -> str:
    """，均超过上年同期 where :func:`risen` says so; else nothing."""
    return "，均超过上年同期" if risen(*figures) else ""
