"""Which lines of a sheet are rows, and what its other lines say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.header_match import match_sheet
from xiezuo.conform.ledgers.tables import RawTable, table_of_items, table_of_sheet
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.divisions import Divisions

SETTINGS = Settings.from_env({})
CONTRACTS = load_contracts(SETTINGS.root)
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
HEADER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间", "月工资"]
PROJECT = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"]


def person(name: str = "张三", **cells: Any) -> list[Any]:
    return list(
        (
            dict(zip(HEADER, [name, "x", "会师镇", "天津市", "晨屿电子", "2022-03", 4000], strict=True))
            | cells
        ).values()
    )


def table(
    *rows: list[Any], path: str = "620422/labour/甲站_2022-03.xlsx", sheet: str = "台账", is_text: bool = False,
    merged: list[tuple[int, int, int, int]] | None = None,
) -> RawTable:  # fmt: skip
    width = max(len(row) for row in rows)
    found = Sheet(sheet, [[*row, *[None] * (width - len(row))] for row in rows], merged or [], is_text)
    match = match_sheet(found, CONTRACTS.values())
    assert match is not None
    return table_of_sheet(found, match, PurePosixPath(path), DIVISIONS)


def test_row_numbers_are_those_of_the_sheet() -> None:
    """The number a finding names is the one Excel shows beside the row; blanks keep theirs."""
    found = table(["台账"], [], HEADER, person("甲"), [], person("乙"))
    assert [(number, cells["person_name"]) for number, cells in found.rows] == [(4, "甲"), (6, "乙")]
    assert found.ignored_rows + len(found.rows) == 6


@pytest.mark.parametrize(
    "word",
    [
        "合计",
        "合 计",
        "总计",
        "小计",
        "会师镇小计",
        "本页合计",
        "注：以上为估计",
        "填报人：某某",
        "制表：某某",
        "审核人:",
    ],
)
def test_totals_and_notes_are_no_rows(word: str) -> None:
    assert [cells["person_name"] for _, cells in table(HEADER, person("甲"), [word]).rows] == ["甲"]


def test_a_person_whose_place_sounds_like_a_total_is_a_row() -> None:
    """Only a nearly empty line is a subtotal; one that is filled in is somebody."""
    found = table(HEADER, person("小计"), person("甲"))
    assert len(found.rows) == 2


def test_a_header_repeated_on_every_page_is_no_row() -> None:
    found = table(HEADER, person("甲"), HEADER, person("乙"), ["姓名 ", *HEADER[1:]])
    assert [cells["person_name"] for _, cells in found.rows] == ["甲", "乙"]
    assert found.ignored_rows == 3


def test_a_declared_total_is_read_in_the_unit_of_its_column() -> None:
    rows = [["P1", "大棚", "产业培育", "甲1号", 60], ["P2", "冷库", "产业培育", "甲1号", 40.5]]
    assert table(PROJECT, *rows, ["合计", None, None, None, 100.5]).declared_total == Decimal(1005000)
    assert table(PROJECT, *rows, ["合计", None, None, None, "约一百"]).declared_total is None
    assert table(PROJECT, *rows, ["小计", None, None, None, 60]).declared_total is None
    assert table(PROJECT, *rows).declared_total is None


def test_the_unit_of_a_sheet_serves_columns_that_state_none() -> None:
    header = [*PROJECT[:-1], "安排资金", "计划投资（元）"]
    found = table(["单位：万元"], header, ["P1", "大棚", "产业培育", "甲1号", 60, 700000])
    assert found.units == {"allocated_yuan": Decimal(10000), "planned_yuan": Decimal(1)}


def test_a_merged_town_is_every_row_s_and_a_merged_amount_is_not() -> None:
    """A vertical merge fills words, never amounts or numbers: one wage over three rows is one wage."""
    rows = [person("甲"), person("乙", 乡镇=None, 月工资=None), person("丙", 乡镇=None, 月工资=None)]
    found = table(HEADER, *rows, merged=[(1, 2, 3, 2), (1, 6, 3, 6)])
    assert [cells["town"] for _, cells in found.rows] == ["会师镇"] * 3
    assert [cells["wage_month_yuan"] for _, cells in found.rows] == [4000, None, None]


def test_a_merged_identity_number_is_not_two_people() -> None:
    found = table(HEADER, person("甲"), person("乙", 身份证号=None), merged=[(1, 1, 2, 1)])
    assert [cells["id_no"] for _, cells in found.rows] == ["x", None]


@pytest.mark.parametrize(
    ("title", "sheet", "path", "delivery"),
    [
        ("劳务输转台账", "台账", "甲站_2022-03.xlsx", "snapshot"),
        ("2022年3月新增劳务输转台账", "台账", "甲站.xlsx", "increment"),
        ("台账", "本月", "甲站.xlsx", "increment"),
        ("台账", "台账", "甲站_2022-03新增.xlsx", "increment"),
        ("台账", "台账", "新增/甲站_2022-03.xlsx", "snapshot"),
    ],
)
def test_a_title_says_whether_a_ledger_adds_or_replaces(
    title: str, sheet: str, path: str, delivery: str
) -> None:
    assert table([title], HEADER, person(), sheet=sheet, path=f"620422/labour/{path}").delivery == delivery


def test_a_remark_below_the_rows_does_not_make_an_increment() -> None:
    """注：本月… is a note about the rows, not the kind of the delivery."""
    assert table(HEADER, person(), ["注：本月新增 3 人"]).delivery == "snapshot"


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([["2022年2月台账"], HEADER, person()], date(2022, 2, 28)),
        ([HEADER, person(), ["填报日期：2022年2月8日"]], date(2022, 2, 8)),
        ([HEADER, person()], date(2022, 3, 31)),
    ],
)
def test_the_version_is_stated_above_below_or_in_the_name(rows: list[list[Any]], day: date) -> None:
    assert table(*rows).reported_on == day


def test_january_and_october_look_alike_in_a_text_file() -> None:
    """2022.1 in a CSV may have lost its zero; beside a 2022.10 it has not."""
    doubtful = table(HEADER, person("甲", 开始时间="2022.1"), person("乙", 开始时间="2022.3"), is_text=True)
    assert doubtful.rows[0][1]["started_on"] == 2022.1
    certain = table(HEADER, person("甲", 开始时间="2022.1"), person("乙", 开始时间="2022.10"), is_text=True)
    assert certain.rows[0][1]["started_on"] == "2022.1"


def test_items_of_a_platform_are_numbered_from_one() -> None:
    items = [
        {"order_no": "1", "payment": "2.00", "platform": "other", "x": 1},
        "no object",
        {"order_no": ["1"]},
    ]
    found = table_of_items(
        CONTRACTS["sales_order"],
        "top",
        items,
        place="taobao",
        sheet="",
        constants={"platform": "taobao", "line_no": 0},
    )
    assert [number for number, _ in found.rows] == [1, 2, 3]
    assert found.rows[0][1] == {"platform": "taobao", "line_no": 0, "order_no": "1", "payment_yuan": "2.00"}
    assert found.rows[1][1] == {"platform": "taobao", "line_no": 0}


LINES = st.one_of(
    st.just([]), st.just(["合计"]), st.just(HEADER), st.just(person()), st.just(["注：x"]),
    st.lists(st.one_of(st.none(), st.text(max_size=4), st.floats()), max_size=7),
)  # fmt: skip


@given(st.lists(LINES, max_size=8))
def test_every_line_is_a_row_or_ignored(lines: list[list[Any]]) -> None:
    """rows_read is all lines of the sheet, whatever they are; a sheet whose unit is in doubt is refused."""
    try:
        found = table(HEADER, *lines)
    except FileRefused as refused:
        assert refused.code in {"MONEY_CURRENCY", "UNIT_CONTRADICTS", "UNIT_DOUBTFUL"}
        return
    assert found.ignored_rows + len(found.rows) == 1 + len(lines)
    assert all(1 < number <= 1 + len(lines) for number, _ in found.rows)


@pytest.mark.parametrize(
    "line",
    [
        ["会宁县2022年3月劳务输转台账"],
        [1, 2, 3, 4, 5, 6, 7],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        ["甲", "乙", "丙", 1, 2, 3, 4],
        ["合计（人）", None, None, None, None, None, 8000],
    ],
    ids=["title again", "numbers of columns", "in brackets", "with letters", "total with its unit"],
)
def test_lines_that_only_serve_the_printed_page_are_no_rows(line: list[Any]) -> None:
    found = table(["会宁县2022年3月劳务输转台账"], HEADER, line, person("甲"), line, person("乙"))
    assert [cells["person_name"] for _, cells in found.rows] == ["甲", "乙"]


def test_notes_run_on_below_the_rows() -> None:
    """The second line of a note has no word that says so; a filled line after it is a row all the same."""
    notes = [["注：1. 以上数据截至月底"], ["2. 不含外省返乡人员"], ["3. 联系人见封面"]]
    found = table(HEADER, person("甲"), *notes, person("乙"))
    assert [cells["person_name"] for _, cells in found.rows] == ["甲", "乙"]


def test_a_line_of_one_cell_without_a_note_before_it_is_a_row() -> None:
    """Nobody is dropped for having filled in a name only."""
    assert len(table(HEADER, person("甲"), ["乙"]).rows) == 2


def test_what_the_title_tells_is_every_row_s() -> None:
    """A roster that names its class in the title only: all its rows are of that class."""
    header = ["姓名", "身份证号", "乡镇", "村"]
    people = [["甲", "x", "会师镇", "南关村"], ["乙", "y", "会师镇", "南关村"]]
    found = table(["第3期劳务协作培训班花名册（2022年）"], header, *people)
    assert found.contract.dataset == "labour_training_roster"
    assert [cells["class_no"] for _, cells in found.rows] == ["第3期", "第3期"]
