"""What is told to others while Airflow runs: assets that their Dags wait for, lineage, metrics, runs that are late.

One installation, started once, with a folder of Dags of one's own, takes in a ledger; receivers of lineage and of
telemetry are on local sockets.
"""

from __future__ import annotations

import csv
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from xiezuo.base.settings import Settings
from xiezuo.values import identity
from xiezuo.warehouse import access

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]
COUNTY, JANUARY = "620422", "2022-01"
PERSON = "张三"
# The first is what docs/interfaces.md shows; the others look at more of what an event says.
OWN_DAGS = """
from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Asset, dag, get_current_context, task
from xiezuo_airflow.defaults import promised


@dag(schedule=[Asset("xiezuo://figures/620422/2022-01")], is_paused_upon_creation=False)
def january():
    task(lambda: None, task_id="look")()


@dag(schedule=[Asset("xiezuo://figures")], is_paused_upon_creation=False, max_active_runs=1)
def any_figures():
    @task
    def told():
        events = get_current_context()["triggering_asset_events"]
        ready = (each for event in events[Asset("xiezuo://figures")] for each in event.extra["ready"])
        return sorted(f"{each['county']}/{each['period']}" for each in ready)

    told()


@dag(schedule=[Asset("xiezuo://documents/620422/2022-01")], is_paused_upon_creation=False)
def documents():
    task(lambda: None, task_id="look")()


@dag(schedule=None, is_paused_upon_creation=False, deadline=promised(timedelta(seconds=1), "08:00"))
def slow():
    @task
    def waits():
        import time

        time.sleep(20)

    waits()


for each in (january, any_figures, documents, slow):
    each()
"""


@dataclass
class Up:
    """An installation that is up, and what others were told by it."""

    settings: Settings
    address: str
    token: str
    home: Path
    lineage: list[dict[str, Any]] = field(default_factory=list)
    telemetry: list[str] = field(default_factory=list)

    def api(self, verb: str, path: str, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(verb, f"{self.address}/api/v2/{path}", json=body or None, headers=headers, timeout=60)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def until(self, seen: Callable[[], Any], what: str) -> Any:
        """Wait until something is so; a hang is a failure."""
        for _ in range(240):
            if found := seen():
                return found
            time.sleep(0.5)
        raise AssertionError(what)

    def trigger(self, dag_id: str, **conf: str) -> str:
        return str(self.api("POST", f"dags/{dag_id}/dagRuns", conf=conf, logical_date=None)["dag_run_id"])

    def ended(self, dag_id: str, run: str = "") -> str:
        """Wait until a run has ended, the newest where none is named; return its name."""

        def found() -> str:
            newest = self.api("GET", f"dags/{dag_id}/dagRuns?order_by=-run_after&limit=1")["dag_runs"]
            done = [one for one in newest if one["state"] in {"success", "failed"} and run in {"", one["dag_run_id"]}]
            assert all(one["state"] == "success" for one in done)
            return str(done[0]["dag_run_id"]) if done else ""

        return str(self.until(found, f"{dag_id} does not run to its end"))

    def events_of(self, task: str, dag_id: str = "") -> list[dict[str, Any]]:
        """Return what lineage was told of a task's end."""
        return [
            event for event in self.lineage
            if event["job"]["name"].endswith(task) and event["eventType"] == "COMPLETE" and dag_id in event["job"]["name"]
        ]  # fmt: skip


def person(number: int) -> str:
    body = f"990000198501{number + 1:02d}{number:03d}"
    return body + identity.check_digit(body)


@pytest.fixture(scope="module")
def receiver() -> Iterator[HTTPServer]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # it logs every request
    with HTTPServer() as server:
        yield server


@pytest.fixture(scope="module")
def up(receiver: HTTPServer) -> Iterator[Up]:
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-told-"))
    outer.chmod(0o711)  # the server's account passes through
    own = outer / "dags"
    own.mkdir()
    (own / "own.py").write_text(OWN_DAGS, encoding="utf-8")
    environ = {name: text for name, text in os.environ.items() if not name.startswith(("XIEZUO_", "AIRFLOW_", "OTEL_"))} | {
        "XIEZUO_HOME": str(outer / "home"), "XIEZUO_INBOX": str(outer / "inbox"), "XIEZUO_OUT": str(outer / "out"),
        "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": "2022-12-31T23:00:00+08:00", "XIEZUO_RETRY_SECONDS": "1",
        "XIEZUO_DAGS": str(own), "XIEZUO_OPENLINEAGE_URL": receiver.url_for(""), "XIEZUO_OTEL_ENDPOINT": receiver.url_for(""),
        "OTEL_METRIC_EXPORT_INTERVAL": "10000",
        "XIEZUO_LOGS_URL": (outer / "stored").as_uri(),
    }  # fmt: skip
    here = Up(Settings.from_env(environ), "", "", outer)

    def lineage(request: Request) -> Response:
        here.lineage.append(json.loads(request.get_data()))
        return Response(status=201)

    def telemetry(request: Request) -> Response:
        here.telemetry.append(request.path)
        return Response(status=200)

    receiver.expect_request("/api/v1/lineage", method="POST").respond_with_handler(lineage)
    for path in ("/v1/metrics", "/v1/traces"):
        receiver.expect_request(path, method="POST").respond_with_handler(telemetry)
    ledger = outer / "inbox" / COUNTY / "labour" / "甲站_2022-01.csv"
    ledger.parent.mkdir(parents=True)
    rows = [[PERSON, person(n), "会师镇", "天津市", "晨屿电子", "2022-01-10"] for n in range(3)]
    header = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
    with ledger.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["劳务输转台账", "填报单位：甲站", "填报日期：2022-01-31"], header, *rows])

    def launch(*words: str) -> str:
        command = [sys.executable, "-P", "-m", "xiezuo_local", *words]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    try:
        said = launch("up", "--sample", "0")
        here.address, password = (line.split()[-1] for line in said.splitlines() if line.split()[:1] in (["Airflow"], ["password"]) and len(line.split()) == 2 and "[" not in line)
        login = {"username": "admin", "password": password}
        here.token = requests.post(f"{here.address}/auth/token", json=login, timeout=60).json()["access_token"]
        here.until(lambda: _knows(here, "january"), "the Dags of one's own are not read")
        here.ended("ingest_labour", here.trigger("ingest_labour"))
        yield here
    finally:
        launch("down")
        shutil.rmtree(outer)


