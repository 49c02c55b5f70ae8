"""Registers with Airflow what ``xiezuo_airflow`` offers; nothing else happens here."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin
from xiezuo_airflow.connection_list import ConnectionList
from xiezuo_airflow.timetables import MonthClosing, YearClosing


class XiezuoPlugin(AirflowPlugin):
    """The project's one plugin."""

    name = "xiezuo"
    timetables: ClassVar[list[type]] = [MonthClosing, YearClosing]
    fastapi_root_middlewares: ClassVar[list[dict[str, Any]]] = [
        {"middleware": ConnectionList, "args": [], "kwargs": {}, "name": "list of sales platforms"},
    ]
