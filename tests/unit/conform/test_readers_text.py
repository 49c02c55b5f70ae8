"""Delimited text and HTML tables come back as text, decoded strictly, or not at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.conform.readers import Cell, Limits, Sheet, read_file
from xiezuo.conform.readers.delimited import delimiter_of, read, rectangle
from xiezuo.conform.readers.encoding import decode

TABLE = "姓名,村,金额\n马某某,河屲村,5600.5\n王某,窎沟弆,12\n"
ROWS = [["姓名", "村", "金额"], ["马某某", "河屲村", "5600.5"], ["王某", "窎沟弆", "12"]]


def _read(tmp_path: Path, content: bytes, name: str = "九月.csv", limits: Limits | None = None) -> Sheet:
    path = tmp_path / "landed"
    path.write_bytes(content)
    (sheet,) = read_file(path, name=name, limits=limits)
    return sheet


def _refused(tmp_path: Path, content: bytes, limits: Limits | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        _read(tmp_path, content, limits=limits)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_offices_use_gives_the_same_text(tmp_path: Path, encoding: str) -> None:
    """屲, 窎 and 弆 are in village names and not in GB 2312."""
    sheet = _read(tmp_path, TABLE.encode(encoding))
    assert sheet == Sheet("九月", ROWS, [], is_text=True)


def test_utf_16_of_either_byte_order_is_read(tmp_path: Path) -> None:
    """The byte order mark decides."""
    assert _read(tmp_path, b"\xfe\xff" + TABLE.encode("utf-16-be")).rows == ROWS
    assert _read(tmp_path, b"\xff\xfe" + TABLE.encode("utf-16-le")).rows == ROWS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read_where_nothing_speaks_against_it(tmp_path: Path, encoding: str) -> None:
    assert _read(tmp_path, TABLE.encode(encoding)).rows == ROWS


@given(st.binary(min_size=2, max_size=60), st.integers(0, 59))
def test_a_stray_zero_does_not_make_text_utf_16(data: bytes, at: int) -> None:
    """Other bytes with a zero in their midst are no table of two-byte characters."""
    plain = b"name,town,wage\r\n" * 4 + data.replace(b"\0", b"x")
    spoilt = plain[: at + 1] + b"\0" + plain[at + 1 :]
    with pytest.raises(FileRefused):
        decode(spoilt)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_below_titles_and_between_thousands(tmp_path: Path, delimiter: str) -> None:
    """A title line, and commas inside the cells, do not mislead."""
    lines = ["台账", *(delimiter.join(["马某某", '"1,234,567.00"', "x"]) for _ in range(3))]
    assert _read(tmp_path, "\r\n".join(lines).encode()).rows[1] == ["马某某", "1,234,567.00", "x"]


def test_commas_inside_unquoted_tab_separated_cells_stay_there(tmp_path: Path) -> None:
    """Text copied out of a workbook is tab separated and unquoted."""
    content = "名称\t金额\n甲\t1,234.00\n乙\t5,600.50\n丙\t12\n".encode()
    assert _read(tmp_path, content).rows[1] == ["甲", "1,234.00"]


def test_numbers_in_text_are_not_interpreted(tmp_path: Path) -> None:
    """Leading zeros, 18-digit numbers and Excel's E+17 reach the value parsers as typed."""
    sheet = _read(tmp_path, b'no,id\n007,990422199001011235\n="008",9.90422E+17\n')
    assert sheet.rows[1:] == [["007", "990422199001011235"], ["008", "9.90422E+17"]]


def test_rows_are_equally_wide_and_blank_lines_keep_their_number(tmp_path: Path) -> None:
    """rows[i] is row i + 1 as Excel would show the file; blank rows at the end are none."""
    sheet = _read(tmp_path, b"title\n\na,b,c,\n1,2\n,,,\n\n")
    assert sheet.rows == [["title", None, None], [None] * 3, ["a", "b", "c"], ["1", "2", None]]


