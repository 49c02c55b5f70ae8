"""Station workbooks (收表模板): for each unit and dataset it owes, its next ledger with what goes on filled in.

A form states all that the unit's ledger of the year states, so that it may take its place: also what has ended, which
the year's figures count (docs/decisions/0045-station-workbooks.md). Names and numbers of people come from the vault;
who was given them is noted first, in the log and in ``audit.vault_read``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError, Unreadable
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.forms import CORRECTED, ENDED, STAMP, STRUCK, UNCHANGED, cell_digest, row_digest
from xiezuo.conform.intake import Intake
from xiezuo.conform.rows.fields import Surroundings, parser_of
from xiezuo.declared.contracts import Contract, FieldSpec, load_contracts
from xiezuo.declared.spellings import expand
from xiezuo.operations.arrivals import Owed, owed
from xiezuo.publish.outfiles import plain_name, replace_when_different, unit_folder
from xiezuo.publish.sheets.form import Column, Page, form_workbook
from xiezuo.values import header_unit
from xiezuo.values.periods import Period
from xiezuo.warehouse import access, vault_log, word_log

_PURPOSE = "收表模板"
_TEXTS = frozenset((
    "text", "code", "identity_number", "person_name", "phone", "uscc", "document_number",
    "day", "day_or_month", "day_or_month_end", "month",
))  # fmt: skip

Stored = dict[str, Any]
"""A row of ``publish/form_rows.sql``."""


@dataclass(frozen=True)
class Made:
    """One workbook: whose it is, of what, for which period, and how much of it is filled in.

    ``cells`` are those of the ledger's own columns in its prefilled rows, ``filled`` those of them that say something.
    ``note_zh`` says what whoever hands it out should know.
    """

    path: Path
    dataset: str
    reporting_unit: str
    period: str
    rows: int
    cells: int
    filled: int
    note_zh: str = ""


def make_forms(
    settings: Settings, county: str, period: str, out: Path | None = None, *, only_missing: bool = False
) -> list[Made]:
    """Write the workbooks of a county for the periods that end with a month; return what was written.

    Without ``out`` each goes into its unit's out-folder, in the place of those of other periods. With ``only_missing``,
    of units that have delivered already none is written.

    Raises:
        ConfigError: the period is no month.
    """
    month = month_of(period)
    with access.connect(settings) as connection:
        intake = Intake(settings, word_log.decisions(connection, settings))
        made = []
        for one in owed(settings, connection, county, month):
            if only_missing and one.has_arrived:
                continue
            if (form := _make(connection, settings, intake, county, one, out)) is not None:
                made.append(form)
    return made


def owed_for(settings: Settings, county: str, month: date) -> list[tuple[str, Owed]]:
    """Return what units owe for the periods that end with the month of a day, each with the name of the ledger."""
    contracts = load_contracts(settings.root)
    with access.connect(settings) as connection:
        return [(contracts[one.dataset].zh, one) for one in owed(settings, connection, county, month)]


def month_of(period: str) -> date:
    """Return the last day of a month as people write it.

    Raises:
        ConfigError: it is no month.
    """
    read = Period.read(period)
    if read.kind != "month":
        raise ConfigError(f"{period} is no month", zh=f"收表按月，“{period}”不是月份", next_step="写成 2022-10")
    return read.last_day


def share_filled(made: Sequence[Made]) -> float | None:
    """Return which share of the cells of prefilled rows is filled in, None where there are none."""
    cells = sum(one.cells for one in made)
    return sum(one.filled for one in made) / cells if cells else None


def _make(
    connection: psycopg.Connection, settings: Settings, intake: Intake, county: str, one: Owed, out: Path | None
) -> Made | None:
    contract = intake.contracts[one.dataset]
    feed = next((name for name, spec in contract.feeds.items() if spec.kind == "file"), None)
    if feed is None:
        return None
    around = intake.around(county)
    unit = one.reporting_unit or (around.county.name if contract.unit_from_place else "")
    rows = _rows(connection, settings, contract, county, one)
    people = _people(settings, county, rows)
    lines = [_cells(contract, row["line"], people, intake, around) for row in rows]
    columns = _columns(contract, feed, lines, _columns_before(connection, settings, county, one), around)
    choices = _choices(contract)
    page = Page(
        county=around.county.name, ledger=contract.zh, unit=unit, period=one.period.name, last=one.period.last,
        every=one.every, columns=columns, lines=lines, choices=choices,
        folder=f"{county}/{contract.source}", ended_label=next((c.label for c in columns if c.is_end), ""),
    )  # fmt: skip
    privacy = intake.privacy
    stamped = {
        str(number): {
            "was": row_digest(privacy, row["row_hash"]),
            "cells": {c.name: cell_digest(privacy, str(number), c.name, cells.get(c.name)) for c in columns},
        }
        for number, (row, cells) in enumerate(zip(rows, lines, strict=True), start=1)
    }  # fmt: skip
    facts = {
        "county": county, "source": contract.source, "dataset": one.dataset, "unit": unit, "every": one.every,
        "period": one.period.name, "first": one.period.first.isoformat(), "last": one.period.last.isoformat(),
        "columns": {c.label: c.name for c in columns}, "locked": [c.name for c in columns if c.is_locked],
        "ends": contract.ended_by, "choices": choices, "rows": stamped,
    }  # fmt: skip
    stem = plain_name(f"{unit or around.county.name}_{contract.zh}")
    folder = out or unit_folder(settings, county, one.reporting_unit) / "forms"
    path = folder / f"{stem}_{one.period.name}.xlsx"
    replace_when_different(path, form_workbook(page, STAMP.seal(privacy, facts)), private=True)
    if out is None:  # personal data of months that are over
        for older in {*folder.glob(f"{stem}_*.xlsx")} - {path}:
            older.unlink(missing_ok=True)
    names = [c.name for c in columns]
    filled = sum(cells.get(name) is not None for cells in lines for name in names)
    note = f"已有截至 {one.last_seen} 的报表" if one.has_arrived else ""
    return Made(path, one.dataset, unit, one.period.name, len(lines), len(lines) * len(names), filled, note)


def _rows(
    connection: psycopg.Connection, settings: Settings, contract: Contract, county: str, one: Owed
) -> list[Stored]:
    """Return the stored rows that the form restates, what goes on first."""
    is_own_unit = contract.reporting_unit in contract.computed
    statement = sql.SQL(read_sql(settings.root, "publish/form_rows").decode())
    has_days = contract.touches or contract.valid
    names = {
        "county_code": county, "dataset": contract.dataset, "unit": None if is_own_unit else one.reporting_unit,
        "year": one.period.last.year if has_days else 0,
    }  # fmt: skip
    with connection.cursor(row_factory=dict_row) as cursor:
        core = sql.Identifier("core", contract.dataset)
        stored = cursor.execute(statement.format(core=core), names).fetchall()
    if is_own_unit:
        return list(_latest_statements(contract, stored, one.period.last))
    rows = [row for row in stored if _is_restated(contract, row, one)]
    ended, last = contract.ended_by or "", one.period.last.isoformat()
    return sorted(rows, key=lambda row: bool(row["line"].get(ended) and row["line"][ended] < last))


def _is_restated(contract: Contract, row: Stored, one: Owed) -> bool:
    """Whether a ledger of the period states a row.

    A snapshot states all of its year, and of the year before what goes on; an increment what has not ended.
    """
    line, year = row["line"], one.period.last.year
    ended = line.get(contract.ended_by or "")
    if contract.delivery == "increment":
        return contract.ended_by is not None and (ended is None or ended >= one.period.first.isoformat())
    if row["is_evident"]:
        return True
    goes_on = contract.ended_by is not None and (ended is None or ended >= f"{year}-01-01")
    if contract.touches is None:
        return contract.valid is None or goes_on
    day = date.fromisoformat(line[contract.touches])
    return day <= one.period.last and (day.year == year or (day.year == year - 1 and goes_on))


def _latest_statements(contract: Contract, stored: Sequence[Stored], last: date) -> Iterator[Stored]:
    """Yield the newest statement about each thing, where a ledger is stated for a day; no fair and no class goes on."""
    told = contract.computed[contract.reporting_unit or ""]
    if told.type != "stated_on":
        return
    key = [name for name in contract.key if name != contract.reporting_unit]
    newest: dict[tuple[Any, ...], Stored] = {}
    for row in sorted(stored, key=lambda row: row["line"][contract.reporting_unit]):
        if row["line"][contract.reporting_unit] <= last.isoformat():
            newest[tuple(row["line"].get(name) for name in key)] = row
    yield from newest.values()


def _people(settings: Settings, county: str, rows: Sequence[Stored]) -> dict[str, bytes]:
    """Return the sealed names and numbers of the people of some rows, by key; who is given them is noted first."""
    known = [row for row in rows if row["line"].get("person_key")]
    if not known:
        return {}
    keys = sorted({row["line"]["person_key"] for row in known})
    with access.connect(settings, "corrector") as connection:
        vault_log.note(connection, settings, ((county, row["batch_id"]) for row in known), purpose_zh=_PURPOSE)
        connection.commit()  # before anything is decrypted
        facts = {"county_code": county, "person_keys": keys}
        return dict(connection.execute(read_sql(settings.root, "publish/form_people"), facts).fetchall())


def _columns_before(connection: psycopg.Connection, settings: Settings, county: str, one: Owed) -> set[str]:
    names = {"county_code": county, "dataset": one.dataset, "unit": one.reporting_unit}
    row = connection.execute(read_sql(settings.root, "publish/form_columns"), names).fetchone()
    return set(row[0]) if row else set()


def _cells(
    contract: Contract, line: Mapping[str, Any], people: Mapping[str, bytes], intake: Intake, around: Surroundings
) -> dict[str, Any]:
    """Return by field what a ledger would say of a stored row."""
    payload = people.get(line.get("person_key", ""))
    secret = intake.privacy.unseal(bytes(payload)) if payload else {}
    found: dict[str, Any] = {}
    for name, spec in contract.fields.items():
        value = secret.get(name) if spec.pii == "direct" else line.get(name)
        cell = None if value is None else _cell(contract, name, spec, value, around)
        if cell is not None and line.get(f"{name}_at_least"):
            cell = f"{cell}以上"
        found[name] = cell
    return found


def _cell(contract: Contract, name: str, spec: FieldSpec, value: Any, around: Surroundings) -> Any:
    if spec.type == "enum":
        return _word(contract, name, spec, str(value), around)
    if spec.type in ("town", "village"):
        division = around.divisions.by_code.get(value)
        return None if division is None else division.name
    if spec.type == "boolean":
        return "是" if value else "否"
    if spec.type == "percent":
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() else value
    return str(value)[:7] if spec.type == "month" else str(value)


def _word(contract: Contract, name: str, spec: FieldSpec, value: str, around: Surroundings) -> str:
    """Return the word for a value that the county's own decisions let pass."""
    register = contract.register_of(name)
    read = parser_of(spec, None, around, register)
    usual = spec.value_names.get(value, value)
    for word in (usual, *(one.word for one in around.decisions.get(register, ()) if one.value == value)):
        try:
            if read(word) == value:
                return word
        except Unreadable:
            continue
    return usual


