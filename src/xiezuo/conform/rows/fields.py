"""One parser for each field type of a contract, built on :mod:`xiezuo.values`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from xiezuo import values
from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import Unreadable
from xiezuo.conform.ledgers.header_match import bare
from xiezuo.conform.readers import Cell
from xiezuo.declared.contracts import FieldSpec
from xiezuo.declared.counties import County
from xiezuo.declared.county_names import CountyNames
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.words import NAMES, Decision, Meanings, known_words, name_key, names_of, narrower
from xiezuo.values.money_units import YUAN_PER
from xiezuo.values.privacy import Privacy

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_LETTER = re.compile(r"(\D*?)[〔\[(【﹝<]?((?:19|20)\d\d)(?:年度?)?[〕\])】﹞>]?第?0*(\d+)号?")
_SIGNED = re.compile(r"-\d+(?:\.\d+)?")
_MONTHLY = re.compile("月(?:工资|收入|薪)")

Parser = Callable[[Cell], Any]


@dataclass(frozen=True)
class Surroundings:
    """What cells are read against: the county, its divisions, the keys, and today's date."""

    county: County
    divisions: Divisions
    privacy: Privacy
    today: date
    indicators: Mapping[str, str] = field(default_factory=dict)
    """Identity of each indicator by its bare identity and by its bare Chinese name."""
    decisions: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)
    """What the county's office decided about words, oldest first, by the name of the field's register."""

    served: tuple[County, ...] = ()
    """All counties of the installation."""

    @cached_property
    def county_names(self) -> CountyNames:
        """What our county is called, and what every other is."""
        return CountyNames(self.county, self.divisions, self.served)

    @cached_property
    def rejected_names(self) -> dict[str, str]:
        """Names of townships and villages that the office decided not to use, each with the reason."""
        return dict(known_words({}, (), self.county, self.decisions.get(NAMES, ())).rejected)


def parser_of(spec: FieldSpec, unit: Decimal | None, around: Surroundings, register: str = "") -> Parser:
    """Return the function that reads one cell of the field.

    ``unit`` is yuan per unit as header or sheet state it, None where neither does; ``register`` is what the county's
    decisions call the words of the field. The function returns None for a blank cell and raises
    :class:`~xiezuo.base.errors.Unreadable`; of a word that holds on some days only, or says something of other
    columns, it returns all meanings (:data:`xiezuo.declared.words.Meanings`), for the reader of rows to choose from.
    """
    if spec.type == "enum":
        return _enum(spec, around, around.decisions.get(register, ()))
    build = _BUILDERS.get(spec.type)
    parser = build(spec, unit, around) if build is not None else _PLAIN[spec.type]
    return _named(parser, spec.names, around) if spec.names and around.decisions.get(spec.names) else parser


def _named(parser: Parser, register: str, around: Surroundings) -> Parser:
    """Read the name of a firm or a project under the one that the office decided on."""
    names, rejected = names_of(around.decisions[register])

    def read(raw: Cell) -> Any:
        found = parser(raw)
        key = name_key(found) if isinstance(found, str) else ""
        if (reason := rejected.get(key)) is not None:
            raise Unreadable("WORD_REJECTED", f"县里已决定不采用这一名称（{reason}），请填写登记的名称")
        return names.get(key, found)

    return read


