"""Faults to order: what a platform does on a bad day, each a stated number of times."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from threading import Lock

from xiezuo.base.errors import ConfigError
from xiezuo_sample.platforms import doudian, top
from xiezuo_sample.platforms.answer import Answer

_PAGE = "<!DOCTYPE html><html><body><h1>系统升级中，请稍后再试</h1></body></html>".encode()
_ELSEWHERE = "http://platform.invalid/router/rest"

Troubles = Mapping[str, Callable[[int], Answer]]


def _status(code: int) -> Callable[[int], Answer]:
    return lambda seconds: Answer(
        code, b"upstream trouble", "text/plain", {"Retry-After": str(seconds)} if seconds else {}
    )


_OF_ANY: Troubles = {
    "429": _status(429),
    "500": _status(500),
    "502": _status(502),
    "503": _status(503),
    "504": _status(504),
    "reset": lambda _: Answer(fate="reset"),
    "endless": lambda _: Answer(body=b" " * 65536, fate="endless"),
    "html": lambda _: Answer(body=_PAGE, content_type="text/html; charset=utf-8"),
    "redirect": lambda _: Answer(302, b"", "text/plain", {"Location": _ELSEWHERE}),
}
_OF_ONE: Mapping[str, Troubles] = {
    "top": top.TROUBLES,
    "doudian": doudian.TROUBLES,
}
FAULTS: tuple[str, ...] = (*_OF_ANY, *top.TROUBLES)
"""Every fault by name; every profile has all of them, each in its own words."""


def fault(kind: str, seconds: int = 1, profile: str = "top") -> Answer:
    """Return what a platform of the profile answers when that goes wrong.

    ``seconds`` is the ``Retry-After`` or the ban, where the fault has one.

    Raises:
        KeyError: no such fault or profile.
    """
    return {**_OF_ANY, **_OF_ONE[profile]}[kind](seconds)


class FaultSwitch:
    """Faults waiting to happen, first ordered first served, one a request."""

    def __init__(self, spec: str = "") -> None:
        """Order the faults of ``spec``: ``kind[:times[:seconds]]``, separated by commas."""
        self._lock = Lock()
        self._waiting: deque[tuple[str, int]] = deque()
        self.order([part for part in spec.split(",") if part.strip()])

    def order(self, parts: list[str]) -> int:
        """Add faults and return how many wait now.

        Raises:
            ConfigError: a part names no fault or its numbers cannot be read; nothing is added then.
        """
        ordered = [one for part in parts for one in _ordered(part)]
        with self._lock:
            self._waiting.extend(ordered)
            return len(self._waiting)

    def order_over_http(self, body: bytes) -> Answer:
        """Order faults from JSON: ``{"faults": "429:2,reset"}``, or ``{"429": 2, …}``; ``{}`` clears."""
        try:
            parts = _parts(json.loads(body))
            if not parts:
                self.clear()
            waiting = self.order(parts)
        except (ValueError, ConfigError) as error:
            return Answer(400, json.dumps({"error": str(error)}, ensure_ascii=False).encode())
        return Answer(body=json.dumps({"waiting": waiting}).encode())

    def clear(self) -> None:
        """Forget every fault that has not happened."""
        with self._lock:
            self._waiting.clear()

    def next(self, profile: str = "top") -> Answer | None:
        """Return what goes wrong with this request to a platform of the profile, or None."""
        with self._lock:
            return fault(*self._waiting.popleft(), profile) if self._waiting else None


def _parts(wanted: object) -> list[str]:
    if not isinstance(wanted, dict):
        raise ConfigError("faults come as a JSON object")
    parts = [part for part in str(wanted.pop("faults", "")).split(",") if part.strip()]
    return parts + [f"{kind}:{times}" for kind, times in wanted.items()]


def _ordered(part: str) -> list[tuple[str, int]]:
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
    return [(kind, seconds)] * times