def _columns(
    contract: Contract, feed: str, lines: Sequence[Mapping[str, Any]], before: set[str], around: Surroundings
) -> list[Column]:
    """Return the columns of the ledger: those the unit uses, and those a row needs; all where it never delivered."""
    fields = contract.feed_fields(feed)
    locked, lines_of_one = _identifying(contract), contract.feeds[feed].lines
    stated = [spec.from_ for spec in contract.computed.values() if spec.type == "stated_on"]
    left_out = {contract.reporting_unit, *(name for names in stated for name in names)}
    left_out |= {lines_of_one.target} if lines_of_one else set()
    used = before | {name for name in fields if any(cells.get(name) is not None for cells in lines)}
    needed = locked | {contract.ended_by, contract.touches, contract.amount, contract.counted}
    found = []
    for name, spec in fields.items():
        is_wanted = spec.required or name in needed or name in used or not used
        is_of_ledger = bool(spec.zh) and name not in left_out and spec.type not in ("moment", "epoch")
        if not is_of_ledger or not is_wanted or not (spec.stored or spec.required):
            continue
        label = next(iter(expand(spec.zh[:1], around.county)), spec.zh[0])
        if spec.type == "money" and header_unit(label) is None:
            label = f"{label}（元）"
        found.append(Column(
            name=name, label=label, words=_words(contract, name, spec, around), type=spec.type,
            is_required=spec.required and not spec.falls_back_to, is_locked=name in locked, is_text=spec.type in _TEXTS,
            is_begin=name == (contract.touches or (contract.valid.from_ if contract.valid else "")),
            is_end=name == contract.ended_by,
        ))  # fmt: skip
    return found


