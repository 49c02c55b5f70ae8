"""A month is closed as people close it: in Airflow's pages, with a real browser, scheduler and warehouse.

One installation, started once, is taken through the life of a January: submitted, reviewed and approved by three people,
of whom none may do two of it; a late row that changes nothing anybody signed; the restatement that takes it up; a
rejection; a signature that comes after newer data.
"""

from __future__ import annotations

import io
import zipfile

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.office import CHROMIUM, PASSWORD, Office, logged_in
from tests.data.signers import CLERK, HEAD, LEADER, NAMES
from xiezuo.declared.people import Person
from xiezuo.operations import accounts

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no browser here: apt-get install chromium"),
]


def test_three_people_sign_january_and_the_drafters_own_approval_is_refused(office: Office) -> None:
    """Each step shows figures and digest; what is frozen has that digest, and names who submitted, reviewed, approved."""
    run = office.begin()
    shown, states = office.sign(run, CLERK)
    assert "第 1 步 经办人送审" in shown
    assert "LAB2 赴东部结对省份就业" in shown
    assert states == {
        "draft": "success", "group.ask": "success", "group.freeze": "success",
        "group.goes_on": "success", "group.again": "success",
    }  # fmt: skip
    ((digest,),) = office.ask("select digest from publish.draft")
    review = office.next_run(run)
    shown, _ = office.sign(review, CLERK)
    assert digest in shown
    assert "会宁县2022年1月东西部协作工作通报" in shown
    assert "第 2 步 办公室负责人审核" in shown
    assert office.ask("select count(*) from publish.release union all select count(*) from publish.decision") == [(0,), (0,)]
    again = office.next_run(review)
    shown = office.open_request(again, HEAD)
    assert "张送审已对本稿送审，不能再审核" in shown
    row = office.pages[HEAD].locator("tr", has_text="LAB2 赴东部结对省份就业")
    assert row.first.locator("td").nth(1).inner_text() == "3"
    office.answer(again, HEAD, "批准 Approve")
    handed_on = f"dags/close/dagRuns/{again}/taskInstances/group.ask/xcomEntries/return_value"
    with pytest.raises(requests.HTTPError, match="403"):
        office.api("PATCH", handed_on, value={"responded_by_user": {"id": LEADER}}, map_index=0)
    last = office.next_run(again)
    shown, states = office.sign(last, LEADER)
    assert "第 3 步 分管领导审定" in shown
    assert (states["group.goes_on"], states["group.again"]) == ("skipped", "skipped")
    assert office.ask("select release_id, digest, approved_by from publish.release") == [
        ("620422-2022-01-r1", digest, "王审定")
    ]
    assert office.ask("select step, account, name, refused_zh <> '' from publish.signature order by answer_no") == [
        (1, CLERK, "张送审", False), (2, CLERK, "张送审", True), (2, HEAD, "李审核", False), (3, LEADER, "王审定", False),
    ]  # fmt: skip
    assert {"bulletin.docx", "bulletin.xlsx", "release-1/bulletin.docx", "release-1/bulletin.xlsx"} <= office.files().keys()
    with zipfile.ZipFile(io.BytesIO(office.files()["release-1/bulletin.docx"])) as document:
        text = document.read("word/document.xml").decode()
    assert all(name in text for name in NAMES.values())


def test_a_link_works_once_and_a_session_ends_with_the_password(office: Office) -> None:
    code = office.links[CLERK].partition("#")[2]
    again = {"code": code, "password": "another-password-1", "again": "another-password-1"}
    refused = requests.post(f"{office.address}/auth/first", data=again, timeout=60)
    assert (refused.status_code, "链接已使用" in refused.text) == (400, True)
    login = {"username": HEAD, "password": PASSWORD}
    token = requests.post(f"{office.address}/auth/token", json=login, timeout=60).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{office.address}/api/v2/dags", headers=headers, timeout=60).status_code == 200
    code = accounts.invite(office.settings, HEAD)
    assert requests.get(f"{office.address}/api/v2/dags", headers=headers, timeout=60).status_code in {401, 403}
    assert requests.post(f"{office.address}/auth/token", json=login, timeout=60).status_code == 401
    browser = office.pages[HEAD].context.browser
    assert browser is not None
    office.pages[HEAD] = logged_in(browser, accounts.link(office.settings, code), HEAD)


