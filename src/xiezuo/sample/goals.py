"""What a sample year adds up to: read from a plan file where there is one, else drawn from the seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml

from xiezuo.sample.world import World

CATEGORIES: Mapping[str, str] = {
    "industry": "产业培育",
    "village": "乡村振兴示范村",
    "employment": "就业培训",
    "school": "学校建设",
    "education": "教育培训",
    "medical": "医疗设备采购",
    "clinic": "卫生室",
    "street": "基础设施",
    "lighting": "乡村亮化",
    "workshop": "帮扶车间",
}
"""Project categories by slug, as a ledger types them."""

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


@dataclass(frozen=True)
class Goals:
    """Totals of a year. ``labour`` counts people by (destination, lifted); ``meetings`` by body."""

    labour: Mapping[tuple[str, bool], int]
    orders: int
    net_fen: int
    meetings: Mapping[str, int]
    letters: Mapping[str, LetterGoal]
    projects: tuple[ProjectGoal, ...]


def goals_of(world: World) -> Goals:
    """Return the goals of a county and year; people, orders and sales grow with the scale.

    Fund and meetings do not scale: a county has a few dozen projects however many people it has.
    """
    file = Path(__file__).parent / f"plan_{world.county.code}_{world.year}.yaml"
    if file.is_file():
        plan = yaml.safe_load(file.read_text(encoding="utf-8"))
    else:
        plan = _drawn(world, world.rng("goals"))
    return Goals(
        labour={
            (destination, kind == "lifted"): world.scaled(count)
            for destination, kinds in plan["labour"].items()
            for kind, count in kinds.items()
        },
        orders=max(40, round(plan["sales"]["orders"] * world.scale)),
        net_fen=round(Decimal(plan["sales"]["net_yuan"]) * 100 * Decimal(repr(float(world.scale)))),
        meetings=plan["meetings"],
        letters={key: LetterGoal(**letter) for key, letter in plan["fund"]["letters"].items()},
        projects=tuple(ProjectGoal(**{**p, "wan": Decimal(p["wan"])}) for p in plan["fund"]["projects"]),
    )


def _drawn(world: World, rng: Random) -> dict[str, Any]:
    year = world.year
    letters = {
        "first": {"doc_date": date(year - 1, 12, rng.randint(1, 28)), "batch": "提前下达"},
        "second": {"doc_date": date(year, rng.randint(2, 4), rng.randint(1, 28)), "batch": "第一批"},
        "third": {"doc_date": date(year, rng.randint(5, 9), rng.randint(1, 28)), "batch": "第二批"},
    }
    projects = [
        _project(world, rng, category, number, rng.choice(list(letters)))
        for category in CATEGORIES
        for number in range(1, rng.randint(2, 4))
    ]
    return {
        "labour": {
            "paired": {"lifted": rng.randint(80, 400), "other": rng.randint(0, 60)},
            "home": {"lifted": rng.randint(200, 700), "other": rng.randint(50, 400)},
            "elsewhere": {"lifted": rng.randint(400, 1800), "other": rng.randint(20, 300)},
        },
        "sales": {
            "orders": rng.randint(1500, 3500),
            "net_yuan": f"{rng.randrange(10**9, 2 * 10**10) / 100:.2f}",
        },
        "meetings": {"government": rng.randint(2, 5), "leading_group": rng.randint(2, 6)},
        "fund": {"letters": letters, "projects": projects},
    }


def _project(world: World, rng: Random, category: str, number: int, letter: str) -> dict[str, Any]:
    town = rng.choice(world.towns) if rng.random() < 0.6 else None
    place = town.name if town else world.county.name
    return {
        "name": f"{place}{CATEGORIES[category]}项目（{number}号）",
        "category": category,
        "wan": f"{rng.randrange(1000, 80000) / 100:.2f}",
        "letter": letter,
        "town": town.name if town else "",
        "village": rng.choice(town.villages) if town and town.villages else "",
        "joint_park": category == "industry" and number == 1,
    }
