"""Profile ``doudian`` of the sample platforms: HMAC-SHA256 over five parameters, pages from 0, newest first.

Modelled on the published conventions of the Douyin e-commerce platform. System parameters travel in the
query, business parameters as one JSON text in the body, keys sorted and without spaces: that text is what
is signed. Amounts are fen, times epoch seconds. Errors come with HTTP 200 and a ``code`` other than 10000.
A window includes both of its ends, so an item at midnight is in two windows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from xiezuo.base.clock import SHANGHAI
from xiezuo_sample.platforms.answer import SESSION, SIGNING_KEY, Answer
from xiezuo_sample.platforms.orders import OrderStore

METHOD = "order.searchList"
PATH = "/order/searchList"
EXPIRED, THROTTLED, WRONG, LACKING, BUSY = 30001, 30007, 40003, 40004, 20000
_SIGNED = ("app_key", "method", "param_json", "timestamp", "v")
_NEEDED = ("app_key", "method", "timestamp", "v", "sign_method", "access_token", "sign")
_FIXED = {"method": METHOD, "v": "2"}
_SKEW = timedelta(minutes=10)
_HISTORY = timedelta(days=92)


def sign_sha256(params: Mapping[str, str], secret: str) -> str:
    """Return the ``hmac-sha256`` signature of the five parameters that are signed."""
    return hmac.new(secret.encode(), _wrapped(params, secret), hashlib.sha256).hexdigest()


def sign_md5(params: Mapping[str, str], secret: str) -> str:
    """Return the ``md5`` signature of the five parameters that are signed."""
    return hashlib.md5(_wrapped(params, secret), usedforsecurity=False).hexdigest()


def _wrapped(params: Mapping[str, str], secret: str) -> bytes:
    return f"{secret}{''.join(name + params[name] for name in _SIGNED)}{secret}".encode()


_SIGNERS = {"hmac-sha256": sign_sha256, "md5": sign_md5}


def error(code: int, message: str, sub_code: str = "", sub_message: str = "") -> Answer:
    """Return an answer that is an error (HTTP 200)."""
    content = {"code": code, "msg": message, "sub_code": sub_code, "sub_msg": sub_message}
    return Answer(body=json.dumps(content, ensure_ascii=False).encode())


TROUBLES: Mapping[str, Callable[[int], Answer]] = {
    "throttle": lambda seconds: error(
        THROTTLED, "接口限流", "isp.access-limited", f"This ban will last for {seconds} more seconds"
    ),
    "session": lambda _: error(EXPIRED, "access_token已过期", "isv.access-token-expired", "renew it"),
    "clock": lambda _: error(WRONG, "参数错误", "isv.parameter-invalid", "timestamp"),
    "busy": lambda _: error(BUSY, "服务繁忙", "isp.service-error", "try again"),
    "truncated": lambda _: Answer(body=b'{"code":10000,"data":{"total":3,"shop_order_list":[{"ord'),
    "short": lambda _: Answer(body=b'{"code":10000,"data":{"total":3,"shop', fate="short"),
}
"""The troubles a profile words in its own way. A clock that is off is a wrong parameter here: it stops."""


class _RequestError(Exception):
    """A request that gets an error."""

    def __init__(self, code: int, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.answer = error(code, message, "isv.parameter-invalid" if detail else "", detail)


@dataclass(frozen=True)
class DoudianProfile:
    """Answers the profile's requests from the stores; the app key is the platform's name.

    ``strict_history`` refuses windows that begin more than three months before the clock, as real
    platforms do; otherwise the whole of the data can be read.
    """

    stores: Mapping[str, OrderStore]
    clock: Callable[[], datetime]
    strict_history: bool = False

    def answer(self, query: str, body: bytes) -> Answer:
        """Answer a request: system parameters in the query, ``param_json`` as the body."""
        try:
            params = _parameters(query, body)
            store = self._authenticated(params)
            asked = _asked(params["param_json"])
            window = self._window(asked, store)
        except _RequestError as refused:
            return refused.answer
        page, size = asked["page"], asked["size"]
        orders = b",".join(store.read(position) for position in window[page * size : (page + 1) * size])
        return Answer(
            body=b'{"code":10000,"msg":"success","data":{"total":%d,"page":%d,"size":%d,"shop_order_list":[%b]}}'
            % (len(window), page, size, orders)
        )

    def _authenticated(self, params: Mapping[str, str]) -> OrderStore:
        """Check in the order a platform does: arguments, key, time, signature, token."""
        for name in _NEEDED:
            if not params.get(name):
                raise _RequestError(LACKING, "缺少参数", name)
        for name, value in _FIXED.items():
            if params[name] != value:
                raise _RequestError(WRONG, "参数错误", name)
        store, sign = self.stores.get(params["app_key"]), _SIGNERS.get(params["sign_method"])
        if store is None or sign is None:
            raise _RequestError(WRONG, "参数错误", "sign_method" if store else "app_key")
        try:
            sent = datetime.strptime(params["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        except ValueError:
            raise _RequestError(WRONG, "参数错误", "timestamp") from None
        if abs(sent - self.clock()) > _SKEW:
            raise _RequestError(WRONG, "参数错误", "timestamp")
        if not hmac.compare_digest(sign(params, SIGNING_KEY).encode(), params["sign"].encode()):
            raise _RequestError(WRONG, "签名错误", "sign")
        if params["access_token"] != SESSION:
            raise _RequestError(EXPIRED, "access_token已过期")
        return store

    def _window(self, asked: Mapping[str, int], store: OrderStore) -> range:
        start, end = asked["update_time_start"], asked["update_time_end"]
        if end < start:
            raise _RequestError(WRONG, "参数错误", "update_time_end")
        if self.strict_history and start < (self.clock() - _HISTORY).timestamp():
            raise _RequestError(WRONG, "参数错误", "update_time_start: at most three months back")
        return store.window(start, end)


def _parameters(query: str, body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
        return dict(pairs) | {"param_json": body.decode()}
    except ValueError:
        raise _RequestError(WRONG, "参数错误", "query or body") from None


def _asked(text: str) -> dict[str, int]:
    """Return the business parameters; a text that is not sorted and compact could be signed in two ways."""
    try:
        asked: Any = json.loads(text)
        is_canonical = text == json.dumps(asked, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        is_canonical = False
    if not is_canonical or not isinstance(asked, dict):
        raise _RequestError(WRONG, "参数错误", "param_json")
    limits = {
        "page": (0, 1_000_000), "size": (1, 100),
        "update_time_start": (0, 10**11), "update_time_end": (0, 10**11),
    }  # fmt: skip
    for name, (least, most) in limits.items():
        value = asked.get(name)
        if type(value) is not int or not least <= value <= most:
            raise _RequestError(LACKING if value is None else WRONG, "参数错误", name)
    return {name: asked[name] for name in limits}
