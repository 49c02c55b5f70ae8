"""Which province a place is in, from GB/T 2260 names; a name that several provinces share is none.

Names of cities and counties come from the code list that python-stdnum carries; provinces and their
short names are in ``include/provinces.csv``.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.values import normalise
from xiezuo.values.division_names import city_stem, county_stem

ABROAD = "990000"
"""Outside the mainland, without saying where; GB/T 2260 has no such code."""

_ABROAD = frozenset(("境外", "国外", "海外", "国(境)外", "境(国)外", "外国", "出国", "港澳台", "港澳台地区"))
_COUNTY_LINE = re.compile(r'\s+(\d{4}) county="(.*)"')
_PROVINCE_LINE = re.compile(r"(\d{2}) ")
NAME = re.compile(r"(?:\[\d*-(\d*)\])?(.+)")
# Not names: placeholders of the list, and districts called 东区, 城区 …, which people say of any town.
NO_NAME = re.compile(".?区|县|市辖区|.*直辖县级.*")
_LEAD = re.compile(r"^(?:[^:]{1,8}:|中国|赴|前往|在|到|去|往|于)")
_PIECES = re.compile(r"[/\\\-—–_、,;>|·\s]+")
_LONGEST_REMEMBERED = 100
_STREET = re.compile("(?:[东南西北中]?(?:大?[路街道巷]|大街|胡同|新村|里))")
_MUNICIPALITIES = frozenset(("11", "12", "31", "50"))
_SHORTEST = 2


@dataclass(frozen=True)
class _Mention:
    """Provinces a name can mean, and those it means when nothing else is said."""

    possible: frozenset[str]
    usual: frozenset[str]


@dataclass(frozen=True)
class _Gazetteer:
    full: dict[str, _Mention]
    short: dict[str, _Mention]
    whole: dict[str, _Mention]
    codes: frozenset[str]
    longest: int


def province_of(*texts: str | None) -> str | None:
    """Return the six-digit province code that the texts agree on, else None.

    The texts are parts of one address in any split: (province, city, county, free text), or one
    line. Parts that name no known place say nothing; parts that contradict each other, and names
    that several provinces share (和平区) without anything that settles it, give None. 境外 and the
    like are ``990000``; Hong Kong, Macao and Taiwan have codes of their own.
    """
    said = tuple(text for text in texts if text)
    return (_remembered if sum(map(len, said)) <= _LONGEST_REMEMBERED else _province_of)(said)



def city_of(province: str, county: str) -> str | None:
    """Return the name of the city that a county or district of a province belongs to; None where it is not told.

    A directly governed municipality is the city of its districts. Two districts of one name in a province (鼓楼区) tell
    none, nor does a name that the list lacks.
    """
    code = province_of(province)
    if code is None or code[:2] in _MUNICIPALITIES:
        return province if code else None
    cities, found = _in_province(code[:2])
    if county in cities.values():
        return county
    own = {city for city, name in found if name == county}
    return cities.get(own.pop()) if len(own) == 1 else None


@cache
def _in_province(province: str) -> tuple[dict[str, str], frozenset[tuple[str, str]]]:
    """Return the cities of a province by two digits, and the (city, county) of its counties, as they are today."""
    today = {
        rest: found[2]
        for listed, rest, names in code_list() if listed == province
        for part in names.split(",") if (found := NAME.fullmatch(part)) and not found[1]
    }  # fmt: skip
    cities = {rest[:2]: name for rest, name in today.items() if rest.endswith("00") and not NO_NAME.fullmatch(name)}
    return cities, frozenset((rest[:2], name) for rest, name in today.items() if not rest.endswith("00"))


@lru_cache(maxsize=8192)
def _remembered(texts: tuple[str, ...]) -> str | None:
    """Remember what was read of addresses: a county's repeat, and a process that reads for months must not grow."""
    return _province_of(texts)


def _province_of(texts: tuple[str, ...]) -> str | None:
    mentions = [mention for text in texts for mention in _mentions(text)]
    if not mentions:
        return None
    possible = frozenset.intersection(*(mention.possible for mention in mentions))
    if len(possible) > 1:
        possible = possible.intersection(*(mention.usual for mention in mentions))
    return f"{next(iter(possible))}0000" if len(possible) == 1 else None


def _mentions(text: str) -> Iterator[_Mention]:
    names = _gazetteer()
    line = normalise(text)
    if line.isdecimal() and len(line) in (6, 9, 12):
        if line[:2] in names.codes:
            yield _sure(line[:2])
        return
    if _LEAD.sub("", line.replace(" ", "")) in _ABROAD:
        yield _sure(ABROAD[:2])
        return
    for piece in _PIECES.split(line):
        yield from _in_piece(_LEAD.sub("", _LEAD.sub("", piece)), names)


