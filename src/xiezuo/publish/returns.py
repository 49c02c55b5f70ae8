"""Return workbooks (退回修改): one for each file with rows that wait for a correction.

Rows are decrypted for them and for nothing else; who was given them is noted first, in the log and in
``audit.vault_read``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo import values
from xiezuo.base.errors import FileRefused, Unreadable
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.intake import Intake, Landed, place_of
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.returns import HEADINGS, STAMP, answer_id, row_stamp
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.declared.contracts import FieldSpec
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish.outfiles import plain_name, replace_when_different
from xiezuo.publish.remedies import OTHERWISE, remedy
from xiezuo.publish.sheets.returned import Line, Page, return_workbook
from xiezuo.values import bare, normalise
from xiezuo.values.money_units import YUAN_PER, units_said
from xiezuo.warehouse import access, vault_log, word_log

_log = logging.getLogger("xiezuo.publish.returns")

_PURPOSE = "退回修改表"
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d) 00:00:00")
_ERROR = "CellError("
_SUM = re.compile(r"sum\((\w+)\)")
_DIGITS = ".15g"
"""What a sheet keeps of a number."""
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_AS_TEXT = frozenset(("code", "identity_number", "phone", "uscc", "document_number"))

Held = dict[str, Any]
"""A row of ``operations/returned_rows.sql``."""


def export_returns(
    settings: Settings, county: str, out: Path, *, delivery: str | None = None, unit: str | None = None
) -> list[Path]:
    """Write the workbooks of :func:`return_workbooks` into a folder; return their paths."""
    written: list[Path] = []
    for landing, content in return_workbooks(settings, county, delivery=delivery, unit=unit):
        path = out / _file_name(landing, {other.name for other in written})
        replace_when_different(path, content, private=True)
        written.append(path)
    return written


def return_workbooks(
    settings: Settings, county: str, *, delivery: str | None = None, unit: str | None = None
) -> Iterator[tuple[Landed, bytes]]:
    """Yield one workbook a file with rows that wait.

    ``delivery`` is the identifier or the place of one file, ``unit`` a reporting unit. A file that is not read any more
    as it was, since its contract changed, is left out and logged.
    """
    with access.connect(settings, "corrector") as connection:
        rows = _held(connection, settings, county, delivery, unit)
        intake = Intake(settings, word_log.decisions(connection, settings))
        vault_log.note(connection, settings, ((county, row["batch_id"]) for row in rows), purpose_zh=_PURPOSE)
    for _, group in groupby(rows, key=lambda row: row["landing"]["landing_id"]):
        held = list(group)
        landing = held[0]["landing"]
        try:
            pages, stamp = _pages(settings, intake, landing, held)
        except FileRefused as refused:
            _log.warning("landing %s is not read as it was: %s", landing["landing_id"], refused.code)
            continue
        folder = f"{county}/{landing['source']}"
        landed = datetime.fromisoformat(landing["landed_at"])
        yield landing, return_workbook(pages, STAMP.seal(intake.privacy, stamp), folder, landed)


def _held(
    connection: psycopg.Connection, settings: Settings, county: str, delivery: str | None, unit: str | None
) -> list[Held]:
    facts = {"county_code": county, "delivery": delivery, "unit": unit}
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, "operations/returned_rows"), facts).fetchall()


def _pages(
    settings: Settings, intake: Intake, landing: Landed, held: Sequence[Held]
) -> tuple[list[Page], Mapping[str, Any]]:
    """Return the pages of a delivery's workbook, and what is stamped into it."""
    privacy, around = intake.privacy, intake.around(landing["county_code"])
    tables = {(table.contract.dataset, privacy.mask(table.sheet)): table for table in intake.tables(landing)}
    pages: list[Page] = []
    stamped: list[Mapping[str, Any]] = []
    for (dataset, sheet), group in groupby(held, key=lambda row: (row["dataset"], row["sheet"])):
        rows, table = list(group), tables.get((dataset, sheet))
        if table is None:
            raise FileRefused("RETURN_OUTDATED", f"工作表“{sheet}”现在的读法与载入时不同")
        page = _page(table, rows, around, {page.name for page in pages}, place_of(landing))
        weighed = _weighed(settings, table)
        page.lines.sort(key=lambda line: (-_effect(line, weighed, table), len(line.wrong), line.row_no))
        pages.append(page)
        cells = {line.stamp: answer_id(privacy, line.cells) for line in page.lines}
        known = {row_stamp(privacy, row["batch_id"], row["row_no"]): row for row in rows}
        stamped.append({
            "sheet": page.name, "dataset": dataset, "table": sheet, "batch": rows[0]["root_batch_id"],
            "columns": {label: name for name, label in page.labels.items()},
            "rows": {
                number: {"batch": row["batch_id"], "row": row["row_no"], "cells": cells[number]}
                for number, row in known.items()
            },
        })  # fmt: skip
    facts = {
        "county": landing["county_code"], "source": landing["source"], "place": place_of(landing),
        "sha256": landing["sha256"], "sheets": stamped,
    }  # fmt: skip
    return pages, facts


