"""Loading: every row has one fate, any order of arrival ends in the same rows, nothing personal leaks."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from xiezuo import pipeline
from xiezuo.values import contains_identity_number
from xiezuo.warehouse import access
from xiezuo.warehouse.digest import digest
from xiezuo_sample.codes import credit_code, identity_number

HEADER = [
    "姓名",
    "身份证号",
    "性别",
    "乡镇",
    "户类型",
    "务工省份",
    "务工企业",
    "开始时间",
    "结束时间",
    "月工资（元）",
]
ALLOCATIONS = ["文号", "下达日期", "年度", "下达资金（万元）"]
MEETINGS = ["会议时间", "会议类型", "议题"]
FATES = ("loaded", "unchanged", "superseded", "duplicate", "quarantined", "ignored")


def number(serial: int) -> str:
    """Return the number of an invented person, born in 1990; odd serials are men."""
    return identity_number(serial, date(1990, 1, 1 + serial % 28))


def spell(
    serial: int, start: str = "2022-03-05", employer: str = "晨屿电子", province: str = "天津市", **cells: Any
) -> list[Any]:
    """Return one row of a placement ledger."""
    row = dict(
        zip(
            HEADER,
            ["张三", number(serial), "", "会师镇", "脱贫户", province, employer, start, "", "4000"],
            strict=True,
        )
    )
    return list((row | cells).values())


def ledger(station: str, reported: str, *rows: Sequence[Any]) -> list[Sequence[Any]]:
    """Return a station's ledger with its title, 单位 line and header."""
    return [["劳务输转台账"], [f"填报单位：{station}", "", "", f"填报日期：{reported}"], HEADER, *rows]


def fates(batch: dict[str, Any]) -> dict[str, int]:
    """Return the fates of a batch that occur."""
    return {fate: batch[f"rows_{fate}"] for fate in FATES if batch[f"rows_{fate}"]}


def test_every_fate_is_counted_once(office: Any) -> None:
    """A row is loaded, unchanged, superseded, duplicate, quarantined or ignored, and the counts add up."""
    [old] = office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2)))
    assert fates(old) == {"loaded": 2, "ignored": 3}
    [new] = office.deliver(
        "labour/甲站_2022-04.csv",
        ledger(
            "甲站", "2022-04-30",
            spell(1), spell(2, **{"月工资（元）": "5000"}), spell(3), spell(3), spell(4, 结束时间="2022-01-01"),
            spell(5), spell(5, 户类型="一般户"), [], ["合计"],
        ),
    )  # fmt: skip
    assert fates(new) == {
        "unchanged": 1, "loaded": 3, "duplicate": 1, "superseded": 1, "quarantined": 1, "ignored": 5,
    }  # fmt: skip
    assert new["rows_read"] == sum(fates(new).values())
    [late] = office.deliver("labour/甲站_2022-02.csv", ledger("甲站", "2022-02-28", spell(2), spell(6)))
    assert fates(late) == {"superseded": 2, "ignored": 3}
    assert office.ask("select count(*) from core.labour_placement") == [(4,)]
    kinds = office.ask("select household_type from core.labour_placement where batch_id = %s", new["batch_id"])
    assert sorted(kind for (kind,) in kinds) == ["lifted", "lifted", "lifted", "ordinary"]  # of two rows the later holds


def test_money_is_conserved_and_unreadable_amounts_are_counted(office: Any) -> None:
    """Yuan read is the sum over its fates; a row whose amount cannot be read is quarantined and counted."""
    rows = [ALLOCATIONS, ["甲1号", "2022-03-01", "2022", "100"], ["甲2号", "2022-03-02", "2022", "约一百"],
            ["甲3号", "2022-13-02", "2022", "30"], ["甲1号", "2022-03-01", "2022", "100"]]  # fmt: skip
    office.deliver("fund/下达_2022-03.csv", rows)
    [found] = office.ask(
        "select yuan_read, yuan_loaded, yuan_duplicate, yuan_quarantined, rows_amount_unreadable, rows_quarantined"
        " from audit.batch"
    )
    assert [int(x) for x in found] == [2_300_000, 1_000_000, 1_000_000, 300_000, 1, 2]


@pytest.mark.parametrize(
    "column", ["rows_read", "rows_loaded", "yuan_read", "yuan_quarantined", "rows_amount_unreadable"]
)
def test_the_conservation_law_is_held_by_the_database(office: Any, column: str) -> None:
    """No account, not even the owner, can record a batch whose counts do not add up."""
    office.deliver("fund/下达_2022-03.csv", [ALLOCATIONS, ["甲1号", "2022-03-01", "2022", "100"]])
    with pytest.raises(psycopg.errors.CheckViolation):
        office.ask(f"update audit.batch set {column} = {column} + 1")


