"""Building: touched periods only, zero is not "not reported", and nothing is lost between load and build."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.warehouse import access
from xiezuo.warehouse.digest import digest
from xiezuo_sample.codes import identity_number

LEDGER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
ALLOCATIONS = ["文号", "下达日期", "年度", "下达资金（万元）"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "建设地点", "安排文号", "安排资金（万元）"]
MEETINGS = ["会议时间", "会议类型", "议题"]


def person(serial: int) -> str:
    return identity_number(serial, date(1990, 1, 1 + serial % 28))


def placements(reported: str, *rows: tuple[int, str, str, str]) -> list[Sequence[Any]]:
    """Return 甲站's ledger of (person, town, province of the job, start)."""
    typed = [["张三", person(n), town, province, "晨屿电子", start] for n, town, province, start in rows]
    return [["劳务输转台账", "填报单位：甲站", f"填报日期：{reported}"], LEDGER, *typed]


def value(
    office: Any, indicator_id: str, kind: str, period: str, breakdown: str = ""
) -> tuple[Decimal | None, str] | None:
    """Return value and qualifier of one figure; None where there is no row."""
    rows = office.ask(
        "select value, qualifier from mart.indicator_value where county_code = '620422' and indicator_id = %s"
        " and period_kind = %s and period = %s and breakdown = %s",
        indicator_id, kind, period, breakdown,
    )  # fmt: skip
    return rows[0] if rows else None


def test_nothing_to_count_is_zero_and_no_delivery_is_not_reported(office: Any) -> None:
    """A month a delivery speaks of has 0; a later month, and a source without any delivery, has none."""
    office.deliver("work/会议_2022-04.csv", [MEETINGS, ["2022-02-10", "政府常务会", "研究事项"]])
    pipeline.build(office.settings)
    assert value(office, "ORG1", "month", "2022-02") == (1, "exact")
    assert value(office, "ORG1", "month", "2022-03") == (0, "exact")
    assert value(office, "ORG1", "month", "2022-05") == (None, "not_reported")
    assert value(office, "ORG1", "year_to_date", "2022-05") == (1, "exact")
    assert value(office, "LAB1", "month", "2022-02") == (None, "not_reported")
    assert value(office, "LAB1", "year", "2022") == (None, "not_reported")
    as_of = "select period, as_of::text from mart.indicator_value where indicator_id = 'ORG1' and period_kind = %s order by 1"
    assert dict(office.ask(as_of, "month"))["2022-02"] == "2022-02-28"
    assert dict(office.ask(as_of, "year")) == {"2022": "2022-04-30"}


def test_a_county_speaks_for_itself_only(settings: Any, neighbours: Any) -> None:
    """What the neighbour reported is not reported here, and neither counts what the other has."""
    first, second = neighbours(settings, ["530998", "530999"])
    first.drop("work/会议_2022-04.csv", [MEETINGS, ["2022-02-10", "政府常务会", "研究事项"]])
    second.drop("fund/下达_2022-04.csv", [ALLOCATIONS, ["甲1号", "2022-03-01", "2022", "100"]])
    first.take("work")
    first.take("fund")
    pipeline.build(first.settings)
    found = first.ask(
        "select county_code, indicator_id, period, value, qualifier from mart.indicator_value"
        " where indicator_id in ('FUN1', 'ORG1') and period_kind = 'month' and period in ('2022-02', '2022-03')"
        " order by 1, 2, 3"
    )
    assert found == [
        ("530998", "FUN1", "2022-02", None, "not_reported"), ("530998", "FUN1", "2022-03", None, "not_reported"),
        ("530998", "ORG1", "2022-02", 1, "exact"), ("530998", "ORG1", "2022-03", 0, "exact"),
        ("530999", "FUN1", "2022-02", 0, "exact"), ("530999", "FUN1", "2022-03", 1_000_000, "exact"),
        ("530999", "ORG1", "2022-02", None, "not_reported"), ("530999", "ORG1", "2022-03", None, "not_reported"),
    ]  # fmt: skip


