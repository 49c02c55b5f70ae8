"""Workbooks come back cell by cell as they are in the file, with what is no value marked as such."""

from __future__ import annotations

import struct
import zipfile
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from xiezuo.base.errors import ConfigError, FileRefused
from xiezuo.conform.readers import Cell, CellError, Hidden, Limits, read_file, workbook


def _save(path: Path, cells: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    for address, value in cells.items():
        book.active[address] = value
    book.save(path)
    return path


def _rewrite(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """``path`` with ``old`` replaced by ``new`` in one of its parts, as another program would write it."""
    target = path.with_name(f"rewritten-{path.name}")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new)
            copy.writestr(name, data)
    return target


SHEET1 = "xl/worksheets/sheet1.xml"


def test_rows_start_at_row_1_and_column_a_even_when_the_first_ones_are_blank(tmp_path: Path) -> None:
    """rows[i] is sheet row i + 1, so a row number can be told to the office."""
    (sheet,) = read_file(_save(tmp_path / "a.xlsx", {"C4": "甘沟驿镇", "D6": 3}))
    assert sheet.rows == [
        [None, None, None, None],
        [None, None, None, None],
        [None, None, None, None],
        [None, None, "甘沟驿镇", None],
        [None, None, None, None],
        [None, None, None, 3],
    ]


def test_numbers_keep_what_tells_them_apart(tmp_path: Path) -> None:
    """A whole number is an int, 2022.1 stays a float, a spoilt identity number shows its zeros."""
    values: list[Cell] = [44806, 44806.5, 2022.1, 97.25000000000001, -5, 0, 1e300, 990422199001011000]
    path = _save(tmp_path / "a.xlsx", {f"{letter}1": v for letter, v in zip("ABCDEFGH", values, strict=True)})
    (sheet,) = read_file(path)
    assert sheet.rows == [values]
    assert [type(cell) for cell in sheet.rows[0]] == [int, float, float, float, int, int, float, int]


def test_dates_times_and_booleans_keep_their_type(tmp_path: Path) -> None:
    """A date cell is a date, not a serial number; a duration is the number of days the file holds."""
    path = tmp_path / "a.xlsx"
    _save(
        path,
        {
            "A1": date(2022, 9, 2),
            "B1": datetime(2022, 9, 2, 12, 30),
            "C1": time(8, 30),
            "D1": True,
            "E1": timedelta(hours=30),
        },
    )
    (sheet,) = read_file(path)
    moment = datetime(2022, 9, 2, 12, 30)
    assert sheet.rows == [[date(2022, 9, 2), moment, time(8, 30), True, 1.25]]
    assert type(sheet.rows[0][0]) is date
    assert sheet.rows[0][3] is True


def test_text_is_not_touched(tmp_path: Path) -> None:
    """Spaces, line breaks, full-width digits and rare characters arrive as typed."""
    texts = [" 张 三 ", "a\nb", "６２０４２２", "屲窎弆", "00123"]
    path = _save(tmp_path / "a.xlsx", {f"A{i}": text for i, text in enumerate(texts, start=1)})
    assert [row[0] for row in read_file(path)[0].rows] == texts


def test_all_sheets_are_read_hidden_and_empty_ones_too_but_charts_are_not(tmp_path: Path) -> None:
    """A hidden sheet may hold the only copy of a month."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("九月").write("A1", "甲")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=九月!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        hidden = book.add_worksheet("十月")
        hidden.write("B2", "乙")
        hidden.hide()
        book.add_worksheet("空")
    assert [(sheet.name, sheet.rows, sheet.hidden.sheet) for sheet in read_file(path)] == [
        ("九月", [["甲"]], False),
        ("十月", [[None, None], [None, "乙"]], True),
        ("空", [], False),
    ]


def test_hidden_rows_and_columns_are_told(tmp_path: Path) -> None:
    """Neighbours make one range; a row of height 0 is hidden as well; a filter is told apart."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("九月")
        for row in range(8):
            sheet.write_row(row, 0, ["x", row, "y", row])
        for row in (2, 3, 6):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_row(4, 0)
        sheet.set_column("C:D", None, None, {"hidden": True})
        other = book.add_worksheet("十月")
        other.write_column(0, 0, ["项目", "甲", "乙", "甲"])
        other.autofilter("A1:A4")
        other.filter_column("A", "x == 甲")
        other.set_row(2, None, None, {"hidden": True})
    first, second = read_file(path)
    assert first.hidden == Hidden(rows=((2, 4), (6, 6)), columns=((2, 3),))
    assert second.hidden == Hidden(rows=((2, 2),), is_filtered=True)


def test_merged_ranges_are_told_and_cut_to_the_used_area(tmp_path: Path) -> None:
    """Only the top-left cell has the value; a range over whole columns ends where the sheet does."""
    book = openpyxl.Workbook()
    book.active["A1"] = "会宁县2022年9月劳务输转台账"
    book.active["A2"], book.active["B2"] = "甘沟驿镇", 1
    book.active["B4"] = 2
    for reference in ("A1:B1", "A2:A3", "A4:A9000", "F1:G9"):
        book.active.merge_cells(reference)
    # openpyxl leaves styled blanks behind; as they hold nothing they do not stretch the sheet.
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_file(tmp_path / "a.xlsx")
    assert sheet.merged == [(0, 0, 0, 1), (1, 0, 2, 0)]
    assert sheet.rows == [["会宁县2022年9月劳务输转台账", None], ["甘沟驿镇", 1], [None, None], [None, 2]]


def test_a_formula_without_a_saved_result_is_an_error_not_a_blank(tmp_path: Path) -> None:
    """Programs that cannot calculate save the formula only; a blank would read as nothing to count."""
    (sheet,) = read_file(_save(tmp_path / "a.xlsx", {"A1": 1, "A2": "=SUM(A1:A1)"}))
    assert sheet.rows == [[1], [CellError("FORMULA_NO_CACHE")]]


def test_a_formula_in_the_last_row_still_counts_as_a_row(tmp_path: Path) -> None:
    """The sheet reaches as far as its error cells do."""
    (sheet,) = read_file(_save(tmp_path / "a.xlsx", {"A1": 1, "C3": "=A1"}))
    assert sheet.rows[2] == [None, None, CellError("FORMULA_NO_CACHE")]


def test_saved_results_of_formulas_are_values(tmp_path: Path) -> None:
    """An empty text is a result; a 0 that only stands in for one until calculation is not."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=1+1", value=2)
        sheet.write_formula("B1", '="甲"', value="甲")
        sheet.write_formula("C1", "=1-1")
        sheet.write_formula("D1", "=1/0", value="#DIV/0!")
        sheet.write("E1", 0)
    path = _rewrite(path, SHEET1, b"<v>\xe7\x94\xb2</v></c>", b"<v></v></c>")
    placeholder = CellError("FORMULA_NO_CACHE")
    assert read_file(path)[0].rows == [[2, None, placeholder, CellError("EXCEL_ERROR"), 0]]
    calculated = _rewrite(path, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    assert read_file(calculated)[0].rows == [[2, None, 0, CellError("EXCEL_ERROR"), 0]]


def test_excel_errors_are_errors_not_blanks(tmp_path: Path) -> None:
    """#REF! and the like must reach quarantine."""
    path = _save(tmp_path / "a.xlsx", {"A1": "#REF!", "B1": "#N/A", "C1": "文字 #REF!"})
    (sheet,) = read_file(path)
    assert sheet.rows == [[CellError("EXCEL_ERROR"), CellError("EXCEL_ERROR"), "文字 #REF!"]]


def test_tags_with_a_prefix_and_cells_without_a_position_are_understood(tmp_path: Path) -> None:
    """Some programs write <x:c>, some leave out r; errors are found there too."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write("A1", 1)
    body = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b"<x:row><x:c><x:v>1</x:v></x:c><x:c><x:f>A1</x:f></x:c></x:row>"
        b'<x:row><x:c/><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
        b"</x:sheetData></x:worksheet>"
    )
    with zipfile.ZipFile(path) as source:
        whole = source.read(SHEET1)
    (sheet,) = read_file(_rewrite(path, SHEET1, whole, body))
    assert sheet.rows == [[1, CellError("FORMULA_NO_CACHE")], [None, CellError("EXCEL_ERROR")]]


def test_formats_are_told_by_content(tmp_path: Path) -> None:
    """Landing files have no suffix, and offices rename files."""
    path = _save(tmp_path / "a.xlsx", {"A1": "甲"})
    for name in ("e3b0c442", "a.csv", "a.et"):
        renamed = path.rename(tmp_path / name)
        assert read_file(renamed, name="台账.xls")[0].rows == [["甲"]]
        renamed.rename(path)


def test_a_workbook_without_a_value_is_empty(tmp_path: Path) -> None:
    """Nothing to load is worth a word to whoever sent it."""
    with pytest.raises(FileRefused) as caught:
        read_file(_save(tmp_path / "a.xlsx", {}))
    assert caught.value.code == "FILE_EMPTY"


def test_too_many_cells_are_refused_with_advice(tmp_path: Path) -> None:
    """A full sheet beyond the limit is to be split; nothing of it is read."""
    path = _save(tmp_path / "a.xlsx", {f"A{row}": row for row in range(1, 102)})
    with pytest.raises(FileRefused) as caught:
        read_file(path, limits=Limits(max_cells=100))
    assert caught.value.code == "FILE_TOO_LARGE"
    assert "拆分" in caught.value.zh
    assert len(read_file(path, limits=Limits(max_cells=101))[0].rows) == 101


def test_a_child_that_cannot_start_is_operations_business(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken installation must not be blamed on the office's file."""
    monkeypatch.setattr(workbook, "_START", "raise SystemExit(1)")
    with pytest.raises(ConfigError):
        read_file(_save(tmp_path / "a.xlsx", {"A1": 1}))


# --- BIFF8, the format of .xls and of WPS's .et -------------------------------------------------------


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _label(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _number(row: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def _formula(row: int, column: int, result: bytes, options: int = 0) -> bytes:
    tokens = struct.pack("<BH", 0x1E, 1)  # the formula "=1"
    cell = struct.pack("<HHH8sHIH", row, column, 0, result, options, 0, len(tokens))
    return _record(0x0006, cell + tokens)


def _biff8(sheets: dict[str, bytes], *, extra: bytes = b"", hidden: tuple[str, ...] = ()) -> bytes:
    """A Workbook stream with one sheet per item; the values are its cell records."""
    font = _record(0x0031, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 1, 0) + b"A")
    style = _record(0x00E0, bytes(20))
    head = _bof(5) + extra + _record(0x0042, struct.pack("<H", 1200)) + font * 4 + style
    heads = {n: struct.pack("<BBBB", n in hidden, 0, len(n), 1) + n.encode("utf-16-le") for n in sheets}
    position = len(head) + sum(8 + len(entry) for entry in heads.values()) + 4
    globals_, bodies = head, b""
    for name, cells in sheets.items():
        globals_ += _record(0x0085, struct.pack("<I", position + len(bodies)) + heads[name])
        bodies += _bof(16) + cells + _record(0x000A)
    return globals_ + _record(0x000A) + bodies


FREE, END, FAT_MARK = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _entry(name: str, kind: int, start: int, size: int, links: tuple[int, int]) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + struct.pack("<HBBI", len(raw), kind, 1, FREE)
    return head + struct.pack("<II", *links) + bytes(36) + struct.pack("<III", start, size, 0)


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file with 512-byte sectors: one FAT sector, one directory sector, then the streams.

    A name with a slash is that of a stream in a storage of the root; what follows a ``?`` only tells names apart.
    """
    fat, data = [FAT_MARK, END], b""
    paths = list(streams)
    rooms = {path.partition("/")[0]: paths.index(path) + 1 for path in paths if "/" in path}
    top = [n for n, path in enumerate(paths, start=1) if "/" not in path]
    top += [len(paths) + n for n in range(1, len(rooms) + 1)]
    links = {one: (following, FREE) for one, following in pairwise([*top, FREE])}
    directory = _entry("Root Entry", 5, END, 0, (FREE, top[0] if top else FREE))
    for number, (path, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(max(-(-len(content) // 512) * 512, 4096), b"\0")
        count = len(padded) // 512
        name = path.rpartition("/")[2].partition("?")[0]
        directory += _entry(name, 2, len(fat), len(padded), links.get(number, (FREE, FREE)))
        fat += [*range(len(fat) + 1, len(fat) + count), END]
        data += padded
    for number, (name, child) in enumerate(rooms.items(), start=len(paths) + 1):
        directory += _entry(name, 1, 0, 0, (links[number][0], child))
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    header += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1)
    header += struct.pack("<IIIIIII", 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0)
    header += struct.pack("<I", FREE) * 108
    table = b"".join(struct.pack("<I", entry) for entry in fat).ljust(512, b"\xff")
    return header + table + directory.ljust(512, b"\0") + data


def test_biff8_is_read_with_errors_and_merged_ranges(tmp_path: Path) -> None:
    """.xls and .et are one format; an error there is no blank either."""
    error = struct.pack("<B5xH", 2, 0xFFFF).replace(b"\0" * 5, b"\0\0\x17\0\0", 1)
    cells = (
        _label(0, 0, "屲窎弆")
        + _number(2, 0, 44806.5)
        + _number(2, 1, 990422199001011000)
        + _record(0x0205, struct.pack("<HHHBB", 2, 2, 0, 0x17, 1))
        + _record(0x0205, struct.pack("<HHHBB", 2, 3, 0, 1, 0))
        + _formula(3, 0, struct.pack("<d", 3.0))
        + _formula(3, 1, error)
        + _formula(3, 2, struct.pack("<B5xH", 3, 0xFFFF), options=2)
        + _formula(3, 3, struct.pack("<B5xH", 3, 0xFFFF))
        + _record(0x00E5, struct.pack("<HHHHH", 1, 0, 0, 0, 3))
    )
    path = tmp_path / "台账.et"
    path.write_bytes(ole({"Workbook": _biff8({"九月": cells, "十月": _label(0, 0, "乙")})}))
    first, second = read_file(path)
    assert first.rows == [
        ["屲窎弆", None, None, None],
        [None, None, None, None],
        [44806.5, 990422199001011000, CellError("EXCEL_ERROR"), True],
        [3, CellError("EXCEL_ERROR"), CellError("FORMULA_NO_CACHE"), None],
    ]
    assert first.merged == [(0, 0, 0, 3)]
    assert (second.name, second.rows) == ("十月", [["乙"]])


OWN = _biff8({"台账": _label(0, 0, "金额") + _number(1, 0, 5.0)})
OTHER = _biff8({"附表": _label(0, 0, "x") + _record(0x0205, struct.pack("<HHHBB", 1, 0, 0, 0x17, 1))})


@pytest.mark.parametrize(
    "streams",
    [{"Workbook": OWN, "附件/Workbook": OTHER}, {"Workbook": OWN, "Workbook?": OTHER}, {"Workbook": OWN, "Book": OTHER}],
    ids=["a workbook within", "the name twice", "two versions"],
)
def test_values_and_errors_come_from_the_same_stream(tmp_path: Path, streams: dict[str, bytes]) -> None:
    """Calamine reads the values and we look for error cells: both must look at what a spreadsheet program shows."""
    path = tmp_path / "a.xls"
    path.write_bytes(ole(streams))
    (sheet,) = read_file(path)
    assert (sheet.name, sheet.rows) == ("台账", [["金额"], [5]])


def _follows_itself() -> bytes:
    """Of one kilobyte, with a million sectors of sector numbers: all the same one."""
    content = ole({"Workbook": OWN})
    last = len(content) // 512 - 1
    header = content[:44] + struct.pack("<I", 109 + 127 * 2**20) + content[48:68] + struct.pack("<II", last, 2**20)
    return header + struct.pack("<I", 0) * 109 + content[512:] + struct.pack("<128I", *[0] * 127, last)


def test_what_is_hidden_in_a_biff8_is_told(tmp_path: Path) -> None:
    """ROW, COLINFO and BOUNDSHEET say so; a row nobody sees is 0 high."""
    cells = (
        _record(0x007D, struct.pack("<HHHHHH", 1, 2, 2304, 0, 1, 0))
        + _record(0x009B)
        + b"".join(_record(0x0208, struct.pack("<HHHHHHI", row, 0, 2, 300, 0, 0, 0x20 * (row in (1, 2)))) for row in range(4))
        + b"".join(_label(row, 0, "x") for row in range(4))
    )
    path = tmp_path / "a.xls"
    path.write_bytes(ole({"Workbook": _biff8({"九月": cells, "底稿": _label(0, 0, "乙")}, hidden=("底稿",))}))
    first, second = read_file(path)
    assert first.hidden == Hidden(rows=((1, 2),), columns=((1, 2),), is_filtered=True)
    assert second.hidden == Hidden(sheet=True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "FILE_ENCRYPTED"),
        (
            ole({"Workbook": _biff8({"a": _label(0, 0, "x")}, extra=_record(0x2F, bytes(6)))}),
            "FILE_ENCRYPTED",
        ),
        (ole({"WordDocument": b"x"}), "FILE_UNKNOWN_FORMAT"),
        (ole({"Workbook": _biff8({"a": _label(0, 0, "x")})})[:1500], "FILE_CORRUPT"),
        (ole({"Workbook": _biff8({"a": _number(0, 0, 1) + _number(65535, 65535, 1)})}), "FILE_HOSTILE"),
        (ole({})[:100], "FILE_CORRUPT"),
        (ole({"附件/Workbook": OTHER, "Workbook": OWN}), "FILE_UNKNOWN_FORMAT"),
        (ole({"附件/Workbook": OTHER, "Book": OWN}), "FILE_UNKNOWN_FORMAT"),
        (ole({"WordDocument": b"x", "附件/Workbook": OTHER}), "FILE_UNKNOWN_FORMAT"),
        (_follows_itself(), "FILE_CORRUPT"),
    ],
    ids=[
        *("encrypted xlsx", "encrypted xls", "word", "truncated", "far corner", "stub"),
        *("a workbook within first", "another name within", "word with a workbook", "endless table"),
    ],
)
def test_compound_files_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, code: str) -> None:
    """A password, another kind of document and damage need different things of the office."""
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as caught:
        read_file(path)
    assert caught.value.code == code
