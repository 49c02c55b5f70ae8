"""Finding identity numbers inside free text, however they are typed, and replacing them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from xiezuo.values.identity import is_identity_number

_LENGTH = 18
_CANDIDATE = re.compile(r"[0-9]{17}")
_SEPARATORS = frozenset(" -‐‑–—−\u00a0\u3000")


def contains_identity_number(text: str) -> bool:
    """Whether a valid identity number stands anywhere in ``text``, see mask_identity_numbers."""
    return next(_spans(text), None) is not None


def mask_identity_numbers(text: str, token: Callable[[str], str]) -> str:
    """Return ``text`` with ``token(number)`` in the place of every valid identity number.

    Found are all runs of 18 characters with a real birth date and the right check digit: in full
    width, with invisible characters inside, inside longer runs of digits, and, when nothing else
    adjoins them, with single spaces or dashes between the digits. Everything else stays as it is.
    ``token`` is given the number in ASCII with a capital X.
    """
    out: list[str] = []
    done = 0
    for start, end, number in _spans(text):
        out.append(text[done:start])
        out.append(token(number))
        done = max(done, end)
    out.append(text[done:])
    return "".join(out)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, number) in ``text``; overlapping finds are all yielded."""
    if len(text) < _LENGTH:
        return
    folded, places = _folded(text)
    if not _CANDIDATE.search(folded):
        return
    for start in range(len(folded) - _LENGTH + 1):
        number = folded[start : start + _LENGTH]
        if number[0] == " " or not is_identity_number(number):
            continue
        first, last = places[start], places[start + _LENGTH - 1]
        if _is_spaced(text[first : last + 1]) and not _stands_alone(folded, places, text, start):
            continue
        yield first, last + 1, number


def _folded(text: str) -> tuple[str, list[int]]:
    """Return digits and X as ASCII, other text as one space a piece, and where each came from.

    Single separators between two digits and invisible characters are left out.
    """
    characters: list[str] = []
    places: list[int] = []
    pending = -1
    for place, character in enumerate(text):
        if character.isascii():
            plain = character
        elif unicodedata.category(character) in ("Cf", "Mn", "Me"):
            continue
        else:
            plain = unicodedata.normalize("NFKC", character)
        for piece in plain.upper():
            if piece.isascii() and (piece.isdigit() or piece == "X"):
                characters.append(piece)
                places.append(place)
                pending = -1
            elif character in _SEPARATORS and pending < 0 and characters and characters[-1].isdigit():
                pending = place
            else:
                characters.append(" ")
                places.append(place)
                pending = -1
    return "".join(characters), places


def _is_spaced(typed: str) -> bool:
    return any(character in _SEPARATORS for character in typed)


def _stands_alone(folded: str, places: list[int], text: str, start: int) -> bool:
    """Whether no digit touches a number that was typed in groups."""
    end = start + _LENGTH
    before = (
        start == 0 or not folded[start - 1].isdigit() or _is_spaced(text[places[start - 1] : places[start]])
    )
    after = end == len(folded) or not folded[end].isdigit() or _is_spaced(text[places[end - 1] : places[end]])
    return before and after
