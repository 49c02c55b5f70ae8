"""Stage four for one landing: what was read and judged of it becomes batches, and it is noted as done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from xiezuo.base.errors import FileRefused, GateClosed
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.coverage import covered, covered_from, spoken_of, years_stated
from xiezuo.conform.forms import Form, row_digest
from xiezuo.conform.intake import (
    Intake,
    Landed,
    Part,
    Taken,
    constants_of,
    place_of,
    read_against,
    tie_of,
    version_of,
    warnings_of,
)
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import Contract
from xiezuo.declared.suites import load_rules
from xiezuo.load.batch import Delivery
from xiezuo.load.load import Loader, lock_dataset
from xiezuo.load.returns import ReturnLoader
from xiezuo.load.snapshots import MISSED_SHARE, Snapshot, Withdrawn, same_date
from xiezuo.load.taken_out import Batch, TakenOut
from xiezuo.validate.deliveries import judge_all

_ANSWERED_BY_TIME = frozenset(("DATE_IN_FUTURE", "ID_DATE"))
"""Reasons that may be gone tomorrow though the row is the same."""


class Taker:
    """Loads landings that were read and judged, each in the caller's transaction."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._settings, self._intake, self._privacy = settings, intake, intake.privacy

    def load(self, connection: psycopg.Connection, taken: Taken, *, asks: bool = True) -> list[Batch]:
        """Load one landing and note that it is done; return its batches as recorded. Nothing is committed here.

        What only a person can tell holds a delivery back, unless it ``asks`` nothing: it was loaded before.
        """
        loader = Loader(connection, self._settings, self._privacy, self._intake.decisions)
        landing = taken.landing
        noted: dict[str, Any] = {}
        if landing["standing"] == "retracted":
            batches: list[Batch] = []
        elif taken.returned is not None:
            batches = self._returned(connection, taken, asks=asks)
            noted["answers"] = taken.returned.sha256
        elif landing["kind"] == "file":
            asks = asks and landing["standing"] == "stands"
            batches = _File(connection, self._settings, self._intake, loader, taken, asks=asks).load()
        else:
            batches, against = self._items(connection, loader, taken)
            noted |= {} if against is None else {"read_against": against}
        if any(batch["state"] == "loaded" for batch in batches):
            nil = [part.form.period for part in taken.parts if part.form is not None and part.form.is_nil]
            noted |= {"nil_return": nil[0]} if nil else {}
        _done(connection, landing, noted)
        if asks and landing["kind"] == "file" and any(batch["state"] == "loaded" for batch in batches):
            batches += self._answering(connection, landing["county_code"], str(noted.get("answers", landing["sha256"])))
        return batches

    def refuse(self, connection: psycopg.Connection, landing: Landed) -> list[Batch]:
        """Record that the warehouse itself could not store a value of the landing."""
        refusal = FileRefused("NOT_STORABLE", "其中有数据库无法保存的内容，请联系运维人员查看")
        loader = Loader(connection, self._settings, self._privacy)
        batch = loader.refuse(_delivery(landing), refusal)
        _done(connection, landing, {})
        return [batch]

    def _returned(self, connection: psycopg.Connection, taken: Taken, *, asks: bool) -> list[Batch]:
        def loaded_into(dataset: str) -> list[Landed]:
            return landings_of(connection, self._settings, taken.landing["county_code"], [dataset])

        return ReturnLoader(
            connection, self._settings, self._intake, taken,
            delivery=_delivery(taken.landing), landings_of=loaded_into, asks=asks,
        ).load()  # fmt: skip

    def _answering(self, connection: psycopg.Connection, county_code: str, sha256: str) -> list[Batch]:
        """Load return workbooks that came before the delivery they answer; return the batches of those that were."""
        facts = {"county_code": county_code, "sha256": sha256}
        found = connection.execute(read_sql(self._settings.root, "load/answering"), facts).fetchall()
        out = TakenOut(connection, self._settings, self._intake, county_code)
        batches: list[Batch] = []
        for (landing,) in found:
            out.take_out(landing)
            batches += self.load(connection, read_again(self._settings, self._intake, landing))
        return [batch for batch in batches if batch["state"] == "loaded"]

    def _items(self, connection: psycopg.Connection, loader: Loader, taken: Taken) -> tuple[list[Batch], str | None]:
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
            batches.append(loader.load(_delivery(landing), part.tables[0], part.findings[0]))
        if batches:
            numbers = [batch["batch_id"] for batch in batches]
            loader.settle_quarantine(landing["county_code"], details["dataset"], numbers)
        loader.cover(landing["county_code"], details["dataset"], covered(details), covered_from(details))
        if landing["kind"] == "platform":
            _move_watermark(connection, landing)
            return batches, None
        for part in taken.parts:
            for day in spoken_of(part.contract, part.tables):
                loader.cover(landing["county_code"], details["dataset"], day)
        findings = (finding for part in taken.parts for finding in part.findings[0])
        if any(finding.rule_id in _ANSWERED_BY_TIME for finding in findings):
            return batches, None
        decisions = self._intake.decisions.get(landing["county_code"], ())
        return batches, read_against(self._settings, landing, decisions)

    def _streamed(self, loader: Loader, taken: Taken) -> Batch:
        from xiezuo.load.stream import Stream

        landing, columns = taken.landing, taken.streamed
        assert columns is not None  # noqa: S101  (asked by the caller)
        rules = load_rules(self._settings.root, columns.contract.dataset, "rows")
        stream = Stream(self._settings, columns, self._intake.around(landing["county_code"]), rules)
        return stream.load(
            loader, _delivery(landing), self._intake.path(landing),
            constants_of(landing, columns.contract.feeds[columns.feed]),
            version=version_of(landing), covers_to=covered(landing["details"]), warnings=warnings_of(landing),
        )  # fmt: skip


