"""Whatever bytes arrive, reading ends in sheets or in one refusal, within its limits."""

from __future__ import annotations

import io
import resource
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.conform.readers import Cell, CellError, Limits, Sheet, read_file, workbook

SHEET1 = "xl/worksheets/sheet1.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in range(1, 30):
        book.active.append([f"某{row}", row, row / 7, "=A1"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = _workbook()


def _with_part(name: str, content: bytes) -> bytes:
    """The good workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            if part != name:
                copy.writestr(part, source.read(part))
        copy.writestr(name, content)
    return out.getvalue()


def _sheet(*cells: bytes) -> bytes:
    return b"<worksheet " + MAIN + b"><sheetData><row>" + b"".join(cells) + b"</row></sheetData></worksheet>"


def _refused(path: Path, content: bytes, limits: Limits | None = None) -> FileRefused:
    path.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        read_file(path, limits=limits)
    return caught.value


def test_two_cells_in_opposite_corners_are_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    """A kilobyte that asks for half a terabyte; the office learns where the stray cell is."""
    content = _with_part(SHEET1, _sheet(b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'))
    error = _refused(tmp_path / "a.xlsx", content)
    assert error.code == "FILE_HOSTILE"
    assert "XFD1048576" in error.zh


def test_a_lone_far_cell_is_refused_too(tmp_path: Path) -> None:
    """Rows count from row 1, so the blanks before it would be built as well."""
    content = _with_part(SHEET1, _sheet(b'<c r="XFD1048576"><v>1</v></c>'))
    assert _refused(tmp_path / "a.xlsx", content).code == "FILE_HOSTILE"


def test_far_cells_and_dimensions_without_content_do_no_harm(tmp_path: Path) -> None:
    """Formatting whole columns is what people do; it is not an attack."""
    body = _sheet(b'<c r="A1"><v>1</v></c><c r="XFD1048576" s="1"/>')
    body = body.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    (tmp_path / "a.xlsx").write_bytes(_with_part(SHEET1, body))
    assert read_file(tmp_path / "a.xlsx")[0].rows == [[1]]


def test_a_child_that_outgrows_its_memory_is_contained(tmp_path: Path) -> None:
    """The second line of defence: the parent lives on whatever the parser tries to allocate."""
    cells = b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'
    limits = Limits(max_cells=2**40, max_rows=2**21, memory_bytes=256 * 2**20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert _refused(tmp_path / "a.xlsx", _with_part(SHEET1, _sheet(cells)), limits).code == "FILE_HOSTILE"
    grown_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kilobytes < 64 * 1024


def test_shared_text_repeated_in_every_cell_is_bounded(tmp_path: Path) -> None:
    """One long text shared by many cells is small in the file and huge in memory."""
    content = _with_part(
        SHEET1, _sheet(*[b'<c t="inlineStr"><is><t>' + b"x" * 30_000 + b"</t></is></c>"] * 300)
    )
    limits = Limits(max_text_bytes=2**20)
    assert _refused(tmp_path / "a.xlsx", content, limits).code == "FILE_TOO_LARGE"


def test_what_a_child_answers_is_bounded_whatever_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading process believes no child that its own bound held."""
    flood = "import sys; sys.stdout.write('[\"ready\"]\\n'); [sys.stdout.write('[\"note\"]\\n') for _ in range(10**7)]"
    monkeypatch.setattr(workbook, "_START", flood)
    assert _refused(tmp_path / "a.xlsx", GOOD, Limits(max_text_bytes=2**20)).code == "FILE_TOO_LARGE"


def test_processor_time_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that turns in circles is ended by the system, on a busy machine too."""
    spin = "import json, sys, resource; limit = json.loads(sys.argv[3])['cpu_seconds']\n"
    spin += "resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1)); print('[\"ready\"]', flush=True)\nwhile True: pass"
    monkeypatch.setattr(workbook, "_START", spin)
    assert _refused(tmp_path / "a.xlsx", GOOD, Limits(cpu_seconds=1)).code == "FILE_TIMEOUT"


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    """Size, ratio and number of entries are checked before a byte is unpacked."""
    bomb = _with_part("xl/media/a.bin", bytes(40 * 2**20))
    assert len(bomb) < 100_000
    assert _refused(tmp_path / "a.xlsx", bomb).code == "FILE_HOSTILE"
    assert _refused(tmp_path / "a.xlsx", GOOD, Limits(max_unpacked_bytes=1000)).code == "FILE_HOSTILE"
    assert _refused(tmp_path / "a.xlsx", GOOD, Limits(max_entries=5)).code == "FILE_HOSTILE"


def test_entities_are_refused(tmp_path: Path) -> None:
    """No workbook needs a DOCTYPE; a billion laughs does."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = _with_part(SHEET1, doctype + _sheet(b"<c><v>&b;</v></c>"))
    assert _refused(tmp_path / "a.xlsx", content).code == "FILE_HOSTILE"


def test_time_is_bounded(tmp_path: Path) -> None:
    """A reader that does not finish is stopped, and no process stays behind."""
    assert _refused(tmp_path / "a.xlsx", GOOD, Limits(wall_seconds=0.001)).code == "FILE_TIMEOUT"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (GOOD[: len(GOOD) // 2], "FILE_CORRUPT"),
        (GOOD[:-5], "FILE_CORRUPT"),
        (_with_part(SHEET1, b"<worksheet><sheetData>"), "FILE_CORRUPT"),
        (_with_part(SHEET1, _sheet(b'<c r="??"><v>1</v></c>')), "FILE_CORRUPT"),
        (_with_part("xl/workbook.xml", b"<workbook/>"), "FILE_EMPTY"),
        (b"PK\x03\x04", "FILE_CORRUPT"),
    ],
    ids=["half", "tail", "xml", "reference", "no sheets", "stub"],
)
def test_damage_is_called_damage(tmp_path: Path, content: bytes, code: str) -> None:
    """Truncated archives, broken XML and impossible positions end in one sentence."""
    assert _refused(tmp_path / "a.xlsx", content).code == code


def test_other_archives_are_not_workbooks(tmp_path: Path) -> None:
    """A .docx or a plain .zip is told apart from damage."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert _refused(tmp_path / "a.xlsx", out.getvalue()).code == "FILE_UNKNOWN_FORMAT"


def _check(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        sheets = read_file(path, limits=Limits(max_cells=100_000))
    except FileRefused as error:
        assert error.code.startswith("FILE_")
        assert "请" in error.zh
        return
    for sheet in sheets:
        _check_shape(sheet)


def _check_shape(sheet: Sheet) -> None:
    width = len(sheet.rows[0]) if sheet.rows else 0
    assert all(len(row) == width for row in sheet.rows)
    assert all(_is_cell(cell) for row in sheet.rows for cell in row)
    for r0, c0, r1, c1 in sheet.merged:
        assert 0 <= r0 <= r1 < len(sheet.rows)
        assert 0 <= c0 <= c1 < width


def _is_cell(cell: object) -> bool:
    return cell != "" and isinstance(cell, Cell | CellError)


quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
scraps = st.sampled_from(
    [
        b"<table>",
        b"<tr>",
        b"<td colspan=3>",
        b"</td>",
        b"<br>",
        b"<html>",
        b'"',
        b",",
        b"\t",
        b"\r\n",
        b"\xef\xbb\xbf",
    ]
)


@quick
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    """Sheets or a refusal, never anything else."""
    _check(tmp_path / "x", content)


@quick
@given(st.lists(st.one_of(scraps, st.binary(max_size=6), st.text(max_size=6).map(str.encode)), max_size=40))
def test_any_scraps_of_csv_and_html(tmp_path: Path, pieces: list[bytes]) -> None:
    """Text with the right marks in the wrong places."""
    _check(tmp_path / "x", b"".join(pieces))


@settings(quick, max_examples=15)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_any_damage_to_a_workbook(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    """Changed bytes anywhere in the archive."""
    content = bytearray(GOOD)
    for position, value in changes:
        content[position] = value
    _check(tmp_path / "x", bytes(content))


@settings(quick, max_examples=15)
@given(st.binary(max_size=2000))
def test_anything_called_a_compound_file(tmp_path: Path, content: bytes) -> None:
    """The right magic number with anything behind it."""
    _check(tmp_path / "x", bytes.fromhex("D0CF11E0A1B11AE1") + content)


MARKS = [
    b'<c r="B2">',
    b"<f>",
    b"<v>",
    b"</v>",
    b"</c>",
    b't="e"',
    b't="s"',
    b"<row>",
    b'r="Z99"',
    b"&#0;",
    b"9" * 9,
]


@settings(quick, max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(MARKS)), min_size=1, max_size=4))
def test_any_damage_to_the_xml_of_a_sheet(tmp_path: Path, insertions: list[tuple[int, bytes]]) -> None:
    """A whole archive whose sheet is not what a spreadsheet program writes."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        body = archive.read(SHEET1)
    for position, mark in insertions:
        body = body[:position] + mark + body[position:]
    _check(tmp_path / "x", _with_part(SHEET1, body))
