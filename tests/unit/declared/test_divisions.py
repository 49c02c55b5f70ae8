"""Towns and villages: found by data only, ambiguous names by none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.declared.divisions import DivisionRow, Divisions

INCLUDE = Path(__file__).resolve().parents[3] / "include"
HUINING = Divisions.load(INCLUDE / "divisions" / "620422.csv", "620422")
DINGJIAGOU = "620422116"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("丁家沟镇", DINGJIAGOU),
        ("丁家沟乡", DINGJIAGOU),
        ("丁家沟", DINGJIAGOU),
        ("丁沟", DINGJIAGOU),
        (" 丁家沟 镇　", DINGJIAGOU),
        ("会宁县丁家沟镇", DINGJIAGOU),
        ("会宁丁家沟镇", DINGJIAGOU),
        ("甘肃省白银市会宁县丁家沟镇", DINGJIAGOU),
        ("甘肃省/白银市/会宁县/丁家沟镇", DINGJIAGOU),
        ("甘肃会宁丁家沟", DINGJIAGOU),
        ("丁家沟镇人民政府", DINGJIAGOU),
        ("丁家沟镇/线川村", DINGJIAGOU),
        ("会宁县丁家沟镇线家川村", DINGJIAGOU),
        ("620422116", DINGJIAGOU),
        (620422116, DINGJIAGOU),
        ("６２０４２２１１６", DINGJIAGOU),
        ("620422116000", DINGJIAGOU),
        ("620422116209", DINGJIAGOU),
        ("新庄塬镇", "620422123"),
        ("土门现镇", "620422120"),
        ("新塬镇", "620422121"),
        ("新原镇", "620422121"),
        ("新添堡", "620422202"),
        ("新添堡乡", "620422202"),
        ("会师街道", "620422100"),
    ],
)
def test_a_town_is_found_by_every_known_name(typed: str | int, code: str) -> None:
    assert HUINING.town(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        "会宁县",
        "甘肃省",
        "丁",
        "沟镇",
        "丁家沟村",
        "靖远县大沟镇",
        "劝业场街道",
        "和平区",
        "620422",
        "620422999",
        "620422116999",
        "120101001",
        6204221,
        "丁家乡",
    ],
)
def test_what_is_no_town_of_the_county_is_none(typed: str | int | None) -> None:
    assert HUINING.town(typed) is None


@pytest.mark.parametrize(
    ("typed", "town", "code"),
    [
        ("线川村", DINGJIAGOU, "620422116209"),
        ("线家川村", DINGJIAGOU, "620422116209"),
        ("线川", DINGJIAGOU, "620422116209"),
        ("丁家沟镇/线川村", DINGJIAGOU, "620422116209"),
        ("会宁县丁家沟镇线川村", DINGJIAGOU, "620422116209"),
        ("线川村委会", DINGJIAGOU, "620422116209"),
        ("线川村三社", DINGJIAGOU, "620422116209"),
        ("线家川村2组", DINGJIAGOU, "620422116209"),
        ("620422116209", DINGJIAGOU, "620422116209"),
        ("红军村", "620422100", "620422100201"),
        ("会师镇/红军村", "620422100", "620422100201"),
        ("桃花山社区居委会", "620422100", "620422100002"),
        ("河屲村", "620422202", "620422202205"),
        ("二十铺村", "620422107", "620422107004"),
    ],
)
def test_a_village_is_found_inside_its_town(typed: str, town: str, code: str) -> None:
    assert HUINING.village(typed, town) == code


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("线川村", "620422100"),
        ("会师镇红军村", DINGJIAGOU),
        ("620422116209", "620422100"),
        ("线川村", None),
        ("", DINGJIAGOU),
        (None, DINGJIAGOU),
        ("线川村", "620422999"),
        ("丁家沟镇", DINGJIAGOU),
        ("川村", DINGJIAGOU),
        ("线川村附近", DINGJIAGOU),
    ],
)
def test_a_village_is_never_taken_from_elsewhere(typed: str | None, town: str | None) -> None:
    assert HUINING.village(typed, town) is None


def test_every_name_and_alias_of_the_file_leads_to_its_row() -> None:
    towns = [row for row in HUINING.rows if row.parent_code == "620422"]
    villages = [row for row in HUINING.rows if row.parent_code in {town.code for town in towns}]
    assert len(towns) == 28
    assert len(villages) == 322
    for row in towns:
        assert {HUINING.town(name) for name in row.names} == {row.code}
        assert {HUINING.town(f"甘肃省会宁县{name}") for name in row.names} == {row.code}
    for row in villages:
        assert {HUINING.village(name, row.parent_code) for name in row.names} == {row.code}


def test_the_same_file_serves_the_paired_district() -> None:
    heping = Divisions.load(INCLUDE / "divisions" / "620422.csv", "120101")
    assert heping.town("天津市和平区小白楼街道") == heping.town("小白楼街道办事处") == "120101002"
    assert heping.town("丁家沟镇") is None


def test_a_name_two_divisions_share_is_none() -> None:
    divisions = Divisions(
        [
            DivisionRow("999999", "county", "某县", "999900"),
            DivisionRow("999999100", "township", "城关镇", "999999", ("老城",)),
            DivisionRow("999999200", "township", "城关回族乡", "999999", ("老城",)),
            DivisionRow("999999100001", "community", "东关社区", "999999100"),
            DivisionRow("999999100200", "village", "东关村", "999999100"),
            DivisionRow("999999200200", "village", "东关村", "999999200"),
        ],
        "999999",
    )
    assert divisions.town("城关镇") == "999999100"
    assert divisions.town("城关回族乡") == "999999200"
    assert divisions.town("城关") is None
    assert divisions.town("城关街道") is None
    assert divisions.town("老城") is None
    assert divisions.village("东关社区", "999999100") == "999999100001"
    assert divisions.village("东关村", "999999200") == "999999200200"
    assert divisions.village("东关", "999999100") is None


@given(st.text(max_size=20) | st.text(alphabet="会宁县丁家沟镇乡线川村社区0123456789/ ", max_size=20))
def test_any_text_gives_a_code_of_the_county_or_none(typed: str) -> None:
    town = HUINING.town(typed)
    assert town is None or HUINING.by_code[town].parent_code == "620422"
    village = HUINING.village(typed, DINGJIAGOU)
    assert village is None or HUINING.by_code[village].parent_code == DINGJIAGOU


@pytest.mark.parametrize(
    "content",
    [
        "code,level,name,parent_code\n620422,county,会宁县,620400\n",
        "code,level,name,parent_code,aliases\n620422,county,会宁县,620400,\n",
        "code,level,name,parent_code,aliases\n62042211,township,丁家沟镇,620422,\n",
        "code,level,name,parent_code,aliases\nabc,township,丁家沟镇,620422,\n",
        "code,level,name,parent_code,aliases\n" + "620422116,township,丁家沟镇,620422,\n" * 2,
        "",
    ],
)
def test_an_unusable_file_is_a_configuration_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "620422.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError):
        Divisions.load(path, "620422")


def test_a_missing_or_foreign_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        Divisions.load(tmp_path / "none.csv", "620422")
    (tmp_path / "gbk.csv").write_bytes(
        "code,level,name,parent_code,aliases\n1,township,会宁".encode("gb18030")
    )
    with pytest.raises(ConfigError):
        Divisions.load(tmp_path / "gbk.csv", "620422")
