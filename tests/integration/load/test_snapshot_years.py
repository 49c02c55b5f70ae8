"""What a snapshot withdraws: rows of its own year, and of a register what had not ended before it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo_sample.codes import identity_number

HEADER = ["姓名", "身份证号", "乡镇", "户类型", "务工所在省", "务工企业", "开始时间"]


def spell(serial: int, start: str) -> list[str]:
    return ["张三", identity_number(serial, date(1990, 1, 1 + serial)), "会师镇", "脱贫户", "天津市", "晨屿电子", start]


def station(reported: str, *rows: Sequence[str]) -> list[Sequence[str]]:
    return [["劳务输转台账"], ["填报单位：甲站", "", f"填报日期：{reported}"], HEADER, *rows]


def arrivals(names: Iterable[str]) -> list[Any]:
    """Return all orders in which files may arrive; one in ten is tried whenever the tests are, the others in the sweep."""
    orders = enumerate(itertools.permutations(names))
    return [pytest.param(order, marks=pytest.mark.sweep if number % 10 else []) for number, order in orders]


LEDGERS = {
    "甲站a.csv": station("2021-06-30", spell(1, "2021-03-01"), spell(2, "2021-04-01"), spell(3, "2021-05-01")),
    "甲站b.csv": station("2021-12-31", spell(1, "2021-03-01"), spell(4, "2021-11-01")),
    "甲站c.csv": station("2022-03-31", spell(4, "2021-11-01"), spell(5, "2022-02-01"), spell(6, "2022-02-01")),
    "甲站d.csv": station("2022-06-30", spell(6, "2022-02-01")),
}


@pytest.mark.parametrize("order", arrivals(LEDGERS))
def test_a_ledger_of_one_year_never_withdraws_another_year(office: Any, order: Sequence[str]) -> None:
    """2021 stays as its last ledger left it, 2022 as its own did, whatever came when."""
    for name in order:
        office.deliver(f"labour/{name}", LEDGERS[name])
    pipeline.build(office.settings)
    found = office.ask("select start_month::text from core.labour_placement order by 1")
    assert [start for (start,) in found] == ["2021-03-01", "2021-11-01", "2022-02-01"]
    values = office.ask(
        "select period, value::int from mart.indicator_value where indicator_id = 'LAB1' and period_kind = 'year'"
        " and breakdown = '' order by 1"
    )
    assert values == [("2021", 2), ("2022", 1)]


PAIRS = ["结对类型", "东部单位", "西部单位", "签订时间", "终止时间"]
FIRST = ["学校", "甲小学", "子小学", "2020-03-01", "2021-08-31"]
SECOND = ["学校", "乙小学", "丑小学", "2021-01-10", ""]
THIRD = ["学校", "丙小学", "寅小学", "2022-02-01", ""]


def register(reported: str, *rows: Sequence[str]) -> list[Sequence[str]]:
    return [["结对台账"], [f"填报日期：{reported}"], PAIRS, *rows]


REGISTERS = {
    "a.csv": register("2021-06-30", [*FIRST[:4], ""], SECOND),
    "b.csv": register("2021-12-31", FIRST, SECOND),
    "c.csv": register("2022-06-30", SECOND, THIRD),
    "d.csv": register("2022-12-20", THIRD),
}


@pytest.mark.parametrize("order", arrivals(REGISTERS))
def test_a_register_keeps_what_ended_before_its_year(office: Any, order: Sequence[str]) -> None:
    """A pair that ended in 2021 is history and stays; one that 2022's register no longer lists is gone."""
    for name in order:
        office.deliver(f"work/{name}", REGISTERS[name])
    pipeline.build(office.settings)
    found = office.ask("select east_norm, ended_on::text from core.work_pairing order by 1")
    assert found == [("丙小学", None), ("甲小学", "2021-08-31")]


