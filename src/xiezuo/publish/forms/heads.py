"""One head of a form: what it says of time, of the unit, and what is left, which says what is counted.

Times are 本月, 本年累计, 上年同期, 年度目标, 完成率, 同比, 1—9月 …; a unit stands in brackets, behind a slash, or in a
column of its own. What cannot be read for sure is left in the words, where it makes the head a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from xiezuo.values import is_measure, normalise, units_said
from xiezuo.values.numerals import NUMERALS

Span = Literal["", "month", "year_to_date", "so_far", "year"]
Role = Literal["", "value", "last_year", "year_before", "target", "completion", "change"]

_ORDINAL = re.compile(
    rf"^(?:[*★☆※●○■□◆▲\s]+|[(（]?(?:[0-9]{{1,2}}(?:\.[0-9]{{1,2}})*|[{NUMERALS}]{{1,3}})[)）]?[.、:：．](?![0-9])\s*"
    rf"|[(（](?:[0-9]{{1,2}}|[{NUMERALS}]{{1,3}})[)）]\s*|[①-⑳]\s*|第[{NUMERALS}]{{1,3}}[部分项章]+\s*|[-—–－·]+\s*)"
)
_LEVELS = (
    re.compile(rf"^第?[{NUMERALS}]{{1,3}}[、.．部]"),
    re.compile(rf"^[(（][{NUMERALS}]{{1,3}}[)）]"),
    re.compile(r"^[0-9]{1,2}[.、．](?![0-9])"),
    re.compile(r"^[(（][0-9]{1,2}[)）]|^[①-⑳]"),
)
_PART = re.compile(r"^(?:其中|其内|内含|含)\s*[:：,，]?\s*(?:[0-9]{1,2}[.、]\s*)?")
_BRACKET = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]")
_BEHIND = re.compile(r"[/／]\s*([^/／()（）]{1,6})$|[:：,，]?\s*单位\s*[:：]\s*([^\s()（）]{1,8})$")
_COUNT_UNIT = re.compile(
    r"([十百千万亿]*)(人次|人|名|户次|户|家|个|次|场次|场|期|班次|班|对|类|种|项|所|件|批次|批|条|处|座|份|%|％)"
)
_RATE = ("%", "％")
SAME_UNIT = {
    "人": {"人", "名"}, "人次": {"人次"}, "户": {"户"}, "家": {"家", "个"}, "个": {"个", "项"}, "对": {"对"},
    "次": {"次", "场", "场次"}, "期": {"期", "班", "个", "班次", "场"}, "类": {"类", "种", "个"},
}  # fmt: skip
_TIMES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

_TO_DATE = (
    r"(?:本年度?|今年|当年|年度|年初)?累计(?:完成|实际|发生|到位)?(?:数|情况)?|年初至今|自年初|今年以来|本年以来"
    r"|截至(?:目前|本月末?|报告期末?)|截止(?:目前|本月末?)|1\s*[-—–~至到]\s*本月"
)
_COMPLETION = (
    r"(?:年度|全年|任务|目标|计划|指标)*完成(?:年度|全年)?(?:目标)?(?:任务|目标|计划)?(?:的)?(?:比例|百分比|率|进度)"
    r"|完成进度|进度"
)
_CHANGE = (
    r"(?:(?:比|较|与)(?:上年|去年)(?:同期)?(?:相比)?|同期?比)"
    r"(?:增长|增减|增幅|变化|升降|提高|±)*(?:比例|率|幅度?|情况)?"
)
_GOAL = r"(?:目标任务|任务目标|目标|任务指标|任务|计划|协议指标)(?:数量|数|量|值)?"
_END = r"(?=$|[\s:：,，、/（）()])"
# 计划投资额 is an amount of its own, no goal of the year: without a year before it a goal ends its text.
_TARGET = rf"(?:年度|全年|本年度?|今年|年初|当年){_GOAL}|{_GOAL}{_END}"
_OWN = (
    r"本期(?:完成|实际|发生)?(?:数|情况)?|报告期|期内|实际(?:完成|完成数|数|值)?|完成(?:情况|数量|数|值|量)"
    r"|数值|实绩|统计数|填报数|数据"
)
_NOT_OURS = (
    r"(?:19|20)\d\d年?\s*(?:以来|至今|起)|[“\"]?十[一二三四五]五[”\"]?|历年|环比"
    r"|[一二三四第下本上]*(?:[二三四]季度|下半年|季度)"
    r"|(?<![0-9])(?:[2-9]|1[0-2])\s*月?\s*[-—–~～至到]\s*[0-9]{1,2}\s*月"
    r"|(?:增减|增长|增加|减少|升降|变化)(?:数量|数|额|量|值|人数|户数)|净增"
)
# In this order: what is longer, or holds a word of what follows, comes first. What is not ours is asked about.
_TIME: tuple[tuple[str, Role, Span], ...] = (
    (_CHANGE, "change", ""),
    (r"(?:增长|增减|增速|升降)(?:比例|率|幅度?)?|增幅", "change", ""),
    (r"占(?:年度|全年)?(?:目标)?(?:任务|目标|计划)(?:任务|数|量)?的?(?:比例|比重|百分比)?", "completion", ""),
    (_COMPLETION, "completion", ""),
    (_TARGET, "target", ""),
    (r"(?:上年|去年)(?:同期|同月)(?:累计)?(?:数|完成数?|完成情况)?|同期数?", "last_year", ""),
    (r"(?:上一?年度?|去年)(?:全年)?(?:完成情况|完成数?|实际|数)?", "year_before", ""),
    (_TO_DATE, "", "year_to_date"),
    (r"(?:本|当)月(?:份|末|新增|发生|完成)?(?:数|情况)?|月度(?:完成)?数?", "", "month"),
    (r"全年(?:完成|实际|预计)?(?:数|情况)?|年末数?|年度(?:完成|实际)(?:数|情况)?", "", "year"),
    (r"(?:本年度?|今年|当年|年度|目前|至今)(?:完成|实际|发生)?(?:数|情况)?", "", "so_far"),
    (_OWN, "value", ""),
)
_TIME_RE = [(re.compile(pattern), role, span) for pattern, role, span in _TIME]
_GOALS = re.compile(r"目标|任务|计划|预期")
_SHARE = re.compile(r"率|幅|比例|百分|同期?比|[%％]")
_ASIDE = re.compile(r"号|〔|[0-9]\s*日|填报|报送|上报|制表|编制|印发|日期|时间|附件|截止日")
_NOT_OURS_RE = re.compile(_NOT_OURS)
_SPAN = re.compile(
    r"(?:截至)?1\s*月?\s*[-—–~～至到]\s*(1[0-2]|[1-9])\s*月(?:份|末|底)?(?:累计)?"
    r"|截[至止](1[0-2]|[1-9])月[份末底]*"
)
_MONTH = re.compile(r"(?<![0-9])(1[0-2]|0?[1-9])\s*月(?:份|当月)?")
_NAMED_SPANS = {"一季度": 3, "第一季度": 3, "上半年": 6, "前三季度": 9, "前3季度": 9}
_YEAR = re.compile(r"(?<![0-9])((?:19|20)\d\d)(?:\s*年度?|(?![0-9年]))")


@dataclass(frozen=True)
class Unit:
    """A unit of a head: money by what one is worth in 元, a count by its word and what it is multiplied by, or %."""

    word: str
    kind: Literal["money", "count", "rate"]
    times: Decimal = Decimal(1)

    def fits(self, unit: str) -> bool:
        """Whether figures of ``unit`` (元, 人 …) can be written in it."""
        if self.kind == "money":
            return unit == "元"
        return self.kind == "count" and self.word.lstrip("十百千万亿") in SAME_UNIT.get(unit, {unit})


@dataclass(frozen=True)
class When:
    """What heads say of time: span, role, a named year and month, where said; ``doubt`` says what is odd."""

    span: Span = ""
    role: Role = ""
    year: int | None = None
    month: int | None = None
    doubt: str = ""

    @property
    def says(self) -> bool:
        """Whether anything was said at all."""
        return self != When()

    def joined(self, other: When) -> When:
        """Return what two heads above each other say together; what they contradict each other in is a doubt."""
        said: dict[str, str | int | None] = {}
        doubt = self.doubt or other.doubt
        for name in ("span", "role", "year", "month"):
            ours, theirs = getattr(self, name), getattr(other, name)
            if name == "role" and ours == "value":
                ours = ""
            if name == "role" and theirs == "value" and ours:
                theirs = ""
            if name == "span" and "so_far" in (ours, theirs) and (ours and theirs):
                ours = theirs = next((one for one in (ours, theirs) if one != "so_far"), "so_far")
            if ours and theirs and ours != theirs:
                doubt = doubt or "表头对期间的说法不一致"
            said[name] = theirs or ours
        return When(**said, doubt=doubt)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Head:
    """What one text of a form says: the words left over, time, unit, and how it stands below others.

    ``level`` is that of its numbering: 1 of 一、, 2 of （一）, 3 of 1., 4 of （1） and ①, 0 without.
    """

    text: str
    words: str
    when: When
    unit: Unit | None
    is_part: bool
    indent: int
    level: int

    @property
    def key(self) -> str:
        """The text as editions of a form are compared by: without numbering, spaces and the number of a year."""
        plain = _YEAR.sub("N年", normalise(self.text))
        while (shorter := _ORDINAL.sub("", plain)) != plain and shorter:
            plain = shorter
        return re.sub(r"[\s:：,，、*]", "", plain)


@lru_cache(maxsize=4096)
def read_head(text: str) -> Head:
    """Read one text of a form."""
    typed = normalise(text)
    indent = len(text) - len(text.lstrip(" \u3000\t"))
    level = next((number for number, pattern in enumerate(_LEVELS, start=1) if pattern.match(typed)), 0)
    plain, is_part = _stripped(typed)
    plain, unit = _without_unit(plain)
    plain, when = _without_time(plain)
    return Head(text.strip(), plain.strip(), when, unit, is_part, indent, level)


def read_unit(text: str) -> Unit | None:
    """Return the unit that a text is (万元, 人次, %), None when it is none for sure."""
    typed = normalise(text).replace(" ", "").removeprefix("单位:").strip("()（）")
    if typed in _RATE:
        return Unit("%", "rate")
    money = [one for one in units_said(typed, is_header=True) if one.yuan is not None and one.is_sure]
    if len(money) == 1 and is_measure(typed) and money[0].yuan is not None:
        return Unit(typed, "money", money[0].yuan)
    found = _COUNT_UNIT.fullmatch(typed)
    if found is None:
        return None
    if found[2] in _RATE:
        return Unit("%", "rate")
    times = 1
    for sign in found[1]:
        times *= _TIMES[sign]
    return Unit(typed, "count", Decimal(times))


def money_unit(texts: Iterable[str]) -> Unit | None:
    """Return the unit of money that titles and notes (单位：万元、人) name; None where they name none, or two."""
    found = {
        one.yuan: one.word
        for text in texts
        if re.search(r"单位|币", text) or read_unit(text)
        for one in units_said(text)
        if one.is_sure and one.yuan is not None
    }
    if len(found) != 1:
        return None
    ((yuan, word),) = found.items()
    return Unit(word, "money", yuan)


def is_share(heads: Iterable[Head]) -> bool:
    """Whether heads that speak of a change say for certain that it is one in per cent, not a number more or less."""
    return any(
        (head.unit is not None and head.unit.kind == "rate") or _SHARE.search(normalise(head.text)) for head in heads
    )


def is_dated_aside(text: str) -> bool:
    """Whether a text above a table says when or by which letter it is filled in, which is not what it is of."""
    return _ASIDE.search(normalise(text)) is not None


def read_time(text: str) -> When:
    """Return what a title says of time: its year and month, whether it is of a month or of the year so far, its doubts.

    A title that speaks of goals, of last year or of a change is a doubt for whatever says nothing of time itself.
    """
    when = _without_time(normalise(text))[1]
    span = when.span if when.span in ("month", "year_to_date") else ""
    odd = when.role not in ("", "value") or ("完成" not in text and _GOALS.search(text) is not None)
    return When(span=span, year=when.year, month=when.month, doubt=when.doubt or ("表题写的不是本期数" if odd else ""))


def years_said(texts: Iterable[str]) -> set[int]:
    """Return the years that titles name."""
    return {int(year) for text in texts for year in _YEAR.findall(normalise(text))}


def _stripped(typed: str) -> tuple[str, bool]:
    is_part = False
    while True:
        shorter = _ORDINAL.sub("", typed)
        part = _PART.match(shorter)
        if part is not None and part.end() < len(shorter):
            shorter, is_part = shorter[part.end() :], True
        if shorter == typed or not shorter:
            return typed, is_part
        typed = shorter


def _without_unit(plain: str) -> tuple[str, Unit | None]:
    unit: Unit | None = None
    for match in list(_BRACKET.finditer(plain)):
        found = read_unit(match[1])
        if found is not None:
            unit, plain = unit or found, plain.replace(match[0], " ", 1)
    if unit is None and (behind := _BEHIND.search(plain)) is not None:
        unit = read_unit(behind[1] or behind[2])
        plain = plain[: behind.start()] if unit is not None else plain
    if unit is None and (percent := re.search(r"[%％]$", plain)) is not None:
        unit, plain = Unit("%", "rate"), plain[: percent.start()]
    return plain, unit


def _without_time(plain: str) -> tuple[str, When]:
    rest, when = plain, When()
    if _NOT_OURS_RE.search(_NAMED.sub("", rest)):
        return plain, When(doubt="期间的写法不认识")
    rest, named = _named(rest)
    when = when.joined(named)
    for pattern, role, span in _TIME_RE:
        match = pattern.search(rest)
        if match is None or not match[0]:
            continue
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
        when = when.joined(When(span=span, role=role))
    return re.sub(r"^[\s:：,，、/（）()]+|[\s:：,，、/（）()]+$", "", rest), when


_NAMED = re.compile("|".join(sorted(_NAMED_SPANS, key=len, reverse=True)))


def _named(text: str) -> tuple[str, When]:
    """Take out a year, 1—9月, 9月, 上半年."""
    span: Span = ""
    year = month = None
    if (found := _YEAR.search(text)) is not None:
        year, text = int(found[1]), text[: found.start()] + text[found.end() :]
    if (found := _NAMED.search(text)) is not None:
        span, month, text = "year_to_date", _NAMED_SPANS[found[0]], text.replace(found[0], "", 1)
    elif (found := _SPAN.search(text)) is not None:
        span, month = "year_to_date", int(found[1] or found[2])
        text = text[: found.start()] + text[found.end() :]
    elif (found := _MONTH.search(text)) is not None:
        span, month, text = "month", int(found[1]), text[: found.start()] + text[found.end() :]
    return text, When(span=span, year=year, month=month)