def test_the_login_lets_nobody_elsewhere_and_pauses_after_wrong_passwords(office: Office) -> None:
    login = {"username": LEADER, "password": PASSWORD}
    elsewhere = ("https://elsewhere.example/x", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example")
    for wanted, led in (*((place, "/") for place in elsewhere), ("/dags?x=1", "/dags?x=1")):
        page = f"{office.address}/auth/login"
        let_in = requests.post(page, params={"next": wanted}, data=login, allow_redirects=False, timeout=60)
        assert (let_in.status_code, let_in.headers["Location"]) == (303, led)
    assert "HttpOnly" in let_in.headers["Set-Cookie"]
    wrong = {"username": "nobody", "password": "wrong-password"}
    answers = [requests.post(f"{office.address}/auth/token", json=wrong, timeout=60).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_a_viewer_only_sees_and_is_out_when_taken_out(office: Office) -> None:
    code = accounts.add(office.settings, Person(account="chakan", name="赵查看", role="viewer"))
    accounts.set_password(office.settings, code, PASSWORD)
    login = {"username": "chakan", "password": PASSWORD}
    token = requests.post(f"{office.address}/auth/token", json=login, timeout=60).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    runs = f"{office.address}/api/v2/dags/close/dagRuns"
    assert requests.get(runs, headers=headers, timeout=60).status_code == 200
    assert requests.post(runs, json={"logical_date": None}, headers=headers, timeout=60).status_code == 403
    accounts.remove(office.settings, "chakan")
    assert requests.get(runs, headers=headers, timeout=60).status_code in {401, 403}


def test_a_late_row_changes_nothing_that_was_signed(office: Office) -> None:
    before = office.files()
    office.deliver("甲站_补报.csv", "2022-02-05", people=4)
    assert office.files() == before
    rows = office.ask("select old_value, new_value from publish.adjustment where indicator_id = 'LAB2' and breakdown = ''")
    assert rows == [(3, 4), (3, 4)]
    run = office.begin()
    office.until(lambda: office.state(run) == "success", "a closed month asks nobody")
    assert office.tasks(run)["group.ask"] in {"skipped", "removed"}


def test_the_restatement_is_rejected_first_and_says_why(office: Office) -> None:
    run = office.begin(reason="甲站补报1人")
    assert "甲站补报1人" in office.open_request(run, CLERK)
    assert office.answer(run, CLERK, "退回 Reject", reason="请附补报说明")["group.freeze"] == "success"
    assert office.ask("select decision, decided_by, reason from publish.decision order by draft_no desc limit 1") == [
        ("rejected", "张送审", "请附补报说明")
    ]
    assert office.ask("select count(*) from publish.release") == [(1,)]


def test_newer_data_ask_again_and_what_is_shown_then_is_released(office: Office) -> None:
    """A signature under what is no longer so counts for nothing; the run that follows shows what is so, from step 1."""
    run = office.begin(reason="甲站补报1人")
    office.open_request(run, CLERK)
    office.deliver("甲站_再补报.csv", "2022-02-06", people=5)
    states = office.answer(run, CLERK, "批准 Approve")
    assert (states["group.goes_on"], states["group.again"]) == ("success", "success")
    for step, account in enumerate(NAMES, start=1):
        run = office.next_run(run)
        shown, _ = office.sign(run, account)
        assert f"第 {step} 步" in shown
        assert office.ask("select count(*) from publish.release") == [(2 if step == len(NAMES) else 1,)]
    rows = office.ask("select release_id, old_value, new_value, reason from publish.restated"
                      " where indicator_id = 'LAB2' and period_kind = 'month' and breakdown = ''")  # fmt: skip
    assert rows == [("620422-2022-01-r2", 3, 5, "甲站补报1人")]


def test_pages_show_the_offices_time_whatever_the_browsers_clock_is_set_to_and_owners_as_links(office: Office) -> None:
    page = office.pages[CLERK]
    page.goto(f"{office.address}/dags/close")
    expect(page.get_by_text("+08:00").first).to_be_visible(timeout=60_000)
    owner = page.get_by_role("link", name="运维").first
    expect(owner).to_be_visible(timeout=60_000)
    assert str(owner.get_attribute("href")).startswith(f"{office.address}/dags?owners=")
    page.evaluate("localStorage.timezone = JSON.stringify('Europe/London')")
    page.goto(f"{office.address}/auth/login")
    assert page.evaluate("JSON.parse(localStorage.timezone)") == "Europe/London", "a choice of one's own stays"
