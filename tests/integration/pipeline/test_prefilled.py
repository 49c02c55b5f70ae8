"""Prefilled ledgers: handed out, filled in as a clerk does, and put into the inbox, where they are ordinary ledgers."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

import xiezuo_sample as sample
from tests.integration.load.test_load import HEADER, ledger, number, spell
from tests.integration.operations.test_operations import agreed
from xiezuo import cli, pipeline
from xiezuo.conform.forms import CORRECTED, ENDED, NEW, STRUCK, TICK, UNCHANGED
from xiezuo.operations.arrivals import due_soon, missed, nil_returns
from xiezuo.operations.troubles import found
from xiezuo.publish.prefilled import make_forms, owed_for, share_filled
from xiezuo.publish.returns import export_returns

SEPTEMBER, PERIOD = "2022年9月30日", "2022-10"
HEADER_LINE, FIRST = 4, 5
"""Lines of the header and of the first row of a form, as a sheet counts them."""
TICK_CELL = "D3"


def reported(office: Any) -> None:
    """Let two stations report September, one of them with somebody whose job has ended."""
    rows = [spell(n, start=f"2022-0{n}-05") for n in range(1, 6)]
    rows[1] = spell(2, start="2022-02-05", 结束时间="2022-08-31")
    office.drop("labour/甲站.csv", ledger("甲站", SEPTEMBER, *rows))
    office.drop("labour/乙站.csv", ledger("乙站", SEPTEMBER, *[spell(n, employer="海河电子") for n in range(11, 14)]))
    office.take("labour")
    pipeline.build(office.settings)


@pytest.fixture
def station(filled_once: Callable[..., Any], tmp_path: Path) -> Any:
    """Return an office in which two stations have reported September, on a day in November."""
    return filled_once(reported, tmp_path).at("2022-11-03T09:00:00+08:00")


def another(path: Path, name: str) -> Path:
    """Return a copy of a form, to be filled in otherwise."""
    return Path(shutil.copyfile(path, path.with_name(f"{name}.xlsx")))


def given_out(office: Any, folder: Path, unit: str = "甲站", period: str = PERIOD) -> Path:
    """Make the forms of a month; return the path of one unit's labour ledger."""
    made = make_forms(office.settings, office.county, period, folder)
    [path] = [one.path for one in made if (one.dataset, one.reporting_unit) == ("labour_placement", unit)]
    return path


def columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEADER_LINE] if cell.value}


