"""One measured process: how long, how much CPU on which side, how much memory."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import psycopg

from bench.task import RESULT

_SAMPLE_SECONDS = 0.1
_LOOK_SECONDS = 0.5  # looking for children reads the whole process table


class Failed(RuntimeError):
    """A measured process did not do what it was to do; the bench goes on with the others and says so."""


@dataclass(frozen=True)
class Measured:
    """One run: ``seconds`` of the clock, CPU seconds of the client's processes and of the server's, peak memory."""

    seconds: float
    client_cpu: float
    server_cpu: float
    rss_mb: float


def measure(
    command: Sequence[str], environ: Mapping[str, str], server: psutil.Process, place: Path,
    *, stdin: Path | None = None,
) -> Measured:  # fmt: skip
    """Run ``command`` and watch it; a process that writes no result of its own is timed from start to end.

    Its result and what it says go to ``place`` with ``.json`` and ``.log``.
    ``rss_mb`` is the largest sum of resident memory over the process and its children, sampled ten times
    a second; PostgreSQL's processes are none of them.

    Raises:
        Failed: it ended with an error; the message has the end of what it said.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    result, log = place.with_suffix(".json"), place.with_suffix(".log")
    result.unlink(missing_ok=True)
    server_before = server_cpu(server)
    with log.open("wb") as said, _opened(stdin) as given:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command], env={**environ, RESULT: str(result)}, stdin=given, stdout=said, stderr=subprocess.STDOUT
        )
        watch = _Watch(psutil.Process(process.pid))
        watch.start()
        try:
            status = process.wait()
            seconds = time.perf_counter() - started
        finally:
            process.kill()  # nothing where it has ended; where we were interrupted, it must not work on
            watch.ended.set()
            watch.join()
    if status != 0:
        raise Failed(f"{place.name} ended with {status}: {_end_of(log)}")
    own = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {"seconds": seconds, "cpu": watch.cpu}
    return Measured(own["seconds"], own["cpu"], server_cpu(server) - server_before, watch.peak / 1e6)


def server_process(owner_url: str) -> psutil.Process:
    """Return the server's main process, whose children serve the connections."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("select pg_backend_pid()").fetchone()
        parent = psutil.Process(row[0]).parent() if row else None
    if parent is None:
        raise Failed("the database server does not run on this machine")
    return parent


def server_cpu(server: psutil.Process) -> float:
    """Return the CPU seconds of the server so far: its main process, children that ended, children that live."""
    while True:
        before, living = server.cpu_times(), 0.0
        for child in server.children():
            try:
                own = child.cpu_times()
            except psutil.NoSuchProcess:
                continue  # it ended meanwhile: the main process has its time now
            living += own.user + own.system
        after = server.cpu_times()
        if before.children_user == after.children_user and before.children_system == after.children_system:
            return float(living + after.user + after.system + after.children_user + after.children_system)


class _Watch(threading.Thread):
    """Samples a process and its children until ``ended`` is set."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__(daemon=True)
        self._process, self.peak, self.cpu, self.ended = process, 0, 0.0, threading.Event()

    def run(self) -> None:
        family, looked = [self._process], 0.0
        while True:
            try:
                if time.monotonic() > looked + _LOOK_SECONDS:
                    family, looked = [self._process, *self._process.children(recursive=True)], time.monotonic()
                self.peak = max(self.peak, sum(one.memory_info().rss for one in family))
                self.cpu = sum(sum(one.cpu_times()[:2]) for one in family)
            except psutil.NoSuchProcess:
                looked = 0.0  # a child ended while it was looked at
            if self.ended.wait(_SAMPLE_SECONDS):
                return


def _opened(path: Path | None) -> IO[bytes]:
    return Path("/dev/null" if path is None else path).open("rb")


def _end_of(log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return " | ".join(said[-4:]) or "it said nothing"
