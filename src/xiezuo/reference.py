"""Reference data with validity: shares a check warns by, and words of the negative list.

``include/thresholds.yaml`` and ``include/negative_list.yaml`` say what holds for all counties, for those of a
province or for one. Written to the warehouse is what holds for each county, so that checks join on the county
alone; values outlive nothing: what the files no longer say is gone after the next ``write``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

import psycopg
import yaml
from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.counties import County, load_counties
from xiezuo.errors import ConfigError
from xiezuo.settings import Settings

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


class _Entry(_Strict):
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

    def overlaps(self, other: _Entry) -> bool:
        """Whether there is a day on which both hold."""
        first, last = max(self.valid_from, other.valid_from), min(self.valid_to or date.max, other.valid_to or date.max)
        return first <= last


class Progress(_Entry):
    """Expected share paid of what was allocated, in per cent, at the end of months 1 to 12."""

    expected_pct_by_month: Annotated[dict[Annotated[int, Field(ge=1, le=12)], Percent], Field(min_length=1)]


class Share(_Entry):
    """Expected share of the year's money in some primary categories, in per cent."""

    categories: Annotated[tuple[Text, ...], Field(min_length=1)]
    expected_pct: Percent


class Thresholds(_Strict):
    """``include/thresholds.yaml``."""

    spending_progress: tuple[Progress, ...] = ()
    industry_share: tuple[Share, ...] = ()


class Item(_Entry):
    """An item of the negative list: words, and phrases that hold such a word and are no hit."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    terms: Annotated[tuple[Text, ...], Field(min_length=1)]
    exceptions: tuple[Text, ...] = ()


class NegativeList(_Strict):
    """``include/negative_list.yaml``."""

    items: tuple[Item, ...]


_Document = TypeVar("_Document", bound=_Strict)
_EntryKind = TypeVar("_EntryKind", bound=_Entry)


def write(connection: psycopg.Connection, settings: Settings) -> None:
    """Bring ``core.threshold`` and ``core.negative_term`` in line with the files; an unchanged row stays as it is.

    Raises:
        ConfigError: a file cannot be read or says what cannot be; the message names file and place.
    """
    counties = load_counties(settings.counties_path).values()
    thresholds = load_thresholds(settings.root / "include" / "thresholds.yaml")
    negative = load_negative_list(settings.root / "include" / "negative_list.yaml")
    _put(connection, "threshold", [row for county in counties for row in _threshold_rows(thresholds, county)])
    _put(connection, "negative_term", [row for county in counties for row in _term_rows(negative, county)])


def load_thresholds(path: Path) -> Thresholds:
    """Read the thresholds.

    Raises:
        ConfigError: not such a file, or two entries for the same counties hold on the same day.
    """
    found = _read(path, Thresholds)
    _refuse_overlaps(path, "spending_progress", found.spending_progress)
    _refuse_overlaps(path, "industry_share", found.industry_share)
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
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{path.name}: {places}", next_step="its opening comment says how it is written") from error


def _refuse_overlaps(path: Path, name: str, entries: Sequence[_Entry]) -> None:
    for place, entry in enumerate(entries):
        for other in entries[:place]:
            if entry.applies_to == other.applies_to and entry.overlaps(other):
                raise ConfigError(
                    f"{path.name}: {name}.{place}: holds on days on which another entry for the same counties does",
                    next_step="give the earlier one a valid_to before the later one's valid_from",
                )


def _nearest(entries: Iterable[_EntryKind], county: County) -> list[tuple[_EntryKind, date, date | None]]:
    """Return the spans in which each entry is the closest one that holds for the county.

    Spans end where a closer entry begins and go on where it ends, so no day has two values.
    """
    own = [entry for entry in entries if entry.applies_to.includes(county)]
    begins = {entry.valid_from for entry in own} | {_next(entry.valid_to) for entry in own if entry.valid_to}
    days = sorted(begins)
    found: list[tuple[_EntryKind, date, date | None]] = []
    for first, after in zip(days, (*days[1:], None) if days else (), strict=True):
        holding = [e for e in own if e.valid_from <= first <= (e.valid_to or date.max)]
        if holding:
            closest = max(holding, key=lambda e: e.applies_to.closeness)
            found.append((closest, first, None if after is None else date.fromordinal(after.toordinal() - 1)))
    return found


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _threshold_rows(thresholds: Thresholds, county: County) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for progress, first, last in _nearest(thresholds.spending_progress, county):
        common = _common(county, progress, "threshold", first, last) | {"kind": "spending_progress", "categories": []}
        rows += [common | {"month": m, "expected_pct": p} for m, p in sorted(progress.expected_pct_by_month.items())]
    for share, first, last in _nearest(thresholds.industry_share, county):
        common = _common(county, share, "threshold", first, last) | {"kind": "industry_share", "month": 12}
        rows.append(common | {"categories": list(share.categories), "expected_pct": share.expected_pct})
    return rows


def _term_rows(negative: NegativeList, county: County) -> list[Mapping[str, Any]]:
    names = sorted({item.id for item in negative.items})
    return [
        _common(county, item, "item", first, last)
        | {"item_id": name, "term": term, "exceptions": list(item.exceptions)}
        for name in names
        for item, first, last in _nearest([i for i in negative.items if i.id == name], county)
        for term in sorted(set(item.terms))
    ]


def _common(county: County, entry: _Entry, label: str, first: date, last: date | None) -> dict[str, Any]:
    return {
        "county_code": county.code, "valid_from": first, "valid_to": last, f"{label}_zh": entry.zh,
        f"{label}_en": entry.en, "source_zh": entry.source_zh, "source_en": entry.source_en,
    }  # fmt: skip


def _put(connection: psycopg.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the table's rows, leaving those alone that are as they should be."""
    name, wanted = sql.Identifier("core", table), sql.Identifier(f"wanted_{table}")
    make = "create temporary table {} (like {}) on commit drop"
    connection.execute(sql.SQL(make).format(wanted, name))
    if rows:
        columns = list(rows[0])
        copy = sql.SQL("copy {} ({}) from stdin").format(wanted, sql.SQL(", ").join(map(sql.Identifier, columns)))
        with connection.cursor().copy(copy) as out:
            for row in rows:
                out.write_row([row[column] for column in columns])
    connection.execute(
        sql.SQL("delete from {0} as t where not exists (select 1 from {1} as w where w is not distinct from t)").format(
            name, wanted
        )
    )
    connection.execute(sql.SQL("insert into {0} table {1} on conflict do nothing").format(name, wanted))
    connection.execute(sql.SQL("drop table {}").format(wanted))
