"""Many deliveries judged at once: of each row and each delivery what would be said of it alone, in fewer calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError, FileRefused, GateClosed
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed
from xiezuo.conform.intake import Part, Taken
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.suites import ROW_BY_ROW, Rule, load_rules
from xiezuo.validate import deliveries
from xiezuo.validate.deliveries import judge_all, judge_together, validate_gates, validate_tables
from xiezuo.validate.validate import NUMBER, frame_of, judge, validate_gate, validate_rows

ROOT = Settings.from_env({}).root
CONTRACTS = load_contracts(ROOT)
PLACEMENT, MEETING = CONTRACTS["labour_placement"], CONTRACTS["work_meeting"]
D = Decimal

RULES = [
    Rule("BETWEEN", "expect_column_values_to_be_between", {"column": "a", "min_value": 0, "max_value": 5}, "z", "e", "a"),
    Rule("LEAST", "expect_column_values_to_be_between", {"column": "n", "min_value": 2}, "z", "e", "n"),
    Rule("NOT_NULL", "expect_column_values_to_not_be_null", {"column": "a"}, "z", "e", "a"),
    Rule("IN_SET", "expect_column_values_to_be_in_set", {"column": "c", "value_set": ["x", "y"]}, "z", "e", "c"),
    Rule("LENGTH", "expect_column_value_lengths_to_be_between", {"column": "c", "min_value": 1, "max_value": 2}, "z", "e", "c"),
    Rule("IS_TRUE", "expect_column_values_to_be_in_set", {"column": "e", "value_set": [True]}, "z", "e", "e"),
    Rule("PAIR", "expect_column_pair_values_a_to_be_greater_than_b",
         {"column_A": "a", "column_B": "n", "or_equal": True, "ignore_row_if": "either_value_is_missing"}, "z", "e", "a"),
    Rule("WHOLE", "expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "a", "column_B": "n", "ignore_row_if": "neither"}, "z", "e", "a"),
    Rule("WHERE", "expect_column_values_to_be_in_set",
         {"column": "c", "value_set": ["x"], "row_condition": {
             "type": "comparison", "column": {"name": "d"}, "operator": "==", "parameter": "y"}}, "z", "e", "c"),
    Rule("UNIQUE", "expect_column_values_to_be_unique", {"column": "n"}, "z", "e", "n"),
    Rule("TOGETHER", "expect_compound_columns_to_be_unique",
         {"column_list": ["n", "c"], "ignore_row_if": "any_value_is_missing"}, "z", "e", "n"),
    Rule("RISING", "expect_column_values_to_be_increasing", {"column": "n"}, "z", "e", "n"),
    Rule("MOSTLY", "expect_column_values_to_be_between", {"column": "n", "min_value": 2, "mostly": 0.5}, "z", "e", "n"),
]  # fmt: skip
DTYPES = {"a": NUMBER, "n": NUMBER, "c": "str", "d": "str", "e": "object"}
ACROSS_ROWS = {"UNIQUE", "TOGETHER", "RISING", "MOSTLY"}
AMOUNTS = st.one_of(st.none(), st.sampled_from([D(-1), D(0), D("2.5"), D(5), D(6)]))
COUNTS = st.one_of(st.none(), st.integers(0, 3))
TEXTS = st.one_of(st.none(), st.sampled_from(["x", "y", "xyz", ""]))
TRUTHS = st.sampled_from([True, False, None])


@st.composite
def tables(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """Draw tables that share row numbers; some have no rows, some columns are blank in one and full in another."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        blank = draw(st.sets(st.sampled_from(sorted(DTYPES))))
        cells = {"a": AMOUNTS, "n": COUNTS, "c": TEXTS, "d": TEXTS, "e": TRUTHS} | dict.fromkeys(blank, st.none())
        rows = draw(st.lists(st.fixed_dictionaries(cells), max_size=6))
        found.append([{"row_no": number, **row} for number, row in enumerate(rows, start=5)])
    return found


