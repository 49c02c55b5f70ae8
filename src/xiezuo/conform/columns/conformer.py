"""Pages conformed in chunks of rows, column by column, by DuckDB in this process; memory holds one chunk.

See docs/decisions/0022-columns-first.md.
"""


from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from xiezuo.base.errors import Unreadable
from xiezuo.conform.columns.cells import Cells, cells_of
from xiezuo.conform.columns.columns import Column, Columns
from xiezuo.conform.columns.phrases import SPECIAL
from xiezuo.conform.ledgers.tables import table_of_items
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.conform.rows.reader import Finding, RowReader
from xiezuo.fetch.platform.pages import Originals
from xiezuo.values import Money
from xiezuo.values.row_hash import canonical

if TYPE_CHECKING:
    import pandas as pd
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

# One step ahead: while an item is used, a thread makes the next one.
T = TypeVar("T")


def ahead(items: Generator[T]) -> Generator[T]:
    """Yield the items of a generator that runs in a thread of its own, one item ahead; its errors are raised here.

    When it is left early, the step under way is waited for and the generator is closed.
    """
    with closing(items), ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


_PLAIN = (str, int, type(None))
"""What cells of an item are; a truth value is an int too, and is not among them."""
_MACROS = Path(__file__).with_name("columnar.sql")
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1, "memory_limit": "1GB",
    "autoinstall_known_extensions": False, "autoload_known_extensions": False,
}  # fmt: skip


