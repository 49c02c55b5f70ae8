"""Writing the registers: a supplier list and a product list, each in June and in December."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

from xiezuo_sample.codes import telephone
from xiezuo_sample.ledger import (
    Head,
    Ledger,
    inbox,
    mixed,
    spoiled_code,
    typed_day,
    typed_month,
    write_ledgers,
    write_text,
)
from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sales.registers import Product, Registers, Supplier, firm_of
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import World

_SUPPLIER = ("name", "uscc", "platform", "joined_on", "left_on", "contact", "phone")
_PRODUCT = ("firm", "uscc", "product", "category", "recognised_on", "expires_on", "cert_no")
_NOBODY = 900_000
"""Serial numbers from here on are of firms that are in no register that counts."""


def write_registers(world: World, plan: Registers, out: Path) -> list[BadRow]:
    """Write both registers below ``inbox/<county>/sales``; only December's have bad rows.

    June's say what was known then, and each holds a row that December's withdraws.
    """
    rng = world.rng("register files")
    june, december = date(world.year, 6, 30), date(world.year, 12, 31)
    gone = Supplier(firm_of(world, _NOBODY + world.year), date(world.year, 3, 3))
    until = date(world.year + 3, 3, 31)
    dropped = Product(gone.firm, "荞麦挂面", date(world.year, 3, 3), until, until)
    early = [*(_as_in_june(one, june) for one in plan.suppliers if one.joined_on <= june), gone]
    _suppliers(world, early, june, out, rng)
    _products(world, [*(p for p in plan.products if p.recognised_on <= june), dropped], june, out, rng)
    return [
        *_suppliers(world, plan.suppliers, december, out, rng),
        *_products(world, plan.products, december, out, rng),
    ]


def _as_in_june(supplier: Supplier, june: date) -> Supplier:
    left = supplier.left_on
    return Supplier(supplier.firm, supplier.joined_on, left if left and left <= june else None)


def _suppliers(world: World, rows: list[Supplier], day: date, out: Path, rng: Random) -> list[BadRow]:
    head = Head(
        f"脱贫地区农副产品网络销售平台{world.county.name}供应商名录", "县商务局", day, "supplier", _SUPPLIER
    )
    ledger = Ledger.begin("sales_supplier", "供应商", head, rng)
    good = [("", _supplier_cells(one, rng)) for one in rows]
    is_last = day.month == 12
    for hint, cells in mixed(good, _broken_suppliers(world, rng) if is_last else [], rng):
        ledger.add(cells, hint)
    if is_last:
        ledger.add(good[-1][1], "the row stands twice", "duplicate")
    return write_ledgers(out, inbox(world, "sales", f"832平台供应商名录_{day:%Y-%m}.xlsx"), [ledger])


def _supplier_cells(one: Supplier, rng: Random) -> dict[str, Cell]:
    return {
        "name": one.firm.name,
        "uscc": one.firm.uscc if rng.random() > 0.05 else f" {one.firm.uscc}",
        "platform": "832平台",
        "joined_on": typed_day(one.joined_on, rng),
        "left_on": typed_day(one.left_on, rng) if one.left_on else None,
        "contact": f"{rng.choice('赵钱孙李周吴')}经理",
        "phone": telephone(rng.randrange(100_000)),
    }


def _broken_suppliers(world: World, rng: Random) -> list[tuple[str, dict[str, Cell]]]:
    year = world.year
    breaks: Mapping[str, dict[str, Cell]] = {
        "the social credit code's check digit is wrong": {},
        "the row has no social credit code": {"uscc": None},
        "the supplier left before it joined": {"joined_on": f"{year}-05-20", "left_on": f"{year}-02-11"},
        "the day cannot be read": {"joined_on": "去年秋天"},
    }
    found = []
    for number, (hint, cells) in enumerate(breaks.items(), start=1):
        firm = firm_of(world, _NOBODY + 10_000 + number)
        row = _supplier_cells(Supplier(firm, date(year, 4, 8)), rng) | cells
        found.append((hint, row if cells else row | {"uscc": spoiled_code(firm.uscc)}))
    return found


def _products(world: World, rows: list[Product], day: date, out: Path, rng: Random) -> list[BadRow]:
    head = Head(f"{world.county.name}扶贫产品认定名录", "县乡村振兴局", day, "product", _PRODUCT)
    ledger = Ledger.begin("sales_product", "认定产品", head, rng)
    is_last = day.month == 12
    good = [("", _product_cells(one, is_last, rng)) for one in sorted(rows, key=lambda one: one.firm.uscc)]
    for hint, cells in mixed(good, _broken_products(world, rng) if is_last else [], rng):
        ledger.add(cells, hint)
    file = inbox(world, "sales", f"扶贫产品认定名录_{day:%Y-%m}.{'csv' if is_last else 'xlsx'}")
    return write_text(out, file, ledger, "gb18030") if is_last else write_ledgers(out, file, [ledger])


def _product_cells(one: Product, is_last: bool, rng: Random) -> dict[str, Cell]:
    """Type a product; an end of validity, always a month's last day, may be given as its month."""
    until = one.expires_on if is_last else one.expired_on
    ends_month = (until.year, until.month) != (one.recognised_on.year, one.recognised_on.month)
    return {
        "firm": one.firm.name,
        "uscc": one.firm.uscc,
        "product": one.name,
        "category": rng.choice(("粮油", "特色农产品", "加工食品")),
        "recognised_on": typed_day(one.recognised_on, rng),
        "expires_on": typed_month(until, rng) if ends_month and rng.random() < 0.5 else typed_day(until, rng),
        "cert_no": f"FPCP{one.recognised_on:%Y%m%d}{one.firm.uscc[-4:]}",
    }


def _broken_products(world: World, rng: Random) -> list[tuple[str, dict[str, Cell]]]:
    year = world.year
    breaks: Mapping[str, dict[str, Cell]] = {
        "the social credit code's check digit is wrong": {},
        "the row names no product": {"product": None},
        "the recognition ends before it begins": {
            "recognised_on": f"{year}-05-20",
            "expires_on": f"{year}-02-11",
        },
        "the day cannot be read": {"recognised_on": "待定"},
    }
    found = []
    for number, (hint, cells) in enumerate(breaks.items(), start=1):
        firm = firm_of(world, _NOBODY + 20_000 + number)
        until = date(year + 3, 4, 30)
        row = _product_cells(Product(firm, "糖蒜", date(year, 4, 8), until, until), True, rng) | cells
        found.append((hint, row if cells else row | {"uscc": spoiled_code(firm.uscc)}))
    return found
