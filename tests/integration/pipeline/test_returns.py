"""Rows held back are given back in a workbook, corrected, and put back: they say then what a clean delivery says."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.integration.load.test_load import ALLOCATIONS, ledger, spell
from xiezuo import cli, pipeline
from xiezuo.conform.returns import GUIDE_SHEET, HEADINGS, STAMP_SHEET
from xiezuo.declared.words import Decision
from xiezuo.operations.deliveries import decide
from xiezuo.operations.words import decide as decide_word
from xiezuo.publish.returns import export_returns

JUNE, JULY = "2022年6月30日", "2022年7月31日"
MENDED = [spell(serial) for serial in range(1, 6)]
BAD = [
    spell(1, 身份证号="990000"), spell(2, 开始时间="去年春天"), spell(3, 乡镇="没有这个镇"), spell(4, 户类型="富裕户"),
    spell(5, 姓名="", 身份证号="12"),
]  # fmt: skip
"""Five kinds of bad rows of a labour station; MENDED is what they should have said."""
GOOD = [spell(serial) for serial in range(6, 9)]
FIRST = 4
"""The line of the ledger in which the first of its rows stands."""
LETTERS = [[f"会财〔2022〕{n}号", f"2022-03-0{n}", "2022", f"{n}00.5"] for n in range(1, 6)]
BAD_LETTERS = [
    ["", *LETTERS[0][1:]], [LETTERS[1][0], "三月初", *LETTERS[1][2:]], [*LETTERS[2][:2], "去年", LETTERS[2][3]],
    [*LETTERS[3][:3], "若干"], [*LETTERS[4][:3], ""],
]  # fmt: skip
GOOD_LETTER = ["会财〔2022〕9号", "2022-03-09", "2022", "900"]


GOOD_PAYMENT = ["ZF009", "P-9", "2022-06-09", "某某公司", "90000", "工程款"]
PAYMENTS = [[f"ZF00{n}", f"P-{n}", f"2022-06-0{n}", "某某公司", f"{n}0000", "工程款"] for n in range(1, 5)]
BAD_PAYMENTS = [
    ["", *PAYMENTS[0][1:]], [*PAYMENTS[1][:2], "六月初", *PAYMENTS[1][3:]], [*PAYMENTS[2][:4], "0", PAYMENTS[2][5]],
    [PAYMENTS[3][0], "", *PAYMENTS[3][2:4], "-40000", "工程款"],
]  # fmt: skip
PAYMENT_HEAD = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额", "用途"]
GOOD_MEETING = ["2022-05-09", "县委常委会", "研究协作工作", "张三"]
MEETINGS = [[f"2022-05-0{n}", "县委常委会", f"研究第{n}批项目", "张三"] for n in range(1, 4)]
BAD_MEETINGS = [["五月上旬", *MEETINGS[0][1:]], [MEETINGS[1][0], "碰头聊天会", *MEETINGS[1][2:]], [*MEETINGS[2][:2], "", "张三"]]
MEETING_HEAD = ["会议时间", "会议类型", "议题", "主持人"]
GOOD_HOUSEHOLD = ["甲公司", "H09", "2022-04-09", "3"]
HOUSEHOLDS = [["甲公司", f"H0{n}", f"2022-04-0{n}", str(n)] for n in range(1, 4)]
BAD_HOUSEHOLDS = [["甲公司", "", *HOUSEHOLDS[0][2:]], [*HOUSEHOLDS[1][:2], "春天", "2"], [*HOUSEHOLDS[2][:3], "300"]]
HOUSEHOLD_HEAD = ["企业名称", "户编号", "带动时间", "家庭人口"]
FIVE = {
    "labour_placement": ("labour/甲站.csv", ledger("甲站", JUNE), BAD, MENDED, GOOD),
    "fund_allocation": ("fund/下达_2022-03.csv", [["单位：万元"], [*ALLOCATIONS[:3], "下达资金"]], BAD_LETTERS, LETTERS, [GOOD_LETTER]),
    "fund_payment": ("fund/支付_2022-06.csv", [["单位：元"], PAYMENT_HEAD], BAD_PAYMENTS, PAYMENTS, [GOOD_PAYMENT]),
    "work_meeting": ("work/会议_2022-05.csv", [MEETING_HEAD], BAD_MEETINGS, MEETINGS, [GOOD_MEETING]),
    "sales_household": ("sales/户_2022-04.csv", [HOUSEHOLD_HEAD], BAD_HOUSEHOLDS, HOUSEHOLDS, [GOOD_HOUSEHOLD]),
}  # fmt: skip
"""Twenty kinds of bad rows of five datasets: place, what stands above, bad rows, what they should say, good ones."""


def letters(*rows: Sequence[Any]) -> list[Sequence[Any]]:
    """Return a ledger of letters whose unit of money only its title names."""
    return [["单位：万元"], [*ALLOCATIONS[:3], "下达资金"], *rows]


def mended(path: Path, rows: Mapping[int, Mapping[str, Any]]) -> Path:
    """Type into a return workbook what rows should say, each known by its line in the ledger."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    at = {str(cell.value): cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        for label, value in rows.get(int(sheet.cell(line, at["行号"]).value), {}).items():
            sheet.cell(line, at[label]).value = value or None
    book.save(path)
    return path


