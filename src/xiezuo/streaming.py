"""One large landing of a platform on its way: conformed, judged, staged and merged chunk by chunk.

While PostgreSQL takes one chunk in and merges what is new of it, the next is conformed and judged on another core.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import numpy as np

from xiezuo.chunks import Chunk, Conformer
from xiezuo.columnar import Columns
from xiezuo.delivery import Delivery
from xiezuo.fields import Surroundings
from xiezuo.inflow import Account, Inflow
from xiezuo.load import Loader
from xiezuo.row_hash import canonical
from xiezuo.rows import Finding
from xiezuo.settings import Settings
from xiezuo.suites import Rule
from xiezuo.validate import judge

_BLOCK = 1 << 20


class Stream:
    """Loads one landing whose feed can be conformed column by column."""

    def __init__(self, settings: Settings, columns: Columns, around: Surroundings, rules: Sequence[Rule]) -> None:
        self._settings, self._columns, self._around, self._rules = settings, columns, around, rules
        self._wanted = {name for rule in rules for name in rule.columns}
        self._findings: list[Finding] = []
        self._typed: dict[int, dict[str, Any]] = {}
        self._rows, self._unreadable, self._yuan = 0, 0, Decimal(0)
        self._keys = _Keys()

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
            ThreadPoolExecutor(1, thread_name_prefix="conform") as thread,
        ):
            preparing = self._prepared(inflow, conformer, path, version)
            coming = thread.submit(next, preparing, None)
            while (ready := coming.result()) is not None:
                coming = thread.submit(next, preparing, None)
                ready.send(inflow)
            account = Account(
                version=version, covers_to=covers_to, delivery=self._columns.contract.delivery,
                rows_read=self._rows, yuan_read=self._yuan, rows_amount_unreadable=self._unreadable,
                warnings=[*conformer.reader.warnings(), *warnings], findings=self._findings, typed=self._typed,
            )  # fmt: skip
            return inflow.settle(account)

    def _prepared(self, inflow: Inflow, conformer: Conformer, path: Path, version: datetime) -> Iterator[_Ready]:
        """Yield the chunks of a landing, judged and written down; none is held in memory while it waits."""
        for chunk in conformer.read(path):
            held = self._held(chunk, conformer.table.labels)
            self._typed |= chunk.typed(held)
            apart = self._keys.seen_before(*chunk.keys())
            yield _Ready(chunk.numbers, self._written(chunk, inflow, held, version), held, apart)

    def _held(self, chunk: Chunk, labels: Mapping[str, str]) -> dict[int, Decimal | None]:
        """Judge a chunk; return the rows held back, each with its amount where that could be read."""
        judged: list[Finding] = []
        if self._rules:
            for rule, numbers in judge(chunk.frame(self._wanted), self._rules):
                label = labels.get(rule.column, rule.column)
                judged += (Finding(number, label, rule.rule_id, rule.zh) for number in numbers)
        failed = {finding.row_no for finding in judged}
        self._findings += [*chunk.findings, *judged]
        self._count(chunk)
        return chunk.unread | dict.fromkeys(failed) | chunk.amounts(failed)

    def _count(self, chunk: Chunk) -> None:
        yuan, without = chunk.total()
        stated = [amount for amount in chunk.unread.values() if amount is not None]
        self._rows += len(chunk.numbers)
        self._yuan += yuan + sum(stated, Decimal(0))
        self._unreadable += without + len(chunk.unread) - len(stated)

    def _written(
        self, chunk: Chunk, inflow: Inflow, held: Mapping[int, Decimal | None], version: datetime
    ) -> IO[bytes]:
        """Write the rows that passed into a file that is gone when it is closed."""
        delivery = inflow.delivery
        system = {name: str(value) for name, value in inflow.constants.items()} | {"reporting_unit": "", "fate": None}
        if delivery.version_tie is not None:
            system["version_tie"] = delivery.version_tie
        if self._columns.contract.feeds[self._columns.feed].version is None:
            system["version"] = canonical(version)
        self._settings.landing_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(prefix=".incoming-", dir=self._settings.landing_dir)  # noqa: SIM115 (closed when sent)
        chunk.write(Path(file.name), inflow.columns, system, held)
        return file


@dataclass(frozen=True)
class _Ready:
    """A chunk that is judged: its lines for COPY, the rows held back, and those whose key stands in a row before."""

    numbers: range
    lines: IO[bytes]
    held: Mapping[int, Decimal | None]
    apart: Collection[int]

    def send(self, inflow: Inflow) -> None:
        """Have PostgreSQL take the chunk in, and merge what is new of it."""
        with self.lines:
            while block := self.lines.read(_BLOCK):
                inflow.write(block)
        inflow.held(self.held)
        inflow.put_ahead(self.numbers, self.apart)


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
        self._known = np.sort(np.concatenate((self._known, found)), kind="stable")  # two sorted runs are only merged
        return [int(number) for number in np.sort(numbers[order[is_again]])]
