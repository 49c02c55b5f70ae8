"""Registers with Airflow what ``xiezuo_airflow`` offers; nothing else happens here."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin
from xiezuo_airflow.connection_list import ConnectionList
from xiezuo_airflow.timetables import MonthClosing, YearClosing


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Answer by the pages, which only the API server ever loads."""
    from xiezuo_airflow.pages import app

    await app()(scope, receive, send)


class XiezuoPlugin(AirflowPlugin):
    """The project's one plugin."""

    name = "xiezuo"
    timetables: ClassVar[list[type]] = [MonthClosing, YearClosing]
    fastapi_apps: ClassVar[list[Any]] = [{"app": pages, "url_prefix": "/xiezuo", "name": "xiezuo"}]
    # Relative to the base of Airflow's own page, so that both stand under any prefix.
    external_views: ClassVar[list[Any]] = [
        {"name": "协作 Xiezuo", "href": "xiezuo/", "url_route": "xiezuo", "destination": "nav", "nav_top_level": True},
        *(
            {"name": "批次 Batches", "href": "xiezuo/batches?run={DAG_ID}:{RUN_ID}", "url_route": f"xiezuo-{place}",
             "destination": place}
            for place in ("dag_run", "task_instance")
        ),
    ]  # fmt: skip
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = [
        {"middleware": ConnectionList, "args": [], "kwargs": {}, "name": "list of sales platforms"},
    ]
