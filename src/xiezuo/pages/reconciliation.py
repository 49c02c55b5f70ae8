"""对账: figures that should agree, those that do not first, with what people said to each."""

from __future__ import annotations

from xiezuo.operations.findings import listed
from xiezuo.pages.asked import Asked, Shown


def reconciliation(asked: Asked) -> Shown:
    """Show what checks found of a county, then those that hold."""
    county = asked.county
    findings = listed(asked.settings, county)
    order = {"differs": 0, "warns": 1}
    holding = asked.rows("pages/holding", county_code=county)
    return Shown(
        "reconciliation.html",
        {
            "county": asked.counties[county],
            "findings": sorted(findings, key=lambda one: (one["answer_zh"] is not None, order[one["status"]])),
            "holding": holding,
        },
    )
