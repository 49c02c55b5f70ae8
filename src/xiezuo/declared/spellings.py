"""Spellings of a contract that name the county: one contract serves every county and its partner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County
from xiezuo.values.division_names import county_stem

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def expand(spellings: Iterable[str], county: County | None) -> tuple[str, ...]:
    """Return the spellings with ``{county}`` and ``{paired_county}`` replaced by the counties' names.

    Each name stands with and without its kind (会宁县, 会宁), the full one first, so that the first
    spelling stays the canonical one. Without a county, spellings that name one are left out.

    Raises:
        ConfigError: another placeholder.
    """
    names = _names(county)
    found: dict[str, None] = {}
    for spelling in spellings:
        for written in _filled(spelling, names):
            found.setdefault(written)
    return tuple(found)


def _filled(spelling: str, names: Mapping[str, tuple[str, ...]]) -> list[str]:
    placeholder = _PLACEHOLDER.search(spelling)
    if placeholder is None:
        return [spelling]
    if placeholder[1] not in names:
        known = ", ".join(f"{{{name}}}" for name in sorted(names))
        raise ConfigError(f"spelling {spelling} holds a placeholder that is none of {known}")
    return [
        written
        for name in names[placeholder[1]]
        for written in _filled(spelling.replace(placeholder[0], name), names)
    ]


def _names(county: County | None) -> dict[str, tuple[str, ...]]:
    if county is None:
        return {"county": (), "paired_county": ()}
    return {"county": _both(county.name), "paired_county": _both(county.paired_county)}


def _both(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((name, county_stem(name))))
