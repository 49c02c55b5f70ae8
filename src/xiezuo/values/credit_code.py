"""Unified social credit codes of organisations (GB 32100-2015)."""

from __future__ import annotations

import re
from decimal import Decimal

from xiezuo.base.errors import Unreadable
from xiezuo.values.cell import Cell, content, says_nothing
from xiezuo.values.identity import precision_lost, survives_as_float

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(f"[{_ALPHABET}]{{18}}")
_PUNCTUATION = re.compile(r"[\s'‘’`\"“”\-‐‑–—−]")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,3}|[0-9]\.[0-9]+[Ee][0-9]{1,3}|[0-9]{15,}\.0*")


def uscc(raw: Cell) -> str | None:
    """Return the 18 characters of a credit code, None when blank; any first letter is allowed.

    Village collectives (N2 …) and other letter-prefixed codes are as good as 91 … ones.

    Raises:
        Unreadable: ``USCC_LENGTH`` (not 18 of the standard's characters), ``USCC_CHECKSUM``,
            ``USCC_PRECISION_LOST`` (kept as a spreadsheet number).
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and says_nothing(value)):
        return None
    if isinstance(value, float | Decimal) or (isinstance(value, str) and _SCIENTIFIC.fullmatch(value)):
        raise precision_lost("USCC")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong_length()
    if isinstance(value, int):
        if not 10**17 <= value < 10**18:
            raise _wrong_length()
        if survives_as_float(value):
            raise precision_lost("USCC")
    code = _PUNCTUATION.sub("", str(value)).upper()
    if not _CODE.fullmatch(code):
        raise _wrong_length()
    if uscc_check_character(code) != code[17]:
        raise Unreadable("USCC_CHECKSUM", "统一社会信用代码校验位不对，至少有一位填错，请核对")
    return code


def uscc_check_character(code: str) -> str:
    """Return the eighteenth character for the first seventeen (weights 3^i modulo 31)."""
    total = sum(_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(code[:17]))
    return _ALPHABET[-total % 31]


def _wrong_length() -> Unreadable:
    return Unreadable("USCC_LENGTH", "统一社会信用代码应为 18 位数字或大写字母（不用 I、O、S、V、Z）")
