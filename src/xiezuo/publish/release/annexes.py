"""Annexes of a period's documents: ``include/sql/annexes/<key>.sql`` is one table, a SELECT under a header.

The SELECT gives ``row_key`` and then the header's columns. It may read ``period`` (one row: the county and the days
asked for), relations as indicators do, and ``counted``: the rows that an indicator counts, by its own SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import psycopg
import yaml
from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiezuo.base.errors import ConfigError
from xiezuo.build.lineage import asked
from xiezuo.declared.headed_sql import Named, read_headed, read_relations, with_named
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish.documents.content import Column, Row, Table, Value, chinese
from xiezuo.values.periods import Kind, Period

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Column(_Strict):
    """What a column is.

    ``indicator`` names whose values by township its cells are; ``share`` of which two columns it is the percentage.
    """

    zh: str
    kind: Literal["text", "date", "count", "money", "percent"]
    unit: str = ""
    indicator: str = ""
    total: bool = False
    share: tuple[str, str] | None = None


class Header(_Strict):
    """The comment block an annex opens with; ``spans`` says in which documents it stands and over which days."""

    zh: str
    en: str
    order: int
    spans: dict[Literal["year", "month"], Kind] = Field(min_length=1)
    relations: tuple[str, ...] = ()
    counts: str = ""
    wide: bool = False
    grain: str
    reads: str
    columns: dict[str, _Column] = Field(min_length=1)
    note_zh: str = ""


@dataclass(frozen=True)
class Annex:
    """A header, its SELECT and what the SELECT may name."""

    key: str
    header: Header
    select: str
    named: Named


def load_annexes(root: Path) -> tuple[Annex, ...]:
    """Read every file under ``include/sql/annexes``, in the order they are printed.

    Raises:
        ConfigError: a header lacks something, or names a relation or an indicator that does not exist.
    """
    return _load(root)


def read_annexes(
    connection: psycopg.Connection, root: Path, county_code: str, period: Period, values: list[Value]
) -> tuple[Table, ...]:
    """Return the annexes of a month's or a year's documents, those without a row too.

    ``values`` are the period's, for the totals of columns that are an indicator's.
    """
    document: Literal["year", "month"] = "year" if period.kind == "year" else "month"
    return tuple(
        _table(connection, root, annex, (county_code, period.of_kind(annex.header.spans[document])), values)
        for annex in load_annexes(root)
        if document in annex.header.spans
    )


@lru_cache(maxsize=4)
def _load(root: Path) -> tuple[Annex, ...]:
    folder = root / "include" / "sql"
    annexes = (_annex(root, folder, path) for path in sorted((folder / "annexes").glob("*.sql")))
    return tuple(sorted(annexes, key=lambda annex: (annex.header.order, annex.key)))


def _annex(root: Path, folder: Path, path: Path) -> Annex:
    try:
        said, select = read_headed(path)
        header = Header.model_validate(said)
        named = read_relations(folder / "relations", header.relations)
    except (yaml.YAMLError, ValidationError, OSError) as error:
        raise ConfigError(f"annex {path.name}: {error}", next_step="see CONTRIBUTING.md") from error
    if header.counts:
        counted = next((one for one in load_indicators(root) if one.file_id == header.counts), None)
        if counted is None:
            raise ConfigError(f"annex {path.name} counts {header.counts}, which is no indicator")
        named = (*named, *counted.relations, ("counted", counted.select))
    return Annex(path.stem, header, select, named)


def _table(
    connection: psycopg.Connection, root: Path, annex: Annex, of: tuple[str, Period], values: list[Value]
) -> Table:
    county_code, period = of
    statement = with_named((("period", asked(root, county_code, period)), *annex.named, ("annex", annex.select)))
    names = ["row_key", *annex.header.columns]
    chosen = sql.SQL(", ").join(map(sql.Identifier, names))
    rows = connection.execute(statement + sql.SQL(" select {} from annex").format(chosen)).fetchall()
    columns = tuple(
        Column(key=key, zh=c.zh, kind=c.kind, unit=c.unit, indicator_id=c.indicator, is_total=c.total)
        for key, c in annex.header.columns.items()
    )
    return Table(
        key=annex.key,
        zh=annex.header.zh,
        columns=columns,
        rows=tuple(Row(key=str(key), cells=tuple(map(_text, cells))) for key, *cells in rows),
        total=_total(annex.header, [cells for _, *cells in rows], period, values),
        is_wide=annex.header.wide,
        note_zh=annex.header.note_zh,
    )


def _total(
    header: Header, rows: list[list[Any]], period: Period, values: list[Value]
) -> tuple[str | None, ...] | None:
    """Add up what adds; an indicator's column has the county's own value, which is no sum of townships."""
    if not any(c.total or c.indicator for c in header.columns.values()):
        return None
    whole = {v.indicator_id: v.value for v in values if not v.breakdown and v.period_kind == period.kind}
    totals: dict[str, Decimal | None] = {}
    for at, (key, column) in enumerate(header.columns.items()):
        if column.indicator:
            totals[key] = whole.get(column.indicator)
        elif column.total:
            totals[key] = sum((Decimal(row[at]) for row in rows if row[at] is not None), Decimal(0))
    for key, column in header.columns.items():
        if column.share is not None:
            part, of = (totals.get(name) for name in column.share)
            totals[key] = (_HUNDRED * part / of).quantize(_CENT) if part is not None and of else None
    return tuple(_text(totals.get(key)) for key in header.columns)


def _text(cell: Any) -> str | None:
    """Write a cell: numbers with the decimals they need, days as ISO; empty texts are nothing."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, Decimal):
        return format(cell.normalize() if cell != cell.to_integral_value() else cell.quantize(Decimal(1)), "f")
    return cell.isoformat() if hasattr(cell, "isoformat") else chinese(str(cell))
