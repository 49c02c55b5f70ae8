"""Stage three for many deliveries at once: one call to Great Expectations a dataset, and one for all gates.

A call costs as much for ten rows as for ten thousand, and small files come by the hundred. What is said of a row
or of a delivery is what would be said of it alone (docs/decisions/0019-one-judgement-for-many-files.md).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from xiezuo.base.errors import ConfigError, GateClosed
from xiezuo.conform.conform import Conformed
from xiezuo.conform.intake import Part, Taken
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.suites import Rule, load_rules
from xiezuo.validate.validate import (
    NUMBER,
    dtypes_of,
    frame_of,
    gate_facts,
    judge,
    note_gate,
    note_rows,
    validate_gate,
    validate_rows,
)

_log = logging.getLogger("xiezuo.validate.deliveries")

Said = TypeVar("Said")
Failed = list[tuple[Rule, list[int]]]


def judge_all(root: Path, taken: Iterable[Taken]) -> None:
    """Judge whatever was read of some landings: files by their gate rules, then all that is left row by row.

    What comes of it is written into the parts: their ``findings``, or the ``error`` that keeps them out.
    """
    parts = [(one.landing["kind"], part) for one in taken for part in one.parts]
    _close_gates(root, [part for kind, part in parts if kind == "file" and part.tables])
    passed = sorted((part for _, part in parts if part.error is None), key=lambda part: part.contract.dataset)
    for dataset, group in groupby(passed, key=lambda part: part.contract.dataset):
        _judge_rows(root, dataset, list(group))


def validate_tables(tables: Sequence[Conformed], rules: Sequence[Rule]) -> list[list[Finding] | Exception]:
    """Return for each table of a dataset what :func:`xiezuo.validate.validate.validate_rows` returns or raises."""

    def together() -> list[list[Finding]]:
        rows = [table.rows for table in tables]
        dtypes = dtypes_of(tables[0].contract, rules)
        failed = judge_together(rows, rules, dtypes)
        return [note_rows(table, own) for own, table in zip(failed, tables, strict=True)]

    return _or_alone(together, lambda table: validate_rows(table, rules), tables)


def validate_gates(
    tables: Sequence[Conformed], rules: Sequence[Sequence[Rule]]
) -> list[GateClosed | Exception | None]:
    """Return for each table, with the gate rules of its dataset, what ``validate_gate`` raises.

    The tables may be of different datasets: what gates ask is asked of all of them, each question once.
    """

    def together() -> list[GateClosed | None]:
        facts = [gate_facts(table) for table in tables]
        asked = {_question(rule): replace(rule, rule_id=_question(rule)) for own in rules for rule in own}
        dtypes = dict.fromkeys(facts[0], NUMBER)
        failed = judge_together([[known | {"row_no": 1}] for known in facts], [*asked.values()], dtypes)
        return [_gate(*one) for one in zip(tables, facts, rules, failed, strict=True)]

    def alone(one: tuple[Conformed, Sequence[Rule]]) -> GateClosed | None:
        try:
            validate_gate(*one)
        except GateClosed as closed:
            return closed
        return None

    return _or_alone(together, alone, list(zip(tables, rules, strict=True)))


def judge_together(
    tables: Sequence[Sequence[Mapping[str, Any]]], rules: Sequence[Rule], dtypes: Mapping[str, str]
) -> list[Failed]:
    """Return for each table of typed rows the numbers of the rows that break each rule.

    Rules that look at more than the row they judge are judged table by table.

    Raises:
        ConfigError: a rule is broken.
    """
    rows = [row for table in tables for row in table]
    homes = [home for home, table in enumerate(tables) for _ in table]
    found: list[dict[str, list[int]]] = [{} for _ in tables]
    if rows:
        by_place = frame_of(rows, dtypes).reset_index(drop=True)
        for rule, places in judge(by_place, [rule for rule in rules if rule.is_row_by_row]):
            for place in places:
                found[homes[place]].setdefault(rule.rule_id, []).append(rows[place]["row_no"])
    apart = [rule for rule in rules if not rule.is_row_by_row]
    for home, table in enumerate(tables):
        if apart and table:
            found[home] |= {rule.rule_id: numbers for rule, numbers in judge(frame_of(table, dtypes), apart)}
    return [[(rule, own.get(rule.rule_id, [])) for rule in rules] for own in found]


def _close_gates(root: Path, parts: Sequence[Part]) -> None:
    """Find the first sheet of each part that its gate holds back: it speaks for the part."""
    judged: list[tuple[Part, Conformed, Sequence[Rule]]] = []
    for part in parts:
        try:
            rules = load_rules(root, part.contract.dataset, "gate")
        except ConfigError as broken:
            part.error = broken
            continue
        judged += [(part, table, rules) for table in part.tables]
    if not judged:
        return
    verdicts = validate_gates([table for _, table, _ in judged], [rules for *_, rules in judged])
    for (part, *_), verdict in reversed(list(zip(judged, verdicts, strict=True))):
        part.error = verdict or part.error


def _judge_rows(root: Path, dataset: str, parts: Sequence[Part]) -> None:
    try:
        rules = load_rules(root, dataset, "rows")
    except ConfigError as broken:
        for part in parts:
            part.error = broken
        return
    verdicts = iter(validate_tables([table for part in parts for table in part.tables], rules))
    for part in parts:
        for table, verdict in zip(part.tables, verdicts, strict=False):
            if isinstance(verdict, Exception):
                part.error = part.error or verdict
            else:
                part.findings.append([*table.findings, *verdict])


def _or_alone(
    together: Callable[[], Sequence[Said]], alone: Callable[[Any], Said], judged: Sequence[Any]
) -> list[Said | Exception]:
    """Return the verdicts of one call; should that fail, of a call for each, so that only what is at fault fails."""
    try:
        return list(together())
    except Exception as error:  # noqa: BLE001  (each is judged again, and whatever fails then is returned)
        _log.warning("%d deliveries are judged one by one: %s", len(judged), type(error).__name__)
    return [_outcome(alone, one) for one in judged]


def _outcome(alone: Callable[[Any], Said], judged: Any) -> Said | Exception:
    try:
        return alone(judged)
    except Exception as error:  # noqa: BLE001  (raised by Taker.load, when the turn of its landing comes)
        return error


def _question(rule: Rule) -> str:
    return json.dumps([rule.type, rule.kwargs], sort_keys=True, default=str)


def _gate(
    table: Conformed, facts: Mapping[str, Any], rules: Sequence[Rule], failed: Failed
) -> GateClosed | None:
    """Note what a dataset's own rules said, and return the error of the first that holds the table back."""
    broken = {rule.rule_id: numbers for rule, numbers in failed}
    return note_gate(table, [(rule, broken[_question(rule)]) for rule in rules], facts)
