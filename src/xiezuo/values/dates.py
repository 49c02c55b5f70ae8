"""Days, months and moments. Times without an offset are +08:00; ``至今`` is an open end."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import Unreadable
from xiezuo.values.cell import Cell, Scalar, content, says_nothing
from xiezuo.values.date_text import FIRST_YEAR, LAST_YEAR, Parts, checked, from_serial, no_date, read_text


class OpenEnd(Enum):
    """The type of :data:`OPEN_END`."""

    OPEN_END = "至今"


OPEN_END = OpenEnd.OPEN_END
"""What an end date holds when the ledger says that something still goes on (至今, 在岗)."""

_OPEN = frozenset(
    (
        "至今", "迄今", "今", "目前", "至目前", "到目前", "截至目前", "当前", "现在", "至现在", "到现在",
        "在岗", "仍在岗", "目前在岗", "在职", "仍在职", "务工中", "在外务工", "仍在务工", "未返乡", "未结束",
        "长期",
    )
)  # fmt: skip


def is_open_end(raw: Cell) -> bool:
    """Whether the cell says that something still goes on (至今, 目前, 在岗 …)."""
    value = content(raw)
    return isinstance(value, str) and value.replace(" ", "").strip("()。-—") in _OPEN


def day(raw: Cell, *, default_year: int | None = None) -> date | None:
    """Return a day; None when blank or an open end. ``default_year`` completes ``9月2日``.

    Spreadsheet day numbers, full-width and Chinese digits, 20220902 and two-digit years (22.9.2)
    are read.

    Raises:
        Unreadable: ``DATE_INCOMPLETE`` (a month or a year only), ``DATE_AMBIGUOUS``,
            ``DATE_IMPOSSIBLE``, ``DATE_RANGE`` (outside 1900–2100), ``DATE_FORMAT``.
    """
    parts = _parts(raw, default_year)
    if parts is None:
        return None
    if parts.day is None:
        raise Unreadable("DATE_INCOMPLETE", "日期没有写到日")
    return _local(parts, parts.day).date()


def month(raw: Cell, *, default_year: int | None = None) -> date | None:
    """Return the first day of the month that is named, or that the day lies in; errors as `day`.

    The number 2022.1 is ``DATE_AMBIGUOUS``: a spreadsheet shows October, typed 2022.10, the same.
    """
    found = day_or_month(raw, default_year=default_year)
    return None if found is None else found.replace(day=1)


def day_or_month(raw: Cell, *, default_year: int | None = None) -> date | None:
    """Return the day where one is given, else the month's first day; errors as in :func:`day`."""
    parts = _parts(raw, default_year)
    return None if parts is None else _local(parts, parts.day or 1).date()


def day_or_open(raw: Cell, *, default_year: int | None = None) -> date | OpenEnd | None:
    """Return a day, :data:`OPEN_END`, or None when blank; errors as in :func:`day`."""
    return OPEN_END if is_open_end(raw) else day(raw, default_year=default_year)


def month_or_open(raw: Cell, *, default_year: int | None = None) -> date | OpenEnd | None:
    """Return a month's first day, :data:`OPEN_END`, or None when blank; errors as in `month`."""
    return OPEN_END if is_open_end(raw) else month(raw, default_year=default_year)


def moment(raw: Cell, *, default_year: int | None = None) -> datetime | None:
    """Return an instant in +08:00; a day without a time of day is its midnight.

    Raises:
        Unreadable: as :func:`day`.
    """
    parts = _parts(raw, default_year)
    if parts is None:
        return None
    if parts.day is None:
        raise Unreadable("DATE_INCOMPLETE", "日期没有写到日")
    return _local(parts, parts.day)


def epoch_moment(raw: Cell) -> datetime | None:
    """Return an instant in +08:00 from seconds since 1970 (UTC), None when blank.

    Raises:
        Unreadable: ``DATE_FORMAT``, ``DATE_RANGE``.
    """
    value = content(raw)
    if value is None or (isinstance(value, str) and says_nothing(value)):
        return None
    if isinstance(value, bool | datetime | date | time):
        raise no_date()
    try:
        seconds = float(value)
    except (ValueError, OverflowError) as error:
        raise no_date() from error
    if not 0 < seconds < 4_133_980_800:
        raise Unreadable("DATE_RANGE", "时间戳不是 1970—2100 年之间的秒数")
    return datetime.fromtimestamp(seconds, SHANGHAI)


def has_two_digit_year(raw: Cell, *, default_year: int | None = None) -> bool:
    """Whether the year was read from two digits (22.9.2): worth a warning. Errors as `day`."""
    parts = _parts(raw, default_year)
    return parts is not None and parts.short_year


def _parts(raw: Cell, default_year: int | None) -> Parts | None:
    value = content(raw)
    if value is None:
        return None
    if isinstance(value, str):
        if says_nothing(value) or is_open_end(value):
            return None
        return read_text(value, default_year)
    return checked(_typed(value))


def _typed(value: Scalar) -> Parts:
    if isinstance(value, datetime):
        if value.tzinfo is not None and FIRST_YEAR <= value.year <= LAST_YEAR:
            value = value.astimezone(SHANGHAI)
        return Parts(value.year, value.month, value.day, value.time())
    if isinstance(value, date):
        return Parts(value.year, value.month, value.day)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _from_number(float(value) if 0 < value < 10**15 else 0.0)
    raise no_date()


def _from_number(number: float) -> Parts:
    if number == int(number) and len(str(int(number))) in (6, 8, 14) and number > 0:
        return read_text(str(int(number)), None)
    if number < 13 and number != int(number):
        raise Unreadable("DATE_AMBIGUOUS", "数值无法确定是哪一天，请将该列设为文本或日期")
    if FIRST_YEAR <= number < LAST_YEAR + 1:
        return _year_and_fraction(number)
    return from_serial(number)


def _year_and_fraction(number: float) -> Parts:
    """Read 2022.9 and 2022.11 as months; 2022.1 can be January or a shortened 2022.10."""
    year, _, fraction = repr(number).partition(".")
    if fraction == "0":
        raise Unreadable("DATE_INCOMPLETE", "日期只有年份，没有月份")
    if fraction == "1":
        raise Unreadable("DATE_AMBIGUOUS", "数值无法区分 1 月和 10 月，请将该列设为文本或日期")
    if len(fraction) > 2:
        raise no_date()
    return Parts(int(year), int(fraction))


def _local(parts: Parts, day_of_month: int) -> datetime:
    at = parts.at or time()
    stamp = datetime.combine(date(parts.year, parts.month, day_of_month), at)
    return stamp.replace(tzinfo=SHANGHAI) if stamp.tzinfo is None else stamp.astimezone(SHANGHAI)
