"""One large landing of a platform on its way: conformed, judged and copied chunk by chunk.

While PostgreSQL takes one chunk in, the next is conformed and judged on another core. Where the county has nothing
stored that the rows could meet, they go straight into the table; else they are staged and merged when all are there.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import numpy as np

from xiezuo.base.settings import Settings
from xiezuo.conform.columns.columns import Columns
from xiezuo.conform.columns.conformer import Chunk, Conformer, ahead
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.suites import Rule, Verdict
from xiezuo.load.batch import Delivery, months_held, warnings_of
from xiezuo.load.load import Account, Inflow, Loader
from xiezuo.validate.validate import judge_views, row_verdict
from xiezuo.values.row_hash import canonical

_BLOCK = 1 << 20


class Stream:
    """Loads one landing whose feed can be conformed column by column."""

    def __init__(self, settings: Settings, columns: Columns, around: Surroundings, rules: Sequence[Rule]) -> None:
        self._settings, self._columns, self._around, self._rules = settings, columns, around, rules
        self._views = sorted({rule.columns for rule in rules})
        self._findings: list[Finding] = []
        self._typed = _Packed()
        self._days: dict[int, date] = {}
        self._rows, self._sound, self._unreadable, self._yuan = 0, 0, 0, Decimal(0)
        self._broken: dict[str, list[int]] = {rule.rule_id: [] for rule in rules}
        self._keys = _Keys()
        self._repeated: list[int] = []
        self._goes_straight = False

    def load(
        self, loader: Loader, delivery: Delivery, path: Path, constants: Mapping[str, Any], *,
        version: datetime, covers_to: date, warnings: Sequence[str] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """Load the landed pages of ``path`` in the caller's transaction; return the batch as recorded.

        Raises:
            ConfigError: a rule is broken.
        """
        begun = loader.begin(delivery, self._columns.contract, self._columns.feed)
        if isinstance(begun, dict):
            return begun
        with (
            begun as inflow,
            Conformer(self._columns, self._around, delivery.file, constants) as conformer,
            closing(ahead(self._prepared(inflow, conformer, path, version))) as prepared,
        ):
            self._goes_straight = inflow.may_go_straight
            for ready in prepared:
                ready.send(inflow)
            verdicts = self._verdicts(conformer.table.labels)
            account = Account(
                version=version, covers_to=covers_to, delivery=self._columns.contract.delivery,
                rows_read=self._rows, yuan_read=self._yuan, rows_amount_unreadable=self._unreadable,
                warnings=[*conformer.reader.warnings(), *warnings, *warnings_of(verdicts)],
                findings=self._findings, typed=self._typed,
                months=months_held(self._columns.contract, conformer.table.labels, self._findings, self._days),
                repeated=self._repeated, verdicts=verdicts,
            )  # fmt: skip
            return inflow.settle(account)

    def _prepared(self, inflow: Inflow, conformer: Conformer, path: Path, version: datetime) -> Generator[_Ready]:
        """Yield the chunks of a landing, judged and written down; none is held in memory while it waits."""
        with closing(conformer.read(path)) as chunks:
            for chunk in chunks:
                held = self._held(chunk, conformer.table.labels)
                self._typed.put(chunk.typed(held))
                apart = self._keys.seen_before(*chunk.keys())
                self._repeated += apart
                yield self._written(chunk, inflow, held, apart, version)

    def _held(self, chunk: Chunk, labels: Mapping[str, str]) -> dict[int, Decimal | None]:
        """Judge a chunk; return the rows held back, each with its amount where that could be read."""
        judged: list[Finding] = []
        if self._rules:
            for rule, numbers in judge_views({columns: chunk.view(columns) for columns in self._views}, self._rules):
                failed_by = chunk.alike(rule.columns, numbers)
                self._broken[rule.rule_id] += failed_by
                if rule.holds:
                    label = labels.get(rule.column, rule.column)
                    judged += (Finding(number, label, rule.rule_id, rule.zh) for number in failed_by)
        failed = {finding.row_no for finding in judged}
        self._findings += [*chunk.findings, *judged]
        self._days |= chunk.days | chunk.days_of(failed)
        self._count(chunk)
        return chunk.unread | dict.fromkeys(failed) | chunk.amounts(failed)

    def _verdicts(self, labels: Mapping[str, str]) -> list[Verdict]:
        return [
            row_verdict(rule, labels.get(rule.column, rule.column), self._sound, self._broken[rule.rule_id])
            for rule in self._rules
        ]

    def _count(self, chunk: Chunk) -> None:
        yuan, without = chunk.total()
        stated = [amount for amount in chunk.unread.values() if amount is not None]
        self._rows += len(chunk.numbers)
        self._sound += len(chunk.numbers) - len(chunk.unread)
        self._yuan += yuan + sum(stated, Decimal(0))
        self._unreadable += without + len(chunk.unread) - len(stated)

    def _written(
        self, chunk: Chunk, inflow: Inflow, held: Mapping[int, Decimal | None], apart: Sequence[int], version: datetime
    ) -> _Ready:
        """Write the rows that passed into files that are gone when they are closed.

        Those ``apart`` may share their key with a row before them, and are staged.
        """
        delivery = inflow.delivery
        system = {name: str(value) for name, value in inflow.constants.items()} | {"reporting_unit": "", "fate": None}
        if delivery.version_tie is not None:
            system["version_tie"] = delivery.version_tie
        if self._columns.contract.feeds[self._columns.feed].version is None:
            system["version"] = canonical(version)

        def lines(columns: tuple[str, ...], numbers: Collection[int], *, are_wanted: bool = False) -> IO[bytes]:
            self._settings.landing_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = tempfile.NamedTemporaryFile(prefix=".incoming-", dir=self._settings.landing_dir)  # noqa: SIM115 (closed when sent)
            chunk.write(Path(file.name), columns, system, numbers, are_wanted=are_wanted)
            return file

        if not self._goes_straight:
            return _Ready(held, staged=lines(inflow.columns, held))
        passed = {*apart} - held.keys()
        return _Ready(
            held, straight=lines(inflow.columns_straight, {*held, *apart}),
            staged=lines(inflow.columns, passed, are_wanted=True) if passed else None,
        )  # fmt: skip


@dataclass(frozen=True)
class _Ready:
    """A chunk that is judged: its lines for COPY, and the rows held back, each with its amount where it was read."""

    held: Mapping[int, Decimal | None]
    straight: IO[bytes] | None = None
    staged: IO[bytes] | None = None

    def send(self, inflow: Inflow) -> None:
        """Have PostgreSQL take the chunk in."""
        for lines, write in ((self.straight, inflow.write_straight), (self.staged, inflow.write)):
            if lines is not None:
                with lines:
                    while block := lines.read(_BLOCK):
                        write(block)
        inflow.held(self.held)


class _Packed(Mapping[int, dict[str, Any]]):
    """Rows held back as they stand, by number, each in writing: so many of them take less memory."""

    def __init__(self) -> None:
        self._rows: dict[int, bytes] = {}

    def put(self, rows: Mapping[int, Mapping[str, Any]]) -> None:
        """Keep more rows."""
        self._rows |= {number: json.dumps(row, ensure_ascii=False).encode() for number, row in rows.items()}

    def __getitem__(self, number: int) -> dict[str, Any]:
        row: dict[str, Any] = json.loads(self._rows[number])
        return row

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class _Keys:
    """The numbers of all keys so far, eight bytes each."""

    def __init__(self) -> None:
        self._known = np.empty(0, dtype=np.uint64)

    def seen_before(self, numbers: Any, keys: Any) -> list[int]:
        """Return the rows whose key an earlier row has, or, once in a long while, another key of the same number."""
        order = np.argsort(keys, kind="stable")
        found = keys[order]
        is_again = np.append(False, found[1:] == found[:-1])[: len(found)]
        if len(self._known):
            at = np.searchsorted(self._known, found)
            is_again |= self._known[np.minimum(at, len(self._known) - 1)] == found
        self._known = np.concatenate((self._known, found))
        self._known.sort(kind="stable")  # two sorted runs are only merged
        return [int(number) for number in np.sort(numbers[order[is_again]])]
