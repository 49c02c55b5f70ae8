"""Social donations: what the finance database and the office's workbook say, and what counts.

Amounts are 万元 in both. A receipt stands in one of the two or in both, where the later statement is
the true one. Goods count at their valuation, apart from money; fiscal money is no donation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.goals import Goals
from xiezuo_sample.ledger import Head, Ledger, inbox, shares, typed_day, write_ledgers
from xiezuo_sample.outcome import BadRow, Fact, Value, additive
from xiezuo_sample.people import organisation
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import World

_COLUMNS = (
    *("donor", "donor_type", "donated_on", "kind", "cash", "goods_name", "goods_qty", "goods_value"),
    *("valuation", "recipient", "purpose", "receipt_no"),
)
_DONORS = (("科技有限公司", "企业"), ("慈善协会", "社会组织"), ("商会", "社会组织"), ("实验小学", "学校"))
_GOODS = ("课桌椅", "图书", "冬衣", "医疗耗材", "电脑", "体育器材")
_PURPOSES = ("助学", "改善办学条件", "村级卫生室建设", "产业帮扶", "慰问困难群众")
_RECIPIENTS = ("县慈善会", "县教育局", "县卫生健康局", "县乡村振兴局")


@dataclass(frozen=True, slots=True)
class Donation:
    """A receipt as one ledger states it at ``updated_at``; amounts are 元, 0 where there is none."""

    receipt: str
    donor: str
    donor_type: str
    donated_on: date
    cash_yuan: int
    goods_name: str
    goods_yuan: int
    recipient: str
    purpose: str
    updated_at: datetime


@dataclass
class DonationPlan:
    """``donations`` are true; ``database`` and ``workbook`` are what each ledger holds."""

    donations: list[Donation]
    reported_on: date
    database: list[Donation] = field(default_factory=list)
    workbook: list[Donation] = field(default_factory=list)


def plan_donations(world: World, goals: Goals) -> DonationPlan:
    """Draw money, goods, and one donation of both; the amounts add up to the goals."""
    rng = world.rng("donations")
    cash = [part * 100 for part in shares(goals.cash_yuan // 100, [rng.uniform(0.3, 2) for _ in range(7)])]
    goods = [part * 100 for part in shares(goals.goods_yuan // 100, [rng.uniform(0.3, 2) for _ in range(6)])]
    given = [(amount, 0) for amount in cash[1:]] + [(0, amount) for amount in goods[1:]]
    given.append((cash[0], goods[0]))
    days = sorted(rng.sample(range(15, 345), len(given)))
    rng.shuffle(given)
    donations = [
        _donation(world, rng, serial, date(world.year, 1, 1) + timedelta(days=day), gift)
        for serial, (day, gift) in enumerate(zip(days, given, strict=True), start=1)
    ]
    plan = DonationPlan(donations, date(world.year, 10, 31))
    _tell_ledgers(plan)
    return plan


def donation_values(plan: DonationPlan, year: int) -> Iterator[Value]:
    """Add up money and goods by the day of the donation, apart and together."""
    cash = [Fact(one.donated_on, "", Decimal(one.cash_yuan)) for one in plan.donations]
    goods = [Fact(one.donated_on, "", Decimal(one.goods_yuan)) for one in plan.donations]
    yield from additive("SOC1", "元", year, [*cash, *goods])
    yield from additive("SOC1.cash", "元", year, cash)
    yield from additive("SOC1.in_kind", "元", year, goods)


def database_row(county: str, one: Donation) -> tuple[object, ...]:
    """Return a donation as a row of the finance database."""
    return (
        county,
        one.receipt,
        one.donor,
        one.donor_type,
        one.donated_on.isoformat(),
        _wan(one.cash_yuan) if one.cash_yuan else None,
        one.goods_name or None,
        _wan(one.goods_yuan) if one.goods_yuan else None,
        "采购发票" if one.goods_yuan else None,
        one.recipient,
        one.purpose,
        f"{one.updated_at}",
    )


def write_donations(world: World, plan: DonationPlan, out: Path) -> list[BadRow]:
    """Write the 社会帮扶资金台账 below ``inbox/<county>/fund`` and return its bad rows."""
    rng = world.rng("donation files")
    head = Head(
        f"{world.county.name}{world.year}年社会帮扶资金台账",
        "县乡村振兴局",
        plan.reported_on,
        "donation",
        _COLUMNS,
    )
    ledger = Ledger.begin("fund_donation", "社会帮扶", head, rng)
    good = [_cells(one, rng) for one in plan.workbook]
    for cells in good:
        ledger.add(cells)
    bad = _broken(world, plan.workbook[0], rng)
    for hint, cells in bad:
        ledger.add(cells, hint)
    ledger.add(good[-1], "the row stands twice", "duplicate")
    name = inbox(world, "fund", f"社会帮扶资金台账_{plan.reported_on:%Y-%m}.xlsx")
    return write_ledgers(out, name, [ledger])


def _donation(world: World, rng: Random, serial: int, day: date, gift: tuple[int, int]) -> Donation:
    kind, donor_type = rng.choice(_DONORS)
    cash, goods = gift
    return Donation(
        receipt=f"PJ{world.county.code}-{world.year}-{serial:04d}",
        donor=organisation(rng, world.county.paired_county, kind),
        donor_type=donor_type,
        donated_on=day,
        cash_yuan=cash,
        goods_name=rng.choice(_GOODS) if goods else "",
        goods_yuan=goods,
        recipient=rng.choice(_RECIPIENTS),
        purpose=rng.choice(_PURPOSES),
        updated_at=datetime(day.year, day.month, day.day, 17, 0)
        + timedelta(days=2, minutes=rng.randrange(90)),
    )


def _tell_ledgers(plan: DonationPlan) -> None:
    """Put all into the database but the first; every third told by end of October also into the workbook.

    Of those in both, the database corrects the workbook in November, or is corrected by it, by turns.
    """
    only_in_workbook, *held = plan.donations
    plan.workbook.append(only_in_workbook)
    corrected = datetime(plan.reported_on.year, 11, 16, 9, 30)
    for index, one in enumerate(held):
        in_both = index % 3 == 0 and one.updated_at.date() < plan.reported_on
        wrong = replace(one, cash_yuan=one.cash_yuan * 11, goods_yuan=one.goods_yuan * 11)
        if in_both and index % 2 == 0:
            plan.database.append(wrong)
            plan.workbook.append(one)
        elif in_both:
            plan.database.append(replace(one, updated_at=corrected))
            plan.workbook.append(wrong)
        else:
            plan.database.append(one)


def _cells(one: Donation, rng: Random) -> dict[str, Cell]:
    kind = "捐款捐物" if one.cash_yuan and one.goods_yuan else "捐款" if one.cash_yuan else "捐物"
    return {
        "donor": one.donor,
        "donor_type": one.donor_type,
        "donated_on": typed_day(one.donated_on, rng),
        "kind": kind,
        "cash": rng.choice((float(_wan(one.cash_yuan)), _wan(one.cash_yuan))) if one.cash_yuan else None,
        "goods_name": one.goods_name or None,
        "goods_qty": f"{rng.randint(10, 300)}件" if one.goods_yuan else None,
        "goods_value": _wan(one.goods_yuan) if one.goods_yuan else None,
        "valuation": "采购发票" if one.goods_yuan else None,
        "recipient": one.recipient,
        "purpose": one.purpose,
        "receipt_no": one.receipt,
    }


def _broken(world: World, model: Donation, rng: Random) -> list[tuple[str, dict[str, Cell]]]:
    """Return rows of receipts that count nowhere, each with one thing wrong."""
    plain = _cells(replace(model, cash_yuan=30_000, goods_name="", goods_yuan=0), rng)
    breaks: Mapping[str, dict[str, Cell]] = {
        "goods without a basis of their valuation": {
            "cash": None, "goods_name": "毛毯", "goods_value": "1.2", "valuation": None
        },
        "fiscal money is no donation": {
            "donor": f"{world.county.paired_county}财政局", "donor_type": "财政资金"
        },
        "the amount is no number": {"cash": "待核定"},
        "the row has no receipt number": {"receipt_no": None},
        "neither money nor goods": {"cash": None},
        "the amount is below zero": {"cash": "-2.5"},
    }  # fmt: skip
    start = f"PJ{world.county.code}-{world.year}-"
    return [
        (hint, plain | {"receipt_no": f"{start}9{number:03d}"} | cells)
        for number, (hint, cells) in enumerate(breaks.items(), start=1)
    ]


def _wan(yuan: int) -> str:
    return f"{Decimal(yuan) / 10_000:f}"
