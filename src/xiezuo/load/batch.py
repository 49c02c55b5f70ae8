"""What is known of a batch besides its rows."""


from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import Contract
from xiezuo.declared.suites import Verdict
from xiezuo.values.privacy import content_id


# Where a batch came from; its identifier follows from that alone.
@dataclass(frozen=True)
class Delivery:
    """Where a batch came from: a file's sheet, an API window or a database extract."""

    county_code: str
    source: str
    uri: str
    sha256: str
    file: str
    sheet: str
    version_tie: str | None  # None: each row's own digest orders rows of the same version

    def batch_id(self, dataset: str, feed: str) -> str:
        """Return the batch's identifier, which follows from what it is and never from when it came."""
        return content_id(self.county_code, dataset, feed, self.uri, self.sha256)


def months_held(
    contract: Contract, labels: Mapping[str, str], findings: Sequence[Finding], days: Mapping[int, date]
) -> dict[int, date]:
    """Return the first day of the month that each row held back counts in; none where the day itself is in doubt.

    ``days`` are those that could be read, ``labels`` the headers by field, as findings name them.
    """
    name = contract.touches
    if name is None:
        return {}
    told_by = {name, *(contract.computed[name].from_ if name in contract.computed else ())}
    said = told_by | {labels[n] for n in told_by if n in labels}
    said |= {contract.fields[n].zh[0] for n in told_by if n in contract.fields and contract.fields[n].zh}
    doubted = {found.row_no for found in findings if found.column in said}
    held = {found.row_no for found in findings} - doubted
    return {number: days[number].replace(day=1) for number in held if number in days}


@dataclass
class Account:
    """What is known of a batch when all of it is staged.

    ``delivery`` is ``snapshot`` or ``increment``; ``yuan_read`` is the sum over the rows whose amount could be
    read. ``typed`` holds the rows held back as they were typed, by row number; more than these do no harm. ``months``
    are the first days of the months these rows count in, of those whose day is known.
    ``repeated`` are the numbers of rows whose key may stand in the batch twice, at least all but one of those that
    share one; None where nobody has looked. Rows of ``outdated`` reporting units change nothing, since newer
    snapshots are current; one that ``asks`` must not contradict a row of the same date, nor say of a row that it is
    ``unchanged``, by its number, where something else is stored. ``verdicts`` are what its rules said of it.
    """

    version: datetime
    covers_to: date
    delivery: str
    rows_read: int
    rows_ignored: int = 0
    yuan_read: Decimal = Decimal(0)
    rows_amount_unreadable: int = 0
    warnings: Sequence[str] = ()
    reporting_unit: str = ""
    shape: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    typed: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    months: Mapping[int, date] = field(default_factory=dict)
    persons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    repeated: Collection[int] | None = None
    outdated: Sequence[str] = ()
    asks: bool = False
    unchanged: Collection[int] = ()
    verdicts: Sequence[Verdict] = ()


def warnings_of(verdicts: Iterable[Verdict]) -> list[str]:
    """Return what is told of rows, and of a delivery, that broke rules and were not held back.

    A row that breaks a warning and is held back by another rule is told of with that one.
    """
    said = list(verdicts)
    held = {number for one in said if one.suite == "rows" and one.rule.holds for number in one.failed}
    let_go = (one if one.suite == "gate" else one.without(held) for one in said)
    return [warning for one in let_go if (warning := one.warning()) is not None]


def lines_of(verdicts: Iterable[Verdict]) -> dict[str, list[Any]]:
    """Return the lines of ``audit.validation``, column by column: what rules said of several tables is added up."""
    evaluated, failed, rules = Counter[str](), Counter[str](), {}
    for one in verdicts:
        rules[one.rule.rule_id] = (one.suite, one.rule.severity)
        evaluated[one.rule.rule_id] += one.evaluated
        failed[one.rule.rule_id] += len(one.failed)
    return {
        "rule_ids": [*rules],
        "suites": [suite for suite, _ in rules.values()],
        "severities": [severity for _, severity in rules.values()],
        "evaluated": [evaluated[rule] for rule in rules],
        "failed": [failed[rule] for rule in rules],
    }
