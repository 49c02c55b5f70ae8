"""Several tables one below the other on a sheet: each with its own title and header, each read as such.

A line is a header when it is made of the spellings that contracts list. One that says what the header above it
says, column for column, only repeats it at the top of a printed page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.header_match import HeaderMatch
from xiezuo.conform.ledgers.header_text import DEEPEST, LONGEST, WIDEST, readings
from xiezuo.conform.ledgers.lines import NOTE
from xiezuo.conform.ledgers.totals import phrase_of
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.declared.contracts import Contract
from xiezuo.declared.counties import County
from xiezuo.declared.spellings import expand
from xiezuo.values import bare, normalise

Match = Callable[[Sheet], HeaderMatch | None]

_DATA = re.compile(r"[\s¥￥(（+-]*\d[\d,.:/年月日\s-]*[%)）]?")
_TITLED = re.compile(r"单位|填报|日期|^[一二三四五六七八九十(（附]|[表册单账细况]\s*(?:[（(].*)?$")
_LEAST = 3
MOST_TABLES = 50
"""More tables than that on one sheet are pages of a printed form, not ledgers."""



def spellings_of(contracts: Iterable[Contract], county: County | None) -> frozenset[str]:
    """Return every way a header of a file of these contracts may be spelt, bare."""
    return frozenset(
        bare(spelling)
        for contract in contracts
        for feed, spec in contract.feeds.items()
        if spec.kind == "file"
        for field in contract.feed_fields(feed).values()
        for spelling in expand(field.zh, county)
    )


def blocks_of(sheet: Sheet, spellings: frozenset[str], match: Match) -> list[tuple[Sheet, HeaderMatch | None]]:
    """Return the tables of a sheet from the top down, each with its match; mostly there is one.

    A table below the first is a sheet called 名称（第 n 行起）. Lines over a whole table that form none
    belong to it, as its title; a table below that is none of a ledger's stays with the one above and is ``aside``.

    Raises:
        FileRefused: there are more than fifty.
    """
    starts = _starts(sheet, spellings)
    if len(starts) < 2:
        return [(sheet, match(sheet))]
    if len(starts) > MOST_TABLES:
        raise FileRefused(
            "TABLES_TOO_MANY", f"工作表“{sheet.name}”里有 {len(starts)} 张表，请每张表单独放一个工作表，或合并成一张表"
        )
    cuts = [0, *starts[1:], len(sheet.rows)]
    whole: list[tuple[int, int, HeaderMatch | None]] = []
    for first, last in pairwise(cuts):
        found = match(_part(sheet, first, last, whole))
        if not whole:
            whole.append((first, last, found))
            continue
        before_first, _, before = whole[-1]
        if before is None or _is_no_ledger(sheet, before_first, first, before):
            # What stands above is no table of ours: it is read over, as a title is.
            whole[-1] = (before_first, last, match(_part(sheet, before_first, last, whole[:-1])))
        elif found is None or _repeats(before, found, sheet, before_first, first):
            whole[-1] = (before_first, last, before)
        else:
            whole.append((first, last, found))
    return _named(sheet, whole)


def _is_no_ledger(sheet: Sheet, first: int, last: int, match: HeaderMatch) -> bool:
    """Whether a match is a form's line of questions or a summary: nothing below it, or too much missing."""
    below = sheet.rows[first + match.last_row + 1 : last]
    return lacks_most(match) or not any(cell is not None for row in below for cell in row)


def lacks_most(match: HeaderMatch) -> bool:
    """Whether more than half of what a ledger must have is missing."""
    needed = [spec for spec in match.contract.feed_fields(match.feed).values() if spec.required and spec.zh]
    return 2 * len(match.missing) > len(needed)


def _starts(sheet: Sheet, spellings: frozenset[str]) -> list[int]:
    """Return where tables may begin: the first line of the title over each header."""
    starts: list[int] = []
    last_header = -1
    said: set[str] = set()
    header: list[str] = []
    for index, cells in enumerate(sheet.rows):
        if not _is_header(cells, spellings):
            continue
        if not starts or not (index == last_header + 1 or _is_over(sheet, last_header, index)):
            start = _title_above(sheet, index, last_header + 1)
            titles = {bare(text) for row in sheet.rows[start if starts else 0 : index] for text in _texts(row)}
            is_again = header == [bare(str(cell or "")) for cell in cells] and titles <= said
            if not is_again:
                starts.append(start)
            header = [bare(str(cell or "")) for cell in cells]
            said |= titles
        last_header = index
    return starts