def stock(rows: list[dict[str, Any]]) -> set[tuple[int, str]]:
    """Judge one table by the documented workflow of Great Expectations."""
    import great_expectations as gx
    from great_expectations.core.expectation_suite import ExpectationSuite

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    frame = frame_of(rows, DTYPES)
    frame["row_no"] = frame.index
    batch = (
        context.data_sources.add_pandas("stock").add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
        .get_batch(batch_parameters={"dataframe": frame})
    )  # fmt: skip
    said = [{"type": rule.type, "kwargs": rule.kwargs, "meta": {"rule_id": rule.rule_id}} for rule in RULES]
    suite = ExpectationSuite(name="stock", expectations=said)
    assert len(suite.expectations) == len(RULES)
    result = batch.validate(suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row_no"]})  # fmt: skip
    return {
        (entry["row_no"], one.expectation_config.meta["rule_id"])
        for one in result.results
        if not one.success
        for entry in one.result.get("unexpected_index_list") or ()
    }


def pairs(failed: deliveries.Failed) -> set[tuple[int, str]]:
    return {(number, rule.rule_id) for rule, numbers in failed for number in numbers}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_together_as_alone_and_as_stock_would(drawn: list[list[dict[str, Any]]]) -> None:
    """The same (row, rule) pairs for each table, by our call and by Great Expectations' documented one."""
    together = judge_together(drawn, RULES, DTYPES)
    alone = [judge(frame_of(rows, DTYPES), RULES) if rows else [(rule, []) for rule in RULES] for rows in drawn]
    assert together == alone
    assert [pairs(failed) for failed in together] == [stock(rows) if rows else set() for rows in drawn]


def test_rules_that_look_at_other_rows_are_known() -> None:
    """What is not known to judge a row by itself is taken to look at others."""
    assert {rule.rule_id for rule in RULES if not rule.is_row_by_row} == ACROSS_ROWS
    assert not Rule("X", "expect_something_nobody_knows", {"column": "a"}, "z", "e", "a").is_row_by_row


def test_every_expectation_said_to_judge_row_by_row_exists() -> None:
    """A name that Great Expectations drops would go unnoticed: its rules would be judged table by table."""
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    assert set(list_registered_expectation_implementations()) >= ROW_BY_ROW


def of(contract: Contract, rows: Sequence[dict[str, Any]], **table: Any) -> Conformed:
    """Return conformed rows, numbered from 5 on."""
    made = [{"row_no": number, **row} for number, row in enumerate(rows, start=5)]
    raw = RawTable(contract, next(iter(contract.feeds)), "x", "表", [(row["row_no"], {}) for row in made], {}, **table)
    return Conformed(raw, made, [], {}, set(), {}, {}, datetime(2022, 1, 1, tzinfo=SHANGHAI), date(2022, 1, 1))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Yield how many rules each call for many tables asked; the calls are made."""
    asked: list[int] = []

    def judge_noted(frame: Any, rules: Sequence[Rule]) -> Any:
        asked.append(len(rules))
        return judge(frame, rules)

    monkeypatch.setattr(deliveries, "judge", judge_noted)
    return asked


WAGES = [[{"wage_month_yuan": D(wage)} for wage in own] for own in ([300], [3000, 200], [], [5000], [350, 350])]


def test_one_call_judges_all_tables_of_a_dataset(calls: list[int]) -> None:
    """Row numbers repeat from table to table; each finding names the column as its own table does."""
    rules = load_rules(ROOT, "labour_placement", "rows")
    labels = [{"wage_month_yuan": f"月工资{n}"} for n in range(len(WAGES))]
    placed = [of(PLACEMENT, own) for own in WAGES]
    for one, named in zip(placed, labels, strict=True):
        one.table = replace(one.table, labels=named)
    found = validate_tables(placed, rules)
    assert calls == [len(rules)]
    together = [dict(one.verdicts) for one in placed]
    assert found == [validate_rows(one, rules) for one in placed]
    assert together == [one.verdicts for one in placed]
    assert [said["LAB_WAGE_LOW"].failed for said in together] == [[5], [6], [], [], [5, 6]]
    assert "“月工资1”" in together[1]["LAB_WAGE_LOW"].said


def test_what_is_wrong_with_one_table_is_not_the_others() -> None:
    """A rule that raises over the values of one delivery stops that one, as if it had come alone."""
    odd = Rule("ODD", "expect_column_values_to_be_between", {"column": "batch_hint", "min_value": 0}, "z", "e", "x")
    found = validate_tables([of(PLACEMENT, [{}]), of(PLACEMENT, [{"batch_hint": "text"}]), of(PLACEMENT, [{"batch_hint": -1}])], [odd])  # fmt: skip
    assert found[0] == []
    assert isinstance(found[1], ConfigError)
    assert found[2] == [Finding(5, "x", "ODD", "z")]


def funds(amounts: Sequence[str], declared: str | None, *, bad: int = 0) -> Conformed:
    """Return allocations with their declared total, ``bad`` of them unreadable."""
    found = of(CONTRACTS["fund_allocation"], [{}] * len(amounts), declared_total=None if declared is None else D(declared))
    found.amounts = {number: D(amount) for number, amount in enumerate(amounts)}
    found.findings = [Finding(number, "c", "R", "z") for number in range(bad)]
    return found


DELIVERIES = [
    funds(["100", "50"], "150"),
    funds(["100", "50"], "149"),
    of(MEETING, [{}]),
    funds(["1"] * 20, None, bad=11),
    funds(["1"] * 20, "21", bad=11),
    replace(of(MEETING, [{}] * 40), findings=[Finding(n, "c", "R", "z") for n in range(30)]),
    funds([], None),
]


def said_alone(one: Conformed) -> str | None:
    try:
        validate_gate(one, load_rules(ROOT, one.contract.dataset, "gate"))
    except GateClosed as closed:
        return str(closed)
    return None


def test_one_call_judges_the_gates_of_all_datasets(calls: list[int]) -> None:
    """Each question is asked once, however many datasets ask it; the first that fails is what is said."""
    rules = [load_rules(ROOT, one.contract.dataset, "gate") for one in DELIVERIES]
    found = validate_gates(DELIVERIES, rules)
    assert len(calls) == 1
    assert calls[0] < sum({one.contract.dataset: len(own) for one, own in zip(DELIVERIES, rules, strict=True)}.values())
    assert [verdict and str(verdict) for verdict in found] == [said_alone(one) for one in DELIVERIES]
    assert [verdict is None for verdict in found] == [True, False, True, False, False, False, True]
    asked = [[*one.verdicts] for one in DELIVERIES]
    assert asked == [[rule.rule_id for rule in own] for own in rules]


def test_a_broken_gate_is_its_own_datasets_error() -> None:
    """The other datasets' gates are judged, and close, all the same."""
    broken = Rule("X", "expect_column_values_to_be_lovely", {"column": "key_coverage_pct"}, "z", "e", "x")
    rules = [[broken] if one.contract is MEETING else load_rules(ROOT, "fund_allocation", "gate") for one in DELIVERIES]
    found = validate_gates(DELIVERIES, rules)
    assert [type(one) for one in found] == [type(None), GateClosed, ConfigError, GateClosed, GateClosed, ConfigError, type(None)]  # fmt: skip


@dataclass(frozen=True)
class Sheets:
    """Sheets of one dataset, the last of which was refused after it was looked at."""

    read: list[Conformed]
    refused: FileRefused | None
    said: str | None


UNIT = FileRefused("UNIT_DOUBTFUL", "单位可疑")


@pytest.mark.parametrize(
    "sheets",
    [
        Sheets([DELIVERIES[0], DELIVERIES[1]], None, "CONTROL_TOTAL"),
        Sheets([DELIVERIES[3], DELIVERIES[1]], None, "KEY_COVERAGE"),
        Sheets([DELIVERIES[0], DELIVERIES[1]], UNIT, "CONTROL_TOTAL"),
        Sheets([DELIVERIES[0]], UNIT, "UNIT_DOUBTFUL"),
        Sheets([], UNIT, "UNIT_DOUBTFUL"),
        Sheets([DELIVERIES[0]], None, None),
    ],
    ids=["second", "first of two", "before the refusal", "refusal", "nothing read", "whole"],
)
def test_the_first_sheet_at_fault_speaks_for_its_file(sheets: Sheets) -> None:
    """As if the sheets were looked at and judged one after the other, up to the first that does not pass."""
    part = Part(CONTRACTS["fund_allocation"], "workbook", ("表",), list(sheets.read), error=sheets.refused)
    judge_all(ROOT, [Taken({"kind": "file"}, [part])])
    if sheets.said is None:
        assert part.error is None
        assert [len(found) for found in part.findings] == [0]
    else:
        assert isinstance(part.error, FileRefused)
        assert part.error.code == sheets.said
        assert part.findings == []


def test_a_missing_suite_keeps_out_its_own_dataset_only(tmp_path: Path) -> None:
    """What is landed of it waits; the rest is judged."""
    suites = tmp_path / "expectations"
    suites.mkdir()
    for path in (ROOT / "expectations").glob("*.yaml"):
        if path.name != "work_meeting.rows.yaml":
            (suites / path.name).write_bytes(path.read_bytes())
    held = Part(MEETING, "workbook", ("表",), [of(MEETING, [{}])])
    kept = Part(PLACEMENT, "station", ("表",), [of(PLACEMENT, [{"age_at_start": 15}])])
    judge_all(tmp_path, [Taken({"kind": "file"}, [held]), Taken({"kind": "file"}, [kept])])
    assert isinstance(held.error, ConfigError)
    assert kept.error is None
    assert [finding.rule_id for finding in kept.findings[0]] == ["LAB_AGE_RANGE"]


def test_reasons_of_reading_stand_before_those_of_judging() -> None:
    """A row that could not be read is listed with those that break a rule; platforms have no gate."""
    one = of(PLACEMENT, [{"age_at_start": 15}])
    one.findings = [Finding(number, "c", "REQUIRED", "z") for number in range(100, 130)]
    part = Part(PLACEMENT, "station", ("",), [one])
    judge_all(ROOT, [Taken({"kind": "platform"}, [part])])
    assert part.error is None
    assert [finding.rule_id for finding in part.findings[0]] == [*["REQUIRED"] * 30, "LAB_AGE_RANGE"]
