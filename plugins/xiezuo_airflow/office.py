"""What the Dag ``office`` does: an act of somebody's, under the name that Airflow recorded for the run."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from xiezuo_airflow import surroundings
from xiezuo_airflow.alerts import run_name
from xiezuo_airflow.periods import build_figures

if TYPE_CHECKING:
    from xiezuo.base.settings import Settings

LASTS = timedelta(days=1)
"""So long after it was asked for an act may be carried out."""
_LOG = logging.getLogger("xiezuo.office")


def carried_out(context: Any) -> str:
    """Do what was asked for and build what it touched; return what was done.

    The account is what the page wrote; the name is who Airflow says started the run. Both have to be of one person who
    may: whoever starts the Dag by other ways acts under his own name too, or not at all.
    """
    from xiezuo import pipeline
    from xiezuo.operations.acts import carry_out
    from xiezuo.operations.runs import recorded
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings, params = surroundings.settings(), context["params"]
    county = str(params.get("county") or "")
    with no_retry_when_pointless():
        by = _who(settings, context, county)
        _asked_for_now(settings, context, county)
    with no_retry_when_pointless(), recorded(settings, run_name(context), "office", lines=[(county, "")]) as tally:
        said = carry_out(settings, params["act"], county, _facts(params["facts"]), by)
        build_figures(context)
        pipeline.receipts(settings, county, run_id=run_name(context))
        tally.said[county, ""] = said
    _LOG.info("%s %s: %s", county, params["act"], said)
    return said


def _asked_for_now(settings: Settings, context: Any, county: str) -> None:
    """Refuse what was done already, or asked for long ago: who clears an old run is not the one who asked.

    Raises:
        ConfigError: it is not to be done.
    """
    from xiezuo.base.errors import ConfigError
    from xiezuo.operations.runs import state_of

    asked_at = context["dag_run"].run_after
    if state_of(settings, run_name(context), "office", county) == "done" or datetime.now(UTC) - asked_at > LASTS:
        raise ConfigError(
            f"{run_name(context)} was carried out, or asked for long ago",
            zh="该次办理已经完成，或提交已超过一天，不再重办", next_step="需要时由本人在页面重新提交",
        )  # fmt: skip


def _facts(text: str) -> dict[str, str]:
    """Return what was typed; anything else than texts by name is nothing."""
    told = json.loads(text)
    facts = told if isinstance(told, dict) else {}
    return {str(name): str(value).replace("\0", "") for name, value in facts.items()}


def _who(settings: Settings, context: Any, county: str) -> str:
    from xiezuo.base.errors import ConfigError
    from xiezuo.declared.counties import load_counties
    from xiezuo.declared.people import load_people

    known = load_counties(settings.counties_path)
    person = load_people(settings).of(str(context["params"].get("account") or ""))
    started_by = getattr(context["dag_run"], "triggering_user_name", None)
    may = person is not None and person.role != "viewer" and person.serves(county) and county in known
    if person is None or not may or person.name != started_by:
        raise ConfigError(
            f"a run started by {started_by} is nobody's act in {county}",
            zh="办理人未登记、无此权限，或与提交人不一致", next_step="请本人登录后在页面提交",
        )  # fmt: skip
    return person.name
