"""Spellings that name the county fit every county."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County
from xiezuo.declared.spellings import expand

HUINING = County("620422", "会宁县", "白银市", "甘肃省", "和平区", "天津市")
DONGXIANG = County("622926", "东乡族自治县", "临夏回族自治州", "甘肃省", "薛城区", "山东省")


@pytest.mark.parametrize(
    ("county", "expected"),
    [
        (HUINING, ("西部单位", "会宁县单位", "会宁单位", "和平区派往会宁县", "和平区派往会宁", "和平派往会宁县", "和平派往会宁")),
        (None, ("西部单位",)),
    ],
)
def test_a_placeholder_is_each_name_of_the_county(county: County | None, expected: tuple[str, ...]) -> None:
    """With and without 县 or 区; without a county nothing that names one is left."""
    found = expand(("西部单位", "{county}单位", "{paired_county}派往{county}"), county)
    assert set(found) == set(expected)
    assert found[:2] == expected[:2]


def test_an_autonomous_county_is_called_by_its_short_name_too() -> None:
    assert expand(("{county}",), DONGXIANG) == ("东乡族自治县", "东乡")


def test_an_unknown_placeholder_is_an_error_of_the_contract() -> None:
    with pytest.raises(ConfigError, match="city"):
        expand(("{city}单位",), HUINING)


@given(st.lists(st.text(alphabet="东西部单位{}county_paired", max_size=20)))
def test_other_spellings_stay_as_they_are(spellings: list[str]) -> None:
    plain = [spelling for spelling in spellings if "{" not in spelling]
    assert expand(plain, HUINING) == expand(plain, None) == tuple(dict.fromkeys(plain))
