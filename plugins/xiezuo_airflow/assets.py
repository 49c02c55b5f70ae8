"""What other Dags can wait for: figures, documents and releases, of any county and period or of one.

Each kind is one asset, and one more for each county and period, such as ``xiezuo://figures/620422/2022-09``. Which
ones there are is known when a task ends, so that both are added through an alias. Events say ``county`` and ``period``
in their extra. See docs/interfaces.md.
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

    More than :data:`TOLD_AT_MOST` (a region's first year) are one event of the kind as a whole, whose extra says how
    many. Returns how many events that are.
    """
    ready, events = list(made), context["outlet_events"][alias_of(kind)]
    if len(ready) > TOLD_AT_MOST:
        _LOG.warning("%s: %d counties' periods at once are told of as one event", kind.name, len(ready))
        events.add(kind, extra={"county": None, "period": None, "count": len(ready)})
        return 1
    for county, period, more in ready:
        extra = {"county": county, "period": period, **more}
        events.add(kind, extra=extra)
        events.add(one_of(kind, county, period), extra=extra)
    return 2 * len(ready)
