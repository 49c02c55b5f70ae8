"""What every case is held to: no error but a refusal, one fate a line, no yuan lost, nobody's number said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from xiezuo.base.errors import FileRefused
from xiezuo.conform.conform import Conformed
from xiezuo.conform.intake import Part, Taken
from xiezuo.conform.ledgers.totals import holds_number
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.conform.rows.reader import Finding
from xiezuo.values.identity import is_identity_number

_BLOCK = re.compile(r"（第 \d+ 行起）$")
_NOT_ROWS = re.compile(r"有数字但不作为数据的共 (\d+) 行")
_INVENTED = re.compile(r"99\d{15}[\dXx]")
_TRACE = re.compile(r'Traceback|File "|\.py\b|Error\(|<class |0x[0-9a-f]{6,}')
_CHINESE = re.compile("[\u4e00-\u9fff]")
_CODE = re.compile("[A-Z][A-Z0-9_]+")
_NUMERIC = re.compile(r"numeric\((\d+), ?(\d+)\)")
_LONGEST_SENTENCE = 1_500
_PLAIN = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_UNITS = {"元": Decimal(1), "万元": Decimal(10_000), "分": Decimal("0.01")}
_WHOLE = {"integer": 2**31, "bigint": 2**63}


@dataclass
class Outcome:
    """What became of one case: ``faults`` should be empty; ``refusals`` are codes, one a dataset or one of the file."""

    faults: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    is_accepted: bool = False
    rows: int = 0
    held: int = 0
    lines: int = 0


def judge(taken: Taken, sheets: Sequence[Sheet], mask: Callable[[str], str]) -> Outcome:
    """Hold one case to its account; ``sheets`` are what was read of it, ``mask`` is the loader's for what it stores."""
    found = Outcome()
    errors = [taken.error, *(part.error for part in taken.parts)]
    for error in errors:
        if isinstance(error, FileRefused):
            found.refusals.append(error.code)
            found.faults += _badly_refused(error)
        elif error is not None:
            found.faults.append(f"{type(error).__name__} instead of a refusal: {error}")
    if taken.error is None and not taken.parts:
        found.faults.append("neither accepted nor refused")
    for part in taken.parts:
        if part.error is None:
            found.is_accepted = True
            found.faults += _accepted(part, sheets, found)
    if found.is_accepted and not found.refusals:
        found.faults += _lines_without_a_table(taken.parts, sheets)
    found.faults += [f"says {what}" for text in _said(taken, mask) for what in _never_said(text)]
    return found


def _badly_refused(error: FileRefused) -> Iterator[str]:
    if not _CODE.fullmatch(error.code):
        yield f"a refusal without a code: {error.code!r}"
    if not _CHINESE.search(error.zh):
        yield f"a refusal without a sentence: {error.code}"
    if len(error.zh) > _LONGEST_SENTENCE:
        yield f"a refusal of {len(error.zh)} characters: {error.code}"


def _accepted(part: Part, sheets: Sequence[Sheet], found: Outcome) -> Iterator[str]:
    if len(part.findings) != len(part.tables):
        yield f"{len(part.tables)} tables, of which {len(part.findings)} were judged"
        return
    for table, findings in zip(part.tables, part.findings, strict=True):
        held = {finding.row_no for finding in findings}
        found.rows += len(table.rows) - len(held & {row["row_no"] for row in table.rows})
        found.held += len(held)
        found.lines += table.table.ignored_rows
        yield from _one_fate(table, held)
        yield from _no_yuan_lost(table, held)
        yield from _reasons(findings)
        yield from _storable(table, held)
        yield from _as_sent(table, held, sheets)


def _one_fate(table: Conformed, held: set[int]) -> Iterator[str]:
    """As ``audit.batch`` has it (batch_conserves_rows): what was read is loaded, held back or no row."""
    read = [number for number, _ in table.table.rows]
    typed = [row["row_no"] for row in table.rows]
    if len({*read}) < len(read) or len({*typed}) < len(typed):
        yield "a line is two rows"
    if lost := {*read} - {*typed} - held:
        yield f"{len(lost)} rows are neither loaded nor held back: {sorted(lost)[:5]}"
    if strange := ({*typed} | held) - {*read}:
        yield f"{len(strange)} rows were never read: {sorted(strange)[:5]}"
    if table.table.ignored_rows < 0:
        yield f"{table.table.ignored_rows} lines are no rows"


def _no_yuan_lost(table: Conformed, held: set[int]) -> Iterator[str]:
    """As batch_conserves_yuan and batch_unreadable_is_quarantined have it."""
    name = table.contract.amount
    if name is None:
        return
    loaded = [row for row in table.rows if row["row_no"] not in held]
    kept = sum((row[name] for row in loaded if row.get(name) is not None), Decimal(0))
    waiting = sum((table.amounts.get(number, Decimal(0)) for number in held), Decimal(0))
    read = sum(table.amounts.values(), Decimal(0))
    if kept + waiting != read:
        yield f"{read} yuan were read, {kept} loaded and {waiting} held back"
    if unread := table.unreadable_amounts - held:
        yield f"amounts that nobody could read are loaded: rows {sorted(unread)[:5]}"


