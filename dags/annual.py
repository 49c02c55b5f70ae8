"""The annual summary, on 10 January of the next year."""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task
from xiezuo_airflow.assets import DOCUMENTS, FIGURES, alias_of
from xiezuo_airflow.defaults import COUNTY, owner_links, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import OPERATIONS
from xiezuo_airflow.timetables import YearClosing

DOC = page(
    title_zh="年度汇总",
    title_en="Annual summary",
    does_zh=(
        "每年 1 月 10 日 08:00 汇总上年，在输出目录生成 `summary.json` 和 `summary.xlsx`，"
        "供年度自评报告取数。手动运行可指定年份和县。"
    ),
    does_en=(
        "10 January, 08:00: the year before, as `summary.json` and `summary.xlsx` in the output folder, which "
        "the annual self-assessment draws on. A manual run may name the year and the county."
    ),
    owner=OPERATIONS,
    steps_zh=(
        "清除(Clear)失败任务即可；同年重跑覆盖同名文件，数据未变则内容不变。",
        "数字与各单位报送不符：用 `xiezuo trace` 查到原始文件和行号，再转负责人核对。",
    ),
    steps_en=(
        "Clear the failed task; a re-run of a year writes the same files, unchanged when the data is.",
        "A figure is disputed: `xiezuo trace` names the file and the row of everything in it.",
    ),
)


@dag(
    dag_id="annual_summary",
    dag_display_name="年度汇总 annual_summary",
    description="汇总上年 / summary of the year before",
    schedule=YearClosing(),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(OPERATIONS),
    owner_links=owner_links(OPERATIONS),
    params={
        "period": Param(
            None,
            type=["null", "string"],
            pattern="^[0-9]{4}$",
            title="年份",
            description="YYYY；留空 = 上年 / empty = the year before",
        ),
        "county": COUNTY,
    },
    tags=["xiezuo", "summary", "annual"],
    doc_md=DOC,
)
def annual_summary() -> None:
    """Declare the Dag."""

    @task(inlets=[FIGURES], outlets=[alias_of(FIGURES), alias_of(DOCUMENTS)])
    def summarise() -> list[str]:
        """Make sure that nothing is left to compute, then write the files; their paths are returned."""
        from xiezuo_airflow.periods import write_summaries, years_of

        return write_summaries(get_current_context(), years_of)

    summarise()


annual_summary()
