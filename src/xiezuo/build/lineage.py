"""Which deliveries a figure rests on: the batches of the rows that its own SQL counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.indicators import Indicator, counted_indicators, indicator_of, load_indicators
from xiezuo.values.periods import Period

Connection = psycopg.Connection[Any]


def asked(root: Path, county_code: str, period: Period) -> sql.Composed:
    """Return the SELECT to be named ``period``: one row, the county and the days asked for."""
    return sql.SQL(read_sql(root, "publish/period").decode()).format(
        county_code=sql.Literal(county_code), period_kind=sql.Literal(period.kind), period=sql.Literal(period.text),
        first_day=sql.Literal(period.first_day), last_day=sql.Literal(period.last_day),
    )  # fmt: skip


def batches_counted(
    connection: Connection, settings: Settings, county_code: str, figures: Iterable[tuple[str, str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Return, by kind of period and indicator, the batches whose rows the county's figures count; sorted.

    ``figures``: kind of period, period and indicator of each.
    """
    known = list(figures)
    periods = {(kind, period) for kind, period, _ in known}
    wanted = {indicator_id for _, _, indicator_id in known}
    found: dict[tuple[str, str], list[str]] = {}
    for kind, text in sorted(periods):
        of_kind: dict[str, list[str]] = {}
        for indicator in counted_indicators(settings.root):
            if indicator.header.has(kind):
                of_kind |= _of_file(connection, settings, county_code, Period.read(text, kind), indicator)
        for rate in load_indicators(settings.root):
            if rate.is_rate:
                of_kind[rate.header.id] = _of_both(rate, of_kind)
        found |= {(kind, one): batches for one, batches in of_kind.items() if one in wanted}
    return found


def _of_both(rate: Indicator, of_others: Mapping[str, list[str]]) -> list[str]:
    """Return the batches either side of a rate counts."""
    return sorted({batch for entry, _ in rate.sides for batch in of_others.get(entry.indicator_id, ())})


def new_batches(
    connection: Connection, settings: Settings, release_ids: tuple[str, str], figure: tuple[str, str, str]
) -> list[str]:
    """Return the batches a release's figure counts and the one before did not; else the newest delivery of its kind.

    ``figure``: kind of period, period, indicator. One that only lost rows counts no batch more:
    the delivery that withdrew them is the newest of its dataset.
    """
    period_kind, period, indicator_id = figure
    names = {
        "county_code": release_ids[0][:6], "release_id": release_ids[0], "before_id": release_ids[1],
        "period_kind": period_kind, "period": period, "indicator_id": indicator_id,
    }  # fmt: skip
    row = connection.execute(read_sql(settings.root, "publish/batches_between"), names).fetchone()
    if row and row[0]:
        return list(row[0])
    return newest_batch(connection, settings, names["county_code"], indicator_id)


def counted_now(
    connection: Connection, settings: Settings, county_code: str, period: Period, indicator_id: str
) -> list[str]:
    """Return the batches that the county's figure of one indicator counts now; sorted."""
    indicator = _file_of(settings, indicator_id)
    if indicator is None:
        return []
    if indicator.is_rate:
        files = {side.file_id: side for _, side in indicator.sides}.values()
        of_sides = (_of_file(connection, settings, county_code, period, one) for one in files)
        return _of_both(indicator, {one: batches for of_side in of_sides for one, batches in of_side.items()})
    return _of_file(connection, settings, county_code, period, indicator).get(indicator_id, [])


def newest_batch(connection: Connection, settings: Settings, county_code: str, indicator_id: str) -> list[str]:
    """Return the delivery loaded last of what an indicator counts, empty where there is none."""
    indicator = _file_of(settings, indicator_id)
    datasets: Sequence[str] = indicator.header.datasets if indicator else ()
    names = {"county_code": county_code, "datasets": list(datasets)}
    row = connection.execute(read_sql(settings.root, "publish/newest_batch"), names).fetchone()
    return [row[0]] if row else []


def _file_of(settings: Settings, indicator_id: str) -> Indicator | None:
    found = indicator_of(settings.root, indicator_id)
    return found[1] if found else None


def _of_file(
    connection: Connection, settings: Settings, county_code: str, period: Period, indicator: Indicator
) -> dict[str, list[str]]:
    """Return the batches of every entry of one file; its rows are counted once."""
    head = indicator.header
    if head.split is not None:
        statement: sql.Composed = sql.SQL(read_sql(settings.root, "publish/batches_of_split").decode()).format(
            prefix=sql.Literal(f"{head.id}."), split=sql.Identifier(head.split)
        )
    else:
        of_entry = sql.SQL(read_sql(settings.root, "publish/batches_of_entry").decode())
        statement = sql.SQL("\nunion all\n").join(
            of_entry.format(indicator_id=sql.Literal(entry.indicator_id), condition=sql.SQL(entry.condition))
            for entry in indicator.entries
        )
    counted = indicator.counted(asked(settings.root, county_code, period))
    return {one: batches or [] for one, batches in connection.execute(counted + statement).fetchall()}
