"""Indicators: each is one SQL file that selects the rows it counts, under a header that says how.

The file name is the identity: ``LAB2.sql`` is LAB2; ``FUN1.category.sql`` splits FUN1 by the column
``category``. Value, township breakdown, dictionary entry and trace all come from that one file.

A **rate** (``FUN3.rate.sql``) has a header only: it names the figures it is the quotient of, and counts nothing itself
(docs/decisions/0057-rates-and-spans.md).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
"""Kinds of periods that a header names; several years (``cumulative``) has whatever has the year."""
RATE = "%"
"""The unit of rates, and of nothing else."""

_KINDS: tuple[Kind, ...] = ("month", "year_to_date", "year")
_ADDS = re.compile(r"sum\(\w+\)|count\(\*\)")
_TABLE = re.compile(r"\bcore\.(\w+)")


class Part(_Strict):
    """A part of an indicator, counted over the rows for which ``where`` holds; ``LAB2.lifted``.

    A part may be measured by another column of the same rows: ``IND4.lifted`` sums its own. ``unknown`` picks the rows
    that do not tell whether they belong to it, ``silent`` those of ledgers that may lack the column (0058). With
    ``towns: false`` it is told of the whole county alone: of a township it would be of few people (0048).
    """

    where: str = "true"
    measure: str | None = None
    unknown: str = ""
    silent: str = ""
    towns: bool = True
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
    own day, so that a year is the sum of its months and only months that changed need be read. ``announced`` says that
    it comes at once with a decision, as letters do, and not little by little: a forecast of it is what stands.

    ``where`` picks the rows that the whole counts, as that of a part does.
    ``unknown`` and ``silent`` are conditions on its rows, for columns that not every ledger has. A row of which
    ``unknown`` holds may or may not belong: what is counted is a lower bound, and where nothing is, it is not reported.
    Of a split it picks the rows that tell no member: each member of their period may have more.
    Where ``silent`` holds of all rows of a county's year, nobody filled the column: not reported; where some filled it,
    blanks say no. ``members_from: categories`` takes the members of a split from ``include/categories.yaml``,
    ``provinces`` from ``include/provinces.csv``, named by ``member_zh`` and ``member_en``: a county has zeros of those
    alone that its list has. ``probe`` is a figure that has a value in every period in which the split was counted.

    A rate has ``numerator`` and ``denominator``, identities of counted figures (of parts and members of splits too),
    and neither a measure nor parts; its ``kinds`` are those that both have. Its value is in percent.
    """

    id: str
    zh: str
    en: str
    unit: Literal[
        "人", "人次", "名", "户", "户次", "家", "个", "次", "场", "场次", "期", "批", "批次", "对", "类", "种", "项",
        "所", "份", "笔", "门", "件", "条", "处", "座", "套", "村", "车次", "班次", "亩", "公里", "公斤", "吨",
        "%", "元",
    ]  # fmt: skip
    source: Literal["labour", "sales", "fund", "work"]
    datasets: tuple[str, ...]
    relations: tuple[str, ...] = ()
    measure: str = ""
    numerator: str = ""
    denominator: str = ""
    filters: dict[str, Part] = Field(default_factory=dict)
    split: str | None = None
    members: dict[str, Label] = Field(default_factory=dict)
    members_from: Literal["", "categories", "provinces"] = ""
    member_zh: str = "{zh}"
    member_en: str = "{en}"
    probe: str = ""
    where: str = "true"
    unknown: str = ""
    silent: str = ""
    stock: bool = False
    total: bool = True
    kinds: tuple[Kind, ...] = _KINDS
    additive: bool = False
    announced: bool = False
    also: tuple[str, ...] = ()
    definition_zh: str
    definition_en: str

    @property
    def course(self) -> Literal["flow", "stock", "announced", "rate"]:
        """How its value comes about in the course of a year."""
        if self.numerator:
            return "rate"
        return "stock" if self.stock else "announced" if self.announced else "flow"

    def has(self, kind: str) -> bool:
        """Whether it is told of periods of a kind."""
        return ("year" if kind == "cumulative" else kind) in self.kinds

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

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        """Refuse what is both counted and a quotient, and what is neither."""
        counted = (self.measure, self.filters, self.split, self.members, self.relations, self.stock, self.additive)
        if self.unit != RATE and not self.measure:
            raise ValueError("measure: Field required")
        if self.unit != RATE and (self.numerator or self.denominator):
            raise ValueError("what has a numerator and a denominator is a rate: unit %")
        if self.unit == RATE and not (self.numerator and self.denominator):
            raise ValueError("a rate names its numerator and its denominator")
        if self.unit == RATE and (any(counted) or not self.total):
            raise ValueError("a rate has a numerator and a denominator, and neither measure nor parts of its own")
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
    has_towns: bool = True


