"""Tables of a period's documents, each a SELECT under a header.

``include/sql/annexes/<key>.sql`` is an annex, ``include/sql/lists/<key>.sql`` rows that the text names one by one.

The SELECT gives ``row_key`` and then the header's columns. It may read ``period`` (one row: the county and the days
asked for), relations as indicators do, and ``counted``: the rows that an indicator counts, by its own SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.headed_sql import Named, read_headed, read_relations, with_named
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish.documents.book import quantity, stated
from xiezuo.publish.documents.content import Column, Listed, Row, Table, Value, chinese
from xiezuo.publish.documents.numbers import MONEY, ROUNDED_ZH, Quantity, is_apart_by_rounding
from xiezuo.values.periods import Kind, Period

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Column(_Strict):
    """What a column is.

    ``indicator`` names whose values by township its cells are; ``share`` of which two columns it is the percentage.
    ``spelled`` says what its codes are called: ``<dataset>.<field>`` as the contract does, ``channels`` as
    ``include/reports/channels.yaml``. ``at_least`` is the column that says whether an amount is a lower bound.
    """

    zh: str
    kind: Literal["text", "date", "count", "money", "percent"]
    unit: str = ""
    indicator: str = ""
    total: bool = False
    share: tuple[str, str] | None = None
    spelled: str = ""
    month: bool = False
    """Whether the ledger may tell a month only, which is stored as its first day: then the month is told."""
    at_least: str = ""


class Header(_Strict):
    """The comment block a table opens with; ``spans`` says in which documents it stands and over which days.

    ``annex`` of a list is the annex that says the same and more; an ``optional`` annex without a row is left out.
    """

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
    annex: str = ""
    optional: bool = False


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
        ConfigError: a header lacks something, or names a relation, an indicator or words that do not exist.
    """
    return _load(root, "annexes")


def load_lists(root: Path) -> tuple[Annex, ...]:
    """Read every file under ``include/sql/lists`` as :func:`load_annexes` does.

    Raises:
        ConfigError: as :func:`load_annexes`.
    """
    return _load(root, "lists")


def read_annexes(
    connection: psycopg.Connection, root: Path, county_code: str, period: Period, values: list[Value]
) -> tuple[Table, ...]:
    """Return the annexes of a month's or a year's documents, those without a row too unless they are optional.

    ``values`` are the period's, for the totals of columns that are an indicator's.
    """
    document: Literal["year", "month"] = "year" if period.kind == "year" else "month"
    found = (
        (annex, _table(connection, root, annex, (county_code, period.of_kind(annex.header.spans[document])), values))
        for annex in load_annexes(root)
        if document in annex.header.spans
    )
    return tuple(table for annex, table in found if table.rows or not annex.header.optional)


def read_lists(
    connection: psycopg.Connection, root: Path, county_code: str, period: Period
) -> tuple[Listed, ...]:
    """Return the lists of a month's or a year's documents, those without a row too."""
    document: Literal["year", "month"] = "year" if period.kind == "year" else "month"
    return tuple(
        Listed(
            **_table(connection, root, one, (county_code, period.of_kind(one.header.spans[document])), []).model_dump(),
            annex=one.header.annex,
        )
        for one in load_lists(root)
        if document in one.header.spans
    )


@lru_cache(maxsize=8)
def _load(root: Path, kind: Literal["annexes", "lists"]) -> tuple[Annex, ...]:
    folder = root / "include" / "sql"
    annexes = (_annex(root, folder, path) for path in sorted((folder / kind).glob("*.sql")))
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
    for column in header.columns.values():
        _spellings(root, column.spelled)
    return Annex(path.stem, header, select, named)


@lru_cache(maxsize=64)
def _spellings(root: Path, spelled: str) -> dict[str, str]:
    """Return what codes are called.

    Raises:
        ConfigError: nothing is called by that.
    """
    if not spelled:
        return {}
    if spelled == "channels":
        path = root / "include" / "reports" / "channels.yaml"
        try:
            return {str(code): str(zh) for code, zh in yaml.safe_load(path.read_text(encoding="utf-8")).items()}
        except (OSError, yaml.YAMLError, AttributeError) as error:
            raise ConfigError(f"the list {path.name} cannot be read") from error
    dataset, _, field = spelled.partition(".")
    contract = load_contracts(root).get(dataset)
    if contract is None or field not in contract.fields:
        raise ConfigError(f"{spelled} is no field of a contract")
    return {code: words[0] for code, words in contract.fields[field].values.items() if words}


