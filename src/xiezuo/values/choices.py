"""Choices of a list as people type them: numbered, ticked, with a note behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xiezuo.values.texts import bare, normalise

_NUMBERED = re.compile(
    r"^(?:[①-⑳❶-❿√✓✔☑]|[(\[【]?(?:[0-9]{1,2}|[A-Za-z]|[一二三四五六七八九十]{1,2})[)\]】.、．:-]|"
    r"[0-9]{1,2} ?(?=[\u4e00-\u9fff]))\s*"
)
_COUNTED = re.compile(r"(?:19|20)\d\d年度?|第[0-9一二三四五六七八九十百]{1,4}次")
"""Which meeting of the year it was: 政府第5次常务会议 is a 政府常务会议."""
_NOTED = re.compile(r"([^()]+)\(([^()]*)\)")
TAKEN_BACK = re.compile("[非未不无否退]|取消|注销|以外")
"""What makes a note in brackets more than a note: 脱贫户（非建档立卡）, 已完成（部分退款）."""


def choice(typed: str, known: Mapping[str, str]) -> str | None:
    """Return what ``typed`` stands for in ``known`` (spelling as :func:`bare` has it → slug), or None.

    ``1.脱贫户``, ``①脱贫户`` and ``脱贫户（已核实）`` are 脱贫户. A note that takes the choice back (非, 已退 …)
    or names another one is no mere note: then nothing is chosen.
    """
    return next((known[reading] for reading in _readings(typed, known) if reading in known), None)


def _readings(typed: str, known: Mapping[str, str]) -> Iterator[str]:
    yield bare(typed)
    unnumbered = _NUMBERED.sub("", normalise(_NUMBERED.sub("", typed.strip(), count=1)), count=1)
    yield bare(unnumbered)
    yield bare(_COUNTED.sub("", unnumbered))
    noted = _NOTED.fullmatch(unnumbered)
    if noted is None or TAKEN_BACK.search(noted[2]):
        return
    first, note = known.get(bare(noted[1])), known.get(bare(noted[2]))
    if note is None or note == first:
        yield bare(noted[1])