def test_quoted_cells_may_hold_line_breaks_and_quotes(tmp_path: Path) -> None:
    """One record stays one row."""
    assert _read(tmp_path, b'a,b\n"x\ny","he said ""no"""\n').rows == [["a", "b"], ["x\ny", 'he said "no"']]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"\xef\xbb\xbf \r\n", "FILE_EMPTY"),
        (b",,,\n,,\n", "FILE_EMPTY"),
        (b'a,b\n"left open,1\n2,3\n', "FILE_CORRUPT"),
        (b"a,b\n1\x00,2\n", "FILE_ENCODING"),
        ("a,b\x00c".encode("utf-16-le"), "FILE_ENCODING"),
        (b"a,b\n" * 9 + b"1\x00,2\n\n", "FILE_ENCODING"),
        (TABLE.encode() + b"\xff", "FILE_ENCODING"),
        (TABLE.encode("gb18030")[:-20] + b"\xff\xff", "FILE_ENCODING"),
        (b"\xef\xbb\xbf" + TABLE.encode("gb18030"), "FILE_ENCODING"),
        (b"%PDF-1.7\n", "FILE_UNKNOWN_FORMAT"),
        (bytes(range(1, 32)) * 9, "FILE_UNKNOWN_FORMAT"),
        (b"<html><body>session expired</body></html>", "FILE_UNKNOWN_FORMAT"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:x:spreadsheet"/>', "FILE_UNKNOWN_FORMAT"),
        (b"<table><tr><td>a<td><table><tr><td>1</table></table>", "FILE_UNKNOWN_FORMAT"),
    ],
)
def test_text_that_cannot_be_read_for_sure_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """Every refusal has a stable code and a sentence that says what to do."""
    error = _refused(tmp_path, content)
    assert error.code == code
    assert error.zh.endswith("。")
    assert "请" in error.zh


