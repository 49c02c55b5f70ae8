"""How a feed is conformed column by column: statements composed from its contract, for DuckDB.

A cell that looks as it should is taken over by an expression of ``columnar.sql``; every other distinct cell is read
once, by the parser that reads it in a ledger. Both ways give the same row (docs/decisions/0022-columns-first.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from psycopg import sql

from xiezuo.base.sql_files import read_sql
from xiezuo.conform.columns.phrases import all_of, escaped, joined, listed, named, or_null, text_or_null
from xiezuo.declared.contracts import ComputedSpec, Contract, FieldSpec

_TOLD = frozenset(("money", "money_fen", "decimal", "integer", "moment", "epoch", "code"))
"""Kinds whose plain cells are told one by one; plain texts are told once a distinct text."""
_READ = frozenset(("enum", "uscc", "boolean", "percent", "document_number", "money_wan"))
"""Kinds of which no cell is plain: each distinct one is read."""
_MONEY = {"元": "money", "分": "money_fen", "万元": "money_wan"}
_JUDGED = {
    "text": "text", "bigint": "number", "numeric": "number", "timestamptz": "moment", "date": "day",
    "boolean": "truth",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A field of a feed: the key its cells stand under in an item, and the kind its plain cells are of."""

    name: str
    key: str
    kind: str
    is_required: bool

    @property
    def odd(self) -> str:
        """The table of its cells that had to be read."""
        return f"odd_{self.name}"


