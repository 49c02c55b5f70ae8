"""Columns made from other columns: one function for each kind a contract may name."""


from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import Unreadable
from xiezuo.conform.ledgers.header_match import bare
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.declared.contracts import ComputedSpec
from xiezuo.declared.provinces import province_of
from xiezuo.values import normalise
from xiezuo.values.numerals import chinese_digits, chinese_number
from xiezuo.values.public_names import public_name

Row = dict[str, Any]

_CHINESE_NUMBER = re.compile(r"(?<=第)[零〇一二两三四五六七八九十百]+|[零〇一二两三四五六七八九十百]+(?=[期批班年]|$)")
_CLASS_WORDS = re.compile(r"第|期次|期|批次|批|班次|班|年度|年|号")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
_MULTIPLES = (("亿", Decimal(100_000_000)), ("万", Decimal(10_000)), ("千", Decimal(1000)))

_TAKEN_BACK = re.compile("红字|红冲|冲红|冲销|冲正|冲减|冲账|退款|退回")
_PAID_ANEW = re.compile("重新|重付|重汇|再次|再付|补付")
"""What came back from a wrong account and is paid once more is a payment."""

_INSIGNIFICANT = re.compile(r"[\s()（）〔〕\[\]【】,，.。·、\-—]+")


def compute(spec: ComputedSpec, row: Row) -> Any:
    """Return the value of a computed column for one row.

    Raises:
        Unreadable: the column is required and cannot be told from the row.
    """
    if spec.type == "present_when":
        state, needed = (row.get(name) for name in spec.from_)
        return state != spec.when or needed is not None
    value = _ROW_FUNCTIONS[spec.type](*(row.get(name) for name in spec.from_))
    if value is None and spec.required:
        raise Unreadable("CANNOT_TELL", spec.reason_zh or "无法由本行内容推算")
    return value


def _month_start(day: date | None) -> date | None:
    return None if day is None else day.replace(day=1)


def _month_number(day: date | None) -> int | None:
    return None if day is None else day.month


def normalised_name(text: str | None) -> str:
    """Return a name as names are compared: without spaces, brackets and marks; empty for none."""
    return _INSIGNIFICANT.sub("", normalise(text)) if text else ""


def _local_day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(SHANGHAI).date()


def _age(born: date | None, on: date | None) -> int | None:
    if born is None or on is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def ordinal(text: str | None, *years: date | int | None) -> str | None:
    """Return the number of a class as rosters and class lists share it: 第三期, 第3期 and 3 are all "2022-3".

    Numbers begin anew each year. One that names no year is of the first of ``years`` that is known.
    """
    if text is None:
        return None
    plain = _CLASS_WORDS.sub(" ", _CHINESE_NUMBER.sub(_in_figures, normalise(text)))
    parts = [part.lstrip("0") or "0" if part.isdigit() else part.lower() for part in _PARTS.findall(plain)]
    if parts and not _YEAR.match(parts[0]) and (said := next(filter(None, years), None)) is not None:
        parts.insert(0, str(said.year if isinstance(said, date) else said))
    return "-".join(parts) or None


def _joined(*parts: Any) -> str:
    """Join what is known, for keys: empty where nothing is."""
    return "|".join(str(part) for part in parts if part not in (None, ""))


def _in_figures(match: re.Match[str]) -> str:
    number = chinese_number(match.group())
    return (chinese_digits(match.group()) or match.group()) if number is None else str(number)


def _in_unit(value: Decimal | None, unit: str | None) -> Decimal | None:
    """Return a value in its base unit: 5600 with 万元 beside it is 56,000,000 (元)."""
    if value is None:
        return None
    word = "".join(unit.split()) if unit else ""
    return value * next((factor for prefix, factor in _MULTIPLES if word.startswith(prefix)), Decimal(1))


def _total(*parts: Decimal | None) -> Decimal | None:
    """Add what is stated; None where nothing is."""
    stated = [part for part in parts if part is not None]
    return sum(stated, Decimal(0)) if stated else None


def _discrepancy(stated: Decimal | None, *parts: Decimal | None) -> Decimal | None:
    """Return by how much a stated total is off the sum of its parts; None where one of the two is missing."""
    whole = _total(*parts)
    return None if stated is None or whole is None else abs(stated - whole)


def _backed(claim: Decimal | None, *grounds: Any) -> bool:
    """Whether an amount that is claimed has at least one of the grounds it needs; nothing needs none."""
    return not claim or any(ground is not None for ground in grounds)


def _entry(amount: Decimal | None) -> str:
    return "red_letter" if amount is not None and amount < 0 else "payment"


def _entry_doubt(amount: Decimal | None, project: str | None, *said: str | None) -> str | None:
    """Return what is unclear of a payment that may be a red-letter entry; None where nothing is."""
    if amount is None:
        return None
    if amount < 0:
        return "unnamed" if project is None else None
    words = " ".join(filter(None, said))
    return "unsigned" if _TAKEN_BACK.search(words) and not _PAID_ANEW.search(words) else None


