"""Indicators: every file says what it counts, in both languages, under the name it has."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.indicators import Indicator, indicator_of, load_indicators

ROOT = Settings.from_env({}).root
INDICATORS = load_indicators(ROOT)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the SQL folder to break."""
    shutil.copytree(ROOT / "include" / "sql", tmp_path / "include" / "sql")
    for name in ("categories.yaml", "provinces.csv"):
        shutil.copy(ROOT / "include" / name, tmp_path / "include" / name)
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
    if indicator.is_rate:
        assert not indicator.select
        assert len(indicator.sides) == 2
        return
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
        ("relations: [eastern_province,", "relations: [nothing_counted,", "nothing_counted"),
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


RATE = """-- id: LAB2.rate
-- zh: 赴东部务工占比
-- en: share of jobs in the paired province
-- unit: '%'
-- source: labour
-- datasets: [labour_placement]
-- numerator: LAB2
-- denominator: LAB1
-- definition_zh: 赴结对省份务工人数占全部的比例
-- definition_en: jobs in the paired province as a share of all
"""


def with_rate(copied: Path, text: str, name: str = "LAB2.rate") -> tuple[Indicator, ...]:
    """Return the indicators with one file more."""
    (copied / "include" / "sql" / "indicators" / f"{name}.sql").write_text(text, encoding="utf-8")
    return load_indicators(copied)


def test_a_rate_is_a_header_with_two_sides(copied: Path) -> None:
    rate = next(one for one in with_rate(copied, RATE) if one.header.id == "LAB2.rate")
    assert rate.is_rate
    assert [entry.indicator_id for entry, _ in rate.sides] == ["LAB2", "LAB1"]
    assert [entry.measure for entry in rate.entries] == ["100 * LAB2 / LAB1"]
    assert "labour_placement" in rate.reads
    assert rate.header.kinds == ("month", "year_to_date", "year")


def test_a_rate_has_the_kinds_that_both_sides_have(copied: Path) -> None:
    text = RATE.replace("numerator: LAB2", "numerator: IND4.lifted").replace("LAB1", "IND4")
    rate = next(one for one in with_rate(copied, text) if one.header.id == "LAB2.rate")
    assert rate.header.kinds == ("year_to_date", "year")


@pytest.mark.parametrize("side", ["FUN1.industry", "FUN1.本县自设类别", "LAB1.lifted"])
def test_a_side_may_be_a_part_a_member_and_a_member_nobody_foresees(copied: Path, side: str) -> None:
    rate = next(one for one in with_rate(copied, RATE.replace("numerator: LAB2", f"numerator: {side}")) if one.is_rate and one.header.id == "LAB2.rate")
    assert rate.sides[0][0].indicator_id == side
    assert rate.sides[0][1].file_id in ("FUN1.category", "LAB1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("-- denominator: LAB1\n", "", "numerator and its denominator"),
        ("-- denominator: LAB1\n", "-- denominator: LAB99\n", "nothing counts"),
        ("-- denominator: LAB1\n", "-- denominator: LAB1\n-- measure: count(*)\n", "neither measure"),
        ("-- denominator: LAB1\n", "-- denominator: LAB1\n-- stock: true\n", "neither measure"),
        ("unit: '%'", "unit: 人", "measure: Field required"),
        ("-- definition_en: jobs in the paired province as a share of all\n", "-- definition_en: x\nselect 1\n", "no SELECT"),
    ],
)
def test_a_rate_that_is_none_is_refused_by_name(copied: Path, old: str, new: str, said: str) -> None:
    assert old in RATE
    with pytest.raises(ConfigError, match=said) as refused:
        with_rate(copied, RATE.replace(old, new))
    assert "LAB2.rate" in str(refused.value)


def test_a_rate_has_no_rates_in_it(copied: Path) -> None:
    with_rate(copied, RATE)
    with pytest.raises(ConfigError, match="nothing counts"):
        _fresh(copied, RATE.replace("LAB2.rate", "LAB3.rate").replace("numerator: LAB2", "numerator: LAB2.rate"), "LAB3.rate")


def _fresh(copied: Path, text: str, name: str) -> None:
    """Load anew: a folder that was read once is kept in memory."""
    other = copied / "other"
    shutil.copytree(copied / "include", other / "include")
    with_rate(other, text, name)


def test_one_indicator_is_split_by_one_file(copied: Path) -> None:
    split = (copied / "include/sql/indicators/FUN1.category.sql").read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="split by several files"):
        with_rate(copied, split.replace("split: category", "split: town_code"), "FUN1.town_code")


def test_identities_may_have_several_dots(copied: Path) -> None:
    """A part's own split and a part's rate are found by the longest beginning that fits."""
    folder = copied / "include/sql/indicators"
    split = (folder / "FUN1.category.sql").read_text(encoding="utf-8").replace("-- id: FUN1\n", "-- id: FUN1.county_level\n")
    (folder / "FUN1.county_level.category.sql").write_text(split, encoding="utf-8")
    with_rate(copied, RATE.replace("LAB2.rate", "FUN1.county_level.rate").replace("numerator: LAB2", "numerator: FUN1.county_level.自设"), "FUN1.county_level.rate")

    def file_of(indicator_id: str) -> str | None:
        found = indicator_of(copied, indicator_id)
        return found[1].file_id if found else None

    assert file_of("FUN1.自设") == "FUN1.category"
    assert file_of("FUN1.county_level.自设") == "FUN1.county_level.category"
    assert file_of("FUN1.county_level.rate") == "FUN1.county_level.rate"
    assert file_of("FUN7.x") is None


def test_a_new_indicator_is_a_new_file(copied: Path) -> None:
    folder = copied / "include" / "sql" / "indicators"
    text = (folder / "LAB2.sql").read_text(encoding="utf-8").replace("-- id: LAB2", "-- id: LAB77")
    (folder / "LAB77.sql").write_text(text, encoding="utf-8")
    assert [i.header.id for i in load_indicators(copied) if i.header.id == "LAB77"] == ["LAB77"]