def test_a_later_delivery_reports_what_was_not(office: Any) -> None:
    """A delivery without new rows turns the months it speaks of from not reported to 0."""
    meeting = ["2022-02-10", "政府常务会", "研究事项"]
    office.deliver("work/会议_2022-04.csv", [MEETINGS, meeting])
    pipeline.build(office.settings)
    office.deliver("work/会议_2022-07.csv", [MEETINGS, meeting])
    pipeline.build(office.settings)
    assert value(office, "ORG1", "month", "2022-07") == (0, "exact")
    assert value(office, "ORG1", "month", "2022-08") == (None, "not_reported")
    assert office.ask("select distinct as_of::text from mart.indicator_value where indicator_id = 'ORG1' and period = '2022-12'") == [("2022-07-31",)]  # fmt: skip


def test_a_person_counts_once_in_the_year_and_at_the_latest_spell(office: Any) -> None:
    """A year is not the sum of its months; destination and township are those of the latest start."""
    office.deliver(
        "labour/甲站.csv",
        placements(
            "2022-06-30",
            (1, "会师镇", "天津市", "2022-02-01"),
            (1, "郭城驿镇", "甘肃省", "2022-05-01"),
            (2, "会师镇", "天津市", "2022-02-08"),
        ),
    )
    pipeline.build(office.settings)
    assert value(office, "LAB1", "month", "2022-02") == (2, "exact")
    assert value(office, "LAB1", "month", "2022-05") == (1, "exact")
    assert value(office, "LAB1", "year", "2022") == (2, "exact")
    assert value(office, "LAB1", "year_to_date", "2022-02") == (2, "exact")
    assert [value(office, f"LAB{n}", "year", "2022") for n in (2, 3, 4)] == [
        (1, "exact"),
        (1, "exact"),
        (0, "exact"),
    ]
    assert value(office, "LAB2", "year_to_date", "2022-04") == (2, "exact")
    assert value(office, "LAB2", "year_to_date", "2022-05") == (1, "exact")


def test_of_two_spells_of_one_day_the_later_ledger_says_where(office: Any) -> None:
    """Whichever of the two came in first: not the order of arrival decides, but what was stated last."""
    for station, reported, town, province in (
        ("乙站", "2022-07-31", "郭城驿镇", "甘肃省"), ("甲站", "2022-06-30", "会师镇", "天津市"),
        ("丙站", "2022-05-31", "会师镇", "广东省"),
    ):  # fmt: skip
        spell = ["张三", person(1), town, province, f"{station}电子", "2022-02-01"]
        office.deliver(
            f"labour/{station}.csv", [["劳务输转台账", f"填报单位：{station}", f"填报日期：{reported}"], LEDGER, spell]
        )
    pipeline.build(office.settings)
    assert value(office, "LAB1", "month", "2022-02") == (1, "exact")
    assert [value(office, f"LAB{n}", "month", "2022-02") for n in (2, 3, 4)] == [(0, "exact"), (1, "exact"), (0, "exact")]


def test_a_month_has_its_first_and_its_last_day(office: Any) -> None:
    starts = ("2022-03-01", "2022-03-31", "2022-04-01", "2022-04-30", "2022-12-31")
    rows = [(n, "会师镇", "天津市", start) for n, start in enumerate(starts, start=1)]
    office.deliver("labour/甲站.csv", placements("2022-12-31", *rows))
    pipeline.build(office.settings)
    found = {month: value(office, "LAB1", "month", month) for month in ("2022-02", "2022-03", "2022-04", "2022-05", "2022-12")}
    assert {month: count for month, (count, _) in found.items()} == {
        "2022-02": 0, "2022-03": 2, "2022-04": 2, "2022-05": 0, "2022-12": 1,
    }  # fmt: skip
    assert value(office, "LAB1", "year", "2022") == (5, "exact")


