"""What the Dag ``office`` does: an act of somebody's, under the name that Airflow recorded for the run."""

from __future__ import annotations

import json
import logging
from typing import Any

from xiezuo_airflow import surroundings
from xiezuo_airflow.alerts import run_name
from xiezuo_airflow.periods import build_figures

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
    with (
        no_retry_when_pointless(),
        recorded(settings, run_name(context), "office", lines=[(county, "")]) as tally,
    ):
        by = _who(settings, context, county)
        said = carry_out(settings, params["act"], county, json.loads(params["facts"]), by)
        build_figures(context)
        pipeline.receipts(settings, county, run_id=run_name(context))
        tally.said[county, ""] = said
    _LOG.info("%s %s: %s", county, params["act"], said)
    return said


def _who(settings: Any, context: Any, county: str) -> str:
    from xiezuo.base.errors import ConfigError
    from xiezuo.declared.people import load_people

    person = load_people(settings).of(str(context["params"].get("account") or ""))
    started_by = getattr(context["dag_run"], "triggering_user_name", None)
    if person is None or person.name != started_by or person.role == "viewer" or not person.serves(county):
        raise ConfigError(
            f"a run started by {started_by} is nobody's act in {county}",
            zh="办理人未登记、无此权限，或与提交人不一致", next_step="请本人登录后在页面提交",
        )  # fmt: skip
    return person.name
