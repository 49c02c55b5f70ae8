"""Other people's forms: bound once by their words, filled every period, everything else of the file as it came."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.data import blank_forms, counties
from xiezuo import cli, pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.publish.forms import forms
from xiezuo.warehouse import access

COUNTY = "530999"
TOWNS = tuple(counties.TOWNS)
TOWN = f"{COUNTY}100"

# kind, period, indicator, township, value, unit, qualifier
VALUES: list[tuple[str, str, str, str, str | None, str, str]] = [
    ("month", "2022-09", "LAB1", "", "31", "人", "exact"),
    ("month", "2022-09", "LAB2", "", "12", "人", "exact"),
    ("month", "2022-09", "CON1", "", None, "元", "not_reported"),
    ("year_to_date", "2022-09", "LAB1", "", "412", "人", "exact"),
    ("year_to_date", "2022-09", "LAB1", TOWN, "100", "人", "exact"),
    ("year_to_date", "2022-09", "LAB1.lifted", "", "300", "人", "exact"),
    ("year_to_date", "2022-09", "LAB1.lifted", TOWN, "60", "人", "exact"),
    ("year_to_date", "2022-09", "LAB2", "", "180", "人", "exact"),
    ("year_to_date", "2021-09", "LAB2", "", "150", "人", "exact"),
    ("year_to_date", "2022-09", "LAB3", "", "0", "人", "exact"),
    ("year_to_date", "2022-09", "CON1", "", None, "元", "not_reported"),
    ("year_to_date", "2022-09", "CON5.agreed", "", "5006789.99", "元", "at_least"),
    ("year_to_date", "2022-09", "FUN1", "", "16490050.00", "元", "exact"),
    ("year_to_date", "2022-09", "SOC1", "", "1259449.99", "元", "exact"),
    ("year", "2022", "LAB1", "", "500", "人", "exact"),
    ("year_to_date", "2023-09", "LAB1", "", "77", "人", "exact"),
]


@pytest.fixture(scope="module")
def template(
    fresh: Callable[..., Settings], keep: Callable[[Settings, str], None], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Return the name of a warehouse of a county nobody has, with a few figures and a target."""
    folder = tmp_path_factory.mktemp("forms")
    settings = counties.settle(fresh(folder), folder, counties.invented(COUNTY))
    pipeline.prepare(settings)
    with access.connect(settings) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into mart.indicator (indicator_id, name_zh, name_en, unit, measure, source) values (%s, '', '', %s, '', 'work')",
            sorted({(value[2], value[5]) for value in VALUES}),
        )
        cursor.executemany(
            "insert into mart.indicator_value (county_code, period_kind, period, indicator_id, breakdown, value, unit,"
            " qualifier, as_of) values (%s, %s, %s, %s, %s, %s, %s, %s, '2022-09-30')",
            [(COUNTY, *value) for value in VALUES],
        )
        cursor.execute(
            "insert into audit.batch (county_code, batch_id, source, dataset, feed, uri, sha256, state, started_at, finished_at)"
            " values (%s, 'targets', 'work', 'work_target', 'workbook', '', '', 'loaded', now(), now())",
            (COUNTY,),
        )
        cursor.execute(
            "insert into core.work_target (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash, batch_id,"
            " row_no, year, indicator_id, value, unit) values (%s, '2022', 'workbook', 1, '2022-02-01', '', '', 'targets', 1,"
            " 2022, 'LAB2', 240, '')",
            (COUNTY,),
        )
    keep(settings, "xiezuo_with_figures_for_forms")
    return "xiezuo_with_figures_for_forms"


@pytest.fixture
def office(fresh: Callable[..., Settings], template: str, tmp_path: Path) -> Settings:
    """Return settings of that county, without any confirmed form."""
    return counties.settle(fresh(tmp_path, template), tmp_path, counties.invented(COUNTY))


