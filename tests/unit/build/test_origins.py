"""Where a column of mart comes from: through views, by what counts figures, back to the ledger's own header."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezuo.build.origins import FIGURES, Edge, edges
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.indicators import load_indicators
from xiezuo.warehouse.tables import HIDDEN_COLUMNS
from xiezuo.warehouse.views import load_views

ROOT = Path(__file__).parents[3]
FROM_NOTHING = {"mart.calendar_month", "mart.rollup.level", "mart.rollup.counties_expected"}
"""Made of constants."""


def test_a_target_goes_back_to_the_ledger_of_targets() -> None:
    assert edges(ROOT, ("mart.progress", "target")) == [
        Edge(("mart.progress", "target"), ("mart.target", "target"), "same"),
        Edge(("mart.target", "target"), ("core.work_target", "value"), "computed"),
        Edge(("core.work_target", "value"), ("年度协议任务指标", "目标值"), "read"),
    ]


def test_what_is_computed_comes_from_exactly_what_its_expression_names() -> None:
    """Not from keys that it is joined by; a figure is counted over the datasets that indicators name."""
    column = ("mart.progress", "completion_pct")
    found = edges(ROOT, column)
    assert [edge for edge in found if edge.column == column] == [
        Edge(column, (FIGURES, "value"), "computed"), Edge(column, ("mart.target", "target"), "computed"),
    ]  # fmt: skip
    counted = {edge.source for edge in found if edge.how == "counted"}
    assert counted == {(f"core.{name}", "") for one in load_indicators(ROOT) for name in one.header.datasets}


def test_a_column_of_a_dataset_comes_from_its_header_or_from_other_columns() -> None:
    assert [edge.source for edge in edges(ROOT, ("mart.labour_placement", "wage_month_yuan"))] == [
        ("core.labour_placement", "wage_month_yuan"), ("劳务输转台账", "务工月收入"),
    ]  # fmt: skip
    computed = edges(ROOT, ("mart.sales_order", "paid_on"))
    assert [edge.how for edge in computed] == ["same", "computed", "read"]
    assert edges(ROOT, ("mart.labour_placement", "sex"))[-1].source == ("劳务输转台账", "证件号码")


def test_rows_that_are_counted_are_a_source_without_a_column() -> None:
    assert {edge.source for edge in edges(ROOT, ("mart.validation", "batches"))} == {("audit.validation", ""), ("audit.batch", "")}


@pytest.mark.parametrize("view", [name for name in load_views(ROOT) if name != "rollup"])
def test_every_column_of_a_view_has_an_origin(view: str) -> None:
    views = load_views(ROOT)
    without = {f"mart.{view}.{name}" for name in views[view].header.columns if not edges(ROOT, (f"mart.{view}", name))}
    assert without == ({f"mart.{view}.{name}" for name in views[view].header.columns} if f"mart.{view}" in FROM_NOTHING else set())


def test_every_column_of_a_dataset_has_an_origin_in_a_ledger() -> None:
    without = [
        (dataset, name)
        for dataset, contract in load_contracts(ROOT).items()
        for name, *_ in contract.columns()
        if name not in HIDDEN_COLUMNS and not any(edge.how == "read" for edge in edges(ROOT, (f"mart.{dataset}", name)))
    ]
    assert without == []


def test_of_what_nobody_knows_there_is_nothing() -> None:
    assert edges(ROOT, ("mart.nothing", "x")) == edges(ROOT, ("mart.progress", "nothing")) == []
