"""The office's own ledgers of a year: plan, files, expected figures and deliberate bad rows."""

from __future__ import annotations

from pathlib import Path

from xiezuo_sample.outcome import BadRow, Value
from xiezuo_sample.work.contacts import visit_values, visits, write_documents, write_visits
from xiezuo_sample.work.firms import firm_values, firms, write_firms
from xiezuo_sample.work.goals import work_goals_of
from xiezuo_sample.work.market import market, market_values, write_market
from xiezuo_sample.work.pairs import pair_values, pairs, write_pairs
from xiezuo_sample.work.people import term_values, terms
from xiezuo_sample.work.people_files import write_terms
from xiezuo_sample.work.places import place_values, places, write_places
from xiezuo_sample.work.texts import write_narratives, write_targets
from xiezuo_sample.world import World


def work_year(world: World, out: Path) -> tuple[list[Value], list[BadRow]]:
    """Write the year's ledgers below ``out/inbox/<county>/work`` and ``out/targets.csv``.

    Returns the expected figures of the year, computed from the plan, and every row that is bad on
    purpose. Meetings are planned elsewhere (:mod:`xiezuo_sample.work.meetings`). Equal worlds give equal
    bytes; the scale makes no difference to how many things there are.
    """
    goals, year = work_goals_of(world), world.year
    out.mkdir(parents=True, exist_ok=True)
    visited, traded, paired = visits(world, goals), market(world, goals), pairs(world, goals)
    settled, seconded, landed = places(world, goals), terms(world, goals), firms(world, goals)
    bad = [
        *write_documents(world, out),
        *write_visits(world, visited, out),
        *write_market(world, traded, out),
        *write_pairs(world, paired, out),
        *write_places(world, settled, out),
        *write_terms(world, seconded, out),
        *write_firms(world, landed, out),
        *write_targets(world, goals, out),
        *write_narratives(world, out),
    ]
    values = [
        *visit_values(visited, year),
        *market_values(traded, year),
        *pair_values(paired, year),
        *place_values(settled, year),
        *term_values(seconded, year),
        *firm_values(landed, year),
    ]
    return values, bad