def dropped(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def confirmed(settings: Settings, blank: Path) -> forms.Bound:
    """Bind a blank and confirm what was proposed."""
    forms.bind(settings, COUNTY, blank)
    return forms.accept(settings, COUNTY, blank, "王主任")


def choose(proposal: Path, words: str, answer: str, unit: str = "") -> None:
    """Answer one line of a proposal as the office does in its spreadsheet program."""
    book = openpyxl.load_workbook(proposal)
    sheet = book["核对"]
    lines = [row for row in sheet.iter_rows(min_row=4) if row[1].value == words]
    assert len(lines) == 1, [row[1].value for row in sheet.iter_rows(min_row=4)]
    lines[0][4].value = answer
    lines[0][5].value = unit or lines[0][5].value
    book.save(proposal)


def looks(cell: Any) -> list[str]:
    return [repr(cell.border), repr(cell.font), repr(cell.fill), repr(cell.alignment)]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_statement_is_bound_once_and_filled(office: Settings, tmp_path: Path) -> None:
    blank = dropped(tmp_path, "2022年统计表.xlsx", blank_forms.statement())
    proposed = forms.bind(office, COUNTY, blank)
    assert [(line.words, line.state) for line in proposed.lines if line.state != "sure"] == [("高校毕业生见习", "none"), ("金额合计", "none")]
    with pytest.raises(Exception, match="not confirmed"):
        forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    assert forms.accept(office, COUNTY, blank, "王主任").waiting == []
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    sheet = openpyxl.load_workbook(filled.path)["统计表"]
    rows = {line[1].value: [cell.value for cell in line[3:9]] for line in sheet.iter_rows(min_row=5, max_row=18)}
    assert rows["农村劳动力转移就业人数"][:2] == [31, 412]
    assert rows["其中：脱贫人口"][1] == 300
    assert rows["赴东部结对省份就业"] == [12, 180, 150, 75, 240, None]
    assert rows["省内就近就业"][1] == 0
    assert rows["高校毕业生见习"] == [None] * 5 + ["无此指标"]
    assert rows["采购、销售农特产品金额"][:2] == [None, None]
    assert rows["采购、销售农特产品金额"][5] == "未报告"
    assert rows["采购框架协议金额"][5] == "本月未报告；完成数约数下限"
    assert rows["采购框架协议金额"][1] == 500.67
    assert rows["财政援助资金"][1] == 1649.01
    assert rows["社会捐赠"][1] == 125.94


def test_nothing_but_cells_changes(office: Settings, tmp_path: Path) -> None:
    """Every part keeps its bytes, but the sheet, its number formats and the list of sheets; formulas and merges stay."""
    blank = dropped(tmp_path, "统计表.xlsx", blank_forms.statement())
    confirmed(office, blank)
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out").path
    before, after = parts(blank.read_bytes()), parts(filled.read_bytes())
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        "xl/worksheets/sheet1.xml", "xl/worksheets/xiezuo_map.xml", "xl/styles.xml", "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels", "[Content_Types].xml",
    }  # fmt: skip
    assert set(before) <= set(after)
    old, new = (openpyxl.load_workbook(path)["统计表"] for path in (blank, filled))
    assert old.merged_cells.ranges == new.merged_cells.ranges
    assert [v.sqref for v in old.data_validations.dataValidation] == [v.sqref for v in new.data_validations.dataValidation]
    assert new["B3"].comment.text == "按上级口径填报"
    assert openpyxl.load_workbook(filled).defined_names["money"].attr_text == "统计表!$E$18"
    for line in old.iter_rows():
        for cell in line:
            other = new[cell.coordinate]
            assert cell.value in (None, other.value)
            assert looks(cell) == looks(other)
    assert new["E18"].value == old["E18"].value
    assert new["E13"].number_format == '0.00"余"'


