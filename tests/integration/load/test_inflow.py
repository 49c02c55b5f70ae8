"""Batches flow in row by row or as ready lines, and are settled alike; they cost what they bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from tests.data import counties
from xiezuo.base.settings import Settings
from xiezuo.conform.rows.computed import Row
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.load import settlement
from xiezuo.load.batch import Account, Delivery
from xiezuo.load.load import Inflow, Loader
from xiezuo.values.privacy import Privacy
from xiezuo.values.row_hash import canonical, row_hash
from xiezuo.warehouse import access

SHOP = "91620422MA7XLTJD3W"
FATES = ("loaded", "unchanged", "superseded", "duplicate", "quarantined")
OTHER_COUNTY = "530999"
STORED = (
    "select order_no, payment_yuan::int, row_no, feed, version_tie = row_hash from core.sales_order order by order_no"
)


def order(row_no: int, order_no: str, *, yuan: int = 100, hour: int = 0, month: int = 3, **cells: Any) -> Row:
    """Return one order, paid on the 5th of ``month`` and last changed ``hour`` hours later."""
    paid = datetime(2022, month, 5, 2, tzinfo=UTC)
    return {
        "row_no": row_no, "reporting_unit": "", "platform": "taobao", "shop_uscc": SHOP, "shop_name": "甲店",
        "order_no": order_no, "goods_title": "小\\米\t5kg", "quantity": Decimal(2), "payment_yuan": Decimal(yuan),
        "refund_yuan": Decimal(0), "status": "paid", "created_at": paid, "paid_at": paid, "line_no": 0,
        "modified_at": paid + timedelta(hours=hour), "paid_on": paid.date(), **cells,
    }  # fmt: skip


class Warehouse:
    """One connection that loads batches of orders."""

    def __init__(self, connection: psycopg.Connection[Any], settings: Settings) -> None:
        self.connection = connection
        self._loader = Loader(connection, settings, Privacy.of(settings))
        self.contract: Contract = load_contracts(settings.root)["sales_order"]

    def begin(self, name: str, feed: str = "top", county: str = "620422") -> Inflow:
        """Open a batch of its own; its name tells it from others."""
        delivery = Delivery(county, "sales", name, f"{0:064d}", name, "", None)
        begun = self._loader.begin(delivery, self.contract, feed)
        assert isinstance(begun, Inflow)
        return begun

    def load(self, name: str, rows: Sequence[Row], *, by: str = "rows", held: Sequence[int] = (), feed: str = "top",
             repeated: Sequence[int] | None = None, county: str = "620422") -> dict[str, int]:  # fmt: skip
        """Load orders in a transaction; return what became of how many."""
        with self.connection.transaction(), self.begin(name, feed, county) as inflow:
            stage(inflow, rows, by)
            inflow.held({number: Decimal(7) for number in held})
            batch = inflow.settle(account(rows, held, repeated))
        return {fate: batch[f"rows_{fate}"] for fate in FATES if batch[f"rows_{fate}"]}

    def content(self) -> list[Any]:
        """Return what is stored of orders, and the months that were touched."""
        orders = self.connection.execute("select to_jsonb(o) from core.sales_order as o order by order_no").fetchall()
        months = self.connection.execute("select distinct month from audit.touched_period order by 1").fetchall()
        left = self.connection.execute("select count(*) from staging.sales_order").fetchone()
        return [orders, months, left]


def stage(inflow: Inflow, rows: Sequence[Row], by: str) -> None:
    """Send orders as typed rows, or as the lines a column-wise reader writes."""
    if by == "rows":
        inflow.rows(rows, datetime(2022, 1, 1, tzinfo=UTC), {})
    else:
        inflow.write("".join(line(inflow, row, inflow.columns) for row in rows).encode())


def send_straight(inflow: Inflow, rows: Sequence[Row], size: int) -> list[int]:
    """Send orders in chunks straight into the table; return those whose number stands in one before: they are staged."""
    seen: set[str] = set()
    repeated: list[int] = []
    for start in range(0, len(rows), size):
        chunk = rows[start : start + size]
        first, apart = [], []
        for row in chunk:
            (apart if row["order_no"] in seen else first).append(row)
            seen.add(row["order_no"])
        inflow.write_straight("".join(line(inflow, row, inflow.columns_straight) for row in first).encode())
        stage(inflow, apart, "lines")
        repeated += (row["row_no"] for row in apart)
    return repeated


def line(inflow: Inflow, row: Row, columns: Sequence[str]) -> str:
    """Write a row as COPY takes it; the digest orders it, and its own column tells its amount."""
    digest = row_hash(row.get(name) for name, *_ in inflow.contract.columns())
    tie = {"version_tie": digest} if columns == inflow.columns_straight else {}
    whole = row | inflow.constants | {"version": row["modified_at"], "row_hash": digest} | tie
    cells = (whole.get(column) for column in columns)
    escaped = (r"\N" if c is None else canonical(c).replace("\\", r"\\").replace("\t", r"\t") for c in cells)
    return "\t".join(escaped) + "\n"


def account(rows: Sequence[Row], held: Sequence[int] = (), repeated: Sequence[int] | None = None) -> Account:
    """Return what a reader knows of these rows when all are read."""
    return Account(
        version=datetime(2022, 1, 1, tzinfo=UTC), covers_to=date(2022, 12, 31), delivery="increment",
        rows_read=len(rows) + len(held), repeated=repeated,
        yuan_read=sum((row["payment_yuan"] for row in rows), Decimal(7 * len(held))),
        findings=[Finding(number, "实付金额", "money", "金额无法识别") for number in held],
        typed={number: {"payment": "约一百"} for number in held},
    )  # fmt: skip


@pytest.fixture
def stored(settings: Settings) -> Iterator[Warehouse]:
    """Yield a warehouse of which the loader has a connection."""
    with access.connect(settings) as connection:
        yield Warehouse(connection, settings)


@contextmanager
def another(settings: Settings) -> Iterator[Warehouse]:
    """Open a second connection beside the first."""
    with access.connect(settings) as connection:
        yield Warehouse(connection, settings)


def serving_another(settings: Settings, folder: Path) -> Settings:
    """Return settings of an installation that serves a second county beside those of the project's own file."""
    return counties.settle(settings, folder, counties.shipped(), counties.invented(OTHER_COUNTY))


