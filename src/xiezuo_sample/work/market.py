"""Matchmaking events and framework agreements: plan, their two workbooks, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.outcome import BadRow, Value
from xiezuo_sample.people import organisation
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.goals import AgreementGoal, WorkGoals
from xiezuo_sample.work.sheets import Line, Statement, short, spelling, typed_day, typed_month, write_book
from xiezuo_sample.work.values import bounded, events
from xiezuo_sample.world import World

UNIT = "县商务局"
_PLACES = {"online": "线上", "higher": "省会", "other": "县城"}
_NAMES = {"online": "农特产品线上推介会", "higher": "特色产品产销对接会", "other": "消费帮扶赶集日"}
_SELLERS = ("杂粮购销有限公司", "农产品合作社", "牛羊肉食品有限公司")
_BUYERS = ("商贸有限公司", "超市连锁有限公司", "机关食堂")


@dataclass(frozen=True)
class Event:
    """A matchmaking event of one kind."""

    held_on: date
    kind: str
    name: str
    firms: int


@dataclass(frozen=True)
class Agreement:
    """A framework agreement over 万元; ``by_month``: the ledger gives no day, so its first counts."""

    signed_on: date
    seller: str
    buyer: str
    wan: Decimal
    at_least: bool
    event: str
    by_month: bool = False


@dataclass(frozen=True)
class Market:
    """The year's events, those of kind ``other`` among them, and agreements, by day."""

    events: list[Event]
    agreements: list[Agreement]


def market(world: World, goals: WorkGoals) -> Market:
    """Draw the year; the first agreement is signed before June."""
    rng = world.rng("work market")
    kinds = [kind for kind, times in goals.matchmaking.items() for _ in range(times)] + ["other"]
    days = rng.sample(range(45, 335), len(kinds))
    held = [
        Event(
            date(world.year, 1, 1) + timedelta(days=day),
            kind,
            f"{world.county.paired_county}—{world.county.name}{_NAMES[kind]}（{number}）",
            rng.randint(5, 40),
        )
        for number, (day, kind) in enumerate(zip(days, kinds, strict=True), start=1)
    ]
    return Market(
        sorted(held, key=lambda event: event.held_on), _agreements(world, goals.agreements, held, rng)
    )


def _agreements(world: World, goal: AgreementGoal, held: list[Event], rng: Random) -> list[Agreement]:
    county = world.county
    days = sorted([rng.randrange(60, 120), *rng.sample(range(125, 335), goal.count - 1)])
    found = []
    for number, (day, wan) in enumerate(zip(days, divided(goal.wan, weights(goal.count, rng)), strict=True)):
        signed = date(world.year, 1, 1) + timedelta(days=day)
        by_month = number == goal.count - 1
        found.append(
            Agreement(
                signed.replace(day=1) if by_month else signed,
                organisation(rng, short(county.name), _SELLERS[number % len(_SELLERS)]),
                organisation(rng, county.paired_county, _BUYERS[number % len(_BUYERS)]) + f"{number + 1}部",
                wan,
                goal.at_least and number == goal.count // 2,
                rng.choice(held).name,
                by_month,
            )
        )
    return found


def weights(count: int, rng: Random) -> list[int]:
    """Draw how something is divided: parts of like size, none more than half as big again as another."""
    return [rng.randint(80, 120) for _ in range(count)]


def divided(total: Decimal, by: list[int]) -> list[Decimal]:
    """Divide ``total`` by weights into parts with at most its decimals; they add up to it."""
    step = Decimal(1).scaleb(min(0, int(total.as_tuple().exponent)))
    ends = [(total * sum(by[: count + 1]) / sum(by)).quantize(step) for count in range(len(by))]
    return [end - start for start, end in zip([Decimal(0), *ends[:-1]], ends, strict=True)]


def market_values(plan: Market, year: int) -> Iterator[Value]:
    """Count events by kind and own day; agreements and their value by the day of signing."""
    for kind in ("online", "higher"):
        yield from events(f"CON5.{kind}", "次", year, [e.held_on for e in plan.events if e.kind == kind])
    yield from events("CON5.agreements", "个", year, [a.signed_on for a in plan.agreements])
    amounts = [(a.signed_on, a.wan * 10_000, a.at_least) for a in plan.agreements]
    yield from bounded("CON5.agreed", year, amounts)


