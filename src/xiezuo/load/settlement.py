"""Settling a staged batch: dimensions, fates, merge, touched months, counts.

Only rows that the batch itself tells the fate of have one written down: those held back, those of a repeated key,
those that come too late. What becomes of the others follows from looking their keys up, and is the same in each
statement that does, since nobody else loads the county's dataset meanwhile. Counts come from SQL over the staged
rows and from the merge itself, in the load's own transaction, and CHECK constraints hold them: what was read equals
what became of it, in rows and in yuan (docs/counting.md).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from xiezuo.base.errors import GateClosed
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import Contract
from xiezuo.load.batch import Account, Delivery, lines_of
from xiezuo.load.planner import Joins
from xiezuo.load.snapshots import same_date
from xiezuo.load.statements import Statements
from xiezuo.load.touched_months import Touches
from xiezuo.warehouse.dimensions import fill
from xiezuo.warehouse.star import is_enforced

EMPTIED_FROM = 50_000
"""From so many rows on emptying the staging table is worth waiting for the disk; fewer are deleted."""

_FATES = {
    "loaded": ("new", "changed"), "unchanged": ("unchanged", "restated"), "superseded": ("superseded",),
    "duplicate": ("duplicate",), "quarantined": ("quarantined",),
}  # fmt: skip
_JUDGED_BY_KEY = ("new", "changed", "restated", "unchanged", "superseded")


@dataclass(frozen=True)
class Tally:
    """What became of the rows of a batch, by fate and month: ``(fate, month, rows, yuan, highest version)``."""

    lines: Sequence[tuple[str, date | None, int, Decimal, datetime | None]]

    def rows(self, *fates: str) -> int:
        """Return how many rows met one of ``fates``."""
        return sum(count for fate, _, count, *_ in self.lines if fate in fates)

    def yuan(self, *fates: str) -> Decimal:
        """Return the yuan of these rows."""
        return sum((yuan for fate, _, _, yuan, _ in self.lines if fate in fates), Decimal(0))

    def months(self, *fates: str) -> set[date]:
        """Return the months these rows count in."""
        return {month for fate, month, *_ in self.lines if fate in fates and month is not None}

    def version(self) -> datetime | None:
        """Return the highest version among the rows, None where no row has one."""
        return max((version for *_, version in self.lines if version is not None), default=None)


class Settlement:
    """Settles one staged batch inside the loader's transaction."""

    def __init__(
        self, connection: psycopg.Connection, settings: Settings, delivery: Delivery, contract: Contract, feed: str
    ) -> None:
        self._db, self._settings, self._delivery, self._contract = connection, settings, delivery, contract
        self._say = Statements(settings.root, contract, feed)
        self._has_lines = contract.feeds[feed].lines is not None
        self._is_of_one_date = contract.feeds[feed].version is None
        self._names: dict[str, Any] = {
            "county_code": delivery.county_code, "batch_id": delivery.batch_id(contract.dataset, feed),
            "dataset": contract.dataset, "uri": delivery.uri, "place_uri": f"inbox:{delivery.file}",
            "feed": feed, "feed_rank": contract.feeds[feed].rank,
        }  # fmt: skip
        self._had_stored: bool | None = None
        self._straight = 0
        self._rows: sql.Composable = self._say.staging

    @property
    def may_go_straight(self) -> bool:
        """Whether rows may be put into the table without being staged.

        Nothing is stored that they could meet, they need not find what they refer to, and what becomes of a row
        does not hang on all of its batch.
        """
        needs_all = is_enforced(self._contract) or self._contract.delivery == "snapshot" or self._has_lines
        return not needs_all and not self._meets_stored()

    def settle(self, account: Account, *, staged: int, straight: int, started: datetime) -> dict[str, Any]:
        """Give each row its fate, merge what is loaded, and close the batch; return it as recorded.

        ``staged`` rows wait for that, ``straight`` ones are in the table already.
        """
        repeated = None if account.repeated is None else sorted(account.repeated)
        self._names |= {"version": account.version, "covers_to": account.covers_to, "repeated": repeated}
        self._names |= {"outdated": list(account.outdated)}
        with Joins(self._db, self._say.staging, staged) as joins:
            if straight:
                self._straight, self._rows = straight, self._say.whole_batch
            if repeated:
                self._gather_repeated(joins)
            joins.looked_up()
            fill(
                self._db, self._settings, self._contract, self._rows,
                county_code=self._names["county_code"], batch_id=self._names["batch_id"],
            )  # fmt: skip
            if account.asks and self._is_of_one_date and self._meets_stored():
                self._compare_dates()
            if account.asks and account.unchanged and self._meets_stored():
                self._compare_unchanged(account.unchanged)
            tally = self._judge(joins)
            loaded = self._merge(joins, tally)
        batch = self._close(account, tally, loaded, started)
        self._clear(staged)
        return batch

    def _compare_dates(self) -> None:
        """Refuse rows that contradict those of another delivery of the same date.

        Raises:
            GateClosed: which of the two holds only a person can tell.
        """
        row = self._run("same_date").fetchone()
        if row is not None and row[0]:
            raise same_date(f"有 {row[0]} 行与“{row[1]}”中同一日期的{self._contract.zh}内容不同")

    def _compare_unchanged(self, numbers: Collection[int]) -> None:
        """Refuse rows that are said to be as they were where something else is stored by now.

        Raises:
            GateClosed: ``FORM_OUTDATED``: they were written down before what is stored came in.
        """
        row = self._run("not_unchanged", self._names | {"unchanged": sorted(numbers)}).fetchone()
        if row is not None and row[0]:
            listed = "、".join(map(str, row[1]))
            raise GateClosed(
                "FORM_OUTDATED",
                f"选了“无变化”的行里有 {row[0]} 行（第 {listed} 行）与现有的内容不同：本表生成之后又收到过"
                "这些行的更正，无法判断以哪个为准，暂未采用；请重新生成收表模板后再填",
            )

    def _judge(self, joins: Joins) -> Tally:
        """Write down the fates that the batch itself tells; count what becomes of all its rows."""
        if self._names["repeated"] is None or self._names["repeated"]:
            joins.hashed()
            self._run("fate_within_batch")
        joins.looked_up()
        if self._contract.delivery == "snapshot":
            self._run("fate_against_snapshot")
        if not self._meets_stored():
            joins.alone()
            return Tally(self._execute(self._say.over("tally_all_new", self._rows)).fetchall())
        if self._has_lines:
            self._run("fate_against_order")
        return Tally(self._run("tally").fetchall())

    def _merge(self, joins: Joins, tally: Tally) -> int:
        """Put the rows into the table and touch the months of what changes; return how many rows were put."""
        touches = Touches(self._db, self._settings.root, self._contract, self._say)
        new, changed, restated = (tally.rows(fate) for fate in ("new", "changed", "restated"))
        self._names["is_all_new"] = is_all_new = new == tally.rows(*_JUDGED_BY_KEY)
        joins.looked_up()
        if changed or restated:
            touches.note("changed_stored", self._names)
        joins.hashed()
        if (stated := self._say.of_batch("stated", self._rows)) is not None:
            self._execute(stated)
        if new or changed or restated:
            touches.touch_batch(tally.months("new", "changed"), self._rows, self._names)
        if (told := self._say.of_batch("told", self._rows)) is not None:
            self._execute(told)
        joins.looked_up()
        loaded = self._straight + (self._run("merge_changed").rowcount if changed else 0)
        if restated:
            self._run("restate")
        if new and is_all_new:
            joins.alone()
        if new > self._straight:
            loaded += self._run("merge_new").rowcount
        joins.looked_up()
        if self._has_lines:
            self._drop_lines(touches)
        joins.hashed()
        touches.touch_stored(self._names)
        return loaded

    def _meets_stored(self) -> bool:
        """Whether anything of the county was stored before this batch that its rows could meet."""
        if self._had_stored is None:
            row = self._run("has_stored").fetchone()
            self._had_stored = row is not None and bool(row[0])
        return self._had_stored

    def _gather_repeated(self, joins: Joins) -> None:
        """Make ``repeated`` all the rows that share a key; those that were put straight into the table come back."""
        joins.looked_up()
        if self._straight:
            self._run("bring_back")
            self._straight -= self._run("take_back").rowcount
        joins.hashed()
        self._names["repeated"] = sorted(number for (number,) in self._run("share_key"))

    def _drop_lines(self, touches: Touches) -> None:
        """Drop lines that the newest export of their order no longer has."""
        self._db.execute("drop table if exists gone")
        columns = sql.SQL(", ").join(map(sql.Identifier, self._say.gone))
        empty = sql.SQL("create temporary table gone on commit drop as select {} from {} with no data")
        self._db.execute(empty.format(columns, self._say.core))
        if self._run("gone_lines").rowcount:
            touches.note("changed_lines", self._names)
            self._run("drop_lines")

    def _close(self, account: Account, tally: Tally, loaded: int, started: datetime) -> dict[str, Any]:
        facts = self._names | {
            "source": self._delivery.source,
            "sha256": self._delivery.sha256,
            "delivery": account.delivery,
            "version": tally.version() or account.version,
            "rows_read": account.rows_read,
            "rows_ignored": account.rows_ignored,
            "yuan_read": account.yuan_read,
            "rows_amount_unreadable": account.rows_amount_unreadable,
            "warnings_zh": list(account.warnings),
            "reporting_unit": account.reporting_unit,
            "shape": Jsonb(account.shape),
            "started_at": started,
            "finished_at": self._settings.now(),
        }
        for fate, kinds in _FATES.items():
            facts |= {f"rows_{fate}": tally.rows(*kinds), f"yuan_{fate}": tally.yuan(*kinds)}
        self._run("close_batch", facts | {"rows_loaded": loaded})
        self._run("validation", self._names | lines_of(account.verdicts))
        row = self._run("batch").fetchone()
        assert row is not None  # noqa: S101  (it was written just now)
        return dict(row[0])

    def _clear(self, staged: int) -> None:
        """Take the batch's rows out: many of them by emptying the table where nobody else is in it.

        That leaves no dead rows, which later batches would read over until they are vacuumed.
        """
        staging = self._say.staging
        if staged >= EMPTIED_FROM:
            try:
                with self._db.transaction():
                    self._db.execute(sql.SQL("lock table {} in access exclusive mode nowait").format(staging))
                    self._db.execute(sql.SQL("truncate table {}").format(staging))
            except psycopg.errors.LockNotAvailable:
                pass  # another county's batch is there: this one's rows go alone
            else:
                return
        self._db.execute(
            sql.SQL("delete from {} where county_code = %(county_code)s and batch_id = %(batch_id)s").format(staging),
            self._names,
        )

    def _run(self, step: str, names: dict[str, Any] | None = None) -> psycopg.Cursor[Any]:
        """Run ``include/sql/load/<step>.sql``, planned each time: another batch may want another plan."""
        return self._execute(self._say[step], names)

    def _execute(self, statement: sql.Composed, names: dict[str, Any] | None = None) -> psycopg.Cursor[Any]:
        return self._db.execute(statement, self._names if names is None else names, prepare=False)
