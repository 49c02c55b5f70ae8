"""Traces: the rows under a figure come from the figure's own SELECT and say where they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg import sql

from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.build.trace import trace
from xiezuo.declared.indicators import load_indicators
from xiezuo.fetch.landing import Landing
from xiezuo.warehouse import access

COUNTY = "620422"
TOWN, EMPTY_TOWN = "620422100", "620422101"
FILE = "620422/labour/会师镇 #1.xlsx"
SYSTEM = {
    "feed": "workbook",
    "feed_rank": 1,
    "version": "2022-10-01T00:00:00+08:00",
    "version_tie": "",
    "row_hash": "h",
}
DAY = ("2022-09-01T00:00:00+08:00", "2022-09-02T00:00:00+08:00")
NEXT_DAY = (DAY[1], "2022-09-03T00:00:00+08:00")
# window, page, items: page 2 of the first day is empty, and was read twice
PAGES = [(DAY, 1, 3), (DAY, 2, 0), (DAY, 1, 3), (NEXT_DAY, 1, 1)]


def put(connection: psycopg.Connection, table: str, **values: Any) -> None:
    """Insert one row."""
    connection.execute(
        sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder(name) for name in values),
        ),
        values,
    )


def put_batch(
    connection: psycopg.Connection, batch_id: str, source: str, dataset: str, uri: str, sha256: str
) -> None:
    """Record a loaded batch."""
    now = "2022-10-01T00:00:00+08:00"
    put(
        connection, "audit.batch", county_code=COUNTY, batch_id=batch_id, source=source, dataset=dataset,
        feed="workbook", uri=uri, sha256=sha256, state="loaded", started_at=now, finished_at=now,
    )  # fmt: skip


def put_labour(connection: psycopg.Connection) -> None:
    """Three spells of two people in one sheet of a file whose name and sheet hold the separator."""
    put(
        connection, "audit.landing", county_code=COUNTY, landing_id="file", source="labour", kind="file",
        group_id="g", uri=f"inbox:{FILE}", sha256="a" * 64, landed_at="2022-10-01T00:00:00+08:00",
    )  # fmt: skip
    put_batch(connection, "labour", "labour", "labour_placement", f"inbox:{FILE}#台账#2", "a" * 64)
    told = {"county_code": COUNTY, "version": SYSTEM["version"]}
    put(connection, "core.party", party_key="", **told)
    for person in ("p", "q"):
        put(connection, "core.person", person_key=person, **told)
    spells = [(4, "p", "2022-03-01", TOWN), (5, "p", "2022-09-05", TOWN), (6, "q", "2022-09-06", None)]
    for row_no, person, started_on, town in spells:
        put(
            connection, "core.labour_placement", county_code=COUNTY, batch_id="labour", row_no=row_no,
            person_key=person, start_month=f"{started_on[:7]}-01", employer_norm="", started_on=started_on,
            town=town, work_province_code="120000", household_type="lifted" if person == "p" else "ordinary",
            **SYSTEM,
        )  # fmt: skip


def put_sales(connection: psycopg.Connection, settings: Settings) -> None:
    """Orders of a platform, landed as pages; row 6 is the third item of the second reading of page 1."""
    lines = [
        json.dumps({"from": window[0], "to": window[1], "page": page, "body": "", "rows": [{}] * items})
        for window, page, items in PAGES
    ]
    sha256 = Landing(settings.landing_dir).keep(line.encode() + b"\n" for line in lines)
    uri = "platform:TAOBAO_1/2022-09?from=a&to=b"
    put(
        connection, "audit.landing", county_code=COUNTY, landing_id="pages", source="sales", kind="platform",
        group_id="g", uri=uri, sha256=sha256, details=json.dumps({"platform": "taobao"}),
        landed_at="2022-10-01T00:00:00+08:00",
    )  # fmt: skip
    put_batch(connection, "sales", "sales", "sales_order", uri, sha256)
    for row_no, paid, refund in ((1, "100.10", None), (6, "50", "20.05"), (7, "7", "0")):
        put(
            connection, "core.sales_order", county_code=COUNTY, batch_id="sales", row_no=row_no,
            platform="taobao", shop_uscc="shop", order_no=str(row_no), line_no=0, status="paid",
            payment_yuan=paid, refund_yuan=refund, paid_on="2022-09-02", **SYSTEM,
        )  # fmt: skip


def put_fund(connection: psycopg.Connection) -> None:
    """Put a letter and its projects from a database; one project's category is the county's own."""
    put_batch(
        connection, "letters", "fund", "fund_allocation", "database:fund_ledger/fund_allocation?on=2022-12-31", "c" * 64
    )
    put_batch(connection, "projects", "fund", "fund_project", "database:fund_ledger/fund_project", "d" * 64)
    put(
        connection, "core.fund_allocation", county_code=COUNTY, batch_id="letters", row_no=1,
        doc_no="甘财1号", doc_date="2022-05-01", year=2022,
        amount_yuan="5000000", amount_yuan_at_least=True, **SYSTEM,
    )  # fmt: skip
    for row_no, category in ((1, "industry"), (2, "industry"), (3, "own' kind")):
        put(
            connection, "core.fund_project", county_code=COUNTY, batch_id="projects", row_no=row_no,
            project_no=str(row_no), project_name="", category=category, alloc_doc="甘财1号",
            allocated_yuan=f"{row_no}00000.50", **SYSTEM,
        )  # fmt: skip


@pytest.fixture(scope="module")
def served(fresh: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a warehouse with a few rows of every kind of origin, built; it is 5 January 2023."""
    made = fresh(tmp_path_factory.mktemp("traced"))
    settings = replace(made, environ={**made.environ, "XIEZUO_NOW": "2023-01-05T08:00:00+08:00"})
    with access.connect(settings) as connection:
        put_labour(connection)
        put_sales(connection, settings)
        put_fund(connection)
        for dataset in ("labour_placement", "sales_order", "fund_allocation", "fund_project"):
            put(
                connection, "audit.coverage", county_code=COUNTY, dataset=dataset, year=2022,
                covers_from="2022-01-01", covers_to="2022-12-31",
            )  # fmt: skip
        for month in ("2022-03-01", "2022-05-01", "2022-09-01"):
            put(connection, "audit.touched_period", county_code=COUNTY, month=month)
    pipeline.build(settings)
    return settings


