"""数字: every figure of a county and period, and each with where it comes from, down to the rows it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xiezuo.base.errors import ConfigError
from xiezuo.build.figures import Figure, read_figures
from xiezuo.build.trace import trace
from xiezuo.declared.indicators import Indicator, indicator_of, load_indicators
from xiezuo.pages.asked import PAGE_ROWS, Asked, NotFound, Shown, page_of
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

SOURCES = {
    "labour": ("劳务协作", "Labour"),
    "sales": ("消费帮扶", "Sales"),
    "fund": ("财政帮扶资金", "Funds"),
    "work": ("协作工作", "Work of the collaboration"),
}
"""What figures come from, in the order of the list."""
KINDS = {
    "month": ("当月", "month"), "year_to_date": ("累计", "year to date"), "year": ("全年", "year"),
    "cumulative": ("多年累计", "several years"),
}  # fmt: skip
ROWS_LOOKED_AT = 2000
"""Of a figure that counts more rows, so many are shown: all of a million orders would take longer than a page may."""
ALL = "all"
"""Asks for every township's column."""


@dataclass(frozen=True)
class Known:
    """What an indicator is, in both languages, and the file that counts it."""

    indicator_id: str
    name_zh: str
    name_en: str
    unit: str
    source: str
    definition_zh: str
    definition_en: str
    file: Indicator | None


def figures(asked: Asked) -> Shown:
    """Show a county's figures of a period, grouped by what they come from; townships beside it where asked for."""
    county, period = asked.county, chosen_period(asked)
    named, town = (asked.query.get("q") or "").strip(), asked.query.get("town") or ""
    known, found, towns = indicators(asked), _of_period(asked, county, period), _towns(asked, county, period)
    town = town if town in towns or town == ALL else ""
    by_town = {(one.indicator_id, one.breakdown): one for one in found if one.breakdown}
    told = {indicator_id for indicator_id, _ in by_town}
    columns = towns if town == ALL else {code: name for code, name in towns.items() if code == town}
    lines: list[dict[str, Any]] = [
        {
            "figure": one, "known": known_of(known, one.indicator_id, one.unit),
            "towns": [
                by_town.get((one.indicator_id, code), one.nothing_in(code)) if one.indicator_id in told else None
                for code in columns
            ],
        }
        for one in found if not one.breakdown
    ]  # fmt: skip
    lines = [line for line in lines if _is_named(line["known"], named)]
    order = list(SOURCES)
    lines.sort(key=lambda line: order.index(line["known"].source))
    shown, following = page_of(lines[asked.after : asked.after + PAGE_ROWS + 1], asked.after)
    return Shown(
        "figures.html",
        {
            "county": asked.counties[county], "period": period, "months": known_periods(asked, county),
            "lines": shown, "count": len(lines), "next": following, "named": named, "town": town, "towns": towns,
            "columns": columns, "sources": SOURCES, "kinds": KINDS, "kind": period.kind,
        },
    )  # fmt: skip


def figure(asked: Asked) -> Shown:
    """Show one figure: its value, townships, months, definition and SQL, and a page of the rows it counts.

    Raises:
        NotFound: there is no such county, township, indicator or period.
    """
    county, town, indicator_id = asked.county, asked.query.get("town") or "", asked.path["indicator"]
    try:
        period = Period.read(asked.path["period"], asked.query.get("kind") or None)
        if (since := asked.query.get("since") or "").isdecimal():
            period = period.back_to(int(since))
        traced = trace(
            asked.settings, county, period.text, indicator_id,
            kind=period.kind, breakdown=town, limit=PAGE_ROWS,
            after=min(asked.after, ROWS_LOOKED_AT), most=ROWS_LOOKED_AT,
        )  # fmt: skip
    except ConfigError as error:
        raise NotFound(error.message, zh=error.zh) from error
    names = indicators(asked)
    known = known_of(names, indicator_id, traced["unit"])
    found, towns = _of_period(asked, county, period), _towns(asked, county, period)
    mine = {one.breakdown: one for one in found if one.indicator_id == indicator_id}
    whole = mine.get("")
    own = mine.get(town) or (whole.nothing_in(town) if whole else None)
    head = indicator_id.partition(".")[0]
    return Shown(
        "figure.html",
        {
            "county": asked.counties[county], "period": period, "known": known, "town": town, "towns": towns,
            "value": None if traced["value"] is None else Decimal(traced["value"]), "qualifier": traced["qualifier"],
            "unit": traced["unit"], "figure": own, "ranked": _ranked(mine, towns),
            "siblings": [
                one for one in found
                if one.breakdown == town and one.indicator_id != indicator_id
                and one.indicator_id.partition(".")[0] == head
            ],
            "names": names,
            "course": course(asked, county, period, indicator_id, town),
            "sql": _sql(asked, known), "sides": traced.get("sides", {}),
            "rows": traced["rows"], "total": traced["total_rows"], "next": traced["next"],
            "looked_at": ROWS_LOOKED_AT,
            "kinds": KINDS, "months": (months := known_periods(asked, county)),
            "earlier": sorted({text[:4] for text in months if int(text[:4]) < period.year}),
        },
    )  # fmt: skip


