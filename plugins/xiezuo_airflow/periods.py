"""Which period a summary run is for, what it computes and what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiezuo.base import clock
from xiezuo_airflow import alerts, surroundings
from xiezuo_airflow.lineage import note, note_build

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


def month_of(context: Any) -> str:
    """Return ``YYYY-MM``: the parameter, else the scheduled month, else the month before now."""
    from xiezuo.declared.close_calendar import previous_month

    return str(context["params"].get("period") or _scheduled(context, "%Y-%m") or "") or (
        previous_month(_today()).strftime("%Y-%m")
    )


def months_of(context: Any) -> list[str]:
    """Return the months from that of the run to the one its parameter ``until`` names, or that of the run alone."""
    from datetime import date

    from xiezuo.base.errors import ConfigError
    from xiezuo.pipeline import periods_between

    first = month_of(context)
    last = str(context["params"].get("until") or first)
    span = (date.fromisoformat(f"{each}-01") for each in (first, last))
    if months := [period for period in periods_between(*span) if len(period) == len(first)]:
        return months
    raise ConfigError(f"there is no month from {first} to {last}", next_step="`period` is the first of them")


def years_of(context: Any) -> list[str]:
    """Return the year of the run."""
    return [year_of(context)]


def year_of(context: Any) -> str:
    """Return ``YYYY``: the parameter, else the scheduled year, else the year before now."""
    return str(context["params"].get("period") or _scheduled(context, "%Y") or _today().year - 1)


def counties_of(context: Any, known: Any) -> list[str]:
    """Return the county the run was asked for, else every county of the installation."""
    asked = context["params"].get("county")
    return [str(asked)] if asked else list(known)


def build_figures(context: Any) -> dict[str, Any]:
    """Compute what loads touched, and tell who waits for figures which ones are ready; return the counts."""
    from xiezuo import pipeline
    from xiezuo_airflow.assets import FIGURES, tell
    from xiezuo_airflow.faults import no_retry_when_pointless

    with no_retry_when_pointless():
        built = pipeline.build(surroundings.settings(), run_id=alerts.run_name(context))
    note_build(built)
    ready = [(*one.split("/"), {}) for one in built["touched"]]
    return {name: built[name] for name in ("periods", "values")} | {"events": tell(context, FIGURES, ready)}


def write_summaries(context: Any, periods_of: Callable[[Any], list[str]]) -> list[str]:
    """Make sure that nothing is left to compute, then write the files of the periods; return their paths.

    Whoever waits for documents is told of each county's period of which there are any.
    """
    from xiezuo import pipeline
    from xiezuo.declared.counties import load_counties
    from xiezuo_airflow.assets import DOCUMENTS, tell
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings = surroundings.settings()
    build_figures(context)
    with no_retry_when_pointless():
        written = {
            (county, period): [str(path) for path in pipeline.summarise(settings, county, period)]
            for period in periods_of(context)
            for county in counties_of(context, load_counties(settings.counties_path))
        }
    note(
        read=[("figures", "/".join(of)) for of, paths in written.items() if paths],
        written=[("document", path) for paths in written.values() for path in paths],
    )
    tell(context, DOCUMENTS, [(*of, {"files": paths}) for of, paths in written.items() if paths])
    return [path for paths in written.values() for path in paths]


def write_forms(context: Any) -> list[str]:
    """Write the ledgers that units owe for the month asked for, else the month before now; return their paths."""
    from xiezuo.declared.close_calendar import previous_month
    from xiezuo.declared.counties import load_counties
    from xiezuo.operations.runs import recorded
    from xiezuo.publish.prefilled import make_forms
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings = surroundings.settings()
    period = str(context["params"].get("period") or previous_month(_today()).strftime("%Y-%m"))
    with no_retry_when_pointless(), recorded(settings, alerts.run_name(context), "publish"):
        return [
            str(one.path)
            for county in counties_of(context, load_counties(settings.counties_path))
            for one in make_forms(settings, county, period, only_missing=True)
        ]


def _scheduled(context: Any, form: str) -> str | None:
    """Return the period of a run the timetable made; a manual run's interval says nothing about a period."""
    start = context.get("data_interval_start")
    if start is None or context["dag_run"].run_type == "manual":
        return None
    return str(start.astimezone(clock.SHANGHAI).strftime(form))


def _today() -> date:
    return clock.now().date()
