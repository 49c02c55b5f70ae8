"""What a cell says when it speaks of a sum: 合计, 累计支付, 共计3笔, Total, or the word and the amount in one cell.

A name that only contains such a word (合计镇, 总计划科, 累计某某有限公司) does not match: the whole cell has to
be made of the words, amounts and counts below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from xiezuo.base.errors import Unreadable
from xiezuo.conform.readers import Cell, CellError
from xiezuo.values import money, normalise
from xiezuo.values.numerals import NUMERALS

Kind = Literal["total", "subtotal", "cumulative"]

_CUMULATIVE = r"累计"
_PART = r"小计|分计|月计|日计|页计|其中|承前页|过次页|转下页|接上页|上页结转|结转下页|subtotal"
_WHOLE = (
    r"总?合计数?|总计|共计|总和|总额|总金额|总[人户笔家次个]?数|大写|小写|计(?=$|[:,(\d¥])|grandtotal|total|sum|[∑Σσ]"
)
_OF_A_PART = r"本页|本[月季周日旬]|当[月日]|\d{1,2}月份?|第?[一二三四1-4]季度|[上下]半年|上页|前页"
_OF_LONG = r"本年度?|当年|全年|年初至今|年初以来|[截至到]止?.{0,12}?|去年|上年|历年"
_OF_ALL = (
    r"以上|上述|全[县市区乡镇村部体]|本[县市区乡镇村表次批期]|各[项类乡镇村户]*|(?:19|20)\d\d年?度?|所有|共|总|人民币|金额"
)
_NOUN = (
    r"支付|拨付|付款|支出|收入|收款|投入|资金|金额|人数|人次|户数|笔数|家数|次数|总|数量?|款|额|项目|发放|到位|下达|安排|完成|使用|"
    r"就业|务工|输转|转移|培训|销售|采购|购买|捐赠|帮扶|招聘|岗位|企业|单位|人员|学员|补贴|补助|工资|订单|财政|中央|省级|市级|县级|"
    r"乡镇|会议|文件|活动|参会|参加|期|为|是|约|共|计|已|实|应|的|各类|东西部|协作|人民币|大写|小写|数|合计|其他"
)
_COUNTER = r"人次|人|名|户|家|个|笔|条|行|项|次|场|期|类|种|件|批|对|份|村|镇|乡|县|天|月"
_AMOUNT = r"[¥￥]?[+-]?\d[\d,]*(?:\.\d+)?[万亿]?[元圆]?整?"
_SPELT = rf"[{NUMERALS}百千拾佰仟万亿萬億元圆角分整正]+"
_MARK = r"[:,、;.。\-—_*/|=()\[\]+]"
_REST = rf"(?:\((?:{_COUNTER})\)|{_MARK}|{_NOUN}|{_AMOUNT}(?:{_COUNTER})?|{_SPELT}|rmb|yuan|万?元|total|sum)*+"
_PHRASE = re.compile(
    rf"{_MARK}*+(?P<scope>(?:(?:{_OF_A_PART}|{_OF_LONG}|{_OF_ALL}){_MARK}*+){{0,3}})"
    rf"(?P<word>{_CUMULATIVE}|{_PART}|{_WHOLE}){_REST}"
)
_COUNTED = re.compile(rf"{_MARK}*(?:以上|上述)?共(?:有|:)?(?P<count>\d+)(?:{_COUNTER}){_REST}")
_ENDS = re.compile(r"(?P<name>.{1,14}?)(?P<word>小计|合计|总计|共计|累计)(?:\([^()]*\))?[::]?")
_HINT = re.compile(r"[计总共页∑Σσ\uff34\uff54\uff33\uff53]|大写|小写|其中|total|sum", re.IGNORECASE)
_NOUNS = re.compile(rf"(?:{_NOUN})+")
_FIGURE = re.compile(r"[¥￥]?[+-]?\d[\d,]*(?:\.\d+)?(?P<unit>[万亿]?[元圆])?(?P<counter>" + _COUNTER + r")?")
_SPELT_AMOUNT = re.compile(rf"[{NUMERALS}百千拾佰仟万亿萬億]+[元圆][{NUMERALS}角分整正]*")
_NOTHING = re.compile(r"[-—–/\\*~_.…·、\s0]*")
_COUNT_ONLY = re.compile(rf"共?计?\d+(?:{_COUNTER})\S{{0,6}}")
_LONGEST = 60
_Stated = TypeVar("_Stated", Decimal, int)

Standing = Literal["whole", "ends"]


@dataclass(frozen=True)
class Phrase:
    """A cell that speaks of a sum. ``standing``: the whole cell does, or a name stands before the word.

    ``yuan`` is an amount it states with its unit; ``plain`` one number of which it says neither unit nor
    counter; ``rows`` how many entries (笔, 条, 行) it counts.
    """

    kind: Kind
    standing: Standing
    yuan: Decimal | None = None
    plain: Decimal | None = None
    rows: int | None = None


def phrase_of(cell: Cell) -> Phrase | None:
    """Return what a cell says of a sum; None where it is any other text, or none."""
    if not isinstance(cell, str) or len(cell) > _LONGEST or not _HINT.search(cell):
        return None
    text = re.sub(r"\s", "", normalise(cell)).lower()
    if found := _PHRASE.fullmatch(text):
        return Phrase(_kind(found["scope"], found["word"]), "whole", *_stated(text))
    if _COUNTED.fullmatch(text):
        return Phrase("total", "whole", *_stated(text))
    found = _ENDS.fullmatch(text)
    if found is None:
        return None
    if _NOUNS.fullmatch(found["name"]):
        return Phrase(_kind("", found["word"]), "whole")
    return Phrase("cumulative" if found["word"] == "累计" else "subtotal", "ends")


def _kind(scope: str, word: str) -> Kind:
    if re.fullmatch(_CUMULATIVE, word) or re.search(r"本年|当年|全年|年初|[截至到]|去年|上年|历年", scope):
        return "cumulative"
    if re.fullmatch(_PART, word) or re.search(_OF_A_PART, scope):
        return "subtotal"
    return "total"


def _stated(text: str) -> tuple[Decimal | None, Decimal | None, int | None]:
    """Return the amount in 元, the number that says nothing of itself, and the count of entries in a phrase."""
    amounts: set[Decimal] = set()
    plains: set[Decimal] = set()
    rows: set[int] = set()
    for found in _FIGURE.finditer(re.sub(r"(?:19|20)\d\d年度?|\d{1,2}月份?", "", text)):
        if found["counter"]:
            if found["counter"] in ("笔", "条", "行"):
                rows.add(int(re.sub(r"\D", "", found[0])))
            continue
        value = _yuan(found[0])
        if value is not None:
            (amounts if found["unit"] or found[0][0] in "¥￥" else plains).add(value)
    spelt = {value for found in _SPELT_AMOUNT.finditer(text) if (value := _yuan(found[0])) is not None}
    amounts |= spelt if not amounts else set()
    return _only(amounts), _only(plains), _only(rows)


def _only(found: set[_Stated]) -> _Stated | None:
    return found.pop() if len(found) == 1 else None


def _yuan(text: str) -> Decimal | None:
    try:
        read = money(text)
    except Unreadable:
        return None
    return None if read is None else read.yuan


def says_nothing_else(cell: Cell) -> bool:
    """Whether a cell only fills its place: a dash, a zero, a slash."""
    return isinstance(cell, str) and len(cell) <= _LONGEST and _NOTHING.fullmatch(normalise(cell)) is not None


def is_count(cell: Cell) -> bool:
    """Whether a text is a count (2家企业, 3人), as total lines have them where rows have names."""
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return False
    return _COUNT_ONLY.fullmatch(re.sub(r"\s", "", normalise(cell))) is not None


_NUMBER = re.compile(r"[¥(]?[+-]?[¥]?\d[\d,]*(?:\.\d+)?\)?[万亿]?元?%?(?:" + _COUNTER + r")?")


def holds_number(cell: Cell) -> bool:
    """Whether a cell is a number, typed as one or as text, an amount under a word, or a formula that failed."""
    if isinstance(cell, str):
        if len(cell) > _LONGEST:
            return False
        plain = re.sub(r"\s", "", normalise(cell))
        if _NUMBER.fullmatch(plain):
            return True
        said = phrase_of(cell)
        return said is not None and any(part is not None for part in (said.yuan, said.plain, said.rows))
    return isinstance(cell, CellError) or (isinstance(cell, int | float) and not isinstance(cell, bool))
