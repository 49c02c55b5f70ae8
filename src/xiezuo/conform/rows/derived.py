"""Computed columns that need more than their row: the county, its keys, the indicators, the sheet's date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from xiezuo.base.errors import Unreadable
from xiezuo.conform.ledgers.header_match import bare
from xiezuo.conform.rows.computed import Row, compute, normalised_name, ordinal
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.declared.contracts import ComputedSpec
from xiezuo.declared.provinces import province_of

_AT_HOME = frozenset(
    (
        "本县", "县内", "县域内", "本地", "本乡", "本镇", "本村",
        "乡内", "镇内", "市内", "省内", "本省", "县外省内", "市外省内",
    )
)  # fmt: skip
"""How ledgers name a job in the home province without naming a place."""


class Deriver:
    """Derives the computed columns of one table's rows; ``reported_on`` is the date its sheet states."""

    def __init__(self, around: Surroundings, reported_on: date | None) -> None:
        self._around, self._reported_on = around, reported_on
        self._is_home = cache(self._says_home)

    def derive(self, spec: ComputedSpec, row: Row, secret: Mapping[str, str]) -> Any:
        """Return the value of one column; ``secret`` holds the row's direct identifiers.

        Raises:
            Unreadable: the column is required and cannot be told, or says two things.
        """
        if spec.type == "province":
            return self._at_home(spec, row) or compute(spec, row)
        if spec.type == "person_of":
            return self._person_of(spec, {**row, **secret})
        if spec.type == "indicator":
            return self._indicator(spec, row)
        if spec.type == "stated_on":
            return row.get(spec.from_[0]) or self._reported_on
        if spec.type == "ordinal":
            return ordinal(*(row.get(name) for name in spec.from_), self._reported_on)
        return compute(spec, row)

    def _says_home(self, text: str) -> bool:
        return text in _AT_HOME or self._around.divisions.town(text) is not None

    def _at_home(self, spec: ComputedSpec, row: Row) -> str | None:
        """Return the home province where every word of a place says only that: 县内, or an own township."""
        said = [text for name in spec.from_ if (text := row.get(name))]
        if said and all(map(self._is_home, said)):
            return province_of(self._around.county.province)
        return None

    def _person_of(self, spec: ComputedSpec, row: Row) -> str | None:
        """Return the key of a person known by name and unit only: the same name elsewhere is somebody else."""
        said = [normalised_name(row.get(name)) for name in spec.from_]
        return self._around.privacy.keyed("named", self._around.county.code, *said) if said[0] else None

    def _indicator(self, spec: ComputedSpec, row: Row) -> str | None:
        """Return the identity of an indicator named by identity or by Chinese name."""
        said = [bare(text) for name in spec.from_ if (text := row.get(name))]
        found = {known for text in said if (known := self._around.indicators.get(text)) is not None}
        if len(found) > 1:
            raise Unreadable("INDICATOR_CONTRADICTS", "指标编号与指标名称不是同一项")
        if not found and spec.required:
            raise Unreadable("INDICATOR_UNKNOWN", spec.reason_zh or "指标目录中没有这个编号或名称")
        return found.pop() if found else None
