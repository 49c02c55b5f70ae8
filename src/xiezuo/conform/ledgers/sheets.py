"""Which tables of a file are ledgers: notes, pivots and samples beside one are left aside, by name.

A table is refused for a missing column only when it is meant to be a ledger; a summary or a drop-down
list beside a whole ledger is none, however many of the ledger's words it holds. What is hidden is not read
beside what is shown (docs/decisions/0034-every-line-of-a-sheet.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.blocks import blocks_of, lacks_most, spellings_of, with_aside
from xiezuo.conform.ledgers.header_match import HeaderMatch, best_match, refuse_unfit
from xiezuo.conform.ledgers.totals import holds_number
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import Contract
from xiezuo.declared.counties import County

_ASIDE = re.compile("说明|汇总|统计|分析|封面|目录|字典|代码|选项|下拉|参考|备查|透视")
_SPECIMEN = re.compile("示例|样例|样表|模板|模版|范例|例子")


@dataclass(frozen=True)
class Ledgers:
    """The ledgers of a file, in sheet order, and the names of what was left aside beside them.

    ``hidden`` are sheets that nobody sees who opens the file, ``unknown`` sheets with numbers and no header of ours.
    """

    matched: list[tuple[Sheet, HeaderMatch]]
    left_aside: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def warnings(self) -> list[str]:
        """Say which tables were not read."""
        return [
            *(f"工作表“{name}”不是完整台账，未读取" for name in self.left_aside),
            *(f"隐藏的工作表“{name}”未读取，如需计入请取消隐藏后重新放入" for name in self.hidden),
            *(f"工作表“{name}”里有数字，但没有可识别的表头，未读取" for name in self.unknown),
        ]


def ledgers_of(
    sheets: Iterable[Sheet], contracts: Iterable[Contract], county: County | None = None, name: str = ""
) -> Ledgers:
    """Match every table of one file; see :func:`xiezuo.conform.ledgers.header_match.match_sheet` for the arguments.

    Beside a whole ledger these are left aside: hidden sheets, sheets called 说明, 汇总 and the like that lack
    columns, sheets called 示例 or 模板, and tables that hold less than half of what a ledger must have.

    Raises:
        FileRefused: a table that is meant to be a ledger cannot be read as one, or every ledger is hidden.
    """
    contracts, sheets = list(contracts), list(sheets)
    spellings = spellings_of(contracts, county)

    def match(sheet: Sheet) -> HeaderMatch | None:
        return best_match(sheet, contracts, county, name)

    found: list[tuple[Sheet, HeaderMatch]] = []
    unknown: list[str] = []
    for sheet in sheets:
        tables = [(table, best) for table, best in blocks_of(sheet, spellings, match) if best is not None]
        found += tables
        if not tables and any(holds_number(cell) for row in sheet.rows for cell in row):
            unknown.append(sheet.name)
    is_ledger = [not best.missing and not _SPECIMEN.search(table.name) for table, best in found]
    _refuse_all_hidden(found, is_ledger)
    shown = any(whole and not table.hidden.sheet for (table, _), whole in zip(found, is_ledger, strict=True))
    kept: list[tuple[Sheet, HeaderMatch]] = []
    aside: list[str] = []
    for (table, best), whole in zip(found, is_ledger, strict=True):
        if shown and table.hidden.sheet:
            continue
        if not whole and any(is_ledger) and _is_aside(table, best):
            if table.first_row and kept and _sheet_of(kept[-1][0]) == _sheet_of(table):
                kept[-1] = (with_aside(kept[-1][0], table), kept[-1][1])
            aside.append(table.name)
            continue
        refuse_unfit(table, best)
        kept.append((table, best))
    left = [_sheet_of(table) for table, _ in found if shown and table.hidden.sheet]
    concealed = {sheet.name for sheet in sheets if sheet.hidden.sheet}
    hidden = dict.fromkeys([*left, *(name for name in unknown if name in concealed)])
    return Ledgers(kept, tuple(aside), tuple(hidden), tuple(name for name in unknown if name not in concealed))


def _refuse_all_hidden(found: list[tuple[Sheet, HeaderMatch]], is_ledger: list[bool]) -> None:
    """Refuse a file whose only ledgers are hidden: whether they count is not for a program to guess."""
    whole = [table for (table, _), is_whole in zip(found, is_ledger, strict=True) if is_whole]
    if whole and all(table.hidden.sheet for table in whole):
        raise FileRefused(
            "LEDGER_HIDDEN", f"台账在隐藏的工作表“{_sheet_of(whole[0])}”里，请取消隐藏（或删去不用的工作表）后重新放入"
        )


def _sheet_of(table: Sheet) -> str:
    return table.name.removesuffix(f"（第 {table.first_row + 1} 行起）")


def _is_aside(sheet: Sheet, match: HeaderMatch) -> bool:
    return bool(_SPECIMEN.search(sheet.name) or _ASIDE.search(sheet.name)) or lacks_most(match)