def _reasons(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        if not _CODE.fullmatch(finding.rule_id) or not _CHINESE.search(finding.reason_zh):
            yield f"row {finding.row_no} is held back without a reason: {finding.rule_id!r}"
        if len(finding.reason_zh) > _LONGEST_SENTENCE:
            yield f"{finding.rule_id} is said in {len(finding.reason_zh)} characters"


def _storable(table: Conformed, held: set[int]) -> Iterator[str]:
    kinds = {column: kind for column, kind, *_ in table.contract.columns()}
    for row in table.rows:
        for name, value in row.items() if row["row_no"] not in held else ():
            if name in kinds and not _fits(value, kinds[name]):
                yield f"row {row['row_no']}: {name} does not fit into {kinds[name]}"
            if isinstance(value, str) and (number := _number_in(value)) is not None:
                yield f"row {row['row_no']}: {name} holds an identity number, {number.start()} characters in"


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int) and kind in _WHOLE:
        return -_WHOLE[kind] <= value < _WHOLE[kind]
    if isinstance(value, Decimal) and (precision := _NUMERIC.fullmatch(kind)) is not None:
        digits, places = int(precision[1]), int(precision[2])
        # The database rounds what has more places than a column: of yuan that is a loss, of a share 1e-17 is none.
        is_whole = places > 2 or value == round(value, places)
        return value.is_finite() and abs(value) < Decimal(10) ** (digits - places) and is_whole
    if isinstance(value, date):
        return value.year >= 1
    return not isinstance(value, float) or value - value == 0


def _as_sent(table: Conformed, held: set[int], sheets: Sequence[Sheet]) -> Iterator[str]:
    """A row's texts stand in its own line (or in a merge that reaches it); numbers times their unit are its amounts."""
    sheet = next((one for one in sheets if one.name == _sheet_of(table, sheets)), None)
    if sheet is None:
        yield f"no sheet is called {table.table.sheet!r}"
        return
    constants = {str(value) for value in table.contract.feeds[table.table.feed].constants.values()}
    typed = {row["row_no"]: row for row in table.rows}
    for number, cells in table.table.rows:
        if not 1 <= number <= len(sheet.rows):
            yield f"row {number} is on no line of the sheet"
            continue
        own = {cell for cell in _line(sheet, number - 1) if isinstance(cell, str)}
        is_shown = any(row == number - 1 for row, _ in sheet.formats)  # what a format adds is read with the number
        for name, cell in cells.items():
            if isinstance(cell, str) and name in table.table.labels and cell not in own | constants and not is_shown:
                yield f"row {number}: {name} is of another line"
            if number in typed and number not in held and not _times_unit(cell, typed[number].get(name), table, name):
                yield f"row {number}: {name} is not its number in its unit"


def _sheet_of(table: Conformed, sheets: Sequence[Sheet]) -> str:
    """Return the name of the sheet a table is of; one further down says after it where it begins."""
    name = table.table.sheet
    return name if any(sheet.name == name for sheet in sheets) else _BLOCK.sub("", name)


def _line(sheet: Sheet, index: int) -> Iterator[Cell]:
    yield from sheet.rows[index]
    for top, left, bottom, _ in sheet.merged:
        if top < index <= bottom:
            yield sheet.rows[top][left]


def _times_unit(cell: Any, value: Any, table: Conformed, name: str) -> bool:
    spec = table.contract.feed_fields(table.table.feed).get(name)
    if spec is None or spec.type != "money" or not isinstance(value, Decimal) or isinstance(cell, bool):
        return True
    if not (isinstance(cell, int | float) or (isinstance(cell, str) and _PLAIN.fullmatch(cell))):
        return True
    unit = table.table.units.get(name, _UNITS.get(spec.unit))
    return unit is None or abs(Decimal(str(cell)) * unit - value) <= Decimal("0.005")


def _lines_without_a_table(parts: Sequence[Part], sheets: Sequence[Sheet]) -> Iterator[str]:
    """Every line of a sheet of which a table was read is in one of its tables, and what holds numbers there is said."""
    tables: dict[str, list[Conformed]] = {}
    for part in parts:
        for table in part.tables:
            tables.setdefault(_sheet_of(table, sheets), []).append(table)
    for sheet in sheets:
        if own := tables.get(sheet.name):
            lines = sum(len(table.table.rows) + table.table.ignored_rows for table in own)
            if lines != len(sheet.rows):
                yield f"{lines} of {len(sheet.rows)} lines of a sheet are accounted for"
            yield from _numbers_unsaid(own, sheet)


def _numbers_unsaid(tables: Sequence[Conformed], sheet: Sheet) -> Iterator[str]:
    rows = {number for table in tables for number, _ in table.table.rows}
    no_rows = (line for number, line in enumerate(sheet.rows, start=1) if number not in rows)
    others = [line for line in no_rows if any(map(holds_number, line))]
    said = [int(found[1]) for table in tables for text in table.warnings for found in _NOT_ROWS.finditer(text)]
    if sum(said) != len(others):
        yield f"{len(others)} lines hold numbers and are no rows, {sum(said)} are said"


def _said(taken: Taken, mask: Callable[[str], str]) -> Iterator[str]:
    """Yield all that the office is told of a case, as it is stored."""
    for error in (taken.error, *(part.error for part in taken.parts)):
        if error is not None:
            yield mask(getattr(error, "zh", str(error)))
    for part in taken.parts:
        for table in part.tables:
            yield from table.warnings
            yield table.table.reporting_unit
        for findings in part.findings:
            for finding in findings:
                yield finding.reason_zh
                yield mask(finding.column)


def _never_said(text: str) -> Iterator[str]:
    if (number := _number_in(text)) is not None:
        yield f"an identity number (after {text[max(0, number.start() - 30) : number.start()]}…)"
    if _TRACE.search(text):
        yield f"what only a developer reads: {text[:200]}"


def _number_in(text: str) -> re.Match[str] | None:
    return next((one for one in _INVENTED.finditer(text) if is_identity_number(one[0].upper())), None)
