"""Other people's forms, from the blank to the filled file: what commands and the night call."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from xiezuo.base.errors import ConfigError, FileRefused, XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.form_words import FormWords, load_form_words
from xiezuo.publish.forms import fill
from xiezuo.publish.forms.binding import Binding, asked, compared, earlier_edition
from xiezuo.publish.forms.document import Document
from xiezuo.publish.forms.fill import Answered
from xiezuo.publish.forms.lines import Line, Reading
from xiezuo.publish.forms.package import open_package
from xiezuo.publish.forms.proposal import Answers, answered, proposal
from xiezuo.publish.forms.reading import Reader
from xiezuo.publish.forms.records import confirmed, record
from xiezuo.publish.forms.standing import Standing
from xiezuo.publish.forms.workbook import Workbook, open_workbook
from xiezuo.publish.outfiles import replace_when_different
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

_log = logging.getLogger("xiezuo.publish.forms")

_NOT_IN_A_NAME = re.compile(r"[^\w\u3400-\u9fff（）()—-]+")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
FOLDER = "forms"


@dataclass(frozen=True)
class Bound:
    """What binding a form came to: its lines as they stand, those that wait, and where the proposal lies."""

    name: str
    lines: Sequence[Line]
    before: Binding | None
    cells: int
    proposal: Path

    @property
    def waiting(self) -> list[Line]:
        """The lines that wait for the office."""
        return asked(self.lines)


class _County:
    """What reading a county's forms takes."""

    def __init__(self, settings: Settings, code: str) -> None:
        self.code, self.settings = code, settings
        county = load_counties(settings.counties_path)[code]
        divisions = Divisions.load(settings.divisions_dir / f"{code}.csv", code)
        self.words: FormWords = load_form_words(settings.root, county)
        self.reader = Reader(self.words, county, divisions)
        self.answers = Answers(self.words, {
            row.name: row.code for row in divisions.rows
            if row.level in ("township", "street") and row.parent_code == code
        })  # fmt: skip

    def read(self, data: bytes) -> tuple[Workbook | Document, Reading]:
        """Open a form and read it.

        Raises:
            FileRefused: it is no form, or no cell of it waits for a figure.
        """
        package = open_package(data)
        form = open_workbook(package) if package.kind == "xlsx" else Document(package)
        reading = self.reader.read(form.grids)
        if not reading.cells:
            raise FileRefused(
                "FORM_NO_CELLS",
                "表中没有找到等待填写的数字单元格。",
                next_step="请确认是空表，且表头写明指标和期间",
            )
        return form, reading


def bind(settings: Settings, county: str, file: Path, out: Path | None = None) -> Bound:
    """Read a blank form, compare it with what is confirmed, and write the proposal for the office.

    Raises:
        FileRefused: the file is no form.
        ConfigError: it cannot be read at all.
    """
    own, data = _County(settings, county), _bytes(file)
    _, reading = own.read(data)
    with access.connect(settings) as connection:
        there = confirmed(connection, settings, county)
    before = earlier_edition(reading, there)
    lines = compared(reading, before)
    name = before.name if before is not None else _name(file, there)
    path = _proposal_path(settings, county, file, out)
    replace_when_different(path, proposal(lines, own.answers, file.stem, _sha256(data)))
    return Bound(name, lines, before, len(reading.cells), path)


def accept(settings: Settings, county: str, file: Path, by: str, proposed: Path | None = None) -> Bound:
    """Record what the office has confirmed in the proposal; lines that it left open stay open.

    Raises:
        ConfigError: there is no proposal, nobody is named, or an answer cannot be read.
        FileRefused: the proposal is of another form.
    """
    if not by.strip():
        raise ConfigError("a confirmation takes --by", zh="请写明由谁确认（--by）")
    own, data = _County(settings, county), _bytes(file)
    path = proposed or _proposal_path(settings, county, file, None)
    if not path.is_file():
        raise ConfigError(
            f"there is no proposal at {path}",
            zh="还没有核对表",
            next_step="先运行 xiezuo forms bind（不带 --accept）并核对",
        )
    _, reading = own.read(data)
    with access.connect(settings) as connection:
        there = confirmed(connection, settings, county)
        before = earlier_edition(reading, there)
        lines = answered(compared(reading, before), path.read_bytes(), own.answers, _sha256(data))
        name = before.name if before is not None else _name(file, there)
        made = Binding(
            name,
            0,
            _sha256(data),
            file.name,
            data,
            {(line.kind, line.key): line for line in lines},
            by.strip(),
        )
        record(connection, settings, county, made)
    return Bound(name, lines, before, len(reading.cells), path)


