"""Every night: the warehouse in one file, tried by restoring it beside the warehouse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from xiezuo_airflow.defaults import TIMEZONE, owner_links, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import OPERATIONS

DOC = page(
    title_zh="每晚备份",
    title_en="Backup",
    does_zh=(
        "每晚 04:00 把仓库备份成一个文件，放入 XIEZUO_BACKUP_DIR，试恢复一次并核对，"
        "再删除最旧的(份数见 `include/operations.yaml`)。仓库本身不受影响，不必停任何任务。密钥不在备份内。"
        "恢复会替换整个仓库：先停 Airflow，再用 `xiezuo warehouse restore`，不由 Dag 执行。"
    ),
    does_en=(
        "Every night at 04:00: the warehouse in one file in XIEZUO_BACKUP_DIR, restored once beside the warehouse and "
        "compared, then the oldest go (`include/operations.yaml` says how many stay). The warehouse is not touched, "
        "and nothing has to stop. Keys are not in it. A restore replaces the warehouse, while nothing runs: it is a "
        "command, `xiezuo warehouse restore`, and no Dag."
    ),
    owner=OPERATIONS,
    steps_zh=(
        "失败：日志最后一行写明原因(目录、空间、账号不能建库)，处理后清除(Clear)。以前的备份仍在。",
        "试恢复失败：该文件不可依赖，请保留以前的备份并查明原因；手动核对用 `xiezuo warehouse restore --try 文件`。",
        "恢复的步骤见 docs/operations.zh-CN.md。",
    ),
    steps_en=(
        "It failed: the log's last line says why (folder, space, an account without createdb); clear it then.",
        "The try failed: do not count on that file; `xiezuo warehouse restore --try FILE` tries it again.",
        "How to restore: docs/operations.md.",
    ),
)


@dag(
    dag_id="backup",
    dag_display_name="每晚备份 backup",
    description="备份、试恢复、删除最旧的 / back up, try it, remove the oldest",
    schedule=CronTriggerTimetable("0 4 * * *", timezone=TIMEZONE),
    catchup=False,
    max_active_runs=1,
    # A year of many counties takes longer to write, and to restore, than a night's load does.
    default_args=task_defaults(OPERATIONS) | {"execution_timeout": timedelta(hours=12)},
    owner_links=owner_links(OPERATIONS),
    tags=["xiezuo", "backup"],
    doc_md=DOC,
)
def backup_dag() -> None:
    """Declare the Dag."""

    @task(multiple_outputs=False)
    def backup() -> dict[str, Any]:
        """Write it, try it, remove the oldest; return its name, size and digest."""
        from xiezuo_airflow.upkeep import back_up

        return back_up(get_current_context())

    backup()


backup_dag()