@dataclass(frozen=True)
class Columns:
    """A feed whose rows can be conformed column by column, and the statements that do so."""

    root: Path
    contract: Contract
    feed: str
    fields: tuple[Column, ...]

    @classmethod
    def of(cls, root: Path, contract: Contract, feed: str) -> Columns | None:
        """Return the columns of a feed; None where a row of it needs more than its own cells."""
        spec, fields = contract.feeds[feed], contract.feed_fields(feed)
        own = {name: field for name, field in fields.items() if name not in spec.constants}
        needs_more = (
            spec.lines, contract.counted, contract.valid, contract.reporting_unit, contract.unit_from_place,
            contract.delivery == "snapshot", contract.touches in own, contract.amount not in own,
        )  # fmt: skip
        if any(needs_more) or not all(map(_is_columnar, own.values())):
            return None
        if not all(computed.type in _COMPUTED for computed in contract.computed.values()):
            return None
        return cls(root, contract, feed, tuple(Column(n, f.zh[0], _kind(f), f.required) for n, f in own.items()))

    def without(self, constants: Iterable[str]) -> Columns:
        """Return the columns but for those whose value a delivery gives once for all its rows."""
        given = set(constants)
        return replace(self, fields=tuple(column for column in self.fields if column.name not in given))

    @property
    def shape(self) -> dict[str, list[dict[str, str]]]:
        """What of a page is read, as DuckDB's ``json_transform`` takes it."""
        return {"rows": [{column.key: "VARCHAR" for column in self.fields}]}

    def empty(self, raw: str) -> str:
        """Compose: the table of cells as they stand."""
        return self._say("empty", raw=named(raw), cells=listed(self._each("{0} varchar")))

    def cells(self, raw: str) -> str:
        """Compose: items of pages become rows of cells. Parameters: ``shape``, ``before``."""
        taken = (sql.SQL("r.item.{} as {}").format(named(c.key), named(c.name)) for c in self.fields)
        return self._say("cells", raw=named(raw), cells=listed(taken))

    @property
    def stated(self) -> tuple[str, ...]:
        """The columns that a typed row may have a value in, those given once for all rows left out."""
        return (*(column.name for column in self.fields), *self.contract.computed)

    def suspects(self, raw: str, columns: Iterable[Column]) -> str:
        """Compose: rows with one of the ``cells`` (a parameter) in one of these columns."""
        suspect = sql.SQL("{} in (select unnest($cells))")
        is_suspect = sql.SQL(" or ").join(suspect.format(named(column.name)) for column in columns)
        return self._say("suspects", raw=named(raw), is_suspect=is_suspect)

    def unsound(self, conformed: str) -> str:
        """Compose: rows that have to be read as rows, whatever their cells look like. Parameter: ``numbers``."""
        return self._say("unsound", conformed=named(conformed))

    def readable(self, conformed: str) -> str:
        """Compose: rows that were read as rows after all take their place."""
        columns = [named(name) for name in self.stated]
        given = (sql.SQL("{0} = g.{0}").format(name) for name in columns)
        return self._say("readable", conformed=named(conformed), given=listed(given))

    def odd_cells(self, raw: str, column: Column) -> str:
        """Compose: the distinct cells of a column that a parser has to read."""
        is_plain = named(f"is_plain_{'never' if column.kind in _READ else column.kind}")
        statement = "odd_cells" if column.kind in _TOLD else "odd_texts"
        return self._say(statement, raw=named(raw), cell=named(column.name), is_plain=is_plain)

    def conformed(self, conformed: str, raw: str, odd: Sequence[Column], constants: Mapping[str, str | None]) -> str:
        """Compose: cells become typed rows. ``odd`` are the columns whose table of read cells is not empty."""
        stated = [_stated(column, is_odd=column in odd) for column in self.fields]
        stated += [sql.SQL("{} as {}").format(text_or_null(value), named(name)) for name, value in constants.items()]
        columns: list[sql.Composable] = [named(column.name) for column in self.fields]
        columns += [named(name) for name in constants]
        columns += [
            sql.SQL("{} as {}").format(_COMPUTED[spec.type](spec), named(name))
            for name, spec in self.contract.computed.items()
        ]
        join = sql.SQL("left join {0} as {0} on {0}.cell = r.{1}")
        is_read = [sql.SQL("coalesce({}.is_read, true)").format(named(c.odd)) for c in odd]
        is_complete = [sql.SQL("{} is not null").format(named(c.name)) for c in self.fields if c.is_required]
        return self._say(
            "conformed", conformed=named(conformed), raw=named(raw), stated=listed(stated), columns=listed(columns),
            joins=sql.SQL("\n").join(join.format(named(c.odd), named(c.name)) for c in odd),
            is_read=all_of(is_read), is_complete=all_of(is_complete),
        )  # fmt: skip

    def odd_rows(self, conformed: str, raw: str) -> str:
        """Compose: the rows that parsers of rows have to look at, as they stand."""
        return self._say("odd_rows", conformed=named(conformed), raw=named(raw), cells=listed(self._each("r.{0}")))

    def rows_of(self, raw: str) -> str:
        """Compose: rows as they stand. Parameter: ``numbers``."""
        return self._say("rows_of", raw=named(raw), cells=listed(self._each("r.{0}")))

    def judged(self, conformed: str, wanted: Sequence[str], constants: Iterable[str]) -> str:
        """Compose: columns that row rules read, as they see them; each value once of one that is read alone."""
        statement = "judged_once" if len(wanted) == 1 else "judged"
        return self._say(statement, conformed=named(conformed), judged=self._judged(wanted, constants))

    def alike(self, conformed: str, column: str, constants: Iterable[str]) -> str:
        """Compose: rows that rules cannot tell apart by a column. Parameter: ``numbers``."""
        judged = self._judged((column,), constants)
        return self._say("alike", conformed=named(conformed), judged=judged, column=named(column))

    def _judged(self, wanted: Iterable[str], constants: Iterable[str]) -> sql.Composable:
        given = {*self.stated, *constants}
        kinds = {name: kind.partition("(")[0] for name, kind, *_ in self.contract.columns()}
        return listed(
            sql.SQL("{}({}) as {}").format(
                named(f"judged_{_JUDGED[kinds.get(name, 'boolean')]}"),
                named(name) if name in given else text_or_null(None),
                named(name),
            )
            for name in wanted
        )

    def keys(self, conformed: str) -> str:
        """Compose: a number for each row's key."""
        return self._say("keys", conformed=named(conformed), key=listed(map(named, self.contract.key)))

    def amounts(self, conformed: str) -> str:
        """Compose: amounts by row. Parameter: ``numbers``."""
        return self._say("amounts", conformed=named(conformed), amount=named(self.contract.amount or ""))

    def days(self, conformed: str) -> str:
        """Compose: the days that rows count on, by row. Parameter: ``numbers``."""
        return self._say("days", conformed=named(conformed), day=named(self.contract.touches or ""))

    def total(self, conformed: str) -> str:
        """Compose: the sum of what was read column by column."""
        return self._say("total", conformed=named(conformed), amount=named(self.contract.amount or ""))

    def lines(
        self, conformed: str, wanted: Sequence[str], system: Mapping[str, str | None],
        constants: Mapping[str, str | None], special: Collection[str], file: Path, *, are_wanted: bool,
    ) -> str:  # fmt: skip
        """Compose: rows to load, each the columns ``wanted`` as PostgreSQL's COPY takes them, into ``file``.

        The rows of the table ``numbered`` are left out, or the only ones where they ``are_wanted``.
        ``system`` gives the columns that are the same in each row; ``version`` and ``version_tie`` may be among them.
        ``special`` are the columns that hold signs which COPY writes otherwise.
        """
        spec, business = self.contract.feeds[self.feed], [name for name, *_ in self.contract.columns()]
        same = {name: constants.get(name) for name in business if name not in self.stated} | dict(system)
        own: dict[str, sql.Composable] = {
            "row_no": sql.SQL("row_no::varchar"), "row_hash": named("row_hash"), "version_tie": named("row_hash"),
            "amount_yuan_read": or_null(named(self.contract.amount or "")),
        }  # fmt: skip
        full = {column.name for column in self.fields if column.is_required}
        for name in self.stated:
            value = sql.SQL("escaped({})" if name in special else "{}").format(named(name))
            own[name] = value if name in full else or_null(value)
        if spec.version:
            own["version"] = own[spec.version]
        absent = {name: "\x00" if same[name] is None else same[name] for name in business if name in same}
        said = {name: named(name) if name in full else sql.SQL("coalesce({}, chr(0))").format(named(name))
                for name in self.stated}  # fmt: skip
        return self._say(
            "lines", conformed=named(conformed), file=sql.Literal(str(file)), are_wanted=sql.Literal(are_wanted),
            line=joined("\t", ((escaped(same[n]) if n in same else own[n]) for n in wanted)),
            joined=joined("\x1f", (absent[n] if n in absent else said[n] for n in business)),
            columns=listed(named(name) for name in self.stated),
        )  # fmt: skip

    def _each(self, form: str) -> Iterable[sql.Composable]:
        return (sql.SQL(form).format(named(column.name)) for column in self.fields)

    def _say(self, name: str, **names: sql.Composable) -> str:
        return sql.SQL(read_sql(self.root, f"conform/{name}").decode()).format(**names).as_string()


