"""Stage six: a period's figures as files: ``summary.json`` for programs, ``summary.xlsx`` for the office.

The same figures give the same bytes, and a file is replaced (whole, by a rename) only when its bytes
differ: running a summary again is no change.
"""

from __future__ import annotations

import json
import logging
import os
import re
import uuid
from pathlib import Path
from typing import Any

import psycopg

from xiezuo import summary_workbook, warehouse
from xiezuo.errors import ConfigError
from xiezuo.figures import NOTE_ZH, Figure, Summary, in_order, load_chapters, read_figures, value_text
from xiezuo.periods import Period
from xiezuo.settings import Settings
from xiezuo.sql_files import read_sql

_log = logging.getLogger("xiezuo.publish")

_COUNTY = re.compile(r"[0-9]{6}")


def summarise(settings: Settings, county_code: str, period: str) -> list[str]:
    """Write ``summary.json`` and ``summary.xlsx`` of ``2022-09`` or ``2022``; return their paths.

    They lie in ``XIEZUO_OUT/<county>/<period>``. A period that was never built has no files.

    Raises:
        ConfigError: the code is no county code, or the text no month or year.
    """
    wanted = Period.read(period)
    if wanted.kind == "year_to_date":
        raise ConfigError(
            "the year to date is part of its month's summary", next_step=f"ask for {wanted.text}"
        )
    summary = _gather(settings, _checked(county_code), wanted)
    if not summary.figures:
        _log.info("no figures of county %s in %s: no summary written", county_code, wanted.text)
        return []
    folder = settings.out / county_code / wanted.text
    written = {
        folder / "summary.xlsx": summary_workbook.render(summary),
        folder / "summary.json": _document(summary),
    }
    for path, content in written.items():
        replace_when_different(path, content)
    return sorted(str(path) for path in written)


def annual_table(settings: Settings, county_code: str, year: int) -> list[tuple[str, str, str, str, str]]:
    """Return the year's whole-county figures for a terminal: identity, name, value, unit, note.

    Values carry commas between thousands; the note tells a lower bound and what was not reported.
    """
    with _reader(settings) as connection:
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


def replace_when_different(path: Path, content: bytes) -> bool:
    """Put ``content`` at ``path`` in one step; return False when it is there already.

    A reader sees the old file or the new one, and a kill leaves one of the two.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with waiting.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    return True


def _checked(county_code: str) -> str:
    if _COUNTY.fullmatch(county_code) is None:
        raise ConfigError(f"{county_code!r} is not a six-digit division code", zh="县级区划代码应为六位数字")
    return county_code


def _reader(settings: Settings) -> Any:
    """Connect as the analyst: what is published comes from the mart, which holds no person."""
    return warehouse.connect(settings, "analyst")


def _gather(settings: Settings, county_code: str, period: Period) -> Summary:
    """Read everything a summary says from one snapshot of the warehouse."""
    with _reader(settings) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        to_date = period.of_kind("year_to_date")
        names = {"county_code": county_code, "year": f"{period.year:04d}"}
        name = connection.execute(read_sql(settings.root, "publish/county"), names).fetchone()
        figures = read_figures(connection, settings.root, county_code, period)
        so_far = [] if period.kind == "year" else read_figures(connection, settings.root, county_code, to_date)
        return Summary(
            county_code=county_code,
            county_name=name[0] if name else county_code,
            period=period,
            figures=figures,
            year_to_date=so_far,
            towns=connection.execute(read_sql(settings.root, "publish/towns"), names).fetchall(),
            order=in_order(settings.root, [*figures, *so_far]),
            chapters=load_chapters(settings.root),
        )


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