@pytest.mark.parametrize("repeated", [None, [2, 5, 6, 7, 8]], ids=["unknown", "more-than-do"])
@pytest.mark.parametrize("by", ["rows", "lines"])
def test_rows_and_ready_lines_meet_the_same_fates(stored: Warehouse, by: str, repeated: list[int] | None) -> None:
    """New, changed, stated again, outdated, typed twice, corrected within the batch, held back: either way alike."""
    assert stored.load("first", [order(1, "1"), order(2, "2"), order(3, "3", hour=9)], by=by) == {"loaded": 3}
    rows = [
        order(1, "1"), order(2, "2", yuan=200, hour=1), order(3, "3", yuan=300, hour=2), order(4, "4"),
        order(5, "5", hour=5), order(6, "5", yuan=1, hour=4), order(7, "6"), order(8, "6"),
    ]  # fmt: skip
    assert stored.load("second", rows, by=by, held=[9], repeated=repeated) == {
        "loaded": 4, "unchanged": 1, "superseded": 2, "duplicate": 1, "quarantined": 1,
    }  # fmt: skip
    assert stored.connection.execute(STORED).fetchall() == [
        ("1", 100, 1, "top", True), ("2", 200, 2, "top", True), ("3", 100, 3, "top", True), ("4", 100, 4, "top", True),
        ("5", 100, 5, "top", True), ("6", 100, 8, "top", True),
    ]  # fmt: skip
    assert stored.connection.execute("select goods_title from core.sales_order limit 1").fetchone() == ("小\\米\t5kg",)
    assert stored.connection.execute("select count(*) from staging.sales_order").fetchone() == (0,)
    assert stored.connection.execute("select count(*), min(row_no) from vault.rejected_row").fetchone() == (1, 9)


