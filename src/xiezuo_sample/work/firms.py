"""Firms brought in: plan, the office's four statements of the year, and what they add up to.

Investment and jobs grow from statement to statement. One firm's landing day is corrected, an older
firm is listed throughout and counts in no figure of the year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.codes import credit_code
from xiezuo_sample.outcome import BadRow, Period, Value
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.goals import WorkGoals
from xiezuo_sample.work.market import divided, weights
from xiezuo_sample.work.sheets import Line, Statement, short, text_day, typed_day, write_book
from xiezuo_sample.work.values import events, measured
from xiezuo_sample.world import World

UNIT = "县招商局"
_WORDS = ("晨屿", "禾川", "远栎", "朗岫", "青砚", "榆舟", "岚汀")
_TRADES = ("农业发展有限公司", "食品有限公司", "包装有限公司", "新材料有限公司")
_GROWTH = (Decimal("0.3"), Decimal("0.55"), Decimal("0.8"), Decimal(1))
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Known:
    """What a statement says of a firm: investment in 万元 and workers so far."""

    wan: Decimal
    jobs: int
    lifted: int


@dataclass(frozen=True)
class Firm:
    """A firm; ``known`` is by day of statement, ``first_said`` the wrong landing day of the first one."""

    name: str
    uscc: str
    landed_on: date
    agreed_wan: Decimal
    known: Mapping[date, Known]
    first_said: date | None = None


def firms(world: World, goals: WorkGoals) -> list[Firm]:
    """Draw the firms: landings spread over the year, one before it."""
    rng, goal = world.rng("work firms"), goals.firms
    days = _statement_days(world.year)
    landings = sorted(
        date(world.year, 1, 1)
        + timedelta(days=30 + 295 * number // goal.count + rng.randrange(295 // goal.count))
        for number in range(goal.count)
    )
    by = weights(goal.count, rng)
    sizes = (divided(total, by) for total in (goal.wan, Decimal(goal.jobs), Decimal(goal.lifted)))
    parts = zip(landings, *sizes, strict=True)
    found = []
    for number, (landed, wan, jobs, lifted) in enumerate(parts):
        final = Known(wan, int(jobs), int(lifted))
        found.append(_firm(world, number, landed, final, days, rng))
    older = date(world.year - 1, 9, rng.randint(1, 28))
    return [*found, _firm(world, goal.count, older, Known(Decimal("312.5"), 18, 6), days, rng)]


def _firm(world: World, number: int, landed: date, final: Known, days: list[date], rng: Random) -> Firm:
    told = [day for day in days if day >= landed]
    known = {day: _so_far(final, share) for day, share in zip(told, _GROWTH[-len(told) :], strict=True)}
    # The second firm is first stated nine days early: same year, often another month.
    first_said = landed - timedelta(days=9) if number == 1 else None
    name = f"{short(world.county.name)}{_WORDS[number % len(_WORDS)]}{_TRADES[number % len(_TRADES)]}"
    return Firm(
        name, credit_code(rng), landed, (final.wan * Decimal("1.5")).quantize(_CENT), known, first_said
    )


def _so_far(final: Known, share: Decimal) -> Known:
    return Known((final.wan * share).quantize(_CENT), int(final.jobs * share), int(final.lifted * share))


def _statement_days(year: int) -> list[date]:
    return [date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 20)]


def firm_values(planned: list[Firm], year: int) -> Iterator[Value]:
    """Count landings by the landing day as last stated; sums by each firm's latest statement."""
    ours = [firm for firm in planned if firm.landed_on.year == year]
    yield from events("IND2", "家", year, [firm.landed_on for firm in ours])

    def total(part: str, period: Period) -> Decimal:
        latest = [_latest(firm, period.last) for firm in ours]
        return sum((Decimal(getattr(known, part)) for known in latest if known), Decimal(0))

    def yuan(period: Period) -> Decimal:
        return total("wan", period) * 10_000

    yield from measured("IND3", "元", year, yuan, months=False)
    yield from measured("IND4", "人", year, lambda period: total("jobs", period), months=False)
    yield from measured("IND4.lifted", "人", year, lambda period: total("lifted", period), months=False)


