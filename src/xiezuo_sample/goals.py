"""What a sample year adds up to: read from a plan file where there is one, else drawn from the seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from xiezuo_sample.goals_drawn import drawn, drawn_registers
from xiezuo_sample.world import World

CATEGORIES: Mapping[str, str] = {
    "industry": "产业培育",
    "village": "乡村振兴示范村",
    "employment": "就业培训",
    "学校建设": "学校建设",
    "education": "教育培训",
    "medical": "医疗设备采购",
    "村卫生室建设": "卫生室",
    "基础设施": "基础设施",
    "村庄亮化": "乡村亮化",
    "workshop": "帮扶车间",
}
"""Categories of a county without a plan file, as a ledger types them; a plan may have words of its own (``typed``)."""

DESTINATIONS = ("paired", "home", "elsewhere")


@dataclass(frozen=True)
class LetterGoal:
    """An allocation letter of the year; its amount is what its projects add up to."""

    doc_date: date
    batch: str


@dataclass(frozen=True)
class ProjectGoal:
    """A project to be paid from a letter, in 万元; ``town`` and ``village`` are names or ''."""

    name: str
    category: str
    wan: Decimal
    letter: str
    town: str = ""
    village: str = ""
    joint_park: bool = False
    own_word: str = ""

    @property
    def typed(self) -> str:
        """The category as a ledger types it."""
        return self.own_word or CATEGORIES[self.category]


@dataclass(frozen=True)
class TrainingGoal:
    """Training classes that start in the year, distinct people on their rosters, of which lifted."""

    classes: int
    trainees: int
    lifted: int


@dataclass(frozen=True)
class FairGoal:
    """Job fairs of the year: distinct firms, posts they offer, and views of the live streams."""

    fairs: int
    firms: int
    posts: int
    views: int


@dataclass(frozen=True)
class RegisterGoal:
    """What the registers of consumption support hold on the last day of a year."""

    suppliers: int
    product_firms: int
    products: int


@dataclass(frozen=True)
class Goals:
    """Totals of a year. ``labour`` counts people by (destination, lifted); ``meetings`` by body."""

    labour: Mapping[tuple[str, bool], int]
    training: TrainingGoal
    fairs: FairGoal
    orders: int
    net_fen: int
    households: int
    household_people: int
    cash_yuan: int
    goods_yuan: int
    meetings: Mapping[str, int]
    letters: Mapping[str, LetterGoal]
    projects: tuple[ProjectGoal, ...]


def goals_of(world: World) -> Goals:
    """Return the goals of a county and year; people, households, orders and sales grow with the scale.

    Classes, fairs, fund, donations and meetings do not scale: a county has a few dozen projects
    however many people it has.
    """
    plan = _plan(world, world.year) or drawn(world, CATEGORIES)
    training, households = plan["training"], world.scaled(plan["households"]["households"])
    own_words = plan["fund"].get("typed", {})
    trainees = max(training["classes"], world.scaled(training["trainees"]))
    return Goals(
        labour={
            (destination, kind == "lifted"): world.scaled(count)
            for destination, kinds in plan["labour"].items()
            for kind, count in kinds.items()
        },
        training=TrainingGoal(training["classes"], trainees, min(trainees, world.scaled(training["lifted"]))),
        fairs=FairGoal(**plan["fairs"]),
        orders=max(40, round(plan["sales"]["orders"] * world.scale)),
        net_fen=round(Decimal(plan["sales"]["net_yuan"]) * 100 * Decimal(repr(float(world.scale)))),
        households=households,
        household_people=max(households, world.scaled(plan["households"]["people"])),
        cash_yuan=plan["donations"]["cash_yuan"],
        goods_yuan=plan["donations"]["goods_yuan"],
        meetings=plan["meetings"],
        letters={key: LetterGoal(**letter) for key, letter in plan["fund"]["letters"].items()},
        projects=tuple(
            ProjectGoal(**{**p, "wan": Decimal(p["wan"]), "own_word": own_words.get(p["category"], "")})
            for p in plan["fund"]["projects"]
        ),
    )


def register_goal(world: World, year: int) -> RegisterGoal:
    """Return what the registers hold at the end of any year: a register remembers the years before."""
    plan = _plan(world, year)
    return RegisterGoal(**(plan["registers"] if plan else drawn_registers(world, year)))


def _plan(world: World, year: int) -> dict[str, Any] | None:
    file = Path(__file__).parent / f"plan_{world.county.code}_{year}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else None
