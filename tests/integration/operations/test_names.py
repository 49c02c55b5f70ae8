"""Names of firms and projects: what the office says is one, is counted and joined as one; nothing is by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.declared.words import Decision
from xiezuo.operations.words import decide, proposed
from xiezuo.warehouse.digest import digest

COUNTY = "620422"
FIRMS = ["企业名称", "落地时间", "到位投资（万元）"]
LETTERS = ["文号", "下达日期", "年度", "下达资金（万元）"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"]
PAYMENTS = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额（元）"]


def firms(reported: str, *rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [["引导落地企业台账", f"填报日期：{reported}"], FIRMS, *rows]


def name(register: str, word: str, value: str | None) -> Decision:
    state = "rejected" if value is None else "accepted"
    return Decision(register, word, state, value, None, None, reason_zh="不是登记名称", decided_by="王主任")  # type: ignore[arg-type]


def landed(office: Any) -> int:
    pipeline.build(office.settings)
    [(value,)] = office.ask(
        "select value::int from mart.indicator_value where indicator_id = 'IND2' and period_kind = 'year'"
        " and period = '2022' and breakdown = ''"
    )
    return int(value)


@pytest.fixture
def renamed(office: Any) -> Any:
    """Return an office with a firm that its second statement calls by a shorter name."""
    office.deliver("work/企业_6月.csv", firms("2022-06-30", ["天津晨屿电子有限公司", "2022-03-01", 100]))
    office.deliver("work/企业_9月.csv", firms("2022-09-30", ["晨屿电子", "2022-03-01", 300], ["滨河食品", "2022-05-01", 50]))
    return office


def test_two_names_of_one_firm_are_one_from_the_decision_on_and_two_when_it_is_taken_back(renamed: Any) -> None:
    assert landed(renamed) == 3
    before = digest(renamed.settings)
    [told] = [one for one in proposed(renamed.settings) if one.field == "firm"]
    assert (told.word, told.rows, told.similar[0]["word"]) == ("晨屿电子", 1, "天津晨屿电子有限公司")
    assert "IND2" in told.figures
    [done] = decide(renamed.settings, name("firm", "晨屿电子", "天津晨屿电子有限公司"), [COUNTY])
    assert done.is_new
    assert landed(renamed) == 2
    assert [one for one in proposed(renamed.settings) if one.field == "firm"] == []
    renamed.deliver("work/企业_12月.csv", firms("2022-12-20", ["晨 屿电子", "2022-03-01", 400]))
    assert landed(renamed) == 2
    [back] = decide(renamed.settings, name("firm", "晨屿电子", "晨屿电子"), [COUNTY])
    assert back.is_new
    assert landed(renamed) == 3
    assert before != digest(renamed.settings)


def test_a_rejected_name_waits(renamed: Any) -> None:
    decide(renamed.settings, name("firm", "晨屿电子", None), [COUNTY])
    assert landed(renamed) == 2
    assert renamed.ask("select rule_id, column_name from audit.quarantine where state = 'open'") == [("WORD_REJECTED", "企业名称")]


def test_a_payment_finds_its_project_by_the_number_it_had_before(office: Any) -> None:
    office.deliver("fund/下达_2022-12-01.csv", [LETTERS, ["甲财农〔2022〕7号", "2022-03-10", "2022", 300]])
    office.deliver("fund/项目_2022-12-01.csv", [PROJECTS, ["HN2022007", "养牛", "产业培育", "甲财农〔2022〕7号", 100]])
    office.deliver("fund/支付_2022-12-01.csv", [PAYMENTS, ["Z-1", "HN-2022-007", "2022-04-01", "甲公司", "5000"]])
    joined = "select count(*)::int from core.fund_payment as p inner join core.fund_project as o using (county_code, project_no)"
    assert office.ask(joined) == [(0,)]
    [told] = [one for one in proposed(office.settings) if one.field == "project"]
    assert {told.word, told.similar[0]["word"]} == {"HN2022007", "HN-2022-007"}
    decide(office.settings, name("project", "HN-2022-007", "HN2022007"), [COUNTY])
    assert office.ask(joined) == [(1,)]


@pytest.mark.parametrize(("word", "value", "said"), [("乙", "甲", "本身已登记"), ("丙公司", "丁", "请先改登记"), ("丁", " ", "请写明")])
def test_names_that_would_go_in_a_circle_are_refused(office: Any, word: str, value: str, said: str) -> None:
    decide(office.settings, name("firm", "甲", "丙公司"), [COUNTY])
    with pytest.raises(ConfigError) as refused:
        decide(office.settings, name("firm", word, value), [COUNTY])
    assert said in refused.value.zh
