"""Registers of consumption support: suppliers of the 832 platform, and recognised products.

A register remembers: next year's states this year's rows again, with what became of them since. So a
county's registers are drawn year by year from the platform's first year on, the same in every sample.
Nothing ends in December, so that what a year's last day holds is what its goals say.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from xiezuo_sample.codes import credit_code
from xiezuo_sample.goals import RegisterGoal, register_goal
from xiezuo_sample.outcome import Period, Value, counted
from xiezuo_sample.world import World

_FIRST_YEAR = 2019
_KINDS = (
    "农产品有限公司",
    "粮油有限公司",
    "食品有限公司",
    "农民专业合作社",
    "生态农业有限公司",
    "畜牧有限公司",
)
_BRANDS = ("陇穗", "塬上", "云禾", "沃壤", "关川", "桃花山", "厚土")
_SECOND = ("源", "丰", "盛", "乡", "谷", "泽", "润", "和", "鑫", "茂", "嘉")
_GOODS = (
    "小米",
    "胡麻油",
    "苦荞茶",
    "扁豆粉",
    "马铃薯粉条",
    "藜麦",
    "羊肉",
    "蜂蜜",
    "黄芪",
    "党参",
    "亚麻籽",
)
_FORMS = ("", "（礼盒）", "（散装）", "（有机）", "（500克装）", "（2.5千克装）", "（真空包装）", "（精选）")


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented firm of the county."""

    name: str
    uscc: str


@dataclass(frozen=True, slots=True)
class Supplier:
    """A firm's stay on the platform, both days included; ``left_on`` None: it is there still."""

    firm: Firm
    joined_on: date
    left_on: date | None = None

    def is_there(self, day: date) -> bool:
        """Tell whether the supplier is on the platform on a day."""
        return self.joined_on <= day and (self.left_on is None or day <= self.left_on)


@dataclass(frozen=True, slots=True)
class Product:
    """A recognised product, valid from ``recognised_on`` to ``expires_on``, both included.

    ``expired_on`` is what the register said before the recognition was renewed or ended early.
    """

    firm: Firm
    name: str
    recognised_on: date
    expires_on: date
    expired_on: date

    def is_valid(self, day: date) -> bool:
        """Tell whether the recognition holds on a day."""
        return self.recognised_on <= day <= self.expires_on


@dataclass
class Registers:
    """Both registers as they stand at the end of the sample year."""

    suppliers: list[Supplier]
    products: list[Product]


def plan_registers(world: World) -> Registers:
    """Draw both registers up to the sample year."""
    plan = Registers([], [])
    for year in range(min(_FIRST_YEAR, world.year), world.year + 1):
        goal = register_goal(world, year)
        _supply(world, plan, year, goal.suppliers)
        _recognise(world, plan, year, goal)
    return plan


def register_values(plan: Registers, year: int) -> Iterator[Value]:
    """Count what holds on each period's last day."""

    def valid(period: Period) -> Iterator[Product]:
        return (product for product in plan.products if product.is_valid(period.last))

    yield from counted(
        "CON2.firms", "家", year, lambda period: ((product.firm.uscc, "") for product in valid(period))
    )
    yield from counted(
        "CON2.products",
        "类",
        year,
        lambda period: ((f"{product.firm.uscc} {product.name}", "") for product in valid(period)),
    )
    yield from counted(
        "CON3",
        "家",
        year,
        lambda period: ((one.firm.uscc, "") for one in plan.suppliers if one.is_there(period.last)),
    )


def firm_of(world: World, serial: int) -> Firm:
    """Return the county's firm of a serial number: suppliers and recognised firms are partly the same."""
    rng = world.lasting(f"firm {serial}")
    number, kind = divmod(serial, len(_KINDS))
    brand = f"{_BRANDS[serial % len(_BRANDS)]}{_SECOND[number % len(_SECOND)]}"
    return Firm(f"{world.county.name}{brand}{_KINDS[kind]}", credit_code(rng))


