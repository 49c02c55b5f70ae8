"""What a sheet says about itself outside its rows: who reports, and as of when.

The version of a file is the date it was reported on (from its title, its 填报日期 or its 单位 line),
else the month its name or path tells, at month end, else the last date in its rows; never the time it
arrived (docs/interfaces.md).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from xiezuo.base.errors import Unreadable
from xiezuo.conform.readers import Cell
from xiezuo.declared.divisions import Divisions
from xiezuo.values import day, is_measure, units_said

_DAY = re.compile(r"((?:19|20)\d\d)\s*(?:年|[./-])\s*(\d{1,2})\s*(?:月|[./-])\s*(\d{1,2})(?!\d|\s*月)\s*日?")
_MONTH = re.compile(r"((?:19|20)\d\d)\s*(?:年\s*(\d{1,2})\s*月|[./_-]\s*(\d{1,2})(?!\d))")
_MONTHS_TO = re.compile(r"((?:19|20)\d\d)\s*年\s*\d{1,2}\s*月?\s*[-—–~至到]\s*(\d{1,2})\s*月")
_COMPACT_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(?!\d)")
_REPORTED = re.compile(
    r"(?:填报|填表|上报|制表|报送|编制)(?:日期|时间)\s*[::]?\s*([^\s,,;;]+(?:\s*[年月./-]\s*\d+\s*[月日]?)*)"
)
_UNIT_LINE = re.compile(r"(?:填报|填表|上报|编制|报送|制表)?单位\s*(?:\(盖章\)|\(公章\))?\s*[::]\s*([^\s::]+)")
_DATE_IN_NAME = re.compile(r"(?:19|20)\d\d\s*(?:年|[._-])?\s*\d{0,2}\s*(?:月|[._-])?\s*\d{0,2}\s*日?")
_NAME_NOISE = re.compile(
    r"[((]\d+[))]|[-_ ]\d{1,2}(?!\d)|v\d+(?:\.\d+)?|第?[\d一二三四五六七八九十]+[稿版]"
    r"|(?:修订|更正|修改|补报|最终|最新|终|定|新|初)+[稿版]?"
    r"|[稿版](?![\u4e00-\u9fff])|副本|copy|[\s_.()()【】\[\]-]+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Title:
    """What the lines above (and notes below) a sheet's rows say; each is None when they do not."""

    reporting_unit: str | None
    reported_on: date | None
    text: str


def read_title(cells: Iterable[Cell]) -> Title:
    """Read the cells above a header.

    A full date anywhere in them is the reporting date; of several a 填报日期 wins, then the last.
    A month stands for its last day.
    """
    texts = [_plain(cell) for cell in cells if cell is not None]
    text = "  ".join(filter(None, texts))
    units = [match.group(1) for match in _UNIT_LINE.finditer(text)]
    return Title(
        reporting_unit=next(filter(_is_name, units), None),
        reported_on=_reported_on(text),
        text=text,
    )


def month_of_path(path: PurePosixPath) -> date | None:
    """Return the last day of the month a file's name or path tells, the name first."""
    for part in (path.stem, *(parent.name for parent in path.parents)):
        plain = unicodedata.normalize("NFKC", part)
        if (match := _DAY.search(plain)) and (whole := _date(*map(int, match.groups()))):
            return whole
        if (found := _month_end(plain)) is not None:
            return found
    return None


def unit_of_place(title: Title, sheet: str, path: PurePosixPath, divisions: Divisions) -> str:
    """Name the reporting unit of a ledger that does not: the township it speaks of, else its file.

    Taking the file's own name keeps two unnamed stations apart; one never withdraws the other's rows.
    """
    for text in (title.text, sheet, path.stem, path.parent.name):
        towns = {row.name for row in divisions.rows if row.level == "township" and row.name in text}
        if len(towns) == 1:
            return towns.pop()
    plain = unicodedata.normalize("NFKC", path.stem)
    return _NAME_NOISE.sub("", _DATE_IN_NAME.sub("", plain)) or path.stem


def _is_name(unit: str) -> bool:
    """Whether what stands behind 单位： is who reports, and no unit of measure."""
    measured = is_measure(unit) or any(word.is_sure for word in units_said(f"单位:{unit}"))
    return not measured and any(sign.isalpha() for sign in unit)


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    return unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""


def _reported_on(text: str) -> date | None:
    for match in _REPORTED.finditer(text):
        try:
            stated = day(match.group(1))
        except Unreadable:
            stated = None  # not a whole date: the other ways of telling follow
        if stated is not None:
            return stated
    whole = [found for m in _DAY.finditer(text) if (found := _date(*map(int, m.groups())))]
    return whole[-1] if whole else _month_end(text)


def _month_end(text: str) -> date | None:
    for match in (*_MONTHS_TO.finditer(text), *_MONTH.finditer(text), *_COMPACT_MONTH.finditer(text)):
        year, month = int(match.group(1)), int(match.group(2) or match.group(match.lastindex or 2))
        if 1 <= month <= 12:
            return date(year, month, calendar.monthrange(year, month)[1])
    return None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
