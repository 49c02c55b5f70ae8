"""What the office's own ledgers of a year add up to: from a plan file where there is one, else drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import yaml

from xiezuo_sample.world import World


@dataclass(frozen=True)
class AgreementGoal:
    """Framework agreements: how many, their value in 万元, and whether that is a lower bound."""

    count: int
    wan: Decimal
    at_least: bool


@dataclass(frozen=True)
class FirmGoal:
    """Firms that land in the year: how many, what they invest (万元), whom they employ."""

    count: int
    wan: Decimal
    jobs: int
    lifted: int


@dataclass(frozen=True)
class SecondedGoal:
    """People of one direction, kind, field ('' for officials) and length whose term overlaps the year."""

    direction: str
    kind: str
    field: str
    term: str
    count: int


@dataclass(frozen=True)
class VillageGoal:
    """A demonstration village at the year's end; ``typed`` is another spelling of it, or ''."""

    town: str
    village: str
    typed: str = ""


@dataclass(frozen=True)
class TargetGoal:
    """A target of the year's agreement; ``value`` is in ``unit``, as the office writes it."""

    id: str
    value: Decimal
    unit: str

    @property
    def in_base_unit(self) -> str:
        """The target as ``mart.progress`` has it: 元 with two decimals, anything else whole."""
        return f"{self.value * 10_000:.2f}" if self.unit == "万元" else f"{self.value:.0f}"


@dataclass(frozen=True)
class WorkGoals:
    """Totals of a year: flows of the year, stocks at its end, people over the whole of it."""

    visits: Mapping[str, int]
    pairs: Mapping[str, int]
    matchmaking: Mapping[str, int]
    agreements: AgreementGoal
    parks: int
    firms: FirmGoal
    seconded: tuple[SecondedGoal, ...]
    villages: tuple[VillageGoal, ...]
    targets: tuple[TargetGoal, ...]


def work_goals_of(world: World) -> WorkGoals:
    """Return the goals of a county and year. They do not scale: an office holds as many meetings."""
    file = Path(__file__).parent / f"plan_{world.county.code}_{world.year}.yaml"
    rng = world.rng("work goals")
    plan = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else _drawn(rng)
    agreements, firms = plan["agreements"], plan["firms"]
    return WorkGoals(
        visits=plan["visits"],
        pairs=plan["pairs"],
        matchmaking=plan["matchmaking"],
        agreements=AgreementGoal(**agreements | {"wan": Decimal(agreements["wan"])}),
        parks=plan["parks"],
        firms=FirmGoal(**firms | {"wan": Decimal(firms["wan"])}),
        seconded=tuple(SecondedGoal(**goal) for goal in plan["seconded"]),
        villages=_villages(world, plan["villages"], rng),
        targets=tuple(TargetGoal(**goal | {"value": Decimal(goal["value"])}) for goal in plan["targets"]),
    )


def _villages(world: World, goals: list[dict[str, str]] | int, rng: Random) -> tuple[VillageGoal, ...]:
    """Take the named villages where the divisions know them all, else as many others."""
    known = {(town.name, village) for town in world.towns for village in town.villages}
    if isinstance(goals, list) and all((goal["town"], goal["village"]) in known for goal in goals):
        return tuple(VillageGoal(**goal) for goal in goals)
    count = min(goals if isinstance(goals, int) else len(goals), len(known))
    return tuple(VillageGoal(town, village) for town, village in rng.sample(sorted(known), count))


def _drawn(rng: Random) -> dict[str, Any]:
    jobs = rng.randint(60, 160)
    return {
        "visits": {"east_to_west": rng.randint(1, 3), "west_to_east": rng.randint(1, 3)},
        "pairs": {
            "street_town": rng.randint(2, 5),
            "community_village": rng.randint(2, 5),
            "school": rng.randint(15, 40),
            "hospital": rng.randint(2, 5),
            "social_organisation": rng.randint(2, 4),
            "enterprise": rng.randint(3, 6),
        },
        "matchmaking": {"online": rng.randint(2, 4), "higher": rng.randint(1, 3)},
        "agreements": {
            "count": rng.randint(3, 7),
            "wan": str(rng.randint(300, 900)),
            "at_least": rng.random() < 0.5,
        },
        "parks": rng.randint(1, 2),
        "firms": {
            "count": rng.randint(3, 6),
            "wan": f"{rng.randrange(80_000, 400_000) / 100:.2f}",
            "jobs": jobs,
            "lifted": rng.randint(jobs // 5, jobs // 2),
        },
        "seconded": _drawn_seconded(rng),
        "villages": rng.randint(3, 5),
        "targets": _drawn_targets(rng),
    }


def _drawn_seconded(rng: Random) -> list[dict[str, Any]]:
    east, west = "east_to_west", "west_to_east"
    sizes = (
        (east, "cadre", "", "long", rng.randint(3, 7)),
        (west, "cadre", "", "long", rng.randint(3, 7)),
        (east, "professional", "teacher", "long", rng.randint(8, 16)),
        (east, "professional", "teacher", "short", rng.randint(4, 12)),
        (east, "professional", "doctor", "long", rng.randint(2, 5)),
        (east, "professional", "doctor", "short", rng.randint(1, 4)),
        (east, "professional", "park", "long", 1),
        (east, "professional", "party", "long", 1),
        (west, "professional", "teacher", "long", rng.randint(4, 10)),
        (west, "professional", "teacher", "short", rng.randint(8, 20)),
        (west, "professional", "doctor", "short", rng.randint(4, 12)),
        (west, "professional", "agriculture", "short", rng.randint(4, 12)),
    )
    names = ("direction", "kind", "field", "term", "count")
    return [dict(zip(names, size, strict=True)) for size in sizes]


def _drawn_targets(rng: Random) -> list[dict[str, str]]:
    drawn = (
        ("LAB1", rng.randint(1000, 3000), "人"),
        ("LAB2", rng.randint(100, 400), "人"),
        ("LAB3", rng.randint(300, 900), "人"),
        ("LAB5.trainees", rng.randint(200, 500), "人"),
        ("CON1", rng.randint(1000, 15000), "万元"),
        ("CON5.agreements", rng.randint(3, 6), "个"),
        ("FUN1", rng.randint(2000, 8000), "万元"),
        ("SOC1", rng.randint(50, 200), "万元"),
        ("ORG1", rng.randint(4, 8), "次"),
        ("ORG2", rng.randint(2, 4), "次"),
        ("IND1", 1, "个"),
        ("IND2", rng.randint(2, 6), "家"),
        ("IND3", rng.randint(800, 4000), "万元"),
        ("IND4", rng.randint(50, 150), "人"),
        ("TAL1.east_to_west", rng.randint(3, 6), "人"),
        ("TAL2.east_to_west", rng.randint(15, 35), "人"),
        ("VIL1", rng.randint(3, 5), "个"),
    )
    return [{"id": name, "value": str(value), "unit": unit} for name, value, unit in drawn]