def test_rows_of_a_file(served: Settings) -> None:
    """A person is traced to the one spell that counts, by file, sheet and row."""
    found = trace(served, COUNTY, "2022", "LAB2")
    head = ("indicator_id", "county_code", "period", "value", "unit", "qualifier")
    assert {key: found[key] for key in head} == {
        "indicator_id": "LAB2", "county_code": COUNTY, "period": "2022", "value": "2", "unit": "人",
        "qualifier": "exact",
    }  # fmt: skip
    assert (found["total_rows"], found["next"]) == (2, None)
    assert found["rows"][0] == {
        "batch_id": "labour", "row_no": 5, "file": FILE, "sheet": "台账#2", "platform": None, "window": None,
        "page": None, "item": None, "measure": "1",
    }  # fmt: skip
    assert [row["row_no"] for row in found["rows"]] == [5, 6]


def test_month_and_year_to_date(served: Settings) -> None:
    """The same text names a month, and the year up to it when asked for; both agree with the figure."""
    assert [row["row_no"] for row in trace(served, COUNTY, "2022-03", "LAB1")["rows"]] == [4]
    to_date = trace(served, COUNTY, "2022-08/ytd", "LAB1")
    assert (to_date["period"], to_date["period_kind"], to_date["value"]) == ("2022-08", "year_to_date", "1")
    assert [row["row_no"] for row in to_date["rows"]] == [4]
    assert trace(served, COUNTY, "2022-08", "LAB1", kind="year_to_date") == to_date
    assert trace(served, COUNTY, "2022-08", "LAB1")["value"] == "0"


def test_parts_and_townships(served: Settings) -> None:
    """A part and a township keep their own rows only; a township without any has 0."""
    assert [row["row_no"] for row in trace(served, COUNTY, "2022", "LAB2.lifted")["rows"]] == [5]
    town = trace(served, COUNTY, "2022", "LAB2", breakdown=TOWN)
    assert (town["value"], [row["row_no"] for row in town["rows"]]) == ("1", [5])
    empty = trace(served, COUNTY, "2022", "LAB2", breakdown=EMPTY_TOWN)
    assert (empty["value"], empty["qualifier"], empty["total_rows"], empty["rows"]) == ("0", "exact", 0, [])


def test_rows_of_a_platform(served: Settings) -> None:
    """An order is traced to the page and the item in it, through empty and repeated pages."""
    found = trace(served, COUNTY, "2022-09", "CON1")
    assert found["value"] == "137.05"
    places = [
        (r["row_no"], r["platform"], r["window"], r["page"], r["item"], r["measure"]) for r in found["rows"]
    ]
    assert places == [
        (1, "taobao", "/".join(DAY), 1, 1, "100.10"),
        (6, "taobao", "/".join(DAY), 1, 3, "29.95"),
        (7, "taobao", "/".join(NEXT_DAY), 1, 1, "7.00"),
    ]
    assert {row["file"] for row in found["rows"]} == {None}


def test_lost_landing_still_names_the_row(served: Settings) -> None:
    """Where the landed bytes are gone the row is named by batch and number, and its page is not made up."""
    moved = served.landing_dir.rename(served.home / "elsewhere")
    try:
        rows = trace(served, COUNTY, "2022-09", "CON1")["rows"]
    finally:
        moved.rename(served.landing_dir)
    assert [(row["row_no"], row["platform"], row["page"], row["item"]) for row in rows] == [
        (1, "taobao", None, None), (6, "taobao", None, None), (7, "taobao", None, None),
    ]  # fmt: skip


