"""``make bench``: see bench/README.md."""

from __future__ import annotations

import argparse
import fcntl
import logging
import sys
from pathlib import Path

from bench import report
from bench.plan import NAMES, Sizes, run
from bench.site import ROOT, opened

_DEFAULT = Sizes()


def main() -> int:
    """Run the bench; return 1 when a row that was asked for could not be measured."""
    words = _words()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    folder = words.folder.resolve()
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another bench is at work in {folder}; give this one a --folder of its own", file=sys.stderr)
            return 2
        with opened(folder) as site:
            rows, failed = run(site, _sizes(words), words.only)
    report.write(words.out, rows)
    print(report.table(rows))
    for name, reason in failed.items():
        print(f"{name} was not measured: {reason}", file=sys.stderr)
    return 1 if failed else 0


def _sizes(words: argparse.Namespace) -> Sizes:
    return Sizes(
        orders=words.orders,
        slow_orders=min(words.slow_orders, words.orders),
        large=words.large,
        bad_share=words.bad_share,
        repeats=words.repeats,
        night_stored=words.night_stored,
        night_changed=words.night_changed,
        night_month=words.night_month,
        night_years=words.night_years,
        counties=words.counties,
        celery=words.celery,
    )


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description="How fast the pipeline is: bench/README.md.")
    add = parser.add_argument
    add("--orders", type=int, default=_DEFAULT.orders, help="orders of a delivery")
    add("--slow-orders", type=int, default=_DEFAULT.slow_orders, help="orders for the slowest peers")
    add("--large", type=int, default=_DEFAULT.large, help="orders of one more, large delivery; 0: none")
    add("--bad-share", type=float, default=_DEFAULT.bad_share, help="share of bad orders")
    add("--repeats", type=int, default=_DEFAULT.repeats, help="runs of each row; most peers run once")
    stored = _DEFAULT.night_stored
    add("--night-stored", type=_counts, default=stored, help="orders stored before a night: 500000,5000000")
    add("--night-changed", type=int, default=_DEFAULT.night_changed, help="orders that a night changes")
    add("--night-month", type=int, default=_DEFAULT.night_month, help="orders a county stores a month")
    add("--night-years", type=int, default=_DEFAULT.night_years, help="years a county stores; many: one county")
    add("--counties", type=_counts, default=(), help="regions whose nights to measure, by counties: 100,832")
    add("--celery", help="a Python with requirements-celery.lock: the regions' tasks go through Celery")
    add("--only", type=_names, default=(), help=f"rows to measure, of {', '.join(NAMES)}")
    add("--folder", type=Path, default=ROOT / ".bench", help="where the bench's server and data are")
    add("--out", type=Path, default=ROOT / "bench.json", help="the file to write")
    return parser.parse_args()


def _counts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    if unknown := set(names) - set(NAMES):
        raise argparse.ArgumentTypeError(f"no row is called {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main())
