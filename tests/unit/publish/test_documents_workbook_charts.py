"""Charts are native, draw the cells they are meant to, and are left out where there is nothing to draw."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.data import workbook_contents
from xiezuo.publish.documents.content import Content, Table
from xiezuo.publish.documents.workbook import render

NAMES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
}


def rendered(content: Content) -> bytes:
    return render.render(content, workbook_contents.stamp_of(content))


class Chart:
    """A chart as the file has it: its title, shape, and the cells of its series."""

    def __init__(self, xml: bytes, data: bytes) -> None:
        self.xml = etree.fromstring(xml)
        self.title = "".join(self.xml.xpath("//c:chart/c:title//a:t/text()", namespaces=NAMES))
        plot = self.xml.xpath("//c:plotArea/*", namespaces=NAMES)
        self.shape = next(
            etree.QName(part).localname for part in plot if etree.QName(part).localname.endswith("Chart")
        )
        self._book = load_workbook(BytesIO(data))

    def cells(self, part: str) -> list[list[object]]:
        """Return the values of the cells that each series draws (val) or is named by (cat)."""
        formulas = self.xml.xpath(f"//c:ser/c:{part}//c:f/text()", namespaces=NAMES)
        return [self._values(formula) for formula in formulas]

    def sheet(self) -> str:
        (formula, *_) = self.xml.xpath("//c:ser/c:val//c:f/text()", namespaces=NAMES)
        return str(formula).rpartition("!")[0].strip("'")

    def _values(self, formula: str) -> list[object]:
        name, _, area = formula.rpartition("!")
        sheet = self._book[name.strip("'")]
        assert isinstance(sheet, Worksheet)
        return [cell.value for (cell,) in sheet[area.replace("$", "")]]


def charts_of(content: Content) -> dict[str, Chart]:
    data = rendered(content)
    with zipfile.ZipFile(BytesIO(data)) as file:
        found = [
            Chart(file.read(name), data) for name in file.namelist() if name.startswith("xl/charts/chart")
        ]
    return {chart.sheet(): chart for chart in found}


def with_table(table: Table) -> Content:
    return workbook_contents.month_content().model_copy(update={"tables": (table,)})


def test_targets_are_drawn_by_their_completion() -> None:
    content = workbook_contents.month_content()
    chart = charts_of(content)["任务完成"]
    drawn = [
        value
        for value in content.of_kind("year_to_date")
        if not value.breakdown and value.completion_pct is not None
    ]
    assert chart.shape == "barChart"
    assert chart.cells("val") == [
        [float(value.completion_pct / 100) for value in drawn if value.completion_pct is not None]
    ]
    (names,) = chart.cells("cat")
    assert names[:2] == ["研究部署会议", "财政帮扶资金"]
    assert "帮助农村劳动力转移就业（其中：脱贫人口）" in names


def test_townships_are_drawn_from_the_first_to_the_fifteenth() -> None:
    chart = charts_of(workbook_contents.month_content())["分乡镇"]
    (names,), (numbers,) = chart.cells("cat"), chart.cells("val")
    assert (chart.shape, len(names)) == ("barChart", 15)
    assert (names[0], numbers[0]) == ("丙岔镇", 180)
    assert numbers == sorted(map(int, map(str, numbers)), reverse=True)
    assert chart.title == "帮助农村劳动力转移就业（本年累计，前15名）"


def test_few_townships_are_all_drawn_without_the_county() -> None:
    chart = charts_of(workbook_contents.year_content("530999"))["分乡镇"]
    assert chart.cells("cat") == [["西乡", "东乡", "南乡"]]
    assert chart.title == "帮助农村劳动力转移就业（本年累计）"


def test_fund_progress_is_three_columns_side_by_side_without_the_total() -> None:
    chart = charts_of(workbook_contents.month_content())["资金进度"]
    assert chart.shape == "barChart"
    assert chart.xml.xpath("//c:barDir/@val", namespaces=NAMES) == ["col"]
    assert chart.xml.xpath("//c:ser/c:tx//c:v/text()", namespaces=NAMES) == ["拨付", "到账", "支付"]
    table = workbook_contents.fund_progress()
    expected = [[float(row.cells[at] or 0) for row in table.rows] for at in (1, 2, 3)]
    assert chart.cells("val") == expected
    assert chart.cells("cat") == [[row.cells[0] for row in table.rows]] * 3


def test_sums_are_drawn_in_ten_thousands() -> None:
    chart = charts_of(workbook_contents.month_content())["资金进度"]
    assert chart.xml.xpath("//c:valAx/c:numFmt/@formatCode", namespaces=NAMES) == ["0\\.0,"]
    assert "单位：万元" in chart.xml.xpath("//c:valAx//a:t/text()", namespaces=NAMES)


def test_channels_and_destinations_are_shares() -> None:
    charts = charts_of(workbook_contents.month_content())
    assert charts["消费帮扶分渠道情况"].shape == charts["劳务去向"].shape == "pieChart"
    assert charts["消费帮扶分渠道情况"].cells("val") == [[30000000.10, 26000000, 18000000.20, 14500000]]
    assert charts["劳务去向"].cells("val") == [[118, 1731, 120]]


def test_many_channels_or_a_negative_one_are_bars() -> None:
    table = workbook_contents.sales_by_channel()
    many = table.model_copy(update={"rows": table.rows * 2})
    refunded = table.rows[0].model_copy(update={"cells": ("退款", "-5.00", "1")})
    for changed in (many, table.model_copy(update={"rows": (*table.rows, refunded)})):
        assert charts_of(with_table(changed))["消费帮扶分渠道情况"].shape == "barChart"


@pytest.mark.parametrize("cell", [None, "0", "0.00", "没有"])
def test_a_chart_without_a_number_is_left_out(cell: str | None) -> None:
    fund = workbook_contents.fund_progress()
    rows = tuple(
        row.model_copy(update={"cells": (row.cells[0], cell, cell, cell, cell)}) for row in fund.rows
    )
    assert "资金进度" not in charts_of(with_table(fund.model_copy(update={"rows": rows})))
    assert "资金进度" not in charts_of(with_table(fund.model_copy(update={"rows": ()})))


def test_an_empty_month_has_no_chart() -> None:
    content = workbook_contents.month_content()
    none = [
        value.model_copy(update={"value": Decimal(0), "completion_pct": None}) for value in content.values
    ]
    assert charts_of(content.model_copy(update={"values": tuple(none), "tables": ()})) == {}


def test_texts_of_charts_have_a_chinese_font_and_are_no_addresses() -> None:
    table = workbook_contents.fund_progress()
    columns = tuple(column.model_copy(update={"zh": "=A1"}) for column in table.columns)
    chart = charts_of(with_table(table.model_copy(update={"zh": "=B2", "columns": columns})))["资金进度"]
    assert not chart.xml.xpath("//c:tx//c:f", namespaces=NAMES)
    assert set(chart.xml.xpath("//a:latin/@typeface", namespaces=NAMES)) == {"宋体"}
    assert chart.title.strip() == "=B2"