def test_a_refusal_never_quotes_the_file(tmp_path: Path) -> None:
    """Neither the message nor what it was raised from."""
    error = _refused(tmp_path, '姓名,号码\n"马某某,990422199001011235\n'.encode())
    assert "马某某" not in repr(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_limits_hold_for_text(tmp_path: Path) -> None:
    """Rows, cells, padded area and the length of a cell are bounded."""
    for content, limits in (
        (b"a,b\n" * 3, Limits(max_rows=2)),
        (b"a,b\n" * 3, Limits(max_cells=5)),
        (b"a\n" * 99 + b"," * 99 + b"x\n", Limits(max_cells=1000)),
        (b"a," + b"b" * 101, Limits(max_field_chars=100)),
        (b"a,b\n", Limits(max_file_bytes=3)),
        (b"<table>" + b"<tr><td>1</td></tr>" * 3 + b"</table>", Limits(max_rows=2)),
    ):
        assert _refused(tmp_path, content, limits).code == "FILE_TOO_LARGE"


fields = st.text(st.characters(exclude_characters="\0=", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.lists(fields, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_what_a_csv_writer_quotes_comes_back(records: list[list[str]], delimiter: str) -> None:
    """Delimiters, quotes and line breaks inside quoted cells are part of the cell."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(records)
    assert delimiter_of(out.getvalue()) == delimiter
    cells: list[list[Cell]] = [[field or None for field in record] for record in records]
    assert read(out.getvalue(), "a", Limits()).rows == rectangle(cells, Limits())


# --- HTML ---------------------------------------------------------------------------------------------

PAGE = """<html><head><meta charset="{charset}"><style>td {{ color: red }}</style></head><body>
<!-- 导出 --><table><caption>x</caption>
<tr><th colspan=3>劳务输转台账</th></tr>
<tr><td rowspan="2">甘沟驿镇</td><td>河屲村</td><td> 1
  2&nbsp;</td></tr>
<tr><td>a<br>b</td><td><b>粗</b>体<script>x()</script></td></tr>
</table></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"), [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("gbk", "utf-8")]
)
def test_an_html_table_called_xls_is_read(tmp_path: Path, charset: str, encoding: str) -> None:
    """Spans become merged ranges with the value at the top left only; markup goes, text stays."""
    sheet = _read(tmp_path, PAGE.format(charset=charset).encode(encoding), name="导出.xls")
    assert sheet.name == "导出"
    assert sheet.rows == [
        ["劳务输转台账", None, None],
        ["甘沟驿镇", "河屲村", "1 2\N{NO-BREAK SPACE}"],
        [None, "a\nb", "粗体"],
    ]
    assert sheet.merged == [(0, 0, 0, 2), (1, 0, 2, 0)]


def test_several_tables_stand_one_under_the_other(tmp_path: Path) -> None:
    """As Excel opens such a page: a title table above the data table."""
    content = b"<table><tr><td>t</td></tr></table> <table><tr><td>a</td><td>b</td></tr></table>"
    assert _read(tmp_path, content).rows == [["t", None], ["a", "b"]]


LAYOUT = """<html><body><table width="100%"><tr><td colspan=2>支付明细</td></tr><tr><td>单位：万元</td></tr>
<tr><td></td><td>说明<table border=1><tr><th>凭证号</th><th>金额</th></tr><tr><td rowspan=9>P-1</td><td>5</td></tr></table></td></tr>
<tr><td>制表：某某</td><td>审核：某某</td></tr></table></body></html>"""


def test_a_table_that_lays_out_the_page_gives_way_to_the_one_inside(tmp_path: Path) -> None:
    """Its own rows are titles and notes, whose unit decides the amounts; spans inside stay inside."""
    sheet = _read(tmp_path, LAYOUT.encode())
    assert sheet.rows == [
        ["支付明细", None], ["单位：万元", None], ["说明", None],
        ["凭证号", "金额"], ["P-1", "5"], ["制表：某某", "审核：某某"],
    ]  # fmt: skip


def test_tables_may_nest_as_deep_as_a_page_likes(tmp_path: Path) -> None:
    deep = b"<table><tr><td>" * 60 + b"x<td>y" + b"</table>" * 60
    assert _read(tmp_path, deep).rows == [["x", "y"]]


def test_a_span_ends_with_its_table(tmp_path: Path) -> None:
    """rowspan=0 means to the end; a span too long does not reach into the next table."""
    content = (
        b"<table><tr><td rowspan=0>a<td>1<tr><td>2</table>"
        b"<table><tr><td rowspan=9>b<td colspan=x>3</table><table><tr><td>c</table>"
    )
    sheet = _read(tmp_path, content)
    assert sheet.rows == [["a", "1"], [None, "2"], ["b", "3"], ["c", None]]
    assert sheet.merged == [(0, 0, 1, 0)]


def test_another_charset_is_not_taken_for_chinese(tmp_path: Path) -> None:
    """Big5 bytes are valid GB 18030 and would be other words."""
    content = '<meta charset="big5"><table><tr><td>會寧</td></tr></table>'.encode("big5")
    assert _refused(tmp_path, content).code == "FILE_ENCODING"


@pytest.mark.parametrize(
    "content",
    [
        b"<table>" + b"<tr><td rowspan=65534 colspan=1000>x</td></tr>" * 5000 + b"</table>",
        b"<table><tr>" + b"<td colspan=999999999>x</td>" * 5000 + b"</tr></table>",
        b"<table><tr><td>" + b"<div>" * 20000 + b"x",
        b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><table><tr><td>&b;</table>",
    ],
    ids=["rowspans", "colspans", "depth", "entities"],
)
def test_hostile_pages_stay_harmless(tmp_path: Path, content: bytes) -> None:
    """Spans, depth and entities cannot blow a page up."""
    try:
        sheet = _read(tmp_path, content)
    except FileRefused as error:
        assert error.code in {"FILE_HOSTILE", "FILE_UNKNOWN_FORMAT", "FILE_CORRUPT", "FILE_EMPTY"}
    else:
        assert sum(map(len, sheet.rows)) <= 1
