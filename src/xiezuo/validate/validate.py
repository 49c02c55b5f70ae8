"""Stage three: Great Expectations judges typed rows (row rules) and whole deliveries (gate rules).

Great Expectations is called through a ``Validator`` over the pandas engine with one narrow frame for
each set of columns: the same verdicts as the documented workflow at a quarter of its cost; a test
compares the two (docs/decisions/0004-validation.md). It is imported on first use, never while a Dag
is parsed, and ahead of time in the process that forks the workers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError, GateClosed
from xiezuo.conform.conform import Conformed
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import SQL_TYPES, Contract
from xiezuo.declared.suites import Rule, Verdict, columns_of
from xiezuo.declared.words import UNKNOWN_WORD

if TYPE_CHECKING:
    import pandas as pd

NUMBER = "float64"
_DTYPES = dict.fromkeys(("bigint", "integer", "numeric", "date", "timestamptz"), NUMBER) | dict.fromkeys(
    ("text", "varchar", "char"), "str"
)
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}


def validate_rows(conformed: Conformed, rules: Sequence[Rule]) -> list[Finding]:
    """Return a finding for every row that a rule holds back, and note in the table what every rule said.

    Raises:
        ConfigError: a rule itself is broken (unknown type, missing column, raised while judging).
    """
    failed: list[tuple[Rule, list[int]]] = [(rule, []) for rule in rules]
    if conformed.rows and rules:
        failed = judge(frame_of(conformed.rows, dtypes_of(conformed.contract, rules)), rules)
    return note_rows(conformed, failed)


def validate_gate(conformed: Conformed, rules: Sequence[Rule]) -> None:
    """Judge the delivery's facts, and note in the table what every rule said.

    Raises:
        GateClosed: a gate rule fails; the whole delivery is held back.
        ConfigError: a rule itself is broken.
    """
    facts = gate_facts(conformed)
    failed = judge(frame_of([facts | {"row_no": 1}], dict.fromkeys(facts, NUMBER)), rules)
    if (closed := note_gate(conformed, failed, facts)) is not None:
        raise closed


def note_rows(conformed: Conformed, failed: Iterable[tuple[Rule, Sequence[int]]]) -> list[Finding]:
    """Note in a table what row rules said of it, as :func:`judge` returns it; return why rows are held back.

    A finding names the column as the owner typed it.
    """
    found: list[Finding] = []
    for rule, numbers in failed:
        label = conformed.table.labels.get(rule.column, rule.column)
        conformed.verdicts[rule.rule_id] = row_verdict(rule, label, len(conformed.rows), numbers)
        if rule.holds:
            found += (Finding(number, label, rule.rule_id, rule.zh) for number in numbers)
    return found


def row_verdict(rule: Rule, label: str, evaluated: int, failed: Sequence[int]) -> Verdict:
    """Return what a row rule said of rows; ``label`` is the column's name as the owner typed it."""
    return Verdict(rule, "rows", evaluated, failed, f"“{label}”：{rule.zh}")


def note_gate(
    conformed: Conformed, failed: Iterable[tuple[Rule, Sequence[int]]], facts: Mapping[str, Any]
) -> GateClosed | None:
    """Note in a table what gate rules said of it; return the error of the first that holds the delivery back."""
    plain = {name: _plain(fact) for name, fact in facts.items()}
    told = [Verdict(rule, "gate", 1, numbers, rule.zh.format(**plain)) for rule, numbers in failed]
    conformed.verdicts |= {one.rule.rule_id: one for one in told}
    return next(
        (GateClosed(one.rule.rule_id, one.said) for one in told if one.failed and one.rule.holds), None
    )


def gate_facts(conformed: Conformed) -> dict[str, Any]:
    """Return what the gate rules may ask about a delivery.

    ``control_total_gap_yuan``: declared total minus the sum of all readable rows, None when no total
    was declared or when unreadable rows explain the gap; ``control_total_tolerance_yuan``: what
    rounding in the declared unit allows; ``key_coverage_pct``: share of rows whose key could be read or
    that wait for a word to be registered, 100 below twenty rows, where one bad row is only a bad row.
    """
    table = conformed.table
    readable = sum(conformed.amounts.values(), Decimal(0))
    gap = None if table.declared_total is None else table.declared_total - readable
    if gap is not None and gap > 0 and conformed.unreadable_amounts:
        gap = None
    parts = conformed.contract.amount_parts
    unit = max((table.units.get(name, Decimal(1)) for name in parts), default=Decimal(1))
    held = {finding.row_no for finding in conformed.findings if finding.rule_id not in UNKNOWN_WORD}
    total = len(table.rows)
    coverage = Decimal(100) if total < 20 else Decimal(100 * (total - len(held))) / total
    return {
        "control_total_gap_yuan": None if gap is None else abs(gap),
        "control_total_tolerance_yuan": unit * Decimal("0.01"),
        "control_total_excess_yuan": None if gap is None else max(Decimal(0), abs(gap) - unit * Decimal("0.01")),
        "declared_total_yuan": table.declared_total,
        "readable_total_yuan": readable,
        "key_coverage_pct": coverage.quantize(Decimal("0.1")),
    }


