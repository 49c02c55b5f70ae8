"""From a delivery to raw rows: which lines of a sheet, or items of a page, are rows at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from xiezuo.conform.ledgers.header_match import HeaderMatch
from xiezuo.conform.ledgers.header_text import TITLE
from xiezuo.conform.ledgers.lines import NOTE, read_lines
from xiezuo.conform.ledgers.titles import Title, month_of_path, read_title, unit_of_place
from xiezuo.conform.ledgers.units import Note, as_shown, units_of
from xiezuo.conform.ledgers.unread import unread
from xiezuo.conform.readers import Cell, CellError, Sheet
from xiezuo.declared.contracts import Contract, FieldSpec
from xiezuo.declared.divisions import Divisions
from xiezuo.values import normalise

_CODES = {"code", "document_number"}
_EXACT_IN_A_SHEET = 10**15
_NEVER_FILLED = {"money", "integer", "decimal", "percent", "identity_number", "phone"}
_DATED = {"day", "day_or_month", "month"}
_DATES = _DATED | {"day_or_month_end", "moment", "moment_or_month"}
_DAYS_FROM_1900_TO_1904 = 1462
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 100_000
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_OCTOBER = re.compile(r"\s*\d{4}\.10\s*")
_DOUBTFUL = re.compile(r"\s*\d{4}\.1\s*")


@dataclass(frozen=True)
class RawTable:
    """The raw rows of one sheet, API batch or database extract, and what is known about them all.

    ``rows`` are ``(row_no, {field: raw cell})``; ``doubts`` say of some, by column and reason, why they
    wait although they can be read. ``units`` are yuan per unit of the money columns whose unit is said,
    ``unit_doubts`` words that may be one where none is. ``notes`` are sentences for the owner.
    """

    contract: Contract
    feed: str
    place: str
    sheet: str
    rows: list[tuple[int, dict[str, Any]]]
    labels: Mapping[str, str]
    units: Mapping[str, Decimal] = field(default_factory=dict)
    unit_doubts: Mapping[str, Note] = field(default_factory=dict)
    ignored_rows: int = 0
    declared_total: Decimal | None = None
    declared_count: Decimal | None = None
    reporting_unit: str = ""
    reported_on: date | None = None
    delivery: str = "increment"
    unmapped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def table_of_sheet(sheet: Sheet, match: HeaderMatch, path: PurePosixPath, divisions: Divisions) -> RawTable:
    """Split a matched sheet into rows and what is no row: titles, header, totals, notes, blanks."""
    contract = match.contract
    fields = contract.feed_fields(match.feed)
    above = [sheet.name, *(_shortened(cell) for row in sheet.rows[: match.first_row] for cell in row)]
    title = _title(sheet, match, above)
    # What a line is follows from its words, its sums from the unit, and the unit from lines that are no rows.
    filled = _fill_down(sheet, match)
    reading = read_lines(sheet, match, {}, filled)
    said = units_of(sheet, match, [line.kind for line in reading.lines], path)
    units, shown = said.stated, as_shown(sheet, match, said)
    if shown is not sheet or any(unit != 1 for unit in units.values()):
        sheet, filled = shown, _fill_down(shown, match)
        reading = read_lines(sheet, match, units, filled)
    rows: list[tuple[int, dict[str, Any]]] = []
    doubts: dict[int, tuple[str, str]] = {}
    for line in reading.lines:
        if line.kind != "row":
            continue
        number = sheet.first_row + line.index + 1
        typed = without_lost_digits(fields, {n: filled(line.index, c) for n, c in match.columns.items()})
        typed = _in_date_system(match, typed) if sheet.is_1904 else typed
        rows.append((number, {**typed, **match.given, **contract.feeds[match.feed].constants}))
        if line.doubt is not None:
            doubts[number] = line.doubt
    return RawTable(
        contract=contract,
        feed=match.feed,
        place=str(path),
        sheet=sheet.name,
        rows=_distrust_text_months(sheet, match, rows),
        labels=match.labels,
        units=units,
        unit_doubts=said.doubts,
        ignored_rows=len(sheet.rows) - len(rows),
        declared_total=reading.declared,
        declared_count=reading.counted,
        reporting_unit=_reporting_unit(contract, title, sheet, path, divisions),
        reported_on=title.reported_on or month_of_path(path),
        delivery=_delivery(contract, [*above, *sheet.told, path.stem]),
        unmapped=match.unmapped,
        notes=(*reading.notes, *unread(sheet, match, reading.lines)),
        doubts=doubts,
    )


def _title(sheet: Sheet, match: HeaderMatch, above: list[Cell]) -> Title:
    """Read the title; what that of a lower table does not say holds as it is said over the first one."""
    own = read_title([*above, *_note_cells(sheet, match)])
    if not sheet.told:
        return own
    first = read_title(sheet.told)
    return replace(
        own,
        reporting_unit=own.reporting_unit or first.reporting_unit,
        reported_on=own.reported_on or first.reported_on,
    )


def without_lost_digits(fields: Mapping[str, FieldSpec], typed: dict[str, Any]) -> dict[str, Any]:
    """Mark numbers that were typed as such into a sheet: from the sixteenth digit on they are made up."""
    for name, cell in typed.items():
        if fields[name].type in _CODES and isinstance(cell, int | float) and abs(cell) >= _EXACT_IN_A_SHEET:
            typed[name] = CellError("DIGITS_LOST")
    return typed


def _in_date_system(match: HeaderMatch, typed: dict[str, Any]) -> dict[str, Any]:
    """Count day numbers of a workbook of the 1904 date system from where others count (ECMA-376 part 1, §18.17.4.1).

    A day number that is a text may have come from another workbook: nobody knows where it counts from.
    """
    fields = match.contract.feed_fields(match.feed)
    for name, cell in typed.items():
        if fields[name].type not in _DATES:
            continue
        if isinstance(cell, int | float) and not isinstance(cell, bool) and _FIRST_SERIAL <= cell < _LAST_SERIAL:
            typed[name] = cell + _DAYS_FROM_1900_TO_1904
        elif isinstance(cell, str) and _SERIAL.fullmatch(normalise(cell)):
            typed[name] = CellError("DATE_SYSTEM")
    return typed


def table_of_items(
    contract: Contract, feed: str, items: Iterable[Any], *, place: str, sheet: str, constants: Mapping[str, Any]
) -> RawTable:
    """Take the items of an API batch or database extract; ``row_no`` counts them from 1."""
    fields = contract.feed_fields(feed)
    rows: list[tuple[int, dict[str, Any]]] = []
    for number, item in enumerate(items, start=1):
        found: dict[str, Any] = dict(constants)
        if isinstance(item, Mapping):
            found |= {
                name: _scalar(item[key])
                for name, spec in fields.items()
                for key in spec.zh
                if key in item and name not in constants
            }
        rows.append((number, found))
    labels = {name: contract.fields[name].zh[0] for name, spec in fields.items() if spec.zh}
    return RawTable(contract=contract, feed=feed, place=place, sheet=sheet, rows=rows, labels=labels)


@dataclass(frozen=True)
class NotAScalar:
    """Stands for a list or an object where a single value was promised; no parser reads it."""

    code: str = "NOT_A_SCALAR"


def _scalar(value: Any) -> Any:
    return NotAScalar() if isinstance(value, list | dict) else value


def _delivery(contract: Contract, titles: Iterable[Cell]) -> str:
    """Return ``increment`` where a title, the sheet's or the file's name says 新增 or 本月."""
    said = any(word in text for word in contract.increment_titles for text in titles if isinstance(text, str))
    return "increment" if said else contract.delivery


def _note_cells(sheet: Sheet, match: HeaderMatch) -> Iterator[Cell]:
    """Yield the cells of the note lines below the rows (填报日期, 填报人 and the like)."""
    for row in sheet.rows[match.last_row + 1 :]:
        texts = [_shortened(cell) for cell in row if cell is not None and cell != ""]
        if texts and isinstance(texts[0], str) and NOTE.match(normalise(texts[0])):
            yield from texts


def _shortened(cell: Cell) -> Cell:
    return cell[:TITLE] if isinstance(cell, str) else cell


def _distrust_text_months(
    sheet: Sheet, match: HeaderMatch, rows: list[tuple[int, dict[str, Any]]]
) -> list[tuple[int, dict[str, Any]]]:
    """Give ``2022.1`` in a text file back the doubt it has: a spreadsheet writes October so as well.

    Where the same column also says ``2022.10``, zeros survived and 2022.1 is January.
    """
    fields = match.contract.feed_fields(match.feed)
    for name in match.columns if sheet.is_text else ():
        if fields[name].type not in _DATED or any(_OCTOBER.fullmatch(str(cells[name])) for _, cells in rows):
            continue
        for _, cells in rows:
            if isinstance(cells[name], str) and _DOUBTFUL.fullmatch(cells[name]):
                cells[name] = float(cells[name])
    return rows


def _fill_down(sheet: Sheet, match: HeaderMatch) -> Any:
    """Return a reader of cells that fills a vertical merge from its first cell, and nothing else.

    Amounts and numbers are never filled: one amount merged over three rows is not three amounts.
    """
    fields = match.contract.feed_fields(match.feed)
    filled = {column for name, column in match.columns.items() if fields[name].type not in _NEVER_FILLED}
    starts = {
        (row, left): top
        for top, left, bottom, right in sheet.merged
        if left == right and left in filled and top > match.last_row
        for row in range(top, bottom + 1)
    }

    def read(row: int, column: int) -> Cell:
        cells = sheet.rows[starts.get((row, column), row)]
        return cells[column] if column < len(cells) else None

    return read


def _reporting_unit(contract: Contract, title: Title, sheet: Sheet, path: PurePosixPath, divisions: Divisions) -> str:
    if title.reporting_unit:
        return title.reporting_unit
    return unit_of_place(title, sheet.name, path, divisions) if contract.unit_from_place else ""
