"""What other Dags can wait for: figures, documents and releases, of any county and period or of one.

Each kind is one asset, and one more for each county and period, such as ``xiezuo://figures/620422/2022-09``. Which
ones there are is known when a task ends, so that both are added through an alias. Events say in their extra of which
counties and periods they are. See docs/interfaces.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from airflow.sdk import Asset, AssetAlias

FIGURES, DOCUMENTS, RELEASES = (Asset(f"xiezuo://{kind}") for kind in ("figures", "documents", "releases"))

TOLD_AT_MOST = 500
"""So many counties' periods are told of one by one: each is a write to Airflow's database while the task ends."""

_LOG = logging.getLogger("xiezuo.assets")


def alias_of(kind: Asset) -> AssetAlias:
    """Return the alias that a task which makes things of a kind has among its outlets."""
    return AssetAlias(kind.name.replace("://", "_"))


def one_of(kind: Asset, county: str, period: str) -> Asset:
    """Return the asset of one county's period."""
    return Asset(f"{kind.name}/{county}/{period}")  # Airflow ends the address of a kind with a stroke of its own


def tell(context: Any, kind: Asset, made: Iterable[tuple[str, str, dict[str, Any]]]) -> int:
    """Tell whoever waits that things of a kind are ready: county, period and what else the event says of each.

    The kind as a whole has one event, which lists them as ``ready``: of several events of one asset at once Airflow
    starts a Dag for the first and keeps the others for its next run. More than :data:`TOLD_AT_MOST` (a region's first
    year) are counted only. Returns how many events that are.
    """
    ready = [(county, period, {"county": county, "period": period, **more}) for county, period, more in made]
    if not ready:
        return 0
    events, one_by_one = context["outlet_events"][alias_of(kind)], ready[:TOLD_AT_MOST]
    if len(ready) > TOLD_AT_MOST:
        _LOG.warning("%s: %d counties' periods at once are told of as one event", kind.name, len(ready))
        one_by_one = []
    events.add(kind, extra={"count": len(ready), "ready": [extra for *_, extra in one_by_one]})
    for county, period, extra in one_by_one:
        events.add(one_of(kind, county, period), extra=extra)
    return 1 + len(one_by_one)
