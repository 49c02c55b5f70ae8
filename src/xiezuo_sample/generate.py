"""Making a sample: plan first, files from the plan, expected figures from the plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xiezuo.base.settings import Settings
from xiezuo_sample.fund.donations import donation_values, plan_donations, write_donations
from xiezuo_sample.fund.files import write_database, write_project_workbook
from xiezuo_sample.fund.payments import plan_payments, write_payments
from xiezuo_sample.fund.plan import fund_values, plan_fund
from xiezuo_sample.further.learning import learning_values, plan_learning, write_learning
from xiezuo_sample.further.places import place_values, plan_places, write_places
from xiezuo_sample.further.signings import plan_signings, signing_values, write_signings
from xiezuo_sample.further.students import plan_students, student_values, write_students
from xiezuo_sample.further.workshops import plan_workshops, workshop_values, write_workshops
from xiezuo_sample.goals import Goals, goals_of
from xiezuo_sample.labour.draw import plan_labour
from xiezuo_sample.labour.fairs import fair_values, plan_fairs, write_fairs
from xiezuo_sample.labour.files import write_labour
from xiezuo_sample.labour.plan import labour_values
from xiezuo_sample.labour.training_files import write_training
from xiezuo_sample.labour.training_plan import plan_training, training_values
from xiezuo_sample.outcome import BadRow, Value, write_answers
from xiezuo_sample.sales.export import write_exports
from xiezuo_sample.sales.feeds import write_feeds
from xiezuo_sample.sales.households import household_values, plan_households, write_households
from xiezuo_sample.sales.order_ledger import plan_order_ledger, with_repeats
from xiezuo_sample.sales.order_ledger_files import write_order_ledger
from xiezuo_sample.sales.plan import plan_sales, sales_values
from xiezuo_sample.sales.register_files import write_registers
from xiezuo_sample.sales.registers import plan_registers, register_values
from xiezuo_sample.work.meetings import meeting_values, plan_meetings, write_meetings
from xiezuo_sample.work.year import work_year
from xiezuo_sample.world import World, load_world

Outcome = tuple[list[Value], list[BadRow]]


def generate(settings: Settings, county_code: str, year: int, seed: int, scale: float, out: Path) -> None:
    """Write a county's sample year below ``out``: sources, ``expected.csv`` and ``bad_rows.csv``.

    The same arguments and divisions give the same bytes. ``scale`` multiplies people, households and
    orders; projects, classes, fairs, registers and meetings stay as many as a county has. Samples of
    two years share no number of a person's class, an order, a project or a receipt, so that both may
    be loaded into one warehouse.

    Raises:
        ConfigError: the county or its divisions are not configured, or the request makes no sense.
    """
    world = load_world(settings, county_code, year, seed, scale)
    goals = goals_of(world)
    out.mkdir(parents=True, exist_ok=True)
    values: list[Value] = []
    bad: list[BadRow] = []
    for source in (_labour_year, _sales_year, _fund_year, _work_year, _further_year):
        stated, broken = source(world, goals, out)
        values += stated
        bad += broken
    write_answers(out / "expected.csv", Value, values)
    write_answers(out / "bad_rows.csv", BadRow, bad)


def _labour_year(world: World, goals: Goals, out: Path) -> Outcome:
    labour, training, fairs = plan_labour(world, goals), plan_training(world, goals), plan_fairs(world, goals)
    bad = [
        *write_labour(world, labour, out),
        *write_training(world, training, out),
        *write_fairs(world, fairs, out),
    ]
    year = world.year
    return [*labour_values(labour, year), *training_values(training, year), *fair_values(fairs, year)], bad


def _sales_year(world: World, goals: Goals, out: Path) -> Outcome:
    """What the ledger alone knows and what the platforms know add up to the year's sales."""
    registers = plan_registers(world)
    ledger = plan_order_ledger(world, goals, registers)
    sales = plan_sales(world, replace(goals, net_fen=goals.net_fen - ledger.net_fen))
    ledger = with_repeats(ledger, sales, world)
    households = plan_households(world, goals, registers)
    write_feeds(world, sales, out)
    bad = [
        *write_exports(world, sales, out),
        *write_order_ledger(world, ledger, out),
        *write_registers(world, registers, out),
        *write_households(world, households, out),
    ]
    values = [
        *sales_values(replace(sales, orders=[*sales.orders, *ledger.orders]), world.year),
        *register_values(registers, world.year),
        *household_values(households, world.year),
    ]
    return values, bad


def _fund_year(world: World, goals: Goals, out: Path) -> Outcome:
    fund, donations = plan_fund(world, goals), plan_donations(world, goals)
    payments = plan_payments(world, fund)
    write_database(world, fund, payments, donations, out)
    bad = [
        *write_project_workbook(world, fund, out),
        *write_payments(world, payments, out),
        *write_donations(world, donations, out),
    ]
    return [*fund_values(fund, world.year), *donation_values(donations, world.year)], bad


def _work_year(world: World, goals: Goals, out: Path) -> Outcome:
    meetings = plan_meetings(world, goals)
    values, bad = work_year(world, out)
    return [*meeting_values(meetings, world.year), *values], [*write_meetings(world, meetings, out), *bad]


def _further_year(world: World, goals: Goals, out: Path) -> Outcome:
    """What no published figure of the year tells: it is small, and the same whatever the scale."""
    workshops, students, learning = plan_workshops(world), plan_students(world), plan_learning(world)
    places, signings = plan_places(world, plan_fund(world, goals)), plan_signings(world)
    bad = [
        *write_workshops(world, workshops, out),
        *write_students(world, students, out),
        *write_learning(world, learning, out),
        *write_places(world, places, out),
        *write_signings(world, signings, out),
    ]
    year = world.year
    values = [
        *workshop_values(workshops, year),
        *student_values(students, year),
        *learning_values(learning, year),
        *place_values(places, year),
        *signing_values(signings, year),
    ]
    return values, bad
