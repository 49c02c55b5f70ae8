"""Airflow connections → plain arguments of the domain package, inside a task and nowhere else.

The variables are enumerated by name; what they hold is resolved through Airflow, so that a secrets backend that
knows the same connection wins over the environment, and never travels between tasks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from airflow.sdk import Connection

from xiezuo.errors import ConfigError

PREFIX = "AIRFLOW_CONN_"
SALES_PREFIX = f"{PREFIX}SALES_"
FUND_LEDGER = f"{PREFIX}FUND_LEDGER"


def variable_names(source: str, environ: Mapping[str, str]) -> list[str]:
    """Return the names of the connection variables that a source family uses, sorted."""
    if source == "sales":
        return sorted(name for name in environ if name.startswith(SALES_PREFIX))
    if source == "fund":
        return [name for name in (FUND_LEDGER,) if environ.get(name)]
    return []


def resolve(source: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return variable name → connection in Airflow's JSON form, for the connections of one family.

    Raises:
        ConfigError: a connection cannot be read; names the variable, never what is in it.
    """
    return {name: _resolved(name) for name in variable_names(source, environ)}


def _resolved(name: str) -> str:
    try:
        connection = Connection.get(name.removeprefix(PREFIX).lower())
        extra: dict[str, Any] = connection.extra_dejson
        port = None if connection.port is None else int(connection.port)
    except Exception as error:  # noqa: BLE001  any failure to read it is the same wrong setting
        # Airflow's own message may quote the connection: only the kind of error is passed on.
        raise ConfigError(
            f"the connection in {name} cannot be read ({type(error).__name__})",
            next_step=f"write {name} in Airflow's JSON form",
        ) from None
    fields = {
        "conn_type": connection.conn_type,
        "host": connection.host,
        "port": port,
        "schema": connection.schema,
        "login": connection.login,
        "password": connection.password,
        "extra": extra,
    }
    return json.dumps({key: value for key, value in fields.items() if value is not None})
