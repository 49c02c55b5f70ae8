"""Airflow connections → plain arguments of the domain package, inside a task and nowhere else.

The variables are enumerated by name; what they hold is resolved through Airflow, so that a secrets backend that
knows the same connection wins over the environment. Only ids travel between tasks, never a secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from airflow.sdk import Connection

from xiezuo.connections import (
    DatabaseConnection,
    PlatformConnection,
    fund_ledger,
    platform_connections,
)
from xiezuo.errors import ConfigError

PREFIX = "AIRFLOW_CONN_"


def connections_of(
    group: Mapping[str, Any], environ: Mapping[str, str]
) -> dict[str, PlatformConnection | DatabaseConnection]:
    """Return the connections that a group's items name, by id; a group of files needs none.

    Raises:
        ConfigError: a connection is not there or cannot be read; names the variable, never what is in it.
    """
    wanted = {str(item["conn_id"]) for item in group["items"] if "conn_id" in item}
    resolved = {
        name: _resolved(name)
        for name in sorted(environ)
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() in wanted
    }
    found: dict[str, PlatformConnection | DatabaseConnection] = {
        connection.conn_id: connection for connection in platform_connections(resolved)
    }
    ledger = fund_ledger(resolved)
    if ledger is not None:
        found[ledger.conn_id] = ledger
    missing = sorted(wanted - set(found))
    if missing:
        raise ConfigError(
            f"no connection {', '.join(missing)}",
            next_step=f"set {PREFIX}{missing[0].upper()} for every component of Airflow",
        )
    return found


def _resolved(name: str) -> str:
    try:
        connection = Connection.get(name.removeprefix(PREFIX).lower())
        fields = {
            "conn_type": connection.conn_type,
            "host": connection.host,
            "port": connection.port,
            "schema": connection.schema,
            "login": connection.login,
            "password": connection.password,
            "extra": connection.extra_dejson,
        }
    except Exception as error:  # noqa: BLE001  any failure to read it is the same wrong setting
        # Airflow's own message may quote the connection: only the kind of error is passed on.
        raise ConfigError(
            f"the connection in {name} cannot be read ({type(error).__name__})",
            next_step=f"write {name} in Airflow's JSON form",
        ) from None
    return json.dumps({key: value for key, value in fields.items() if value is not None})
