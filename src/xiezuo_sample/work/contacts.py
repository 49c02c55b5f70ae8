"""Documents issued and visits made: plan, the office's ledgers of June and December, their counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from xiezuo_sample.outcome import BadRow, Value
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.goals import WorkGoals
from xiezuo_sample.work.sheets import (
    Line,
    Statement,
    short,
    spelling,
    text_day,
    typed_day,
    write_book,
    write_text,
)
from xiezuo_sample.work.values import events
from xiezuo_sample.world import World

OFFICE = "县委农村工作领导小组办公室"

_TITLES = (
    "{county}{year}年东西部协作工作方案",
    "{county}{year}年东西部协作资金项目计划",
    "{county}东西部协作消费帮扶专项资金实施方案",
    "{county}劳务协作稳岗就业奖补办法",
    "{county}{paired}结对帮扶任务分解表",
    "关于成立{county}共建产业园建设领导小组的通知",
)
_PURPOSES = ("召开联席会议，对接年度协作任务", "调研产业协作项目", "看望挂职干部，考察协作企业")
_RANKS = ("县处级", "地厅级")


@dataclass(frozen=True)
class Visit:
    """A visit; it counts on its first day."""

    direction: str
    started_on: date
    ended_on: date
    purpose: str


def visits(world: World, goals: WorkGoals) -> list[Visit]:
    """Draw the visits, no two beginning on one day, the first before June."""
    rng = world.rng("work visits")
    directions = [direction for direction, times in goals.visits.items() for _ in range(times)]
    days = [rng.randrange(40, 130), *rng.sample(range(140, 335), len(directions) - 1)]
    found = []
    for direction, day in zip(rng.sample(directions, len(directions)), days, strict=True):
        start = date(world.year, 1, 1) + timedelta(days=day)
        found.append(
            Visit(direction, start, start + timedelta(days=rng.randint(0, 4)), rng.choice(_PURPOSES))
        )
    return sorted(found, key=lambda visit: visit.started_on)


def visit_values(planned: list[Visit], year: int) -> Iterator[Value]:
    """Count the visits by their first day, whole and by direction."""
    yield from events("ORG2", "次", year, [visit.started_on for visit in planned])
    for direction in ("east_to_west", "west_to_east"):
        days = [visit.started_on for visit in planned if visit.direction == direction]
        yield from events(f"ORG2.{direction}", "次", year, days)


def write_visits(world: World, planned: list[Visit], out: Path) -> list[BadRow]:
    """Write two ledgers. June's has a visit that was put off for good and one a day late; December's is right."""
    rng = world.rng("work visit ledgers")
    june, december = date(world.year, 6, 30), date(world.year, 12, rng.randint(15, 28))
    first = planned[0]
    late = replace(
        first, started_on=first.started_on + timedelta(days=1), ended_on=first.ended_on + timedelta(days=1)
    )
    off = Visit("west_to_east", date(world.year, 6, 27), date(world.year, 6, 29), _PURPOSES[0])
    early = [late, *(visit for visit in planned[1:] if visit.started_on <= june), off]
    write_book(world, out, f"互访台账_{june:%Y-%m}.xlsx", _visit_ledger(world, early, june, rng, []))
    bad = _bad_visits(world, rng)
    return write_book(
        world, out, f"互访台账_{december:%Y-%m}.xlsx", _visit_ledger(world, planned, december, rng, bad)
    )


def _visit_ledger(
    world: World, listed: list[Visit], reported_on: date, rng: Random, bad: list[Line]
) -> Statement:
    return Statement(
        dataset="work_visit",
        sheet="互访",
        title=f"{{county}}与{{paired_county}}{world.year}年互访台账",
        columns=("direction", "started_on", "ended_on", "leader", "rank", "purpose"),
        lines=[*(Line(_visit_cells(world, visit, rng)) for visit in listed), *bad],
        reported_on=reported_on,
        unit=OFFICE,
        groups={"往返日期": ("started_on", "ended_on")},
        notes=("注：来访、出访均按批次填写，同一批次只填一行",),
    )


def _visit_cells(world: World, visit: Visit, rng: Random) -> dict[str, Cell]:
    return {
        "direction": spelling(world, "visit", visit.direction, rng),
        "started_on": typed_day(visit.started_on, rng),
        "ended_on": typed_day(visit.ended_on, rng),
        "leader": f"领导{rng.choice('甲乙丙丁')}",
        "rank": rng.choice(_RANKS),
        "purpose": visit.purpose,
    }


def _bad_visits(world: World, rng: Random) -> list[Line]:
    year = world.year
    day = date(year, 9, rng.randint(5, 25))
    cells = _visit_cells(world, Visit("east_to_west", day, day, _PURPOSES[1]), rng)
    return [
        Line(cells | {"direction": "线上座谈"}, "the direction of the visit is unknown"),
        Line(cells | {"started_on": f"{year}年11月31日", "ended_on": None}, "there is no such day"),
        Line(
            cells | {"started_on": f"{day}", "ended_on": f"{day - timedelta(days=9)}"},
            "ended before it started",
        ),
        Line(cells | {"started_on": None}, "the first day is missing"),
    ]


def write_documents(world: World, out: Path) -> list[BadRow]:
    """Write the documents of the year as text in GBK, as an old office system exports it."""
    rng = world.rng("work documents")
    county, year = world.county, world.year
    lines = []
    for number, title in enumerate(rng.sample(_TITLES, rng.randint(4, len(_TITLES))), start=1):
        day = date(year, 1, 1) + timedelta(days=rng.randrange(30, 330))
        lines.append(
            Line(
                {
                    "issued_on": text_day(day, rng),
                    "issuer": rng.choice((f"{county.name}人民政府办公室", OFFICE)),
                    "title": title.format(county=county.name, paired=county.paired_county, year=year),
                    "doc_no": f"{short(county.name)}办发〔{year}〕{number * 7}号",
                    "subject": rng.choice(("明确年度目标任务和责任单位", "安排资金项目", "建立工作机制")),
                }
            )
        )
    good = dict(lines[0].cells)
    lines += [
        Line(good, "the row stands twice", "duplicate"),
        Line(good | {"title": "东西部协作考核办法", "issued_on": f"{year}.2.30"}, "there is no such day"),
        Line(good | {"title": None}, "the title is missing"),
        Line(good | {"title": "东西部协作资金管理办法", "issued_on": "年初"}, "the day cannot be read"),
    ]
    statement = Statement(
        dataset="work_document",
        sheet="文件",
        title=f"{{county}}{year}年东西部协作文件台账",
        columns=("issued_on", "issuer", "title", "doc_no", "subject"),
        lines=lines,
        reported_on=date(year, 12, 20),
        unit=OFFICE,
    )
    return write_text(world, out, f"文件台账{year}年12月.csv", statement, "gbk")
