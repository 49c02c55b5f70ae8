"""Citizen identity numbers (GB 11643-1999): reading them, and keeping them out of text.

A number is valid when its birth date exists and its check digit is right. The region is not looked
up: lists of historical codes are incomplete, and sample people use the impossible prefix 99.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xiezuo.base.errors import Unreadable
from xiezuo.values.cell import Cell, content, says_nothing

_FIRST_BIRTH_YEAR, _LAST_BIRTH_YEAR = 1900, 2100
_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))
_CHECK_DIGITS = "10X98765432"
_PUNCTUATION = re.compile(r"[\s'‘’`\"“”]|(?<![-‐‑–—−])[-‐‑–—−](?![-‐‑–—−])")
_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_MASK = re.compile(r"[*xX#?·●•○■□×✱_~…]|[-‐‑–—−.]{2,}")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,3}|[0-9]{15,}\.0*")


@dataclass(frozen=True)
class Identity:
    """A valid identity number and what it says; its representation shows neither number nor date."""

    number: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: str = field(repr=False)


def identity_number(raw: Cell, *, today: date | None = None) -> Identity | None:
    """Return the identity (``sex`` is ``male`` or ``female``), None when the cell is blank.

    Full-width digits, a small x, spaces, dashes and a leading apostrophe are read. With ``today``
    a later birth date is refused.

    Raises:
        Unreadable: ``ID_LENGTH`` (not 18 characters, the old 15 digits included), ``ID_MASKED``,
            ``ID_PRECISION_LOST`` (kept as a spreadsheet number), ``ID_CHECKSUM``, ``ID_DATE``.
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and says_nothing(value)):
        return None
    if isinstance(value, float | Decimal):
        raise precision_lost("ID")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong_length()
    if isinstance(value, int):
        return _from_integer(value, today)
    if _SCIENTIFIC.fullmatch(value):
        raise precision_lost("ID")
    number = _shaped(value)
    try:
        return _identity(number, today)
    except Unreadable as error:
        if number.endswith("000") and error.code == "ID_CHECKSUM":
            raise precision_lost("ID") from error
        raise


def _from_integer(value: int, today: date | None) -> Identity:
    if not 10**17 <= value < 10**18:
        raise _wrong_length()
    if survives_as_float(value):
        raise precision_lost("ID")
    return _identity(str(value), today)


def survives_as_float(value: int) -> bool:
    """Whether a long whole number may be what a spreadsheet left of another one.

    Spreadsheets keep 15 digits and calculate in binary floats: a number that is a float itself, or
    ends in 000, proves nothing about the digits that were typed.
    """
    return value % 1000 == 0 or int(float(value)) == value


def precision_lost(kind: str) -> Unreadable:
    """Return the error for a number whose last digits a spreadsheet dropped."""
    return Unreadable(f"{kind}_PRECISION_LOST", "号码存成了数值，后几位已丢失，请将该列设为文本后重新填写")


def _shaped(typed: str) -> str:
    number = _PUNCTUATION.sub("", typed).upper()
    if _NUMBER.fullmatch(number):
        return number
    if re.search("[0-9]", number) and _MASK.search(number[:-1]):
        raise Unreadable("ID_MASKED", "身份证号有隐去的数字，请填写完整号码")
    raise _wrong_length()


def _wrong_length() -> Unreadable:
    return Unreadable("ID_LENGTH", "身份证号不是 18 位公民身份号码（15 位旧号请换成 18 位）")


def _identity(number: str, today: date | None) -> Identity:
    birth_date = _birth_date(number)
    if birth_date is None or (today is not None and birth_date > today):
        raise Unreadable("ID_DATE", "身份证号中的出生日期不存在或不合理，请核对")
    if check_digit(number) != number[17]:
        raise Unreadable("ID_CHECKSUM", "身份证号校验位不对，至少有一位填错，请核对")
    return Identity(number, birth_date, "male" if int(number[16]) % 2 else "female")


def check_digit(number: str) -> str:
    """Return the eighteenth character for the first seventeen digits (ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True)) % 11]


def _birth_date(number: str) -> date | None:
    try:
        found = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return found if _FIRST_BIRTH_YEAR <= found.year <= _LAST_BIRTH_YEAR else None


def is_identity_number(number: str) -> bool:
    """Whether 18 ASCII characters (a capital X at the end allowed) are a valid identity number."""
    return bool(_NUMBER.fullmatch(number) and _birth_date(number) and check_digit(number) == number[17])
