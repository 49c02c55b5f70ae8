"""What the tasks of an ingest Dag do, as plain calls: the pipeline's stages with what Airflow knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from xiezuo_airflow.alerts import run_name
from xiezuo_airflow.counts import shown
from xiezuo_airflow.faults import no_retry_when_pointless
from xiezuo_airflow.lineage import note_load
from xiezuo_airflow.surroundings import settings

Group = dict[str, Any]


def planned(context: Any, source: str, groups: int) -> list[Group]:
    """Return the groups of what is new; files come in at most ``groups`` of them."""
    from xiezuo import pipeline

    county, run_id = context["params"].get("county"), run_name(context)
    with no_retry_when_pointless():
        return pipeline.plan(settings(), source, groups=groups, county=county, run_id=run_id)


def fetched(context: Any, group: Group) -> dict[str, Any]:
    """Fetch a group; one of which nothing waits to be loaded is skipped, and its load with it."""
    from xiezuo import pipeline

    since = context["params"].get("since")
    with no_retry_when_pointless():
        done = pipeline.fetch(
            settings(),
            group,
            since=date.fromisoformat(since) if since else None,
            run_id=run_name(context),
        )
    if not done["waiting"]:
        raise AirflowSkipException("nothing new: nothing to load")
    return done


def loaded(context: Any, group: Group) -> dict[str, Any]:
    """Load what has landed of a group; its counts become the task's label."""
    from xiezuo import pipeline

    with no_retry_when_pointless():
        report = pipeline.load(settings(), group, run_id=run_name(context))
    note_load(report)
    return shown(context, report)


def answered(context: Any) -> dict[str, Any]:
    """Write receipts and return workbooks of the files that came in; return how many."""
    from xiezuo import pipeline

    with no_retry_when_pointless():
        written = pipeline.receipts(settings(), context["params"].get("county"), run_id=run_name(context))
    return {name: written[name] for name in ("receipts", "returns", "told")}


def built_by(counts: Mapping[str, Any]) -> bool:
    """Whether there is anything to build: batches were loaded, or unchanged tables speak of further days."""
    from xiezuo import pipeline

    return bool(counts["loaded"]) or pipeline.pending(settings()) > 0
