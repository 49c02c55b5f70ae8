"""One change in a ledger of money, and the figures it must change: those and no others; no yuan is lost on the way."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from xiezuo import pipeline
from xiezuo.publish.release.closelist import close_list
from xiezuo.values.periods import Period
from xiezuo.warehouse import access
from xiezuo_sample.codes import credit_code

DDL = Path(__file__).parents[3] / "src/xiezuo_sample/fund/fund_ledger.sql"
LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）"]
LETTER = ["甲财农〔2022〕7号", "2022-03-10", "2022", 300]
PROJECTS = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"]
PAYMENTS = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额（元）"]
SHOP = credit_code(Random(7))
SALES = ["订单编号", "销售企业", "统一社会信用代码", "产品名称", "销售金额（元）", "销售日期"]
DONATIONS = ["票据号", "捐赠方", "捐赠时间", "捐款（元）", "物资名称", "捐物折价（元）", "折价依据"]
Figures = dict[tuple[str, str, str, str], tuple[Decimal | None, str]]


def figures(office: Any) -> Figures:
    pipeline.build(office.settings)
    rows = office.ask("select period_kind, period, indicator_id, breakdown, value, qualifier from mart.indicator_value")
    return {row[:4]: row[4:] for row in rows}


def changes(before: Figures, after: Figures) -> dict[tuple[str, str, str], Decimal]:
    """Return by how much values changed; every changed one must be exact before and after."""
    assert before.keys() == after.keys()
    moved = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert all({was[1], now[1]} == {"exact"} for was, now in moved.values()), moved
    return {key[:3]: now[0] - was[0] for key, (was, now) in moved.items() if was[0] is not None and now[0] is not None}


def spread(indicator_id: str, month: str, by: int | Decimal, last: str = "2022-12") -> dict[tuple[str, str, str], int | Decimal]:
    """Return what a change in one month comes to: in the month, in the year to date from then on, and in the year."""
    later = [f"2022-{n:02}" for n in range(int(month[5:]), int(last[5:]) + 1)]
    periods = [("month", month), *(("year_to_date", one) for one in later), ("year", "2022")]
    return {(kind, period, indicator_id): by for kind, period in periods}


def whole(office: Any, batch: dict[str, Any]) -> dict[str, Any]:
    """Return a batch with its yuan, which always add up."""
    [row] = office.ask(
        "select yuan_read, yuan_loaded, yuan_unchanged, yuan_superseded, yuan_duplicate, yuan_quarantined"
        " from audit.batch where batch_id = %s", batch["batch_id"],
    )  # fmt: skip
    assert row[0] == sum(row[1:])
    names = ("read", "loaded", "unchanged", "superseded", "duplicate", "quarantined")
    return batch | {f"yuan_{name}": yuan for name, yuan in zip(names, row, strict=True)}


def sold(number: str, yuan: str, on: str, goods: str = "粉条") -> list[str]:
    return [number, "甲公司", SHOP, goods, yuan, on]


def sales(office: Any, *rows: Sequence[str], reported: str = "2022-12-20") -> dict[str, Any]:
    [batch] = office.deliver(f"sales/销售台账_{reported}.csv", [["销售台账", f"填报日期：{reported}"], SALES, *rows])
    return whole(office, batch)


def test_a_refund_row_lowers_the_month_of_its_order_only(office: Any) -> None:
    orders = [sold("A1", "100.00", "2022-03-05"), sold("A2", "50.00", "2022-04-05")]
    sales(office, *orders)
    before = figures(office)
    batch = sales(office, *orders, sold("A1", "-30.00", "2022-05-09"), reported="2022-12-21")
    assert (batch["rows_quarantined"], batch["yuan_read"]) == (0, 120)
    assert changes(before, figures(office)) == spread("CON1", "2022-03", -30)
    sales(office, *orders, reported="2022-12-22")
    assert figures(office) == before


def test_a_negative_row_of_no_order_waits_and_changes_no_figure(office: Any) -> None:
    sales(office, sold("A1", "100.00", "2022-03-05"))
    before = figures(office)
    batch = sales(office, sold("A1", "100.00", "2022-03-05"), sold("A9", "-30", "2022-05-09"), reported="2022-12-21")
    told = {name: batch[f"yuan_{name}"] for name in ("read", "loaded", "unchanged", "quarantined")}
    assert told == {"read": 70, "loaded": 0, "unchanged": 100, "quarantined": -30}
    assert figures(office) == before
    assert office.ask("select rule_id, column_name, month::text from audit.quarantine") == [
        ("REFUND_WITHOUT_ORDER", "销售金额（元）", "2022-05-01")
    ]


def project(number: str, wan: int, category: str = "产业培育") -> list[Any]:
    return [number, f"{number}项目", category, LETTER[0], wan]


def test_a_changed_category_moves_its_money_and_nothing_else(office: Any) -> None:
    office.deliver("fund/下达_2022-12-01.csv", [LETTERS, LETTER])
    office.deliver("fund/项目_2022-12-01.csv", [PROJECTS, project("P1", 100), project("P2", 200)])
    before = figures(office)
    office.deliver("fund/项目_2022-12-02.csv", [PROJECTS, project("P2", 200, "教育培训")])
    moved = {}
    for name, by in {
        "FUN1.industry": -2_000_000, "FUN1.for_industry": -2_000_000, "FUN1.education": 2_000_000, "FUN1.categories": 1,
        "FUN2.industry": -1, "FUN2.for_industry": -1, "FUN2.education": 1, "FUN1.industry.rate": Decimal("-66.6667"),
    }.items():  # fmt: skip
        moved |= spread(name, "2022-03", by)
    assert changes(before, figures(office)) == moved


def test_another_unit_for_the_same_money_changes_nothing(office: Any) -> None:
    office.deliver("fund/下达_2022-12-01.csv", [LETTERS, LETTER])
    office.deliver("fund/项目_2022-12-01.csv", [PROJECTS, project("P1", 100)])
    before = figures(office)
    in_yuan = [*PROJECTS[:4], "安排资金（元）"]
    office.deliver("fund/项目_2022-12-02.csv", [in_yuan, project("P1", 1_000_000)])
    office.deliver("fund/下达_2022-12-02.csv", [[*LETTERS[:3], "下达资金（亿元）"], [*LETTER[:3], "0.03"]])
    assert figures(office) == before


def test_a_red_letter_entry_lowers_what_was_paid_in_its_own_month(office: Any) -> None:
    """And nothing but what is told of payments; more than was paid is a finding."""
    office.deliver("fund/下达_2022-12-01.csv", [LETTERS, LETTER])
    office.deliver("fund/项目_2022-12-01.csv", [PROJECTS, project("P1", 100)])
    office.deliver("fund/支付_2022-12-01.csv", [PAYMENTS, ["Z-1", "P1", "2022-04-01", "甲公司", "5000"]])
    before = figures(office)
    [batch] = office.deliver("fund/支付_2022-12-02.csv", [PAYMENTS, ["Z-2", "P1", "2022-06-01", "甲公司", "-1234.50"]])
    told = whole(office, batch)
    assert (told["yuan_read"], told["yuan_loaded"]) == (Decimal("-1234.50"), Decimal("-1234.50"))
    after = figures(office)
    assert {key[2].partition(".")[0] for key in after if after[key] != before[key]} == {"FUN3"}
    paid = {key[:2]: after[key][0] for key in after if key[2] == "FUN3" and after[key] != before[key]}
    assert paid == {key[:2]: Decimal("3765.5") for key in spread("FUN3", "2022-06", 0) if key[0] != "month"}
    assert office.ask("select date_trunc('month', paid_on)::date::text, sum(amount_yuan) from core.fund_payment group by 1 order by 1") == [
        ("2022-04-01", Decimal("5000.00")), ("2022-06-01", Decimal("-1234.50")),
    ]  # fmt: skip
    said = "select status, left_value, right_value from audit.reconciliation where check_id = 'fund_payment_below_zero'"
    assert office.ask(said) == [("holds", Decimal("-1234.5"), Decimal("-1234.5"))]
    office.deliver("fund/支付_2022-12-03.csv", [PAYMENTS, ["Z-3", "P1", "2022-06-02", "甲公司", "-4000"]])
    pipeline.build(office.settings)
    assert office.ask(said) == [("differs", Decimal("-5234.5"), Decimal("-1234.5"))]


@pytest.mark.parametrize("typed", ["(1,234.50)", "（1,234.50）", "-1,234.50", "-1234.5元"])
def test_a_negative_amount_in_ornate_writing_waits(office: Any, typed: str) -> None:
    """Brackets and dashes may be mere typography: who takes money back says so in plain digits."""
    office.deliver("fund/支付_2022-12-01.csv", [PAYMENTS, ["Z-1", "P1", "2022-04-01", "甲公司", typed]])
    assert office.ask("select count(*) from core.fund_payment") == [(0,)]
    [(rule, reason)] = office.ask("select rule_id, reason_zh from audit.quarantine")
    assert rule == "MONEY_NEGATIVE"
    assert "-1234.50" in reason


def test_a_red_amount_that_is_not_negative_waits(office: Any) -> None:
    """Whether the cell's font or its number format is red; what is negative is read, in whatever colour."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(PAYMENTS)
    for number, amount in enumerate((5000, 1234.5, -1000, 700, 800), start=1):
        sheet.append([f"Z-{number}", "P1", "2022-04-01", "甲公司", amount])
    sheet["E3"].font = sheet["D6"].font = sheet["A1"].font = Font(color="FFFF0000")
    sheet["E4"].number_format = "#,##0.00_);[Red](#,##0.00)"
    sheet["E5"].number_format = "[Red]#,##0.00"
    place = office.settings.inbox / office.county / "fund" / "支付_2022-12.xlsx"
    place.parent.mkdir(parents=True)
    book.save(place)
    office.take("fund")
    assert office.ask("select pay_no, amount_yuan from core.fund_payment order by 1") == [("Z-1", 5000), ("Z-3", -1000), ("Z-5", 800)]
    assert office.ask("select row_no, rule_id, month::text from audit.quarantine order by 1") == [
        (3, "MONEY_RED", "2022-04-01"), (5, "MONEY_RED", "2022-04-01"),
    ]  # fmt: skip


