"""Units of money as headers and notes name them: 单位：万元, （人民币 万元）, 支付金额元, 万 alone in a cell.

A text is searched for every word that can be a unit; what stands beside the word tells whether it is one.
``40万元`` is an amount, ``万元以上`` a threshold, 广元 a city. A word that may or may not be meant as the unit
is given back as doubtful: whoever asked decides whether that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from xiezuo.values.numerals import NUMERALS
from xiezuo.values.texts import normalise

YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000), "分": Decimal("0.01")}
"""What the units of a contract are worth in 元."""

_DIGITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SPELT = str.maketrans("萬億仟佰拾kKwW", "万亿千百十千千万万")
_BIG = r"[万萬](?:\s*[亿億])?|[亿億]"
_MULTIPLE = rf"(?:[十拾百佰千仟]\s*)?(?:{_BIG})|[十拾百佰千仟]|[kKwW]"
_FOREIGN_NAME = (
    r"(?:[美欧日韩澳]|(?<!香)港|加(?=\s*元\s*(?:$|[)\]】])))\s*元(?![旦月宵素宝首老朗])|美\s*金|港\s*币|日\s*币|韩\s*币|英\s*镑"
    r"|(?<![A-Za-z])(?:USD|HKD|EUR|JPY|GBP|KRW|US\$|HK\$)(?![A-Za-z])|[$€£₩]"
)
_CURRENCY = r"(?:人\s*民\s*币|(?<![A-Za-z])(?:R\s*M\s*B|C\s*N\s*Y)(?![A-JL-VX-Za-jl-vx-z])|[¥￥])"
_WORD = re.compile(
    rf"(?P<foreign>(?:(?:{_MULTIPLE})\s*)?(?:{_FOREIGN_NAME}))"
    rf"|(?P<yuan>(?P<multiple>{_MULTIPLE})\s*[元圆圓块]|(?<![单公广状多纪])元|圆|圓|块(?=\s*(?:钱|$|[)\]】])))"
    r"(?![旦月宵素宝首老气件谋氏])"
    rf"|(?P<bare>(?:[十拾百佰千仟]\s*)?(?:{_BIG})|[百佰千仟])"
    r"|(?P<latin>(?<![A-Za-z])yuan(?![A-Za-z]))|(?P<small>[角分])|(?P<letter>(?<![A-Za-z])[wWkK](?![A-Za-z]))",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:单\s*位|金\s*额|货\s*币|币\s*种|币\s*别|计\s*量|资\s*金|数\s*额|口\s*径|价|款|费|[为是以按用均系])$"
)
_UNIT_LABEL = re.compile(r"(?:单\s*位|币\s*[种别]|\bunit)\s*(?:[均皆都]?\s*[为是系])?[^\w]*$", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(rf"{_CURRENCY}[^\w]*$", re.IGNORECASE)
_AMOUNT_BEFORE = re.compile(rf"[0-9{NUMERALS}几数多余整约近超逾满][,.]?$")
_NAME_BEFORE = re.compile(r"[^\W\d_]{2}$")
_PRECISION_BEFORE = re.compile(r"(?:精确|保留|取整|舍入|入|具体|细化)(?:到|至)$")
_THRESHOLD_AFTER = re.compile(r"\s*(?:及其?|或)?以[上下内外]|左右|上下|级|户|村|镇|乡|企业|产值|工程|项目|田|店")
_GOES_ON = re.compile(rf"为单位|为准|[计列填]|每|币种|币别|角分|钱|口径|单位|{_CURRENCY}", re.IGNORECASE)
_SEPARATORS = ":;,.、。/|\\_-—–~·()[]{}【】〔〕《》<>「」『』“”\"'=+&*#□■☑√✓✔○●◎"
_OPENING = ":([{【〔《<「『“\"'/"
_CLOSING = ")]}】〕》>」』”\"'、,;/"
_AROUND_A_UNIT = re.compile(
    r"(?:(?:以上)?(?:金额|货币|计量|资金|记账|计价))?单\s*位|币\s*[种别]|unit|[均皆都为是系注]|[人户]|/[月年]",
    re.IGNORECASE,
)
_MEASURE = (
    r"(?:元|角|分|%|人民币|RMB|CNY|美元|港元|港币|人次|户次|人|户|个|家|件|名|次|对|亩|斤|公斤|千克|克|吨|天|日|月|年"
    r"|台|套|期|场|类|项|头|只|株|辆|座|处|所|间|本|份|批|条|岁|平方米|平方公里|公顷|立方米|米|公里|千米|小时|学时|课时)"
)
_COUNTED = rf"(?:[十百千万亿]*{_MEASURE}|[十百千]?[万亿])"
_MEASURES = re.compile(rf"\(?(?:{_CURRENCY})?{_COUNTED}(?:\s*[、,/和与及]\s*{_COUNTED})*\)?", re.IGNORECASE)


@dataclass(frozen=True)
class UnitWord:
    """A word that names a unit of money, or may: ``yuan`` is what one is worth in 元.

    ``yuan`` is None for another currency (``is_foreign``) and for what cannot be told. ``is_sure`` is False
    where the word may mean something else.
    """

    word: str
    yuan: Decimal | None
    is_sure: bool = True
    is_foreign: bool = False


def units_said(text: str, *, is_header: bool = False) -> list[UnitWord]:
    """Return every unit of money that ``text`` names or may name, in the order of the text.

    ``is_header``: the text heads a column of money, where a unit may be written right behind the name
    (支付金额元) and 分 in brackets is a unit.
    """
    typed = normalise(text)
    return [found for match in _WORD.finditer(typed) if (found := _judged(typed, match, is_header=is_header))]


def header_unit(text: str) -> Decimal | None:
    """Return what one is worth in 元 under a header; None when it names no unit for sure, or two."""
    said = units_said(text, is_header=True)
    found = {word.yuan for word in said}
    return found.pop() if len(found) == 1 and any(word.is_sure for word in said) else None


def is_measure(text: str) -> bool:
    """Whether what follows 单位： is a unit of measure (万元, 户、人) rather than who reports (会宁县人社局)."""
    return _MEASURES.fullmatch(normalise(text).replace(" ", "")) is not None


def is_unit_note(text: str) -> bool:
    """Whether a text says nothing but a unit of money: 单位：万元, （万元）, 金额单位 人民币元, 万 元."""
    typed = normalise(text)
    said = units_said(typed, is_header=True)
    rest = _WORD.sub("", re.sub(rf"{_CURRENCY}", "", typed, flags=re.IGNORECASE))
    rest = _AROUND_A_UNIT.sub("", rest)
    return bool(said) and not re.search(r"[^\s\W_]", rest) and not re.search(r"\d", typed)


def _judged(typed: str, match: re.Match[str], *, is_header: bool) -> UnitWord | None:
    before, after = typed[: match.start()], typed[match.end() :]
    currency = _CURRENCY_BEFORE.search(before)
    left = before[: currency.start()] if currency else before
    kind = str(match.lastgroup if match.lastgroup != "multiple" else "yuan")
    is_threshold = _THRESHOLD_AFTER.match(after) and not _UNIT_LABEL.search(left)
    if _PRECISION_BEFORE.search(left.rstrip()) or is_threshold:
        return None
    if kind == "bare":
        return _bare(match[0], left, after, has_currency=bool(currency))
    if kind == "letter":
        opened = is_header and left.rstrip()[-1:] in ("(", "[", "/") and _is_end(after)
        return UnitWord(match[0], worth(match[0]), is_sure=False) if opened else None
    if kind == "small":
        return _small(match[0], left, after, is_header=is_header)
    return _named(kind, match, left, after, has_currency=bool(currency), is_header=is_header)


def _named(
    kind: str, match: re.Match[str], left: str, after: str, *, has_currency: bool, is_header: bool
) -> UnitWord | None:
    """Judge 元 with or without a multiple, another currency's name, or yuan."""
    labelled = has_currency or bool(_LABEL.search(left.rstrip()))
    if _AMOUNT_BEFORE.search(left):
        scaled = _UNIT_LABEL.search(re.sub(rf"[0-9{NUMERALS},.×^]+$", "", left)) is not None
        return UnitWord(match[0], None, is_sure=False) if scaled else None
    ends = _is_end(after)
    behind = is_header and ends and kind != "foreign" and _NAME_BEFORE.search(left)
    starts = _is_start(left) or labelled or bool(behind)
    sure = starts and ends and not re.search(rf"[0-9{NUMERALS}×^]\s*[*]?\s*$", left)
    if kind == "foreign":
        return UnitWord(match[0], None, is_sure=sure, is_foreign=True)
    if kind == "latin":
        return UnitWord(match[0], None, is_sure=False)
    apart = ends and re.search(r"[0-9]\s+$", left) is not None
    if not match["multiple"] and not sure and not apart:
        return None  # 广元, 元通镇: a single 元 in the middle of words is hardly ever the currency
    return UnitWord(match[0], worth(match["multiple"] or ""), is_sure=sure)


