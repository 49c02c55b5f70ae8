"""Row rules and gates: each passes and fails where it should, and as Great Expectations itself would judge."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezuo.clock import SHANGHAI
from xiezuo.conform import Conformed
from xiezuo.contracts import Contract, load_contracts
from xiezuo.errors import ConfigError, GateClosed
from xiezuo.rows import Finding
from xiezuo.settings import Settings
from xiezuo.suites import Rule, load_rules
from xiezuo.tables import RawTable
from xiezuo.validate import frame_of, gate_facts, judge, validate_gate, validate_rows

ROOT = Settings.from_env({}).root
CONTRACTS = load_contracts(ROOT)
D = Decimal

# rule: (values that pass, values that fail); what a row does not say is None
CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "LAB_WAGE_RANGE": (
        [{"wage_month_yuan": D(100)}, {"wage_month_yuan": D(30000)}, {}],
        [{"wage_month_yuan": D("99.99")}, {"wage_month_yuan": D("30000.01")}, {"wage_month_yuan": D(-1)}],
    ),
    "LAB_END_BEFORE_START": (
        [
            {"started_on": date(2022, 3, 1), "ended_on": date(2022, 3, 1)},
            {"started_on": date(2022, 3, 1)},
            {},
        ],
        [{"started_on": date(2022, 3, 2), "ended_on": date(2022, 3, 1)}],
    ),
    "LAB_SEX_MISMATCH": (
        [{"sex_typed": "male", "sex": "male"}, {"sex": "male"}, {}],
        [{"sex_typed": "female", "sex": "male"}],
    ),
    "LAB_AGE_RANGE": (
        [{"age_at_start": 16}, {"age_at_start": 80}, {}],
        [{"age_at_start": 15}, {"age_at_start": 81}],
    ),
    "SAL_PAYMENT_NEGATIVE": ([{"payment_yuan": D(0)}, {}], [{"payment_yuan": D("-0.01")}]),
    "SAL_REFUND_NEGATIVE": ([{"refund_yuan": D(0)}, {}], [{"refund_yuan": D("-0.01")}]),
    "SAL_REFUND_EXCEEDS_PAYMENT": (
        [
            {"payment_yuan": D("1.10"), "refund_yuan": D("1.10")},
            {"payment_yuan": D(1)},
            {"refund_yuan": D(1)},
        ],
        [{"payment_yuan": D("1.10"), "refund_yuan": D("1.11")}],
    ),
    "SAL_PAID_WITHOUT_DATE": ([{"is_payment_dated": True}], [{"is_payment_dated": False}]),
    "FUN_AMOUNT_NOT_POSITIVE": (
        [{"amount_yuan": D("0.01")}, {}],
        [{"amount_yuan": D(0)}, {"amount_yuan": D(-5)}],
    ),
    "FUN_YEAR_RANGE": ([{"year": 1996}, {"year": 2022}, {}], [{"year": 1995}, {"year": 22}]),
    "FUN_ALLOCATED_NEGATIVE": ([{"allocated_yuan": D(0)}, {}], [{"allocated_yuan": D("-0.01")}]),
    "WRK_SUBJECT_TOO_SHORT": ([{"subject": "研究事项"}, {"subject": "培训"}, {}], [{"subject": "会"}]),
}
RULES = {(name, rule.rule_id): rule for name in sorted(CONTRACTS) for rule in load_rules(ROOT, name, "rows")}


def of(contract: Contract, rows: Sequence[dict[str, Any]], **table: Any) -> Conformed:
    """Return conformed rows as the validator gets them."""
    raw = RawTable(contract=contract, feed=next(iter(contract.feeds)), place="x", sheet="表", rows=[(n, {}) for n in range(len(rows))],
                   labels={"wage_month_yuan": "月工资"}, **table)  # fmt: skip
    made = [{"row_no": number, **row} for number, row in enumerate(rows, start=5)]
    return Conformed(
        raw, made, [], {}, set(), {}, {}, datetime(2022, 1, 1, tzinfo=SHANGHAI), date(2022, 1, 1)
    )


def test_no_rule_is_without_a_case() -> None:
    """A rule added to a suite needs rows that pass and rows that fail, here."""
    assert {rule_id for _, rule_id in RULES} == set(CASES)


@pytest.mark.parametrize(("dataset", "rule_id"), sorted(RULES))
def test_a_rule_passes_and_fails_where_it_should(dataset: str, rule_id: str) -> None:
    """The failing rows and no others, with the sentence the office reads."""
    good, bad = CASES[rule_id]
    empty = dict.fromkeys(RULES[dataset, rule_id].columns)
    found = validate_rows(
        of(CONTRACTS[dataset], [empty | row for row in (*good, *bad, *good)]), [RULES[dataset, rule_id]]
    )
    first = 5 + len(good)
    assert [finding.row_no for finding in found] == list(range(first, first + len(bad)))
    assert {(finding.rule_id, finding.reason_zh) for finding in found} == {
        (rule_id, RULES[dataset, rule_id].zh)
    }


def test_a_finding_names_the_column_as_the_office_typed_it() -> None:
    [rule] = [rule for (_, rule_id), rule in RULES.items() if rule_id == "LAB_WAGE_RANGE"]
    [found] = validate_rows(of(CONTRACTS["labour_placement"], [{"wage_month_yuan": D(1)}]), [rule])
    assert found == Finding(5, "月工资", "LAB_WAGE_RANGE", rule.zh)


def test_no_rows_need_no_judge() -> None:
    assert (
        validate_rows(of(CONTRACTS["labour_placement"], []), load_rules(ROOT, "labour_placement", "rows"))
        == []
    )


# --- the same verdicts as the documented workflow ----------------------------------------------------------

COMPARED = [
    Rule("BETWEEN", "expect_column_values_to_be_between", {"column": "a", "min_value": 0, "max_value": 5}, "z", "e", "a"),
    Rule("NOT_NULL", "expect_column_values_to_not_be_null", {"column": "a"}, "z", "e", "a"),
    Rule("UNIQUE", "expect_column_values_to_be_unique", {"column": "b"}, "z", "e", "b"),
    Rule("IN_SET", "expect_column_values_to_be_in_set", {"column": "c", "value_set": ["x", "y"]}, "z", "e", "c"),
    Rule("LENGTH", "expect_column_value_lengths_to_be_between", {"column": "c", "min_value": 1, "max_value": 2}, "z", "e", "c"),
    Rule("PAIR", "expect_column_pair_values_a_to_be_greater_than_b",
         {"column_A": "a", "column_B": "b", "or_equal": True, "ignore_row_if": "either_value_is_missing"}, "z", "e", "a"),
    Rule("EQUAL", "expect_column_pair_values_to_be_equal",
         {"column_A": "c", "column_B": "d", "ignore_row_if": "either_value_is_missing"}, "z", "e", "c"),
    Rule("TOGETHER", "expect_compound_columns_to_be_unique",
         {"column_list": ["b", "c"], "ignore_row_if": "any_value_is_missing"}, "z", "e", "b"),
]  # fmt: skip


def stock(rows: list[dict[str, Any]], rules: Sequence[Rule]) -> set[tuple[int, str]]:
    """Judge by the documented workflow: data source, batch definition, suite, ``unexpected_index_column_names``."""
    import great_expectations as gx
    from great_expectations.core.expectation_suite import ExpectationSuite

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    frame = frame_of(rows, {column for rule in rules for column in rule.columns})
    frame["row_no"] = frame.index
    batch = (
        context.data_sources.add_pandas("stock").add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
        .get_batch(batch_parameters={"dataframe": frame})
    )  # fmt: skip
    suite = ExpectationSuite(
        name="stock",
        expectations=[
            {"type": rule.type, "kwargs": rule.kwargs, "meta": {"rule_id": rule.rule_id}} for rule in rules
        ],
    )
    assert len(suite.expectations) == len(rules)
    result = batch.validate(
        suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row_no"]}
    )
    return {
        (entry["row_no"], one.expectation_config.meta["rule_id"])
        for one in result.results
        for entry in one.result.get("unexpected_index_list") or ()
    }


NUMBERS = st.one_of(st.none(), st.sampled_from([D(-1), D(0), D("2.5"), D(5), D(6)]))
TEXTS = st.one_of(st.none(), st.sampled_from(["x", "y", "xyz", ""]))
FRAMES = st.lists(
    st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS, "c": TEXTS, "d": TEXTS}), min_size=1, max_size=12
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FRAMES)
def test_the_verdicts_are_those_of_stock_great_expectations(rows: list[dict[str, Any]]) -> None:
    """The same (row, rule) pairs, on frames with nulls, duplicates and columns that are all null."""
    made = [{"row_no": number * 3, **row} for number, row in enumerate(rows, start=2)]
    ours = {
        (row, rule.rule_id)
        for rule, failed in judge(frame_of(made, {"a", "b", "c", "d"}), COMPARED)
        for row in failed
    }
    assert ours == stock(made, COMPARED)


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_the_suites_on_disk_are_judged_as_stock_would(dataset: str) -> None:
    rules = load_rules(ROOT, dataset, "rows")
    empty = {column: None for rule in rules for column in rule.columns}
    cases = [row for rule in rules for group in CASES[rule.rule_id] for row in group]
    made = [{"row_no": number, **empty, **row} for number, row in enumerate(cases)]
    frame = frame_of(made, set(empty))
    found = {(row, rule.rule_id) for rule, failed in judge(frame, rules) for row in failed}
    assert found
    assert found == stock(made, rules)


# --- broken rules are errors, not bad data -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("X", "expect_column_values_to_be_lovely", {"column": "a"}, "z", "e", "a"), "lovely"),
        (
            Rule("X", "expect_column_values_to_be_between", {"column": "a", "min_valu": 0}, "z", "e", "a"),
            "min_valu",
        ),
        (
            Rule(
                "X",
                "expect_column_values_to_be_between",
                {"column": "gone", "min_value": 0},
                "z",
                "e",
                "gone",
            ),
            "gone",
        ),
        (Rule("X", "expect_column_values_to_match_regex", {"column": "a", "regex": "("}, "z", "e", "a"), "X"),
    ],
    ids=["unknown type", "misspelt argument", "missing column", "raises"],
)
def test_a_broken_rule_stops_the_run(rule: Rule, said: str) -> None:
    frame = frame_of([{"row_no": 1, "a": "text"}], {"a"})
    with pytest.raises(ConfigError, match=said):
        judge(frame, [rule])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rule_id: LAB_WAGE_RANGE, ", "", "rule_id"),
        ("en: a monthly", "of: a monthly", "en"),
        ("LAB_AGE_RANGE", "LAB_WAGE_RANGE", "twice"),
    ],
)
def test_a_suite_that_lacks_something_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    shutil.copytree(ROOT / "expectations", tmp_path / "expectations")
    path = tmp_path / "expectations" / "labour_placement.rows.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_rules(tmp_path, "labour_placement", "rows")


def test_a_missing_suite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.rows\.yaml"):
        load_rules(tmp_path, "nothing", "rows")


# --- gates -------------------------------------------------------------------------------------------------


def funds(
    amounts: list[str], declared: str | None, *, unreadable: int = 0, unit: int = 1, bad: int = 0
) -> Conformed:
    """Return a delivery of allocations: readable amounts, a declared total, rows without an amount, bad rows."""
    contract = CONTRACTS["fund_allocation"]
    count = len(amounts) + unreadable
    found = of(
        contract,
        [{}] * count,
        declared_total=None if declared is None else D(declared),
        units={"amount_yuan": D(unit)},
    )
    found.amounts = {number: D(amount) for number, amount in enumerate(amounts)}
    found.unreadable_amounts = set(range(len(amounts), count))
    found.findings = [Finding(number, "c", "R", "z") for number in range(bad)]
    return found


GATE = load_rules(ROOT, "fund_allocation", "gate")


@pytest.mark.parametrize(
    ("delivery", "rule"),
    [
        (funds(["100", "50"], None), None),
        (funds(["100", "50"], "150"), None),
        (funds(["100", "50"], "150.01"), None),
        (funds(["100", "50"], "150.02"), "CONTROL_TOTAL"),
        (funds(["100", "50"], "149"), "CONTROL_TOTAL"),
        (funds(["100", "50"], "250", unreadable=1), None),
        (funds(["100", "50"], "149", unreadable=1), "CONTROL_TOTAL"),
        (funds(["1004999", "500000"], "1505000", unit=10000), None),
        (funds(["1004899", "500000"], "1505000", unit=10000), "CONTROL_TOTAL"),
        (funds(["1"] * 20, None, bad=10), None),
        (funds(["1"] * 20, None, bad=11), "KEY_COVERAGE"),
        (funds(["1"] * 19, None, bad=19), None),
    ],
)
def test_a_gate_closes_on_totals_and_keys_only(delivery: Conformed, rule: str | None) -> None:
    """Rounding in the declared unit and rows that could not be read never close it; a missing sum does."""
    if rule is None:
        validate_gate(delivery, GATE)
        return
    with pytest.raises(GateClosed) as closed:
        validate_gate(delivery, GATE)
    assert closed.value.code == rule
    assert "{" not in closed.value.zh


def test_a_closed_gate_says_both_sums_in_yuan() -> None:
    with pytest.raises(GateClosed) as closed:
        validate_gate(funds(["1000", "500"], "1600"), GATE)
    assert "1,600" in closed.value.zh
    assert "1,500" in closed.value.zh
    assert gate_facts(funds(["1000"], "1600"))["control_total_gap_yuan"] == 600