class _File:
    """One file on its way into the warehouse, dataset by dataset."""

    def __init__(
        self, connection: psycopg.Connection, settings: Settings, intake: Intake, loader: Loader, taken: Taken, *,
        asks: bool,
    ) -> None:  # fmt: skip
        self._db, self._settings, self._intake, self._loader = connection, settings, intake, loader
        self._taken, self._landing, self._asks = taken, taken.landing, asks
        self._county: str = taken.landing["county_code"]

    def load(self, dataset: str | None = None) -> list[Batch]:
        """Load all of the file, or its tables of one dataset; return the batches as recorded."""
        if isinstance(self._taken.error, FileRefused):
            return [self._loader.refuse(self._sheet(""), self._taken.error)]
        if self._taken.error is not None:
            raise self._taken.error
        if self._asks and (refusal := self._retracted_before()) is not None:
            return [self._loader.refuse(self._sheet(""), refusal)]
        parts = [part for part in self._taken.parts if dataset in (None, part.contract.dataset)]
        return [batch for part in parts for batch in self._part(part)]

    def _retracted_before(self) -> GateClosed | None:
        """Return why a file waits whose content was retracted when it lay elsewhere."""
        facts = {"county_code": self._county, "sha256": self._landing["sha256"]}
        row = self._db.execute(read_sql(self._settings.root, "load/retracted_before"), facts).fetchone()
        if row is None:
            return None
        said = f"内容与已撤回的“{row[0]}”相同（{row[1]}：{row[2]}），暂未采用"
        return GateClosed("RETRACTED_BEFORE", said)

    def _part(self, part: Part) -> list[Batch]:
        return self._loader.load_part(part, self._sheet("、".join(part.sheets)), self._loaded)

    def _loaded(self, part: Part) -> list[Batch]:
        contract, whole = part.contract, [one for one in part.tables if one.table.delivery == "snapshot"]
        if self._landing["standing"] == "part":
            whole = []
        version, rows = max(one.version for one in part.tables), sum(len(one.table.rows) for one in part.tables)
        lock_dataset(self._db, self._county, contract.dataset)
        delivery = replace(_delivery(self._landing), version_tie=tie_of(self._landing, rows))
        units = years_stated(contract, whole, version)
        form, knows = part.form, None
        if form is not None:
            units |= {unit: form.last.year for unit, year in units.items() if year and unit == form.unit}
            knows = self._on_form(form)
        snapshot = Snapshot(self._db, self._settings, contract, delivery, units, version, knows=knows)
        batches = []
        for one, findings in zip(part.tables, part.findings, strict=True):
            one.version = version
            one.shape |= {} if form is None else {"form": form.period}
            sheet = replace(self._sheet(one.table.sheet), version_tie=delivery.version_tie)
            same = form.unchanged if form is not None and one.table.sheet == form.sheet else ()
            batches.append(
                self._loader.load(
                    sheet, one, findings, outdated=snapshot.outdated, asks=self._asks, unchanged=same
                )
            )
        if self._asks:
            _compare_dates(part, snapshot, batches)
        withdrawn = snapshot.close(covers_to=max(one.covers_to for one in part.tables), asks=self._asks)
        if withdrawn.rows:
            gone = withdrawn.rows - self._restated(contract, snapshot, withdrawn)
            many = gone > MISSED_SHARE * (sum(len(one.rows) for one in whole) + gone)
            self._loader.note_withdrawn(batches[0], gone, warn=many)
        numbers = [batch["batch_id"] for batch in batches]
        if any(part.findings):
            self._loader.note_years(self._county, numbers, units)
        self._loader.settle_quarantine(self._county, contract.dataset, numbers, units)
        if form is None:
            days = spoken_of(contract, part.tables)
        else:  # a form of January says nothing of the year before but what its rows say
            days = [max(one.covers_to for one in part.tables)]
            if form.is_nil:
                self._loader.touch(self._county, contract.dataset, form.last)
        for day in days:
            self._loader.cover(self._county, contract.dataset, day)
        return batches

    def _on_form(self, form: Form) -> Callable[[str], bool]:
        """Return what tells whether a stored row stood on a form that was handed out."""
        privacy = self._intake.privacy
        return lambda row_hash: row_digest(privacy, row_hash) in form.given

    def _restated(self, contract: Contract, snapshot: Snapshot, withdrawn: Withdrawn) -> int:
        """Load anew what other current snapshots say of rows that went; return how many rows that brought back."""
        if not withdrawn.astray:
            return 0
        ties = snapshot.ties_elsewhere(withdrawn.units)
        left = snapshot.stored(withdrawn.units)
        out = TakenOut(self._db, self._settings, self._intake, self._county)
        loaded = landings_of(self._db, self._settings, self._county, [contract.dataset])
        files = [landing for landing in loaded if landing["kind"] == "file"]
        others = [landing for landing in files if any(tie.endswith(tie_of(landing)) for tie in ties)]
        for landing in others:
            before = out.take_out(landing, [contract.dataset])
            taken = read_again(self._settings, self._intake, landing)
            again = _File(self._db, self._settings, self._intake, self._loader, taken, asks=False)
            out.put_back(again.load(contract.dataset), before)
        read = {landing["sha256"] for landing in others}
        returns = [landing for landing in files if landing["details"].get("answers") in read]
        for landing in sorted(returns, key=lambda one: str(one["landed_at"])):
            before = out.take_out(landing)
            taken = read_again(self._settings, self._intake, landing)
            out.put_back(Taker(self._settings, self._intake).load(self._db, taken, asks=False), before)
        return snapshot.stored(withdrawn.units) - left

    def _sheet(self, sheet: str) -> Delivery:
        sheet = self._intake.privacy.mask(sheet)
        whole = _delivery(self._landing)
        return replace(whole, uri=f"{whole.uri}#{sheet}" if sheet else whole.uri, sheet=sheet)


