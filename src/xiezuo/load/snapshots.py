"""What snapshots state: which is current for a unit and year, and which rows go when a newer one no longer has them.

The rows of a unit are those that its current snapshots state, one a year, and no others (docs/decisions/0042).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.errors import GateClosed
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.contracts import Contract
from xiezuo.load.batch import Delivery
from xiezuo.load.statements import Statements
from xiezuo.load.touched_months import Touches

MISSED_SHARE = Decimal("0.30")
MISSED_ROWS = 3
"""A snapshot that lacks a larger share of its unit's rows of its year, and at least so many, waits for a person."""


@dataclass(frozen=True)
class Withdrawn:
    """Rows that a snapshot closed; ``astray`` of them lie in other years than it states, in these ``units``."""

    rows: int
    astray: int
    units: Sequence[str]


class Snapshot:
    """One delivery as the snapshot of its units; made before its rows are loaded, under the dataset's lock."""

    def __init__(
        self, connection: psycopg.Connection, settings: Settings, contract: Contract, delivery: Delivery,
        units: Mapping[str, int], version: datetime, *, knows: Callable[[str], bool] | None = None,
    ) -> None:  # fmt: skip
        """``units`` gives each reporting unit the year stated of it, 0 where rows have no date of their own.

        Of a form that was handed out prefilled, ``knows`` tells by its digest whether a stored row stood on it.
        """
        self._knows = knows
        self._db, self._settings, self._contract, self._uri = connection, settings, contract, delivery.uri
        self._say = Statements(settings.root, contract)
        self._names: dict[str, Any] = {
            "county_code": delivery.county_code, "dataset": contract.dataset, "version": version,
            "version_tie": delivery.version_tie,
        }  # fmt: skip
        self._units = dict(sorted(units.items()))
        facts = self._names | {"units": list(self._units), "years": list(self._units.values())}
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(self._say["snapshot_before"], facts).fetchall()
        self._before: dict[str, dict[str, Any]] = {row["reporting_unit"]: row for row in rows}

    @property
    def outdated(self) -> list[str]:
        """The units of whose stated year a newer snapshot is current."""
        own = (self._names["version"], self._names["version_tie"])
        return [unit for unit, row in self._before.items() if (row["version"], row["version_tie"]) > own]

    def close(self, *, covers_to: date, asks: bool) -> Withdrawn:
        """Make the delivery the current snapshot of its units and close what it no longer has.

        Raises:
            GateClosed: it lacks so many rows that a person is to be asked first, or rows of a delivery of the same
                date; never where ``asks`` is false.
        """
        rows, astray, units = 0, 0, []
        for unit, year in self._units.items():
            before = self._before.get(unit, {})
            names = self._names | {
                "reporting_unit": unit, "scope_year": year, "covers_to": covers_to,
                "before_tie": before.get("version_tie"),
            }  # fmt: skip
            if not self._db.execute(read_sql(self._settings.root, "load/current_snapshot"), names).rowcount:
                continue
            touches = Touches(self._db, self._settings.root, self._contract, self._say)
            touches.note("changed_withdrawn", names)
            gone = self._db.execute(self._say["withdraw"], names).fetchall()
            strays = self._db.execute(self._say["withdraw_astray"], names).rowcount
            touches.touch_stored(names)
            if asks:
                self._ask(unit, year, before, gone)
            rows, astray = rows + len(gone) + strays, astray + strays
            units += [unit] if strays else []
        return Withdrawn(rows, astray, units)

    def states_the_same(self, unit: str) -> bool:
        """Whether the current snapshot of a unit is of the same date as this one."""
        return bool(self._before[unit]["version"] == self._names["version"])

    def rows_before(self, units: Sequence[str]) -> int:
        """Return how many stored rows the snapshots before this one are the evidence of."""
        return sum(self._before[unit]["rows_evident"] for unit in units)

    def file_before(self, unit: str) -> str:
        """Return in quotes what file the snapshot before this one came in; nothing where no row of it is left."""
        return self._file(self._before[unit]["evident_batch_id"])[1]

    def ties_elsewhere(self, units: Sequence[str]) -> list[str]:
        """Return what tells the other current snapshots of some units apart, of whatever year."""
        names = self._names | {"units": list(units)}
        found = self._db.execute(read_sql(self._settings.root, "load/snapshots_elsewhere"), names)
        return [tie for (tie,) in found]

    def stored(self, units: Sequence[str]) -> int:
        """Return how many rows some units have now."""
        row = self._db.execute(self._say["rows_of_units"], self._names | {"units": list(units)}).fetchone()
        return int(row[0]) if row else 0

    def _file(self, batch_id: str | None) -> tuple[str, str]:
        """Return where a batch came from, and in quotes what its file is called."""
        facts = {"county_code": self._names["county_code"], "batch_id": batch_id}
        row = self._db.execute(read_sql(self._settings.root, "load/file_of_batch"), facts).fetchone()
        return ("", "") if row is None else (row[0], f"“{row[1]}”")

    def _elsewhere(self, batch_id: str) -> bool:
        """Whether a batch came in a file of another place: what was put in the place of a file replaces it."""
        uri, _ = self._file(batch_id)
        return uri != self._uri and not uri.startswith(f"{self._uri}#")

    def _ask(self, unit: str, year: int, before: Mapping[str, Any], gone: Sequence[tuple[datetime, str, str]]) -> None:
        whose = f"{unit or '本县'}{f' {year} 年' if year else ''}的{self._contract.zh}"
        knows = self._knows
        strange = Counter(batch_id for _, batch_id, row_hash in gone if knows is not None and not knows(row_hash))
        if later := sum(count for batch_id, count in strange.items() if self._elsewhere(batch_id)):
            raise GateClosed(
                "FORM_OUTDATED",
                f"{whose}在收表模板生成之后又收到过报表，其中 {later} 行本表没有，暂未采用，以免漏掉；"
                "请重新生成收表模板后再填",
            )
        same = Counter(batch_id for version, batch_id, _ in gone if version == self._names["version"])
        if others := [batch_id for batch_id in sorted(same) if self._elsewhere(batch_id)]:
            raise same_date(f"{whose}已有同一日期的另一份{self._file(others[0])[1]}，其中 {same[others[0]]} 行本表没有")
        had, missed = before.get("rows_stated", 0), len(gone)
        if missed >= MISSED_ROWS and missed > MISSED_SHARE * had:
            raise GateClosed(
                "ROWS_MISSING",
                f"{whose}原有 {had} 行，本表缺了其中 {missed} 行，暂未采用，请确认不是漏报；"
                "确属全部的，由县办采用或撤回（xiezuo delivery）",
            )


def same_date(zh: str) -> GateClosed:
    """Return the refusal of a delivery that contradicts another one of the same date."""
    said = (
        f"{zh}，无法判断以哪份为准，暂未采用；更正的请写明更晚的填报日期，分成几份的请合并，"
        "或由县办采用、撤回（xiezuo delivery）"
    )
    return GateClosed("SAME_DATE", said)
