"""Which feed a sheet belongs to, and which column is which field: headers are found, never assumed.

Headers may stand under title rows, span up to three levels and carry numbers, marks, notes and a unit.
A sheet goes to the feed whose contract its header fits best; nothing is matched by likeness, only by the
spellings a contract lists (see :mod:`xiezuo.conform.ledgers.header_text` for what is taken off first).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.header_text import Levels, levels_of, resembling, spread
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import Contract, FieldSpec
from xiezuo.declared.counties import County
from xiezuo.declared.spellings import expand
from xiezuo.values import bare, header_unit, is_unit_note, normalise

__all__ = ["HeaderMatch", "bare", "best_match", "match_sheet", "refuse_unfit"]

MISSING_COSTS = 3
"""A required column that is missing outweighs three that fit: see HeaderMatch.fit."""

_OUT_OF_SIGHT = 1000
"""A hidden column gives way to any other spelling of its field."""

_FOREIGN = re.compile(
    r"[(\[【/_:]\s*(?:单位\s*:\s*)?[十百千万亿]*(?:[美欧日港韩]元|美金|港币|英镑|澳元|USD|HKD|EUR|[$€£])"
)


@dataclass(frozen=True)
class HeaderMatch:
    """Where a sheet's header stands and what it says. Row indexes count from 0.

    ``given`` holds what title, sheet or file name tell of fields that have no column; ``texts`` the levels of
    each column's header, from the top down.
    """

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
    given: Mapping[str, str] = field(default_factory=dict)
    named: int = 0
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beside: bool = False

    @property
    def fit(self) -> tuple[int, bool, int, int, int]:
        """Order of matches: most is explained and least missing, then whole, then what the title calls it.

        A ledger that only lacks a column explains more than another that happens to have all of few:
        it is refused for that column rather than read as the other.
        """
        score = len(self.columns) - MISSING_COSTS * len(self.missing)
        return (score, not self.missing, -len(self.twice), -len(self.unmapped), self.named)

    @property
    def units_of_groups(self) -> int:
        """How many money columns have a unit; none where all columns have: that is a title's word, not a header's."""
        return len(self.units) if len(self.units) < len(self.columns) else 0


def match_sheet(
    sheet: Sheet, contracts: Iterable[Contract], county: County | None = None, name: str = ""
) -> HeaderMatch | None:
    """Return the best match of the sheet among the file feeds of ``contracts``, or None.

    None means that the sheet is no ledger at all: fewer than three fields were recognised in any row, or
    fewer than two that are all a contract requires where title, sheet or file name call it.
    ``county`` fills the placeholders of spellings, ``name`` is the file's, which may tell a field
    (``from_title``).

    Raises:
        FileRefused: columns that the best feed requires are missing, one stands twice, two feeds fit
            equally well, or an amount is in a foreign currency.
    """
    best = best_match(sheet, contracts, county, name)
    if best is not None:
        refuse_unfit(sheet, best)
    return best


def best_match(
    sheet: Sheet, contracts: Iterable[Contract], county: County | None = None, name: str = ""
) -> HeaderMatch | None:
    """Return the best match, whole or not, or None where the sheet is no ledger.

    Raises:
        FileRefused: two feeds fit equally well.
    """
    levels = levels_of(spread(sheet))
    found = [
        match
        for contract in contracts
        for feed, spec in contract.feeds.items()
        if spec.kind == "file"
        for match in _candidates(sheet, levels, _Spelt(contract, feed, county), name)
    ]
    if not found:
        return None
    found = list(_not_repeated(found))
    # Of equal matches the one that ends first, and of those the lower first row: neither a row of data below
    # nor a title above is part of a header. A group above some of its columns that states their unit is.
    best = max(found, key=lambda match: (match.fit, -match.last_row, match.units_of_groups, match.first_row))
    rivals = {m.contract.zh for m in found if m.fit == best.fit and m.contract.dataset != best.contract.dataset}
    if rivals and not best.missing:
        kinds = "、".join(sorted((best.contract.zh, *rivals)))
        raise FileRefused(
            "LEDGER_AMBIGUOUS", f"工作表“{sheet.name}”的表头无法确定是哪一种台账（{kinds}），请在标题中写明"
        )
    return best


def _not_repeated(found: Iterable[HeaderMatch]) -> Iterator[HeaderMatch]:
    """Leave out headers that say again, further down, what one above says: the lines between are its rows."""
    ends: dict[tuple[str, str, tuple[tuple[str, int], ...]], int] = {}
    for match in sorted(found, key=lambda match: match.last_row):
        said = (match.contract.dataset, match.feed, tuple(sorted(match.columns.items())))
        if match.first_row <= ends.setdefault(said, match.last_row):
            yield match


def refuse_unfit(sheet: Sheet, match: HeaderMatch) -> None:
    """Refuse a sheet that cannot be read as what it fits best; see :func:`match_sheet`."""
    where = f"工作表“{sheet.name}”"
    if match.missing:
        raise FileRefused("COLUMNS_MISSING", f"{where}像是{match.contract.zh}，但缺少列：{_with_hints(match)}")
    if match.beside:
        row = sheet.first_row + match.last_row + 1
        raise FileRefused("TABLES_BESIDE", f"{where}第 {row} 行有两张并排的表，请上下排列或分成两个工作表")
    if match.twice:
        repeated = "、".join(match.twice)
        raise FileRefused("COLUMN_TWICE", f"{where}的列“{repeated}”出现了两次，请只保留一列")
    fields = match.contract.feed_fields(match.feed)
    for name, label in match.labels.items():
        if fields[name].type == "money" and _FOREIGN.search(normalise(label)):
            raise FileRefused("MONEY_CURRENCY", f"{where}的列“{label}”不是人民币，请折算为人民币后重报")


def _with_hints(match: HeaderMatch) -> str:
    """Name the missing columns, and what each may be called in this sheet."""
    fields = match.contract.feed_fields(match.feed)
    spelt = {spec.zh[0]: spec.zh for spec in fields.values() if spec.zh}
    said = []
    for label in match.missing:
        like = resembling(spelt.get(label, (label,)), match.unmapped)
        said.append(f"{label}（表中“{like}”可能就是，请改用“{label}”）" if like else label)
    return "、".join(said)


class _Spelt:
    """One feed's fields and their spellings, made once for all rows of a sheet."""

    def __init__(self, contract: Contract, feed: str, county: County | None) -> None:
        self.contract, self.feed = contract, feed
        self.fields: dict[str, FieldSpec] = contract.feed_fields(feed)
        self.constants = contract.feeds[feed].constants
        self.first = {name: spec.zh[0] for name, spec in self.fields.items() if spec.zh}
        self.aliases: dict[str, tuple[str, int]] = {}
        for name, spec in self.fields.items():
            for place, spelling in enumerate(expand(spec.zh, county)):
                if place == 0:
                    self.first[name] = spelling
                self.aliases.setdefault(bare(spelling), (name, place))
        self.required = [n for n, spec in self.fields.items() if spec.required and spec.zh and n not in self.constants]
        titled = {bare(contract.zh[i : i + 2]) for i in range(len(contract.zh) - 1)} - _ANY_LEDGER
        self.titled = {*titled, *(str(value) for value in self.constants.values() if isinstance(value, str))}

    def sources(self, name: str) -> set[str | None]:
        """Return the fields one of which must have a column: the field itself and what it falls back to."""
        return {name, self.fields[name].falls_back_to or name}


