"""Payments and donations: both feeds, units, what is held back, and the figures of donations."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xiezuo import pipeline

DATA = Path(__file__).parents[2] / "data"
DDL = Path(__file__).parents[3] / "src/xiezuo_sample/fund/fund_ledger.sql"
DONATIONS = ["捐赠票据号", "捐赠方", "捐赠方类型", "捐赠时间", "资金（万元）", "物资名称", "捐物折价（元）", "折价依据"]
PAYMENTS = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额", "用途"]


def donations(*rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [["社会帮扶资金台账", "填报日期：2022-12-30"], DONATIONS, *rows]


def payments(*rows: Sequence[Any], unit: str = "单位：元") -> list[Sequence[Any]]:
    return [["资金支付明细", "填报日期：2022-12-30", unit], PAYMENTS, *rows]


def gift(number: str, **given: Any) -> list[Any]:
    """Return a row of the donations ledger: 10,000 yuan of an enterprise unless told otherwise."""
    usual = {"donor": "津门晨屿电子有限公司", "kind": "企业", "on": "2022-05-06", "cash": "1", "goods": "", "value": "", "basis": ""}
    row = usual | given
    return [number, row["donor"], row["kind"], row["on"], row["cash"], row["goods"], row["value"], row["basis"]]


def figure(office: Any, indicator_id: str, period: str = "2022") -> Decimal | None:
    [(found,)] = office.ask(
        "select value from mart.indicator_value where indicator_id = %s and period = %s and breakdown = ''"
        " and period_kind = %s and county_code = %s",
        indicator_id, period, "year" if len(period) == 4 else "month", office.county,
    )  # fmt: skip
    return None if found is None else Decimal(found)


def ledger(office: Any, tmp_path: Path, **rows: Sequence[Sequence[Any]]) -> Any:
    """Return the office with a finance database of these rows, county and time of change filled in."""
    path = tmp_path / "fund.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(DDL.read_text(encoding="utf-8"))
        for table, given in rows.items():
            for row in given:
                whole = ("620422", *row)
                database.execute(f"insert into {table} values ({', '.join('?' * len(whole))})", whole)
    connection = f'{{"conn_type": "generic", "extra": {{"sqlalchemy_url": "sqlite:///{path}"}}}}'
    environ = {**office.settings.environ, "AIRFLOW_CONN_FUND_LEDGER": connection}
    return type(office)(replace(office.settings, environ=environ))


def test_money_and_goods_are_told_apart_and_have_units_of_their_own(office: Any) -> None:
    """The header's unit holds for its own column; a donation of both kinds is in both parts."""
    [batch] = office.deliver(
        "fund/社会帮扶_2022-12.csv",
        donations(
            gift("J-1", cash="77.15"),
            gift("J-2", cash="", goods="校服", value="187900", basis="发票"),
            gift("J-3", cash="2.5", goods="电脑", value="300000", basis="评估", on="2022年6月"),
        ),
    )
    assert (batch["state"], batch["rows_loaded"], batch["rows_quarantined"]) == ("loaded", 3, 0)
    assert office.ask("select yuan_read, yuan_loaded from audit.batch") == [(Decimal("1284400.00"),) * 2]
    pipeline.build(office.settings)
    assert figure(office, "SOC1.cash") == Decimal("796500.00")
    assert figure(office, "SOC1.in_kind") == Decimal("487900.00")
    assert figure(office, "SOC1") == Decimal("1284400.00")
    assert figure(office, "SOC1", "2022-06") == Decimal("325000.00")
    assert figure(office, "SOC1", "2022-07") == 0


HELD = [
    pytest.param(gift("J-9", cash="", goods="校服", value="100"), "FUN_GOODS_WITHOUT_BASIS", id="no-basis"),
    pytest.param(gift("J-9", donor="某区财政局", kind=""), "FUN_DONOR_FISCAL", id="finance-department"),
    pytest.param(gift("J-9", kind="财政资金"), "FUN_DONOR_TYPE_FISCAL", id="fiscal-type"),
    pytest.param(gift("J-9", cash="-1"), "FUN_CASH_NEGATIVE", id="negative-cash"),
    pytest.param(gift("J-9", value="-100", basis="评估"), "FUN_GOODS_VALUE_NEGATIVE", id="negative-goods"),
    pytest.param(gift("J-9", cash="0"), "FUN_DONATION_EMPTY", id="nothing"),
    pytest.param(gift("J-9", cash=""), "CANNOT_TELL", id="neither"),
    pytest.param(gift("J-9", cash="若干"), "MONEY_FORMAT", id="unreadable"),
    pytest.param(gift("", cash="1"), "REQUIRED", id="no-receipt"),
]


