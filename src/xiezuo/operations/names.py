"""Names of firms and projects that may be one firm's or one project's: evidence for the office, and no more."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import psycopg
from psycopg import sql

from xiezuo.base.settings import Settings
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.values import bare, normalise

_FORM = re.compile(r"(?:股份|集团|控股|有限|责任|公司|合作社|专业|农民|厂|店|中心)+$")
_LEAST = 3
"""A name within another one is worth a word from so many characters on."""
_MANY = 1_000


def stored(
    connection: psycopg.Connection, settings: Settings, fields: Iterable[tuple[str, str]],
    counties: Sequence[str] | None,
) -> dict[str, Counter[str]]:  # fmt: skip
    """Return the names in some columns, with the number of rows each stands in, by county."""
    text = (settings.root / "include" / "sql" / "words" / "names_stored.sql").read_text(encoding="utf-8")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for dataset, column in fields:
        statement = sql.SQL(text).format(core=sql.Identifier("core", dataset), column=sql.Identifier(column))
        facts = {"counties": None if counties is None else list(counties)}
        for county, name, rows in connection.execute(statement, facts):
            found[county][name] += rows
    return found


def alike(names: Iterable[str], around: Surroundings, *, is_code: bool = False) -> Iterator[tuple[str, str]]:
    """Yield pairs that differ in width, marks, place or legal form only, or of which one holds the other.

    The longer one, which more probably is the registered name, comes second. Codes differ in width and marks only.
    Whether one name holds another is not asked of very many.
    """
    county = around.county
    places = sorted({*_places(county.name), *_places(county.province), "天津市", "天津"}, key=len, reverse=True)
    cores = {name: bare(name) if is_code else _core(name, places) for name in names}
    ordered = sorted(filter(cores.get, cores), key=lambda name: (len(name), name))
    same: dict[str, list[str]] = defaultdict(list)
    for name in ordered:
        same[cores[name]].append(name)
    for group in same.values():
        yield from ((name, group[-1]) for name in group[:-1])
    if is_code or len(ordered) > _MANY:
        return
    for short, long in combinations(sorted(same, key=len), 2):
        if len(short) >= _LEAST and short in long:
            yield same[short][-1], same[long][-1]


def _places(name: str) -> tuple[str, str]:
    return name, name[:-1]


def _core(name: str, places: Iterable[str]) -> str:
    core = "".join(normalise(name).split())
    for place in places:
        core = core.removeprefix(place)
    return _FORM.sub("", core)
