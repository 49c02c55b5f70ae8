"""Writing a spoiled book in the formats that offices send: .xlsx, .csv, .ods, XML Spreadsheet 2003, a web page."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from random import Random
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from sweeps.fuzz.grid import Grid, Range
from xiezuo.conform.readers import Cell, CellError

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_A_NAME = re.compile(r"[\[\]:*?/\\]")
ENCODINGS = (
    "utf-8", "utf-8", "utf-8-sig", "gb18030", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5", "latin-1",
    "gb2312",
)  # fmt: skip
_ODS = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
_HIDDEN = (
    '<office:automatic-styles><style:style style:name="h" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
)
_MIME = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(book: Sequence[Grid], chance: Random) -> bytes:
    """Write a workbook; in one of twenty its days count from 1904."""
    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "nan_inf_to_errors": True, "date_1904": chance.random() < 0.05,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as workbook:
        plain = workbook.add_format()
        day, moment = (workbook.add_format({"num_format": code}) for code in ("yyyy/m/d", "yyyy-mm-dd hh:mm:ss"))
        for name, grid in zip(_names(book), book, strict=True):
            sheet = workbook.add_worksheet(name)
            for range_ in _apart(grid.merged):
                sheet.merge_range(*range_, "", plain)
            formats = {place: workbook.add_format({"num_format": code}) for place, code in grid.formats.items()}
            for r, row in enumerate(grid.rows):
                for c, cell in enumerate(row):
                    own = formats.get((r, c))
                    _write(sheet, (r, c), cell, own or (moment if isinstance(cell, datetime) else day), own)
            _hide(sheet, grid)
        if not book or book[0].is_hidden:
            workbook.add_worksheet("0").activate()
    return out.getvalue()


def _apart(ranges: Sequence[Range]) -> list[Range]:
    """Return ranges that do not overlap: of two that do, a spreadsheet writes only one."""
    kept: list[Range] = []
    for top, left, bottom, right in ranges:
        if all(bottom < t or top > b or right < first or left > last for t, first, b, last in kept):
            kept.append((top, left, bottom, right))
    return kept


def _hide(sheet: xlsxwriter.worksheet.Worksheet, grid: Grid) -> None:
    for r in grid.hidden_rows:
        sheet.set_row(r, None, None, {"hidden": True})
    for c in grid.hidden_columns:
        sheet.set_column(c, c, None, None, {"hidden": True})
    if grid.is_filtered and grid.rows:
        sheet.autofilter(grid.header, 0, len(grid.rows) - 1, max(grid.width - 1, 0))
    if grid.is_hidden:
        sheet.hide()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, place: tuple[int, int], cell: Cell, style: object, own: object
) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(*place, cell)
    elif isinstance(cell, date) and not date(1904, 1, 1) <= _day(cell):
        sheet.write_string(*place, str(cell))  # a workbook has no such day
    elif isinstance(cell, date | time):
        sheet.write_datetime(*place, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(*place, float(cell), own)
    elif isinstance(cell, CellError):
        sheet.write_formula(*place, "=1/0", None, "#DIV/0!")
    elif cell:
        sheet.write_string(*place, cell)


def _day(cell: date) -> date:
    return cell.date() if isinstance(cell, datetime) else cell


def _names(book: Sequence[Grid]) -> list[str]:
    """Return the sheets' names as a workbook may have them: short, each only once."""
    names: list[str] = []
    for number, grid in enumerate(book):
        name = _NOT_A_NAME.sub("", _NOT_XML.sub("", grid.name)).strip("'")[:28] or "表"
        known = {other.casefold() for other in names}
        names.append(f"{name}{number}" if name.casefold() in known or name.casefold() == "history" else name)
    return names


def delimited(book: Sequence[Grid], chance: Random) -> bytes:
    """Write the first sheet as text, in some encoding, with some separator."""
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=chance.choice(",,,\t;"), lineterminator=chance.choice(("\r\n", "\n")),
        quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    )  # fmt: skip
    grid = book[0]
    for row in grid.rows:
        writer.writerow([_text(cell) for cell in row] + [""] * (grid.width - len(row)))
    return text.getvalue().encode(chance.choice(ENCODINGS), errors=chance.choice(("replace", "ignore")))


