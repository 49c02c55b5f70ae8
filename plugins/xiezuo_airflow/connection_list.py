"""The API server's list of sales platforms that stand in Airflow's database, kept in a variable for the tasks.

A task may ask Airflow for a connection by its id, and for no list of ids. The API server may: it looks when it answers
for the first time, and after every request that may have changed a connection. A connection made by Airflow's command
line is seen at the next of these.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from xiezuo.fetch.connection_form import CONN_TYPE
from xiezuo.fetch.connections import SALES, is_platform_id

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("xiezuo.connections")
_PATH = "/api/v2/connections"
_DESCRIPTION = "销售平台连接清单，由系统维护，请勿改动 / kept by the API server, not to be edited"


class ConnectionList:
    """Middleware of Airflow's API server; it changes no request and no answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._looked = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; renew the list before the answer of one that changed a connection goes out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not self._looked:
            self._looked = True
            await asyncio.to_thread(renew)
        changes = scope["method"] not in ("GET", "HEAD", "OPTIONS") and _PATH in scope["path"]

        async def sent(message: Message) -> None:
            if changes and message["type"] == "http.response.start" and message["status"] < 400:
                await asyncio.to_thread(renew)
            await send(message)

        await self._app(scope, receive, sent)


def renew() -> None:
    """Write the ids of all sales platforms into the variable; that it fails fails no request."""
    try:
        _renew()
    except Exception:  # noqa: BLE001  (the next request that changes a connection makes up for it)
        _LOG.exception("the list of sales platforms was not renewed")


def _renew() -> None:
    from airflow.models.connection import Connection
    from airflow.models.variable import Variable
    from airflow.utils.session import create_session
    from sqlalchemy import or_, select

    from xiezuo_airflow.connections import MADE

    # Of the type, whatever its id: one that is misnamed is said, not overlooked. Of another, what is named as ours are.
    asked = or_(Connection.conn_type == CONN_TYPE, Connection.conn_id.startswith(SALES, autoescape=True))
    with create_session() as session:
        rows = session.execute(select(Connection.conn_id, Connection.conn_type).where(asked)).all()
        ids = ",".join(sorted(conn_id for conn_id, kind in rows if kind == CONN_TYPE or is_platform_id(conn_id)))
        kept = session.scalar(select(Variable).where(Variable.key == MADE))
        if (kept.get_val() if kept else "") != ids:
            Variable.set(MADE, ids, description=_DESCRIPTION, session=session)
