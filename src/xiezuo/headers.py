"""Which feed a sheet belongs to, and which column is which field: headers are found, never assumed.

Headers may stand under title rows, span two levels and carry a unit. A sheet goes to the feed whose
contract its header fits best; nothing is matched by likeness, only by the spellings a contract lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xiezuo.contracts import Contract, FieldSpec
from xiezuo.errors import FileRefused
from xiezuo.readers import Cell, Sheet
from xiezuo.values import header_unit

SEARCHED_ROWS = 40
"""A header stands within the first forty rows or is not found."""

_TRAILING_PARENTHESIS = re.compile(r"\([^()]*\)$")
_NOISE = re.compile(r"[\s*※:：_/\\|·.。、-]+")


@dataclass(frozen=True)
class HeaderMatch:
    """Where a sheet's header stands and what it says. Row indexes count from 0."""

    contract: Contract
    feed: str
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    labels: Mapping[str, str]
    units: Mapping[str, Decimal]
    missing: tuple[str, ...]
    unmapped: tuple[str, ...] = field(default=())
    twice: tuple[str, ...] = field(default=())

    @property
    def fit(self) -> tuple[int, int, int, int]:
        """Order of matches: nothing required missing, most fields found, fewest repeated or unexplained."""
        return (not self.missing, len(self.columns) - 2 * len(self.missing), -len(self.twice), -len(self.unmapped))


def bare(text: str) -> str:
    """Return a header without width, spacing, marks and case, as headers are compared."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def match_sheet(sheet: Sheet, contracts: Iterable[Contract]) -> HeaderMatch | None:
    """Return the best match of the sheet among the file feeds of ``contracts``, or None.

    None means that the sheet is no ledger at all: fewer than three fields (or fewer than all of a
    contract that has less) were recognised in any row.

    Raises:
        FileRefused: a feed fits best but columns it requires are missing, or one stands twice.
    """
    grid = _spread(sheet)
    found = [
        match
        for contract in contracts
        for feed, spec in contract.feeds.items()
        if spec.kind == "file"
        for match in _candidates(grid, contract, feed)
    ]
    if not found:
        return None
    # Of equal matches the lower first row: a title line above a one-level header is no header.
    best = max(found, key=lambda match: (match.fit, -match.last_row, match.first_row))
    if best.missing:
        raise FileRefused(
            "COLUMNS_MISSING",
            f"工作表“{sheet.name}”像是{best.contract.zh}，但缺少列：{'、'.join(best.missing)}",
        )
    if best.twice:
        repeated = "、".join(best.twice)
        raise FileRefused("COLUMN_TWICE", f"工作表“{sheet.name}”的列“{repeated}”出现了两次，请只保留一列")
    return best


def _spread(sheet: Sheet) -> list[list[Cell]]:
    """Copy the top of the sheet with each merged range filled from its first cell."""
    grid = [list(row) for row in sheet.rows[: SEARCHED_ROWS + 2]]
    for top, left, bottom, right in sheet.merged:
        if top >= len(grid) or left >= len(grid[top]):
            continue
        for row in range(top, min(bottom + 1, len(grid))):
            grid[row] += [None] * (right + 1 - len(grid[row]))
            for column in range(left, right + 1):
                grid[row][column] = grid[top][left]
    return grid


def _candidates(grid: list[list[Cell]], contract: Contract, feed: str) -> Iterable[HeaderMatch]:
    fields = contract.feed_fields(feed)
    aliases = _aliases(fields)
    enough = min(3, len(fields))
    for row in range(min(SEARCHED_ROWS, len(grid))):
        for depth in (1, 2):
            if row + depth > len(grid):
                continue
            texts = _texts(grid[row : row + depth])
            columns, labels, twice = _assign(texts, aliases)
            if len(columns) >= enough:
                required = [name for name, spec in fields.items() if spec.required]
                missing = [fields[name].zh[0] for name in required if name not in columns and fields[name].zh]
                constants = contract.feeds[feed].constants
                given = {fields[c].zh[0] for c in constants if c in fields}
                missing = [label for label in missing if label not in given]
                yield HeaderMatch(
                    contract=contract,
                    feed=feed,
                    first_row=row,
                    last_row=row + depth - 1,
                    columns=columns,
                    labels=labels,
                    units={name: unit for name in columns if (unit := header_unit(labels[name])) is not None},
                    missing=tuple(missing),
                    twice=twice,
                    unmapped=tuple(t[-1] for i, t in enumerate(texts) if t and i not in columns.values()),
                )


def _aliases(fields: Mapping[str, FieldSpec]) -> dict[str, tuple[str, int]]:
    """Map each spelling to its field and its place in the contract's list (the first is preferred)."""
    known: dict[str, tuple[str, int]] = {}
    for name, spec in fields.items():
        for place, spelling in enumerate(spec.zh):
            known.setdefault(bare(spelling), (name, place))
    return known


def _texts(levels: list[list[Cell]]) -> list[tuple[str, ...]]:
    """Return, for each column, its header texts from the top level down, repeats dropped."""
    width = max((len(level) for level in levels), default=0)
    columns: list[tuple[str, ...]] = []
    for column in range(width):
        parts: list[str] = []
        for level in levels:
            cell = level[column] if column < len(level) else None
            text = cell.strip() if isinstance(cell, str) else ""
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        columns.append(tuple(parts))
    return columns


def _spellings(parts: tuple[str, ...]) -> Iterable[str]:
    """Yield the ways a (possibly two-level) header can be read, the most telling first."""
    whole = bare("".join(parts))
    yield whole
    if len(parts) == 2 and (stripped := bare(_TRAILING_PARENTHESIS.sub("", _nfkc(parts[0])) + parts[1])) != whole:
        yield stripped
    for part in (parts[-1], parts[0]) if len(parts) == 2 else (parts[-1],):
        yield bare(part)
        yield bare(_TRAILING_PARENTHESIS.sub("", _nfkc(part)))


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _assign(
    texts: list[tuple[str, ...]], aliases: Mapping[str, tuple[str, int]]
) -> tuple[dict[str, int], dict[str, str], tuple[str, ...]]:
    """Give each field its column; of two columns for one field the better spelling wins.

    Returns columns, labels, and the headers that stand twice with equal right.
    """
    best: dict[str, tuple[int, int]] = {}
    twice: dict[str, str] = {}
    for column, parts in enumerate(texts):
        hit = next((aliases[s] for s in _spellings(parts) if s in aliases), None) if parts else None
        if hit is None:
            continue
        name, place = hit
        if name in best and best[name][0] == place:
            twice[name] = parts[-1]
        if name not in best or place < best[name][0]:
            best[name] = (place, column)
    columns = {name: column for name, (_, column) in best.items()}
    return columns, {name: "".join(texts[column]) for name, column in columns.items()}, tuple(twice.values())