def test_the_same_file_again_touches_no_row(office: Any) -> None:
    """What was loaded is not planned again; forced through all the same, it changes nothing."""
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2)))
    everything = "select tableoid::regclass::text, ctid::text, xmin::text from {} order by 1, 2"
    tables = ("core.labour_placement", "audit.batch", "audit.quarantine", "vault.person", "audit.snapshot_scope",
              "audit.touched_period", "audit.coverage")  # fmt: skip
    before = [office.ask(everything.format(table)) for table in tables]
    assert office.take("labour") == []
    office.ask("update audit.landing set state = 'landed'")
    group = {"group": "labour:files:0", "source": "labour", "items": []}
    assert pipeline.load(office.settings, group)["loaded"] == 1
    assert [office.ask(everything.format(table)) for table in tables] == before


def test_the_same_rows_in_a_new_file_are_unchanged(office: Any) -> None:
    """A newer snapshot with the same rows inserts nothing; it only becomes their evidence."""
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2)))
    [again] = office.deliver("labour/甲站_2022-04.csv", ledger("甲站", "2022-04-30", spell(1), spell(2)))
    assert fates(again) == {"unchanged": 2, "ignored": 3}
    assert office.ask("select distinct batch_id from core.labour_placement") == [(again["batch_id"],)]


DELIVERIES: dict[str, list[Sequence[Any]]] = {
    "甲站_2022-03.csv": ledger("甲站", "2022-03-31", spell(1), spell(2), spell(3, "2022-02-01")),
    "甲站_2022-05.csv": ledger("甲站", "2022-05-31", spell(1), spell(2, **{"月工资（元）": "5000"})),
    "甲站_2022-06.csv": ledger("甲站", "2022-06-30", spell(1), spell(2), spell(4, "2022-06-02")),
    "甲站_2022-07新增.csv": ledger(
        "甲站", "2022-07-31", spell(5, "2022-07-01"), spell(1, "2022-07-09", "禾川物流")
    ),
    "甲站_2022-04新增.csv": ledger("甲站", "2022-04-30", spell(6, "2022-04-01"), spell(1, 户类型="一般户")),
    "乙站_2022-06.csv": ledger(
        "乙站", "2022-06-15", spell(1, employer="远栎纺织", province="甘肃省"), spell(7)
    ),
}
ORDERS = [
    order for number, order in enumerate(itertools.permutations(DELIVERIES)) if number % 97 == 0
]  # 8 of 720, first and last among the kinds that differ


def end_state(office: Any, order: Sequence[str], *, build_between: bool) -> tuple[str, list[tuple[Any, ...]]]:
    for name in order:
        office.deliver(f"labour/{name}", DELIVERIES[name])
        if build_between:
            pipeline.build(office.settings)
    pipeline.build(office.settings)
    rows = office.ask(
        "select reporting_unit, start_month::text, employer_norm, wage_month_yuan, household_type, version::date::text, row_no"
        " from core.labour_placement order by 1, 2, 3, 4, 5, 6, 7"
    )
    return digest(office.settings), rows


@pytest.fixture(scope="module")
def expected_state() -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(
    ("order", "build_between"),
    [
        pytest.param(order, between, marks=[] if number % 2 == between and number in {0, 3, 4, 7} else pytest.mark.sweep)
        for number, order in enumerate(ORDERS)
        for between in (False, True)
    ],
    ids=lambda given: "".join(name[:8] for name in given)[:40] if isinstance(given, tuple) else f"build-{'each' if given else 'last'}",
)
def test_any_order_of_arrival_ends_in_the_same_rows(
    office: Any, expected_state: dict[str, Any], order: Sequence[str], build_between: bool
) -> None:
    """Three snapshots, two increments and a second station: every order gives one digest of core and mart."""
    found, rows = end_state(office, order, build_between=build_between)
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("乙站", "2022-03-01", "晨屿电子"), ("乙站", "2022-03-01", "远栎纺织"), ("甲站", "2022-03-01", "晨屿电子"),
        ("甲站", "2022-03-01", "晨屿电子"), ("甲站", "2022-06-01", "晨屿电子"), ("甲站", "2022-07-01", "晨屿电子"),
        ("甲站", "2022-07-01", "禾川物流"),
    ]  # fmt: skip
    assert found == expected_state.setdefault("digest", found)