def filled_in(
    path: Path, *, said: Mapping[int, Mapping[str, Any]] | None = None, new: Sequence[Mapping[str, Any]] = (), tick: Any = None
) -> Path:
    """Type into a form: what is ``said`` of the row of a number, ``new`` rows below, and the tick."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    at = columns(sheet)
    lines = {str(sheet.cell(n, at["编号"]).value): n for n in range(FIRST, sheet.max_row + 1) if sheet.cell(n, at["编号"]).value}
    for serial, cells in (said or {}).items():
        for label, value in cells.items():
            sheet.cell(lines[str(serial)], at[label]).value = value
    for line, cells in enumerate(new, start=FIRST + len(lines)):
        for label, value in cells.items():
            if label in at:  # not every station has every column
                sheet.cell(line, at[label]).value = value
    sheet[TICK_CELL].value = tick
    book.save(path)
    return path


def placed(serial: int, **cells: Any) -> dict[str, Any]:
    """Return what a clerk types of somebody new."""
    row = dict(zip(HEADER, spell(serial, start="2022-10-08"), strict=True))
    renamed = {"身份证号": "证件号码", "务工省份": "务工所在省", "务工企业": "务工企业名称", "月工资（元）": "务工月收入（元）"}
    typed = {renamed.get(label, label): value for label, value in row.items() if label not in ("性别", "结束时间")}
    return typed | {"务工地点": "天津市"} | cells


def put_in(office: Any, path: Path, name: str = "新建 表格.xlsx") -> list[dict[str, Any]]:
    shutil.copyfile(path, office.settings.inbox / office.county / "labour" / name)
    batches: list[dict[str, Any]] = office.take("labour")
    return batches


def stored(office: Any) -> list[Any]:
    """Return all that labour rows say, without the delivery that is their evidence."""
    dropped = "{batch_id,row_no,version,version_tie}"
    return office.ask(
        f"select to_jsonb(c) - '{dropped}'::text[] as line from core.labour_placement as c order by person_key, start_month"
    )  # type: ignore[no-any-return]


def figures(office: Any, last: str = "2022-09") -> list[Any]:
    pipeline.build(office.settings)
    return office.ask(
        "select period, indicator_id, breakdown, value, qualifier from mart.indicator_value where period_kind = 'month'"
        " and period <= %s and indicator_id like 'LAB%%' order by 1, 2, 3",
        last,
    )  # type: ignore[no-any-return]


def test_what_waits_is_not_answered_by_a_form_that_never_listed_it(station: Any, tmp_path: Path) -> None:
    """Neither by rows said to be as they were nor by the tick; a ledger of the unit's own answers it, as ever."""
    rows = [spell(n, start=f"2022-0{n}-05") for n in range(1, 6)]
    rows[1] = spell(2, start="2022-02-05", 结束时间="2022-08-31")
    station.deliver("labour/甲站_十月.csv", ledger("甲站", "2022年10月9日", *rows, spell(7, 身份证号="990000")))
    waits = "select state from audit.quarantine where county_code = '620422'"
    assert station.ask(waits) == [("open",)]
    path = given_out(station, tmp_path)
    [batch] = put_in(station, filled_in(path, tick=TICK))
    assert (batch["state"], station.ask(waits)) == ("loaded", [("open",)])
    rest = ledger("甲站", "2022年11月1日", *rows, spell(7))
    station.deliver("labour/甲站_十一月.csv", rest)
    assert station.ask(waits) == [("corrected",)]


def test_rows_in_another_sheet_of_a_form_are_asked_about(station: Any, tmp_path: Path) -> None:
    """Whose they are nobody says there; they are not taken for another unit's."""
    path = filled_in(given_out(station, tmp_path), tick=TICK)
    book = load_workbook(path)
    extra = book.create_sheet("新增人员")
    extra.append(HEADER)
    extra.append(spell(60))
    book.save(path)
    [batch] = put_in(station, path)
    assert (batch["state"], batch["refusal_code"]) == ("gated", "FORM_QUESTIONS")
    assert "工作表“新增人员”里另有数据" in batch["refusal_zh"]



def test_everything_unchanged_restates_the_ledger(station: Any, tmp_path: Path) -> None:
    before, rows = figures(station), stored(station)
    [batch] = put_in(station, filled_in(given_out(station, tmp_path), tick=TICK))
    assert (batch["state"], batch["rows_unchanged"], batch["rows_quarantined"], batch["warnings_zh"]) == ("loaded", 5, 0, [])
    assert (stored(station), figures(station)) == (rows, before)


def test_what_a_clerk_fills_in_is_loaded(station: Any, tmp_path: Path) -> None:
    """One has ended, one is corrected, one was never right, two are new: every choice does what it says."""
    path = filled_in(
        given_out(station, tmp_path),
        said={
            1: {"本月情况": ENDED, "结束时间": "2022-10-20"}, 2: {"本月情况": CORRECTED, "务工月收入（元）": 4800},
            3: {"本月情况": STRUCK},
        },
        new=[placed(21), placed(22, 本月情况=NEW)],
    )  # fmt: skip
    people = dict(station.ask("select person_key, started_on::text from core.labour_placement where reporting_unit = '甲站'"))
    [batch] = put_in(station, path)
    assert (batch["state"], batch["rows_loaded"], batch["rows_unchanged"], batch["rows_quarantined"]) == ("loaded", 4, 2, 0)
    assert batch["warnings_zh"] == []
    now = station.ask(
        "select started_on::text, ended_on::text, wage_month_yuan::integer, person_key from core.labour_placement"
        " where reporting_unit = '甲站' order by started_on, person_key"
    )
    was = {row[3]: row[:3] for row in now if row[3] in people}
    assert sorted(was.values(), key=str) == [
        ("2022-01-05", "2022-10-20", 4000), ("2022-02-05", "2022-08-31", 4000), ("2022-03-05", None, 4800),
        ("2022-05-05", None, 4000),
    ], "the row that had ended stands last on the form"  # fmt: skip
    assert len(now) == 6
    october = {row[1]: row[3] for row in figures(station, PERIOD) if row[0] == PERIOD and row[2] == ""}
    assert int(october["LAB1"]) == 2


