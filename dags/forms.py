"""Prefilled ledgers for stations, on the first day of each month: those of the month that has just ended."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from xiezuo_airflow.defaults import COUNTY, MONTH, TIMEZONE, owner_links, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import OPERATIONS

DOC = page(
    title_zh="收表模板",
    title_en="Station workbooks",
    does_zh=(
        "每月 1 日 07:00 为尚未报送上月(季末为上季)台账的各单位生成收表模板：已报过的内容预先填好，写入各单位的目录 "
        "`<县>/units/<单位>/forms`。含个人信息，只发给填报单位；填好后放回收件箱。手动运行可指定月份和县。"
    ),
    does_en=(
        "On the first of each month, 07:00: the ledgers that units still owe for the month (or quarter) that ended, "
        "with what they reported filled in, in `<county>/units/<unit>/forms` of the output folder. They hold "
        "personal data. A manual run may name month and county."
    ),
    owner=OPERATIONS,
    steps_zh=(
        "清除(Clear)失败任务即可；重跑覆盖同名文件，数据未变则内容不变。",
        "发出后又收到新台账的：带参数 period 手动运行一次，把新模板发给该单位。",
    ),
    steps_en=(
        "Clear the failed task; a re-run writes the same files, unchanged when the data is.",
        "A newer ledger came in meanwhile: run it by hand with the parameter `period`, and hand out the new workbook.",
    ),
)


@dag(
    dag_id="forms",
    dag_display_name="收表模板 forms",
    description="生成预填的台账 / ledgers to fill in, what goes on filled in already",
    schedule=CronTriggerTimetable("0 7 1 * *", timezone=TIMEZONE),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(OPERATIONS),
    owner_links=owner_links(OPERATIONS),
    params={"period": MONTH, "county": COUNTY},
    tags=["xiezuo", "forms", "monthly"],
    doc_md=DOC,
)
def forms() -> None:
    """Declare the Dag."""

    @task
    def make() -> list[str]:
        """Write the workbooks of units that owe a ledger; their paths are returned."""
        from xiezuo_airflow.periods import write_forms

        return write_forms(get_current_context())

    make()


forms()
