"""Small counts of people in townships, hidden so that nobody can work them out from what is shown.

Every cell that is hidden has a witness: an exchange of people between two townships that changes hidden cells and
nothing else, neither a figure of the county nor a sum of indicators. Whoever knows all that is shown cannot tell the
table from the one after the exchange: a hidden cell has at least as many possible values as such exchanges have steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations

from xiezuo.declared.disclosure import Disclosure

Cell = tuple[str, str]
"""Indicator and township."""


@dataclass(frozen=True)
class _Exchange:
    """People of a group live in the one township or the other; with ``minus``, against as many of another group.

    ``steps`` is how many people more or fewer there may be: possible values but one.
    """

    plus: str
    minus: str | None
    towns: tuple[str, str]
    steps: int


@dataclass
class Table:
    """The township figures of one county and year that count people.

    ``values`` by indicator and township, zeros left out; ``towns`` of the county; ``known`` the cells that were given
    out before as they are now, which hide others only where nothing else can; ``once_hidden`` those hidden before,
    which stay so.
    """

    rules: Disclosure
    indicators: frozenset[str]
    towns: tuple[str, ...]
    values: Mapping[Cell, int]
    known: frozenset[Cell] = frozenset()
    once_hidden: frozenset[Cell] = frozenset()
    hidden: set[Cell] = field(default_factory=set)

    def hide(self) -> frozenset[Cell]:
        """Return the cells that are not shown: the small ones, what gives them away, and what was hidden before.

        Where a family of indicators does not add up, or no townships are left to exchange anybody, none of it is shown.
        """
        for family in self._families():
            if not all(_Family(self, family, self.hidden).hide()):
                self.hidden |= {(name, town) for name in family for town in self.towns}
        return frozenset(self.hidden)

    def _families(self) -> list[tuple[str, ...]]:
        """Return the indicators by what they have to do with each other."""
        groups: list[tuple[set[str], set[str]]] = []
        pairs = {name: {name, self.rules.together.get(name, name)} for name in self.indicators}
        for name in sorted(self.indicators):
            atoms = set[str]().union(*map(self.rules.atoms, pairs[name]))
            touching = [group for group in groups if group[1] & atoms]
            groups = [group for group in groups if not group[1] & atoms]
            names = {name}.union(*(group[0] for group in touching))
            groups.append((names, atoms.union(*(group[1] for group in touching))))
        return [tuple(sorted(names)) for names, _ in groups]


class _Family:
    """Indicators that have groups of people in common, or that are hidden together."""

    def __init__(self, table: Table, names: tuple[str, ...], hidden: set[Cell]) -> None:
        self._table, self._names, self._hidden = table, names, hidden
        rules = table.rules
        self._counts = {name: rules.atoms(name) for name in names}
        own = frozenset[str]().union(*self._counts.values())
        self._rests = {name: atoms for name, atoms in rules.rests().items() if atoms <= own}
        self._atoms = sorted(own)
        self._with = {**rules.together, **{other: name for name, other in rules.together.items()}}
        self._sizes = {town: self._sizes_of(town) for town in table.towns}

    def hide(self) -> Iterator[bool]:
        """Hide what has to be; yield for each whether it is hidden from everybody."""
        if any(sizes is None for sizes in self._sizes.values()):
            yield not any((name, town) in self._table.values for name in self._names for town in self._table.towns)
            return
        exchanges: list[_Exchange] = []
        self._hidden |= self._once_hidden()
        for cell in self._small():
            if any(self._covers(one, cell) for one in exchanges):
                continue
            found = self._cheapest(cell)
            if found is None:
                yield False
                return
            for one in found:
                exchanges.append(one)
                self._hidden |= self._touched(one)
            yield True

    def _sizes_of(self, town: str) -> dict[str, int] | None:
        """Return how many people of each group a township has; None where its figures contradict each other."""
        value = {name: self._table.values.get((name, town), 0) for name in self._names}
        sizes: dict[str, int] = {}
        for name, count in sorted(value.items(), key=lambda item: len(self._counts[item[0]])):
            unknown = self._counts[name] - sizes.keys()
            told = count - sum(sizes[atom] for atom in self._counts[name] - unknown)
            if len(unknown) > 1 or told < 0 or (told > 0 and not unknown):
                return None
            sizes.update(dict.fromkeys(unknown, told))
        return sizes

    def _small(self) -> list[Cell]:
        """Return the cells to be kept from everybody: small ones, small rests, and what was hidden before."""
        def is_small(atoms: Iterable[str], town: str) -> bool:
            return 0 < self._size(atoms, town) < self._table.rules.smallest_shown

        counted = {**self._counts, **self._rests}
        found = {(name, town) for name, atoms in counted.items() for town in self._table.towns if is_small(atoms, town)}
        return sorted(found | self._once_hidden(), key=lambda cell: (-len(self._groups(cell[0])), cell))

    def _once_hidden(self) -> set[Cell]:
        """Return what was hidden before, of indicators that count somebody still."""
        counted = {name for name, _ in self._table.values if name in self._counts}
        return {(name, town) for name, town in self._table.once_hidden if name in counted and town in self._sizes}

    def _cheapest(self, cell: Cell) -> list[_Exchange] | None:
        """Return the exchanges that hide a cell at the least cost to what is shown; None where there is none."""
        name, town = cell
        best: tuple[tuple[int, int, int, int, str], list[_Exchange]] | None = None
        for number, (plus, minus) in enumerate(self._moves(name)):
            for other in self._table.towns:
                exchanges = [self._exchange(plus, minus, (town, other))]
                if name in self._with and self._with[name] in self._counts:
                    exchanges.append(self._exchange(self._with[name], None, (town, other)))
                touched = set[Cell]().union(*map(self._touched, exchanges))
                if other == town or not all(one.steps for one in exchanges):
                    continue
                steps = min(self._table.rules.smallest_shown - 1, *(one.steps for one in exchanges))
                cost = sum(1 + self._table.values.get(one, 0) for one in touched - self._hidden)
                rank = (len(touched & self._table.known), -steps, cost, number, other)
                if best is None or rank < best[0]:
                    best = rank, exchanges
        return None if best is None else best[1]

    def _moves(self, name: str) -> Iterator[tuple[str, str | None]]:
        """Yield the exchanges that change an indicator: of one group, or of one group against another outside it."""
        inside = self._groups(name)
        if self._with.get(name) in self._counts:
            yield name, None
            return
        for atom in self._atoms:
            if atom in inside:
                yield atom, None
        for plus, minus in permutations(self._atoms, 2):
            if plus in inside and minus not in inside:
                yield plus, minus

    def _exchange(self, plus: str, minus: str | None, towns: tuple[str, str]) -> _Exchange:
        here, there = (self._sizes[town] or {} for town in towns)
        more, fewer = there[plus], here[plus]
        if minus is not None:
            more, fewer = min(more, here[minus]), min(fewer, there[minus])
        return _Exchange(plus, minus, towns, more + fewer)

    def _touched(self, exchange: _Exchange) -> set[Cell]:
        """Return the printed cells that an exchange changes."""
        return {(name, town) for name in self._counts for town in exchange.towns if self._changes(exchange, name)}

    def _changes(self, exchange: _Exchange, name: str) -> bool:
        inside = self._groups(name)
        return (exchange.plus in inside) != (exchange.minus is not None and exchange.minus in inside)

    def _covers(self, exchange: _Exchange, cell: Cell) -> bool:
        return cell[1] in exchange.towns and self._changes(exchange, cell[0])

    def _groups(self, name: str) -> frozenset[str]:
        return self._counts.get(name) or self._rests[name]

    def _size(self, atoms: Iterable[str], town: str) -> int:
        sizes = self._sizes[town] or {}
        return sum(sizes[atom] for atom in atoms)