def _table(
    connection: psycopg.Connection, root: Path, annex: Annex, of: tuple[str, Period], values: list[Value]
) -> Table:
    county_code, period = of
    statement = with_named((("period", asked(root, county_code, period)), *annex.named, ("annex", annex.select)))
    header = annex.header
    bounds = [(c.at_least or None) for c in header.columns.values()]
    chosen = sql.SQL(", ").join(
        sql.SQL("null") if name is None else sql.Identifier(name)
        for name in ["row_key", *header.columns, *bounds]
    )
    found = connection.execute(statement + sql.SQL(" select {} from annex").format(chosen)).fetchall()
    width = len(header.columns)
    rows = [list(row[1 : width + 1]) for row in found]
    opened = [list(row[width + 1 :]) for row in found]
    written = [
        Row(key=str(row[0]), cells=tuple(_written(root, annex, cells, bound)))
        for row, cells, bound in zip(found, rows, opened, strict=True)
    ]
    columns = tuple(
        Column(key=key, zh=c.zh, kind=c.kind, unit=c.unit, indicator_id=c.indicator, is_total=c.total)
        for key, c in header.columns.items()
    )
    total = _total(header, rows, opened, period, values)
    apart = any(
        column.kind == "money" and column.total and whole and _is_apart([row[at] for row in rows], whole)
        for at, (column, whole) in enumerate(zip(header.columns.values(), total or (), strict=False))
    )
    notes = [header.note_zh.strip().rstrip("。"), ROUNDED_ZH if apart else ""]
    return Table(
        key=annex.key,
        zh=header.zh,
        columns=columns,
        rows=tuple(written),
        total=total,
        is_wide=header.wide,
        note_zh="".join(f"{note}。" for note in notes if note),
    )


def _is_apart(cells: list[Any], whole: str) -> bool:
    """Whether a column of money, as printed in 万元, does not add up to its total although it does in 元.

    Of a lower bound nobody expects that.
    """
    if whole.endswith("+"):
        return False
    parts = [Decimal(cell) for cell in cells if cell is not None]
    shown = [Decimal(Quantity(part, MONEY).cell) for part in parts]
    return is_apart_by_rounding(parts, Decimal(whole), shown, Decimal(Quantity(Decimal(whole), MONEY).cell))


def _written(root: Path, annex: Annex, cells: list[Any], bounds: list[Any]) -> Iterator[str | None]:
    """Yield the cells of a row as a content holds them: a lower bound ends in +, codes are words."""
    for column, cell, is_bound in zip(annex.header.columns.values(), cells, bounds, strict=True):
        text = _text(_spellings(root, column.spelled).get(cell, cell) if column.spelled else cell)
        if text is not None and column.month:
            text = text.removesuffix("-01")
        yield f"{text}+" if text is not None and is_bound else text


def _total(
    header: Header, rows: list[list[Any]], opened: list[list[Any]], period: Period, values: list[Value]
) -> tuple[str | None, ...] | None:
    """Add up what adds, nothing of nothing; an indicator's column has the county's own value, no sum of townships.

    A sum over a lower bound, or over a row of which nothing is known, is one itself; a share of it is not known.
    """
    if not any(c.total or c.indicator for c in header.columns.values()):
        return None
    own = {
        v.indicator_id: quantity(v.value, v.unit, v.qualifier)
        for v in values
        if not v.breakdown and v.period_kind == period.kind
    }
    totals: dict[str, Quantity | None] = {}
    for at, (key, column) in enumerate(header.columns.items()):
        if column.indicator:
            totals[key] = own.get(column.indicator)
        elif column.total:
            known = [Decimal(row[at]) for row in rows if row[at] is not None]
            is_open = len(known) < len(rows) or any(bound[at] for bound in opened)
            totals[key] = Quantity(sum(known, Decimal(0)), column.unit, is_open) if known else None
    for key, column in header.columns.items():
        if column.share is not None:
            part, of = (totals.get(name) for name in column.share)
            if part is not None and of is not None and of.value and not (part.is_at_least or of.is_at_least):
                totals[key] = Quantity((_HUNDRED * part.value / of.value).quantize(_CENT), column.unit)
    return tuple(None if (one := totals.get(key)) is None else stated(one) for key in header.columns)


def _text(cell: Any) -> str | None:
    """Write a cell: numbers with the decimals they need, days as ISO; empty texts are nothing."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, Decimal):
        return format(cell.normalize() if cell != cell.to_integral_value() else cell.quantize(Decimal(1)), "f")
    return cell.isoformat() if hasattr(cell, "isoformat") else chinese(str(cell))
