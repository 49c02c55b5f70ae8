"""What the tasks of the Dags ``close`` and ``close_annual`` do: draft, say what is asked, act on the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiezuo_airflow.alerts import run_name
from xiezuo_airflow.periods import counties_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xiezuo.publish.release.records import Draft

APPROVE = "批准 Approve"
REJECT = "退回 Reject"


def drafted(context: Any, period_of: Callable[[Any], str]) -> list[dict[str, Any]]:
    """Build what is left, draft the period of every county, and return what a person is asked about each.

    A county of which nothing waits (never built, or closed) is left out. Values travel as text for reading; what is
    frozen later is the draft in the warehouse that the digest names.
    """
    from xiezuo import pipeline
    from xiezuo.base.settings import Settings
    from xiezuo.declared.counties import load_counties
    from xiezuo.publish.release.closing import draft
    from xiezuo.publish.release.files import put_draft
    from xiezuo.publish.release.request import question
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings, period = Settings.from_env(), period_of(context)
    reason = str(context["params"].get("reason") or "")
    asked = []
    with no_retry_when_pointless():
        pipeline.build(settings, run_id=run_name(context))
        for county in counties_of(context, load_counties(settings.counties_path)):
            made = draft(settings, county, period, reason)
            if made is not None:
                put_draft(settings, made)
                asked.append({"draft": _named(made), **question(settings, made)})
    return asked


def answered(asked: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Approve or reject the draft that was shown; return what became of it.

    A rejection without a reason is refused: clear the task ``ask`` to be asked again.
    """
    from xiezuo.base.settings import Settings
    from xiezuo.publish.release.closing import approve, reject
    from xiezuo.publish.release.files import put_release
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings, by = Settings.from_env(), _who(answer)
    of = _draft(settings, asked["draft"])
    with no_retry_when_pointless():
        if APPROVE in answer["chosen_options"]:
            outcome = approve(settings, of, by)
        else:
            outcome = reject(settings, of, by, str((answer.get("params_input") or {}).get("reason") or ""))
        if outcome.release is not None:
            put_release(settings, outcome.release)
    return {
        "decision": outcome.decision,
        "draft": of.draft_id,
        "release": outcome.release.release_id if outcome.release else None,
        "head": outcome.release.head if outcome.release else None,
        "newer": outcome.newer.draft_id if outcome.newer else None,
    }


def _named(draft: Draft) -> dict[str, Any]:
    names = ("county_code", "period", "draft_no", "digest")
    return {name: getattr(draft, name) for name in names}


def _draft(settings: Any, named: Mapping[str, Any]) -> Draft:
    """Return the draft that was shown, which its digest has to name still."""
    from xiezuo.base.errors import ConfigError
    from xiezuo.publish.release.records import draft_of
    from xiezuo.warehouse import access

    with access.connect(settings) as connection:
        found = draft_of(connection, settings, named["county_code"], named["period"], int(named["draft_no"]))
    if found.digest != named["digest"]:
        raise ConfigError(f"{found.draft_id} is not the draft that was shown", zh="待审稿与送审时不一致")
    return found


def _who(answer: Mapping[str, Any]) -> str:
    """Return who answered, by the name that Airflow knows."""
    user = answer.get("responded_by_user") or {}
    return str(user.get("name") or user.get("id") or "")
