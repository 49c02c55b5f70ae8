"""The counties this installation serves, and whom each is paired with (``XIEZUO_COUNTIES``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from xiezuo.base.errors import ConfigError


@dataclass(frozen=True)
class County:
    """One western county and its eastern partner; codes are GB/T 2260, names Chinese.

    ``sets`` are the years for which it chose an indicator set by name, where that is not the one that would hold.
    """

    code: str
    name: str
    city: str
    province: str
    paired_county: str
    paired_province: str
    sets: tuple[tuple[int, str], ...] = ()


def load_counties(path: Path) -> dict[str, County]:
    """Read the counties file: ``"620422": {name, city, province, paired: {county, province}}``.

    ``indicator_sets: {2024: transition-2021}`` beside these chooses a set for a year.

    It is parsed once for each time it was written: what is done for one county after the other asks for it
    each time, and 832 counties take half a second to parse.

    Raises:
        ConfigError: the file is missing, not YAML, or an entry lacks a name.
    """
    try:
        written = path.stat()
    except OSError as error:
        raise ConfigError(f"the counties file {path.name} cannot be read") from error
    return dict(_load(path, written.st_mtime_ns, written.st_size))


@lru_cache(maxsize=8)
def _load(path: Path, _written_ns: int, _size: int) -> dict[str, County]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8-sig"), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"the counties file {path.name} cannot be read") from error
    if not isinstance(document, dict) or not document:
        raise ConfigError(f"the counties file {path.name} names no county")
    return {str(code): _county(str(code), entry, path.name) for code, entry in document.items()}


def _county(code: str, entry: Any, file: str) -> County:
    try:
        paired = entry["paired"]
        county = County(
            code=code,
            name=str(entry["name"]),
            city=str(entry["city"]),
            province=str(entry["province"]),
            paired_county=str(paired["county"]),
            paired_province=str(paired["province"]),
            sets=tuple(sorted((int(year), str(name)) for year, name in (entry.get("indicator_sets") or {}).items())),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(f"{file}: county {code} lacks {error}") from error
    if len(code) != 6 or not code.isdigit():
        raise ConfigError(f"{file}: {code} is not a six-digit division code")
    return county
