"""What ``include/thresholds.yaml`` and ``include/negative_list.yaml`` say: shares a check warns by, and words.

An entry holds for all counties, for those of a province or for one, from one day to another, and names its source.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County

Percent = Annotated[Decimal, Field(ge=0, le=100)]
Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(_Strict):
    """Whom an entry holds for: everyone, the counties of a home province, or one county."""

    county_code: str | None = None
    province: str | None = None

    @property
    def closeness(self) -> int:
        """Of several entries for the same days the closest counts: 2 the county's own, 1 its province's, 0."""
        return 2 if self.county_code else int(self.province is not None)

    def includes(self, county: County) -> bool:
        """Whether the entry holds for the county."""
        return self.county_code in (None, county.code) and self.province in (None, county.province)


class Entry(_Strict):
    """What every entry says: for whom, from when to when (both days inclusive), what, and who says so."""

    applies_to: Scope
    valid_from: date
    valid_to: date | None
    zh: Text
    en: Text
    source_zh: Text
    source_en: Text

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def overlaps(self, other: Entry) -> bool:
        """Whether there is a day on which both hold."""
        first, last = (
            max(self.valid_from, other.valid_from),
            min(self.valid_to or date.max, other.valid_to or date.max),
        )
        return first <= last


class Progress(Entry):
    """Expected share paid of what was allocated, in per cent, at the end of months 1 to 12."""

    expected_pct_by_month: Annotated[dict[Annotated[int, Field(ge=1, le=12)], Percent], Field(min_length=1)]


class Share(Entry):
    """Expected share of the year's money for industry, in per cent; ``categories`` where others than those marked."""

    categories: tuple[Text, ...] = ()
    expected_pct: Percent


class Outlook(Entry):
    """From which share of its target on, in per cent, what is forecast for the year's end is nearly there."""

    expected_pct: Percent


class Thresholds(_Strict):
    """``include/thresholds.yaml``."""

    spending_progress: tuple[Progress, ...] = ()
    industry_share: tuple[Share, ...] = ()
    target_outlook: tuple[Outlook, ...] = ()


class Item(Entry):
    """An item of the negative list: words, and phrases that hold such a word and are no hit."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    terms: Annotated[tuple[Text, ...], Field(min_length=1)]
    exceptions: tuple[Text, ...] = ()


class NegativeList(_Strict):
    """``include/negative_list.yaml``."""

    items: tuple[Item, ...]


_Document = TypeVar("_Document", bound=_Strict)


def load_thresholds(path: Path) -> Thresholds:
    """Read the thresholds.

    Raises:
        ConfigError: not such a file, or two entries for the same counties hold on the same day.
    """
    found = _read(path, Thresholds)
    _refuse_overlaps(path, "spending_progress", found.spending_progress)
    _refuse_overlaps(path, "industry_share", found.industry_share)
    _refuse_overlaps(path, "target_outlook", found.target_outlook)
    return found


def load_negative_list(path: Path) -> NegativeList:
    """Read the negative list.

    Raises:
        ConfigError: not such a file, or an item stands twice for the same counties and days.
    """
    found = _read(path, NegativeList)
    for name in {item.id for item in found.items}:
        _refuse_overlaps(path, f"items ({name})", [item for item in found.items if item.id == name])
    return found


def _read(path: Path, kind: type[_Document]) -> _Document:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path.name} cannot be read{place}", next_step="correct the file") from error
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        places = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}" for e in error.errors()
        )
        raise ConfigError(
            f"{path.name}: {places}", next_step="its opening comment says how it is written"
        ) from error


def _refuse_overlaps(path: Path, name: str, entries: Sequence[Entry]) -> None:
    for place, entry in enumerate(entries):
        for other in entries[:place]:
            if entry.applies_to == other.applies_to and entry.overlaps(other):
                raise ConfigError(
                    f"{path.name}: {name}.{place}: holds on days on which another entry for the same counties does",
                    next_step="give the earlier one a valid_to before the later one's valid_from",
                )