def test_a_pair_signed_anew_is_counted_in_both_its_spans(office: Any) -> None:
    """Ended in March, signed again in June: not a pair in April and May, one otherwise."""
    rows = [[*FIRST[:3], "2020-03-01", "2022-03-31"], [*FIRST[:3], "2022-06-10", ""]]
    office.deliver("work/a.csv", register("2022-12-31", *rows))
    pipeline.build(office.settings)
    found = office.ask(
        "select value::int from mart.indicator_value where indicator_id = 'ORG3.school' and period_kind = 'month'"
        " and period like '2022-%%' order by period"
    )
    assert [value for (value,) in found] == [0 if month in {3, 4} else 1 for month in range(12)]


# --- what a snapshot said of other years goes with it ----------------------------------------------------------

OLD, NEW, ALSO_OLD = spell(1, "2021-11-01"), spell(5, "2022-02-01"), spell(2, "2021-12-01")
MISTYPED, CORRECTED = spell(7, "2021-07-10"), spell(7, "2022-07-10")

CORRECTIONS = {
    "甲站a.csv": station("2021-12-31", OLD),
    "甲站b.csv": station("2022-07-31", OLD, ALSO_OLD, NEW, MISTYPED),
    "甲站c.csv": station("2022-08-31", NEW, CORRECTED),
}


@pytest.mark.parametrize("order", list(itertools.permutations(CORRECTIONS)))
def test_a_corrected_year_leaves_nothing_behind(office: Any, order: Sequence[str]) -> None:
    """The mistyped start is gone from 2021; what 2021's own ledger says is there as that one says it."""
    for name in order:
        office.deliver(f"labour/{name}", CORRECTIONS[name])
        pipeline.build(office.settings)
    stored = (
        "select c.start_month::text, regexp_replace(l.details ->> 'place', '^.*/', '') from core.labour_placement as c"
        " inner join audit.batch as b using (county_code, batch_id)"
        " inner join audit.landing as l on l.county_code = b.county_code and l.sha256 = b.sha256 order by 1"
    )
    assert office.ask(stored) == [
        ("2021-11-01", "甲站a.csv"),
        ("2022-02-01", "甲站c.csv"),
        ("2022-07-01", "甲站c.csv"),
    ]
    value = (
        "select period, value::int, qualifier from mart.indicator_value where indicator_id = 'LAB1'"
        " and period_kind = 'year' and breakdown = '' order by 1"
    )
    assert office.ask(value) == [("2021", 1, "exact"), ("2022", 2, "exact")]


def test_what_a_corrected_ledger_withdraws_is_what_is_no_longer_there(office: Any) -> None:
    """Rows that another current ledger brings back are not counted as withdrawn."""
    for name in sorted(CORRECTIONS):
        office.deliver(f"labour/{name}", CORRECTIONS[name])
    assert office.ask("select rows_withdrawn from audit.batch order by version") == [(0,), (0,), (2,)]


WRONG_REGISTERS = {
    "a.csv": register("2022-03-31", SECOND, ["学校", "丁小学", "卯小学", "2011-03-01", "2011-08-31"]),
    "b.csv": register("2022-06-30", SECOND, ["学校", "丁小学", "卯小学", "2021-03-01", "2021-08-31"]),
}


@pytest.mark.parametrize("order", list(itertools.permutations(WRONG_REGISTERS)))
def test_a_corrected_register_leaves_no_history_behind(office: Any, order: Sequence[str]) -> None:
    for name in order:
        office.deliver(f"work/{name}", WRONG_REGISTERS[name])
    found = office.ask("select east_norm, signed_on::text from core.work_pairing order by 2")
    assert found == [("乙小学", "2021-01-10"), ("丁小学", "2021-03-01")]


# --- two ledgers of one unit and date ---------------------------------------------------------------------------

HALF, OTHER_HALF = [spell(n, "2022-02-01") for n in (1, 2, 3)], [spell(n, "2022-03-01") for n in (4, 5, 6)]
CHANGED = [*HALF[:2], [*HALF[2][:5], "另一家企业", HALF[2][6]]]


