"""Stage five: the figures of the periods that batches have touched, and of no others.

One set-based statement an indicator; a run with nothing touched does nothing, and running twice
gives the same rows (docs/decisions/0005-build.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from xiezuo import warehouse
from xiezuo.checks import reconcile
from xiezuo.contracts import load_contracts
from xiezuo.indicators import Entry, Indicator, load_indicators
from xiezuo.privacy import content_id
from xiezuo.settings import Settings
from xiezuo.sql_files import read_sql

_TEMPORARY = """
create temporary table drained (county_code char(6), month date) on commit drop;
create temporary table due (
    county_code char(6), period_kind text, period text, first_day date, last_day date, is_touched boolean
) on commit drop;
create temporary table period (
    county_code char(6), period_kind text, period text, first_day date, last_day date
) on commit drop;
create temporary table due_for (
    header_id text, county_code char(6), period_kind text, period text, first_day date, last_day date
) on commit drop;
create temporary table figure (
    dataset text, county_code char(6), period_kind text, period text, indicator_id text, breakdown text,
    value numeric(20, 4), is_at_least boolean
) on commit drop;
create temporary table wanted (header_id text, indicator_id text, is_foreseen boolean) on commit drop;
"""


def pending(settings: Settings) -> int:
    """Return how many months wait to be built."""
    with warehouse.connect(settings) as connection:
        row = connection.execute(
            "select count(distinct (county_code, month)) from audit.touched_period"
            " where date_trunc('year', month) <= %s",
            (settings.now().date(),),
        ).fetchone()
    return int(row[0]) if row else 0


def build(settings: Settings) -> dict[str, int]:
    """Compute what the touched months change; return how many periods and values were written.

    Drains ``audit.touched_period`` in the same transaction: a build that dies leaves both as they were.
    What touches a year that has not begun (next year's letters) waits there until it has.
    """
    indicators = load_indicators(settings.root)
    with warehouse.connect(settings) as connection:
        connection.execute("select pg_advisory_xact_lock(620425)")
        connection.execute(_TEMPORARY)
        drained = connection.execute(
            "with gone as (delete from audit.touched_period where date_trunc('year', month) <= %s"
            " returning county_code, month) insert into drained select distinct county_code, month from gone",
            (settings.now().date(),),
        ).rowcount
        drained += _renewed(connection, indicators)
        if not drained:
            reconcile(connection, settings.root)  # a delivery that moves no figure may still contradict another
            return {"periods": 0, "values": 0}
        _describe(connection, indicators)
        connection.execute(read_sql(settings.root, "mart/due_periods"), {"today": settings.now().date()})
        for indicator in indicators:
            _count(connection, settings.root, indicator)
        values = sum(_put(connection, settings.root, indicator) for indicator in indicators)
        foreseen = [entry.indicator_id for indicator in indicators for entry in indicator.entries]
        connection.execute(read_sql(settings.root, "mart/drop_unused_entries"), {"foreseen": foreseen})
        reconcile(connection, settings.root)
        row = connection.execute("select count(*) from due where is_touched").fetchone()
    return {"periods": int(row[0]) if row else 0, "values": values}


def _renewed(connection: psycopg.Connection, indicators: tuple[Indicator, ...]) -> int:
    """Touch every year on record when an indicator is new or its SQL changed; return how many months."""
    said = {i.file_id: content_id(repr(i.header), i.select, repr(i.relations)) for i in indicators}
    rows = connection.execute("select header_id, digest from audit.indicator_file").fetchall()
    known: dict[str, str] = dict(rows)
    if said == known:
        return 0
    connection.execute("delete from audit.indicator_file")
    with connection.cursor() as cursor:
        cursor.executemany("insert into audit.indicator_file values (%s, %s)", sorted(said.items()))
    return connection.execute(
        "insert into drained select distinct v.county_code, m::date from mart.indicator_value as v"
        " cross join lateral generate_series(make_date(v.period::integer, 1, 1),"
        " make_date(v.period::integer, 12, 1), interval '1 month') as m where v.period_kind = 'year'"
    ).rowcount


def _count(connection: psycopg.Connection, root: Path, indicator: Indicator) -> None:
    """Count an indicator over the periods due for it, into ``figure``."""
    header_id, entries = indicator.file_id, indicator.entries
    is_split = indicator.header.split is not None
    names = {
        "probe_id": entries[0].indicator_id,
        "header_id": header_id,
        "is_split": is_split,
        "kinds": list(indicator.header.kinds),
    }
    connection.execute(read_sql(root, "mart/due_for"), names)
    connection.execute("truncate period")
    connection.execute(
        "insert into period select county_code, period_kind, period, first_day, last_day"
        " from due_for where header_id = %(header_id)s",
        names,
    )
    connection.execute(_figures(root, indicator))
    with connection.cursor() as cursor:
        cursor.executemany("insert into wanted values (%s, %s, true)", [(header_id, e.indicator_id) for e in entries])
    if is_split:
        _unforeseen(connection, indicator)


def _put(connection: psycopg.Connection, root: Path, indicator: Indicator) -> int:
    """Write what was counted; only when all indicators are counted is it known which years have rows."""
    names = {
        "unit": indicator.header.unit,
        "dataset": indicator.header.datasets[0],
        "header_id": indicator.file_id,
        "is_stock": indicator.header.stock,
        "is_dated_elsewhere": load_contracts(root)[indicator.header.datasets[0]].touches is None,
    }
    written = connection.execute(read_sql(root, "mart/put_values"), names).rowcount
    return written + connection.execute(read_sql(root, "mart/drop_empty_towns"), names).rowcount


def _figures(root: Path, indicator: Indicator) -> sql.Composed:
    """Compose one INSERT: the rows counted once, aggregated for every entry, whole and by township."""
    head = indicator.header
    entries = indicator.entries if head.split is None else (Entry("", "", "", "true", head.measure),)
    lower = "bool_or(is_at_least)" if indicator.can_be_lower_bound else "false"
    parts = [
        sql.SQL(read_sql(root, f"mart/{name}").decode()).format(
            dataset=sql.SQL("{}::text").format(sql.Literal(head.datasets[0])),
            indicator_id=_identity(head.split, head.id, entry),
            measure=sql.SQL(entry.measure),
            is_at_least=sql.SQL(lower),
            condition=sql.SQL(entry.condition),
        )
        for entry in entries
        for name in ("figure_whole", "figure_by_town")
    ]
    return sql.SQL("insert into figure {} {}").format(indicator.counted(), sql.SQL("\nunion all\n").join(parts))


def _identity(split: str | None, indicator_id: str, entry: Entry) -> sql.Composable:
    if split is None:
        return sql.SQL("{}::text").format(sql.Literal(entry.indicator_id))
    return sql.SQL("{} || {}").format(sql.Literal(f"{indicator_id}."), sql.Identifier(split))


def _unforeseen(connection: psycopg.Connection, indicator: Indicator) -> None:
    """Give members no file foresees (a county's own category) their entry; a year without one has no zeros of it."""
    prefix = f"{indicator.header.id}."
    names: dict[str, Any] = {"prefix": prefix, "length": len(prefix), "header_id": indicator.file_id}
    connection.execute(
        "insert into wanted select %(header_id)s, indicator_id, false from (select indicator_id from figure union"
        " select v.indicator_id from mart.indicator_value as v inner join period as p"
        " on v.county_code = p.county_code) as found where left(indicator_id, %(length)s) = %(prefix)s"
        " except select header_id, indicator_id, false from wanted",
        names,
    )
    connection.execute(
        "insert into mart.indicator (indicator_id, name_zh, name_en, unit, measure, source)"
        " select indicator_id, substr(indicator_id, %(length)s + 1), substr(indicator_id, %(length)s + 1),"
        " %(unit)s, %(measure)s, %(source)s from wanted where header_id = %(header_id)s on conflict do nothing",
        names | {"unit": indicator.header.unit, "measure": indicator.header.measure, "source": indicator.header.source},
    )


def _describe(connection: psycopg.Connection, indicators: tuple[Indicator, ...]) -> None:
    """Keep ``mart.indicator`` as the files' headers say."""
    statement = (
        "insert into mart.indicator as i values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (indicator_id) do update set name_zh = excluded.name_zh, name_en = excluded.name_en,"
        " unit = excluded.unit, measure = excluded.measure, definition_zh = excluded.definition_zh,"
        " definition_en = excluded.definition_en, source = excluded.source, is_stock = excluded.is_stock"
        " where i is distinct from excluded"
    )
    rows = [
        (e.indicator_id, e.zh, e.en, h.unit, e.measure, h.definition_zh, h.definition_en, h.source, h.stock)
        for indicator in indicators
        for h in (indicator.header,)
        for e in indicator.entries
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