def test_each_cell_can_be_followed(office: Settings, tmp_path: Path) -> None:
    blank = dropped(tmp_path, "统计表.xlsx", blank_forms.statement())
    confirmed(office, blank)
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    book = openpyxl.load_workbook(filled.path)
    assert book["xiezuo_map"].sheet_state == "veryHidden"
    heads, *lines = [[cell.value for cell in row] for row in book["xiezuo_map"].iter_rows(min_row=2)]
    told = {line[1]: dict(zip(heads, line, strict=True)) for line in lines if line[1]}
    assert told["E8"]["追溯命令"] == "xiezuo trace LAB2 --period 2022-09 --kind year_to_date"
    assert told["F8"]["追溯命令"] == "xiezuo trace LAB2 --period 2021-09 --kind year_to_date"
    assert (told["E15"]["数值（金额为元）"], told["E15"]["填入"], told["E15"]["单位"]) == ("16490050", "1649.01", "万元")
    assert told["D10"]["说明"] == "无此指标"
    sheet = book["统计表"]
    blanks = {f"{row[0].column_letter}{row[0].row}" for row in sheet.iter_rows(min_row=5, max_row=18, min_col=4, max_col=8)}
    assert blanks
    assert all(sheet[address].value is None for address, line in told.items() if not line["填入"])
    assert filled.cautions == ["统计表!E18：公式引用的 E12、E13 留空或为约数下限"]


def test_next_years_edition_asks_about_what_changed_only(office: Settings, tmp_path: Path) -> None:
    """Two new rows and one renamed: three; rows that moved, other numbers, another year and another name do not ask."""
    confirmed(office, dropped(tmp_path, "2022年统计表.xlsx", blank_forms.statement()))
    number, name, unit = blank_forms.ROWS[1]
    rows = [
        blank_forms.ROWS[0], ("1", "招聘会推荐企业", "家"), (number, name, unit), *blank_forms.ROWS[2:4],
        ("", "县外务工交通补助", "人"), ("3", "省内就地就近就业", "人"), *blank_forms.ROWS[5:],
    ]  # fmt: skip
    blank = dropped(tmp_path, "下发2023.xlsx", blank_forms.statement(rows, year=2023))
    found = forms.bind(office, COUNTY, blank)
    assert found.before is not None
    assert [line.words for line in found.waiting] == ["招聘会推荐企业", "县外务工交通补助", "省内就地就近就业"]
    filled = forms.fill_form(office, COUNTY, blank, "2023-09", tmp_path / "out")
    sheet = openpyxl.load_workbook(filled.path)["统计表"]
    assert (sheet["B7"].value, sheet["E7"].value) == (name, 77)
    assert {one.where: one.amount.note for one in filled.blank if one.where.endswith(("E6", "E10", "E11"))} == {
        "统计表!E6": "待确认", "统计表!E10": "待确认", "统计表!E11": "待确认",
    }  # fmt: skip
    choose(found.proposal, "县外务工交通补助", "无此指标")
    accepted = forms.accept(office, COUNTY, blank, "李主任")
    assert accepted.waiting == []
    assert [(one.edition, one.decided_by) for _, one in forms.listed(office, COUNTY)] == [(2, "李主任")]
    assert not forms.bind(office, COUNTY, blank).waiting


def test_a_small_form_that_asks_for_some_of_the_same_is_a_form_of_its_own(office: Settings, tmp_path: Path) -> None:
    """It takes nobody's place, and nobody's answers; two blanks of one file name fill two files."""
    big = dropped(tmp_path, "统计表.xlsx", blank_forms.statement())
    confirmed(office, big)
    (tmp_path / "b").mkdir()
    small = dropped(tmp_path / "b", "统计表.xlsx", blank_forms.statement([*blank_forms.ROWS[:4], ("9", "双方互访", "次")]))
    assert forms.bind(office, COUNTY, small).before is None
    with pytest.raises(ConfigError):
        forms.fill_form(office, COUNTY, dropped(tmp_path, "一行.xlsx", blank_forms.statement(blank_forms.ROWS[1:2])), "2022-09", tmp_path)
    confirmed(office, small)
    assert forms.fill_form(office, COUNTY, big, "2022-09", tmp_path / "out").put
    written = forms.fill_confirmed(office, COUNTY, "2022-09")
    assert sorted(Path(path).name for path in written) == ["统计表-2.xlsx", "统计表.xlsx"]