def test_where_choice_and_cells_do_not_agree_the_form_waits(station: Any, tmp_path: Path) -> None:
    """Each contradiction is one clear question; nothing of the form is loaded, what stood before stands."""

    def without_a_row(sheet: Worksheet) -> None:
        sheet.delete_rows(FIRST + 1)

    def with_a_row_copied(sheet: Worksheet) -> None:
        for cell in sheet[FIRST]:
            sheet.cell(FIRST + 5, cell.column).value = cell.value

    asked: list[tuple[dict[str, Any], Callable[[Worksheet], None] | None, str, str]] = [
        ({"said": {1: {"户类型": "监测户", "务工月收入（元）": 1}}}, None, "FORM_QUESTIONS", "第 5 行选了“无变化”"),
        ({"said": {1: {"本月情况": CORRECTED}}}, None, "FORM_QUESTIONS", "内容没有改动"),
        ({"said": {1: {"本月情况": ENDED}}}, None, "FORM_QUESTIONS", "请填写“结束时间”"),
        ({"said": {1: {"本月情况": None}}}, None, "FORM_QUESTIONS", "没有选"),
        ({"said": {1: {"本月情况": "走了"}}}, None, "FORM_QUESTIONS", "不在列表中"),
        ({"said": {1: {"本月情况": CORRECTED, "姓名": "李四"}}}, None, "FORM_QUESTIONS", "“姓名”是认这一行用的"),
        ({"new": [placed(21, 本月情况=UNCHANGED)]}, None, "FORM_QUESTIONS", "不是预填的行"),
        ({}, without_a_row, "FORM_QUESTIONS", "预填的 1 行不见了（编号 2）"),
        ({}, with_a_row_copied, "FORM_QUESTIONS", "编号都是 1"),
        ({"tick": "也许"}, None, "FORM_QUESTIONS", "无法判断"),
        ({"tick": TICK, "new": [placed(21)]}, None, "FORM_NIL_CONTRADICTS", "第 10 行是新填的"),
    ]
    before, form = stored(station), given_out(station, tmp_path)
    for serial, (typed, spoil, code, words) in enumerate(asked):
        path = filled_in(another(form, str(serial)), **typed)
        if spoil is not None:
            book = load_workbook(path)
            spoil(book.worksheets[0])
            book.save(path)
        [batch] = put_in(station, path, f"{serial}.xlsx")
        assert (batch["state"], batch["refusal_code"]) == ("gated", code), words
        assert words in batch["refusal_zh"]
    assert stored(station) == before