def _latest(firm: Firm, day: date) -> Known | None:
    told = [stated for stated in firm.known if stated <= day]
    return firm.known[max(told)] if told else None


def write_firms(world: World, planned: list[Firm], out: Path) -> list[BadRow]:
    """Write the statements: dated by title, by file name, by their rows, and by title again."""
    rng = world.rng("work firm ledgers")
    march, june, september, december = _statement_days(world.year)
    corrected = {firm.name: min(firm.known) for firm in planned if firm.first_said and len(firm.known) > 1}
    bad: list[BadRow] = []
    for day, file in (
        (march, "引导落地企业（一季度）.xlsx"),
        (june, f"引导落地企业_{june:%Y-%m}.xlsx"),
        (september, "引导落地企业（三季度）.xlsx"),
        (december, f"引导落地企业_{december:%Y-%m}.xlsx"),
    ):
        listed = [firm for firm in planned if day in firm.known]
        wrong = {name for name, first in corrected.items() if first == day}
        lines = [Line(_cells(world, firm, day, rng, is_wrong=firm.name in wrong)) for firm in listed]
        flaws = _bad(world, listed[0], day, rng) if day == december else []
        bad += write_book(world, out, file, _ledger(world, [*lines, *flaws], day))
    return bad


def _ledger(world: World, lines: list[Line], day: date) -> Statement:
    """Lay out a statement; every amount that can be read is in its total row, bad rows included."""
    columns = ("name", "uscc", "origin", "landed_on", "agreed", "actual", "jobs", "jobs_lifted")
    by_rows, by_title = day.month == 9, day.month in (3, 12)
    sums: dict[str, Cell] = {
        name: float(sum((Decimal(str(line.cells[name])) for line in lines), Decimal(0)))
        for name in ("agreed", "actual")
    }
    return Statement(
        dataset="work_enterprise",
        sheet="企业",
        title=f"{{county}}{world.year}年引导{{paired_county}}企业落地情况",
        columns=(*columns, "reported_on") if by_rows else (*columns, "status", "is_east_backed"),
        lines=lines,
        reported_on=day,
        unit=UNIT,
        dated=by_title,
        money="万元" if by_rows else "",
        groups={"投资情况（万元）": ("agreed", "actual"), "带动就业（人）": ("jobs", "jobs_lifted")}
        if by_title
        else {},
        units={} if by_title or by_rows else {"agreed": "万元", "actual": "万元"},
        totals=sums,
    )


def _cells(world: World, firm: Firm, day: date, rng: Random, *, is_wrong: bool = False) -> dict[str, Cell]:
    known = firm.known[day]
    landed = firm.first_said if is_wrong and firm.first_said else firm.landed_on
    return {
        "name": firm.name,
        "uscc": firm.uscc,
        "origin": world.county.paired_province,
        "landed_on": typed_day(landed, rng),
        "agreed": float(firm.agreed_wan),
        "actual": float(known.wan),
        "jobs": rng.choice((known.jobs, f"{known.jobs}人")),
        "jobs_lifted": known.lifted,
        "reported_on": text_day(day, rng),
        "status": "正常经营",
        "is_east_backed": "是",
    }


def _bad(world: World, firm: Firm, day: date, rng: Random) -> list[Line]:
    good = _cells(world, firm, day, rng) | {"uscc": credit_code(rng), "jobs": 12, "jobs_lifted": 5}
    names = [f"{short(world.county.name)}存疑{word}有限公司" for word in ("甲", "乙", "丙", "丁")]
    return [
        Line(good | {"name": names[0], "jobs_lifted": 13}, "more lifted workers than workers"),
        Line(good | {"name": names[1], "actual": -20}, "the investment is negative"),
        Line(good | {"name": names[2], "landed_on": f"{world.year}年2月30日"}, "there is no such day"),
        Line(good | {"name": None}, "the name is missing"),
        Line(good | {"name": names[3], "uscc": f"{firm.uscc[:17]}"}, "the credit code lacks a character"),
    ]