def _is_header(cells: list[Cell], spellings: frozenset[str]) -> bool:
    texts = []
    for cell in cells[:WIDEST]:
        if cell is None:
            continue
        if not isinstance(cell, str) or len(cell) > LONGEST or _DATA.fullmatch(cell):
            return False
        if cell.strip():
            texts.append(cell)
    if len(texts) < _LEAST:
        return False
    known = {text for text in texts if not spellings.isdisjoint(readings((text,)))}
    return len(known) >= _LEAST and 2 * len(known) >= len(texts)


def _title_above(sheet: Sheet, header: int, least: int) -> int:
    """Return the first of the lines right above a header that are its title, unit note or group names."""
    first = header
    for index in range(header - 1, max(least, 0) - 1, -1):
        texts = [cell for cell in sheet.rows[index] if cell is not None and str(cell).strip()]
        if not texts:
            continue
        is_adjacent = first == index + 1
        said = [text for text in texts if isinstance(text, str)]
        if len(said) < len(texts) or any(_DATA.fullmatch(text) for text in said) or phrase_of(said[0]) is not None:
            break
        if NOTE.match(normalise(said[0])) and not _TITLED.search(said[0]):
            break
        is_group = is_adjacent and first == header and len(said) > 2 and _is_over(sheet, index, header)
        is_title = len(said) <= 3 and (is_adjacent or any(_TITLED.search(text) for text in said))
        if not is_group and not is_title:
            break
        first = index
    return first


def _is_over(sheet: Sheet, upper: int, lower: int) -> bool:
    """Whether a line names groups of columns of the one below, at most two lines on: merged over them."""
    if not 0 < lower - upper < DEEPEST:
        return False
    return any(top == upper and (right > left or bottom >= lower) for top, left, bottom, right in sheet.merged)


def _repeats(before: HeaderMatch, found: HeaderMatch, sheet: Sheet, before_first: int, first: int) -> bool:
    """Whether a header says what the one before it says, and its title nothing new."""
    titles = {bare(cell) for row in sheet.rows[before_first : before_first + before.first_row] for cell in _texts(row)}
    own = {bare(cell) for row in sheet.rows[first : first + found.first_row] for cell in _texts(row)}
    same = (before.contract, before.feed, before.columns, before.units) == (
        found.contract, found.feed, found.columns, found.units,
    )  # fmt: skip
    return same and own <= titles


def _part(sheet: Sheet, first: int, last: int, before: list[tuple[int, int, HeaderMatch | None]]) -> Sheet:
    told: tuple[Cell, ...] = ()
    if before and (top := before[0][2]) is not None:
        told = tuple(cell for row in sheet.rows[: top.first_row] for cell in row if cell is not None)
    inside = [(max(a, first), min(b, last - 1)) for a, b in sheet.hidden.rows if a < last and b >= first]
    hidden = replace(sheet.hidden, rows=tuple((a - first, b - first) for a, b in inside))
    merged = [
        (top - first, left, min(bottom, last - 1) - first, right)
        for top, left, bottom, right in sheet.merged
        if first <= top < last
    ]
    formats = {(row - first, column): code for (row, column), code in sheet.formats.items() if first <= row < last}
    return replace(
        sheet, rows=sheet.rows[first:last], merged=merged, hidden=hidden, formats=formats, first_row=first, told=told,
        name=sheet.name if first == 0 else f"{sheet.name}（第 {first + 1} 行起）",
    )  # fmt: skip


def _named(sheet: Sheet, whole: list[tuple[int, int, HeaderMatch | None]]) -> list[tuple[Sheet, HeaderMatch | None]]:
    return [(_part(sheet, first, last, whole[:place]), found) for place, (first, last, found) in enumerate(whole)]


def with_aside(above: Sheet, below: Sheet) -> Sheet:
    """Return a table with the one right below it, which is another kind of table, as lines that are ``aside``."""
    start = len(above.rows)
    merged = [*above.merged, *((t + start, left, b + start, right) for t, left, b, right in below.merged)]
    return replace(
        above, rows=[*above.rows, *below.rows], merged=merged,
        aside=(*above.aside, (start, start + len(below.rows) - 1)),
    )  # fmt: skip


def _texts(row: list[Cell]) -> list[str]:
    return [cell for cell in row if isinstance(cell, str) and cell.strip()]


__all__ = ["blocks_of", "lacks_most", "spellings_of", "with_aside"]