def _knows(here: Up, dag_id: str) -> bool:
    headers = {"Authorization": f"Bearer {here.token}"}
    return requests.get(f"{here.address}/api/v2/dags/{dag_id}", headers=headers, timeout=60).ok


def test_a_dag_of_three_lines_starts_when_a_months_figures_are_ready(up: Up) -> None:
    up.ended("january")
    assert len(up.api("GET", "dags/january/dagRuns")["dag_runs"]) == 1


def test_whoever_waits_for_any_figures_is_told_of_county_and_period(up: Up) -> None:
    run = up.ended("any_figures")
    told = up.api("GET", f"dags/any_figures/dagRuns/{run}/taskInstances/told/xcomEntries/return_value?deserialize=true")["value"]
    assert {f"{COUNTY}/{JANUARY}", f"{COUNTY}/2022-12", f"{COUNTY}/2022"} <= set(told), "one event says all of a build"


def test_documents_tell_of_themselves_too(up: Up) -> None:
    up.ended("monthly_summary", up.trigger("monthly_summary", period=JANUARY, county=COUNTY))
    up.ended("documents")


def test_lineage_names_file_table_figures_and_documents_and_nobody(up: Up) -> None:
    up.ended("monthly_summary", up.trigger("monthly_summary", period=JANUARY, county=COUNTY))
    (loaded, *_), (built, *_), (written, *_) = (
        # a build that found nothing to do, as before the first delivery, has nothing to tell
        up.until(
            lambda task=task, dag_id=dag_id: [event for event in up.events_of(task, dag_id) if event["outputs"]],
            f"nothing is told of {task}",
        )
        for task, dag_id in (("group.load", "ingest_labour"), ("build.build", ""), ("summarise", "monthly"))
    )

    def named(event: dict[str, Any], side: str) -> set[str]:
        return {one["name"] for one in event[side]}

    table = "xiezuo.core.labour_placement"
    assert named(loaded, "inputs") == {str(up.settings.inbox / COUNTY / "labour" / "甲站_2022-01.csv")}
    assert named(loaded, "outputs") == {table}
    assert named(built, "inputs") == {table}
    assert {f"figures/{COUNTY}/{JANUARY}", "xiezuo.mart.indicator_value"} <= named(built, "outputs")
    assert named(written, "inputs") == {f"figures/{COUNTY}/{JANUARY}"}
    assert str(up.settings.out / COUNTY / JANUARY / "bulletin.docx") in named(written, "outputs")
    facets = {name for event in up.lineage for part in ("run", "job") for name in event[part].get("facets") or {}}
    assert facets <= {"nominalTime", "parent", "processing_engine", "jobType", "documentation"}, "who started it is told"
    told = json.dumps(up.lineage, ensure_ascii=False)
    for secret in (PERSON, person(0), access.password(up.settings, "loader")):
        assert secret not in told


def test_metrics_and_traces_are_sent_where_one_setting_says(up: Up) -> None:
    up.until(lambda: {"/v1/metrics", "/v1/traces"} <= set(up.telemetry), f"only {set(up.telemetry)}")


def test_a_tasks_log_is_read_from_the_store_when_the_local_one_is_gone(up: Up) -> None:
    run = up.ended("january")
    shutil.rmtree(up.home / "home/logs/tasks/dag_id=january")
    said = up.api("GET", f"dags/january/dagRuns/{run}/taskInstances/look/logs/1?full_content=true")["content"]
    text = json.dumps(said)
    assert (up.home / "stored").as_uri() in text
    assert "Done. Returned value was: None" in text


def test_operations_are_told_of_a_run_that_is_not_done_when_it_was_promised(up: Up) -> None:
    run = up.trigger("slow")

    def noted() -> list[tuple[Any, ...]]:
        with access.connect(up.settings) as connection:
            return connection.execute(
                "select part, state, reason_zh from audit.run where run_id = %s", (f"slow:{run}",)
            ).fetchall()

    ((part, state, reason),) = up.until(noted, "nobody noted that the run is late")
    assert (part, state) == ("deadline", "failed")
    assert "08:00" in reason
    up.ended("slow", run)
