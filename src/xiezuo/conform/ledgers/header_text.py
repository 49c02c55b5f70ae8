"""What a header cell says once its decoration is taken off: numbers, marks, notes, units, translations.

Nothing here is a guess: each reading is compared, as a whole, with the spellings a contract lists.
"""


from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from xiezuo.conform.readers import Cell, Sheet
from xiezuo.values import bare, normalise

_OPEN, _CLOSE = "([{【〔《<", ")]}】〕》>"
_CIRCLED = re.compile(r"^\s*[①-⑳❶-❿]\s*")
_NUMBER = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_LEAD = re.compile(rf"^(?:[*★☆※\s]+|(?:{_NUMBER}|[A-Za-z])[.、:)]\s*|第(?:{_NUMBER})[列项栏]\s*|(?:必填|选填)[\s:]+)")
_SAID_AFTER = re.compile(
    r"(?:[\s,;:。.]+(?:请|注[:意]|如[::\s\d]|例如|格式|填写|填报|必填|选填|可选|下拉|单位\s*[:为]).*|(?:必填|选填))$",
    re.DOTALL,
)
_UNIT_AFTER = re.compile(
    r"(?:[/_:\s]*(?:人民币)?(?:[十百千]?[万亿]|[百千])?元(?:/(?:人|月|年|天|日|户|件|亩|斤))?"
    r"|[/_:\s]+[十百千万亿]*(?:[美欧日港韩]元|美金|港币)"
    r"|[/_:]\s*(?:人次|人|户|个|家|件|天|月|个月|次|亩|斤|公斤|吨|%))$"
)
_LATIN_AFTER = re.compile(r"[\s/|_\-·]*[A-Za-z][A-Za-z0-9 .'/_\n-]*$")
_LATIN_BEFORE = re.compile(r"^[A-Za-z][A-Za-z0-9 .'_-]*[\s/|_-]+(?=[^\x00-\x7f])")
_COMPARED = 100  # headers looked at for a hint
_WHOLE = frozenset(("合计", "小计", "总计", "共计", "计", "总数", "总额", "金额", "全称"))


@lru_cache(maxsize=1024)
def readings(parts: tuple[str, ...], is_alone: bool = True) -> tuple[str, ...]:  # noqa: FBT001, FBT002 (cached)
    """Return the ways a header of one to three levels can be read, the most telling first, all bare.

    ``is_alone``: no other column stands under the same upper text; only then, or over a 合计, does the
    upper text alone name the column.
    """
    found: dict[str, None] = {}
    for start in range(len(parts)):
        lower = parts[start:]
        joins = ("".join(lower), "".join(_without_notes(part) for part in lower))
        found |= dict.fromkeys(r for join in joins for r in _plain(join))
    if len(parts) > 1 and (is_alone or bare(parts[-1]) in _WHOLE):
        found |= dict.fromkeys(r for part in parts[-2::-1] for r in _plain(part))
    return tuple(reading for reading in found if reading)


def _plain(text: str) -> Iterator[str]:
    """Yield one text as it stands, then with less and less around it."""
    yield bare(text)
    typed = unicodedata.normalize("NFKC", _CIRCLED.sub("", text)).strip()
    noteless = _without_notes(typed)
    unnumbered = _unnumbered(typed)
    core = _unnumbered(noteless)
    for reading in (noteless, unnumbered, core, _UNIT_AFTER.sub("", core)):
        yield bare(reading)
    for pattern in (_LATIN_AFTER, _LATIN_BEFORE):
        chinese = pattern.sub("", core)
        if chinese != core and not chinese.isascii():
            yield bare(_without_notes(chinese))
    translated = re.fullmatch(r"[\x20-\x7e]+\(([^()]*[^\x00-\x7f()][^()]*)\)", typed)
    if translated:
        yield bare(translated[1])


def _without_notes(text: str) -> str:
    """Take off what stands in brackets, or is a remark to whoever fills the column in, at the end."""
    typed = unicodedata.normalize("NFKC", text).strip()
    while True:
        shorter = _SAID_AFTER.sub("", _without_bracket(typed)).strip()
        if shorter == typed or not shorter:
            return typed
        typed = shorter


def _without_bracket(typed: str) -> str:
    if not typed:
        return typed
    if typed[-1] not in _CLOSE:
        opened = max(typed.rfind(mark) for mark in _OPEN)
        closed = max(typed.rfind(mark) for mark in _CLOSE)
        return typed[:opened] if opened > closed else typed  # a bracket nobody closed
    depth = 0
    for place in range(len(typed) - 1, -1, -1):
        depth += (typed[place] in _CLOSE) - (typed[place] in _OPEN)
        if depth == 0:
            return typed[:place]
    return typed


def _unnumbered(typed: str) -> str:
    while True:
        shorter = _LEAD.sub("", typed)
        if shorter == typed and typed[:1] and typed[0] in _OPEN:
            closed = min((at for mark in _CLOSE if (at := typed.find(mark)) > 0), default=-1)
            shorter = typed[closed + 1 :].strip() if 0 < closed < len(typed) - 1 else typed
        if shorter == typed or not shorter:
            return typed
        typed = shorter


