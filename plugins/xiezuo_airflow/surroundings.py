"""What a task knows of its surroundings: the environment, and the connections that Airflow keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xiezuo.base.settings import Settings


def settings() -> Settings:
    """Return the settings of a task, which every task begins with.

    Under Airflow the embedded server is the warehouse only where ``XIEZUO_WAREHOUSE_URL`` says so, as ``make run`` and
    ``make up`` do: one that is started because a variable was forgotten would be a second, empty warehouse.

    Raises:
        AirflowFailException: a variable or the warehouse's connection cannot be read, or nothing says where the
            warehouse is.
    """
    from xiezuo.base.settings import Settings
    from xiezuo_airflow.connections import AirflowConnections, warehouse_url
    from xiezuo_airflow.faults import no_retry_when_pointless

    with no_retry_when_pointless():
        found = Settings.from_env()
        found = replace(found, connections=AirflowConnections(found.environ))
        if found.environ.get("XIEZUO_WAREHOUSE_URL", "").strip():
            return found
        return replace(found, warehouse_url=warehouse_url())
