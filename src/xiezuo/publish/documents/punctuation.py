"""Chinese punctuation for what ledgers hold: stored texts are normalised (NFKC), and so lose their full-width marks."""

from __future__ import annotations

import re

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_QUOTES = "”》】」』）"
_AFTER_HAN = re.compile(rf"(?<=[{_HAN}{_QUOTES}])([,;:!?])")
_BRACKETS = re.compile(rf"\(([^()]*[{_HAN}][^()]*)\)")
_FULL = str.maketrans(",;:!?", "，；：！？")


def chinese(text: str) -> str:
    """Return a text whose marks behind Chinese characters, and brackets around them, are full width again.

    Numbers, codes and Latin words keep theirs: ``1,234`` and ``(2022)`` stay, ``收入,增加(含补贴)`` does not.
    """
    marked = _AFTER_HAN.sub(lambda found: found[1].translate(_FULL), _BRACKETS.sub(r"（\1）", text))
    # A mark may follow a bracket that has only now become one.
    return _AFTER_HAN.sub(lambda found: found[1].translate(_FULL), marked)
