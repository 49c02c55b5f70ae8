"""What a load held back, where operations look: in the task's label, its log and its output.

Counts by dataset and reporting unit, and the names of refused files; nothing personal.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xiezuo_airflow.families import Family

_LOG = logging.getLogger("xiezuo.ingest")

COUNTS = ("loaded", "refused", "gated", "rows_quarantined")


def shown(context: Any, report: dict[str, Any]) -> dict[str, Any]:
    """Log what a load held back and name the mapped task after its counts; return the load's report."""
    for line in report.get("held_back", ()):
        _LOG.warning(
            "%s %s %s: %d refused, %d held back by a gate, %d of %d rows in quarantine",
            line["county_code"],
            line["dataset"] or line["place"],
            line["reporting_unit"],
            line["refused"],
            line["gated"],
            line["rows_quarantined"],
            line["rows_read"],
        )
    for batch in report.get("batches", ()):
        for warning in batch.get("warnings_zh", ()):
            _LOG.warning("%s: %s", batch["uri"], warning)
    context["counts"] = label(report)
    return report


def label(report: Mapping[str, Any]) -> str:
    """Return what the mapped task is called in the grid: its group, and its counts that are not zero."""
    words = {"loaded": "装载 {}", "refused": "拒收 {}", "gated": "拦截 {}", "rows_quarantined": "隔离 {} 行"}
    said = [text.format(report[name]) for name, text in words.items() if report.get(name)]
    return f"{report['group']} {' · '.join(said) or '无可装载'}"


def added_up(instance: Any, family: Family) -> dict[str, Any]:
    """Add up, log and keep the counts of all groups; ``held_back`` lists what was held back, by dataset and unit.

    They are kept under ``counts`` as well, since a task that is skipped returns nothing.
    """
    # Asked for as a list: handed over as an argument, the result of a single group arrives unwrapped.
    counts = totals(report for report in instance.xcom_pull(task_ids=["group.load"]) if report)
    instance.xcom_push(key="counts", value=counts)
    _LOG.info("%s: %s", family.source, {name: counts[name] for name in COUNTS})
    if counts["refused"] or counts["gated"]:
        _LOG.warning(
            "%s: %d file(s) refused and %d held back: reasons are in audit.batch (owner %s)",
            family.source,
            counts["refused"],
            counts["gated"],
            family.owner,
        )
    return counts


def totals(reports: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Add the reports of all groups up."""
    found = list(reports)
    counts: dict[str, Any] = {name: sum(report.get(name, 0) for report in found) for name in COUNTS}
    counts["held_back"] = [line for report in found for line in report.get("held_back", ())]
    return counts
