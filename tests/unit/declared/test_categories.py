"""Categories of projects: one identity has one name, lists hold in years, the closest list counts."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.categories import load_categories
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import County
from xiezuo.declared.county_names import EASTERN
from xiezuo.declared.provinces import NAME, NO_NAME, code_list, province_names
from xiezuo.values.division_names import city_stem, county_stem

ROOT = Settings.from_env({}).root
HUINING = County("620422", "会宁县", "白银市", "甘肃省", "和平区", "天津市")
OTHER = County("530999", "云岭县", "临沧市", "云南省", "浦江区", "上海市")
TEN = ["industry", "village", "employment", "school", "education", "medical", "clinic", "street", "lighting", "workshop"]


def category(slug: str, **more: Any) -> dict[str, Any]:
    return {"slug": slug, "zh": f"{slug}类", "en": slug, "words": [slug], **more}


def written(folder: Path, categories: list[dict[str, Any]], lists: list[dict[str, Any]]) -> Path:
    path = folder / "categories.yaml"
    document = {"decided_by": "甲", "decided_on": "2026-01-01", "categories": categories, "lists": lists}
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def test_huining_keeps_its_ten_and_nobody_else_has_them() -> None:
    found = load_categories(ROOT / "include/categories.yaml")
    listed = {span.category.slug for span in found.of_county(HUINING) if span.is_listed and span.first <= 2022}
    assert listed == set(TEN)
    elsewhere = list(found.of_county(OTHER))
    assert not [span for span in elsewhere if span.is_listed]
    assert {"school", "clinic", "street", "lighting"}.isdisjoint(span.category.slug for span in elsewhere)


def test_a_list_holds_in_its_years_and_the_closest_counts(tmp_path: Path) -> None:
    lists = [
        {"applies_to": {}, "valid_from": 2021, "categories": ["a"]},
        {"applies_to": {"province": "云南省"}, "valid_from": 2022, "valid_to": 2023, "categories": ["b"], "industry": ["b"]},
        {"applies_to": {"county_code": "530999"}, "valid_from": 2024, "categories": ["a", "b"]},
    ]
    found = load_categories(written(tmp_path, [category("a", is_industry=True), category("b")], lists))

    def in_year(county: County, year: int) -> dict[str, tuple[bool, bool]]:
        spans = (span for span in found.of_county(county) if span.first <= year <= (span.last or year))
        return {span.category.slug: (span.is_listed, span.is_industry) for span in spans}

    assert in_year(OTHER, 2020) == {"a": (False, True), "b": (False, False)}
    assert in_year(OTHER, 2021) == {"a": (True, True), "b": (False, False)}
    assert in_year(OTHER, 2023) == {"a": (False, False), "b": (True, True)}
    assert in_year(OTHER, 2024) == {"a": (True, True), "b": (True, False)}
    assert in_year(HUINING, 2024) == {"a": (True, True), "b": (False, False)}


@pytest.mark.parametrize(
    ("categories", "lists", "said"),
    [
        ([category("a"), category("a")], [], "twice"),
        ([category("a"), category("b", zh="a类")], [], "twice"),
        ([category("a")], [{"applies_to": {}, "valid_from": 2021, "categories": ["b"]}], "no category"),
        ([category("a")], [{"applies_to": {}, "valid_from": 2021, "valid_to": 2020, "categories": ["a"]}], "before valid_from"),
        ([category("a")], [{"applies_to": {}, "valid_from": y, "categories": ["a"]} for y in (2021, 2023)], "another list"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, categories: Any, lists: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_categories(written(tmp_path, categories, lists))


def test_the_provinces_of_buyers_are_all_there_and_told_by_two_characters() -> None:
    text = (ROOT / "include/sql/relations/province_named.sql").read_text(encoding="utf-8")
    named = re.findall(r"\('(\w+)', '(\w+)', (?:true|false)\)", text)
    with (ROOT / "include/provinces.csv").open(encoding="utf-8", newline="") as lines:
        assert named == [(row["name"], row["short_names"].split(";")[0]) for row in csv.DictReader(lines)]
    assert len({name[:2] for name, _ in named}) == len(named) >= 31


def test_the_provinces_that_give_aid_are_the_same_wherever_they_are_listed() -> None:
    text = (ROOT / "include/sql/relations/eastern_province.sql").read_text(encoding="utf-8")
    assert {code[:2] for code in re.findall(r"'(\d{2}0000)'", text)} == EASTERN
    text = (ROOT / "include/sql/relations/province_named.sql").read_text(encoding="utf-8")
    assert {province_names()[name] for name in re.findall(r"\('(\w+)', '\w+', true\)", text)} == EASTERN


def test_what_may_follow_a_short_name_are_the_places_of_the_province() -> None:
    """Cities, and districts of municipalities, without their kind; every current name of the list of GB/T 2260."""
    text = (ROOT / "include/sql/relations/province_named.sql").read_text(encoding="utf-8")
    code_of = province_names()
    listed: defaultdict[str, set[str]] = defaultdict(set)
    for name, places in re.findall(r"\('(\w+)', '([^']*)'\)", text):
        listed[code_of[name]].update(places.split("|"))
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for province, code, names in code_list():
        for found in filter(None, map(NAME.fullmatch, names.split(","))):
            if found[1] or NO_NAME.fullmatch(found[2]) or code == "0000":
                continue
            is_bare = found[2].endswith("市") or province in ("11", "12", "31", "50")
            of_county = county_stem(found[2]) if is_bare else found[2]
            expected[province].add(city_stem(found[2]) if code.endswith("00") else of_county)
    assert listed == expected


def test_only_what_a_county_has_is_offered_to_it() -> None:
    spec = load_contracts(ROOT)["fund_project"].fields["category"]
    here, elsewhere = spec.names_in(HUINING), spec.names_in(OTHER)
    assert here == spec.value_names
    assert set(here) - set(elsewhere) == {"school", "clinic", "street", "lighting"}
    assert [spec.takes(value, OTHER) for value in ("clinic", "industry", "特色苦荞工坊")] == [False, True, True]
    assert spec.takes("clinic", HUINING)
