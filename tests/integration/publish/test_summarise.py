"""Summaries: what the warehouse holds, as files a program and an office can open."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.publish import summarise, unchanged
from xiezuo.publish.documents.content import Content, County, Stamp
from xiezuo.publish.outfiles import replace_when_different
from xiezuo.publish.release import standing
from xiezuo.warehouse import access

COUNTY = "620422"
TOWN = "620422100"

# kind, period, indicator, township, value, unit, qualifier, as of
VALUES: list[tuple[str, str, str, str, str | None, str, str, str]] = [
    ("month", "2022-09", "LAB2", "", "12", "人", "exact", "2022-09-30"),
    ("month", "2022-09", "LAB2", TOWN, "7", "人", "exact", "2022-09-30"),
    ("month", "2022-09", "LAB2.lifted", "", "11", "人", "exact", "2022-09-30"),
    ("month", "2022-09", "FUN1", "", "5000000", "元", "at_least", "2022-09-15"),
    ("month", "2022-09", "ORG1", "", None, "次", "not_reported", "2022-09-30"),
    ("month", "2022-09", "NEW10", "", "2", "个", "exact", "2022-09-30"),
    ("month", "2022-09", "NEW2", "", "1", "个", "exact", "2022-09-30"),
    ("year_to_date", "2022-09", "LAB2", "", "180", "人", "exact", "2022-09-30"),
    ("year_to_date", "2022-09", "LAB2", TOWN, "100", "人", "exact", "2022-09-30"),
    ("year_to_date", "2022-09", "FUN1", "", "16490000.005", "元", "at_least", "2022-09-15"),
    ("year_to_date", "2022-09", "ORG1", "", None, "次", "not_reported", "2022-09-30"),
    ("month", "2021-09", "LAB2", "", "9", "人", "exact", "2021-09-30"),
    ("year_to_date", "2021-09", "LAB2", "", "150", "人", "exact", "2021-09-30"),
    ("year", "2022", "LAB2", "", "2320", "人", "exact", "2022-12-31"),
    ("year", "2022", "FUN1", "", "56000000", "元", "exact", "2022-12-31"),
    ("year", "2022", "CON1", "", None, "元", "not_reported", "2022-12-31"),
    ("year_to_date", "2022-09", "IND3", "", "26870000", "元", "exact", "2022-09-30"),
]
NAMES = {
    "ORG1": ("研究部署会议", "次"),
    "LAB2": ("赴东部结对省份就业", "人"),
    "LAB2.lifted": ("其中：脱贫人口", "人"),
    "FUN1": ("财政帮扶资金", "元"),
    "CON1": ("消费帮扶销售额", "元"),
    "IND3": ("完成投资", "元"),
    "NEW2": ('=HYPERLINK("http://example.invalid")', "个"),
    "NEW10": ("新指标十", "个"),
}
TARGETS = [("LAB2", "240"), ("FUN1", "40000000"), ("ORG1", "12"), ("LAB2.lifted", "0")]


def put_targets(cursor: psycopg.Cursor) -> None:
    """Put the year's targets as a loaded list of them has them."""
    cursor.execute(
        "insert into audit.batch (county_code, batch_id, source, dataset, feed, uri, sha256, state, started_at, finished_at)"
        " values (%s, 'targets', 'work', 'work_target', 'workbook', '', '', 'loaded', now(), now())",
        (COUNTY,),
    )
    cursor.executemany(
        "insert into core.work_target (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash, batch_id,"
        " row_no, year, indicator_id, value, unit)"
        " values (%s, '2022', 'workbook', 1, '2022-02-01', '', '', 'targets', %s, 2022, %s, %s, '')",
        [(COUNTY, number, *target) for number, target in enumerate(TARGETS)],
    )


