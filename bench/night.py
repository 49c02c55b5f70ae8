"""A night in which nothing is new: what Airflow adds to the stages' own time.

``python -m bench.night [--nights 5]``: the embedded stack as ``make up`` starts it, the sample county's first
night, which loads its year, then nights that find everything as it was.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench.night_stack import Night, opened
from xiezuo_local.instance import DEFAULT


def airflow_share(*, nights: int = 5) -> dict[str, float]:
    """Measure unchanged nights of the sample county; return the row ``airflow_share``, medians of them.

    ``seconds`` is Airflow's share: from the trigger of the four Dags to the end of the last, less the time in
    which at least one stage was at work. ``tasks`` is how many task processes a night starts.
    """
    with tempfile.TemporaryDirectory(prefix="xiezuo-night-") as folder:
        Path(folder).chmod(0o711)  # the database server's account passes through
        environ = {key: text for key, text in os.environ.items() if not key.startswith(("XIEZUO", "AIRFLOW"))}
        with opened(Path(folder) / "home", environ, DEFAULT) as stack:
            first = stack.night()
            print(f"first night: {first}", file=sys.stderr, flush=True)
            unchanged = [_told(stack.night()) for _ in range(nights)]
    return {
        "seconds": _middle([night.airflow for night in unchanged]),
        "wall_seconds": _middle([night.wall for night in unchanged]),
        "stages_seconds": _middle([night.stages for night in unchanged]),
        "cpu_seconds": _middle([night.cpu for night in unchanged]),
        "tasks": _middle([night.tasks for night in unchanged]),
        "first_seconds": round(first.wall, 3),
        "first_airflow_seconds": round(first.airflow, 3),
    }


def _told(night: Night) -> Night:
    print(f"unchanged night: {night}", file=sys.stderr, flush=True)
    return night


def _middle(values: list[float]) -> float:
    return round(statistics.median(values), 3)


def main() -> None:
    """Measure and print the row."""
    parser = argparse.ArgumentParser(prog="python -m bench.night", description=__doc__)
    parser.add_argument("--nights", type=int, default=5)
    row = airflow_share(nights=parser.parse_args().nights)
    print("airflow_share", "  ".join(f"{key} {value:g}" for key, value in row.items()))


if __name__ == "__main__":
    main()
