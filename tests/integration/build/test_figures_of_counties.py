"""What other counties, cities and provinces print can be produced: each figure by an indicator, a window and a level.

``tests/data/figures_of_counties.csv`` says by which. Two invented counties hand in two years whose figures were counted by
hand; what is computed of them is compared, of one county, of both together, as a mean, and as a share of a target.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from tests.data import counties
from tests.integration.build.test_held import COUNTED, LEDGERS
from tests.integration.pipeline.test_further_ledgers import EXPECTED, STORY
from xiezuo import pipeline
from xiezuo.warehouse import access

ROWS = list(
    csv.DictReader(Path(__file__).parents[2].joinpath("data/figures_of_counties.csv").read_text(encoding="utf-8").splitlines())
)
ONE, OTHER = "530995", "530996"
PLACES = {"会师镇": "青石镇", "郭城镇": "红土镇", "郭城驿镇": "红土镇", "南十里铺村": "青东村", "红堡子村": "红西村"}
PAIRS = [
    ["街道与乡镇", "浦江街道", "红土镇", "2021-03-01"], ["社区与示范村", "浦江社区", "红西村", "2021-03-01"],
    ["学校", "浦江一小", "青石小学", "2021-03-01"], ["学校", "浦江二小", "青石小学", "2021-03-01"],
]  # fmt: skip
MORE: dict[str, list[list[Any]]] = {
    "work/共建园区_2022-12.csv": [
        ["共建产业园台账", "填报日期：2022-12-31"], ["园区名称", "共建时间", "地点", "合作企业"],
        ["协作产业园", "2021-02-18", "青石镇", "甲食品有限公司"],
    ],
    "work/年度任务_2022-01.csv": [
        ["年度协议任务指标", "填报日期：2022-01-31"], ["年度", "指标编号", "目标值", "单位"],
        [2022, "CON1", 3, "万元"], [2022, "LAB1", 4, "人"],
    ],
}  # fmt: skip
BY_HAND: dict[str, Any] = {
    one: Decimal(wanted["2022"].rstrip("+")) for one, wanted in EXPECTED.items() if wanted.get("2022", "–") != "–"
} | {one: Decimal(str(wanted)) for one, wanted in COUNTED.items()} | {
    "ORG3.school": 2, "ORG3.west.school": 1, "ORG3.east.school": 2, "ORG3.street_town": 1, "ORG3.east.street_town": 1,
    "ORG3.west.street_town": 1, "ORG3.community_village": 1, "ORG3.east.community_village": 1, "ORG3.west.community_village": 1,
    "ORG3.towns": 2, "ORG3.enterprise": 1, "ORG3.east.enterprise": 1, "ORG3.west.enterprise": 1, "ORG3.east.social_organisation": 1,
    "TAL1.east_to_west": 1, "TAL1.west_to_east": 1, "TAL2.east_to_west": 1, "TAL6.times.professionals": 3, "IND1": 1,
    "IND3": 5_000_000, "IND4": 10, "IND4.lifted": 3, "LAB3": 1, "LAB4": 1, "LAB5.trainees": 2, "FUN1.county_level": 1_000_000,
    "ORG3.all": 12, "ORG3.west.villages_all": 3, "ORG2.rank_prefecture": 0, "FUN3.city_level.rate": None,
}  # fmt: skip
"""What the year 2022 of one county comes to."""
TWICE = {"FUN1", "FUN2", "FUN2.industry", "FUN5.people", "FUN5.households", "FUN1.county_level", "CON1", "SOC1"}
"""What doubles over both years, the earlier a copy of 2022 with papers of its own: money and projects. People who are the
same count once, and what stands on the last day stands once."""
TOGETHER = {"IND2": 3, "IND3": 9_000_000}
"""Firms that landed in either year, of which the one ledger of 2022 tells."""


def again(cell: Any) -> Any:
    """Return a cell as the ledger of the year before had it, with papers of its own."""
    if not isinstance(cell, str):
        return 2021 if cell == 2022 else cell
    moved = cell.replace("2022", "2021")
    return f"{moved}-21" if len(cell) == 2 and cell[0] in "PVSD" and cell[1].isdigit() else moved


def told_in(town: dict[str, str], cell: Any) -> Any:
    for name, instead in town.items():
        cell = cell.replace(name, instead) if isinstance(cell, str) else cell
    return cell


def hand_in(office: Any, county: str) -> None:
    """Deliver two years of the ledgers of ``test_held`` and one of the further ones, from one county."""
    held = {place: [list(row) for row in ledger] for place, ledger in LEDGERS.items()}
    held["work/结对_2022-12.csv"] += PAIRS
    for row, lifted in zip(held["work/企业_2022-12.csv"][1:], ("其中脱贫劳动力", 3, 1, 0), strict=True):
        row.append(lifted)
    for place, ledger in (*held.items(), *MORE.items()):
        office.drop(f"../{county}/{place}", ledger)
    for place, ledger in held.items():
        if not place.startswith("work/"):
            office.drop(f"../{county}/{place.replace('2022', '2021')}", [[again(cell) for cell in row] for row in ledger])
    for place, story in STORY.items():
        office.drop(f"../{county}/{place}", [[told_in(PLACES, cell) for cell in row] for row in story])


Found = Callable[..., Decimal | None]


@pytest.fixture(scope="module")
def found(fresh: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Return what asks the warehouse for a figure: its level, period, indicator and which column of the roll-up."""
    from tests.integration.conftest import Office

    folder = tmp_path_factory.mktemp("printed")
    places = [counties.invented(code, f"云{n}县") for n, code in zip("东西", (ONE, OTHER), strict=True)]
    region = counties.settle(fresh(folder), folder, *places)
    pipeline.prepare(region)
    office = Office(region, ONE)
    with access.connect(region, "owner") as connection:  # the county that ships is in every test's warehouse
        for table in ("division", "threshold", "category", "responsible", "negative_term", "county"):
            emptied = sql.SQL("delete from {} where county_code not in (%s, %s)").format(sql.Identifier("core", table))
            connection.execute(emptied, (ONE, OTHER))
    for county in (ONE, OTHER):
        hand_in(office, county)
    for source in ("fund", "labour", "sales", "work"):
        batches = office.take(source)
        assert [batch["refusal_zh"] for batch in batches if batch["state"] != "loaded"] == []
    pipeline.build(region, since_of=lambda *_: 2021)

    def ask(level: str, kind: str, period: str, indicator_id: str, column: str = "value") -> Decimal | None:
        where = "level = %s and period_kind = %s and period = %s and indicator_id = %s and (county_code is null or county_code = %s)"
        statement = f"select {column} from mart.rollup where {where}"
        rows = office.ask(statement, "all" if level == "nation" else level, kind, period, indicator_id, ONE)
        assert len(rows) <= 1, rows
        return rows[0][0] if rows else None

    ask.office = office  # type: ignore[attr-defined]
    return ask


