"""What the tasks of the Dags ``close`` and ``close_annual`` do: draft, say what is asked, act on the answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from xiezuo_airflow import surroundings
from xiezuo_airflow.lineage import note
from xiezuo_airflow.periods import build_figures, counties_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xiezuo.publish.release.records import Draft

APPROVE = "批准 Approve"
REJECT = "退回 Reject"
GOES_ON = frozenset({"signed", "refused", "superseded"})
"""After these somebody is asked again: for the next step, for the same one, or about what is so now."""

_LOG = logging.getLogger("xiezuo.publish.release")


def drafted(context: Any, period_of: Callable[[Any], str]) -> list[dict[str, Any]]:
    """Build what is left, draft the period of every county, and return what a person is asked about each.

    A county of which nothing waits (never built, or closed) is left out. Values travel as text for reading; what is
    frozen later is the draft in the warehouse that the digest names.
    """
    from xiezuo.declared.counties import load_counties
    from xiezuo.declared.people import load_people
    from xiezuo.publish.release.closing import answered_before, draft
    from xiezuo.publish.release.files import put_draft
    from xiezuo.publish.release.request import question
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings, period = surroundings.settings(), period_of(context)
    reason = str(context["params"].get("reason") or "")
    asked = []
    with no_retry_when_pointless():
        build_figures(context)
        for county in counties_of(context, load_counties(settings.counties_path)):
            made = draft(settings, county, period, reason)
            if made is not None:
                put_draft(settings, made)
                people, answers = load_people(settings), answered_before(settings, made)
                asked.append({"draft": _named(made), **question(settings, made, answers, people)})
    tell_who_signs(settings)
    return asked


def answered(context: Any, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Take the answer to the step that was asked; return what became of it, and tell who waits for releases.

    Who answered is the account that Airflow recorded; whether it may is decided in the warehouse's rules.
    """
    from xiezuo.publish.release import closing
    from xiezuo.publish.release.files import put_release
    from xiezuo_airflow.assets import RELEASES, tell
    from xiezuo_airflow.faults import no_retry_when_pointless

    settings, accepts = surroundings.settings(), APPROVE in answer["chosen_options"]
    of = _draft(settings, asked["draft"])
    reason = str((answer.get("params_input") or {}).get("reason") or "")
    with no_retry_when_pointless():
        outcome = closing.answer(
            settings, of, int(asked.get("step", 1)), _who(answer), accepts=accepts, reason=reason
        )
        if outcome.release is not None:
            paths = put_release(settings, outcome.release)
            name = f"{of.county_code}/{of.period}"
            note(read=[("figures", name)], written=[("release", name), *(("document", str(path)) for path in paths)])
            more = {"release_id": outcome.release.release_id, "head": outcome.release.head}
            tell(context, RELEASES, [(of.county_code, of.period, more)])
    if outcome.said:
        _LOG.warning("%s: %s", of.draft_id, outcome.said)
    if outcome.decision not in GOES_ON:
        tell_who_signs(settings)
    return {
        "decision": outcome.decision,
        "draft": of.draft_id,
        "release": outcome.release.release_id if outcome.release else None,
        "head": outcome.release.head if outcome.release else None,
        "newer": outcome.newer.draft_id if outcome.newer else None,
        "said": outcome.said,
    }


def tell_who_signs(settings: Any) -> None:
    """Tell whom a step waits for, and say so when nothing waits any more; that nobody can be told fails nothing."""
    from xiezuo.operations.troubles import report

    try:
        report(settings, ["signature_waiting"])
    except Exception as error:  # noqa: BLE001  (what is asked waits in the pages all the same)
        _LOG.error("whom a step waits for could not be told: %s", type(error).__name__)


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
    """Return the account that answered; '' when Airflow names none."""
    return str((answer.get("responded_by_user") or {}).get("id") or "")
