"""Provinces from what a ledger says about a place of work."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.declared.provinces import _remembered, province_of

PROVINCES = Path(__file__).resolve().parents[3] / "include" / "provinces.csv"
with PROVINCES.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("天津市和平区", "120000"),
        ("天津和平区南京路 1 号", "120000"),
        ("津", "120000"),
        ("赴津", "120000"),
        ("在天津", "120000"),
        ("务工地点：天津市", "120000"),
        ("兰州", "620000"),
        ("兰州市", "620000"),
        ("会宁", "620000"),
        ("会宁县", "620000"),
        ("甘肃省白银市会宁县", "620000"),
        ("甘肃/白银/会宁", "620000"),
        ("新疆乌鲁木齐", "650000"),
        ("新疆维吾尔自治区喀什地区", "650000"),
        ("新疆生产建设兵团", "650000"),
        ("内蒙古自治区呼和浩特市新城区", "150000"),
        ("内蒙", "150000"),
        ("广西壮族自治区", "450000"),
        ("宁夏银川", "640000"),
        ("西藏自治区", "540000"),
        ("沈阳市和平区", "210000"),
        ("江苏省 苏州市 吴江区", "320000"),
        ("广东东莞长安镇", "440000"),
        ("深圳龙华某电子厂", "440000"),
        ("上海市南京西路", "310000"),
        ("天津市滨海新区某厂", "120000"),
        ("浦东", "310000"),
        ("临夏州", "620000"),
        ("甘南", "620000"),
        ("甘南县", "230000"),
        ("张家川县", "620000"),
        ("海南", "460000"),
        ("海南藏族自治州", "630000"),
        ("吉林市", "220000"),
        ("西安", "610000"),
        ("定西地区", "620000"),
        ("北京市崇文区", "110000"),
        ("620422", "620000"),
        ("１２０１０１", "120000"),
        ("香港", "810000"),
        ("香港特别行政区", "810000"),
        ("澳门", "820000"),
        ("台湾省", "710000"),
        ("境外", "990000"),
        ("国（境）外", "990000"),
        ("港澳台", "990000"),
        ("赴国外", "990000"),
    ],
)
def test_a_place_has_one_province(text: str, code: str) -> None:
    assert province_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "和平区",
        "朝阳",
        "城关区",
        "东乡县",
        "北京路 12 号",
        "南京西路",
        "天津、兰州",
        "天津市兰州市",
        "其他地区",
        "本县",
        "县内",
        "电子厂",
        "市辖区",
        "城区",
        "",
        "—",
        "000000",
        "999999",
        "12345",
        "东区",
        "开发区",
    ],
)
def test_what_does_not_settle_the_province_is_none(text: str) -> None:
    assert province_of(text) is None


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("天津市", "市辖区", "和平区"), "120000"),
        ((None, "沈阳", "和平区", None), "210000"),
        (("甘肃省", "兰州市", "城关区", "某餐厅"), "620000"),
        (("", None, "", "天津市和平区"), "120000"),
        (("黑龙江", "齐齐哈尔", "甘南"), "230000"),
        (("青海", "海南"), "630000"),
        (("大连", "中山"), "210000"),
        (("北京", "朝阳"), "110000"),
        (("甘肃", "东乡县"), "620000"),
        (("甘肃省", "白银市", "会宁县", "天津路 1 号"), "620000"),
        (("天津", "兰州"), None),
        (("天津市", None, None, "甘肃省兰州市"), None),
        (("甘肃省", None, "和平区"), None),
        (("甘肃", "境外"), None),
        ((None, None), None),
        ((), None),
    ],
)
def test_the_parts_of_an_address_must_agree(texts: tuple[str | None, ...], code: str | None) -> None:
    assert province_of(*texts) == code


def test_every_province_is_known_by_each_of_its_names() -> None:
    assert len(ROWS) == 34
    for row in ROWS:
        for name in [row["name"], *row["short_names"].split(";")]:
            assert province_of(name) == row["code"], name
            assert province_of(f"在{name}") == row["code"], name


@given(
    st.lists(
        st.none()
        | st.text(max_size=12)
        | st.text(alphabet="天津市和平区甘肃省兰州会宁县路境外 /", max_size=12),
        max_size=4,
    )
)
def test_any_texts_give_a_province_or_none(texts: list[str | None]) -> None:
    assert province_of(*texts) in {None, "990000", *(row["code"] for row in ROWS)}


def test_what_is_remembered_is_bounded_and_short() -> None:
    """A process that reads ledgers for months meets texts without end; one cell may have five thousand characters."""
    before = _remembered.cache_info()
    assert province_of("天津市和平区" + "某" * 200) == "120000"
    assert _remembered.cache_info() == before
    assert province_of("天津市和平区某某路七号") == "120000"
    assert before.maxsize is not None
    assert before.maxsize < 10_000
    assert _remembered.cache_info().misses == before.misses + 1
