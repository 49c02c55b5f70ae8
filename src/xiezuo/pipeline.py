"""The road, joined up: what Dags and the command line call. Knows no Airflow; keeps no state of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg

from xiezuo import build as building
from xiezuo import fetch as fetching
from xiezuo import runs, schema, warehouse
from xiezuo.build import pending
from xiezuo.clock import SHANGHAI
from xiezuo.connections import fund_ledger, platform_connections
from xiezuo.counties import load_counties
from xiezuo.deliver import Delivered, Taker
from xiezuo.errors import ConfigError, XiezuoError
from xiezuo.landing import Landing
from xiezuo.operations import NO_COUNTY
from xiezuo.plan import SOURCES, Group, plan
from xiezuo.privacy import Privacy
from xiezuo.publish import summarise
from xiezuo.settings import Settings

__all__ = ["SOURCES", "Group", "build", "fetch", "load", "pending", "plan", "prepare", "run", "summarise"]

_log = logging.getLogger("xiezuo.pipeline")


def prepare(settings: Settings) -> None:
    """Bring the warehouse up and its schema up to date; quick when there is nothing to do."""
    settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    Privacy.of(settings)
    Landing(settings.landing_dir).sweep()
    schema.migrate(settings)


def connections(settings: Settings) -> fetching.Connections:
    """Return every source connection the environment names, by its id."""
    found: dict[str, Any] = {c.conn_id: c for c in platform_connections(settings.environ)}
    if (ledger := fund_ledger(settings.environ)) is not None:
        found[ledger.conn_id] = ledger
    return found


def fetch(
    settings: Settings, group: Group, known: fetching.Connections | None = None, *,
    since: date | None = None, run_id: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Fetch one group; see :func:`xiezuo.fetch.fetch`. Returns its name and what was landed.

    ``run_id`` is the run its line in ``audit.run`` belongs to; a new one where none is given.
    """
    start = None if since is None else datetime.combine(since, time(), SHANGHAI)
    with _recorded(settings, run_id, "fetch", group):
        landed = fetching.fetch(settings, group, connections(settings) if known is None else known, since=start)
    return {"group": group["group"], "landed": landed}


def load(settings: Settings, group: Mapping[str, Any], *, run_id: str | None = None) -> dict[str, Any]:
    """Load everything landed for the group and not yet loaded, one transaction a landing.

    A landing that fails for a reason of ours does not stop the others; the first such error is raised
    when all have been tried. Returns the batches, their number by state, the rows held back, and
    ``held_back``: what of it concerns which dataset and reporting unit.
    """
    with _recorded(settings, run_id, "load", group) as tally:
        batches, failures = _load_all(settings, group)
        tally.add_batches(batches)
        if failures:
            raise failures[0]
    states = [batch["state"] for batch in batches]
    return {
        "group": group["group"],
        "batches": batches,
        "loaded": states.count("loaded"),
        "refused": states.count("refused"),
        "gated": states.count("gated"),
        "rows_quarantined": sum(batch.get("rows_quarantined", 0) for batch in batches),
        "held_back": runs.held_back(batches),
    }


def build(settings: Settings, *, run_id: str | None = None) -> dict[str, int]:
    """Compute what the loads touched; see :func:`xiezuo.build.build`."""
    with runs.recorded(settings, run_id or runs.new_run_id(), "build") as tally:
        built = building.build(settings)
        tally.add(NO_COUNTY, periods_built=built["periods"])
    return built


def _load_all(settings: Settings, group: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[Exception]]:
    taker = Taker(settings)
    delivered: list[Delivered] = []
    failures: list[Exception] = []
    for landing in _landed(settings, group["group"]):
        try:
            delivered.append(_load_one(settings, taker, landing))
        except (ConfigError, psycopg.Error, OSError, ValueError) as error:
            _log.error("landing %s could not be loaded: %s", landing["landing_id"], type(error).__name__)
            failures.append(error)
    return [_brief(batch) for one in delivered for batch in one.batches], failures


def _recorded(
    settings: Settings, run_id: str | None, stage: str, group: Mapping[str, Any]
) -> AbstractContextManager[runs.Tally]:
    counties = {item["county_code"] for item in group["items"]}
    part, source = group["group"], group["source"]
    return runs.recorded(settings, run_id or runs.new_run_id(), stage, source=source, part=part, counties=counties)


def run(
    settings: Settings,
    *,
    county: str | None,
    first: date,
    last: date,
    sources: tuple[str, ...] = SOURCES,
) -> dict[str, Any]:
    """Walk all stages in this process: plan, fetch, load, build, summaries of the months asked for.

    A source that is down, or whose connection is wrong, is reported and the others go on; the caller
    turns ``down`` into an exit code.
    """
    prepare(settings)
    batches: list[dict[str, Any]] = []
    down: list[dict[str, Any]] = []
    known = connections(settings)
    run_id = runs.new_run_id()
    for source in sources:
        for group in plan(settings, source, groups=1, county=county):
            try:
                fetch(settings, group, known, since=first, run_id=run_id)
            except XiezuoError as error:
                _log.error("%s could not be fetched: %s", group["group"], error)
                down.append(
                    {
                        "group": group["group"],
                        "zh": error.zh,
                        "next_step": error.next_step,
                        "exit_code": error.exit_code,
                    }
                )
            batches += load(settings, group, run_id=run_id)["batches"]
    built = build(settings, run_id=run_id)
    files: list[str] = []
    for code in [county] if county else sorted(load_counties(settings.counties_path)):
        for period in periods_between(first, min(last, settings.now().date())):
            files += summarise(settings, code, period)
    return {"batches": batches, "down": down, "built": built, "files": files}


def periods_between(first: date, last: date) -> Iterator[str]:
    """Yield the months of a span and the years it reaches the end of or is cut short in: 2022-01, … 2022."""
    month = first.replace(day=1)
    while month <= last:
        yield f"{month:%Y-%m}"
        following = (month + timedelta(days=32)).replace(day=1)
        if following.year > month.year or following > last:
            yield f"{month:%Y}"
        month = following


def _load_one(settings: Settings, taker: Taker, landing: dict[str, Any]) -> Delivered:
    with warehouse.connect(settings) as connection:
        try:
            with connection.transaction():
                delivered = taker.take(connection, landing)
        except psycopg.DataError:  # a value no parser foresaw: the delivery is refused, not the run
            delivered = taker.refuse(connection, landing)
        connection.execute(
            "update audit.landing set state = 'done' where county_code = %s and landing_id = %s",
            (landing["county_code"], landing["landing_id"]),
        )
    return delivered


def _landed(settings: Settings, group: str) -> list[dict[str, Any]]:
    with warehouse.connect(settings) as connection:
        rows = connection.execute(
            "select to_jsonb(l) from audit.landing as l where state = 'landed' and group_id = %s"
            " order by county_code, uri, sha256",
            (group,),
        ).fetchall()
    return [row[0] for row in rows]


def _brief(batch: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a log or an XCom may show of a batch."""
    wanted = (
        "county_code", "batch_id", "dataset", "feed", "reporting_unit", "uri", "state", "refusal_code", "refusal_zh",
        "rows_read", "rows_loaded", "rows_unchanged", "rows_superseded", "rows_duplicate", "rows_quarantined",
        "rows_ignored",
    )  # fmt: skip
    return {name: batch[name] for name in wanted if name in batch}
