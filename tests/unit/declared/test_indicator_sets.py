"""One county-year has one indicator set: by validity, closeness and choice; a set that names what there is not is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County, load_counties
from xiezuo.declared.indicator_sets import catalogue_of, load_sets, names_by_sets, set_of
from xiezuo.declared.indicators import load_indicators

ROOT = Path(__file__).parents[3]
HUINING = County("620422", "会宁县", "白银市", "甘肃省", "和平区", "天津市")
OTHER = County("533103", "芒市", "德宏州", "云南省", "青浦区", "上海市")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "include", tmp_path / "include")
    return tmp_path


def add(root: Path, name: str, based_on: str, **changed: object) -> None:
    path = root / "include" / "indicator_sets" / f"{based_on}.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8")) | changed
    path.with_stem(name).write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize(
    ("year", "name"),
    [(2019, "poverty-2017"), (2021, "transition-2021"), (2023, "transition-2021"), (2024, "actions-2024"),
     (2025, "actions-2024"), (2026, "regular-2026"), (2031, "regular-2026")],
)  # fmt: skip
def test_years_follow_each_other(year: int, name: str) -> None:
    assert set_of(ROOT, HUINING, year).name == name


def test_a_county_chooses_for_one_year(tmp_path: Path) -> None:
    path = tmp_path / "counties.yaml"
    path.write_text(
        '"620422": {name: 会宁县, city: 白银市, province: 甘肃省, paired: {county: 和平区, province: 天津市},'
        " indicator_sets: {2025: transition-2021}}",
        encoding="utf-8",
    )
    county = load_counties(path)["620422"]
    assert [set_of(ROOT, county, year).name for year in (2024, 2025)] == ["actions-2024", "transition-2021"]


def test_a_choice_that_does_not_hold_is_refused() -> None:
    with pytest.raises(ConfigError) as refused:
        set_of(ROOT, replace(HUINING, sets=((2026, "transition-2021"),)), 2026)
    assert "2026年没有适用的指标体系" in str(refused.value.zh)


def test_the_closest_set_holds(root: Path) -> None:
    add(root, "gansu", "transition-2021", applies_to={"province": "甘肃省"}, valid_from=2022)
    add(root, "huining", "transition-2021", applies_to={"county_code": "620422"}, valid_from=2023)
    assert [set_of(root, HUINING, year).name for year in (2021, 2022, 2023)] == ["transition-2021", "gansu", "huining"]
    assert set_of(root, OTHER, 2023).name == "transition-2021"


def test_a_year_of_no_set_is_refused(root: Path) -> None:
    (root / "include/indicator_sets/regular-2026.yaml").unlink()
    with pytest.raises(ConfigError, match="2026"):
        set_of(root, HUINING, 2026)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"chapters": [{"zh": "劳务", "indicators": ["LAB99"]}]}, "LAB99"),
        ({"chapters": [{"zh": "劳务", "indicators": ["LAB1", "LAB1"]}]}, "twice"),
        ({"valid_to": 2001}, "before valid_from"),
        ({"since": 2050}, "since"),
        ({"names": {"LAB99": "某某"}}, "LAB99"),
        ({"report": [{"zh": "一", "subject": "x"}]}, "report"),
        ({"valid_from": 2021, "valid_to": 2024}, "same year"),
    ],
)
def test_a_set_that_cannot_be_is_refused(root: Path, changed: dict[str, object], why: str) -> None:
    add(root, "odd", "transition-2021", **({"valid_from": 2022} | changed))
    with pytest.raises(ConfigError, match=why):
        load_sets(root)


def test_figures_stand_where_the_set_puts_them() -> None:
    by_four_actions, by_items = (catalogue_of(ROOT, HUINING, year) for year in (2024, 2022))
    assert by_four_actions.heading("LAB1.lifted") == "劳务协作提升行动"
    assert by_items.heading("LAB1.lifted") == "劳务协作"
    assert by_items.heading("FUN1.某县自己的类别") == by_items.heading("FUN1.industry")
    assert by_items.place("CON1.from.上海市") is None
    assert by_items.place("GONE1") > by_items.place("VIL1")  # counted once, by a file that is gone
    listed = [one for one in (by_items.place(name) for name in ("ORG1", "ORG1.government", "ORG2", "LAB1")) if one]
    assert listed == sorted(listed)


def test_an_indicator_of_its_own_heading_leaves_the_others_of_its_file(root: Path) -> None:
    chapters = [{"zh": "产业", "indicators": ["FUN1.industry"]}, {"zh": "其他资金", "indicators": ["FUN1", "FUN1.*", "FUN1.category"]}]
    add(root, "own", "transition-2021", chapters=chapters, valid_from=2022)
    catalogue = catalogue_of(root, HUINING, 2022)
    assert [catalogue.heading(one) for one in ("FUN1.industry", "FUN1.village", "FUN1")] == ["产业", "其他资金", "其他资金"]


def test_every_indicator_is_in_some_set() -> None:
    """At least one figure of every file is; sales to each province of buyers are for those who ask the warehouse."""
    catalogues = [catalogue_of(ROOT, HUINING, year) for year in (2019, 2022, 2024, 2026)]
    nowhere = [
        one.file_id for one in load_indicators(ROOT)
        if not any(catalogue.heading(entry.indicator_id) for entry in one.entries for catalogue in catalogues)
    ]  # fmt: skip
    assert nowhere == ["CON1.from.buyer"]


def test_a_set_s_own_name_is_what_a_ledger_may_say(root: Path) -> None:
    add(root, "own", "transition-2021", names={"LAB1": "帮助农民工外出"}, valid_from=2022)
    assert names_by_sets(root)["帮助农民工外出"] == "LAB1"
    assert "其中:原建档立卡脱贫人口" not in names_by_sets(root)  # of four indicators, so of none