def _compare_dates(part: Part, snapshot: Snapshot, batches: Sequence[Batch]) -> None:
    """Refuse a snapshot that says something else than the larger one of the same date.

    Raises:
        GateClosed: which of the two holds only a person can tell.
    """
    if not (units := [unit for unit in snapshot.outdated if snapshot.states_the_same(unit)]):
        return
    held = [{finding.row_no for finding in findings} for findings in part.findings]
    stated = sum(
        row["reporting_unit"] in units and row["row_no"] not in numbers
        for one, numbers in zip(part.tables, held, strict=True)
        for row in one.rows
    )
    stated -= sum(batch["rows_duplicate"] for batch in batches)
    if stated != snapshot.rows_before(units) or any(batch["rows_superseded"] for batch in batches):
        whose = f"{'、'.join(units) or '本县'}的{part.contract.zh}"
        raise same_date(f"{whose}已有同一日期的另一份{snapshot.file_before(units[0])}，内容不同")


def read_again(settings: Settings, intake: Intake, landing: Landed) -> Taken:
    """Read and judge one landing by itself."""
    sheets: Future[list[Sheet]] | None = None
    if landing["kind"] == "file":
        sheets = Future()
        try:
            sheets.set_result(intake.sheets(landing))
        except Exception as error:  # noqa: BLE001  (the intake makes of it what it makes of every error)
            sheets.set_exception(error)
    taken = intake.take(landing, sheets)
    judge_all(settings.root, [taken])
    return taken


def landings_of(
    connection: psycopg.Connection, settings: Settings, county_code: str, datasets: Sequence[str],
    rules: Sequence[str] | None = None,
) -> list[Landed]:  # fmt: skip
    """Return the landings that were loaded into some datasets and can be read again.

    With ``rules``, only those with rows that wait by one of these.
    """
    names = {
        "county_code": county_code, "datasets": list(datasets), "rules": list(rules or ()), "all": rules is None,
    }  # fmt: skip
    return [row[0] for row in connection.execute(read_sql(settings.root, "load/landings_of"), names)]


def _delivery(landing: Landed) -> Delivery:
    code, source, place = landing["county_code"], landing["source"], place_of(landing)
    return Delivery(code, source, landing["uri"], landing["sha256"], place, "", None)


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
