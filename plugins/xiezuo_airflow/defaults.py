"""What every task and Dag here has in common. Read from the environment once per parse; nothing else is."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from airflow.sdk import DeadlineAlert, DeadlineReference, Param, SyncCallback

from xiezuo_airflow.alerts import ToOperations, late

TIMEZONE = "Asia/Shanghai"
COUNTY = Param(
    None,
    type=["null", "string"],
    pattern="^[0-9]{6}$",
    title="县代码",
    description="留空 = 全部 / empty = every county",
)

MONTH = Param(
    None,
    type=["null", "string"],
    pattern="^[0-9]{4}-(0[1-9]|1[0-2])$",
    title="月份",
    description="YYYY-MM；留空 = 上月 / empty = the month before",
)


def task_defaults(owner: str) -> dict[str, Any]:
    """Return ``default_args``: owner, two retries that wait longer each time, and who is told of a failure.

    ``XIEZUO_RETRY_SECONDS`` is the first wait (120; the embedded one-off run waits a second or two, since
    somebody is looking at it).
    """
    return {
        "owner": owner,
        "retries": 2,
        "retry_delay": timedelta(seconds=float(os.environ.get("XIEZUO_RETRY_SECONDS") or 120)),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
        "execution_timeout": timedelta(hours=4),
        "on_failure_callback": ToOperations(),
    }


def promised(within: timedelta, by: str) -> DeadlineAlert:
    """Return that a run is done so long after it was queued; operations are told of one that is not.

    ``by`` says when that is, in the message. It is counted from when the run was queued, since one that somebody starts
    by hand has no logical date.
    """
    return DeadlineAlert(
        name=by,
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=within,
        callback=SyncCallback(late, kwargs={"by": by}),
    )


def owner_links(owner: str) -> dict[str, str]:
    """Return where the owner's name leads in Airflow's pages: what ``XIEZUO_OWNER_LINKS`` says, else to its Dags.

    The variable holds ``owner=URL`` divided by white space; a pair that is no link is left out, since Airflow would
    refuse the Dag for it.
    """
    told = dict(pair.split("=", 1) for pair in os.environ.get("XIEZUO_OWNER_LINKS", "").split() if "=" in pair)
    base = (os.environ.get("XIEZUO_BASE_URL") or os.environ.get("AIRFLOW__API__BASE_URL") or "").rstrip("/")
    link = told.get(owner) or f"{base}/dags?owners={quote(owner)}"
    parts = urlsplit(link)
    return {owner: link} if parts.scheme and (parts.netloc or (parts.scheme == "mailto" and parts.path)) else {}


def platform_pool() -> str:
    """Return the pool that tasks which load somebody else's system run in.

    A task in a pool that does not exist is never started and nothing fails, so the pool is only used where
    whoever set Airflow up says that it made one: ``XIEZUO_PLATFORM_POOL=xiezuo_platform``, after
    ``airflow pools set xiezuo_platform 4 "Sources of others"``. ``make run`` and ``make up`` do both.
    """
    return os.environ.get("XIEZUO_PLATFORM_POOL") or "default_pool"