def spells(*chosen: int, **cells: Any) -> dict[int, dict[str, Any]]:
    """Return by line what the bad spells should say: all of them, or the ``chosen`` ones."""
    header = ledger("", "")[2]
    return {
        FIRST + n: dict(zip(header, MENDED[n], strict=True)) | cells for n in chosen or range(len(MENDED))
    }  # fmt: skip


def sorted_backwards(path: Path) -> Path:
    """Turn the rows of a workbook round, as sorting does."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for line, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(line, column).value = value
    book.save(path)
    return path


def spoiled(office: Any) -> None:
    office.deliver("labour/甲站.csv", ledger("甲站", JUNE, *BAD, *GOOD))


def exported(office: Any, folder: Path, **which: Any) -> list[Path]:
    return export_returns(office.settings, office.county, folder, **which)


def put_back(office: Any, path: Path, name: str, source: str = "labour") -> list[dict[str, Any]]:
    shutil.copyfile(path, office.settings.inbox / office.county / source / name)
    batches: list[dict[str, Any]] = office.take(source)
    return batches


def said(office: Any, table: str) -> list[Any]:
    """Return all that a dataset's rows say, without where they came from; towns without their county."""
    dropped = "{batch_id,row_no,version_tie,county_code,row_hash,town}"
    return office.ask(
        f"select to_jsonb(c) - '{dropped}'::text[] as line, right(to_jsonb(c) ->> 'town', 3)"
        f" from core.{table} as c where county_code = %s order by 1",
        office.county,
    )  # type: ignore[no-any-return]


def figures(office: Any) -> list[Any]:
    return office.ask(
        "select period_kind, period, indicator_id, right(breakdown, 3), value, qualifier from mart.indicator_value"
        " where county_code = %s order by 1, 2, 3, 4",
        office.county,
    )  # type: ignore[no-any-return]


def states(office: Any) -> dict[str, int]:
    return dict(office.ask("select state, count(*) from audit.quarantine where county_code = %s group by 1", office.county))


def people(office: Any) -> int:
    [(count,)] = office.ask("select count(*) from core.labour_placement where county_code = %s", office.county)
    return int(count)


@pytest.fixture
def held(filled_once: Callable[..., Any], tmp_path: Path) -> Any:
    """Return an office that has taken in a ledger with five bad rows and three good ones."""
    return filled_once(spoiled, tmp_path)


def corrected(path: Path, head: Sequence[str], bad: Sequence[Any], good: Sequence[Any], first: int) -> Path:
    """Type into a return workbook what its rows should say, by header; one with the unit of money keeps its name."""
    book = load_workbook(path)
    labels = [str(cell.value) for cell in book.worksheets[0][1]]
    named = [next((label for label in labels if label.partition("（")[0] == name), name) for name in head]
    rows = {first + n: dict(zip(named, row, strict=True)) for n, row in enumerate(good)}
    assert len(rows) == len(bad)
    return mended(path, rows)


def test_what_comes_back_is_what_a_clean_delivery_says(settings: Any, neighbours: Any, tmp_path: Path) -> None:
    """Twenty kinds of bad rows of five datasets; returns are renamed, one is sorted, all are delivered twice."""
    one, clean = neighbours(settings, ["530101", "530102"])
    sources = dict.fromkeys(place.partition("/")[0] for place, *_ in FIVE.values())
    for place, above, bad, good, others in FIVE.values():
        one.drop(place, [*above, *bad, *others])
        clean.drop(place, [*above, *good, *others])
    for source in sources:
        one.take(source)
        clean.take(source)
    assert {table: len(said(one, table)) for table in FIVE} == {table: len(o) for table, (*_, o) in FIVE.items()}
    assert sum(len(bad) for _, _, bad, _, _ in FIVE.values()) == 20
    books = {path.stem.removeprefix("退回修改_"): path for path in exported(one, tmp_path)}
    for number, (place, above, bad, good, _) in enumerate(FIVE.values()):
        source, _, name = place.partition("/")
        path = corrected(books[name.removesuffix(".csv")], above[-1], bad, good, len(above) + 1)
        [batch] = put_back(one, sorted_backwards(path) if number == 0 else path, f"新建 工作表{number}.xlsx", source)
        assert (batch["rows_loaded"], batch["rows_quarantined"]) == (len(bad), 0), batch
        [again] = put_back(one, path, f"副本{number}.xlsx", source)
        assert again["refusal_code"] == "RETURN_OUTDATED"
    assert set(states(one)) == {"corrected"}
    for table in FIVE:
        assert said(one, table) == said(clean, table)
    pipeline.build(one.settings)
    assert figures(one) == figures(clean)
    assert figures(one)


