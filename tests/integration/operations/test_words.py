"""Words that nobody knew: rows wait, the office decides once, and what waited is counted without a new file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.cli import main
from xiezuo.declared.words import Decision
from xiezuo.load import landings
from xiezuo.operations.words import Outcome, decide, listed, proposed
from xiezuo.warehouse.digest import digest
from xiezuo_sample.codes import identity_number

COUNTY = "620422"
BODY = "work_meeting.body"
MEETINGS = ["会议时间", "会议类型", "议题"]
PEOPLE = ["姓名", "身份证号", "乡镇", "户类型", "务工省份", "务工地点", "务工企业", "开始时间"]
PROJECTS = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（元）"]


def meetings(*rows: Sequence[Any], on: str = "2022-12-30") -> list[Sequence[Any]]:
    return [["会议台账", f"填报日期：{on}"], MEETINGS, *rows]


def people(*kinds: str, on: str = "2022-12-30") -> list[Sequence[Any]]:
    """Return a ledger of one person of each kind of household."""
    names = "甲乙丙丁戊己庚辛壬癸"
    rows = [
        [f"张{names[n]}", identity_number(400 + n, date(1990, 1, 1)), "会师镇", kind, "天津市", "和平区", "晨屿电子", "2022-03"]
        for n, kind in enumerate(kinds)
    ]
    return [[f"会师镇劳务输转台账（填报日期：{on}）"], PEOPLE, *rows]


def word(text: str, value: str | None, field: str = BODY, **more: Any) -> Decision:
    state = "rejected" if value is None else "accepted"
    given = {"valid_from": None, "valid_to": None, "reason_zh": "不是正式会议", "decided_by": "王主任"} | more
    return Decision(field, text, state, value, **given)  # type: ignore[arg-type]


def figure(office: Any, indicator_id: str, county: str = COUNTY) -> int:
    pipeline.build(office.settings)
    [(value,)] = office.ask(
        "select value from mart.indicator_value where county_code = %s and indicator_id = %s and period = '2022'"
        " and period_kind = 'year' and breakdown = ''", county, indicator_id,
    )  # fmt: skip
    return int(value)


def waiting(office: Any) -> list[tuple[Any, ...]]:
    return list(office.ask("select row_no, column_name, rule_id from audit.quarantine where state = 'open' order by 1, 2"))


def held(office: Any) -> None:
    """Fill an office with two ledgers of meetings, one of which holds a word that nobody knows."""
    office.deliver("work/会议_2022-11.csv", meetings(["2022-03-01", "政府常务会", "研究协作"], on="2022-11-30"))
    office.deliver(
        "work/会议_2022-12.csv",
        meetings(["2022-03-01", "政府常务会", "研究协作"], ["2022-05-10", "四套班子碰头会", "研究项目"], ["2022-06-01", "领导小组会议", "听取汇报"]),
    )
    pipeline.build(office.settings)


@pytest.fixture
def office_held(filled_once: Callable[..., Any], tmp_path: Path) -> Any:
    return filled_once(held, tmp_path)


def test_an_unknown_word_waits_is_proposed_accepted_and_taken_back(office_held: Any) -> None:
    office = office_held
    before = digest(office.settings)
    assert waiting(office) == [(4, "会议类型", "ENUM_UNKNOWN")]
    assert figure(office, "ORG1") == 2
    [one] = proposed(office.settings)
    assert (one.field, one.word, one.rows, one.deliveries) == (BODY, "四套班子碰头会", 1, 1)
    assert "会议_2022-12.csv" in one.place
    assert {"ORG1", "ORG1.government"} <= set(one.figures)
    assert one.similar[0]["word"] == "碰头会"
    assert one.values["standing_committee"] == "县委常委会"

    assert decide(office.settings, word("四套班子碰头会", "other"), [COUNTY]) == [Outcome(COUNTY, True, 1, 1, 0)]
    assert figure(office, "ORG1") == 3
    assert waiting(office) == []
    assert proposed(office.settings) == []
    assert decide(office.settings, word("四套班子碰头会", "other"), [COUNTY]) == [Outcome(COUNTY, False)]

    assert decide(office.settings, word("四套班子碰头会", None), [COUNTY]) == [Outcome(COUNTY, True, 2, 0, 1)]
    assert waiting(office) == [(4, "会议类型", "WORD_REJECTED")]
    [(reason,)] = office.ask("select reason_zh from audit.quarantine where state = 'open'")
    assert "不是正式会议" in reason
    assert figure(office, "ORG1") == 2
    assert digest(office.settings) == before
    own = [line for line in listed(office.settings, COUNTY, BODY) if line["origin"] == "county"]
    assert [(line["state"], line["rows_waiting"]) for line in own] == [("accepted", 1), ("rejected", 0)]


def test_it_is_as_if_the_word_had_been_known_before(office_held: Any, fresh: Callable[..., Any], tmp_path: Path) -> None:
    """Accepting before and after the deliveries came ends in the same warehouse, row for row."""
    decide(office_held.settings, word("四套班子碰头会", "joint"), [COUNTY])
    pipeline.build(office_held.settings)
    after = digest(office_held.settings)
    office = replace(office_held, settings=fresh(tmp_path / "other"))
    decide(office.settings, word("四套班子碰头会", "joint"), [COUNTY])
    held(office)
    assert digest(office.settings) == after


KILLED = """
import os, sys
from xiezuo.base.settings import Settings
from xiezuo.declared.words import Decision
from xiezuo.load import reread
from xiezuo.operations.words import decide

