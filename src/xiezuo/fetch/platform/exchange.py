"""One bounded HTTP exchange: what comes back is a whole answer or a named trouble, never a hang.

Nothing is followed, stored or taken from the environment: redirects are refused, cookies dropped,
proxies and netrc ignored. Query strings carry tokens and exceptions of the HTTP library quote them,
so no such exception leaves this module, not even as the context of another.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Literal

import requests
import urllib3
from requests import exceptions as problems

from xiezuo.fetch.platform.deadline import BODY, NEXT, BoundedAdapter, Deadline, Step, Transfer
from xiezuo.fetch.platform.profile import Action
from xiezuo.fetch.platform.signing import Call

_BLOCK = 65_536
_EXCHANGE: Step = ("the answer", "平台的一次应答")


@dataclass(frozen=True)
class Limits:
    """What a platform may take of us; every one of them holds whatever it sends, see :mod:`.deadline`.

    Seconds to connect, of silence, of one exchange and of a whole window in all: pages, tries and waits together.
    Bytes of a body.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    exchange_seconds: float = 60.0
    total_seconds: float = 1_200.0
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

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._transfer = Transfer(limits.connect_seconds, limits.read_seconds, limits.body_bytes)
        self._session = _Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, BoundedAdapter(self._transfer))
        logging.getLogger("urllib3.connectionpool").addFilter(_QUERY_HIDDEN)

    def close(self) -> None:
        """Close the kept connection."""
        self._session.close()

    def send(self, call: Call, window: Deadline) -> Reply | Trouble:
        """Send one call; every failure of network or server comes back as a :class:`Trouble`.

        It ends by the limit of an exchange and by the window's deadline, whichever comes first.
        """
        own = Deadline.after(self._limits.exchange_seconds, _EXCHANGE)
        ends = min(own, window, key=lambda deadline: deadline.ends)
        if ends.left <= 0:
            return _late(ends, NEXT)
        self._transfer.begin(ends)
        try:
            return self._answer(call, ends)
        except (problems.InvalidURL, problems.InvalidSchema, problems.MissingSchema):
            return Trouble("stop", "the address of the connection cannot be used", zh="连接地址无法使用")
        except (problems.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if self._transfer.too_long:
                return self._too_long()
            if ends.left <= 0:
                return _late(ends, self._transfer.step)
            return Trouble("retry", f"the connection failed ({type(error).__name__})")

    def _answer(self, call: Call, ends: Deadline) -> Reply | Trouble:
        with self._open(call) as response:
            self._transfer.step = BODY
            refusal = _refusal(response)
            if refusal:
                return refusal
            body = self._read(response, ends)
            if isinstance(body, Trouble):
                return body
            return Reply(response.status_code, body, http_time(response.headers.get("Date")))

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

    def _read(self, response: requests.Response, ends: Deadline) -> bytes | Trouble:
        """Read in whatever portions arrive: what is packed may unpack for longer than it took to arrive."""
        body = bytearray()
        while block := response.raw.read1(_BLOCK, decode_content=True):
            body += block
            if len(body) > self._limits.body_bytes:
                return self._too_long()
            if ends.left <= 0:
                return _late(ends, BODY)
        return bytes(body)

    def _too_long(self) -> Trouble:
        most = self._limits.body_bytes
        zh = f"平台的一次应答超过 {most} 字节，已停止读取并保留原有数据"
        return Trouble("down", f"the answer is longer than {most} bytes", zh=zh)


def _late(ends: Deadline, step: Step) -> Trouble:
    """Trying again now would not help: whoever trickles has had its time."""
    reason, zh = ends.told(step)
    return Trouble("down", reason, zh=zh)


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
