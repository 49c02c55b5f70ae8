"""An installation that is up, and people who are logged in to its pages, each in a browser of his own."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect

from tests.data.signers import NAMES
from xiezuo import pipeline
from xiezuo.base.settings import Settings
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
    page = browser.new_page(viewport={"width": 1400, "height": 1600}, locale="zh-CN", reduced_motion="reduce")
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
