"""Every contract's header, in every spelling it lists, goes to that contract and feed and to no other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.header_match import HeaderMatch, best_match, match_sheet
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import FieldSpec, load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.spellings import expand

SETTINGS = Settings.from_env({})
CONTRACTS = load_contracts(SETTINGS.root)
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
FEWEST = 2
FEEDS = [
    (name, feed) for name, contract in CONTRACTS.items() for feed, spec in contract.feeds.items() if spec.kind == "file"
]
NUMBERING = ["一、{}", "1.{}", "（2）{}", "③{}", "*{}", "★ {}", "{}（必填）", "{}\n（请填写全称，如乡（镇））", "{} 必填", "{}/Name"]


def spelt(dataset: str, feed: str) -> dict[str, tuple[FieldSpec, tuple[str, ...]]]:
    contract = CONTRACTS[dataset]
    fields = contract.feed_fields(feed)
    return {
        name: (spec, found)
        for name, spec in fields.items()
        if name not in contract.feeds[feed].constants and (found := expand(spec.zh, COUNTY))
    }


def canonical(dataset: str, feed: str) -> list[str]:
    return [spellings[0] for _, spellings in spelt(dataset, feed).values()]


def required(dataset: str, feed: str) -> list[str]:
    return [spellings[0] for spec, spellings in spelt(dataset, feed).values() if spec.required]


def match(dataset: str, *rows: list[Any], name: str = "") -> HeaderMatch | None:
    width = max(map(len, rows))
    sheet = Sheet("Sheet1", [[*row, *[None] * (width - len(row))] for row in rows])
    source = CONTRACTS[dataset].source
    return match_sheet(sheet, [c for c in CONTRACTS.values() if c.source == source], COUNTY, name)


def went_to(found: HeaderMatch | None) -> tuple[str, str] | None:
    return (found.contract.dataset, found.feed) if found else None


def test_the_contracts_are_there() -> None:
    assert len(CONTRACTS) >= 24
    assert len(FEEDS) >= 24


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
def test_the_canonical_header_is_its_own(dataset: str, feed: str) -> None:
    header = canonical(dataset, feed)
    found = match(dataset, header, ["x"] * len(header))
    assert went_to(found) == (dataset, feed)
    assert found is not None
    assert sorted(found.columns.values()) == list(range(len(header)))
    assert found.unmapped == ()


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
def test_each_spelling_of_each_column_leads_to_it(dataset: str, feed: str) -> None:
    header, fields = canonical(dataset, feed), spelt(dataset, feed)
    wrong = []
    for place, (field, (_, spellings)) in enumerate(fields.items()):
        for spelling in spellings[1:]:
            found = match(dataset, [*header[:place], spelling, *header[place + 1 :]])
            if went_to(found) != (dataset, feed) or not found or found.columns.get(field) != place:
                wrong.append((field, spelling, went_to(found)))
    assert wrong == []


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
def test_what_is_required_is_enough_under_the_ledgers_own_title(dataset: str, feed: str) -> None:
    """Two columns are enough when the title says which ledger it is; without a title three."""
    header = required(dataset, feed)
    if len(header) < FEWEST:
        header += [text for text in canonical(dataset, feed) if text not in header][:1]
    title = f"{COUNTY.name}2022年{CONTRACTS[dataset].zh}（第3期）"
    assert went_to(match(dataset, [title], header, ["x"] * len(header))) == (dataset, feed)
    assert went_to(match(dataset, header, name=f"{title}.xlsx")) == (dataset, feed)


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
def test_order_titles_and_other_columns_do_not_matter(dataset: str, feed: str) -> None:
    header = canonical(dataset, feed)
    chance = random.Random(dataset)
    for lines in (0, 2, 11):
        chance.shuffle(header)
        titles = [[f"关于报送情况的表 {n}"] for n in range(lines)]
        found = match(dataset, *titles, ["审核 意见", *header, "领导批示", "审核 意见"])
        assert went_to(found) == (dataset, feed)
        assert found is not None
        assert found.first_row == lines
        assert set(found.columns.values()) == set(range(1, len(header) + 1))


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
@pytest.mark.parametrize("dress", NUMBERING)
def test_numbers_marks_and_notes_around_a_header_do_not_matter(dataset: str, feed: str, dress: str) -> None:
    header = canonical(dataset, feed)
    found = match(dataset, [dress.format(text) for text in header])
    assert went_to(found) == (dataset, feed)
    assert found is not None
    assert sorted(found.columns.values()) == list(range(len(header)))


def without_one(dataset: str, feed: str) -> Iterator[tuple[str, list[str]]]:
    header = canonical(dataset, feed)
    contract = CONTRACTS[dataset]
    for field, (spec, (name, *_)) in spelt(dataset, feed).items():
        if not spec.required or spec.falls_back_to or field in contract.from_title:
            continue  # another column, or the title, may state it
        yield name, [text for text in header if text != name]


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
def test_a_ledger_without_a_required_column_is_refused_as_itself(dataset: str, feed: str) -> None:
    """It never passes for another ledger that happens to be satisfied with what is left."""
    for name, header in without_one(dataset, feed):
        with pytest.raises(FileRefused) as refused:
            match(dataset, header)
        assert refused.value.code == "COLUMNS_MISSING"
        assert CONTRACTS[dataset].zh in refused.value.zh
        assert name in refused.value.zh


def rivals(dataset: str, feed: str) -> list[str]:
    """Return the feeds of the same source that take this feed's required columns for their own, all of them."""
    header = required(dataset, feed)
    source = [c for c in CONTRACTS.values() if c.source == CONTRACTS[dataset].source and c.dataset != dataset]
    found = best_match(Sheet("Sheet1", [header]), source, COUNTY)
    return [] if found is None or found.missing or len(found.columns) < len(header) else [found.contract.dataset]


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
def test_no_other_contract_is_satisfied_with_the_same_columns(dataset: str, feed: str) -> None:
    assert rivals(dataset, feed) == []


@pytest.mark.parametrize(("dataset", "feed"), FEEDS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_part_of_a_header_that_holds_what_is_required_is_its_own(dataset: str, feed: str, data: Any) -> None:
    """Counties leave optional columns out as they please; what is left is never taken for another ledger."""
    must = required(dataset, feed)
    more = [text for text in canonical(dataset, feed) if text not in must]
    header = data.draw(st.permutations(must + data.draw(st.lists(st.sampled_from(more), unique=True))))
    try:
        found = match(dataset, header)
    except FileRefused as refused:
        assert refused.code == "LEDGER_AMBIGUOUS"
        assert CONTRACTS[dataset].zh in refused.zh
        title = CONTRACTS[dataset].zh
        assert went_to(match(dataset, [title], header)) == (dataset, feed)
    else:
        assert went_to(found) == (dataset, feed) or len(header) < 3
