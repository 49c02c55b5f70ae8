"""What a text must be before it goes into a cell or a page header, and which numbers a cell can hold."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from xiezuo.base.errors import XiezuoError

CELL_LIMIT = 32_767
"""UTF-16 units a cell can hold; Excel calls a file broken that has more."""
NAME_LIMIT = 31
HEADER_LIMIT = 255
EXACT_DIGITS = 15
"""Significant digits a spreadsheet keeps and shows; more would be rounded without a word."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  # the full-width ones are what is looked for
_FORBIDDEN_IN_NAMES = str.maketrans("[]:*?/\\'", "［］：＊？／＼’")  # noqa: RUF001  # their full-width twins
_RESERVED_NAMES = frozenset({"history", "历史记录"})


class SheetFull(XiezuoError):
    """A sheet cannot hold what should be on it."""


def utf16_length(text: str) -> int:
    """Return how long a spreadsheet finds a text: a character beyond the first plane counts as two."""
    return len(text) + sum(char > "\uffff" for char in text)


def cut(text: str, limit: int) -> str:
    """Return the longest beginning of a text within ``limit`` UTF-16 units; no character is cut in two."""
    if utf16_length(text) <= limit:
        return text
    length = 0
    for at, char in enumerate(text):
        length += 2 if char > "\uffff" else 1
        if length > limit:
            return text[:at]
    return text


def cell_text(text: str) -> str:
    """Return a text as a cell can hold it.

    Characters that XML cannot carry show as �, line ends are newlines, and a text that is too long is cut and
    says so. Nothing else changes.
    """
    shown = _ILLEGAL.sub("\ufffd", _LINE_END.sub("\n", text))
    if utf16_length(shown) <= CELL_LIMIT:
        return shown
    mark = f"……（以下从略，全文共{len(shown)}字）"
    return cut(shown, CELL_LIMIT - utf16_length(mark)) + mark


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula if it were typed.

    What does not show (spaces, a byte order mark, marks of direction) before the sign does not hide it.
    """
    if text[:1] in _FORMULA_STARTS:
        return True
    seen = next((char for char in text if not char.isspace() and unicodedata.category(char) != "Cf"), "")
    return seen in _FORMULA_STARTS


def header_text(text: str, limit: int = HEADER_LIMIT) -> str:
    """Return a text for a page's header or footer, where & begins a code; one line, within ``limit``."""
    shown = " ".join(cell_text(text).split())
    while utf16_length(shown.replace("&", "&&")) > limit:
        shown = shown[:-1]
    return shown.replace("&", "&&")


def exact_float(value: Decimal) -> float | None:
    """Return the number a cell holds for a value, None where it would be another one than the value."""
    if not value.is_finite():
        return None
    plain = value.normalize()
    if len(plain.as_tuple().digits) > EXACT_DIGITS or abs(plain.adjusted()) > 300:
        return None
    return float(plain) or 0.0  # no minus zero


class SheetNames:
    """The names of one workbook's sheets: each allowed, and each once (Excel ignores case)."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """Return a name for a sheet that is as near to the wanted one as can be."""
        shown = " ".join(_ILLEGAL.sub("", wanted).translate(_FORBIDDEN_IN_NAMES).split()) or "附表"
        if shown.casefold() in _RESERVED_NAMES:
            shown += "表"
        name, number = cut(shown, NAME_LIMIT).rstrip(), 1
        while name.casefold() in self._taken:
            number += 1
            ending = f"（{number}）"
            name = cut(shown, NAME_LIMIT - len(ending)).rstrip() + ending
        self._taken.add(name.casefold())
        return name
