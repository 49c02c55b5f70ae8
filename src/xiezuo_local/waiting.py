"""Waiting: for as long as it takes, told of every half minute, and given up only after what no loaded machine needs."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xiezuo.base.errors import XiezuoError
from xiezuo_local.console import Console
from xiezuo_local.processes import Child, tail

EVERY = 30.0
# A start takes a quarter of a minute; with fifteen processes for each processor it took two minutes.
LIMIT = 1800.0
_TICK = 0.5


class GivenUp(XiezuoError):
    """Something has been waited for so long that a person should look at it."""


class ComponentDied(XiezuoError):
    """A process ended although it should run."""


class Waiting:
    """One thing waited for; ``what`` may be changed while it lasts."""

    def __init__(self, what: str, log: Path, limit: float, alive: Callable[[], None]) -> None:
        self.what = what
        self.log = log
        self.began = time.monotonic()
        self._limit = limit
        self._last = self.began
        self._alive = alive

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return time.monotonic() - self.began

    def progressed(self) -> None:
        """Note that something has moved: the limit counts from here."""
        self._last = time.monotonic()

    def check(self) -> None:
        """Make sure that going on makes sense.

        Raises:
            ComponentDied: the process waited for has ended.
            GivenUp: nothing has moved for the whole limit.
        """
        self._alive()
        if (still := time.monotonic() - self._last) > self._limit:
            raise GivenUp(
                f"waited {_for_a_person(still)} for {self.what}, without success; {load()}",
                next_step=f"see {self.log}\n"
                "let the machine finish what else it does, then make again: it goes on from what is there",
            )


class Patience:
    """What one command waits for, one thing inside the other, and the thread that tells of it."""

    def __init__(self, console: Console, logs: Path, *, every: float = EVERY, limit: float = LIMIT) -> None:
        self._console = console
        self._logs = logs
        self._every = every
        self._limit = limit
        self._lock = threading.Lock()
        self._open: list[Waiting] = []
        self._told = time.monotonic()
        self._teller: threading.Thread | None = None
        self._children: tuple[Child, ...] = ()

    def watch(self, children: Iterable[Child]) -> None:
        """Take these for what has to stay alive while anything is waited for."""
        self._children = tuple(children)

    @contextmanager
    def waiting(self, what: str, log: Path | None = None, limit: float | None = None) -> Iterator[Waiting]:
        """Wait for ``what`` while the block lasts: somebody is told every half minute, whatever the block hangs in."""
        one = Waiting(what, log or self._logs, limit or self._limit, self._check)
        with self._lock:
            self._open.append(one)
            if self._teller is None:
                self._teller = threading.Thread(target=self._tell, daemon=True, name="waiting")
                self._teller.start()
        try:
            yield one
        finally:
            with self._lock:
                self._open.remove(one)

    def _check(self) -> None:
        check(self._children)

    def _tell(self) -> None:
        """Print the innermost wait that is long enough, one line each half minute."""
        while True:
            time.sleep(min(_TICK, self._every))
            now = time.monotonic()
            with self._lock:
                long = [one for one in self._open if now - one.began >= self._every]
                if long and now - self._told >= self._every:
                    self._told = now
                    self._console.say(f"still waiting for {long[-1].what} ({long[-1].seconds:.0f} s) …")


def check(children: Iterable[Child]) -> None:
    """Make sure that all of them still run.

    Raises:
        ComponentDied: one has ended; its last lines are in the message.
    """
    for child in children:
        if not child.alive():
            raise ComponentDied(
                f"{child.name} ended with code {child.process.returncode}",
                next_step=f"see {child.log}\n" + "\n".join(tail(child.log, 8)),
            )


def load() -> str:
    """Return how much the machine has to do, in words."""
    return f"the load of this machine is {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def _for_a_person(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