def donations(office: Any, day: str, *rows: Sequence[Any]) -> dict[str, Any]:
    [batch] = office.deliver(f"fund/捐赠_{day}.csv", [["社会帮扶资金台账", f"填报日期：{day}"], DONATIONS, *rows])
    return whole(office, batch)


def gifts(office: Any) -> tuple[Decimal | None, ...]:
    told = figures(office)
    return tuple(told["year", "2022", indicator_id, ""][0] for indicator_id in ("SOC1", "SOC1.cash", "SOC1.in_kind"))


def test_a_receipt_in_two_rows_is_the_receipt_in_one(office: Any, tmp_path: Path) -> None:
    """Whichever comes last, in whichever feed: money and goods count once each."""
    cash, goods = ["J-1", "滨河商会", "2022-05-06", 1000], ["J-1", "滨河商会", "2022-05-06", "", "校服", 500, "发票"]
    donations(office, "2022-12-01", [*cash, "校服", 500, "发票"])
    assert gifts(office) == (1500, 1000, 500)
    batch = donations(office, "2022-12-02", [*cash, "", "", ""], goods)
    assert (batch["rows_loaded"], batch["yuan_read"]) == (2, 1500)
    assert gifts(office) == (1500, 1000, 500)
    assert office.ask("select status from audit.reconciliation where check_id = 'fund_donation_receipt'") == [("holds",)]
    donations(office, "2022-12-03", [*cash, "校服", 500, "发票"])
    assert gifts(office) == (1500, 1000, 500)
    donations(office, "2022-12-04", [*cash, "", "", ""], goods, ["J-1", "滨河商会", "2022-05-06", "", "电脑", 70, "发票"])
    assert gifts(office) == (1570, 1000, 570)
    path = tmp_path / "fund.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(DDL.read_text(encoding="utf-8"))
        row = ("620422", "J-1", "滨河商会", "企业", "2022-05-06", "0.1", "校服", "0.05", "发票", "", "", "2022-12-05 08:00:00")
        database.execute(f"insert into fund_donation values ({', '.join('?' * len(row))})", row)
    connection = json.dumps({"conn_type": "generic", "extra": {"sqlalchemy_url": f"sqlite:///{path}"}})
    with_ledger = type(office)(replace(office.settings, environ={**office.settings.environ, "AIRFLOW_CONN_FUND_LEDGER": connection}))
    with_ledger.take("fund")
    assert gifts(office) == (1500, 1000, 500)


