"""One Dag a source family: what is new is fetched, then loaded, group by group; then ``build`` is told.

A task costs a good part of a second whatever it does, so that none is started that has nothing to do: a night
without anything new is one ``plan`` a family, and one ``fetch`` a platform or ledger, which have to be asked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import (
    CronTriggerTimetable,
    Param,
    dag,
    get_current_context,
    get_parsing_context,
    task,
    task_group,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from xiezuo_airflow.defaults import COUNTY, TIMEZONE, owner_links, platform_pool, promised, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import FAMILIES, Family

GROUPS = 4


def _doc(family: Family) -> str:
    return page(
        title_zh=f"{family.title_zh}数据入库",
        title_en=f"{family.title_en}: ingest",
        does_zh=(
            f"每晚 01:00 取回并装载：{family.brings_zh}。"
            "只处理新到的内容，重跑不改变结果；坏行进隔离区，不影响好行。"
        ),
        does_en=(
            f"Nightly at 01:00: {family.brings_en}. Only what is new is processed, a re-run changes nothing, "
            "bad rows go to quarantine and never stop good ones."
        ),
        owner=family.owner,
        steps_zh=(
            "`fetch` 失败且原因为来源无响应：确认对方系统恢复后清除(Clear)该任务即可，已取回的不会重取。",
            "`fetch` 或 `load` 报配置错误：按日志最后一行的“下一步”改好配置，再清除失败任务。",
            "`load` 中断：直接清除，批次按整批提交，不会重复。",
            "`done` 日志列出被拒收的文件：各单位的回执在 out/<县>/units，更正后放回收件箱即可，无需重跑。",
            "`receipts` 失败：数据已入库，清除(Clear)该任务即补写回执。",
        ),
        steps_en=(
            "`fetch` failed, source down: clear the task once the source is back; what arrived is not fetched again.",
            "`fetch` or `load` names a setting: change it as the last line of the log says, then clear the task.",
            "`load` was killed: clear it; a batch is committed whole or not at all.",
            "`done` lists refused files: receipts lie in out/<county>/units; a corrected file is picked up by itself.",
            "`receipts` failed: the data are loaded; clear it and what is due is written.",
        ),
    )


def ingest(family: Family) -> None:
    """Declare the Dag of one family."""

    @dag(
        dag_id=f"ingest_{family.source}",
        dag_display_name=f"{family.title_zh} ingest_{family.source}",
        description=f"{family.title_zh}：取回、校验、装载 / fetch, validate, load",
        # Without run_immediately, a Dag switched on up to 2.4 hours after 01:00 starts by itself at once.
        schedule=CronTriggerTimetable("0 1 * * *", timezone=TIMEZONE, run_immediately=timedelta(seconds=1)),
        catchup=False,
        max_active_runs=1,
        deadline=promised(timedelta(hours=4), "05:00"),
        default_args=task_defaults(family.owner),
        owner_links=owner_links(family.owner),
        params={
            "since": Param(
                None,
                type=["null", "string"],
                format="date",
                title="起始日期",
                description="平台首次抓取的起点；留空 = 本年 1 月 1 日 / where a platform's first reading begins",
            ),
            "county": COUNTY,
        },
        tags=["xiezuo", "ingest", family.source],
        doc_md=_doc(family),
    )
    def pipeline_dag() -> None:
        @task
        def plan() -> list[dict[str, Any]]:
            """Work out what is new, in a handful of groups; ids and digests are handed on, no secrets."""
            from xiezuo_airflow.ingest import planned

            return planned(get_current_context(), family.source, GROUPS)

        # Without multiple_outputs=False each key of what is returned would be a request of its own.
        @task(pool=platform_pool() if family.remote else "default_pool", multiple_outputs=False)
        def fetch(group: dict[str, Any]) -> dict[str, Any]:
            """Save the bytes as they come; a source that is down fails alone, and only it is tried again."""
            from xiezuo_airflow.ingest import fetched

            return fetched(get_current_context(), group)

        @task(
            trigger_rule="none_skipped",
            map_index_template="{{ counts | default(ti.map_index) }}",
            multiple_outputs=False,
        )
        def load(group: dict[str, Any]) -> dict[str, Any]:
            """Load what has landed for this group, also when its fetch failed for some of it."""
            from xiezuo_airflow.ingest import loaded

            return loaded(get_current_context(), group)

        @task_group(group_id="group")
        def each(group: dict[str, Any]) -> tuple[Any, Any]:
            fetched, loaded = fetch(group), load(group)
            fetched >> loaded
            return fetched, loaded

        @task(trigger_rule="all_done_min_one_success", outlets=[family.asset], multiple_outputs=False)
        def done() -> dict[str, Any]:
            """Add up; tell ``build`` when there is anything to build. Refused files are reported, not an error."""
            from xiezuo_airflow.counts import added_up
            from xiezuo_airflow.ingest import built_by

            counts = added_up(get_current_context()["ti"], family)
            if not built_by(counts):
                raise AirflowSkipException("nothing was loaded: nothing to build")
            return counts

        @task(trigger_rule="all_done_min_one_success", multiple_outputs=False)
        def receipts() -> dict[str, Any]:
            """Answer the files that came in, in the out-folders of their units and in their groups."""
            from xiezuo_airflow.ingest import answered

            return answered(get_current_context())

        @task(trigger_rule="one_failed", retries=0, on_failure_callback=None)
        def watch() -> None:
            """Make the run end failed when any task failed, although ``done`` succeeded."""
            raise AirflowFailException("a task of this run failed: see the tasks above")

        groups = plan()
        fetches, loads = each.expand(group=groups)
        finished, answers = done(), receipts()
        loads >> [finished, answers]
        # A load also runs after a fetch that failed, so the fetches have to be watched themselves.
        [groups, fetches, loads, finished, answers] >> watch()

    pipeline_dag()


# A task's own process needs its own Dag only.
wanted = get_parsing_context().dag_id
for each_family in FAMILIES:
    if wanted in (None, f"ingest_{each_family.source}"):
        ingest(each_family)
