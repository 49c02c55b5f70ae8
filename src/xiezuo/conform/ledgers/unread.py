"""What a person should know of a sheet besides its rows: lines with numbers that are no rows, and what is hidden.

Addresses are said, never what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from xiezuo.conform.ledgers.header_match import HeaderMatch
from xiezuo.conform.ledgers.lines import KINDS_ZH, Line
from xiezuo.conform.ledgers.totals import holds_number
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.conform.workbook_child.findings import letters

MOST_SAID = 20
"""So many stretches of lines are named; of the others the number is said."""


def unread(sheet: Sheet, match: HeaderMatch, lines: Sequence[Line]) -> list[str]:
    """Return sentences on what of a table was not loaded although it holds numbers, and on what is hidden."""
    above = [Line(index, "title") for index in range(match.last_row + 1)]
    numbers = _with_numbers(sheet, [*above, *lines])
    return [*numbers, *_hidden(sheet, match, lines), *_without_header(sheet, match, lines)]


def _with_numbers(sheet: Sheet, lines: Iterable[Line]) -> list[str]:
    """List the lines that hold numbers and are no rows, neighbours of one kind together."""
    kinds = (line for line in lines if line.kind in KINDS_ZH)
    held = [(line, columns) for line in kinds if (columns := _numbers(sheet.rows[line.index]))]
    runs = [list(run) for _, run in groupby(enumerate(held), key=lambda at: (at[1][0].kind, at[1][0].index - at[0]))]
    said = [_run(sheet, [entry for _, entry in run]) for run in runs]
    if not said:
        return []
    more = f"；另有 {len(said) - MOST_SAID} 处" if len(said) > MOST_SAID else ""
    return [f"有数字但不作为数据的共 {len(held)} 行：{'；'.join(said[:MOST_SAID])}{more}"]


def _run(sheet: Sheet, run: list[tuple[Line, list[int]]]) -> str:
    kind = KINDS_ZH[run[0][0].kind]
    first, last = (sheet.first_row + run[place][0].index + 1 for place in (0, -1))
    columns = sorted({column for _, found in run for column in found})
    if first == last:
        cells = "、".join(f"{letters(column)}{first}" for column in columns[:6])
        return f"第 {first} 行（{kind}，{cells}{'等' if len(columns) > 6 else ''}）"
    return f"第 {first}—{last} 行（{kind}，{letters(columns[0])}{first}:{letters(columns[-1])}{last}）"


def _numbers(cells: Sequence[Cell]) -> list[int]:
    return [column for column, cell in enumerate(cells) if cell is not None and holds_number(cell)]


def _hidden(sheet: Sheet, match: HeaderMatch, lines: Sequence[Line]) -> list[str]:
    """Say which rows and columns were loaded although they are hidden."""
    rows = {line.index for line in lines if line.kind == "row"}
    hidden = [index for first, last in sheet.hidden.rows for index in range(first, last + 1) if index in rows]
    said = []
    if hidden:
        why = "筛选未显示" if sheet.hidden.is_filtered else "被隐藏"
        where = f"{_stretches(sheet, hidden)}{why}，仍作为数据读取（共 {len(hidden)} 行）"
        said.append(f"{where}，不应计入的请删去后重新放入")
    labels = [match.labels[name] for name, column in match.columns.items() if sheet.hidden.has_column(column)]
    if labels:
        said.append(f"隐藏的列也已读取：{'、'.join(labels)}")
    return said


def _stretches(sheet: Sheet, indexes: list[int]) -> str:
    runs = [[index for _, index in run] for _, run in groupby(enumerate(indexes), key=lambda at: at[1] - at[0])]
    said = [
        f"第 {sheet.first_row + run[0] + 1} 行" if len(run) == 1
        else f"第 {sheet.first_row + run[0] + 1}—{sheet.first_row + run[-1] + 1} 行"
        for run in runs[:MOST_SAID]
    ]  # fmt: skip
    return "、".join(said) + ("等" if len(runs) > MOST_SAID else "")


def _without_header(sheet: Sheet, match: HeaderMatch, lines: Sequence[Line]) -> list[str]:
    """Name the columns that hold numbers beside the rows and have no header that says what they are."""
    width = len(sheet.rows[0]) if sheet.rows else 0
    header = sheet.rows[match.first_row : match.last_row + 1]
    named = {c for row in header for c, cell in enumerate(row) if cell is not None} | {*match.columns.values()}
    for top, left, bottom, right in sheet.merged:
        if top <= match.last_row and bottom >= match.first_row:
            named.update(range(left, right + 1))
    rows = [sheet.rows[line.index] for line in lines if line.kind == "row"]
    # The first column often numbers the lines without saying so.
    bare = [column for column in range(1, width) if column not in named]
    found = [column for column in bare if any(holds_number(row[column]) for row in rows)]
    return [f"没有表头的列里有数字，未读取：{'、'.join(map(letters, found[:MOST_SAID]))}"] if found else []
