"""One parser for each field type of a contract, built on :mod:`xiezuo.values`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xiezuo import values
from xiezuo.contracts import FieldSpec
from xiezuo.counties import County
from xiezuo.divisions import Divisions
from xiezuo.errors import Unreadable
from xiezuo.headers import bare
from xiezuo.privacy import Privacy
from xiezuo.readers import Cell

YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000), "分": Decimal("0.01")}

Parser = Callable[[Cell], Any]


@dataclass(frozen=True)
class Surroundings:
    """What cells are read against: the county, its divisions, the keys, and today's date."""

    county: County
    divisions: Divisions
    privacy: Privacy
    today: date


def parser_of(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    """Return the function that reads one cell of the field.

    ``unit`` is yuan per unit as header or sheet state it, None where neither does. The function
    returns None for a blank cell and raises :class:`~xiezuo.errors.Unreadable`.
    """
    build = _BUILDERS.get(spec.type)
    if build is not None:
        return build(spec, unit, around)
    return _PLAIN[spec.type]


def _code(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    """Read a number or code of a document: an order number may look like a telephone and stays."""

    def read(raw: Cell) -> str | None:
        found = values.text(raw)
        return None if found is None else around.privacy.mask(found)

    return read


def _text(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> str | None:
        found = values.text(raw)
        return None if found is None else around.privacy.mask_free_text(found)

    return read


def _money(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    yuan = unit if unit is not None else YUAN_PER[spec.unit]

    def read(raw: Cell) -> values.Money | None:
        found = values.money(raw, yuan)
        if found is not None and found.at_least and not spec.approximate:
            raise Unreadable("MONEY_APPROXIMATE", "此列需要准确金额，不能填约数")
        return found

    return read


def _integer(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    return lambda raw: values.integer(raw, units=spec.counters)


def _decimal(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> Decimal | None:
        if isinstance(raw, str):
            plain = values.normalise(raw)
            for counter in sorted(spec.counters, key=len, reverse=True):
                plain = plain.removesuffix(counter)
            raw = plain
        return values.decimal(raw)

    return read


def _enum(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    known = {bare(spelling): slug for slug, spellings in spec.values.items() for spelling in (slug, *spellings)}
    allowed = "、".join(spellings[0] for spellings in spec.values.values() if spellings)

    def read(raw: Cell) -> str | None:
        found = values.text(raw)
        if found is None:
            return None
        slug = known.get(bare(found))
        if slug is None and spec.unknown == "refuse":
            raise Unreadable("ENUM_UNKNOWN", f"填写的内容不在可选范围内（{allowed}）")
        return slug if slug is not None else around.privacy.mask(found.replace(" ", ""))

    return read


def _town(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> str | None:
        found = values.text(raw)
        if found is None:
            return None
        code = around.divisions.town(found)
        if code is None:
            raise Unreadable("TOWN_UNKNOWN", f"{around.county.name}没有这个乡镇，请核对乡镇名称")
        return code

    return read


def _identity(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    return lambda raw: values.identity_number(raw, today=around.today)


def _day_or_month(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> date | None:
        found = values.day_or_month(raw)
        return found if isinstance(found, date) else None

    return read


def _day(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> date | None:
        found = values.day(raw)
        return found if isinstance(found, date) else None

    return read


_BUILDERS: Mapping[str, Callable[[FieldSpec, Decimal | None, Surroundings], Parser]] = {
    "text": _text,
    "code": _code,
    "village": _text,
    "money": _money,
    "integer": _integer,
    "decimal": _decimal,
    "enum": _enum,
    "town": _town,
    "identity_number": _identity,
    "day": _day,
    "day_or_month": _day_or_month,
}
_PLAIN: Mapping[str, Parser] = {
    "person_name": values.person_name,
    "phone": values.phone,
    "uscc": values.uscc,
    "percent": values.percent,
    "boolean": values.boolean,
    "month": values.month,
    "moment": values.moment,
}
