"""Rates: always the quotient of the two figures beside them, by county and township, and never a sum of others."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.integration.pages.test_figures import shown, text
from xiezuo import pipeline
from xiezuo.build import build as building
from xiezuo.build.counted_by import counted_at
from xiezuo.build.lineage import batches_counted, counted_now
from xiezuo.build.trace import trace
from xiezuo.values.periods import Period
from xiezuo.warehouse import access
from xiezuo_sample.codes import identity_number

ROOT = Path(__file__).parents[3]
LEDGER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
ALLOCATIONS = ["文号", "下达日期", "年度", "下达资金（万元）"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "建设地点", "安排文号", "安排资金（万元）"]
TOWNS = ("会师镇", "郭城驿镇", "侯家川镇")
RATES = {"LAB2.rate": ("LAB2", "LAB1"), "FUN1.share": ("FUN1.for_industry", "FUN1"), "FUN1.own.share": ("FUN1.消费协作", "FUN1")}
Rows = list[Sequence[Any]]


def with_rates(office: Any, folder: Path) -> Any:
    """Return an office whose declarations have a rate of people by township, one of money, and one of a county's own category."""
    root = folder / "root"
    for name in ("include", "expectations"):
        shutil.copytree(ROOT / name, root / name)
    for indicator_id, (numerator, denominator) in RATES.items():
        source, dataset = ("labour", "labour_placement") if indicator_id.startswith("LAB") else ("fund", "fund_project")
        header = (
            f"-- id: {indicator_id}\n-- zh: 比例\n-- en: rate\n-- unit: '%'\n-- source: {source}\n-- datasets: [{dataset}]\n"
            f"-- numerator: {numerator}\n-- denominator: {denominator}\n-- definition_zh: 比例\n-- definition_en: rate\n"
        )
        (root / f"include/sql/indicators/{indicator_id}.sql").write_text(header, encoding="utf-8")
    return replace(office, settings=replace(office.settings, root=root))


@pytest.fixture
def rated(office: Any, tmp_path: Path) -> Any:
    return with_rates(office, tmp_path)


def placements(reported: str, *rows: tuple[int, str, str, str]) -> Rows:
    """Return 甲站's ledger of (person, town, province of the job, start)."""
    typed = [["张三", identity_number(n, date(1990, 1, 1 + n)), town, province, "晨屿电子", start] for n, town, province, start in rows]
    return [["劳务输转台账", "填报单位：甲站", f"填报日期：{reported}"], LEDGER, *typed]


def letters(*rows: tuple[str, str, str]) -> Rows:
    return [ALLOCATIONS, *([number, day, day[:4], amount] for number, day, amount in rows)]


def projects(*rows: tuple[str, str, str, str]) -> Rows:
    return [PROJECTS, *([number, f"项目{number}", category, "会师镇", letter, amount] for number, category, letter, amount in rows)]


def told(office: Any, indicator_id: str, period: str = "2022", town: str = "", kind: str = "") -> tuple[Any, str] | None:
    rows = office.ask(
        "select value, qualifier from mart.indicator_value where county_code = '620422' and indicator_id = %s and period = %s"
        " and breakdown = %s and period_kind = %s",
        indicator_id, period, town, kind or ("year" if len(period) == 4 else "year_to_date"),
    )  # fmt: skip
    return rows[0] if rows else None


def rates_as_printed(office: Any) -> dict[Any, tuple[Any, ...]]:
    """Divide what the mart says of both sides, by the rules of docs/decisions/0057-rates-and-spans.md."""
    found: dict[Any, tuple[Any, ...]] = {}
    for indicator_id, sides in RATES.items():
        rows = office.ask(
            "select county_code, period_kind, period, breakdown, indicator_id, value, qualifier, as_of from mart.indicator_value"
            " where indicator_id = any(%s)", list(sides),
        )  # fmt: skip
        by_key = {tuple(row[:5]): row[5:] for row in rows}
        towned = {key[:3] for key in by_key if key[3] and key[4] == sides[0]}
        for key, (whole, qualifier, as_of) in by_key.items():
            top = by_key.get((*key[:4], sides[0]))
            if key[4] != sides[1] or (top is None and (not key[3] or key[:3] not in towned)):
                continue
            ends = by_key[*key[:3], "", sides[0]][2]
            amount, how = (Decimal(0), "exact") if top is None else top[:2]
            value = None if amount is None or not whole or qualifier != "exact" else round(100 * amount / whole, 4)
            if value is not None or not key[3]:
                state = "not_reported" if value is None else "at_least" if how == "at_least" else "exact"
                found[*key[:4], indicator_id] = (value, state, min(as_of, ends))
    return found