@pytest.fixture(scope="module")
def served(fresh: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a warehouse that holds a few figures."""
    settings = fresh(tmp_path_factory.mktemp("figures"))
    with access.connect(settings) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into mart.indicator (indicator_id, name_zh, name_en, unit, measure, source)"
            " values (%s, %s, '', %s, '', 'work')",
            [(indicator_id, *label) for indicator_id, label in NAMES.items()],
        )
        cursor.executemany(
            "insert into mart.indicator_value (county_code, period_kind, period, indicator_id, breakdown,"
            " value, unit, qualifier, as_of) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [(COUNTY, *value) for value in VALUES],
        )
        put_targets(cursor)
    return settings


def written(settings: Settings, period: str) -> tuple[dict[str, Any], openpyxl.Workbook]:
    """Summarise and read both files back."""
    paths = {Path(path).name: Path(path) for path in summarise.summarise(settings, COUNTY, period)}
    assert sorted(paths) == files_of(period)
    assert all(path.parent == settings.out / COUNTY / period for path in paths.values())
    return json.loads(paths["summary.json"].read_text(encoding="utf-8")), openpyxl.load_workbook(paths["summary.xlsx"])


def files_of(period: str) -> list[str]:
    """Return what is written of a period: its summary, and the documents to be signed."""
    name = "annual" if len(period) == 4 else "bulletin"
    return [f"{name}.docx", f"{name}.xlsx", "summary.json", "summary.xlsx"]


def test_month_document_is_as_the_interface_says(served: Settings) -> None:
    """Every figure has the interface's keys; money has two decimals, counts none, a gap is null."""
    document, _ = written(served, "2022-09")
    assert {k: document[k] for k in ("county_code", "period_kind", "period", "as_of")} == {
        "county_code": COUNTY, "period_kind": "month", "period": "2022-09", "as_of": "2022-09-30",
    }  # fmt: skip
    keys = {
        "indicator_id", "breakdown", "value", "unit", "qualifier", "target", "completion_pct", "last_year"
    }  # fmt: skip
    assert all(set(figure) == keys for figure in document["figures"] + document["year_to_date"])
    found = {(f["indicator_id"], f["breakdown"]): f for f in document["figures"]}
    assert len(found) == sum(kind == "month" and period == "2022-09" for kind, period, *_ in VALUES)
    assert found["FUN1", ""]["value"] == "5000000.00"
    assert found["FUN1", ""]["qualifier"] == "at_least"
    assert (found["LAB2", ""]["value"], found["LAB2", ""]["last_year"]) == ("12", "9")
    assert (found["LAB2", TOWN]["value"], found["LAB2", TOWN]["last_year"]) == ("7", None)
    assert (found["ORG1", ""]["value"], found["ORG1", ""]["qualifier"]) == (None, "not_reported")
    to_date = {(f["indicator_id"], f["breakdown"]): f["value"] for f in document["year_to_date"]}
    assert to_date["LAB2", ""] == "180"
    assert to_date["FUN1", ""] == "16490000.01"


def test_a_year_s_target_is_compared_with_the_year_so_far(served: Settings) -> None:
    """In a month's summary too; without target, value or a target to divide by there is no share."""
    document, _ = written(served, "2022-09")
    for part in ("figures", "year_to_date"):
        found = {(f["indicator_id"], f["breakdown"]): (f["target"], f["completion_pct"]) for f in document[part]}
        assert found["LAB2", ""] == ("240", "75.00")
        assert found["FUN1", ""] == ("40000000.00", "41.23")
        assert found["ORG1", ""] == ("12", None)
        assert found["LAB2", TOWN] == (None, None)
    assert {f["indicator_id"]: f["target"] for f in document["figures"]}["LAB2.lifted"] == "0"
    year = {f["indicator_id"]: (f["target"], f["completion_pct"]) for f in written(served, "2022")[0]["figures"]}
    assert year == {"LAB2": ("240", "966.67"), "FUN1": ("40000000.00", "140.00"), "CON1": (None, None)}


def test_progress_holds_the_same_comparison(served: Settings) -> None:
    """Also for an indicator that has no monthly value."""
    with access.connect(served, "analyst") as connection:
        rows = connection.execute(
            "select indicator_id, month_value, year_to_date, target, round(completion_pct, 2), last_year_value, change_pct"
            " from mart.progress where county_code = %s and period = '2022-09'",
            (COUNTY,),
        ).fetchall()
    found = {row[0]: tuple(None if v is None else float(v) for v in row[1:]) for row in rows}
    assert found == {
        "LAB2": (12, 180, 240, 75, 150, 20),
        "FUN1": (5000000, 16490000.005, 40000000, 41.23, None, None),
        "ORG1": (None, None, 12, None, None, None),
        "IND3": (None, 26870000, None, None, None, None),
    }


def test_figures_follow_the_report_list(served: Settings) -> None:
    """Groups come in the list's order, others after it; a part follows its whole; 10 comes after 2."""
    document, _ = written(served, "2022-09")
    order = list(dict.fromkeys(f["indicator_id"] for f in document["figures"]))
    assert order == ["ORG1", "FUN1", "LAB2", "LAB2.lifted", "NEW2", "NEW10"]


def test_year_document(served: Settings) -> None:
    """A year has its own figures and no year to date beside them."""
    document, book = written(served, "2022")
    assert document["period_kind"] == "year"
    assert "year_to_date" not in document
    assert {f["indicator_id"]: f["value"] for f in document["figures"]} == {
        "FUN1": "56000000.00", "LAB2": "2320", "CON1": None,
    }  # fmt: skip
    assert [cell.value for cell in book["汇总"][3]] == [
        "序号",
        "指标",
        "单位",
        "全年",
        "年度任务",
        "完成率",
        "上年",
        "说明",
        "指标编号",
    ]
    assert book["汇总"]["A1"].value == "会宁县2022年度东西部协作主要指标汇总表"


def test_month_workbook(served: Settings) -> None:
    """The sheet has title, date, header and numbers that are numbers; bounds and gaps are told beside."""
    sheet = written(served, "2022-09")[1]["汇总"]
    assert sheet["A1"].value == "会宁县2022年9月东西部协作主要指标汇总表"
    assert sheet["A2"].value.endswith("数据截至：2022年9月30日")
    header = [cell.value for cell in sheet[3]]
    assert header == [
        "序号", "指标", "单位", "本月", "本年累计", "年度任务", "完成率", "上年同期累计", "说明", "指标编号"
    ]  # fmt: skip
    rows = {row[9].value: row for row in sheet.iter_rows(min_row=4, max_col=10) if row[9].value}
    fund, labour, meetings = rows["FUN1"], rows["LAB2"], rows["ORG1"]
    assert [cell.value for cell in labour[:8]] == [3, "赴东部结对省份就业", "人", 12, 180, 240, 0.75, 150]
    assert labour[6].number_format == "0.00%"
    assert (fund[3].value, fund[3].number_format) == (5000000, '#,##0.00" 以上"')
    assert (fund[5].value, fund[5].number_format) == (40000000, "#,##0.00")
    assert (fund[7].value, fund[7].data_type) == ("—", "s")
    assert fund[8].value == "约数下限；数据截至2022-09-15"
    assert (meetings[3].value, meetings[4].value, meetings[8].value) == ("—", "—", "未报告")
    assert (rows["IND3"][3].value, rows["IND3"][4].value) == ("—", 26870000)
    assert rows["LAB2.lifted"][1].alignment.indent == 1


def test_figures_stand_under_the_headings_of_their_chapters(served: Settings) -> None:
    """A heading spans the sheet; letters no chapter has come last."""
    sheet = written(served, "2022-09")[1]["汇总"]
    firsts = [row[0].value for row in sheet.iter_rows(min_row=4, max_col=1) if isinstance(row[0].value, str)]
    assert firsts == ["一、组织领导", "二、财政帮扶资金", "三、劳务协作", "四、产业合作", "五、其他"]
    spans = {str(cells) for cells in sheet.merged_cells.ranges}
    assert {"A1:J1", "A4:J4"} <= spans


def test_workbook_prints_and_reads_in_an_office(served: Settings) -> None:
    """Header stays in view and on every page, A4 across, as wide as the page, in the office's fonts."""
    book = written(served, "2022-09")[1]
    assert book.sheetnames == ["汇总", "分乡镇", "分乡镇累计"]
    for sheet in book:
        assert sheet.freeze_panes == "C4"
        assert sheet.print_title_rows == "$1:$3"
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} <= {"宋体", "仿宋"}
    assert book["汇总"].column_dimensions["B"].width > 2 * len("赴东部结对省份就业")


