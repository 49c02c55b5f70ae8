"""Large landings go column by column: the same rows, reasons and counts as row by row, whatever the cells hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from xiezuo.base.settings import Settings
from xiezuo.conform.columns import cells, conformer
from xiezuo.conform.columns.columns import Columns
from xiezuo.conform.conform import conform
from xiezuo.conform.ledgers.tables import table_of_items
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.suites import load_rules
from xiezuo.fetch.platform.pages import page_lines, read_pages
from xiezuo.load.batch import Delivery
from xiezuo.load.load import Loader
from xiezuo.load.stream import Stream
from xiezuo.validate.validate import validate_rows
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access
from xiezuo_sample.codes import credit_code

COUNTY = "620422"
READ_AT = datetime(2022, 12, 31, 15, tzinfo=UTC)
SHOPS = [credit_code(Random(serial)) for serial in range(3)]
CELLS: dict[str, list[Any]] = {
    "order_no": [
        "2022000000000000001", "TB-77", "E20220101", "７７", 77, "1e+20", "620422199001011234", "null", "-", "", None,
        ["a"], {"a": 1}, True, "[1]", "true", " 88 ", "a\\b", "99000019900101001X", "1" * 70,
    ],
    "shop_name": ["会宁县甲农产品公司", "乙店（直营）", "电话13912345678", "  甲  店 ", "[甲]", "甲\t店", "甲\\店", None, 5, ["甲"], "—"],
    "shop_uscc": [*SHOPS, SHOPS[0].lower(), "91620422MA7X", None, "无"],
    "buyer_org": ["天津市和平区某局", "ＡＢＣ单位", "单位 12345678901", "true", True, {"名": 1}, "\u2800", "屲村"],
    "buyer_province": ["天津市", "甘肃省", None],
    "goods_title": ["小米 5kg", "小米_x000D_", "〔新〕苹果", "a" * 400, "'", '"', "\u0000米", "𠮷", "A\\tB"],
    "sku_id": ["1", "S-1", 12, None, "5e+3", 123456789012345678901],
    "num": ["1", 2, "3件", "1.5", "一", "-1", "1e3", None, "0", "007", "12345678901234567890"],
    "payment": ["12.50", "12.5", "12", 12, "0", "0.00", "-1", "1,234.50", "１２", "约12", "12.505", "", None, "1e2", "007", [1], True],
    "refund_fee": ["0.00", "12.5", "1", None, "x", "99999999999999999"],
    "status": ["WAIT_BUYER_PAY", "TRADE_FINISHED", "TRADE_CLOSED", "trade_finished", "?", None, 2],
    "created": ["2022-03-01 10:11:12", "2022-3-1", "2022年3月1日", "2022-02-30 00:00:00", "1990-07-01 00:00:00", None, "2022-03-01T10:11:12+00:00"],
    "pay_time": ["2022-03-01 10:11:12", "2022-03-31 23:59:59", "2022-03-01 00:00:00", "0000-00-00 00:00:00", None, "2101-01-01 00:00:00"],
    "modified": ["2022-03-02 10:11:12", "2022-03-03 10:11:12", None, "x"],
    "end_time": ["2022-03-01 10:11:12", None, "", "9999-12-31 00:00:00", "24:00"],
}  # fmt: skip
EPOCHS = [1650000000, "1650000000", 0, "0", "", None, -5, "1.5", 600000000, 4102444801, "2022-01-01 00:00:00", True]
DOUDIAN: dict[str, list[Any]] = {
    "order_id": CELLS["order_no"], "shop_name": CELLS["shop_name"], "shop_uscc": CELLS["shop_uscc"],
    "buyer_org": CELLS["buyer_org"], "post_province": CELLS["buyer_province"], "product_name": CELLS["goods_title"],
    "sku_id": CELLS["sku_id"], "item_num": CELLS["num"], "pay_amount": [1250, "1250", 0, 1, -1, "12.5", None, "约1", 10**20],
    "refund_amount": [0, 1250, None, "x"], "order_status": ["1", 2, "3", 4, "5", 9, None], "create_time": EPOCHS,
    "pay_time": EPOCHS, "update_time": EPOCHS, "finish_time": EPOCHS,
}  # fmt: skip
PLAIN = {"top": CELLS, "doudian": DOUDIAN}


def items(feed: str, count: int, seed: int, *, odd: float) -> list[dict[str, Any]]:
    """Return orders most of whose cells are as they should be; a share ``odd`` of the cells is drawn from all."""
    random = Random(seed)
    found = []
    for number in range(count):
        item = {key: cells[0] for key, cells in PLAIN[feed].items()}
        item["order_no" if feed == "top" else "order_id"] = f"20220000000{random.randrange(count):08d}"
        item |= {key: random.choice(cells) for key, cells in PLAIN[feed].items() if random.random() < odd}
        for key in [key for key in item if random.random() < odd / 4]:
            del item[key]
        found.append(item | {"unknown": number})
    return found


def is_single(cell: Any) -> bool:
    """Whether a sealed cell is one value: of a list or an object the row path keeps only that it was one."""
    return cell is not None and cell is not True and cell not in ("true", "True") and not str(cell).startswith(("NotAScalar", "[", "{"))


@pytest.fixture
def landed(tmp_path: Path) -> Any:
    def land(rows: list[dict[str, Any]], size: int = 7, name: str = "pages") -> Path:
        path = tmp_path / name
        with path.open("wb") as file:
            for page, start in enumerate(range(0, len(rows), size), start=1):
                file.writelines(page_lines(READ_AT, READ_AT, page, rows[start : start + size], b"as it came"))
            file.writelines(page_lines(READ_AT, READ_AT, 99, [], b""))
        return path

    return land


class Warehouse:
    """Loads one landing both ways, each in a transaction that is taken back."""

    def __init__(self, settings: Settings, feed: str) -> None:
        self.settings, self.feed = settings, feed
        self.contract = load_contracts(settings.root)["sales_order"]
        self.privacy = Privacy.of(settings)
        county = load_counties(settings.counties_path)[COUNTY]
        divisions = Divisions.load(settings.divisions_dir / f"{COUNTY}.csv", COUNTY)
        self.around = Surroundings(county, divisions, self.privacy, date(2022, 12, 31))
        self.rules = load_rules(settings.root, "sales_order", "rows")
        self.delivery = Delivery(COUNTY, "sales", "platform:x/2022-03", "0" * 64, "x", "", None)
        self.constants = dict(self.contract.feeds[feed].constants) | {"platform": "taobao"}

    def by_rows(self, path: Path, before: Path | None = None) -> dict[str, Any]:
        return self._loaded(lambda loader: self._row_by_row(loader, path, self.delivery), before)

    def by_columns(self, path: Path, before: Path | None = None) -> dict[str, Any]:
        columns = Columns.of(self.settings.root, self.contract, self.feed)
        assert columns is not None
        stream = Stream(self.settings, columns, self.around, self.rules)
        return self._loaded(
            lambda loader: stream.load(
                loader, self.delivery, path, self.constants, version=READ_AT, covers_to=date(2022, 12, 31)
            ),
            before,
        )

    def _row_by_row(self, loader: Loader, path: Path, delivery: Delivery) -> dict[str, Any]:
        rows = [item for page in read_pages(path) for item in page["rows"]]
        table = table_of_items(self.contract, self.feed, rows, place="x", sheet="", constants=self.constants)
        conformed = conform(table, self.around, version=READ_AT, covers_to=date(2022, 12, 31))
        findings: list[Finding] = [*conformed.findings, *validate_rows(conformed, self.rules)]
        return loader.load(delivery, conformed, findings)

    def _loaded(self, load: Any, before: Path | None) -> dict[str, Any]:
        # The owner's account, which may read what is sealed.
        with access.connect(self.settings, "owner") as db, db.transaction() as transaction:
            loader = Loader(db, self.settings, self.privacy)
            if before is not None:
                self._row_by_row(loader, before, replace(self.delivery, uri="platform:x/2022-02"))
            batch = load(loader)
            found = {"batch": {k: v for k, v in batch.items() if not k.endswith("_at")}, **self._content(db)}
            raise psycopg.Rollback(transaction)
        return found

    def _content(self, db: psycopg.Connection) -> dict[str, Any]:
        rows = db.execute("select to_jsonb(o) from core.sales_order as o order by batch_id, row_no").fetchall()
        reasons = db.execute("select row_no, column_name, rule_id, reason_zh from audit.quarantine order by batch_id, 1, 2, 3").fetchall()
        sealed = db.execute("select row_no, payload from vault.rejected_row order by batch_id, row_no").fetchall()
        parties = db.execute("select to_jsonb(p) from core.party as p order by party_key").fetchall()
        said = db.execute(
            "select to_jsonb(v) from audit.validation as v order by batch_id, rule_id"
        ).fetchall()
        months = db.execute("select distinct month from audit.touched_period order by 1").fetchall()
        return {
            "rows": [row for (row,) in rows], "reasons": reasons, "said": said, "parties": parties, "months": months,
            "sealed": [
                (number, {k: str(v) for k, v in self.privacy.unseal(bytes(payload)).items() if is_single(v)})
                for number, payload in sealed
            ],
        }  # fmt: skip


@pytest.fixture(params=["top", "doudian"])
def both(request: pytest.FixtureRequest, settings: Settings) -> Warehouse:
    return Warehouse(settings, request.param)


@pytest.mark.parametrize(
    ("odd", "rows", "stored"), [(0.0, 50, 0), (0.05, 400, 0), (0.6, 300, 0), (0.05, 400, 200)]
)
def test_columns_give_what_rows_give(
    both: Warehouse, landed: Any, odd: float, rows: int, stored: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every stored column, digest, reason, amount and count is the same, over chunk borders and what was stored too."""
    monkeypatch.setattr(cells, "ROWS", 64)
    monkeypatch.setattr(cells, "BLOCK", 4096)
    before = landed(items(both.feed, stored, seed=9, odd=odd), name="before") if stored else None
    path = landed(items(both.feed, rows, seed=rows, odd=odd))
    by_rows, by_columns = both.by_rows(path, before), both.by_columns(path, before)
    assert by_columns["batch"] == by_rows["batch"]
    for part, found in by_rows.items():
        if part == "rows" and len(by_columns[part]) == len(found):
            pairs = zip(by_columns[part], found, strict=True)
            assert [{k: (a[k], b[k]) for k in a if a[k] != b[k]} for a, b in pairs if a != b] == []
        assert by_columns[part] == found, part
    assert by_rows["batch"]["rows_read"] == rows
    assert (by_rows["reasons"] == []) == (odd == 0.0)


def test_plain_rows_are_never_read_as_rows(both: Warehouse, landed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks as it should costs no parser more than its distinct texts."""
    read: list[int] = []
    monkeypatch.setattr(conformer.RowReader, "read", lambda _, number, _cells: read.append(number))
    both.by_columns(landed(items(both.feed, 200, seed=1, odd=0.0)))
    assert read == []
