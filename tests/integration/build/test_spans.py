"""Several years: distinct people count once in them, sums add up, stocks are of the last day; kept where wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.build.test_rates import RATES, letters, projects, with_rates
from xiezuo.build import build as building
from xiezuo.build.build import build
from xiezuo.build.counted_by import counted_at
from xiezuo.build.trace import trace
from xiezuo.declared.indicators import load_indicators
from xiezuo.warehouse.digest import digest
from xiezuo_sample.codes import identity_number

LEDGER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
PRODUCTS = ["企业名称", "统一社会信用代码", "产品名称", "产品类别", "认定时间", "有效期至", "认定编号"]
Rows = list[Sequence[Any]]


def since_2021(_settings: Any, _county: str, year: int) -> int | None:
    return 2021 if 2021 <= year <= 2025 else None


def placements(reported: str, *rows: tuple[int, str, str, str]) -> Rows:
    """Return 甲站's ledger of its year of (person, town, province of the job, start)."""
    typed = [["张三", identity_number(n, date(1990, 1, 1 + n)), town, province, "晨屿电子", start] for n, town, province, start in rows]
    return [["劳务输转台账", f"填报单位：甲站{rows[0][3][:4]}", f"填报日期：{reported}"], LEDGER, *typed]


def span(office: Any, indicator_id: str, period: str, town: str = "") -> tuple[Decimal | None, str] | None:
    rows = office.ask(
        "select value, qualifier from mart.indicator_value where period_kind = 'cumulative' and indicator_id = %s"
        " and period = %s and breakdown = %s", indicator_id, period, town,
    )  # fmt: skip
    return rows[0] if rows else None


def asked(office: Any, indicator_id: str, period: str, since: int, town: str = "") -> tuple[Decimal | None, str]:
    """Return what ``xiezuo trace --since`` says."""
    found = trace(office.settings, "620422", period, indicator_id, since=since, breakdown=town)
    return None if found["value"] is None else Decimal(found["value"]), found["qualifier"]


def two_years(office: Any) -> None:
    """Person 1 works in both years; letters, projects and a register of products; each ledger speaks of its whole year."""
    office.deliver("labour/甲站_2021-12.csv", placements("2021-12-31", (1, "会师镇", "天津市", "2021-02-01"), (2, "会师镇", "甘肃省", "2021-03-01")))
    office.deliver("labour/甲站_2022-12.csv", placements("2022-12-31", (1, "郭城驿镇", "甘肃省", "2022-02-01"), (3, "郭城驿镇", "天津市", "2022-03-01")))
    office.deliver("fund/下达_2021-12-31.csv", [["资金下达", "填报日期：2021-12-31"], *letters(("甲1号", "2021-03-01", "1000"))])
    office.deliver("fund/下达_2022-12-31.csv", [["资金下达", "填报日期：2022-12-31"], *letters(("甲2号", "2022-03-01", "500"))])
    office.deliver("fund/项目_2022-12-31.csv", [["项目库", "填报日期：2022-12-31"], *projects(("A1", "产业培育类", "甲1号", "300"), ("A2", "消费协作", "甲2号", "200"))])
    office.deliver("sales/产品_2022-12-31.csv", [
        ["认定名录", "填报日期：2022-12-31"], PRODUCTS,
        ["甲粮油", "", "小米", "粮油", "2021-06-01", "2022-05-31", "甲001"], ["甲粮油", "", "大米", "粮油", "2021-06-01", "2024-05-31", "甲002"],
    ])  # fmt: skip


@pytest.fixture
def rated(office: Any, tmp_path: Any) -> Any:
    return with_rates(office, tmp_path)


def test_people_count_once_sums_add_up_and_stocks_are_of_the_last_day(rated: Any) -> None:
    two_years(rated)
    touched = build(rated.settings, since_2021)["touched"]
    assert not [one for one in touched if "2021-2022" in one], "documents are made of months and years"
    assert span(rated, "LAB1", "2021-2022") == (3, "exact"), "2 and 2 are 3 people"
    assert span(rated, "LAB2", "2021-2022") == (1, "exact"), "person 1 counts at the latest spell"
    assert span(rated, "FUN1", "2021-2022") == (15_000_000, "exact")
    assert span(rated, "CON2.products", "2021-2022") == (1, "exact")
    assert span(rated, "FUN1.消费协作", "2021-2022")[0] == 2_000_000  # type: ignore[index]
    assert span(rated, "LAB2.rate", "2021-2022") == (Decimal("33.3333"), "exact")
    assert {row[0] for row in rated.ask("select distinct period from mart.indicator_value where period_kind = 'cumulative'")} == {"2021-2022"}
    assert rated.ask("select value from mart.rollup where level = 'province' and period = '2021-2022' and indicator_id = 'LAB1'")[0][0] == 3
    assert build(rated.settings, since_2021)["values"] == 0


