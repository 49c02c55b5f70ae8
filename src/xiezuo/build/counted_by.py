"""From a row of a delivery forward to every figure that counts it, and to the releases in which it was counted.

Each indicator's own SELECT is asked, the one its figures were computed with, over every period the row may count in;
:mod:`xiezuo.build.trace` goes the other way. What a row counts in is so by what is stored now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build.figures import order_of
from xiezuo.build.trace import Place, measured, origins
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.headed_sql import with_named
from xiezuo.declared.indicators import Indicator, counted_indicators
from xiezuo.fetch.landing import Landing
from xiezuo.warehouse import access

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Counting:
    """A figure of the whole county that counts a row.

    ``measure`` is what the row adds (1 where things are counted, money in 元), ``town`` the township it counts in
    besides, empty where none; ``value`` is the figure as it is now, None where it is not reported. ``releases`` are
    those in which the figure counted rows of the same delivery. A rate counts a row through a side of it: ``side_id``
    is that one's identity, else the figure's own, and ``measure_unit`` the unit of what the row adds.
    """

    indicator_id: str
    side_id: str
    measure_unit: str
    name_zh: str
    name_en: str
    unit: str
    period_kind: str
    period: str
    town: str
    measure: Decimal
    value: Decimal | None
    qualifier: str
    releases: list[str]


@dataclass(frozen=True)
class Row:
    """A row of a delivery: where it stands, whether it is stored, why it was held back, and what counts it."""

    county_code: str
    batch_id: str
    row_no: int
    dataset: str
    place: Place
    is_stored: bool
    held: list[dict[str, Any]]
    figures: list[Counting]


def counted_by(settings: Settings, county_code: str, batch_id: str, row_no: int) -> Row:
    """Return a row of a delivery with every figure that counts it: by indicator as summaries list them, then period.

    Raises:
        ConfigError: the county has no such delivery, or it was refused before its rows were told apart.
    """
    with access.connect(settings) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return _row(connection, settings, county_code, batch_id, row_no)


def counted_at(
    settings: Settings, county_code: str, place: str, row_no: int, sheet: str | None = None
) -> list[Row]:
    """Return what stands in one row of a file, or of another place a trace names: each delivery of it with such a row.

    A file that came several times has several deliveries, the newest first; those that neither store nor hold back
    such a row are left out.

    Raises:
        ConfigError: nothing that came from there is on record.
    """
    names = {"county_code": county_code, "place": place.removeprefix("inbox:"), "sheet": sheet}
    with access.connect(settings) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        batches = connection.execute(read_sql(settings.root, "trace/batches_of_place"), names).fetchall()
        if not batches:
            raise ConfigError(
                f"nothing of county {county_code} came from {place!r}",
                zh=f"没有来自“{place}”的报表",
                next_step="写成 xiezuo trace 或批次页所列的位置，例如 620422/labour/….xlsx",
            )
        rows = [_row(connection, settings, county_code, batch_id, row_no) for batch_id, _ in batches]
    return [row for row in rows if row.is_stored or row.held]


def _row(connection: Connection, settings: Settings, county_code: str, batch_id: str, row_no: int) -> Row:
    origin = origins(connection, settings.root, Landing(settings.landing_dir), county_code, [batch_id])
    names = {"county_code": county_code, "batch_id": batch_id, "row_no": row_no}
    found = connection.execute(read_sql(settings.root, "trace/dataset_of"), names).fetchone()
    contracts = load_contracts(settings.root)
    if found is None or found[0] not in contracts:
        raise ConfigError(f"county {county_code} has no batch {batch_id!r}", zh=f"没有批次“{batch_id}”")
    contract = contracts[found[0]]
    stored = _stored(connection, settings, contract, names)
    with connection.cursor(row_factory=dict_row) as cursor:
        held = cursor.execute(read_sql(settings.root, "trace/row_held"), names).fetchall()
    figures = [] if stored is None else list(_figures(connection, settings, contract, stored[0], names))
    place = origin[batch_id].place(row_no)
    return Row(
        county_code, batch_id, row_no, contract.dataset, place, stored is not None, held, figures
    )


def _stored(
    connection: Connection, settings: Settings, contract: Contract, names: dict[str, Any]
) -> tuple[date | None] | None:
    """Return the day a stored row counts by, which may be none; None where it is not stored."""
    statement = sql.SQL(read_sql(settings.root, "trace/row_stored").decode()).format(
        day_of_s=sql.Identifier("s", contract.touches) if contract.touches else sql.SQL("null::date"),
        fact=sql.Identifier("core", contract.dataset), of_county=sql.Literal(names["county_code"]),
        of_batch=sql.Literal(names["batch_id"]), row_no=sql.Literal(names["row_no"]),
    )  # fmt: skip
    row: tuple[date | None] | None = connection.execute(statement).fetchone()
    return row


def _figures(
    connection: Connection, settings: Settings, contract: Contract, day: date | None, names: dict[str, Any]
) -> Iterator[Counting]:
    """Yield the figures that count a row, in the order of summaries.

    Indicators by which a row counts on its own day are asked about the periods that hold it; the others, of rows that
    hold through a span or are dated by another dataset, about all there are.
    """
    by_another = (settings.root / "include" / "sql" / "core" / f"{contract.dataset}.touched.sql").is_file()
    concerned = [one for one in counted_indicators(settings.root) if contract.dataset in one.reads]
    on_its_day = [one for one in concerned if contract.touches and (one.header.additive or not by_another)]
    found: list[Counting] = []
    for of_day, indicators in ((day, on_its_day), (None, [one for one in concerned if one not in on_its_day])):
        if indicators and not (indicators is on_its_day and day is None):
            with connection.cursor(row_factory=class_row(Counting)) as cursor:
                found += cursor.execute(_statement(settings, indicators, of_day, names)).fetchall()
    listed = order_of(settings.root)
    kinds = ("month", "year_to_date", "year", "cumulative")
    yield from sorted(
        found, key=lambda one: (listed(one.indicator_id), kinds.index(one.period_kind), one.period, one.side_id)
    )


def _statement(
    settings: Settings, indicators: Iterable[Indicator], day: date | None, names: dict[str, Any]
) -> sql.Composed:
    """Compose one statement for several indicators: what they share is read once."""
    literals = _literals(names)
    relations: dict[str, str] = {}
    parts: list[sql.Composable] = []
    one_figure = sql.SQL(read_sql(settings.root, "trace/row_counting").decode())
    for indicator in indicators:
        relations |= dict(indicator.relations)
        parts += [
            one_figure.format(
                indicator_id=identity, measured=measured(indicator, measure), condition=sql.SQL(condition),
                of_indicator=sql.SQL("({}) as counted").format(sql.SQL(indicator.select)),
                batch_id=literals["batch_id"], row_no=literals["row_no"],
            )
            for identity, measure, condition in _entries(indicator)
        ]  # fmt: skip
    period = sql.SQL(read_sql(settings.root, "trace/row_period").decode()).format(
        county_code=literals["county_code"], day=sql.Literal(day)
    )
    counting = sql.SQL("\nunion all\n").join(parts)
    named: list[tuple[str, str | sql.Composable]] = [("period", period), *relations.items(), ("counting", counting)]
    counted = sql.SQL(read_sql(settings.root, "trace/row_counted").decode())
    return with_named(named) + counted.format(
        of_county=literals["county_code"], of_batch=literals["batch_id"]
    )


def _entries(indicator: Indicator) -> Iterator[tuple[sql.Composable, str, str]]:
    """Yield identity, measure and condition of every figure of a file; of a split all its members at once."""
    head = indicator.header
    if head.split is None:
        for entry in indicator.entries:
            yield sql.Literal(entry.indicator_id), entry.measure, entry.condition
        return
    member = sql.SQL("{} || {}").format(sql.Literal(f"{head.id}."), sql.Identifier(head.split))
    yield member, head.measure, f"not ({head.unknown})" if head.unknown else "true"


def _literals(names: dict[str, Any]) -> dict[str, sql.Composable]:
    return {name: sql.Literal(value) for name, value in names.items()}
