"""Who works in the partner's city and in its county or district: told by places as people type them, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.data import counties
from xiezuo import pipeline
from xiezuo.declared.provinces import city_of
from xiezuo_sample.codes import identity_number

HEAD = ["姓名", "身份证号", "乡镇", "户类型", "务工省份", "务工城市", "务工地点县", "务工地点", "务工企业", "开始时间"]
INLAND, DOUBTFUL = "530981", "530982"


def ledger(*places: tuple[str, str, str, str]) -> list[list[Any]]:
    rows = [
        [f"张{'甲乙丙丁戊己庚辛壬癸'[n]}", identity_number(800 + n, date(1990, 1, n + 1)), "青石镇", "脱贫户", *place, "甲厂", "2022-03-05"]
        for n, place in enumerate(places)
    ]
    return [["青石镇劳务输转台账（填报日期：2022年12月30日）"], HEAD, *rows]


@pytest.fixture(scope="module")
def ask(fresh: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, tuple[Any, str]]]:
    """Return what gives the year's figures of people in the paired province, by indicator."""
    from tests.integration.conftest import Office

    folder = tmp_path_factory.mktemp("partner")
    places = [
        counties.invented(INLAND, "云山县", paired=("鄞州区", "浙江省")),
        counties.invented(DOUBTFUL, "云水县", paired=("鼓楼区", "江苏省")),  # Nanjing has one, and Xuzhou
    ]
    region = counties.settle(fresh(folder), folder, *places)
    pipeline.prepare(region)
    office = Office(region, INLAND)
    office.drop(
        "labour/输转_2022-12.csv",
        ledger(
            ("浙江省", "宁波市", "鄞州区", ""),
            ("浙江省", "宁波", "鄞州", ""),
            ("浙江省", "", "", "宁波市鄞州区某工业区"),
            ("浙江省", "宁波市", "慈溪市", ""),
            ("浙江省", "杭州市", "余杭区", ""),
            ("浙江省", "宁波市", "", ""),
            ("浙江省", "", "", "宁波市经济开发区"),
            ("浙江省", "", "", ""),
            ("广东省", "广州市", "", ""),
            ("浙江省", "温州市", "", "宁波路1号"),
        ),
    )
    office.drop(f"../{DOUBTFUL}/labour/输转_2022-12.csv", ledger(("江苏省", "徐州市", "鼓楼区", ""), ("江苏省", "", "鼓楼区", "")))
    assert {batch["rows_quarantined"] for batch in office.take("labour")} == {0}
    pipeline.build(region)

    def figures(county: str) -> dict[str, tuple[Any, str]]:
        rows = office.ask(
            "select indicator_id, value, qualifier from mart.indicator_value where county_code = %s and period = '2022'"
            " and period_kind = 'year' and breakdown = '' and indicator_id = any(%s)",
            county, ["LAB1.east", "LAB2", "LAB2.city", "LAB2.county"],
        )  # fmt: skip
        return {indicator_id: (value, qualifier) for indicator_id, value, qualifier in rows}

    return figures


def test_places_tell_city_and_county_or_they_are_lower_bounds(ask: Callable[[str], dict[str, tuple[Any, str]]]) -> None:
    """Six of nine in Ningbo, one in Hangzhou, one in a street of Wenzhou, one who says no city; of the six three in the district, two say none."""
    assert ask(INLAND) == {
        "LAB1.east": (10, "exact"), "LAB2": (9, "exact"), "LAB2.city": (6, "at_least"), "LAB2.county": (3, "at_least"),
    }  # fmt: skip


def test_of_a_district_whose_name_two_cities_have_nothing_is_said(ask: Callable[[str], dict[str, tuple[Any, str]]]) -> None:
    assert ask(DOUBTFUL) == {
        "LAB1.east": (2, "exact"), "LAB2": (2, "exact"), "LAB2.city": (None, "not_reported"),
        "LAB2.county": (None, "not_reported"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("province", "county", "city"),
    [
        ("天津市", "和平区", "天津市"), ("浙江省", "鄞州区", "宁波市"), ("福建省", "鼓楼区", "福州市"), ("江苏省", "鼓楼区", None),
        ("福建省", "厦门市", "厦门市"), ("上海市", "无名区", "上海市"), ("浙江省", "无名区", None), ("无名省", "无名区", None),
    ],
)  # fmt: skip
def test_the_city_of_a_partner_follows_from_the_list(province: str, county: str, city: str | None) -> None:
    assert city_of(province, county) == city