def _is_columnar(field: FieldSpec) -> bool:
    plain = field.pii is None and len(field.zh) == 1 and field.stored and not field.approximate
    refers = field.falls_back_to is not None or field.unstated_unit_floor_yuan is not None
    return plain and not refers and _kind(field) in _TOLD | _READ | {"text"}


def _kind(field: FieldSpec) -> str:
    return _MONEY[field.unit] if field.type == "money" else field.type


def _stated(column: Column, *, is_odd: bool) -> sql.Composable:
    cell, name = sql.SQL("r.{}").format(named(column.name)), named(column.name)
    if column.kind in _READ:
        plain: sql.Composable = sql.SQL("null::varchar")
    else:
        plain = cell if column.kind == "text" else sql.SQL("{}({})").format(named(f"plain_{column.kind}"), cell)
    if not is_odd:
        return sql.SQL("{} as {}").format(plain, name)
    return sql.SQL("case when {0}.cell is null then {1} else {0}.stated end as {2}").format(
        named(column.odd), plain, name
    )


def _local_day(spec: ComputedSpec) -> sql.Composable:
    return sql.SQL("left({}, 10)").format(named(spec.from_[0]))


def _present_when(spec: ComputedSpec) -> sql.Composable:
    state, needed = map(named, spec.from_)
    return sql.SQL("({} is distinct from {} or {} is not null)::varchar").format(state, sql.Literal(spec.when), needed)


_COMPUTED: Mapping[str, Callable[[ComputedSpec], sql.Composable]] = {
    "local_day": _local_day,
    "present_when": _present_when,
}
