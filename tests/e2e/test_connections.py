"""Connections are made in Airflow's pages: the next run uses them, with no restart and no terminal.

A real API server, scheduler and warehouse, which ``make up`` starts with nobody's connections in its environment.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

import xiezuo_sample as sample
from tests.data import sample_sources
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo_sample.platforms.server import PlatformServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
TAOBAO = "sales_620422_taobao"


@dataclass
class Airflow:
    """An installation that is up, and its API as the pages use it."""

    settings: Settings
    address: str
    token: str

    def api(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask, as somebody who is logged in does; return the answer."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(verb, f"{self.address}/{path}", json=body, headers=headers, timeout=300)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def run(self, dag_id: str, name: str) -> str:
        """Run a Dag now and wait for its end; return its state."""
        body = {"dag_run_id": name, "logical_date": None, "conf": {"since": "2022-11-01"}}
        self.api("POST", f"api/v2/dags/{dag_id}/dagRuns", body)
        while (state := str(self.api("GET", f"api/v2/dags/{dag_id}/dagRuns/{name}")["state"])) in {"queued", "running"}:
            time.sleep(1)
        return state

    def count(self, table: str) -> int:
        """Return how many rows a table of the warehouse has."""
        with access.connect(self.settings) as connection:
            return int(connection.execute(f"select count(*) from {table}".encode()).fetchall()[0][0])

    def made(self) -> list[str]:
        """Return the list that tasks read."""
        found = self.api("GET", "api/v2/variables?variable_key_pattern=xiezuo_connections_made")["variables"]
        return [str(each["value"]) for each in found]


@pytest.fixture(scope="module")
def airflow() -> Iterator[Airflow]:
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-connections-"))
    outer.chmod(0o711)  # the server's account passes through
    environ = {name: text for name, text in os.environ.items() if not name.startswith(("XIEZUO_", "AIRFLOW_"))} | {
        "XIEZUO_HOME": str(outer / "home"), "XIEZUO_INBOX": str(outer / "inbox"), "XIEZUO_OUT": str(outer / "out"),
        "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": "2022-12-31T23:00:00+08:00", "XIEZUO_RETRY_SECONDS": "1",
    }  # fmt: skip

    def launch(*words: str) -> str:
        command = [sys.executable, "-P", "-m", "xiezuo_local", *words]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=1200)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    try:
        said = [line.split() for line in launch("up", "--sample", "0").splitlines()]
        address, password = (
            next(line[1] for line in said if len(line) == 2 and line[0] == word) for word in ("Airflow", "password")
        )
        login = {"username": "admin", "password": password}
        token = requests.post(f"{address}/auth/token", json=login, timeout=300).json()["access_token"]
        yield Airflow(Settings.from_env(environ), address, token)
    finally:
        launch("down")
        shutil.rmtree(outer)


@pytest.fixture(scope="module")
def data(airflow: Airflow, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("sample")
    sample.generate(airflow.settings, "620422", 2022, 3, 0.1, folder)
    return folder


def test_a_platform_made_in_the_pages_is_read_by_the_next_run(airflow: Airflow, data: Path) -> None:
    assert airflow.made() == []
    with PlatformServer(data, clock=airflow.settings.now) as server:
        fields = json.loads(sample_sources.platform("taobao", server.port)[1])
        body = fields | {"connection_id": TAOBAO, "conn_type": "sales_platform", "extra": json.dumps(fields["extra"])}
        tried = airflow.api("POST", "api/v2/connections/test", body)
        assert (tried["status"], tried["message"][:4]) == (True, "连接正常")
        airflow.api("POST", "api/v2/connections", body)
        assert airflow.made() == [TAOBAO]
        assert airflow.run("ingest_sales", "made_in_the_pages") == "success"
    assert airflow.count("core.sales_order where platform = 'taobao'") > 0
    shown = json.dumps(airflow.api("GET", f"api/v2/connections/{TAOBAO}"))
    assert "sample-session" not in shown
    assert "sample-secret" not in shown


def test_the_ledger_is_asked_for_by_its_one_id(airflow: Airflow, data: Path) -> None:
    extra = json.dumps({"sqlalchemy_url": f"sqlite:///{data / 'fund.db'}"})
    body = {"connection_id": "fund_ledger", "conn_type": "generic", "extra": extra}
    airflow.api("POST", "api/v2/connections", body)
    assert airflow.run("ingest_fund", "made_in_the_pages") == "success"
    assert airflow.count("core.fund_payment") > 0
    assert "fund.db" not in json.dumps(airflow.api("GET", "api/v2/connections/fund_ledger"))


def test_what_is_deleted_is_asked_no_more(airflow: Airflow) -> None:
    airflow.api("DELETE", f"api/v2/connections/{TAOBAO}")
    assert airflow.made() == [""]
    assert airflow.run("ingest_sales", "deleted_in_the_pages") == "success"


def test_the_form_asks_for_what_a_platform_needs(airflow: Airflow) -> None:
    (form,) = (each for each in airflow.api("GET", "ui/connections/hook_meta") if each["connection_type"] == "sales_platform")
    assert set(form["extra_fields"]) == {
        "profile", "county_code", "platform", "session", "refresh_token", "sign_method", "history_days", "method",
    }  # fmt: skip
    assert {name for name, field in form["extra_fields"].items() if field["schema"].get("format") == "password"} == {
        "session", "refresh_token",
    }  # fmt: skip
    assert "sales_620422_taobao" in form["extra_fields"]["profile"]["description"]
