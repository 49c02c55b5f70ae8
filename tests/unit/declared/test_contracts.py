"""Contracts: every one on disk is sound, and a broken one is refused with file and place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import SQL_TYPES, load_contracts
from xiezuo.declared.suites import load_rules

ROOT = Settings.from_env({}).root
CONTRACTS = load_contracts(ROOT)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a copy of the contracts' folder to break."""
    shutil.copytree(ROOT / "include" / "contracts", tmp_path / "include" / "contracts")
    return tmp_path


def test_the_walk_is_not_empty() -> None:
    assert {"labour_placement", "sales_order", "fund_allocation", "fund_project", "work_meeting"} <= set(
        CONTRACTS
    )


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_a_contract_is_labelled_and_its_columns_are_distinct(name: str) -> None:
    """Both languages for table and columns; the key is not optional; no direct identifier is a column."""
    contract = CONTRACTS[name]
    columns = contract.columns()
    assert contract.zh
    assert contract.en
    assert all(zh and en for _, _, zh, en in columns), columns
    assert all(re.search(r"[\u4e00-\u9fff]", zh) for column, _, zh, _ in columns if column in contract.fields)
    names = [column for column, *_ in columns]
    assert len(set(names)) == len(names)
    assert not {n for n, spec in contract.fields.items() if spec.pii == "direct"} & set(names)
    assert all(kind in SQL_TYPES.values() for _, kind, _, _ in columns)
    assert contract.feeds


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_no_spelling_of_a_feed_means_two_fields(name: str) -> None:
    """One header leads to one field; otherwise the order of lines in a file would decide."""
    from xiezuo.conform.ledgers.header_match import bare

    for feed in CONTRACTS[name].feeds:
        seen: dict[str, str] = {}
        for field, spec in CONTRACTS[name].feed_fields(feed).items():
            for spelling in spec.zh:
                assert seen.setdefault(bare(spelling), field) == field, (feed, spelling)


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_the_suites_of_a_dataset_read_only_its_columns(name: str) -> None:
    contract = CONTRACTS[name]
    known = {*contract.fields, *contract.computed, "sex", "birth_date", "birth_date_year", "person_key"}
    rules = load_rules(ROOT, name, "rows")
    assert rules
    assert {column for rule in rules for column in rule.columns} <= known
    assert load_rules(ROOT, name, "gate")


def test_a_feed_changes_spelling_unit_and_status_words() -> None:
    """Fields of a feed inherit the dataset's and replace what the feed says differently."""
    database = CONTRACTS["fund_allocation"].feed_fields("database")
    assert (database["amount_yuan"].unit, database["amount_yuan"].required, database["amount_yuan"].zh) == (
        "万元",
        True,
        ("amount_wan",),
    )
    workbook = CONTRACTS["fund_allocation"].feed_fields("workbook")
    assert workbook["amount_yuan"].unit == "元"
    assert "WAIT_BUYER_PAY" in CONTRACTS["sales_order"].feed_fields("top")["status"].values["unpaid"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("work_meeting.yaml", "dataset: work_meeting", "dataset: work_meetings", "says it is work_meetings"),
        ("work_meeting.yaml", "key: [met_on", "key: [met_onn", "met_onn is no column"),
        ("work_meeting.yaml", "type: day", "type: dya", "type"),
        ("work_meeting.yaml", "touches:", "touchs:", "touchs"),
        ("work_meeting.yaml", "delivery: snapshot", "delivery: weekly", "delivery"),
        ("sales_order.top.yaml", "shop_name:", "shop_nam:", "shop_nam is no field"),
    ],
)
def test_a_broken_contract_is_refused_by_name(broken: Path, file: str, old: str, new: str, said: str) -> None:
    path = broken / "include" / "contracts" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as refused:
        load_contracts(broken)
    assert file.partition(".")[0] in str(refused.value)


def test_a_feed_without_its_dataset_is_refused(broken: Path) -> None:
    (broken / "include" / "contracts" / "work_nothing.file.yaml").write_text("kind: file\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="work_nothing"):
        load_contracts(broken)


def test_a_new_dataset_is_a_new_file(broken: Path) -> None:
    """No line of Python knows the datasets' names."""
    folder = broken / "include" / "contracts"
    text = (
        (folder / "work_meeting.yaml")
        .read_text(encoding="utf-8")
        .replace("dataset: work_meeting", "dataset: work_gathering")
    )
    (folder / "work_gathering.yaml").write_text(text, encoding="utf-8")
    assert set(load_contracts(broken)) == {*CONTRACTS, "work_gathering"}
