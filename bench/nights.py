"""The rows that show what a night costs by what is stored: the same changes on warehouses of several extents.

``night_load_<stored>`` loads them, ``night_build_<stored>`` computes the touched month's figures. Each is
compared with the smallest extent of the same run, and all extents take turns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from statistics import median

from bench import landed
from bench.delivery import items
from bench.measure import Failed, Measured
from bench.orders import Orders
from bench.own import own
from bench.report import Row, short
from bench.site import Site
from bench.stored import MONTH, Extent, store
from xiezuo import pipeline
from xiezuo.warehouse import access

_SEEDED = "bench_seeded"


@dataclass
class _Stored:
    """A warehouse of some extent, put aside under a name of its own while another one has its turn."""

    extent: Extent
    loads: list[Measured] = field(default_factory=list)
    builds: list[Measured] = field(default_factory=list)

    @property
    def database(self) -> str:
        return f"bench_stored_{self.extent.orders}"


def nights(site: Site, extents: Sequence[Extent], changed: int, repeats: int) -> dict[str, Row]:
    """Run ``repeats`` nights of ``changed`` changed orders on every extent, in turns.

    Raises:
        Failed: a night did not change what it was to change.
    """
    stored = [_Stored(extent) for extent in sorted(extents, key=lambda extent: extent.orders)]
    seed = list(items(Orders(stored[0].extent.a_month, MONTH), with_bad=False))
    site.fresh()
    landed.note(site.judging, landed.keep(site.judging, seed, MONTH), MONTH)
    own(site, site.judging, "night_seed")
    site.put_aside(_SEEDED)
    for one in stored:
        site.fresh(_SEEDED)
        store(site, one.extent)
        site.put_aside(one.database)
    for night in range(repeats):
        for one in stored:
            with site.taking(one.database):
                _night(site, one, seed, changed, night)
    for database in (_SEEDED, *(one.database for one in stored)):
        site.drop(database)
    return dict(_rows(stored))


def changes(seed: Sequence[str], changed: int, night: int) -> Iterator[str]:
    """Yield the orders of a night: half of them stored ones that were changed since, half new ones of the month."""
    half = changed // 2
    for turn in range(half):
        order = json.loads(seed[(night * half + turn) % len(seed)])
        later = {"modified": f"{MONTH:%Y-%m}-30 {night % 24:02d}:30:00", "refund_fee": "1.00"}
        yield json.dumps(order | later, ensure_ascii=False)
    yield from items(Orders(changed - half, MONTH, first_serial=(night + 1) * 1_000_000), with_bad=False)


def _night(site: Site, one: _Stored, seed: Sequence[str], changed: int, night: int) -> None:
    sha256 = landed.keep(site.judging, changes(seed, changed, night), MONTH)
    landed.note(site.judging, sha256, MONTH)
    size = short(one.extent.orders)
    one.loads.append(own(site, site.judging, f"night_load_{size}"))
    with access.connect(site.judging) as connection:
        batch = connection.execute("select rows_loaded from audit.batch where sha256 = %s", (sha256,)).fetchone()
    if batch != (changed,):
        raise Failed(f"a night of {changed} changes on {size} stored orders loaded {batch}")
    one.builds.append(own(site, site.judging, f"night_build_{size}", "build"))
    if waiting := pipeline.pending(site.judging):
        raise Failed(f"{waiting} months still wait after the build on {size} stored orders")


def _rows(stored: Sequence[_Stored]) -> Iterator[tuple[str, Row]]:
    for kind, runs_of in (("load", attrgetter("loads")), ("build", attrgetter("builds"))):
        base = median(run.seconds for run in runs_of(stored[0]))
        for one in stored:
            yield f"night_{kind}_{short(one.extent.orders)}", Row.of(runs_of(one), one.extent.orders, base=base)