PERIODS = {"year": ("year", "2022"), "year_to_date": ("year_to_date", "2022-12"), "cumulative": ("cumulative", "2021-2022")}


def expected_of(row: dict[str, str]) -> Decimal | None:
    """Return the hand-counted value of a printed figure, as its window and level make it."""
    one = (TOGETHER if row["window"] == "cumulative" else {}).get(row["indicator_id"], BY_HAND[row["indicator_id"]])
    if one is None:
        return None
    value = Decimal(one) * (2 if row["window"] == "cumulative" and row["indicator_id"] in TWICE else 1)
    is_share = row["indicator_id"].endswith(".rate") or row["what"] == "county_mean" or row["level"] == "county"
    return value if is_share else 2 * value


def test_of_the_figures_that_counties_print_nearly_all_are_produced() -> None:
    """The share that the office was promised is 95 per cent; what is missing is named here."""
    missing = [row["figure"] for row in ROWS if not row["indicator_id"]]
    assert len(ROWS) == 222
    assert missing == []


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["what"] != "completion"], ids=lambda row: f"{row['place']}-{row['years']}-{row['figure']}"
)
def test_a_printed_figure_is_produced(found: Found, row: dict[str, str]) -> None:
    column = "county_mean" if row["what"] == "county_mean" else "value"
    value = found(row["level"], *PERIODS[row["window"]], row["indicator_id"], column)
    wanted = expected_of(row)
    assert (None if value is None else round(value, 2)) == (None if wanted is None else round(wanted, 2))


def test_how_far_targets_are_reached_is_produced(found: Found) -> None:
    """协议任务完成 and 消费帮扶完成协议: of each figure, and of a region from the sums of value and target."""
    assert len([row for row in ROWS if row["what"] == "completion"]) == 2
    rows = found.office.ask(  # type: ignore[attr-defined]
        "select indicator_id, round(completion_pct) from mart.outlook where county_code = %s and period = '2022-12' order by 1", ONE
    )
    assert rows == [("CON1", 200), ("LAB1", 100)]
