"""Profile ``top`` of the sample platforms: MD5 or HMAC-MD5 signed forms, pages newest first.

Modelled on the published conventions of the Taobao Open Platform. Errors come with HTTP 200 in an
``error_response``. A window includes both of its ends, so an item at midnight is in two windows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from xiezuo.base.clock import SHANGHAI
from xiezuo_sample.platforms.answer import SESSION, SIGNING_KEY, Answer
from xiezuo_sample.platforms.orders import OrderStore, seconds_of

METHOD = "taobao.trades.sold.increment.get"
PATH = "/router/rest"
_SKEW = timedelta(minutes=10)
_SPAN_SECONDS = 86_400
_HISTORY = timedelta(days=92)
_NEEDED = ("app_key", "method", "format", "v", "sign_method", "timestamp", "session", "sign")
_NEEDED_HERE = ("start_modified", "end_modified")
_FIXED = {"method": METHOD, "format": "json", "v": "2.0"}


def sign_md5(params: Mapping[str, str], secret: str) -> str:
    """Return the ``md5`` signature of all parameters but ``sign`` itself."""
    return (
        hashlib.md5(f"{secret}{_joined(params)}{secret}".encode(), usedforsecurity=False).hexdigest().upper()
    )


def sign_hmac(params: Mapping[str, str], secret: str) -> str:
    """Return the ``hmac`` (HMAC-MD5) signature of all parameters but ``sign`` itself."""
    return hmac.new(secret.encode(), _joined(params).encode(), hashlib.md5).hexdigest().upper()


def _joined(params: Mapping[str, str]) -> str:
    return "".join(f"{key}{value}" for key, value in sorted(params.items()) if key != "sign")


_SIGNERS = {"md5": sign_md5, "hmac": sign_hmac}


def error(code: int, message: str, sub_code: str = "", sub_message: str = "") -> Answer:
    """Return an error envelope (HTTP 200)."""
    content = {"code": code, "msg": message, "sub_code": sub_code, "sub_msg": sub_message}
    return Answer(body=json.dumps({"error_response": content}, ensure_ascii=False).encode())


TROUBLES: Mapping[str, Callable[[int], Answer]] = {
    "throttle": lambda seconds: error(
        7,
        "App Call Limited",
        "accesscontrol.limited-by-api-access-count",
        f"This ban will last for {seconds} more seconds",
    ),
    "session": lambda _: error(27, "Invalid session", "session-expired", "the session has expired"),
    "clock": lambda _: error(31, "Invalid timestamp", "timestamp-out-of-range", "the clocks differ"),
    "busy": lambda _: error(
        15, "Remote service error", "isp.remote-service-timeout", "the service timed out"
    ),
    "truncated": lambda _: Answer(body=b'{"trades_sold_increment_get_response":{"trades":{"trade":[{"ord'),
    "short": lambda _: Answer(body=b'{"trades_sold_increment_get_response":{"trades"', fate="short"),
}
"""The troubles a profile words in its own way, by the number of seconds a ban lasts."""


class _RequestError(Exception):
    """A request that gets an error envelope."""

    def __init__(self, code: int, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.answer = error(code, message, f"isv.invalid-parameter:{detail}" if detail else "", detail)


@dataclass(frozen=True)
class TopProfile:
    """Answers the profile's requests from the stores; the app key is the platform's name.

    ``strict_history`` refuses windows that begin more than three months before the clock, as real
    platforms do; otherwise the whole of the data can be read.
    """

    stores: Mapping[str, OrderStore]
    clock: Callable[[], datetime]
    strict_history: bool = False

    def answer(self, query: str, body: bytes) -> Answer:
        """Answer a form-encoded request; the query holds nothing."""
        del query
        try:
            params = _form(body)
            store = self._authenticated(params)
            window = self._window(params, store)
            page_no = _whole(params, "page_no", 1, 1_000_000, 1)
            page_size = _whole(params, "page_size", 1, 100, 40)
        except _RequestError as refused:
            return refused.answer
        first, last = (page_no - 1) * page_size, page_no * page_size
        trades = b",".join(store.read(position) for position in window[first:last])
        if params.get("use_has_next") == "true":
            tail = b'"has_next":' + (b"true" if last < len(window) else b"false")
        else:
            tail = b'"total_results":%d' % len(window)
        return Answer(
            body=b'{"trades_sold_increment_get_response":{"trades":{"trade":[%b]},%b}}' % (trades, tail)
        )

    def _authenticated(self, params: Mapping[str, str]) -> OrderStore:
        """Check system parameters in the order a platform does: arguments, key, time, signature, session."""
        for name in _NEEDED:
            if not params.get(name):
                raise _RequestError(40, f"Missing required arguments:{name}", name)
        for name, value in _FIXED.items():
            if params[name] != value:
                raise _RequestError(41, f"Invalid arguments:{name}", name)
        store = self.stores.get(params["app_key"])
        sign = _SIGNERS.get(params["sign_method"])
        if store is None or sign is None:
            raise _RequestError(
                41, f"Invalid arguments:{'sign_method' if store else 'app_key'}", "app_key or sign_method"
            )
        try:
            sent = datetime.strptime(params["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        except ValueError:
            raise _RequestError(41, "Invalid arguments:timestamp", "timestamp") from None
        if abs(sent - self.clock()) > _SKEW:
            raise _RequestError(31, "Invalid timestamp", "timestamp")
        if not hmac.compare_digest(sign(params, SIGNING_KEY).encode(), params["sign"].encode()):
            raise _RequestError(25, "Invalid signature")
        if params["session"] != SESSION:
            raise _RequestError(27, "Invalid session")
        return store

    def _window(self, params: Mapping[str, str], store: OrderStore) -> range:
        seconds = []
        for name in _NEEDED_HERE:
            if not params.get(name):
                raise _RequestError(40, f"Missing required arguments:{name}", name)
            try:
                seconds.append(seconds_of(params[name]))
            except ValueError:
                raise _RequestError(41, f"Invalid arguments:{name}", name) from None
        start, end = seconds
        if not 0 <= end - start <= _SPAN_SECONDS:
            raise _RequestError(41, "Invalid arguments:end_modified", "the span is at most one day")
        if self.strict_history:
            oldest = (self.clock() - _HISTORY).astimezone(SHANGHAI)
            if start < seconds_of(f"{oldest:%Y-%m-%d %H:%M:%S}"):
                raise _RequestError(41, "Invalid arguments:start_modified", "at most three months back")
        return store.window(start, end)


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise _RequestError(41, "Invalid arguments:form") from None
    return dict(pairs)


def _whole(params: Mapping[str, str], name: str, least: int, most: int, default: int) -> int:
    text = params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise _RequestError(41, f"Invalid arguments:{name}", name)
    return int(text)
