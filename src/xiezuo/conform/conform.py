"""Stage two: raw rows become typed rows, or findings that name file, sheet, row, column and reason.

Nothing is guessed: a cell that cannot be read for sure holds its row back, and only its row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.rows.computed import Row
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.conform.rows.reader import FURTHEST_AHEAD, Finding, RowReader
from xiezuo.declared.contracts import Contract
from xiezuo.declared.suites import Verdict

OLDEST = datetime(1970, 1, 1, tzinfo=UTC)
"""The version of what says nothing of when it was so: any other version wins."""


@dataclass
class Conformed:
    """Typed rows of one table, and what could not be typed.

    ``rows`` hold every business column and ``row_no``. ``persons`` maps person keys to what only the
    vault may store. ``counts`` are the numbers that a total row adds up where there is no amount, None
    where one cannot be read. ``typed`` keeps each data row as typed, for the vault should it be held back.
    """

    table: RawTable
    rows: list[Row]
    findings: list[Finding]
    amounts: dict[int, Decimal]
    unreadable_amounts: set[int]
    persons: dict[str, dict[str, str]]
    typed: dict[int, dict[str, Any]]
    version: datetime
    covers_to: date
    warnings: list[str] = field(default_factory=list)
    shape: dict[str, Any] = field(default_factory=dict)
    counts: dict[int, Decimal | None] = field(default_factory=dict)
    days: dict[int, date] = field(default_factory=dict)
    """The days that rows count on, by row number, wherever they could be read: also of rows held back."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """What each rule said, by its name, once the table has been judged."""

    @property
    def contract(self) -> Contract:
        """The contract the rows are of."""
        return self.table.contract


def conform(
    table: RawTable, around: Surroundings, *, version: datetime | None = None, covers_to: date | None = None
) -> Conformed:
    """Type every row of ``table``.

    ``version`` (of rows that have none of their own) and ``covers_to`` (the last day spoken of) are
    given for API batches and database extracts; a file's follow from its title, its place or its rows.

    Raises:
        FileRefused: the unit of an amount column is stated nowhere and its size does not tell it, or
            the table says it was reported in the future, where it would outdate whatever follows, or on a day
            far from those of its rows.
    """
    reader = RowReader(table, around)
    rows = [row for number, cells in table.rows if (row := reader.read(number, cells)) is not None]
    reader.check_magnitude()
    rows = reader.finish(reader.check_reported(rows))
    stated = version or _midnight(table.reported_on) or _last_date(rows, table.contract) or OLDEST
    if stated.astimezone(SHANGHAI).date() > around.today + FURTHEST_AHEAD and version is None:
        raise FileRefused(
            "REPORTED_IN_FUTURE",
            f"工作表“{table.sheet}”的填报日期或所属月份（{stated:%Y-%m-%d}）晚于今天，请核对年份",
        )
    return Conformed(
        table=table,
        rows=rows,
        findings=reader.findings,
        amounts=reader.amounts,
        unreadable_amounts=reader.unreadable_amounts,
        persons=reader.persons,
        typed=dict(table.rows),
        version=stated,
        covers_to=covers_to or stated.astimezone(SHANGHAI).date(),
        warnings=reader.warnings(),
        counts=reader.counts,
        days=reader.days,
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), SHANGHAI)


def _last_date(rows: list[Row], contract: Contract) -> datetime | None:
    """Return the last date in the rows: of the column that counts them, else of any dated column."""
    dated = [name for name, spec in contract.fields.items() if spec.type in ("day", "day_or_month", "month")]
    names = [contract.touches] if contract.touches else dated
    found = [row[name] for row in rows for name in names if row.get(name)]
    return _midnight(max(found)) if found else None
