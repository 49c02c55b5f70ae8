"""Every morning: what has not arrived, what is wrong, and what need not be kept any longer."""

from __future__ import annotations

from typing import Any

from airflow.sdk import (
    CronTriggerTimetable,
    Param,
    dag,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException
from xiezuo_airflow.defaults import TIMEZONE, owner_links, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import OPERATIONS

DOC = page(
    title_zh="日常运维",
    title_en="Upkeep",
    does_zh=(
        "每天 06:30 检查各单位是否按时报送(约定见 `include/operations.yaml`)，汇总告警并发送"
        "(同一问题只发一条，解决后告知)，再清理超过保留期限的内容。指标及其明细从不清理。"
    ),
    does_en=(
        "Every day at 06:30: which deliveries are overdue (`include/operations.yaml`), alerts (one message a trouble, "
        "and one when it is gone), then removal of what is past its time. Figures and their rows are never removed."
    ),
    owner=OPERATIONS,
    steps_zh=(
        "`arrivals` 的输出列出逾期单位；约定有误时改 `include/operations.yaml`，次日生效。",
        "`alerts` 的输出说明哪个通知渠道失败；用 `xiezuo alerts test` 核对 XIEZUO_NOTIFY_URLS。",
        "`purge` 失败：清除(Clear)即可，重跑不会多删；先看 `xiezuo purge --dry-run`。",
    ),
    steps_en=(
        "`arrivals` returns who is overdue; what is wrong in the agreement is changed in `include/operations.yaml`.",
        "`alerts` returns which target failed; try `xiezuo alerts test` after changing XIEZUO_NOTIFY_URLS.",
        "`purge` failed: clear it, a re-run removes nothing more; `xiezuo purge --dry-run` shows what it would.",
    ),
)


@dag(
    dag_id="upkeep",
    dag_display_name="日常运维 upkeep",
    description="到报检查、告警、清理 / arrivals, alerts, purge",
    schedule=CronTriggerTimetable("30 6 * * *", timezone=TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(OPERATIONS),
    owner_links=owner_links(OPERATIONS),
    params={
        "dry_run": Param(
            False,  # noqa: FBT003  (its value, not a switch of a function)
            type="boolean",
            title="仅列出",
            description="purge 只列出、不删除 / purge only lists what it would remove",
        ),
    },
    tags=["xiezuo", "upkeep"],
    doc_md=DOC,
)
def upkeep() -> None:
    """Declare the Dag."""

    @task
    def arrivals() -> list[dict[str, Any]]:
        """Return which deliveries are overdue."""
        from xiezuo_airflow.upkeep import overdue

        return overdue()

    @task(trigger_rule="all_done", multiple_outputs=False)
    def alerts() -> dict[str, Any]:
        """Tell operations what is wrong."""
        from xiezuo_airflow.alerts import report, run_name
        from xiezuo_airflow.surroundings import settings

        return report(settings(), run_name(get_current_context()))

    @task(trigger_rule="all_done", multiple_outputs=False)
    def purge() -> dict[str, Any]:
        """Remove what is past its time; counts are returned."""
        from xiezuo_airflow.upkeep import remove

        return remove(get_current_context())

    @task(trigger_rule="one_failed", retries=0, on_failure_callback=None)
    def watch() -> None:
        """Make the run end failed when any task failed, although a later one succeeded."""
        raise AirflowFailException("a task of this run failed: see the tasks above")

    looked, told, removed = arrivals(), alerts(), purge()
    looked >> told >> removed
    [looked, told, removed] >> watch()


upkeep()
