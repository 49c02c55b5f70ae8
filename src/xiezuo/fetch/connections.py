"""Connections to sales platforms and the fund ledger, in Airflow's JSON form or its URI form.

They come as one mapping: the environment, whose ``AIRFLOW_CONN_SALES_<COUNTY>_<NAME>`` and
``AIRFLOW_CONN_FUND_LEDGER`` hold them, or what Airflow itself knows, by id. Names are known without reading what
they stand for. What is in a connection is secret: an error says where it stands and which field, never a value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings

# Airflow's forms of a connection, JSON and URI, taken apart; Airflow itself is not needed for it.
PREFIX = "AIRFLOW_CONN_"


@dataclass(frozen=True)
class AirflowConnection:
    """The fields of one Airflow connection, as its JSON names them; ``extra`` is always a dict.

    ``variable`` is what messages call it: the variable it stands in, or its id.
    """

    conn_id: str
    variable: str
    host: str = ""
    port: int | None = None
    schema: str = ""
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def need(self, name: str) -> str:
        """Return a text of ``extra`` that must be there."""
        value = self.option(name)
        if value is None:
            raise wrong(self.variable, f"extra.{name} is missing", f"缺少 extra.{name}")
        return value

    def option(self, name: str) -> str | None:
        """Return a text of ``extra``; ``None`` where it is missing or blank."""
        value = self.extra.get(name)
        if isinstance(value, bool | dict | list):
            raise wrong(self.variable, f"extra.{name} is not a text", f"extra.{name} 不是文字")
        return str(value).strip() or None if value is not None else None


def from_airflow_json(conn_id: str, text: str, called: str | None = None) -> AirflowConnection:
    """Read one connection in Airflow's JSON form (or its URI form); ``called`` is what messages call it.

    Raises:
        ConfigError: it is neither; the message says where it stands only.
    """
    variable = called or PREFIX + conn_id.upper()
    if not text.lstrip().startswith("{"):
        return _from_uri(conn_id, variable, text.strip())
    document = _object(text)
    extra = _object(document.get("extra") or {}) if document is not None else None
    if document is None or extra is None:
        if document is None:
            raise wrong(variable, "it is not valid JSON", "不是合法的 JSON")
        raise wrong(variable, "extra is not a JSON object", "extra 不是 JSON 对象")
    return AirflowConnection(
        conn_id=conn_id,
        variable=variable,
        host=_plain(document, "host", variable),
        port=number(document.get("port"), "port", variable),
        schema=_plain(document, "schema", variable),
        login=_plain(document, "login", variable),
        password=_plain(document, "password", variable),
        extra=extra,
    )


def _from_uri(conn_id: str, variable: str, text: str) -> AirflowConnection:
    """``<type>://login:password@host:port/schema?extra=…``, each part percent-encoded."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = None, None
    if parts is None or not parts.scheme or not parts.netloc:
        raise wrong(
            variable, "it is neither Airflow's JSON form nor its URI form", "不是 Airflow 的 JSON 或 URI 写法"
        )
    query: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
    packed = _object(query.pop("__extra__", "{}"))
    if packed is None:
        raise wrong(variable, "__extra__ is not a JSON object", "__extra__ 不是 JSON 对象")
    return AirflowConnection(
        conn_id=conn_id,
        variable=variable,
        host=unquote(parts.hostname or ""),
        port=port,
        schema=unquote(parts.path.lstrip("/")),
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        extra=query | packed,
    )


def _object(value: Any) -> dict[str, Any] | None:
    """A dict, or the JSON text of one. The parser's own error quotes the text, so it goes no further."""
    if isinstance(value, str):
        try:
            value = json.loads(value or "{}")
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _plain(document: Mapping[str, Any], name: str, variable: str) -> str:
    value = document.get(name)
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        raise wrong(variable, f"{name} is not a text", f"{name} 不是文字")
    return str(value).strip()