def _words(contract: Contract, name: str, spec: FieldSpec, around: Surroundings) -> list[str]:
    """Return what a list offers: what the values are called, and the words that the county decided on."""
    if spec.type == "boolean":
        return ["是", "否"]
    if spec.type != "enum":
        return []
    decided = around.decisions.get(contract.register_of(name), ())
    rejected = {one.word for one in decided if one.value is None}
    own = [one.word for one in decided if one.value is not None]
    return [word for word in dict.fromkeys([*spec.names_in(around.county).values(), *own]) if word not in rejected]


def _identifying(contract: Contract) -> set[str]:
    """Return the fields by which a row is known: those its key is made of, and who the person is."""
    found: set[str] = set()
    waiting = [name for name in contract.key if name != contract.reporting_unit]
    while waiting:
        name = waiting.pop()
        if name in contract.fields:
            found.add(name)
        elif name in contract.computed:
            waiting += contract.computed[name].from_
        else:
            found |= {n for n, spec in contract.fields.items() if spec.type in ("identity_number", "person_name")}
    return found


def _choices(contract: Contract) -> list[str]:
    """Return what may be said of a prefilled row.

    That it ended, only where there is a day for it; that it was never right, only where leaving it out takes it back.
    """
    takes_back = contract.delivery == "snapshot" and contract.reporting_unit not in contract.computed
    return [UNCHANGED, *([ENDED] if contract.ended_by else []), CORRECTED, *([STRUCK] if takes_back else [])]
