"""Mutations of cells: what happens to a ledger between one office and the next, and what happens to none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from sweeps.fuzz import words
from sweeps.fuzz.grid import Grid
from xiezuo.conform.readers import Cell

Mutation = Callable[[list[Grid], Random, "Material"], None]


class Material:
    """What mutations draw from: the headers that contracts know, and other ledgers' sheets."""

    def __init__(self, headers: Sequence[str], sheets: Sequence[Grid]) -> None:
        self.headers, self.sheets = headers, sheets


MUTATIONS: dict[str, Mutation] = {}
"""All of them by name; a mutation changes the book it is given, which always has a sheet."""


def _mutation(mutate: Mutation) -> Mutation:
    MUTATIONS[mutate.__name__.removeprefix("_")] = mutate
    return mutate


def spoil(book: list[Grid], chance: Random, material: Material, times: int) -> list[str]:
    """Change a book so many times; return what was done to it."""
    done = [chance.choice(list(MUTATIONS)) for _ in range(times)]
    for name in done:
        MUTATIONS[name](book, chance, material)
    return done


def _sheet(book: list[Grid], chance: Random) -> Grid:
    sheet = chance.choice(book)
    if not sheet.rows:
        sheet.rows.append([])
    return sheet


def _row(sheet: Grid, chance: Random) -> int:
    """Return the place of a row, of the data for the most part."""
    first = min(sheet.header + 1, len(sheet.rows) - 1) if chance.random() < 0.8 else 0
    return chance.randrange(first, len(sheet.rows))


def _column(sheet: Grid, chance: Random) -> int:
    return chance.randrange(max(1, sheet.width))


def _cells(sheet: Grid, chance: Random) -> list[tuple[int, int]]:
    """Return places of one cell, a few, or most of a column."""
    if chance.random() < 0.25:
        column = _column(sheet, chance)
        rows = range(min(sheet.header + 1, len(sheet.rows)), len(sheet.rows))
        return [(row, column) for row in rows if chance.random() < 0.9]
    return [(_row(sheet, chance), _column(sheet, chance)) for _ in range(chance.choice((1, 1, 2, 5)))]


def _at(sheet: Grid, row: int, column: int) -> Cell:
    return sheet.rows[row][column] if column < len(sheet.rows[row]) else None


def _kind(cell: Cell) -> type:
    return bool if isinstance(cell, bool) else float if isinstance(cell, int | float) else type(cell)