def number(value: Any, name: str, variable: str) -> int | None:
    """Return a whole number up to 65535, None where there is none.

    Raises:
        ConfigError: it is something else.
    """
    if value is None or value == "":
        return None
    text = str(value)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 65_535 and len(text) < 9):
        raise wrong(variable, f"{name} is not a positive whole number", f"{name} 不是正整数")
    return int(text)


def wrong(variable: str, problem: str, problem_zh: str) -> ConfigError:
    """Return the error of a connection that cannot be used; a problem never quotes what stands there."""
    return ConfigError(
        f"the connection {variable} cannot be used: {problem}",
        zh=f"连接 {variable} 的设置有误：{problem_zh}",
        next_step="写法见 docs/interfaces.md",
    )


SALES = "sales_"
"""What the id of a sales platform's connection begins with."""
_SALES = re.compile(r"(?:AIRFLOW_CONN_)?SALES_(\d{6})_([A-Z0-9][A-Z0-9_]*)", re.ASCII | re.IGNORECASE)
LEDGER = "fund_ledger"
"""Airflow's name of the finance ledger's connection."""
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class PlatformConnection:
    """One shop's (or a county's) access to a sales platform; ``base_url`` has scheme, host and port.

    ``history_days``: how far back this server says it serves, where that is not the profile's usual.
    """

    conn_id: str
    county_code: str
    name: str
    base_url: str
    app_key: str
    secret: str = field(repr=False)
    profile: str
    platform: str
    session: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    sign_method: str | None = None
    history_days: int | None = None
    method: str | None = None


@dataclass(frozen=True)
class DatabaseConnection:
    """A database SQLAlchemy can open; ``url`` may hold a password."""

    conn_id: str
    url: str = field(repr=False)


def known(settings: Settings) -> Mapping[str, str]:
    """Return the connections there are: those that Airflow knows, by id, else the environment.

    What it holds is read on demand, one by one; going through the names reads none of them.
    """
    return settings.environ if settings.connections is None else settings.connections


