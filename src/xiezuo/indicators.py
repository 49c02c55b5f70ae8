"""Indicators: each is one SQL file that selects the rows it counts, under a header that says how.

The file name is the identity: ``LAB2.sql`` is LAB2; ``FUN1.category.sql`` splits FUN1 by the column
``category``. Value, township breakdown, dictionary entry and trace all come from that one file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiezuo.errors import ConfigError
from xiezuo.headed_sql import Named, read_headed, read_relations, with_named
from xiezuo.headers import bare


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Kind = Literal["month", "year_to_date", "year"]


class Part(_Strict):
    """A part of an indicator, counted over the rows for which ``where`` holds; ``LAB2.lifted``.

    A part may be measured by another column of the same rows: ``IND4.lifted`` sums its own.
    """

    where: str = "true"
    measure: str | None = None
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
    ledgers of targets call it by.
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
    stock: bool = False
    total: bool = True
    kinds: tuple[Kind, ...] = ("month", "year_to_date", "year")
    also: tuple[str, ...] = ()
    definition_zh: str
    definition_en: str


@dataclass(frozen=True)
class Entry:
    """One line of the dictionary: an indicator or a part of one, and the condition that picks its rows."""

    indicator_id: str
    zh: str
    en: str
    condition: str
    measure: str


@dataclass(frozen=True)
class Indicator:
    """A header and the SELECT under it."""

    header: Header
    select: str
    relations: Named

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
        whole = (Entry(head.id, head.zh, head.en, "true", head.measure),) if head.total else ()
        parts = (
            Entry(f"{head.id}.{slug}", p.zh, p.en, p.where, p.measure or head.measure)
            for slug, p in head.filters.items()
        )
        return (*whole, *parts)

    @property
    def can_be_lower_bound(self) -> bool:
        """Whether its rows say that an amount is a lower bound (500余万)."""
        return "is_at_least" in self.select

    def counted(self) -> sql.Composed:
        """Return ``with … `` text that names the rows it counts ``counted``; ``period`` must exist."""
        return with_named((*self.relations, ("counted", self.select)))


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
        named = read_relations(relations, header.relations)
    except (yaml.YAMLError, ValidationError, OSError) as error:
        raise ConfigError(
            f"indicator {path.name}: {error}", next_step="see CONTRIBUTING.md, “add an indicator”"
        ) from error
    indicator = Indicator(header, select, named)
    if path.stem != indicator.file_id:
        raise ConfigError(f"indicator {path.name} says it is {indicator.file_id}")
    return indicator
