"""Who may take which step: every account at every step, after every way in which the steps before were taken."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.data.report_contents import month_content
from xiezuo.base.settings import Settings
from xiezuo.declared.people import MACHINE, STEPS, People, Person, Role, Step
from xiezuo.publish.release.records import Draft, signatures_of
from xiezuo.publish.release.request import question
from xiezuo.publish.release.signing import (
    Answer,
    missing,
    next_step,
    refusal,
    signatures_text,
    signed,
    who_may,
)

COUNTY, NOW = "530999", datetime(2023, 10, 12, 8, 30, tzinfo=UTC)
ROLES: tuple[Role, ...] = ("clerk", "head", "leader", "ops", "viewer")
EVERYBODY = tuple(Person(account=f"{role}{n}", name=f"{name}{part}", role=role)
                  for role, name in zip(ROLES, "赵钱孙李周", strict=True) for n, part in ((1, "一"), (2, "二")))  # fmt: skip
PEOPLE = People(people=EVERYBODY)


def answer(step: int, person: Person, *, refused: str = "", accepts: bool = True) -> Answer:
    return Answer(step, accepts, person.account, person.name, person.role, refused, "", NOW)


def of(account: str, people: People = PEOPLE) -> Person:
    found = people.of(account)
    assert found is not None
    return found


@pytest.mark.parametrize(("person", "step"), list(product(EVERYBODY, STEPS)), ids=str)
def test_a_step_is_taken_by_its_role_and_by_no_other(person: Person, step: Step) -> None:
    assert (refusal(PEOPLE, person.account, step, COUNTY, []) == "") == (person.role == step.role)


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in (1, 2) for b in (2, 3) if a < b])
def test_who_took_a_step_takes_no_later_one_whatever_the_role_is_by_then(first: int, second: int) -> None:
    """The entry was changed between the two: another role, another account with the same name, blanks in the name."""
    before, later = STEPS[first - 1], STEPS[second - 1]
    took = answer(first, Person(account="wangwei", name="王伟", role=before.role))
    for account, name in (("wangwei", "王伟"), ("wangwei", "王大伟"), ("wangwei2", "王伟"), ("wangwei2", "王 伟")):
        people = People(people=(Person(account=account, name=name, role=later.role),))
        said = refusal(people, account, later, COUNTY, [took])
        assert "三个不同的人" in said
        assert said.endswith(f"本步须由{people.people[0].role_zh}{later.act}")
    other = People(people=(Person(account="liqiang", name="李强", role=later.role),))
    assert refusal(other, "liqiang", later, COUNTY, [took]) == ""


@pytest.mark.parametrize(("account", "words"), [("", "没有署名"), (" ", "没有署名"), (MACHINE, "不代表任何人"), ("nobody", "没有登记")])
def test_an_account_that_is_nobody_signs_nothing(account: str, words: str) -> None:
    for step in STEPS:
        assert words in refusal(PEOPLE, account, step, COUNTY, [])


def test_a_person_signs_for_his_counties_only() -> None:
    people = People(people=(Person(account="wangwei", name="王伟", role="clerk", counties=["620422"]),))
    assert refusal(people, "wangwei", STEPS[0], "620422", []) == ""
    assert "没有登记负责本县" in refusal(people, "wangwei", STEPS[0], COUNTY, [])
    assert missing(people, "620422") == ["办公室负责人", "分管领导"]
    assert missing(people, COUNTY) == ["经办人", "办公室负责人", "分管领导"]


def test_only_answers_that_count_and_accept_take_a_step() -> None:
    clerk, head, leader = (of(name) for name in ("clerk1", "head1", "leader1"))
    assert next_step([]) is STEPS[0]
    refused = answer(1, head, refused="角色不符")
    assert next_step([refused]) is STEPS[0]
    assert next_step([refused, answer(1, clerk)]) is STEPS[1]
    assert next_step([answer(1, clerk), answer(2, head, accepts=False)]) is STEPS[1]
    assert next_step([answer(1, clerk), answer(2, head), answer(3, leader)]) is None


def test_a_step_waits_for_those_who_may_take_it() -> None:
    assert [one.account for one in who_may(PEOPLE, STEPS[0], COUNTY, [])] == ["clerk1", "clerk2"]
    promoted = People(people=(Person(account="clerk1", name="赵一", role="head"), of("head2")))
    assert [one.account for one in who_may(promoted, STEPS[1], COUNTY, [answer(1, of("clerk1"))])] == ["head2"]


def test_signatures_are_read_back_as_they_were_written() -> None:
    three = [answer(step, of(f"{role}1")) for step, role in enumerate(("clerk", "head", "leader"), start=1)]
    text = signatures_text(signed(reversed(three)))
    assert [(one.act_zh, one.name, one.role_zh) for one in signatures_of(text)] == [
        ("送审", "赵一", "经办人"), ("审核", "钱一", "办公室负责人"), ("审定", "孙一", "分管领导"),
    ]  # fmt: skip
    assert signatures_of(text)[0].zh == "经办人 赵一，2023-10-12 16:30"
    assert signatures_of("") == ()


def asked(answers: list[Answer], people: People = PEOPLE) -> dict[str, Any]:
    said = month_content()
    settings = Settings.from_env({"XIEZUO_OUT": str(Path("/somewhere/out"))})
    draft = Draft(said.county.code, said.period, 2, said.digest, said.to_json(), NOW)
    return question(settings, draft, answers, people)


def test_a_request_names_its_step_whom_it_waits_for_and_who_signed_before() -> None:
    first = asked([])
    assert (first["step"], "第 1 步 经办人送审" in first["subject"]) == (1, True)
    assert "请 赵一、赵二 答复" in first["body"]
    second = asked([answer(1, of("clerk1")), answer(2, of("clerk1"), refused="赵一已对本稿送审")])
    assert "请 钱一、钱二 答复" in second["body"]
    assert "- 送审：经办人 赵一，2023-10-12 16:30" in second["body"]
    assert second["body"].startswith("**上一次答复未予接受**：赵一已对本稿送审")


def test_a_request_says_which_roles_nobody_has() -> None:
    body = asked([], People())["body"]
    assert "没有可以办理的人" in body
    assert "尚未登记：经办人、办公室负责人、分管领导" in body
