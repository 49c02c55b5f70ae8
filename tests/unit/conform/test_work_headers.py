"""The office's own ledgers lie in one folder: each is told from the others by its header, however it is typed."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.header_match import HeaderMatch, bare, match_sheet
from xiezuo.conform.readers import Sheet
from xiezuo.declared.contracts import Contract, FieldSpec, load_contracts
from xiezuo.declared.counties import County

ROOT = Path(__file__).parents[3]
WORK = {n: c for n, c in load_contracts(Settings.from_env({}).root).items() if c.source == "work"}
DATA = sorted((ROOT / "tests/data").glob("work_*.csv"))
FEWEST = 3
"""A header of fewer known columns is no ledger (see match_sheet)."""

each_ledger = pytest.mark.parametrize("contract", WORK.values(), ids=WORK)


def spellings(spec: FieldSpec) -> list[str]:
    """Return the headers of a field that any county may type: those without a county's name."""
    return [header for header in spec.zh if "{" not in header]


def matched(header: list[str]) -> HeaderMatch | None:
    sheet = Sheet("表一", [["台账"], header, *[["x"] * len(header)] * 2], [])
    return match_sheet(sheet, WORK.values())


def assert_own(contract: Contract, header: list[str], names: list[str]) -> None:
    """The header is that of ``contract``, and each column the field it was typed for."""
    found = matched(header)
    assert found is not None, header
    assert (found.contract.dataset, found.missing, found.unmapped) == (contract.dataset, (), ()), header
    assert [found.columns.get(name) for name in names] == list(range(len(names))), header


def test_the_folder_holds_twelve_ledgers() -> None:
    assert len(WORK) >= 12
    assert len(DATA) >= 11
    assert {path.stem for path in DATA} <= set(WORK)


@each_ledger
def test_the_canonical_header_is_its_own(contract: Contract) -> None:
    assert_own(contract, [spec.zh[0] for spec in contract.fields.values()], list(contract.fields))


@each_ledger
def test_any_row_of_aliases_is_its_own(contract: Contract) -> None:
    """Every spelling of every field is tried once, all columns typed in other words at a time."""
    said = {name: spellings(spec) for name, spec in contract.fields.items()}
    for turn in range(max(map(len, said.values()))):
        assert_own(contract, [words[turn % len(words)] for words in said.values()], list(said))


@each_ledger
def test_a_ledger_without_its_optional_columns_is_its_own(contract: Contract) -> None:
    """What is required and, to make a ledger at all, any one or two of the others; in any spelling."""
    required = [name for name, spec in contract.fields.items() if spec.required]
    others = [name for name in contract.fields if name not in required]
    for more in combinations(others, max(0, FEWEST - len(required))):
        names = [*required, *more]
        said = [spellings(contract.fields[name]) for name in names]
        for turn in range(max(map(len, said))):
            assert_own(contract, [words[turn % len(words)] for words in said], names)


@each_ledger
def test_serial_numbers_and_remarks_beside_it_do_not_matter(contract: Contract) -> None:
    header = ["序号", *(spec.zh[0] for spec in contract.fields.values() if "序号" not in spec.zh), "备注"]
    if "序号" in {word for spec in contract.fields.values() for word in spec.zh}:
        header = [spec.zh[0] for spec in contract.fields.values()] + ["备注"]
    found = matched(header)
    assert found is not None
    assert (found.contract.dataset, found.missing) == (contract.dataset, ())


@each_ledger
def test_no_word_means_two_things(contract: Contract) -> None:
    """Headers and choices are compared without marks and width; none may then be another's."""
    headers = Counter(bare(word) for spec in contract.fields.values() for word in set(map(bare, spec.zh)))
    assert [word for word, times in headers.items() if times > 1] == []
    for name, spec in contract.fields.items():
        words: list[Any] = [bare(word) for said in spec.values.values() for word in set(map(bare, said))]
        assert [word for word, times in Counter(words).items() if times > 1] == [], name


@pytest.mark.parametrize(
    ("east", "west"),
    [
        ("浦江区单位", "云岭县单位"),
        ("浦江单位", "云岭单位"),
        ("浦江区", "云岭县"),
        ("浦江结对单位", "云岭县结对单位"),
    ],
)
def test_a_county_heads_columns_with_its_own_and_its_partners_name(east: str, west: str) -> None:
    """Another county's names are no headers of ours."""
    rows = [["结对类型", east, west, "签订时间", "终止时间"], ["学校", "甲小学", "乙小学", "2022-05", ""]]
    own = County("530999", "云岭县", "临沧市", "云南省", "浦江区", "上海市")
    found = match_sheet(Sheet("表一", rows, []), WORK.values(), own)
    assert found is not None
    assert dict(found.columns) == {"kind": 0, "east": 1, "west": 2, "signed_on": 3, "ended_on": 4}
    other = County("610999", "石溪县", "汉中市", "陕西省", "海门市", "江苏省")
    with pytest.raises(FileRefused, match="东部单位"):
        match_sheet(Sheet("表一", rows, []), WORK.values(), other)


def test_a_unit_over_a_group_of_columns_is_theirs() -> None:
    """Investment in 万元 is stated once, above the two amounts: without it they would be ten thousand times less."""
    upper = ["企业名称", "落地时间", "投资情况（万元）", None, "带动就业（人）", None]
    lower = [None, None, "协议投资额", "到位投资", "吸纳就业", "其中脱贫人口"]
    rows = [["引导落地企业台账", *[None] * 5], upper, lower, ["甲公司", "2022-02", 100, 80, 5, 1]]
    merged = [(0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5)]
    found = match_sheet(Sheet("表一", rows, merged), WORK.values())
    assert found is not None
    assert (found.contract.dataset, found.first_row, found.last_row) == ("work_enterprise", 1, 2)
    assert found.units == {"agreed_yuan": 10_000, "actual_yuan": 10_000}


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_the_small_ledgers_are_read_as_themselves(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        rows: list[list[Any]] = [list(row) for row in csv.reader(lines)]
    width = max(map(len, rows))
    found = match_sheet(
        Sheet("表一", [[*row, *[None] * (width - len(row))] for row in rows], []), WORK.values()
    )
    assert found is not None
    assert (found.contract.dataset, found.first_row, found.missing) == (path.stem, 1, ())