_SAYS_WHOLE = ("捐赠金额", "金额")
"""Headers of a column of money that may also hold money and goods together."""
_NO_GOODS = frozenset(("无", "没有"))


def gift_doubt(
    kind: str | None, cash: Decimal | None, goods: Decimal | None, goods_name: str | None,
    stated_total: Decimal | None, *, says_whole: bool = False,
) -> str | None:  # fmt: skip
    """Return why a donation of one row may be read in two ways; None where it is clear.

    ``kind``: it says money and gives goods, or the other way round. ``unvalued``: goods are named and have no value of
    their own. ``twice``: the amount of money is, or may be, that of the goods.
    """
    if (kind == "goods" and cash) or (kind == "cash" and goods):
        return "kind"
    if goods_name and goods_name not in _NO_GOODS and not goods:
        return "unvalued"
    if cash and goods and stated_total is None and kind != "both" and (cash == goods or (says_whole and cash > goods)):
        return "twice"
    return None


def _coalesce(*found: Any) -> Any:
    return next((value for value in found if value is not None), None)


_ROW_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "ordinal": ordinal,
    "joined": _joined,
    "in_unit": _in_unit,
    "total": _total,
    "backed": _backed,
    "discrepancy": _discrepancy,
    "entry": _entry,
    "entry_doubt": _entry_doubt,
    "public_name": public_name,
    "month_start": _month_start,
    "month_number": _month_number,
    "normalised_name": normalised_name,
    "province": province_of,
    "coalesce": _coalesce,
    "local_day": _local_day,
    "age": _age,
}


# Computed columns that need more than their row: the county, its keys, the indicators, the sheet's date.
_AT_HOME = frozenset(
    (
        "本县", "县内", "县域内", "本地", "本乡", "本镇", "本村",
        "乡内", "镇内", "市内", "省内", "本省", "县外省内", "市外省内",
    )
)  # fmt: skip
"""How ledgers name a job in the home province without naming a place."""


class Deriver:
    """Derives the computed columns of one table's rows.

    ``reported_on`` is the date its sheet states, ``labels`` are its headers by field.
    """

    def __init__(self, around: Surroundings, reported_on: date | None, labels: Mapping[str, str]) -> None:
        self._around, self._reported_on, self._labels = around, reported_on, labels
        self._is_home = cache(self._says_home)

    def derive(self, spec: ComputedSpec, row: Row, secret: Mapping[str, str]) -> Any:
        """Return the value of one column; ``secret`` holds the row's direct identifiers.

        Raises:
            Unreadable: the column is required and cannot be told, or says two things.
        """
        if spec.type == "province":
            return self._at_home(spec, row) or compute(spec, row)
        if spec.type == "person_of":
            return self._person_of(spec, {**row, **secret})
        if (told := {"indicator": self._indicator, "gift_doubt": self._gift_doubt}.get(spec.type)) is not None:
            return told(spec, row)
        if spec.type == "stated_on":
            return row.get(spec.from_[0]) or self._reported_on
        if spec.type == "ordinal":
            return ordinal(*(row.get(name) for name in spec.from_), self._reported_on)
        return compute(spec, row)

    def _gift_doubt(self, spec: ComputedSpec, row: Row) -> str | None:
        says_whole = bare(self._labels.get(spec.from_[1], "")).startswith(_SAYS_WHOLE)
        return gift_doubt(*(row.get(name) for name in spec.from_), says_whole=says_whole)

    def _says_home(self, text: str) -> bool:
        return text in _AT_HOME or self._around.divisions.town(text) is not None

    def _at_home(self, spec: ComputedSpec, row: Row) -> str | None:
        """Return the home province where every word of a place says only that: 县内, or an own township."""
        said = [text for name in spec.from_ if (text := row.get(name))]
        if said and all(map(self._is_home, said)):
            return province_of(self._around.county.province)
        return None

    def _person_of(self, spec: ComputedSpec, row: Row) -> str | None:
        """Return the key of a person known by name and unit only: the same name elsewhere is somebody else."""
        said = [normalised_name(row.get(name)) for name in spec.from_]
        return self._around.privacy.keyed("named", self._around.county.code, *said) if said[0] else None

    def _indicator(self, spec: ComputedSpec, row: Row) -> str | None:
        """Return the identity of an indicator named by identity or by Chinese name."""
        said = [bare(text) for name in spec.from_ if (text := row.get(name))]
        found = {known for text in said if (known := self._around.indicators.get(text)) is not None}
        if len(found) > 1:
            raise Unreadable("INDICATOR_CONTRADICTS", "指标编号与指标名称不是同一项")
        if not found and spec.required:
            raise Unreadable("INDICATOR_UNKNOWN", spec.reason_zh or "指标目录中没有这个编号或名称")
        return found.pop() if found else None
