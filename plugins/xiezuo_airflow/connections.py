"""Airflow connections → plain arguments of the domain package, inside a task and nowhere else.

The variables are enumerated by name; what they hold is resolved through Airflow, so that a secrets backend that
knows the same connection wins over the environment. Only ids travel between tasks, never a secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from airflow.sdk import Connection

from xiezuo.base.errors import ConfigError
from xiezuo.fetch.connections import DatabaseConnection, PlatformConnection, connection_of

PREFIX = "AIRFLOW_CONN_"


def connection(conn_id: str, environ: Mapping[str, str]) -> PlatformConnection | DatabaseConnection:
    """Return the connection of an id.

    Raises:
        ConfigError: it is not there or cannot be read; names the variable, never what is in it.
    """
    wanted = PREFIX + conn_id.upper()
    return connection_of(conn_id, {name: _resolved(name) for name in environ if name.upper() == wanted})


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
