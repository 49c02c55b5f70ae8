"""Which number formats change what a number or a date says, told from the format's code alone.

Of a number only its format shows that 560.25 stands for 560.25万元, of a date only its format that no day was
typed, and only the colour of its print that a number is a red-letter one. The codes of such numbers go to the parent,
which reads them; a month typed as 2022年8月, which a
spreadsheet keeps as the first of the month, goes out as the text it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

FIRST_CUSTOM = 164
_MONTHS = frozenset((17, 27, 36, 50, 52, 57))
"""Built-in formats that show a year and a month only (ECMA-376 part 1, §18.8.30, zh-cn)."""

_SILENT = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]', re.DOTALL)
_DATE = re.compile(r"[ymdhse]", re.IGNORECASE)
_ORDINARY = re.compile(
    r'(?:[#0?._\-+()¥￥*@;, ]|"[¥￥ \-]*"|\\[ \-()]|_.|\[(?!\$|[<>=])[^\]]*\]|\[\$[¥￥]?-[0-9A-Fa-f]*\]'
    r"|General|G/通用格式)*",
    re.DOTALL,
)
_SHOWN_RED = re.compile(r"[^;]*\[(?:red|红色?|(?:color|颜色) ?3)\]", re.IGNORECASE)
_RED = re.compile(r"(?:[0-9A-F]{2})?(?:FF|[C-E][0-9A-F])([0-3][0-9A-F]){2}", re.IGNORECASE)
_RED_INDEXES = frozenset((2, 10))
"""Places of red in the palette a workbook has unless it brings its own (ECMA-376 part 1, §18.8.27)."""
_SCALED = re.compile(r"[#0?]\"?,+(?![#0?,])")
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_SERIALS = range(1, 100_000)

MONTH, YEAR = "month", "year"


def meaning_of(number: int, code: str) -> str:
    """Return MONTH or YEAR for a date without its day, the code of a number to be read as shown, else ''."""
    if not code:
        return MONTH if number in _MONTHS else ""
    plain = _SILENT.sub("", code.partition(";")[0])
    if _DATE.search(re.sub(r"General|E[+-]0", "", plain, flags=re.IGNORECASE)) and not re.search("[#0?]", plain):
        letters = set(plain.lower())
        if not letters & {"y", "e"} or letters & {"d", "h", "s"}:
            return ""
        return MONTH if "m" in letters else YEAR
    is_plain = _ORDINARY.fullmatch(code) and not _SCALED.search(code) and not _SHOWN_RED.match(code)
    return "" if is_plain else code


def is_red(rgb: str = "", index: int = -1) -> bool:
    """Whether a colour, of RGB in hex or by its place in the palette, is the red of red-letter entries."""
    return _RED.fullmatch(rgb) is not None or index in _RED_INDEXES


def meanings(
    styles: list[int], codes: Mapping[int, str], fonts: Sequence[int] = (), red: Collection[int] = ()
) -> dict[int, str]:
    """Return the styles (by index) whose cells say more than their value; ``styles`` are their format numbers.

    ``fonts`` are the styles' fonts, of which ``red`` ones print numbers red: as if their format did.
    """
    found = {index: meaning_of(number, codes.get(number, "")) for index, number in enumerate(styles)}
    for index, font in enumerate(fonts):
        if font in red and found[index] not in (MONTH, YEAR):
            found[index] = f"[Red]{found[index] or 'General'}"
    return {index: meaning for index, meaning in found.items() if meaning}


def without_day(value: Any, meaning: str, *, is_1904: bool) -> Any:
    """Return the text a date stands for that shows no day: the first of a month, or of a year.

    ``value`` is a date as the parent gets it (``["date", "2022-08-01"]``) or a day number. Any other day was
    typed as one and stays.
    """
    day = _day(value, is_1904=is_1904)
    if day is None or day.day != 1 or (meaning == YEAR and day.month != 1):
        return value
    return f"{day.year}年{day.month}月" if meaning == MONTH else f"{day.year}年"


def _day(value: Any, *, is_1904: bool) -> date | None:
    if isinstance(value, list) and value[0] in ("date", "datetime"):
        at = datetime.fromisoformat(value[1])
        return at.date() if (at.hour, at.minute, at.second) == (0, 0, 0) else None
    if isinstance(value, int) and not isinstance(value, bool) and value in _SERIALS:
        return _EPOCHS[is_1904] + timedelta(days=value)
    return None