@pytest.mark.parametrize("seed", range(6))
def test_what_goes_straight_ends_as_one_merge_would(stored: Warehouse, seed: int) -> None:
    """Straight into the table or staged and merged: the same rows, counts and months, however keys repeat."""
    random = Random(seed)
    rows = [
        order(n, str(random.randrange(40)), yuan=random.randrange(1, 3), hour=random.randrange(3), month=random.randrange(3, 6))
        for n in range(1, 61)
    ]
    ends = []
    for size in (None, 60, 1, 7, 25):
        with stored.connection.transaction() as transaction:
            with stored.begin("batch") as inflow:
                assert inflow.may_go_straight
                repeated = None if size is None else send_straight(inflow, rows, size)
                if repeated is None:
                    stage(inflow, rows, "lines")
                inflow.held({99: Decimal(7)})
                batch = inflow.settle(account(rows, [99], repeated))
            ends.append(({name: fact for name, fact in batch.items() if not name.endswith("_at")}, stored.content()))
            raise psycopg.Rollback(transaction)
    assert ends[1:] == ends[:1] * 4
    assert ends[0][0]["rows_duplicate"] > 0
    assert ends[0][0]["rows_superseded"] > 0


def test_only_what_meets_nothing_goes_straight(stored: Warehouse, settings: Settings) -> None:
    """Not where the county has orders, nor rows of registers, orders with lines, and those that look keys up."""
    contracts = load_contracts(settings.root)
    loader = Loader(stored.connection, settings, Privacy.of(settings))
    for dataset, feed in (("labour_placement", None), ("fund_payment", None), ("sales_order", "export_832")):
        delivery = Delivery("620422", "x", "x", f"{0:064d}", "x", "", None)
        begun = loader.begin(delivery, contracts[dataset], feed or next(iter(contracts[dataset].feeds)))
        assert isinstance(begun, Inflow)
        assert not begun.may_go_straight
    stored.load("first", [order(1, "1")])
    assert not stored.begin("second").may_go_straight
    assert stored.begin("second", county=OTHER_COUNTY).may_go_straight


def test_money_is_told_by_its_own_column(stored: Warehouse) -> None:
    """Yuan are summed by fate although a good row's amount is staged once; the months of its orders are touched."""
    stored.load("first", [order(1, "1", yuan=5), order(2, "2", yuan=11, month=4)], by="lines", held=[3], repeated=[])
    found = stored.connection.execute("select yuan_read, yuan_loaded, yuan_quarantined from audit.batch").fetchone()
    assert found == (23, 16, 7)
    months = "select distinct month from audit.touched_period order by 1"
    assert stored.connection.execute(months).fetchall() == [(date(2022, 3, 1),), (date(2022, 4, 1),)]


def test_a_key_that_repeats_unnoticed_fails_and_stores_nothing(stored: Warehouse) -> None:
    """Which rows may share a key is the reader's to say; should it be wrong, no row is guessed away."""
    with pytest.raises(psycopg.errors.UniqueViolation):
        stored.load("wrong", [order(1, "1"), order(2, "1", yuan=2)], by="lines", repeated=[])
    assert stored.connection.execute("select count(*) from core.sales_order").fetchone() == (0,)
    assert stored.connection.execute("select count(*) from audit.batch").fetchone() == (0,)


@pytest.mark.parametrize("way", ["staged", "straight"])
def test_a_batch_left_unsettled_stores_nothing(stored: Warehouse, way: str) -> None:
    """Whoever stops in the middle, by an error or by mistake, leaves the warehouse as it was and usable."""

    def leave(*, error: bool) -> None:
        with stored.connection.transaction(), stored.begin("left") as inflow:
            if way == "straight":
                send_straight(inflow, [order(1, "1"), order(2, "1")], 1)
            else:
                stage(inflow, [order(1, "1")], "lines")
            if error:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leave(error=True)
    with pytest.raises(RuntimeError, match="without being settled"):
        leave(error=False)
    assert stored.connection.execute("select count(*) from staging.sales_order").fetchone() == (0,)
    assert stored.connection.execute("select count(*) from core.sales_order").fetchone() == (0,)
    assert stored.load("whole", [order(1, "1")]) == {"loaded": 1}