@pytest.fixture(scope="module")
def held(fresh: Any, neighbours: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Return an office for each bad donation; all have taken theirs in, beside a good one, and are built."""
    offices = neighbours(fresh(tmp_path_factory.mktemp("held")), [f"53{1001 + n}" for n in range(len(HELD))])
    for office, case in zip(offices, HELD, strict=True):
        office.drop("fund/社会帮扶_2022-12.csv", donations(gift("J-1"), case.values[0]))
    assert [(batch["rows_loaded"], batch["rows_quarantined"]) for batch in offices[0].take("fund")] == [(1, 1)] * len(HELD)
    pipeline.build(offices[0].settings)
    return offices


@pytest.mark.parametrize("number", range(len(HELD)), ids=[case.id for case in HELD])
def test_a_bad_donation_is_held_back_and_the_good_one_goes_on(held: list[Any], number: int) -> None:
    office, (_, rule) = held[number], HELD[number].values
    rules = office.ask("select rule_id, reason_zh from audit.quarantine where county_code = %s", office.county)
    assert rule in {found for found, _ in rules}
    assert all(reason.strip() for _, reason in rules)
    assert figure(office, "SOC1") == 10_000


def test_a_stated_total_is_the_sum_of_its_row(office: Any) -> None:
    header = ["票据号", "捐赠方", "捐赠时间", "捐款（元）", "捐物折价（元）", "发票号", "合计（元）"]
    rows = [
        ["J-1", "滨河商会", "2022-05-06", "100", "50", "F1", "150"],
        ["J-2", "滨河商会", "2022-05-06", "100", "50", "F2", "260"],
    ]
    [batch] = office.deliver("fund/社会帮扶_2022-12.csv", [header, *rows])
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (1, 1)
    assert office.ask("select rule_id, column_name from audit.quarantine") == [("FUN_DONATION_TOTAL", "合计（元）")]


def test_a_receipt_counts_once_and_its_correction_replaces_it(office: Any) -> None:
    office.deliver("fund/社会帮扶_2022-10.csv", [DONATIONS, gift("J-1"), gift("J-1")])
    office.deliver("fund/社会帮扶_2022-11.csv", [DONATIONS, gift("J-1", cash="3", on="2022-06-01")])
    pipeline.build(office.settings)
    assert figure(office, "SOC1") == 30_000
    assert figure(office, "SOC1", "2022-05") == 0


def test_an_individual_donor_is_nowhere_in_the_warehouse(office: Any) -> None:
    """Neither in core, mart, audit nor in what staging still holds; not even when the row is held back."""
    donor = "欧阳试例"
    office.deliver(
        "fund/社会帮扶_2022-12.csv",
        donations(
            gift("J-1", donor=donor, kind="个人"),
            gift("J-2", donor=donor, kind=""),
            gift("J-3", donor=donor, kind="个人", cash="-1"),
            gift("J-4", donor="滨河商会", kind=""),
        ),
    )
    office.deliver("fund/支付_2022-12.csv", payments(["Z-1", "P1", "2022-06-01", donor, "500", "土地流转费"]))
    pipeline.build(office.settings)
    assert office.ask("select receipt_no, donor_name from core.fund_donation order by 1") == [
        ("J-1", "个人"), ("J-2", "个人"), ("J-4", "滨河商会"),
    ]  # fmt: skip
    assert office.ask("select payee_name from core.fund_payment") == [("个人",)]
    tables = office.ask(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('core', 'mart', 'audit', 'staging', 'publish', 'vault')"
    )
    assert len(tables) > 20
    for schema, table in tables:
        assert office.ask(f"select 1 from {schema}.{table} as t where t::text like '%%{donor}%%' limit 1", *()) == []


def test_the_database_feeds_both_and_the_later_statement_wins(office: Any, tmp_path: Path) -> None:
    """Amounts in 万元 where the column says so; a workbook reported later corrects the ledger, and not before."""
    donation = ("J-1", "滨河基金会", "社会组织", "2022-05-06", 12.5, None, None, None, "会宁县", "助学", "2022-06-01 08:00:00")
    goods = ("J-2", "滨河基金会", "社会组织", "2022-05-06", None, "书", 3.25, "发票", "会宁县", "助学", "2022-06-01 08:00:00")
    payment = ("Z-1", "P1", "2022-06-02", "会宁县甲建筑公司", 1234.56, "进度款", "2022-06-03 08:00:00")
    with_ledger = ledger(office, tmp_path, fund_donation=[donation, goods], fund_payment=[payment])
    with_ledger.take("fund")
    pipeline.build(office.settings)
    assert figure(office, "SOC1.cash") == 125_000
    assert figure(office, "SOC1.in_kind") == 32_500
    assert office.ask("select amount_yuan, payee_name from core.fund_payment") == [(Decimal("1234.56"), "会宁县甲建筑公司")]
    for month, expected in (("2022-05", 125_000), ("2022-07", 200_000)):
        office.deliver(f"fund/社会帮扶_{month}.csv", [DONATIONS, gift("J-1", cash="20")])
        pipeline.build(office.settings)
        assert figure(office, "SOC1.cash") == expected


def test_a_total_row_must_be_money_and_goods_together(office: Any) -> None:
    rows = donations(gift("J-1"), gift("J-2", value="500", goods="书", basis="发票"))
    wrong = ["合计", "", "", "", "3", "", "500", ""]
    [gated] = office.deliver("fund/社会帮扶_2022-11.csv", [*rows, wrong])
    assert (gated["state"], gated["refusal_code"]) == ("gated", "CONTROL_TOTAL")
    right = ["合计", "", "", "", "2", "", "500", ""]
    [loaded] = office.deliver("fund/社会帮扶_2022-12.csv", [*rows, right])
    assert (loaded["state"], loaded["rows_loaded"]) == ("loaded", 2)


def test_payments_carry_the_sheets_unit_and_a_red_letter_entry_takes_back(office: Any) -> None:
    [batch] = office.deliver(
        "fund/支付_2022-12.csv",
        payments(
            ["Z-1", "P1", "2022-06-02", "甲建筑公司", "12.5", "进度款"],
            ["Z-2", "P1", "2022-06-03", "甲建筑公司", "0", "进度款"],
            ["Z-3", "P1", "2022-06-04", "甲建筑公司", "-1", "退款"],
            ["Z-1", "P1", "2022-07-04", "甲建筑公司", "-2.50", "冲销"],
            ["Z-5", "", "2022-06-04", "甲建筑公司", "-1", "冲销"],
            ["Z-6", "P1", "2022-06-04", "甲建筑公司", "1", "红字冲销"],
            ["Z-7", "P1", "2022-06-05", "甲建筑公司", "1", "账户有误退回后重新支付"],
            unit="单位：万元",
        ),
    )
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (4, 3)
    assert office.ask("select yuan_read, yuan_loaded, yuan_quarantined from audit.batch") == [(100_000, 100_000, 0)]
    assert office.ask("select pay_no, entry, amount_yuan from core.fund_payment order by 1, 2") == [
        ("Z-1", "payment", 125_000), ("Z-1", "red_letter", -25_000), ("Z-3", "red_letter", -10_000), ("Z-7", "payment", 10_000),
    ]  # fmt: skip
    assert office.ask("select row_no, rule_id, column_name from audit.quarantine order by 1") == [
        (4, "FUN_PAYMENT_ZERO", "支付金额"), (7, "FUN_RED_LETTER_UNNAMED", "项目编号"), (8, "FUN_RED_LETTER_UNSIGNED", "支付金额"),
    ]  # fmt: skip


def test_what_a_project_ledger_says_beyond_the_money_is_kept(office: Any) -> None:
    header = ["项目编号", "项目名称", "项目类别", "安排资金（万元）", "建设性质", "资金来源", "支出进度", "绩效目标", "公示情况", "资产确权"]
    row = ["P1", "冷库", "产业培育", "60", "新建", "东西部协作资金", "45%", "建成冷库一座", "已公示", "村集体"]
    office.deliver("fund/项目_2022-12.csv", [header, row])
    assert office.ask(
        "select construction_nature, fund_source, paid_share, performance_target, public_notice, assets"
        " from core.fund_project"
    ) == [("新建", "东西部协作资金", Decimal("0.45"), "建成冷库一座", "已公示", "村集体")]