@_mutation
def _swap_rows(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    a, b = _row(sheet, chance), _row(sheet, chance)
    sheet.rows[a], sheet.rows[b] = sheet.rows[b], sheet.rows[a]


@_mutation
def _delete_rows(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    for _time in range(chance.choice((1, 1, 2, 8))):
        if len(sheet.rows) > 1:
            sheet.delete_row(_row(sheet, chance))


@_mutation
def _repeat_rows(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    first = _row(sheet, chance)
    many = chance.choice((1, 1, 3, 10))
    to = chance.randrange(first, len(sheet.rows) + 1)
    for row in reversed(sheet.rows[first : first + many]):
        sheet.insert_row(to, list(row))


@_mutation
def _insert_row(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    row: list[Cell] = [words.any_cell(chance) if chance.random() < 0.3 else None for _ in range(sheet.width)]
    sheet.insert_row(chance.randrange(len(sheet.rows) + 1), row if chance.random() < 0.6 else [None] * sheet.width)


@_mutation
def _repeat_header(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    header = sheet.header
    to = chance.randrange(min(header + 1, len(sheet.rows)), len(sheet.rows) + 1)
    for row in reversed(sheet.rows[chance.choice((0, header)) : header + 1]):
        sheet.insert_row(to, list(row))


@_mutation
def _number_columns(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    sheet.insert_row(sheet.header + 1, [chance.choice((n, str(n), f"({n})", None)) for n in range(1, sheet.width + 1)])


@_mutation
def _swap_columns(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    order = list(range(sheet.width))
    if len(order) > 1:
        a, b = chance.sample(order, 2)
        order[a], order[b] = order[b], order[a]
        sheet.move_columns(order)


@_mutation
def _shuffle_columns(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    sheet.move_columns(chance.sample(range(sheet.width), sheet.width))


@_mutation
def _delete_column(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    gone = _column(sheet, chance)
    sheet.move_columns([column for column in range(sheet.width) if column != gone])


@_mutation
def _repeat_column(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    order = list(range(sheet.width))
    order.insert(chance.randrange(len(order) + 1), _column(sheet, chance))
    sheet.move_columns(order)


@_mutation
def _insert_column(book: list[Grid], chance: Random, material: Material) -> None:
    sheet = _sheet(book, chance)
    at, header, is_filled = chance.randrange(sheet.width + 1), sheet.header, chance.random() < 0.6
    for index, row in enumerate(sheet.rows):
        cell = words.any_cell(chance) if is_filled and index > header else None
        row.insert(at, chance.choice(material.headers) if index == header and chance.random() < 0.7 else cell)
    sheet.merged = []


@_mutation
def _shift_row(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    row = sheet.rows[_row(sheet, chance)]
    if row and chance.random() < 0.5:
        row.pop(0)
    else:
        row.insert(chance.randrange(len(row) + 1), None)


@_mutation
def _erase(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    for row, column in _cells(sheet, chance):
        sheet.put(row, column, chance.choice((None, None, "", " ", "\u3000")))


@_mutation
def _swap_cells(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    a, b = ((_row(sheet, chance), _column(sheet, chance)) for _ in range(2))
    first, second = _at(sheet, *a), _at(sheet, *b)
    sheet.put(*a, second)
    sheet.put(*b, first)


@_mutation
def _put_anything(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    for row, column in _cells(sheet, chance):
        sheet.put(row, column, words.any_cell(chance))


@_mutation
def _retype(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    for row, column in _cells(sheet, chance):
        sheet.put(row, column, words.retyped(_at(sheet, row, column), chance))


def _change_kind(book: list[Grid], chance: Random, choices: Sequence[Cell], wanted: Sequence[str]) -> None:
    """Put other cells where cells of these kinds stand."""
    sheet = _sheet(book, chance)
    places = [
        (r, c) for r, row in enumerate(sheet.rows) for c, cell in enumerate(row)
        if r > sheet.header and _kind(cell).__name__ in wanted
    ]  # fmt: skip
    for row, column in chance.sample(places, min(len(places), chance.choice((1, 2, 4)))):
        sheet.put(row, column, chance.choice(choices))


@_mutation
def _other_dates(book: list[Grid], chance: Random, _: Material) -> None:
    _change_kind(book, chance, words.DATES, ("date", "datetime", "str"))


@_mutation
def _other_amounts(book: list[Grid], chance: Random, _: Material) -> None:
    _change_kind(book, chance, words.AMOUNTS, ("float",))


@_mutation
def _respell_header(book: list[Grid], chance: Random, material: Material) -> None:
    sheet = _sheet(book, chance)
    header = sheet.header
    for _time in range(chance.choice((1, 1, 3))):
        column = _column(sheet, chance)
        label = str(_at(sheet, header, column) or "")
        forms = (
            label[:-1], label[1:], label * 2, label[::-1], " ".join(label), f"{label}*", f"{label}（元）",
            f"{label}(万元)", f"{label}\n（万元）",
            f"{label}/备注", f"{label}（按月）", f"其中：{label}", None, words.wide(label),
            chance.choice(material.headers), chance.choice(material.headers) + label,
        )  # fmt: skip
        sheet.put(header, column, chance.choice(forms))


@_mutation
def _split_header(book: list[Grid], chance: Random, _: Material) -> None:
    """Make two header rows of one: a group above, merged over its columns."""
    sheet = _sheet(book, chance)
    header, left = sheet.header, _column(sheet, chance)
    right = min(sheet.width - 1, left + chance.choice((1, 2)))
    sheet.insert_row(header, list(sheet.rows[header]))
    sheet.rows[header][left : right + 1] = ["基本情况", *[None] * (right - left)]
    if right > left:
        sheet.merged.append((header, left, header, right))


@_mutation
def _say_unit(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    note = chance.choice(words.UNITS)
    if chance.random() < 0.3:
        at = chance.randrange(min(sheet.header + 2, len(sheet.rows)) + 1)
        sheet.insert_row(at, [*[None] * (sheet.width - 1), note])
    else:
        at = chance.randrange(min(sheet.header + 3, len(sheet.rows)) + 1)
        sheet.put(at, chance.randrange(sheet.width + 2), note)


@_mutation
def _format_numbers(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    code = chance.choice(words.FORMATS)
    sheet.formats.update(dict.fromkeys(_cells(sheet, chance), code))


@_mutation
def _add_total(book: list[Grid], chance: Random, _: Material) -> None:
    """Add a line that adds up, rightly, wrongly or not at all, at the end or among the rows."""
    sheet = _sheet(book, chance)
    first, end = sheet.header + 1, len(sheet.rows)
    at = end if chance.random() < 0.6 else chance.randrange(min(first, end), end + 1)
    line: list[Cell] = [None] * sheet.width
    for column in range(sheet.width):
        cells = [_at(sheet, row, column) for row in range(first, at)]
        numbers = [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
        if numbers and len(numbers) * 2 > len(cells) and all(abs(number) < 1e12 for number in numbers):
            line[column] = chance.choice((sum(numbers), sum(numbers), sum(numbers) + 1, None, f"{sum(numbers):,}"))
    if line and chance.random() < 0.85:
        line[chance.choice((0, 0, 1 % len(line), _column(sheet, chance) % len(line)))] = chance.choice(words.TOTALS)
    sheet.insert_row(at, line)


@_mutation
def _merge(book: list[Grid], chance: Random, _: Material) -> None:
    """Merge a few cells of a column, of a row, or both; as a spreadsheet does, only the first one's content stays."""
    sheet = _sheet(book, chance)
    top, left = _row(sheet, chance), _column(sheet, chance)
    down, across = chance.choice(((1, 0), (3, 0), (0, 1), (0, 4), (2, 2), (30, 0)))
    bottom, right = min(top + down, len(sheet.rows) - 1), min(left + across, max(sheet.width, 1) - 1)
    inside = [range_ for range_ in sheet.merged if not (
        range_[2] < top or range_[0] > bottom or range_[3] < left or range_[1] > right
    )]  # fmt: skip
    if inside or (top, left) == (bottom, right):
        return
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left) and chance.random() < 0.97:
                sheet.put(row, column, None)
    sheet.merged.append((top, left, bottom, right))


@_mutation
def _hide_rows(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    sheet.hidden_rows.update(_row(sheet, chance) for _ in range(chance.choice((1, 3, 20))))
    sheet.is_filtered = chance.random() < 0.4


@_mutation
def _hide_columns(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    sheet.hidden_columns.update(_column(sheet, chance) for _ in range(chance.choice((1, 2))))


@_mutation
def _hide_sheet(book: list[Grid], chance: Random, _: Material) -> None:
    _sheet(book, chance).is_hidden = True


@_mutation
def _draft_beside(book: list[Grid], chance: Random, _: Material) -> None:
    """Add a copy of a sheet, with other numbers, hidden or not."""
    draft = _sheet(book, chance).copy()
    draft.name, draft.is_hidden = chance.choice(words.NAMES), chance.random() < 0.5
    for row in draft.rows[draft.header + 1 :]:
        for column, cell in enumerate(row):
            if _kind(cell) is float and chance.random() < 0.5:
                row[column] = 7
    book.insert(chance.randrange(len(book) + 1), draft)


@_mutation
def _other_sheet(book: list[Grid], chance: Random, material: Material) -> None:
    other = chance.choice(material.sheets).copy()
    other.name = chance.choice((other.name, *words.NAMES))
    if chance.random() < 0.4:
        other.rows = [[cell if chance.random() < 0.3 else None for cell in row] for row in other.rows]
    book.insert(chance.randrange(len(book) + 1), other)


@_mutation
def _table_below(book: list[Grid], chance: Random, material: Material) -> None:
    """Put a second table below: the same again, another ledger, or the bottom half of this one under its header."""
    sheet = _sheet(book, chance)
    other = chance.choice((sheet, sheet, chance.choice(material.sheets))).copy()
    rows = other.rows[chance.choice((0, other.header)) :]
    sheet.rows += [[] for _ in range(chance.choice((0, 1, 3)))]
    sheet.rows += [list(row) for row in rows[: chance.choice((3, 8, len(rows)))]]


@_mutation
def _table_beside(book: list[Grid], chance: Random, material: Material) -> None:
    sheet = _sheet(book, chance)
    other = chance.choice((sheet, chance.choice(material.sheets))).copy()
    left = sheet.width + chance.choice((0, 1, 2))
    for index, row in enumerate(other.rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.put(index, left + column, cell)


@_mutation
def _stray_cell(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    row, column = len(sheet.rows) + chance.choice((0, 2, 400)), chance.choice((0, sheet.width, sheet.width + 60))
    sheet.put(row, column, words.any_cell(chance))


@_mutation
def _other_title(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    row, column = chance.randrange(sheet.header + 1), chance.choice((0, 0, _column(sheet, chance)))
    sheet.put(row, column, chance.choice(words.TITLES))


@_mutation
def _note_below(book: list[Grid], chance: Random, _: Material) -> None:
    sheet = _sheet(book, chance)
    for _time in range(chance.choice((1, 2))):
        beside = [words.any_cell(chance)] if chance.random() < 0.4 else []
        sheet.rows.append([chance.choice(words.NOTES), *beside])
