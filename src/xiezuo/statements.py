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
        if self._contract.touches:
            names["touches"] = sql.Identifier(self._contract.touches)
        return names
