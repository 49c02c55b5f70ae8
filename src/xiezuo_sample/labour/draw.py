"""Drawing the labour plan: stations, counted spells, and everything around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import yaml

from xiezuo_sample.goals import DESTINATIONS, Goals
from xiezuo_sample.labour.plan import LabourPlan, Place, Spell, Station, Work
from xiezuo_sample.people import Population, job
from xiezuo_sample.world import World

_MONTH_WEIGHTS = (4, 14, 20, 12, 9, 7, 6, 7, 8, 6, 4, 3)
_MOST_ROWS = 20_000


def plan_labour(world: World, goals: Goals) -> LabourPlan:
    """Draw the plan: as many counted people as the goals say, and everything around them."""
    rng = world.rng("labour")
    people = sum(goals.labour.values())
    plan = LabourPlan(_stations(world, people), Population(rng, world.year))
    draw = _Draw(world, rng, plan)
    for destination in DESTINATIONS:
        for is_lifted in (True, False):
            for _ in range(goals.labour.get((destination, is_lifted), 0)):
                counted = draw.counted(destination, is_lifted)
                plan.spells += [*draw.earlier(counted), counted, *draw.elsewhere_too(counted)]
    plan.spells += [draw.long_ago(draw.counted("elsewhere", True)) for _ in range(max(1, people // 100))]
    plan.withdrawn += [draw.early_in_year(draw.counted("home", True)) for _ in range(max(2, people // 200))]
    return plan


def _stations(world: World, people: int) -> tuple[Station, ...]:
    """Return at least six stations: groups of townships, or several in one township."""
    count = max(6, min(12, len(world.towns)), -(-2 * people // _MOST_ROWS))
    groups = [world.towns[i :: min(count, len(world.towns))] for i in range(min(count, len(world.towns)))]
    stations = []
    for number in range(count):
        towns = groups[number % len(groups)]
        turn = number // len(groups) + 1
        ordinal = f"第{turn}" if count > len(groups) else ""
        stations.append(Station(number, f"{world.county.name}{towns[0].name}{ordinal}劳务工作站", towns))
    return tuple(stations)


class _Draw:
    """Draws spells; holds what every draw needs."""

    def __init__(self, world: World, rng: Random, plan: LabourPlan) -> None:
        self._world, self._rng, self._plan = world, rng, plan
        self._places = _places(world)
        self._town_weights = [rng.uniform(0.4, 2.0) for _ in world.towns]
        self._stations_of = {
            town.code: [s.number for s in plan.stations if town in s.towns] for town in world.towns
        }

    def counted(self, destination: str, is_lifted: bool) -> Spell:
        """Draw a spell of a new person that starts in the year."""
        rng, year = self._rng, self._world.year
        month = rng.choices(range(1, 13), _MONTH_WEIGHTS)[0]
        by_month = rng.random() < 0.35
        start = date(year, month, 1 if by_month else rng.randint(1, 28))
        town = rng.choices(self._world.towns, self._town_weights)[0]
        end = start + timedelta(days=rng.randint(70, 260)) if rng.random() < 0.3 else None
        return Spell(
            person=self._plan.population.person(),
            station=rng.choice(self._stations_of[town.code]),
            town=town,
            village=rng.choice(town.villages) if town.villages and rng.random() < 0.95 else "",
            household=rng.choices(*_HOUSEHOLDS[is_lifted])[0],
            destination=destination,
            work=self._work(destination),
            started_on=start,
            by_month=by_month,
            ended_on=end if end and end <= date(year, 12, 31) else None,
        )

    def earlier(self, later: Spell) -> list[Spell]:
        """Draw what the person did before: usually nothing, sometimes another job elsewhere."""
        rng = self._rng
        if rng.random() > 0.14:
            return []
        same_month = not later.by_month and later.started_on.day > 12 and rng.random() < 0.3
        if same_month:
            start, by_month = later.started_on.replace(day=rng.randint(1, later.started_on.day - 9)), False
        elif later.started_on.month == 1 or rng.random() < 0.1:
            return [self.long_ago(later)]
        else:
            by_month = rng.random() < 0.3
            day = 1 if by_month else rng.randint(1, 19)
            start = date(later.started_on.year, rng.randint(1, later.started_on.month - 1), day)
        latest = later.started_on - timedelta(days=1)
        end = min(latest, start + timedelta(days=rng.randint(5, 90)))
        before = replace(self._changed(later), started_on=start, by_month=by_month, ended_on=max(end, start))
        return [*(self.earlier(before) if not same_month else []), before]

    def elsewhere_too(self, counted: Spell) -> list[Spell]:
        """Now and then a second station reports the very same spell."""
        if self._rng.random() > 0.01:
            return []
        others = [s.number for s in self._plan.stations if s.number != counted.station]
        return [replace(counted, station=self._rng.choice(others))]

    def long_ago(self, spell: Spell) -> Spell:
        """Return a job of the same person that began the year before last.

        Not last year: its own sample states all there is of it, and the two may share a warehouse.
        """
        start = date(self._world.year - 2, self._rng.randint(10, 12), self._rng.randint(1, 18))
        end = start + timedelta(days=self._rng.randint(5, 12))
        return replace(self._changed(spell), started_on=start, by_month=False, ended_on=end)

    def early_in_year(self, spell: Spell) -> Spell:
        """Move a spell to the first half of the year, to a station that delivers twice."""
        number = self._rng.choice([s.number for s in self._plan.stations if s.number % 6 in (0, 5)])
        start = date(self._world.year, self._rng.randint(2, 6), self._rng.randint(1, 28))
        return replace(spell, started_on=start, by_month=False, ended_on=None, station=number)

    def _changed(self, spell: Spell) -> Spell:
        """Return the same person in other work, at times of another station, household or township."""
        rng = self._rng
        destination = rng.choice(DESTINATIONS)
        other = replace(spell, destination=destination, work=self._work(destination))
        while other.work.job.employer == spell.work.job.employer:
            other = replace(other, work=self._work(destination))
        if rng.random() < 0.25:
            other = replace(other, station=rng.choice(self._plan.stations).number)
        if rng.random() < 0.1:
            other = replace(other, household=rng.choices(*_HOUSEHOLDS[not spell.is_lifted])[0])
        if rng.random() < 0.06:
            other = replace(other, town=rng.choice(self._world.towns), village="")
        return other

    def _work(self, destination: str) -> Work:
        rng = self._rng
        place = rng.choice(self._places[destination])
        organised = destination == "paired" or rng.random() < 0.3
        return Work(place, job(rng, place.county), 50 * rng.randint(44, 140), organised)


_HOUSEHOLDS: dict[bool, tuple[tuple[str, ...], tuple[int, ...]]] = {
    True: (("lifted", "unstable"), (92, 8)),
    False: (("ordinary", "marginal", "hardship", ""), (80, 8, 8, 4)),
}


def _places(world: World) -> dict[str, list[Place]]:
    text = (Path(__file__).parent / "places.yaml").read_text(encoding="utf-8")
    table = {p: [Place(p, *pair) for pair in pairs] for p, pairs in yaml.safe_load(text).items()}
    county = world.county
    paired = table.get(county.paired_province, [])
    if not paired or paired[0].city == county.paired_province:
        city = county.paired_province if paired else county.paired_county
        paired = [Place(county.paired_province, city, county.paired_county), *paired]
    home = [Place(county.province, county.city, county.name)] * 3 + table.get(county.province, [])
    kept = (county.paired_province, county.province)
    return {
        "paired": paired,
        "home": home,
        "elsewhere": [
            place for province, places in table.items() if province not in kept for place in places
        ],
    }
