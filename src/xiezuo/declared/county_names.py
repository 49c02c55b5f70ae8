"""Whose ledger a title, a reporting unit or a county column says it is: ours, or another county's.

Names of counties and prefectures come from the GB/T 2260 list that :mod:`xiezuo.declared.provinces` reads, former ones
included, and from the counties this installation serves. A title may name other places without being theirs: whom one
works for, where one travels to, which firm it is about. Who reports is meant more strictly
(docs/decisions/0040-another-countys-ledger.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from xiezuo.declared.counties import County
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.provinces import NAME, NO_NAME, code_list, province_names
from xiezuo.values import normalise
from xiezuo.values.division_names import city_stem, county_stem, town_stem, village_stem

EASTERN = frozenset(("11", "12", "31", "32", "33", "35", "37", "44"))
"""Provinces that help others (GB/T 2260, two digits): where western people work, and where partners of counties are."""

_LONGEST_TITLE = 80
_HAN = "\u3400-\u9fff"
# Names that are as well words of any town's: the new town, the port, in front of the station.
_ANY_TOWNS = re.compile(
    "[东南西北中上下新老古山市城站桥路河江湖海]{2}区"
    "|(?:港口|河口|桥头|前[锋进]|解放|公园|露天|工农|向阳|友好|光明|红旗|红星|新[兴华青]|[振复]兴|永[红新]"
    "|文[峰圣]|[南北]关|城[关厢中]|安[居定]|[东西南]山|[东西南北中]湖|小[店河]|上街|半山|大[东通]|运河|天[桥元心城]|站前|二道|平[房安桥]|仁和|太[平和]|金山|宝山|民生)区"
    "|(?:资源|富裕|延长|友谊|公安|同心|民权|[新故大]城|乐业|平[安原]|太平|永安|共和|民和|政和|会同|普安|交口|惠[民农]|江口"
    "|方正|集贤|庆安|博爱|尚义|无[为极]|大[方通关]|中方|[建黑]水|化德|兴业|崇信|[德仁开]化|通道|开放)县"
)
_BEFORE = re.compile(
    f"(?:^|[^{_HAN}]|[年月日度省市州盟区县旗与和及同向对由从为给赴到往驻在]|[年月季度][底末初]|[上中下]旬|截[至止]|日止|协作|帮扶|支援|关于|结对|携手|单位)$"
)
_AFTER = re.compile("[域间位别块段级委内外直]")
_TRAVELS = re.compile(r"[赴到往去至在驻向入进转送输]$")
_WORKS = re.compile("(?:境内)?(?:务工|就业|转移|稳岗|企业|招聘|用工)")
_FIRM = re.compile(f"[{_HAN}A-Za-z0-9()（）]{{2,24}}?(?:公司|集团|厂)")
_BUREAU = re.compile(  # which no part of a town has
    f"(?:人社|人力资源|乡村振兴|财政|商务|农业农村|教育|卫健|卫生健康|民政|发改|发展|扶贫|统计|审计)[{_HAN}]{{0,8}}?局|人民政府"
)
_BESIDE = re.compile(r"\s*[、,，/和及与]\s*$")
_LEAD = re.compile(
    r"(?:附[件表]?\s*[\d一二三四五六]*|\(?(?:19|20)\d\d年?度?(?:第?[\d一二三四]+[季月](?:度|份)?)?\)?|[上中下]旬|[上下]半年|截[至止])[\s:.、]*"
)
_OFFICE = re.compile(
    r"$|的|(?:19|20)\d\d|人社|人力|就业|劳务|劳动|乡村|扶贫|财政|商务|农[业村牧]|教[育体]|卫[生健]|民政|发[改展]|工信|组织|东西"
    "|协作|对口|驻|招商|投资|供销|审计|统计|交通|水务|林[业草]|文旅|残联|妇联|工会|团委|人民|政府|巩固|资金|项目|[乡镇]"
)
_UNKNOWN = re.compile(f"[{_HAN}]{{1,8}}?自治[县旗]|[{_HAN}]{{2,3}}?[县旗]")
_NO_COUNTY = re.compile(
    "(?:[全各本我该两多外跨出进分市区乡州省直属辖级数每强大穷小新老某]"
    "|协作|帮扶|援|脱贫|贫困|重点|示范|试点|结对|[东西]部|项目|[农工牧]业)[县旗]$"
)
_LABEL = re.compile(
    r"(?:(?:填报|填表|上报|编制|报送|制表|主管)?单位(?:名称)?\s*(?:\((?:盖?公?章|签章)\))?|县[市区]*(?:名称)?)\s*:\s*"
)
_PIECES = re.compile(r"\s{2,}|[\n\t;；。|]")
_SPACED = re.compile(f"(?<=[{_HAN}])\\s+(?=[{_HAN}](?:\\s|$))")  # 静 宁 县: a title drawn out
_REMARK = re.compile(r"^[\s*※]*(?:填[表报])?(?:说明|注|备注|要求|须知)")


@dataclass(frozen=True)
class _Place:
    """A place a text names: what it is to us, where it stands, and the two digits of its provinces."""

    kind: str  # ours, partner, other, above
    name: str
    start: int
    end: int
    provinces: frozenset[str] = frozenset()


class CountyNames:
    """What one county is called, and what every other is."""

    def __init__(self, county: County, divisions: Divisions, served: Iterable[County] = ()) -> None:
        self.county = county
        self._ours = _spellings(county.name) | _own_aliases(divisions)
        self._partner = _spellings(county.paired_county)
        self._above = _spellings(county.city) | _spellings(county.province) | _spellings(county.paired_province)
        own = [other for other in served if other.code != county.code]
        self._counties = {**_gazetteer().counties, **{other.name: frozenset((other.code,)) for other in own}}
        towns = {name for row in divisions.rows if len(row.code) > 6 for name in row.names}
        self._local = {town_stem(name) for name in towns} | {village_stem(name) for name in towns}
        self._known: dict[tuple[str, bool], str | None] = {}

    def other_in(self, text: str) -> str | None:
        """Return the county other than ours whose ledger a cell above or below the rows says it is, else None.

        What follows 填报单位： says who reports; all else is read as a title.
        """
        for piece in map(normalise, _PIECES.split(_SPACED.sub("", text))):
            if _REMARK.match(piece):
                return None
            labelled = [*_LABEL.finditer(piece)]
            title = piece[: labelled[0].start()] if labelled else piece
            ends = [*(label.start() for label in labelled[1:]), len(piece)]
            units = [piece[label.end() : end] for label, end in zip(labelled, ends, strict=False)]
            for said, is_unit in ((title, False), *((unit, True) for unit in units)):
                if other := self.other(said, is_unit=is_unit):
                    return other
        return None

    def other(self, text: str, *, is_unit: bool = False) -> str | None:
        """Return the county other than ours that a title, or the name of who reports (``is_unit``), is of."""
        key = (text, is_unit)
        if key not in self._known:
            if len(self._known) > 4096:
                self._known.clear()
            plain = "".join(normalise(text).split())
            self._known[key] = self._other(plain, is_unit=is_unit) if len(plain) <= _LONGEST_TITLE else None
        return self._known[key]

    def other_cell(self, text: str) -> str | None:
        """Return the county other than ours that a cell of a column of counties names; eastern ones are partners."""
        plain = "".join(normalise(text).split())
        if not plain or len(plain) > _LONGEST_TITLE or any(own in plain for own in self._ours):
            return None
        for name in (plain, *_gazetteer().full_of.get(plain, ())):
            codes = self._counties.get(name)
            if codes:
                return name if self._is_western(codes) and name not in self._partner else None
        found = self._other(plain, is_unit=True)
        if found is not None and not self._is_western(self._counties.get(found, frozenset(("62",)))):
            return None
        if found is None and _UNKNOWN.fullmatch(plain) and not _NO_COUNTY.search(plain):
            found = plain
        return found

    def _other(self, text: str, *, is_unit: bool) -> str | None:
        places = [*self._places(text)]
        owners = [*self._owners(text, places, is_unit=is_unit)]
        if owners:
            return next((place for place in owners if not place.provinces <= EASTERN), owners[0]).name
        is_told = any(place.kind in ("ours", "other") for place in places)
        return None if is_told else self._bare_name(text)

    def _owners(self, text: str, places: list[_Place], *, is_unit: bool) -> Iterator[_Place]:
        """Yield the other counties a text says it is of: named before ours, or side by side with it."""
        ours = [place.start for place in places if place.kind == "ours"]
        for number, place in enumerate(places):
            if place.kind != "other" or not self._is_owner(text, places, number, is_unit=is_unit):
                continue
            before = places[number - 1] if number else place
            is_first = not ours or (ours[0] > place.start and not place.provinces <= EASTERN)
            is_beside = before.kind == "ours" and _BESIDE.fullmatch(text[before.end : place.start])
            if is_first or is_beside:
                yield place

    def _is_owner(self, text: str, places: list[_Place], number: int, *, is_unit: bool) -> bool:
        """Whether a place is whose ledger it is, and not where one goes, nor the seat of a firm."""
        place = places[number]
        first = place
        while number and places[number - 1].end == first.start and places[number - 1].kind == "above":
            number -= 1
            first = places[number]
        if place.provinces <= EASTERN:
            works = None if is_unit else _WORKS.match(text, place.end)
            if works or _FIRM.match(text, place.end):
                return False
        return is_unit or not _TRAVELS.search(text[: first.start])

    def _is_western(self, codes: frozenset[str]) -> bool:
        return not {code[:2] for code in codes} <= EASTERN

    def _places(self, text: str) -> Iterator[_Place]:
        """Read the places a text names, from left to right, the longest name first."""
        at, above = 0, ""
        while at < len(text):
            place = self._place_at(text, at, above)
            if place is None:
                at, above = at + 1, ""
                continue
            yield place
            at, above = place.end, above + place.name if place.kind == "above" else ""

    def _place_at(self, text: str, at: int, above: str) -> _Place | None:
        names = _gazetteer()
        for length in range(min(names.longest, len(text) - at), 1, -1):
            name, end = text[at : at + length], at + length
            if name in self._counties and self._is_name(text, at, end, name, above):
                return self._county(name, at, end, above)
            if name in self._ours:
                return _Place("ours", name, at, end)
            if name in self._partner and name.endswith(("区", "县", "市")):
                return _Place("partner", name, at, end)
            if name in names.above or name in self._above:
                return _Place("above", name, at, end)
        return None

    def _county(self, name: str, start: int, end: int, above: str) -> _Place:
        codes, is_elsewhere = _within(self._counties[name], above), self._is_elsewhere(above)
        if self.county.code in codes or (name in self._ours and not is_elsewhere):
            return _Place("ours", name, start, end)
        if name in self._partner and not is_elsewhere:
            return _Place("partner", name, start, end)
        return _Place("other", name, start, end, frozenset(code[:2] for code in codes))

    def _is_elsewhere(self, above: str) -> bool:
        """Whether the prefecture or province named before a county is none of ours or our partner's."""
        return bool(above) and not any(name in above for name in self._above)

    def _is_name(self, text: str, start: int, end: int, name: str, above: str) -> bool:
        """Whether a name stands there for a county, and is no part or kind of another word."""
        if name.endswith("区") and _AFTER.match(text, end):
            return False
        if len(name) > 2 and not _ANY_TOWNS.fullmatch(name) and name[-1] in "县旗市":
            return True
        if _ANY_TOWNS.fullmatch(name):
            return bool(above) or _BUREAU.match(text, end) is not None
        if len(name) == 2 and _AFTER.match(text, end):
            return False
        return bool(above) or _BEFORE.search(text[:start]) is not None

    def _bare_name(self, text: str) -> str | None:
        """Return a prefecture, a county without its kind, or one in no list that stands in front of an office."""
        while lead := _LEAD.match(text):
            text = text[lead.end() :]
        start, front = 0, ""
        for place in self._places(text):
            if place.kind != "above" or place.start != start:
                break
            start, front = place.end, place.name
        names, rest = _gazetteer(), text[start:]
        codes = names.prefectures.get(front, frozenset()) if front not in self._above else frozenset()
        if codes and self._is_western(codes) and _OFFICE.match(rest) and not _WORKS.match(rest):
            return front
        for length in range(min(8, len(rest)), 1, -1):
            full = names.stems.get(rest[:length])
            if full is not None and _OFFICE.match(rest, length) and self._is_meant(rest[:length], full):
                return full
        unknown = _UNKNOWN.match(rest)
        if unknown and not _NO_COUNTY.search(unknown[0]) and _OFFICE.match(rest, unknown.end()):
            return unknown[0]
        return None

    def _is_meant(self, stem: str, full: str) -> bool:
        """Whether a name without its kind can only be that of a western county."""
        if stem in self._local | self._ours | self._partner | self._above or _ANY_TOWNS.fullmatch(full):
            return False
        return self._is_western(self._counties[full])