def test_a_receipt_that_may_be_read_in_two_ways_waits(office: Any) -> None:
    both, goods = ["J-1", "滨河商会", "2022-05-06", 1000, "校服", 500, "发票"], ["J-1", "滨河商会", "2022-05-06", "", "校服", 500, "发票"]
    other = ["J-2", "滨河商会", "2022-05-07", 70, "", "", ""]
    batch = donations(office, "2022-12-01", both, goods, other)
    assert (batch["rows_loaded"], batch["rows_quarantined"], batch["yuan_quarantined"]) == (1, 2, 2000)
    assert office.ask("select distinct rule_id, column_name from audit.quarantine") == [("RECEIPT_UNCLEAR", "票据号")]
    assert gifts(office) == (70, 70, 0)


@pytest.fixture
def closed(office: Any) -> Any:
    """Return what lists the rows held back of a period: how many, and what is said."""

    def listed(period: str) -> list[tuple[int, str]]:
        with access.connect(office.settings) as connection:
            lines = close_list(connection, office.settings, office.county, Period.read(period))
        return [(line.count, line.detail_zh) for line in lines if line.kind == "quarantine" and line.state == "open"]

    return listed


def test_a_row_held_back_stands_in_the_list_of_its_own_month(office: Any, closed: Any) -> None:
    """Where its date cannot be read, in the list of its file's month, which says so; so where the date is the doubt."""
    sales(
        office, sold("A1", "100.00", "2022-11-05"), sold("A2", "约50", "2022-04-05"), sold("A3", "约50", "2022-04-06"),
        sold("A4", "-5", "2022-05-06"), sold("A5", "10.00", "某日"), sold("A6", "10.00", "2024-04-05"),
    )  # fmt: skip
    pipeline.build(office.settings)
    assert [count for count, _ in closed("2022-04")] == [2]
    assert [count for count, _ in closed("2022-05")] == [1]
    assert closed("2022-06") == []
    [(count, said)] = closed("2022-12")
    assert count == 2
    assert said.endswith("（其中 2 行没有可用的日期，按报表所属月份列入）")
    assert [count for count, _ in closed("2022")] == [5]
    assert "没有可用的日期" not in closed("2022-04")[0][1]
