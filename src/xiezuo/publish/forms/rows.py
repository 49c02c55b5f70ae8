"""What the rows of a form so far mean for the next: headings, numbering, and the row that parts (其中) belong to."""

from __future__ import annotations

from collections.abc import Callable

from xiezuo.publish.forms.heads import Head, Unit

_UNNUMBERED = 9


class Rows:
    """The rows so far: a numbered row ends the headings of its level, and stands above those numbered below it."""

    def __init__(self, is_heading: Callable[[Head], bool]) -> None:
        self._is_heading = is_heading
        self._levels: list[tuple[int, Head]] = []
        self._whole: tuple[Head, ...] = ()
        self._part: tuple[Head, ...] = ()
        self._numbered: list[Head] = []

    @property
    def sections(self) -> tuple[Head, ...]:
        """The headings that stand."""
        return tuple(head for _, head in self._levels)

    def takes_heading(self, labels: list[Head], unit: Unit | None, *, across: bool) -> bool:
        """Whether the row is a heading; it then stands above the rows that follow."""
        own = labels[-1]
        if not across and (
            len(labels) > 1 or unit is not None or own.unit is not None or not self._is_heading(own)
        ):
            return False
        level = own.level or _UNNUMBERED
        self._levels = [*(one for one in self._levels if one[0] < level), (level, own)]
        self._whole = self._part = ()
        self._numbered = []
        return True

    def path(self, labels: list[Head]) -> tuple[tuple[Head, ...], tuple[Head, ...]]:
        """Return the labels of a row with those it is a part of, and with others it may be a part of as well."""
        own = tuple(labels)
        if not own:
            return (), ()
        deeper = bool(self._whole) and own[-1].indent > self._whole[-1].indent
        if not own[-1].is_part and not deeper:
            self._whole, self._part = (*self._above(own[-1]), *own), ()
            return self._whole, ()
        last = own[-1]
        path = (*self._whole, last)
        other: tuple[Head, ...] = (*self._part, last) if self._part else ()
        if self._part and last.indent > self._part[-1].indent:
            path, other = other, ()
        self._part = path
        return path, other

    def _above(self, own: Head) -> list[Head]:
        """Return the rows that a numbered row stands below: （一） above 1.; it stands above those that follow."""
        if not own.level:
            return []
        self._levels = [one for one in self._levels if one[0] < own.level]
        above = [head for head in self._numbered if head.level < own.level]
        self._numbered = [*above, own]
        return above
