"""Which sheets of a file are ledgers: notes, pivots and samples beside one are left aside, by name.

A sheet is refused for a missing column only when it is meant to be a ledger; a summary or a drop-down
list beside a whole ledger is none, however many of the ledger's words it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xiezuo.conform.ledgers.header_match import HeaderMatch, best_match, refuse_unfit
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import Contract
from xiezuo.declared.counties import County

_ASIDE = re.compile("说明|汇总|统计|分析|封面|目录|字典|代码|选项|下拉|参考|备查|透视")
_SPECIMEN = re.compile("示例|样例|样表|模板|模版|范例|例子")


@dataclass(frozen=True)
class Ledgers:
    """The ledgers of a file, in sheet order, and the names of the tables left aside beside them."""

    matched: list[tuple[Sheet, HeaderMatch]]
    left_aside: tuple[str, ...] = ()

    def warnings(self) -> list[str]:
        """Say which tables were not read."""
        return [f"工作表“{name}”不是完整台账，未读取" for name in self.left_aside]


def ledgers_of(
    sheets: Iterable[Sheet], contracts: Iterable[Contract], county: County | None = None, name: str = ""
) -> Ledgers:
    """Match every sheet of one file; see :func:`xiezuo.conform.ledgers.header_match.match_sheet` for the arguments.

    Beside a whole ledger these are left aside: sheets called 说明, 汇总 and the like that lack columns,
    sheets called 示例 or 模板, and tables that hold less than half of what a ledger must have.

    Raises:
        FileRefused: a sheet that is meant to be a ledger cannot be read as one.
    """
    contracts = list(contracts)
    found = [(sheet, match) for sheet in sheets if (match := best_match(sheet, contracts, county, name)) is not None]
    is_ledger = [not match.missing and not _SPECIMEN.search(sheet.name) for sheet, match in found]
    kept, aside = [], []
    for (sheet, match), whole in zip(found, is_ledger, strict=True):
        if not whole and any(is_ledger) and _is_aside(sheet, match):
            aside.append(sheet.name)
            continue
        refuse_unfit(sheet, match)
        kept.append((sheet, match))
    return Ledgers(kept, tuple(aside))


def _is_aside(sheet: Sheet, match: HeaderMatch) -> bool:
    if _SPECIMEN.search(sheet.name) or _ASIDE.search(sheet.name):
        return True
    needed = [spec for spec in match.contract.feed_fields(match.feed).values() if spec.required and spec.zh]
    return 2 * len(match.missing) > len(needed)