def test_what_is_not_the_form_we_gave_out_is_refused(station: Any, tmp_path: Path) -> None:
    def without_stamp(book: Any) -> None:
        del book["表单凭据"]

    def forged(book: Any) -> None:
        book["表单凭据"]["A2"].value = "a" * 32

    def of_another_month(book: Any) -> None:
        for cell in book.worksheets[0][2]:
            if str(cell.value).startswith("填报日期"):
                cell.value = "填报日期：2022年12月31日"

    def of_another_unit(book: Any) -> None:
        book.worksheets[0]["A2"].value = "填报单位：乙站"

    def without_a_column(book: Any) -> None:
        book.worksheets[0].cell(HEADER_LINE, 4).value = "名字"

    before, form = stored(station), given_out(station, tmp_path)
    spoilt = (without_stamp, forged, of_another_month, of_another_unit, without_a_column)
    for serial, spoil in enumerate(spoilt):
        path = another(form, str(serial))
        book = load_workbook(path)
        spoil(book)
        book.save(path)
        [batch] = put_in(station, path, f"{serial}.xlsx")
        wanted = "FORM_TAMPERED" if serial < 2 else "FORM_CHANGED"
        assert (batch["state"], batch["refusal_code"]) == ("refused", wanted), spoil.__name__
    assert stored(station) == before


def test_a_form_from_before_a_newer_ledger_is_asked_about(station: Any, tmp_path: Path) -> None:
    """What came in after it was made would be lost, or set back, by a form that knows nothing of it."""
    path = filled_in(given_out(station, tmp_path), tick=TICK)
    rows = [spell(n, start=f"2022-0{n}-05") for n in range(1, 6)]
    rows[1] = spell(2, start="2022-02-05", 结束时间="2022-08-31")
    station.deliver("labour/甲站_补.csv", ledger("甲站", "2022年10月8日", *rows, spell(6, start="2022-06-05")))
    [lacking] = put_in(station, path, "少一行.xlsx")
    assert (lacking["refusal_code"], "其中 1 行本表没有" in lacking["refusal_zh"]) == ("FORM_OUTDATED", True)
    rows[0] = spell(1, start="2022-01-05", 户类型="监测户")
    station.deliver("labour/甲站_改.csv", ledger("甲站", "2022年10月9日", *rows))
    before = stored(station)
    [stale] = put_in(station, path, "旧内容.xlsx")
    assert (stale["refusal_code"], "第 5 行" in stale["refusal_zh"]) == ("FORM_OUTDATED", True)
    assert stored(station) == before
    [fresh] = put_in(station, filled_in(given_out(station, tmp_path / "again"), tick=TICK), "重做.xlsx")
    assert (fresh["state"], stored(station)) == ("loaded", before)


def test_a_form_that_is_put_in_again_in_its_place_replaces_itself(station: Any, tmp_path: Path) -> None:
    """What was corrected and added by mistake is taken back in the same file: no newer ledger came in."""
    before, form = stored(station), given_out(station, tmp_path)
    wrong = filled_in(another(form, "错"), said={1: {"本月情况": CORRECTED, "户类型": "监测户"}}, new=[placed(21)])
    [first] = put_in(station, wrong)
    assert (first["state"], len(stored(station))) == ("loaded", len(before) + 1)
    [again] = put_in(station, filled_in(another(form, "对"), tick=TICK))
    assert (again["state"], stored(station)) == ("loaded", before)


def test_a_new_row_that_is_held_back_comes_back_in_a_return(station: Any, tmp_path: Path) -> None:
    [batch] = put_in(station, filled_in(given_out(station, tmp_path), new=[placed(21, 证件号码="123"), placed(22)]))
    assert (batch["rows_loaded"], batch["rows_unchanged"], batch["rows_quarantined"]) == (1, 5, 1)
    [path] = export_returns(station.settings, station.county, tmp_path / "back")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    at = {str(cell.value): cell.column for cell in sheet[1]}
    assert not {"本月情况", "检查"} & set(at)
    sheet.cell(2, at["证件号码"]).value = number(21)
    book.save(path)
    [answer] = put_in(station, path, "退回.xlsx")
    assert (answer["rows_loaded"], len(stored(station))) == (1, 10)


