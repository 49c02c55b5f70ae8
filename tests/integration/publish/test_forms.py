"""Other people's forms: bound once by their words, filled every period, everything else of the file as it came."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.data import blank_forms, counties
from xiezuo import pipeline
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


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_statement_is_bound_once_and_filled(office: Settings, tmp_path: Path) -> None:
    blank = dropped(tmp_path, "2022年统计表.xlsx", blank_forms.statement())
    proposed = forms.bind(office, COUNTY, blank)
    assert [(line.words, line.state) for line in proposed.lines if line.state != "sure"] == [("公益性岗位安置", "none"), ("金额合计", "none")]
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
    assert rows["公益性岗位安置"] == [None] * 5 + ["无此指标"]
    assert rows["采购、销售农特产品金额"][:2] == [None, None]
    assert "未报告" in rows["采购、销售农特产品金额"][5]
    assert rows["采购框架协议金额"][1] == 500.67
    assert rows["财政援助资金"][1] == 1649.01
    assert rows["社会捐赠"][1] == 125.94