def test_what_is_asked_for_is_what_is_kept(rated: Any) -> None:
    """Every figure of the span and each fifth of a township, counted on demand and by the night."""
    two_years(rated)
    build(rated.settings, since_2021)
    kept = rated.ask("select indicator_id, breakdown, value, qualifier from mart.indicator_value where period_kind = 'cumulative'")
    indicators = [one for one in load_indicators(rated.settings.root) if one.header.has("year") and not one.header.members_from]
    entries = {entry.indicator_id for one in indicators for entry in one.entries}
    assert {row[0] for row in kept} >= entries - set(RATES)
    towns = sorted(row for row in kept if row[1])
    for indicator_id, town, value, qualifier in [*(row for row in kept if not row[1]), *towns[::5]]:
        assert asked(rated, indicator_id, "2022", 2021, town) == (value, qualifier), (indicator_id, town)
    before = digest(rated.settings)
    assert asked(rated, "LAB1", "2022-02", 2021) == (2, "exact"), "up to a month"
    assert digest(rated.settings) == before


def test_a_span_without_a_whole_year_is_a_lower_bound(office: Any) -> None:
    office.deliver("labour/甲站_2022-12.csv", placements("2022-12-31", (1, "会师镇", "天津市", "2022-02-01")))
    build(office.settings, since_2021)
    assert span(office, "LAB1", "2021-2022") == (1, "at_least"), "nobody spoke of 2021"
    assert span(office, "FUN1", "2021-2022") == (None, "not_reported")
    office.deliver("labour/甲站_2021-10.csv", placements("2021-10-31", (2, "会师镇", "天津市", "2021-02-01")))
    build(office.settings, since_2021)
    assert span(office, "LAB1", "2021-2022") == (2, "at_least"), "of 2021 the last months are missing"
    office.deliver("labour/甲站_2021-12.csv", placements("2021-12-31", (2, "会师镇", "天津市", "2021-02-01")))
    build(office.settings, since_2021)
    assert span(office, "LAB1", "2021-2022") == (2, "exact")
    assert asked(office, "LAB1", "2022", 2020) == (2, "at_least")


def test_a_late_correction_of_the_first_year_changes_the_spans_of_later_ones(office: Any) -> None:
    two_years(office)
    later = office.at("2023-06-30T23:00:00+08:00")
    later.deliver("labour/甲站_2023-06.csv", placements("2023-06-30", (4, "会师镇", "天津市", "2023-02-01")))
    build(later.settings, since_2021)
    assert span(later, "LAB1", "2021-2023") == (4, "exact")
    later.deliver("labour/甲站_2021更正.csv", placements("2022-01-10", (1, "会师镇", "天津市", "2021-02-01"), (5, "会师镇", "天津市", "2021-03-01"), (6, "会师镇", "天津市", "2021-03-02")))
    later.deliver("fund/下达_2021更正.csv", [["资金下达", "填报日期：2022-03-10"], *letters(("甲1号", "2021-03-01", "1100"))])
    build(later.settings, since_2021)
    assert span(later, "LAB1", "2021-2022")[0] == 4  # type: ignore[index]
    assert [asked(later, "LAB1", year, 2021)[0] for year in ("2022", "2023")] == [span(later, "LAB1", f"2021-{year}")[0] for year in (2022, 2023)]  # type: ignore[index]
    assert span(later, "FUN1", "2021-2022") == (16_000_000, "exact")
    assert span(later, "FUN1", "2021-2023")[0] == 16_000_000  # type: ignore[index]


def test_spans_follow_what_is_wanted(office: Any) -> None:
    """Without a wish there are none; a new one needs no new data; a withdrawn one takes its figures with it."""
    two_years(office)
    build(office.settings)
    assert span(office, "LAB1", "2021-2022") is None
    build(office.settings, since_2021)
    assert span(office, "LAB1", "2021-2022") == (3, "exact")
    build(office.settings, lambda *_: 2020)
    assert span(office, "LAB1", "2021-2022") is None
    assert span(office, "LAB1", "2020-2022") == (3, "at_least")
    build(office.settings, lambda *_: None)
    assert office.ask("select count(*) from mart.indicator_value where period_kind = 'cumulative'") == [(0,)]
    assert build(office.settings, lambda *_: None)["periods"] == 0


def test_a_build_that_dies_leaves_spans_and_years_as_they_were(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    two_years(office)
    build(office.settings, since_2021)
    before = digest(office.settings)
    office.deliver("fund/下达_2021更正.csv", [["资金下达", "填报日期：2022-03-10"], *letters(("甲1号", "2021-03-01", "1100"))])

    def dies(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(building, "divide", dies)
        with pytest.raises(KeyboardInterrupt):
            build(office.settings, since_2021)
    assert span(office, "FUN1", "2021-2022") == (15_000_000, "exact")
    build(office.settings, since_2021)
    assert span(office, "FUN1", "2021-2022") == (16_000_000, "exact")
    assert digest(office.settings) != before


def test_a_span_is_traced_both_ways(rated: Any) -> None:
    two_years(rated)
    build(rated.settings, since_2021)
    found = trace(rated.settings, "620422", "2021-2022", "LAB1", kind="cumulative")
    assert (found["period"], found["period_kind"], found["value"], found["total_rows"]) == ("2021-2022", "cumulative", "3", 3)
    rate = trace(rated.settings, "620422", "2022", "LAB2.rate", since=2021)
    assert (rate["value"], rate["sides"]["numerator"]["value"], rate["sides"]["denominator"]["value"]) == ("33.3333", "1", "3")
    figures = counted_at(rated.settings, "620422", "620422/labour/甲站_2022-12.csv", 3)[0].figures
    assert ("LAB1", "2021-2022", 3) in {(one.indicator_id, one.period, one.value) for one in figures}