def test_two_that_fit_are_asked_and_not_filled(office: Settings, tmp_path: Path) -> None:
    """框架协议 without a unit is a number or a sum; a sum of money without a unit is asked too."""
    rows = [("1", "农村劳动力转移就业人数", "人"), ("2", "选派党政干部", "人"), ("3", "社会帮扶资金", "项")]
    blank = dropped(tmp_path, "统计表.xlsx", blank_forms.statement(rows))
    found = forms.bind(office, COUNTY, blank)
    assert {line.words: line.choices for line in found.waiting} == {
        "选派党政干部": (
            "TAL1.east_to_west", "TAL1.west_to_east", "TAL6.times.cadres", "TAL6", "TAL6.times.east_to_west_cadres",
            "TAL6.times.west_to_east_cadres",
        ), "社会帮扶资金": ("SOC1",),
    }  # fmt: skip
    assert len(forms.accept(office, COUNTY, blank, "王主任").waiting) == 2
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    assert {one.where: one.amount.note for one in filled.cells if one.where.endswith(("E6", "E7"))} == {
        "统计表!E6": "待确认", "统计表!E7": "待确认",
    }  # fmt: skip


def test_townships_have_their_own_rows(office: Settings, tmp_path: Path) -> None:
    """A township without people in jobs has 0; a name that is no township is asked; sums stay formulas."""
    blank = dropped(tmp_path, "分乡镇.xlsx", blank_forms.by_town([*TOWNS[:2], "别处镇"]))
    found = forms.bind(office, COUNTY, blank)
    assert [(line.kind, line.words) for line in found.waiting] == [("place", "别处镇")]
    choose(found.proposal, "别处镇", "不填")
    forms.accept(office, COUNTY, blank, "王主任")
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    sheet = openpyxl.load_workbook(filled.path)["分乡镇"]
    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]
    assert rows == [[TOWNS[0], 100, 60], [TOWNS[1], 0, 0], ["别处镇", None, None], ["合计", "=SUM(B3:B5)", "=SUM(C3:C5)"]]
    assert filled.blank == []


def test_a_word_table_is_filled(office: Settings, tmp_path: Path) -> None:
    """Only the document changes; each figure stands in a control that says what it is."""
    blank = dropped(tmp_path, "情况表.docx", blank_forms.document())
    found = confirmed(office, blank)
    assert [(line.words, line.state) for line in found.lines if line.state != "sure"] == [
        ("资金投入 社会捐赠", "asked"), ("资金投入 村集体收入", "none"),
    ]  # fmt: skip
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    before, after = parts(blank.read_bytes()), parts(filled.path.read_bytes())
    assert {name for name in after if after[name] != before.get(name)} == {"word/document.xml"}
    xml = after["word/document.xml"].decode()
    assert "xz1|LAB1||2022-09/ytd|value|530999-2022-09-form|412" in xml
    texts = [["".join(node.text or "" for node in cell._tc.iter() if node.tag.endswith("}t")) for cell in row.cells]
             for row in docx.Document(str(filled.path)).tables[0].rows]  # fmt: skip
    assert texts[2][2:4] == ["31", "412"]
    assert texts[4][2:] == ["", "1649.01", "本月未报告"]
    assert texts[6][2:] == ["", "", "无此指标"]


def test_a_column_that_is_not_known_is_asked_once_and_its_cells_say_so(office: Settings, tmp_path: Path) -> None:
    """Without a remark column each blank cell has a note; township rows are filled beside it."""
    heads = ("转移就业人数（人）", "残疾人转移就业（人）")
    blank = dropped(tmp_path, "分乡镇.xlsx", blank_forms.by_town(TOWNS[:2], heads=heads))
    assert [line.words for line in confirmed(office, blank).waiting] == ["残疾人转移就业（人）"]
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    sheet = openpyxl.load_workbook(filled.path)["分乡镇"]
    assert [[cell.value for cell in line[1:]] for line in sheet.iter_rows(min_row=3, max_row=4)] == [[100, None], [0, None]]
    assert [sheet[place].comment.text for place in ("C3", "C4")] == ["待确认", "待确认"]
    assert filled.cautions == ["分乡镇!C5：公式引用的 C3、C4 留空或为约数下限"]


def test_a_protected_sheet_is_filled_where_it_is_open(office: Settings, tmp_path: Path) -> None:
    blank = dropped(tmp_path, "表.xlsx", blank_forms.locked())
    confirmed(office, blank)
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    sheet = openpyxl.load_workbook(filled.path).worksheets[0]
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)] == [
        ["转移就业人数", "人", None, 412], ["省内就近就业", "人", None, 0],
    ]  # fmt: skip


