"""Cells that hold words: free text, people's names, telephone numbers."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from xiezuo.base.errors import Unreadable
from xiezuo.values.cell import Cell, content, is_dash, says_nothing
from xiezuo.values.numbers import exact

_NOTE = re.compile(r"[(\[{【〔《<](?P<note>[^)\]}】〕》>]*)[)\]}】〕》>]?")
_SPACE_IN_NAME = re.compile(r"(?<![A-Za-z]) | (?![A-Za-z])")
_DOT_IN_NAME = re.compile(r"(?<=[^\x00-\x7f])[.•・‧∙⋅](?=[^\x00-\x7f])")
_NOT_IN_A_NAME = re.compile(r"[\d*?、,;/\\|&+=#@!:\"~^%$()\[\]{}【】〔〕《》<>]")
_LONGEST_NAME = 40
_PHONE_PUNCTUATION = re.compile(r"[\s\-‐‑–—()'’`]")
_MOBILE = re.compile(r"(?:\+?(?:00)?86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(?:\+?(?:00)?860?|0)(10|2[0-9]|[3-9][0-9]{2})([2-9][0-9]{6,7})")
_PHONE_MASK = re.compile(r"[0-9][*xX#?·●•○]{2,}")


def text(raw: Cell) -> str | None:
    """Return the cell as text, None when it is blank or struck out.

    Whole numbers read as typed (``3.0`` → ``3``), dates as ISO dates.

    Raises:
        Unreadable: the cell is faulty, or ``TEXT_PRECISION_LOST``: a long number (an order number,
            say) kept as a spreadsheet number, whose last digits are gone.
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and is_dash(value)):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return _number_as_text(value)


def _number_as_text(value: int | float | Decimal) -> str:
    if isinstance(value, float) and abs(value) >= 10**15:
        raise Unreadable("TEXT_PRECISION_LOST", "长数字存成了数值，尾数已丢失，请将该列设为文本后重新填写")
    number = exact(value)
    if number == number.to_integral_value():
        return str(int(number))
    return format(number, "f")


def person_name(raw: Cell) -> str | None:
    """Return a person's name without inner spaces and notes: ``张 三`` → ``张三``.

    A note in brackets (``(户主)``) is left out, see :func:`person_note`. Dots between the parts of
    a transliterated name become ``·``; spaces stay only between Latin words.

    Raises:
        Unreadable: ``NAME_FORMAT`` when there is no name, several, or it is partly masked.
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and says_nothing(value)):
        return None
    if not isinstance(value, str):
        raise _no_name()
    name = _DOT_IN_NAME.sub("·", _SPACE_IN_NAME.sub("", _NOTE.sub(" ", value).strip()))
    if _NOT_IN_A_NAME.search(name) or not 0 < len(name) <= _LONGEST_NAME:
        raise _no_name()
    if not any(character.isalpha() or character >= "\ue000" for character in name):
        raise _no_name()
    return name


def person_note(raw: Cell) -> str | None:
    """Return what stands in brackets beside a person's name (``马某某(户主)`` → ``户主``)."""
    value = content(raw)
    found = _NOTE.search(value) if isinstance(value, str) else None
    return (found["note"].strip() or None) if found else None


def _no_name() -> Unreadable:
    return Unreadable("NAME_FORMAT", "姓名无法识别：应只填写一个人的姓名，不含数字、星号或其他符号")


def phone(raw: Cell) -> str | None:
    """Return a mainland number: 11 digits of a mobile, or ``area-number`` of a landline.

    Spaces, dashes, brackets and a leading 86 are left out; the area code of a landline is needed.

    Raises:
        Unreadable: ``PHONE_MASKED`` (digits hidden), ``PHONE_FORMAT`` (anything else).
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and says_nothing(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _no_phone()
    typed = value if isinstance(value, str) else _number_as_text(value)
    digits = _PHONE_PUNCTUATION.sub("", typed)
    if mobile := _MOBILE.fullmatch(digits):
        return mobile[1]
    if landline := _LANDLINE.fullmatch(digits):
        return f"0{landline[1]}-{landline[2]}"
    if _PHONE_MASK.search(digits):
        raise Unreadable("PHONE_MASKED", "电话号码有隐去的数字，请填写完整号码")
    raise _no_phone()


def _no_phone() -> Unreadable:
    return Unreadable("PHONE_FORMAT", "电话号码无法识别：应为 11 位手机号或带区号的固定电话，只填一个")
