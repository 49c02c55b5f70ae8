"""Stage two of a landing: its bytes become conformed tables, or the reason why they do not.

Nothing here asks the warehouse: what is made of a landing follows from its bytes and from the files of this
installation, whichever landings are taken in beside it.
"""


from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError, FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed, conform
from xiezuo.conform.coverage import covered
from xiezuo.conform.forms import Form, read_form
from xiezuo.conform.ledgers.ownership import refuse_other_county
from xiezuo.conform.ledgers.sheets import ledgers_of
from xiezuo.conform.ledgers.tables import RawTable, table_of_items, table_of_sheet
from xiezuo.conform.readers import Sheet, read_file
from xiezuo.conform.returns import Returned, read_return
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.conform.rows.reader import Finding
from xiezuo.conform.shape import examine
from xiezuo.declared.contracts import Contract, FeedSpec, load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.indicator_sets import names_by_sets
from xiezuo.declared.suites import load_rules
from xiezuo.declared.words import NAMES, Decision, aliases_of
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.platform.pages import read_pages
from xiezuo.values.privacy import Privacy, content_id, letters

if TYPE_CHECKING:
    from xiezuo.conform.columns.columns import Columns
import hashlib
from collections.abc import Mapping
from datetime import datetime

from xiezuo import __version__
from xiezuo.conform.conform import OLDEST

# What the landing of a platform or of a database's table says of itself: place, version, constants, warnings.
Landed = Mapping[str, Any]
"""A row of ``audit.landing``; that of a database's table with what was loaded of it last (``load/landed.sql``)."""


def place_of(landing: Landed) -> str:
    """Return what a landing is called where it comes from: a file's place, a platform's or a table's name."""
    details = landing["details"]
    return str(details.get("place") or details.get("name") or details.get("table", ""))


def tie_of(landing: Landed, rows: int | None = None) -> str:
    """Return what orders the rows of a file among those of the same version: its content, then its place.

    With ``rows`` it is told in full: what a person decided last goes first, then what was put in the place of another
    content, then the file with more rows.
    """
    tie = f"{letters(bytes.fromhex(landing['sha256']), 64)}:{content_id(landing['details']['place'], size=8)}"
    if rows is None:
        return tie
    ranks = (int(landing["standing_no"]), int(landing["edition"]), rows)
    return f"{''.join(letters(rank.to_bytes(4, 'big'), 8) for rank in ranks)}:{tie}"


def version_of(landing: Landed) -> datetime:
    """Return the version of items that have none of their own."""
    return datetime.fromisoformat(landing["details"]["to"]) if landing["kind"] == "platform" else OLDEST


def constants_of(landing: Landed, feed: FeedSpec) -> dict[str, Any]:
    """Return what each item says by being of this feed and landing."""
    platform = {"platform": landing["details"]["platform"]} if landing["kind"] == "platform" else {}
    return dict(feed.constants) | platform


def warnings_of(landing: Landed) -> list[str]:
    """Return a word of warning for days a platform no longer serves."""
    days = landing["details"].get("not_served")
    return [f"平台不再提供 {len(days)} 天的历史订单，请补报导出文件"] if days else []


def is_unchanged(settings: Settings, landing: Landed, decisions: Sequence[Decision]) -> bool:
    """Whether a table of a database is, byte for byte, what was loaded last, and would be read as it was then."""
    before = landing.get("before")
    if landing["kind"] != "database" or before is None or before["sha256"] != landing["sha256"]:
        return False
    return bool(before["read_against"] == read_against(settings, landing, decisions))


def read_against(settings: Settings, landing: Landed, decisions: Sequence[Decision]) -> str:
    """Return a digest of all that decides, besides its bytes and the day, what is made of a table of a database."""
    code, dataset = landing["county_code"], landing["details"]["dataset"]
    county = load_counties(settings.counties_path).get(code)
    digest = hashlib.sha256(f"{__version__} {county} {list(decisions)}".encode())
    for path in (
        settings.divisions_dir / f"{code}.csv",
        *sorted((settings.root / "include" / "contracts").glob(f"{dataset}.*")),
        *sorted((settings.root / "include" / "words").glob("*.yaml")),
        *sorted((settings.root / "expectations").glob(f"{dataset}.*")),
    ):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