def write_market(world: World, plan: Market, out: Path) -> list[BadRow]:
    """Write June's and December's workbook, events and agreements in a sheet each.

    June's has an event under a wrong kind, an agreement at another value, and one that fell through.
    """
    rng = world.rng("work market ledgers")
    june, december = date(world.year, 6, 30), date(world.year, 12, rng.randint(15, 28))
    held = [event for event in plan.events if event.held_on <= june]
    held[:1] = [replace(event, kind="other") for event in held[:1]]
    signed = [agreement for agreement in plan.agreements if agreement.signed_on <= june]
    failed = replace(signed[0], seller=f"{short(world.county.name)}未履约商行", at_least=False)
    signed[0] = replace(signed[0], wan=signed[0].wan + 5)
    write_book(
        world,
        out,
        f"消费帮扶对接_{june:%Y-%m}.xlsx",
        _event_ledger(world, held, june, rng, []),
        _agreement_ledger(world, [*signed, failed], june, rng, []),
    )
    return write_book(
        world,
        out,
        f"消费帮扶对接_{december:%Y-%m}.xlsx",
        _event_ledger(world, plan.events, december, rng, _bad_events(world, plan.events[0], rng)),
        _agreement_ledger(
            world, plan.agreements, december, rng, _bad_agreements(world, plan.agreements[0], rng)
        ),
    )


def _event_ledger(
    world: World, listed: list[Event], reported_on: date, rng: Random, bad: list[Line]
) -> Statement:
    return Statement(
        dataset="work_matchmaking",
        sheet="对接活动",
        title=f"{{county}}{world.year}年消费帮扶对接活动台账",
        columns=("held_on", "name", "kind", "place", "firms"),
        lines=[*(Line(_event_cells(world, event, rng)) for event in listed), *bad],
        reported_on=reported_on,
        unit=UNIT,
    )


def _event_cells(world: World, event: Event, rng: Random) -> dict[str, Cell]:
    return {
        "held_on": typed_day(event.held_on, rng),
        "name": event.name,
        "kind": spelling(world, "matchmaking", event.kind, rng),
        "place": _PLACES[event.kind],
        "firms": rng.choice((event.firms, f"{event.firms}家")),
    }


def _bad_events(world: World, event: Event, rng: Random) -> list[Line]:
    good = _event_cells(world, event, rng)
    return [
        Line(good | {"kind": "待定"}, "the kind of event is unknown"),
        Line(good | {"name": None}, "the name is missing"),
        Line(good | {"held_on": f"{world.year}年4月31日"}, "there is no such day"),
    ]


def _agreement_ledger(
    world: World, listed: list[Agreement], reported_on: date, rng: Random, bad: list[tuple[Line, Decimal]]
) -> Statement:
    total = sum((agreement.wan for agreement in listed), Decimal(0)) + sum(wan for _, wan in bad)
    return Statement(
        dataset="work_agreement",
        sheet="框架协议",
        title=f"{{county}}{world.year}年采购框架协议台账",
        columns=("signed_on", "seller", "buyer", "amount", "matchmaking"),
        lines=[*(Line(_agreement_cells(agreement, rng)) for agreement in listed), *(line for line, _ in bad)],
        reported_on=reported_on,
        unit=UNIT,
        units={"amount": "万元"},
        totals={"amount": float(total)},
    )


def _agreement_cells(agreement: Agreement, rng: Random) -> dict[str, Cell]:
    wan, day = f"{agreement.wan:f}", agreement.signed_on
    amount: Cell = rng.choice((float(wan), wan, f"{wan}万元"))
    return {
        "signed_on": typed_month(day, rng) if agreement.by_month else typed_day(day, rng),
        "seller": agreement.seller,
        "buyer": agreement.buyer,
        "amount": f"{wan}余万元" if agreement.at_least else amount,
        "matchmaking": agreement.event,
    }


def _bad_agreements(world: World, agreement: Agreement, rng: Random) -> list[tuple[Line, Decimal]]:
    """Return bad rows and the readable amount of each, which a total row includes."""
    good = _agreement_cells(replace(agreement, seller="某某商行", at_least=False), rng)
    nothing = Decimal(0)
    return [
        (Line(good | {"amount": -30}, "the amount is negative"), Decimal(-30)),
        (Line(good | {"amount": "约80万元"}, "the amount is approximate in both directions"), nothing),
        (
            Line(good | {"signed_on": f"{world.year}-06-31", "amount": 40}, "there is no such day"),
            Decimal(40),
        ),
        (Line(good | {"buyer": None, "amount": 20}, "the buyer is missing"), Decimal(20)),
    ]
