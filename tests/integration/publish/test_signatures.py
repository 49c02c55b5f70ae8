"""Three people sign a period in the warehouse: no other way leads to a release, and every answer is on record."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_httpserver import HTTPServer

from tests.data.report_contents import edited
from tests.data.signers import CLERK, HEAD, LEADER, NAMES, name_people, signed_by_all
from xiezuo import cli, pipeline
from xiezuo.base.secrets import Secrets
from xiezuo.declared.people import MACHINE, Person, people_file
from xiezuo.operations import accounts
from xiezuo.operations.alerts import VARIABLE
from xiezuo.operations.troubles import report
from xiezuo.publish.release import chain, closing, files
from xiezuo.publish.release.records import Draft, releases
from xiezuo.values import identity
from xiezuo.warehouse import access
from xiezuo.warehouse.embedded.server import EmbeddedServer

COUNTY = "620422"
RECORD = "select step, account, name, accepts, refused_zh = '' from publish.signature order by answer_no"


def fill(office: Any) -> None:
    """Take in three people in jobs, and build their January."""
    bodies = [f"99000019850{n}1{n}00{n}" for n in (1, 2, 3)]
    rows = [["张三", body + identity.check_digit(body), "会师镇", "天津市", "晨屿电子", "2022-01-10"] for body in bodies]
    header = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
    office.deliver("labour/甲站_2022-01.csv", [["劳务输转台账", "填报单位：甲站", "填报日期：2022-01-31"], header, *rows])
    pipeline.build(office.settings)


@pytest.fixture
def january(filled_once: Callable[..., Any], tmp_path: Path) -> Any:
    """Return an office whose January is built, and three people who may sign it."""
    office = filled_once(fill, tmp_path)
    forget_people(office)
    name_people(office.settings)
    return office


def forget_people(office: Any) -> None:
    """Begin with nobody named: tests of one process share a home."""
    shutil.rmtree(people_file(office.settings).parent, ignore_errors=True)


def drafted(office: Any, period: str = "2022-01") -> Draft:
    made = closing.draft(office.settings, COUNTY, period)
    assert made is not None
    return made


def given(office: Any, draft: Draft, step: int, account: str) -> str:
    return closing.answer(office.settings, draft, step, account, accepts=True).decision


RIGHT = (CLERK, HEAD, LEADER)
EVERY_WAY = list(product((*RIGHT, MACHINE), repeat=3))
SOME_WAYS = [*permutations(RIGHT), *(3 * (account,) for account in RIGHT)]


@pytest.mark.parametrize("ways", [SOME_WAYS, pytest.param(EVERY_WAY, marks=pytest.mark.sweep)], ids=len)
def test_no_other_way_of_answering_leads_to_a_release(january: Any, ways: list[tuple[str, ...]]) -> None:
    """Of all ways in which accounts answer three steps only the one in which each does his own is frozen."""
    for way in sorted(ways, key=lambda way: way == RIGHT):
        draft = drafted(january)
        decisions = [given(january, draft, step, account) for step, account in enumerate(way, start=1)]
        closed = january.ask("select count(*) from publish.release")[0][0]
        if way == RIGHT:
            assert (decisions, closed) == (["signed", "signed", "approved"], 1)
            return
        assert ("approved" in decisions, closed) == (False, 0), way
        # Sent back, so that the next way begins with a draft of its own.
        ends = [closing.answer(january.settings, draft, step, account, accepts=False, reason="另做").decision
                for step, account in enumerate(RIGHT, start=1)]  # fmt: skip
        assert "rejected" in ends


def test_the_drafters_own_approval_is_refused_recorded_and_asked_again(january: Any) -> None:
    draft = drafted(january)
    assert given(january, draft, 1, CLERK) == "signed"
    refused = closing.answer(january.settings, draft, 2, CLERK, accepts=True)
    assert (refused.decision, refused.release) == ("refused", None)
    assert refused.said == "张送审已对本稿送审，不能再审核：送审、审核、审定须由三个不同的人办理；本步须由办公室负责人审核"
    assert given(january, draft, 2, HEAD) == "signed"
    assert given(january, draft, 3, HEAD) == "refused"
    assert given(january, draft, 3, LEADER) == "approved"
    assert january.ask(RECORD) == [
        (1, CLERK, "张送审", True, True), (2, CLERK, "张送审", True, False), (2, HEAD, "李审核", True, True),
        (3, HEAD, "李审核", True, False), (3, LEADER, "王审定", True, True),
    ]  # fmt: skip


def test_an_answer_given_twice_counts_once_and_a_step_that_was_taken_is_not_taken_again(january: Any) -> None:
    draft = drafted(january)
    assert given(january, draft, 2, HEAD) == "refused"
    assert [given(january, draft, 1, CLERK), given(january, draft, 1, CLERK)] == ["signed", "signed"]
    accounts.add(january.settings, Person(account="banshi2", name="赵另办", role="clerk"))
    assert given(january, draft, 1, "banshi2") == "overtaken"
    assert closing.answer(january.settings, draft, 1, CLERK, accepts=False, reason="撤回").decision == "overtaken"
    assert january.ask(RECORD) == [(2, HEAD, "李审核", True, False), (1, CLERK, "张送审", True, True)]


def test_a_rejection_at_any_step_ends_the_draft_and_the_next_begins_with_the_clerk(january: Any) -> None:
    draft = drafted(january)
    given(january, draft, 1, CLERK)
    assert closing.answer(january.settings, draft, 2, CLERK, accepts=False, reason="撤回").decision == "refused"
    assert closing.answer(january.settings, draft, 2, HEAD, accepts=False, reason="乡镇数有误").decision == "rejected"
    assert january.ask("select decided_by, reason from publish.decision") == [("李审核", "乡镇数有误")]
    assert given(january, drafted(january), 2, HEAD) == "refused"


def test_where_nobody_is_named_nobody_approves(filled_once: Callable[..., Any], tmp_path: Path) -> None:
    office = filled_once(fill, tmp_path)
    forget_people(office)
    draft = drafted(office)
    assert {given(office, draft, 1, account) for account in (MACHINE, "", CLERK)} == {"refused"}
    assert office.ask("select count(*) from publish.release") == [(0,)]


def test_a_release_names_all_three_in_its_record_its_documents_and_its_chain(
    january: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    release = signed_by_all(january.settings, drafted(january)).release
    assert release is not None
    assert release.approved_by == "王审定"
    assert [(one["act"], one["account"], one["name"]) for one in json.loads(release.signatures)] == [
        ("送审", CLERK, "张送审"), ("审核", HEAD, "李审核"), ("审定", LEADER, "王审定"),
    ]  # fmt: skip
    written = files.put_release(january.settings, release)
    for name, text in january.settings.environ.items():
        monkeypatch.setenv(name, text)
    assert cli.main(["release", "list", "--county", COUNTY]) == cli.main(["release", "show", release.release_id]) == 0
    said = capsys.readouterr().out
    assert all(said.count(name) >= 2 for name in NAMES.values())
    document = next(path for path in written if path.name == "bulletin.docx")
    assert cli.main(["release", "verify", str(document)]) == 0
    forged = document.with_name("forged.docx")
    forged.write_bytes(edited(document.read_bytes(), lambda xml: xml.replace("李审核，", "李审某，")))
    assert cli.main(["release", "verify", str(forged)]) == 3
    assert "李审核" in capsys.readouterr().out


def changed_by_superuser(office: Any, statement: str) -> None:
    settings = office.settings
    superuser = EmbeddedServer(settings.home, Secrets(settings.secrets_dir, settings.environ)).ensure()
    with psycopg.connect(superuser.url(access.DATABASE)) as connection:
        connection.execute(statement.encode())


TAMPERED = {
    "who signed, on the release": "update publish.release set signatures = replace(signatures, '李审核', '李某某')",
    "that anybody signed": "update publish.release set signatures = ''",
    "what it was made with": "update publish.release set made_with = replace(made_with, '\"xiezuo\":\"', '\"xiezuo\":\"9')",
    "that it was made with anything": "update publish.release set made_with = ''",
    "a signature": "update publish.signature set name = '李某某' where step = 2",
    "when it was": "update publish.signature set answered_at = answered_at + interval '1 day' where step = 1",
    "a signature taken out": "delete from publish.signature where step = 3",
    "one that was refused counts": "update publish.signature set refused_zh = '' where refused_zh <> ''",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
def test_a_signature_that_was_changed_shows(january: Any, statement: str) -> None:
    draft = drafted(january)
    given(january, draft, 3, MACHINE)
    assert signed_by_all(january.settings, draft).decision == "approved"
    changed_by_superuser(january, "drop index publish.signature_step")
    with access.connect(january.settings) as connection:
        assert chain.check(connection, january.settings) == []
    changed_by_superuser(january, statement)
    with access.connect(january.settings) as connection:
        assert chain.check(connection, january.settings)


def test_a_release_of_before_three_people_signed_stays_as_it_is_and_the_next_hangs_on_it(january: Any) -> None:
    """It was approved by an account, and its head knows of no signatures."""
    february = drafted(january, "2022-02")
    new = signed_by_all(january.settings, drafted(january)).release
    assert new is not None
    old = replace(new, approved_by="admin", signatures="", made_with="")
    head = chain.head_of(old.previous_head, chain.parts_of(old), old.approved_at)
    changed_by_superuser(
        january,
        f"delete from publish.signature; update publish.release set approved_by = 'admin', signatures = '', made_with = '',"
        f" head = '{head}'; update publish.decision set decided_by = 'admin' where decision = 'approved'",
    )
    assert signed_by_all(january.settings, february).decision == "approved"
    with access.connect(january.settings) as connection:
        assert chain.check(connection, january.settings) == []
        first = releases(connection, january.settings, COUNTY, "2022-01")[0]
    assert (first.head, first.stamp.signatures) == (head, ())


def test_who_has_to_sign_is_told_reminded_and_the_next_one_up_after_a_while(january: Any, httpserver: HTTPServer) -> None:
    """Each by his own address; without one, the groups on duty; and once it is over, the last who was told."""
    told: list[tuple[str, str]] = []

    def took(request: Any) -> str:
        told.append((request.path, json.loads(request.data)["message"]))
        return ""

    for path in ("/clerk", "/leader", "/group"):
        httpserver.expect_request(path).respond_with_handler(took)
    at = f"json://127.0.0.1:{httpserver.port}"
    for account, role, url in ((CLERK, "clerk", f"{at}/clerk"), (HEAD, "head", ""), (LEADER, "leader", f"{at}/leader")):
        accounts.remove(january.settings, account)
        person = {"account": account, "name": NAMES[account], "role": role, "contact": url}
        accounts.add(january.settings, Person.model_validate(person))

    def heard(day: int) -> list[str]:
        told.clear()
        office = january.at(f"2022-02-{day:02d}T08:00:00+08:00")
        environ = {**office.settings.environ, VARIABLE: f"{at}/group", "XIEZUO_BASE_URL": "https://xz.example"}
        report(replace(office.settings, environ=environ), ["signature_waiting"])
        return [path for path, _ in told]

    january = january.at("2022-02-04T08:00:00+08:00")
    draft = drafted(january)
    assert heard(4) == ["/clerk"]
    assert "2022年1月第1稿待经办人送审" in told[0][1]
    assert "https://xz.example/required_actions" in told[0][1]
    assert heard(5) == []
    assert heard(6) == ["/clerk"], "reminded after two days"
    given(january, draft, 1, CLERK)
    assert heard(7) == ["/group"], "the head has no address of his own"
    assert heard(8) == ["/group"]
    assert heard(9) == ["/leader", "/group"], "five days: the leader too, and the group in place of the head"
    given(january, draft, 2, HEAD)
    given(january, draft, 3, LEADER)
    assert heard(10) == ["/leader", "/group"], "nothing waits any more"
    assert heard(11) == []