def _bare(word: str, left: str, after: str, *, has_currency: bool) -> UnitWord | None:
    """Judge 万 or 亿 without 元: a unit for sure in brackets, after 单位 or a currency, or by itself."""
    right, stripped = after.lstrip(), left.rstrip()
    if _AMOUNT_BEFORE.search(stripped) or not _is_end(after):
        return None
    alone = not stripped and not right
    opened = bool(stripped) and stripped[-1] in _OPENING
    paid = re.match(_CURRENCY, right, re.IGNORECASE)
    told = has_currency or paid or _UNIT_LABEL.search(left) or re.search(r"[以按]$", stripped)
    if alone or opened or told:
        return UnitWord(word, worth(word))
    may_be = _is_start(left) or _LABEL.search(stripped) or re.search(r"[A-Za-z]$", stripped)
    return UnitWord(word, worth(word), is_sure=False) if may_be else None  # 张万 is somebody


def _small(word: str, left: str, after: str, *, is_header: bool) -> UnitWord | None:
    """Judge 角 and 分, which are units only where 单位 says so, or in brackets behind the name of a column."""
    right = after.lstrip()
    told = _UNIT_LABEL.search(left) is not None or (is_header and left.rstrip()[-1:] in ("(", "/"))
    if not told or (right and right[0] not in _CLOSING):
        return None
    return UnitWord(word, Decimal("0.1") if word == "角" else Decimal("0.01"))


def _is_start(left: str) -> bool:
    return not left or left[-1].isspace() or left[-1] in _SEPARATORS


def _is_end(after: str) -> bool:
    right = after.lstrip()
    return not right or after[0].isspace() or right[0] in _SEPARATORS or _GOES_ON.match(right) is not None


def worth(multiple: str) -> Decimal:
    """Return what 百万, 万 or an empty text multiplies 元 by."""
    found = 1
    for digit in _digits(multiple):
        found *= digit
    return Decimal(found)


def _digits(multiple: str) -> Iterator[int]:
    for sign in multiple.translate(_SPELT):
        if sign in _DIGITS:
            yield _DIGITS[sign]
