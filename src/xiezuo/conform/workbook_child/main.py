"""Entry of the child: limits on itself first, then one workbook to JSON lines on stdout.

Lines: ``["ready"]``; per sheet ``["sheet", name, height, width, merged]``, then ``["hidden", is_hidden, rows,
columns, is_filtered]``, ``["row", i, cells]`` for rows that are not blank, ``["formats", code, [[row, column], ...]]``
for numbers to be read as shown, ``["asides", [[kind, text], ...]]`` and ``["system", 1904]`` where days count from
there; at last ``["end"]`` or ``["refused", reason, facts]``. A cell is a JSON scalar (``null`` for a blank) or
``[tag, text]`` with tag ``datetime``, ``date``, ``time`` or an error code.
"""

from __future__ import annotations

import json
import math
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from xiezuo.conform.workbook_child import biff, ods, ooxml, xml_2003
from xiezuo.conform.workbook_child.findings import Findings, RefusedError, check_extent
from xiezuo.conform.workbook_child.formats import MONTH, YEAR, without_day

_EXACT_INTEGERS = 1e21  # from here on repr() itself stops writing a whole number in full
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError),  # the archive
    *(expat.ExpatError, CalamineError, struct.error, ValueError, OSError),  # its parts
)
_ZIP = b"PK"
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")

_Range = tuple[int, int, int, int]


def main() -> None:
    """Read the workbook ``argv[2]`` under the limits ``argv[3]`` (JSON) and write it to stdout."""
    path, options = Path(sys.argv[2]), json.loads(sys.argv[3])
    _confine(options["memory_bytes"], options["cpu_seconds"])
    _say(["ready"])
    try:
        _read(path, options)
        _say(["end"])
    except RefusedError as error:
        _say(["refused", error.reason, error.facts])
    except PasswordError:
        _say(["refused", "FILE_ENCRYPTED", {}])
    except MemoryError:
        _say(["refused", "FILE_HOSTILE", {}])
    except _BROKEN:
        _say(["refused", "FILE_CORRUPT", {}])
    # A panic in Rust passes through and ends the process: no last line is an answer too.


def _confine(memory_bytes: int, cpu_seconds: int) -> None:
    wanted = {resource.RLIMIT_AS: memory_bytes, resource.RLIMIT_CPU: cpu_seconds, resource.RLIMIT_CORE: 0}
    for kind, limit in wanted.items():
        _, hard = resource.getrlimit(kind)
        bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (bound, hard))


def _say(message: list[Any]) -> int:
    """Write a message; return how many bytes it has. ``surrogatepass``: half a pair is the reader's to judge."""
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
    sys.stdout.buffer.write(line)
    if message[0] != "row":
        sys.stdout.buffer.flush()  # an abort must not take what was already said with it
    return len(line)


def _read(path: Path, options: dict[str, int]) -> None:
    left = options["max_text_bytes"]
    for sheet in _sheets(path, options):
        for message in _messages(sheet):
            left -= _say(message)
            if left < 0:
                raise RefusedError("FILE_TOO_LARGE")


@dataclass
class _Sheet:
    name: str
    is_hidden: bool
    rows: list[list[Any]]
    merged: list[_Range]
    found: Findings


def _sheets(path: Path, options: dict[str, int]) -> Iterator[_Sheet]:
    """Yield the sheets: of the formats calamine reads by calamine, of the others as they are read here."""
    with path.open("rb") as file:
        head = file.read(8)
    is_zipped, is_compound = head.startswith(_ZIP), head == _COMPOUND
    if not is_compound and not (is_zipped and _is_ooxml(path)):
        tables = (ods if is_zipped else xml_2003).read(path, options["max_cells"])
        check_extent([table.findings for table in tables], options["max_rows"], options["max_cells"])
        for table in tables:
            yield _Sheet(table.name, table.is_hidden, table.rows(), table.merged, table.findings)
        return
    findings = (ooxml if is_zipped else biff).inspect(path)
    check_extent(findings, options["max_rows"], options["max_cells"])
    with path.open("rb") as file, load_workbook(file) as workbook:
        if len(findings) != len(workbook.sheets_metadata):
            raise RefusedError("FILE_CORRUPT")
        for index, (sheet, found) in enumerate(zip(workbook.sheets_metadata, findings, strict=True)):
            if sheet.typ == SheetTypeEnum.WorkSheet:
                is_hidden = sheet.visible != SheetVisibleEnum.Visible
                cells = workbook.get_sheet_by_index(index)
                ranges = [(top, left, b, r) for (top, left), (b, r) in cells.merged_cell_ranges or []]
                yield _Sheet(sheet.name, is_hidden, cells.to_python(skip_empty_area=False), ranges, found)


