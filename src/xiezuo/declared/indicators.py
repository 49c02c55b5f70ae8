"""Indicators: each is one SQL file that selects the rows it counts, under a header that says how.

The file name is the identity: ``LAB2.sql`` is LAB2; ``FUN1.category.sql`` splits FUN1 by the column
``category``. Value, township breakdown, dictionary entry and trace all come from that one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, Self

import yaml
from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError
from xiezuo.declared.categories import load_categories
from xiezuo.declared.headed_sql import Named, read_headed, read_relations, read_unjoined, with_named
from xiezuo.values import bare


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Kind = Literal["month", "year_to_date", "year"]

_ADDS = re.compile(r"sum\(\w+\)|count\(\*\)")
_TABLE = re.compile(r"\bcore\.(\w+)")


class Part(_Strict):
    """A part of an indicator, counted over the rows for which ``where`` holds; ``LAB2.lifted``.

    A part may be measured by another column of the same rows: ``IND4.lifted`` sums its own. ``unknown`` picks the rows
    that do not tell whether they belong to it, ``silent`` those of ledgers that may lack the column (0058).
    """

    where: str = "true"
    measure: str | None = None
    unknown: str = ""
    silent: str = ""
    zh: str
    en: str


class Label(_Strict):
    """Names of one member of a split."""

    zh: str
    en: str


class Header(_Strict):
    """The comment block an indicator's file opens with.

    ``total: false`` says that its parts are figures and it is none itself; ``kinds`` which periods it
    has; ``stock`` that it is counted on a period's last day; ``also`` lists further Chinese names that
    ledgers of targets call it by. ``additive`` says that each of its rows counts in the one month of its
    own day, so that a year is the sum of its months and only months that changed need be read.

    ``where`` picks the rows that the whole counts, as that of a part does.
    ``unknown`` and ``silent`` are conditions on its rows, for columns that not every ledger has. A row of which
    ``unknown`` holds may or may not belong: what is counted is a lower bound, and where nothing is, it is not reported.
    Where ``silent`` holds of all rows of a county's year, nobody filled the column: not reported; where some filled it,
    blanks say no. ``members_from: categories`` takes the members of a split from ``include/categories.yaml``, named by
    ``member_zh`` and ``member_en``. ``probe`` is a figure that has a value in every period in which the split was
    counted, where no member of its own has.
    """

    id: str
    zh: str
    en: str
    unit: Literal["人", "人次", "户", "家", "个", "次", "期", "对", "类", "元"]
    source: Literal["labour", "sales", "fund", "work"]
    datasets: tuple[str, ...]
    relations: tuple[str, ...] = ()
    measure: str
    filters: dict[str, Part] = Field(default_factory=dict)
    split: str | None = None
    members: dict[str, Label] = Field(default_factory=dict)
    members_from: Literal["", "categories"] = ""
    member_zh: str = "{zh}"
    member_en: str = "{en}"
    probe: str = ""
    where: str = "true"
    unknown: str = ""
    silent: str = ""
    stock: bool = False
    total: bool = True
    kinds: tuple[Kind, ...] = ("month", "year_to_date", "year")
    additive: bool = False
    also: tuple[str, ...] = ()
    definition_zh: str
    definition_en: str

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        """Refuse what cannot be the sum of its months: distinct counts, stocks, splits, a measure that is no sum."""
        measures = [self.measure, *(part.measure or self.measure for part in self.filters.values())]
        if self.additive and (self.stock or not all(map(_ADDS.fullmatch, measures))):
            raise ValueError("additive is a sum(column) or count(*) of rows with a day, and no stock")
        if self.additive and (self.silent or any(part.silent for part in self.filters.values())):
            raise ValueError("what is additive is read by months, which do not tell whether a year is silent")
        if self.split and not (self.members or self.members_from or self.probe):
            raise ValueError("a split whose members only rows tell needs a probe")
        return self


@dataclass(frozen=True)
class Entry:
    """One line of the dictionary: an indicator or a part of one, and the condition that picks its rows."""

    indicator_id: str
    zh: str
    en: str
    condition: str
    measure: str
    unknown: str = ""
    silent: str = ""


@dataclass(frozen=True)
class Indicator:
    """A header and the SELECT under it; ``unjoined`` are its relations over rows that cannot be joined, or empty."""

    header: Header
    select: str
    relations: Named
    unjoined: Named = ()

    @property
    def file_id(self) -> str:
        """The name its file has: the indicator's, of a split with the column it is split by."""
        head = self.header
        return head.id if head.split is None else f"{head.id}.{head.split}"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The indicator itself and its parts; of a split, its known members."""
        head = self.header
        if head.split is not None:
            return tuple(
                Entry(f"{head.id}.{slug}", label.zh, label.en, f"{head.split} = '{slug}'", head.measure)
                for slug, label in head.members.items()
            )
        own = Entry(head.id, head.zh, head.en, head.where, head.measure, head.unknown, head.silent)
        whole = (own,) if head.total else ()
        parts = (
            Entry(f"{head.id}.{slug}", p.zh, p.en, p.where, p.measure or head.measure, p.unknown, p.silent)
            for slug, p in head.filters.items()
        )
        return (*whole, *parts)

    @property
    def probe(self) -> str:
        """The figure that tells which periods were counted: its own first, of some splits another."""
        return self.header.probe or self.entries[0].indicator_id

    @property
    def is_of_whole_years(self) -> bool:
        """Whether what one row says may change figures of any period of its year: of members, and of silent years."""
        return self.header.split is not None or any(entry.silent for entry in self.entries)

    @property
    def can_be_lower_bound(self) -> bool:
        """Whether its rows say that an amount is a lower bound (500余万)."""
        return "is_at_least" in self.select

    @cached_property
    def reads(self) -> frozenset[str]:
        """The tables of ``core`` its rows come from, by its SQL: what changes elsewhere leaves its figures alone."""
        texts = (self.select, *(text for _, text in (*self.relations, *self.unjoined)))
        return frozenset(self.header.datasets).union(*(_TABLE.findall(text) for text in texts))

    def counted(self, period: sql.Composable | None = None) -> sql.Composed:
        """Return ``with … `` text that names the rows it counts ``counted``.

        ``period`` is a SELECT of the periods asked for; without it a table of that name must exist.
        """
        given = () if period is None else (("period", period),)
        return with_named((*given, *self.relations, ("counted", self.select)))

    def uncounted(self, period: sql.Composable) -> sql.Composed:
        """Return the same over the rows that it would count if they could be joined: its own SELECT picks them."""
        return with_named((("period", period), *self.unjoined, ("counted", self.select)))


def indicator_names(root: Path) -> dict[str, str]:
    """Map what a ledger may call an indicator, compared as headers are, to its identity.

    That is its identity, and its Chinese names where no other indicator has the same (其中：脱贫人口 is
    the name of several and of none).
    """
    indicators = load_indicators(root)
    entries = [entry for one in indicators for entry in one.entries]
    named = [(bare(e.zh), e.indicator_id) for e in entries]
    named += [(bare(also), one.entries[0].indicator_id) for one in indicators for also in one.header.also]
    owners: dict[str, set[str]] = {}
    for name, indicator_id in named:
        owners.setdefault(name, set()).add(indicator_id)
    unique = {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1}
    return unique | {bare(e.indicator_id): e.indicator_id for e in entries}


def load_indicators(root: Path) -> tuple[Indicator, ...]:
    """Read every file under ``include/sql/indicators``, in order of identity.

    Raises:
        ConfigError: a header lacks something, or a file names a relation that does not exist.
    """
    return _load(root / "include" / "sql")


@lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[Indicator, ...]:
    return tuple(_indicator(path, folder / "relations") for path in sorted((folder / "indicators").glob("*.sql")))


def _indicator(path: Path, relations: Path) -> Indicator:
    try:
        said, select = read_headed(path)
        header = Header.model_validate(said)
        if header.members_from:
            header = header.model_copy(update={"members": _members(header, relations.parents[1])})
        named = read_relations(relations, header.relations)
        unjoined = read_unjoined(relations, header.relations)
    except (yaml.YAMLError, ValidationError, OSError) as error:
        raise ConfigError(
            f"indicator {path.name}: {error}", next_step="see CONTRIBUTING.md, “add an indicator”"
        ) from error
    if unjoined and header.additive:
        raise ConfigError(f"indicator {path.name} is additive, but its rows are dated by another dataset")
    indicator = Indicator(header, select, named, unjoined)
    if path.stem != indicator.file_id:
        raise ConfigError(f"indicator {path.name} says it is {indicator.file_id}")
    return indicator


def _members(header: Header, include: Path) -> dict[str, Label]:
    """Return the members of a split by the categories of all counties: one identity has one name everywhere."""
    return {
        one.slug: Label(
            zh=header.member_zh.format(zh=one.zh, en=one.en), en=header.member_en.format(zh=one.zh, en=one.en)
        )
        for one in load_categories(include / "categories.yaml").categories
    }