def test_a_nil_return_is_an_arrival_and_ends_the_alert(station: Any, tmp_path: Path) -> None:
    """Reminded before the day, overdue after it, and neither once the station has said that nothing is new."""

    def told(office: Any) -> list[str]:
        alerts = [one for one in found(office.settings, ["arrival_missed"]) if one.subject.startswith("labour_placement")]
        return sorted(f"{one.title_zh}|{one.body_zh}" for one in alerts)

    early, day, late = (station.at(f"2022-11-{day:02d}T09:00:00+08:00") for day in (1, 7, 9))
    assert [one.split("|")[0] for one in told(early)] == []
    assert [one.split("|")[0] for one in told(day)] == ["即将到期：乙站", "即将到期：甲站"]
    assert "今天截止" in told(day)[0]
    assert [one.split("|")[0] for one in told(late)] == ["逾期未报：乙站", "逾期未报：甲站"]
    [batch] = put_in(late, filled_in(given_out(late, tmp_path), tick=TICK))
    assert batch["state"] == "loaded"
    assert [one.split("|")[0] for one in told(late)] == ["逾期未报：乙站"]
    assert [one.split("|")[0] for one in told(day)] == ["即将到期：乙站"]
    [nil] = nil_returns(late.settings, late.county)
    assert (nil.dataset, nil.reporting_unit, nil.period, nil.stated_on) == (
        "labour_placement", "甲站", PERIOD, date(2022, 10, 31)
    )  # fmt: skip
    assert "无新增" in nil.zh
    owing = [one for _, one in owed_for(late.settings, late.county, date(2022, 10, 31)) if one.dataset == nil.dataset]
    assert {one.reporting_unit: one.has_arrived for one in owing} == {"甲站": True, "乙站": False}
    assert "甲站" not in {one.reporting_unit for one in [*missed(late.settings), *due_soon(day.settings)]}
    october = [row for row in figures(station, PERIOD) if row[0] == PERIOD]
    assert {(row[1], int(row[3]), row[4]) for row in october if row[1] == "LAB1"} == {("LAB1", 0, "exact")}


def test_a_township_that_never_reported_says_that_nothing_is_new(office: Any, tmp_path: Path) -> None:
    settings = agreed(office.settings, tmp_path, "labour_placement: {who: townships}")
    office = replace(office, settings=settings).at("2022-11-09T09:00:00+08:00")
    path = given_out(office, tmp_path / "forms", "会师镇")
    assert load_workbook(path).worksheets[0].cell(FIRST, 1).value is None
    (office.settings.inbox / office.county / "labour").mkdir(parents=True)
    [batch] = put_in(office, filled_in(path, tick=TICK), "不管叫什么.xlsx")
    assert (batch["state"], batch["reporting_unit"]) == ("loaded", "会师镇")
    late = {one.reporting_unit for one in missed(office.settings) if one.dataset == "labour_placement"}
    assert len(late) > 20
    assert "会师镇" not in late
    assert [one.reporting_unit for one in nil_returns(office.settings)] == ["会师镇"]


def test_a_form_without_rows_speaks_of_its_ledger_only(office: Any, tmp_path: Path) -> None:
    """Meetings of a quarter nobody reported: empty and unticked it is asked about, ticked they are 0 and not unknown."""
    made = make_forms(office.settings, office.county, "2022-12", tmp_path)
    [meetings] = [one for one in made if one.dataset == "work_meeting"]
    folder = office.settings.inbox / office.county / "work"
    folder.mkdir(parents=True)
    shutil.copyfile(meetings.path, folder / "空.xlsx")
    [asked] = office.take("work")
    assert (asked["state"], asked["refusal_code"]) == ("gated", "FORM_EMPTY")
    shutil.copyfile(filled_in(meetings.path, tick=TICK), folder / "无.xlsx")
    [batch] = office.take("work")
    assert (batch["state"], batch["dataset"]) == ("loaded", "work_meeting")
    pipeline.build(office.settings)
    rows = office.ask(
        "select indicator_id, value, qualifier from mart.indicator_value where period_kind = 'year' and breakdown = ''"
        " and indicator_id in ('ORG1', 'ORG2')"
    )
    assert {row[0]: (row[1], row[2]) for row in rows} == {"ORG1": (0, "exact"), "ORG2": (None, "not_reported")}


