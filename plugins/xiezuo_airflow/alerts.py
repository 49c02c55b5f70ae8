"""What operations are told, and when: a task that failed or a run that is late at once, all else after the build.

The notifier logs one line that says what failed, whose it is and what to do next, and hands the trouble to
:mod:`xiezuo.operations.alerts`, which knows whether it was told of already. Nobody being there to tell, or no way to
tell them, never fails a task.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier

from xiezuo.base.errors import XiezuoError

if TYPE_CHECKING:
    from xiezuo.base.settings import Settings

_LOG = logging.getLogger("xiezuo.alerts")


class ToOperations(BaseNotifier):
    """Tells operations that a task has failed for good (for ``on_failure_callback`` of any Dag here)."""

    def notify(self, context: Any) -> None:
        """Log one line, put the failure on record, send what is due."""
        said = line(context)
        _LOG.error("%s", said)
        instance = context["task_instance"]
        _pass_on(f"{instance.dag_id}:{instance.run_id}", _task(instance), _cause(context)[0], "任务失败", said)


def late(context: Any, *, by: str) -> None:
    """Tell operations that a run is not done ``by`` the time it was promised for (callback of a ``DeadlineAlert``).

    It is called by the executor, in a process of its own; ``context`` has the run and the deadline, no task.
    """
    dag_id, run_id = (str(context["dag_run"][name]) for name in ("dag_id", "dag_run_id"))
    reason = f"到 {by} 仍未完成(运行未中止，完成后照常计算)"
    said = f"到期未完成 source={source_of(dag_id)} run={run_id} 下一步=看该次运行停在哪个任务、日志最后几行"
    _LOG.error("%s", said)
    _pass_on(f"{dag_id}:{run_id}", "deadline", reason, "运行到期未完成", said)


def report(settings: Settings, run_id: str) -> dict[str, Any]:
    """Look for everything that is wrong now and tell whom it concerns; counts for XCom, no personal data."""
    from dataclasses import asdict

    from xiezuo.operations.runs import recorded
    from xiezuo.operations.troubles import report as find_and_send

    try:
        with recorded(settings, run_id, "alerts"):
            sent = asdict(find_and_send(settings))
    except Exception as error:  # noqa: BLE001  (figures are built; that telling of trouble failed must not undo it)
        reason = error.zh if isinstance(error, XiezuoError) else type(error).__name__
        _LOG.error("troubles could not be looked for or told: %s", reason)
        return {"failed": reason}
    _LOG.info("alerts: %s", sent)
    return sent


def run_name(context: Any) -> str:
    """Return the run's name in ``audit.run``: Dag and run, since names of runs repeat between Dags."""
    return f"{context['dag_run'].dag_id}:{context['dag_run'].run_id}"


def line(context: Any) -> str:
    """Word the alert. Only errors of our own are quoted: others may carry a row's values."""
    instance = context["task_instance"]
    reason, next_step = _cause(context)
    return (
        f"任务失败 source={source_of(instance.dag_id)} task={instance.dag_id}.{_task(instance)} "
        f"run={instance.run_id} owner={context['task'].owner} 原因={reason} "
        f"下一步={next_step or '看本任务日志最后几行，按 Dag 说明(Docs)中的处置步骤办理'}"
    )


def source_of(dag_id: str) -> str:
    """Return the source family of an ingest Dag, else the Dag's own name."""
    return dag_id.removeprefix("ingest_")


def _task(instance: Any) -> str:
    return f"{instance.task_id}[{instance.map_index}]" if instance.map_index >= 0 else str(instance.task_id)


def _cause(context: Any) -> tuple[str, str]:
    error = context.get("exception")
    cause = error if isinstance(error, XiezuoError) else getattr(error, "__cause__", None)
    if isinstance(cause, XiezuoError):
        return cause.zh, cause.next_step
    return (type(error).__name__ if error is not None else "任务被中止"), ""


def _pass_on(run: str, task: str, reason: str, title: str, said: str) -> None:
    """Record what happened and send what is due; without a warehouse, send it as it is."""
    from xiezuo.base.settings import Settings
    from xiezuo.operations.alerts import addressed, post
    from xiezuo.operations.runs import note_failure
    from xiezuo.operations.troubles import report as find_and_send
    from xiezuo.warehouse import access
    from xiezuo_airflow import surroundings

    try:
        try:
            settings = surroundings.settings()
        except Exception as error:  # noqa: BLE001  (where the warehouse is may be what the task failed for)
            _LOG.error("%s", error)
            settings = None
        environ = Settings.from_env().environ
        if settings is not None and access.answers(settings):
            note_failure(settings, run, task, reason)
            find_and_send(settings, ("run_failed", "source_down"))
        elif addressed(environ):
            post(environ, f"【协作数据】{title}，且数据仓库无响应", said, "error")
    except Exception as error:  # noqa: BLE001  (whatever it is, the task's own failure is what counts)
        _LOG.error("%s could not be passed on: %s", run, type(error).__name__)
