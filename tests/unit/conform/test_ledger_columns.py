"""Class numbers as rosters and class lists share them, keys of two parts, and platform and ledger times."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import Unreadable
from xiezuo.conform.ledgers.header_match import match_sheet
from xiezuo.conform.readers import Sheet
from xiezuo.conform.rows.computed import compute, ordinal
from xiezuo.conform.rows.fields import Parser, Surroundings, parser_of
from xiezuo.declared.contracts import ComputedSpec, FieldSpec, FieldType, load_contracts

CONTRACTS = load_contracts(Path(__file__).parents[3])


def parser(kind: FieldType) -> Parser:
    return parser_of(FieldSpec(type=kind), None, cast("Surroundings", None))


@pytest.mark.parametrize("typed", ["第三期", "第3期", "3", "03", "三", "2022年第3期", "2022-3", "第 ３ 期", "2022年度第三批次"])
def test_a_class_has_one_number_however_it_is_typed(typed: str) -> None:
    """Numbers begin anew each year: one that names no year is of the first year known."""
    assert ordinal(typed, date(2022, 3, 5)) == "2022-3"
    assert ordinal(typed, None, 2022, date(2023, 1, 31)) == "2022-3"


def test_a_class_without_a_year_or_a_number_keeps_what_it_has() -> None:
    assert ordinal("第三期") == "3"
    assert ordinal("2021年第三期", 2022) == "2021-3"
    assert ordinal("电焊工（第3期）", 2022) == "2022-电焊工-3"
    assert ordinal(None, 2022) is None
    assert ordinal("第期", 2022) is None


@given(st.text(max_size=12), st.one_of(st.none(), st.integers(1996, 2100)))
def test_any_text_gives_a_number_or_none(typed: str, year: int | None) -> None:
    found = ordinal(typed, year)
    assert found is None or (found == found.strip() and found)


def test_a_joined_key_leaves_out_what_is_not_known() -> None:
    spec = ComputedSpec.model_validate({"type": "joined", "from": ["day", "name"]})
    assert compute(spec, {"day": date(2022, 3, 1), "name": "春季"}) == "2022-03-01|春季"
    assert compute(spec, {"day": date(2022, 3, 1), "name": ""}) == "2022-03-01"
    assert compute(spec, {}) == ""


@pytest.mark.parametrize("raw", [0, "0", None, ""])
def test_what_has_not_happened_yet_has_no_time(raw: Any) -> None:
    assert parser("epoch")(raw) is None


def test_seconds_are_instants_and_anything_else_is_not_guessed() -> None:
    assert parser("epoch")(1662076800) == datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
    assert parser("epoch")("1662076800") == datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
    for raw in ("2022-09-02", -1, 10**13, True):
        with pytest.raises(Unreadable):
            parser("epoch")(raw)


def test_a_sale_dated_by_its_month_counts_from_the_first() -> None:
    """A month is enough to count in; a year alone, or one of two months, is not."""
    read = parser("moment_or_month")
    assert read("2022年4月") == datetime(2022, 4, 1, tzinfo=SHANGHAI)
    assert read("2022-04-05 10:30:00") == datetime(2022, 4, 5, 10, 30, tzinfo=SHANGHAI)
    assert read("") is None
    for raw in ("2022年", 2022.1, "四月初"):
        with pytest.raises(Unreadable):
            read(raw)


SALES = [contract for contract in CONTRACTS.values() if contract.source == "sales"]
LABOUR = [contract for contract in CONTRACTS.values() if contract.source == "labour"]


@pytest.mark.parametrize("contract", [*SALES, *LABOUR], ids=lambda contract: contract.dataset)
def test_a_sheet_with_all_or_only_the_needed_columns_is_of_its_own_feed(contract: Any) -> None:
    """Whatever spelling of a column is used, no other ledger of the folder fits as well."""
    rivals = SALES if contract.source == "sales" else LABOUR
    for feed in [name for name, spec in contract.feeds.items() if spec.kind == "file"]:
        fields = contract.feed_fields(feed)
        constants = contract.feeds[feed].constants
        spelt = {name: spec.zh for name, spec in fields.items() if name not in constants}
        needed = [name for name, spec in fields.items() if spec.required and name in spelt]
        needed += [name for name in spelt if name not in needed][: max(0, 3 - len(needed))]
        for place in range(max(map(len, spelt.values()))):
            whole = [spellings[min(place, len(spellings) - 1)] for spellings in spelt.values() if spellings]
            bare = [spelt[name][min(place, len(spelt[name]) - 1)] for name in needed]
            for header in (whole, bare):
                found = match_sheet(Sheet("Sheet1", [[*header], ["x"] * len(header)], [], False), rivals)
                assert found is not None
                assert (found.contract.dataset, found.feed) == (contract.dataset, feed), header
