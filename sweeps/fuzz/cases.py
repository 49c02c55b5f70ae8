"""Cases by number: which ledger, what is done to it, in which format, under which name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from random import Random
from typing import Self

import xiezuo_sample as sample
from sweeps.fuzz import words
from sweeps.fuzz.books import FORMATS, WEIGHTS
from sweeps.fuzz.cells import Material, spoil
from sweeps.fuzz.damage import DAMAGES
from sweeps.fuzz.grid import Grid
from xiezuo.base.settings import Settings
from xiezuo.conform.readers import read_file
from xiezuo.declared.contracts import Contract, load_contracts

COUNTY = "620422"
MOST_ROWS = 80
"""So many rows of a ledger are kept: what goes wrong with more goes wrong with these, and sooner."""
_BINARY = "tests/data/labour_placement.et"
_MONTH = re.compile(r"_?\d{4}-\d{2}|\d{4}年\d{1,2}月")


@dataclass(frozen=True)
class Ledger:
    """A file of the sample: its place in the inbox, its sheets as they are read, and its bytes."""

    place: str
    book: tuple[Grid, ...]
    data: bytes


@dataclass(frozen=True)
class Case:
    """One spoiled file, which its seed and number make again; ``done`` says what was done to it."""

    number: int
    place: str
    data: bytes
    done: tuple[str, ...]


def sample_ledgers(settings: Settings, folder: Path) -> list[list[Ledger]]:
    """Return the files of a sample year, those of one ledger together, and one binary workbook."""
    sample.generate(settings, COUNTY, 2022, 3, 0.02, folder)
    paths = {path.relative_to(folder / "inbox").as_posix(): path for path in sorted((folder / "inbox").rglob("*.*"))}
    paths[f"{COUNTY}/labour/某站_劳务输转台账_2022-09.et"] = settings.root / _BINARY
    kinds: dict[str, list[Ledger]] = {}
    for place, path in paths.items():
        book = tuple(Grid.of(sheet, MOST_ROWS) for sheet in read_file(path, name=path.name))
        kinds.setdefault(_kind(place), []).append(Ledger(place, book, path.read_bytes()))
    return list(kinds.values())


def _kind(place: str) -> str:
    """Return what files of one ledger share in their names: no station, no month."""
    path = PurePosixPath(place)
    stem = _MONTH.sub("", path.stem).rpartition("_")[2] or path.stem
    return f"{path.parts[1]}/{re.sub('（.*?）|新增', '', stem)}{'.et' if path.suffix == '.et' else ''}"


class Cases:
    """Makes the cases of one seed from ledgers: those of one kind together, each kind as often as another."""

    def __init__(self, kinds: Sequence[Sequence[Ledger]], contracts: Iterable[Contract], seed: int) -> None:
        self.seed, self.kinds = seed, kinds
        headers = sorted({label for one in contracts for field in one.fields.values() for label in field.zh})
        sheets = [grid for kind in kinds for ledger in kind for grid in ledger.book]
        self._material = Material(headers, sheets)

    @classmethod
    def of_sample(cls, settings: Settings, seed: int, folder: Path) -> Self:
        """Make them from a sample year, which is generated into a folder."""
        return cls(sample_ledgers(settings, folder), load_contracts(settings.root).values(), seed)

    def case(self, number: int) -> Case:
        """Return the case of a number."""
        chance = Random(f"{self.seed}/{number}")
        ledger = chance.choice(chance.choice(self.kinds))
        layers = chance.choices(("cells", "bytes", "both", "nothing"), (70, 20, 8, 2))[0]
        is_as_sent = layers == "bytes" and chance.random() < 0.5
        if is_as_sent:
            case = Case(number, ledger.place, ledger.data, (f"{ledger.place} as sent",))
        else:
            times = chance.choice((1, 1, 2, 3, 5)) if layers in ("cells", "both") else 0
            case = self._written(number, ledger, chance, times)
        if layers in ("bytes", "both"):
            names = [chance.choice(list(DAMAGES)) for _ in range(chance.choice((1, 1, 2)))]
            data = case.data
            for name in names:
                data = DAMAGES[name](data, chance)
            case = replace(case, data=data, done=(*case.done, *names))
        return replace(case, place=_renamed(case.place, chance)) if chance.random() < 0.1 else case

    def _written(self, number: int, ledger: Ledger, chance: Random, times: int) -> Case:
        book = [grid.copy() for grid in ledger.book]
        done = spoil(book, chance, self._material, times)
        kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        place = str(PurePosixPath(ledger.place).with_suffix(f".{'xls' if kind in ('xml', 'html') else kind}"))
        return Case(number, place, FORMATS[kind](book, chance), (f"{ledger.place} as {kind}", *done))


def _renamed(place: str, chance: Random) -> str:
    """Return another name for a file, in the same folder."""
    path = PurePosixPath(place)
    names = (
        *words.FILES, path.stem + "_2021-09", path.stem + "(1)", path.stem.replace("2022", "2023"),
        _MONTH.sub("", path.stem) or "x",
    )  # fmt: skip
    return str(path.with_name(chance.choice(names) + chance.choice((path.suffix, path.suffix, ".txt", ".XLSX", ""))))
