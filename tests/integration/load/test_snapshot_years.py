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