@pytest.mark.parametrize("emptied_from", [1, 50_000], ids=["by-emptying", "row-by-row"])
def test_two_counties_load_one_dataset_side_by_side(
    stored: Warehouse, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emptied_from: int
) -> None:
    """A batch neither waits for another county's nor takes its staged rows away, however it clears its own."""
    monkeypatch.setattr(settlement, "EMPTIED_FROM", emptied_from)
    both = serving_another(settings, tmp_path)
    with stored.connection.transaction(), stored.begin("slow") as slow, another(both) as other:
        stage(slow, [order(1, "1"), order(2, "2")], "lines")
        assert other.load("quick", [order(1, "1")], county=OTHER_COUNTY, repeated=[]) == {"loaded": 1}
        assert slow.settle(account([order(1, "1"), order(2, "2")], repeated=[]))["rows_loaded"] == 2
    counted = "select county_code, count(*) from core.sales_order group by 1 order by 1"
    assert stored.connection.execute(counted).fetchall() == [(OTHER_COUNTY, 1), ("620422", 2)]
    assert stored.connection.execute("select count(*) from staging.sales_order").fetchone() == (0,)


@pytest.mark.parametrize("first", ["top", "ledger"])
def test_an_order_of_two_feeds_touches_the_months_of_both(stored: Warehouse, first: str) -> None:
    """The feed that counts hides the other's order in whatever month that one was; a later change shows it again."""
    rows = {"top": order(1, "1", month=2), "ledger": order(1, "1", month=5, platform="ledger")}
    second = "ledger" if first == "top" else "top"
    stored.load("one", [rows[first]], feed=first)
    stored.connection.execute("delete from audit.touched_period")
    stored.load("two", [rows[second]], feed=second)
    months = "select distinct month from audit.touched_period order by 1"
    assert stored.connection.execute(months).fetchall() == [(date(2022, 2, 1),), (date(2022, 5, 1),)]
    stored.connection.execute("delete from audit.touched_period")
    assert stored.load("again", [order(1, "1", month=2, hour=5)], feed="top") == {"loaded": 1}
    assert stored.connection.execute(months).fetchall() == [(date(2022, 2, 1),), (date(2022, 5, 1),)]


def test_what_is_stored_costs_a_small_batch_nothing(stored: Warehouse, settings: Settings) -> None:
    """As many blocks of the table are touched for fifty orders among two thousand as among sixty thousand."""
    stored.load("ledger", [order(1, "L1", platform="ledger")], feed="ledger")
    blocks = []
    for known in (2_000, 60_000):
        invent(settings, known)
        before = touched(stored)
        rows = [order(n, f"{n * 37:09d}", yuan=n, hour=2) for n in range(1, 41)]
        rows += [order(n, f"N{known}-{n}") for n in range(41, 51)]
        assert stored.load(f"among {known}", rows, by="lines", repeated=[]) == {"loaded": 50}
        blocks.append(touched(stored) - before)
    assert blocks[1] < 2 * blocks[0]


def invent(settings: Settings, known: int) -> None:
    """Bring the table to ``known`` orders, all older than what comes, and tell the planner."""
    with access.connect(settings, "owner", autocommit=True) as connection:
        connection.execute("delete from core.sales_order where platform = 'taobao'")
        connection.execute(
            "insert into core.sales_order (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash,"
            " batch_id, row_no, platform, shop_uscc, order_no, line_no, payment_yuan, paid_on, goods_title)"
            " select '620422', '', 'top', 1, '2022-01-01', n::text, n::text, 'invented', n, 'taobao', %s,"
            " lpad(n::text, 9, '0'), 0, 1, '2022-03-05', repeat('米', 100) from generate_series(1, %s) as n",
            (SHOP, known),
        )
        connection.execute("vacuum analyze core.sales_order")
        connection.execute("select pg_stat_force_next_flush()")


def touched(stored: Warehouse) -> int:
    """Return how many blocks of the table and its indexes this session and all before it have touched."""
    with stored.connection.transaction():
        stored.connection.execute("select pg_stat_force_next_flush()")
    row = stored.connection.execute(
        "select heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit from pg_statio_user_tables"
        " where relid = 'core.sales_order'::regclass"
    ).fetchone()
    stored.connection.commit()
    assert row is not None
    return int(row[0])