def test_township_rows_go_when_nothing_is_left_in_them(office: Any) -> None:
    """A township has a row while it has something to count, and none after the correction."""
    office.deliver("labour/甲站_2022-05.csv", placements("2022-05-31", (1, "会师镇", "天津市", "2022-02-01")))
    pipeline.build(office.settings)
    towns = "select breakdown from mart.indicator_value where indicator_id = 'LAB2' and breakdown <> '' group by 1"
    [(before,)] = office.ask(towns)
    office.deliver(
        "labour/甲站_2022-06.csv", placements("2022-06-30", (1, "郭城驿镇", "天津市", "2022-02-01"))
    )
    pipeline.build(office.settings)
    [(after,)] = office.ask(towns)
    assert before != after
    assert value(office, "LAB2", "year", "2022", after) == (1, "exact")


def test_building_again_touches_nothing(office: Any) -> None:
    office.deliver("labour/甲站.csv", placements("2022-05-31", (1, "会师镇", "天津市", "2022-02-01")))
    assert pipeline.build(office.settings)["values"] > 0
    versions = "select xmin::text, ctid::text, v.indicator_id from mart.indicator_value as v order by 2"
    before = office.ask(versions)
    assert pipeline.build(office.settings) == {"periods": 0, "values": 0, "touched": [], "datasets": []}
    office.ask("insert into audit.touched_period (county_code, month) values ('620422', '2022-02-01')")
    assert pipeline.build(office.settings)["values"] == 0
    assert office.ask(versions) == before


def test_only_what_a_batch_touched_is_written(office: Any) -> None:
    """A spell of May changes May, the year to date from May on, and the year: no earlier figure."""
    first = (1, "会师镇", "天津市", "2022-02-01")
    office.deliver("labour/甲站_2022-12-30.csv", placements("2022-12-30", first))
    pipeline.build(office.settings)
    [(before,)] = office.ask("select pg_current_xact_id()::text::bigint")
    office.deliver(
        "labour/甲站_2022-12-31.csv", placements("2022-12-31", first, (2, "会师镇", "天津市", "2022-05-09"))
    )
    pipeline.build(office.settings)
    written = office.ask(
        "select distinct period_kind, period from mart.indicator_value"
        " where xmin::text::bigint >= %s and indicator_id = 'LAB1' and value > 0 order by 1, 2",
        before,
    )
    ytd = [("year_to_date", f"2022-{month:02d}") for month in range(5, 13)]
    assert set(written) - {("year_to_date", "2022-02"), ("month", "2022-02")} == {
        ("month", "2022-05"),
        ("year", "2022"),
        *ytd,
    }
    assert ("month", "2022-02") not in written  # restated, and the same
    assert ("year_to_date", "2022-04") not in written


def test_a_lower_bound_makes_the_sum_a_lower_bound(office: Any) -> None:
    """500余万元 is at least 5,000,000; every sum with it says so, the others do not."""
    office.deliver(
        "fund/下达_2022-12.csv",
        [ALLOCATIONS, ["甲1号", "2022-03-01", "2022", "500余万元"], ["甲2号", "2022-05-02", "2022", "100"]],
    )
    pipeline.build(office.settings)
    assert value(office, "FUN1", "month", "2022-03") == (5_000_000, "at_least")
    assert value(office, "FUN1", "month", "2022-05") == (1_000_000, "exact")
    assert value(office, "FUN1", "year_to_date", "2022-02") == (0, "exact")
    assert value(office, "FUN1", "year", "2022") == (6_000_000, "at_least")


def test_a_letter_of_another_year_counts_in_its_own(office: Any) -> None:
    """An allocation of 2022 dated December 2021 counts in January 2022, and moves when its date is corrected."""
    office.deliver("fund/下达_2022-06.csv", [ALLOCATIONS, ["甲1号", "2021-12-20", "2022", "100"]])
    pipeline.build(office.settings)
    assert value(office, "FUN1", "month", "2022-01") == (1_000_000, "exact")
    office.deliver("fund/下达_2022-07.csv", [ALLOCATIONS, ["甲1号", "2022-04-20", "2022", "100"]])
    pipeline.build(office.settings)
    assert value(office, "FUN1", "month", "2022-01") == (0, "exact")
    assert value(office, "FUN1", "month", "2022-04") == (1_000_000, "exact")


