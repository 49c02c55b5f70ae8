"""One bounded HTTP exchange: what comes back is a whole answer or a named trouble, never a hang.

Nothing is followed, stored or taken from the environment: redirects are refused, cookies dropped,
proxies and netrc ignored. Query strings carry tokens and exceptions of the HTTP library quote them,
so no such exception leaves this module, not even as the context of another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Literal

import requests
import urllib3
from requests import exceptions as problems

from xiezuo.fetch.platform.profile import Action
from xiezuo.fetch.platform.signing import Call

_BLOCK = 65_536


@dataclass(frozen=True)
class Limits:
    """Bounds of one exchange: seconds to connect, of silence, and in all; bytes of a body."""

    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    total_seconds: float = 60.0
    body_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True)
class Reply:
    """A whole answer: status, body (at most the limit) and the server's own clock if it told."""

    status: int
    body: bytes = field(repr=False)
    server_time: datetime | None = None


@dataclass(frozen=True)
class Trouble:
    """Why there is no usable answer, and what it asks for; ``reason`` holds nothing secret.

    ``wait``: seconds the server asked for. ``down``: trying again now would not help.
    """

    action: Action | Literal["down"]
    reason: str
    wait: float | None = None
    server_time: datetime | None = None
    zh: str = ""


class _QueryHidden(logging.Filter):
    """The HTTP library logs whole addresses when debugging is on: cut them at the query."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args)
        return True


_QUERY_HIDDEN = _QueryHidden()


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Name no target: otherwise a redirect's body is read to its end, however long."""
        del resp


class Exchange:
    """Sends calls over one kept connection within limits."""

    def __init__(self, limits: Limits, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._session = _Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        logging.getLogger("urllib3.connectionpool").addFilter(_QUERY_HIDDEN)

    def close(self) -> None:
        """Close the kept connection."""
        self._session.close()

    def send(self, call: Call) -> Reply | Trouble:
        """Send one call; every failure of network or server comes back as a :class:`Trouble`."""
        ends = self._monotonic() + self._limits.total_seconds
        try:
            with self._open(call) as response:
                refusal = _refusal(response)
                if refusal:
                    return refusal
                body = self._read(response, ends)
                if isinstance(body, Trouble):
                    return body
                return Reply(response.status_code, body, http_time(response.headers.get("Date")))
        except (problems.InvalidURL, problems.InvalidSchema, problems.MissingSchema):
            return Trouble("stop", "the address of the connection cannot be used", zh="连接地址无法使用")
        except (problems.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            return Trouble("retry", f"the connection failed ({type(error).__name__})")

    def _open(self, call: Call) -> requests.Response:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if call.content_type:
            headers["Content-Type"] = call.content_type
        return self._session.request(
            call.verb,
            call.url,
            params=call.query,
            data=call.body,
            headers=headers,
            stream=True,
            allow_redirects=False,
            timeout=(self._limits.connect_seconds, self._limits.read_seconds),
        )

    def _read(self, response: requests.Response, ends: float) -> bytes | Trouble:
        """Read in whatever portions arrive, so that a trickle meets the clock too."""
        body = bytearray()
        while block := response.raw.read1(_BLOCK, decode_content=True):
            body += block
            if len(body) > self._limits.body_bytes:
                return Trouble("down", f"the answer is longer than {self._limits.body_bytes} bytes")
            if self._monotonic() > ends:
                return Trouble("down", f"the answer did not end within {self._limits.total_seconds:g} s")
        return bytes(body)


def _refusal(response: requests.Response) -> Trouble | None:
    """Judge by status alone; other client errors are read, since they may hold a platform's code."""
    status = response.status_code
    if 300 <= status < 400:
        return Trouble("down", f"HTTP {status}: refused to follow a redirect", zh="平台要求跳转，已拒绝")
    if status in {408, 429} or status >= 500:
        wait = retry_after(response.headers)
        return Trouble("wait" if wait is not None else "retry", f"HTTP {status}", wait)
    return None


def http_time(text: str | None) -> datetime | None:
    """Read an HTTP date; ``None`` where it is missing or cannot be read."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks for: a number, or a date measured from the server's ``Date``."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    until, now = http_time(text), http_time(headers.get("Date"))
    if until is None or now is None:
        return None
    return max(0.0, (until - now).total_seconds())
