"""Choices of a list as people type them: numbered, ticked, with a note behind, with the number of a meeting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from xiezuo.values.texts import bare, normalise

T = TypeVar("T")

_NUMBERED = re.compile(
    r"^(?:[①-⑳❶-❿√✓✔☑]|[(\[【]?(?:[0-9]{1,2}|[A-Za-z]|[一二三四五六七八九十]{1,2})[)\]】.、．:-]|"
    r"[0-9]{1,2} ?(?=[\u4e00-\u9fff]))\s*"
)
_COUNTED = re.compile(
    r"(?:19|20)\d\d年度?|第?[0-9一二三四五六七八九十百]{1,4}届|第[0-9一二三四五六七八九十百]{1,4}次|\(扩大\)|扩大(?=会)"
)
"""Which meeting of the year it was, and how large: 政府第5次常务会议 is a 政府常务会议, 常委（扩大）会 a 常委会."""
_NOTED = re.compile(r"([^()]+)\(([^()]*)\)")
_NOTED_INSIDE = re.compile(r"([^()]+)\(([^()]*)\)([^()]+)")
_PAIRED = re.compile(r"([^()]{2,}?)[-—–―/、,;:|\s]+([^()]{2,})")
TAKEN_BACK = re.compile("[非未不无否退]|取消|注销|以外")
"""What makes a note in brackets more than a note: 脱贫户（非建档立卡）, 已完成（部分退款）."""


def _same(one: T, other: T) -> T | None:
    return one if one == other else None


def choice(typed: str, known: Mapping[str, T], narrower: Callable[[T, T], T | None] = _same) -> T | None:
    """Return what ``typed`` stands for in ``known`` (spelling as :func:`bare` has it → meaning), or None.

    ``1.脱贫户``, ``①脱贫户`` and ``脱贫户（已核实）`` are 脱贫户. A note that takes the choice back (非, 已退 …)
    or names another one is no mere note: then nothing is chosen. ``narrower`` tells which of two known readings side
    by side says more (监测户（脱贫不稳定户）), or None where they contradict each other.
    """
    return next((found for found in _readings(typed, known, narrower) if found is not None), None)


def _readings(typed: str, known: Mapping[str, T], narrower: Callable[[T, T], T | None]) -> Iterator[T | None]:
    yield known.get(bare(typed))
    unnumbered = _NUMBERED.sub("", normalise(_NUMBERED.sub("", typed.strip(), count=1)), count=1)
    yield known.get(bare(unnumbered))
    uncounted = _COUNTED.sub("", unnumbered)
    yield known.get(bare(uncounted))
    for text in dict.fromkeys((unnumbered, uncounted)):
        if noted := _NOTED.fullmatch(text):
            yield _with_note(known, noted[1], noted[2], narrower)
        elif inside := _NOTED_INSIDE.fullmatch(text):
            yield _with_note(known, inside[1] + inside[3], inside[2], narrower)
        elif (paired := _PAIRED.fullmatch(text)) and {bare(paired[1]), bare(paired[2])} <= known.keys():
            yield narrower(known[bare(paired[1])], known[bare(paired[2])])


def _with_note(known: Mapping[str, T], said: str, note: str, narrower: Callable[[T, T], T | None]) -> T | None:
    """Read what stands around a note; a note that is itself a choice must agree, and one that takes back is no note."""
    first, second = known.get(bare(said)), known.get(bare(note))
    if first is None:
        return None
    if second is not None:
        return narrower(first, second)
    return None if TAKEN_BACK.search(note) else first
