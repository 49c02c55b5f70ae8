"""Stage four for one landing: what was read and judged of it becomes batches, and it is noted as done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.coverage import covered, covered_from, spoken_of, years_stated
from xiezuo.conform.intake import Intake, Part, Taken
from xiezuo.conform.landed_items import Landed, constants_of, place_of, read_against, version_of, warnings_of
from xiezuo.declared.suites import load_rules
from xiezuo.load.delivery import Delivery
from xiezuo.load.load import WITHDRAWN_SHARE_WORTH_A_WORD, Loader
from xiezuo.values.privacy import content_id, letters

_ANSWERED_BY_TIME = frozenset(("DATE_IN_FUTURE", "ID_DATE"))
"""Reasons that may be gone tomorrow though the row is the same."""


class Taker:
    """Loads landings that were read and judged, each in the caller's transaction."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._settings, self._intake, self._privacy = settings, intake, intake.privacy

    def load(self, connection: psycopg.Connection, taken: Taken) -> list[dict[str, Any]]:
        """Load one landing and note that it is done; return its batches as recorded. Nothing is committed here."""
        loader = Loader(connection, self._settings, self._privacy)
        if taken.landing["kind"] == "file":
            batches, read_against = self._file(loader, taken), None
        else:
            batches, read_against = self._items(connection, loader, taken)
        _done(connection, taken.landing, {} if read_against is None else {"read_against": read_against})
        return batches

    def refuse(self, connection: psycopg.Connection, landing: Landed) -> list[dict[str, Any]]:
        """Record that the warehouse itself could not store a value of the landing."""
        refusal = FileRefused("NOT_STORABLE", "其中有数据库无法保存的内容，请联系运维人员查看")
        loader = Loader(connection, self._settings, self._privacy)
        batch = loader.refuse(self._delivery(landing), refusal)
        _done(connection, landing, {})
        return [batch]

    def _file(self, loader: Loader, taken: Taken) -> list[dict[str, Any]]:
        if isinstance(taken.error, FileRefused):
            return [loader.refuse(self._sheet(taken.landing, ""), taken.error)]
        if taken.error is not None:
            raise taken.error
        return [batch for part in taken.parts for batch in self._part(loader, taken.landing, part)]

    def _part(self, loader: Loader, landing: Landed, part: Part) -> list[dict[str, Any]]:
        """Load the sheets of one dataset of a file; a gate that closes on one holds all of them back."""
        contract = part.contract
        if isinstance(part.error, FileRefused):
            delivery = self._sheet(landing, "、".join(part.sheets))
            return [loader.refuse(delivery, part.error, contract.dataset, part.feed)]
        if part.error is not None:
            raise part.error
        version = max(one.version for one in part.tables)
        batches = []
        for one, findings in zip(part.tables, part.findings, strict=True):
            one.version = version
            batches.append(loader.load(self._sheet(landing, one.table.sheet), one, findings))
        self._close_snapshot(loader, landing, part, version, batches)
        for day in spoken_of(contract, part.tables):
            loader.cover(landing["county_code"], contract.dataset, day)
        return batches

    def _close_snapshot(
        self, loader: Loader, landing: Landed, part: Part, version: datetime, batches: Sequence[dict[str, Any]]
    ) -> None:
        whole = [one for one in part.tables if one.table.delivery == "snapshot"]
        if not whole:
            return
        units = years_stated(part.contract, whole, version)
        covers_to = max(one.covers_to for one in whole)
        withdrawn = loader.withdraw(part.contract, self._sheet(landing, ""), units, version, covers_to)
        if withdrawn:
            stated = sum(len(one.rows) for one in whole)
            many = withdrawn > WITHDRAWN_SHARE_WORTH_A_WORD * (stated + withdrawn)
            loader.note_withdrawn(batches[0], withdrawn, warn=many)

    def _items(
        self, connection: psycopg.Connection, loader: Loader, taken: Taken
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Load what a platform or a table gave, and move watermark and coverage; of an unchanged table only these.

        Returns the batches, and what the table was read against where the same bytes need not be read again.
        """
        landing, details = taken.landing, taken.landing["details"]
        if taken.error is not None:
            raise taken.error
        batches = []
        if taken.streamed is not None:
            batches.append(self._streamed(loader, taken))
        for part in taken.parts:
            if part.error is not None:
                raise part.error
            batches.append(loader.load(self._delivery(landing), part.tables[0], part.findings[0]))
        loader.cover(landing["county_code"], details["dataset"], covered(details), covered_from(details))
        if landing["kind"] == "platform":
            _move_watermark(connection, landing)
            return batches, None
        findings = (finding for part in taken.parts for finding in part.findings[0])
        if any(finding.rule_id in _ANSWERED_BY_TIME for finding in findings):
            return batches, None
        return batches, read_against(self._settings, landing)

    def _streamed(self, loader: Loader, taken: Taken) -> dict[str, Any]:
        from xiezuo.load.stream import Stream

        landing, columns = taken.landing, taken.streamed
        assert columns is not None  # noqa: S101  (asked by the caller)
        rules = load_rules(self._settings.root, columns.contract.dataset, "rows")
        stream = Stream(self._settings, columns, self._intake.around(landing["county_code"]), rules)
        return stream.load(
            loader, self._delivery(landing), self._intake.path(landing),
            constants_of(landing, columns.contract.feeds[columns.feed]),
            version=version_of(landing), covers_to=covered(landing["details"]), warnings=warnings_of(landing),
        )  # fmt: skip

    def _delivery(self, landing: Landed) -> Delivery:
        code, source, place = landing["county_code"], landing["source"], place_of(landing)
        return Delivery(code, source, landing["uri"], landing["sha256"], place, "", None)

    def _sheet(self, landing: Landed, sheet: str) -> Delivery:
        tie = f"{letters(bytes.fromhex(landing['sha256']), 64)}:{content_id(landing['details']['place'], size=8)}"
        sheet = self._privacy.mask(sheet)
        uri = f"{landing['uri']}#{sheet}" if sheet else landing["uri"]
        return replace(self._delivery(landing), uri=uri, sheet=sheet, version_tie=tie)


def _done(connection: psycopg.Connection, landing: Landed, details: Mapping[str, Any]) -> None:
    connection.execute(
        "update audit.landing set state = 'done', details = details || %s where county_code = %s and landing_id = %s",
        (Jsonb(details), landing["county_code"], landing["landing_id"]),
    )


def _move_watermark(connection: psycopg.Connection, landing: Landed) -> None:
    details = landing["details"]
    connection.execute(
        "insert into audit.watermark as w values (%s, %s, %s, %s, %s)"
        " on conflict (county_code, source, stream) do update set"
        " covered_from = least(w.covered_from, excluded.covered_from),"
        " covered_to = greatest(w.covered_to, excluded.covered_to)",
        (landing["county_code"], landing["source"], details["stream"], details["from"], details["to"]),
    )
