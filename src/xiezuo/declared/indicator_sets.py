"""Indicator sets (指标体系): which indicators a county's documents state in which year, under which headings.

What counties are assessed by changes: a set is one file under ``include/indicator_sets`` and holds for some years, for
all counties, those of a home province or one. A county may choose another set that holds in the year, by name, in the
counties file. A new set leaves the years of the old ones as they were; no template and no SQL names a set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.counties import County, load_counties
from xiezuo.declared.indicators import Indicator, indicator_names, load_indicators
from xiezuo.declared.thresholds import Scope
from xiezuo.values import bare

Text = Annotated[str, Field(min_length=1)]
Year = Annotated[int, Field(ge=1996, le=9999)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Chapter(_Strict):
    """A heading of summaries, and the figures under it, in order.

    ``LAB1`` is that one figure, ``LAB1.*`` the parts that its file has, ``FUN1.category`` every category of projects,
    whatever a county calls its own.
    """

    zh: Text
    indicators: Annotated[tuple[Text, ...], Field(min_length=1)]


class Section(_Strict):
    """A section of the annual report: the themes whose facts it states, then the office's own passages.

    ``themes`` are files under ``include/reports/themes``, ``passages`` keys of ``include/reports/annual.yaml``;
    ``sections`` are those within it, numbered 一、, （一）, 1. by how deep they lie.
    """

    zh: Text
    themes: tuple[Text, ...] = ()
    passages: tuple[Text, ...] = ()
    sections: tuple[Section, ...] = ()


class IndicatorSet(_Strict):
    """One set; ``name`` is its file's. Years are calendar years, both inclusive; ``valid_to`` null while it goes on.

    ``since`` is the year from which its documents cumulate (2021年以来累计), null where they do not. ``names`` are
    what its years call an indicator, where that is not the catalogue's name: ledgers of targets may use them too.
    """

    name: str
    zh: Text
    en: Text
    source_zh: Text
    source_en: Text
    applies_to: Scope
    valid_from: Year
    valid_to: Year | None
    since: Year | None = None
    names: Mapping[str, Text] = {}
    chapters: Annotated[tuple[Chapter, ...], Field(min_length=1)]
    report: Annotated[tuple[Section, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        if self.since is not None and self.since > (self.valid_to or self.since):
            raise ValueError("since lies after the set's years")
        listed = [one for chapter in self.chapters for one in chapter.indicators]
        twice = sorted({one for one in listed if listed.count(one) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return self

    def holds_in(self, year: int) -> bool:
        """Whether the set is valid in the year."""
        return self.valid_from <= year <= (self.valid_to or year)


_LAST = 1_000_000


class Catalogue:
    """Where the figures of a set stand: what of its list each one falls under."""

    def __init__(self, chosen: IndicatorSet, every: Iterable[IndicatorSet], root: Path) -> None:
        indicators = load_indicators(root)
        self._places: Mapping[str, tuple[int, str]] = {
            one: (number, chapter.zh)
            for number, (chapter, one) in enumerate(
                (chapter, one) for chapter in chosen.chapters for one in chapter.indicators
            )
        }
        entries = [(entry.indicator_id, one) for one in indicators for entry in one.entries]
        self._order = {indicator_id: number for number, (indicator_id, _) in enumerate(entries)}
        self._groups = {indicator_id: _group(indicator_id, one) for indicator_id, one in entries}
        self._wholes = {
            one.file_id: one.header.datasets[0]
            for one in indicators
            if not (one.is_rate or one.header.unknown or one.header.silent)
        }
        named = {one for it in every for chapter in it.chapters for one in chapter.indicators}
        self._arranged = {
            entry.indicator_id
            for one in indicators
            for entry in one.entries
            if named & {name for it in one.entries for name in (it.indicator_id, _group(it.indicator_id, one))}
        }
        self._splits = {one.header.id: one.file_id for one in indicators if one.header.split is not None}

    def place(self, indicator_id: str) -> tuple[int, int, str] | None:
        """Return what orders the figure within the set; None where the set does not have it.

        Of a file that a set names something of, the rest is for those who ask the warehouse; so is a split. What no set
        names is last: nobody has placed it yet, or no file counts it any more.
        """
        found = self._found(indicator_id)
        if found is not None:
            return found[0], self._order.get(indicator_id, len(self._order)), indicator_id
        if indicator_id in self._arranged or self._group(indicator_id) in self._splits.values():
            return None
        return _LAST, len(indicator_id), indicator_id  # NEW2 before NEW10

    def heading(self, indicator_id: str) -> str:
        """Return the heading the figure stands under; empty where the set does not have it."""
        found = self._found(indicator_id)
        return "" if found is None else found[1]

    def is_listed_with_others(self, indicator_id: str) -> bool:
        """Whether the set names the figure only together with the other parts of its file."""
        return indicator_id not in self._places and self._groups.get(indicator_id, "").endswith(".*")

    def whole_of(self, indicator_id: str) -> str:
        """Return the figure without which this one, a part listed with others, is not understood; "" where none."""
        whole = self._groups.get(indicator_id, "").removesuffix(".*")
        return whole if self.is_listed_with_others(indicator_id) and whole in self._order else ""

    def dataset_of_whole(self, indicator_id: str) -> str:
        """Return the dataset whose every ledger tells the figure; "" of parts, members of splits and rates."""
        return self._wholes.get(indicator_id, "")

    def _found(self, indicator_id: str) -> tuple[int, str] | None:
        return self._places.get(indicator_id) or self._places.get(self._group(indicator_id))

    def _group(self, indicator_id: str) -> str:
        return self._groups.get(indicator_id) or self._splits.get(indicator_id.rpartition(".")[0], "")


def _group(indicator_id: str, indicator: Indicator) -> str:
    """Return what a set may list a figure by beside its own name: its split, or its file's parts; "" of a whole."""
    if indicator.header.split is not None:
        return indicator.file_id
    return f"{indicator.file_id}.*" if indicator_id != indicator.file_id else ""