def rates_in(office: Any) -> dict[Any, tuple[Any, ...]]:
    rows = office.ask(
        "select county_code, period_kind, period, breakdown, indicator_id, value, qualifier, as_of from mart.indicator_value"
        " where unit = '%%' and indicator_id = any(%s)", list(RATES),
    )  # fmt: skip
    return {tuple(row[:5]): tuple(row[5:]) for row in rows}


def test_a_rate_is_told_by_county_and_township(rated: Any) -> None:
    rated.deliver(
        "labour/甲站.csv",
        placements(
            "2022-06-30", (1, "会师镇", "天津市", "2022-02-01"), (2, "会师镇", "甘肃省", "2022-03-01"),
            (3, "郭城驿镇", "甘肃省", "2022-03-05"),
        ),
    )  # fmt: skip
    pipeline.build(rated.settings)
    assert told(rated, "LAB2.rate") == (Decimal("33.3333"), "exact")
    towns = dict(rated.ask("select breakdown, value from mart.indicator_value where indicator_id = 'LAB2.rate' and period = '2022' and breakdown <> ''"))
    assert sorted(towns.values()) == [0, 50], "a township whose numerator is 0 has a rate of 0; one without anybody has none"
    assert told(rated, "LAB2.rate", "2022-01") == (None, "not_reported"), "0 of 0 is no rate"
    assert told(rated, "LAB2.rate", "2022-09") == (Decimal("33.3333"), "exact")
    assert told(rated, "LAB2.rate", "2022-09", kind="month") == (None, "not_reported")
    assert told(rated, "FUN1.share") == (None, "not_reported")
    assert told(rated, "FUN1.own.share") is None, "a category that the county does not have has no share either"
    assert rates_in(rated) == rates_as_printed(rated)
    assert rated.ask("select numerator_id, denominator_id, unit, measure from mart.indicator where indicator_id = 'LAB2.rate'") == [
        ("LAB2", "LAB1", "%", "100 * LAB2 / LAB1")
    ]
    assert rated.ask("select count(*) from mart.progress where indicator_id = 'LAB2.rate' and change_pct is not null") == [(0,)]


def test_a_lower_bound_above_is_one_and_below_leaves_nothing(rated: Any) -> None:
    rated.deliver("fund/下达_2022-06.csv", letters(("甲1号", "2022-03-01", "1000")))
    rated.deliver("fund/项目_2022-06.csv", projects(("A1", "产业培育类", "甲1号", "300余"), ("A2", "乡村亮化", "甲1号", "200")))
    pipeline.build(rated.settings)
    assert told(rated, "FUN1.industry") == (3_000_000, "at_least")
    assert told(rated, "FUN1.share") == (30, "at_least")
    rated.deliver("fund/下达_2022-07.csv", letters(("甲2号", "2022-07-01", "500余")))
    pipeline.build(rated.settings)
    assert told(rated, "FUN1")[1] == "at_least"
    assert told(rated, "FUN1.share") == (None, "not_reported")
    assert told(rated, "FUN1.share", "2022-06") == (30, "at_least")
    assert rates_in(rated) == rates_as_printed(rated)


