"""Children: started in sessions of their own, marked, and found again after a crash.

Every child carries ``XIEZUO_INSTANCE=<home>`` in its environment, and so does whatever it starts. Airflow's
processes rewrite their titles and thereby that memory (seen: scheduler, workers, API server), so each child's
session is remembered and looked through too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from xiezuo_local.instance import MARKER, Instance

_LOG_LIMIT = 20_000_000
_POLL = 0.05
# The server outlives the launcher on purpose, and may have been started by a task.
_KEPT = ("postgres",)


@dataclass(frozen=True)
class Child:
    """A running child and where its output goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


def spawn(instance: Instance, name: str, command: Sequence[str], environ: Mapping[str, str]) -> Child:
    """Start a child in a session of its own, its output appended to ``logs/<name>.log``."""
    log = instance.logs / f"{name}.log"
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environ),
            start_new_session=True,
        )
    instance.remember_session(process.pid)
    return Child(name, process, log)


def stop(children: Iterable[Child], patience: float = 2.0) -> None:
    """End children and everything in their sessions: ask their leaders, then insist.

    What they lead is not asked: workers of a scheduler that are would end its database session. A component that is
    killed loses nothing, and nobody waits for one that takes long to say goodbye.
    """
    everyone = list(children)
    living = [child for child in everyone if child.alive()]
    for child in living:
        child.process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + patience
    while living and time.monotonic() < deadline:
        living = [child for child in living if child.alive()]
        time.sleep(_POLL)
    for child in living:
        _signal_group(child.process.pid, signal.SIGKILL)
        child.process.wait()
    for child in everyone:
        end_session(child)


def end_session(child: Child) -> None:
    """Kill what a dead child left in its session: a scheduler's workers wait for work for ever."""
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == child.process.pid:
                os.kill(pid, signal.SIGKILL)


def leftovers(instance: Instance) -> list[psutil.Process]:
    """Return this installation's processes, other than this one and its ancestors, oldest first."""
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    sessions = set(instance.recall().get("sessions", []))
    home, found = str(instance.home), []
    for process in psutil.process_iter(["name", "status"]):
        if process.pid in spared or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        if process.info["name"] not in _KEPT and _ours(process, home, sessions):
            found.append(process)
    return found


def clear(instance: Instance, patience: float = 5.0) -> int:
    """End whatever an earlier start left behind; return how many processes that were."""
    found = leftovers(instance)
    for number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        for group in {group for process in found if (group := _group(process.pid)) is not None}:
            if group != os.getpgrp():
                _signal_group(group, number)
        for process in found:
            _signal(process, number)
        _, found_alive = psutil.wait_procs(found, timeout=wait)
        if not found_alive:
            break
    instance.remember(sessions=None)
    return len(found)


def _ours(process: psutil.Process, home: str, sessions: set[int]) -> bool:
    """Whether a process is marked, or sits in a session we started (whose leader's id is not reused by now)."""
    try:
        environ = process.environ()
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False
    if environ.get(MARKER) == home:
        return True
    try:
        return os.getsid(process.pid) in sessions and _airflow(process)
    except ProcessLookupError:
        return False


def _airflow(process: psutil.Process) -> bool:
    try:
        return "airflow" in " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _group(pid: int) -> int | None:
    with suppress(ProcessLookupError):
        return os.getpgid(pid)
    return None


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        process.send_signal(number)


def tail(path: Path, lines: int = 15) -> list[str]:
    """Return the last lines of a log, for a message."""
    if not path.exists():
        return []
    return path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
