"""Whose ledger a table is: one that says it is another county's is refused, wherever it lies.

Townships are called alike in many counties: rows of another county's ledger would be counted as ours
(docs/decisions/0040-another-countys-ledger.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.header_match import HeaderMatch
from xiezuo.conform.ledgers.header_text import TITLE
from xiezuo.conform.ledgers.lines import NOTE
from xiezuo.conform.readers import Sheet
from xiezuo.conform.workbook_child.findings import letters
from xiezuo.declared.county_names import CountyNames
from xiezuo.values import bare, normalise

_COUNTIES = re.compile(
    "(?:所属|所在|填报|报送|上报|户籍|户籍所在|户籍地|项目|受援|脱贫|西部|结对)?(?:县[市区]{0,2}|[市区]县区?)名?称?"
)
_PROVINCES = re.compile("省份?|.*省.*自治区.*")
_REPORTED_BY = re.compile("(?:填报|填表|上报|编制|报送|制表)单位")


def refuse_other_county(sheet: Sheet, match: HeaderMatch, path: PurePosixPath, names: CountyNames) -> None:
    """Refuse a matched table that says it is another county's, or that lists rows of several.

    Raises:
        FileRefused: ``OTHER_COUNTY``; the sentence says which county, in which cell, and whose folder it lies in.
    """
    for where, what, text in _said(sheet, match, path):
        if (other := names.other_in(text)) is not None:
            raise _refusal(names, f"{where}写的是“{other}”", other, what)
    for column in _county_columns(sheet, match):
        for row in range(match.last_row + 1, len(sheet.rows)):
            cell = sheet.rows[row][column]
            if isinstance(cell, str) and (other := names.other_cell(cell)) is not None:
                where = f"工作表“{sheet.name}”{letters(column)}{sheet.first_row + row + 1} 单元格写的是“{other}”"
                raise _refusal(names, where, other, "这一列", rows=True)


def _refusal(names: CountyNames, said: str, other: str, what: str, *, rows: bool = False) -> FileRefused:
    ours = names.county.name
    todo = f"如是{other}的台账，请放到该县的文件夹；如是{ours}的，请改正{what}"
    todo = f"请只保留{ours}的行" if rows else todo
    return FileRefused("OTHER_COUNTY", f"{said}，而文件放在{ours}（{names.county.code}）的文件夹里：{todo}后重新放入")


def _said(sheet: Sheet, match: HeaderMatch, path: PurePosixPath) -> Iterator[tuple[str, str, str]]:
    """Yield what tells whose ledger it is: where that stands, what it is called, and the text."""
    for index in range(match.first_row):
        yield from _cells(sheet, index, "标题")
    for cell in sheet.told:
        if isinstance(cell, str):
            yield f"工作表“{sheet.name}”上方的标题", "标题", cell[:TITLE]
    for index in range(match.last_row + 1, len(sheet.rows)):
        first = next((cell for cell in sheet.rows[index] if cell is not None and cell != ""), None)
        if isinstance(first, str) and any(sign.match(normalise(first[:TITLE])) for sign in (NOTE, _REPORTED_BY)):
            yield from (said for said in _cells(sheet, index, "填报单位") if _REPORTED_BY.search(normalise(said[2])))
    yield f"文件名“{path.name}”", "文件名", path.stem
    yield f"工作表名“{sheet.name}”", "工作表名", sheet.name


def _cells(sheet: Sheet, index: int, what: str) -> Iterator[tuple[str, str, str]]:
    for column, cell in enumerate(sheet.rows[index]):
        if isinstance(cell, str):
            address = f"{letters(column)}{sheet.first_row + index + 1}"
            yield f"工作表“{sheet.name}”{address} 单元格", what, cell[:TITLE]


def _county_columns(sheet: Sheet, match: HeaderMatch) -> Iterator[int]:
    """Yield the columns that say nothing but the county of a row, and are none of a group's (where one works)."""
    header = range(match.first_row, match.last_row + 1)
    width = max((len(sheet.rows[row]) for row in header), default=0)
    for column in range(width):
        if column in match.columns.values() or _is_in_group(sheet, match, column):
            continue
        texts = _texts(sheet, header, column)
        if len(texts) == 1 and _COUNTIES.fullmatch(texts[0]) and not _follows_province(sheet, header, column):
            yield column


def _follows_province(sheet: Sheet, header: range, column: int) -> bool:
    """Whether province, prefecture and county stand side by side: an address, which may lie anywhere."""
    before = [text for left in range(max(column - 2, 0), column) for text in _texts(sheet, header, left)]
    return any(_PROVINCES.fullmatch(text) for text in before)


def _texts(sheet: Sheet, header: range, column: int) -> list[str]:
    return [bare(text) for row in header if isinstance(text := sheet.rows[row][column], str) and text.strip()]


def _is_in_group(sheet: Sheet, match: HeaderMatch, column: int) -> bool:
    return any(
        right > left and left <= column <= right and top <= match.last_row and bottom >= match.first_row
        for top, left, bottom, right in sheet.merged
    )
