"""Whose ledger a title says it is: another county's in every spelling, and never our own townships, villages, firms or parks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data import counties
from xiezuo.base.settings import Settings
from xiezuo.declared.counties import County, load_counties
from xiezuo.declared.county_names import CountyNames
from xiezuo.declared.divisions import DivisionRow, Divisions
from xiezuo.declared.provinces import NAME, NO_NAME, code_list
from xiezuo.values.division_names import county_stem

SETTINGS = Settings.from_env({})
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
NAMES = CountyNames(load_counties(SETTINGS.counties_path)["620422"], DIVISIONS)

OURS = ("会宁县", "会宁", "甘肃省会宁县", "白银市会宁县", "甘肃省白银市会宁县", "甘肃会宁")
TOWNS = [name for row in DIVISIONS.rows if row.level in ("township", "street") for name in row.names]
VILLAGES = [row.name for row in DIVISIONS.rows if row.level in ("village", "community")]
OWN_PLACES = (
    "循环经济产业园区", "经济开发区", "工业集中区", "社区工厂", "惠民小区", "红军会师景区", "易地搬迁安置区", "北部牧区", "县委办", "全县", "各县区",
    "老城区", "新城区", "城区", "郊区", "库区", "灌区", "示范区", "生产区", "北部山区", "河东区块", "县直单位", "县城", "县域", "天津市", "和平区",
    "天津市和平区", "和平区与会宁县", "天津市和平区—会宁县", "白银市", "甘肃省", "津甘", "津陇", "会师众诚劳务有限公司", "天津晨屿电子有限公司",
    "天津市武清区晨屿电子有限公司", "和平区新兴街道", "县乡村振兴局", "县人力资源和社会保障局", "县公共就业服务中心", "县城乡供水公司",
    "县乡镇", "脱贫县", "受援县", "县级", "乡村振兴县级", "健康县城", "文明县城", "信息县级", "人力资源县级", "召开县委常委会", "对应县级", "清单县级",
)  # fmt: skip
SUBJECTS = (
    "劳务输转台账", "东西部协作资金项目台账", "招聘会岗位信息表", "就业帮扶车间名录", "县级领导互访台账", "社区结对帮扶统计表", "乡村建设示范村名册",
    "消费帮扶订单明细", "干部人才交流花名册", "企业落地情况", "培训班学员花名册", "协作园区共建台账", "县委农村工作领导小组会议台账",
)  # fmt: skip
WHEN = ("", "2022年", "2022年度", "2022年9月", "2022年第三季度", "（2022年）", "附件1：", "截至2022年12月底", "附表2 ", "2022年末", "截至2022年12月31日止", "2022年9月上旬", "2022年上半年", "截止2022年12月")
OTHERS = (
    "静宁县", "靖远县", "景泰县", "平川区", "白银区", "通渭县", "安定区", "榆中县", "永登县", "岷县", "环县", "东乡族自治县", "东乡县", "天祝县", "威宁县",
    "花垣县", "丹凤县", "隆德县", "西吉县",
)  # fmt: skip
FROM = ("", "甘肃省", "天津市和平区—", "天津市武清区与", "东西部劳务协作")


@given(
    st.sampled_from(WHEN), st.sampled_from(("", *OURS)),
    st.sampled_from([*OWN_PLACES, *TOWNS, *VILLAGES]), st.sampled_from(WHEN[:6]), st.sampled_from(SUBJECTS),
)  # fmt: skip
def test_our_own_titles_are_ours(when: str, ours: str, place: str, later: str, subject: str) -> None:
    """Townships, villages, firms and parks of ours are no counties, with and without our name before them."""
    for text in (f"{when}{ours}{place}{later}{subject}", f"{when}{place}{subject}", f"{place}{later}{subject}"):
        assert NAMES.other_in(text) is None, text
    for unit in (f"填报单位：{ours}{place}", f"单位：{place}  填报日期：2022年10月8日", f"填报单位（盖章）：{place}{ours}"):
        assert NAMES.other_in(unit) is None, unit


@given(st.sampled_from(WHEN), st.sampled_from(FROM), st.sampled_from(OTHERS), st.sampled_from(WHEN[:6]), st.sampled_from(SUBJECTS))
def test_another_countys_title_is_found(when: str, before: str, other: str, later: str, subject: str) -> None:
    """However it is put together; a name that any town's part may have (安定区) counts behind its city or before a bureau."""
    if other != "安定区" and (other[-1] != "区" or before in ("", "甘肃省")):
        assert NAMES.other_in(f"{when}{before}{other}{later}{subject}") == other
    assert NAMES.other_in(f"填报单位：甘肃省{other}人社局") == other
    assert NAMES.other_in(f"填报单位（盖章）: {other}财政局  填报日期：2022年10月8日") == other


