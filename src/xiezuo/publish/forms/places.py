"""Which place a head of a form names: a township of the county, the county itself, or somebody else's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

from xiezuo.declared.counties import County
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.provinces import NAME, code_list
from xiezuo.publish.forms.heads import Head
from xiezuo.values import bare
from xiezuo.values.division_names import county_stem, town_stem

_COUNTY = frozenset(("全县", "县合计", "全县合计", "本县"))
_TOTALS = frozenset(("合计", "总计", "小计", "共计", "全区", "全市"))
"""Sums of something: of which rows or columns, only the form's author knows."""

PlaceKind = Literal["town", "county", "total", "elsewhere", ""]


class Places:
    """The places of one county's forms."""

    def __init__(self, county: County, divisions: Divisions) -> None:
        self._own = {bare(county.name), bare(county_stem(county.name))}
        self._towns = _town_names(divisions)
        self._others = _county_names() - self._own - {bare(county.paired_county)}

    def kind(self, head: Head) -> PlaceKind:
        """Return what a head names and nothing else; '' where it is no place."""
        plain = bare(head.words)
        if plain in self._towns:
            return "town"
        if plain in self._own or plain in _COUNTY:
            return "county"
        return "total" if plain in _TOTALS else "elsewhere" if plain in self._others else ""

    def town(self, heads: Iterable[Head]) -> str | None:
        """Return the code of the first township that heads name."""
        return next((self._towns[bare(head.words)] for head in heads if self.kind(head) == "town"), None)


    def all_towns(self, heads: Iterable[Head]) -> bool:
        """Whether heads name every township of the county, so that their sum is the county's."""
        named = {self._towns[bare(head.words)] for head in heads if self.kind(head) == "town"}
        return named >= set(self._towns.values())

    def named_in(self, text: str) -> str | None:
        """Return the township that a title names, or the other county; None where it names neither."""
        plain = bare(text)
        town = next((name for name in self._towns if len(name) > 2 and name in plain), None)
        return town or next((name for name in self._others if len(name) > 2 and name in plain), None)


@cache
def _county_names() -> frozenset[str]:
    """Return the names of all counties, districts and cities of their level; not those of one character and a kind."""
    found = (
        NAME.fullmatch(part)
        for _, code, names in code_list()
        if code[2:] != "00"
        for part in names.split(",")
    )
    return frozenset(bare(match[2]) for match in found if match and len(match[2]) > 2)


def _town_names(divisions: Divisions) -> dict[str, str]:
    """Return the county's townships by every name that means one of them only."""
    found: dict[str, set[str]] = {}
    for row in divisions.rows:
        if row.level in ("township", "street") and row.parent_code == divisions.county_code:
            for name in row.names:
                for spelt in (name, town_stem(name)):
                    found.setdefault(bare(spelt), set()).add(row.code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}
