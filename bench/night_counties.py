"""Nights of a region: what they cost when 5 % of its counties have something new, by number of counties.

``python -m bench.night_counties --counties 100 832 [--nights 3] [--celery PYTHON]``; a region's first night loads
everything and is not part of the figures. Each night is a day of its own, and Airflow is started for each, since
the clock it lives by (``XIEZUO_NOW``) is part of its environment.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xiezuo_sample as sample
from bench.night_region import Region
from bench.night_stack import Night, Workers, opened
from xiezuo.base.settings import Settings
from xiezuo_local.instance import Request
from xiezuo_sample.platforms.server import PlatformServer

SHARE = 0.05
_SHOPS_SCALE = 0.02


def nights_of(
    counties: int, *, nights: int = 3, share: float = SHARE, celery: str | None = None
) -> dict[str, float]:
    """Measure a region's nights; return the row of the bench: seconds are medians of the later nights.

    Args:
        counties: how many.
        nights: how many nights after the first, which loads everything.
        share: of the counties that have something new a night.
        celery: a Python with ``requirements-celery.lock``: tasks go through Celery, in processes of it.
    """
    if celery is not None and Path(celery) != Path(sys.executable):
        words = ["--counties", str(counties), "--nights", str(nights), "--share", str(share), "--json"]
        command = [celery, "-m", "bench.night_counties", *words, "--celery", celery]
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        done = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout.splitlines()[-1])[name_of(counties, celery)])
    workers: Workers | None = None
    if celery is not None:
        from bench.night_workers import celery as workers
    with tempfile.TemporaryDirectory(prefix="xiezuo-nights-") as folder:
        Path(folder).chmod(0o711)  # the database server's account passes through
        region = Region(Path(folder) / "region", counties)
        return _row(counties, _measured(Path(folder), region, nights, share, workers))


def name_of(counties: int, celery: str | None) -> str:
    """Return the name of a row."""
    return f"night_{counties}{'_celery' if celery else ''}"


def _measured(folder: Path, region: Region, nights: int, share: float, workers: Workers | None) -> list[Night]:
    region.found()
    home = folder / "home"
    measured = []
    for number in range(nights + 1):
        changed = region.deliver(number, share)
        environ = {**os.environ, **region.environ, "XIEZUO_NOW": region.now(number).isoformat()}
        settings = Settings.from_env(environ | {"XIEZUO_HOME": str(home)})
        if number == 0:
            sample.generate(settings, region.codes[0], 2022, 1, _SHOPS_SCALE, folder / "shops")
        with PlatformServer(folder / "shops", clock=settings.now) as platforms:
            request = Request(region.codes[0], 2022, 1, sample=False)
            with opened(home, environ | region.shops(platforms.port), request, workers) as stack:
                night = stack.night()
        print(f"{region.count} counties, night {number}, {changed} changed: {night}", file=sys.stderr, flush=True)
        measured.append(night)
    return measured


def _row(counties: int, nights: list[Night]) -> dict[str, float]:
    first, *later = nights

    def middle(value: str) -> float:
        return round(float(statistics.median(getattr(night, value) for night in later)), 3)

    wall = middle("wall")
    return {
        "counties": counties, "seconds": wall, "ms_per_county": round(1000 * wall / counties, 2),
        "airflow_seconds": middle("airflow"), "stages_seconds": middle("stages"), "cpu_seconds": middle("cpu"),
        "tasks": middle("tasks"), "batches": middle("loaded"), "first_seconds": round(first.wall, 3),
    }  # fmt: skip


def main() -> None:
    """Measure the regions named on the command line and print their rows."""
    parser = argparse.ArgumentParser(prog="python -m bench.night_counties", description=__doc__)
    parser.add_argument("--counties", type=int, nargs="+", default=[100, 832])
    parser.add_argument("--nights", type=int, default=3)
    parser.add_argument("--share", type=float, default=SHARE)
    parser.add_argument("--celery", metavar="PYTHON", help="one with requirements-celery.lock: tasks go through Celery")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    for counties in options.counties:
        row = nights_of(counties, nights=options.nights, share=options.share, celery=options.celery)
        rows[name_of(counties, options.celery)] = row
    if options.json:
        print(json.dumps(rows))
        return
    for name, row in rows.items():
        print(f"{name:20s}", "  ".join(f"{key} {value:g}" for key, value in row.items()))


if __name__ == "__main__":
    main()