def test_a_restated_row_can_move_a_figure(office: Any) -> None:
    """Of two spells that start on one day the one restated last counts, although no row changed."""
    home = [spell(1, employer="远栎纺织", province="甘肃省")]
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1)))
    office.deliver("labour/乙站_2022-04.csv", ledger("乙站", "2022-04-30", *home))
    pipeline.build(office.settings)
    value = (
        "select value::int from mart.indicator_value where indicator_id = %s and breakdown = ''"
        " and (period_kind, period) = ('month', '2022-03')"
    )
    assert [office.ask(value, "LAB2"), office.ask(value, "LAB3")] == [[(0,)], [(1,)]]
    office.deliver("labour/甲站_2022-05.csv", ledger("甲站", "2022-05-31", spell(1)))
    pipeline.build(office.settings)
    assert [office.ask(value, "LAB2"), office.ask(value, "LAB3")] == [[(1,)], [(0,)]]


def test_a_snapshot_that_loses_many_rows_waits(office: Any) -> None:
    """More than 30 % missing may be half of a ledger: it waits, and what stood before stands."""
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", *(spell(n) for n in range(1, 11))))
    [batch] = office.deliver("labour/甲站_2022-04.csv", ledger("甲站", "2022-04-30", *(spell(n) for n in range(1, 7))))
    assert (batch["state"], batch["refusal_code"]) == ("gated", "ROWS_MISSING")
    assert "甲站 2022 年的劳务输转台账原有 10 行，本表缺了其中 4 行" in batch["refusal_zh"]
    assert office.ask("select count(*) from core.labour_placement") == [(10,)]
    office.deliver("labour/甲站_2022-04改.csv", ledger("甲站", "2022-04-30", *(spell(n) for n in range(1, 8))))
    assert office.ask("select rows_withdrawn from audit.batch where state = 'loaded' order by version") == [(0,), (3,)]


def test_one_station_never_withdraws_the_rows_of_another(office: Any) -> None:
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1)))
    office.deliver("labour/乙站_2022-04.csv", ledger("乙站", "2022-04-30", spell(2)))
    assert office.ask("select reporting_unit from core.labour_placement order by 1") == [("乙站",), ("甲站",)]


def test_a_wrong_control_total_closes_the_gate(office: Any) -> None:
    """Nothing of the delivery is loaded; one sentence names both sums; the corrected file goes through."""
    rows = [
        ALLOCATIONS,
        ["甲1号", "2022-03-01", "2022", "100"],
        ["甲2号", "2022-03-02", "2022", "50"],
        ["合计", "", "", "160"],
    ]
    [batch] = office.deliver("fund/下达_2022-03.csv", rows)
    assert (batch["state"], batch["refusal_code"]) == ("gated", "CONTROL_TOTAL")
    assert "1,600,000" in batch["refusal_zh"]
    assert "1,500,000" in batch["refusal_zh"]
    assert office.ask("select count(*) from core.fund_allocation") == [(0,)]
    rows[-1][-1] = "150"
    [batch] = office.deliver("fund/下达_2022-03.csv", rows)
    assert (batch["state"], fates(batch)) == ("loaded", {"loaded": 2, "ignored": 2})


def test_a_sheet_filled_into_wrong_columns_closes_the_gate(office: Any) -> None:
    """When most of twenty rows cannot be read the sheet is at fault, not its rows."""
    rows = [MEETINGS, *([f"事项{n}", "2022-03-01", "政府常务会"] for n in range(15)),
            *(["2022-03-01", "政府常务会", f"事项{n}"] for n in range(5))]  # fmt: skip
    [batch] = office.deliver("work/会议_2022-03.csv", rows)
    assert (batch["state"], batch["refusal_code"]) == ("gated", "COLUMN_RETYPED")
    assert "会议时间" in batch["refusal_zh"]
    assert office.ask("select count(*) from core.work_meeting") == [(0,)]


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ([["随便写的"], ["没有表头"]], "NO_LEDGER_FOUND", "没有找到可识别的表头"),
        ([["姓名", "乡镇", "务工企业"], ["张三", "会师镇", "晨屿电子"]], "COLUMNS_MISSING", "证件号码"),
        ([[*HEADER, "身份证号"], [*spell(1), "另填"]], "COLUMN_TWICE", "身份证号"),
    ],
)
def test_a_refused_file_gets_one_clear_sentence(
    office: Any, rows: list[list[str]], code: str, said: str
) -> None:
    """A file that is no ledger is recorded as refused, with what its owner should do."""
    [batch] = office.deliver("labour/甲站_2022-03.csv", rows)
    assert (batch["state"], batch["refusal_code"]) == ("refused", code)
    assert said in batch["refusal_zh"]
    assert "\n" not in batch["refusal_zh"]


