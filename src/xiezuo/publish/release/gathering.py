"""All that a period's documents say, read from one snapshot of the warehouse.

The content depends on the data, the templates and the wording of this installation, never on when it is read: a draft
made again of the same data has the same digest.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import class_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build.figures import Figure, read_figures
from xiezuo.declared.counties import County as Served
from xiezuo.declared.counties import load_counties
from xiezuo.declared.indicator_sets import Section, catalogue_of, set_of
from xiezuo.declared.operations import load_operations
from xiezuo.publish.documents.content import Content, County, Heading, Passage, Restated, Value, chinese
from xiezuo.publish.documents.word.render import template_name, unreported_themes
from xiezuo.publish.documents.wording import Theme, load_themes
from xiezuo.publish.release.annexes import read_annexes, read_lists
from xiezuo.publish.release.closelist import close_list, with_unreported
from xiezuo.publish.release.records import Key, Release, released_values
from xiezuo.publish.release.standing import catalogue
from xiezuo.values.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Reader = psycopg.Connection[Any]


def gather(
    connection: Reader, settings: Settings, county_code: str, period: Period, *,
    before: Release | None = None, reason: str = "",
) -> Content | None:  # fmt: skip
    """Return the content of a month's or a year's documents; None when the period was never built.

    ``before`` is the release that this one would restate, ``reason`` why. The caller's transaction should be
    repeatable read: figures and the rows behind annexes then are of one moment.

    Raises:
        ConfigError: a template is missing.
    """
    names = {"county_code": county_code, "year": f"{period.year:04d}"}
    found = _values(connection, settings, county_code, period)
    if not found:
        return None
    with connection.cursor(row_factory=class_row(County)) as cursor:
        (county,) = cursor.execute(read_sql(settings.root, "publish/county"), names).fetchall()
    served = load_counties(settings.counties_path).get(county_code) or Served(**county.model_dump())
    measured_by = set_of(settings.root, served, period.year)
    values, chapters = _arranged(settings, served, period.year, found, measured_by.names)
    outline = tuple(map(_heading, measured_by.report))
    passages = _passages(connection, settings, county_code, period)
    content = Content(
        county=county,
        period=period.text,
        as_of=_as_of(values),
        values=tuple(values),
        towns=tuple(connection.execute(read_sql(settings.root, "publish/towns"), names).fetchall()),
        chapters=chapters,
        measured_by=measured_by.zh,
        outline=outline,
        themes=_themes(settings, outline),
        lists=read_lists(connection, settings.root, county_code, period),
        tables=read_annexes(connection, settings.root, county_code, period, values),
        passages=passages,
        checks=close_list(connection, settings, county_code, period, passages),
    )
    checks = with_unreported(content.checks, unreported_themes(content, catalogue(settings)))
    changes: dict[str, Any] = {"template_sha256": _templates(settings, content), "checks": checks}
    if before is not None:
        changes["restates"] = before.release_id
        changes["restated"] = tuple(_restated(values, released_values(connection, settings, before), reason))
    return content.model_copy(update=changes)


def template_of(settings: Settings, content: Content) -> bytes:
    """Return the Word template of a content's document.

    Raises:
        ConfigError: it is missing.
    """
    path = settings.root / "include" / "reports" / template_name(content)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"the template {path.name} cannot be read", zh=f"模板 {path.name} 无法读取") from error


def _templates(settings: Settings, content: Content) -> dict[str, str]:
    return {template_name(content): hashlib.sha256(template_of(settings, content)).hexdigest()}


def _values(connection: Reader, settings: Settings, county_code: str, period: Period) -> list[Value]:
    kinds = (period,) if period.kind == "year" else (period, period.of_kind("year_to_date"))
    return [
        _value(figure, span)
        for span in kinds
        for figure in read_figures(connection, settings.root, county_code, span)
    ]


def _value(figure: Figure, span: Period) -> Value:
    return Value(period_kind=span.kind, period=span.text, **asdict(figure))


def _arranged(
    settings: Settings, county: Served, year: int, found: list[Value], names: Mapping[str, str]
) -> tuple[list[Value], tuple[tuple[str, str], ...]]:
    """Return the values that the county's indicator set of the year has, as it calls and orders them, and headings.

    What nothing is known of stands there where its ledger is expected of the county: as not reported, once for the
    figure and not for each of its parts. Parts that the set does not name one by one stand there where they are not 0.
    """
    catalogue = catalogue_of(settings.root, county, year)
    expected = {one.dataset for one in load_operations(settings.root).expected_of(county.code)}
    known = {v.indicator_id for v in found if (v.value, v.last_year, v.target) != (None, None, None)}
    known -= {one for one in known if catalogue.is_listed_with_others(one)} - {
        v.indicator_id for v in found if v.value or v.last_year or v.target
    }
    found = [v for v in found if v.indicator_id in known or catalogue.dataset_of_whole(v.indicator_id) in expected]
    there = {v.indicator_id for v in found}
    found = [v for v in found if catalogue.whole_of(v.indicator_id) in (*there, "")]
    placed = [(place, value) for value in found if (place := catalogue.place(value.indicator_id)) is not None]
    kinds = {"month": 0, "year_to_date": 1, "year": 2}
    placed.sort(key=lambda one: (kinds[one[1].period_kind], one[0], one[1].breakdown))
    values = [
        value.model_copy(update={"name_zh": names[value.indicator_id]}) if value.indicator_id in names else value
        for _, value in placed
    ]
    identities = sorted({place: value.indicator_id for place, value in placed}.items())
    return values, tuple((one, catalogue.heading(one)) for _, one in identities)


def _heading(section: Section) -> Heading:
    return Heading.model_validate(section.model_dump())


def _themes(settings: Settings, outline: Iterable[Heading]) -> tuple[Theme, ...]:
    """Return the themes that an outline names, in its order; one that has no file is not written yet."""
    known = {theme.key: theme for theme in load_themes(settings.root)}
    return tuple(known[key] for heading in outline for key in heading.all_themes if key in known)


def _as_of(values: Iterable[Value]) -> date:
    """Return the latest day any value speaks of that a ledger was delivered for.

    Figures nobody reported say nothing of it, nor do rows that strayed into a period no ledger speaks of.
    """
    known = list(values)
    reported = [value for value in known if value.qualifier != "not_reported"]
    whole = [value.as_of for value in reported if value.qualifier == "exact"]
    return max(whole or [value.as_of for value in reported or known])


def _passages(connection: Reader, settings: Settings, county_code: str, period: Period) -> tuple[Passage, ...]:
    """Return what the office wrote for a year's report; a bulletin has no such texts."""
    if period.kind != "year":
        return ()
    names = {"county_code": county_code, "year": period.year}
    with connection.cursor(row_factory=class_row(Passage)) as cursor:
        found = cursor.execute(read_sql(settings.root, "publish/passages"), names).fetchall()
    return tuple(one.model_copy(update={"text": chinese(one.text)}) if one.text else one for one in found)


def _restated(values: Iterable[Value], before: dict[Key, Value], reason: str) -> Iterable[Restated]:
    """Yield what differs from the release before: a township that one of both does not list has nothing to count."""
    now = {(v.period_kind, v.indicator_id, v.breakdown): v for v in values}
    for key in [*now, *(key for key in before if key not in now)]:
        old, new = before.get(key) or _nothing(now[key]), now.get(key) or _nothing(before[key])
        if (old.value, old.qualifier) != (new.value, new.qualifier):
            yield Restated(
                period_kind=new.period_kind, period=new.period, indicator_id=new.indicator_id,
                breakdown=new.breakdown, name_zh=new.name_zh, unit=new.unit, old=old.value,
                old_qualifier=old.qualifier, new=new.value, new_qualifier=new.qualifier, reason_zh=reason,
            )  # fmt: skip


def _nothing(value: Value) -> Value:
    """Return what is known of a figure that is not listed: of a township that there is nothing to count."""
    if value.breakdown:
        return value.model_copy(update={"value": Decimal(0), "qualifier": "exact"})
    return value.model_copy(update={"value": None, "qualifier": "not_reported"})
