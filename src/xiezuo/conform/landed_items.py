"""What the landing of a platform or of a database's table says of itself: place, version, constants, warnings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xiezuo import __version__
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import OLDEST
from xiezuo.declared.contracts import FeedSpec
from xiezuo.declared.counties import load_counties

Landed = Mapping[str, Any]
"""A row of ``audit.landing``; that of a database's table with what was loaded of it last (``load/landed.sql``)."""


def place_of(landing: Landed) -> str:
    """Return what a landing is called where it comes from: a file's place, a platform's or a table's name."""
    details = landing["details"]
    return str(details.get("place") or details.get("name") or details.get("table", ""))


def version_of(landing: Landed) -> datetime:
    """Return the version of items that have none of their own."""
    return datetime.fromisoformat(landing["details"]["to"]) if landing["kind"] == "platform" else OLDEST


def constants_of(landing: Landed, feed: FeedSpec) -> dict[str, Any]:
    """Return what each item says by being of this feed and landing."""
    platform = {"platform": landing["details"]["platform"]} if landing["kind"] == "platform" else {}
    return dict(feed.constants) | platform


def warnings_of(landing: Landed) -> list[str]:
    """Return a word of warning for days a platform no longer serves."""
    days = landing["details"].get("not_served")
    return [f"平台不再提供 {len(days)} 天的历史订单，请补报导出文件"] if days else []


def is_unchanged(settings: Settings, landing: Landed) -> bool:
    """Whether a table of a database is, byte for byte, what was loaded last, and would be read as it was then."""
    before = landing.get("before")
    if landing["kind"] != "database" or before is None or before["sha256"] != landing["sha256"]:
        return False
    return bool(before["read_against"] == read_against(settings, landing))


def read_against(settings: Settings, landing: Landed) -> str:
    """Return a digest of all that decides, besides its bytes and the day, what is made of a table of a database."""
    code, dataset = landing["county_code"], landing["details"]["dataset"]
    county = load_counties(settings.counties_path).get(code)
    digest = hashlib.sha256(f"{__version__} {county}".encode())
    for path in (
        settings.divisions_dir / f"{code}.csv",
        *sorted((settings.root / "include" / "contracts").glob(f"{dataset}.*")),
        *sorted((settings.root / "expectations").glob(f"{dataset}.*")),
    ):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()
