"""Running cases, some at a time, in one process or several."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from sweeps.fuzz.cases import Cases
from sweeps.fuzz.reading import Reader, resident_mb
from sweeps.fuzz.tally import Tally
from xiezuo.base.settings import Settings

TOGETHER = 40
"""So many cases are judged at once: a call of Great Expectations costs as much for one as for all."""
_NOW = "2022-12-31T23:00:00+08:00"
_SAID_EVERY = 50
_LAST_SECONDS = 30


def everything(cases: int, seed: int, processes: int) -> Tally:
    """Run so many cases in so many processes; cases of a process that died are missing from the tally."""
    context = multiprocessing.get_context("spawn")  # each begins as a loader does, with no memory of ours
    ends: dict[Connection, SpawnProcess] = {}
    for first in range(processes):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(range(first, cases, processes), seed, theirs))
        process.start()
        theirs.close()
        ends[ours] = process
    tally = Tally()
    while ends:
        for end in wait(list(ends)):
            assert isinstance(end, Connection)  # noqa: S101  (nothing else is waited for)
            try:
                tally.take_over(end.recv())
            except EOFError:
                print("a reading process ended before its cases did", file=sys.stderr)
            process = ends.pop(end)
            process.join(_LAST_SECONDS)
            process.kill()  # one whose thread hangs would never end
            process.join()
    return tally


def _work(numbers: Iterable[int], seed: int, end: Connection) -> None:
    with tempfile.TemporaryDirectory(prefix="xiezuo-fuzz-") as folder:
        settings = settings_in(Path(folder))
        end.send(run(numbers, Cases.of_sample(settings, seed, Path(folder) / "sample"), Reader(settings)))
    end.close()


def settings_in(folder: Path) -> Settings:
    """Return settings of an installation in a folder; it has no warehouse."""
    environ = {"XIEZUO_HOME": str(folder / "home"), "XIEZUO_INBOX": str(folder / "inbox"), "XIEZUO_NOW": _NOW}
    return Settings.from_env(environ)


def run(numbers: Iterable[int], cases: Cases, reader: Reader) -> Tally:
    """Run cases in this process, some at a time."""
    tally, samples = Tally(), list[float]()
    waiting = list(numbers)
    for first in range(0, len(waiting), TOGETHER):
        for number, outcome in reader.outcomes([cases.case(n) for n in waiting[first : first + TOGETHER]]).items():
            tally.add(number, outcome)
            if outcome.faults:
                again = f"make fuzz SEED={cases.seed} ONLY={number}"
                print(f"case {number}: {'; '.join(outcome.faults[:3])}   ({again})", flush=True)
        samples.append(resident_mb())
        if len(samples) % _SAID_EVERY == 0:
            print(f"{os.getpid()}: {tally.cases} cases, at fault {len(tally.faults)}, {samples[-1]:.0f} MB", flush=True)
    tally.memory.append(samples)
    return tally