_ANY_LEDGER = frozenset(("台账", "名录", "明细", "信息", "花名", "名册", "协作", "帮扶", "登记"))


def _candidates(sheet: Sheet, levels: Iterable[Levels], spelt: _Spelt, name: str) -> Iterable[HeaderMatch]:
    for level in levels:
        columns, labels, twice = _assign(sheet, level, spelt.aliases)
        if len(columns) < 2:
            continue
        told = [sheet.name, *level.above, *(text for text in sheet.told if isinstance(text, str)), name]
        given = _given(spelt, told, columns)
        text = bare("".join(told))
        named = sum(word in text for word in spelt.titled)
        missing = tuple(spelt.first[n] for n in spelt.required if not spelt.sources(n) & {*columns, *given})
        if len(columns) < 3 and (missing or 2 * named < len(spelt.titled)):
            continue
        yield HeaderMatch(
            contract=spelt.contract,
            feed=spelt.feed,
            first_row=level.first_row,
            last_row=level.last_row,
            columns=columns,
            labels=labels,
            units=_units(spelt, level, columns),
            missing=missing,
            twice=twice,
            unmapped=tuple(p[-1] for i, p in enumerate(level.texts) if p and i not in columns.values()),
            given=given,
            named=named,
            texts={name: level.texts[column] for name, column in columns.items()},
            beside=_stand_beside(level, spelt.aliases, columns),
        )


