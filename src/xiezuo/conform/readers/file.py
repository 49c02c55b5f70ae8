"""One door for every delivered file: what it is gets decided by its content, not by its name.

Offices rename freely: an HTML table is called ``.xls``, a BIFF8 workbook ``.et``, and files in the
landing area have no suffix at all.
"""

from __future__ import annotations

import re
from pathlib import Path

from xiezuo.conform.readers import delimited, html, workbook
from xiezuo.conform.readers.encoding import decode
from xiezuo.conform.readers.refusals import refusal
from xiezuo.conform.readers.sheets import Limits, Sheet

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OTHER = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"SQLite format 3",
    b"MIME-Version:",
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.01
_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(?:\?xml|[\w:]*Workbook)[\s>]")
_SPREADSHEETML = b"urn:schemas-microsoft-com:office:spreadsheet"


def read_file(path: Path, *, name: str | None = None, limits: Limits | None = None) -> list[Sheet]:
    """Read every sheet of a workbook, delimited text or HTML table, hidden sheets included.

    Workbooks are .xlsx, .xlsm, .xls and .et (BIFF8), .ods and XML Spreadsheet 2003; text is comma,
    semicolon or tab separated in UTF-8, UTF-16 or GB 18030. ``name`` is the file's original name: text
    has no sheet names, so its one sheet is named after it.

    Raises FileRefused with one of FILE_EMPTY, FILE_ENCRYPTED, FILE_CORRUPT, FILE_TOO_LARGE,
    FILE_HOSTILE, FILE_TIMEOUT, FILE_UNKNOWN_FORMAT, FILE_ENCODING, and OSError when ``path`` itself
    cannot be opened. Nothing is read in part: either all sheets come back or none.
    """
    limits = limits or Limits()
    if path.stat().st_size > limits.max_file_bytes:
        raise refusal("FILE_TOO_LARGE")
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise refusal("FILE_EMPTY")
    if head.startswith((_OLE, *_ZIP)) or _is_xml_2003(head):
        sheets = workbook.read(path, limits)
    elif head.startswith(_OTHER):
        raise refusal("FILE_UNKNOWN_FORMAT")
    else:
        sheets = [_read_text(path.read_bytes(), Path(name or path.name).stem, limits)]
    if not any(sheet.rows for sheet in sheets):
        raise refusal("FILE_EMPTY")
    return sheets


def _is_xml_2003(head: bytes) -> bool:
    """Whether a file is the XML that Excel 2003 wrote: portals still do, and call it .xls."""
    plain = head.replace(b"\0", b"")  # of UTF-16
    return _XML.match(plain) is not None and (_SPREADSHEETML in plain or b'progid="Excel.Sheet"' in plain)


def _read_text(data: bytes, name: str, limits: Limits) -> Sheet:
    text = decode(data)
    if not text.strip():
        raise refusal("FILE_EMPTY")
    if len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise refusal("FILE_UNKNOWN_FORMAT")
    if html.looks_like(text):
        return html.read(text, name, limits)
    return delimited.read(text, name, limits)
