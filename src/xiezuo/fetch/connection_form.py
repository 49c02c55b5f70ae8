"""Airflow's forms of a connection, JSON and URI, taken apart; Airflow itself is not needed for it.

What is in a connection is secret: an error names the variable and the field, never a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from xiezuo.base.errors import ConfigError

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
            raise wrong(self.variable, f"extra.{name} is missing")
        return value

    def option(self, name: str) -> str | None:
        """Return a text of ``extra``; ``None`` where it is missing or blank."""
        value = self.extra.get(name)
        if isinstance(value, bool | dict | list):
            raise wrong(self.variable, f"extra.{name} is not a text")
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
        raise wrong(variable, "it is not valid JSON" if document is None else "extra is not a JSON object")
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
        raise wrong(variable, "it is neither Airflow's JSON form nor its URI form")
    query: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
    packed = _object(query.pop("__extra__", "{}"))
    if packed is None:
        raise wrong(variable, "__extra__ is not a JSON object")
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
        raise wrong(variable, f"{name} is not a text")
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
        raise wrong(variable, f"{name} is not a positive whole number")
    return int(text)


def wrong(variable: str, problem: str) -> ConfigError:
    """Return the error of a connection that cannot be used."""
    return ConfigError(
        f"the connection {variable} cannot be used: {problem}",
        zh=f"连接 {variable} 的设置有误",
        next_step="correct the variable; docs/interfaces.md shows its form",
    )
