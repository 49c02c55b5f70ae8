"""Three invented people who may close a period, and what they do."""

from __future__ import annotations

from typing import Any

from xiezuo.base.settings import Settings
from xiezuo.declared.people import STEPS, Person, load_people
from xiezuo.operations import accounts
from xiezuo.publish.release import closing

CLERK, HEAD, LEADER = "banshi", "zhuren", "fenguan"
NAMES = {CLERK: "张送审", HEAD: "李审核", LEADER: "王审定"}


def name_people(settings: Settings) -> None:
    """Name the three, once."""
    known = load_people(settings)
    for account, step in zip(NAMES, STEPS, strict=True):
        if known.of(account) is None:
            accounts.add(settings, Person(account=account, name=NAMES[account], role=step.role))


def signed_by_all(settings: Settings, draft: Any) -> closing.Outcome:
    """Let the three sign a draft one after the other; return what became of the last answer, or of one that ends it."""
    name_people(settings)
    for step, account in enumerate(NAMES, start=1):
        outcome = closing.answer(settings, draft, step, account, accepts=True)
        if outcome.decision != "signed":
            break
    return outcome


def sent_back(settings: Settings, draft: Any, reason: str) -> closing.Outcome:
    """Let the clerk send a draft back."""
    name_people(settings)
    return closing.answer(settings, draft, 1, CLERK, accepts=False, reason=reason)