@dataclass(frozen=True)
class _Gazetteer:
    counties: dict[str, frozenset[str]]
    prefectures: dict[str, frozenset[str]]
    above: frozenset[str]
    stems: dict[str, str]
    full_of: dict[str, tuple[str, ...]]
    longest: int


@cache
def _gazetteer() -> _Gazetteer:
    """Build the tables of names once: counties and prefectures with their codes, and what stands above them."""
    counties: defaultdict[str, set[str]] = defaultdict(set)
    prefectures: defaultdict[str, set[str]] = defaultdict(set)
    for province, code, names in code_list():
        for part in names.split(","):
            found = NAME.fullmatch(part)
            if found is None or code == "0000" or NO_NAME.fullmatch(found[2]) or found[2][-1] not in "县区旗市州盟":
                continue
            table = prefectures if code.endswith("00") else counties
            table[found[2]].add(province + code)
            if not code.endswith("00") and found[2].endswith(("自治县", "自治旗")):
                table[f"{county_stem(found[2])}{found[2][-1]}"].add(province + code)
    for name in prefectures:  # most were counties once, and stand over counties now
        counties.pop(name, None)
    of_stem: defaultdict[str, list[str]] = defaultdict(list)
    for name in counties:
        if len(stem := county_stem(name)) > 1 and stem != name:
            of_stem[stem].append(name)
    above = {*prefectures, *(city_stem(name) for name in prefectures), *(n for n in province_names() if len(n) > 1)}
    return _Gazetteer(
        {name: frozenset(codes) for name, codes in counties.items()},
        {name: frozenset(codes) for name, codes in prefectures.items()},
        frozenset(above),
        {stem: names[0] for stem, names in of_stem.items()},
        {stem: tuple(names) for stem, names in of_stem.items()},
        max(map(len, (*counties, *above))),
    )


def _within(codes: frozenset[str], above: str) -> frozenset[str]:
    """Return the codes that lie in the prefecture or province named before, all where that tells nothing."""
    if not above:
        return codes
    names = _gazetteer()
    digits = {code[:4] for name, found in names.prefectures.items() if name in above for code in found}
    digits = digits or {code[:2] for name, code in province_names().items() if len(name) > 1 and name in above}
    narrowed = frozenset(code for code in codes if any(code.startswith(some) for some in digits))
    return narrowed or codes


def _spellings(name: str) -> set[str]:
    return {name, county_stem(name), city_stem(name), name.removesuffix("省")} - {""}


def _own_aliases(divisions: Divisions) -> set[str]:
    row = divisions.by_code.get(divisions.county_code)
    return {alias for alias in row.names if re.search(f"[{_HAN}]", alias)} if row else set()
