"""The fund plan: allocation letters, their projects, and what the two ledgers say about them.

Amounts are 万元 as the ledgers state them. A letter's amount is the sum of its projects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from xiezuo.base.errors import ConfigError
from xiezuo_sample.goals import Goals, ProjectGoal
from xiezuo_sample.outcome import Fact, Value, additive
from xiezuo_sample.world import World

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Letter:
    """An allocation letter; ``year`` is the year its money belongs to, whatever its date."""

    doc_no: str
    doc_date: date
    year: int
    batch: str
    wan: Decimal

    @property
    def counted_on(self) -> date:
        """The letter's date, clamped into its year: letters may precede it, or come after it."""
        return min(max(self.doc_date, date(self.year, 1, 1)), date(self.year, 12, 31))


@dataclass(frozen=True)
class Project:
    """A project as one ledger states it at ``updated_at``."""

    number: str
    goal: ProjectGoal
    town_code: str
    alloc_doc: str
    wan: Decimal
    updated_at: datetime
    people: int


@dataclass
class FundPlan:
    """``projects`` are true; ``database`` and ``workbook`` are what each ledger holds.

    A project in both ledgers differs in amount, and the later statement is the true one.
    """

    letters: list[Letter]
    projects: list[Project]
    reported_on: date
    database: list[Project] = field(default_factory=list)
    workbook: list[Project] = field(default_factory=list)


def plan_fund(world: World, goals: Goals) -> FundPlan:
    """Draw the plan; what the ledgers disagree about is settled by date."""
    rng = world.rng("fund")
    year = world.year
    letters = {key: _letter(world, goals, key, number) for number, key in enumerate(goals.letters, start=1)}
    projects = []
    for number, goal in enumerate(goals.projects, start=1):
        updated = datetime(year, 10, 12, 9, 30) + timedelta(
            days=rng.randrange(40), minutes=rng.randrange(400)
        )
        projects.append(
            Project(
                number=f"XM{world.county.code}-{year}-{number:03d}",
                goal=goal,
                town_code=_town_code(world, goal),
                alloc_doc=letters[goal.letter].doc_no,
                wan=goal.wan,
                updated_at=updated,
                people=rng.randint(30, 3000),
            )
        )
    plan = FundPlan([letter for letter in letters.values() if letter.wan], projects, date(year, 9, 30))
    _tell_ledgers(plan)
    _add_strays(world, plan)
    return plan


def fund_values(plan: FundPlan, year: int) -> Iterator[Value]:
    """Count the plan: letters by their clamped date, projects by the date of their letter."""
    counted_on = {letter.doc_no: letter.counted_on for letter in plan.letters}
    yield from additive(
        "FUN1", "元", year, [Fact(x.counted_on, "", x.wan * 10_000) for x in plan.letters if x.year == year]
    )
    facts = [(p, Fact(counted_on[p.alloc_doc], p.town_code, p.wan * 10_000)) for p in plan.projects]
    for slug in dict.fromkeys(p.goal.category for p in plan.projects):
        yield from additive(
            f"FUN1.{slug}", "元", year, [fact for p, fact in facts if p.goal.category == slug]
        )
    yield from additive("IND1.fund", "元", year, [fact for p, fact in facts if p.goal.joint_park])
    yield from additive("FUN2", "个", year, [replace(fact, amount=Decimal(1)) for _, fact in facts])


def _letter(world: World, goals: Goals, key: str, number: int) -> Letter:
    goal = goals.letters[key]
    amount = sum((p.wan for p in goals.projects if p.letter == key), Decimal(0))
    return Letter(
        f"样财协〔{goal.doc_date.year}〕{number + 10}号", goal.doc_date, world.year, goal.batch, amount
    )


def _town_code(world: World, goal: ProjectGoal) -> str:
    if not goal.town:
        return ""
    codes = [town.code for town in world.towns if town.name == goal.town]
    if not codes:
        raise ConfigError(f"the sample plan names {goal.town}, which the divisions file does not list")
    return codes[0]


def _tell_ledgers(plan: FundPlan) -> None:
    """Put every project into the database but the last; every third also into the workbook.

    Of those in both, the database's statement is the older and wrong one by turns.
    """
    *held, only_in_workbook = plan.projects
    older = datetime(plan.reported_on.year, 6, 15, 10, 0)
    for index, project in enumerate(held):
        wrong = (project.wan * Decimal("0.9")).quantize(_CENT)
        if index % 3 == 0 and index % 2 == 0:
            plan.database.append(replace(project, wan=wrong, updated_at=older))
            plan.workbook.append(project)
        elif index % 3 == 0:
            plan.database.append(project)
            plan.workbook.append(replace(project, wan=wrong))
        else:
            plan.database.append(project)
    plan.workbook.append(only_in_workbook)


def _add_strays(world: World, plan: FundPlan) -> None:
    """Add letters and projects of the year before last: none counts.

    Not of last year: its own sample states all there is of it, and the two may share a warehouse.
    """
    year, before = world.year, world.year - 2
    model = plan.projects[0]
    letters = [
        Letter(f"样财协〔{before}〕3号", date(before, 3, 10), before, "第一批", Decimal(1200)),
        Letter(f"样财协〔{year}〕1号", date(year, 1, 18), before, "清算", Decimal("86.5")),
    ]
    plan.letters += letters
    goals = [
        ProjectGoal(f"{before}年产业奖补项目", "industry", Decimal(1200), ""),
        ProjectGoal(f"{before}年共建产业园尾款", "industry", Decimal("86.5"), "", joint_park=True),
    ]
    for number, (letter, goal) in enumerate(zip(letters, goals, strict=True), start=1):
        stray = replace(model, goal=goal, town_code="", alloc_doc=letter.doc_no, wan=goal.wan)
        plan.database.append(
            replace(stray, number=f"XM{world.county.code}-{before}-{year % 100}{number:02d}")
        )
