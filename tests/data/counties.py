"""Counties for tests: the one that ships, and as many others as a test needs; ``settle`` is how to get an installation of them.

Nothing may be made for one county only, so most of what is tested is tested in a county that nobody has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xiezuo.base.settings import Settings
from xiezuo.declared.counties import County, load_counties

_SHIPPED = Settings.from_env({})
_COLUMNS = "code,level,name,parent_code,aliases,note"
TOWNS = {name: [f"{name[0]}{side}村" for side in "东西南北"] for name in ("青石镇", "白水乡", "红土镇", "云顶乡")}
"""Townships by name, with their villages. A township is also known without its last character."""


@dataclass(frozen=True)
class Place:
    """A county, and its division file as text."""

    county: County
    divisions: str

    @property
    def code(self) -> str:
        """The six digits of the county."""
        return self.county.code


def invented(
    code: str = "530999", name: str = "云岭县", *, city: str = "临沧市", province: str = "云南省",
    paired: tuple[str, str] = ("浦江区", "上海市"), towns: Mapping[str, Sequence[str]] = TOWNS,
) -> Place:  # fmt: skip
    """Return a county of these townships, which are numbered from 100 on, and their villages from 200 on."""
    assert not code.endswith("00"), "that is the code of a city"
    lines = [_COLUMNS, f"{code},county,{name},{code[:4]}00,{name[:-1]},x"]
    for town, (town_name, villages) in enumerate(towns.items(), start=100):
        lines.append(f"{code}{town},township,{town_name},{code},{town_name[:-1]},")
        lines += [f"{code}{town}{n},village,{village},{code}{town},," for n, village in enumerate(villages, start=200)]
    return Place(County(code, name, city, province, *paired), "\n".join(lines) + "\n")


def shipped(code: str = "620422") -> Place:
    """Return a county as the project has it, Huining unless told otherwise."""
    divisions = (_SHIPPED.divisions_dir / f"{code}.csv").read_text(encoding="utf-8-sig")
    return Place(load_counties(_SHIPPED.counties_path)[code], divisions)


def alike(code: str, name: str) -> Place:
    """Return an invented county whose townships and villages are called as Huining's are."""
    own = invented(code, name).county
    return Place(own, shipped().divisions.replace("620422", code))


def settle(settings: Settings, folder: Path, *places: Place) -> Settings:
    """Write the counties' files into ``folder``; return settings of an installation that serves these and no others.

    A process of its own finds them by the variables ``XIEZUO_COUNTIES`` and ``XIEZUO_DIVISIONS``.
    """
    counties, divisions = folder / "counties.yaml", folder / "divisions"
    divisions.mkdir(parents=True, exist_ok=True)
    entries = {place.code: _entry(place.county) for place in places}
    counties.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    for place in places:
        (divisions / f"{place.code}.csv").write_text(place.divisions, encoding="utf-8")
    environ = {**settings.environ, "XIEZUO_COUNTIES": str(counties), "XIEZUO_DIVISIONS": str(divisions)}
    return replace(settings, counties_path=counties, divisions_dir=divisions, environ=environ)


def _entry(county: County) -> dict[str, object]:
    paired = {"county": county.paired_county, "province": county.paired_province}
    return {"name": county.name, "city": county.city, "province": county.province, "paired": paired}
