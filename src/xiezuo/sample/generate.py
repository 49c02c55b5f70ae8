"""Making a sample: plan first, files from the plan, expected figures from the plan."""

from __future__ import annotations

from pathlib import Path

from xiezuo.sample.fund_files import write_database, write_project_workbook
from xiezuo.sample.fund_plan import fund_values, plan_fund
from xiezuo.sample.goals import goals_of
from xiezuo.sample.labour_draw import plan_labour
from xiezuo.sample.labour_files import write_labour
from xiezuo.sample.labour_plan import labour_values
from xiezuo.sample.meetings import meeting_values, plan_meetings, write_meetings
from xiezuo.sample.outcome import BadRow, Value, write_answers
from xiezuo.sample.sales_export import write_exports
from xiezuo.sample.sales_feeds import write_feeds
from xiezuo.sample.sales_plan import plan_sales, sales_values
from xiezuo.sample.world import load_world
from xiezuo.settings import Settings


def generate(settings: Settings, county_code: str, year: int, seed: int, scale: float, out: Path) -> None:
    """Write a county's sample year below ``out``: sources, ``expected.csv`` and ``bad_rows.csv``.

    The same arguments and divisions give the same bytes. ``scale`` multiplies people and orders;
    fund projects and meetings stay as many as a county has.

    Raises:
        ConfigError: the county or its divisions are not configured, or the request makes no sense.
    """
    world = load_world(settings, county_code, year, seed, scale)
    goals = goals_of(world)
    labour, sales = plan_labour(world, goals), plan_sales(world, goals)
    fund, meetings = plan_fund(world, goals), plan_meetings(world, goals)
    out.mkdir(parents=True, exist_ok=True)
    bad = [
        *write_labour(world, labour, out),
        *write_exports(world, sales, out),
        *write_project_workbook(world, fund, out),
        *write_meetings(world, meetings, out),
    ]
    write_feeds(world, sales, out)
    write_database(world, fund, out)
    values = [
        *labour_values(labour, year),
        *sales_values(sales, year),
        *fund_values(fund, year),
        *meeting_values(meetings, year),
    ]
    write_answers(out / "expected.csv", Value, values)
    write_answers(out / "bad_rows.csv", BadRow, bad)
