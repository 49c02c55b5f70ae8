"""Row rules and gates: each passes and fails where it should, and as Great Expectations itself would judge."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError, GateClosed
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import SQL_TYPES, Contract, load_contracts
from xiezuo.declared.suites import Rule, load_rules
from xiezuo.validate.validate import (
    NUMBER,
    dtypes_of,
    frame_of,
    gate_facts,
    judge,
    validate_gate,
    validate_rows,
)

ROOT = Settings.from_env({}).root
CONTRACTS = load_contracts(ROOT)
D = Decimal

CASES = Path(__file__).parents[2] / "data" / "rules"
RULES = {(name, rule.rule_id): rule for name in sorted(CONTRACTS) for rule in load_rules(ROOT, name, "rows")}
FROM_IDENTITY = {"person_key": "text", "birth_date": "date", "birth_date_year": "integer", "sex": "text"}
COLUMN_TYPES = {
    name: FROM_IDENTITY | {column: SQL_TYPES[spec.type] for column, spec in (*contract.fields.items(), *contract.computed.items())}
    for name, contract in CONTRACTS.items()
}  # fmt: skip
WRITTEN_AS = {"bigint": int, "integer": int, "boolean": bool, "date": date, "timestamptz": datetime}


def of(contract: Contract, rows: Sequence[dict[str, Any]], **table: Any) -> Conformed:
    """Return conformed rows as the validator gets them."""
    raw = RawTable(contract=contract, feed=next(iter(contract.feeds)), place="x", sheet="表", rows=[(n, {}) for n in range(len(rows))],
                   labels={"wage_month_yuan": "月工资"}, **table)  # fmt: skip
    made = [{"row_no": number, **row} for number, row in enumerate(rows, start=5)]
    return Conformed(
        raw, made, [], {}, set(), {}, {}, datetime(2022, 1, 1, tzinfo=SHANGHAI), date(2022, 1, 1)
    )


# --- each rule has its cases, in tests/data/rules/<dataset>.yaml --------------------------------------------


@dataclass(frozen=True)
class Case:
    """Rows that pass a rule and rows that fail it, with every column the rule reads."""

    passes: list[dict[str, Any]]
    fails: list[dict[str, Any]]


def typed(written: Any, sql_type: str) -> Any:
    """Return a value of a case as conform would hand it on: what is decimal is written as text."""
    kind = sql_type.partition("(")[0]
    assert written is None or type(written) is WRITTEN_AS.get(kind, str), f"{written!r} is no {sql_type}"
    return D(written) if kind == "numeric" and written is not None else written


def written_cases(dataset: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    path = CASES / f"{dataset}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def case_of(dataset: str, rule: Rule) -> Case:
    written = written_cases(dataset)[rule.rule_id]
    assert set(written) == {"passes", "fails"}, rule.rule_id
    for row in (*written["passes"], *written["fails"]):
        assert set(row) <= set(rule.columns), f"{rule.rule_id} does not read all of {row}"
    types = COLUMN_TYPES[dataset]
    made = {
        verdict: [{name: typed(row.get(name), types[name]) for name in rule.columns} for row in rows]
        for verdict, rows in written.items()
    }
    return Case(**made)


def test_every_file_of_cases_belongs_to_a_dataset() -> None:
    files = {path.name for path in CASES.iterdir()}
    assert files <= {f"{dataset}.yaml" for dataset in CONTRACTS}


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_the_cases_of_a_dataset_are_those_of_its_rules(dataset: str) -> None:
    """A rule added to a suite needs rows that pass and rows that fail; no case outlives its rule."""
    assert set(written_cases(dataset)) == {rule_id for name, rule_id in RULES if name == dataset}


def number(value: Any) -> Decimal:
    return D(value.toordinal() if isinstance(value, date) else str(value))


def weighed(rule: Rule, row: dict[str, Any]) -> Any:
    """Return what a rule compares with its bounds: a value, its length, or how far A is above B; None for nothing."""
    said = rule.kwargs
    if "column_A" in said:
        pair = row[said["column_A"]], row[said["column_B"]]
        return None if None in pair or isinstance(pair[0], str) else number(pair[0]) - number(pair[1])
    value = row.get(said.get("column"))
    if isinstance(value, str) and "_lengths_" in rule.type:
        return D(len(value))
    return number(value) if isinstance(value, date) else value


def edges(rule: Rule, types: dict[str, str]) -> tuple[set[Any], set[Any]]:
    """Return the outermost values that pass and the nearest that fail; none where a rule has no bounds."""
    sql_type = types.get(rule.kwargs.get("column_A") or rule.kwargs.get("column"), "")
    scale = int(sql_type.rstrip(")").rpartition(",")[2]) if sql_type.startswith("numeric") else 0
    step = D(1).scaleb(-scale)
    said = rule.kwargs
    inside: set[Any] = set()
    outside: set[Any] = set()
    if rule.type.endswith("_between"):
        for end, inwards in (("min", step), ("max", -step)):
            if (bound := said.get(f"{end}_value")) is not None:
                strict = said.get(f"strict_{end}", False)
                inside.add(number(bound) + (inwards if strict else 0))
                outside.add(number(bound) - (0 if strict else inwards))
    elif rule.type == "expect_column_pair_values_a_to_be_greater_than_b":
        inside, outside = ({D(0)}, {-step}) if said.get("or_equal") else ({step}, {D(0)})
    elif rule.type == "expect_column_pair_values_to_be_equal":
        if sql_type.startswith(("numeric", "bigint", "date")):
            inside, outside = {D(0)}, {step, -step}
    elif rule.type == "expect_column_values_to_be_in_set":
        inside = set(said["value_set"])
    elif rule.type == "expect_column_values_to_not_be_in_set":
        outside = set(said["value_set"])
    return inside, outside


@pytest.mark.parametrize(("dataset", "rule_id"), sorted(RULES))
def test_the_cases_of_a_rule_reach_its_bounds_and_its_blanks(dataset: str, rule_id: str) -> None:
    """Rows on both sides of every bound, a blank row, each column blank alone, and rows a rule is not about."""
    rule = RULES[dataset, rule_id]
    case = case_of(dataset, rule)
    assert case.passes
    assert case.fails
    inside, outside = edges(rule, COLUMN_TYPES[dataset])
    assert inside <= {weighed(rule, row) for row in case.passes}
    assert outside <= {weighed(rule, row) for row in case.fails}
    blanks = [{name for name, value in row.items() if value is None} for row in (*case.passes, *case.fails)]
    assert set(rule.columns) in blanks
    assert all({name} in blanks for name in rule.columns)
    judged = replace(
        rule, kwargs={name: said for name, said in rule.kwargs.items() if name != "row_condition"}
    ).columns
    if judged != rule.columns:  # what fails there passes in a row that says it is of another kind
        whole = [row for row in case.passes if None not in row.values()]
        passed, failed = (
            {tuple(row[name] for name in judged) for row in rows} for rows in (whole, case.fails)
        )
        assert passed & failed


@pytest.mark.parametrize(("dataset", "rule_id"), sorted(RULES))
def test_a_rule_passes_and_fails_where_it_should(dataset: str, rule_id: str) -> None:
    """The failing rows and no others, with the sentence the office reads."""
    case = case_of(dataset, RULES[dataset, rule_id])
    good, bad = case.passes, case.fails
    rule = RULES[dataset, rule_id]
    table = of(CONTRACTS[dataset], [*good, *bad, *good])
    found = validate_rows(table, [rule])
    first = 5 + len(good)
    failing = list(range(first, first + len(bad)))
    said = table.verdicts[rule_id]
    assert (said.suite, said.evaluated, said.failed) == ("rows", len(table.rows), failing)
    assert [finding.row_no for finding in found] == (failing if rule.holds else [])
    assert {(finding.rule_id, finding.reason_zh) for finding in found} == (
        {(rule_id, rule.zh)} if rule.holds else set()
    )
    assert (said.warning() is None) is rule.holds


def test_a_finding_names_the_column_as_the_office_typed_it() -> None:
    [rule] = [rule for (_, rule_id), rule in RULES.items() if rule_id == "LAB_WAGE_RANGE"]
    [found] = validate_rows(of(CONTRACTS["labour_placement"], [{"wage_month_yuan": D(1)}]), [rule])
    assert found == Finding(5, "月工资", "LAB_WAGE_RANGE", rule.zh)


def test_a_warning_holds_nothing_back_and_names_rows_and_column() -> None:
    """Of many rows the first ten are named; of a delivery that a gate lets pass, the sentence with its facts."""
    rule = RULES["labour_placement", "LAB_WAGE_LOW"]
    table = of(CONTRACTS["labour_placement"], [{"wage_month_yuan": D(300)}] * 12)
    assert validate_rows(table, [rule]) == []
    first = "、".join(map(str, range(5, 15)))
    assert (
        table.verdicts["LAB_WAGE_LOW"].warning()
        == f"第 {first} 等 12 行“月工资”：{rule.zh}，请核对（未隔离）"
    )
    delivery = funds(["1000", "500"], "1600")
    validate_gate(delivery, [replace(rule, severity="warning") for rule in GATE])
    said = [warning for one in delivery.verdicts.values() if (warning := one.warning())]
    assert said == ["合计行写的是 1,600 元，各行相加是 1,500 元，请核对后重报（未拦截）"]


def test_a_severity_that_nobody_acts_on_is_a_broken_suite(tmp_path: Path) -> None:
    """Great Expectations would log it and go on without the rule."""
    (tmp_path / "expectations").mkdir()
    said = (
        "expectations:\n  - {type: x, severity: fatal, kwargs: {}, meta: {rule_id: R, zh: 错, en: wrong}}\n"
    )
    (tmp_path / "expectations" / "labour_placement.rows.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(ConfigError, match="R is of severity fatal"):
        load_rules(tmp_path, "labour_placement", "rows")


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
    Rule("IS_TRUE", "expect_column_values_to_be_in_set", {"column": "e", "value_set": [True]}, "z", "e", "e"),
    Rule("IS_KNOWN", "expect_column_values_to_not_be_null", {"column": "e"}, "z", "e", "e"),
    Rule("MOSTLY", "expect_column_values_to_be_between", {"column": "b", "min_value": 0, "mostly": 0.5}, "z", "e", "b"),
    Rule("WHERE", "expect_column_values_to_be_in_set",
         {"column": "c", "value_set": ["x"], "row_condition": {
             "type": "comparison", "column": {"name": "d"}, "operator": "==", "parameter": "y"}}, "z", "e", "c"),
]  # fmt: skip
def pairs(failed: Iterable[tuple[Rule, Iterable[int]]]) -> set[tuple[int, str]]:
    return {(row, rule.rule_id) for rule, rows in failed for row in rows}


DTYPES = {"a": NUMBER, "b": NUMBER, "c": "str", "d": "str", "e": "object"}


def stock(rows: list[dict[str, Any]], rules: Sequence[Rule], dtypes: Mapping[str, str]) -> set[tuple[int, str]]:
    """Judge by the documented workflow: data source, batch definition, suite, ``unexpected_index_column_names``."""
    import great_expectations as gx
    from great_expectations.core.expectation_suite import ExpectationSuite

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    frame = frame_of(rows, dtypes)
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
        if not one.success
        for entry in one.result.get("unexpected_index_list") or ()
    }


NUMBERS = st.one_of(st.none(), st.sampled_from([D(-1), D(0), D("2.5"), D(5), 6]))
TEXTS = st.one_of(st.none(), st.sampled_from(["x", "y", "xyz", ""]))
TRUTHS = st.sampled_from([True, False, None])
ROWS = st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS, "c": TEXTS, "d": TEXTS, "e": TRUTHS})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, min_size=1, max_size=12))
def test_the_verdicts_are_those_of_stock_great_expectations(rows: list[dict[str, Any]]) -> None:
    """The same (row, rule) pairs, on frames with nulls, duplicates and columns that are all null."""
    made = [{"row_no": number * 3, **row} for number, row in enumerate(rows, start=2)]
    assert pairs(judge(frame_of(made, DTYPES), COMPARED)) == stock(made, COMPARED, DTYPES)


@pytest.mark.parametrize("dataset", sorted({dataset for dataset, _ in RULES}))
def test_the_suites_on_disk_are_judged_as_stock_would(dataset: str) -> None:
    rules = load_rules(ROOT, dataset, "rows")
    empty = {column: None for rule in rules for column in rule.columns}
    cases = [
        row for case in (case_of(dataset, rule) for rule in rules) for row in (*case.passes, *case.fails)
    ]
    made = [{"row_no": number, **empty, **row} for number, row in enumerate(cases)]
    dtypes = dtypes_of(CONTRACTS[dataset], rules)
    found = pairs(judge(frame_of(made, dtypes), rules))
    assert found
    assert found == stock(made, rules, dtypes)


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
    frame = frame_of([{"row_no": 1, "a": "text"}], {"a": "str"})
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


@pytest.mark.parametrize(("unit", "allowed"), [(1, "0.01"), (10000, "100")])
def test_a_total_may_be_off_by_what_rounding_in_its_own_unit_leaves(unit: int, allowed: str) -> None:
    facts = gate_facts(funds(["1000"], "2000", unit=unit))
    assert facts["control_total_tolerance_yuan"] == D(allowed)
    assert facts["control_total_excess_yuan"] == 1000 - D(allowed)