def page(book: Sequence[Grid], chance: Random) -> bytes:
    """Write the first sheet as the table of a web page, as portals do and call it .xls."""
    grid = book[0]
    spans = {(top, left): f" rowspan={b - top + 1} colspan={r - left + 1}" for top, left, b, r in grid.merged}
    covered = {
        (row, column) for top, left, bottom, right in grid.merged for row in range(top, bottom + 1)
        for column in range(left, right + 1) if (row, column) != (top, left)
    }  # fmt: skip
    rows = "".join(
        "<tr>" + "".join(
            f"<td{spans.get((r, c), '')}>{escape(_text(cell))}</td>"
            for c, cell in enumerate(row) if (r, c) not in covered
        ) + "</tr>\n" for r, row in enumerate(grid.rows)
    )  # fmt: skip
    charset = chance.choice(("utf-8", "gb18030"))
    text = f'<html><head><meta charset="{charset}"></head><body><table>{rows}</table></body></html>'
    return text.encode(charset, "replace")


def ods(book: Sequence[Grid], _: Random) -> bytes:
    """Write a spreadsheet as LibreOffice and WPS do."""
    namespaces = " ".join(_ODS.format(name) for name in ("office", "table", "text", "style"))
    body = "".join(_ods_sheet(name, grid) for name, grid in zip(_names(book), book, strict=True))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces}>{_HIDDEN}'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("mimetype", _MIME), ("content.xml", content)):
            archive.writestr(zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def _ods_sheet(name: str, grid: Grid) -> str:
    spans = {
        (top, left): f' table:number-rows-spanned="{b - top + 1}" table:number-columns-spanned="{r - left + 1}"'
        for top, left, b, r in grid.merged
    }  # fmt: skip
    unseen = ' table:visibility="collapse"'
    columns = "".join(f"<table:table-column{unseen if c in grid.hidden_columns else ''}/>" for c in range(grid.width))
    rows = "".join(
        f"<table:table-row{unseen if r in grid.hidden_rows else ''}>"
        + "".join(_ods_cell(cell, spans.get((r, c), "")) for c, cell in enumerate(row))
        + "</table:table-row>"
        for r, row in enumerate(grid.rows)
    )
    style = ' table:style-name="h"' if grid.is_hidden else ""
    return f"<table:table table:name={quoteattr(name)}{style}>{columns}{rows}</table:table>"


def _ods_cell(cell: Cell, spans: str) -> str:
    shown = f"<text:p>{escape(_NOT_XML.sub('', _text(cell)))}</text:p>"
    if cell is None or cell == "":
        return f"<table:table-cell{spans}/>"
    if isinstance(cell, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
    elif isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{float(cell)!r}"'
    elif isinstance(cell, date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}{spans}>{shown}</table:table-cell>"


def xml_2003(book: Sequence[Grid], _: Random) -> bytes:
    """Write the XML that Excel 2003 wrote."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheets = "".join(_xml_sheet(name, grid) for name, grid in zip(_names(book), book, strict=True))
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"{sheets}</Workbook>"
    ).encode()


def _xml_sheet(name: str, grid: Grid) -> str:
    spans = {
        (top, left): f' ss:MergeDown="{b - top}" ss:MergeAcross="{r - left}"' for top, left, b, r in grid.merged
    }  # fmt: skip
    unseen = ' ss:Hidden="1"'
    rows = "".join(
        f'<Row ss:Index="{r + 1}"{unseen if r in grid.hidden_rows else ""}>'
        + "".join(
            _xml_cell(c, cell, spans.get((r, c), ""))
            for c, cell in enumerate(row) if cell is not None or (r, c) in spans
        )
        + "</Row>"
        for r, row in enumerate(grid.rows)
    )
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>" if grid.is_hidden else ""
    return f"<Worksheet ss:Name={quoteattr(name)}><Table>{rows}</Table>{hidden}</Worksheet>"


def _xml_cell(column: int, cell: Cell, spans: str) -> str:
    if isinstance(cell, bool):
        kind, text = "Boolean", str(int(cell))
    elif isinstance(cell, int | float):
        kind, text = "Number", repr(float(cell))
    elif isinstance(cell, date):
        kind, text = "DateTime", datetime(cell.year, cell.month, cell.day).isoformat()  # noqa: DTZ001  (a cell has no zone)
    else:
        kind, text = "String", escape(_NOT_XML.sub("", _text(cell)))
    return f'<Cell ss:Index="{column + 1}"{spans}><Data ss:Type="{kind}">{text}</Data></Cell>'


def _text(cell: Cell) -> str:
    if isinstance(cell, CellError):
        return "#N/A"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else str(cell)


FORMATS: dict[str, Callable[[Sequence[Grid], Random], bytes]] = {
    "xlsx": xlsx, "csv": delimited, "ods": ods, "xml": xml_2003, "html": page,
}  # fmt: skip
"""How a book is written, by the name of the format."""

WEIGHTS = {"xlsx": 45, "csv": 22, "ods": 13, "xml": 10, "html": 10}
"""How often of a hundred times it is."""