def test_a_category_that_comes_and_goes_takes_its_share_with_it(rated: Any) -> None:
    rated.deliver("fund/下达_2022-06.csv", letters(("甲1号", "2022-03-01", "1000")))
    rated.deliver("fund/项目_2022-06.csv", projects(("A1", "消费协作", "甲1号", "250")))
    pipeline.build(rated.settings)
    assert told(rated, "FUN1.own.share") == (25, "exact")
    rated.deliver("fund/项目_2022-07.csv", projects(("A1", "产业培育类", "甲1号", "250")))
    pipeline.build(rated.settings)
    assert told(rated, "FUN1.own.share") is None
    assert told(rated, "FUN1.share") == (25, "exact")


def test_a_rate_is_traced_to_the_rows_of_both_sides(rated: Any) -> None:
    rows = [(1, "会师镇", "天津市", "2022-02-01"), (2, "会师镇", "甘肃省", "2022-03-01"), (3, "郭城驿镇", "甘肃省", "2022-03-05")]
    rated.deliver("labour/甲站.csv", placements("2022-06-30", *rows))
    pipeline.build(rated.settings)
    whole = trace(rated.settings, "620422", "2022", "LAB2.rate", limit=3)
    assert (whole["value"], whole["unit"], whole["total_rows"], whole["next"]) == ("33.3333", "%", 4, 3)
    assert [(row["side"], row["row_no"], row["measure"]) for row in whole["rows"]] == [
        ("numerator", 3, "1"), ("denominator", 3, "1"), ("denominator", 4, "1"),
    ]  # fmt: skip
    assert whole["sides"] == {
        "numerator": {"indicator_id": "LAB2", "value": "1", "unit": "人", "qualifier": "exact", "rows": 1},
        "denominator": {"indicator_id": "LAB1", "value": "3", "unit": "人", "qualifier": "exact", "rows": 3},
    }
    rest = trace(rated.settings, "620422", "2022", "LAB2.rate", limit=3, after=3)
    assert [(row["side"], row["row_no"]) for row in rest["rows"]] == [("denominator", 5)]
    some = trace(rated.settings, "620422", "2022", "LAB2.rate", most=1)
    assert (some["total_rows"], [row["side"] for row in some["rows"]]) == (None, ["numerator", "denominator", "denominator"])
    figures = counted_at(rated.settings, "620422", "620422/labour/甲站.csv", 3)[0].figures
    found = {(one.indicator_id, one.side_id, one.measure_unit) for one in figures if one.period == "2022" and one.period_kind == "year"}
    assert {("LAB2.rate", "LAB2", "人"), ("LAB2.rate", "LAB1", "人"), ("LAB1", "LAB1", "人")} <= found
    with access.connect(rated.settings) as connection:
        batches = counted_now(connection, rated.settings, "620422", Period.read("2022"), "LAB2.rate")
        assert len(batches) == 1
        assert batches_counted(connection, rated.settings, "620422", [("year", "2022", "LAB2.rate")]) == {("year", "LAB2.rate"): batches}


def test_the_page_of_a_rate_shows_both_sides(rated: Any) -> None:
    rated.deliver("labour/甲站.csv", placements("2022-06-30", (1, "会师镇", "天津市", "2022-02-01"), (2, "会师镇", "甘肃省", "2022-03-01")))
    pipeline.build(rated.settings)
    page = shown(rated.settings, "figures/{county}/{period}/{indicator}", {"county": "620422", "period": "2022", "indicator": "LAB2.rate"}, {})
    said = text(page)
    assert "分子：" in said
    assert "50 %" in said
    assert "include/sql/indicators/LAB2.sql" in said
    assert "include/sql/indicators/LAB1.sql" in said
    assert said.count("分母") >= 3, "each row says which side counts it"
    place = {"county": "620422", "batch_id": trace(rated.settings, "620422", "2022", "LAB2")["rows"][0]["batch_id"], "row_no": "3"}
    asked, pages = {}, []
    while not pages or asked:
        pages.append(shown(rated.settings, "rows/{county}/{batch_id}/{row_no}", place, asked))
        asked = {"after": found[1]} if (found := re.search(r"[?&](?:amp;)?after=([^&\"]+)", pages[-1])) else {}
    assert "在 LAB1 中" in "".join(pages)


