"""Stage five: the figures of the periods that batches have touched, and of no others.

One set-based statement an indicator; a run with nothing touched does nothing, and running twice
gives the same rows (docs/decisions/0005-build.md). No more is read than what changed and what has to be counted
with it (docs/decisions/0021-builds-that-read-what-changed.md).
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build import spans
from xiezuo.build.adjustments import notice
from xiezuo.build.checks import reconcile
from xiezuo.build.counting import WANTED, count, stated_by
from xiezuo.build.rates import divide
from xiezuo.declared.indicators import Indicator, load_indicators
from xiezuo.values.privacy import content_id
from xiezuo.warehouse import access

_log = logging.getLogger("xiezuo.build.build")

_TEMPORARY = """
create temporary table drained (county_code char(6), month date, dataset text) on commit drop;
create temporary table due (
    county_code char(6), year integer, period_kind text, period text, first_day date, last_day date, is_touched boolean
) on commit drop;
create temporary table span (county_code char(6), year integer, since integer) on commit drop;
create temporary table due_span (county_code char(6), period text, first_day date, last_day date) on commit drop;
"""


def pending(settings: Settings) -> int:
    """Return how many months wait to be built."""
    with access.connect(settings) as connection:
        row = connection.execute(
            "select count(distinct (county_code, month)) from audit.touched_period where month < %s",
            (_next_year(settings),),
        ).fetchone()
    return int(row[0]) if row else 0


def build(settings: Settings, since_of: spans.SinceOf | None = None) -> dict[str, Any]:
    """Compute what the touched months change; return how many ``periods`` and ``values`` were written, and of what.

    ``touched`` lists the counties' months and years whose figures may be others now, as ``620422/2022-09``;
    ``datasets`` those whose rows touched them, none where the way of counting changed.

    Drains ``audit.touched_period`` in the same transaction: a build that dies leaves both as they were.
    What touches a year that has not begun (next year's letters) waits there until it has.

    With ``since_of`` figures of several years are kept too, of the years it wants them for: 2021-2025 with 2025. They
    are due when anything in them is touched, or when another span is wanted.
    """
    indicators = load_indicators(settings.root)
    built: dict[str, Any] = {"periods": 0, "values": 0, "touched": [], "datasets": []}
    with access.connect(settings) as connection:
        connection.execute("select pg_advisory_xact_lock(620425)")
        connection.execute(f"{_TEMPORARY} {WANTED}".encode())
        drained = connection.execute(
            "with gone as (delete from audit.touched_period where month < %s returning county_code, month, dataset)"
            " insert into drained select distinct county_code, month, dataset from gone",
            (_next_year(settings),),
        ).rowcount
        drained += _renewed(connection, indicators)
        if since_of is not None:
            drained += spans.wanted_anew(connection, settings, since_of)
        if drained:
            built = _figures(connection, settings, indicators, since_of)
        reconcile(connection, settings.root)  # a delivery that moves no figure may still contradict another
    return built


def _next_year(settings: Settings) -> date:
    """Return the first day of the year that has not begun."""
    return date(settings.now().year + 1, 1, 1)


def _figures(
    connection: psycopg.Connection, settings: Settings, indicators: tuple[Indicator, ...],
    since_of: spans.SinceOf | None,
) -> dict[str, Any]:  # fmt: skip
    """Count what the drained months make due and write it; return what :func:`build` says of it."""
    root = settings.root
    connection.execute("analyze drained")
    connection.execute(read_sql(root, "mart/due_periods"), {"today": settings.now().date()})
    connection.execute("analyze due")
    if since_of is not None:
        spans.make_due(connection, settings, indicators, since_of)
    counted = count(connection, root, indicators)
    values = sum(_put(connection, root, indicator) for indicator in counted)
    values += divide(connection, root, indicators)
    connection.execute(read_sql(root, "mart/drop_unused_entries"))
    _learn(connection, values)
    adjusted = notice(connection, settings)
    if adjusted:
        _log.warning("%d figures of closed periods differ from their releases now: see publish.adjustment", adjusted)
    periods = connection.execute("select county_code, period from due where is_touched order by county_code, period")
    touched = [f"{county}/{period}" for county, period in periods]
    datasets = connection.execute("select distinct dataset from drained where dataset <> '' order by dataset")
    return {
        "periods": len(touched), "values": values, "touched": list(dict.fromkeys(touched)),
        "datasets": [name for (name,) in datasets],
    }  # fmt: skip


def _renewed(connection: psycopg.Connection, indicators: tuple[Indicator, ...]) -> int:
    """Touch every year on record when an indicator is new or its SQL changed; return how many months."""
    said = {i.file_id: content_id(repr(i.header), i.select, repr(i.relations), repr(i.unjoined)) for i in indicators}
    rows = connection.execute(
        "select header_id, digest from audit.indicator_file where not starts_with(header_id, %s)", (spans.NOTED,)
    ).fetchall()
    known: dict[str, str] = dict(rows)
    if said == known:
        return 0
    connection.execute("delete from audit.indicator_file where not starts_with(header_id, %s)", (spans.NOTED,))
    with connection.cursor() as cursor:
        cursor.executemany("insert into audit.indicator_file values (%s, %s)", sorted(said.items()))
    _describe(connection, indicators)
    return connection.execute(
        "insert into drained (county_code, month, dataset) select distinct v.county_code, m::date, ''"
        " from mart.indicator_value as v"
        " cross join lateral generate_series(make_date(v.period::integer, 1, 1),"
        " make_date(v.period::integer, 12, 1), interval '1 month') as m where v.period_kind = 'year'"
    ).rowcount


def _put(connection: psycopg.Connection, root: Path, indicator: Indicator) -> int:
    """Write what was counted; only when all indicators are counted is it known which years have rows."""
    names = stated_by(indicator)
    stated = sql.SQL(read_sql(root, "mart/stated_values").decode())
    put = sql.SQL(read_sql(root, "mart/put_values").decode()).format(stated_values=stated)
    written = connection.execute(put, names).rowcount
    return written + connection.execute(read_sql(root, "mart/drop_empty_towns"), names).rowcount


def _learn(connection: psycopg.Connection, written: int) -> None:
    """Have the planner look at the figures when many of them are new.

    A region's first build writes a hundred thousand into a table that the planner takes for an empty one until it is
    looked at, which the server does by itself within minutes; the next build may come within seconds.
    """
    row = connection.execute("select reltuples from pg_class where oid = 'mart.indicator_value'::regclass").fetchone()
    if row is not None and written > max(row[0], 0) / 10:
        connection.execute("analyze mart.indicator_value")


def _describe(connection: psycopg.Connection, indicators: tuple[Indicator, ...]) -> None:
    """Keep ``mart.indicator`` as the files' headers say; what no file names (any more) may go."""
    statement = (
        "insert into mart.indicator as i (indicator_id, name_zh, name_en, unit, measure, definition_zh, definition_en,"
        " source, is_stock, numerator_id, denominator_id)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, nullif(%s, ''), nullif(%s, ''))"
        " on conflict (indicator_id) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,"
        " unit = excluded.unit, measure = excluded.measure, definition_zh = excluded.definition_zh,"
        " definition_en = excluded.definition_en, source = excluded.source, is_stock = excluded.is_stock,"
        " numerator_id = excluded.numerator_id, denominator_id = excluded.denominator_id"
        " where i is distinct from excluded"
    )
    rows = [
        (e.indicator_id, e.zh, e.en, h.unit, e.measure, h.definition_zh, h.definition_en, h.source, h.stock,
         h.numerator, h.denominator)
        for indicator in indicators
        for h in (indicator.header,)
        for e in indicator.entries
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
    connection.execute(
        "insert into wanted select '', indicator_id, false from mart.indicator where indicator_id <> all(%s)",
        ([row[0] for row in rows],),
    )