def catalogue_of(root: Path, county: County, year: int) -> Catalogue:
    """Return where the figures of a county and year stand.

    Raises:
        ConfigError: as :func:`set_of`.
    """
    return _catalogue(root, set_of(root, county, year).name)


@lru_cache(maxsize=64)
def _catalogue(root: Path, name: str) -> Catalogue:
    sets = load_sets(root)
    return Catalogue(next(one for one in sets if one.name == name), sets, root)


def set_of(root: Path, county: County, year: int) -> IndicatorSet:
    """Return the set of a county and year: the one it chose, else the closest; of equally close ones the newest.

    Raises:
        ConfigError: none holds, or the county chose one that does not hold in the year.
    """
    sets = load_sets(root)
    chosen = dict(county.sets).get(year)
    holding = [one for one in sets if one.holds_in(year) and one.applies_to.includes(county)]
    if chosen is not None:
        holding = [one for one in holding if one.name == chosen]
    if not holding:
        what = f"the set {chosen} of" if chosen else "no indicator set holds for"
        raise ConfigError(
            f"{what} county {county.code} in {year}" + (" does not hold" if chosen else ""),
            zh=f"{county.name}{year}年没有适用的指标体系" + (f"（所选 {chosen} 不适用）" if chosen else ""),
            next_step="请核对 include/indicator_sets 和县名单中的 indicator_sets",
        )
    return max(holding, key=lambda one: (one.applies_to.closeness, one.valid_from))


@lru_cache(maxsize=8)
def load_sets(root: Path) -> tuple[IndicatorSet, ...]:
    """Read every file under ``include/indicator_sets``, in order of name.

    Raises:
        ConfigError: a file says what cannot be, names an indicator that does not exist, or two sets of the same
            counties begin in the same year.
    """
    indicators = load_indicators(root)
    known = {e.indicator_id for one in indicators for e in one.entries}
    known |= {_group(e.indicator_id, one) for one in indicators for e in one.entries}
    sets = tuple(_read(path) for path in sorted((root / "include" / "indicator_sets").glob("*.yaml")))
    begun: dict[tuple[Scope, int], str] = {}
    for one in sets:
        unknown = sorted({name for chapter in one.chapters for name in chapter.indicators}.union(one.names) - known)
        if unknown:
            raise ConfigError(f"indicator set {one.name}: {', '.join(unknown)} is no indicator")
        other = begun.setdefault((one.applies_to, one.valid_from), one.name)
        if other != one.name:
            raise ConfigError(f"indicator sets {other} and {one.name} begin in the same year for the same counties")
    return sets


def since_of(settings: Settings, county_code: str, year: int) -> int | None:
    """Return since which year figures of a county and year are cumulated; None where they are not, or no set holds."""
    county, sets = load_counties(settings.counties_path).get(county_code), load_sets(settings.root)
    if county is None or not any(one.holds_in(year) and one.applies_to.includes(county) for one in sets):
        return None
    return set_of(settings.root, county, year).since


def names_by_sets(root: Path) -> dict[str, str]:
    """Map what a ledger may call an indicator to its identity: the catalogue's names, and those of any set.

    A name that sets give to more than one indicator is the name of none.
    """
    owners: dict[str, set[str]] = {}
    for one in load_sets(root):
        for indicator_id, zh in one.names.items():
            owners.setdefault(bare(zh), set()).add(indicator_id)
    return {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1} | indicator_names(root)


def _read(path: Path) -> IndicatorSet:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        return IndicatorSet.model_validate({"name": path.stem} | said)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        raise ConfigError(f"indicator set {path.name} cannot be read", next_step="correct the file") from error
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"indicator set {path.name}: {places}", next_step="correct the file") from error
