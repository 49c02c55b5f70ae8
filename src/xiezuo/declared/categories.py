"""Categories of projects: ``include/categories.yaml`` says what each is called, and which a county has in a year.

A category has one identity and one name everywhere; who may write it, and in which words, may be a county's or a
province's own affair. A list names the categories that a county's figures have in its years, zeros included; without a
list a county has those that its projects are of (docs/decisions/0058-figures-from-what-is-held.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County
from xiezuo.declared.words import Words

FIELD = "fund_project.category"
"""The list of values whose words stand here and not in ``include/words``."""

FIRST_YEAR = 2000
"""A category without a list is one in any year since."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Whose(_Strict):
    """Whom an entry holds for: everyone, the counties of a home province, or one county."""

    county_code: str | None = None
    province: str | None = None

    @property
    def closeness(self) -> int:
        """Of several entries the closest counts: 2 the county's own, 1 its province's, 0."""
        return 2 if self.county_code else int(self.province is not None)

    def includes(self, county: County) -> bool:
        """Whether the entry holds for the county."""
        return self.county_code in (None, county.code) and self.province in (None, county.province)


class Category(_Strict):
    """A category: its identity, its names, the words ledgers have for it, and whether it is money for industry."""

    slug: Annotated[str, Field(pattern=r"^[\w]+$")]
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
    is_industry: bool = False
    applies_to: Whose = Whose()
    words: Annotated[tuple[str, ...], Field(min_length=1)]


class Listed(_Strict):
    """The categories of some counties from one year to another, both included; ``industry`` overrides the marks."""

    applies_to: Whose
    valid_from: int
    valid_to: int | None = None
    categories: Annotated[tuple[str, ...], Field(min_length=1)]
    industry: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self


class Categories(_Strict):
    """``include/categories.yaml``."""

    decided_by: str
    decided_on: date
    categories: tuple[Category, ...]
    lists: tuple[Listed, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        slugs = [one.slug for one in self.categories]
        names = [one.zh for one in self.categories]
        for found in (slugs, names):
            if twice := {one for one in found if found.count(one) > 1}:
                raise ValueError(f"{'、'.join(sorted(twice))} stands there twice")
        for place, one in enumerate(self.lists):
            if foreign := {*one.categories, *(one.industry or ())} - set(slugs):
                raise ValueError(f"lists.{place} names {'、'.join(sorted(foreign))}, which is no category")
            for other in self.lists[:place]:
                if one.applies_to == other.applies_to and _meet(one, other):
                    raise ValueError(f"lists.{place} holds in years in which another list of the same counties does")
        return self

    @property
    def words(self) -> tuple[Words, ...]:
        """The words of all categories, as the reader of lists takes them."""
        return tuple(
            Words(
                value=one.slug, words=one.words, county=one.applies_to.county_code, province=one.applies_to.province,
                decided_by=self.decided_by, decided_on=self.decided_on,
            )
            for one in self.categories
        )  # fmt: skip

    def names(self) -> dict[str, str]:
        """Return what each category is called in Chinese."""
        return {one.slug: one.zh for one in self.categories}

    def of_county(self, county: County) -> Iterator[Span]:
        """Yield the categories a county may have, each with the years in which it is listed, or industry, or not."""
        lists = sorted((one for one in self.lists if one.applies_to.includes(county)), key=_closeness)
        begins = {FIRST_YEAR} | {one.valid_from for one in lists} | {one.valid_to + 1 for one in lists if one.valid_to}
        years = sorted(begins)
        own = [one for one in self.categories if one.applies_to.includes(county)]
        for first, after in zip(years, (*years[1:], None), strict=True):
            holding = [one for one in lists if one.valid_from <= first <= (one.valid_to or first)]
            closest = holding[-1] if holding else None
            for one in own:
                industry = closest.industry if closest else None
                is_industry = one.is_industry if industry is None else one.slug in industry
                is_listed = closest is not None and one.slug in closest.categories
                yield Span(one, first, None if after is None else after - 1, is_listed, is_industry)


@dataclass(frozen=True)
class Span:
    """A category as one county has it in the years from ``first`` to ``last``; None is open."""

    category: Category
    first: int
    last: int | None
    is_listed: bool
    is_industry: bool


def load_categories(path: Path) -> Categories:
    """Read the categories; where there is no file, every category is for the office to decide.

    Raises:
        ConfigError: not such a file, or one that contradicts itself; the message says where.
    """
    return _load(path) if path.exists() else Categories(decided_by="", decided_on=date.min, categories=())


@lru_cache(maxsize=8)
def _load(path: Path) -> Categories:
    try:
        document: Any = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return Categories.model_validate(document)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"{path.name}: {error}", next_step="its opening comment says how it is written") from error


def _closeness(one: Listed) -> int:
    return one.applies_to.closeness


def _meet(one: Listed, other: Listed) -> bool:
    first = max(one.valid_from, other.valid_from)
    return first <= min(one.valid_to or first, other.valid_to or first)
