"""Offline work: everything an analyst may read as Parquet files and one DuckDB database, labels included.

It is read as the analyst, who has no right to see a person, and from one snapshot of the warehouse: figures
and rows in the files agree with each other. That is the office's own copy (内部), with every row and small count.
A copy that may leave the office (对外) has figures alone, and none of few people (:mod:`xiezuo.publish.outward`).
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from psycopg import sql

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.publish import outward
from xiezuo.warehouse import access

DATABASE = "analysis.duckdb"
OUTWARD = frozenset((
    "core.county", "core.division", "mart.calendar_month", "mart.indicator", "mart.indicator_value", "mart.progress",
    "mart.target",
))  # fmt: skip
"""What a copy that leaves the office holds: no rows of ledgers, and of townships what ``outward`` gives out."""
_FIGURES = "mart.indicator_value"

_PLAIN_TYPES = {
    "bigint": "BIGINT", "integer": "INTEGER", "smallint": "SMALLINT", "boolean": "BOOLEAN", "date": "DATE",
    "double precision": "DOUBLE", "timestamp with time zone": "TIMESTAMP", "numeric": "DECIMAL(38, 6)",
}  # fmt: skip
_NUMERIC = re.compile(r"numeric\((?P<digits>[0-9]+),(?P<scale>[0-9]+)\)")
_NULL = r"\N"


@dataclass(frozen=True)
class Column:
    """A column of a relation: its name, its type in DuckDB and its label."""

    name: str
    kind: str
    comment: str


@dataclass(frozen=True)
class Relation:
    """A table or view that analysts may read."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]

    @property
    def has_county(self) -> bool:
        """Whether its rows belong to counties."""
        return any(column.name == "county_code" for column in self.columns)

    @property
    def quoted(self) -> str:
        """Its name in DuckDB."""
        return f"{_name(self.schema)}.{_name(self.name)}"


def export(settings: Settings, out: Path, county: str | None = None, *, public: bool = False) -> list[Path]:
    """Write one Parquet file a relation and ``analysis.duckdb`` with all of them; return their paths.

    Tables have the names they have in the warehouse (``mart.indicator_value``), so the same SQL runs on both.
    Instants become times in +08:00 without an offset, which every client shows as the office reads them.
    With ``county`` only that county's rows are written; what belongs to no county is written whole. A file is
    replaced by a rename: whoever has the earlier one open keeps it. ``public`` writes what may leave the office,
    with a workbook of the townships of each released year.

    Raises:
        ConfigError: the county is not on record.
    """
    out.mkdir(parents=True, exist_ok=True)
    if public:
        outward.give_out(settings, county)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=out) as folder, _reader(settings, public) as source:
        workshop = Path(folder)
        _check(source, county, public=public)
        relations = _relations(source, settings)
        if public:
            relations = [one for one in relations if f"{one.schema}.{one.name}" in OUTWARD]
            outward.figures(source, settings)
        with duckdb.connect(workshop / DATABASE, config=_offline()) as target:
            for relation in relations:
                own = (relation.schema, relation.name)
                place = (outward.FIGURES,) if public and ".".join(own) == _FIGURES else own
                _copy(source, target, relation, _select(relation, sql.Identifier(*place), county), workshop)
        names = [DATABASE, *(f"{relation.schema}.{relation.name}.parquet" for relation in relations)]
        if public:
            names += outward.put_sheets(source, settings, workshop, county)
        return sorted((workshop / name).replace(out / name) for name in names)


def _offline() -> dict[str, str | bool | int | float | list[str]]:
    """Keep DuckDB from fetching extensions: what is needed is built in."""
    return {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def _reader(settings: Settings, public: bool) -> Any:  # noqa: FBT001
    """Connect as the analyst; as the loader for a public copy, since what is given out is kept."""
    return access.connect(settings, "loader" if public else "analyst")


def _check(source: psycopg.Connection, county: str | None, *, public: bool) -> None:
    source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    source.read_only = not public
    if county is None:
        return
    known = source.execute("select 1 from core.county where county_code = %s", (county,)).fetchone()
    if known is None:
        raise ConfigError(f"county {county} is not on record", zh=f"没有县级区划代码为 {county} 的数据")


def _relations(source: psycopg.Connection, settings: Settings) -> list[Relation]:
    rows = source.execute(read_sql(settings.root, "export/columns")).fetchall()
    return [
        Relation(
            *key,
            tuple(Column(name, _kind(postgres), comment or "") for *_, name, postgres, comment in columns),
        )
        for key, columns in groupby(rows, key=lambda row: (row[0], row[1], row[2] or ""))
    ]


def _copy(
    source: psycopg.Connection,
    target: duckdb.DuckDBPyConnection,
    relation: Relation,
    select: sql.Composed,
    workshop: Path,
) -> None:
    """Carry one relation over: COPY to a file, which DuckDB reads with the types the catalogue told."""
    passing = workshop / "passing.csv"
    with passing.open("wb") as file, source.cursor().copy(select) as copy:
        for block in copy:
            file.write(block)
    columns = ", ".join(f"{_text(column.name)}: {_text(column.kind)}" for column in relation.columns)
    target.execute(f"create schema if not exists {_name(relation.schema)}")
    target.execute(
        f"create table {relation.quoted} as from read_csv({_text(str(passing))}, auto_detect = false,"
        f" header = false, delim = ',', quote = '\"', escape = '\"', nullstr = {_text(_NULL)},"
        f" allow_quoted_nulls = false, columns = {{{columns}}})"
    )
    passing.unlink()
    target.execute(f"comment on table {relation.quoted} is {_text(relation.comment)}")
    for column in relation.columns:
        target.execute(f"comment on column {relation.quoted}.{_name(column.name)} is {_text(column.comment)}")
    labels = json.dumps({column.name: column.comment for column in relation.columns}, ensure_ascii=False)
    parquet = workshop / f"{relation.schema}.{relation.name}.parquet"
    target.execute(
        f"copy {relation.quoted} to {_text(str(parquet))} (format parquet, compression zstd,"
        f" kv_metadata {{comment: {_text(relation.comment)}, columns: {_text(labels)}}})"
    )


def _select(relation: Relation, source: sql.Identifier, county: str | None) -> sql.Composed:
    names = [column.name for column in relation.columns]
    place = [name for name in ("county_code", "batch_id", "row_no") if name in names]
    where: sql.Composable = sql.SQL("")
    if county is not None and relation.has_county:
        where = sql.SQL(" where county_code = {}").format(sql.Literal(county))
    return sql.SQL(
        "copy (select {} from {}{} order by {}) to stdout (format csv, null {}, force_quote *)"
    ).format(
        sql.SQL(", ").join(map(_value, relation.columns)),
        source,
        where,
        sql.SQL(", ").join(map(sql.Identifier, place if len(place) > 1 else names)),
        sql.Literal(_NULL),
    )


def _value(column: Column) -> sql.Composed:
    wall_clock = " at time zone 'Asia/Shanghai'" if column.kind == "TIMESTAMP" else ""
    return sql.SQL("{}{}").format(sql.Identifier(column.name), sql.SQL(wall_clock))


def _kind(postgres: str) -> str:
    """Return DuckDB's type for PostgreSQL's; whatever it has no like of is text."""
    found = _NUMERIC.fullmatch(postgres)
    return f"DECIMAL({found['digits']}, {found['scale']})" if found else _PLAIN_TYPES.get(postgres, "VARCHAR")


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
