"""Which of the numbers as released each nameless control was, by its text, its order and the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from xiezuo.publish.documents.proof.reading import Found, bare

_DIGITS = re.compile(r"[\d.,%+\-\s]+")
_ALIKE = 0.5
_MOST_PAIRS = 40_000
"""Longer stretches, of which everything was rewritten, are paired by order alone."""


def align(missing: list[Found], nameless: list[Found]) -> Iterator[tuple[Found, Found | None]]:
    """Yield each missing control with the nameless one in its place, or None; other nameless ones are nobody's."""
    if not missing:
        return
    matcher = SequenceMatcher(
        None, [_key(one) for one in missing], [_key(one) for one in nameless], autojunk=False
    )
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(missing[first:last], nameless[start:end], strict=True)
        else:
            yield from _nearest(missing[first:last], nameless[start:end])


def _nearest(missing: list[Found], nameless: list[Found]) -> Iterator[tuple[Found, Found | None]]:
    """Pair two stretches in order, so that text and surroundings of all pairs together are most alike."""
    if len(missing) * len(nameless) > _MOST_PAIRS:
        yield from zip_longest(missing, nameless[: len(missing)])
        return
    scores = [[_likeness(lost, one) for one in nameless] for lost in missing]
    best = [[0.0] * (len(nameless) + 1) for _ in range(len(missing) + 1)]
    for row in reversed(range(len(missing))):
        for column in reversed(range(len(nameless))):
            score = scores[row][column]
            paired = score + best[row + 1][column + 1] if score >= _ALIKE else 0.0
            best[row][column] = max(paired, best[row + 1][column], best[row][column + 1])
    column = 0
    for row, lost in enumerate(missing):
        while column < len(nameless) and best[row][column] == best[row][column + 1]:
            column += 1
        is_paired = column < len(nameless) and best[row][column] > best[row + 1][column]
        yield lost, nameless[column] if is_paired else None
        column += is_paired


def _key(one: Found) -> str:
    return f"{bare(one.text)}\n{_words(one)}"


def _words(one: Found) -> str:
    """Return the words around without numbers, which may have been changed themselves."""
    return _DIGITS.sub("", bare(one.before)) + "\n" + _DIGITS.sub("", bare(one.after))


def _likeness(lost: Found, one: Found) -> float:
    """Return 0 to 1 for the words around, and as much again for the same text."""
    words = SequenceMatcher(None, _words(lost), _words(one), autojunk=False).ratio()
    return words + (1.0 if bare(lost.text) == bare(one.text) else 0.0)