@dataclass(frozen=True)
class Indicator:
    """A header and the SELECT under it; ``unjoined`` are its relations over rows that cannot be joined, or empty.

    A rate has no SELECT, but ``sides``: what counts its numerator and what counts its denominator.
    """

    header: Header
    select: str
    relations: Named
    unjoined: Named = ()
    sides: tuple[tuple[Entry, Indicator], ...] = ()

    @property
    def is_rate(self) -> bool:
        """Whether it is the quotient of two other figures."""
        return self.header.unit == RATE

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
        if self.is_rate:
            measure = f"100 * {head.numerator} / {head.denominator}"
            return (Entry(head.id, head.zh, head.en, "true", measure),)
        own = Entry(head.id, head.zh, head.en, head.where, head.measure, head.unknown, head.silent)
        whole = (own,) if head.total else ()
        parts = (
            Entry(f"{head.id}.{slug}", p.zh, p.en, p.where, p.measure or head.measure, p.unknown, p.silent, p.towns)
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
        if self.is_rate:
            return frozenset[str]().union(*(side.reads for _, side in self.sides))
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


def counted_indicators(root: Path) -> tuple[Indicator, ...]:
    """Return the indicators that count rows: all but rates, in order of identity."""
    return tuple(one for one in load_indicators(root) if not one.is_rate)


def indicator_of(root: Path, indicator_id: str) -> tuple[Entry, Indicator] | None:
    """Return an entry and its file by identity, None where there is none.

    A member of a split that its file does not foresee (a county's own category) is the split's: of several splits that
    of the longest identity.
    """
    return _find(load_indicators(root), indicator_id)


def _find(indicators: Sequence[Indicator], indicator_id: str) -> tuple[Entry, Indicator] | None:
    for indicator in indicators:
        for entry in indicator.entries:
            if entry.indicator_id == indicator_id:
                return entry, indicator
    splits = [one for one in indicators if one.header.split and indicator_id.startswith(f"{one.header.id}.")]
    if not splits:
        return None
    split = max(splits, key=lambda one: len(one.header.id))
    member = indicator_id[len(split.header.id) + 1 :]
    quoted = member.replace("'", "''")
    return Entry(indicator_id, member, member, f"{split.header.split} = '{quoted}'", split.header.measure), split


def beside_splits(root: Path) -> frozenset[str]:
    """Return the identities that begin as those of a split's members do and are none: FUN1.categories, FUN1.pairing.

    Members add up to their whole; what is beside them is another view of it, or a figure of its own.
    """
    every = load_indicators(root)
    splits = [(one.header.id, {entry.indicator_id for entry in one.entries}) for one in every if one.header.split]
    found = (entry.indicator_id for one in every for entry in one.entries)
    return frozenset(
        one for one in found for head, members in splits if one.startswith(f"{head}.") and one not in members
    )


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
    found = tuple(_indicator(path, folder / "relations") for path in sorted((folder / "indicators").glob("*.sql")))
    splits = [one.header.id for one in found if one.header.split]
    for twice in {one for one in splits if splits.count(one) > 1}:
        raise ConfigError(
            f"indicator {twice} is split by several files: whose a member is cannot be told",
            next_step=f"give one of them an identity of its own, such as {twice}.level",
        )
    counted = [one for one in found if not one.is_rate]
    return tuple(_rate(one, counted) if one.is_rate else one for one in found)


def _rate(rate: Indicator, counted: Sequence[Indicator]) -> Indicator:
    """Return a rate with what counts its two sides; its kinds are those that both have."""
    head = rate.header
    sides = tuple(side for name in (head.numerator, head.denominator) if (side := _find(counted, name)) is not None)
    if len(sides) < 2:
        raise ConfigError(
            f"indicator {rate.file_id}.sql is {head.numerator} / {head.denominator}, one of which nothing counts",
            next_step="name identities as the catalogue of indicators has them; a rate has no rates in it",
        )
    kinds = tuple(kind for kind in head.kinds if all(kind in one.header.kinds for _, one in sides))
    return replace(rate, header=head.model_copy(update={"kinds": kinds}), sides=sides)


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
    if bool(select) == (header.unit == RATE):
        raise ConfigError(f"indicator {path.name}: a rate has no SELECT, everything else has one")
    if unjoined and header.additive:
        raise ConfigError(f"indicator {path.name} is additive, but its rows are dated by another dataset")
    indicator = Indicator(header, select, named, unjoined)
    if path.stem != indicator.file_id:
        raise ConfigError(f"indicator {path.name} says it is {indicator.file_id}")
    return indicator


def _members(header: Header, include: Path) -> dict[str, Label]:
    """Return the members of a split that a file of all counties lists: one identity has one name everywhere."""
    if header.members_from == "provinces":
        with (include / "provinces.csv").open(encoding="utf-8", newline="") as lines:
            named = [(one["name"], one["name"], one["code"]) for one in csv.DictReader(lines)]
    else:
        named = [(one.slug, one.zh, one.en) for one in load_categories(include / "categories.yaml").categories]
    return {
        slug: Label(zh=header.member_zh.format(zh=zh, en=en), en=header.member_en.format(zh=zh, en=en))
        for slug, zh, en in named
    }
