"""From one landing to its batches: read, conform, validate and load, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import psycopg

from xiezuo.conform import OLDEST, Conformed, conform
from xiezuo.contracts import Contract, load_contracts
from xiezuo.counties import load_counties
from xiezuo.delivery import Delivery
from xiezuo.divisions import Divisions
from xiezuo.errors import ConfigError, FileRefused
from xiezuo.fields import Surroundings
from xiezuo.indicators import indicator_names
from xiezuo.landing import Landing
from xiezuo.ledgers import ledgers_of
from xiezuo.load import WITHDRAWN_SHARE_WORTH_A_WORD, Loader
from xiezuo.privacy import Privacy, content_id, letters
from xiezuo.readers import read_file
from xiezuo.scrutiny import examine
from xiezuo.settings import Settings
from xiezuo.spans import covered, covered_from, spoken_of, years_stated
from xiezuo.suites import load_rules
from xiezuo.tables import RawTable, table_of_items, table_of_sheet
from xiezuo.validate import validate_gate, validate_rows


@dataclass
class Delivered:
    """The batches one landing gave, as recorded in ``audit.batch``."""

    batches: list[dict[str, Any]] = field(default_factory=list)


class Taker:
    """Takes landings of any kind; holds the contracts and what cells are read against."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._contracts = load_contracts(settings.root)
        self._privacy = Privacy.of(settings)
        self._landing = Landing(settings.landing_dir)

    def take(self, connection: psycopg.Connection, landing: dict[str, Any]) -> Delivered:
        """Load one row of ``audit.landing``; nothing is committed here."""
        loader = Loader(connection, self._settings, self._privacy)
        if landing["kind"] == "file":
            return self._file(loader, landing)
        return self._items(connection, loader, landing)

    def refuse(self, connection: psycopg.Connection, landing: dict[str, Any]) -> Delivered:
        """Record that the warehouse itself could not store a value of the landing."""
        refusal = FileRefused("NOT_STORABLE", "其中有数据库无法保存的内容，请联系运维人员查看")
        loader = Loader(connection, self._settings, self._privacy)
        details = landing["details"]
        place = details.get("place") or details.get("name") or details.get("table", "")
        delivery = Delivery(
            landing["county_code"], landing["source"], landing["uri"], landing["sha256"], place, "", None
        )
        return Delivered([loader.refuse(delivery, refusal)])

    @lru_cache(maxsize=64)  # noqa: B019  (a taker lives as long as one task)
    def _around(self, county_code: str) -> Surroundings:
        county = load_counties(self._settings.counties_path).get(county_code)
        if county is None:
            raise ConfigError(f"county {county_code} is not in {self._settings.counties_path.name}")
        divisions = Divisions.load(self._settings.divisions_dir / f"{county_code}.csv", county_code)
        names = indicator_names(self._settings.root)
        return Surroundings(county, divisions, self._privacy, self._settings.now().date(), names)

    def _file(self, loader: Loader, landing: dict[str, Any]) -> Delivered:
        place = PurePosixPath(landing["details"]["place"])
        try:
            tables = self._tables(landing, place)
        except FileRefused as refused:
            return Delivered([loader.refuse(self._delivery(landing, ""), refused)])
        delivered = Delivered()
        for dataset in sorted({table.contract.dataset for table in tables}):
            own = [table for table in tables if table.contract.dataset == dataset]
            delivered.batches += self._dataset(loader, landing, own)
        return delivered

    def _tables(self, landing: dict[str, Any], place: PurePosixPath) -> list[RawTable]:
        """Read a file and match its sheets.

        Raises:
            FileRefused: the file cannot be read, or none of its sheets is a ledger of its source.
        """
        contracts = [c for c in self._contracts.values() if c.source == landing["source"]]
        around = self._around(landing["county_code"])
        sheets = read_file(self._landing.path(landing["sha256"]), name=place.name)
        found = ledgers_of(sheets, contracts, around.county, place.name)
        if not found.matched:
            kinds = "、".join(contract.zh for contract in contracts)
            raise FileRefused("NO_LEDGER_FOUND", f"没有找到可识别的表头，此文件夹应放：{kinds}")
        mask = self._privacy.mask
        tables = [table_of_sheet(sheet, match, place, around.divisions) for sheet, match in found.matched]
        tables[0] = replace(tables[0], notes=tuple(map(mask, found.warnings())))
        return [replace(table, reporting_unit=mask(table.reporting_unit)) for table in tables]

    def _dataset(
        self, loader: Loader, landing: dict[str, Any], tables: list[RawTable]
    ) -> list[dict[str, Any]]:
        """Load the sheets of one dataset of a file; a gate that closes on one holds all of them back."""
        contract = tables[0].contract
        around = self._around(landing["county_code"])
        try:
            conformed = [conform(table, around) for table in tables]
            for one in conformed:
                examine(one, self._privacy)
                validate_gate(one, load_rules(self._settings.root, contract.dataset, "gate"))
        except FileRefused as refused:
            delivery = self._delivery(landing, "、".join(table.sheet for table in tables))
            return [loader.refuse(delivery, refused, contract.dataset, tables[0].feed)]
        version = max(one.version for one in conformed)
        batches = []
        for one in conformed:
            one.version = version
            batches.append(self._load(loader, self._delivery(landing, one.table.sheet), one))
        self._close_snapshot(loader, landing, contract, conformed, version, batches)
        for day in spoken_of(contract, conformed):
            loader.cover(landing["county_code"], contract.dataset, day)
        return batches

    def _load(self, loader: Loader, delivery: Delivery, conformed: Conformed) -> dict[str, Any]:
        rules = load_rules(self._settings.root, conformed.contract.dataset, "rows")
        findings = [*conformed.findings, *validate_rows(conformed, rules)]
        return loader.load(delivery, conformed, findings)

    def _close_snapshot(
        self, loader: Loader, landing: dict[str, Any], contract: Contract, conformed: Sequence[Conformed],
        version: datetime, batches: list[dict[str, Any]],
    ) -> None:  # fmt: skip
        whole = [one for one in conformed if one.table.delivery == "snapshot"]
        if not whole:
            return
        units = years_stated(contract, whole, version)
        covers_to = max(one.covers_to for one in whole)
        withdrawn = loader.withdraw(contract, self._delivery(landing, ""), units, version, covers_to)
        if withdrawn:
            stated = sum(len(one.rows) for one in whole)
            many = withdrawn > WITHDRAWN_SHARE_WORTH_A_WORD * (stated + withdrawn)
            loader.note_withdrawn(batches[0], withdrawn, warn=many)

    def _delivery(self, landing: dict[str, Any], sheet: str) -> Delivery:
        tie = f"{letters(bytes.fromhex(landing['sha256']), 64)}:{content_id(landing['details']['place'], size=8)}"
        return Delivery(
            county_code=landing["county_code"],
            source=landing["source"],
            uri=f"{landing['uri']}#{self._privacy.mask(sheet)}" if sheet else landing["uri"],
            sha256=landing["sha256"],
            file=landing["details"]["place"],
            sheet=self._privacy.mask(sheet),
            version_tie=tie,
        )

    def _items(self, connection: psycopg.Connection, loader: Loader, landing: dict[str, Any]) -> Delivered:
        """Load an API batch, and move its watermark, or a database extract."""
        details, code = landing["details"], landing["county_code"]
        contract = self._contracts[details["dataset"]]
        spec = contract.feeds[details["feed"]]
        lines = list(self._lines(landing["sha256"]))
        is_platform = landing["kind"] == "platform"
        items = _page_items(lines) if is_platform else lines
        covers_to = covered(details)
        delivered = Delivered()
        if items:
            constants = dict(spec.constants) | ({"platform": details["platform"]} if is_platform else {})
            name = details.get("name") or details["table"]
            table = table_of_items(contract, details["feed"], items, place=name, sheet="", constants=constants)
            version = datetime.fromisoformat(details["to"]) if is_platform else OLDEST
            conformed = conform(table, self._around(code), version=version, covers_to=covers_to)
            if details.get("not_served"):
                conformed.warnings.append(f"平台不再提供 {len(details['not_served'])} 天的历史订单，请补报导出文件")
            delivery = Delivery(code, landing["source"], landing["uri"], landing["sha256"], name, "", None)
            delivered.batches.append(self._load(loader, delivery, conformed))
        loader.cover(code, contract.dataset, covers_to, covered_from(details))
        if is_platform:
            _move_watermark(connection, landing)
        return delivered

    def _lines(self, sha256: str) -> Iterator[Any]:
        with self._landing.path(sha256).open("rb") as file:
            for line in file:
                yield json.loads(line)


def _page_items(pages: list[dict[str, Any]]) -> list[Any]:
    """Return the items of all pages in the order fetched; an item's number is its row number."""
    return [item for page in pages for item in page["rows"]]


def _move_watermark(connection: psycopg.Connection, landing: dict[str, Any]) -> None:
    details = landing["details"]
    connection.execute(
        "insert into audit.watermark as w values (%s, %s, %s, %s, %s)"
        " on conflict (county_code, source, stream) do update set"
        " covered_from = least(w.covered_from, excluded.covered_from),"
        " covered_to = greatest(w.covered_to, excluded.covered_to)",
        (landing["county_code"], landing["source"], details["stream"], details["from"], details["to"]),
    )
