"""Figures that add are the sum of their months: whatever arrives, they are what counting every row again would give."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from psycopg import sql

from xiezuo import pipeline
from xiezuo.declared.indicators import Indicator, load_indicators
from xiezuo.warehouse import access
from xiezuo_sample.codes import credit_code, identity_number

ROOT = Path(__file__).parents[3]
TOWNS = ["会师镇", "郭城驿镇", "河畔镇", ""]
SHOPS = [credit_code(Random(seed)) for seed in (1, 2)]
Rows = list[Sequence[Any]]
Key = tuple[str, str, str, str]

SPELLS = """\
-- id: LAB9
-- zh: 务工记录
-- en: spells of work
-- unit: 人次
-- source: labour
-- datasets: [labour_placement]
-- measure: count(*)
-- additive: true
-- filters:
--   wages: {where: "true", measure: sum(wage_yuan), zh: 工资合计, en: sum of wages}
-- definition_zh: 期内开始的务工记录
-- definition_en: spells that start in the period
select
    p.county_code,
    p.period_kind,
    p.period,
    s.town as town_code,
    s.wage_month_yuan as wage_yuan,
    s.batch_id,
    s.row_no
from period as p
inner join core.labour_placement as s
    on p.county_code = s.county_code and s.started_on between p.first_day and p.last_day
"""


def letters(rng: Random, last: int) -> tuple[str, Rows]:
    """Letters of 2022, some dated outside it or ahead, some a lower bound; a number told again is a correction."""
    rows = [[f"甲{n}号", day(rng, -40, last), "2022", rng.choice([f"{n}00", f"{n}00余"])] for n in rng.sample(range(1, 9), 3)]
    return "fund/下达", [["文号", "下达日期", "年度", "下达资金（万元）"], *rows]


def donations(rng: Random, last: int) -> tuple[str, Rows]:
    rows = [
        [f"J-{n}", "滨河商会", day(rng, 0, last), rng.choice(["100", "30余", ""]), rng.choice(["", "50"]), "衣物", "市场价"]
        for n in rng.sample(range(1, 9), 3)
    ]
    header = ["票据号", "捐赠方", "捐赠时间", "捐款（元）", "捐物折价（元）", "物资名称", "折价依据"]
    return "fund/捐赠", [header, *(row if row[3] or row[4] else [*row[:3], "70", *row[4:]] for row in rows)]


def export(rng: Random, last: int) -> tuple[str, Rows]:
    """An 832 export; the same orders stand in sales ledgers, under another month maybe."""
    header = ["订单编号", "统一社会信用代码", "规格", "实付金额（元）", "退款金额（元）", "订单状态", "支付时间"]
    rows = [
        [f"A{n}", rng.choice(SHOPS), "1kg", "100.00", rng.choice(["", "100.00", "9.50"]), "已完成", f"{day(rng, 0, last)} 10:00:00"]
        for n in rng.sample(range(1, 12), 4)
    ]
    return "sales/832", [header, *rows]


def sales(rng: Random, last: int) -> tuple[str, Rows]:
    header = ["销售企业", "统一社会信用代码", "产品名称", "采购单位", "销售金额（元）", "销售日期", "订单编号"]
    rows = [
        ["会宁甲", rng.choice(SHOPS), rng.choice(["胡麻油", "小米"]), "甲单位", "80.00", day(rng, 0, last), f"A{n}"]
        for n in rng.sample(range(1, 12), 4)
    ]
    return "sales/销售台账", [header, *rows]


def placements(rng: Random, last: int) -> tuple[str, Rows]:
    """A station's whole ledger: who is not in it any more is withdrawn."""
    header = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间", "务工月收入"]
    rows = [
        ["张三", identity_number(n, date(1990, 1, 1 + n)), rng.choice(TOWNS), "天津市", "晨屿电子", day(rng, 0, last), rng.choice(["", "3000"])]
        for n in rng.sample(range(1, 12), 5)
    ]
    return "labour/甲站", [["劳务输转台账", "填报单位：甲站"], header, *rows]


def day(rng: Random, first: int, last: int) -> str:
    return str(date(2022, 1, 1) + timedelta(days=rng.randint(first, last)))


@pytest.fixture
def additive(office: Any, tmp_path: Path) -> Any:
    """Return an office with one more additive indicator, which has townships and amounts that may be missing."""
    root = tmp_path / "root"
    for folder in ("include", "expectations"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "include/sql/indicators/LAB9.sql").write_text(SPELLS, encoding="utf-8")
    return type(office)(replace(office.settings, root=root))


def counted_again(office: Any, indicator: Indicator) -> dict[Key, tuple[Decimal | None, bool]]:
    """Aggregate an indicator's rows over every period on record, township by township."""
    periods = sql.SQL(
        "select distinct county_code, period_kind, period,"
        " (left(period || '-01', 7) || '-01')::date - case period_kind when 'month' then 0 else"
        " extract(doy from (left(period || '-01', 7) || '-01')::date)::integer - 1 end as first_day,"
        " case period_kind when 'year' then make_date(period::integer, 12, 31) else"
        " ((period || '-01')::date + interval '1 month' - interval '1 day')::date end as last_day"
        " from mart.indicator_value where period_kind <> 'cumulative'"
    )
    found = {}
    for entry in indicator.entries:
        for town in ("''", "town_code"):
            statement = sql.SQL(
                "{} select period_kind, period, {} as town, ({})::numeric(20, 4), {} from counted where ({}) and {} is not null"
                " group by 1, 2, 3"
            ).format(
                indicator.counted(periods), sql.SQL(f"{town}::text"), sql.SQL(entry.measure),
                sql.SQL("bool_or(is_at_least)" if indicator.can_be_lower_bound else "false"), sql.SQL(entry.condition),
                sql.SQL(town),
            )  # fmt: skip
            with access.connect(office.settings, "owner") as connection:
                for kind, period, place, value, is_at_least in connection.execute(statement):
                    found[kind, period, entry.indicator_id, place] = (value, bool(is_at_least))
    return found


