"""One installation a test file, with a real browser, scheduler and warehouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, sync_playwright

from tests.browser.office import CHROMIUM, QUIET, ROLES, ROOT, Office, logged_in, named
from tests.data.signers import NAMES
from xiezuo.base.settings import Settings


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
