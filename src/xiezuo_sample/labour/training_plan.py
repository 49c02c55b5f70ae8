"""The training plan: classes, who was on their rosters, and what that adds up to.

People may take two classes; a period counts them once. A class that was cancelled stood in the June
ledger, without a roster, and in no later one: it does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from xiezuo_sample.goals import Goals
from xiezuo_sample.ledger import shares
from xiezuo_sample.outcome import Period, Value, counted
from xiezuo_sample.people import Person, Population
from xiezuo_sample.world import Town, World

TRADES = (
    "电焊工",
    "中式烹调师",
    "家政服务员",
    "养老护理员",
    "砌筑工",
    "电子商务师",
    "挖掘机驾驶",
    "保育员",
    "缝纫工",
)
_OTHERS = ("ordinary", "ordinary", "ordinary", "monitored")


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody on rosters; ``household`` is lifted, monitored (of no stated class) or ordinary."""

    person: Person
    town: Town
    village: str
    household: str
    has_found_work: bool

    @property
    def is_lifted(self) -> bool:
        """Lifted out of poverty; a monitored household whose class is not stated is not."""
        return self.household == "lifted"


@dataclass(frozen=True)
class TrainingClass:
    """A class with its roster; ``number`` begins with 1 in each year."""

    number: int
    trade: str
    org: str
    started_on: date
    ended_on: date
    subsidy_yuan: int
    roster: tuple[Trainee, ...] = ()

    def title(self, year: int) -> str:
        """Return what the class is called, with its year: the next year counts from 1 again."""
        return f"{year}年第{self.number}期"


@dataclass
class TrainingPlan:
    """``classes`` count; ``cancelled`` stood in the June deliveries only.

    ``dropouts`` stood on the June roster of a class that has gone on, and no longer on December's.
    """

    population: Population
    classes: list[TrainingClass] = field(default_factory=list)
    cancelled: TrainingClass | None = None
    dropouts: dict[int, Trainee] = field(default_factory=dict)


def plan_training(world: World, goals: Goals) -> TrainingPlan:
    """Draw the classes, one in each stretch of the year, and divide the people among them."""
    rng = world.rng("training")
    plan = TrainingPlan(Population(rng, world.year))
    wanted = goals.training
    lifted = [index < wanted.lifted for index in range(wanted.trainees)]
    rng.shuffle(lifted)
    people = [_trainee(world, plan, rng, is_lifted) for is_lifted in lifted]
    drawn = _classes(world, rng, wanted.classes + 1)
    number = max(1, (wanted.classes + 1) // 3)
    plan.cancelled = replace(
        drawn[number - 1], roster=tuple(_trainee(world, plan, rng, True) for _ in range(4))
    )
    kept = [one for one in drawn if one.number != number]
    start = 0
    for one, size in zip(kept, shares(len(people), [rng.uniform(0.7, 1.3) for _ in kept]), strict=True):
        plan.classes.append(replace(one, roster=tuple(people[start : start + size])))
        start += size
    _take_second_classes(plan, rng)
    plan.dropouts[plan.classes[0].number] = _trainee(world, plan, rng, True)
    return plan


def training_values(plan: TrainingPlan, year: int) -> Iterator[Value]:
    """Count classes by their start, and different people on the rosters of the classes that start."""

    def people(period: Period, *, only_lifted: bool) -> Iterator[tuple[str, str]]:
        for one in plan.classes:
            if period.holds(one.started_on):
                for trainee in one.roster:
                    if trainee.is_lifted or not only_lifted:
                        yield trainee.person.number, trainee.town.code

    yield from counted(
        "LAB5.classes",
        "期",
        year,
        lambda period: ((f"{one.number}", "") for one in plan.classes if period.holds(one.started_on)),
    )
    yield from counted("LAB5.trainees", "人", year, lambda period: people(period, only_lifted=False))
    yield from counted("LAB5.lifted", "人", year, lambda period: people(period, only_lifted=True))


def stranger(world: World, plan: TrainingPlan, rng: Random) -> Trainee:
    """Return somebody who is on no roster that counts."""
    return replace(_trainee(world, plan, rng, True), village="")


def _trainee(world: World, plan: TrainingPlan, rng: Random, is_lifted: bool) -> Trainee:
    town = rng.choice(world.towns)
    return Trainee(
        person=plan.population.person(),
        town=town,
        village=rng.choice(town.villages) if town.villages else "",
        household="lifted" if is_lifted else rng.choice(_OTHERS),
        has_found_work=rng.random() < 0.6,
    )


def _classes(world: World, rng: Random, count: int) -> list[TrainingClass]:
    """Return classes in the order of their start, each in a stretch of February to November of its own."""
    first, days = date(world.year, 2, 10), 280
    drawn = []
    for number in range(1, count + 1):
        low, high = days * (number - 1) // count, days * number // count - 1
        start = first + timedelta(days=rng.randint(low, max(low, high)))
        drawn.append(
            TrainingClass(
                number=number,
                trade=TRADES[(number - 1) % len(TRADES)],
                org=f"{world.county.name}{rng.choice(('职业中等专业学校', '就业培训中心', '协作职业技能培训学校'))}",
                started_on=start,
                ended_on=start + timedelta(days=rng.randint(6, 20)),
                subsidy_yuan=rng.randint(80, 400) * 100,
            )
        )
    return drawn


def _take_second_classes(plan: TrainingPlan, rng: Random) -> None:
    """Put about one person in twenty on the roster of a second, later class too."""
    classes = plan.classes
    for index, one in enumerate(classes[:-1]):
        for trainee in one.roster[:: rng.randint(15, 24)]:
            later = rng.randrange(index + 1, len(classes))
            if trainee not in classes[later].roster:
                classes[later] = replace(classes[later], roster=(*classes[later].roster, trainee))
