"""SQL files of the loader, filled with a dataset's own names and nothing else.

The files under ``include/sql/load`` name ``{core}``, ``{staging}``, ``{key}`` and the like; these are
replaced by quoted identifiers. Values are always parameters.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from psycopg import sql

from xiezuo.contracts import Contract
from xiezuo.schema import SYSTEM_COLUMNS, primary_key


class Statements:
    """The loader's statements for one dataset."""

    def __init__(self, root: Path, contract: Contract, feed: str | None = None) -> None:
        self._load, self._core = root / "include" / "sql" / "load", root / "include" / "sql" / "core"
        self._contract = contract
        self._lines = contract.feeds[feed].lines if feed is not None else None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Columns of the dataset's table: the system's, then the contract's."""
        return tuple(c for c, _, _ in SYSTEM_COLUMNS) + tuple(c for c, *_ in self._contract.columns())

    @cached_property
    def staging(self) -> sql.Identifier:
        """The dataset's staging table."""
        return sql.Identifier("staging", self._contract.dataset)

    @cached_property
    def core(self) -> sql.Identifier:
        """The dataset's table."""
        return sql.Identifier("core", self._contract.dataset)

    def __getitem__(self, name: str) -> sql.Composed:
        """Return the statement ``include/sql/load/<name>.sql`` for this dataset."""
        text = sql.SQL((self._load / f"{name}.sql").read_text(encoding="utf-8"))
        return text.format(**self._names)

    def touched_elsewhere(self) -> bytes | None:
        """Return the dataset's own ``touched`` statement: months that change through other tables."""
        path = self._core / f"{self._contract.dataset}.touched.sql"
        return path.read_bytes() if path.exists() else None

    @cached_property
    def _names(self) -> dict[str, sql.Composable]:
        key = primary_key(self._contract)
        changing = [c for c in self.columns if c not in key]
        comma = sql.SQL(", ")
        names: dict[str, sql.Composable] = {
            "core": self.core,
            "staging": self.staging,
            "key": comma.join(map(sql.Identifier, key)),
            "key_of_r": comma.join(sql.Identifier("r", c) for c in key),
            "columns": comma.join(map(sql.Identifier, self.columns)),
            "columns_of_c": comma.join(sql.Identifier("c", c) for c in self.columns),
            "columns_of_s": comma.join(sql.Identifier("s", c) for c in self.columns),
            "s_is_c": sql.SQL(" and ").join(
                sql.SQL("{} = {}").format(sql.Identifier("s", c), sql.Identifier("c", c)) for c in key
            ),
            "assignments": comma.join(
                sql.SQL("{} = {}").format(sql.Identifier(c), sql.Identifier("excluded", c)) for c in changing
            ),
        }
        if self._lines is not None:
            names["s_shares_order"] = sql.SQL(" and ").join(
                sql.SQL("{} = {}").format(sql.Identifier("s", c), sql.Identifier("c", c))
                for c in ("county_code", "feed", *self._lines.within)
            )
        touches, valid = self._contract.touches, self._contract.valid
        names["s_is_in_scope"] = self._in_scope("s", sql.SQL("p.scope_year"))
        names["c_is_in_scope"] = self._in_scope("c", sql.SQL("%(scope_year)s"))
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