def _supply(world: World, plan: Registers, year: int, wanted: int) -> None:
    rng, last = world.lasting(f"suppliers {year}"), date(year, 12, 31)
    there = [index for index, one in enumerate(plan.suppliers) if one.is_there(last)]
    leaving = max(len(there) - wanted, min(len(there), rng.randint(1, 3)))
    for index in rng.sample(there, leaving):
        plan.suppliers[index] = replace(plan.suppliers[index], left_on=_day(rng, year, 11))
    for _ in range(wanted - len(there) + leaving):
        plan.suppliers.append(Supplier(firm_of(world, len(plan.suppliers)), _day(rng, year, 12)))


def _recognise(world: World, plan: Registers, year: int, goal: RegisterGoal) -> None:
    """Renew or let lapse what ends in the year, then end or add products and firms to reach the goal."""
    rng, last = world.lasting(f"products {year}"), date(year, 12, 31)
    plan.products = [_renewed(product, year, rng) for product in plan.products]
    firms = list(dict.fromkeys(product.firm for product in plan.products if product.is_valid(last)))
    going = set(rng.sample(firms, max(0, len(firms) - goal.product_firms)))
    plan.products = [
        _ended(product, year, rng) if product.firm in going and product.is_valid(last) else product
        for product in plan.products
    ]
    known = len(dict.fromkeys(product.firm for product in plan.products))
    kept = [firm for firm in firms if firm not in going]
    new = [firm_of(world, known + number) for number in range(goal.product_firms - len(kept))]
    _fit(plan, year, [*kept, *new], goal.products, rng)


def _fit(plan: Registers, year: int, firms: list[Firm], wanted: int, rng: Random) -> None:
    """Give every firm a product, then add or end products until as many are valid as wanted."""
    last = date(year, 12, 31)
    valid: dict[Firm, list[int]] = {firm: [] for firm in firms}
    for index, product in enumerate(plan.products):
        if product.is_valid(last):
            valid[product.firm].append(index)
    count = sum(map(len, valid.values()))
    for firm in [*(firm for firm in firms if not valid[firm])]:
        plan.products.append(_new_product(plan, firm, year, rng))
        count += 1
    for _ in range(wanted - count):
        plan.products.append(_new_product(plan, rng.choice(firms), year, rng))
    spare = [index for held in valid.values() for index in held[1:]]
    for index in rng.sample(spare, max(0, count - wanted)):
        plan.products[index] = _ended(plan.products[index], year, rng)


def _new_product(plan: Registers, firm: Firm, year: int, rng: Random) -> Product:
    taken = {product.name for product in plan.products if product.firm == firm}
    names = [f"{goods}{form}" for form in _FORMS for goods in _GOODS]
    free = [name for name in names if name not in taken] or [f"{_GOODS[0]}（{len(taken) + 1}号）"]
    recognised = _day(rng, year, 11)
    until = _month_end(recognised.year + 3, recognised.month)
    return Product(firm, rng.choice(free[:24]), recognised, until, until)


def _renewed(product: Product, year: int, rng: Random) -> Product:
    """Renew, more often than not, a recognition that ends in the year, before it ends."""
    if product.expires_on.year != year:
        return replace(product, expired_on=product.expires_on)
    if rng.random() < 0.2:
        return replace(product, expired_on=product.expires_on)
    until = _month_end(year + 3, product.expires_on.month)
    return replace(product, expires_on=until, expired_on=product.expires_on)


def _ended(product: Product, year: int, rng: Random) -> Product:
    """End a recognition early, in the year."""
    ends = max(product.recognised_on, _month_end(year, rng.randint(4, 11)))
    return replace(product, expires_on=ends)


def _day(rng: Random, year: int, last_month: int) -> date:
    return date(year, rng.randint(1, last_month), rng.randint(1, 28))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
