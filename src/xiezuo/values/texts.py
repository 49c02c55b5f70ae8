"""Text as people type it into ledgers, brought to one form; nothing here changes what it says."""

from __future__ import annotations

import re
import unicodedata

_PLAIN = re.compile(r"[\x20-\x7e\u4e00-\u9fff]*")
_SPACES = re.compile(r"\s+")
_MARKS = re.compile(r"[\s*※★☆:：_/\\|·.。、-]+")
_RESIDUE = re.compile(r"\[bookmark:[^\]]*\]|_x00[01][0-9A-F]_", re.IGNORECASE)
# Blank without being white space: fillers and the braille pattern without dots.
_BLANK_LOOKALIKES = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")


def normalise(text: str) -> str:
    """Return ``text`` in NFKC, without invisible characters, white space collapsed and trimmed.

    Full-width digits and letters become ASCII; characters of GB 18030 outside the basic plane and
    private-use characters (rare names) stay. Residue of Word bookmarks and of Excel's escaped
    control characters is dropped. Applying it twice changes nothing.
    """
    while True:
        cleaned = _cleaned(text)
        if cleaned == text:
            return cleaned
        text = cleaned


def bare(text: str) -> str:
    """Return headers and choices as they are compared: without width, spacing, marks and case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower()


def _cleaned(text: str) -> str:
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFKC", "".join(map(_visible, text)))
    if "[" in text or "_x" in text or "_X" in text:
        text = _RESIDUE.sub(" ", text)
    return _SPACES.sub(" ", text).strip()


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if character in _BLANK_LOOKALIKES or _is_variation_selector(character):
        return ""
    category = unicodedata.category(character)
    if category in ("Cc", "Cf"):
        return ""
    # Half of a surrogate pair cannot be stored as UTF-8; the mark shows that something was there.
    return "\ufffd" if category == "Cs" else character


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