def dtypes_of(contract: Contract, rules: Iterable[Rule]) -> dict[str, str]:
    """Return the columns that the rules read, each with the dtype it has in their view.

    The contract decides, never the values: a column of blanks, of numbers or of both is judged alike, so that
    a row's verdict does not hang on the rows beside it. Truth values stand as objects, None among them.
    """
    kinds = {column: kind for column, kind, *_ in contract.columns()}
    kinds |= {name: SQL_TYPES[field.type] for name, field in contract.fields.items()}
    kinds |= {name: SQL_TYPES[computed.type] for name, computed in contract.computed.items()}
    return {name: _DTYPES.get(kinds.get(name, "").partition("(")[0], "object") for name in sorted(columns_of(rules))}


def frame_of(rows: Iterable[Mapping[str, Any]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return the rules' view of typed rows: one column a name, ``row_no`` as the unnamed index.

    Amounts become floats here and only here: two amounts of two decimals compare as floats as they do
    as decimals, and nothing is summed.
    """
    import pandas as pd

    rows = list(rows)
    data = {
        name: pd.Series([_comparable(row.get(name)) for row in rows], dtype=dtype)
        for name, dtype in dtypes.items()
    }
    frame = pd.DataFrame(data)
    frame.index = pd.Index([row["row_no"] for row in rows])
    return frame


def judge(frame: pd.DataFrame, rules: Sequence[Rule]) -> list[tuple[Rule, list[int]]]:
    """Let Great Expectations judge every rule over the frame; return the failing row numbers of each.

    Raises:
        ConfigError: a rule was dropped or raised: a broken rule, not bad data.
    """
    views: dict[tuple[str, ...], pd.DataFrame] = {}
    for rule in rules:
        if missing := [name for name in rule.columns if name not in frame.columns]:
            raise ConfigError(f"rule {rule.rule_id} reads {missing[0]}, which is no column of the dataset")
        if rule.columns not in views:
            views[rule.columns] = frame[list(rule.columns)]
    return judge_views(views, rules)


def judge_views(
    views: Mapping[tuple[str, ...], pd.DataFrame], rules: Sequence[Rule]
) -> list[tuple[Rule, list[int]]]:
    """Do as :func:`judge` where the columns of each rule have a frame of their own.

    Raises:
        ConfigError: a rule was dropped or raised: a broken rule, not bad data.
    """
    if not rules:
        return []
    validator, batch_ids = _validator(views)
    by_configuration = [(rule, _configuration(rule, batch_ids[rule.columns])) for rule in rules]
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    try:
        results = validator.graph_validate([configuration for _, configuration in by_configuration])
    except (GreatExpectationsError, ValueError, TypeError) as error:  # an unknown type, a misspelt argument
        types = ", ".join(sorted({rule.type for rule in rules}))
        raise ConfigError(f"a rule of {types}: {error}", next_step="correct it in expectations/") from error
    finally:  # engine and validator refer to each other: the frames would stay until the garbage collector comes by
        validator.execution_engine.batch_manager.batch_data_cache.clear()
    if len(results) != len(rules):
        raise ConfigError("Great Expectations dropped a rule", next_step="check the suite's expectation types")
    verdicts = {_identity(result.expectation_config): result for result in results}
    return [(rule, _failing(rule, verdicts[_identity(configuration)])) for rule, configuration in by_configuration]


def _validator(views: Mapping[tuple[str, ...], pd.DataFrame]) -> tuple[Any, dict[tuple[str, ...], str]]:
    from great_expectations.execution_engine.pandas_execution_engine import (
        PandasExecutionEngine,
    )
    from great_expectations.validator.validator import Validator

    engine = PandasExecutionEngine()
    validator = Validator(execution_engine=engine, data_context=_context())
    batch_ids = {columns: "+".join(columns) for columns in views}
    for columns, view in views.items():
        engine.load_batch_data(batch_ids[columns], view)
    return validator, batch_ids


def _configuration(rule: Rule, batch_id: str) -> Any:
    from great_expectations.expectations.expectation_configuration import (
        ExpectationConfiguration,
    )

    return ExpectationConfiguration(
        type=rule.type,
        kwargs=rule.kwargs | {"batch_id": batch_id, "result_format": RESULT_FORMAT},
        meta={"rule_id": rule.rule_id},
    )


def _identity(configuration: Any) -> str:
    return str(configuration.meta["rule_id"])


def _failing(rule: Rule, result: Any) -> list[int]:
    raised = result.exception_info
    problems = [raised] if "raised_exception" in raised else list(raised.values())
    if any(problem.get("raised_exception") for problem in problems if isinstance(problem, dict)):
        raise ConfigError(f"rule {rule.rule_id} raised while judging", next_step="correct it in expectations/")
    if result.success:
        return []
    return [int(number) for number in result.result.get("unexpected_index_list") or ()]


@lru_cache(maxsize=1)
def _context() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types import base

    for name in ("great_expectations", base.__name__):  # the second sets a level of its own
        logging.getLogger(name).setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # a plain dict is documented
    return context


def _comparable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return float(value.toordinal())
    return value


def _plain(value: Any) -> str:
    return "" if value is None else f"{value:,}"
