"""Reading cases as the loader does: files landed, workbooks in a process of their own, the next one read ahead."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from types import FrameType

import psutil

from sweeps.fuzz.account import Outcome, judge
from sweeps.fuzz.cases import COUNTY, Case
from xiezuo.base.settings import Settings
from xiezuo.conform.intake import Intake, Landed, Taken
from xiezuo.conform.readers import Sheet
from xiezuo.fetch.landing import Landing
from xiezuo.load.landings import collected
from xiezuo.validate.deliveries import judge_all

MOST_SECONDS = 20.0
"""Processor time of this process that one case may take; the child that parses a workbook has limits of its own."""


class TookTooLong(Exception):
    """A case was still being read when its processor time was over."""


class Reader:
    """The parent process of the production reader, with cases for landings."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._landing = settings, Landing(settings.landing_dir)
        self._intake = Watched(settings)
        signal.signal(signal.SIGPROF, _too_long)

    def outcomes(self, cases: Sequence[Case]) -> dict[int, Outcome]:
        """Read some cases, let them be judged together as a night's files are, and hold each to its account."""
        mask = self._intake.privacy.mask
        read = self.read(cases)
        return {case.number: judge(*one, mask) for case, one in zip(cases, read, strict=True)}

    def read(self, cases: Sequence[Case]) -> list[tuple[Taken, list[Sheet]]]:
        """Read and judge some cases; return what became of each, and its sheets as they were read."""
        landings = [self._landed(case) for case in cases]
        taken = [one for held in collected(self._intake, landings) for one in held]
        with at_most(MOST_SECONDS):
            judge_all(self._settings.root, taken)
        found = [(one, self._intake.sheets_of(one.landing)) for one in taken]
        self._intake.forget()
        for landing in landings:
            self._landing.path(landing["sha256"]).unlink(missing_ok=True)
        return found

    def _landed(self, case: Case) -> Landed:
        sha256 = self._landing.keep([case.data])
        return {
            "kind": "file", "county_code": COUNTY, "source": case.place.split("/")[1], "sha256": sha256,
            "uri": f"inbox:{case.number}", "landing_id": case.number, "details": {"place": case.place},
        }  # fmt: skip


class Watched(Intake):
    """An intake that keeps the sheets it was given, and gives no case more processor time than it may have."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._kept: dict[str, list[Sheet]] = {}

    def take(self, landing: Landed, sheets: Future[list[Sheet]] | None) -> Taken:
        """Conform a landing as the loader does."""
        with at_most(MOST_SECONDS):
            taken = super().take(landing, sheets)
        if sheets is not None and sheets.done() and sheets.exception() is None:
            self._kept[landing["uri"]] = sheets.result()
        return taken

    def sheets_of(self, landing: Landed) -> list[Sheet]:
        """Return what was read of a landing; nothing where it could not be read."""
        return self._kept.get(landing["uri"], [])

    def forget(self) -> None:
        """Let go of all sheets, which the loader does not hold either."""
        self._kept.clear()


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TookTooLong inside the block once this process has used so much processor time, whoever else is busy."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_long(_: int, __: FrameType | None) -> None:
    raise TookTooLong(f"more than {MOST_SECONDS:.0f} s of processor time")


def resident_mb() -> float:
    """Return how much memory this process holds, after what nothing refers to has been let go."""
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20
