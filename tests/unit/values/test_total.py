"""Whatever stands in a cell, a parser returns its type or refuses; it never fails otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo import values
from xiezuo.base.errors import Unreadable

PARSERS: dict[str, tuple[Callable[[Any], Any], type | tuple[type, ...]]] = {
    "text": (values.text, str),
    "person_name": (values.person_name, str),
    "person_note": (values.person_note, str),
    "phone": (values.phone, str),
    "integer": (values.integer, int),
    "decimal": (values.decimal, Decimal),
    "percent": (values.percent, Decimal),
    "boolean": (values.boolean, bool),
    "money": (values.money, values.Money),
    "day": (values.day, date),
    "month": (values.month, date),
    "day_or_month": (values.day_or_month, date),
    "day_or_open": (values.day_or_open, (date, values.OpenEnd)),
    "month_or_open": (values.month_or_open, (date, values.OpenEnd)),
    "moment": (values.moment, datetime),
    "epoch_moment": (values.epoch_moment, datetime),
    "has_two_digit_year": (values.has_two_digit_year, bool),
    "identity_number": (values.identity_number, values.Identity),
    "uscc": (values.uscc, str),
}


@dataclass(frozen=True)
class Fault:
    code: str


def outcome(parse: Callable[[Any], Any], raw: object) -> tuple[Any, Unreadable | None]:
    """Return what a parser gives, or its refusal; any other exception fails the test."""
    try:
        return parse(raw), None
    except Unreadable as refused:
        return None, refused


ledger_like = st.text(
    alphabet="0123456789０９.,，-—/年月日时分上下午至今约余多万亿千百十元角¥()（）%ExX*T:+Z 〇二零",
    max_size=24,
)
cells = st.one_of(
    ledger_like,
    st.text(alphabet=st.characters(), max_size=30),
    st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True),
    st.from_regex(
        r"(19|20)[0-9]{2}[-./年][0-9]{1,2}[-./月][0-9]{1,2}日? ?([0-9]{1,2}:[0-9]{2})?", fullmatch=True
    ),
    st.integers(),
    st.integers(10**14, 10**19),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.floats(1000, 90000),
    st.decimals(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.times(),
    st.builds(Fault, st.sampled_from(["EXCEL_ERROR", "FORMULA_NO_CACHE"])),
    st.just(10**5000),
)


@pytest.mark.parametrize("name", PARSERS)
@given(raw=cells)
def test_a_value_a_blank_or_a_refusal(name: str, raw: object) -> None:
    parse, kind = PARSERS[name]
    found, refused = outcome(parse, raw)
    assert found is None or isinstance(found, kind)
    if refused is not None:
        assert refused.code.isupper()
        assert refused.zh
    if isinstance(raw, Fault):
        assert refused is not None
        assert refused.code == raw.code


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("blank", [None, "", " ", "　", "\u200b\n"])
def test_a_blank_is_none(name: str, blank: str | None) -> None:
    assert PARSERS[name][0](blank) in (None, False)


@pytest.mark.parametrize("name", ["identity_number", "phone", "person_name"])
@given(raw=st.from_regex(r"[\u4e00-\u9fff0-9*]{5,20}", fullmatch=True))
def test_a_refusal_never_repeats_personal_data(name: str, raw: str) -> None:
    _, refused = outcome(PARSERS[name][0], raw)
    assert refused is None or raw not in refused.message + refused.zh + repr(refused.args)