def resembling(spellings: Iterable[str], headers: Iterable[str], *, alike: float = 0.5) -> str | None:
    """Return the header most like one of the spellings: a hint for a message, never used to read a column."""
    plain = {bare(_without_notes(header)): header for header in islice(headers, _COMPARED)}
    ranked = [
        (difflib.SequenceMatcher(None, bare(spelling), header).ratio(), header)
        for spelling in spellings
        for header in plain
        if header and set(bare(spelling)) & set(header)
    ]
    likeness, header = max(ranked, default=(0.0, ""))
    return plain[header] if likeness >= alike else None


# The rows of a sheet that may be its header, as texts by column: merges spread, levels put together.
SEARCHED_ROWS = 40
"""A header stands within the first forty rows or is not found."""

DEEPEST = 3
LONGEST = 200
"""A header says what its column is in fewer characters; a longer text is an essay, and costs by its square."""

TITLE = 2000
"""So much of a cell above a header is read as its title."""

WIDEST = 600
"""Columns beyond have no header of ours."""

_LIKE_DATA = re.compile(r"[\d.,:/\-年月日¥%\sxX*]*\d[\d.,:/\-年月日¥%\sxX*]*")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")


@dataclass(frozen=True)
class Levels:
    """One to three rows read as a header: the texts of each column from the top level down.

    ``readings`` are the ways each column can be read; ``above`` the texts over the first row.
    """

    first_row: int
    last_row: int
    texts: Sequence[tuple[str, ...]]
    readings: Sequence[tuple[str, ...]]
    above: Sequence[str]


def spread(sheet: Sheet) -> list[list[Cell]]:
    """Copy the top of the sheet with each merged range filled from its first cell."""
    grid = [list(row) for row in sheet.rows[:SEARCHED_ROWS]]
    for top, left, bottom, right in sheet.merged:
        if top >= len(grid) or left >= len(grid[top]):
            continue
        for row in range(top, min(bottom + 1, len(grid))):
            grid[row] += [None] * (right + 1 - len(grid[row]))
            for column in range(left, right + 1):
                grid[row][column] = grid[top][left]
    return grid


def levels_of(grid: list[list[Cell]]) -> list[Levels]:
    """Return every run of rows that can be a header of one, two or three levels, from the top down."""
    found = []
    for row in range(min(SEARCHED_ROWS, len(grid))):
        for depth in range(1, DEEPEST + 1):
            if row + depth > min(SEARCHED_ROWS, len(grid)) or (depth > 1 and _holds_data(grid[row + depth - 1])):
                break
            texts = _texts(grid[row : row + depth])
            uppers = Counter(parts[0] for parts in texts if len(parts) > 1)
            said = [readings(parts, uppers[parts[0]] < 2) if parts else () for parts in texts]
            above = [cell[:TITLE] for cells in grid[:row] for cell in cells[:WIDEST] if isinstance(cell, str)]
            found.append(Levels(row, row + depth - 1, texts, said, list(dict.fromkeys(above))))
    return found


def is_ruler(cells: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns (1 2 3 …, 甲 乙 1 2 …), as statistical forms do below a header."""
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    if str(first).strip("()（） ") not in ("1", "1.0", "甲"):  # most lines by far: nothing more to look at
        return False
    said = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    numbers = [re.sub(r"^[(（]?(\d{1,2})(?:\.0)?[)）]?$", r"\1", text) for text in said]
    while numbers and numbers[0] in tuple("甲乙丙丁"):
        numbers.pop(0)
    return len(said) >= 3 and bool(numbers) and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _holds_data(cells: list[Cell]) -> bool:
    """Whether a row cannot be part of a header: numbers, dates or long digits stand in it."""
    for cell in cells[:WIDEST]:
        if cell is None or (isinstance(cell, int) and 1900 <= cell <= 2100):
            continue
        if not isinstance(cell, str):
            return True
        text = normalise(cell[:LONGEST])
        if _LIKE_DATA.fullmatch(text) and not _YEAR.fullmatch(text):
            return True
    return False


def _texts(levels: list[list[Cell]]) -> list[tuple[str, ...]]:
    """Return, for each column, its header texts from the top level down, repeats dropped.

    An upper cell that stands empty belongs to the group on its left, as in text files, which know no
    merges; its column must say something below.
    """
    width = min(max((len(level) for level in levels), default=0), WIDEST)
    rows = [[_text(level[column]) if column < len(level) else "" for column in range(width)] for level in levels]
    for upper, lower in pairwise(rows):
        for column in range(1, width):
            if not upper[column] and lower[column] and lower[column - 1] and upper[column - 1]:
                upper[column] = upper[column - 1]
    columns: list[tuple[str, ...]] = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            if row[column] and (not parts or parts[-1] != row[column]):
                parts.append(row[column])
        columns.append(tuple(parts))
    return columns


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) and len(cell) <= LONGEST else ""