def test_names_that_are_no_utf_8_keep_nobody_waiting(office: Any) -> None:
    """Archives packed under Windows name files in GB 18030: they are read as such, at whatever depth."""
    folder = "材料/".encode("gbk")
    names = {
        "会议_2022-03.csv".encode("gbk"): "会议_2022-03.csv",
        "会议_2022-04.csv".encode("gbk"): r"\xbb\xe1\xd2\xe9_2022-04.csv",
        "会议_2022-04.csv".encode(): "会议_2022-04.csv",  # the same name, so the other shows its bytes
        b"\xff\xfe\x80.csv": r"\xff\xfe\x80.csv",
        folder + "会议_2022-05.csv".encode("gbk"): "材料/会议_2022-05.csv",
        folder + "会议_2022-06.csv".encode("gbk"): r"材料/\xbb\xe1\xd2\xe9_2022-06.csv",
        folder + "会议_2022-06.csv".encode(): "材料/会议_2022-06.csv",
    }
    for day, name in enumerate(names, start=1):
        path = Path(os.fsdecode(os.fsencode(office.settings.inbox / "620422/work") + b"/" + name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"会议时间,会议类型,议题\n2022-03-{day:02},政府常务会,{day}\n", encoding="utf-8")
    batches = office.take("work")
    assert {batch["state"] for batch in batches} == {"loaded"}
    assert {batch["uri"].partition("#")[0] for batch in batches} == {f"inbox:620422/work/{name}" for name in names.values()}
    assert office.take("work") == []


def test_amounts_without_a_unit_are_refused(office: Any) -> None:
    """30 may be yuan or ten thousands of yuan: the file's owner is asked, nothing is guessed."""
    [batch] = office.deliver(
        "fund/下达_2022-03.csv", [[*ALLOCATIONS[:3], "下达资金"], ["甲1号", "2022-03-01", "2022", "30"]]
    )
    assert (batch["state"], batch["refusal_code"]) == ("refused", "UNIT_MISSING")


def test_a_ledger_reported_in_the_future_is_refused(office: Any) -> None:
    """A mistyped year would outdate every later ledger of the station."""
    [batch] = office.deliver("labour/甲站.csv", [["填报日期：2032-03-31"], HEADER, spell(1)])
    assert (batch["state"], batch["refusal_code"]) == ("refused", "REPORTED_IN_FUTURE")
    assert office.ask("select count(*) from core.labour_placement") == [(0,)]


@pytest.mark.parametrize("order", [("09", "10"), ("10", "09")])
def test_an_order_has_the_lines_of_its_newest_export(office: Any, order: tuple[str, str]) -> None:
    """A line that the newest 832 export no longer has is gone, whichever export arrives last."""
    shop = credit_code(Random(1))
    header = ["订单编号", "统一社会信用代码", "规格", "实付金额（元）", "订单状态", "支付时间"]
    first = ["A1", shop, "1kg", "100.00", "已完成", "2022-03-05 10:00:00"]
    second = ["A1", shop, "2kg", "50.00", "已完成", "2022-03-05 10:00:00"]
    exports = {"09": [header, first, second], "10": [header, first]}
    for month in order:
        office.deliver(f"sales/832_2022-{month}.csv", exports[month])
    assert office.ask("select line_no, payment_yuan from core.sales_order") == [(0, 100)]


def test_a_bad_row_never_stops_the_good_ones(office: Any) -> None:
    """Each reason names file, sheet, row and column as typed, and nothing the row says."""
    bad = number(2)[:-1] + ("0" if number(2)[-1] != "0" else "1")
    office.deliver(
        "labour/甲站_2022-03.csv",
        ledger(
            "甲站",
            "2022-03-31",
            spell(1),
            spell(2, 身份证号=bad),
            spell(3, "2022.1"),
            spell(4, 结束时间="2022-01-01"),
        ),
    )
    found = office.ask(
        "select row_no, column_name, rule_id, file from audit.quarantine order by row_no, rule_id"
    )
    assert [(row_no, column) for row_no, column, *_ in found] == [
        (5, "身份证号"),
        (6, "开始时间"),
        (7, "结束时间"),
    ]
    assert {file for *_, file in found} == {"620422/labour/甲站_2022-03.csv"}
    assert office.ask("select count(*) from core.labour_placement") == [(1,)]


def test_only_the_vault_holds_persons_and_only_as_ciphertext(office: Any) -> None:
    """No table outside the vault holds a number, a name or a telephone, wherever the office typed it."""
    secret = number(1)
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in number(3))
    office.deliver(
        f"labour/甲站{secret}_2022-03.csv",
        ledger(
            f"甲站{secret}", "2022-03-31",
            spell(1, employer=f"晨屿电子{secret}", 姓名="欧阳秘密"), spell(2, employer=full_width, 姓名="欧阳秘密"),
            spell(3, 身份证号=number(3)[:17], 姓名="欧阳秘密"), spell(4, 乡镇=number(4)),
        ),
    )  # fmt: skip
    office.deliver(
        f"labour/乱{secret}.csv", [[f"姓名{secret}", "乡镇", "务工企业"], [secret, secret, secret]]
    )
    pipeline.build(office.settings)
    assert office.ask("select count(*) from vault.person") == [(2,)]
    assert office.ask("select count(*) from vault.rejected_row") == [(2,)]
    tables = office.ask(
        "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
        " and table_schema in ('core', 'staging', 'mart', 'publish', 'audit', 'vault')"
    )
    assert len(tables) > 15
    for schema, table in tables:
        text = "\n".join(row[0] for row in office.ask(f'select t::text from {schema}."{table}" as t'))
        if schema == "vault":  # bytes are shown as hex: look at what they spell
            text = "".join(
                bytes.fromhex(found).decode("latin-1") for found in re.findall(r"\\+x([0-9a-f]+)", text)
            )
        assert not contains_identity_number(text), f"{schema}.{table}"
        assert not re.search(r"99\d{15}", text) or schema == "vault", f"{schema}.{table}"
        assert "欧阳秘密" not in text, f"{schema}.{table}"