LETTERS = [ALLOCATIONS, ["甲1号", "2022-02-01", "2022", "100"], ["甲2号", "2022-06-02", "2022", "100"]]
FIRST = [PROJECTS, ["P1", "蔬菜大棚", "产业培育", "会师镇", "甲1号", "60"]]
SECOND = [PROJECTS, ["P2", "冷库", "消费协作", "会师镇", "甲2号", "40"]]
CORRECTED = [PROJECTS, ["P2", "冷库", "产业培育", "会师镇", "甲2号", "40"]]


def test_a_category_of_the_list_has_its_figures_where_projects_have_it(office: Any) -> None:
    """A county's own category is an indicator of its own, 0 in the other periods of its year."""
    office.deliver("fund/下达_2022-11.csv", LETTERS)
    office.deliver("fund/项目_2022-11.csv", [*FIRST, *SECOND[1:]])
    pipeline.build(office.settings)
    assert office.ask("select name_zh, unit from mart.indicator where indicator_id = 'FUN1.消费协作'") == [
        ("消费协作类", "元")  # as the list of categories names it
    ]
    assert value(office, "FUN1.消费协作", "month", "2022-06") == (400_000, "exact")
    assert value(office, "FUN1.消费协作", "month", "2022-02") == (0, "exact")
    assert value(office, "FUN1.消费协作", "year", "2022") == (400_000, "exact")
    assert value(office, "FUN1.industry", "year", "2022") == (600_000, "exact")


@pytest.fixture(scope="module")
def states() -> dict[str, str]:
    """Hold the digests that both ways of building must share."""
    return {}


@pytest.mark.parametrize("build_between", [False, True], ids=["build-last", "build-each"])
def test_an_unforeseen_category_leaves_the_same_figures_whenever_it_came(
    office: Any, states: dict[str, str], build_between: bool
) -> None:
    """Built in between or not, named and corrected away: the mart says what the ledger says now."""
    for place, rows in (("下达_2022-08", LETTERS), ("项目_2022-09", FIRST), ("项目_2022-10", SECOND)):
        office.deliver(f"fund/{place}.csv", rows)
        if build_between:
            pipeline.build(office.settings)
    pipeline.build(office.settings)
    found = digest(office.settings)
    assert found == states.setdefault("named", found)
    office.deliver("fund/项目_2022-11.csv", CORRECTED)
    pipeline.build(office.settings)
    assert value(office, "FUN1.消费协作", "year", "2022") is None


def test_a_project_moves_the_month_of_its_letter(office: Any) -> None:
    """A project counts with its letter, whichever of the two came first."""
    office.deliver("fund/项目_2022-11.csv", FIRST)
    pipeline.build(office.settings)
    assert value(office, "FUN2", "year", "2022") == (None, "not_reported")
    office.deliver("fund/下达_2022-11.csv", LETTERS)
    pipeline.build(office.settings)
    assert value(office, "FUN2", "month", "2022-02") == (1, "exact")
    assert value(office, "FUN1.industry", "year", "2022") == (600_000, "exact")


def _until_blocked(office: Any) -> None:
    """Wait until some backend waits for a lock of another."""
    for _ in range(600):
        if office.ask("select count(*) from pg_locks where not granted") != [(0,)]:
            return
        time.sleep(0.05)
    raise AssertionError("the build never came to wait")


