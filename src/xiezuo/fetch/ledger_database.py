"""Tables of a county finance ledger: any database SQLAlchemy can open, read and never written.

Columns are reflected. Fractions arrive as :class:`~decimal.Decimal`: SQLite keeps decimals as floats and
dates as text, so its values are taken as stored and converted here, where a date that cannot be read
stays the text it is, and one row is questioned instead of a whole table.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc, types
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import NullPool

from xiezuo.base.errors import ConfigError, FileRefused, SourceDown, XiezuoError

ATTEMPTS = 3
_CHUNK = 1_000
_COUNTY = "county_code"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
_STEP = "核对 AIRFLOW_CONN_FUND_LEDGER 的 extra.sqlalchemy_url 及其中的驱动"


def read_table(
    url: str,
    table: str,
    *,
    counties: Sequence[str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[dict[str, Any]]:
    """Yield a table's rows as dicts in the order of its primary key (else of all columns).

    Args:
        url: SQLAlchemy URL.
        table: name, or ``schema.name``; a view will do.
        counties: only these counties' rows, one county after the other, where the table has a column
            ``county_code``.
        sleep: how to wait between attempts to reach the server.

    Raises:
        ConfigError: the URL or its driver cannot be used, or the ledger denies reading.
        SourceDown: the server cannot be reached, or broke off.
        FileRefused: ``TABLE_MISSING``.
    """
    engine = _engine(url)
    try:
        opened = _open_patiently(_Query(engine, table, counties), sleep)
        try:
            while rows := _fetch(opened):
                for row in rows:
                    yield {name: stored_value(row[name], kind) for name, kind in opened.kinds.items()}
        finally:
            opened.close()
    finally:
        engine.dispose()


@dataclass(frozen=True)
class _Query:
    engine: Engine
    table: str
    counties: Sequence[str] | None

    @property
    def label(self) -> str:
        """Names the source in messages; the URL never does, for its password may be anywhere in it."""
        return f"the ledger ({self.engine.dialect.name}), table {self.table}"


@dataclass(frozen=True)
class _Opened:
    query: _Query
    connection: sa.Connection
    result: sa.MappingResult
    kinds: dict[str, types.TypeEngine[Any]]

    def close(self) -> None:
        """Close the cursor before the connection: one on the server's side would stay open."""
        self.result.close()
        self.connection.close()


def _engine(url: str) -> Engine:
    """An engine that keeps no connection. The library's own errors may quote the URL: they stay here."""
    try:
        parsed = make_url(url)
        return sa.create_engine(parsed, poolclass=NullPool, connect_args=_patience(parsed))
    except (exc.ArgumentError, ValueError, TypeError, ImportError):
        pass
    raise ConfigError(
        "the ledger's SQLAlchemy URL or its driver cannot be used",
        zh="资金台账数据库地址无法使用",
        next_step=_STEP,
    )


def _patience(url: URL) -> dict[str, Any]:
    """Ten seconds to connect (SQLite: to get past a lock), under the name the driver has for it."""
    name = {"postgresql": "connect_timeout", "mysql": "connect_timeout", "mariadb": "connect_timeout"}
    name["sqlite"] = "timeout"
    key = name.get(url.get_backend_name())
    return {key: 10} if key and key not in url.query else {}


def _open_patiently(query: _Query, sleep: Callable[[float], None]) -> _Opened:
    attempt = 0
    while True:
        attempt += 1
        opened = _open(query)
        if isinstance(opened, _Opened):
            return opened
        if attempt >= ATTEMPTS or not isinstance(opened, SourceDown):
            raise opened
        sleep(2.0 ** (attempt - 1))


def _open(query: _Query) -> _Opened | XiezuoError:
    missing = _missing_file(query)
    if missing:
        return missing
    connection = None
    try:
        connection = query.engine.connect()
        table = _reflected(connection, query.table)
        rows = connection.execution_options(yield_per=_CHUNK, stream_results=True).execute(
            _select(table, query)
        )
        return _Opened(query, connection, rows.mappings(), {c.name: c.type for c in table.columns})
    except (exc.SQLAlchemyError, OSError, TypeError, ValueError) as error:
        if connection is not None:
            connection.close()
        return _judged(error, query)


def _missing_file(query: _Query) -> SourceDown | None:
    """SQLite would make an empty database where there is none."""
    database = query.engine.url.database
    if query.engine.dialect.name != "sqlite" or not database or database.startswith((":memory:", "file:")):
        return None
    if Path(database).is_file():
        return None
    return SourceDown(f"{query.label}: there is no such file", zh="资金台账数据库文件不存在", next_step=_STEP)


def _reflected(connection: sa.Connection, name: str) -> sa.Table:
    schema, _, bare = name.rpartition(".")
    return sa.Table(bare, sa.MetaData(), schema=schema or None, autoload_with=connection, resolve_fks=False)


def _select(table: sa.Table, query: _Query) -> sa.Select[Any]:
    stored = query.engine.dialect.name == "sqlite"
    columns = [sa.type_coerce(c, types.NullType()).label(c.name) if stored else c for c in table.columns]
    in_order = table.primary_key.columns or table.columns
    if query.counties is None or _COUNTY not in table.columns:
        return sa.select(*columns).order_by(*in_order)
    county = table.columns[_COUNTY]
    return sa.select(*columns).where(county.in_(query.counties)).order_by(county, *in_order)


def _fetch(opened: _Opened) -> list[sa.RowMapping]:
    try:
        return list(opened.result.fetchmany(_CHUNK))
    except (exc.SQLAlchemyError, OSError) as error:
        judged = _judged(error, opened.query)
    raise judged


def _judged(error: Exception, query: _Query) -> XiezuoError:
    """Say what to do about an error of the library without repeating it: it quotes SQL and addresses."""
    if isinstance(error, exc.NoSuchTableError):
        return FileRefused(
            "TABLE_MISSING",
            f"资金台账数据库中没有表 {query.table}",
            next_step="与资金台账的管理单位核对表名",
        )
    reason = f"{query.label}: {type(error).__name__}"
    down = isinstance(error, exc.DBAPIError | exc.TimeoutError | exc.DisconnectionError | OSError)
    if down and not isinstance(error, exc.ProgrammingError):
        return SourceDown(reason, zh="资金台账数据库暂时无法读取", next_step="稍后重新读取这一来源")
    return ConfigError(reason, zh="资金台账数据库无法按此设置读取", next_step=_STEP)


def stored_value(value: Any, kind: types.TypeEngine[Any]) -> Any:
    """Convert one stored value; text that does not fit its column's type stays text."""
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else repr(value)
    if isinstance(value, int) and not isinstance(value, bool) and isinstance(kind, types.Numeric):
        return Decimal(value)
    if isinstance(value, str) and isinstance(kind, types.Date | types.DateTime):
        return _moment(value, kind)
    return value


def _moment(text: str, kind: types.TypeEngine[Any]) -> date | str:
    if not _ISO.fullmatch(text):
        return text
    try:
        if isinstance(kind, types.Date) and len(text) == 10:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text) if len(text) > 10 else text
    except ValueError:
        return text
