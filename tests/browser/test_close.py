"""A month is closed as people close it: in Airflow's pages, with a real browser, scheduler and warehouse.

One installation, started once, is taken through the life of a January: submitted, reviewed and approved by three people,
of whom none may do two of it; a late row that changes nothing anybody signed; the restatement that takes it up; a
rejection; a signature that comes after newer data.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.data.signers import CLERK, HEAD, LEADER, NAMES
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.declared.people import Person
from xiezuo.operations import accounts
from xiezuo.values import identity
from xiezuo.warehouse import access

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# Continuous integration is root in a container: no sandbox, and little shared memory.
QUIET = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-sync", "--disable-component-update"]  # fmt: skip
COUNTY, JANUARY = "620422", "2022-01"
ROLES = ("clerk", "head", "leader")
PASSWORD = "山海-xie-zuo-2022"
HEADER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no browser here: apt-get install chromium"),
]


@dataclass
class Office:
    """An installation that is up, and three people who are logged in to its pages, each in a browser of his own."""

    settings: Settings
    address: str
    token: str
    pages: dict[str, Page]
    links: dict[str, str]

    def deliver(self, name: str, reported: str, people: int) -> None:
        """Drop a labour ledger of so many people who started in January, and take it in."""
        path = self.settings.inbox / COUNTY / "labour" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [["张三", person(n), "会师镇", "天津市", "晨屿电子", "2022-01-10"] for n in range(people)]
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["劳务输转台账", "填报单位：甲站", f"填报日期：{reported}"], HEADER, *rows])
        done = pipeline.run(
            self.settings, county=COUNTY, first=date(2022, 1, 1), last=date(2022, 1, 31), sources=("labour",)
        )
        assert [batch["state"] for batch in done["batches"]] == ["loaded"]

    def api(self, verb: str, path: str, **body: Any) -> dict[str, Any]:
        """Ask Airflow's API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(verb, f"{self.address}/api/v2/{path}", json=body or None, headers=headers, timeout=60)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def begin(self, **conf: str) -> str:
        """Start a close by hand; return its run."""
        conf = {"period": JANUARY, "county": COUNTY} | conf
        return str(self.api("POST", "dags/close/dagRuns", conf=conf, logical_date=None)["dag_run_id"])

    def tasks(self, run: str) -> dict[str, str]:
        """Return the states of a run's tasks; a mapped one by its only instance."""
        found = self.api("GET", f"dags/close/dagRuns/{run}/taskInstances")["task_instances"]
        return {task["task_id"]: task["state"] for task in found}

    def until(self, seen: Callable[[], bool], what: str) -> None:
        """Wait until something is so; a hang is a failure."""
        for _ in range(600):
            if seen():
                return
            time.sleep(0.5)
        raise AssertionError(what)

    def open_request(self, run: str, account: str) -> str:
        """Open the page of the request that waits in a run, as one of the three; return what it says."""
        self.until(lambda: self.tasks(run).get("group.ask") == "awaiting_input", f"nothing is asked: {self.tasks(run)}")
        page = self.pages[account]
        page.goto(f"{self.address}/dags/close/runs/{run}/tasks/group.ask/mapped/0/required_actions")
        expect(page.get_by_text("内容摘要 digest")).to_be_visible(timeout=60_000)
        return page.locator("body").inner_text()

    def answer(self, run: str, account: str, button: str, reason: str = "") -> dict[str, str]:
        """Give an answer in the page; return the states of the tasks when the run has ended."""
        page = self.pages[account]
        if reason:
            page.locator("[name='element_reason']").fill(reason)
        with page.expect_response(lambda said: said.request.method == "PATCH" and said.ok, timeout=60_000):
            page.get_by_role("button", name=button, exact=True).click()
        page.goto("about:blank")  # an open page of Airflow's asks the server every few seconds
        self.until(lambda: self.state(run) in {"success", "failed"}, f"the run does not end: {self.tasks(run)}")
        return self.tasks(run)

    def sign(self, run: str, account: str) -> tuple[str, dict[str, str]]:
        """Approve what waits in a run, as one of the three; return what was shown and the states of the tasks."""
        shown = self.open_request(run, account)
        return shown, self.answer(run, account, "批准 Approve")

    def next_run(self, run: str) -> str:
        """Return the run that a run has started."""
        newest = self.api("GET", "dags/close/dagRuns?order_by=-run_after&limit=1")["dag_runs"][0]["dag_run_id"]
        assert newest != run
        return str(newest)

    def state(self, run: str) -> str:
        """Return the state of a run."""
        return str(self.api("GET", f"dags/close/dagRuns/{run}")["state"])

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with access.connect(self.settings) as connection:
            return connection.execute(statement.encode()).fetchall()

    def files(self) -> dict[str, bytes]:
        """Return January's files, those of its releases too."""
        folder = self.settings.out / COUNTY / JANUARY
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def person(number: int) -> str:
    body = f"990000198501{number + 1:02d}{number:03d}"
    return body + identity.check_digit(body)


def named(environ: dict[str, str], account: str, role: str) -> str:
    """Name one of the three by the command line; return the link that it prints."""
    words = ["people", "add", account, "--name", NAMES[account], "--role", role, "--county", COUNTY]
    command = [sys.executable, "-P", "-m", "xiezuo.cli", *words]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.splitlines()[-1]


def logged_in(browser: Browser, link: str, account: str) -> Page:
    """Set a password by a link and log in with it, in a browser of one's own."""
    page = browser.new_page(
        viewport={"width": 1400, "height": 1600}, locale="zh-CN", timezone_id="Europe/London", reduced_motion="reduce"
    )  # fmt: skip
    page.goto(link)
    for field in ("password", "again"):
        page.locator(f"input[name={field}]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("密码已设置")).to_be_visible(timeout=60_000)
    assert page.locator("input[name=username]").input_value() == account
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dags").first).to_be_visible(timeout=60_000)
    page.goto("about:blank")
    return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def office(browser: Browser) -> Iterator[Office]:
    """Yield an installation of its own, up, with January's ledger taken in; everything is stopped after."""
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-close-"))
    outer.chmod(0o711)  # the server's account passes through
    environ = {name: text for name, text in os.environ.items() if not name.startswith(("XIEZUO_", "AIRFLOW_"))} | {
        "XIEZUO_HOME": str(outer / "home"), "XIEZUO_INBOX": str(outer / "inbox"), "XIEZUO_OUT": str(outer / "out"),
        "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": "2022-12-31T23:00:00+08:00", "XIEZUO_RETRY_SECONDS": "1",
    }  # fmt: skip

    def launch(*words: str) -> str:
        command = [sys.executable, "-P", "-m", "xiezuo_local", *words]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    try:
        said = launch("up", "--sample", "0")
        address, password = (line.split()[-1] for line in said.splitlines() if line.split()[:1] in (["Airflow"], ["password"]) and len(line.split()) == 2 and "[" not in line)
        login = {"username": "admin", "password": password}
        token = requests.post(f"{address}/auth/token", json=login, timeout=60).json()["access_token"]
        links = {account: named(environ, account, role) for account, role in zip(NAMES, ROLES, strict=True)}
        pages = {account: logged_in(browser, links[account], account) for account in NAMES}
        here = Office(Settings.from_env(environ), address, token, pages, links)
        here.deliver("甲站_2022-01.csv", "2022-01-31", people=3)
        yield here
    finally:
        launch("down")
        shutil.rmtree(outer)


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
