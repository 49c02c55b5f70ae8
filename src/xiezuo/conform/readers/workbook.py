"""Workbooks (.xlsx, .xlsm, .xls, .et, .ods and XML Spreadsheet 2003), parsed in a process of their own.

python-calamine is fast and reads both formats, but a hostile file of one kilobyte can make it ask
for half a terabyte and abort its process. So the archive's directory is checked here, and the
parsing is done by :mod:`xiezuo.conform.workbook_child` under limits on memory, processor and wall time.
The child answers in JSON lines, not pickles: nothing it says can run code here.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xiezuo
from xiezuo.base.errors import ConfigError
from xiezuo.conform.readers.refusals import refusal
from xiezuo.conform.readers.sheets import Cell, CellError, Hidden, Limits, Sheet, typed

_PROTOCOL_BYTES = 1 << 20  # what names of sheets and merged ranges may take beside the cells
_CHILD_LIMITS = ("max_rows", "max_cells", "max_text_bytes", "memory_bytes", "cpu_seconds")
_START = "import sys; sys.path.append(sys.argv[1]); from xiezuo.conform.workbook_child.main import main; main()"
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")  # no secret of ours is the child's business
_TAGS: dict[str, Callable[[str], Cell]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "FORMULA_NO_CACHE": lambda _: CellError("FORMULA_NO_CACHE"),
    "EXCEL_ERROR": lambda _: CellError("EXCEL_ERROR"),
}


def read(path: Path, limits: Limits) -> list[Sheet]:
    """Every worksheet of the workbook at ``path``, in workbook order; chart sheets have no cells.

    Raises FileRefused, and ConfigError when the child process cannot start at all.
    """
    with path.open("rb") as file:
        is_zipped = file.read(2) == b"PK"
    if is_zipped:
        _check_archive(path, limits)
    return _run_child(path, limits)


def _check_archive(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise refusal("FILE_CORRUPT") from None
    names = {entry.filename.lower().replace("\\", "/") for entry in entries}
    if len(entries) > limits.max_entries or len(names) < len(entries):
        raise refusal("FILE_HOSTILE")
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise refusal("FILE_UNKNOWN_FORMAT")
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("FILE_ENCRYPTED")
    if sum(entry.file_size for entry in entries) > limits.max_unpacked_bytes:
        raise refusal("FILE_HOSTILE")
    if any(_ratio(entry, limits) > limits.max_ratio for entry in entries):
        raise refusal("FILE_HOSTILE")


def _ratio(entry: zipfile.ZipInfo, limits: Limits) -> float:
    # Small parts that are nearly all the same (a thousand blank rows) pack very well and harm no one.
    return entry.file_size / max(entry.compress_size, 1) if entry.file_size > limits.ratio_from_bytes else 0.0


def _run_child(path: Path, limits: Limits) -> list[Sheet]:
    options = json.dumps({name: getattr(limits, name) for name in _CHILD_LIMITS})
    root = Path(xiezuo.__file__).resolve().parents[1]
    process = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", _START, str(root), str(path.resolve()), options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's panic may quote the file
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )
    stop = threading.Timer(limits.wall_seconds, process.kill)
    stop.start()
    with process:
        try:
            sheets, last = _take(process.stdout or (), limits)
        finally:
            is_late = not stop.is_alive()
            stop.cancel()
            process.kill()
    if is_late and last[:1] != ["end"]:
        raise refusal("FILE_TIMEOUT")
    return _answer(sheets, last, process.returncode)


def _take(lines: Iterable[bytes], limits: Limits) -> tuple[list[Sheet], list[Any]]:
    """Build the sheets line by line as they come, so that nothing is held twice; return them and the last message.

    Raises:
        FileRefused: there is more than the limits allow, whatever the child says of it.
    """
    sheets: list[Sheet] = []
    last: list[Any] = []
    length = 0
    for line in lines:
        length += len(line)
        if length > limits.max_text_bytes + _PROTOCOL_BYTES:
            raise refusal("FILE_TOO_LARGE")
        try:
            last = json.loads(line)
        except ValueError:
            return sheets, ["died"]  # in the midst of a line
        _put(sheets, *last)
    return sheets, last


def _answer(sheets: list[Sheet], last: list[Any], returncode: int) -> list[Sheet]:
    if not last:
        raise ConfigError(
            f"the workbook reader did not start (exit status {returncode})",
            zh="工作簿读取程序无法启动。",
            next_step="检查 python-calamine 是否已安装，以及内存是否足够",
        )
    if last[0] == "refused":
        raise refusal(last[1], **last[2])
    if last[0] != "end":
        raise refusal(_cause_of_death(returncode))
    return sheets


def _cause_of_death(returncode: int) -> str:
    if returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "FILE_TIMEOUT"
    # Rust aborts when memory runs out; within our limits only a malformed file asks for so much.
    return "FILE_HOSTILE" if returncode == -signal.SIGABRT else "FILE_CORRUPT"


def _put(sheets: list[Sheet], kind: str, *body: Any) -> None:
    if kind == "sheet":
        name, height, width, merged = body
        rows: list[list[Cell]] = [[None] * width for _ in range(height)]
        sheets.append(Sheet(name, rows, [tuple(found) for found in merged]))
    elif kind == "hidden":
        sheets[-1] = replace(sheets[-1], hidden=_hidden(list(body), len(sheets[-1].rows)))
    elif kind == "row":
        index, cells = body
        sheets[-1].rows[index][:] = [_cell(cell) for cell in cells]
    elif kind == "formats":
        code, places = body
        sheets[-1].formats.update(dict.fromkeys(map(tuple, places), code))
    elif kind == "asides":
        sheets[-1].asides.extend((place, text) for place, text in body[0])
    elif kind == "system":
        sheets[-1] = replace(sheets[-1], is_1904=True)


def _hidden(said: list[Any], height: int) -> Hidden:
    is_hidden, rows, columns, is_filtered = said
    return Hidden(
        sheet=is_hidden,
        rows=tuple((first, min(last, height - 1)) for first, last in rows if first < height),
        columns=tuple((first, last) for first, last in columns),
        is_filtered=is_filtered,
    )


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        tag, text = value
        return _TAGS[tag](text)
    plain: Cell = value
    return typed(plain) if isinstance(plain, str) else plain