def _is_ooxml(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.lower().replace("\\", "/") == "xl/workbook.xml" for name in archive.namelist())


def _messages(sheet: _Sheet) -> Iterator[list[Any]]:
    rows: list[list[Any]] = [[_plain(value) for value in row] for row in sheet.rows]
    found = sheet.found
    for (row, column), code in found.errors.items():
        _put(rows, row, column, [code, ""])
    codes = _formatted(rows, found)
    while rows and not _width(rows[-1]):
        rows.pop()
    width = max(map(_width, rows), default=0)
    yield ["sheet", sheet.name, len(rows), width, _merged(sheet.merged, len(rows), width)]
    yield ["hidden", sheet.is_hidden, found.hidden_rows, found.hidden_columns, found.is_filtered]
    for index, cells in enumerate(rows):
        if _width(cells):
            yield ["row", index, cells[:width] + [None] * (width - len(cells))]
    for code, places in codes.items():
        yield ["formats", code, places]
    if found.asides:
        yield ["asides", found.asides]
    if found.is_1904:
        yield ["system", 1904]


def _formatted(rows: list[list[Any]], found: Findings) -> dict[str, list[tuple[int, int]]]:
    """Put dates without a day as the text they show; return where numbers stand that are to be read as shown."""
    codes: dict[str, list[tuple[int, int]]] = {}
    for (row, column), meaning in found.meanings.items():
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if meaning in (MONTH, YEAR):
            if value is not None:
                rows[row][column] = without_day(value, meaning, is_1904=found.is_1904)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            codes.setdefault(meaning, []).append((row, column))
    return codes


def _put(rows: list[list[Any]], row: int, column: int, value: Any) -> None:
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _width(row: list[Any]) -> int:
    return next((i + 1 for i in range(len(row) - 1, -1, -1) if row[i] is not None), 0)


def _merged(stated: list[_Range], height: int, width: int) -> list[_Range]:
    """Ranges cut to the used area; real ones never overlap, so their areas fit into it together."""
    ranges: list[_Range] = []
    area = 0
    for r0, c0, r1, c1 in stated:
        last_row, last_column = min(r1, height - 1), min(c1, width - 1)
        if r0 <= last_row and c0 <= last_column and (r0, c0) != (last_row, last_column):
            ranges.append((r0, c0, last_row, last_column))
            area += (last_row - r0 + 1) * (last_column - c0 + 1)
    if area > height * width:
        raise RefusedError("FILE_HOSTILE")
    return sorted(ranges)


def _plain(value: Any) -> Any:
    """One cell as a JSON scalar or tagged text.

    Excel has one kind of number: a whole one becomes an integer, written out as Excel shows it, so
    that an identity number typed as a number keeps its 18 digits and its tell-tale zeros. A duration
    becomes the number of days the file holds for it.
    """
    if value is None or isinstance(value, str | bool | int | list):
        return None if value == "" else value
    if isinstance(value, timedelta):
        value = value / timedelta(days=1)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ["EXCEL_ERROR", ""]
        whole = value.is_integer() and abs(value) < _EXACT_INTEGERS
        return int(Decimal(repr(value))) if whole else value
    if isinstance(value, datetime | date | time):
        tag = "datetime" if isinstance(value, datetime) else type(value).__name__
        return [tag, value.isoformat()]
    raise TypeError(f"calamine returned a {type(value).__name__}")
