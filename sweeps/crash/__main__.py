"""``make crash-sweep``: see sweeps/README.md."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from sweeps.crash.cases import Cases
from sweeps.crash.site import opened

_CONTROLS = 12
_SAID_EVERY = 50


def main() -> int:
    """Run the cases; return 1 when one ends in another warehouse, or when a loader without transactions does not."""
    words = _words()
    logging.disable(logging.CRITICAL)  # what disturbed runs say of it is what is wanted here
    with tempfile.TemporaryDirectory(prefix="xiezuo-crash-") as folder:
        Path(folder).chmod(0o711)  # the server's account passes through
        with opened(Path(folder)) as site:
            cases = Cases(site, words.seed)
            usual = cases.undisturbed
            print(f"a run passes {usual.boundaries} boundaries; at {len(usual.fetched)} a page or a file has come in")
            numbers = range(words.cases) if words.only is None else [words.only]
            faults = sweep(cases, numbers, words.seed)
            caught = 0 if words.only is None and not words.cases else found_out(cases, words.seed)
    return 1 if faults or not caught else 0


def sweep(cases: Cases, numbers: range | list[int], seed: int) -> int:
    """Run cases; say what is at fault, and how the disturbed runs ended; return how many are."""
    began, faults, ended = time.monotonic(), 0, Counter[str]()
    for done, number in enumerate(numbers, start=1):
        result = cases.case(number)
        ended[f"{result.said.partition(' at ')[0]}: {', '.join(result.ended)}"] += 1
        if result.fault:
            faults += 1
            again = f"make crash-sweep SEED={seed} ONLY={number}"
            print(f"case {number}, {result.said}: {result.fault}   ({again})", flush=True)
        if done % _SAID_EVERY == 0:
            print(f"{done} cases, at fault {faults}, {time.monotonic() - began:.0f} s", flush=True)
    for said, count in sorted(ended.items()):
        print(f"{count:5} {said}")
    print(f"cases {len(numbers)}, at fault {faults}, seconds {time.monotonic() - began:.0f}")
    return faults


def found_out(cases: Cases, seed: int) -> int:
    """Kill a loader without transactions at some boundaries; return how often the next run ended otherwise."""
    chance = Random(seed)
    boundaries = sorted(chance.sample(range(1, cases.undisturbed.boundaries + 1), _CONTROLS))
    caught = sum(bool(cases.control(at).fault) for at in boundaries)
    print(f"control: a loader without transactions was found out {caught} times of {len(boundaries)}")
    return caught


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sweeps.crash", description="Disturbed runs: sweeps/README.md.")
    parser.add_argument("--cases", type=int, default=100, help="how many; cases of one seed are numbered from 0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="one case")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
