"""Stage six: a period's figures as files: ``summary.json`` for programs, ``summary.xlsx`` for the office.

The same figures give the same bytes, and a file is replaced (whole, by a rename) only when its bytes
differ: running a summary again is no change.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import psycopg

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.build.figures import NOTE_ZH, Figure, Summary, in_order, read_figures, value_text
from xiezuo.publish import unchanged
from xiezuo.publish.documents.content import Content, Stamp, Value
from xiezuo.publish.outfiles import replace_when_different
from xiezuo.publish.release import standing
from xiezuo.publish.release.gathering import gather, template_of
from xiezuo.publish.release.records import content_of, latest_release
from xiezuo.publish.sheets import summary as summary_workbook
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

_log = logging.getLogger("xiezuo.publish.summarise")

_COUNTY = re.compile(r"[0-9]{6}")


def summarise(settings: Settings, county_code: str, period: str) -> list[str]:
    """Write what stands for ``2022-09`` or ``2022``: ``summary.json``, ``summary.xlsx`` and the documents to be signed.

    Of a closed period they say what its latest release says, else what the figures are now, marked as a draft. Their
    paths are returned: they lie in ``XIEZUO_OUT/<county>/<period>``. A period that was never built has no files.

    Raises:
        ConfigError: the code is no county code, or the text no month or year.
    """
    wanted = Period.read(period)
    if wanted.kind == "year_to_date":
        raise ConfigError(
            "the year to date is part of its month's summary", next_step=f"ask for {wanted.text}"
        )
    said = _said(settings, _checked(county_code), wanted)
    if said is None:
        _log.info("no figures of county %s in %s: no summary written", county_code, wanted.text)
        return []
    content, stamp, template = said
    sources = unchanged.sources_of(settings, content, stamp, template)
    if (there := unchanged.standing(settings, content, sources)) is not None:
        return there
    summary = _summary(settings, content)
    folder = standing.folder_of(settings, content)
    written = {
        folder / "summary.xlsx": summary_workbook.render(summary),
        folder / "summary.json": _document(summary),
    }
    for path, document in written.items():
        replace_when_different(path, document)
    paths = [*written, *standing.put(settings, content, stamp, template)]
    unchanged.remember(settings, content, sources, paths)
    return sorted(str(path) for path in paths)


def annual_table(settings: Settings, county_code: str, year: int) -> list[tuple[str, str, str, str, str]]:
    """Return the year's whole-county figures for a terminal: identity, name, value, unit, note.

    Values carry commas between thousands; the note tells a lower bound and what was not reported.
    """
    with access.connect(settings, "analyst") as connection:
        figures = read_figures(connection, settings.root, _checked(county_code), Period("year", year, None))
    return [
        (
            f.indicator_id,
            f.name_zh,
            value_text(f.value, f.unit, grouped=True) or "—",
            f.unit,
            NOTE_ZH[f.qualifier],
        )
        for f in figures
        if not f.breakdown
    ]


def _checked(county_code: str) -> str:
    if _COUNTY.fullmatch(county_code) is None:
        raise ConfigError(f"{county_code!r} is not a six-digit division code", zh="县级区划代码应为六位数字")
    return county_code


def _said(settings: Settings, county_code: str, period: Period) -> tuple[Content, Stamp, bytes] | None:
    """Return what stands for a period, with its stamp and template: its latest release, else what the figures are now.

    A closed period does not change until a release restates it. None when the period was never built.
    """
    with access.connect(settings) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        release = latest_release(connection, settings, county_code, period.text)
        if release is not None:
            content = content_of(connection, settings, release)
            return content, release.stamp, standing.template_kept(connection, content)
        now = gather(connection, settings, county_code, period)
        if now is None:
            return None
        stamp = Stamp(release_id=f"{county_code}-{period.text}-draft", digest=now.digest)
        return now, stamp, template_of(settings, now)


def _summary(settings: Settings, content: Content) -> Summary:
    period = content.span
    figures = [_figure(value) for value in content.of_kind(period.kind)]
    so_far = [] if period.kind == "year" else [_figure(value) for value in content.of_kind("year_to_date")]
    return Summary(
        county_code=content.county.code,
        county_name=content.county.name,
        period=period,
        figures=figures,
        year_to_date=so_far,
        towns=list(content.towns),
        order=in_order(settings.root, [*figures, *so_far], dict(content.chapters)),
        headings={one.indicator_id: content.heading(one.indicator_id) for one in (*figures, *so_far)},
    )


def _figure(value: Value) -> Figure:
    return Figure(**value.model_dump(exclude={"period_kind", "period"}))


def _document(summary: Summary) -> bytes:
    document: dict[str, Any] = {
        "county_code": summary.county_code,
        "period_kind": summary.period.kind,
        "period": summary.period.text,
        "as_of": summary.as_of.isoformat(),
        "figures": [_entry(figure) for figure in summary.figures],
    }
    if summary.period.kind == "month":
        document["year_to_date"] = [_entry(figure) for figure in summary.year_to_date]
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _entry(figure: Figure) -> dict[str, str | None]:
    """One figure as docs/interfaces.md has it; percent with two decimals."""
    pct = figure.completion_pct
    return {
        "indicator_id": figure.indicator_id,
        "breakdown": figure.breakdown,
        "value": value_text(figure.value, figure.unit),
        "unit": figure.unit,
        "qualifier": figure.qualifier,
        "target": value_text(figure.target, figure.unit),
        "completion_pct": None if pct is None else f"{pct:.2f}",
        "last_year": value_text(figure.last_year, figure.unit),
    }
