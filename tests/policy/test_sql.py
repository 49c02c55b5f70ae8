"""Every SQL file says what it makes, one row of what it is, and what it reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.indicators import Indicator, load_indicators

ROOT = Path(__file__).parents[2]
INCLUDE = ROOT / "include/sql"
INDICATORS = load_indicators(ROOT)
COUNTED = [one for one in INDICATORS if not one.is_rate]
STATEMENTS = sorted(p for p in INCLUDE.rglob("*.sql") if p.parent.name != "indicators")
SCRIPTS = sorted(p for p in (ROOT / "src").rglob("*.sql"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NEEDED = ("county_code", "period_kind", "period", "batch_id", "row_no")


def opening(path: Path) -> str:
    """Return the comment a file opens with, as one line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    size = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return " ".join(line.removeprefix("--").strip() for line in lines[:size])


def body(path: Path) -> str:
    """Return a file without comments and quoted texts."""
    text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    return re.sub(r"'[^']*'", "''", text)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_walk_finds_every_kind() -> None:
    assert {p.parent.name for p in STATEMENTS} >= {"core", "load", "mart", "publish", "relations", "trace"}
    assert len(INDICATORS) == len(list((INCLUDE / "indicators").glob("*.sql"))) >= 8
    assert SCRIPTS


@pytest.mark.parametrize("path", STATEMENTS, ids=name)
def test_a_statement_opens_with_its_purpose_grain_and_sources(path: Path) -> None:
    text = opening(path)
    assert len(text.split()) > 8
    assert re.search(r"\bgrain: \w", text)
    assert re.search(r"\breads: \w", text)


@pytest.mark.parametrize("path", STATEMENTS, ids=name)
def test_a_file_is_one_statement(path: Path) -> None:
    assert ";" not in body(path).strip().rstrip(";")
    assert body(path).strip()


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_opens_with_a_comment(path: Path) -> None:
    assert opening(path)


@pytest.mark.parametrize("path", [*STATEMENTS, *SCRIPTS], ids=name)
def test_no_statement_takes_every_column(path: Path) -> None:
    """``select *`` would change its meaning when a contract gains a field."""
    assert not re.search(r"select\s+(\w+\.)?\*", body(path), re.IGNORECASE)


@pytest.mark.parametrize("indicator", COUNTED, ids=lambda indicator: f"{indicator.header.id}-{indicator.header.split}")
def test_an_indicator_selects_what_every_indicator_must(indicator: Indicator) -> None:
    selected = indicator.select.partition("\nfrom ")[0]
    missing = [column for column in (*NEEDED, "town_code") if not re.search(rf"\b{column}\b", selected)]
    assert not missing


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda indicator: f"{indicator.header.id}-{indicator.header.split}")
def test_an_indicator_is_labelled_and_counts_known_datasets(indicator: Indicator) -> None:
    head = indicator.header
    contracts = load_contracts(ROOT)
    assert set(head.datasets) <= set(contracts)
    assert head.source in {contracts[dataset].source for dataset in head.datasets}
    assert CHINESE.search(head.definition_zh)
    assert head.definition_en.strip()
    for entry in indicator.entries:
        assert CHINESE.search(entry.zh), entry
        assert entry.en.strip(), entry
    assert bool(head.members) == (head.split is not None)
    counted = [side for _, side in indicator.sides] or [indicator]
    texts = [text for one in counted for text in (one.select, *(text for _, text in one.relations))]
    tables = {*re.findall(r"core\.(\w+)", "".join(texts))}
    assert set(head.datasets) <= tables, "a dataset is named that nothing reads"


def test_an_indicator_entry_has_one_file() -> None:
    entries = [entry.indicator_id for indicator in INDICATORS for entry in indicator.entries]
    assert len(entries) == len(set(entries))


def test_every_relation_serves_an_indicator() -> None:
    used = {name for indicator in INDICATORS for name, _ in indicator.relations}
    assert used == {path.stem.removesuffix(".unjoined") for path in (INCLUDE / "relations").glob("*.sql")}


def datasets(text: str) -> set[str]:
    """Return the datasets that a SELECT reads; counties are none."""
    return {table for table in re.findall(r"core\.(\w+)", text) if table in load_contracts(ROOT)}


def test_an_indicator_that_reaches_rows_through_another_dataset_says_which_it_does_not_reach() -> None:
    """What finds nothing there is no zero (docs/decisions/0039-what-cannot-be-joined.md)."""
    through_another = {i.file_id for i in INDICATORS if len(datasets(i.select + "".join(text for _, text in i.relations))) > 1}
    assert through_another == {i.file_id for i in INDICATORS if i.unjoined}
    assert through_another == {"FUN1.category", "FUN2", "IND1.fund", "LAB5.trainees", "LAB5.lifted"}


@pytest.mark.parametrize("path", (INCLUDE / "relations").glob("*.unjoined.sql"), ids=name)
def test_what_is_not_joined_has_the_columns_of_what_is(path: Path) -> None:
    """An indicator's own SELECT runs over either."""

    def columns(place: Path) -> set[str]:
        selected = body(place).rpartition("\nselect")[2].partition("\nfrom ")[0]
        return set(re.findall(r"(\w+)\s*,?\s*(?:\n|$)", selected))

    joined = columns(path.with_name(path.name.replace(".unjoined", "")))
    assert joined <= columns(path)


def test_every_fixed_table_and_column_has_a_comment_in_both_languages() -> None:
    text = (ROOT / "src/xiezuo/warehouse/migrations/sql/0001_base.sql").read_text(encoding="utf-8")
    comments = dict(re.findall(r"comment on (?:table|column|view) ([\w.]+) is '((?:[^']|'')*)'", text))
    tables = re.findall(r"create table ([\w.]+) \((.*?)\n\);", text, re.DOTALL)
    assert len(tables) >= 8
    for table, definition in tables:
        columns = re.findall(r"^    (?!primary key|foreign key|constraint|unique)([a-z_]+) [a-z]", definition, re.MULTILINE)
        assert columns
        for target in (table, *(f"{table}.{column}" for column in columns)):
            zh, _, en = comments.get(target, "").partition("; ")
            assert CHINESE.search(zh), target
            assert en.strip(), target
