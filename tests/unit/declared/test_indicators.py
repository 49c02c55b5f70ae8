"""Indicators: every file says what it counts, in both languages, under the name it has."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.indicators import Indicator, load_indicators

ROOT = Settings.from_env({}).root
INDICATORS = load_indicators(ROOT)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the SQL folder to break."""
    shutil.copytree(ROOT / "include" / "sql", tmp_path / "include" / "sql")
    return tmp_path


def test_the_first_indicators_are_there() -> None:
    entries = {entry.indicator_id for indicator in INDICATORS for entry in indicator.entries}
    assert {
        "LAB1",
        "LAB2.lifted",
        "LAB3",
        "LAB4",
        "CON1",
        "FUN1",
        "FUN1.industry",
        "FUN2",
        "IND1.fund",
        "ORG1.government",
    } <= entries


def test_no_two_files_state_the_same_figure() -> None:
    entries = [entry.indicator_id for indicator in INDICATORS for entry in indicator.entries]
    assert len(set(entries)) == len(entries)


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: f"{i.header.id}{i.header.split or ''}")
def test_a_header_is_complete_and_a_select_yields_evidence(indicator: Indicator) -> None:
    """Datasets exist, labels are in both languages, and the rows counted carry what a trace needs."""
    head, contracts = indicator.header, load_contracts(ROOT)
    assert set(head.datasets) <= set(contracts)
    assert head.source == contracts[head.datasets[0]].source
    for entry in indicator.entries:
        assert re.search(r"[\u4e00-\u9fff]", entry.zh)
        assert re.fullmatch(r"[ -~]+", entry.en)
    selected = indicator.select.partition("\nfrom ")[0]
    columns = {
        line.strip().rstrip(",").split(" as ")[-1].split(".")[-1] for line in selected.splitlines()[1:]
    }
    assert {"county_code", "period_kind", "period", "town_code", "batch_id", "row_no"} <= columns
    assert head.unit != "元" or head.measure.startswith("sum("), "money is added, never counted"
    assert indicator.can_be_lower_bound == ("is_at_least" in columns)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- id: LAB2", "-- id: LAB9", "says it is LAB9"),
        ("-- unit: 人", "-- unit: 万人", "unit"),
        ("-- en: in jobs in the paired province\n", "", "en"),
        ("relations: [placement_counted]", "relations: [nothing_counted]", "nothing_counted"),
        ("-- measure:", "-- measures:", "measures"),
        ("-- zh: 赴东部", "-- zh: [赴东部", "LAB2"),
    ],
)
def test_a_broken_header_is_refused_by_name(copied: Path, old: str, new: str, said: str) -> None:
    path = copied / "include" / "sql" / "indicators" / "LAB2.sql"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as refused:
        load_indicators(copied)
    assert "LAB2.sql" in str(refused.value)


def test_a_new_indicator_is_a_new_file(copied: Path) -> None:
    folder = copied / "include" / "sql" / "indicators"
    text = (folder / "LAB2.sql").read_text(encoding="utf-8").replace("-- id: LAB2", "-- id: LAB77")
    (folder / "LAB77.sql").write_text(text, encoding="utf-8")
    assert [i.header.id for i in load_indicators(copied) if i.header.id == "LAB77"] == ["LAB77"]