def _code(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    """Read a number or code of a document: an order number may look like a telephone and stays."""

    def read(raw: Cell) -> str | None:
        found = values.text(raw)
        if found is not None and _SCIENTIFIC.fullmatch(found):
            raise Unreadable("DIGITS_LOST", "编号成了科学计数，位数已丢失，请将该列设为文本后重填")
        return None if found is None else around.privacy.mask(found)

    return read


def _document_number(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    """Read the number of an official letter in its one official spelling: 某财农〔2024〕5号 (GB/T 9704)."""
    as_code = _code(spec, unit, around)

    def read(raw: Cell) -> str | None:
        found = as_code(raw)
        plain = None if found is None else "".join(found.split())
        parts = _LETTER.fullmatch(plain) if plain and not plain.isdigit() else None
        return plain if parts is None else f"{parts[1]}〔{parts[2]}〕{parts[3]}号"

    return read


def _text(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> str | None:
        found = values.text(raw)
        return None if found is None else around.privacy.mask_free_text(found)

    return read


def _money(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    yuan = unit if unit is not None else YUAN_PER[spec.unit]
    per = "月" if any(_MONTHLY.search(spelling) for spelling in spec.zh) else ""

    def read(raw: Cell) -> values.Money | None:
        found = values.money(raw, yuan, per=per)
        if found is not None and found.at_least and not spec.approximate:
            raise Unreadable("MONEY_APPROXIMATE", "此列需要准确金额，不能填约数")
        if spec.takes_back and found is not None and found.yuan < 0 and _is_ornate(raw):
            raise Unreadable(
                "MONEY_NEGATIVE",
                f"这样写是负数（{found.yuan:f}）；确为红字冲销或退款的，请只填 {found.yuan:f} 这样的数字",
            )
        return found

    return read


def _is_ornate(raw: Cell) -> bool:
    """Whether an amount is text with more than a sign and digits: brackets or a dash may be mere typography."""
    return isinstance(raw, str) and not _SIGNED.fullmatch(values.normalise(raw))


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


def _enum(spec: FieldSpec, around: Surroundings, decisions: Iterable[Decision]) -> Parser:
    words = known_words(spec.values, spec.words, around.county, decisions)
    allowed = "、".join(name for slug, name in spec.names_in(around.county).items() if slug != "other")

    def read(raw: Cell) -> str | Meanings | None:
        found = values.text(raw)
        if found is None:
            return None
        if (reason := words.rejected.get(bare(found))) is not None:
            raise Unreadable("WORD_REJECTED", _not_used(reason, allowed))
        meanings = values.choice(found, words.meanings, narrower)
        if meanings is not None:
            return meanings[0].value if len(meanings) == 1 and meanings[0].is_plain else meanings
        if spec.unknown == "refuse":
            raise Unreadable("ENUM_UNKNOWN", unknown_zh(allowed))
        return around.privacy.mask(found.replace(" ", ""))

    return read


def unknown_zh(allowed: str) -> str:
    """Say that a word is in no register, without repeating it and without leading to 其他."""
    return (
        f"这一填法没有登记过，本行暂不计入（已登记的如：{allowed}）。写错的请更正；"
        "确是本县说法的不必改填，请县级数据管理员登记一次，登记后自动补计"
    )


def _not_used(reason: str, allowed: str) -> str:
    said = f"（{reason}）" if reason else ""
    return f"县里已决定不采用这一填法{said}，请改填：{allowed}"


def _town(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> str | None:
        found = values.text(raw)
        if found is None:
            return None
        if (reason := around.rejected_names.get(bare(found))) is not None:
            raise Unreadable("WORD_REJECTED", f"县里已决定不采用这一名称（{reason}），请填写规范的乡镇名称")
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


def _day_or_month_end(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    """Read an end: a month that names no day ends on its last."""

    def read(raw: Cell) -> date | None:
        try:
            found = values.day(raw)
        except Unreadable:
            month = values.month(raw)
            return month and month.replace(day=monthrange(month.year, month.month)[1])
        return found if isinstance(found, date) else None

    return read


def _moment_or_month(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    """Read an instant; where only a month is told, the first one of it."""

    def read(raw: Cell) -> datetime | None:
        try:
            return values.moment(raw)
        except Unreadable as unreadable:
            first = values.day_or_month(raw) if unreadable.code == "DATE_INCOMPLETE" else None
            if first is None:
                raise
            return datetime.combine(first, time(), SHANGHAI)

    return read


def _epoch(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    """Read seconds since 1970; platforms write 0 for what has not happened yet."""
    return lambda raw: None if isinstance(raw, int | str) and raw in (0, "0") else values.epoch_moment(raw)


def _day(spec: FieldSpec, unit: Decimal | None, around: Surroundings) -> Parser:
    def read(raw: Cell) -> date | None:
        found = values.day(raw)
        return found if isinstance(found, date) else None

    return read


_BUILDERS: Mapping[str, Callable[[FieldSpec, Decimal | None, Surroundings], Parser]] = {
    "text": _text,
    "code": _code,
    "document_number": _document_number,
    "village": _text,
    "money": _money,
    "integer": _integer,
    "decimal": _decimal,
    "town": _town,
    "identity_number": _identity,
    "day": _day,
    "day_or_month": _day_or_month,
    "moment_or_month": _moment_or_month,
    "epoch": _epoch,
    "day_or_month_end": _day_or_month_end,
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