def published(office: Any, indicator: Indicator) -> Iterator[tuple[Key, Decimal | None, str]]:
    rows = office.ask(
        "select period_kind, period, indicator_id, breakdown, value, qualifier from mart.indicator_value"
        " where period_kind <> 'cumulative' and indicator_id = any(%s) order by 1, 2, 3, 4",
        [entry.indicator_id for entry in indicator.entries],
    )
    for *key, value, qualifier in rows:
        yield tuple(key), value, qualifier


def agree(office: Any, indicator: Indicator) -> int:
    """Compare what is published with what counting again gives; return how many figures had rows.

    What rows of a period add up to that no delivery speaks of is a lower bound.
    """
    again = counted_again(office, indicator)
    dataset = indicator.header.datasets[0]
    covers = office.ask("select year, covers_from, covers_to from audit.coverage where dataset = %s", dataset)
    told = {year: (first, last) for year, first, last in covers}
    for key, value, qualifier in published(office, indicator):
        counted, is_at_least = again.pop(key, (None, False))
        if counted is None:
            assert value in (None, 0), (key, value)
        else:
            assert value == counted, (key, value, counted)
        is_told = told.get(int(key[1][:4]), (date.max, date.min))
        first = date(int(key[1][:4]), int(key[1][5:7]) if key[0] == "month" else 1, 1)
        is_open = is_at_least or (counted is not None and not is_told[0] <= first <= is_told[1])
        assert value is None or (qualifier == "at_least") == is_open, (key, qualifier)
    assert not {key for key in again if key[3] or again[key][0]}, "what has rows is published"
    return sum(value is not None and value != 0 for _, value, _ in published(office, indicator))


def test_there_are_figures_that_add() -> None:
    assert {indicator.file_id for indicator in load_indicators(ROOT) if indicator.header.additive} >= {"CON1", "FUN1", "SOC1"}


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.sweep) for n in range(2, 8))])
def test_the_year_is_what_its_rows_add_up_to(additive: Any, seed: int) -> None:
    """Corrections, moves to other months, withdrawn rows, late and older files, two feeds, lower bounds, townships.

    The year is not over at first, and what is dated ahead of it counts in the year all the same.
    """
    rng = Random(seed)
    indicators = [one for one in load_indicators(additive.settings.root) if one.header.additive]
    kinds = [letters, donations, export, sales, placements]
    compared = 0
    for step in range(6):
        now = additive.at("2022-08-20T23:00:00+08:00" if step < 3 else "2023-01-05T09:00:00+08:00")
        for kind in kinds if step == 0 else rng.sample(kinds, 3):
            reported = date(2022, rng.randint(1, 7 if step < 3 else 12), 10 + step)
            place, rows = kind(rng, reported.timetuple().tm_yday + 20)  # a ledger may list the weeks to come
            now.drop(f"{place}_{reported}.csv", rows)
        for source in ("fund", "sales", "labour"):
            for batch in now.take(source):
                assert batch["state"] == "loaded", batch
        pipeline.build(now.settings)
        for indicator in indicators:
            compared += agree(now, indicator)
    assert compared > 500


def test_months_that_were_not_touched_are_not_read(office: Any) -> None:
    """A row changed behind the build's back in another month shows that only the touched one was read."""
    header = ["订单编号", "统一社会信用代码", "规格", "实付金额（元）", "订单状态", "支付时间"]
    rows = [[f"A{month}", SHOPS[0], "1kg", "100.00", "已完成", f"2022-{month:02d}-05 10:00:00"] for month in (2, 3)]
    office.deliver("sales/832_2022-12.csv", [header, *rows])
    pipeline.build(office.settings)
    office.ask("update core.sales_order set payment_yuan = 7 where order_no = 'A2'")
    office.ask("update core.sales_order set payment_yuan = 50 where order_no = 'A3'")
    office.ask("insert into audit.touched_period (county_code, month, dataset) values ('620422', '2022-03-01', 'sales_order')")
    pipeline.build(office.settings)
    year = "select value from mart.indicator_value where indicator_id = 'CON1' and period_kind = 'year'"
    assert office.ask(year) == [(Decimal(150),)]
    office.ask("delete from audit.indicator_file")  # another SQL, so to speak: every month on record is read again
    pipeline.build(office.settings)
    assert office.ask(year) == [(Decimal(57),)]


def test_what_touches_one_dataset_leaves_the_figures_of_others_alone(office: Any) -> None:
    """Figures spoilt by hand stay as they are until a dataset they read is touched."""
    office.deliver("fund/下达_2022-12.csv", [["文号", "下达日期", "年度", "下达资金（万元）"], ["甲1号", "2022-03-01", "2022", "100"]])
    pipeline.build(office.settings)
    year = "select value from mart.indicator_value where indicator_id = 'FUN1' and period_kind = 'year'"
    touch = "insert into audit.touched_period (county_code, month, dataset) values ('620422', '2022-03-01', %s)"
    for dataset, shown in (("labour_placement", 5), ("fund_allocation", 1_000_000), ("", 1_000_000)):
        office.ask("update mart.indicator_value set value = 5 where indicator_id = 'FUN1' and period_kind = 'year'")
        office.ask(touch, dataset)
        pipeline.build(office.settings)
        assert office.ask(year) == [(Decimal(shown),)], dataset
