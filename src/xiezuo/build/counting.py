"""Counting indicators over the periods due for them, into the temporary table ``figure``.

What is due follows from ``drained``: the months whose figures may have changed, each with the dataset whose rows or
days did. An indicator is counted where one of the datasets its SQL reads is among them, and where it has no value
yet; in other words a night of orders leaves the figures of labour alone.

A year's distinct count is not the sum of its months', so those read the year's rows again. An **additive** indicator
reads the touched months only: what each month's rows add is kept in ``audit.month_figure``, and the year to date
and the year are the sums of that. A month without a line there has no rows, for a month gets rows by being touched.

Rows that an indicator reaches through another dataset (projects through their letter) and that find nothing there are
counted apart, in every period they may belong to: what such a period has besides is a lower bound, and where it has
nothing besides it is not reported (docs/decisions/0039-what-cannot-be-joined.md). The same holds of rows that lack the
column by which a figure picks them (docs/decisions/0058-figures-from-what-is-held.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from xiezuo.base.sql_files import read_sql
from xiezuo.declared.indicators import Entry, Indicator, load_indicators

_TEMPORARY = """
create temporary table asked (
    header_id text, probe_id text, is_split boolean, kinds text[], datasets text[]
) on commit drop;
create temporary table due_for (
    header_id text, county_code char(6), period_kind text, period text, first_day date, last_day date
) on commit drop;
create temporary table figure (
    dataset text, county_code char(6), period_kind text, period text, indicator_id text, breakdown text,
    value numeric(20, 4), is_at_least boolean, is_unjoined boolean not null default false
) on commit drop;
create index figure_key on figure (county_code, period_kind, period, indicator_id, breakdown);
create temporary table month_read (like figure including defaults) on commit drop;
create temporary table unjoined (like figure including defaults) on commit drop;
"""

WANTED = """
create temporary table wanted (header_id text, indicator_id text, is_foreseen boolean) on commit drop;
"""

_COLUMNS = sql.SQL(
    "dataset, county_code, period_kind, period, indicator_id, breakdown, value, is_at_least, is_unjoined"
)
_PLAIN = ("figure_whole", "figure_by_town")
_TOLD = ("told_whole", "told_by_town")
"""The same of entries that not every row tells of."""


def count(
    connection: psycopg.Connection, root: Path, indicators: Sequence[Indicator]
) -> tuple[Indicator, ...]:
    """Count every indicator but rates over the periods due for it; return those that had any.

    ``due``, ``due_span``, ``drained`` and ``wanted`` must be there, the last gets the entries of the indicators
    returned. Leaves ``due_for`` and ``figure``. Their statistics are up to date: a plan made without would read whole
    tables.
    """
    indicators = [one for one in indicators if not one.is_rate]
    connection.execute(_TEMPORARY)
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into asked values (%s, %s, %s, %s, %s)",
            [
                (i.file_id, i.probe, i.is_of_whole_years, list(i.header.kinds), _datasets(i))
                for i in indicators
            ],
        )
    connection.execute(read_sql(root, "mart/due_for"))
    connection.execute(read_sql(root, "mart/due_for_spans"))
    connection.execute("analyze due_for")
    due = {header_id for (header_id,) in connection.execute("select distinct header_id from due_for").fetchall()}
    counted = tuple(indicator for indicator in indicators if indicator.file_id in due)
    for indicator in counted:
        _count(connection, root, indicator)
    connection.execute("analyze figure, wanted")
    return counted


def count_span(connection: psycopg.Connection, root: Path, indicator: Indicator, span: Sequence[Any]) -> None:
    """Count one indicator over one span of years, by its SELECT and whatever it is kept as; nothing is written.

    ``span``: county, kind, period, first and last day. Makes the temporary tables that :func:`count` leaves.
    """
    connection.execute(f"{_TEMPORARY} {WANTED}".encode())
    connection.execute("insert into due_for values (%s, %s, %s, %s, %s, %s)", (indicator.file_id, *span))
    _want(connection, indicator)
    _count_rows(connection, root, indicator)


def stated_by(indicator: Indicator) -> dict[str, Any]:
    """Return what ``mart/stated_values`` is told of an indicator."""
    return {
        "unit": indicator.header.unit, "dataset": indicator.header.datasets[0], "header_id": indicator.file_id,
        "is_stock": indicator.header.stock,
    }  # fmt: skip


def _want(connection: psycopg.Connection, indicator: Indicator) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into wanted values (%s, %s, %s)",
            [(indicator.file_id, e.indicator_id, not indicator.header.members_from) for e in indicator.entries],
        )


def _count(connection: psycopg.Connection, root: Path, indicator: Indicator) -> None:
    _want(connection, indicator)
    if indicator.header.additive:
        _count_months(connection, root, indicator)
    else:
        _count_rows(connection, root, indicator)
    if indicator.header.split is not None:
        connection.execute(read_sql(root, "mart/name_unforeseen"), _split_names(root, indicator))


def _count_rows(connection: psycopg.Connection, root: Path, indicator: Indicator) -> None:
    period = _period(root, "period_due", header_id=sql.Literal(indicator.file_id))
    connection.execute(_figures(root, indicator, indicator.counted(period), sql.Identifier("figure")))
    if indicator.unjoined:
        connection.execute("truncate unjoined")
        uncounted = indicator.uncounted(period)
        connection.execute(_figures(root, indicator, uncounted, sql.Identifier("unjoined"), are_joined=False))
        for step in ("bound_unjoined", "put_unjoined"):
            connection.execute(read_sql(root, f"mart/{step}"))
    _bound_members(connection, root, indicator)
    if indicator.header.members_from == "categories":
        connection.execute(read_sql(root, "mart/listed_members"), _of_split(indicator))
    if indicator.header.split is not None:
        connection.execute(read_sql(root, "mart/unforeseen"), _split_names(root, indicator))


def _count_months(connection: psycopg.Connection, root: Path, indicator: Indicator) -> None:
    """Read the touched months, keep what they add, and sum the months of every period due."""
    head = indicator.header
    names: dict[str, Any] = {
        "header_id": indicator.file_id, "dataset": head.datasets[0], "datasets": _datasets(indicator),
        "indicator_ids": [entry.indicator_id for entry in indicator.entries],
    }  # fmt: skip
    period = _period(root, "period_touched", datasets=sql.Literal(_datasets(indicator)))
    connection.execute("truncate month_read")
    connection.execute(_figures(root, indicator, indicator.counted(period), sql.Identifier("month_read")))
    if head.split is not None:
        known = connection.execute(read_sql(root, "mart/members_read"), {"prefix": f"{head.id}."}).fetchall()
        names["indicator_ids"] += [head.id, *(indicator_id for (indicator_id,) in known)]
    for step in ("drop_months", "put_months", "add_months"):
        connection.execute(read_sql(root, f"mart/{step}"), names)
    _bound_members(connection, root, indicator)
    if head.split is not None:
        connection.execute(read_sql(root, "mart/unforeseen"), _split_names(root, indicator))


def _bound_members(connection: psycopg.Connection, root: Path, indicator: Indicator) -> None:
    """Make members of a split lower bounds where rows tell none."""
    head = indicator.header
    if head.split is not None and head.unknown:
        connection.execute(read_sql(root, "mart/bound_members"), {"split_id": head.id, "prefix": f"{head.id}."})


def _datasets(indicator: Indicator) -> list[str]:
    """Return whose touches concern the indicator: those of the tables it reads, and those that name none."""
    return ["", *sorted(indicator.reads)]


def _period(root: Path, name: str, **values: sql.Composable) -> sql.Composed:
    return sql.SQL(read_sql(root, f"mart/{name}").decode()).format(**values)


def _figures(
    root: Path, indicator: Indicator, counted: sql.Composable, into: sql.Identifier, *, are_joined: bool = True
) -> sql.Composed:
    """Compose one INSERT: the rows ``counted`` once, aggregated for every entry, whole and by township.

    Of rows that are not ``are_joined`` only where there are any is asked, those that may belong to an entry among them.
    """
    head = indicator.header
    named = f"not ({head.unknown})" if head.unknown else "true"
    entries = indicator.entries if head.split is None else (Entry("", "", "", named, head.measure),)
    lower = "bool_or(is_at_least)" if indicator.can_be_lower_bound else "false"
    own_lower = f"{lower} filter (where {{}})" if indicator.can_be_lower_bound else lower
    parts = [
        sql.SQL(read_sql(root, f"mart/{name}").decode()).format(
            dataset=sql.SQL("{}::text").format(sql.Literal(head.datasets[0])),
            indicator_id=_identity(head.split, head.id, entry),
            measure=sql.SQL(entry.measure),
            measured=sql.SQL("{} filter (where {})").format(sql.SQL(entry.measure), sql.SQL(entry.condition)),
            is_at_least=sql.SQL(lower),
            own_at_least=sql.SQL(own_lower.format(entry.condition)),
            condition=sql.SQL(entry.condition if are_joined else _may_be(entry)),
            unknown=sql.SQL(entry.unknown or "false"),
            silent=sql.SQL(entry.silent or "false"),
        )
        for entry in entries
        for name in (_TOLD if are_joined and (entry.unknown or entry.silent) else _PLAIN)[: 1 + entry.has_towns]
    ]
    if head.split is not None and head.unknown:
        parts.append(
            sql.SQL(read_sql(root, "mart/memberless").decode()).format(
                dataset=sql.SQL("{}::text").format(sql.Literal(head.datasets[0])),
                split_id=sql.SQL("{}::text").format(sql.Literal(head.id)),
                unknown=sql.SQL(head.unknown),
            )
        )
    return sql.SQL("insert into {} ({}) {} {}").format(into, _COLUMNS, counted, sql.SQL("\nunion all\n").join(parts))


def _may_be(entry: Entry) -> str:
    return f"({entry.condition}) or ({entry.unknown})" if entry.unknown else entry.condition


def _identity(split: str | None, indicator_id: str, entry: Entry) -> sql.Composable:
    if split is None:
        return sql.SQL("{}::text").format(sql.Literal(entry.indicator_id))
    return sql.SQL("{} || {}").format(sql.Literal(f"{indicator_id}."), sql.Identifier(split))


def _split_names(root: Path, indicator: Indicator) -> dict[str, Any]:
    """Return what gives members no file foresees (a county's own category) their entry; years without have no zeros."""
    head, every = indicator.header, load_indicators(root)
    return _of_split(indicator) | {
        "others": [entry.indicator_id for one in every if one is not indicator for entry in one.entries],
        "splits": [
            f"{one.header.id}." for one in every if one.header.split and one.header.id.startswith(f"{head.id}.")
        ],
    }


def _of_split(indicator: Indicator) -> dict[str, Any]:
    head = indicator.header
    return {
        "header_id": indicator.file_id, "prefix": f"{head.id}.", "length": len(head.id) + 1, "unit": head.unit,
        "measure": head.measure, "source": head.source, "dataset": head.datasets[0], "course": head.course,
    }  # fmt: skip
