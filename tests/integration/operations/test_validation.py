"""What rules said is kept: of rules that passed, of warnings that let rows go, of deliveries that a gate held back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.integration.load.test_load import ALLOCATIONS, ledger, spell
from xiezuo import pipeline
from xiezuo.declared.suites import load_rules
from xiezuo.operations import validation
from xiezuo.publish.returns import export_returns
from xiezuo.warehouse import access

LOW = {"月工资（元）": "300"}
EARLY = {"结束时间": "2022-01-01"}
WAGE = "第 6 行“月工资（元）”：月收入低于 400 元，请核对（未隔离）"


def lines(office: Any, batch: dict[str, Any]) -> dict[str, tuple[str, str, int, int]]:
    """Return what the rules said of a batch: suite, severity, evaluated, failed."""
    rows = office.ask(
        "select rule_id, suite, severity, evaluated, failed from audit.validation where batch_id = %s",
        batch["batch_id"],
    )
    return {rule: rest for rule, *rest in rows}  # type: ignore[misc]


def test_every_rule_of_a_loaded_batch_is_seen_those_that_passed_too(office: Any) -> None:
    """A row that breaks a warning is loaded and its owner told; one that breaks another rule waits."""
    [batch] = office.deliver(
        "labour/甲站_2022-03.csv",
        ledger(
            "甲站", "2022-03-31", spell(1), spell(2), spell(3, **LOW), spell(4, **EARLY), spell(5, 姓名="")
        ),
    )
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (3, 2)
    said = lines(office, batch)
    suites = {kind: load_rules(office.settings.root, "labour_placement", kind) for kind in ("rows", "gate")}
    assert {(rule, suite) for rule, (suite, *_) in said.items()} == {
        (rule.rule_id, kind) for kind, rules in suites.items() for rule in rules
    }
    assert said["LAB_WAGE_LOW"] == ["rows", "warning", 4, 1]
    assert said["LAB_END_BEFORE_START"] == ["rows", "critical", 4, 1]
    assert said["LAB_AGE_RANGE"] == ["rows", "critical", 4, 0]
    assert said["KEY_COVERAGE"] == ["gate", "critical", 1, 0]
    assert WAGE in batch["warnings_zh"]
    assert office.ask("select count(*) from core.labour_placement where wage_month_yuan = 300") == [(1,)]
    assert office.ask("select distinct rule_id from audit.quarantine order by 1") == [
        ("LAB_END_BEFORE_START",),
        ("REQUIRED",),
    ]


def test_a_row_that_another_rule_holds_back_is_not_said_to_have_been_let_go(office: Any) -> None:
    rows = [spell(1), spell(2, **{"月工资（元）": "80"}), spell(3, **LOW)]
    [batch] = office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", *rows))
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (2, 1)
    assert lines(office, batch)["LAB_WAGE_LOW"] == ["rows", "warning", 3, 2]
    [told] = [one for one in batch["warnings_zh"] if "月收入低于" in one]
    assert told == WAGE


def test_the_receipt_tells_what_was_let_go(office: Any) -> None:
    office.deliver(
        "labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2), spell(3, **LOW))
    )
    pipeline.build(office.settings)
    answered = pipeline.receipts(office.settings)
    [receipt] = [Path(name) for name in answered["files"] if name.endswith(".xlsx")]
    told = {
        str(cell)
        for sheet in load_workbook(receipt)
        for row in sheet.values
        for cell in row
        if cell is not None
    }
    assert any("月收入低于 400 元" in cell for cell in told)


def test_a_delivery_that_a_gate_held_back_says_which_rules_it_passed(office: Any) -> None:
    """Gates are asked once of each of its tables; its rows have not been asked."""
    [batch] = office.deliver(
        "fund/资金下达_2022.csv",
        [
            ["东西部协作资金下达台账"],
            ALLOCATIONS,
            ["津财〔2022〕1号", "2022-03-01", "2022", "100"],
            ["合计", "", "", "90"],
        ],
    )
    assert (batch["state"], batch["refusal_code"]) == ("gated", "CONTROL_TOTAL")
    assert lines(office, batch) == {
        "CONTROL_TOTAL": ["gate", "critical", 1, 1], "KEY_COVERAGE": ["gate", "critical", 1, 0],
    }  # fmt: skip


def test_what_is_read_again_is_said_again_and_goes_with_its_batch(office: Any) -> None:
    """The same bytes say nothing twice; a batch that is taken out takes its lines along."""
    sheet = ledger("甲站", "2022-03-31", spell(1), spell(2, **LOW))
    [batch] = office.deliver("labour/甲站_2022-03.csv", sheet)
    before = lines(office, batch)
    office.deliver("labour/又一份.csv", sheet)
    assert lines(office, batch) == before
    with access.connect(office.settings) as connection:
        connection.execute("delete from audit.batch where batch_id = %s", (batch["batch_id"],))
    assert lines(office, batch) == {}


def test_a_returned_workbook_is_judged_by_its_own_rows(office: Any, tmp_path: Path) -> None:
    """Rows that were not held back have been counted with their delivery."""
    office.deliver(
        "labour/甲站_2022-03.csv",
        ledger("甲站", "2022-03-31", spell(1), spell(2, **LOW), spell(3, **EARLY), spell(4, **EARLY)),
    )
    [path] = export_returns(office.settings, office.county, tmp_path)
    book = load_workbook(path)
    [sheet] = [one for one in book if one.sheet_state == "visible" and "结束时间" in str([*one.values])]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "结束时间" for cell in row))
    column = next(cell.column for cell in head if cell.value == "结束时间")
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        row[column - 1].value = "2022-06-30"
    inbox = office.settings.inbox / office.county / "labour"
    book.save(inbox / "退回.xlsx")
    [batch] = office.take("labour")
    assert batch["rows_loaded"] == 2
    said = lines(office, batch)
    assert said["LAB_END_BEFORE_START"] == ["rows", "critical", 2, 0]
    assert said["LAB_WAGE_LOW"] == ["rows", "warning", 2, 0]
    assert {suite for suite, *_ in said.values()} == {"rows"}


def test_by_rule_dataset_and_month(office: Any) -> None:
    """The share of rows that broke a rule, with its sentence, as the page by rule shows it; examples name no cell."""
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2, **EARLY)))
    office.deliver("labour/乙站_2022-03.csv", ledger("乙站", "2022-03-31", spell(3), spell(4)))
    found = {row["rule_id"]: row for row in validation.by_month(office.settings, [office.county])}
    row = found["LAB_END_BEFORE_START"]
    assert row == {
        "dataset": "labour_placement", "rule_id": "LAB_END_BEFORE_START", "zh": "结束时间早于开始时间",
        "en": "a spell ends on or after the day it starts", "severity": "critical", "month": "2022-12", "batches": 2,
        "evaluated": 4, "failed": 1, "share": Decimal("0.25"),
    }  # fmt: skip
    assert found["KEY_COVERAGE"]["evaluated"] == 2
    assert validation.by_month(office.settings, ["990101"]) == []
    assert validation.months(office.settings, [office.county]) == ["2022-12"]
    own = {"month": "2022-12", "dataset": "labour_placement", "rule_id": "LAB_END_BEFORE_START"}
    assert validation.by_month(office.settings, [office.county], **own) == [row]
    assert validation.by_month(office.settings, [office.county], month="2022-11") == []
    [example] = validation.examples(
        office.settings, "labour_placement", "LAB_END_BEFORE_START", [office.county]
    )
    assert (example["row_no"], example["column_name"]) == (5, "结束时间")
    assert example["file"].endswith("甲站_2022-03.csv")
    assert "2022-01-01" not in str(example)
    assert validation.examples(office.settings, "labour_placement", "LAB_WAGE_LOW", [office.county]) == []
    assert office.ask(
        "select failed from mart.validation where rule_id = 'LAB_END_BEFORE_START'", role="analyst"
    ) == [(1,)]
