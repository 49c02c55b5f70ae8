"""The files of forms: bytes of other cells and parts stay, hostile ones are refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data import blank_forms
from xiezuo.base.errors import FileRefused
from xiezuo.publish.forms.document import Document
from xiezuo.publish.forms.formulas import cautions
from xiezuo.publish.forms.grid import Cell, Grid, address
from xiezuo.publish.forms.package import open_package
from xiezuo.publish.forms.sheet_xml import Written, filled, place_of, read_sheet_xml
from xiezuo.publish.forms.workbook import open_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(rows: str, prefix: str = "", more: str = "") -> bytes:
    space = f"xmlns:{prefix.rstrip(':')}" if prefix else "xmlns"
    body = f"<{prefix}sheetData>{rows}</{prefix}sheetData>" if rows else f"<{prefix}sheetData/>"
    return f'<?xml version="1.0"?>\n<{prefix}worksheet {space}="{MAIN}">{more}{body}</{prefix}worksheet>'.encode()


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ('<row r="1"><c r="A1" s="4"/></row>', '<row r="1"><c r="A1" s="4"><v>7</v></c></row>'),
        ('<row r="1"><c r="A1"></c><c r="B1"><v>1</v></c></row>', '<row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>1</v></c></row>'),
        ('<row r="1"><c r="B1"><v>1</v></c></row>', '<row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>1</v></c></row>'),
        ('<row r="1" ht="20"/><row r="2"/>', '<row r="1" ht="20"><c r="A1"><v>7</v></c></row><row r="2"/>'),
        ('<row r="3"/>', '<row r="1"><c r="A1"><v>7</v></c></row><row r="3"/>'),
        ('<row><c t="s"><v>0</v></c></row>', '<row><c r="A1"><v>7</v></c></row>'),
        ("", '<row r="1"><c r="A1"><v>7</v></c></row>'),
        ('<row r="1" s="9" customFormat="1"/>', '<row r="1" s="9" customFormat="1"><c r="A1" s="9"><v>7</v></c></row>'),
    ],
)
def test_a_cell_is_put_where_it_belongs(rows: str, wanted: str) -> None:
    found = filled(read_sheet_xml(sheet(rows)), {(0, 0): Written("7", is_number=True)})
    assert found == sheet(wanted)


def test_a_prefix_and_a_columns_style_are_kept() -> None:
    columns = '<x:cols><x:col min="1" max="1" width="9" style="5"/></x:cols>'
    found = filled(read_sheet_xml(sheet('<x:row r="1"/>', "x:", columns)), {(0, 0): Written("<7 & 8>", is_number=False)})
    cell = '<x:c r="A1" s="5" t="inlineStr"><x:is><x:t xml:space="preserve">&lt;7 &amp; 8&gt;</x:t></x:is></x:c>'
    assert found == sheet(f'<x:row r="1">{cell}</x:row>', "x:", columns)


def test_what_formulas_came_to_is_taken_out() -> None:
    rows = '<row r="1"><c r="A1" s="2" t="str"><f>B1&amp;"&gt;"</f><v>old</v></c><c r="B1"><f t="shared" si="0"/><v>0</v></c><c r="C1"><v>3</v></c></row>'
    wanted = '<row r="1"><c r="A1" s="2"><f>B1&amp;"&gt;"</f></c><c r="B1"><f t="shared" si="0"/></c><c r="C1"><v>3</v></c></row>'
    assert filled(read_sheet_xml(sheet(rows)), {}) == sheet(wanted)


@given(st.integers(0, 1_000_000), st.integers(0, 16_000))
def test_a_place_is_written_as_it_is_read(row: int, column: int) -> None:
    assert place_of(address(row, column)) == (row, column)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12), st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8))
def test_filling_changes_these_cells_only(there: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> None:
    rows = "".join(
        f'<row r="{row + 1}">' + "".join(f'<c r="{address(row, c)}"><v>1</v></c>' for r, c in sorted(there) if r == row) + "</row>"
        for row in sorted({row for row, _ in there})
    )
    values = {place: Written("7", is_number=True) for place in wanted - there}
    found = read_sheet_xml(filled(read_sheet_xml(sheet(rows)), values))
    assert {place: cell.value for place, cell in found.cells.items()} == dict.fromkeys(there, "1") | dict.fromkeys(values, "7")
    assert list(found.cells) == sorted(found.cells)


def test_an_answer_of_formulas_passes_on_what_is_missing() -> None:
    """A sum of sums over a lower bound is one too; names of functions and texts are no cells."""
    cells = {
        (0, 1): Cell("formula", "SUM(A1:A3)"), (1, 1): Cell("formula", 'IF(B1>0,"A1",LOG10(C9))'), (2, 1): Cell("formula", "C3+乙!A1"),
        (3, 1): Cell("formula", "SUM($C$1:C$2)"),
    }  # fmt: skip
    found = cautions([Grid("甲", cells)], {("甲", (1, 0)), ("乙", (0, 0))})
    assert [(address(*one.cell[1]), one.of) for one in found] == [
        ("B1", (("甲", (1, 0)),)), ("B2", (("甲", (1, 0)),)), ("B3", (("乙", (0, 0)),)),
    ]  # fmt: skip


def bomb() -> bytes:
    parts = unpacked(blank_forms.statement())
    return packed(parts | {"xl/worksheets/sheet1.xml": sheet("<row/>" * 2_000_000)})


def with_entities() -> bytes:
    parts = unpacked(blank_forms.statement())
    xml = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    return packed(parts | {"xl/worksheets/sheet1.xml": xml})


def macros() -> bytes:
    return packed(unpacked(blank_forms.statement()) | {"xl/vbaProject.bin": b"x"})


def word_with_entities() -> bytes:
    parts = unpacked(blank_forms.document())
    xml = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + parts["word/document.xml"].split(b"?>", 1)[1]
    return packed(parts | {"word/document.xml": xml})


HOSTILE = {
    "FILE_EMPTY": b"",
    "FORM_FORMAT": "指标,数值\n转移就业,\n".encode(),
    "FILE_CORRUPT": b"PK\x03\x04 and nothing more",
    "FILE_ENCRYPTED": bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
    "FORM_MACROS": macros(),
    "FILE_HOSTILE": with_entities(),
    "FILE_TOO_LARGE": packed({"xl/workbook.xml": "<workbook/>"}) + b"\0" * (17 * 2**20),
}


@pytest.mark.parametrize("code", HOSTILE)
def test_what_is_no_form_is_refused(code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        open_workbook(open_package(HOSTILE[code]))
    assert refused.value.code == code
    assert refused.value.zh.endswith("。")


@pytest.mark.parametrize("data", [bomb(), packed({f"x{n}": b"" for n in range(2_001)} | {"xl/workbook.xml": b""})])
def test_what_unpacks_to_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused, match=r"FILE_HOSTILE|FILE_TOO_LARGE"):
        open_workbook(open_package(data))


def test_merges_that_overlap_without_end_are_refused() -> None:
    parts = unpacked(blank_forms.locked())
    merges = "".join('<mergeCell ref="A1:CV1000"/>' for _ in range(5_000))
    whole = parts["xl/worksheets/sheet1.xml"].decode().replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    with pytest.raises(FileRefused, match="FILE_HOSTILE"):
        open_workbook(open_package(packed(parts | {"xl/worksheets/sheet1.xml": whole})))


def test_a_document_that_defines_entities_is_refused() -> None:
    with pytest.raises(FileRefused, match="FILE_HOSTILE"):
        Document(open_package(word_with_entities()))


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_spoiled_form_is_read_or_refused(at: int, piece: bytes) -> None:
    parts = unpacked(blank_forms.locked())
    name = sorted(parts)[at % len(parts)]
    whole = parts[name]
    place = at % max(1, len(whole))
    try:
        book = open_workbook(open_package(packed(parts | {name: whole[:place] + piece + whole[place + len(piece) :]})))
        assert all(grid.name is not None for grid in book.grids)
    except FileRefused as refused:
        assert refused.zh.endswith("。")


def test_a_filled_form_is_no_blank() -> None:
    made = open_workbook(open_package(blank_forms.statement())).fill({}, [["x"]])
    with pytest.raises(FileRefused, match="FORM_FILLED"):
        open_workbook(open_package(made))
    assert openpyxl.load_workbook(io.BytesIO(made)).sheetnames == ["统计表", "xiezuo_map"]


def test_notes_say_why_a_cell_is_blank_where_the_author_has_none() -> None:
    """A sheet with notes of its author keeps them as they are."""
    made = open_workbook(open_package(blank_forms.by_town(["青石镇"]))).fill({}, [["x"]], {"分乡镇": {(2, 1): "无此指标"}})
    sheet = openpyxl.load_workbook(io.BytesIO(made))["分乡镇"]
    assert {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment} == {"B3": "无此指标"}
    blank = blank_forms.statement()
    made = open_workbook(open_package(blank)).fill({}, [["x"]], {"统计表": {(4, 3): "无此指标"}})
    changed = {name for name, data in unpacked(made).items() if unpacked(blank).get(name) != data}
    assert not [name for name in changed if "comment" in name or "vml" in name.lower()]
