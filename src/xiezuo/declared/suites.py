"""Expectation suites: rules the office can read, kept as YAML in ``expectations/``.

``<dataset>.rows.yaml`` holds row rules (a row that breaks one goes to quarantine),
``<dataset>.gate.yaml`` gate rules over one row of facts about the whole delivery. A rule of severity ``warning``
holds nothing back: what breaks it is told and goes on (docs/decisions/0054-what-rules-said.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from xiezuo.base.errors import ConfigError

CRITICAL, WARNING = "critical", "warning"
"""The severities of Great Expectations that a rule may have; its third, ``info``, would be read by nobody."""

_TOLD_ROWS = 10

ROW_BY_ROW = frozenset({
    "expect_column_pair_values_a_to_be_greater_than_b",
    "expect_column_pair_values_to_be_equal",
    "expect_column_pair_values_to_be_in_set",
    "expect_column_value_lengths_to_be_between",
    "expect_column_value_lengths_to_equal",
    "expect_column_values_to_be_between",
    "expect_column_values_to_be_dateutil_parseable",
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_be_json_parseable",
    "expect_column_values_to_be_null",
    "expect_column_values_to_match_json_schema",
    "expect_column_values_to_match_regex",
    "expect_column_values_to_match_regex_list",
    "expect_column_values_to_match_strftime_format",
    "expect_column_values_to_not_be_in_set",
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_not_match_regex",
    "expect_column_values_to_not_match_regex_list",
    "expect_multicolumn_sum_to_equal",
    "expect_select_column_values_to_be_unique_within_record",
})  # fmt: skip
"""Expectations that judge a row by its own values alone; all others are taken to look at other rows as well."""


@dataclass(frozen=True)
class Rule:
    """One expectation: a stock Great Expectations type, its arguments, and what to say when it fails."""

    rule_id: str
    type: str
    kwargs: dict[str, Any]
    zh: str
    en: str
    column: str
    severity: str = CRITICAL

    @property
    def holds(self) -> bool:
        """Whether what breaks the rule is held back."""
        return self.severity == CRITICAL

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule reads."""
        single = (self.kwargs[k] for k in ("column", "column_A", "column_B") if k in self.kwargs)
        judged_when = self.kwargs.get("row_condition", {}).get("column", {}).values()  # by which rows a rule holds for
        return tuple(sorted({*single, *judged_when, *self.kwargs.get("column_list", ())}))

    @property
    def is_row_by_row(self) -> bool:
        """Whether a row's verdict is the same whatever rows are judged beside it.

        Not so where an expectation looks for repeats or an order, nor where a share of rows may fail.
        """
        return self.type in ROW_BY_ROW and self.kwargs.get("mostly", 1) == 1


@dataclass(frozen=True)
class Verdict:
    """What a rule of a suite said of a table: of how many rows it was asked, and which broke it.

    A gate rule is asked of a delivery, which is 1. ``said`` is what the owner reads where something broke it.
    """

    rule: Rule
    suite: str
    evaluated: int
    failed: Sequence[int]
    said: str

    def of_rows(self, numbers: Collection[int], evaluated: int) -> Verdict:
        """Return what it said of some of the rows, as many as were ``evaluated`` of them."""
        return replace(
            self, evaluated=evaluated, failed=[number for number in self.failed if number in numbers]
        )

    def without(self, numbers: Collection[int]) -> Verdict:
        """Return what it said of the other rows."""
        return replace(self, failed=[number for number in self.failed if number not in numbers])

    def warning(self) -> str | None:
        """Return what its owner is told of rows, or of a delivery, that were not held back; None where nothing is."""
        if self.rule.holds or not self.failed:
            return None
        if self.suite == "gate":
            return f"{self.said}（未拦截）"
        first = "、".join(map(str, sorted(self.failed)[:_TOLD_ROWS]))
        more = f"等 {len(self.failed)} 行" if len(self.failed) > _TOLD_ROWS else "行"
        return f"第 {first} {more}{self.said}，请核对（未隔离）"


def columns_of(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the columns that a frame must have for the rules to be judged."""
    return frozenset(name for rule in rules for name in rule.columns)


def load_rules(root: Path, dataset: str, kind: str) -> tuple[Rule, ...]:
    """Read ``expectations/<dataset>.<kind>.yaml``, kind being ``rows`` or ``gate``.

    Raises:
        ConfigError: the suite is missing, or a rule lacks its name, its zh or its en text, or has a severity that
            nobody acts on.
    """
    return _load(root / "expectations" / f"{dataset}.{kind}.yaml")


@lru_cache(maxsize=128)
def _load(path: Path) -> tuple[Rule, ...]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"the suite {path.name} cannot be read", next_step="see CONTRIBUTING.md") from error
    rules = tuple(_rule(entry, path.name) for entry in document.get("expectations") or ())
    names = [rule.rule_id for rule in rules]
    if len(set(names)) != len(names):
        raise ConfigError(f"{path.name} names a rule twice")
    return rules


def _rule(entry: dict[str, Any], file: str) -> Rule:
    meta = entry.get("meta") or {}
    missing = [name for name in ("rule_id", "zh", "en") if not meta.get(name)]
    if missing or "type" not in entry:
        raise ConfigError(f"{file}: a rule of type {entry.get('type')} lacks {', '.join(missing) or 'its type'}")
    severity = entry.get("severity", CRITICAL)
    if severity not in (CRITICAL, WARNING):  # Great Expectations would log it and drop the rule
        raise ConfigError(f"{file}: rule {meta['rule_id']} is of severity {severity}, not of critical or warning")
    kwargs = dict(entry.get("kwargs") or {})
    column = meta.get("column") or kwargs.get("column") or kwargs.get("column_A") or ""
    return Rule(meta["rule_id"], entry["type"], kwargs, meta["zh"], meta["en"], column, severity)
