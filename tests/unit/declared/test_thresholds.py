"""Thresholds and the negative list: which entry holds for whom and when, and what a bad file is told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County
from xiezuo.declared.thresholds import NegativeList, Thresholds, load_negative_list, load_thresholds
from xiezuo.warehouse.reference import _nearest, _term_rows, _threshold_rows

ROOT = Path(__file__).parents[3]
HUINING = County("620422", "会宁县", "白银市", "甘肃省", "和平区", "天津市")
ELSEWHERE = County("530321", "某县", "某市", "云南省", "某区", "上海市")
SAID = {"zh": "说明", "en": "text", "source_zh": "默认值", "source_en": "a default"}


def progress(since: str = "2021-01-01", until: str | None = None, pct: int = 40, **scope: str) -> dict[str, Any]:
    days = {"valid_from": date.fromisoformat(since), "valid_to": None if until is None else date.fromisoformat(until)}
    return {"applies_to": scope, **days, **SAID, "expected_pct_by_month": {6: pct}}


def item(name: str = "vehicle", **changes: Any) -> dict[str, Any]:
    usual = {"id": name, "applies_to": {}, "valid_from": date(2021, 1, 1), "valid_to": None, "terms": ["公车"], "exceptions": []}
    return {**usual, **SAID, **changes}


def written(tmp_path: Path, name: str, document: Any) -> Path:
    path = tmp_path / name
    path.write_text(document if isinstance(document, str) else yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def spans(document: dict[str, Any], county: County) -> list[tuple[date, date | None, Decimal]]:
    rows = _threshold_rows(Thresholds.model_validate(document), county)
    return [(r["valid_from"], r["valid_to"], r["expected_pct"]) for r in rows]


def test_the_projects_own_files_are_read_and_claim_no_law() -> None:
    thresholds = load_thresholds(ROOT / "include/thresholds.yaml")
    negative = load_negative_list(ROOT / "include/negative_list.yaml")
    assert _threshold_rows(thresholds, HUINING)
    assert _term_rows(negative, ELSEWHERE)
    for entry in (*thresholds.spending_progress, *thresholds.industry_share, *negative.items):
        assert "核定" in entry.source_zh
        assert "默认" in entry.source_zh or "未引用" in entry.source_zh


def test_the_closest_entry_holds_and_the_general_one_goes_on_after_it() -> None:
    document = {
        "spending_progress": [
            progress("2021-01-01", pct=40),
            progress("2022-01-01", "2022-12-31", pct=50, province="甘肃省"),
            progress("2022-07-01", "2022-09-30", pct=60, county_code="620422"),
        ]
    }
    assert spans(document, ELSEWHERE) == [(date(2021, 1, 1), None, 40)]
    assert spans(document, HUINING) == [
        (date(2021, 1, 1), date(2021, 12, 31), 40),
        (date(2022, 1, 1), date(2022, 6, 30), 50),
        (date(2022, 7, 1), date(2022, 9, 30), 60),
        (date(2022, 10, 1), date(2022, 12, 31), 50),
        (date(2023, 1, 1), None, 40),
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 40)), st.sampled_from([0, 1, 2])),
        max_size=6,
    ),
    st.integers(0, 120),
)
def test_every_day_has_the_value_of_the_closest_entry(drawn: list[tuple[int, int | None, int]], offset: int) -> None:
    """Compared with a plain look at every entry; of equally close ones any may win."""
    start = date(2022, 1, 1)
    scopes = [{}, {"province": "甘肃省"}, {"county_code": "620422"}]
    entries = Thresholds.model_validate({
        "spending_progress": [
            progress(
                f"{start + timedelta(days=first)}",
                None if length is None else f"{start + timedelta(days=first + length)}",
                place, **scopes[scope],
            )
            for place, (first, length, scope) in enumerate(drawn)
        ]
    }).spending_progress  # fmt: skip
    day = start + timedelta(days=offset)
    holding = [e for e in entries if e.valid_from <= day <= (e.valid_to or date.max)]
    said = [entry for entry, first, last in _nearest(entries, HUINING) if first <= day <= (last or date.max)]
    assert len(said) == min(1, len(holding))
    if holding:
        assert said[0] in holding
        assert said[0].applies_to.closeness == max(e.applies_to.closeness for e in holding)


BAD_THRESHOLDS = [
    pytest.param("spending_progress: [", "line 1", id="no-yaml"),
    pytest.param([1, 2], "the whole", id="no-mapping"),
    pytest.param({"spending_progres": []}, "spending_progres", id="misspelt"),
    pytest.param({"spending_progress": [progress() | {"expected_pct_by_month": {13: 1}}]}, "spending_progress.0.expected_pct_by_month.13", id="month"),
    pytest.param({"spending_progress": [progress(pct=101)]}, "spending_progress.0.expected_pct_by_month.6", id="share"),
    pytest.param({"spending_progress": [progress() | {"source_zh": ""}]}, "spending_progress.0.source_zh", id="no-source"),
    pytest.param({"spending_progress": [progress("2022-01-01", "2021-01-01")]}, "valid_to lies before valid_from", id="backwards"),
    pytest.param({"spending_progress": [progress(), progress("2022-01-01")]}, "spending_progress.1", id="overlap"),
    pytest.param({"spending_progress": [progress(county="620422")]}, "spending_progress.0.applies_to.county", id="scope"),
]  # fmt: skip
BAD_LISTS = [
    pytest.param({"items": [item(terms=[])]}, "items.0.terms", id="no-terms"),
    pytest.param({"items": [item("Vehicle 1")]}, "items.0.id", id="identity"),
    pytest.param({"items": [item(), item()]}, "items (vehicle).1", id="twice"),
    pytest.param({"items": [item(valid_from="soon")]}, "items.0.valid_from", id="no-date"),
    pytest.param({}, "items", id="nothing"),
]


@pytest.mark.parametrize(("document", "place"), BAD_THRESHOLDS)
def test_bad_thresholds_are_refused_by_file_and_place(tmp_path: Path, document: Any, place: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_thresholds(written(tmp_path, "thresholds.yaml", document))
    assert "thresholds.yaml" in refused.value.message
    assert place in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize(("document", "place"), BAD_LISTS)
def test_a_bad_negative_list_is_refused_by_file_and_place(tmp_path: Path, document: Any, place: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_negative_list(written(tmp_path, "negative_list.yaml", document))
    assert "negative_list.yaml" in refused.value.message
    assert place in refused.value.message


def test_a_missing_or_undecodable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"thresholds\.yaml cannot be read"):
        load_thresholds(tmp_path / "thresholds.yaml")
    path = tmp_path / "negative_list.yaml"
    path.write_bytes("items: 公车".encode("gb18030"))
    with pytest.raises(ConfigError, match=r"negative_list\.yaml cannot be read"):
        load_negative_list(path)


def test_a_term_of_two_entries_of_one_county_stands_once(tmp_path: Path) -> None:
    """A county's own item takes the place of the general one on its days."""
    own = item(applies_to={"county_code": "620422"}, valid_from=date(2022, 1, 1), terms=["公车", "轿车"])
    rows = _term_rows(NegativeList.model_validate({"items": [item(), own]}), HUINING)
    assert [(r["term"], r["valid_from"], r["valid_to"]) for r in rows] == [
        ("公车", date(2021, 1, 1), date(2021, 12, 31)),
        ("公车", date(2022, 1, 1), None),
        ("轿车", date(2022, 1, 1), None),
    ]
