"""One Dag a source family: what is new is fetched, then loaded, group by group; then ``build`` is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import (
    CronTriggerTimetable,
    Param,
    dag,
    get_current_context,
    task,
    task_group,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from xiezuo_airflow.defaults import TIMEZONE, platform_pool, task_defaults
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
            "`done` 日志列出被拒收的文件：把理由转给负责人更正后重新放入收件箱，无需人工重跑。",
        ),
        steps_en=(
            "`fetch` failed, source down: clear the task once the source is back; what arrived is not fetched again.",
            "`fetch` or `load` names a setting: change it as the last line of the log says, then clear the task.",
            "`load` was killed: clear it; a batch is committed whole or not at all.",
            "`done` lists refused files: pass the reason to the owner; the corrected file is picked up by itself.",
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
        default_args=task_defaults(family.owner),
        params={
            "since": Param(
                None,
                type=["null", "string"],
                format="date",
                title="起始日期",
                description="平台首次抓取的起点；留空 = 本年 1 月 1 日 / where a platform's first reading begins",
            ),
            "county": Param(
                None,
                type=["null", "string"],
                pattern="^[0-9]{6}$",
                title="县代码",
                description="留空 = 全部 / empty = every county",
            ),
        },
        tags=["xiezuo", "ingest", family.source],
        doc_md=_doc(family),
    )
    def pipeline_dag() -> None:
        @task
        def plan() -> list[dict[str, Any]]:
            """Work out what is new, in a handful of groups; ids and digests are handed on, no secrets."""
            from xiezuo_airflow.faults import no_retry_when_pointless

            from xiezuo import pipeline
            from xiezuo.settings import Settings

            county = get_current_context()["params"].get("county")
            with no_retry_when_pointless():
                return pipeline.plan(Settings.from_env(), family.source, groups=GROUPS, county=county)

        @task(pool=platform_pool() if family.remote else "default_pool")
        def fetch(group: dict[str, Any]) -> dict[str, Any]:
            """Save the bytes as they come; a source that is down fails this group only, and is tried again."""
            from datetime import date

            from xiezuo_airflow.alerts import run_name
            from xiezuo_airflow.connections import connections_of
            from xiezuo_airflow.faults import no_retry_when_pointless

            from xiezuo import pipeline
            from xiezuo.settings import Settings

            settings = Settings.from_env()
            context = get_current_context()
            since = context["params"].get("since")
            with no_retry_when_pointless():
                return pipeline.fetch(
                    settings,
                    group,
                    connections_of(group, settings.environ),
                    since=date.fromisoformat(since) if since else None,
                    run_id=run_name(context),
                )

        @task(trigger_rule="all_done", map_index_template="{{ counts | default(ti.map_index) }}")
        def load(group: dict[str, Any]) -> dict[str, Any]:
            """Load what has landed for this group, also when its fetch broke off half-way."""
            from xiezuo_airflow.alerts import run_name
            from xiezuo_airflow.counts import shown
            from xiezuo_airflow.faults import no_retry_when_pointless

            from xiezuo import pipeline
            from xiezuo.settings import Settings

            context = get_current_context()
            with no_retry_when_pointless():
                return shown(context, pipeline.load(Settings.from_env(), group, run_id=run_name(context)))

        @task_group(group_id="group")
        def each(group: dict[str, Any]) -> tuple[Any, Any]:
            fetched, loaded = fetch(group), load(group)
            fetched >> loaded
            return fetched, loaded

        @task(trigger_rule="all_done", outlets=[family.asset])
        def done() -> dict[str, Any]:
            """Add up; tell ``build`` when anything was loaded. Refused files are reported, not an error."""
            from xiezuo_airflow.counts import added_up

            counts = added_up(get_current_context()["ti"], family)
            if not counts["loaded"]:
                raise AirflowSkipException("nothing was loaded: nothing to build")
            return counts

        @task(trigger_rule="one_failed", retries=0, on_failure_callback=None)
        def watch() -> None:
            """Make the run end failed when any task failed, although ``done`` succeeded."""
            raise AirflowFailException("a task of this run failed: see the tasks above")

        groups = plan()
        fetches, loads = each.expand(group=groups)
        finished = done()
        loads >> finished
        # A load also runs after a fetch that failed, so the fetches have to be watched themselves.
        [groups, fetches, loads, finished] >> watch()

    pipeline_dag()


for each_family in FAMILIES:
    ingest(each_family)