def test_what_is_loaded_during_a_build_is_built_next(office: Any) -> None:
    """A delivery that commits while a build runs loses nothing: the next build finishes what it missed."""
    office.deliver("work/会议_2022-12.csv", [MEETINGS, ["2022-02-10", "政府常务会", "研究事项"]])
    built = threading.Thread(target=pipeline.build, args=(office.settings,))
    with access.connect(office.settings) as in_the_way:
        in_the_way.execute(
            "insert into mart.indicator_value values ('620422', 'month', '2022-01', 'ORG1', '', 0, '次', 'exact', '2022-01-31')"
        )
        built.start()  # it has put LAB1 when it comes to ORG1
        _until_blocked(office)
        office.deliver("labour/甲站.csv", placements("2022-06-30", (1, "会师镇", "天津市", "2022-03-01")))
        in_the_way.rollback()
    built.join()
    assert value(office, "ORG1", "month", "2022-02") == (1, "exact")
    assert pipeline.pending(office.settings) > 0
    pipeline.build(office.settings)
    assert value(office, "LAB1", "month", "2022-03") == (1, "exact")
    assert value(office, "LAB1", "month", "2022-02") == (0, "exact")
    assert value(office, "LAB1", "month", "2022-07") == (None, "not_reported")


def test_a_delivery_without_rows_during_a_build_is_reported_next(office: Any) -> None:
    """Also when all it says is that there was nothing: 0, not "not reported"."""
    office.deliver("labour/甲站.csv", placements("2022-06-30", (1, "会师镇", "天津市", "2022-03-01")))
    built = threading.Thread(target=pipeline.build, args=(office.settings,))
    with access.connect(office.settings) as in_the_way:
        in_the_way.execute(
            "insert into mart.indicator_value values ('620422', 'year', '2022', 'ORG1', '', 0, '次', 'exact', '2022-01-31')"
        )
        built.start()
        _until_blocked(office)
        office.deliver("fund/下达_2022-05.csv", [ALLOCATIONS, ["甲1号", "2021-03-20", "2021", "100"]])
        in_the_way.rollback()
    built.join()
    pipeline.build(office.settings)
    assert value(office, "FUN1", "month", "2022-02") == (0, "exact")
    assert value(office, "FUN1", "month", "2021-03") == (1_000_000, "at_least")


def test_a_build_that_dies_leaves_its_work_to_the_next(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The drained months come back with the transaction that drained them."""
    from xiezuo.build import build as building

    office.deliver("work/会议_2022-12.csv", [MEETINGS, ["2022-02-10", "政府常务会", "研究事项"]])
    waiting = pipeline.pending(office.settings)
    with monkeypatch.context() as patched:
        patched.setattr(building, "_put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pipeline.build(office.settings)
    assert pipeline.pending(office.settings) == waiting > 0
    assert pipeline.build(office.settings)["values"] > 0


def test_an_order_is_counted_from_the_first_of_its_feeds(office: Any) -> None:
    """The same seller and number in the platform's answer and the 832 export is one order."""
    from random import Random

    from xiezuo_sample.codes import credit_code

    shop = credit_code(Random(1))
    export = [
        "订单编号",
        "统一社会信用代码",
        "规格",
        "实付金额（元）",
        "退款金额（元）",
        "订单状态",
        "支付时间",
    ]
    rows = [
        ["A1", shop, "1kg", "100.00", "", "已完成", "2022-03-05 10:00:00"],
        ["A1", shop, "2kg", "50.00", "10.00", "已完成", "2022-03-05 10:00:00"],
        ["A2", shop, "1kg", "70.00", "", "已取消", ""],
        ["A3", shop, "1kg", "30.00", "", "已完成", "2022-03-31 23:59:59"],
    ]
    office.deliver("sales/832_2022-12.csv", [export, *rows])
    pipeline.build(office.settings)
    assert value(office, "CON1", "month", "2022-03") == (170, "exact")
    office.ask(
        "insert into core.sales_order (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash, batch_id,"
        " row_no, platform, shop_uscc, order_no, line_no, payment_yuan, status, paid_on)"
        " values ('620422', '', 'top', 1, now(), '', '', 'x', 1, 'taobao', %s, 'A1', 0, 150, 'paid', '2022-04-01')",
        shop,
    )
    office.ask(
        "insert into audit.touched_period (county_code, month) values ('620422', '2022-03-01'), ('620422', '2022-04-01')"
    )
    pipeline.build(office.settings)
    assert value(office, "CON1", "month", "2022-03") == (30, "exact")
    assert value(office, "CON1", "year", "2022") == (180, "exact")
