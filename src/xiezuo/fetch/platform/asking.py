"""Asking for one page until it is there: sign, send, judge, wait, renew, or say why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NoReturn

from xiezuo.base.errors import ConfigError, SourceDown, XiezuoError
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.answers import Answer, dig, parse_json, read_answer
from xiezuo.fetch.platform.exchange import Exchange, Limits, Reply, Trouble
from xiezuo.fetch.platform.profile import Profile, Refresh
from xiezuo.fetch.platform.retries import Waiting, down
from xiezuo.fetch.platform.signing import Call, Value, build_call, wire_time

_MOST_SKEW = timedelta(days=1)


class WindowTooOld(XiezuoError):
    """The platform no longer serves a window that lies so far back: start later."""

    exit_code = SourceDown.exit_code


@dataclass(frozen=True)
class Renewed:
    """A session renewed on the way; both are secrets."""

    conn_id: str
    session: str = field(repr=False)
    refresh_token: str | None = field(repr=False)


class Asker:
    """Turns page numbers into answers for one connection; keeps its session and clock offset."""

    def __init__(
        self,
        connection: PlatformConnection,
        profile: Profile,
        clock: Callable[[], datetime],
        limits: Limits,
        on_renewed: Callable[[Renewed], None] | None = None,
    ) -> None:
        self._connection = connection
        self._profile = profile
        self._clock = clock
        self._offset = timedelta()
        self._session = connection.session
        self._refresh_token = connection.refresh_token
        self._on_renewed = on_renewed
        self._sign_method = connection.sign_method or profile.signature.default
        if self._sign_method not in profile.signature.methods:
            known = ", ".join(sorted(profile.signature.methods))
            raise ConfigError(f"{connection.conn_id}: extra.sign_method must be one of {known}")
        self._exchange = Exchange(limits)

    def close(self) -> None:
        """Close the connection to the platform."""
        self._exchange.close()

    def page(self, start: datetime, end: datetime, page_no: int, waiting: Waiting) -> Answer:
        """Return one page of a window.

        Raises:
            SourceDown, WindowTooOld, ConfigError: as :meth:`.platform.PlatformClient.fetch_window`.
        """
        done: set[str] = set()
        attempt = 0
        while True:
            attempt += 1
            outcome = self._exchange.send(self._page_call(start, end, page_no), waiting.deadline)
            answer = read_answer(self._profile, outcome) if isinstance(outcome, Reply) else outcome
            if isinstance(answer, Answer):
                return answer
            if answer.action in ("refresh", "resign") and answer.action not in done:
                done.add(answer.action)
                attempt -= 1
                self._mend(answer, waiting)
            elif answer.action in ("retry", "wait"):
                waiting.pause(self._redacted(answer), attempt)
            else:
                self._give_up(self._redacted(answer), start)

    def _mend(self, trouble: Trouble, waiting: Waiting) -> None:
        """Renew the session, or take the server's time before the next signature.

        A difference of more than a day is no skew: one of the clocks was moved on purpose
        (``XIEZUO_NOW``), and then ours is the one that counts.
        """
        if trouble.action == "refresh":
            self._renew(waiting)
        elif trouble.server_time is not None:
            offset = trouble.server_time - self._clock()
            self._offset = offset if abs(offset) <= _MOST_SKEW else timedelta()

    def _give_up(self, trouble: Trouble, start: datetime | None) -> NoReturn:
        who, reason = self._connection.conn_id, trouble.reason
        if trouble.action == "down":
            raise down(who, reason, trouble.zh)
        history = timedelta(days=self._profile.history_days)
        if trouble.action == "bad_request" and start and start < self._clock() - history:
            raise WindowTooOld(
                f"{who}: the platform refuses a window from {start.date()} ({reason})",
                zh=f"平台不再提供 {start.date()} 的订单",
                next_step="起始日期改晚一些，更早的订单用导出文件补入",
            )
        zh, step = _ADVICE.get(trouble.action, _ADVICE["stop"])
        raise ConfigError(f"{who}: {reason}", zh=trouble.zh or zh, next_step=step)

    def _renew(self, waiting: Waiting) -> None:
        """Exchange the refresh token for a new session.

        Raises:
            ConfigError: the profile or the connection has no way to, or the platform declines.
        """
        refresh = self._profile.refresh
        if refresh is None or not self._refresh_token:
            self._give_up(Trouble("refresh", "the session expired and there is no way to renew it"), None)
        call = build_call(self._connection.base_url, refresh.request, self._values())
        attempt = 0
        while True:
            attempt += 1
            outcome = self._exchange.send(call, waiting.deadline)
            if isinstance(outcome, Reply):
                return self._keep(refresh, outcome)
            if outcome.action not in ("retry", "wait"):
                self._give_up(outcome, None)
            waiting.pause(outcome, attempt)

    def _keep(self, refresh: Refresh, reply: Reply) -> None:
        document = parse_json(reply.body) if reply.status < 400 else None
        session = _first(document, refresh.session)
        if session is None:
            self._give_up(Trouble("refresh", "the session expired and the platform did not renew it"), None)
        self._session = session
        self._refresh_token = _first(document, refresh.refresh_token) or self._refresh_token
        if self._on_renewed:
            self._on_renewed(Renewed(self._connection.conn_id, session, self._refresh_token))

    def _page_call(self, start: datetime, end: datetime, page_no: int) -> Call:
        times = self._profile.times
        values = self._values() | {
            "window_start": wire_time(start, times.window),
            "window_end": wire_time(end, times.window, up=True),
            "page_no": page_no,
            "page_size": self._profile.paging.size,
        }
        return build_call(
            self._connection.base_url,
            self._profile.request,
            values,
            signature=self._profile.signature,
            secret=self._connection.secret,
        )

    def _values(self) -> dict[str, Value]:
        return {
            "app_key": self._connection.app_key,
            "method": self._connection.method or self._profile.method,
            "timestamp": wire_time(self._clock() + self._offset, self._profile.times.timestamp),
            "session": self._session,
            "refresh_token": self._refresh_token,
            "sign_method": self._sign_method,
        }

    def _redacted(self, trouble: Trouble) -> Trouble:
        """Codes come from the server, and nothing keeps it from sending a token as one."""
        reason = trouble.reason
        for secret in (self._session, self._refresh_token, self._connection.secret):
            reason = reason.replace(secret, "***") if secret else reason
        return Trouble(trouble.action, reason, trouble.wait, trouble.server_time, trouble.zh)


_ADVICE = {
    "stop": (
        "平台拒绝了请求，请核对连接设置",
        "核对连接中的地址、app key、密钥和 sign_method",
    ),
    "bad_request": ("平台拒绝了请求参数", "核对连接的 profile、method 和 sign_method"),
    "refresh": (
        "平台授权已过期，请重新授权",
        "请店铺重新授权，再更新 extra.session 和 extra.refresh_token",
    ),
    "resign": ("本机时钟与平台不一致", "校准本机时钟，或取消 XIEZUO_NOW"),
}


def _first(document: object, paths: tuple[str, ...]) -> str | None:
    found = (dig(document, path) for path in paths)
    return next((value for value in found if isinstance(value, str) and value.strip()), None)
