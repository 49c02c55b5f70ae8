"""Which lists of values decide a figure: derived from the SQL of the indicators, so that no contract can forget one.

An indicator names the columns its rows are picked by; it reads tables of ``core`` itself or through relations. A
column that follows from others of its row (``computed`` in the contract) stands for those it is made from. What is
named at all is taken to decide: a relation hands on no column that nobody counts by.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.indicators import Indicator, load_indicators

_TABLE = re.compile(r"\bcore\.(\w+)(?:\s+as\s+(\w+))?")
_QUALIFIED = re.compile(r"\b(\w+)\.(\w+)\b")
_WORD = re.compile(r"(?<![\w.])\w+(?![\w.])")
_NOT_SQL = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\bas\s+\w+\s*\([^)]*\)")
"""Comments, texts, and the columns that a list of VALUES is given: they name nothing of a table."""

Field = tuple[str, str]
"""A dataset and one of its fields."""


@lru_cache(maxsize=4)
def deciding(root: Path) -> Mapping[Field, tuple[str, ...]]:
    """Return the enum fields that decide figures, each with the identities of the indicators that it decides."""
    contracts = load_contracts(root)
    found: dict[Field, set[str]] = defaultdict(set)
    for indicator in load_indicators(root):
        names = [entry.indicator_id for entry in indicator.entries]
        for dataset, column in columns_read(indicator):
            for field in _sources(contracts.get(dataset), column):
                found[dataset, field].update(names)
    return {field: tuple(sorted(names)) for field, names in sorted(found.items())}


def columns_read(indicator: Indicator) -> set[tuple[str, str]]:
    """Return every column of a table of ``core`` that the indicator, its relations or a rate's sides name."""
    if indicator.is_rate:
        return {column for _, side in indicator.sides for column in columns_read(side)}
    texts = (indicator.select, *(text for _, text in indicator.relations))
    return {column for text in texts for column in _columns(_NOT_SQL.sub(" ", text))}


def _columns(text: str) -> Iterator[tuple[str, str]]:
    tables = _TABLE.findall(text)
    of_alias = {alias or dataset: dataset for dataset, alias in tables}
    for alias, column in _QUALIFIED.findall(text):
        if alias in of_alias:
            yield of_alias[alias], column
    for word in _WORD.findall(text):
        for dataset, _ in tables:
            yield dataset, word


def _sources(contract: Contract | None, column: str) -> Iterator[str]:
    """Yield the enum fields that a column is, or is made from."""
    if contract is None:
        return
    if column in contract.computed:
        for name in contract.computed[column].from_:
            if name != column:
                yield from _sources(contract, name)
    if column in contract.fields and contract.fields[column].type == "enum":
        yield column
