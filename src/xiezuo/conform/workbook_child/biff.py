"""What is where in an .xls or .et ([MS-XLS] and its BIFF5 forerunner): positions and error cells."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from xiezuo.conform.workbook_child.compound import CompoundFile
from xiezuo.conform.workbook_child.findings import Findings, RefusedError
from xiezuo.conform.workbook_child.formats import is_red, meanings

_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
_BOOLERR, _MULRK = 0x0205, 0x00BD
_ROW, _COLINFO, _FILTERMODE = 0x0208, 0x007D, 0x009B
_ZERO_HEIGHT = 0x20
_FORMULAS = {0x0006, 0x0206, 0x0406}
_VALUES = {0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6}  # NUMBER, RK, LABELSST, LABEL, RSTRING
_CELLS = {_BOOLERR, _MULRK} | _FORMULAS | _VALUES
_NUMBERS = {0x0203, 0x027E, _MULRK} | _FORMULAS
_DATE_SYSTEM, _FORMAT, _STYLE, _FONT = 0x0022, 0x041E, 0x00E0, 0x0031
_FONT_BEFORE_GAP = 3  # no font has number 4
_BIFF8 = 0x0600
_NOT_A_NUMBER = 0xFFFF  # mark in a FORMULA result that byte 0 tells its kind
_KIND_ERROR, _KIND_EMPTY = 2, 3
_CALCULATE_ON_LOAD = 2


def inspect(path: Path) -> list[Findings]:
    """Findings per sheet, in workbook order.

    Raises RefusedError: FILE_ENCRYPTED (also for an encrypted .xlsx, which is such a container),
    FILE_UNKNOWN_FORMAT for other documents, FILE_CORRUPT.
    """
    container = CompoundFile(path.read_bytes())
    if "EncryptedPackage" in container.names:
        raise RefusedError("FILE_ENCRYPTED")
    stream = container.stream("Workbook", "Book", "WORKBOOK", "BOOK")  # in the order calamine tries them
    marked, is_1904 = _globals(stream)
    found = [_inspect_sheet(stream, start, marked) for start in _sheet_starts(stream)]
    for sheet in found:
        sheet.is_1904 = is_1904
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream: from its BOF to the EOF that closes it, embedded charts left out."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        body = stream[start + 4 : start + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < 1:
            return
        if depth == 1:
            yield kind, body
        start += 4 + length
    raise RefusedError("FILE_CORRUPT")


def _sheet_starts(stream: bytes) -> list[int]:
    starts: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise RefusedError("FILE_ENCRYPTED")
        if kind == _BOUNDSHEET:
            starts += struct.unpack_from("<I", body)
    return starts


def _globals(stream: bytes) -> tuple[dict[int, str], bool]:
    """Return the cell styles whose number format matters, and whether days count from 1904."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    fonts: list[int] = []
    red: set[int] = set()
    font = -1
    is_1904, is_biff8 = False, True
    for kind, body in _records(stream, 0):
        if kind == _BOF:
            is_biff8 = struct.unpack_from("<H", body)[0] >= _BIFF8
        elif kind == _DATE_SYSTEM:
            is_1904 = struct.unpack_from("<H", body)[0] == 1
        elif kind == _STYLE:
            styles += struct.unpack_from("<2xH", body)
            fonts += struct.unpack_from("<H", body)
        elif kind == _FONT:
            font += 2 if font == _FONT_BEFORE_GAP else 1
            if is_red(index=struct.unpack_from("<4xH", body)[0]):
                red.add(font)
        elif kind == _FORMAT:
            (number,) = struct.unpack_from("<H", body)
            codes[number] = _code(body, is_biff8=is_biff8)
    return meanings(styles, codes, fonts, red), is_1904


def _code(body: bytes, *, is_biff8: bool) -> str:
    if not is_biff8:
        return body[3 : 3 + body[2]].decode("gb18030", "replace")
    length, options = struct.unpack_from("<HB", body, 2)
    if options & 1:
        return body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
    return body[5 : 5 + length].decode("latin-1")


def _mark(found: Findings, kind: int, body: bytes, marked: dict[int, str]) -> None:
    """Note the cells of one record whose number format matters."""
    row, column = struct.unpack_from("<HH", body)
    styles = struct.unpack_from("<H", body, 4)
    if kind == _MULRK:
        styles = tuple(style for style, _ in struct.iter_unpack("<HI", body[4:-2]))
    found.meanings |= {(row, column + n): marked[style] for n, style in enumerate(styles) if style in marked}


def _inspect_sheet(stream: bytes, start: int, marked: dict[int, str]) -> Findings:
    found = Findings()
    for kind, body in _records(stream, start):
        if kind not in _CELLS:
            _note_hidden(found, kind, body)
            continue
        row, first = struct.unpack_from("<HH", body)
        if marked and kind in _NUMBERS:
            _mark(found, kind, body, marked)
        if kind in _VALUES:
            found.add(row, first)
        elif kind in _FORMULAS:
            found.add(row, first, _formula_error(body))
        elif kind == _BOOLERR:
            found.add(row, first, "EXCEL_ERROR" if body[7] else "")
        else:
            (last,) = struct.unpack_from("<H", body, len(body) - 2)
            for column in range(first, last + 1):
                found.add(row, column)
    return found


def _note_hidden(found: Findings, kind: int, body: bytes) -> None:
    if kind == _ROW:
        row, options = struct.unpack_from("<H10xB", body)
        if options & _ZERO_HEIGHT:
            found.hide_rows(row, row)
    elif kind == _COLINFO:
        first, last, width, options = struct.unpack_from("<HHH2xB", body)
        if options & 1 or width == 0:
            found.hide_columns(first, last)
    elif kind == _FILTERMODE:
        found.is_filtered = True


def _formula_error(body: bytes) -> str:
    result, mark, options = struct.unpack_from("<B5xHH", body, 6)
    if mark != _NOT_A_NUMBER:
        return ""
    if result == _KIND_ERROR:
        return "EXCEL_ERROR"
    # An empty text is a result like any other, unless the file asks for it to be calculated yet.
    return "FORMULA_NO_CACHE" if result == _KIND_EMPTY and options & _CALCULATE_ON_LOAD else ""
