"""What the Dags `upkeep` and `backup` do, as plain calls: each is one line in ``audit.run``."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from xiezuo_airflow import surroundings

_LOG = logging.getLogger("xiezuo.upkeep")


def overdue() -> list[dict[str, Any]]:
    """Return the deliveries that are overdue, and log each."""
    from xiezuo.operations.arrivals import missed
    from xiezuo_airflow.faults import no_retry_when_pointless

    with no_retry_when_pointless():
        found = missed(surroundings.settings())
    for one in found:
        _LOG.warning("%s %s", one.county_code, one.zh)
    return [{key: None if value is None else str(value) for key, value in asdict(one).items()} for one in found]


def remove(context: Any) -> dict[str, Any]:
    """Purge, as one recorded stage, and take back return workbooks whose time is over; return what went, in numbers."""
    from xiezuo import pipeline
    from xiezuo.operations.retention import purge
    from xiezuo.operations.runs import recorded
    from xiezuo_airflow.alerts import run_name
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings = surroundings.settings()
    with no_retry_when_pointless(), recorded(settings, run_name(context), "upkeep"):
        done = purge(settings, dry_run=bool(context["params"].get("dry_run")))
        if not done["dry_run"]:
            pipeline.receipts(settings, run_id=run_name(context))
    removed = [{**line, "kept_from": line["kept_from"] and str(line["kept_from"])} for line in done["removed"]]
    _LOG.info("removed: %s", removed)
    return {"removed": removed, "dry_run": done["dry_run"]}


def back_up(context: Any) -> dict[str, Any]:
    """Write the night's backup and try it, as one recorded stage; return its file, size and digest, and what went."""
    from xiezuo.base.settings import Settings
    from xiezuo.operations.nightly_backup import nightly_backup
    from xiezuo.operations.runs import recorded
    from xiezuo_airflow.alerts import run_name
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings = Settings.from_env()
    with no_retry_when_pointless(), recorded(settings, run_name(context), "backup"):
        done = nightly_backup(settings)
    _LOG.info("backed up: %s", done)
    return done
