"""One large landing of a platform on its way: conformed, judged and staged chunk by chunk, then merged at once.

While PostgreSQL takes in one chunk and Great Expectations judges it, the next is conformed on another core.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

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
        self._keys: list[Any] = []

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
        with begun as inflow, Conformer(self._columns, self._around, delivery.file, constants) as conformer:
            labels = conformer.table.labels
            for chunk in conformer.read(path):
                self._send(inflow, chunk, self._held(chunk, labels), version)
            account = Account(
                version=version, covers_to=covers_to, delivery=self._columns.contract.delivery,
                rows_read=self._rows, yuan_read=self._yuan, rows_amount_unreadable=self._unreadable,
                warnings=[*conformer.reader.warnings(), *warnings], findings=self._findings, typed=self._typed,
                repeated=_repeated(self._keys),
            )  # fmt: skip
            return inflow.settle(account)

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
        self._rows += chunk.rows
        self._yuan += yuan + sum(stated, Decimal(0))
        self._unreadable += without + len(chunk.unread) - len(stated)
        self._keys.append(chunk.keys())

    def _send(self, inflow: Inflow, chunk: Chunk, held: Mapping[int, Decimal | None], version: datetime) -> None:
        self._typed |= chunk.typed(held)
        delivery = inflow.delivery
        system = {name: str(value) for name, value in inflow.constants.items()} | {"reporting_unit": "", "fate": None}
        if delivery.version_tie is not None:
            system["version_tie"] = delivery.version_tie
        if self._columns.contract.feeds[self._columns.feed].version is None:
            system["version"] = canonical(version)
        self._settings.landing_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".incoming-", dir=self._settings.landing_dir) as file:
            chunk.write(Path(file.name), inflow.columns, system, held)
            while block := file.read(_BLOCK):
                inflow.write(block)
        inflow.held(held)


def _repeated(keys: Sequence[tuple[Any, Any]]) -> list[int]:
    """Return the numbers of rows whose key may stand in the batch twice."""
    if not keys:
        return []
    numbers, found = (np.concatenate(parts) for parts in zip(*keys, strict=True))
    order = np.argsort(found, kind="stable")
    same = found[order][1:] == found[order][:-1]
    return [int(number) for number in numbers[order[np.flatnonzero(np.append(same, False) | np.append(False, same))]]]