@pytest.mark.parametrize(
    "table",
    [
        "vault.person",
        "vault.rejected_row",
        "core.labour_placement",
        "audit.batch",
        "audit.quarantine",
        "staging.labour_placement",
    ],
)
def test_the_analyst_cannot_read_what_may_hold_persons(office: Any, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        office.ask(f"select * from {table}", role="analyst")


def test_the_analyst_reads_the_mart_without_persons(office: Any) -> None:
    """Views of the facts are readable and have no person's key; nothing can be written."""
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1)))
    pipeline.build(office.settings)
    assert office.ask("select count(*) from mart.labour_placement", role="analyst") == [(1,)]
    assert office.ask("select count(*) > 0 from mart.indicator_value", role="analyst") == [(True,)]
    columns = office.ask("select column_name from information_schema.columns where table_schema = 'mart'")
    assert ("employer",) in columns
    assert not {name for (name,) in columns} & {"person_key", "person_name", "id_no", "phone", "birth_date"}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        office.ask("delete from mart.indicator_value", role="analyst")


def test_the_loader_cannot_change_the_schema(office: Any) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        office.ask("alter table core.labour_placement add column x text", role="loader")


def test_a_migration_adds_what_a_contract_gained(office: Any, tmp_path: Any) -> None:
    """A new field becomes a column of table and view; a field that changed its type is not guessed at."""
    import shutil
    from dataclasses import replace

    from xiezuo.base.errors import ConfigError
    from xiezuo.warehouse import schema

    root = tmp_path / "project"
    shutil.copytree(office.settings.root / "include", root / "include")
    contract = root / "include" / "contracts" / "work_meeting.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(
        text.replace("  subject:", "  room: {type: text, zh: [会议室], en: room}\n  subject:"),
        encoding="utf-8",
    )
    changed = replace(office.settings, root=root)
    schema.migrate(changed)
    assert office.ask("select room from mart.work_meeting", role="analyst") == []
    schema.migrate(changed)
    contract.write_text(text.replace("subject: {type: text", "subject: {type: integer"), encoding="utf-8")
    root2 = tmp_path / "other"
    shutil.copytree(root / "include", root2 / "include")  # contracts are remembered by folder
    with pytest.raises(ConfigError, match="subject"):
        schema.migrate(replace(office.settings, root=root2))


def test_deliveries_of_one_dataset_wait_for_each_other(office: Any) -> None:
    """While one delivery of a county's dataset is being loaded another may not begin; others may."""
    with access.connect(office.settings) as held:
        held.execute("select pg_advisory_xact_lock(hashtextextended('620422/labour_placement', 0))")
        office.deliver("work/会议_2022-03.csv", [MEETINGS, ["2022-03-01", "政府常务会", "研究事项"]])
        office.drop("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1)))
        impatient: Callable[[], Any] = lambda: office.ask(  # noqa: E731
            "set lock_timeout = '50ms'; select pg_advisory_xact_lock(hashtextextended('620422/labour_placement', 0))"
        )
        with pytest.raises(psycopg.errors.LockNotAvailable):
            impatient()
    assert office.take("labour")[0]["state"] == "loaded"
