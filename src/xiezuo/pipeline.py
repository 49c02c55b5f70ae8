"""The road, joined up: what Dags and the command line call. Knows no Airflow; keeps no state of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.build import build as building
from xiezuo.build.build import pending
from xiezuo.build.spans import SinceOf
from xiezuo.declared import indicator_sets
from xiezuo.declared.counties import load_counties
from xiezuo.declared.operations import NO_COUNTY
from xiezuo.fetch import fetch as fetching
from xiezuo.fetch import plan as planning
from xiezuo.fetch.connections import connection_of, known
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.plan import SOURCES, Group, parts_of
from xiezuo.load.landings import load_landed
from xiezuo.operations import runs, words_waiting
from xiezuo.publish.forms.forms import fill_confirmed
from xiezuo.publish.receipts import write_receipts
from xiezuo.publish.summarise import summarise as summarising
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import schema

__all__ = ["SOURCES", "Group", "build", "fetch", "load", "pending", "plan", "prepare", "receipts", "run", "summarise"]

_log = logging.getLogger("xiezuo.pipeline")


def prepare(settings: Settings) -> None:
    """Bring the warehouse up and its schema up to date; quick when there is nothing to do."""
    settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    settings.inbox.mkdir(parents=True, exist_ok=True)
    Privacy.of(settings)
    Landing(settings.landing_dir).sweep()
    schema.migrate(settings)


def plan(
    settings: Settings, source: str, *, groups: int = 4, county: str | None = None, run_id: str | None = None
) -> list[Group]:
    """List what is to be fetched; see :func:`xiezuo.fetch.plan.plan`."""
    with runs.recorded(settings, run_id or runs.new_run_id(), "plan", source=source, part=source):
        return planning.plan(settings, source, groups=groups, county=county)


def fetch(
    settings: Settings, group: Group, connect: fetching.Connect | None = None, *,
    since: date | None = None, run_id: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Fetch one group; see :func:`xiezuo.fetch.fetch.fetch`. Returns its name and how many landings wait to be loaded.

    ``run_id`` is the run its lines in ``audit.run`` belong to, and whose next try fetches only what is
    missing; a new one where none is given. ``connect`` gives connections by id, by default those of
    the settings.
    """
    start = None if since is None else datetime.combine(since, time(), SHANGHAI)
    run = run_id or runs.new_run_id()
    ask = connect or partial(connection_of, connections=known(settings))
    with runs.recorded(settings, run, "fetch", source=group["source"], lines=parts_of(group)):
        Landing(settings.landing_dir).check_zone(group.get("zone"))
        waiting = fetching.fetch(settings, group, ask, since=start, run_id=run)
    return {"group": group["group"], "waiting": waiting}


def load(settings: Settings, group: Mapping[str, Any], *, run_id: str | None = None) -> dict[str, Any]:
    """Load everything landed for the group and not yet loaded, one transaction a landing.

    A landing that fails for a reason of ours does not stop the others; the first such error is raised
    when all have been tried (:mod:`xiezuo.load.landings`). Returns the batches, their number by state, the rows
    held back, ``held_back``: what of it concerns which dataset and reporting unit, and how many were ``warned`` of.
    """
    part, source = group["group"], group["source"]
    lines = [(item["county_code"], part) for item in group["items"]]
    with runs.recorded(settings, run_id or runs.new_run_id(), "load", source=source, part=part, lines=lines) as tally:
        Landing(settings.landing_dir).check_zone(group.get("zone"))
        whole, failures = load_landed(settings, sorted({part, *(own for _, own in parts_of(group))}))
        batches = [_brief(batch) for batch in whole]
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
        "warned": sum(bool(batch.get("warnings_zh")) for batch in batches),
    }


def build(settings: Settings, *, run_id: str | None = None, since_of: SinceOf | None = None) -> dict[str, Any]:
    """Compute what the loads touched; see :func:`xiezuo.build.build.build`; spans are those of indicator sets."""
    with runs.recorded(settings, run_id or runs.new_run_id(), "build") as tally:
        cumulates = any(one.since for one in indicator_sets.load_sets(settings.root))
        built = building.build(settings, since_of or (indicator_sets.since_of if cumulates else None))
        tally.add(NO_COUNTY, periods_built=built["periods"])
    return built


def receipts(
    settings: Settings, county: str | None = None, *, again: bool = False, run_id: str | None = None
) -> dict[str, Any]:
    """Answer the files that came in, and note which words their rows wait for; returns what was written.

    See :func:`xiezuo.publish.receipts.write_receipts` and :func:`xiezuo.operations.words_waiting.look`.
    """
    with runs.recorded(settings, run_id or runs.new_run_id(), "receipts"):
        written = write_receipts(settings, county, again=again)
        words_waiting.look(settings, county)
    files = [str(path) for path in (*written.receipts, *written.returns)]
    return {"receipts": len(written.receipts), "returns": len(written.returns), "told": written.told, "files": files}


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
    run_id = runs.new_run_id()
    for source in sources:
        for group in plan(settings, source, groups=1, county=county, run_id=run_id):
            try:
                fetch(settings, group, since=first, run_id=run_id)
            except XiezuoError as error:
                _log.info("%s could not be fetched: %s", group["group"], error)  # the caller says what is down
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
    answered = receipts(settings, county, run_id=run_id)
    files: list[str] = []
    for code in [county] if county else sorted(load_counties(settings.counties_path)):
        for period in periods_between(first, min(last, settings.now().date())):
            files += summarise(settings, code, period)
    return {"batches": batches, "down": down, "built": built, "files": files, "answered": answered}


def summarise(settings: Settings, county_code: str, period: str) -> list[str]:
    """Write a period's summary, its documents and every form the county has confirmed; return their paths.

    See :func:`xiezuo.publish.summarise.summarise` and :func:`xiezuo.publish.forms.forms.fill_confirmed`.
    """
    paths = summarising(settings, county_code, period)
    return [*paths, *fill_confirmed(settings, county_code, period)] if paths else paths


def periods_between(first: date, last: date) -> Iterator[str]:
    """Yield the months of a span and the years it reaches the end of or is cut short in: 2022-01, … 2022."""
    month = first.replace(day=1)
    while month <= last:
        yield f"{month:%Y-%m}"
        following = (month + timedelta(days=32)).replace(day=1)
        if following.year > month.year or following > last:
            yield f"{month:%Y}"
        month = following


def _brief(batch: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a log or an XCom may show of a batch."""
    wanted = (
        "county_code", "batch_id", "dataset", "feed", "reporting_unit", "uri", "state", "refusal_code", "refusal_zh",
        "rows_read", "rows_loaded", "rows_unchanged", "rows_superseded", "rows_duplicate", "rows_quarantined",
        "rows_ignored", "warnings_zh",
    )  # fmt: skip
    return {name: batch[name] for name in wanted if name in batch}