def test_january_takes_over_what_goes_on_and_leaves_last_year_as_it_was(station: Any, tmp_path: Path) -> None:
    """A form of January has last year's open rows; with and without new ones it withdraws nothing of last year."""
    winter = station.at("2023-02-02T09:00:00+08:00")
    before, rows = figures(winter, "2022-12"), stored(winter)
    path = given_out(winter, tmp_path, period="2023-01")
    sheet = load_workbook(path).worksheets[0]
    assert [sheet.cell(n, 1).value for n in range(FIRST, FIRST + 5)] == ["1", "2", "3", "4", None], "one had ended"
    [nil] = put_in(winter, filled_in(path, tick=TICK), "一月.xlsx")
    assert (nil["state"], nil["rows_unchanged"], stored(winter)) == ("loaded", 4, rows)
    february = station.at("2023-03-02T09:00:00+08:00")
    again = given_out(february, tmp_path / "b", period="2023-02")
    [batch] = put_in(february, filled_in(again, new=[placed(21, 开始时间="2023-02-06")]), "二月.xlsx")
    assert (batch["state"], batch["rows_loaded"], len(stored(february))) == ("loaded", 1, len(rows) + 1)
    assert figures(february, "2022-12") == before


def test_nobody_is_named_where_it_may_be_read(
    station: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Who is given names and numbers is noted; logs, output, questions and stamp hold none; sheets say how to fill in."""
    caplog.set_level(logging.INFO)
    for name, value in station.settings.environ.items():
        monkeypatch.setenv(name, value)
    command = ["forms", "make", "--county", station.county, "--period", PERIOD, "--out", str(tmp_path)]
    assert cli.main(command) == 0
    shown = capsys.readouterr().out
    assert "格已填好" in shown
    assert cli.main(["forms", "owed", "--county", station.county, "--period", PERIOD]) == 0
    assert "甲站：劳务输转台账 2022-10 未报（截至 2022-09-30）" in capsys.readouterr().out
    assert cli.main([*command, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["share_filled"] >= 0.7
    [form] = [one for one in document["forms"] if one["reporting_unit"] == "甲站"]
    assert (form["dataset"], form["rows"], form["period"]) == ("labour_placement", 5, PERIOD)
    reads = station.ask("select distinct row_count, purpose_zh, read_by <> '' from audit.vault_read order by 1")
    assert reads == [(3, "收表模板", True), (5, "收表模板", True)]
    book = load_workbook(form["file"])
    stamp = "".join(str(cell.value) for row in book["表单凭据"].iter_rows() for cell in row)
    path = filled_in(Path(form["file"]), said={1: {"本月情况": number(1)}})
    [batch] = put_in(station, path)
    for text in (shown, json.dumps(document), stamp, caplog.text, batch["refusal_zh"]):
        assert not [n for n in range(1, 14) if number(n) in text or "张三" in text]


def test_the_workbook_is_one_a_clerk_can_fill_in(station: Any, tmp_path: Path) -> None:
    """Identifying cells are locked without a password, lists offer words, all is prefilled, empty rows follow."""
    book = load_workbook(given_out(station, tmp_path))
    sheet, at = book.worksheets[0], columns(book.worksheets[0])
    assert [one.sheet_state for one in book.worksheets] == ["visible", "visible", "hidden", "veryHidden", "veryHidden"]
    assert book.worksheets[1].title == "填写说明"
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    locked = {label: sheet.cell(FIRST, column).protection.locked for label, column in at.items()}
    assert {label for label, is_locked in locked.items() if is_locked} == {
        "编号", "检查", "姓名", "证件号码", "开始时间", "务工企业名称"
    }  # fmt: skip
    assert not any(sheet.cell(FIRST + 5, column).protection.locked for label, column in at.items() if label not in ("编号", "检查"))
    said = {label: sheet.cell(FIRST, column).value for label, column in at.items()}
    assert (said["证件号码"], said["户类型"], said["乡镇"], said["本月情况"]) == (number(1), "脱贫户", "会师镇", UNCHANGED)
    assert str(said["检查"]).startswith("=IF(COUNTA(")
    lists = [str(one.formula1) for one in sheet.data_validations.dataValidation]
    assert f'"{UNCHANGED},{ENDED},{CORRECTED},{STRUCK}"' in lists
    assert any("选项" in formula for formula in lists)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_it_may_be_saved_by_libreoffice(station: Any, tmp_path: Path) -> None:
    """What LibreOffice saves is read as it was given out, and what its formulas say is what is asked."""
    path = filled_in(
        given_out(station, tmp_path / "given"), said={2: {"务工月收入（元）": 4100}}, new=[placed(21), placed(22, 姓名=None)]
    )
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(tmp_path / "saved"), str(path)], check=True, capture_output=True)
    saved = tmp_path / "saved" / path.name
    sheet = load_workbook(saved, data_only=True).worksheets[0]
    at = columns(sheet)
    checks = [sheet.cell(n, at["检查"]).value for n in range(FIRST, FIRST + 8)]
    assert checks[:2] == ["✓", "有改动，请选“更正”或“已结束”"]
    assert checks[5:7] == ["✓", "“姓名”未填"]
    [batch] = put_in(station, saved)
    assert (batch["refusal_code"], "处需要说明" in batch["refusal_zh"]) == ("FORM_QUESTIONS", True)
    assert "1 处" in batch["refusal_zh"]
    book = load_workbook(saved)
    book.worksheets[0].cell(FIRST + 1, at["本月情况"]).value = CORRECTED
    book.worksheets[0].cell(FIRST + 6, at["姓名"]).value = "李四"
    book.save(saved)
    [batch] = put_in(station, saved, "改好.xlsx")
    assert (batch["state"], batch["rows_loaded"], batch["rows_unchanged"], batch["rows_quarantined"]) == ("loaded", 3, 4, 0)


def test_every_station_of_a_sample_is_filled_in_and_loads_whole(office: Any, tmp_path: Path) -> None:
    """A year of all labour stations, then January's forms: at least 70 % is filled in, and no row is held back."""
    sample.generate(office.settings, office.county, 2022, 3, 0.03, tmp_path / "sample")
    ledgers = [*(tmp_path / "sample" / "inbox" / office.county / "labour").glob("*劳务工作站*")]
    assert len(ledgers) > 10
    folder = office.settings.inbox / office.county / "labour"
    folder.mkdir(parents=True)
    for path in ledgers:
        shutil.copyfile(path, folder / path.name)
    office.take("labour")
    before = figures(office, "2022-12")
    winter = office.at("2023-02-02T09:00:00+08:00")
    made = [
        one for one in make_forms(winter.settings, winter.county, "2023-01", tmp_path / "forms")
        if one.dataset == "labour_placement"
    ]  # fmt: skip
    stations = {unit for (unit,) in office.ask("select distinct reporting_unit from core.labour_placement")}
    assert {one.reporting_unit for one in made} == stations
    assert (share_filled(made) or 0) >= 0.7
    for serial, one in enumerate(made):
        ended = {1: {"本月情况": ENDED, "结束时间": "2023-01-15"}} if one.rows and serial % 2 else {}
        filled_in(one.path, said=ended, new=[placed(500 + serial, 开始时间="2023-01-09")], tick=None)
        shutil.copyfile(one.path, folder / f"表{serial}.xlsx")
    batches = winter.take("labour")
    assert len(batches) == len(made)
    assert {(batch["state"], batch["rows_quarantined"]) for batch in batches} == {("loaded", 0)}
    assert sum(batch["rows_unchanged"] + batch["rows_loaded"] for batch in batches) == sum(one.rows + 1 for one in made)
    assert figures(winter, "2022-12") == before