def _in_piece(piece: str, names: _Gazetteer) -> Iterator[_Mention]:
    """Read names off the front; short ones only at the very front, or as all that is left."""
    tables = [names.full, names.short]
    while piece:
        whole = names.whole.get(piece)
        if whole is not None:
            yield whole
            return
        if piece in _ABROAD:
            yield _sure(ABROAD[:2])
            return
        length = _longest_at_front(piece, tables, names.longest)
        if not length:
            return
        yield next(table[piece[:length]] for table in tables if piece[:length] in table)
        piece = piece[length:]
        tables = [names.full]


def _longest_at_front(piece: str, tables: list[dict[str, _Mention]], longest: int) -> int:
    for length in range(min(len(piece), longest), _SHORTEST - 1, -1):
        name = piece[:length]
        for table in tables:
            # 北京路 is a street in many towns; 北京市… is not.
            if name in table and (table is tables[0] or not _STREET.match(piece, length)):
                return length
    return 0


def _sure(province: str) -> _Mention:
    return _Mention(frozenset((province,)), frozenset((province,)))


@cache
def _gazetteer() -> _Gazetteer:
    """Build the name tables once, on first use (about 7,000 names)."""
    provinces = _provinces()
    counties, cities = _listed()
    full: dict[str, _Mention] = {
        name: _Mention(frozenset(codes), frozenset(codes)) for name, codes in {**counties, **cities}.items()
    }
    for name in counties.keys() & cities.keys():
        both = frozenset(counties[name] | cities[name])
        full[name] = _Mention(both, both)
    short, whole = _short_names(cities, counties)
    for code, name, shorts in provinces:
        full[name] = _sure(code)
        for other in shorts:
            known = whole.get(other, _sure(code)).possible | {code}
            mention = _Mention(known, frozenset((code,)))
            whole[other] = mention
            if len(other) >= _SHORTEST:
                short[other] = mention
    longest = max(map(len, full))
    return _Gazetteer(full, short, {**whole, **full}, frozenset(code for code, _, _ in provinces), longest)


def _short_names(
    cities: dict[str, set[str]], counties: dict[str, set[str]]
) -> tuple[dict[str, _Mention], dict[str, _Mention]]:
    """Return (names that may open an address, names that count only alone), both without their kind.

    A bare city name means the city (西安), even where another province has a district of that name,
    except when a directly governed municipality has it: 朝阳 is as well a district of Beijing.
    """
    of_city: defaultdict[str, set[str]] = defaultdict(set)
    of_county: defaultdict[str, set[str]] = defaultdict(set)
    for name, codes in cities.items():
        of_city[city_stem(name)] |= codes
    for name, codes in counties.items():
        of_county[county_stem(name)] |= codes
    short: dict[str, _Mention] = {}
    whole: dict[str, _Mention] = {}
    for stem in of_city.keys() | of_county.keys():
        city, county = of_city.get(stem, set()), of_county.get(stem, set())
        rival = county & _MUNICIPALITIES if city else county
        whole[stem] = _Mention(frozenset(city | county), frozenset(city | rival))
        if city:
            short[stem] = whole[stem]
    return short, whole


@cache
def province_names() -> dict[str, str]:
    """Return the two digits of each province by its name and by its short names."""
    return {name: code for code, full, shorts in _provinces() for name in (full, *shorts)}


def _provinces() -> list[tuple[str, str, list[str]]]:
    path = Settings.from_env().root / "include" / "provinces.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [(row["code"][:2], row["name"], row["short_names"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise ConfigError("include/provinces.csv cannot be read") from error
    return [(code, name, [short for short in shorts.split(";") if short]) for code, name, shorts in lines]


def _listed() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return (county names, city names) → province codes; abolished names only where none is current."""
    current: tuple[defaultdict[str, set[str]], ...] = (defaultdict(set), defaultdict(set))
    former: tuple[defaultdict[str, set[str]], ...] = (defaultdict(set), defaultdict(set))
    for province, code, names in code_list():
        for part in names.split(","):
            found = NAME.fullmatch(part)
            if found is None or NO_NAME.fullmatch(found[2]) or code == "0000":
                continue
            tables = former if found[1] else current
            tables[code.endswith("00")][found[2]].add(province)
    counties, cities = current
    known = counties.keys() | cities.keys()
    for table, old in zip(current, former, strict=True):
        table.update({name: codes for name, codes in old.items() if name not in known})
    for name, codes in [*cities.items()]:
        if name.endswith("自治州"):
            cities[f"{city_stem(name)}州"] |= codes
    for name, codes in [*counties.items()]:
        if name.endswith("自治县"):
            counties[f"{county_stem(name)}县"] |= codes
    return counties, cities


def code_list() -> Iterator[tuple[str, str, str]]:
    """Yield (two-digit province, four-digit rest, names with years) from python-stdnum's list."""
    province = ""
    text = (resources.files("stdnum.cn") / "loc.dat").read_text(encoding="utf-8")
    for line in text.splitlines():
        if found := _PROVINCE_LINE.match(line):
            province = found[1]
        elif found := _COUNTY_LINE.fullmatch(line):
            yield province, found[1], found[2]
