"""Which rows there are, at which sizes, and in which order they take turns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median

from bench.airflow_rows import airflow_share, counties
from bench.delivery import Delivery, deliver
from bench.loading import load_floor, load_ours, load_ours_without_gx, load_peer
from bench.measure import Failed, Measured
from bench.nights import nights
from bench.orders import Orders
from bench.peer import PEERS, SLOW
from bench.report import Row, short
from bench.site import Site
from bench.stored import Extent
from xiezuo.base.errors import XiezuoError

NAMES = ("floor", "ours", "ours_without_gx", *PEERS, "night", "airflow_share", "counties")
"""What may be asked for; ``night`` stands for ``night_load_…`` and ``night_build_…``, ``counties`` for ``night_…``."""
USUAL = tuple(name for name in NAMES if name not in PEERS or not PEERS[name].is_given_rows)
"""What is measured where nothing is asked for."""

_log = logging.getLogger("bench")

Load = Callable[[Site, Delivery], Measured]


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the defaults finish in ten minutes on two cores.

    ``slow_orders`` are given to the peers that take minutes over more; ``large`` are loaded once more by
    floor and our path, 0: not at all; nights of ``counties`` are measured only when some are named.
    """

    orders: int = 1_000_000
    slow_orders: int = 100_000
    large: int = 0
    bad_share: float = 0.01
    repeats: int = 2
    night_stored: tuple[int, ...] = (500_000, 5_000_000)
    night_changed: int = 10_000
    night_month: int = 10_000
    night_years: int = 5
    counties: tuple[int, ...] = ()
    celery: str | None = None


@dataclass(frozen=True)
class _Turn:
    """One row that loads: how, how many orders, how often; ``base`` names the floor of the same orders."""

    load: Load
    orders: int
    runs: int
    base: str


def run(site: Site, sizes: Sizes, only: Collection[str]) -> tuple[dict[str, Row], dict[str, str]]:
    """Measure the rows named by ``only`` (empty: the usual ones); return them, and why others could not be measured."""
    wanted = set(only or USUAL)
    rows, failed = _loading(site, sizes, _turns(sizes, wanted))
    others: dict[str, Callable[[], Mapping[str, Row]]] = {
        "night": partial(_nights, site, sizes),
        "airflow_share": partial(airflow_share, sizes.repeats),
        "counties": partial(counties, sizes.counties, sizes.repeats, sizes.celery),
    }
    for name, measure_all in others.items():
        if name in wanted:
            try:
                rows.update(measure_all())
            except (RuntimeError, ImportError, OSError, XiezuoError) as error:
                failed[name] = f"{type(error).__name__}: {error}"
    return rows, failed


def _turns(sizes: Sizes, wanted: Collection[str]) -> dict[str, _Turn]:
    """Return the rows that load, a floor before everything that is compared with it."""
    turns: dict[str, _Turn] = {}

    def add(name: str, load: Load, orders: int, runs: int) -> None:
        floor = "floor" if orders == sizes.orders else f"floor_{short(orders)}"
        turns.setdefault(floor, _Turn(load_floor, orders, sizes.repeats if orders <= sizes.orders else 1, floor))
        turns.setdefault(name, _Turn(load, orders, runs, floor))

    for name, load in (("floor", load_floor), ("ours", load_ours), ("ours_without_gx", load_ours_without_gx)):
        if name in wanted:
            add(name, load, sizes.orders, sizes.repeats)
    for name, peer in PEERS.items():
        if name in wanted:
            orders = sizes.slow_orders if name in SLOW else sizes.orders
            runs = 1 if name in SLOW or peer.is_given_rows else sizes.repeats
            add(name, partial(load_peer, peer=peer), orders, runs)
    if sizes.large:
        add(f"ours_{short(sizes.large)}", load_ours, sizes.large, 1)
    return turns


def _loading(site: Site, sizes: Sizes, turns: Mapping[str, _Turn]) -> tuple[dict[str, Row], dict[str, str]]:
    deliveries = {
        orders: deliver(site, Orders(orders, bad_share=sizes.bad_share), load_ours)
        for orders in sorted({turn.orders for turn in turns.values()})
    }
    runs: dict[str, list[Measured]] = {name: [] for name in turns}
    failed: dict[str, str] = {}
    for again in range(max((turn.runs for turn in turns.values()), default=0)):
        for name, turn in turns.items():
            if again < turn.runs and name not in failed:
                try:
                    runs[name].append(turn.load(site, deliveries[turn.orders]))
                except Failed as error:
                    failed[name] = str(error)
                else:
                    _say(name, runs[name][-1])
    rows = {}
    for name, turn in turns.items():
        if runs[name] and name not in failed:
            base = median(one.seconds for one in runs[turn.base]) if runs[turn.base] else None
            rows[name] = Row.of(runs[name], turn.orders, base=base)
    return rows, failed


def _nights(site: Site, sizes: Sizes) -> Mapping[str, Row]:
    extents = [Extent(orders, sizes.night_month, sizes.night_years) for orders in sizes.night_stored]
    return nights(site, extents, sizes.night_changed, sizes.repeats)


def _say(name: str, one: Measured) -> None:
    _log.warning(
        "%s %.2f s, CPU %.2f s of the client and %.2f s of the server, %.0f MB",
        name, one.seconds, one.client_cpu, one.server_cpu, one.rss_mb,
    )  # fmt: skip
