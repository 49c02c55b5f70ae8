"""Connections to sales platforms and the fund ledger, from the variables Airflow reads as well.

``AIRFLOW_CONN_SALES_<COUNTY>_<NAME>`` and ``AIRFLOW_CONN_FUND_LEDGER`` hold Airflow's JSON form, or its
URI form. What is in them is secret: an error names the variable and the field, never a value.
"""


from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from xiezuo.base.errors import ConfigError

# Airflow's forms of a connection, JSON and URI, taken apart; Airflow itself is not needed for it.
# What is in a connection is secret: an error names the variable and the field, never a value.
PREFIX = "AIRFLOW_CONN_"


@dataclass(frozen=True)
class AirflowConnection:
    """The fields of one Airflow connection, as its JSON names them; ``extra`` is always a dict."""

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


def from_airflow_json(conn_id: str, text: str) -> AirflowConnection:
    """Read one connection in Airflow's JSON form (or its URI form).

    Raises:
        ConfigError: it is neither; the message names the variable only.
    """
    variable = PREFIX + conn_id.upper()
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


def conn_id_of(variable: str) -> str:
    """Return the id Airflow gives a connection's variable."""
    return variable[len(PREFIX) :].lower()


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


_SALES = re.compile(r"AIRFLOW_CONN_SALES_(\d{6})_([A-Z0-9][A-Z0-9_]*)", re.ASCII | re.IGNORECASE)
_FUND = "AIRFLOW_CONN_FUND_LEDGER"
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


def platform_names(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return ``conn_id`` and county of every sales platform named in the environment, sorted; blank ones are skipped.

    Raises:
        ConfigError: a variable is misnamed.
    """
    return sorted((conn_id_of(variable), named[1]) for variable, named in _platforms(environ))


def platform_connections(environ: Mapping[str, str]) -> list[PlatformConnection]:
    """Every sales platform named in the environment, sorted by ``conn_id``; blank variables are skipped.

    Raises:
        ConfigError: a variable is misnamed, cannot be read, or lacks a field.
    """
    found = [
        _platform(from_airflow_json(conn_id_of(variable), environ[variable]), named[1], named[2].lower())
        for variable, named in _platforms(environ)
    ]
    return sorted(found, key=lambda connection: connection.conn_id)


def fund_ledger(environ: Mapping[str, str]) -> DatabaseConnection | None:
    """The county finance ledger; ``None`` where none is configured.

    Raises:
        ConfigError: the variable cannot be read or has no ``extra.sqlalchemy_url``.
    """
    if not has_fund_ledger(environ):
        return None
    connection = from_airflow_json(LEDGER, environ[_FUND])
    return DatabaseConnection(connection.conn_id, connection.need("sqlalchemy_url"))


def has_fund_ledger(environ: Mapping[str, str]) -> bool:
    """Whether a finance ledger is configured, readable or not."""
    return bool(environ.get(_FUND, "").strip())


def connection_of(conn_id: str, environ: Mapping[str, str]) -> PlatformConnection | DatabaseConnection:
    """Return one connection by its id.

    Raises:
        ConfigError: there is none, or it cannot be read; names the variable, never what is in it.
    """
    wanted = PREFIX + conn_id.upper()
    own = {variable: text for variable, text in environ.items() if variable.upper() == wanted and text.strip()}
    if conn_id == LEDGER and (ledger := fund_ledger(own)) is not None:
        return ledger
    platforms = platform_connections(own) if conn_id != LEDGER else []
    if not platforms:
        step = f"为 Airflow 的每个组件设置 {wanted}"
        raise ConfigError(f"no connection {conn_id}", zh=f"没有连接 {conn_id}", next_step=step)
    return platforms[0]


def _platforms(environ: Mapping[str, str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the variables that name a sales platform, and their names taken apart."""
    for variable, text in environ.items():
        if not variable.upper().startswith("AIRFLOW_CONN_SALES_") or not text.strip():
            continue
        named = _SALES.fullmatch(variable)
        if not named:
            form = "AIRFLOW_CONN_SALES_<六位区划代码>_<NAME>"
            raise wrong(variable, "its name must be AIRFLOW_CONN_SALES_<six-digit county>_<NAME>", f"变量名应为 {form}")
        yield variable, named


def _platform(source: AirflowConnection, county_code: str, name: str) -> PlatformConnection:
    if (source.option("county_code") or county_code) != county_code:
        raise wrong(
            source.variable, "extra.county_code is not the county in the variable's name",
            "extra.county_code 与变量名中的区划代码不一致",
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
