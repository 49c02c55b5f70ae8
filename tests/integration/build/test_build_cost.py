"""A night costs what changed: one touched month reads as many blocks whatever else is stored."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from xiezuo import pipeline
from xiezuo.warehouse import access

COUNTY = "620422"
MONTH_ROWS = 600
FACTS = ("core.sales_order", "core.labour_placement", "mart.indicator_value", "audit.batch")
READ = (
    "select sum(i.heap_blks_hit + i.heap_blks_read + i.idx_blks_hit + i.idx_blks_read)"
    " from pg_statio_user_tables as i where i.schemaname in ('core', 'mart', 'audit')"
)
SEQUENTIAL = "select schemaname || '.' || relname, seq_scan, seq_tup_read from pg_stat_user_tables"

PLAN = """
create temporary table plan (county_code char(6), month date, rows integer) on commit drop;
insert into core.county select c, c, '', '', '620000', '', '', '120000' from unnest(%(counties)s::text[]) as c on conflict do nothing;
insert into plan select c, m::date, %(rows)s from unnest(%(counties)s::text[]) as c
    cross join generate_series(%(first)s::date, %(last)s::date, interval '1 month') as m;
create temporary table fresh on commit drop as
select p.county_code, p.month, 'b' || p.county_code || p.month as batch_id, p.month + (k %% 28)::integer as day,
    md5(concat_ws('/', p.county_code, p.month, k, %(salt)s::text)) as no, k
from plan as p cross join lateral generate_series(1, p.rows) as k order by p.month, p.county_code;
insert into audit.batch (county_code, batch_id, source, dataset, feed, uri, sha256, state, version, started_at, finished_at)
select county_code, batch_id, 'x', %(dataset)s, 'x', 'x', '', 'loaded', min(day), min(day), min(day)
from fresh group by 1, 2 on conflict do nothing;
insert into audit.coverage select distinct county_code, %(dataset)s, extract(year from month)::integer,
    date_trunc('year', month)::date, (date_trunc('year', month) + interval '1 year' - interval '1 day')::date from plan
on conflict do nothing;
insert into audit.touched_period (county_code, month, dataset) select distinct county_code, month, %(dataset)s from plan;
"""
FIGURES = """
insert into mart.indicator_value (county_code, period_kind, period, indicator_id, breakdown, value, unit, qualifier, as_of)
select county, period_kind, year || substr(period, 5), indicator_id, breakdown, value, unit, qualifier, as_of
from mart.indicator_value cross join unnest(%(counties)s::text[]) as county cross join generate_series(%(first)s, %(last)s) as year
where county_code = %(like)s and period like %(built)s || '%%';
insert into audit.month_figure (county_code, indicator_id, month, breakdown, value, is_at_least)
select county, indicator_id, make_date(year, extract(month from month)::integer, 1), breakdown, value, is_at_least
from audit.month_figure cross join unnest(%(counties)s::text[]) as county cross join generate_series(%(first)s, %(last)s) as year
where county_code = %(like)s and extract(year from month) = %(built)s::integer;
delete from audit.touched_period;
"""
"""The figures of one county and year again, of other counties and years, so that a century of them need not be built."""
ROWS = {
    "sales_order": """
insert into core.sales_order (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash, batch_id, row_no,
    platform, shop_uscc, order_no, line_no, payment_yuan, status, paid_on)
select county_code, '', 'top', 1, day, '', '', batch_id, k, 'taobao', '91620422MA00000001', no, 0, k, 'paid', day from fresh;
""",
    "labour_placement": """
insert into core.person (county_code, person_key, version) select county_code, no, day from fresh on conflict do nothing;
insert into core.party (county_code, party_key, version) select distinct county_code, '', timestamptz '2000-01-01' from fresh
on conflict do nothing;
insert into core.labour_placement (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash, batch_id, row_no,
    person_key, start_month, employer_norm, started_on, work_province_code)
select county_code, '甲站', 'workbook', 1, day, '', '', batch_id, k, no, month, '', day, '120000' from fresh;
""",
}


@dataclass(frozen=True)
class Cost:
    """What a build read: blocks of tables and indexes, and tables it went through from end to end."""

    blocks: int
    sequential: dict[str, int]


def fill(office: Any, dataset: str, counties: list[str], first: str, last: str, rows: int) -> None:
    """Store ``rows`` rows for each county and month, as loads would leave them."""
    names = {"counties": counties, "first": first, "last": last, "rows": rows, "dataset": dataset, "salt": first + last}
    with access.connect(office.settings, "owner") as connection:
        cursor = psycopg.ClientCursor(connection)
        cursor.execute((PLAN + ROWS[dataset]).encode(), names)
    tidy(office)


def remember(office: Any, like: str, built: str, counties: list[str], first: int, last: int) -> None:
    """Let there be figures of these counties and years, and nothing to build of them."""
    names = {"like": like, "built": built, "counties": counties, "first": first, "last": last}
    with access.connect(office.settings, "owner") as connection:
        psycopg.ClientCursor(connection).execute(FIGURES.encode(), names)


def tidy(office: Any) -> None:
    """Do what the server does by itself within minutes: what a load or a build left dead is not found again."""
    with access.connect(office.settings, "owner", autocommit=True) as connection:
        connection.execute("vacuum analyze")


def cost_of_one_month(office: Any, dataset: str) -> Cost:
    """Change the rows of March 2022 in one county, build, and return what that read."""
    tidy(office)
    day = {"sales_order": "paid_on", "labour_placement": "started_on"}[dataset]
    office.ask(
        f"update core.{dataset} set version = version + interval '1 day' where county_code = %s and {day} between %s and %s",
        COUNTY, "2022-03-01", "2022-03-31",
    )  # fmt: skip
    office.ask("insert into audit.touched_period (county_code, month, dataset) values (%s, '2022-03-01', %s)", COUNTY, dataset)
    office.ask("update audit.batch set is_checked = false where county_code = %s and version = '2022-03-01'", COUNTY)
    before = seen(office)
    assert pipeline.build(office.settings)["periods"] > 0
    after = seen(office)
    return Cost(after.blocks - before.blocks, {name: n - before.sequential[name] for name, n in after.sequential.items()})


def seen(office: Any) -> Cost:
    """Read the server's own counts, once all others have gone home and told theirs."""
    others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    for _ in range(200):
        if office.ask(others) == [(0,)]:
            break
        time.sleep(0.05)
    return Cost(int(office.ask(READ)[0][0]), {name: read for name, _, read in office.ask(SEQUENTIAL)})


