"""Writing the training plan: the ledger of classes, and a workbook with a roster on each sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

from xiezuo_sample.labour.training_plan import Trainee, TrainingClass, TrainingPlan, stranger
from xiezuo_sample.ledger import Head, Ledger, inbox, typed_day, write_ledgers
from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sheets import Cell
from xiezuo_sample.world import World

_CLASS_COLUMNS = (
    *("class_no", "class_name", "org", "started_on", "ended_on", "days", "trained", "lifted"),
    *("certified", "subsidy", "fund_source"),
)
_PERSON = ("person_name", "id_no", "household_type", "town", "village", "phone", "cert_no", "onboard")
_TYPES = {"lifted": "脱贫户", "monitored": "监测户", "ordinary": "一般农户"}
_NUMERALS = "零一二三四五六七八九十"


def write_training(world: World, plan: TrainingPlan, out: Path) -> list[BadRow]:
    """Write June's and December's ledger and rosters below ``inbox/<county>/labour``.

    Only December's have bad rows. In June a class stood there that was cancelled later, before it had a roster, and on
    one roster somebody who has left since.
    """
    rng = world.rng("training files")
    june, december = date(world.year, 6, 30), date(world.year, 12, 31)
    early = [one for one in plan.classes if one.started_on <= june]
    if plan.cancelled is not None and plan.cancelled.started_on <= june:
        early.append(plan.cancelled)
    found: list[BadRow] = []
    for day, classes in ((june, sorted(early, key=lambda one: one.number)), (december, plan.classes)):
        if not classes:
            continue
        ledger = _class_ledger(world, classes, day, rng)
        name = inbox(world, "labour", f"劳务协作培训班台账_{day:%Y-%m}.xlsx")
        found += write_ledgers(out, name, [ledger])
        rosters = [_roster(world, plan, one, day, rng) for one in classes if one is not plan.cancelled]
        name = inbox(world, "labour", f"培训花名册_{day:%Y-%m}.xlsx")
        found += write_ledgers(out, name, rosters)
    return found


def _class_ledger(world: World, classes: list[TrainingClass], day: date, rng: Random) -> Ledger:
    head = Head(
        f"{world.county.name}{world.year}年劳务协作培训班台账",
        "县人力资源和社会保障局",
        day,
        "training_class",
        _CLASS_COLUMNS,
    )
    ledger = Ledger.begin("labour_training_class", "培训班", head, rng)
    for one in classes:
        ledger.add(_class_cells(one, world.year, rng))
    subsidies = sum(one.subsidy_yuan for one in classes)
    if day.month == 12:
        bad = _bad_classes(classes[-1], world.year, rng)
        for hint, cells in bad.items():
            ledger.add(cells, hint)
        ledger.add(_class_cells(classes[-1], world.year, rng) | {"class_no": f"{world.year}年第99期"}
                   | {"started_on": f"{world.year}年冬季"}, "the start is not a date")  # fmt: skip
        subsidies += (len(bad) + 1) * classes[-1].subsidy_yuan
    ledger.total({"trained": sum(len(one.roster) for one in classes), "subsidy": subsidies})
    return ledger


def _bad_classes(model: TrainingClass, year: int, rng: Random) -> Mapping[str, dict[str, Cell]]:
    cells = _class_cells(model, year, rng)
    started = f"{model.started_on:%Y-%m-%d}"
    return {
        "the class has neither number nor name": cells | {"class_no": None, "class_name": None},
        "the end lies before the start": cells
        | {"class_no": f"{year}年第97期", "started_on": started, "ended_on": f"{year}-01-05"},
        "more lifted people than people": cells
        | {"class_no": f"{year}年第98期", "trained": 10, "lifted": 12},
    }


def _class_cells(one: TrainingClass, year: int, rng: Random) -> dict[str, Cell]:
    trained, lifted = len(one.roster), sum(trainee.is_lifted for trainee in one.roster)
    return {
        "class_no": _class_no(one, year, rng),
        "class_name": f"{one.trade}培训班",
        "org": one.org,
        "started_on": typed_day(one.started_on, rng),
        "ended_on": typed_day(one.ended_on, rng),
        "days": (one.ended_on - one.started_on).days + 1,
        "trained": rng.choice((trained, f"{trained}人")),
        "lifted": lifted,
        "certified": trained - trained // 9,
        "subsidy": rng.choice((one.subsidy_yuan, f"{one.subsidy_yuan:,}")),
        "fund_source": "东西部协作资金",
    }


def _class_no(one: TrainingClass, year: int, rng: Random) -> str:
    """Type the number of a class with its year, in figures or in words."""
    words = f"{year}年第{_NUMERALS[one.number]}期" if one.number <= 10 else one.title(year)
    return rng.choice((one.title(year), words, f"{year}-{one.number}"))


def _roster(world: World, plan: TrainingPlan, one: TrainingClass, day: date, rng: Random) -> Ledger:
    """Lay out a roster: the class stands in the title alone, or in a column of its own."""
    in_title = one.number % 2 == 1
    title = one.title(world.year)
    head = Head(
        f"{world.county.name}{title}{one.trade}培训班花名册"
        if in_title
        else f"{world.county.name}{world.year}年劳务协作培训花名册",
        one.org,
        day,
        "roster",
        _PERSON if in_title else ("class_no", "class_name", *_PERSON),
    )
    ledger = Ledger.begin("labour_training_roster", f"第{one.number}期", head, rng)
    typed = f"第{one.number}期" if one.number % 4 == 2 else title  # the sheet's title has the year
    more: dict[str, Cell] = {"class_no": typed, "class_name": f"{one.trade}培训班"}
    people = [*one.roster]
    if day.month == 6 and one.number in plan.dropouts:
        people.insert(len(people) // 2, plan.dropouts[one.number])
    first = len(ledger.grid.rows) + 1
    for serial, trainee in enumerate(people, start=1):
        ledger.add(_person_cells(trainee, one, serial, rng) | more)
    if not in_title and one.number % 4 == 0:
        ledger.merge_down("class_no", first, len(ledger.grid.rows))
    if day.month == 12:
        _add_bad_people(ledger, world, plan, one, more, rng)
    ledger.total({"person_name": f"{len(people)}人"})
    return ledger


def _person_cells(trainee: Trainee, one: TrainingClass, serial: int, rng: Random) -> dict[str, Cell]:
    return {
        "person_name": trainee.person.name,
        "id_no": trainee.person.number if rng.random() > 0.03 else f"{trainee.person.number} ",
        "household_type": _TYPES[trainee.household],
        "town": rng.choice((*[trainee.town.name] * 9, *trainee.town.spellings)),
        "village": trainee.village or None,
        "phone": trainee.person.phone,
        "cert_no": f"{one.started_on:%Y%m}{one.number:02d}{serial:04d}" if serial % 9 else None,
        "onboard": "是" if trainee.has_found_work else "否",
    }


def _add_bad_people(
    ledger: Ledger,
    world: World,
    plan: TrainingPlan,
    one: TrainingClass,
    more: Mapping[str, Cell],
    rng: Random,
) -> None:
    """Add bad rows by turns of the class's number; each is of somebody who counts nowhere."""

    def cells() -> dict[str, Cell]:
        return _person_cells(stranger(world, plan, rng), one, 900, rng) | dict(more)

    number = f"{cells()['id_no']}".strip()
    broken: tuple[tuple[str, dict[str, Cell]], ...] = (
        ("the identity number is masked", {"id_no": f"{number[:4]}**********{number[14:]}"}),
        (
            "the identity number's check digit is wrong",
            {"id_no": number[:17] + ("0" if number[17] != "0" else "1")},
        ),
        ("the county has no such township", {"town": "无此乡", "village": None}),
        ("the row has no identity number", {"id_no": None}),
    )
    for turn in (one.number, one.number + 1):
        hint, cell = broken[turn % len(broken)]
        ledger.add(cells() | cell, hint)
    if one.number % 3 == 2:
        same = _person_cells(one.roster[-1], one, len(one.roster), rng) | dict(more)
        ledger.add(same, "the row stands twice", "duplicate")
