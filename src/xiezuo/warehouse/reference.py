"""Reference data: shares a check warns by, words of the negative list, categories of projects, who answers for what.

``include/thresholds.yaml``, ``negative_list.yaml``, ``categories.yaml`` and ``operations.yaml`` say what holds for all
counties, for those of a province or for one. Written to the warehouse is what holds for each county, so that checks
join on the county alone; values outlive nothing: what the files no longer say is gone after the next ``write``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import psycopg
from psycopg import sql

from xiezuo.base.settings import Settings
from xiezuo.declared.categories import Categories, load_categories
from xiezuo.declared.counties import County, load_counties
from xiezuo.declared.operations import Operations, load_operations
from xiezuo.declared.thresholds import Entry, NegativeList, Thresholds, load_negative_list, load_thresholds
from xiezuo.values.privacy import content_id

COMPARED_VALUES = "compared values"
"""The line of ``audit.schema_part`` that tells whether the values checks compare with have changed."""

_KEYS = {
    "threshold": ("county_code", "kind", "month", "valid_from"),
    "negative_term": ("county_code", "item_id", "term", "valid_from"),
    "responsible": ("county_code", "source"),
    "category": ("county_code", "category", "first_year"),
}

_EntryKind = TypeVar("_EntryKind", bound=Entry)


def write(connection: psycopg.Connection, settings: Settings) -> None:
    """Bring the tables of reference data in line with the files; an unchanged row stays as it is.

    A digest of all of them stands in ``audit.schema_part``, so that a build need not read them to see a change.

    Raises:
        ConfigError: a file cannot be read or says what cannot be; the message names file and place.
    """
    counties = load_counties(settings.counties_path).values()
    thresholds = load_thresholds(settings.root / "include" / "thresholds.yaml")
    negative = load_negative_list(settings.root / "include" / "negative_list.yaml")
    operations = load_operations(settings.root)
    categories = load_categories(settings.root / "include" / "categories.yaml")
    values = {
        "category": [row for county in counties for row in _category_rows(categories, county)],
        "threshold": [row for county in counties for row in _threshold_rows(thresholds, county)],
        "negative_term": [row for county in counties for row in _term_rows(negative, county)],
        "responsible": [row for county in counties for row in _responsible_rows(operations, county)],
    }
    for table, rows in values.items():
        _put(connection, table, rows)
    connection.execute(
        "insert into audit.schema_part as p (part, digest) values (%s, %s)"
        " on conflict (part) do update set digest = excluded.digest where p.digest <> excluded.digest",
        (COMPARED_VALUES, content_id(repr(values))),
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
        common = _common(county, progress, "threshold", first, last) | {
            "kind": "spending_progress",
            "categories": [],
        }
        rows += [
            common | {"month": m, "expected_pct": p}
            for m, p in sorted(progress.expected_pct_by_month.items())
        ]
    for share, first, last in _nearest(thresholds.industry_share, county):
        common = _common(county, share, "threshold", first, last) | {"kind": "industry_share", "month": 12}
        rows.append(common | {"categories": list(share.categories), "expected_pct": share.expected_pct})
    for outlook, first, last in _nearest(thresholds.target_outlook, county):
        common = _common(county, outlook, "threshold", first, last) | {"kind": "target_outlook", "month": 12}
        rows.append(common | {"categories": [], "expected_pct": outlook.expected_pct})
    return rows


def _responsible_rows(operations: Operations, county: County) -> list[Mapping[str, Any]]:
    offices = operations.responsible_of(county.code)
    return [{"county_code": county.code, "source": source, "office_zh": zh} for source, zh in sorted(offices.items())]


def _term_rows(negative: NegativeList, county: County) -> list[Mapping[str, Any]]:
    names = sorted({item.id for item in negative.items})
    return [
        _common(county, item, "item", first, last)
        | {"item_id": name, "term": term, "exceptions": list(item.exceptions)}
        for name in names
        for item, first, last in _nearest([i for i in negative.items if i.id == name], county)
        for term in sorted(set(item.terms))
    ]


def _category_rows(categories: Categories, county: County) -> list[Mapping[str, Any]]:
    return [
        {
            "county_code": county.code, "category": span.category.slug, "first_year": span.first,
            "last_year": span.last, "category_zh": span.category.zh, "category_en": span.category.en,
            "is_listed": span.is_listed, "is_industry": span.is_industry,
        }
        for span in categories.of_county(county)
    ]  # fmt: skip


def _common(county: County, entry: Entry, label: str, first: date, last: date | None) -> dict[str, Any]:
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
        copy = sql.SQL("copy {} ({}) from stdin").format(
            wanted, sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with connection.cursor().copy(copy) as out:
            for row in rows:
                out.write_row([row[column] for column in columns])
    # Set against set, for rows compared each with each take minutes at 832 counties; and the key alone goes to
    # the workers where the table is distributed.
    same = sql.SQL(" and ").join(
        sql.SQL("t.{0} = s.{0}").format(sql.Identifier(column)) for column in _KEYS[table]
    )
    gone = "with stale as (table {0} except table {1}) delete from {0} as t using stale as s where {2}"
    connection.execute(sql.SQL(gone).format(name, wanted, same))
    connection.execute(sql.SQL("insert into {0} table {1} on conflict do nothing").format(name, wanted))
    connection.execute(sql.SQL("drop table {}").format(wanted))
