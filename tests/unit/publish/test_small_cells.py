"""Hidden cells are attacked with all that is shown: sums of indicators, totals of the county, parts and what is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.small_cells_attack import LABOUR, attacked, solved
from xiezuo.declared.disclosure import load_disclosure
from xiezuo.declared.indicators import Indicator, load_indicators
from xiezuo.publish.small_cells import Cell, Table

ROOT = Path(__file__).parents[3]
RULES = load_disclosure(ROOT)
TRAINING = ("LAB5.trainees", "LAB5.lifted")
HOUSEHOLDS = ("CON4.households", "CON4.people")

def labour(groups: Mapping[str, list[int]]) -> dict[Cell, int]:
    """Return the figures of townships from the people of each: six numbers, lifted and others by destination."""
    values: dict[Cell, int] = {}
    for town, (lifted2, other2, lifted3, other3, lifted4, other4) in groups.items():
        parts = {"LAB2": (lifted2, other2), "LAB3": (lifted3, other3), "LAB4": (lifted4, other4)}
        for name, (lifted, others) in parts.items():
            values[name, town], values[f"{name}.lifted", town] = lifted + others, lifted
        values["LAB1", town] = sum(map(sum, parts.values()))
        values["LAB1.lifted", town] = sum(lifted for lifted, _ in parts.values())
    return {cell: value for cell, value in values.items() if value}


def check(indicators: tuple[str, ...], towns: tuple[str, ...], values: Mapping[Cell, int], known: frozenset[Cell] = frozenset(), once: frozenset[Cell] = frozenset()) -> frozenset[Cell]:
    """Hide, attack, and return what is hidden."""
    hidden = Table(RULES, frozenset(indicators), towns, values, known, once).hide()
    assert {cell for cell, value in values.items() if value < RULES.smallest_shown} <= hidden
    assert not solved(indicators, towns, values, hidden)
    for cell, (least, most) in attacked(indicators, towns, values, hidden).items():
        assert least < most, f"{cell} can be told"
    return hidden


def towns_of(number: int) -> tuple[str, ...]:
    return tuple(f"62042210{place}" for place in range(number))


@settings(max_examples=20)
@given(st.lists(st.lists(st.sampled_from((0, 0, 1, 2, 3, 5, 40)), min_size=6, max_size=6), min_size=2, max_size=4))
def test_no_hidden_figure_of_jobs_can_be_worked_out(people: list[list[int]]) -> None:
    towns = towns_of(len(people))
    values = labour(dict(zip(towns, people, strict=True)))
    check(LABOUR, towns, values)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=8))
def test_no_hidden_figure_of_training_can_be_worked_out(people: list[tuple[int, int]]) -> None:
    towns = towns_of(len(people))
    values = {("LAB5.trainees", town): lifted + others for town, (lifted, others) in zip(towns, people, strict=True)}
    values |= {("LAB5.lifted", town): lifted for town, (lifted, _) in zip(towns, people, strict=True)}
    check(TRAINING, towns, {cell: value for cell, value in values.items() if value})


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), min_size=2, max_size=8))
def test_households_and_their_people_are_hidden_together(counts: list[tuple[int, int]]) -> None:
    towns = towns_of(len(counts))
    values = {("CON4.households", town): number for town, (number, _) in zip(towns, counts, strict=True) if number}
    values |= {("CON4.people", town): number * size for town, (number, size) in zip(towns, counts, strict=True) if number}
    hidden = check(HOUSEHOLDS, towns, values)
    for town in towns:
        assert len({(name, town) for name in HOUSEHOLDS} & hidden) in {0, 2}


@pytest.mark.sweep
@settings(max_examples=400)
@given(st.lists(st.lists(st.sampled_from((0, 0, 0, 1, 2, 3, 7, 60)), min_size=6, max_size=6), min_size=2, max_size=7))
def test_no_hidden_figure_of_many_tables_can_be_worked_out(people: list[list[int]]) -> None:
    towns = towns_of(len(people))
    check(LABOUR, towns, labour(dict(zip(towns, people, strict=True))))


@settings(max_examples=8)
@given(
    st.lists(st.lists(st.sampled_from((0, 1, 2, 4, 30)), min_size=6, max_size=6), min_size=3, max_size=4),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 3)), max_size=3),
)
def test_a_second_edition_gives_away_nothing_of_the_first(people: list[list[int]], changes: list[tuple[int, int, int]]) -> None:
    """What was hidden stays hidden, and no hidden cell of the second can be worked out from it, what was known in hand."""
    towns = towns_of(len(people))
    before = labour(dict(zip(towns, people, strict=True)))
    first = check(LABOUR, towns, before)
    again = Table(RULES, frozenset(LABOUR), towns, before, frozenset(product(LABOUR, towns)) - first, first).hide()
    assert again == first, "asked for again, it is the same"
    changed = [list(row) for row in people]
    for town, group, number in changes:
        changed[town % len(changed)][group] = number
    now = labour(dict(zip(towns, changed, strict=True)))
    known = frozenset(cell for cell in product(LABOUR, towns) if cell not in first and before.get(cell, 0) == now.get(cell, 0))
    second = check(LABOUR, towns, now, known, first)
    counted = {name for name, _ in now}
    assert {cell for cell in first if cell[0] in counted} <= second


def test_a_figure_that_is_hidden_alone_would_be_its_total_less_the_others() -> None:
    values = {("LAB5.trainees", town): count for town, count in zip(towns_of(4), (40, 30, 1, 20), strict=True)}
    assert solved(("LAB5.trainees",), towns_of(4), values, frozenset({("LAB5.trainees", "620422102")})), "the attack finds it"
    hidden = check(("LAB5.trainees", "LAB5.lifted"), towns_of(4), values)
    assert {town for name, town in hidden if name == "LAB5.trainees"} == {"620422102", "620422103"}, "the next smallest hides it"


def test_what_does_not_add_up_is_not_shown_at_all() -> None:
    towns = towns_of(3)
    values = labour({town: [9, 9, 9, 9, 9, 9] for town in towns})
    assert not Table(RULES, frozenset(LABOUR), towns, values).hide()
    hidden = Table(RULES, frozenset(LABOUR), towns, {**values, ("LAB1", towns[0]): 55}).hide()
    assert hidden == frozenset(product(LABOUR, towns))


@pytest.mark.parametrize("indicator", load_indicators(ROOT), ids=lambda indicator: indicator.file_id)
def test_every_part_of_a_count_of_people_is_declared(indicator: Indicator) -> None:
    head = indicator.header
    if head.unit in RULES.units:
        for slug, part in head.filters.items():
            if head.total and part.towns:
                assert RULES.parts[head.id] == f"{head.id}.{slug}"
