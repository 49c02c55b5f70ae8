"""What tonight's run of a source has to look at: new files, platforms, the fund ledger.

Digests and watermarks decide what is new, never the date of the run. Everything is handed out in groups, one
task each; there are never more than a few dozen of them, whatever the number of counties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.counties import load_counties
from xiezuo.fetch.connections import LEDGER, has_fund_ledger, known, platform_names
from xiezuo.fetch.inbox import SOURCES
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.unread import Unread, unread_files

__all__ = ["SOURCES", "Group", "parts_of", "plan"]

MOST_PLATFORM_GROUPS = 8
"""Up to here a platform has a group to itself; beyond it groups hold several."""
MOST_LEDGER_GROUPS = 4
"""As many for counties' ledgers: they lie on one server, and a group reads a table once for all its counties."""
_FILES_A_GROUP = 8
_BYTES_A_GROUP = 2 << 20

Group = dict[str, Any]
"""JSON-able: ``{"group": id, "source": source, "at": ISO time of the plan, "zone": landing zone, "items": [...]}``.

An item is a file (``county_code``, ``place``, ``sha256``), or a platform or county ledger (``county_code``,
``conn_id`` and ``part``, which names it in ``audit``). Names, digests and paths; no secret.
"""


def plan(settings: Settings, source: str, *, groups: int = 4, county: str | None = None) -> list[Group]:
    """List what is to be fetched, in groups that one task each can take.

    Files come in at most ``groups`` groups, fewer when they are few and small; platforms in at most
    :data:`MOST_PLATFORM_GROUPS`, counties' ledgers in at most :data:`MOST_LEDGER_GROUPS`. A dead one holds up
    nothing else in its group (:func:`xiezuo.fetch.fetch.fetch`). Connections are known by their names here, and read
    only when fetched from.

    Raises:
        ConfigError: the source or the county is unknown, or a connection is misnamed.
    """
    if source not in SOURCES:
        raise ConfigError(f"no source {source}; known: {', '.join(SOURCES)}")
    counties = sorted(load_counties(settings.counties_path))
    if county is not None:
        if county not in counties:
            raise ConfigError(f"county {county} is not in {settings.counties_path.name}")
        counties = [county]
    found = _of_files(source, unread_files(settings, source, counties), groups)
    if source == "sales":
        served = set(counties)
        platforms = [
            {"kind": "platform", "county_code": code, "conn_id": conn_id, "part": f"sales:{conn_id}"}
            for conn_id, code in platform_names(known(settings))
            if code in served or county is None  # of a county nobody serves: fetching says so, and nothing else stops
        ]
        # Alphabetical by name, then county: one that is down everywhere fails few groups, not all.
        platforms.sort(key=lambda item: (item["conn_id"].split("_", 2)[2], item["county_code"]))
        found += _in_few("sales:platforms", platforms, MOST_PLATFORM_GROUPS)
    if source == "fund" and has_fund_ledger(known(settings)):
        ledgers = [
            {"kind": "database", "county_code": code, "conn_id": LEDGER, "part": f"fund:{LEDGER}:{code}"}
            for code in counties
        ]
        found += _in_few("fund:ledgers", ledgers, MOST_LEDGER_GROUPS)
    if not found:
        return []
    common = {"source": source, "at": settings.now().isoformat(), "zone": Landing(settings.landing_dir).zone()}
    return [{"group": name, **common, "items": items} for name, items in found]


def parts_of(group: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the county and name of every part of a group: of each platform or ledger, of files one a county."""
    return sorted({(item["county_code"], item.get("part", group["group"])) for item in group["items"]})


def _of_files(source: str, files: Sequence[Unread], groups: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Deal files out; a task costs more than a few small files do."""
    items = [
        {"kind": "file", "county_code": file.county_code, "place": file.place, "sha256": file.sha256}
        for file in files
    ]
    worth = max(-(-len(files) // _FILES_A_GROUP), -(-sum(file.size for file in files) // _BYTES_A_GROUP))
    count = min(groups, worth, len(items))
    return [(f"{source}:files:{n}", items[n::count]) for n in range(count)]


def _in_few(
    name: str, items: list[dict[str, Any]], most: int
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Give each item a group, or neighbours one together when there are too many."""
    if len(items) <= most:
        return [(item["part"], [item]) for item in items]
    cuts = [n * len(items) // most for n in range(most + 1)]
    return [(f"{name}:{n}", items[cuts[n] : cuts[n + 1]]) for n in range(most)]
