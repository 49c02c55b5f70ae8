"""What a division is called without its kind: 会宁县 → 会宁, 新添堡回族乡 → 新添堡, 甘南藏族自治州 → 甘南."""

from __future__ import annotations

import re

_PEOPLES = (
    "各族|民族|[汉满回藏苗彝壮侗瑶白傣畲黎水京土羌怒佤]族|(?:蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜"
    "|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂"
    "|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺)族?"
)
_TOWN = re.compile(f"(?:(?:{_PEOPLES})*(?:乡|镇|苏木)|街道办事处|街道办|街道|办事处)$")
_VILLAGE = re.compile(
    "(?:村民委员会|村委会|行政村|社区居民委员会|社区居委会|居民委员会|居委会|社区|嘎查|村)$"
)
_AUTONOMOUS = re.compile(f"(?:{_PEOPLES})+自治[州县旗]$")
_AUTONOMOUS_ALONE = re.compile("族?自治[州县旗]$")
_CITY = re.compile("(?:市|地区|盟)$")
_COUNTY = re.compile("(?:市|县|新区|区|旗)$")
_SHORTEST = 2


def town_stem(name: str) -> str:
    """Return a town's name without 镇, 乡 or 街道; names of one character keep it."""
    return _stem(name, _TOWN)


def village_stem(name: str) -> str:
    """Return a village's or community's name without 村, 社区, 村委会 or the like."""
    return _stem(name, _VILLAGE)


def city_stem(name: str) -> str:
    """Return the name of a city, prefecture or league without its kind and its peoples."""
    return _autonomous_stem(name) or _stem(name, _CITY)


def county_stem(name: str) -> str:
    """Return the name of a county, district or banner without its kind and its peoples."""
    return _autonomous_stem(name) or _stem(name, _COUNTY)


def _stem(name: str, suffix: re.Pattern[str]) -> str:
    stem = suffix.sub("", name)
    return stem if len(stem) >= _SHORTEST else name


def _autonomous_stem(name: str) -> str:
    """Return 东乡 for 东乡族自治县, whose only name is its people's; empty for ordinary names."""
    if not _AUTONOMOUS_ALONE.search(name):
        return ""
    return _AUTONOMOUS.sub("", name) or _AUTONOMOUS_ALONE.sub("", name)
