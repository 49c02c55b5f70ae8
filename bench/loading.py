"""The rows that load a delivery: the floor, our own path with row rules and without, and the peers.

Each begins on a fresh warehouse, and what it leaves there is checked: nobody is fast by doing less.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from psycopg import sql

from bench import floor, landed
from bench.delivery import Delivery
from bench.measure import Failed, Measured, measure
from bench.own import own
from bench.peer import Peer
from bench.site import Site
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access

_CORE = sql.Identifier("core", "sales_order")


def load_floor(site: Site, delivery: Delivery) -> Measured:
    """Measure the floor."""
    site.fresh()
    measured = floor.run(site, delivery.ready)
    _check(site, floor.TABLE, "payment_yuan", delivery.expected.good, delivery.expected.good_fen)
    return measured


def load_ours(site: Site, delivery: Delivery) -> Measured:
    """Measure our path with twenty row rules; every bad order must be in quarantine for its reason."""
    measured = _load(site, site.judging, delivery, "ours")
    want = delivery.expected
    _check(site, _CORE, "payment_yuan", want.good, want.good_fen)
    _check_reasons(site, want.reasons, want.read - want.good)
    return measured


def load_ours_without_gx(site: Site, delivery: Delivery) -> Measured:
    """Measure our path without row rules: what only a rule would hold back is loaded."""
    measured = _load(site, site.plain, delivery, "ours_without_gx")
    want = delivery.expected
    _check(site, _CORE, "payment_yuan", want.good + want.by_rule, None)
    _check_reasons(site, want.reasons_of_parsers, want.read - want.good - want.by_rule)
    return measured


def load_peer(site: Site, delivery: Delivery, peer: Peer) -> Measured:
    """Measure a peer."""
    python = peer.python(site)
    site.fresh()
    environ = {
        **site.judging.environ,
        **peer.environ(site),
        **_given(site, delivery, peer),
        "BENCH_URL": access.url(site.judging, "owner"),
    }
    command = [str(python), "-m", f"bench.peers.{peer.name}"]
    measured = measure(command, environ, site.server, site.folder / "runs" / peer.name)
    taken, want = peer.takes(delivery.expected), delivery.expected
    payment = "payment_yuan" if peer.is_given_rows else "payment"
    _check(site, sql.Identifier("peer", "orders"), payment, taken, want.good_fen if taken == want.good else None)
    return measured


def _given(site: Site, delivery: Delivery, peer: Peer) -> dict[str, str]:
    """Return what tells a peer where its orders are: rows with their columns and key, or pages."""
    if not peer.is_given_rows:
        return {"BENCH_PAGES": str(delivery.pages(with_bad=peer.validates))}
    return {
        "BENCH_READY": str(delivery.ready),
        "BENCH_COLUMNS": json.dumps(floor.columns(site)),
        "BENCH_KEY": json.dumps(floor.key(site)),
    }


def _load(site: Site, settings: Settings, delivery: Delivery, name: str) -> Measured:
    site.fresh()
    landed.note(settings, delivery.sha256, delivery.orders.month)
    return own(site, settings, name)


def _check(site: Site, table: sql.Identifier, payment: str, rows: int, fen: int | None) -> None:
    statement = sql.SQL("select count(*), (sum({}::numeric) * 100)::bigint from {}")
    with access.connect(site.judging, "owner") as connection:
        found = connection.execute(statement.format(sql.Identifier(payment), table)).fetchone() or (0, None)
    if found[0] != rows or (fen is not None and found[1] != fen):
        raise Failed(f"{table.as_string()} holds {found[0]} orders of {found[1]} fen, not {rows} of {fen}")


def _check_reasons(site: Site, reasons: Mapping[str, int], bad: int) -> None:
    with access.connect(site.judging, "owner") as connection:
        rows = connection.execute("select rule_id, count(*) from audit.quarantine group by rule_id").fetchall()
        held = connection.execute("select count(distinct row_no) from audit.quarantine").fetchone() or (0,)
    found: dict[str, int] = dict(rows)
    if found != dict(reasons) or held[0] != bad:
        raise Failed(f"{held[0]} orders of {bad} are in quarantine, for {found} instead of {dict(reasons)}")