class Chunk:
    """Rows that were conformed.

    ``numbers`` are the rows', those of rows that could not be read among them. ``unread`` are the latter, with their
    amounts where those could be read, and with their ``days`` likewise; ``findings`` the reasons. One of them is alive
    at a time in its database.
    """

    conformed = "conformed"

    def __init__(
        self, columns: Columns, database: duckdb.DuckDBPyConnection, cells: Cells, constants: Mapping[str, Any],
        said: Mapping[str, str | None],
    ) -> None:  # fmt: skip
        self._columns, self._database, self._constants, self._said = columns, database, constants, said
        self.raw, self.numbers = cells.table, cells.numbers
        self.findings: list[Finding] = []
        self.unread: dict[int, Decimal | None] = {}
        self.days: dict[int, date] = {}
        self.special: set[str] = set()

    def view(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return what row rules see of some columns, the row number as unnamed index.

        Of a column that is read alone each value stands once, for all rows that are :meth:`alike`.
        """
        judged = self._columns.judged(self.conformed, columns, self._said)
        frame = self._database.execute(judged).df().set_index("row_no")
        frame.index.name = None
        return frame

    def alike(self, columns: Sequence[str], numbers: Sequence[int]) -> Sequence[int]:
        """Return the rows that rows of these numbers stand for in the view of these columns."""
        if len(columns) > 1 or not numbers:
            return numbers
        statement = self._columns.alike(self.conformed, columns[0], self._said)
        return [number for (number,) in self._database.execute(statement, {"numbers": list(numbers)}).fetchall()]

    def total(self) -> tuple[Decimal, int]:
        """Return the sum of the amounts of rows that could be read, and how many of them state none."""
        amount, without = self._database.execute(self._columns.total(self.conformed)).fetchall()[0]
        return amount, without

    def keys(self) -> tuple[Any, Any]:
        """Return row numbers, and a number for each row's key: equal keys have equal numbers."""
        found = self._database.execute(self._columns.keys(self.conformed)).fetchnumpy()
        return found["row_no"], found["key_number"]

    def amounts(self, numbers: Iterable[int]) -> dict[int, Decimal]:
        """Return the amounts of the rows of these numbers."""
        wanted = {"numbers": list(numbers)}
        return dict(self._database.execute(self._columns.amounts(self.conformed), wanted).fetchall())

    def days_of(self, numbers: Iterable[int]) -> dict[int, date]:
        """Return the days that the rows of these numbers count on, of those that could be read."""
        if not (wanted := list(numbers)):
            return {}
        found = self._database.execute(self._columns.days(self.conformed), {"numbers": wanted}).fetchall()
        return {number: date.fromisoformat(day) for number, day in found}

    def typed(self, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Return rows as they stand, for the vault."""
        found = self._database.execute(self._columns.rows_of(self.raw), {"numbers": list(numbers)})
        names = [column[0] for column in found.description or ()]
        rows = (dict(zip(names, row, strict=True)) for row in found.fetchall())
        return {row.pop("row_no"): {**self._constants, **row} for row in rows}

    def write(
        self, file: Path, wanted: tuple[str, ...], system: Mapping[str, str | None], numbers: Iterable[int], *,
        are_wanted: bool = False,
    ) -> None:  # fmt: skip
        """Write sound rows as lines of PostgreSQL's COPY: all but these, or these where they are wanted."""
        numbered = "create or replace temp table numbered as select unnest($numbers::bigint[]) as row_no"
        self._database.execute(numbered, {"numbers": list(numbers)})
        self._database.execute(
            self._columns.lines(
                self.conformed, wanted, system, self._said, self.special, file, are_wanted=are_wanted
            )
        )

    def drop(self) -> None:
        """Give its memory back."""
        for table in (self.raw, self.conformed):
            self._database.execute(f"drop table if exists {table}")


class Conformer(AbstractContextManager["Conformer"]):
    """Conforms the pages of one landing; ``read`` yields its chunks in order.

    While one is used, a thread reads the cells of the next.
    """

    def __init__(self, columns: Columns, around: Surroundings, place: str, constants: Mapping[str, Any]) -> None:
        self._columns, self._constants = columns.without(constants), dict(constants)
        self.table = table_of_items(columns.contract, columns.feed, (), place=place, sheet="", constants=constants)
        self.reader = RowReader(self.table, around)
        self._said = {name: _said(self.reader.parse(name, cell)) for name, cell in constants.items()}
        self._database = duckdb.connect(config=_CONFIG)
        self._database.execute(_MACROS.read_text(encoding="utf-8"))

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def read(self, path: Path) -> Generator[Chunk]:
        """Yield the chunks of a landing; one is forgotten when the next is asked for."""
        originals = Originals(path)
        with closing(ahead(cells_of(path, self._columns, self._database))) as taken:
            for cells in taken:
                chunk = Chunk(self._columns, self._database, cells, self._constants, self._said)
                self._conform(chunk, originals, cells.lines)
                yield chunk
                chunk.drop()

    def _conform(self, chunk: Chunk, originals: Originals, lines: int) -> None:
        odd = {column: cells for column in self._columns.fields if (cells := self._read_odd(chunk, column))}
        self._database.execute(self._columns.conformed(chunk.conformed, chunk.raw, [*odd], self._said))
        exact = self._exact(chunk, odd, originals, lines)
        if exact:
            self._database.execute(self._columns.unsound(chunk.conformed), {"numbers": list(exact)})
        self._read_rows(chunk, exact)

    def _exact(
        self, chunk: Chunk, odd: Mapping[Column, Sequence[str]], originals: Originals, lines: int
    ) -> dict[int, dict[str, Any]]:
        """Return the rows that hold a list, an object or a truth value: as text these could be taken for words."""
        suspected = {column: said for column, cells in odd.items() if (said := [*filter(_is_no_text, cells)])}
        if not suspected:
            originals.skip(lines)
            return {}
        statement = self._columns.suspects(chunk.raw, suspected)
        told = {"cells": [cell for said in suspected.values() for cell in said]}
        wanted = {number for (number,) in self._database.execute(statement, told).fetchall()}
        exact: dict[int, dict[str, Any]] = {}
        before = chunk.numbers.start - 1
        for items in originals.pages(lines):
            if not wanted.isdisjoint(range(before + 1, before + len(items) + 1)):
                table = table_of_items(
                    self._columns.contract, self._columns.feed, items, place="", sheet="", constants=self._constants
                )
                exact |= {
                    number + before: cells
                    for number, cells in table.rows
                    if number + before in wanted and not all(type(cell) in _PLAIN for cell in cells.values())
                }
            before += len(items)
        return exact

    def _read_odd(self, chunk: Chunk, column: Column) -> list[str]:
        """Read the distinct cells of a column that are not taken over as they stand, and return them."""
        found = self._database.execute(self._columns.odd_cells(chunk.raw, column)).fetchall()
        told = [(cell, *self._reading(column.name, cell)) for (cell,) in found]
        if _are_special(stated for _, stated, _ in told):
            chunk.special.add(column.name)
        self._database.register(
            column.odd,
            {
                "cell": np.array([cell for cell, *_ in told], dtype=object),
                "stated": np.array([stated for _, stated, _ in told], dtype=object),
                "is_read": np.array([is_read for *_, is_read in told], dtype=bool),
            },
        )
        return [cell for cell, *_ in told]

    def _reading(self, name: str, cell: str) -> tuple[str | None, bool]:
        try:
            return _said(self.reader.parse(name, cell)), True
        except Unreadable:
            return None, False  # the row is read again as a row, where every reason is noted

    def _read_rows(self, chunk: Chunk, exact: dict[int, dict[str, Any]]) -> None:
        """Have rows that could not be read column by column read as rows, with a reason for each that is held back."""
        found = self._database.execute(self._columns.odd_rows(chunk.conformed, chunk.raw))
        names = [column[0] for column in found.description or ()]
        read = []
        for values in found.fetchall():
            cells = dict(zip(names, values, strict=True))
            number = cells.pop("row_no")
            row = self.reader.read(number, exact.get(number, cells | self._constants))
            if row is not None:
                read.append(row)
            else:
                chunk.unread[number] = self.reader.amounts.get(number)
                if number in self.reader.days:
                    chunk.days[number] = self.reader.days[number]
        chunk.findings = [*self.reader.findings]
        self.reader.forget()
        if read:
            wanted = ("row_no", *self._columns.stated)
            cells_of = {name: np.array([_said(row.get(name)) for row in read], dtype=object) for name in wanted}
            chunk.special |= {name for name, cells in cells_of.items() if _are_special(cells)}
            self._database.register("given", cells_of)
            self._database.execute(self._columns.readable(chunk.conformed))


def _is_no_text(cell: str) -> bool:
    return cell.startswith(("[", "{")) or cell in {"true", "false"}


def _are_special(texts: Iterable[str | None]) -> bool:
    return any(text and SPECIAL.search(text) for text in texts)


def _said(value: Any) -> str | None:
    if value is None:
        return None
    return canonical(value.yuan if isinstance(value, Money) else value)