def test_rows_that_move_a_figure_most_come_first(settings: Any, neighbours: Any, tmp_path: Path) -> None:
    """One whose amount cannot be read may be any; a list offers the words the county decided on, and none it rejected."""
    (one,) = neighbours(settings, ["530101"])
    rows = [["", "x", "2022-06-01", "甲", "10"], ["", "x", "2022-06-01", "甲", "若干"], ["", "x", "", "甲", "900"]]
    one.deliver("fund/支付_2022-06.csv", [["单位：元"], PAYMENT_HEAD[:5], *rows])
    one.deliver("work/会议_2022-05.csv", [MEETING_HEAD, *BAD_MEETINGS, GOOD_MEETING])
    for word, value in (("碰头聊天会", None), ("书记专题会", "leading_group")):
        state = "accepted" if value else "rejected"
        decision = Decision("work_meeting.body", word, state, value, None, None, "不是会议", "王主任")  # type: ignore[arg-type]
        decide_word(one.settings, decision, [one.county])
    fund, work = exported(one, tmp_path)
    assert [row[2].value for row in load_workbook(fund).worksheets[0].iter_rows(min_row=2)] == [4, 5, 3]
    offered = [cell.value for cell in load_workbook(work)["选项"]["A"]]
    assert offered[0] == "书记专题会"
    assert "碰头聊天会" not in offered
    assert len(offered) > 2


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_it_may_be_saved_by_libreoffice(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path / "given")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(tmp_path / "saved"), str(path)], check=True, capture_output=True)
    saved = tmp_path / "saved" / path.name
    [untouched] = put_back(held, saved, "未改.xlsx")
    assert untouched["refusal_code"] == "RETURN_UNCHANGED", "saving it is no correction"
    [batch] = put_back(held, mended(saved, spells()), "改好.xlsx")
    assert (batch["rows_loaded"], states(held)) == (5, {"corrected": 6})


