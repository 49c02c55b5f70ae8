"""How Citus compares with one server: the same loads, nights and builds on both, in turns.

    PYTHONPATH=. .venv/bin/python deploy/citus/measure.py --plain postgresql://… --citus postgresql://… --folder DIR

Both databases have to be empty; what is measured is left in them. What comes of it belongs into docs/scale.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

import psycopg
from psycopg import sql

from bench import landed
from bench.delivery import items
from bench.nights import changes
from bench.orders import Orders
from bench.stored import MONTH
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.citus import is_distributed

NOW = "2022-12-31T23:00:00+08:00"
COPIED = ("core.county", "core.party", "audit.batch", "audit.coverage", "core.sales_order")
"""What other counties are given of the measured one."""

Both = tuple[Settings, Settings]


@dataclass(frozen=True)
class Step:
    """One thing measured on both: seconds on one server, and on Citus."""

    name: str
    plain: float
    citus: float

    def __str__(self) -> str:
        """Return what is printed of it."""
        return f"{self.name:36} {self.plain:8.2f} s {self.citus:8.2f} s   × {self.citus / self.plain:.2f}"


def main() -> None:
    """Measure what the command line asks for; print a table, write ``scale.json`` into the folder."""
    words = _words()
    logging.basicConfig(level=logging.WARNING)
    for name in ("pandas", "great_expectations"):
        importlib.import_module(name)  # as the process that forks Airflow's workers has
    both = _settings(words.folder / "plain", words.plain), _settings(words.folder / "citus", words.citus)
    for settings in both:
        pipeline.prepare(settings)
    steps: list[Step] = []
    with _connections(both[1]) as seen:
        for step in _steps(both, words):
            _say(str(step))
            steps.append(step)
    facts = {"bytes_an_order": [_bytes(each) for each in both], "most_connections_a_worker": max(seen)}
    _say(str(facts))
    text = json.dumps({"steps": [vars(step) for step in steps], **facts}, indent=1)
    (words.folder / "scale.json").write_text(text, encoding="utf-8")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser("deploy/citus/measure.py", description="Citus beside one server.")
    add = parser.add_argument
    add("--plain", required=True, help="URL of an empty database")
    add("--citus", required=True, help="URL of an empty database with Citus, on its coordinator")
    add("--folder", type=Path, required=True, help="what is landed meanwhile, and the result")
    add("--orders", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="orders of a load, ascending")
    add("--changed", type=int, default=10_000, help="orders of a night, half of them stored ones")
    add("--nights", type=int, default=3)
    add("--counties", type=int, nargs="+", default=[10, 100], help="counties of a build, ascending")
    return parser.parse_args()


def _settings(home: Path, url: str) -> Settings:
    home.mkdir(parents=True, exist_ok=True)
    return Settings.from_env({
        **{name: value for name, value in os.environ.items() if not name.startswith(("XIEZUO_", "AIRFLOW_"))},
        "XIEZUO_HOME": str(home), "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": NOW, "XIEZUO_WAREHOUSE_URL": url,
    })  # fmt: skip


def _steps(both: Both, words: argparse.Namespace) -> Iterator[Step]:
    """Loads of several sizes, the largest into :data:`bench.stored.MONTH`; nights on top of them; other counties."""
    seed: list[str] = []
    for back, count in enumerate(reversed(words.orders)):
        month = MONTH.replace(month=MONTH.month - back)
        rows = list(items(Orders(count, month), with_bad=False))
        seed = seed or rows
        yield _taken(f"load {count:,} new orders", both, partial(_load, rows=rows, month=month))
        yield _taken(f"build the month of {count:,}", both, _build)
    nights = []
    for night in range(words.nights):
        rows = list(changes(seed, words.changed, night))
        nights.append((_taken("", both, partial(_load, rows=rows, month=MONTH)), _taken("", both, _build)))
    yield _middle(f"night of {words.changed:,} on {sum(words.orders):,}", (load for load, _ in nights))
    yield _middle("build after such a night", (build for _, build in nights))
    first = 0
    for counties in words.counties:
        numbers = range(first, counties)
        yield _taken(f"copy orders to {len(numbers)} counties", both, partial(_copy, numbers=numbers))
        yield _taken(f"build a month of {len(numbers)} counties", both, _build)
        first = counties


def _taken(name: str, both: Both, work: Callable[[Settings], object]) -> Step:
    seconds = []
    for settings in both:
        before = time.perf_counter()
        work(settings)
        seconds.append(time.perf_counter() - before)
    return Step(name, *seconds)


def _middle(name: str, steps: Iterable[Step]) -> Step:
    known = list(steps)
    return Step(name, median(step.plain for step in known), median(step.citus for step in known))


def _load(settings: Settings, rows: list[str], month: date) -> None:
    """Load orders; what is landed for them, before the clock should start, is small beside it."""
    landed.note(settings, landed.keep(settings, rows, month), month)
    done = pipeline.load(settings, landed.GROUP)
    if done["loaded"] != 1:
        raise SystemExit(f"the orders were not loaded: {done}")


def _build(settings: Settings) -> None:
    pipeline.build(settings)


def _copy(settings: Settings, numbers: range) -> None:
    """Give other counties a copy of the earliest month, as if each had loaded its own."""
    with access.connect(settings, "owner") as connection:
        ((month,),) = connection.execute("select date_trunc('month', min(paid_on))::date from core.sales_order")
        for number in numbers:
            names = {"county": f"{990000 + number}", "seed": landed.COUNTY, "month": month}
            for table in COPIED:
                connection.execute(_copied(connection, table), names)
            touch = "insert into audit.touched_period (county_code, month) values (%(county)s, %(month)s)"
            connection.execute(touch, names)


def _copied(connection: psycopg.Connection, table: str) -> sql.Composed:
    rows = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped", (table,)
    )
    columns = [name for (name,) in rows]
    values = [sql.SQL("%(county)s") if name == "county_code" else sql.Identifier(name) for name in columns]
    of_month = sql.SQL("paid_on < %(month)s + interval '1 month'" if table == "core.sales_order" else "true")
    statement = sql.SQL(
        "insert into {table} ({columns}) select {values} from {table} where county_code = %(seed)s and {of_month}"
    )
    return statement.format(
        table=sql.Identifier(*table.split(".")), of_month=of_month,
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)), values=sql.SQL(", ").join(values),
    )  # fmt: skip


def _bytes(settings: Settings) -> float:
    """Return what an order takes on disk, its key and indexes included."""
    with access.connect(settings, "owner") as connection:
        size = "citus_total_relation_size" if is_distributed(connection) else "pg_total_relation_size"
        statement = sql.SQL("select {}('core.sales_order')::float / count(*) from core.sales_order")
        ((found,),) = connection.execute(statement.format(sql.Identifier(size)))
    return round(float(found), 1)


@contextmanager
def _connections(settings: Settings) -> Iterator[list[int]]:
    """Count, while the block runs, how many connections of ours the busiest worker has."""
    seen, done = [0], Event()

    def look() -> None:
        with access.connect(settings, "owner", autocommit=True) as connection:
            while not done.wait(0.5):
                rows: list[Any] = connection.execute(
                    "select max(result::integer) from run_command_on_workers("
                    "'select count(*) from pg_stat_activity where usename = ''xiezuo_loader''')"
                ).fetchall()
                seen.append(rows[0][0] or 0)

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


if __name__ == "__main__":
    main()
