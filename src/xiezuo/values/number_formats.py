r"""What a spreadsheet shows of a number: a format may divide it (``0!.0,``) or write a unit behind it (``0.00"万元"``).

Rules of ECMA-376 part 1, §18.8.31: up to four sections, a comma behind the last digit divides by a thousand,
``%`` multiplies by a hundred. A point that is only written (``!.``, ``\.``, ``"."``) divides as well: ``0!.0000``
shows 20000 as 2.0000, the way people make 万 out of 元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)(-?[0-9]+(?:\.[0-9]+)?)\]")
_SHOWN_RED = re.compile(r"\[(?:red|红色?|(?:color|颜色) ?3)\]", re.IGNORECASE)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*](?P<filler>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式|@)|(?P<digit>[0#?])|(?P<sign>[.,%])|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_POINTS = frozenset(".．。·")
_COMPARE = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A number as shown: divided by ``divisor``, with ``before`` and ``after`` written around it."""

    divisor: Decimal
    before: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        """What is written around the number."""
        return f"{self.before} {self.after}".strip()


def shown(code: str, value: Decimal) -> Shown | None:
    """Return how ``value`` is shown in the number format ``code``; None where that cannot be told.

    A section that shows no digits at all (``"-"`` for zero) shows the number as it is, without words.
    """
    section = _section(code, value)
    return None if section is None else _read(section)


def is_shown_red(code: str, value: Decimal) -> bool:
    """Whether ``value`` is shown in red by the number format ``code``."""
    section = _section(code, value)
    return section is not None and _SHOWN_RED.search(section) is not None


def _section(code: str, value: Decimal) -> str | None:
    """Return the section of the format that the value is shown by."""
    sections = list(_sections(code))
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _COMPARE[condition[1]](value, Decimal(condition[2])):
                return section
        return None
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _sections(code: str) -> Iterator[str]:
    held = ""
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            yield held
            held = ""
        else:
            held += token[0]
    yield held


def _read(section: str) -> Shown | None:
    tokens = [_classed(token) for token in _TOKEN.finditer(section)]
    places = [number for number, (kind, _) in enumerate(tokens) if kind == "digit"]
    if not places:
        return Shown(Decimal(1))
    first, last = places[0], places[-1]
    inner = tokens[first : last + 1]
    point = next((number for number, token in enumerate(inner) if token == ("sign", ".")), len(inner))
    written = next((n for n, (kind, text) in enumerate(inner) if kind == "text" and text in _POINTS), None)
    within = [text.strip() for kind, text in inner if kind == "text" and text.strip()]
    if any(text not in _POINTS for text in within) or len(within) > 1 or (within and point < len(inner)):
        return None  # words between digits (0"元"00"角"): nobody knows what they make of the number
    divisor = Decimal(1)
    if written is not None:
        divisor *= Decimal(10) ** sum(kind == "digit" for kind, _ in inner[written:])
    before_point = [n for n, token in enumerate(inner[:point]) if token[0] == "digit"]
    scaling = sum(token == ("sign", ",") for token in inner[before_point[-1] + 1 : point]) if before_point else 0
    tail = tokens[last + 1 :]
    scaling += next((n for n, token in enumerate(tail) if token != ("sign", ",")), len(tail))
    percents = sum(token == ("sign", "%") for token in tokens)
    divisor = divisor * Decimal(1000) ** scaling / Decimal(100) ** percents
    return Shown(divisor, _words(tokens[:first]), _words(tokens[last + 1 :]))


def _classed(token: re.Match[str]) -> tuple[str, str]:
    kind = str(token.lastgroup)
    if kind in ("digit", "sign"):
        return kind, token[0]
    if kind == "general":
        return "digit", token[0]
    if kind == "filler":
        return "text", " "
    if kind == "bracket":
        return "text", _currency_of(token["bracket"])
    return "text", token[kind]


def _currency_of(bracket: str) -> str:
    """Return the sign of ``[$¥-804]``; colours, conditions and calendars write nothing."""
    return bracket[1:].partition("-")[0] if bracket.startswith("$") else ""


def _words(tokens: list[tuple[str, str]]) -> str:
    return "".join(text for kind, text in tokens if kind == "text").strip()