load = reread.Taker.load
def killed(self, connection, taken, **said):
    load(self, connection, taken, **said)
    os._exit(9)
reread.Taker.load = killed
decide(Settings.from_env(), Decision("work_meeting.body", "四套班子碰头会", "accepted", "other", None, None, "不是正式会议", "王主任"), ["620422"])
"""


def test_a_kill_while_deliveries_are_read_again_leaves_all_as_it_was(office_held: Any) -> None:
    office = office_held
    before = digest(office.settings)
    environ = {k: v for k, v in office.settings.environ.items() if k.startswith("XIEZUO_")}
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environ, check=False, capture_output=True)
    assert killed.returncode == 9, killed.stderr
    assert digest(office.settings) == before
    assert waiting(office) == [(4, "会议类型", "ENUM_UNKNOWN")]
    assert office.ask("select count(*) from audit.word") == [(0,)]
    assert decide(office.settings, word("四套班子碰头会", "other"), [COUNTY])[0].is_new
    assert figure(office, "ORG1") == 3


def test_a_county_s_own_word_is_its_own(settings: Any, neighbours: Callable[..., Any]) -> None:
    here, there = neighbours(settings, ["530101", "530102"])
    for office in (here, there):
        office.drop("work/会议.csv", meetings(["2022-05-10", "四套班子碰头会", "研究项目"]))
    here.take("work")
    decide(here.settings, word("四套班子碰头会", "other"), ["530101"])
    assert figure(here, "ORG1", "530101") == 1
    assert there.ask("select county_code from core.work_meeting") == [("530101",)]
    [one] = proposed(there.settings)
    assert (one.county_code, one.rows) == ("530102", 1)
    assert [line for line in listed(there.settings, "530102", BODY) if line["word"] == "四套班子碰头会"] == []
    there.drop("work/会议二.csv", meetings(["2022-05-11", "四套班子碰头会", "再研究"], on="2022-12-31"))
    there.take("work")
    assert proposed(there.settings, ["530102"])[0].rows == 2
    done = decide(here.settings, word("四套班子碰头会", "other"), ["530101", "530102"])
    assert [one.is_new for one in done] == [False, True]
    assert proposed(there.settings) == []


def test_a_category_of_one_county_is_offered_and_taken_nowhere_else(settings: Any, neighbours: Callable[..., Any]) -> None:
    """A county that has none of Huining's own sees none of them; a new one of its own it may have, and what all have."""
    [there] = neighbours(settings, ["530101"])
    there.deliver(
        "fund/项目_2022-12.csv", [PROJECTS, ["P1", "工坊", "特色苦荞工坊", "甲1号", "600000"], ["P2", "冷库", "冷库群", "甲1号", "400000"]]
    )
    for one in proposed(there.settings):
        assert {"school", "clinic", "street", "lighting"}.isdisjoint(one.values)
        assert {"industry", "村卫生室建设"} <= set(one.values)
    reasons = [reason for (reason,) in there.ask("select reason_zh from audit.quarantine")]
    assert len(reasons) == 2
    assert all("村卫生室建设" in reason and "村级卫生室金保专网" not in reason for reason in reasons)
    with pytest.raises(ConfigError, match="clinic is no value") as refused:
        decide(there.settings, word("特色苦荞工坊", "clinic", "fund_project.category"), ["530101"])
    assert "村级卫生室金保专网" not in refused.value.zh
    assert there.ask("select count(*) from audit.word") == [(0,)]
    decide(there.settings, word("特色苦荞工坊", "特色苦荞工坊", "fund_project.category"), ["530101"])
    decide(there.settings, word("冷库群", "industry", "fund_project.category"), ["530101"])
    assert there.ask("select category from core.fund_project order by project_no") == [("特色苦荞工坊",), ("industry",)]


