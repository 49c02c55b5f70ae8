"""规则: how often each rule was asked of what came in, and how often it was broken; with rows that broke it."""

from __future__ import annotations

from typing import Any

from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.suites import Rule, load_rules
from xiezuo.operations import validation
from xiezuo.pages.asked import PAGE_ROWS, Asked, NotFound, Shown, page_of
from xiezuo.pages.batches import ROW_STATES, SEVERITIES, plain

SUITES = {"rows": ("逐行", "each row", "行", "rows"), "gate": ("整份", "the delivery", "份", "deliveries")}
"""What a rule is asked of, and how that is counted."""
_EXAMPLES = 20


def rules(asked: Asked) -> Shown:
    """List the rules by dataset, what was broken most often first; of one month, or of all together."""
    county, codes = _counties(asked)
    contracts = load_contracts(asked.settings.root)
    months = validation.months(asked.settings, codes)
    month, dataset = asked.query.get("month", ""), asked.query.get("dataset", "")
    if county is None and month not in months:  # of many counties one month at a time: all of them take too long
        month = months[0] if months else ""
    named = asked.query.get("q", "").strip()
    said = validation.by_month(asked.settings, codes, month=month, dataset=dataset)
    wanted = [row for row in said if named.lower() in f"{row['rule_id']} {row['zh']} {row['en']}".lower()]
    lines = sorted(_together(wanted), key=lambda row: (-(row["share"] or 0), -row["evaluated"], row["rule_id"]))
    shown, following = page_of(lines[asked.after : asked.after + PAGE_ROWS + 1], asked.after)
    for row in shown:
        rule, suite = _rule(asked, row["dataset"], row["rule_id"])
        contract = contracts.get(row["dataset"])
        row |= {
            "suite": suite, "ledger": contract.zh if contract else row["dataset"], "is_kept": rule is not None,
            "zh": plain(row["zh"]) or row["rule_id"], "en": row["en"] or row["rule_id"],
        }  # fmt: skip
    return Shown(
        "rules.html",
        {
            "lines": shown, "next": following, "months": months, "month": month, "dataset": dataset, "named": named,
            "datasets": {name: contract.zh for name, contract in contracts.items()},
            "county": county, "severities": SEVERITIES, "suites": SUITES, "count": len(lines),
        },
    )  # fmt: skip


def rule(asked: Asked) -> Shown:
    """Show one rule: what it asks, how it went month by month, and the latest rows it held back."""
    (county, codes), dataset, rule_id = _counties(asked), asked.path["dataset"], asked.path["rule_id"]
    contracts = load_contracts(asked.settings.root)
    found, suite = _rule(asked, dataset, rule_id)
    said = validation.by_month(asked.settings, codes, dataset=dataset, rule_id=rule_id)
    examples = validation.examples(asked.settings, dataset, rule_id, codes, limit=_EXAMPLES)
    if dataset not in contracts or not (found or said or examples):
        raise NotFound(f"no rule {rule_id!r} of {dataset!r}", zh=f"没有规则“{rule_id}”的记录")
    return Shown(
        "rule.html",
        {
            "rule": found, "title": plain(found.zh) if found else rule_id, "rule_id": rule_id,
            "dataset": dataset, "ledger": contracts[dataset], "suite": suite,
            "months": said, "examples": examples, "county": county,
            "suites": SUITES, "severities": SEVERITIES, "row_states": ROW_STATES, "most": _EXAMPLES,
        },
    )  # fmt: skip


def _counties(asked: Asked) -> tuple[str | None, list[str]]:
    """Return the county asked for, None where several are looked at together; and all that are looked at."""
    county = asked.county_or_none
    return county, list(asked.counties) if county is None else [county]


def _together(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add up the months of each rule."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in said:
        own = found.setdefault(
            (row["dataset"], row["rule_id"], row["severity"]), row | {"batches": 0, "evaluated": 0, "failed": 0}
        )
        for count in ("batches", "evaluated", "failed"):
            own[count] += row[count]
    for own in found.values():
        own["share"] = own["failed"] / own["evaluated"] if own["evaluated"] else None
    return list(found.values())


def _rule(asked: Asked, dataset: str, rule_id: str) -> tuple[Rule | None, str]:
    """Return a rule as its suite has it now, and which suite: of the rows where none has it."""
    if dataset in load_contracts(asked.settings.root):
        for suite in SUITES:
            for one in load_rules(asked.settings.root, dataset, suite):
                if one.rule_id == rule_id:
                    return one, suite
    return None, "rows"
