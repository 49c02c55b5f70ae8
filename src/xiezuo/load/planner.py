"""How the rows of a batch are read, and how they find what is stored.

The planner cannot tell. Staging tables hold other rows each time and are never analysed while they do, so it takes
every batch for a handful of rows, and sorts a million of them to group them. So it is said here. Staged rows find
what is stored by its key, each by a look-up: a batch costs what it brings and never what is there. Where rows meet
by anything else they are hashed, which serves many and few.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

_BY_INDEX = {"enable_indexscan": "on", "enable_bitmapscan": "on"}
_READ_THROUGH = {"enable_indexscan": "off", "enable_bitmapscan": "off"}
_NO_SORT = {"enable_sort": "off", "enable_mergejoin": "off"}
_LOOKED_UP = {"enable_nestloop": "on", "enable_hashjoin": "off"} | _NO_SORT
_HASHED = {"enable_nestloop": "off", "enable_hashjoin": "on"} | _NO_SORT


class Joins:
    """Says how rows are read and joined while a batch of ``staged`` rows is settled; afterwards as configured.

    Fetching a row by an index costs about what reading a block does: a batch of more rows than its staging table
    has blocks is read by reading the table through, a smaller one by its index, whatever else is being staged.
    """

    def __init__(self, connection: psycopg.Connection, staging: sql.Identifier, staged: int) -> None:
        self._db = connection
        self._said: dict[str, str] = {}
        row = connection.execute(
            "select pg_relation_size(%s::regclass) / current_setting('block_size')::bigint",
            (staging.as_string(connection),),
        ).fetchone()
        is_most = row is not None and staged > row[0]
        self._alone = _HASHED | (_READ_THROUGH if is_most else _BY_INDEX)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for setting in self._said:
                self._db.execute(sql.SQL("set local {} to default").format(sql.Identifier(setting)))

    def looked_up(self) -> None:
        """From here on rows are looked up by keys."""
        self._say(_LOOKED_UP | _BY_INDEX)

    def hashed(self) -> None:
        """From here on rows are hashed when they meet, and looked up where a statement says so itself."""
        self._say(_HASHED | _BY_INDEX)

    def alone(self) -> None:
        """From here on staged rows are read that meet no others."""
        self._say(self._alone)

    def _say(self, wanted: dict[str, str]) -> None:
        if wanted != self._said:
            each = sql.SQL(", ").join(
                sql.SQL("set_config({}, {}, true)").format(*map(sql.Literal, pair)) for pair in wanted.items()
            )
            self._db.execute(sql.SQL("select {}").format(each))
            self._said = wanted
