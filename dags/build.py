"""Indicators and marts of what the loads touched; any of the four sources sets it off. Then trouble is told of."""

from __future__ import annotations

from typing import Any

from airflow.sdk import (
    AssetAny,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    dag,
    get_current_context,
    task,
)
from xiezuo_airflow.assets import FIGURES, alias_of
from xiezuo_airflow.defaults import owner_links, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import FAMILIES, OPERATIONS

DOC = page(
    title_zh="指标与集市计算",
    title_en="Build",
    does_zh=(
        "任何一类来源装载后触发，只重算被触动的(县，月份)，算完清空待算清单。重跑不改变结果。"
        "算完即发出资产事件 `xiezuo://figures` 和 `xiezuo://figures/<县>/<期间>`，其他 Dag 可据此触发。"
    ),
    does_en=(
        "Set off by any of the four sources. Recomputes only the (county, period) pairs that loads touched; "
        "a re-run is a no-op, and nothing here depends on an asset event having arrived. What is ready is told to "
        "others as the assets `xiezuo://figures` and `xiezuo://figures/<county>/<period>`."
    ),
    owner=OPERATIONS,
    steps_zh=(
        "清除(Clear)失败任务即可重算；待算清单在库中，不会丢。",
        "反复失败：看日志中的指标编号，核对 `include/sql/indicators/` 下同名文件。",
    ),
    steps_en=(
        "Clear the failed task: the list of what is to be computed is in the warehouse and is not lost.",
        "It keeps failing: the log names the indicator; look at its file in `include/sql/indicators/`.",
    ),
)


@dag(
    dag_id="build",
    dag_display_name="指标计算 build",
    description="重算被触动的月份 / recompute what the loads touched",
    schedule=AssetOrTimeSchedule(
        # A load that was killed before it told of itself is picked up in the morning.
        timetable=CronTriggerTimetable("30 5 * * *", timezone="Asia/Shanghai"),
        assets=AssetAny(*(family.asset for family in FAMILIES)),
    ),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(OPERATIONS),
    owner_links=owner_links(OPERATIONS),
    tags=["xiezuo", "build"],
    doc_md=DOC,
)
def build_dag() -> None:
    """Declare the Dag."""

    @task(
        multiple_outputs=False,
        inlets=[family.asset for family in FAMILIES],
        outlets=[alias_of(FIGURES)],
    )
    def build() -> dict[str, Any]:
        """Drain ``audit.touched_period``; tell who waits for figures, and operations what is wrong, once a trouble."""
        from xiezuo_airflow import surroundings
        from xiezuo_airflow.alerts import report, run_name
        from xiezuo_airflow.periods import build_figures

        context = get_current_context()
        built = build_figures(context)
        return {**built, "alerts": report(surroundings.settings(), run_name(context))}

    build()


build_dag()
