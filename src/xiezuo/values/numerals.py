"""Chinese numerals: everyday (三十五), of bank notes (伍佰万) and digit by digit (二〇二二)."""

from __future__ import annotations

import re

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True))
_EVERYDAY = str.maketrans(
    "〇○Oo两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億",
    "零零零零二二一二二三三四五六六七八九十百千万亿",
)
_TENS = {"十": 10, "百": 100, "千": 1000}
_DIGIT = "[一二三四五六七八九]"
# A bare last digit needs 零 or 十 before it: 一千二 is 1200 to the ear and 1002 to a parser.
_TAIL = f"(?:零?{_DIGIT}?十{_DIGIT}?|零{_DIGIT})"
_HUNDREDS = f"{_DIGIT}百{_TAIL}?"
_SECTION = f"(?:{_DIGIT}千(?:零?{_HUNDREDS}|{_TAIL})?|{_HUNDREDS}|{_DIGIT}?十{_DIGIT}?|{_DIGIT})"
_REST = f"(?:零{_SECTION}|(?!{_DIGIT}$){_SECTION})"
_BELOW_YI = f"(?:{_SECTION}万{_REST}?|{_SECTION})"
_NUMBER = re.compile(f"(?:{_SECTION}亿(?:零?{_SECTION}万{_REST}?|{_REST})?|{_BELOW_YI}|零)")

NUMERALS = "〇○零一二两兩三四五六七八九十百千万亿壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億"
"""Characters a Chinese number is written with; for use inside a character class."""


def chinese_number(typed: str) -> int | None:
    """Return the whole number that ``typed`` spells out, or None unless it is spelt in full.

    Colloquial shortenings (一千二, 三万五) are None: they can be heard two ways.
    """
    everyday = typed.translate(_EVERYDAY)
    if not _NUMBER.fullmatch(everyday):
        return None
    total = section = digit = 0
    for character in everyday:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            section += (digit or 1) * _TENS[character]
            digit = 0
        else:
            total += (section + digit) * (10**4 if character == "万" else 10**8)
            section = digit = 0
    return total + section + digit


def chinese_digits(typed: str) -> str | None:
    """Return ``typed`` digit by digit in ASCII (``二〇二二`` → ``2022``), None for other text."""
    everyday = typed.translate(_EVERYDAY)
    if not everyday or any(character not in _DIGITS for character in everyday):
        return None
    return "".join(str(_DIGITS[character]) for character in everyday)
