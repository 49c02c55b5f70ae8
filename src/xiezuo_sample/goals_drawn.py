"""Goals of a county and year that has no plan file: drawn from the seed, in a county's usual sizes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from xiezuo_sample.world import World


def drawn(world: World, categories: Mapping[str, str]) -> dict[str, Any]:
    """Return goals in the shape of a plan file; ``categories`` are project categories by slug."""
    return _first(world, world.rng("goals"), categories) | _more(world.rng("more goals"))


def drawn_registers(world: World, year: int) -> dict[str, int]:
    """Return what the registers hold at the end of ``year``; the same in every year's sample."""
    rng = world.lasting(f"register goals {year}")
    firms = rng.randint(24, 48)
    return {
        "suppliers": rng.randint(18, 40),
        "product_firms": firms,
        "products": firms * rng.randint(6, 12) + rng.randrange(firms),
    }


def _first(world: World, rng: Random, categories: Mapping[str, str]) -> dict[str, Any]:
    year = world.year
    letters = {
        "first": {"doc_date": date(year - 1, 12, rng.randint(1, 28)), "batch": "提前下达"},
        "second": {"doc_date": date(year, rng.randint(2, 4), rng.randint(1, 28)), "batch": "第一批"},
        "third": {"doc_date": date(year, rng.randint(5, 9), rng.randint(1, 28)), "batch": "第二批"},
    }
    projects = [
        _project(world, rng, (category, typed), number, rng.choice(list(letters)))
        for category, typed in categories.items()
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


def _more(rng: Random) -> dict[str, Any]:
    classes, trainees, fairs = rng.randint(4, 10), rng.randint(150, 500), rng.randint(2, 4)
    firms, households = rng.randint(9, 30), rng.randint(800, 2600)
    return {
        "training": {
            "classes": classes,
            "trainees": trainees,
            "lifted": trainees * rng.randint(60, 95) // 100,
        },
        "fairs": {
            "fairs": fairs,
            "firms": firms,
            "posts": firms * rng.randint(15, 40),
            "views": rng.randint(6, 90) * 100,
        },
        "households": {"households": households, "people": households * rng.randint(370, 450) // 100},
        "donations": {
            "cash_yuan": rng.randint(2000, 12000) * 100,
            "goods_yuan": rng.randint(900, 8000) * 100,
        },
    }


def _project(
    world: World, rng: Random, category: tuple[str, str], number: int, letter: str
) -> dict[str, Any]:
    slug, typed = category
    town = rng.choice(world.towns) if rng.random() < 0.6 else None
    place = town.name if town else world.county.name
    return {
        "name": f"{place}{world.year}年{typed}项目（{number}号）",
        "category": slug,
        "wan": f"{rng.randrange(1000, 80000) / 100:.2f}",
        "letter": letter,
        "town": town.name if town else "",
        "village": rng.choice(town.villages) if town and town.villages else "",
        "joint_park": slug == "industry" and number == 1,
    }
