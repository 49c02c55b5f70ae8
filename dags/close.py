"""Closing a month or a year: the draft is shown to a person, and what that person approves is frozen, nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowSkipException
from xiezuo_airflow.close import APPROVE, REJECT
from xiezuo_airflow.defaults import COUNTY, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import OPERATIONS
from xiezuo_airflow.timetables import MonthClosing, YearClosing

DAYS_TO_ANSWER = 30
SHOWN = "{{{{ ti.xcom_pull(task_ids='draft')[ti.map_index]['{}'] }}}}"
"""A part of what is asked about the county of a mapped task."""


def _doc(what_zh: str, what_en: str) -> str:
    return page(
        title_zh=f"{what_zh}结账定稿",
        title_en=f"Close of a {what_en}",
        does_zh=(
            f"生成{what_zh}待审稿，列出数字、内容摘要和结账清单，在“Required Actions”页等待审定。批准即按该摘要定稿并"
            "生成正式文档；退回须写明理由；等待期间数据有变化的，原稿作废并重新送审；超时不视为批准。"
            "已定稿的期间须填写更正理由(参数 reason)才会重新送审，作为更正版发布。"
        ),
        does_en=(
            "Drafts the period and waits on the page “Required Actions”, showing figures, digest and close list. "
            "Approval freezes exactly that digest as a release with its documents; a rejection says why; data that "
            "changed meanwhile supersede the draft and ask again; a time-out approves nothing. A closed period is "
            "drafted again only with the parameter `reason`, as a restatement."
        ),
        owner=OPERATIONS,
        steps_zh=(
            "`group.ask` 超时失败：清除(Clear)该任务即重新送审。",
            "`group.freeze` 报退回未写理由：清除 `group.ask`，重新答复并填写 reason。",
            "`group.again` 已触发：数据在审定前有变化，新的一次运行正在等待审定。",
        ),
        steps_en=(
            "`group.ask` timed out: clear it to be asked again.",
            "`group.freeze` says that a rejection lacks its reason: clear `group.ask` and answer again.",
            "`group.again` ran: data changed before the approval; a new run waits for an answer.",
        ),
    )


def close(dag_id: str, zh: str, en: str, timetable: Any, pattern: str) -> None:
    """Declare the Dag that closes months or years."""

    @dag(
        dag_id=dag_id,
        dag_display_name=f"{zh}结账 {dag_id}",
        description=f"{zh}待审稿送审、定稿 / draft, approval, release of a {en}",
        schedule=timetable,
        catchup=False,
        max_active_runs=64,  # a run lasts until somebody answers; the next month must not wait for it
        default_args=task_defaults(OPERATIONS),
        params={
            "period": Param(
                None, type=["null", "string"], pattern=pattern, title="期间",
                description="留空 = 上一期 / empty = the one before",
            ),
            "county": COUNTY,
            "reason": Param(
                None, type=["null", "string"], title="更正理由",
                description="仅用于已定稿的期间 / why a closed period is restated",
            ),
        },
        tags=["xiezuo", "close"],
        doc_md=_doc(zh, en),
    )  # fmt: skip
    def closing() -> None:
        @task
        def draft() -> list[dict[str, Any]]:
            """Make sure that nothing is left to compute; draft every county; say what is asked."""
            from xiezuo_airflow.close import drafted
            from xiezuo_airflow.periods import month_of, year_of

            return drafted(get_current_context(), month_of if en == "month" else year_of)

        @task(multiple_outputs=False)
        def freeze(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
            """Freeze what was approved, or record why it was not."""
            from xiezuo_airflow.close import answered

            return answered(asked, answer)

        @task
        def superseded(outcome: dict[str, Any]) -> None:
            """Go on only where data changed while the draft waited."""
            if outcome["decision"] != "superseded":
                raise AirflowSkipException(f"{outcome['draft']}: {outcome['decision']}")

        @task_group(group_id="group")
        def each(asked: dict[str, Any]) -> None:
            ask = HITLOperator(
                task_id="ask",
                subject=SHOWN.format("subject"),
                body=SHOWN.format("body"),
                options=[APPROVE, REJECT],
                params={
                    # a field that must not be empty would keep the button of an approval disabled
                    "reason": Param(
                        None, type=["null", "string"], title="退回理由", description="退回时必填 / why, when rejected"
                    )
                },
                response_timeout=timedelta(days=DAYS_TO_ANSWER),
                execution_timeout=None,
                retries=0,  # a time-out is no answer, and asking again is for somebody to decide
            )
            outcome = freeze(asked, ask.output)
            superseded(outcome) >> TriggerDagRunOperator(
                task_id="again",
                trigger_dag_id=dag_id,
                conf={key: SHOWN.format(f"again']['{key}") for key in ("period", "county", "reason")},
            )

        each.expand(asked=draft())

    closing()


close("close", "月度", "month", MonthClosing(), "^[0-9]{4}-(0[1-9]|1[0-2])$")
close("close_annual", "年度", "year", YearClosing(), "^[0-9]{4}$")
