"""What is written into a cell: the figure that its lines ask for, in the cell's unit, or why there is none.

Units are converted exactly, then rounded as the form says (保留两位小数), else money to two decimals of 元 and 万元 and
four of 亿元; half up, a lower bound down. What would round to 0 and is not keeps its digits. Counts are never rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from xiezuo.build.figures import Figure
from xiezuo.declared.form_words import Known
from xiezuo.publish.documents.numbers import YI, plain, rounded
from xiezuo.publish.forms.heads import Unit, When
from xiezuo.publish.forms.standing import Standing, change_pct
from xiezuo.values import normalise, shown
from xiezuo.values.periods import Period

_PLACES = re.compile(
    r"(?:保留|精确到?)\s*(?:小数点后)?\s*([0-9一二两三四])\s*位小数|小数点后([0-9一二两三四])位"
)
_WHOLE = re.compile(r"保留整数|取整数?|不保留小数|精确到整数")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_PRECISION = 60
NOT_YET = "表头所写期间尚未到"
NOT_REPORTED, NO_INDICATOR, WAITING, AT_LEAST = "未报告", "无此指标", "待确认", "约数下限"


@dataclass(frozen=True)
class Amount:
    """What a cell gets: the digits and what they mean, or an empty text and the reason in ``note``.

    ``exact`` is the value itself, money in 元. ``period`` and ``town`` are those of the figure; ``is_percent``: the
    digits are percent.
    """

    text: str = ""
    note: str = ""
    exact: Decimal | None = None
    qualifier: str = ""
    period: Period | None = None
    town: str = ""
    is_percent: bool = False

    @property
    def is_at_least(self) -> bool:
        """Whether it is a lower bound."""
        return self.qualifier == "at_least"


def decimals_said(texts: Iterable[str]) -> int | None:
    """Return to how many decimals a form's notes want numbers; None where they do not say, or say two things."""
    found: set[int] = set()
    for text in map(normalise, texts):
        found |= {
            _DIGITS.get(digit, 0) or int(digit) for pair in _PLACES.findall(text) if (digit := "".join(pair))
        }
        found |= {0} if _WHOLE.search(text) else set()
    return found.pop() if len(found) == 1 else None


def period_of(when: When, asked: Period) -> Period | str:
    """Return the period a cell is of when the form is filled for ``asked``; a sentence where there is none."""
    year = when.year or asked.year
    last = asked.month or 12
    if when.role == "year_before" and not when.span:
        return Period("year", year - 1, None)
    if year > asked.year or (year == asked.year and (when.month or 0) > last):
        return NOT_YET
    if when.span == "month":
        month = when.month or asked.month
        return Period("month", year, month) if month else "按年填报，没有当月数"
    if when.span == "year" or (when.year and year < asked.year and when.span != "year_to_date"):
        return Period("year", year, None) if year < asked.year or last == 12 else "全年数尚未产生"
    if when.span or when.year or when.role in ("target", "completion") or asked.kind == "year":
        return _to_date(year, when.month or last, asked)
    return "表头未写当月还是累计，请在核对表中注明"


def _to_date(year: int, month: int, asked: Period) -> Period:
    is_whole = asked.kind == "year" and month == 12
    return Period("year", year, None) if is_whole else Period("year_to_date", year, month)


@dataclass(frozen=True)
class Wanted:
    """What a cell asks for, as confirmed: an indicator of a place and a time, in a unit."""

    known: Known
    town: str
    when: When
    unit: Unit | None


def amount(wanted: Wanted, asked: Period, standing: Standing, decimals: int | None) -> Amount:
    """Return what a cell gets when its form is filled for the period ``asked``."""
    known, town, when, unit = wanted.known, wanted.town, wanted.when, wanted.unit
    period = period_of(when, asked)
    if isinstance(period, str):
        return Amount(note=period)
    figure = standing.figure(known.indicator_id, town, period)
    if figure is None:
        whole = standing.figure(known.indicator_id, "", period) if town else None
        return Amount(note="此指标不分乡镇" if whole is not None else NOT_REPORTED, period=period, town=town)
    if when.role in ("completion", "change"):
        return _percentage(figure, when, period, town)
    value, qualifier = _value(figure, when, town)
    if when.role == "last_year" or (when.role == "year_before" and when.span):
        period = period.a_year_earlier()
    why = _unit_doubt(unit, known.unit)
    if value is None or why:
        return Amount(note=why or qualifier, period=period, town=town)
    is_at_least = qualifier == "at_least"
    text = written(value, known.unit, unit, decimals, is_at_least=is_at_least)
    return Amount(text, AT_LEAST if is_at_least else "", value, qualifier, period, town)


def _value(figure: Figure, when: When, town: str) -> tuple[Decimal | None, str]:
    """Return the number of a figure that a time asks for and its qualifier, or None and why there is none."""
    if when.role == "target":
        value, qualifier, why = figure.target, "exact", "没有年度任务数"
        value, why = (None, "年度任务不分乡镇") if town else (value, why)
    elif when.role == "last_year" or (when.role == "year_before" and when.span):
        value, qualifier, why = figure.last_year, figure.last_year_qualifier or "", NOT_REPORTED
    else:
        value, qualifier, why = figure.value, figure.qualifier, NOT_REPORTED
    return (None, why) if value is None or qualifier == "not_reported" else (value, qualifier)


def _unit_doubt(unit: Unit | None, of: str) -> str:
    if unit is None:
        return "未写明金额单位" if of == "元" else ""
    return "" if unit.fits(of) else "单位与指标不符"


def _percentage(figure: Figure, when: When, period: Period, town: str) -> Amount:
    if when.role == "completion":
        found = figure.completion_pct if not town else None
        why = "完成率不分乡镇" if town else "没有年度任务数或完成数"
        if figure.qualifier == "at_least" and found is not None:
            text = plain(rounded(found, rounding=ROUND_FLOOR))
            return Amount(text, AT_LEAST, found, "at_least", period, town, is_percent=True)
    else:
        found, why = change_pct(figure, period), "没有可比的上年同期数"
    if found is None:
        return Amount(note=why, period=period, town=town)
    return Amount(plain(rounded(found)), "", found, "exact", period, town, is_percent=True)


def written(value: Decimal, of: str, unit: Unit | None, decimals: int | None, *, is_at_least: bool) -> str:
    """Write a value of unit ``of`` (money in 元) in the unit of a cell, as digits with a point."""
    times = unit.times if unit is not None else Decimal(1)
    with localcontext(prec=_PRECISION):
        exact = value / times
    if of != "元":
        return plain(exact)
    places = decimals if decimals is not None else 4 if times >= YI else 2
    found = rounded(exact, Decimal(1).scaleb(-places), ROUND_FLOOR if is_at_least else ROUND_HALF_UP)
    return plain(found if found or not exact else exact)


def is_plainly_shown(code: str, digits: str) -> bool:
    """Whether a number format shows these digits as they are, or as percent: neither divided nor with a unit."""
    if not code or code.lower() in ("general", "@"):
        return True
    found = shown(code, Decimal(digits))
    return (
        found is not None
        and (found.divisor == 1 or "%" in code)
        and not re.search("[元万亿千百]", found.words)
    )


def bound_format(code: str, digits: str) -> str:
    """Return a number format that shows a lower bound with 余 behind it."""
    places = len(digits.partition(".")[2])
    whole = "#,##0" if "," in code else "0"
    return f'{whole}{"." + "0" * places if places else ""}"余"'
