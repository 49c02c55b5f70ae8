"""Towns and villages of one county, found by what a ledger calls them; nothing is guessed.

Everything known about a county is in its division file (``include/divisions/<code>.csv``): a
spelling that is not found there is added to the file's ``aliases``, not to this module.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xiezuo.base.errors import ConfigError
from xiezuo.values import normalise
from xiezuo.values.division_names import county_stem, town_stem, village_stem

_COLUMNS = frozenset(("code", "level", "name", "parent_code", "aliases"))
_REGIONS = {
    "内蒙古": "内蒙古自治区", "广西": "广西壮族自治区", "西藏": "西藏自治区", "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
}  # fmt: skip
"""Autonomous regions by the short names that stand before a county's in addresses."""
_LENGTHS = {"province": 6, "city": 6, "county": 6, "township": 9, "street": 9, "village": 12, "community": 12}
_TOWN_LEVELS = ("township", "street")
_OFFICE = re.compile("(?:人民政府|政府|党委)$")
_HOUSEHOLD_GROUP = re.compile(r".{1,8}(?:村民小组|小组|组|社|队)")
_BETWEEN = " /-—_|>、,:·\\"


@dataclass(frozen=True)
class DivisionRow:
    """One line of a division file; ``level`` runs from province to village or community."""

    code: str
    level: str
    name: str
    parent_code: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The official name and every other spelling."""
        return (self.name, *self.aliases)


class _Names:
    """Names to codes: as written first, then without the kind of division at the end."""

    def __init__(self, rows: Iterable[DivisionRow], stem: Callable[[str], str]) -> None:
        self._stem = stem
        self._tiers: tuple[defaultdict[str, set[str]], ...] = (
            defaultdict(set), defaultdict(set), defaultdict(set),
        )  # fmt: skip
        for row in rows:
            self._tiers[0][_key(row.name)].add(row.code)
            for alias in row.aliases:
                self._tiers[1][_key(alias)].add(row.code)
            for name in row.names:
                self._tiers[2][self._stem(_key(name))].add(row.code)

    def code(self, name: str) -> str | None:
        """Return the one division of this name; None when there is none, or several."""
        for tier, spelling in zip(self._tiers, (name, name, self._stem(name)), strict=True):
            codes = tier.get(spelling)
            if codes:
                return next(iter(codes)) if len(codes) == 1 else None
        return None

    def spellings(self) -> set[str]:
        """Every known spelling, with and without its suffix, for taking it off an address."""
        return {name for tier in self._tiers for name in tier}

    def leading(self, text: str) -> tuple[str, str] | None:
        """Return (code, rest) for the longest full name, kind of division included, text starts with."""
        for length in range(len(text) - 1, 2, -1):
            name = text[:length]
            if self._stem(name) != name and any(name in tier for tier in self._tiers[:2]):
                code = self.code(name)
                return (code, text[length:].lstrip(_BETWEEN)) if code else None
        return None


class Divisions:
    """The divisions of one county, from its file."""

    def __init__(self, rows: list[DivisionRow], county_code: str) -> None:
        self.rows = rows
        self.county_code = county_code
        self.by_code = {row.code: row for row in rows}
        towns = [row for row in rows if row.level in _TOWN_LEVELS and row.parent_code == county_code]
        if not towns:
            raise ConfigError(f"the division file has no town of county {county_code}")
        self._towns = _Names(towns, town_stem)
        self._villages = {
            town.code: _Names((row for row in rows if row.parent_code == town.code), village_stem)
            for town in towns
        }
        self._town_spellings = {town.code: _Names([town], town_stem).spellings() for town in towns}
        self._ancestors = list(self._ancestor_spellings(county_code))

    @classmethod
    def load(cls, path: Path, county_code: str, further: Mapping[str, Sequence[str]] | None = None) -> Divisions:
        """Read a division file: code, level, name, parent_code, aliases (separated by ``;``).

        ``further`` gives aliases that the county decided on itself, by code.

        Raises:
            ConfigError: the file is missing, lacks a column, repeats a code, names no town of the
                county, or a code has not the length of its level.
        """
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                if not _COLUMNS.issubset(reader.fieldnames or ()):
                    raise ConfigError(f"{path.name} lacks one of the columns {', '.join(sorted(_COLUMNS))}")
                rows = [_row(line, path.name) for line in reader]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ConfigError(f"the division file {path.name} cannot be read") from error
        if len({row.code for row in rows}) != len(rows):
            raise ConfigError(f"{path.name} has a code twice")
        if further:
            rows = [replace(row, aliases=(*row.aliases, *further.get(row.code, ()))) for row in rows]
        return cls(rows, county_code)

    def town(self, text: str | int | None) -> str | None:
        """Return the nine-digit code of the county's town that ``text`` names, else None.

        Understood are names and aliases, with or without 镇, 乡, 街道 …, behind the names of province,
        city and county, before a village; and codes of nine or twelve digits.
        """
        typed = _key(str(text or ""))
        if typed.isdecimal():
            return self._town_of_code(typed)
        for candidate in self._without_ancestors(typed):
            if code := self._towns.code(_OFFICE.sub("", candidate)):
                return code
        for candidate in self._without_ancestors(typed):
            if leading := self._towns.leading(candidate):
                return leading[0]
        return None

    def village(self, text: str | int | None, town_code: str | None) -> str | None:
        """Return the twelve-digit code of the village or community inside ``town_code``, else None.

        The names of province, city, county and the same town may stand before it, a household group
        (三社) behind it. The same name in another town is never taken.
        """
        names = self._villages.get(town_code or "")
        typed = _key(str(text or ""))
        if names is None or town_code is None:
            return None
        if typed.isdecimal():
            return typed if self._is_village(typed) and typed.startswith(town_code) else None
        candidates = list(self._without_ancestors(typed))
        candidates += [
            candidate[len(name) :].lstrip(_BETWEEN)
            for candidate in candidates
            for name in sorted(self._town_spellings[town_code], key=len, reverse=True)
            if candidate.startswith(name)
        ]
        for candidate in candidates:
            if code := names.code(candidate):
                return code
        for candidate in candidates:
            leading = names.leading(candidate)
            if leading and _HOUSEHOLD_GROUP.fullmatch(leading[1]):
                return leading[0]
        return None

    def _town_of_code(self, code: str) -> str | None:
        """Return the town of a nine-digit code, of a village's code, or of one filled up with zeros."""
        town = code[:9]
        if town not in self._villages:
            return None
        return town if code in (town, f"{town}000") or self._is_village(code) else None

    def _is_village(self, code: str) -> bool:
        row = self.by_code.get(code)
        return row is not None and row.parent_code in self._villages

    def _without_ancestors(self, typed: str) -> Iterator[str]:
        candidates = [typed]
        for names in self._ancestors:
            candidates += [
                candidate[len(name) :].lstrip(_BETWEEN)
                for candidate in candidates
                for name in names
                if candidate.startswith(name)
            ]
        return (candidate for candidate in candidates if candidate)

    def _ancestor_spellings(self, code: str) -> Iterator[list[str]]:
        row = self.by_code.get(code)
        if row is None:
            return
        yield from self._ancestor_spellings(row.parent_code)
        names = {_key(name) for name in row.names}
        names |= {county_stem(name.removesuffix("省")) for name in names}
        names |= {short for short, full in _REGIONS.items() if full in names}
        yield sorted(names, key=len, reverse=True)


def _key(text: str) -> str:
    return normalise(text).replace(" ", "")


def _row(line: dict[str, str | None], file: str) -> DivisionRow:
    code, level = (line["code"] or "").strip(), (line["level"] or "").strip()
    if not code.isdecimal() or len(code) != _LENGTHS.get(level, len(code)):
        raise ConfigError(f"{file}: {code!r} is not the code of a {level or 'division'}")
    aliases = tuple(alias.strip() for alias in (line["aliases"] or "").split(";") if alias.strip())
    return DivisionRow(
        code, level, (line["name"] or "").strip(), (line["parent_code"] or "").strip(), aliases
    )