@dataclass(frozen=True)
class Filled:
    """A form that has been filled: where it lies, every cell, and what is to be known of its formulas."""

    path: Path
    cells: Sequence[Answered]
    cautions: Sequence[str] = ()

    @property
    def blank(self) -> list[Answered]:
        """The cells that stay blank, but those the office has said are none of ours."""
        return [one for one in self.cells if not one.amount.text and not one.is_skipped]

    @property
    def put(self) -> list[Answered]:
        """The cells that got a figure."""
        return [one for one in self.cells if one.amount.text]


def fill_form(settings: Settings, county: str, file: Path, period: str, out: Path) -> Filled:
    """Fill a blank by what is confirmed of it or of its edition before; nothing is filled that is not confirmed.

    Raises:
        FileRefused: the file is no form, or its title names another period.
        ConfigError: no such form is confirmed, or the period is none.
    """
    own, data = _County(settings, county), _bytes(file)
    form, reading = own.read(data)
    with access.connect(settings) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        there = earlier_edition(reading, confirmed(connection, settings, county))
        if there is None:
            raise ConfigError(
                f"the form {file.name} is not confirmed", zh=f"《{file.stem}》还没有确认过",
                next_step="先运行 xiezuo forms bind，核对后用 --accept --by 确认",
            )  # fmt: skip
        made, filled = _fill(own, connection, (form, reading), there, period, out / file.name)
    replace_when_different(filled.path, made)
    return filled


def fill_confirmed(settings: Settings, county: str, period: str) -> list[str]:
    """Fill every confirmed form of a county into the folder of a period's files; return their paths.

    A form that cannot be filled for the period (its title names another one) is left out and logged.
    """
    written: list[str] = []
    with access.connect(settings) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        there = confirmed(connection, settings, county)
        if not there:
            return []
        own, names = _County(settings, county), Counter(one.file_name for one in there)
        for binding in there:
            file = binding.file_name if names[binding.file_name] == 1 else _own_name(binding)
            path = settings.out / county / Period.read(period).text / FOLDER / file
            try:
                made, filled = _fill(own, connection, own.read(binding.document), binding, period, path)
            except XiezuoError as error:
                _log.info(
                    "form %s of county %s is not filled for %s: %s", binding.name, county, period, error
                )
                continue
            if filled.put:
                replace_when_different(path, made)
                written.append(str(path))
    return written


def _own_name(binding: Binding) -> str:
    """Return the name of a filled form whose blank has the name of another's."""
    return f"{binding.name}{Path(binding.file_name).suffix}"


def _fill(
    own: _County, connection: psycopg.Connection[Any], read: tuple[Workbook | Document, Reading], there: Binding,
    period: str, path: Path,
) -> tuple[bytes, Filled]:  # fmt: skip
    form, reading = read
    wanted = Period.read(period)
    if wanted.kind == "year_to_date":
        wanted = replace(wanted, kind="month")
    fill.check_titles(reading, wanted)
    standing = Standing(connection, own.settings, own.code)
    cells = fill.answer(reading, there.lines, own.words, standing, wanted)
    cautions: list[str] = []
    if isinstance(form, Workbook):
        decided = f"{there.decided_by} {there.decided_at} 确认"
        stated = f"{there.name} 第{there.edition}版 {decided}；{own.code} {wanted.text}"
        made, cells = fill.into_workbook(form, cells, stated)
        cautions = [fill.caution_text(one) for one in fill.in_question(form, cells)]
    else:
        made, cells = fill.into_document(form, cells, f"{own.code}-{wanted.text}-form")
    return made, Filled(path, cells, cautions)


def listed(settings: Settings, county: str | None) -> list[tuple[str, Binding]]:
    """Return the confirmed forms of one county or all that are served, with the county of each."""
    codes = [county] if county else sorted(load_counties(settings.counties_path))
    with access.connect(settings) as connection:
        return [(code, one) for code in codes for one in confirmed(connection, settings, code)]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be read", zh=f"文件 {file.name} 无法读取", next_step="请核对路径"
        ) from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _name(file: Path, there: Sequence[Binding]) -> str:
    """Return what a form is called: its file's name without a year; another form of that name gets a number."""
    stem = _NOT_IN_A_NAME.sub("", _YEAR.sub("", file.stem)) or "套表"
    taken = {one.name for one in there}
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 999))) if name not in taken)


def _proposal_path(settings: Settings, county: str, file: Path, out: Path | None) -> Path:
    return (out or settings.out / county / FOLDER) / f"{file.stem}-核对表.xlsx"