def test_above_the_county_both_sides_are_added_and_rates_never(settings: Any, neighbours: Any, tmp_path: Path) -> None:
    """One county of 1 in 2 and one of 1 in 4 are 2 in 6; one that has only letters is in neither sum."""
    offices = [with_rates(one, tmp_path / str(number)) for number, one in enumerate(neighbours(settings, ["530997", "530998", "530999"]))]
    for office, (top, whole) in zip(offices, (("100", "200"), ("100", "400"), ("", "800")), strict=True):
        office.drop("fund/下达_2022-12.csv", letters(("甲1号", "2022-03-01", whole)))
        if top:
            office.drop("fund/项目_2022-12.csv", projects(("A1", "产业培育类", "甲1号", top)))
    offices[0].take("fund")
    pipeline.build(offices[0].settings)
    columns = "value, county_mean, qualifier, counties_reported, counties_expected"
    where = "from mart.rollup where period = '2022' and level = 'province' and indicator_id ="
    assert offices[0].ask(f"select {columns} {where} 'FUN1.share'") == [(Decimal("33.3333"), None, "exact", 2, 3)]
    assert offices[0].ask(f"select {columns} {where} 'FUN1'") == [(14_000_000, Decimal("4666666.6667"), "exact", 3, 3)]
    assert offices[0].ask(f"select {columns} {where} 'FUN1.for_industry'")[0][:3] == (2_000_000, None, "at_least"), "no mean while one is missing"
    own = offices[0].ask("select county_code, value, qualifier from mart.rollup where period = '2022' and level = 'county' and indicator_id = 'FUN1.share' order by 1")
    assert own == [("530997", 50, "exact"), ("530998", 25, "exact"), ("530999", None, "not_reported")]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_comes_a_rate_equals_what_is_printed_beside_it(rated: Any, seed: int) -> None:
    """Corrections, withdrawals, lower bounds, in any order: after each build every rate is the quotient of its sides."""
    rng = Random(seed)
    for night in range(4):
        people = [
            (n, rng.choice(TOWNS), rng.choice(["天津市", "甘肃省", "浙江省"]), str(date(2022, rng.randint(1, 9), 3)))
            for n in rng.sample(range(1, 15), 6)
        ]
        rated.drop(f"labour/甲站{night}.csv", placements(f"2022-1{rng.randint(0, 2)}-{10 + night}", *people))
        numbers = rng.sample(range(1, 5), 2)
        rated.drop(f"fund/下达_2022-0{5 + night}.csv", letters(*((f"甲{n}号", f"2022-0{n}-01", f"{rng.randint(1, 9)}00{rng.choice(['', '', '余'])}") for n in numbers)))
        rated.drop(f"fund/项目_2022-0{5 + night}.csv", projects(*((f"A{n}", rng.choice(["产业培育类", "消费协作", "乡村亮化"]), f"甲{n}号", f"{rng.randint(1, 99)}0{rng.choice(['', '余'])}") for n in numbers)))
        for source in ("labour", "fund"):
            rated.take(source)
        pipeline.build(rated.settings)
        assert rates_in(rated) == rates_as_printed(rated), (seed, night)
    assert pipeline.build(rated.settings)["values"] == 0


def test_a_build_that_dies_while_dividing_leaves_all_as_it_was(rated: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rated.deliver("labour/甲站.csv", placements("2022-06-30", (1, "会师镇", "天津市", "2022-02-01")))
    pipeline.build(rated.settings)
    before = rates_in(rated)
    rated.deliver("labour/甲站b.csv", placements("2022-07-30", (1, "会师镇", "甘肃省", "2022-02-01")))

    def dies(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(building, "divide", dies)
        with pytest.raises(KeyboardInterrupt):
            pipeline.build(rated.settings)
    assert rates_in(rated) == before
    pipeline.build(rated.settings)
    assert told(rated, "LAB2.rate") == (0, "exact")
    assert rates_in(rated) == rates_as_printed(rated)
