"""The failure callback: one line that says what failed, whose it is and what to do next.

Every Dag uses it; a site that wants mail or a webhook adds a listener for the logger ``xiezuo.alerts``.
"""

from __future__ import annotations

import logging
from typing import Any

from xiezuo.errors import XiezuoError

_LOG = logging.getLogger("xiezuo.alerts")


def on_failure(context: Any) -> None:
    """Log one line for a task that has failed for good (Airflow's ``on_failure_callback``)."""
    _LOG.error("%s", line(context))


def line(context: Any) -> str:
    """Word the alert. Only errors of our own are quoted: others may carry a row's values."""
    instance = context["task_instance"]
    mapped = f"[{instance.map_index}]" if instance.map_index >= 0 else ""
    error = context.get("exception")
    cause = error if isinstance(error, XiezuoError) else getattr(error, "__cause__", None)
    if isinstance(cause, XiezuoError):
        reason, next_step = cause.zh, cause.next_step
    else:
        reason, next_step = type(error).__name__ if error is not None else "任务被中止", ""
    return (
        f"任务失败 source={source_of(instance.dag_id)} task={instance.dag_id}.{instance.task_id}{mapped} "
        f"run={instance.run_id} owner={context['task'].owner} 原因={reason} "
        f"下一步={next_step or '看本任务日志最后几行，按 Dag 说明(Docs)中的处置步骤办理'}"
    )


def source_of(dag_id: str) -> str:
    """Return the source family of an ingest Dag, else the Dag's own name."""
    return dag_id.removeprefix("ingest_")