@pytest.mark.parametrize("second", [OTHER_HALF, [*HALF[1:], OTHER_HALF[0]], HALF[:2], CHANGED, []])
def test_two_ledgers_of_one_date_are_asked_about(office: Any, second: Sequence[Sequence[str]]) -> None:
    """Half of a ledger, a correction, an earlier draft: no date tells, so the one that stood stands and the other waits."""
    office.deliver("labour/甲站a.csv", station("2022-06-30", *HALF))
    before = office.ask("select * from core.labour_placement order by row_no")
    [batch] = office.deliver("labour/甲站b.csv", station("2022-06-30", *second))
    assert (batch["state"], batch["refusal_code"]) == ("gated", "SAME_DATE")
    assert "“甲站a.csv#甲站a”" in batch["refusal_zh"]
    assert office.ask("select * from core.labour_placement order by row_no") == before


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_a_ledger_that_grew_is_no_contradiction(office: Any, order: Sequence[str]) -> None:
    """Sent in June with three people, with six at the month's end: these six, whatever came when; so has a copy."""
    ledgers = {"a": HALF, "b": [*HALF, *OTHER_HALF], "c": [*HALF, *OTHER_HALF]}
    for name in order:
        office.deliver(f"labour/甲站{name}.csv", station("2022-06-30", *ledgers[name]))
    assert office.ask("select count(*) from core.labour_placement") == [(6,)]


@pytest.mark.parametrize("second", [CHANGED, HALF[1:], [*HALF[1:], OTHER_HALF[0]], [*HALF, OTHER_HALF[0]]])
def test_what_is_put_in_the_place_of_a_file_replaces_it(office: Any, second: Sequence[Sequence[str]]) -> None:
    """Corrected under its very name, without another date: no doubt which holds, whichever digest is higher."""
    office.deliver("labour/甲站.csv", station("2022-06-30", *HALF))
    [batch] = office.deliver("labour/甲站.csv", station("2022-06-30", *second))
    assert batch["state"] == "loaded"
    rows = office.ask("select batch_id from core.labour_placement")
    assert rows == [(batch["batch_id"],)] * len(second)
    office.deliver("labour/甲站.csv", station("2022-06-30", *HALF, *OTHER_HALF))
    assert office.ask("select count(*) from core.labour_placement") == [(6,)]


@pytest.mark.parametrize("amounts", [("100", "250"), ("250", "100")])
def test_a_letter_corrected_in_its_place_holds(office: Any, amounts: Sequence[str]) -> None:
    for amount in amounts:
        rows = [["单位：万元"], ["资金文号", "下达日期", "年度", "下达资金"], ["甲1号", "2022-03-01", "2022", amount]]
        [batch] = office.deliver("fund/下达.csv", rows)
        assert batch["state"] == "loaded"
    assert office.ask("select amount_yuan::int from core.fund_allocation") == [(int(amounts[-1]) * 10_000,)]


def test_payments_of_one_date_that_differ_are_asked_about(office: Any) -> None:
    """An amount was changed and the ledger's date was not: neither wins by chance."""
    header = [["单位：万元"], ["资金文号", "下达日期", "年度", "下达资金"]]
    first = [*header, ["甲1号", "2022-03-01", "2022", "100"], ["甲2号", "2022-03-02", "2022", "200"]]
    office.deliver("fund/下达_2022-03.csv", first)
    [batch] = office.deliver("fund/下达_2022-03改.csv", [*first[:-1], ["甲2号", "2022-03-02", "2022", "250"]])
    assert (batch["state"], batch["refusal_code"]) == ("gated", "SAME_DATE")
    assert "下达_2022-03.csv" in batch["refusal_zh"]
    assert office.ask("select sum(amount_yuan)::int from core.fund_allocation") == [(3_000_000,)]
