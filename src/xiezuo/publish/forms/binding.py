"""What the office has confirmed of a form, and what of another edition of it is still to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from xiezuo.publish.forms.lines import Line, LineKind, Reading

Key = tuple[LineKind, str]
_SAME = 0.5
"""A form is an edition of another when at least this share of the larger one's items is in both.

Most forms of an office ask for some of the same things.
"""


@dataclass(frozen=True)
class Binding:
    """The confirmed lines of a form of a county; ``edition`` counts from 1, ``sha256`` is its blank's."""

    name: str
    edition: int
    sha256: str
    file_name: str
    document: bytes
    lines: Mapping[Key, Line]
    decided_by: str = ""
    decided_at: str = ""

    def alike(self, reading: Reading) -> float:
        """Return the share of items that a form has in common with this one."""
        ours = {key for kind, key in self.lines if kind == "item"}
        theirs = {key for kind, key in reading.lines if kind == "item"}
        return len(ours & theirs) / max(1, len(ours), len(theirs))


def lines_as_json(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return lines as JSON holds them."""
    return [asdict(line) for line in lines]


def lines_of_json(found: Iterable[Mapping[str, Any]]) -> dict[Key, Line]:
    """Return lines that JSON holds, by kind and key."""
    lines = [Line(**{**one, "choices": tuple(one["choices"])}) for one in found]
    return {(line.kind, line.key): line for line in lines}


def earlier_edition(reading: Reading, confirmed: Iterable[Binding]) -> Binding | None:
    """Return the confirmed form that a form is an edition of, by the words both share."""
    ranked = sorted(
        ((one.alike(reading), one.name, one) for one in confirmed), key=lambda found: found[:2], reverse=True
    )
    return ranked[0][2] if ranked and ranked[0][0] >= _SAME else None


def compared(reading: Reading, confirmed: Binding | None) -> list[Line]:
    """Return a form's lines as they stand: what was confirmed keeps its answer, what is new or changed is asked.

    Of a form that was never confirmed only what its words do not settle is asked.
    """
    if confirmed is None:
        return list(reading.lines.values())
    found = []
    for key, line in reading.lines.items():
        there = confirmed.lines.get(key)
        if there is None:
            found.append(replace(line, state="asked", note=line.note or "新增或改过的内容"))
        else:
            found.append(
                replace(line, state=there.state, answer=there.answer, unit=there.unit, note=there.note)
            )
    return found


def asked(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that wait for the office."""
    return [line for line in lines if line.state == "asked"]
