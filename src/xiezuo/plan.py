"""What tonight's run of a source has to look at: new files, platforms, the fund ledger.

Digests and watermarks decide what is new, never the date of the run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from xiezuo import warehouse
from xiezuo.connections import fund_ledger, platform_connections
from xiezuo.contracts import load_contracts
from xiezuo.counties import load_counties
from xiezuo.errors import ConfigError
from xiezuo.landing import digest_of
from xiezuo.privacy import Privacy
from xiezuo.settings import Settings

SOURCES = ("labour", "sales", "fund", "work")

Group = dict[str, Any]
"""JSON-able: ``{"group": id, "source": source, "items": [...]}``. Names, digests and paths; no secret."""


def plan(settings: Settings, source: str, *, groups: int = 4, county: str | None = None) -> list[Group]:
    """List what is to be fetched, in groups that one task each can take.

    Files come in at most ``groups`` groups; every platform and every county's ledger is a group of
    its own, so that a dead one holds up nothing else.

    Raises:
        ConfigError: the source or the county is unknown, or a connection cannot be read.
    """
    if source not in SOURCES:
        raise ConfigError(f"no source {source}; known: {', '.join(SOURCES)}")
    counties = sorted(load_counties(settings.counties_path))
    if county is not None:
        if county not in counties:
            raise ConfigError(f"county {county} is not in {settings.counties_path.name}")
        counties = [county]
    found = _file_groups(settings, source, counties, groups)
    if source == "sales":
        for connection in platform_connections(settings.environ):
            if connection.county_code in counties:
                item = {"kind": "platform", "county_code": connection.county_code, "conn_id": connection.conn_id}
                found.append({"group": f"sales:{connection.conn_id}", "source": source, "items": [item]})
    if source == "fund" and (ledger := fund_ledger(settings.environ)) is not None:
        for code in counties:
            items = [
                {"kind": "database", "county_code": code, "conn_id": ledger.conn_id, "table": feed.table,
                 "dataset": contract.dataset, "feed": name}
                for contract in load_contracts(settings.root).values()
                for name, feed in contract.feeds.items()
                if feed.kind == "database" and contract.source == source
            ]  # fmt: skip
            found.append({"group": f"fund:{ledger.conn_id}:{code}", "source": source, "items": items})
    return found


def inbox_files(settings: Settings, source: str, county: str) -> Iterator[Path]:
    """Yield the files of an inbox folder that count: settled, not partial, not an editor's lock."""
    settled_before = time.time() - settings.inbox_settle
    yield from (path for path in _files(settings, source, county) if path.stat().st_mtime <= settled_before)


def seconds_to_settle(settings: Settings) -> float:
    """Return how long it takes until every file now in the inbox counts; 0 when all do.

    Whoever starts a run by hand has just put the files there, and expects them to be read.
    """
    changed = [
        path.stat().st_mtime
        for code in load_counties(settings.counties_path)
        for source in SOURCES
        for path in _files(settings, source, code)
    ]
    return min(settings.inbox_settle, max([0.0, *(at + settings.inbox_settle - time.time() for at in changed)]))


def _files(settings: Settings, source: str, county: str) -> Iterator[Path]:
    for path in sorted((settings.inbox / county / source).rglob("*")):
        if path.name.startswith(("~$", ".")) or path.name.endswith(".part"):
            continue
        if path.is_file() and not path.is_symlink():
            yield path


def place_of(settings: Settings, privacy: Privacy, path: Path) -> str:
    """Return a file's place in the inbox as everything but the inbox knows it: identity numbers masked."""
    return privacy.mask(str(PurePosixPath(path.relative_to(settings.inbox))))


def file_at(settings: Settings, privacy: Privacy, source: str, county: str, place: str) -> Path | None:
    """Return the inbox file of a place, None when it is gone."""
    plain = settings.inbox / place
    if plain.is_file():
        return plain
    files = inbox_files(settings, source, county)
    return next((path for path in files if place_of(settings, privacy, path) == place), None)


def _file_groups(settings: Settings, source: str, counties: list[str], groups: int) -> list[Group]:
    done = _done(settings, source)
    privacy = Privacy.of(settings)
    items: list[dict[str, Any]] = []
    for code in counties:
        for path in inbox_files(settings, source, code):
            place, sha256 = place_of(settings, privacy, path), digest_of(path)
            if (code, place, sha256) not in done:
                items.append({"kind": "file", "county_code": code, "place": place, "sha256": sha256})
    count = min(groups, len(items))
    return [{"group": f"{source}:files:{n}", "source": source, "items": items[n::count]} for n in range(count)]


def _done(settings: Settings, source: str) -> set[tuple[str, str, str]]:
    with warehouse.connect(settings) as connection:
        rows = connection.execute(
            "select county_code, details ->> 'place', sha256 from audit.landing"
            " where source = %s and kind = 'file' and state = 'done'",
            (source,),
        ).fetchall()
    return {(code, place, sha256) for code, place, sha256 in rows}
