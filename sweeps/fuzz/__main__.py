"""``make fuzz``: see sweeps/README.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from sweeps.fuzz.cases import Cases
from sweeps.fuzz.reading import Reader
from sweeps.fuzz.run import everything, settings_in


def main() -> int:
    """Run the cases; return 1 when one is at fault or memory grows."""
    words = _words()
    if words.only is not None:
        return _one(words.only, words.seed, words.keep)
    began = time.monotonic()
    tally = everything(words.cases, words.seed, words.processes)
    for line in tally.said(time.monotonic() - began):
        print(line)
    for sentence in tally.growing:
        print(sentence, file=sys.stderr)
    missing = words.cases - tally.cases
    print(f"at fault {len(tally.faults)}, not run {missing}")
    return 1 if tally.faults or tally.growing or missing else 0


def _one(number: int, seed: int, keep: Path | None) -> int:
    """Make one case again, say what was done to it and what became of it, and keep its file where that is asked for."""
    with tempfile.TemporaryDirectory(prefix="xiezuo-fuzz-") as folder:
        settings = settings_in(Path(folder))
        case = Cases.of_sample(settings, seed, Path(folder) / "sample").case(number)
        print(f"case {number}: {', '.join(case.done)}\n{case.place}, {len(case.data)} bytes")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{number}-{Path(case.place).name}").write_bytes(case.data)
        outcome = Reader(settings).outcomes([case])[number]
    print(f"refused {outcome.refusals}, rows {outcome.rows}, held back {outcome.held}, other lines {outcome.lines}")
    print("\n".join(outcome.faults) or "nothing is wrong with it")
    return 1 if outcome.faults else 0


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sweeps.fuzz", description="Spoiled ledgers: sweeps/README.md.")
    parser.add_argument("--cases", type=int, default=1_000, help="how many; cases of one seed are numbered from 0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="one case, said in full")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="with --only: where its file is put")
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
