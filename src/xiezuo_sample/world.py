"""What a sample is made for: one county, its townships, one year, and seeded randomness."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.counties import County, load_counties

_TOWN_LEVELS = ("township", "street")
_VILLAGE_LEVELS = ("village", "community")


@dataclass(frozen=True)
class Town:
    """A township; ``spellings`` are names no other township of the county goes by."""

    code: str
    name: str
    spellings: tuple[str, ...]
    villages: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """The fixed surroundings of one sample; equal worlds give equal samples."""

    county: County
    towns: tuple[Town, ...]
    year: int
    seed: int
    scale: float

    def rng(self, purpose: str) -> Random:
        """Return a generator of its own for ``purpose``, so that parts do not disturb each other."""
        return Random(f"{self.county.code}|{self.year}|{self.seed}|{float(self.scale)!r}|{purpose}")

    def lasting(self, purpose: str) -> Random:
        """Return a generator that is the same in every year's sample of the county with this seed.

        Registers remember earlier years, so the samples of two years have to agree on them.
        """
        return Random(f"{self.county.code}|{self.seed}|{purpose}")

    def scaled(self, count: int) -> int:
        """Return ``count`` times the scale; something stays something."""
        return max(1, round(count * self.scale)) if count else 0


def load_world(settings: Settings, county_code: str, year: int, seed: int, scale: float) -> World:
    """Read the county and its townships from the configured files.

    Raises:
        ConfigError: the county or its divisions are not configured, or the request makes no sense.
    """
    counties = load_counties(settings.counties_path)
    if county_code not in counties:
        raise ConfigError(f"county {county_code} is not in {settings.counties_path.name}")
    if not scale > 0 or not 1990 <= year <= 2100:
        raise ConfigError("a sample needs a scale above 0 and a year between 1990 and 2100")
    towns = _read_towns(settings.divisions_dir / f"{county_code}.csv", county_code)
    return World(counties[county_code], towns, year, seed, scale)


def _read_towns(path: Path, county_code: str) -> tuple[Town, ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["code"].startswith(county_code)]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise ConfigError(f"the divisions file {path.name} cannot be read") from error
    towns = [row for row in rows if row["level"] in _TOWN_LEVELS]
    if not towns:
        raise ConfigError(f"the divisions file {path.name} lists no township of county {county_code}")
    used = Counter(name for row in towns for name in {row["name"], *_aliases(row)})
    villages: dict[str, list[str]] = {row["code"]: [] for row in towns}
    for row in rows:
        if row["level"] in _VILLAGE_LEVELS and row["parent_code"] in villages:
            villages[row["parent_code"]].append(row["name"])
    return tuple(
        Town(
            code=row["code"],
            name=row["name"],
            spellings=tuple(name for name in (row["name"], *_aliases(row)) if used[name] == 1),
            villages=tuple(name for name, times in Counter(villages[row["code"]]).items() if times == 1),
        )
        for row in sorted(towns, key=lambda row: row["code"])
    )


def _aliases(row: dict[str, str]) -> list[str]:
    return [part.strip() for part in (row.get("aliases") or "").split(";") if part.strip()]