def _page(table: RawTable, rows: Sequence[Held], around: Surroundings, names: set[str], place: str) -> Page:
    privacy = around.privacy
    fields = table.contract.feed_fields(table.feed)
    by_label = {spec.zh[0]: name for name, spec in fields.items() if spec.zh}
    by_label |= {privacy.mask(label): name for name, label in table.labels.items()}
    wrong = {by_label[one["column"]] for row in rows for one in row["reasons"] if one["column"] in by_label}
    labels = _labels(table, fields, wrong)
    lines = []
    for row in rows:
        typed = privacy.unseal(bytes(row["payload"]))
        own = {by_label[one["column"]] for one in row["reasons"] if one["column"] in by_label}
        lines.append(Line(
            stamp=row_stamp(privacy, row["batch_id"], row["row_no"]),
            row_no=row["row_no"],
            problems_zh="；".join(dict.fromkeys(f"“{one['column']}”：{one['reason']}" for one in row["reasons"])),
            remedies_zh="；".join(f"“{labels[n]}”{remedy(fields[n])}" for n in labels if n in own) or OTHERWISE,
            cells={name: _as_a_sheet_keeps(typed.get(name)) for name in labels},
            wrong=own,
        ))  # fmt: skip
    return Page(
        name=_sheet_name(table.contract.zh, names), file=place, labels=labels, lines=lines,
        words={n: _words(table, n, around) for n in labels if fields[n].type == "enum"},
        texts={name for name in labels if fields[name].type in _AS_TEXT},
    )  # fmt: skip


def _weighed(settings: Settings, table: RawTable) -> dict[str, FieldSpec]:
    """Return the fields that say how much a row of a table counts: its amount, else what figures add up."""
    contract, fields = table.contract, table.contract.feed_fields(table.feed)
    own = (one for one in load_indicators(settings.root) if contract.dataset in one.header.datasets)
    summed = {found[1] for one in own for entry in one.entries if (found := _SUM.fullmatch(entry.measure))}
    return {name: fields[name] for name in contract.amount_parts or sorted(summed) if name in fields}


def _effect(line: Line, weighed: Mapping[str, FieldSpec], table: RawTable) -> Decimal:
    """Return how much of a published figure waits with a row; without end where its number cannot be read.

    A row of people, firms or meetings counts as one.
    """
    found = Decimal(0)
    for name, spec in weighed.items():
        cell = line.cells.get(name)
        try:
            if spec.type == "money":
                amount = values.money(cell, table.units.get(name, YUAN_PER[spec.unit]))
                found += abs(amount.yuan) if amount else Decimal(0)
            else:
                found += abs(values.decimal(cell) or Decimal(0))
        except Unreadable:
            return Decimal("Infinity")
        if cell is None and spec.required:
            return Decimal("Infinity")
    return found if weighed else Decimal(1)


def _words(table: RawTable, name: str, around: Surroundings) -> list[str]:
    """Return the words of a list: those the county decided on, then one for each value; none that it rejected."""
    spec = table.contract.feed_fields(table.feed)[name]
    decided: dict[str, bool] = {}
    for decision in around.decisions.get(table.contract.register_of(name), ()):
        decided[decision.word] = decision.state == "accepted"
    rejected = {bare(word) for word, accepted in decided.items() if not accepted}
    offered = [*(word for word, accepted in decided.items() if accepted), *spec.names_in(around.county).values()]
    return [word for word in dict.fromkeys(offered) if bare(word) not in rejected]


def _labels(table: RawTable, fields: Mapping[str, FieldSpec], wrong: set[str]) -> dict[str, str]:
    """Return the headers by field: those of the ledger, with the unit of money where only its title said it.

    A column that the ledger lacks and a row needs has the header of its contract.
    """
    labels = {name: label for name, label in table.labels.items() if name in fields}
    labels |= {name: fields[name].zh[0] for name in fields if name in wrong and name not in labels}
    words = {yuan: word for word, yuan in YUAN_PER.items()}
    for name, unit in table.units.items():
        if name in labels and not units_said(labels[name], is_header=True):
            labels[name] += f"（{words.get(unit, f'{unit.normalize():f}元')}）"
    seen = set(HEADINGS)
    for name, label in labels.items():
        labels[name] = label if normalise(label) not in seen else f"{label}（台账：{name}）"
        seen.add(normalise(labels[name]))
    return labels


def _as_a_sheet_keeps(value: Any) -> Any:
    """Return a cell as a sheet gives it back: errors are blank, days are written as days, numbers have 15 digits."""
    if isinstance(value, str):
        if value.startswith(_ERROR):
            return None
        found = _MIDNIGHT.fullmatch(value)
        return found[1] if found else value
    if isinstance(value, float):
        return float(format(value, _DIGITS))
    return value


def _sheet_name(zh: str, names: set[str]) -> str:
    plain = _NOT_IN_A_NAME.sub("", zh)[: _LONGEST_NAME - 4]
    return next(name for name in (plain, *(f"{plain}_{n}" for n in range(2, 999))) if name not in names)


def _file_name(landing: Landed, names: set[str]) -> str:
    stem = plain_name(PurePosixPath(place_of(landing)).stem)
    name = f"退回修改_{stem}.xlsx"
    return name if name not in names else f"退回修改_{stem}_{landing['landing_id'][:6]}.xlsx"
