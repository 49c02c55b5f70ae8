"""A delivery of orders on disk: what is landed of it, what must come of it, what floor and peers are given."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import floor, landed
from bench.orders import Orders
from bench.site import Site
from xiezuo.fetch.landing import Landing
from xiezuo.values.privacy import content_id


@dataclass(frozen=True)
class Expected:
    """What must come of orders: with row rules ``good`` are taken, without them ``by_rule`` more.

    Counted from the orders themselves, never from a load. ``reasons`` and ``reasons_of_parsers`` are how
    many orders are held back for which reason, with row rules and without.
    """

    read: int
    good: int
    good_fen: int
    by_rule: int
    reasons: dict[str, int]
    reasons_of_parsers: dict[str, int]


@dataclass(frozen=True)
class Delivery:
    """Orders on disk, in ``folder``; ``sha256`` is the digest of the landed file."""

    orders: Orders
    folder: Path
    sha256: str
    expected: Expected

    @property
    def ready(self) -> Path:
        """The floor's CSV: what our own path ends with, every column, in the order the orders came."""
        return self.folder / "ready.csv"

    def pages(self, *, with_bad: bool = False) -> Path:
        """Return the pages for peers, one of 100 orders a line; only a peer that validates is given bad orders."""
        path = self.folder / ("pages.ndjson" if with_bad else "good.ndjson")
        if not path.exists():
            draft = path.with_suffix(".part")
            with draft.open("wb") as out:
                for page in landed.paged(items(self.orders, with_bad=with_bad)):
                    out.write(f'{{"rows": [{", ".join(page)}]}}\n'.encode())
            draft.rename(path)
        return path


def deliver(site: Site, orders: Orders, load: Callable[[Site, Delivery], object]) -> Delivery:
    """Make a delivery, or find it where an earlier bench left it.

    ``load`` is our own path; it runs once unmeasured, and what it loads becomes the floor's CSV.
    """
    folder = site.folder / "data" / f"{orders.count}-{orders.seed}-{orders.bad_share}-{_form(site)}"
    folder.mkdir(parents=True, exist_ok=True)
    facts = folder / "facts.json"
    if facts.exists():
        known = json.loads(facts.read_text(encoding="utf-8"))
        found = Delivery(orders, folder, known["sha256"], Expected(**known["expected"]))
        if found.ready.exists() and Landing(site.judging.landing_dir).path(found.sha256).exists():
            return found
    sha256 = landed.keep(site.judging, items(orders, with_bad=True), orders.month)
    made = Delivery(orders, folder, sha256, expected(orders))
    load(site, made)
    floor.write_ready(site, made.ready)
    facts.write_text(json.dumps({"sha256": sha256, "expected": asdict(made.expected)}), encoding="utf-8")
    return made


def items(orders: Orders, *, with_bad: bool) -> Iterator[str]:
    """Yield the orders as JSON text, one by one, the spoiled ones only on demand."""
    for chunk in orders.chunks():
        yield from (item for at, item in enumerate(chunk.items) if with_bad or at not in chunk.spoiled)


def expected(orders: Orders) -> Expected:
    """Count what must come of ``orders``."""
    fen = good = by_rule = 0
    reasons: Counter[str] = Counter()
    of_parsers: Counter[str] = Counter()
    for chunk in orders.chunks():
        bad = list(chunk.spoiled)
        good += len(chunk.items) - len(bad)
        fen += int(chunk.fen.sum() - chunk.fen[bad].sum())
        kinds = [one.kind for one in chunk.spoiled.values()]
        by_rule += sum(kind.by_rule for kind in kinds)
        reasons.update(kind.rule_id for kind in kinds)
        of_parsers.update(kind.rule_id for kind in kinds if not kind.by_rule)
    return Expected(orders.count, good, fen, by_rule, dict(reasons), dict(of_parsers))


def _form(site: Site) -> str:
    """Return a digest of the table's columns and of a landed line: deliveries of another form are made anew."""
    sample = Orders(1)
    line = next(landed.lines(items(sample, with_bad=True), sample.month))
    return content_id(*floor.columns(site), line.decode(), size=12)
