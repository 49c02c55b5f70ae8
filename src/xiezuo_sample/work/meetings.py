"""Meetings of the year: plan, the office's two deliveries of its ledger, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from xiezuo_sample.goals import Goals
from xiezuo_sample.outcome import BadRow, Fact, Value, additive
from xiezuo_sample.sheets import Cell, Grid, write_workbook
from xiezuo_sample.world import World

_BODIES = {
    "government": ("政府常务会", "县政府常务会议"),
    "leading_group": ("县委农村工作领导小组会", "领导小组会议"),
}
_SUBJECTS = (
    "研究东西部协作年度计划",
    "研究协作资金项目安排",
    "研究劳务协作工作",
    "研究消费帮扶工作",
    "听取协作项目进展汇报",
)
_HEADERS = ("序号", "会议时间", "会议类型", "议题", "主持人", "纪要文号")


@dataclass(frozen=True)
class Meeting:
    """A meeting of ``government`` or ``leading_group``."""

    met_on: date
    body: str
    subject: str


def plan_meetings(world: World, goals: Goals) -> list[Meeting]:
    """Draw the meetings, no two on one day."""
    rng = world.rng("meetings")
    count = sum(goals.meetings.values())
    days = sorted(rng.sample(range(20, 350), count))
    bodies = [body for body, times in goals.meetings.items() for _ in range(times)]
    rng.shuffle(bodies)
    first = date(world.year, 1, 1)
    return [
        Meeting(first + timedelta(days=day), body, rng.choice(_SUBJECTS))
        for day, body in zip(days, bodies, strict=True)
    ]


def meeting_values(meetings: list[Meeting], year: int) -> Iterator[Value]:
    """Count the meetings by their own date."""
    yield from additive("ORG1", "次", year, [Fact(m.met_on, "", Decimal(1)) for m in meetings])
    for body in _BODIES:
        held = [Fact(m.met_on, "", Decimal(1)) for m in meetings if m.body == body]
        yield from additive(f"ORG1.{body}", "次", year, held)


def write_meetings(world: World, meetings: list[Meeting], out: Path) -> list[BadRow]:
    """Write the June and the December ledger below ``inbox/<county>/work``.

    The June one lists a meeting that was later called off; only the December one has a bad row.
    """
    june, december = date(world.year, 6, 30), date(world.year, 12, 31)
    called_off = Meeting(date(world.year, 6, 29), "government", "研究招商引资工作")
    early = [*(m for m in meetings if m.met_on <= june), called_off]
    _write(world, early, june, out, with_bad_row=False)
    return _write(world, meetings, december, out, with_bad_row=True)


def _write(
    world: World, meetings: list[Meeting], reported_on: date, out: Path, *, with_bad_row: bool
) -> list[BadRow]:
    rng = world.rng(f"meetings {reported_on}")
    grid = Grid("会议台账")
    grid.add(f"{world.county.name}{world.year}年东西部协作会议台账")
    grid.merge(0, 0, 0, len(_HEADERS) - 1)
    day = reported_on
    grid.add(
        "填报单位：县委农村工作领导小组办公室", None, None, f"填报日期：{day.year}年{day.month}月{day.day}日"
    )
    grid.add(*_HEADERS)
    for serial, meeting in enumerate(meetings, start=1):
        met = meeting.met_on
        when: Cell = rng.choice(
            (met, f"{met.year}年{met.month}月{met.day}日", f"{met.year}.{met.month}.{met.day}")
        )
        grid.add(
            serial,
            when,
            rng.choice(_BODIES[meeting.body]),
            meeting.subject,
            "县政府主要负责人",
            f"纪要第{serial}期",
        )
    file = f"inbox/{world.county.code}/work/会议台账_{reported_on:%Y-%m}.xlsx"
    found = []
    if with_bad_row:
        row_no = grid.add(len(meetings) + 1, "年底前", "政府常务会", "研究协作考核工作", None, None)
        found.append(BadRow(file, grid.name, row_no, "work_meeting", "quarantined", "the day cannot be read"))
    write_workbook(out / file, grid)
    return found