def test_a_title_of_another_period_is_refused(office: Settings, tmp_path: Path) -> None:
    blank = dropped(tmp_path, "统计表.xlsx", blank_forms.statement(year=2021))
    confirmed(office, blank)
    with pytest.raises(Exception, match="FORM_PERIOD"):
        forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")


def test_a_whole_year_is_filled_where_a_column_says_no_span(office: Settings, tmp_path: Path) -> None:
    """完成数 of a year is the year's; of a month the office has to say whether it is the month's or the year's so far."""
    blank = dropped(tmp_path, "表.docx", blank_forms.plain_document())
    found = confirmed(office, blank)
    assert found.waiting == []
    assert [one.amount.text for one in forms.fill_form(office, COUNTY, blank, "2022", tmp_path / "out").cells] == ["500"]
    (cell,) = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out").cells
    assert (cell.amount.text, cell.amount.note) == ("", "表头未写当月还是累计，请在核对表中注明")
    forms.bind(office, COUNTY, blank)
    choose(found.proposal, "（未写当月或累计）", "本年累计")
    forms.accept(office, COUNTY, blank, "王主任")
    assert [one.amount.text for one in forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out").cells] == ["412"]


def test_the_night_fills_what_is_confirmed(office: Settings, tmp_path: Path) -> None:
    """Beside the summary, with the same bytes each time; a form of another year is left out."""
    for name, year in (("甲.xlsx", 2022), ("乙.xlsx", 2021)):
        rows = blank_forms.ROWS if year == 2022 else [("1", "双方互访", "次")]
        confirmed(office, dropped(tmp_path, name, blank_forms.statement(rows, year=year)))
    (path,) = forms.fill_confirmed(office, COUNTY, "2022-09")
    assert Path(path) == office.out / COUNTY / "2022-09" / "forms" / "甲.xlsx"
    data = Path(path).read_bytes()
    assert forms.fill_confirmed(office, COUNTY, "2022-09") == [path]
    assert Path(path).read_bytes() == data
    assert forms.fill_confirmed(office, COUNTY, "2024-09") == []


def test_the_commands(office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Bind, confirm, fill and list, as somebody at a terminal does."""
    for name, value in office.environ.items():
        if name.startswith("XIEZUO_"):
            monkeypatch.setenv(name, value)
    blank = str(dropped(tmp_path, "统计表.xlsx", blank_forms.statement()))

    def said(*words: str, code: int = 0) -> str:
        assert cli.main(["forms", *words]) == code
        return capsys.readouterr().out

    assert "“统计表”：读出 49 个单元格、15 行，0 行待确认" in said("bind", blank)
    assert said("bind", blank, "--accept", code=2) == ""
    assert "已确认" in said("bind", blank, "--accept", "--by", "王主任")
    told = said("fill", blank, "--period", "2022-09", "--out", str(tmp_path / "out"))
    assert "统计表!E10 “高校毕业生见习”：无此指标" in told
    answer: dict[str, Any] = json.loads(said("fill", blank, "--period", "2022-09", "--out", str(tmp_path / "out"), "--json"))
    bound = next(cell for cell in answer["filled"] if cell["cell"] == "E13")
    assert (bound["text"], Decimal(bound["value"]), bound["qualifier"]) == ("500.67", Decimal("5006789.99"), "at_least")
    assert "530999 统计表 第1版 统计表.xlsx（王主任" in said("list")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_what_was_filled(office: Settings, tmp_path: Path) -> None:
    """The sum that the blank had saved, of blanks, is gone; what is filled adds up, the lower bound too."""
    blank = dropped(tmp_path, "统计表.xlsx", blank_forms.statement())
    confirmed(office, blank)
    filled = forms.fill_form(office, COUNTY, blank, "2022-09", tmp_path / "out")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run([*command, str(tmp_path / "again"), str(filled.path)], check=True, capture_output=True, timeout=180)
    sheet = openpyxl.load_workbook(tmp_path / "again" / "统计表.xlsx", data_only=True)["统计表"]
    assert round(sheet["E18"].value, 2) == 2275.62