LARGE_BYTES = 2 << 20
"""Pages of this size are not collected with other landings."""


@dataclass
class Part:
    """The tables of one dataset of a landing.

    ``error`` is why none of them is to be loaded: a refusal, or an error to be raised when the landing's turn
    comes; ``tables`` are then those that were read before it was met. ``findings`` are, table by table, all
    reasons why rows are held back; they are there once the tables have been judged. ``form`` is the station workbook
    the tables came in, where they did.
    """

    contract: Contract
    feed: str
    sheets: tuple[str, ...]
    tables: list[Conformed] = field(default_factory=list)
    findings: list[list[Finding]] = field(default_factory=list)
    error: Exception | None = None
    form: Form | None = None


@dataclass
class Taken:
    """One landing as read; ``error`` as in :class:`Part`, of the landing as a whole.

    ``streamed`` says how one is conformed that was not read: it is on its way from the disk to the warehouse.
    What a return workbook answers is ``returned``; its parts are then the delivery's, with the answered rows in them.
    """

    landing: Landed
    parts: list[Part] = field(default_factory=list)
    streamed: Columns | None = None
    error: Exception | None = None
    returned: Returned | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to load or to refuse."""
        return not self.parts and self.streamed is None and self.error is None

    @property
    def rows(self) -> int:
        """How many rows it holds in memory."""
        return sum(len(table.table.rows) for part in self.parts for table in part.tables)


class Intake:
    """Reads landings of any kind; holds the contracts and what cells are read against."""

    def __init__(self, settings: Settings, decisions: Mapping[str, Sequence[Decision]] | None = None) -> None:
        """``decisions`` are the counties' own about words, oldest first, by county code."""
        self._settings, self.decisions = settings, dict(decisions or {})
        self.contracts = load_contracts(settings.root)
        self.privacy = Privacy.of(settings)
        self._landing = Landing(settings.landing_dir)

    def learn(self, decisions: Mapping[str, Sequence[Decision]]) -> None:
        """Read what comes by these decisions from now on."""
        self.decisions = dict(decisions)
        self.around.cache_clear()

    def sheets(self, landing: Landed) -> list[Sheet]:
        """Read the bytes of a file; may be called in any thread.

        Raises:
            FileRefused: the file cannot be read.
            FileNotFoundError: it is not here, which says nothing about it.
        """
        path = self.path(landing)
        if not path.is_file():
            raise FileNotFoundError(path.name)
        return read_file(path, name=PurePosixPath(landing["details"]["place"]).name)

    def tables(self, landing: Landed) -> list[RawTable]:
        """Return the raw rows of a file's ledgers.

        Raises:
            FileRefused: the file cannot be read, or holds no ledger of its source.
        """
        return self._tables(landing, self.sheets(landing))[0]

    def take(self, landing: Landed, sheets: Future[list[Sheet]] | None) -> Taken:
        """Conform one row of ``audit.landing`` and look it over; of a file, the ``sheets`` read of it. Never raises.

        Landings are read before those in front of them are loaded; an error waits until its turn comes.
        """
        try:
            if sheets is not None:
                return self._read(landing, sheets.result())
            if is_unchanged(self._settings, landing, self.decisions.get(landing["county_code"], ())):
                return Taken(landing)
            if (columns := self._columns(landing)) is not None:
                return Taken(landing, streamed=columns)
            return Taken(landing, self._items(landing))
        except FileRefused as refused:
            return Taken(landing, error=_bare(refused))
        except Exception as error:  # noqa: BLE001  (raised again by Taker.load, when it is this landing's turn)
            is_gone = isinstance(error, FileNotFoundError)
            return Taken(landing, error=_gone(self.path(landing)) if is_gone else error)

    def path(self, landing: Landed) -> Path:
        """Return where the landing's bytes lie."""
        return self._landing.path(landing["sha256"])

    def is_large(self, landing: Landed) -> bool:
        """Whether a landing is so large that memory is for it alone."""
        path = self.path(landing)
        return landing["kind"] == "platform" and path.is_file() and path.stat().st_size >= LARGE_BYTES

    @lru_cache(maxsize=64)  # noqa: B019  (an intake lives as long as one task)
    def around(self, county_code: str) -> Surroundings:
        """Return what the cells of a county's ledgers are read against.

        Raises:
            ConfigError: the county or its divisions are not configured.
        """
        served = load_counties(self._settings.counties_path)
        county = served.get(county_code)
        if county is None:
            raise ConfigError(f"county {county_code} is not in {self._settings.counties_path.name}")
        own: dict[str, list[Decision]] = {}
        for decision in self.decisions.get(county_code, ()):
            own.setdefault(decision.field, []).append(decision)
        path = self._settings.divisions_dir / f"{county_code}.csv"
        divisions = Divisions.load(path, county_code, aliases_of(own.get(NAMES, ())))
        today, decided = self._settings.now().date(), {name: tuple(some) for name, some in own.items()}
        return Surroundings(county, divisions, self.privacy, today, self._indicators, decided, (*served.values(),))

    def _columns(self, landing: Landed) -> Columns | None:
        """Return how a large landing is conformed column by column; None where rows must be seen as rows."""
        if not self.is_large(landing) or not any(page["rows"] for page in read_pages(self.path(landing))):
            return None  # pages without an item are no batch
        from xiezuo.conform.columns.columns import Columns

        contract, _ = self.feed_of(landing)
        if self._has_conditions(contract, landing):
            return None  # what a word means follows from other cells of its row
        rules = load_rules(self._settings.root, contract.dataset, "rows")
        if not all(rule.is_row_by_row for rule in rules):
            return None
        return Columns.of(self._settings.root, contract, landing["details"]["feed"])

    def _has_conditions(self, contract: Contract, landing: Landed) -> bool:
        registers = {contract.register_of(name) for name in contract.fields}
        own = (one for one in self.decisions.get(landing["county_code"], ()) if one.field in registers)
        shipped = (entry for spec in contract.fields.values() for entry in spec.words)
        dated = any(one.valid_from or one.valid_to for one in own)
        return dated or any(entry.from_ or entry.to or entry.sets for entry in shipped)

    @cached_property
    def _indicators(self) -> dict[str, str]:
        return names_by_sets(self._settings.root)

    def _read(self, landing: Landed, sheets: Sequence[Sheet]) -> Taken:
        """Conform a file, or the delivery that a return workbook answers, as it is with the answers.

        Raises:
            FileRefused: it cannot be taken.
        """
        returned = read_return(sheets, self.privacy, landing["county_code"], landing["source"])
        if returned is None:
            return Taken(landing, self._file(landing, sheets))
        details = {"place": returned.place}
        answered = {**landing, "sha256": returned.sha256, "uri": f"inbox:{returned.place}", "details": details}
        taken = Taken(landing, returned=returned)
        try:
            if not self.path(answered).is_file():
                raise FileRefused("RETURN_OUTDATED", "所退回的报表原件已不在库中，请在新的台账里改正")  # noqa: TRY301
            taken.parts = self._file(answered, self.sheets(answered), returned)
        except FileRefused as refused:
            taken.error = _bare(refused)
        return taken

    def _file(self, landing: Landed, sheets: Sequence[Sheet], returned: Returned | None = None) -> list[Part]:
        """Conform a file; what of it is refused dataset by dataset is said in the parts.

        Raises:
            FileRefused: none of its sheets is a ledger of its source, or not the one that was ``returned``.
        """
        tables, form = self._tables(landing, sheets)
        if returned is not None:
            tables = returned.put_into(tables, self.privacy)
        around = self.around(landing["county_code"])
        parts = []
        for dataset in sorted({table.contract.dataset for table in tables}):
            own = [table for table in tables if table.contract.dataset == dataset]
            part = Part(own[0].contract, own[0].feed, tuple(table.sheet for table in own))
            part.form = form if form is not None and form.dataset == dataset else None
            try:
                conformed = [conform(table, around) for table in own]
                for one in conformed:
                    examine(one, self.privacy)
                    part.tables.append(one)
            except FileRefused as refused:
                part.error = _bare(refused)
            parts.append(part)
        return parts

    def _tables(self, landing: Landed, sheets: Sequence[Sheet]) -> tuple[list[RawTable], Form | None]:
        place = PurePosixPath(landing["details"]["place"])
        form = read_form(sheets, self.privacy, landing["county_code"], landing["source"])
        if form is not None:  # its name says nothing: everybody gives it another
            sheets, place = form.sheets, place.with_name(self.contracts[form.dataset].zh)
        contracts = [c for c in self.contracts.values() if c.source == landing["source"]]
        around = self.around(landing["county_code"])
        found = ledgers_of(sheets, contracts, around.county, place.name)
        if not found.matched:
            kinds = "、".join(contract.zh for contract in contracts)
            raise FileRefused("NO_LEDGER_FOUND", f"没有找到可识别的表头，此文件夹应放：{kinds}")
        for sheet, match in found.matched:
            refuse_other_county(sheet, match, place, around.county_names)
        mask = self.privacy.mask
        tables = [table_of_sheet(sheet, match, place, around.divisions) for sheet, match in found.matched]
        tables[0] = replace(tables[0], notes=(*found.warnings(), *tables[0].notes))
        tables = [
            replace(table, reporting_unit=mask(table.reporting_unit), notes=tuple(map(mask, table.notes)))
            for table in tables
        ]
        if form is not None:
            form.check(tables)
            whole = self.contracts[form.dataset].delivery  # whatever a sheet was renamed to
            tables = [replace(table, place=landing["details"]["place"], delivery=whole) for table in tables]
        return tables, form

    def _items(self, landing: Landed) -> list[Part]:
        """Read the pages of a platform or a table of a database; none at all is no table."""
        details, contract, spec = landing["details"], *self.feed_of(landing)
        items = list(self._read_items(landing))
        if not items:
            return []
        table = table_of_items(
            contract, details["feed"], items,
            place=place_of(landing), sheet="", constants=constants_of(landing, spec),
        )  # fmt: skip
        around, version = self.around(landing["county_code"]), version_of(landing)
        conformed = conform(table, around, version=version, covers_to=covered(details))
        conformed.warnings += warnings_of(landing)
        return [Part(contract, details["feed"], ("",), [conformed])]

    def feed_of(self, landing: Landed) -> tuple[Contract, FeedSpec]:
        """Return the contract and the feed that the items of a platform or a database are of."""
        contract = self.contracts[landing["details"]["dataset"]]
        return contract, contract.feeds[landing["details"]["feed"]]

    def _read_items(self, landing: Landed) -> Iterator[Any]:
        """Yield the items in the order fetched; an item's number is its row number."""
        if landing["kind"] == "platform":
            for page in read_pages(self.path(landing)):
                yield from page["rows"]
            return
        with self.path(landing).open("rb") as lines:
            yield from map(json.loads, lines)


def _bare(refused: FileRefused) -> FileRefused:
    """Return the refusal without its traceback, which would keep the refused rows in memory."""
    return type(refused)(refused.code, refused.zh, next_step=refused.next_step)


def _gone(path: Path) -> ConfigError:
    """Return what is wrong when what was fetched is not here: retrying cannot help."""
    return ConfigError(
        f"what was fetched is not at {path}: was it fetched into another XIEZUO_HOME?",
        zh=f"已取回的文件不在 {path}：可能是由 home 目录不同的工作节点取回的",
        next_step="让所有工作节点共用同一个 home 目录，把该文件放回原处，再清除失败任务",
    )
