"""The spellings of a date: text in, numbered parts out; nothing is filled in by guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xiezuo.base.errors import Unreadable
from xiezuo.values.numerals import NUMERALS, chinese_digits, chinese_number

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_SERIAL, LAST_SERIAL = 20090, 73415
"""Spreadsheet day numbers of 1955-01-01 and 2100-12-31; others are hardly meant as dates."""

_SERIAL_ZERO = date(1899, 12, 30)
_SEP = r"(?:\s*[-‐‑‒–—−―/\\.,、。_·]\s*|\s+)"
_OF_MONTH = "(?:月(?:份|初|中|底|末|上旬|中旬|下旬)?)"
_YMD = re.compile(
    rf"(\d{{4}})(?:{_SEP}|\s*年\s*)(\d{{1,2}})(?:{_SEP}|\s*月\s*)(\d{{1,2}})\s*[日号]?", re.ASCII
)
_SHORT_YMD = re.compile(
    rf"'?(\d{{2}})(?:{_SEP}|\s*年\s*)(\d{{1,2}})(?:{_SEP}|\s*月\s*)(\d{{1,2}})\s*[日号]?", re.ASCII
)
_YM = re.compile(rf"(\d{{4}})(?:{_SEP}|\s*年\s*)(\d{{1,2}})\s*{_OF_MONTH}?", re.ASCII)
_SHORT_YM = re.compile(rf"'?(\d{{2}})\s*年\s*(\d{{1,2}})\s*{_OF_MONTH}", re.ASCII)
_MD = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?", re.ASCII)
_M = re.compile(rf"(\d{{1,2}})\s*{_OF_MONTH}", re.ASCII)
_TWO_NUMBERS = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}})", re.ASCII)
_MDY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(?:(\d{2})(?:(\d{2})(\d{2})(\d{2}))?)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_YEAR_ONLY = re.compile(
    r"(?:\d{4}|\d{2}(?=\s*年))\s*年?度?\s*(?:[上下]半年|第?[1-4一二三四]季度|[春夏秋冬][季天]|年?[初中底末])?", re.ASCII
)
_TO = re.compile(r"\s*(?:[-‐‑‒–—−―~]+|至|到)\s*")
_BEGINS_TAIL = re.compile(r"\d{1,4}\s*[-‐‑‒–—−―/\\.,、年月日号]|\d{1,2}$|今|目前|现在|年底")
_UNSURE = re.compile("约|左右|前后|大概|估计|预计|拟|计划|待定|农历|阴历|旧历|腊月|[?？]|[日号月0-9][前后]$")
_NOTE = re.compile(r"(?<=[日号月0-9])\s*\([^()0-9]*\)$")
_AROUND = re.compile(r"^[自从于]\s*(?=\d)|(?<=[日号月0-9])\s*(?:起|开始|起始|止|为止|截止|结束)$")
_WEEKDAY = re.compile(r"\(?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*\)?")
_HALF = r"(上午|下午|晚上|中午|早上|凌晨|傍晚|晚|早|AM|PM)"
_TIME = re.compile(
    rf"(?:(?<=[\s日号)])|(?<=\d)T|(?<=\d)\s)\s*{_HALF}?\s*(\d{{1,2}})\s*(?::|时|点)"
    rf"(?:\s*(\d{{1,2}})\s*分?(?::?\s*(\d{{1,2}})(?:[.,](\d{{1,9}}))?\s*秒?)?)?\s*(AM|PM)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.ASCII | re.IGNORECASE,
)
_HALF_ALONE = re.compile(rf"\s*{_HALF}$", re.IGNORECASE)


@dataclass(frozen=True)
class Parts:
    """A date as far as it was given: ``day`` None for a month; ``at`` None without a time of day."""

    year: int
    month: int
    day: int | None = None
    at: time | None = None
    short_year: bool = False


def read_text(typed: str, default_year: int | None) -> Parts:
    """Read a normalised text as a date.

    Raises:
        Unreadable: ``DATE_FORMAT``, ``DATE_INCOMPLETE`` (no year or month), ``DATE_AMBIGUOUS``,
            ``DATE_IMPOSSIBLE`` (30 February), ``DATE_RANGE`` (outside 1900–2100), ``DATE_SPAN``
            (two dates), ``DATE_APPROXIMATE`` (约, 预计, 农历 …).
    """
    if _UNSURE.search(typed):
        raise Unreadable("DATE_APPROXIMATE", "日期是约数、预计或农历，无法作为确定日期，请填写实际公历日期")
    body = _in_digits(_WEEKDAY.sub("", typed)).strip().rstrip(".。,;、").strip()
    body = _AROUND.sub("", _AROUND.sub("", _NOTE.sub("", body))).strip()
    clock = _TIME.search(body)
    at = None
    if clock:
        at = _time_of(clock)
        body = body[: clock.start()]
    body = _HALF_ALONE.sub("", body).strip()
    found = _date_of(body, default_year)
    return checked(Parts(found.year, found.month, found.day, found.at or at, found.short_year))


def _in_digits(typed: str) -> str:
    """Put 二〇二二年九月二日 and 元月 into ASCII digits."""
    typed = re.sub(
        f"([Oo{NUMERALS}]{{4}}|[Oo{NUMERALS}]{{2}})(?=\\s*年)", lambda m: chinese_digits(m[1]) or m[1], typed
    )
    typed = typed.replace("元月", "1月").replace("廿", "二十").replace("卅", "三十")
    return re.sub(
        f"(?<![{NUMERALS}])([{NUMERALS}]{{1,3}})(?=\\s*[月日号时点分])",
        lambda m: str(n) if (n := chinese_number(m[1])) is not None else m[1],
        re.sub(f"(?<=月)([{NUMERALS}]{{1,3}})$", r"\1日", typed),
    )


def _time_of(found: re.Match[str]) -> time:
    before, hour, minute, second, fraction, after, offset = found.groups()
    hours = int(hour)
    half = (before or after or "").upper()
    if half in ("下午", "晚上", "傍晚", "晚", "PM") and hours < 12:
        hours += 12
    elif half == "中午" and hours < 3:
        hours = hours + 12 if hours else 12
    elif half in ("AM", "凌晨") and hours == 12:
        hours = 0
    spelling = f"{hours:02d}:{int(minute or 0):02d}:{int(second or 0):02d}"
    spelling += f".{fraction[:6]:0<6}" if fraction else ""
    try:
        return time.fromisoformat(spelling + (offset or "").upper())
    except ValueError as error:
        raise Unreadable("DATE_IMPOSSIBLE", "时间不存在，请核对") from error


def _date_of(body: str, default_year: int | None) -> Parts:
    for pattern in (_YMD, _YM):
        if found := pattern.fullmatch(body):
            return _given(int(found[1]), found.groups()[1:])
    for pattern in (_SHORT_YMD, _SHORT_YM):
        if found := pattern.fullmatch(body):
            short = int(found[1])
            return _given(short + (2000 if short < 50 else 1900), found.groups()[1:], short_year=True)
    if (found := _COMPACT.fullmatch(body)) and len(body) in (6, 8, 14):
        return _compact(found)
    if _SERIAL.fullmatch(body):
        return from_serial(float(body))
    if found := _MDY.fullmatch(body):
        first, second, year = map(int, found.groups())
        if first != second and max(first, second) <= 12:
            raise Unreadable("DATE_AMBIGUOUS", "无法确定月和日的先后，请写成 2022-09-02 的形式")
        return Parts(year, min(first, second), max(first, second))
    return _without_year(body, default_year)


def _given(year: int, rest: tuple[str, ...], *, short_year: bool = False) -> Parts:
    return Parts(year, int(rest[0]), int(rest[1]) if len(rest) > 1 else None, short_year=short_year)


def _compact(found: re.Match[str]) -> Parts:
    year, month, day, hour, minute, second = found.groups()
    at = None
    if hour is not None:
        try:
            at = time(int(hour), int(minute), int(second))
        except ValueError as error:
            raise Unreadable("DATE_IMPOSSIBLE", "时间不存在，请核对") from error
    return Parts(int(year), int(month), int(day) if day else None, at)


def _without_year(body: str, default_year: int | None) -> Parts:
    if found := _MD.fullmatch(body) or _M.fullmatch(body):
        if default_year is None:
            raise Unreadable("DATE_INCOMPLETE", "日期没有年份")
        return _given(default_year, found.groups())
    if found := _TWO_NUMBERS.fullmatch(body):
        if default_year is None or int(found[1]) > 12:
            raise Unreadable("DATE_AMBIGUOUS", "日期没有年份，无法确定，请写成 2022-09-02 的形式")
        return Parts(default_year, int(found[1]), int(found[2]))
    if _YEAR_ONLY.fullmatch(body):
        raise Unreadable("DATE_INCOMPLETE", "日期只到年份、半年或季度，没有月份")
    if _is_span(body):
        raise Unreadable("DATE_SPAN", "一格里写了起止两个日期，请分两列填写，此列只填一个")
    raise no_date()


def _is_span(body: str) -> bool:
    """Whether a date is followed by an end (2022.3-2022.8, 2022年3月至今)."""
    return any(
        _BEGINS_TAIL.match(body, found.end()) and _is_date(body[: found.start()]) for found in _TO.finditer(body)
    )


def _is_date(head: str) -> bool:
    return any(pattern.fullmatch(head) for pattern in (_YMD, _YM, _SHORT_YMD, _SHORT_YM, _MD, _M))


def from_serial(serial: float) -> Parts:
    """Turn a spreadsheet day number (1900 system) into a date, the fraction into whole seconds."""
    if not FIRST_SERIAL <= serial < LAST_SERIAL + 1:
        raise no_date()
    midnight = datetime.combine(_SERIAL_ZERO, time())
    stamp = midnight + timedelta(days=int(serial), seconds=round((serial - int(serial)) * 86400))
    has_time = serial != int(serial)
    return Parts(stamp.year, stamp.month, stamp.day, stamp.time() if has_time else None)


def checked(parts: Parts) -> Parts:
    """Return ``parts`` when they are a real date from 1900 to 2100, else raise Unreadable."""
    if not FIRST_YEAR <= parts.year <= LAST_YEAR:
        raise Unreadable("DATE_RANGE", f"日期不在 {FIRST_YEAR}—{LAST_YEAR} 年之间，请核对年份")
    try:
        date(parts.year, parts.month, parts.day or 1)
    except ValueError as error:
        raise Unreadable("DATE_IMPOSSIBLE", "日期不存在，请核对月和日") from error
    if parts.day == 0:
        raise Unreadable("DATE_IMPOSSIBLE", "日期不存在，请核对月和日")
    return parts


def no_date() -> Unreadable:
    """Return the error for a cell that is not a date at all."""
    return Unreadable("DATE_FORMAT", "日期无法识别，请写成 2022-09-02 或 2022年9月2日")
