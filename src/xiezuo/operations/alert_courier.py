"""Takes a message to whoever is on duty, through apprise: DingTalk, Feishu, WeCom, mail and many more.

``XIEZUO_NOTIFY_URLS`` holds apprise URLs, separated by white space. They are secret (a DingTalk or WeCom
URL is all that is needed to write into a group): no log, error or table names more than the service and
the position in the list.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VARIABLE = "XIEZUO_NOTIFY_URLS"


@dataclass(frozen=True)
class Outcome:
    """What became of a message at one target; ``target`` is safe to show: ``2 DingTalk``."""

    target: str
    taken: bool
    reason: str = ""


def addressed(environ: Mapping[str, str]) -> bool:
    """Whether anybody is to be told at all."""
    return bool(environ.get(VARIABLE, "").split())


def post(environ: Mapping[str, str], title: str, body: str, severity: str) -> list[Outcome]:
    """Hand one message to every target; a dead or misspelt one is told of and stops no other.

    ``severity`` is warning, error or resolved.
    """
    import apprise

    # apprise names URLs, tokens included, in what it logs.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    kind = {
        "error": apprise.NotifyType.FAILURE,
        "warning": apprise.NotifyType.WARNING,
        "resolved": apprise.NotifyType.SUCCESS,
    }[severity]
    found = []
    for number, url in enumerate(environ.get(VARIABLE, "").split(), 1):
        target = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if not isinstance(target, apprise.NotifyBase):
            found.append(Outcome(f"{number}", taken=False, reason="not a URL apprise understands"))
            continue
        found.append(_one(f"{number} {target.service_name}", target, title, body, kind))
    return found


def _one(name: str, target: Any, title: str, body: str, kind: Any) -> Outcome:
    try:
        taken = bool(target.notify(body=body, title=title, notify_type=kind))
    except Exception as error:  # noqa: BLE001  (whatever a plugin of a service raises, the others are told)
        return Outcome(name, taken=False, reason=type(error).__name__)
    return Outcome(name, taken=taken, reason="" if taken else "did not take it")