def _units(spelt: _Spelt, level: Levels, columns: Mapping[str, int]) -> dict[str, Decimal]:
    """Return the units that headers of money columns name for sure, the lowest level that names one.

    A level above that says nothing but a unit is a line of the title's, and no group of columns.
    """
    found: dict[str, Decimal] = {}
    for name, column in columns.items():
        if spelt.fields[name].type == "money":
            lowest, *upper = reversed(level.texts[column])
            said = map(header_unit, (lowest, *(text for text in upper if not is_unit_note(text))))
            if (unit := next((unit for unit in said if unit is not None), None)) is not None:
                found[name] = unit
    return found


def _stand_beside(level: Levels, aliases: Mapping[str, tuple[str, int]], columns: Mapping[str, int]) -> bool:
    """Whether a header stands twice in one row, left and right: most fields have two columns, in two halves."""
    places: dict[str, list[int]] = {}
    for column, said in enumerate(level.readings):
        hit = next((aliases[reading] for reading in said if reading in aliases), None)
        if hit is not None:
            places.setdefault(hit[0], []).append(column)
    doubled = [found for found in places.values() if len(found) == 2]
    if len(doubled) < max(2, (len(columns) + 1) // 2):
        return False
    return max(left for left, _ in doubled) < min(right for _, right in doubled)


def _given(spelt: _Spelt, told: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Return what title, sheet or file name tell of fields without a column (``from_title``)."""
    found: dict[str, str] = {}
    for name, pattern in spelt.contract.from_title.items():
        if name in spelt.fields and name not in columns:
            hit = next((hit for text in told if (hit := re.search(pattern, normalise(text)))), None)
            if hit is not None:
                found[name] = hit[1] if hit.re.groups else hit[0]
    return found


def _assign(
    sheet: Sheet, level: Levels, aliases: Mapping[str, tuple[str, int]]
) -> tuple[dict[str, int], dict[str, str], tuple[str, ...]]:
    """Give each field its column; of two columns for one field the better spelling wins.

    Returns columns, labels, and the headers that stand twice with equal right. Of such two the one
    that holds nothing below its header gives way.
    """
    best: dict[str, tuple[int, int]] = {}
    twice: dict[str, str] = {}
    for column, said in enumerate(level.readings):
        hit = next((aliases[reading] for reading in said if reading in aliases), None)
        if hit is None:
            continue
        name, place = hit
        place += _OUT_OF_SIGHT * sheet.hidden.has_column(column)
        if name in best and best[name][0] == place:
            blank = [_is_blank_below(sheet, level.last_row, c) for c in (best[name][1], column)]
            if blank == [True, False]:
                best[name] = (place, column)
            elif blank != [False, True]:
                twice[name] = level.texts[column][-1]
        if name not in best or place < best[name][0]:
            best[name] = (place, column)
    columns = {name: column for name, (_, column) in best.items()}
    labels = {name: "".join(level.texts[column]) for name, column in columns.items()}
    return columns, labels, tuple(twice.values())


def _is_blank_below(sheet: Sheet, row: int, column: int) -> bool:
    cells = (cells[column] for cells in sheet.rows[row + 1 :] if column < len(cells))
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)
