"""Cases by number: a strike and its boundary, or two runs that race; then one run that nobody disturbs."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg

from sweeps.crash.boundaries import Boundaries, Strike
from sweeps.crash.site import Site, State, night
from sweeps.crash.strikes import KINDS, Kind, commit_and_kill, kill, nothing
from xiezuo.base.errors import XiezuoError

RACE = "race"
_FEWEST_FETCHED = 10
_AT_FETCHED = 0.2
"""So many strikes of a hundred fall where a page or a file has just come in, which few of all boundaries are."""
WEIGHTS = {"kill": 40, "end_backends": 15, "limit_server_files": 15, "limit_files": 10, "stop_server": 8, RACE: 12}
"""How often of a hundred times: a database that was stopped takes seconds to recover."""


@dataclass(frozen=True)
class Undisturbed:
    """What a run comes to that nobody disturbs, how many boundaries it passes, and at which a page or file came in."""

    state: State
    boundaries: int
    fetched: tuple[int, ...]


@dataclass(frozen=True)
class Result:
    """What became of one case: how the disturbed runs ended, and what is wrong with the one after them, if anything."""

    said: str
    ended: tuple[str, ...]
    fault: str


class Run:
    """A night in a process forked for it, which has loaded all that a process of its own would have to load."""

    def __init__(self, site: Site, at: int, strike: Strike) -> None:
        self._read, write = os.pipe()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            self._walk(site, Boundaries(at, strike), write)
        os.close(write)

    def end(self) -> tuple[str, list[int]]:
        """Wait for it; return how it ended, and of one that ended by itself how many boundaries, and ``fetched``."""
        with os.fdopen(self._read, "rb") as counted:
            numbers = [int(number) for number in counted.read().split()]
        _, status = os.waitpid(self._pid, 0)
        code = os.waitstatus_to_exitcode(status)
        ended = "done" if code == 0 else "failed" if code == 1 else f"killed by {signal.Signals(-code).name}"
        return ended, numbers

    @staticmethod
    def _walk(site: Site, boundaries: Boundaries, write: int) -> None:
        code = 1
        try:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            boundaries.watch()
            night(site.settings)
            os.write(write, " ".join(map(str, (boundaries.passed, *boundaries.fetched))).encode("ascii"))
            code = 0
        except (XiezuoError, psycopg.Error, OSError, RuntimeError):
            code = 1  # that a disturbed run fails is no fault; what counts is the next
        finally:
            os._exit(code)


class Cases:
    """Makes the cases of one seed, each on an empty warehouse."""

    def __init__(self, site: Site, seed: int) -> None:
        self._site, self._seed = site, seed
        site.fresh()
        night(site.settings)  # once in this process: what it imports, its children have
        site.fresh()
        ended, (boundaries, *fetched) = Run(site, 0, nothing(site, Random())).end()
        self.undisturbed = Undisturbed(site.state(), boundaries, tuple(fetched))
        if ended != "done" or len(fetched) < _FEWEST_FETCHED or self.undisturbed.state.waiting:
            raise RuntimeError(f"a run that nobody disturbs {ended}, with {len(fetched)} pages and files")

    def case(self, number: int) -> Result:
        """Disturb one run, let another end, and compare; of one number always the same."""
        chance = Random(f"{self._seed}/{number}")
        name = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        boundaries, fetched = range(1, self.undisturbed.boundaries + 1), self.undisturbed.fetched
        is_early = name == "limit_files" or chance.random() < _AT_FETCHED
        return self.disturbed(name, chance.choice(fetched if is_early else boundaries), chance)

    def disturbed(self, name: str, at: int, chance: Random) -> Result:
        """Let one thing befall a run at a boundary."""
        self._site.fresh()
        return self._race(at, chance) if name == RACE else self._struck(name, KINDS[name], at, chance)

    def control(self, at: int) -> Result:
        """Kill a loader that has no transactions: it must be found out."""
        self._site.fresh()
        return self._struck("no transactions", commit_and_kill, at, Random())

    def _struck(self, name: str, kind: Kind, at: int, chance: Random) -> Result:
        ended, *_ = Run(self._site, at, kind(self._site, chance)).end()
        return Result(f"{name} at {at}", (ended,), self._fault())

    def _race(self, at: int, chance: Random) -> Result:
        """Let two runs race; one of them is killed in half of the cases."""
        strike = chance.choice((nothing, kill))
        runs = [Run(self._site, at, strike(self._site, chance)), Run(self._site, 0, nothing(self._site, chance))]
        ended = tuple(run.end()[0] for run in runs)
        return Result(f"two race, {strike.__name__} at {at}", ended, self._fault())

    def _fault(self) -> str:
        """Let a run end that nobody disturbs; return what is not as it should be."""
        try:
            night(self._site.settings)
        except (XiezuoError, psycopg.Error, OSError, RuntimeError) as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            return f"the next run fails: {type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"
        state, wanted = self._site.state(), self.undisturbed.state
        wrong = [name for name in ("digest", "held", "waiting") if getattr(state, name) != getattr(wanted, name)]
        return f"the next run ends with another {' and '.join(wrong)}" if wrong else ""
