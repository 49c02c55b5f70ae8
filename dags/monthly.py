"""The monthly summary, on the third working day of the next month."""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task
from xiezuo_airflow.assets import DOCUMENTS, FIGURES, alias_of
from xiezuo_airflow.defaults import COUNTY, MONTH, owner_links, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import OPERATIONS
from xiezuo_airflow.timetables import MonthClosing

DOC = page(
    title_zh="月度汇总",
    title_en="Monthly summary",
    does_zh=(
        "每月第三个工作日 08:00(按 `include/close_calendar.yaml` 的放假调休安排)汇总上月，"
        "在输出目录生成 `summary.json` 和 `summary.xlsx`。手动运行可指定月份(或起止月份)和县。"
    ),
    does_en=(
        "Third working day, 08:00, by `include/close_calendar.yaml`: the month before, as `summary.json` and "
        "`summary.xlsx` in the output folder. A manual run may name the month, or the first "
        "and the last of several, and the county."
    ),
    owner=OPERATIONS,
    steps_zh=(
        "清除(Clear)失败任务即可；同月重跑覆盖同名文件，数据未变则内容不变。",
        "数据后补：等 `build` 完成后，带参数 period 手动运行一次。",
    ),
    steps_en=(
        "Clear the failed task; a re-run of a month writes the same files, unchanged when the data is.",
        "Data arrived late: after `build` has finished, run it by hand with the parameter `period`.",
    ),
)


@dag(
    dag_id="monthly_summary",
    dag_display_name="月度汇总 monthly_summary",
    description="汇总上月 / summary of the month before",
    schedule=MonthClosing(),
    catchup=False,
    max_active_runs=4,
    default_args=task_defaults(OPERATIONS),
    owner_links=owner_links(OPERATIONS),
    params={
        "period": MONTH,
        "until": Param(
            None,
            type=["null", "string"],
            pattern="^[0-9]{4}-(0[1-9]|1[0-2])$",
            title="截止月份",
            description="YYYY-MM；留空 = 只汇总一个月 / empty = the one month",
        ),
        "county": COUNTY,
    },
    tags=["xiezuo", "summary", "monthly"],
    doc_md=DOC,
)
def monthly_summary() -> None:
    """Declare the Dag."""

    @task(inlets=[FIGURES], outlets=[alias_of(FIGURES), alias_of(DOCUMENTS)])
    def summarise() -> list[str]:
        """Make sure that nothing is left to compute, then write the files; their paths are returned."""
        from xiezuo_airflow.periods import months_of, write_summaries

        return write_summaries(get_current_context(), months_of)

    summarise()


monthly_summary()
