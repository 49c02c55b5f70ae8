"""SQL files of the loader, filled with a dataset's own names and nothing else.

The files under ``include/sql/load`` name ``{core}``, ``{staging}``, ``{key}`` and the like; these are
replaced by quoted identifiers. Values are always parameters.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from psycopg import sql

from xiezuo.declared.contracts import Contract
from xiezuo.warehouse.tables import (
    OF_THE_BATCH,
    STAGING_COLUMNS,
    columns_of_fact,
    columns_staged,
    primary_key,
)

_COMMA, _AND = sql.SQL(", "), sql.SQL(" and ")

# A row of the batch against the stored one: of two versions the higher (version, tie, row number) wins, and one that
# says the same is at most newer evidence of it (docs/decisions/0003).
_RESTATES = sql.SQL(
    "c.row_hash = s.row_hash and (c.version, c.version_tie) < (s.version, coalesce(s.version_tie, s.row_hash))"
)
_CHANGES = sql.SQL(
    "c.row_hash <> s.row_hash"
    " and (c.version, c.version_tie, c.row_no) <= (s.version, coalesce(s.version_tie, s.row_hash), s.row_no)"
)

_ONLY_STAGED = {c: sql.SQL("null::{}").format(sql.SQL(kind)) for c, kind, _ in STAGING_COLUMNS}

_OF_COUNTY = sql.SQL("s.county_code = %(county_code)s")


class Statements:
    """The loader's statements for one dataset."""

    def __init__(self, root: Path, contract: Contract, feed: str | None = None) -> None:
        self._load, self._core = root / "include" / "sql" / "load", root / "include" / "sql" / "core"
        self._contract = contract
        self._lines = contract.feeds[feed].lines if feed is not None else None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of staged rows, in the order of the COPY."""
        return columns_staged(self._contract)

    @cached_property
    def columns_of_core(self) -> tuple[str, ...]:
        """The columns of the dataset's table, in the order of the COPY."""
        return columns_of_fact(self._contract)

    @cached_property
    def staging(self) -> sql.Identifier:
        """The dataset's staging table."""
        return sql.Identifier("staging", self._contract.dataset)

    @cached_property
    def core(self) -> sql.Identifier:
        """The dataset's table."""
        return sql.Identifier("core", self._contract.dataset)

    @cached_property
    def changing(self) -> tuple[str, ...]:
        """The columns of which the touched statements want to know what was stored before."""
        valid = self._contract.valid
        named = {"county_code", self._contract.touches, *((valid.from_, valid.to) if valid else ())}
        words = set(re.findall(r"\w+", re.sub("--.*", "", self._own("touched") or "")))
        return tuple(c for c in columns_of_fact(self._contract) if c in named | words)

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """The columns of which must be known what is to be dropped: the key, and those of ``changing``."""
        key = primary_key(self._contract)
        return (*key, *(c for c in self.changing if c not in key))

    @cached_property
    def whole_batch(self) -> sql.Composed:
        """The rows of a batch some of which were put straight into the table, as staged rows."""
        return sql.SQL("({})").format(self["whole_batch"])

    def __getitem__(self, name: str) -> sql.Composed:
        """Return the statement ``include/sql/load/<name>.sql`` for this dataset."""
        return self.over(name, self.staging)

    def over(self, name: str, rows: sql.Composable) -> sql.Composed:
        """Return the statement ``include/sql/load/<name>.sql`` over the rows of a batch, wherever they are."""
        return sql.SQL((self._load / f"{name}.sql").read_text(encoding="utf-8")).format(**self._names, rows=rows)

    def of_stored(self, name: str) -> sql.Composed | None:
        """Return a touched statement over ``changed``: what was stored; None where there is none of this name."""
        rank = sql.Identifier("s", "feed_rank")
        return self._over(name, rows=sql.Identifier("changed"), of_rows=_OF_COUNTY, feed_rank_of_s=rank)

    def of_batch(self, name: str, rows: sql.Composable) -> sql.Composed | None:
        """Return a statement over the rows of a batch that are put into the table; None where there is none.

        What is stored under a row's key is looked up in a subquery of its own, which no planner turns into a join. It
        names the county once more: on Citus nothing else tells that it lies on the same worker.
        """
        put = sql.SQL(
            "s.county_code = %(county_code)s and s.batch_id = %(batch_id)s and s.fate is null and (%(is_all_new)s or"
            " (select ({s_changes_c}) or ({s_restates_c}) from {core} as c"
            " where c.county_code = %(county_code)s and {s_is_c}) is not false)"
        ).format(**self._names)
        return self._over(name, rows=rows, of_rows=put, feed_rank_of_s=sql.Placeholder("feed_rank"))

    def _over(self, name: str, **rows: sql.Composable) -> sql.Composed | None:
        """Return the dataset's own statement of this name, else the one for all datasets, over some rows."""
        path = self._load / f"{name}.sql"
        text = self._own(name) or (path.read_text(encoding="utf-8") if path.exists() else None)
        return None if text is None else sql.SQL(text).format(**self._names, **rows)

    def _own(self, name: str) -> str | None:
        """Return what ``include/sql/core/<dataset>.<name>.sql`` says."""
        path = self._core / f"{self._contract.dataset}.{name}.sql"
        return path.read_text(encoding="utf-8") if path.exists() else None

    @cached_property
    def _names(self) -> dict[str, sql.Composable]:
        key, columns, staged = primary_key(self._contract), self.columns_of_core, self.columns
        names: dict[str, sql.Composable] = {
            "core": self.core,
            "staging": self.staging,
            "years_on_record": sql.SQL((self._load / "years_on_record.sql").read_text(encoding="utf-8")),
            "key_of_r": _COMMA.join(sql.Identifier("r", c) for c in key),
            "columns": _COMMA.join(map(sql.Identifier, columns)),
            "columns_of_s": _COMMA.join(map(_staged, columns)),
            "columns_staged": _COMMA.join(map(sql.Identifier, staged)),
            "columns_staged_of_c": _COMMA.join(_ONLY_STAGED.get(c) or sql.Identifier("c", c) for c in staged),
            "s_is_c": _equal(key, "c"),
            "s_is_o": _equal(key, "o"),
            "s_is_r": _equal(key, "r"),
            "s_restates_c": _RESTATES,
            "s_changes_c": _CHANGES,
            "key": _COMMA.join(map(sql.Identifier, key)),
            "assignments": _COMMA.join(
                sql.SQL("{} = {}").format(sql.Identifier(c), _staged(c)) for c in columns if c not in key
            ),
            **_listed("changing", self.changing),
            **_listed("gone", self.gone),
            "s_is_in_scope": self._in_scope("s", sql.SQL("p.scope_year")),
            "c_is_in_scope_of_p": self._in_scope("c", sql.SQL("p.scope_year")),
            "c_is_in_scope": self._in_scope("c", sql.SQL("%(scope_year)s")),
        }
        if self._lines is not None:
            within = _equal(("county_code", *self._lines.within), "c")
            of_feed = sql.SQL("" if self._lines.parts else " and c.feed = %(feed)s")
            names["s_shares_order"] = within + of_feed
        touches, valid, amount = self._contract.touches, self._contract.valid, self._contract.amount
        names["day_of_s"] = sql.Identifier("s", touches) if touches else sql.SQL("null::date")
        names["yuan_of_s"] = sql.Identifier("s", "amount_yuan_read")
        if amount in columns:
            names["yuan_of_s"] = sql.SQL("coalesce({}, {})").format(names["yuan_of_s"], sql.Identifier("s", amount))
        if touches:
            names["touches"] = sql.Identifier(touches)
        if valid:
            names["valid_from"] = sql.Identifier(valid.from_)
            names["valid_to"] = sql.Identifier(valid.to)
        return names

    def _in_scope(self, alias: str, scope: sql.Composable) -> sql.Composable:
        """Tell whether a row is one that a snapshot of the year ``scope`` would state if it held.

        Rows that count on a day belong to its year. A row of a register is stated by every register up to
        the year it ended in: what ended before a register's year is history, and not in it.
        """
        touches, valid = self._contract.touches, self._contract.valid
        if touches:
            year = sql.SQL("coalesce(extract(year from {})::integer, 0) = {}")
            return year.format(sql.Identifier(alias, touches), scope)
        if valid:
            year = sql.SQL("coalesce(extract(year from {})::integer, 9999) >= {}")
            return year.format(sql.Identifier(alias, valid.to), scope)
        return sql.SQL("{} = 0").format(scope)


def _equal(columns: tuple[str, ...], alias: str) -> sql.Composed:
    """Say that a staged row has the same ``columns`` as the row called ``alias``."""
    return _AND.join(sql.SQL("{} = {}").format(sql.Identifier("s", c), sql.Identifier(alias, c)) for c in columns)


def _listed(name: str, columns: tuple[str, ...]) -> dict[str, sql.Composable]:
    """Return the columns as a list, bare and as a stored row's."""
    of_c = _COMMA.join(sql.Identifier("c", c) for c in columns)
    return {name: _COMMA.join(map(sql.Identifier, columns)), f"{name}_of_c": of_c}


def _staged(column: str) -> sql.Composable:
    """Return what a staged row gives for a column of the table; some are one value a batch, or the digest's."""
    if column in OF_THE_BATCH:
        return sql.Placeholder(column)
    if column == "version_tie":
        return sql.SQL("coalesce(s.version_tie, s.row_hash)")
    return sql.Identifier("s", column)