def listed() -> Iterator[tuple[str, str, str]]:
    """Yield code, name and prefecture of each county of the list that there is now."""
    found: dict[str, str] = {}
    for province, code, names in code_list():
        for part in names.split(","):
            name = NAME.fullmatch(part)
            if name is not None and not name[1] and not NO_NAME.fullmatch(name[2]):
                found[province + code] = name[2]
    for code, name in found.items():
        if not code.endswith("00"):
            yield code, name, found.get(f"{code[:4]}00", "")


def refused(code: str, name: str, city: str) -> list[str]:
    """Return the titles of a county that it would not be believed."""
    own = County(code, name, city or "甘肃省", "甘肃省", "和平区" if name != "和平区" else "河东区", "天津市")
    rows = [DivisionRow(code, "county", name, f"{code[:4]}00"), DivisionRow(f"{code}100", "township", "青石镇", code)]
    names, stem = CountyNames(own, Divisions(rows, code)), county_stem(name)
    titles = [
        f"{name}2022年劳务输转台账", f"{city}{name}东西部协作项目", f"填报单位：{name}人社局", f"填报单位：{city}{name}乡村振兴局",
        f"2022年{name}", f"天津市{own.paired_county}—{name}协作台账", f"{city}2022年台账", f"东西部协作{name}台账",
        *([f"填报单位：{stem}人社局", f"{stem}2022年台账"] if len(stem) > 1 else []),
    ]  # fmt: skip
    return [title for title in titles if names.other_in(title) is not None]


def test_counties_are_believed_their_own_titles() -> None:
    some = [*listed()][::40]
    assert len(some) > 60
    assert [title for one in some for title in refused(*one)] == []


@pytest.mark.sweep
def test_every_county_is_believed_its_own_titles() -> None:
    assert [title for one in listed() for title in refused(*one)] == []


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("填报单位：静宁人社局", "静宁县"),
        ("静宁2022年东西部协作台账", "静宁县"),
        ("定西市安定区2022年劳务台账", "安定区"),
        ("定西市2022年东西部协作台账", "定西市"),
        ("沈阳市和平区2022年台账", "和平区"),
        ("填报单位：天津市武清区人社局", "武清区"),
        ("天津市武清区2022年东西部协作台账", "武清区"),
        ("静宁县、会宁县劳务台账", "静宁县"),
        ("会宁县、靖远县联合招聘会台账", "靖远县"),
        ("静宁县赴会宁县考察台账", "静宁县"),
        ("青山县2022年劳务输转台账", "青山县"),  # in no list
        ("填报单位：青山县人社局", "青山县"),
        ("静宁县城关镇劳务台账", "静宁县"),
        ("县区：靖远县", "靖远县"),
        ("填报单位：新华区财政局", "新华区"),
        ("静 宁 县 劳 务 台 账", "静宁县"),
        ("静  宁  县", "静宁县"),
        ("劳务输转台账  静宁县", "静宁县"),
        ("劳务输转台账\n填报单位：静宁县", "静宁县"),
        ("天津市武清区—静宁县协作台账", "静宁县"),
    ],
)
def test_each_way_of_naming_another_county(text: str, other: str) -> None:
    assert NAMES.other_in(text) == other


@pytest.mark.parametrize(
    "text",
    [
        "会宁县赴靖远县考察台账", "会宁县赴天津市武清区务工人员台账", "赴天津市武清区务工人员花名册", "输转至江苏省昆山市务工人员台账",
        "天津市西青区务工人员台账", "天津市武清区晨屿电子有限公司用工台账", "天津市武清区对口帮扶会宁县项目", "说明：静宁县的不填", "单位：元",
        "赴兰州市榆中县务工人员台账", "兰州市务工人员台账", "",
    ],
)  # fmt: skip
def test_where_one_goes_and_what_a_firm_is_called_is_no_ones_ledger(text: str) -> None:
    assert NAMES.other_in(text) is None


@pytest.mark.parametrize(
    ("cell", "other"),
    [
        ("靖远县", "靖远县"), ("靖远", "靖远县"), ("白银市平川区", "平川区"), ("城关区", "城关区"), ("青山县", "青山县"),
        ("会宁县", None), ("会宁", None), ("甘肃省白银市会宁县", None), ("和平区", None), ("天津市武清区", None), ("全县", None),
        ("县直", None), ("合计", None), ("会师镇", None), ("", None),
    ],
)  # fmt: skip
def test_a_cell_of_a_column_of_counties(cell: str, other: str | None) -> None:
    assert NAMES.other_cell(cell) == other


def test_counties_of_the_installation_are_known_though_no_list_has_them() -> None:
    """An invented county is another's to its neighbour, and its own to itself."""
    one, two = counties.invented("530998", "云峰县"), counties.invented("530999", "云岭县")
    names = CountyNames(two.county, DIVISIONS, (one.county, two.county))
    assert names.other_in("云峰县2022年台账") == "云峰县"
    assert names.other_in("云岭县2022年台账") is None
    assert names.other_in("上海市浦江区—云岭县协作台账") is None