def platform_names(connections: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return ``conn_id`` and county of every sales platform, sorted; blank variables are skipped.

    Raises:
        ConfigError: one is misnamed.
    """
    return sorted((conn_id, named[1]) for conn_id, _, named in _platforms(connections))


def platform_connections(connections: Mapping[str, str]) -> list[PlatformConnection]:
    """Read every sales platform, sorted by ``conn_id``; blank variables are skipped.

    Raises:
        ConfigError: one is misnamed, cannot be read, or lacks a field.
    """
    found = [
        _platform(from_airflow_json(conn_id, connections[key], key), named[1], named[2].lower())
        for conn_id, key, named in _platforms(connections)
    ]
    return sorted(found, key=lambda connection: connection.conn_id)


def platform_of(text: str, called: str) -> PlatformConnection:
    """Read a sales platform's connection whose id is not known: county and platform stand in ``extra``.

    Raises:
        ConfigError: it cannot be read, or lacks a field.
    """
    source = from_airflow_json(called, text, called)
    return _platform(source, source.need("county_code"), source.need("platform"))


def fund_ledger(connections: Mapping[str, str]) -> DatabaseConnection | None:
    """The county finance ledger; ``None`` where none is configured.

    Raises:
        ConfigError: it cannot be read or has no ``extra.sqlalchemy_url``.
    """
    key = _key(LEDGER, connections)
    if key is None:
        return None
    connection = from_airflow_json(LEDGER, connections[key], key)
    return DatabaseConnection(connection.conn_id, connection.need("sqlalchemy_url"))


def has_fund_ledger(connections: Mapping[str, str]) -> bool:
    """Whether a finance ledger is configured, readable or not."""
    return _key(LEDGER, connections) is not None


def connection_of(conn_id: str, connections: Mapping[str, str]) -> PlatformConnection | DatabaseConnection:
    """Return one connection by its id.

    Raises:
        ConfigError: there is none, or it cannot be read; says where it stands, never what is in it.
    """
    key = _key(conn_id, connections)
    if key is None:
        step = f"在 Airflow 的“连接”页新建 {conn_id}，或为运行任务的组件设置 {PREFIX}{conn_id.upper()}"
        raise ConfigError(f"no connection {conn_id}", zh=f"没有连接 {conn_id}", next_step=step)
    own = {key: connections[key]}
    ledger = fund_ledger(own) if conn_id == LEDGER else None
    return ledger or platform_connections(own)[0]


def county_of(conn_id: str) -> str:
    """Return the county that the id of a sales platform's connection (or its variable) names.

    Raises:
        ConfigError: it is misnamed.
    """
    return _named(conn_id)[1]


def is_platform_id(conn_id: str) -> bool:
    """Whether an id is one of a sales platform's connection."""
    return conn_id.startswith(SALES) and _SALES.fullmatch(conn_id) is not None


def _key(conn_id: str, connections: Mapping[str, str]) -> str | None:
    """Return what a connection stands under: its id, or a variable that is not blank."""
    if conn_id in connections:
        return conn_id
    wanted = PREFIX + conn_id.upper()
    return next((key for key in connections if key.upper() == wanted and connections[key].strip()), None)


def _platforms(connections: Mapping[str, str]) -> Iterator[tuple[str, str, re.Match[str]]]:
    """Yield id, key and the name taken apart of each that names a sales platform."""
    for key in connections:
        conn_id = key
        if key.upper().startswith(PREFIX):
            if not connections[key].strip():
                continue
            conn_id = key[len(PREFIX) :].lower()
        if conn_id.startswith(SALES):
            yield conn_id, key, _named(key)


def _named(key: str) -> re.Match[str]:
    named = _SALES.fullmatch(key)
    if not named:
        start, form = ("AIRFLOW_CONN_SALES_", "<NAME>") if key.upper().startswith(PREFIX) else (SALES, "<name>")
        raise wrong(
            key, f"its name must be {start}<six-digit county>_{form}", f"名称应为 {start}<六位区划代码>_{form}"
        )
    return named


def _platform(source: AirflowConnection, county_code: str, name: str) -> PlatformConnection:
    if (source.option("county_code") or county_code) != county_code:
        raise wrong(
            source.variable, "extra.county_code is not the county in its name",
            "extra.county_code 与连接名称中的区划代码不一致",
        )  # fmt: skip
    for what, value in (("login (the app key)", source.login), ("password (the secret)", source.password)):
        if not value:
            raise wrong(source.variable, f"{what} is missing", f"缺少 {what}")
    platform = (source.option("platform") or name).lower()
    if not _WORD.fullmatch(platform):
        raise wrong(
            source.variable, "extra.platform must be a short name of letters and digits",
            "extra.platform 应为字母和数字组成的短名",
        )  # fmt: skip
    return PlatformConnection(
        conn_id=source.conn_id,
        county_code=county_code,
        name=name,
        base_url=_base_url(source),
        app_key=source.login,
        secret=source.password,
        profile=source.need("profile"),
        platform=platform,
        session=source.option("session"),
        refresh_token=source.option("refresh_token"),
        sign_method=source.option("sign_method"),
        history_days=number(source.option("history_days"), "extra.history_days", source.variable),
        method=source.option("method"),
    )


def _base_url(source: AirflowConnection) -> str:
    """``host`` may bring its own scheme, as Airflow's HTTP hook allows; the default is http."""
    scheme, found, rest = source.host.partition("://")
    scheme, rest = (scheme, rest) if found else (source.schema or "http", source.host)
    host, slash, path = rest.rstrip("/").partition("/")
    if scheme.lower() not in ("http", "https"):
        raise wrong(source.variable, "schema must be http or https", "schema 应为 http 或 https")
    if not host or re.search(r"[\s@?#\\]", host + path):
        raise wrong(source.variable, "host is missing or is not a host name", "host 缺失或不是主机名")
    bare_ipv6 = host.count(":") > 1 and not host.startswith("[")
    host = f"[{host}]" if bare_ipv6 else host
    if source.port is not None and not re.search(r":\d+$", host.rpartition("]")[2]):
        host = f"{host}:{source.port}"
    return f"{scheme.lower()}://{host}{slash}{path}"
