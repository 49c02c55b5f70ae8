"""What is where in an .xls or .et ([MS-XLS] and its BIFF5 forerunner): positions and error cells."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from xiezuo.conform.workbook_child.compound import CompoundFile
from xiezuo.conform.workbook_child.findings import Findings, RefusedError

_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
_BOOLERR, _MULRK = 0x0205, 0x00BD
_ROW, _COLINFO, _FILTERMODE = 0x0208, 0x007D, 0x009B
_ZERO_HEIGHT = 0x20
_FORMULAS = {0x0006, 0x0206, 0x0406}
_VALUES = {0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6}  # NUMBER, RK, LABELSST, LABEL, RSTRING
_CELLS = {_BOOLERR, _MULRK} | _FORMULAS | _VALUES
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
    name = next((name for name in ("Workbook", "WORKBOOK", "Book", "BOOK") if name in container.names), None)
    if name is None:
        raise RefusedError("FILE_UNKNOWN_FORMAT")
    stream = container.stream(name)
    return [_inspect_sheet(stream, start) for start in _sheet_starts(stream)]


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


def _inspect_sheet(stream: bytes, start: int) -> Findings:
    found = Findings()
    for kind, body in _records(stream, start):
        if kind not in _CELLS:
            _note_hidden(found, kind, body)
            continue
        row, first = struct.unpack_from("<HH", body)
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
