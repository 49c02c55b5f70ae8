"""Writing the fund plan: the county's finance database and the office's project workbook."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from xiezuo_sample.fund.donations import DonationPlan
from xiezuo_sample.fund.donations import database_row as donation_row
from xiezuo_sample.fund.payments import PaymentPlan
from xiezuo_sample.fund.payments import database_row as payment_row
from xiezuo_sample.fund.plan import FundPlan, Project
from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sheets import Cell, Grid, write_workbook
from xiezuo_sample.world import World

_HEADERS = (
    *("项目编号", "项目名称", "项目类别", "项目子类型", "建设地点", "村", "责任单位", "安排文号"),
    *("计划投资", "安排资金", "到位资金", "开工时间", "受益人口", "项目进度"),
)
_MONEY = slice(_HEADERS.index("计划投资"), _HEADERS.index("到位资金") + 1)
_JOINT_PARK = "共建产业园"
_INSERT_LETTER = "insert into fund_allocation values (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_PAYMENT = "insert into fund_payment values (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_DONATION = "insert into fund_donation values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_PROJECT = (
    "insert into fund_project values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def write_database(
    world: World, plan: FundPlan, payments: PaymentPlan, donations: DonationPlan, out: Path
) -> None:
    """Write ``fund.db``: an SQLite file with the tables of the county's finance ledger, in 万元."""
    path = out / "fund.db"
    path.unlink(missing_ok=True)
    ddl = (Path(__file__).parent / "fund_ledger.sql").read_text(encoding="utf-8")
    county = world.county.code
    letters = [
        (
            county,
            x.doc_no,
            x.doc_date.isoformat(),
            x.year,
            "东西部协作资金",
            x.batch,
            str(x.wan),
            f"{max(x.counted_on, date(world.year, 1, 19))} 16:00:00",
        )
        for x in plan.letters
    ]
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(ddl)
        database.executemany(_INSERT_LETTER, letters)
        rows = [_database_row(county, project) for project in plan.database]
        database.executemany(_INSERT_PROJECT, rows)
        rows = [payment_row(county, payment) for payment in payments.database]
        database.executemany(_INSERT_PAYMENT, rows)
        rows = [donation_row(county, donation) for donation in donations.database]
        database.executemany(_INSERT_DONATION, rows)


def write_project_workbook(world: World, plan: FundPlan, out: Path) -> list[BadRow]:
    """Write the 资金项目台账 below ``inbox/<county>/fund`` and return its bad row."""
    grid = Grid("资金项目")
    width = len(_HEADERS) + 1
    day = plan.reported_on
    grid.add(f"{world.county.name}{world.year}年东西部协作资金项目台账")
    grid.merge(0, 0, 0, width - 1)
    grid.add(
        "填报单位：县乡村振兴资金专班",
        None,
        None,
        f"填报日期：{day.year}年{day.month}月{day.day}日",
        None,
        "单位：万元",
    )
    _head(grid)
    total = Decimal(0)
    for serial, project in enumerate(plan.workbook, start=1):
        grid.add(serial, *_workbook_row(project))
        total += project.wan
    bad: list[Cell] = [len(plan.workbook) + 1, *_workbook_row(plan.workbook[0])]
    bad[1], bad[2] = f"XM{world.county.code}-{world.year}-901", "金额待核项目"
    bad[_MONEY.start + 1 : _MONEY.stop + 1] = [None, "待核定", None]
    row_no = grid.add(*bad)
    grid.add()
    sums: list[Cell] = ["合计", *[None] * len(_HEADERS)]
    sums[_HEADERS.index("安排资金") + 1] = f"{total:,.2f}"
    grid.add(*sums)
    file = f"inbox/{world.county.code}/fund/资金项目台账_{world.year}-09.xlsx"
    write_workbook(out / file, grid)
    return [BadRow(file, grid.name, row_no, "fund_project", "quarantined", "the amount is no number")]


def _head(grid: Grid) -> None:
    """Two levels: the three amounts stand under one merged 资金情况（万元）."""
    top, first, last = len(grid.rows), _MONEY.start + 1, _MONEY.stop
    upper: list[Cell] = ["序号", *_HEADERS]
    upper[first : last + 1] = ["资金情况（万元）", None, None]
    lower: list[Cell] = [None, *_HEADERS]
    for column in range(len(lower)):
        if not first <= column <= last:
            lower[column] = None
            grid.merge(top, column, top + 1, column)
    grid.merge(top, first, top, last)
    grid.add(*upper)
    grid.add(*lower)


def _workbook_row(project: Project) -> list[Cell]:
    goal = project.goal
    return [
        project.number,
        goal.name,
        goal.typed,
        _JOINT_PARK if goal.joint_park else None,
        goal.town or None,
        goal.village or None,
        "县乡村振兴局",
        project.alloc_doc,
        float(project.wan),
        float(project.wan),
        f"{project.wan:,.2f}",
        f"{project.updated_at.year}年4月",
        project.people,
        "在建",
    ]


def _database_row(county: str, project: Project) -> tuple[object, ...]:
    goal, wan = project.goal, str(project.wan)
    secondary = _JOINT_PARK if goal.joint_park else "产业培育" if goal.category == "industry" else None
    start = f"{project.updated_at.year}-04-15"
    people = (project.people // 4, project.people, project.people // 6, project.people * 2 // 3)
    place = (goal.town or None, goal.village or None, "县乡村振兴局", project.alloc_doc)
    dates = (start, start, None, None)
    who = (county, project.number, goal.name, goal.typed, secondary)
    return (
        *who,
        *place,
        wan,
        wan,
        wan,
        *dates,
        "土地流转、务工带动",
        *people,
        "在建",
        f"{project.updated_at}",
    )
