"""Noting the months whose figures may change: those of what was stored, and those of what is stored instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from xiezuo.base.sql_files import read_sql
from xiezuo.declared.contracts import Contract
from xiezuo.load.statements import Statements


class Touches:
    """Writes ``audit.touched_period`` for one batch or one withdrawal.

    What was stored is noted in ``changed``, a table of this transaction, before it is changed: not the rows, only
    the distinct values that tell which months they count in.
    """

    def __init__(self, connection: psycopg.Connection, root: Path, contract: Contract, say: Statements) -> None:
        self._db, self._root, self._contract, self._say = connection, root, contract, say
        wider = {"touched_span": contract.valid is not None, "touched_any": contract.restates}
        self._spread = ("touched", *(step for step, is_meant in wider.items() if is_meant))
        self._is_open = False

    def note(self, step: str, names: Mapping[str, Any]) -> None:
        """Note what is stored in the rows that the statement ``step`` finds."""
        if self._say.changing == ("county_code",) and not self._contract.restates:
            return  # nothing in a row tells a month
        if not self._is_open:
            columns = sql.SQL(", ").join(map(sql.Identifier, self._say.changing))
            empty = sql.SQL("create temporary table changed on commit drop as select {} from {} with no data")
            self._db.execute("drop table if exists changed")
            self._db.execute(empty.format(columns, self._say.core))
            self._is_open = True
        self._db.execute(self._say[step], names, prepare=False)

    def touch_stored(self, names: Mapping[str, Any]) -> None:
        """Touch the months that what was noted counted in, or may have moved others in."""
        if not self._is_open:
            return
        if self._contract.touches:
            self._db.execute(self._say["touched_stored"], names)
        self._touch(map(self._say.of_stored, self._spread), names)

    def touch_batch(self, months: Collection[date], rows: sql.Composable, names: Mapping[str, Any]) -> None:
        """Touch the ``months`` that the ``rows`` of a batch count in, and those they may move others in."""
        if months:
            facts = {**names, "months": sorted(months)}
            self._db.execute(read_sql(self._root, "load/touched_months"), facts)
        self._touch((self._say.of_batch(step, rows) for step in self._spread), names)

    def _touch(self, statements: Iterable[sql.Composed | None], names: Mapping[str, Any]) -> None:
        for statement in statements:
            if statement is not None:
                self._db.execute(statement, names, prepare=False)