def test_towns_have_names_and_their_zeros(served: Settings) -> None:
    """Each township of the county has a row; one without records has 0 where the county has a value."""
    sheet = written(served, "2022-09")[1]["分乡镇"]
    rows = {row[1].value: row[2].value for row in sheet.iter_rows(min_row=3, max_col=3) if row[1].value}
    assert rows["乡镇"] == "赴东部结对省份就业\n（人）"
    assert rows["全县"] == 12
    assert rows["会师镇"] == 7
    assert list(rows.values()).count(0) == len(rows) - 3 >= 20


def test_no_cell_is_a_formula(served: Settings) -> None:
    """A name that looks like a formula is text, in the very XML."""
    summarise.summarise(served, COUNTY, "2022-09")
    path = served.out / COUNTY / "2022-09" / "summary.xlsx"
    with zipfile.ZipFile(path) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert b"=HYPERLINK" in package.read("xl/sharedStrings.xml")
    assert len(sheets) == 3
    assert not any(b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_again_is_no_change(served: Settings) -> None:
    """The same figures are the same bytes, and the files are left alone; a changed file is put right."""
    paths = [Path(path) for path in summarise.summarise(served, COUNTY, "2022-09")]
    before = {path: (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}
    summarise.summarise(served, COUNTY, "2022-09")
    assert {p: (p.read_bytes(), p.stat().st_ino, p.stat().st_mtime_ns) for p in paths} == before
    for path in paths:
        path.unlink()
    summarise.summarise(served, COUNTY, "2022-09")
    assert {path: path.read_bytes() for path in paths} == {path: kept[0] for path, kept in before.items()}
    paths[0].write_bytes(b"{}")
    summarise.summarise(served, COUNTY, "2022-09")
    assert paths[0].read_bytes() == before[paths[0]][0]
    assert sorted(p.name for p in paths[0].parent.iterdir()) == files_of("2022-09")


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the periods whose documents were rendered, in order."""
    periods: list[str] = []
    render = standing.render

    def noted(settings: Settings, content: Content, *rest: Any) -> dict[str, bytes]:
        periods.append(content.period)
        return render(settings, content, *rest)

    monkeypatch.setattr(standing, "render", noted)
    return periods


def test_files_of_an_unchanged_content_are_not_rendered_again(served: Settings, rendered: list[str]) -> None:
    """Whatever decides what they say, and whatever was done to them, makes them be rendered; and only that."""
    paths = summarise.summarise(served, COUNTY, "2022-09")
    rendered.clear()
    assert summarise.summarise(served, COUNTY, "2022-09") == paths
    assert rendered == []
    summarise.summarise(served, COUNTY, "2022")
    summarise.summarise(served, COUNTY, "2022-09")
    assert "2022-09" not in rendered
    change = "update mart.indicator_value set value = value + %s where indicator_id = 'LAB2' and period = '2022-09' and breakdown = ''"
    for difference in (1, -1):
        rendered.clear()
        with access.connect(served) as connection:
            connection.execute(change, (difference,))
        summarise.summarise(served, COUNTY, "2022-09")
        assert rendered == ["2022-09"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"sources": 1}', None], ids=["empty", "half", "list", "other", "gone"])
def test_a_record_that_cannot_be_read_means_rendering(served: Settings, rendered: list[str], damage: bytes | None) -> None:
    before = {path: Path(path).read_bytes() for path in summarise.summarise(served, COUNTY, "2022-09")}
    rendered.clear()
    (record,) = (served.home / "written").glob(f"{COUNTY}-2022-09-*.json")
    record.write_bytes(damage) if damage is not None else record.unlink()
    assert {path: Path(path).read_bytes() for path in summarise.summarise(served, COUNTY, "2022-09")} == before
    assert rendered == ["2022-09"]


def test_another_program_wording_or_template_is_another_source(served: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    county = County(code=COUNTY, name="", city="", province="", paired_county="", paired_province="")
    content = Content(county=county, period="2022-09", as_of=date(2022, 9, 30), values=())
    stamp = Stamp(release_id="r", digest="d")
    root = tmp_path / "root"
    shutil.copytree(served.root / "include", root / "include")
    here = replace(served, root=root)
    found = [unchanged.sources_of(here, content, stamp, b"template")]
    assert unchanged.sources_of(here, content, stamp, b"template") == found[0]
    found.append(unchanged.sources_of(here, content, stamp, b"templatE"))
    found.append(unchanged.sources_of(here, content, stamp.model_copy(update={"head": "h"}), b"template"))
    found.append(unchanged.sources_of(here, content.model_copy(update={"period": "2022-10"}), stamp, b"template"))
    (root / "include" / "close_calendar.yaml").write_bytes((root / "include" / "close_calendar.yaml").read_bytes() + b"#")
    found.append(unchanged.sources_of(here, content, stamp, b"template"))
    monkeypatch.setattr(unchanged, "_PROGRAM", b"another")
    found.append(unchanged.sources_of(here, content, stamp, b"template"))
    assert len(set(found)) == len(found) == 6


def test_files_can_be_read_by_the_office(served: Settings) -> None:
    """Published files have the mode any program gives a new file, not that of a private one."""
    probe = served.out / "probe"
    served.out.mkdir(exist_ok=True)
    probe.write_bytes(b"")
    modes = {stat.S_IMODE(Path(path).stat().st_mode) for path in summarise.summarise(served, COUNTY, "2022")}
    assert modes == {stat.S_IMODE(probe.stat().st_mode)}


def test_a_period_never_built_has_no_files(served: Settings) -> None:
    """Nothing is written for a period without figures, not even a folder."""
    assert summarise.summarise(served, COUNTY, "2019-01") == []
    assert summarise.summarise(served, "130000", "2022") == []
    assert not (served.out / COUNTY / "2019-01").exists()
    assert not (served.out / "130000").exists()


@pytest.mark.parametrize("period", ["2022-13", "2022-9", "../2022", "2022-09/ytd", "", "２０２２"])
def test_what_is_no_period_is_refused(served: Settings, period: str) -> None:
    """A period is a year or a month and never a path."""
    with pytest.raises(ConfigError):
        summarise.summarise(served, COUNTY, period)


def test_annual_table(served: Settings) -> None:
    """The terminal's table has thousands separators and says what was not reported."""
    assert summarise.annual_table(served, COUNTY, 2022) == [
        ("FUN1", "财政帮扶资金", "56,000,000.00", "元", ""),
        ("LAB2", "赴东部结对省份就业", "2,320", "人", ""),
        ("CON1", "消费帮扶销售额", "—", "元", "未报告"),
    ]
    assert summarise.annual_table(served, COUNTY, 2019) == []


def test_bytes_replace_only_when_they_differ(tmp_path: Path) -> None:
    """A replaced file is a new one; an equal one is not touched; nothing is left beside it."""
    path = tmp_path / "deep" / "file"
    assert replace_when_different(path, b"one")
    assert not replace_when_different(path, b"one")
    assert replace_when_different(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["file"]