def test_rows_of_a_database(served: Settings) -> None:
    """A letter is traced to the ledger's table; a lower bound stays one."""
    found = trace(served, COUNTY, "2022", "FUN1")
    assert (found["value"], found["qualifier"]) == ("5000000.00", "at_least")
    assert [(row["file"], row["sheet"], row["measure"]) for row in found["rows"]] == [
        ("database:fund_ledger/fund_allocation", "fund_allocation", "5000000.00")
    ]


def test_members_of_a_split(served: Settings) -> None:
    """A category the file lists, and one only this county has, each keep their own projects."""
    assert [row["row_no"] for row in trace(served, COUNTY, "2022", "FUN1.industry")["rows"]] == [1, 2]
    own = trace(served, COUNTY, "2022", "FUN1.own' kind")
    assert (own["value"], [row["row_no"] for row in own["rows"]]) == ("300000.50", [3])


def test_pages_together_are_the_whole(served: Settings) -> None:
    """Following ``next`` gives every row once, in the order of one long page."""
    whole = trace(served, COUNTY, "2022", "CON1")
    rows: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = trace(served, COUNTY, "2022", "CON1", limit=2, after=after)
        assert page["total_rows"] == len(whole["rows"]) == 3
        rows, after = rows + page["rows"], page["next"]
    assert rows == whole["rows"]
    assert trace(served, COUNTY, "2022", "CON1", after=99)["next"] is None


def test_no_more_rows_are_looked_at_than_asked_for(served: Settings) -> None:
    """A page shows some rows of a figure of a million; pages of them do not overlap, and the value is the whole one."""
    whole = trace(served, COUNTY, "2022", "CON1")
    most = whole["total_rows"] - 1
    assert most == 2
    first, rest = (trace(served, COUNTY, "2022", "CON1", limit=1, after=at, most=most) for at in (0, 1))
    assert (first["total_rows"], first["value"], first["next"]) == (None, whole["value"], 1)
    assert first["rows"] != rest["rows"]
    last = trace(served, COUNTY, "2022", "CON1", limit=1, after=most - 1, most=most)
    assert (len(last["rows"]), last["next"]) == (1, None)
    assert trace(served, COUNTY, "2022", "CON1", most=most + 1)["total_rows"] == most + 1


def test_every_figure_agrees_with_its_evidence(served: Settings) -> None:
    """Whatever was published in this warehouse: sums are the sum of the rows, counts never more than they."""
    with access.connect(served) as connection:
        figures = connection.execute(
            "select v.period, v.period_kind, indicator_id, v.breakdown, v.value, i.measure"
            " from mart.indicator_value as v inner join mart.indicator as i using (indicator_id)"
            " where v.value > 0 and v.county_code = %s",
            (COUNTY,),
        ).fetchall()
    assert len(figures) > 20
    for period, kind, indicator_id, breakdown, value, measure in figures:
        found = trace(served, COUNTY, period, indicator_id, kind=kind, breakdown=breakdown)
        if "sides" in found:
            top, whole = (Decimal(found["sides"][side]["value"]) for side in ("numerator", "denominator"))
            assert value == round(100 * top / whole, 4), (indicator_id, period, kind)
            continue
        added = sum(Decimal(row["measure"]) for row in found["rows"])
        assert added == value if measure.startswith("sum") else 0 < value <= added, (
            indicator_id,
            period,
            kind,
        )


def test_every_indicator_can_be_traced(served: Settings) -> None:
    """No indicator is measured in a way that a trace cannot tell row by row."""
    entries = [
        entry.indicator_id for indicator in load_indicators(served.root) for entry in indicator.entries
    ]
    assert len(entries) > 10
    for indicator_id in entries:
        assert trace(served, COUNTY, "2022", indicator_id)["indicator_id"] == indicator_id


@pytest.mark.parametrize(
    ("county", "period", "indicator", "further"),
    [
        ("999999", "2022", "LAB2", {}),
        (COUNTY, "2022", "LAB99", {}),
        (COUNTY, "2022", "LAB2.nobody", {}),
        (COUNTY, "2022", "FUN1.nobody", {}),
        (COUNTY, "22", "LAB2", {}),
        (COUNTY, "2022", "LAB2", {"kind": "month"}),
        (COUNTY, "2022", "LAB2", {"breakdown": "620423100"}),
        (COUNTY, "2022", "LAB2", {"limit": 0}),
        (COUNTY, "2022", "LAB2", {"after": -1}),
    ],
)
def test_what_does_not_exist_is_refused(
    served: Settings, county: str, period: str, indicator: str, further: dict[str, Any]
) -> None:
    """A misspelt county, township, indicator or period is an error and never an empty answer."""
    with pytest.raises(ConfigError):
        trace(served, county, period, indicator, **further)
