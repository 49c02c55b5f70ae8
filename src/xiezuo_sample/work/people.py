"""Seconded officials and professionals: plan, and how many there are.

Whose term overlaps the year is fixed by the goals. A year's teachers come in two terms, one that began
the autumn before and one of this autumn; some people serve twice, and two who share a name are two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from xiezuo_sample.outcome import Period, Value
from xiezuo_sample.people import Population
from xiezuo_sample.work.goals import SecondedGoal, WorkGoals
from xiezuo_sample.work.values import Standing, measured
from xiezuo_sample.world import World

PARTY, SCHOOLS, HEALTH = "县委组织部", "县教育局", "县卫生健康局"
_WORDS = ("晨屿", "禾川", "远栎", "朗岫", "青砚", "榆舟", "岚汀", "穗安")
_UNITS = {
    "": "局",
    "teacher": "中学",
    "doctor": "医院",
    "agriculture": "农业技术站",
    "park": "园区办",
    "party": "党校",
}
COUNTS = {
    "TAL1.east_to_west": ("east_to_west", "cadre", "", ""),
    "TAL1.west_to_east": ("west_to_east", "cadre", "", ""),
    "TAL2.east_to_west": ("east_to_west", "professional", "", ""),
    "TAL2.teachers": ("east_to_west", "professional", "teacher", ""),
    "TAL2.teachers_long": ("east_to_west", "professional", "teacher", "long"),
    "TAL2.teachers_short": ("east_to_west", "professional", "teacher", "short"),
    "TAL2.doctors": ("east_to_west", "professional", "doctor", ""),
    "TAL2.doctors_long": ("east_to_west", "professional", "doctor", "long"),
    "TAL2.doctors_short": ("east_to_west", "professional", "doctor", "short"),
    "TAL2.park": ("east_to_west", "professional", "park", ""),
    "TAL2.party": ("east_to_west", "professional", "party", ""),
    "TAL3.education": ("west_to_east", "professional", "teacher", ""),
    "TAL3.health": ("west_to_east", "professional", "doctor", ""),
    "TAL3.agriculture": ("west_to_east", "professional", "agriculture", ""),
}
"""Whom each indicator counts: direction, kind, field and term; '' is any."""


@dataclass(frozen=True)
class Term:
    """One term of one person. ``is_stated``: the ledger says long or short; else its days tell.

    ``by_month``: the ledger types months, from the first's first day to the last's last.
    """

    goal: SecondedGoal
    name: str
    org_from: str
    org_to: str
    started_on: date
    ended_on: date | None
    is_stated: bool = True
    by_month: bool = False

    @property
    def office(self) -> str:
        """The office whose ledger has the term."""
        return {"teacher": SCHOOLS, "doctor": HEALTH}.get(self.goal.field, PARTY)


def terms(world: World, goals: WorkGoals) -> list[Term]:
    """Draw the people and their terms, and some people whose term ended before the year."""
    rng = world.rng("work people")
    names = _names(Population(rng, world.year))
    found: list[Term] = []
    for goal in goals.seconded:
        own = [_term(world, goal, next(names), number, rng) for number in range(goal.count)]
        found += [*own, *_second_terms(world, goal, own)]
    _share_a_name(found)
    gone = replace(found[0], name=next(names), is_stated=True, by_month=True)
    ended = date(world.year - 1, 12, 31)
    return [*found, replace(gone, started_on=date(world.year - 2, 1, 1), ended_on=ended)]


def _names(people: Population) -> Iterator[str]:
    """Yield names, none twice: who shares one is decided later."""
    given: set[str] = set()
    while True:
        name = people.person().name
        if name not in given:
            given.add(name)
            yield name


def _term(world: World, goal: SecondedGoal, name: str, number: int, rng: Random) -> Term:
    county, year = world.county, world.year
    places = [county.paired_county, county.name]
    start_at, end_at = places if goal.direction == "east_to_west" else places[::-1]
    unit = _UNITS[goal.field]
    started, ended = _days(goal, year, number, rng)
    return Term(
        goal=goal,
        name=name,
        # The number keeps two of one name apart: a person is known by name and sending unit.
        org_from=f"{start_at}{_WORDS[number % len(_WORDS)]}第{number // len(_WORDS) + 1}{unit}",
        org_to=f"{end_at}{rng.choice(_WORDS)}{unit}",
        started_on=started,
        ended_on=ended,
        is_stated=ended is None or number % 4 != 3,
        by_month=started.day == 1 and (ended is None or (ended + timedelta(days=1)).day == 1),
    )


def _days(goal: SecondedGoal, year: int, number: int, rng: Random) -> tuple[date, date | None]:
    """Return the first and last day of a term: clearly long, or clearly short and within the year."""
    if goal.term == "short":
        started = date(year, 1, 1) + timedelta(days=rng.randrange(45, 290))
        return started, started + timedelta(days=rng.randint(12, 55))
    if goal.field == "teacher":
        return (
            (date(year - 1, 9, 1), date(year, 7, 31))
            if number % 2
            else (date(year, 8, rng.randint(22, 30)), date(year + 1, 7, 10))
        )
    if number % 3 == 1:
        return date(year - 2, 5, rng.randint(6, 20)), date(year, 5, rng.randint(6, 20))
    return date(year - (number + 1) % 2, rng.randint(3, 6), 1), None


def _second_terms(world: World, goal: SecondedGoal, own: list[Term]) -> list[Term]:
    """Return another term of one teacher: long by its statement, though it lasts a few weeks only."""
    back = [term for term in own if goal.field == "teacher" and term.started_on.year < world.year]
    if not back:
        return []
    name = back[0].name
    typed = f"{name[0]} {name[1:]}" if len(name) == 2 else name
    return [
        replace(
            back[0],
            name=typed,
            started_on=date(world.year, 10, 10),
            ended_on=date(world.year, 12, 2),
            is_stated=True,
            by_month=False,
        )
    ]


def _share_a_name(found: list[Term]) -> None:
    """Give a teacher and a doctor the name of the first teacher, whose sending unit is another."""
    teachers = [index for index, term in enumerate(found) if term.goal.field == "teacher"]
    doctors = [index for index, term in enumerate(found) if term.goal.field == "doctor"]
    for index in (teachers[2], doctors[-1]):
        found[index] = replace(found[index], name=found[teachers[0]].name)


def term_values(planned: list[Term], year: int) -> Iterator[Value]:
    """Count the people whose term overlaps each period; a person is name and sending unit."""
    for indicator_id, wanted in COUNTS.items():
        chosen = [term for term in planned if _is_one(term, wanted)]

        def people(period: Period, chosen: list[Term] = chosen) -> int:
            return len({(t.name.replace(" ", ""), t.org_from) for t in chosen if _overlaps(t, period)})

        yield from measured(indicator_id, "人", year, people)


def _is_one(term: Term, wanted: tuple[str, ...]) -> bool:
    said = (term.goal.direction, term.goal.kind, term.goal.field, term.goal.term)
    return all(not want or want == have for want, have in zip(wanted, said, strict=True))


def _overlaps(term: Term, period: Period) -> bool:
    return term.started_on <= period.last and Standing(None, term.ended_on).on(period.first)