def test_the_workbook_tells_what_is_wrong(held: Any, tmp_path: Path) -> None:
    """Its own columns first, then the ledger's; wrong cells are marked, the fewest to change come first, words in lists."""
    [path] = exported(held, tmp_path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert head[:5] == list(HEADINGS)
    assert head[5:] == ledger("", "")[2]
    assert [book[name].sheet_state for name in (GUIDE_SHEET, STAMP_SHEET)] == ["visible", "veryHidden"]
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == [4, 5, 6, 7, 8]
    marked = {
        (row[2].value, head[cell.column - 1])
        for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fgColor.rgb == "FFFFF2A8"
    }  # fmt: skip
    assert marked == {(4, "身份证号"), (5, "开始时间"), (6, "乡镇"), (7, "户类型"), (8, "姓名"), (8, "身份证号")}
    assert "“姓名”" in sheet.cell(6, 4).value
    assert "“身份证号”" in sheet.cell(6, 4).value
    lists = {str(one.sqref).rstrip("23456:") for one in sheet.data_validations.dataValidation}
    assert lists
    reads = held.ask("select row_count, purpose_zh, read_by <> '' from audit.vault_read")
    assert reads == [(5, "退回修改表", True)]


def test_a_row_is_shown_with_all_that_is_on_record(
    held: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both reasons of a row, and what became of each; nothing of what was typed."""
    for name, value in held.settings.environ.items():
        monkeypatch.setenv(name, value)
    [(number,)] = held.ask("select quarantine_id from audit.quarantine where row_no = 8 and starts_with(column_name, '姓名')")
    assert cli.main(["quarantine", "show", number[:12], "--county", held.county]) == 0
    said = capsys.readouterr().out
    assert said.count("等待更正") == 2
    assert "“姓名”" in said
    assert cli.main(["quarantine", "waive", number, "--county", held.county, "--by", "王主任", "--reason", "查无此人"]) == 0
    assert cli.main(["quarantine", "show", number[:12], "--county", held.county]) == 0
    assert "已说明（查无此人（王主任））" in capsys.readouterr().out
    assert cli.main(["quarantine", "show", "z", "--county", held.county]) == 2


def test_half_of_it_may_be_corrected_and_the_rest_later(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path)
    [half] = put_back(held, mended(path, spells(0, 1)), "一半.xlsx")
    assert (half["rows_read"], people(held), states(held)) == (2, 5, {"corrected": 2, "open": 4})
    [rest] = put_back(held, mended(path, spells()), "全部.xlsx")
    assert (rest["rows_read"], people(held), states(held)) == (3, 8, {"corrected": 6})


def test_a_second_copy_does_nothing_more(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path)
    mended(path, spells())
    put_back(held, path, "改好.xlsx")
    before = said(held, "labour_placement")
    [again] = put_back(held, path, "改好 - 副本.xlsx")
    assert (again["state"], again["refusal_code"]) == ("refused", "RETURN_OUTDATED")
    assert (said(held, "labour_placement"), states(held)) == (before, {"corrected": 6})


def test_a_second_correction_of_a_row_is_not_taken_in_silence(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path)
    put_back(held, mended(path, spells(0)), "一.xlsx")
    [batch] = put_back(held, mended(path, spells(0, 1, 务工企业="别家")), "二.xlsx")
    assert batch["rows_loaded"] == 1
    assert [warning for warning in batch["warnings_zh"] if "第 4 行此前已经更正过" in warning]


def test_what_is_still_wrong_waits_by_itself_and_is_given_back_again(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path)
    [batch] = put_back(held, mended(path, spells(0, 身份证号="990001")), "又错.xlsx")
    assert (batch["rows_quarantined"], states(held)) == (1, {"corrected": 1, "open": 6})
    [again] = exported(held, tmp_path / "again")
    [batch] = put_back(held, mended(again, spells()), "再改.xlsx")
    assert (batch["rows_loaded"], people(held), states(held)) == (5, 8, {"corrected": 7})


def test_a_newer_ledger_outdates_it_whichever_comes_first(settings: Any, neighbours: Any, tmp_path: Path) -> None:
    offices = neighbours(settings, ["530101", "530102"])
    for office in offices:
        office.drop("labour/甲站.csv", ledger("甲站", JUNE, *BAD, *GOOD))
    offices[0].take("labour")
    first, second = offices
    paths = {office.county: exported(office, tmp_path / office.county)[0] for office in offices}
    newer = ledger("甲站", JULY, *MENDED[:3], *GOOD)
    [loaded] = put_back(first, mended(paths[first.county], spells(1, 4)), "改好.xlsx")
    assert loaded["rows_loaded"] == 2
    first.deliver("labour/七月.csv", newer)
    second.deliver("labour/七月.csv", newer)
    [late] = put_back(second, mended(paths[second.county], spells(1, 4)), "改好.xlsx")
    assert late["refusal_code"] == "RETURN_OUTDATED"
    assert said(first, "labour_placement") == said(second, "labour_placement")
    assert states(first) == states(second) == {"corrected": 6}


def test_it_goes_and_comes_with_the_delivery_it_answers(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path)
    put_back(held, mended(path, spells()), "改好.xlsx")
    whole = said(held, "labour_placement")

    def decided(name: str, standing: Any) -> None:
        place = f"{held.county}/labour/{name}.csv" if name == "甲站" else f"{held.county}/labour/{name}.xlsx"
        decide(held.settings, held.county, place, standing, by="王主任", reason="试撤")

    decided("改好", "retracted")
    assert (people(held), states(held)) == (3, {"open": 6})
    decided("改好", "stands")
    assert (said(held, "labour_placement"), states(held)) == (whole, {"corrected": 6})
    decided("甲站", "retracted")
    assert people(held) == 0
    decided("甲站", "stands")
    assert (said(held, "labour_placement"), states(held)) == (whole, {"corrected": 6})


def test_taken_in_anew_it_is_the_same_whichever_is_read_first(
    held: Any, fresh: Callable[..., Any], keys_of: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    """An inbox is taken in by an empty warehouse: the return is read before the ledger it answers."""
    [path] = exported(held, tmp_path)
    put_back(held, mended(path, spells()), "0 改好.xlsx")
    settings = fresh(tmp_path / "anew")
    anew = replace(held, settings=replace(settings, environ={**settings.environ, **keys_of(held.settings)}))
    shutil.copytree(held.settings.inbox, anew.settings.inbox, dirs_exist_ok=True)
    batches = anew.take("labour")
    assert [batch["refusal_code"] for batch in batches] == ["RETURN_OUTDATED", None, None]
    assert (said(anew, "labour_placement"), states(anew)) == (said(held, "labour_placement"), states(held))


def test_a_row_that_contradicts_a_stored_one_is_asked_about(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path)
    [batch] = put_back(held, mended(path, spells(0, 身份证号=GOOD[0][1], 户类型="监测户")), "同人.xlsx")
    assert (batch["state"], batch["refusal_code"]) == ("gated", "RETURN_CONTRADICTS")
    assert (people(held), states(held)) == (3, {"open": 6})


def _without_stamp(path: Path) -> None:
    book = load_workbook(path)
    del book[STAMP_SHEET]
    book.save(path)


def _forged(path: Path) -> None:
    book = load_workbook(path)
    sheet = book[STAMP_SHEET]
    text = sheet["A3"].value
    sheet["A3"].value = text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1]
    book.save(path)


def _with_a_row(path: Path) -> None:
    book = load_workbook(path)
    book.worksheets[0].append(["", "", "", "", "", *spell(9)])
    book.save(path)


def _with_a_row_twice(path: Path) -> None:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[2]])
    book.save(path)


def _with_another_header(path: Path) -> None:
    book = load_workbook(path)
    book.worksheets[0]["G1"].value = "证件"
    book.save(path)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_without_stamp, "RETURN_TAMPERED"), (_forged, "RETURN_TAMPERED"), (_with_a_row, "RETURN_CHANGED"),
        (_with_a_row_twice, "RETURN_CHANGED"), (_with_another_header, "RETURN_CHANGED"),
    ],
)  # fmt: skip
def test_what_is_not_what_we_gave_out_is_refused_whole(held: Any, tmp_path: Path, spoil: Any, code: str) -> None:
    [path] = exported(held, tmp_path)
    spoil(mended(path, spells()))
    [batch] = put_back(held, path, "改好.xlsx")
    assert (batch["state"], batch["refusal_code"]) == ("refused", code)
    assert (people(held), states(held)) == (3, {"open": 6})


def test_in_another_folder_it_is_refused(held: Any, tmp_path: Path) -> None:
    [path] = exported(held, tmp_path)
    (held.settings.inbox / held.county / "fund").mkdir()
    [batch] = put_back(held, mended(path, spells()), "改好.xlsx", "fund")
    assert batch["refusal_code"] == "RETURN_ELSEWHERE"


def test_the_command_prints_what_it_wrote(
    held: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in held.settings.environ.items():
        monkeypatch.setenv(name, value)
    command = ["quarantine", "export", "--county", held.county, "--out", str(tmp_path / "out")]
    assert cli.main(command) == 0
    [printed] = capsys.readouterr().out.split()
    assert Path(printed).is_file()
    assert cli.main([*command, "--unit", "乙站"]) == 0
    assert cli.main([*command, "--delivery", f"{held.county}/labour/甲站.csv"]) == 0
    assert capsys.readouterr().out.splitlines() == ["没有等待更正的行", printed]


def test_a_waiver_names_who_gave_it(held: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row waits no longer, and is not given back."""
    for name, value in held.settings.environ.items():
        monkeypatch.setenv(name, value)
    [(number,)] = held.ask("select quarantine_id from audit.quarantine where row_no = 4")
    command = ["quarantine", "waive", number, "--county", held.county, "--reason", "已核实不计入", "--by"]
    assert cli.main([*command, " "]) == 2
    assert cli.main([*command, "王主任"]) == 0
    found = held.ask("select state, explanation_zh from audit.quarantine where row_no = 4")
    assert found == [("explained", "已核实不计入（王主任）")]


def test_a_corrected_row_of_last_year_comes_back_with_its_ledger(office: Any, tmp_path: Path) -> None:
    """This year's ledger listed it too and then no longer: what last year's says, with its correction, holds again."""
    wrong, other = spell(1, "2021-11-05", 乡镇="没有这个镇"), spell(6, "2021-11-06")
    office.deliver("labour/甲站_2021.csv", ledger("甲站", "2021年12月31日", wrong, other))
    [path] = exported(office, tmp_path)
    put_back(office, mended(path, {FIRST: {"乡镇": "会师镇"}}), "退回.xlsx")
    last_year = "select count(*)::int from core.labour_placement where started_on < '2022-01-01'"
    assert office.ask(last_year) == [(2,)]
    office.deliver("labour/甲站_7月.csv", ledger("甲站", JULY, spell(1, "2021-11-05"), *GOOD[1:]))
    office.deliver("labour/甲站_8月.csv", ledger("甲站", "2022年8月31日", *GOOD[1:]))
    assert office.ask(last_year) == [(2,)]
    assert states(office) == {"corrected": 1}
