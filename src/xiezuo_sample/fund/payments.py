"""Payments of fiscal aid: what was paid out of each project's money, and to whom.

No figure counts them. Nearly every project is paid less than has arrived; one is paid more, which the
reconciliation has to find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from xiezuo_sample.fund.plan import FundPlan, Project
from xiezuo_sample.ledger import Head, Ledger, inbox, shares, typed_day, write_ledgers
from xiezuo_sample.outcome import BadRow
from xiezuo_sample.people import organisation
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import World

_COLUMNS = ("pay_no", "project_no", "paid_on", "payee", "amount", "purpose", "pay_type")
_PAYEES = ("建筑工程有限公司", "农业科技有限公司", "设备有限公司", "农民专业合作社")
_PURPOSES = ("预付工程款", "工程进度款", "设备采购款", "项目结算款")


@dataclass(frozen=True, slots=True)
class Payment:
    """A voucher as one ledger states it at ``updated_at``."""

    number: str
    project: str
    paid_on: date
    payee: str
    yuan: Decimal
    purpose: str
    updated_at: datetime


@dataclass
class PaymentPlan:
    """What each ledger holds; of a voucher in both, the later statement is the true one."""

    payments: list[Payment]
    reported_on: date
    database: list[Payment] = field(default_factory=list)
    workbook: list[Payment] = field(default_factory=list)


def plan_payments(world: World, fund: FundPlan) -> PaymentPlan:
    """Draw the vouchers of every project but some that have not begun."""
    rng = world.rng("payments")
    letters = {letter.doc_no: letter.counted_on for letter in fund.letters}
    payments: list[Payment] = []
    for index, project in enumerate(fund.projects):
        if index % 12 != 11:
            share = Decimal("1.02") if index == 1 else Decimal(rng.randint(90, 100)) / 100
            payments += _vouchers(world, project, letters[project.alloc_doc], (len(payments), share), rng)
    plan = PaymentPlan(payments, date(world.year, 12, 31))
    for index, payment in enumerate(payments):
        if index % 4 == 3:
            plan.workbook.append(payment)  # paid by the office itself: the database has not heard of it
            continue
        plan.database.append(payment)
        if index % 4 == 1:
            plan.workbook.append(payment)
            wrong = (payment.yuan / 2).quantize(Decimal("0.01"))
            plan.database[-1] = replace(payment, yuan=wrong)
    return plan


def database_row(county: str, one: Payment) -> tuple[object, ...]:
    """Return a payment as a row of the finance database."""
    return (
        county,
        one.number,
        one.project,
        one.paid_on.isoformat(),
        one.payee,
        str(one.yuan),
        one.purpose,
        f"{one.updated_at}",
    )


def write_payments(world: World, plan: PaymentPlan, out: Path) -> list[BadRow]:
    """Write the 资金支付明细 below ``inbox/<county>/fund`` and return its bad rows."""
    rng = world.rng("payment files")
    head = Head(
        f"{world.county.name}{world.year}年东西部协作资金支付明细",
        "县乡村振兴资金专班",
        plan.reported_on,
        "payment",
        _COLUMNS,
    )
    ledger = Ledger.begin("fund_payment", "支付明细", head, rng)
    good = [_cells(one, rng) for one in plan.workbook]
    for cells in good:
        ledger.add(cells)
    readable = sum((one.yuan for one in plan.workbook), Decimal(0)) + plan.workbook[-1].yuan
    for hint, cells, yuan in _broken(world, plan.workbook[0], rng):
        ledger.add(cells, hint)
        readable += yuan
    ledger.add(good[-1], "the row stands twice", "duplicate")
    ledger.total({"amount": f"{readable:,.2f}"})
    return write_ledgers(out, inbox(world, "fund", f"资金支付明细_{world.year}-12.xlsx"), [ledger])


def _vouchers(
    world: World, project: Project, allocated_on: date, terms: tuple[int, Decimal], rng: Random
) -> list[Payment]:
    """Pay a share of what has arrived, in one to three vouchers after the letter and before mid-December."""
    paid_before, share = terms
    fen = int(project.wan * 1_000_000 * share)
    first = max(allocated_on, date(world.year, 3, 1)) + timedelta(days=10)
    last = date(world.year, 12, 12)
    parts = shares(fen, [rng.uniform(0.5, 2) for _ in range(rng.randint(1, 3))])
    span = max(0, (last - first).days)
    days = sorted(int(rng.triangular(0, span, span / 5)) for _ in parts)
    payee = organisation(rng, world.county.name, rng.choice(_PAYEES))
    found = []
    for serial, (part, offset) in enumerate(zip(parts, days, strict=True), start=paid_before + 1):
        day = min(last, first + timedelta(days=offset))
        found.append(
            Payment(
                number=f"ZF{world.county.code}-{world.year}-{serial:05d}",
                project=project.number,
                paid_on=day,
                payee=payee,
                yuan=Decimal(part) / 100,
                purpose=rng.choice(_PURPOSES),
                updated_at=datetime(day.year, day.month, day.day, 16, 30),
            )
        )
    return found


def _cells(one: Payment, rng: Random) -> dict[str, Cell]:
    return {
        "pay_no": one.number,
        "project_no": one.project,
        "paid_on": typed_day(one.paid_on, rng),
        "payee": one.payee,
        "amount": rng.choice((f"{one.yuan:,.2f}", f"￥{one.yuan:,.2f}", float(one.yuan))),
        "purpose": one.purpose,
        "pay_type": "国库集中支付",
    }


def _broken(world: World, model: Payment, rng: Random) -> list[tuple[str, dict[str, Cell], Decimal]]:
    """Return vouchers that nothing counts, each with one thing wrong, and the 元 that can be read."""
    breaks: Mapping[str, dict[str, Cell]] = {
        "the voucher has no number": {"pay_no": None},
        "the amount is no number": {"amount": "待核定"},
        "a payment of nothing": {"amount": "0.00"},
        "the day cannot be read": {"paid_on": "年底前"},
    }
    found = []
    for number, (hint, cells) in enumerate(breaks.items(), start=1):
        row = _cells(model, rng) | {"pay_no": f"ZF{world.county.code}-{world.year}-9{number:04d}"} | cells
        found.append((hint, row, Decimal(0) if "amount" in cells else model.yuan))
    return found
