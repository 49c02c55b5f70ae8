"""Which rows a total is the sum of: those since another total, those above it, those below it, or all."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

_NEAR = 40
"""So many totals before and after are looked at: groups nest two or three deep, not forty."""

Span = tuple[int, int]
"""From the first row counted to the one after the last, as positions among the rows."""


class Sums:
    """Sums of the figures of any stretch of rows between totals.

    ``apart`` names the columns, each with how far a total may lie from its rows: what rounding in the file's own
    unit leaves. ``figure(index, name)`` returns what the line has in a column, None where that is blank or unreadable.
    """

    def __init__(
        self, rows: Sequence[int], apart: Mapping[str, Decimal], figure: Callable[[int, str], Decimal | None]
    ) -> None:
        self._rows = list(rows)
        self._apart = apart
        self._running = {name: [Decimal(0)] for name in apart}
        for name, running in self._running.items():
            for index in self._rows:
                running.append(running[-1] + (figure(index, name) or 0))
        self._breaks: list[int] = []
        self._groups: list[int] = []
        self.everything: Span = (0, len(self._rows))

    def add_break(self, index: int) -> None:
        """Note the line of a total: a group of rows ends, or begins, there."""
        insort(self._breaks, self._at(index))
        self.add_gap(index)

    def add_gap(self, index: int) -> None:
        """Note a line between rows, blank or a header once more, where a group may end too."""
        place = self._at(index)
        if place not in self._groups[-1:]:
            insort(self._groups, place)

    def find(self, index: int, stated: Mapping[str, Decimal], *, least: int = 1) -> Span | None:
        """Return the stretch of at least so many rows of which every stated figure is the sum: the longest."""
        if not stated:
            return None
        fitting = [span for span in self._spans(index) if span[1] - span[0] >= least and self._fits(span, stated)]
        return max(fitting, key=lambda span: span[1] - span[0], default=None)

    def nearest(self, index: int, name: str, *, from_top: bool = False) -> Decimal | None:
        """Return the sum of the rows between the total before this line, or the top, and the line."""
        at = self._at(index)
        before = [0] if from_top else [place for place in self._breaks if place < at]
        start = before[-1] if before else 0
        return self._sum((start, at), name) if at > start else None

    def lengths(self, index: int) -> list[int]:
        """Return how many rows each of the stretches has that a total here may speak of; the nearest first."""
        return [end - start for start, end in self._spans(index)]

    def _spans(self, index: int) -> Iterator[Span]:
        at = self._at(index)
        place = bisect_left(self._groups, at)
        for start in dict.fromkeys([*reversed(self._groups[max(0, place - _NEAR) : place]), 0]):
            if start < at:
                yield start, at
        for end in dict.fromkeys([*self._groups[place : place + _NEAR], len(self._rows)]):
            if end > at:
                yield at, end
        if 0 < at < len(self._rows):
            yield self.everything

    def _fits(self, span: Span, stated: Mapping[str, Decimal]) -> bool:
        return all(abs(self._sum(span, name) - value) <= self._apart[name] for name, value in stated.items())

    def _sum(self, span: Span, name: str) -> Decimal:
        running = self._running[name]
        return running[span[1]] - running[span[0]]

    def _at(self, index: int) -> int:
        return bisect_left(self._rows, index)
