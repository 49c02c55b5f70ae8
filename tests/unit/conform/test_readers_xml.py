"""Workbooks that are XML: .ods as LibreOffice and WPS write it, and XML Spreadsheet 2003 that portals call .xls."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.conform.readers import Cell, CellError, Hidden, Limits, Sheet, read_file

MIME = "application/vnd.oasis.opendocument.spreadsheet"
NS = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
SPACES = " ".join(f'xmlns:{name}="{NS.format(name)}"' for name in ("office", "table", "text", "style"))
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(path: Path, body: str, *, styles: str = "", mime: str = MIME, manifest: str = "<m/>") -> Path:
    content = (
        f"<office:document-content {SPACES} {CALC}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mime)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def table(rows: str, name: str = "九月", more: str = "") -> str:
    return f"<table:table table:name={quoteattr(name)} {more}>{rows}</table:table>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def cell(value: Any = None, more: str = "") -> str:
    """One cell as LibreOffice writes it: the value as an attribute, what is shown as a paragraph."""
    kind, stated = "", ""
    shown = "" if value is None else str(value)
    if isinstance(value, bool):
        kind, stated = "boolean", f'office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float):
        kind, stated = "float", f'office:value="{value}"'
    elif isinstance(value, date):
        kind, stated = "date", f'office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = "string"
    typed = f'office:value-type="{kind}" {stated}' if kind else ""
    text = f"<text:p>{escape(shown)}</text:p>" if shown else ""
    return f"<table:table-cell {typed} {more}>{text}</table:table-cell>"


def xml_2003(path: Path, rows: str, *, styles: str = "", options: str = "", more: str = "", encoding: str = "utf-8") -> Path:
    head = f'<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>'
    spaces = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    excel = 'xmlns:x="urn:schemas-microsoft-com:office:excel"'
    text = (
        f'{head}<Workbook {spaces} {excel}>{more}<Styles>{styles}</Styles><Worksheet ss:Name="九月"><Table>{rows}</Table>'
        f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">{options}</WorksheetOptions></Worksheet></Workbook>'
    )
    path.write_bytes(text.encode("gb18030" if encoding.startswith("gb") else encoding))
    return path


def data(value: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{escape(value)}</Data></Cell>'


def only(path: Path, limits: Limits | None = None) -> Sheet:
    (sheet,) = read_file(path, limits=limits)
    return sheet


def refused(path: Path, limits: Limits | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_file(path, limits=limits)
    return caught.value


def test_an_ods_is_read_cell_by_cell(tmp_path: Path) -> None:
    rows = [
        row(cell("标题", 'table:number-columns-spanned="4"'), '<table:covered-table-cell table:number-columns-repeated="3"/>'),
        row(more='table:number-rows-repeated="2"'),
        row(cell("屲"), cell(990422199001011000), cell(5600.5), cell(True)),
        row(cell(date(2022, 9, 2)), cell(datetime(2022, 9, 2, 8, 30)), cell(3, 'table:number-columns-repeated="2"')),
        row('<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"><text:p>8:30</text:p></table:table-cell>'),
        row(cell("x"), more='table:number-rows-repeated="2"'),
        row(cell(more='table:number-columns-repeated="16384"'), more='table:number-rows-repeated="1048576"'),
    ]
    sheet = only(ods(tmp_path / "a.ods", table("".join(rows))))
    assert sheet.name == "九月"
    assert sheet.rows == [
        ["标题", None, None, None], [None] * 4, [None] * 4,
        ["屲", 990422199001011000, 5600.5, True],
        [date(2022, 9, 2), datetime(2022, 9, 2, 8, 30), 3, 3],
        [time(8, 30), None, None, None], ["x", None, None, None], ["x", None, None, None],
    ]  # fmt: skip
    assert sheet.merged == [(0, 0, 0, 3)]


def test_paragraphs_and_spaces_of_an_ods_are_text_and_remarks_are_not(tmp_path: Path) -> None:
    inside = "<text:p>a<text:s text:c='2'/>b<text:span>c</text:span></text:p><text:p>d</text:p>"
    remark = "<office:annotation><text:p>remark</text:p></office:annotation>"
    rows = row(f'<table:table-cell office:value-type="string">{remark}{inside}</table:table-cell>')
    assert only(ods(tmp_path / "a.ods", table(rows))).rows == [["a  bc\nd"]]


def test_errors_and_formulas_without_a_result_in_an_ods(tmp_path: Path) -> None:
    rows = row(
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=A9" office:value-type="string"><text:p>Err:502</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=A1"/>',
    )
    assert only(ods(tmp_path / "a.ods", table(rows))).rows == [
        [CellError("EXCEL_ERROR"), CellError("EXCEL_ERROR"), CellError("FORMULA_NO_CACHE")]
    ]


def test_what_is_hidden_in_an_ods_is_told(tmp_path: Path) -> None:
    style = '<style:style style:name="t" style:family="table"><style:table-properties table:display="false"/></style:style>'
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    rows = row(cell(1)) + row(cell(2), more='table:visibility="filter"') + row(cell(3), more='table:visibility="collapse"')
    body = table(columns + rows) + table(row(cell("旧")), "底稿", 'table:style-name="t"')
    first, second = read_file(ods(tmp_path / "a.ods", body, styles=style))
    assert first.hidden == Hidden(rows=((1, 2),), columns=((1, 2),), is_filtered=True)
    assert second.hidden.sheet


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (row(cell("x", 'table:number-columns-repeated="16384"'), more='table:number-rows-repeated="1048576"'), "FILE_HOSTILE"),
        (row(*[cell("x", 'table:number-columns-repeated="1000"')] * 90) * 30, "FILE_HOSTILE"),
        (row(cell(1)) + row(more='table:number-rows-repeated="1000000000"') + row(cell(1)), "FILE_TOO_LARGE"),
        (row(cell(1), cell(more='table:number-columns-repeated="999999999"'), cell(1)), "FILE_HOSTILE"),
        (row(cell(1, 'table:number-columns-repeated="x"')), "FILE_CORRUPT"),
        ("<table:table-row>", "FILE_CORRUPT"),
    ],
    ids=["square", "many", "far row", "far column", "no number", "broken"],
)
def test_repeated_cells_and_rows_cannot_blow_up(tmp_path: Path, body: str, code: str) -> None:
    assert refused(ods(tmp_path / "a.ods", table(body))).code in {code, "FILE_HOSTILE"}


def test_other_documents_and_locked_ones_are_told_apart(tmp_path: Path) -> None:
    body = table(row(cell(1)))
    assert refused(ods(tmp_path / "a.odt", body, mime="application/vnd.oasis.opendocument.text")).code == "FILE_UNKNOWN_FORMAT"
    assert refused(ods(tmp_path / "b.ods", body, manifest="<m><manifest:encryption-data/></m>")).code == "FILE_ENCRYPTED"
    doctype = ods(tmp_path / "c.ods", body)
    with zipfile.ZipFile(doctype, "w") as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("content.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    assert refused(doctype).code == "FILE_HOSTILE"


def test_a_unit_that_only_the_format_shows_is_refused_by_address(tmp_path: Path) -> None:
    """560.25 shown as 560.25万元: who takes the number takes the wrong amount."""
    shown = '<table:table-cell office:value-type="float" office:value="560.25"><text:p>560.25万元</text:p></table:table-cell>'
    assert "B2" in refused(ods(tmp_path / "a.ods", table(row(cell("金额")) + row(cell("x"), shown)))).zh
    style = '<Style ss:ID="s1"><NumberFormat ss:Format="0.00&quot;万元&quot;"/></Style>'
    rows = "<Row>" + data("金额") + "</Row><Row>" + data("x") + data("560.25", "Number", 'ss:StyleID="s1"') + "</Row>"
    assert "B2" in refused(xml_2003(tmp_path / "a.xls", rows, styles=style)).zh


# --- XML Spreadsheet 2003 ----------------------------------------------------------------------------------


def test_an_xml_spreadsheet_2003_is_read(tmp_path: Path) -> None:
    comment = "<Comment><Data>remark</Data></Comment>"
    rows = (
        f'<Row><Cell ss:MergeAcross="2" ss:MergeDown="1"><Data ss:Type="String">标题</Data>{comment}</Cell>{data("右")}</Row>'
        f'<Row ss:Index="4">{data("屲")}{data("12", "Number")}{data("1.5", "Number", "ss:Index=" + quoteattr("4"))}</Row>'
        f'<Row>{data("2022-09-02T00:00:00.000", "DateTime")}{data("2022-09-02T08:30:00.000", "DateTime")}{data("1", "Boolean")}</Row>'
        f'<Row>{data("#REF!", "Error")}<Cell ss:Formula="=A1"/></Row>'
    )
    sheet = only(xml_2003(tmp_path / "a.xls", rows))
    assert sheet.rows == [
        ["标题", None, None, "右"], [None] * 4, [None] * 4,
        ["屲", 12, None, 1.5],
        [date(2022, 9, 2), datetime(2022, 9, 2, 8, 30), True, None],
        [CellError("EXCEL_ERROR"), CellError("FORMULA_NO_CACHE"), None, None],
    ]  # fmt: skip
    assert sheet.merged == [(0, 0, 1, 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb2312", "GBK"])
def test_an_xml_spreadsheet_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert only(xml_2003(tmp_path / "a.xls", f"<Row>{data('河畔镇')}</Row>", encoding=encoding)).rows == [["河畔镇"]]


def test_what_is_hidden_in_an_xml_spreadsheet_is_told(tmp_path: Path) -> None:
    rows = '<Column/><Column ss:Hidden="1" ss:Span="1"/>' + f'<Row>{data("a")}</Row><Row ss:Hidden="1">{data("b")}</Row>'
    sheet = only(xml_2003(tmp_path / "a.xls", rows, options="<Visible>SheetHidden</Visible>"))
    assert sheet.hidden == Hidden(sheet=True, rows=((1, 1),), columns=((1, 2),))


def test_entities_distances_and_other_days_are_refused(tmp_path: Path) -> None:
    far = f'<Row ss:Index="1048577">{data("x")}</Row>'
    assert refused(xml_2003(tmp_path / "a.xls", f"<Row>{data('a')}</Row>{far}")).code in {"FILE_TOO_LARGE", "FILE_HOSTILE"}
    back = f'<Row ss:Index="5">{data("x")}</Row><Row ss:Index="2">{data("x")}</Row>'
    assert refused(xml_2003(tmp_path / "b.xls", back)).code == "FILE_CORRUPT"
    doctype = xml_2003(tmp_path / "c.xls", f"<Row>{data('a')}</Row>")
    doctype.write_bytes(doctype.read_bytes().replace(b"<Workbook", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Workbook', 1))
    assert refused(doctype).code == "FILE_HOSTILE"
    excel = '<ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel"><Date1904/></ExcelWorkbook>'
    assert "1904" in refused(xml_2003(tmp_path / "d.xls", f"<Row>{data('a')}</Row>", more=excel)).zh


quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=6).filter(str.strip)
CELLS = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.booleans(), TEXTS.filter(lambda text: text == text.strip()))


@quick
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_both_formats_give_back_what_was_put_in(tmp_path: Path, grid: list[list[Any]]) -> None:
    lines = [row(*map(cell, cells)) for cells in grid]
    kinds = {bool: "Boolean", int: "Number", str: "String"}
    spreadsheet = [
        "<Row>" + "".join("<Cell/>" if c is None else data(str(int(c)) if isinstance(c, bool) else str(c), kinds[type(c)]) for c in cells) + "</Row>"
        for cells in grid
    ]
    used: list[list[Cell]] = [list(cells) for cells in grid]
    while used and used[-1] == [None, None]:
        used.pop()
    width = max((n + 1 for cells in used for n, c in enumerate(cells) if c is not None), default=0)
    wanted = [cells[:width] for cells in used]
    for path in (ods(tmp_path / "a.ods", table("".join(lines))), xml_2003(tmp_path / "a.xls", "".join(spreadsheet))):
        if not wanted:
            assert refused(path).code == "FILE_EMPTY"
            continue
        assert only(path).rows == wanted


@quick
@given(st.data())
def test_any_damage_ends_in_sheets_or_one_refusal(tmp_path: Path, draw: st.DataObject) -> None:
    made = xml_2003(tmp_path / "a.xls", f"<Row>{data('a')}{data('1', 'Number')}</Row>" * 3).read_bytes()
    marks = st.sampled_from([b"<Row>", b"</Row>", b'ss:Index="3"', b"<Data>", b"&#0;", b"&a;", b"\xff", b"999999999"])
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(120, len(made)))
        made = made[:at] + draw.draw(marks) + made[at:]
    path = tmp_path / "b.xls"
    path.write_bytes(made)
    try:
        read_file(path)
    except FileRefused as error:
        assert "请" in error.zh
