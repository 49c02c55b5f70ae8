"""Sheets beside a ledger that are none are left aside by name; a ledger that lacks a column is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.sheets import Ledgers, ledgers_of
from xiezuo.conform.readers import read_file
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties

SETTINGS = Settings.from_env({})
LABOUR = [c for c in load_contracts(SETTINGS.root).values() if c.source == "labour"]
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
HEADER = ["姓名", "身份证号", "乡镇", "户类型", "务工省份", "务工企业", "开始时间"]
ROW = ["张三", "x", "会师镇", "脱贫户", "天津市", "晨屿电子", "2022-03"]
LEDGER = [["会宁县劳务输转台账"], HEADER, ROW]
NOTES = [["填表说明"], ["1. 姓名应与身份证一致"], ["2. 乡镇写全称"]]
PIVOT = [["乡镇", "村", "户类型", "人数"], ["会师镇", "南关村", "脱贫户", 3]]
LIST = [["户类型", "乡镇", "性别"], ["脱贫户", "会师镇", "男"], ["监测户", "丁家沟镇", "女"]]
UNFINISHED = [[name for name in HEADER if name != "身份证号"], ["张三", "会师镇", "脱贫户", "天津市", "晨屿电子", "2022-03"]]


def taken(tmp_path: Path, hidden: tuple[str, ...] = (), **sheets: list[list[Any]]) -> Ledgers:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
            if name in hidden:
                sheet.hide()
            else:
                sheet.activate()  # a program hides no sheet that is in front
    return ledgers_of(read_file(path), LABOUR, COUNTY, "a.xlsx")


def names(found: Ledgers) -> list[str]:
    return [sheet.name for sheet, _ in found.matched]


@pytest.mark.parametrize(
    ("beside", "aside"),
    [
        ({"填表说明": NOTES}, ()),
        ({"Sheet3": []}, ()),
        ({"Sheet2": PIVOT}, ("Sheet2",)),
        ({"汇总": [["乡镇", "户类型", "务工省份", "人数"]]}, ("汇总",)),
        ({"数据字典": LIST}, ("数据字典",)),
        ({"填写示例": LEDGER}, ("填写示例",)),
        ({"填表说明": NOTES, "Sheet2": PIVOT, "Sheet3": []}, ("Sheet2",)),
    ],
)
def test_what_is_no_ledger_is_left_aside(tmp_path: Path, beside: dict[str, Any], aside: tuple[str, ...]) -> None:
    for order in ({"甲站": LEDGER} | beside, beside | {"甲站": LEDGER}):
        found = taken(tmp_path, **order)
        assert names(found) == ["甲站"]
        assert found.left_aside == aside
        assert len(found.warnings()) == len(aside)
        assert all(name in said for name, said in zip(aside, found.warnings(), strict=True))


def test_every_ledger_of_a_file_is_taken(tmp_path: Path) -> None:
    assert names(taken(tmp_path, 甲站=LEDGER, 乙站=LEDGER, 汇总=LEDGER)) == ["甲站", "乙站", "汇总"]


@pytest.mark.parametrize("old", [LEDGER, UNFINISHED, [["金额", 3]]], ids=["whole", "unfinished", "numbers"])
def test_a_hidden_sheet_beside_a_ledger_is_not_read_and_said(tmp_path: Path, old: list[list[Any]]) -> None:
    """An old draft: it would be counted with what replaced it, or refuse it for a column it lacks."""
    for order in ({"甲站": LEDGER, "旧底稿": old}, {"旧底稿": old, "甲站": LEDGER}):
        found = taken(tmp_path, ("旧底稿",), **order)
        assert names(found) == ["甲站"]
        assert "隐藏的工作表“旧底稿”" in "".join(found.warnings())


def test_a_ledger_that_nobody_sees_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        taken(tmp_path, ("十月",), 填表说明=NOTES, 十月=LEDGER)
    assert refused.value.code == "LEDGER_HIDDEN"
    assert "十月" in refused.value.zh


def test_a_sheet_of_numbers_without_a_header_of_ours_is_said(tmp_path: Path) -> None:
    found = taken(tmp_path, 甲站=LEDGER, 草稿=[["某某", 5], ["某某", 6]])
    assert found.warnings() == ["工作表“草稿”里有数字，但没有可识别的表头，未读取"]


def test_a_station_s_sheet_without_a_required_column_refuses_the_file(tmp_path: Path) -> None:
    """It is no pivot: leaving it aside would lose its people without a word."""
    with pytest.raises(FileRefused) as refused:
        taken(tmp_path, 甲站=LEDGER, 乙站=UNFINISHED)
    assert refused.value.code == "COLUMNS_MISSING"
    assert "乙站" in refused.value.zh
    assert "证件号码" in refused.value.zh


@pytest.mark.parametrize("sheet", ["模板", "示例", "汇总"])
def test_a_filled_template_alone_is_the_ledger(tmp_path: Path, sheet: str) -> None:
    assert names(taken(tmp_path, **{sheet: LEDGER})) == [sheet]


def test_a_pivot_alone_is_refused_for_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        taken(tmp_path, Sheet2=PIVOT)
    assert refused.value.code == "COLUMNS_MISSING"


def test_a_file_of_notes_has_no_ledger(tmp_path: Path) -> None:
    assert taken(tmp_path, 填表说明=NOTES).matched == []
