"""What somebody asked for on a page: a word registered, a row waived, a delivery taken, a finding answered."""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task
from xiezuo_airflow.assets import FIGURES, alias_of
from xiezuo_airflow.defaults import COUNTY, owner_links, task_defaults
from xiezuo_airflow.docs import page
from xiezuo_airflow.families import OPERATIONS

DOC = page(
    title_zh="页面办理",
    title_en="What pages ask for",
    does_zh=(
        "办理页面上提交的事项：登记词语、说明隔离行、处理报表、答复核对结果。以提交人的姓名记录，"
        "办完随即重算受影响的期间。由页面触发，不必手动运行。"
    ),
    does_en=(
        "Carries out what was asked for on a page: a word, a waiver, a delivery, an answer to a finding, recorded "
        "under the name of who asked; then touched periods are computed. Pages start it; nobody has to by hand."
    ),
    owner=OPERATIONS,
    steps_zh=(
        "`carry_out` 失败且写明原因：事项本身不能办理，按原因改正后在页面重新提交。",
        "其他失败：清除(Clear)任务即可，重办同一事项不会重复。",
    ),
    steps_en=(
        "`carry_out` failed and says why: it cannot be done; put it right and submit it again on the page.",
        "Any other failure: clear it; the same act twice does nothing more.",
    ),
)


@dag(
    dag_id="office",
    dag_display_name="页面办理 office",
    description="办理页面提交的事项 / what pages ask for",
    schedule=None,
    catchup=False,
    max_active_runs=4,
    default_args=task_defaults(OPERATIONS),
    params={
        "act": Param("", type="string", title="事项"),
        "county": COUNTY,
        "facts": Param("{}", type="string", title="内容"),
        "account": Param("", type="string", title="账号"),
    },
    owner_links=owner_links(OPERATIONS),
    tags=["xiezuo", "office"],
    doc_md=DOC,
)
def office() -> None:
    """Declare the Dag."""

    @task(outlets=[alias_of(FIGURES)])
    def carry_out() -> str:
        """Do it, under the name of who started the run; return what was done."""
        from xiezuo_airflow.office import carried_out

        return carried_out(get_current_context())

    carry_out()


office()