def indicators(asked: Asked) -> dict[str, Known]:
    """Return what each indicator is, by identity: those that files foresee, and those the warehouse has besides."""
    files = {entry.indicator_id: one for one in load_indicators(asked.settings.root) for entry in one.entries}
    known = {
        entry.indicator_id: Known(
            entry.indicator_id, entry.zh, entry.en, one.header.unit, one.header.source,
            one.header.definition_zh, one.header.definition_en, one,
        )
        for one in load_indicators(asked.settings.root) for entry in one.entries
    }  # fmt: skip
    for row in asked.rows("pages/indicators"):
        one = row["indicator_id"]
        known[one] = Known(
            one, row["name_zh"], row["name_en"], row["unit"], row["source"], row["definition_zh"], row["definition_en"],
            files.get(one) or _of_split(asked, one),
        )  # fmt: skip
    return known


def _of_split(asked: Asked, indicator_id: str) -> Indicator | None:
    found = indicator_of(asked.settings.root, indicator_id)
    return found[1] if found else None


def known_of(known: Mapping[str, Known], indicator_id: str, unit: str) -> Known:
    """Return what an indicator is; of one that is no longer declared, its identity."""
    bare = Known(indicator_id, indicator_id, indicator_id, unit, "work", "", "", None)
    return known.get(indicator_id, bare)


def known_periods(asked: Asked, county: str) -> list[str]:
    """Return the months a county has figures of, the newest first, and after each year's months the year."""
    months = [
        row["period"]
        for row in asked.rows("pages/newest", county_code=county, last=f"{asked.settings.now():%Y-%m}")
    ]
    return [*months, *sorted({month[:4] for month in months}, reverse=True)]


def chosen_period(asked: Asked) -> Period:
    """Return the period a list is asked for: the newest year to date where none is named."""
    text = asked.query.get("period")
    if not text:
        months = known_periods(asked, asked.county)
        text = months[0] if months else f"{asked.settings.now():%Y-%m}"
    kind = asked.query.get("kind") or "year_to_date"
    return Period.read(text) if len(text) == 4 or kind not in KINDS or kind == "year" else Period.read(text, kind)


def course(asked: Asked, county: str, period: Period, indicator_id: str, town: str) -> list[dict[str, Any]]:
    """Return how a figure went: through the months of its year, or where it is of years, through the years."""
    first, last = {
        "year": (f"{period.year - 9:04d}", period.text), "cumulative": (f"{period.since}-0000", f"{period.since}-9999"),
    }.get(period.kind, (f"{period.year}-01", f"{period.year}-12"))  # fmt: skip
    return asked.rows(
        "pages/figure_course", county_code=county, period_kind=period.kind, first=first, last=last,
        indicator_id=indicator_id, town=town,
    )  # fmt: skip


def _of_period(asked: Asked, county: str, period: Period) -> list[Figure]:
    with access.connect(asked.settings) as connection:
        return read_figures(connection, asked.settings.root, county, period)


def _towns(asked: Asked, county: str, period: Period) -> dict[str, str]:
    rows = asked.rows("publish/towns", county_code=county, year=f"{period.year:04d}")
    return {row["division_code"]: row["division_name"] for row in rows}


def _ranked(mine: Mapping[str, Figure], towns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the townships of a figure, largest first; empty where it is not told by township."""
    whole = mine.get("")
    if whole is None or len(mine) < 2:
        return []
    codes = dict.fromkeys([*towns, *filter(None, mine)])
    lines = [
        {
            "code": code, "name": towns.get(code, code), "figure": mine.get(code) or whole.nothing_in(code),
            "value": (mine.get(code) or whole.nothing_in(code)).value,
        }
        for code in codes
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-(line["value"] or 0), line["code"]))


def _is_named(known: Known, named: str) -> bool:
    text = f"{known.indicator_id} {known.name_zh} {known.name_en} {known.definition_zh}".casefold()
    return all(word in text for word in named.casefold().split())


def _sql(asked: Asked, known: Known) -> list[tuple[str, str]]:
    """Return the files an indicator is counted by, name and text: its own first, then the relations it names.

    Of a rate its own, then those of its numerator and of its denominator.
    """
    if known.file is None:
        return []
    folder = asked.settings.root / "include" / "sql"
    files = (known.file, *(side for _, side in known.file.sides))
    names: Iterable[str] = dict.fromkeys((
        *(f"indicators/{one.file_id}.sql" for one in files),
        *(f"relations/{name}.sql" for one in files for name in one.header.relations),
    ))  # fmt: skip
    return [(f"include/sql/{name}", (folder / name).read_text(encoding="utf-8")) for name in names]
