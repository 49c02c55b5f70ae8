"""Faults to order: what a platform does on a bad day, each a stated number of times."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from threading import Lock

from xiezuo.errors import ConfigError
from xiezuo.sample.platform_answer import Answer
from xiezuo.sample.platform_top import error

_PAGE = "<!DOCTYPE html><html><body><h1>系统升级中，请稍后再试</h1></body></html>".encode()
_ELSEWHERE = "http://platform.invalid/router/rest"


def _status(code: int) -> Callable[[int], Answer]:
    return lambda seconds: Answer(
        code, b"upstream trouble", "text/plain", {"Retry-After": str(seconds)} if seconds else {}
    )


def _throttle(seconds: int) -> Answer:
    wait = f"This ban will last for {seconds} more seconds"
    return error(7, "App Call Limited", "accesscontrol.limited-by-api-access-count", wait)


FAULTS: Mapping[str, Callable[[int], Answer]] = {
    "429": _status(429),
    "500": _status(500),
    "502": _status(502),
    "503": _status(503),
    "504": _status(504),
    "throttle": _throttle,
    "session": lambda _: error(27, "Invalid session", "session-expired", "the session has expired"),
    "clock": lambda _: error(31, "Invalid timestamp", "timestamp-out-of-range", "the clocks differ"),
    "busy": lambda _: error(
        15, "Remote service error", "isp.remote-service-timeout", "the service timed out"
    ),
    "truncated": lambda _: Answer(body=b'{"trades_sold_increment_get_response":{"trades":{"trade":[{"ord'),
    "short": lambda _: Answer(body=b'{"trades_sold_increment_get_response":{"trades"', fate="short"),
    "reset": lambda _: Answer(fate="reset"),
    "endless": lambda _: Answer(body=b" " * 65536, fate="endless"),
    "html": lambda _: Answer(body=_PAGE, content_type="text/html; charset=utf-8"),
    "redirect": lambda _: Answer(302, b"", "text/plain", {"Location": _ELSEWHERE}),
}
"""Every fault by name; its number of seconds is the ``Retry-After`` or the ban, where it has one."""


class FaultSwitch:
    """Faults waiting to happen, first ordered first served, one a request."""

    def __init__(self, spec: str = "") -> None:
        """Order the faults of ``spec``: ``kind[:times[:seconds]]``, separated by commas."""
        self._lock = Lock()
        self._waiting: deque[Answer] = deque()
        self.order([part for part in spec.split(",") if part.strip()])

    def order(self, parts: list[str]) -> int:
        """Add faults and return how many wait now.

        Raises:
            ConfigError: a part names no fault or its numbers cannot be read; nothing is added then.
        """
        answers = [answer for part in parts for answer in _answers(part)]
        with self._lock:
            self._waiting.extend(answers)
            return len(self._waiting)

    def clear(self) -> None:
        """Forget every fault that has not happened."""
        with self._lock:
            self._waiting.clear()

    def next(self) -> Answer | None:
        """Return what goes wrong with this request, or None."""
        with self._lock:
            return self._waiting.popleft() if self._waiting else None


def _answers(part: str) -> list[Answer]:
    kind, *numbers = part.strip().split(":")
    if (
        kind not in FAULTS
        or len(numbers) > 2
        or not all(number.isascii() and number.isdigit() for number in numbers)
    ):
        raise ConfigError(
            f"no such fault: {part}", next_step=f"kind[:times[:seconds]] of {', '.join(FAULTS)}"
        )
    times, seconds = [*map(int, numbers), *(1, 1)[len(numbers) :]]
    return [FAULTS[kind](seconds)] * times
