"""Airflow's connections as the domain package takes them: a mapping of ids to Airflow's JSON form.

Each is read through Airflow when it is used, so that it may stand in a secrets backend, the environment or Airflow's
own database, in that order. Only ids travel between tasks, never a secret. Airflow tells a task what stands under an
id, but lists none to it; so ids come from the environment, and from two Airflow variables: :data:`MADE`, which the API
server keeps (:mod:`xiezuo_airflow.connection_list`), and :data:`LISTED`, for what stands in a secrets backend.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from airflow.sdk import Connection, Variable
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.fetch.connections import LEDGER, PREFIX, SALES, county_of

WAREHOUSE = "xiezuo_warehouse"
"""Id of the warehouse's connection."""
LISTED = "xiezuo_connections"
"""Variable in which people list ids of sales platforms that stand in a secrets backend, split by commas or blanks."""
MADE = "xiezuo_connections_made"
"""Variable in which the API server lists the sales platforms of Airflow's database."""


class AirflowConnections(Mapping[str, str]):
    """What Airflow knows, by id; asked once for each. Going through the ids costs two requests, however many there are.

    Raises, where it is read:
        ConfigError: an id is no sales platform's, or what stands under it cannot be read.
        SourceDown: Airflow does not say which there are.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._found: dict[str, Connection | None] = {}

    def __getitem__(self, conn_id: str) -> str:
        if conn_id not in self:
            raise KeyError(conn_id)
        found = self._connection(conn_id)
        if found is None:  # a variable is there, and Airflow can make nothing of it
            raise _unreadable(conn_id, "not found")
        return as_json(found, database=conn_id == LEDGER)

    def __contains__(self, conn_id: object) -> bool:
        if not isinstance(conn_id, str) or not (conn_id.startswith(SALES) or conn_id == LEDGER):
            return False
        return conn_id in self._variables or self._connection(conn_id) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    @cached_property
    def _ids(self) -> list[str]:
        listed = {*_split(_variable(MADE)), *_split(_variable(LISTED)), *self._variables}
        listed.discard(LEDGER)  # asked for by its one id, listed or not
        for conn_id in listed:
            county_of(conn_id)
        return sorted(listed)

    @cached_property
    def _variables(self) -> set[str]:
        """The ids that variables of the environment name."""
        names = (name for name, text in self._environ.items() if name.upper().startswith(PREFIX) and text.strip())
        found = {name[len(PREFIX) :].lower() for name in names}
        return {conn_id for conn_id in found if conn_id.startswith(SALES) or conn_id == LEDGER}

    def _connection(self, conn_id: str) -> Connection | None:
        if conn_id not in self._found:
            self._found[conn_id] = connection(conn_id)
        return self._found[conn_id]


def connection(conn_id: str) -> Connection | None:
    """Return what stands under an id, None when nothing does.

    Raises:
        ConfigError: it cannot be read; says where it stands, never what is in it.
    """
    try:
        found: Connection = Connection.get(conn_id)
    except AirflowNotFoundException:
        return None
    except Exception as error:  # noqa: BLE001  any failure to read it is the same wrong setting
        raise _unreadable(conn_id, type(error).__name__) from None
    return found


def as_json(found: Connection, *, database: bool) -> str:
    """Return a connection in Airflow's JSON form; that of a database with its address as ``extra.sqlalchemy_url``.

    Raises:
        ConfigError: it cannot be read, or no hook here knows its type.
    """
    try:
        fields = {
            "conn_type": found.conn_type,
            "host": found.host,
            "port": found.port,
            "schema": found.schema,
            "login": found.login,
            "password": found.password,
            "extra": found.extra_dejson,
        }
    except Exception as error:  # noqa: BLE001  as above; Airflow's own message may quote the connection
        raise _unreadable(found.conn_id, type(error).__name__) from None
    if database:
        fields["extra"] = {"sqlalchemy_url": database_url(found)}
    return json.dumps({key: value for key, value in fields.items() if value is not None})


def database_url(found: Connection) -> str:
    """Return the SQLAlchemy URL of a database: ``extra.sqlalchemy_url``, else what the hook of its type makes.

    Raises:
        ConfigError: it has neither.
    """
    if told := (found.extra_dejson or {}).get("sqlalchemy_url"):
        return str(told)
    try:
        hook = found.get_hook()
        try:
            url = hook.sqlalchemy_url.render_as_string(hide_password=False)
        except NotImplementedError:
            url = hook.get_uri()
    except Exception as error:  # noqa: BLE001  whatever a hook raises may quote the connection
        raise ConfigError(
            f"the connection {found.conn_id} of type {found.conn_type} gives no database URL ({type(error).__name__})",
            zh=f"连接 {found.conn_id}（类型 {found.conn_type}）不是可用的数据库连接",
            next_step="改用已安装的数据库类型（如 Postgres），或在 extra 中填写 sqlalchemy_url",
        ) from None
    return str(url)


def warehouse_url(read: Callable[[str], Any] = connection) -> str:
    """Return the URL of the warehouse from its connection, which ``read`` gives by its id; a task's way by default.

    Raises:
        ConfigError: there is none, or it is no PostgreSQL.
    """
    found = read(WAREHOUSE)
    if found is None:
        raise ConfigError(
            f"where the warehouse is, is not said: neither XIEZUO_WAREHOUSE_URL nor the connection {WAREHOUSE} is set",
            zh=f"未指定数据仓库：XIEZUO_WAREHOUSE_URL 和 Airflow 连接 {WAREHOUSE} 都没有设置",
            next_step=f"在 Airflow 的“连接”页新建 {WAREHOUSE}（Postgres），或设置 XIEZUO_WAREHOUSE_URL",
        )
    url, changed = re.subn(r"^postgres(ql)?(\+\w+)?://", "postgresql://", database_url(found))
    if not changed:
        raise ConfigError(
            f"the connection {WAREHOUSE} is not to a PostgreSQL server",
            zh=f"连接 {WAREHOUSE} 不是 PostgreSQL",
            next_step="类型选 Postgres",
        )
    return url


def _variable(name: str) -> str:
    try:
        return str(Variable.get(name, default="") or "")
    except AirflowRuntimeError as error:
        raise SourceDown(
            f"Airflow did not tell its variable {name} ({type(error).__name__})", zh="Airflow 未能给出连接清单"
        ) from None


def _split(text: str) -> list[str]:
    return re.split(r"[\s,，;；]+", text.strip()) if text.strip() else []


def _unreadable(conn_id: str, kind: str) -> ConfigError:
    # Airflow's own message may quote the connection: only the kind of error is passed on.
    return ConfigError(
        f"the connection {conn_id} cannot be read ({kind})",
        zh=f"连接 {conn_id} 无法读取",
        next_step=f"在 Airflow 的“连接”页核对 {conn_id}；写在环境变量里的，用 Airflow 的 JSON 写法",
    )