def test_a_delivery_on_its_way_while_the_office_decides_is_read_once_more(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read before the word was known, and is loaded after."""
    office.drop("work/会议.csv", meetings(["2022-05-10", "四套班子碰头会", "研究项目"]))
    judge = landings.judge_all
    decided: list[Outcome] = []

    def judged(root: Path, taken: Any) -> None:
        judge(root, taken)
        if not decided:
            decided.extend(decide(office.settings, word("四套班子碰头会", "other"), [COUNTY]))

    monkeypatch.setattr(landings, "judge_all", judged)
    [batch] = office.take("work")
    assert decided == [Outcome(COUNTY, True, 0, 0, 0)]
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (1, 0)


def test_what_a_rejected_category_had_replaced_comes_back(office: Any) -> None:
    """An increment: the older statement of a project holds again when the newer one waits."""
    letter = [["文号", "下达日期", "年度", "下达资金（元）"], ["津财农〔2022〕1号", "2022-01-05", "2022", "900000"]]
    office.deliver("fund/资金下达.csv", [["资金下达", "填报日期：2022-01-31"], *letter])

    def project(category: str) -> list[Any]:
        return ["P1", "大棚", category, "津财农〔2022〕1号", "900000"]

    office.deliver("fund/项目_10月.csv", [["项目台账", "填报日期：2022-10-31"], PROJECTS, project("产业培育")])
    first = figure(office, "FUN1.industry")
    office.deliver("fund/项目_11月.csv", [["项目台账", "填报日期：2022-11-30"], PROJECTS, project("数字乡村")])
    assert (first, figure(office, "FUN1.industry")) == (900_000, 900_000)
    assert [one.word for one in proposed(office.settings)] == ["数字乡村"]
    before = digest(office.settings)
    own = word("数字乡村", "数字乡村", "fund_project.category")
    decide(office.settings, own, [COUNTY])
    assert (figure(office, "FUN1.industry"), figure(office, "FUN1.数字乡村"), figure(office, "FUN2")) == (0, 900_000, 1)
    decide(office.settings, word("数字乡村", None, "fund_project.category"), [COUNTY])
    assert (figure(office, "FUN1.industry"), figure(office, "FUN2")) == (900_000, 1)
    assert office.ask("select category, batch_id is not null from core.fund_project") == [("industry", True)]
    assert office.ask("select category from audit.category_told") == [("industry",)]
    assert digest(office.settings) == before


def test_one_decision_serves_every_ledger_that_shares_the_words(office: Any) -> None:
    office.deliver("labour/会师镇劳务输转台账.csv", people("脱贫户", "脱困户"))
    assert figure(office, "LAB1") == 1
    decide(office.settings, word("脱困户", "lifted", "labour_training_roster.household_type"), [COUNTY])
    assert (figure(office, "LAB1"), figure(office, "LAB1.lifted")) == (2, 2)


def test_many_rows_of_an_unknown_kind_wait_one_by_one(office: Any) -> None:
    """A whole ledger in the county's own words is not refused as one that cannot be read."""
    rows = [[f"2022-03-{day:02}", "四套班子碰头会", f"事项{day}"] for day in range(1, 26)]
    [batch] = office.deliver("work/会议.csv", meetings(*rows))
    assert (batch["state"], batch.get("refusal_zh"), batch.get("rows_quarantined")) == ("loaded", None, 25)
    decide(office.settings, word("四套班子碰头会", "other"), [COUNTY])
    assert figure(office, "ORG1") == 25


def test_a_word_may_hold_on_some_days_only(office: Any) -> None:
    office.deliver("work/会议.csv", meetings(["2022-05-10", "四套班子碰头会", "研究项目"], ["2022-08-10", "四套班子碰头会", "研究资金"]))
    decide(office.settings, word("四套班子碰头会", "joint", valid_to=date(2022, 6, 30)), [COUNTY])
    assert waiting(office) == [(4, "会议类型", "ENUM_UNKNOWN")]
    with pytest.raises(ConfigError, match="stands for joint"):
        decide(office.settings, word("四套班子碰头会", "other", valid_from=date(2022, 6, 30)), [COUNTY])
    decide(office.settings, word("四套班子碰头会", "other", valid_from=date(2022, 7, 1)), [COUNTY])
    assert office.ask("select body from core.work_meeting order by met_on") == [("joint",), ("other",)]


def test_the_name_of_a_township_is_decided_on_like_a_word(office: Any) -> None:
    ledger = people("脱贫户")
    ledger[2][2] = "城关新区"
    office.deliver("labour/会师镇劳务输转台账.csv", ledger)
    [one] = proposed(office.settings)
    assert (one.field, one.word) == ("division", "城关新区")
    assert "LAB1" in one.figures
    [(code,)] = office.ask("select division_code from core.division where division_name = '会师镇' and county_code = %s", COUNTY)
    with pytest.raises(ConfigError, match="no township or village"):
        decide(office.settings, word("城关新区", "999999999", "division"), [COUNTY])
    decide(office.settings, word("城关新区", code.strip(), "labour_placement.town"), [COUNTY])
    assert figure(office, "LAB1") == 1
    assert office.ask("select town from core.labour_placement") == [(code.strip(),)]
    decide(office.settings, word("城关新区", None, "division"), [COUNTY])
    assert figure(office, "LAB1") == 0
    assert [rule for *_, rule in waiting(office)] == ["WORD_REJECTED"]


def test_what_was_explained_stays_explained(office_held: Any) -> None:
    office = office_held
    office.deliver("work/互访.csv", [["互访台账"], ["方向", "开始日期"], ["来访", "2022-13-01"]])
    office.deliver("work/会议三.csv", meetings(["2022-05-10", "四套班子碰头会", "研究项目"], ["2022-13-01", "政府常务会", "研究资金"], on="2022-12-31"))
    [(number,)] = office.ask(
        "select quarantine_id from audit.quarantine where rule_id like 'DATE%%' and column_name = '会议时间'"
    )
    office.ask("update audit.quarantine set state = 'explained', explanation_zh = '已知' where quarantine_id = %s", number)
    decide(office.settings, word("四套班子碰头会", "other"), [COUNTY])
    found = office.ask("select state, explanation_zh from audit.quarantine where quarantine_id = %s", number)
    assert found == [("explained", "已知")]


def test_decisions_are_added_and_never_changed(office_held: Any) -> None:
    decide(office_held.settings, word("四套班子碰头会", "other"), [COUNTY])
    for change in ("update audit.word set value = 'joint'", "delete from audit.word"):
        with pytest.raises(Exception, match="permission denied"):
            office_held.ask(change, role="loader")


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (word("四套班子碰头会", "committee"), "没有“committee”这个取值"),
        (word("县委常委会", "government"), "已登记为 standing_committee"),
        (word("四套班子碰头会", "other", field="work_meeting.chair"), "没有“work_meeting.chair”这一登记簿"),
        (word("四套班子碰头会", "other", decided_by=" "), "决定人"),
    ],
)
def test_what_cannot_be_decided_says_why(office_held: Any, decision: Decision, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        decide(office_held.settings, decision, [COUNTY])
    assert said in refused.value.zh


def test_the_commands_answer_in_json(
    office_held: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in office_held.settings.environ.items():
        monkeypatch.setenv(name, value)
    accept = ["words", "accept", BODY, "四套班子碰头会", "other", "--by", "王主任", "--json"]

    def said(*arguments: str) -> dict[str, Any]:
        assert main(arguments) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    assert said("words", "propose", "--json")["proposals"][0]["word"] == "四套班子碰头会"
    assert said(*accept)["decided"][0]["rows_waiting_after"] == 0
    assert said("words", "propose", "--json") == {"proposals": []}
    lines = said("words", "list", BODY, "--county", COUNTY, "--json")["words"]
    assert {"政府常务会", "四套班子碰头会"} <= {line["word"] for line in lines}
    assert main(["words", "reject", BODY, "四套班子碰头会", "--by", "王主任"]) == 2
    assert main(["words", "accept", BODY, "四套班子碰头会", "committee", "--by", "王主任"]) == 2


