"""Closing a month or a year: a draft is submitted, reviewed and approved by three people, and exactly that is frozen.

A run asks for one step. The run that follows asks for the next one, or for the same one again when the answer did not
count: where a close stands is on record in the warehouse, not in a run.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowSkipException
from xiezuo_airflow.assets import FIGURES, RELEASES, alias_of
from xiezuo_airflow.close import APPROVE, GOES_ON, REJECT
from xiezuo_airflow.defaults import COUNTY, owner_links, task_defaults
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
            f"生成{what_zh}待审稿，列出数字、内容摘要和结账清单，在“Required Actions”页依次等待经办人送审、办公室负责人"
            "审核、分管领导审定，三步须由三个不同的人办理，每步一次运行。三步都批准即按该摘要定稿并生成正式文档；"
            "退回须写明理由；不合规定的答复(本人复核、角色不符、未登记)不予接受并重新请办；等待期间数据有变化的，"
            "原稿作废并重新送审；超时不视为批准。已定稿的期间须填写更正理由(参数 reason)才会重新送审，作为更正版发布。"
        ),
        does_en=(
            "Drafts the period and waits on the page “Required Actions”, showing figures, digest and close list: the "
            "clerk submits, the office head reviews, the leader approves, three people, one run a step. With the third "
            "the digest is frozen as a release with its documents. A rejection says why; an answer against the rules "
            "counts for nothing and is asked for again; data that changed meanwhile supersede the draft; a time-out "
            "approves nothing. A closed period is drafted again only with the parameter `reason`, as a restatement."
        ),
        owner=OPERATIONS,
        steps_zh=(
            "`group.ask` 超时失败：清除(Clear)该任务即重新送审。",
            "`group.freeze` 的输出说明答复结果，refused 为不予接受，并附原因；未登记人员的，用 xiezuo people add。",
            "`group.again` 已触发：下一步、重新请办或数据变化后的新稿，由新的一次运行等待答复。",
        ),
        steps_en=(
            "`group.ask` timed out: clear it to be asked again.",
            "`group.freeze` returns what became of an answer; `refused` says why; see `xiezuo people add`.",
            "`group.again` ran: a new run waits for the next step, for the same one again, or about newer data.",
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
        owner_links=owner_links(OPERATIONS),
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
        @task(inlets=[FIGURES], outlets=[alias_of(FIGURES)])
        def draft() -> list[dict[str, Any]]:
            """Make sure that nothing is left to compute; draft every county; say what is asked."""
            from xiezuo_airflow.close import drafted
            from xiezuo_airflow.periods import month_of, year_of

            return drafted(get_current_context(), month_of if en == "month" else year_of)

        @task(multiple_outputs=False, inlets=[FIGURES], outlets=[alias_of(RELEASES)])
        def freeze(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
            """Put the answer on record; freeze the draft with the third signature."""
            from xiezuo_airflow.close import answered

            return answered(get_current_context(), asked, answer)

        @task
        def goes_on(outcome: dict[str, Any]) -> None:
            """Go on only where somebody is to be asked: for the next step, for this one again, about newer data."""
            if outcome["decision"] not in GOES_ON:
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
            goes_on(outcome) >> TriggerDagRunOperator(
                task_id="again",
                trigger_dag_id=dag_id,
                conf={key: SHOWN.format(f"again']['{key}") for key in ("period", "county", "reason")},
            )

        each.expand(asked=draft())

    closing()


close("close", "月度", "month", MonthClosing(), "^[0-9]{4}-(0[1-9]|1[0-2])$")
close("close_annual", "年度", "year", YearClosing(), "^[0-9]{4}$")