OTHERS = [f"62{n:04d}" for n in range(500, 530)]
SHAPES = {
    # what is stored first beside the month, and what ten times as much is: counties, first and last month, rows each
    "other counties": [(OTHERS[:3], "2022-01-01", "2022-12-01", 60), (OTHERS[3:], "2022-01-01", "2022-12-01", 60)],
    "other years": [([COUNTY], "2020-01-01", "2020-12-01", 180), ([COUNTY], "2001-01-01", "2009-12-01", 180)],
}
SIZES = [1, pytest.param(4, marks=pytest.mark.sweep)]
"""How many times the rows of ``SHAPES``: what does not grow with ten times as much need not be large to be seen."""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dataset", ROWS)
@pytest.mark.parametrize("shape", SHAPES)
def test_one_touched_month_reads_what_it_has(office: Any, dataset: str, shape: str, size: int) -> None:
    """Ten times as much stored: at most 1.3 times the blocks, and no table from end to end."""
    small, large = ((*where, rows * size) for *where, rows in SHAPES[shape])
    month_rows = MONTH_ROWS * size
    fill(office, dataset, [COUNTY], "2022-03-01", "2022-03-01", month_rows)
    fill(office, dataset, *small)
    pipeline.build(office.settings)
    if shape == "other years":  # of few, the planner reads all
        remember(office, COUNTY, "2020", [COUNTY], 2010, 2019)
    first = cost_of_one_month(office, dataset)
    fill(office, dataset, *large)
    if shape == "other years":
        remember(office, COUNTY, "2020", [COUNTY], 1910, 2009)
    else:
        remember(office, OTHERS[0], "2022", large[0], 2022, 2022)
    pipeline.build(office.settings)
    stored = office.ask(f"select count(*) from core.{dataset}")[0][0]
    assert stored > 7 * (month_rows + len(small[0]) * small[3] * 12)
    second = cost_of_one_month(office, dataset)
    assert second.blocks < 1.3 * first.blocks + 100, (first, second)
    assert {name: second.sequential[name] for name in FACTS} == dict.fromkeys(FACTS, 0)


def test_the_months_of_an_additive_year_are_not_read_again(office: Any) -> None:
    """Ten times as many orders in the other months of the same year: the touched month costs what it did."""
    fill(office, "sales_order", [COUNTY], "2022-03-01", "2022-03-01", MONTH_ROWS)
    fill(office, "sales_order", [COUNTY], "2022-05-01", "2022-12-01", 60)
    pipeline.build(office.settings)
    first = cost_of_one_month(office, "sales_order")
    fill(office, "sales_order", [COUNTY], "2022-04-01", "2022-12-01", 1200)
    pipeline.build(office.settings)
    second = cost_of_one_month(office, "sales_order")
    assert second.blocks < 1.3 * first.blocks + 100, (first, second)


def test_what_is_stored_is_found_by_index(office: Any) -> None:
    """No statement of a build goes through a fact, nor through the figures, when one month of one county is touched."""
    for dataset in ROWS:
        fill(office, dataset, [COUNTY, *OTHERS[:12]], "2022-01-01", "2022-12-01", 60)
    pipeline.build(office.settings)
    office.ask("analyze")
    for dataset in ROWS:
        office.ask("insert into audit.touched_period (county_code, month, dataset) values (%s, '2022-03-01', %s)", COUNTY, dataset)
    office.ask("update audit.batch set is_checked = false where county_code = %s and version = '2022-03-01'", COUNTY)
    scans = scanned(office)
    assert scans, "a build reads its own small tables from end to end"
    assert not scans & set(FACTS), scans


def scanned(office: Any) -> set[str]:
    """Build with every plan told by the server, and return the tables that a plan goes through from end to end."""
    told: list[str] = []
    execute = psycopg.Connection.execute

    def explained(self: Any, query: Any, params: Any = None, **given: Any) -> Any:
        text = query if isinstance(query, bytes) else query.encode() if isinstance(query, str) else query.as_bytes(self)
        if re.match(rb"(\s*--[^\n]*\n)*\s*(insert|delete|update|with|select)\b", text) and b"pg_" not in text:
            plan = execute(self, b"explain (costs off, verbose) " + text, params)
            told.extend(line for (line,) in plan)
        return execute(self, query, params, **given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(psycopg.Connection, "execute", explained)
        pipeline.build(office.settings)
    return set(re.findall(r"Seq Scan on ([\w.]+)", "\n".join(told)))
