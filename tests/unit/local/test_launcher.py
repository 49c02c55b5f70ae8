"""The embedded launcher's parts that need neither Airflow nor a database."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from xiezuo.base.errors import ConfigError
from xiezuo_local import services
from xiezuo_local.configuration import airflow_environment
from xiezuo_local.console import Console, table, width
from xiezuo_local.instance import HOST, MARKER, Instance, free_port
from xiezuo_local.processes import clear, end_session, leftovers, spawn, stop
from xiezuo_local.rest import Airflow, ApiError, Run
from xiezuo_local.samples import Sample, SampleBox
from xiezuo_local.waiting import Patience

FIRST, SECOND = Sample("620422", 2022, 1), Sample("620422", 2022, 2)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance({"XIEZUO_HOME": str(tmp_path / "home"), "PATH": os.defpath, "http_proxy": "http://127.0.0.1:9"})
    made.make_folders()
    return made


def client(server: HTTPServer, password: str) -> Airflow:
    return Airflow(server.url_for("").rstrip("/"), "admin", password, Patience(Console(0), Path("logs")).waiting)


def told(instance: Instance, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a start says of an Airflow that is up."""
    instance.remember(api_port=30123)
    services._tell(instance, Console(1))
    return capsys.readouterr().out


def test_a_password_and_the_links_of_the_samples_people_are_shown_once(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    first = told(instance, capsys)
    password = (instance.settings.secrets_dir / "airflow_admin").read_text(encoding="ascii").strip()
    links = re.findall(r"http://127\.0\.0\.1:30123/auth/first#\S+", first)
    assert (password in first, len(set(links))) == (True, 3)
    again = told(instance, capsys)
    assert password not in again
    assert "/auth/first" not in again
    assert all(name in again for name in ("周小满（经办人）", "郑立秋（办公室负责人）", "何惊蛰（分管领导）"))


def test_an_installation_with_data_of_its_own_names_nobody_by_itself(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance.remember(own_data=True)
    assert "nobody is named" in told(instance, capsys)
    folder = instance.home / "people"
    assert not (folder / "people.yaml").exists()
    (folder / "people.yaml").write_text("people: 王伟\n", encoding="utf-8")
    assert "人员名单 people.yaml 不能使用" in told(instance, capsys)


@given(st.lists(st.lists(st.text(alphabet="abc县东西１，", max_size=6), min_size=2, max_size=2), max_size=5))
def test_columns_line_up_on_a_terminal(rows: list[list[str]]) -> None:
    lines = table([[*row, "|"] for row in rows])
    assert len({width(line.partition("|")[0]) for line in lines}) <= 1


def test_chinese_takes_two_columns_and_numbers_are_right_aligned() -> None:
    assert width("会宁县 a") == 8
    assert table([("名称", "数值"), ("县", 12)], right=frozenset({1})) == ["名称  数值", "县      12"]


def test_a_second_command_is_told_who_is_at_work(instance: Instance) -> None:
    with (
        instance.locked("run"),
        pytest.raises(ConfigError, match=rf"make run \(process {os.getpid()}\)") as caught,
        Instance(instance.environ).locked("up"),
    ):
        pass
    assert caught.value.exit_code == 2
    with instance.locked("up"):
        assert "make up" in (instance.home / "launcher.lock").read_text(encoding="utf-8")


def test_facts_are_kept_forgotten_and_survive_damage(instance: Instance) -> None:
    instance.remember(api_port=30001, unpaused=True)
    instance.remember(unpaused=None)
    assert Instance(instance.environ).recall() == {"api_port": 30001}
    (instance.airflow / "launcher.json").write_text("{", encoding="utf-8")
    assert instance.recall() == {}


def test_a_port_is_kept_while_it_is_free_and_chosen_anew_when_taken() -> None:
    port = free_port()
    assert free_port(port) == port
    with socket.socket() as other:
        other.bind((HOST, port))
        other.listen()
        assert free_port(port) != port


def test_children_get_whole_paths_and_nothing_of_another_airflow(tmp_path: Path) -> None:
    given = {"AIRFLOW__CORE__EXECUTOR": "Other", "AIRFLOW_CONN_SALES_620422_A": "{}"}
    made = Instance({"XIEZUO_HOME": str(tmp_path), **given})
    environ = airflow_environment(made, "postgresql://u:p@127.0.0.1:1/airflow", 30123)
    assert environ["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert environ["AIRFLOW_CONN_SALES_620422_A"] == "{}"
    assert environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("postgresql+psycopg://")
    assert environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:30123/execution/"
    assert environ[MARKER] == str(tmp_path)
    assert HOST in environ["NO_PROXY"]
    assert all(Path(environ[name]).is_absolute() for name in ("XIEZUO_INBOX", "XIEZUO_OUT", "AIRFLOW_HOME"))


def test_dags_are_the_checkout_s_where_declarations_are_one_s_own(tmp_path: Path) -> None:
    """An Airflow with an empty folder of Dags would start, and do nothing in silence."""
    (tmp_path / "include" / "contracts").mkdir(parents=True)
    made = Instance({"XIEZUO_HOME": str(tmp_path / "home"), "XIEZUO_ROOT": str(tmp_path)})
    environ = airflow_environment(made, "postgresql://u:p@127.0.0.1:1/airflow", 30123)
    assert environ["XIEZUO_ROOT"] == str(tmp_path)
    dags, plugins = (Path(environ[f"AIRFLOW__CORE__{name}_FOLDER"]) for name in ("DAGS", "PLUGINS"))
    assert (dags / "ingest.py").is_file()
    assert (plugins / "xiezuo_plugin.py").is_file()
    assert (Path(environ["PYTHONPATH"].split(os.pathsep)[0]) / "airflow_local_settings.py").is_file()


def test_what_the_user_has_set_wins_over_the_sample(tmp_path: Path) -> None:
    made = Instance({"XIEZUO_HOME": str(tmp_path), "XIEZUO_NOW": "2022-05-01T00:00:00+08:00"})
    made.set_defaults({"XIEZUO_NOW": "2022-12-31T23:30:00+08:00", "XIEZUO_INBOX_SETTLE": "0"})
    assert made.settings.now().month == 5
    assert made.settings.inbox_settle == 0


def sample_files(box: SampleBox, sample: Sample, **files: str) -> None:
    for name, text in files.items():
        path = box.folder(sample) / "inbox/620422/labour" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_sample_is_laid_out_whole_and_again_without_a_change(instance: Instance) -> None:
    box = SampleBox(instance, Console(1))
    sample_files(box, FIRST, a="1", b="2")
    box.lay_out(FIRST)
    laid = sorted((instance.settings.inbox / "620422/labour").iterdir())
    assert [path.name for path in laid] == ["a.csv", "b.csv"]
    before = [path.stat().st_ino for path in laid]
    box.lay_out(FIRST)
    assert [path.stat().st_ino for path in laid] == before
    laid[0].write_text("half", encoding="utf-8")
    box.lay_out(FIRST)
    assert laid[0].read_text(encoding="utf-8") == "1"
    assert box.latest() == FIRST


def test_another_seed_takes_out_its_own_files_only(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    made_anew = []
    monkeypatch.setattr("xiezuo_local.samples.access.recreate", lambda settings: made_anew.append(settings.home))
    box = SampleBox(instance, Console(1))
    sample_files(box, FIRST, a="1", b="2", c="3")
    box.lay_out(FIRST)
    folder = instance.settings.inbox / "620422/labour"
    (folder / "b.csv").write_text("corrected by hand", encoding="utf-8")
    (folder / "mine.csv").write_text("my own", encoding="utf-8")
    for period in ("2022", "2022-09", "2021"):
        for name in ("summary.json", "bulletin.docx", "annual.xlsx", "draft-1/bulletin.docx", "release-2/annual.docx"):
            path = instance.settings.out / "620422" / period / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}", encoding="utf-8")
    assert box.outdated(FIRST) == []
    assert box.outdated(SECOND) == [FIRST.name]
    assert box.outdated(Sample("620422", 2023, 2)) == []
    assert box.outdated(None) == [FIRST.name]
    box.take_out(box.outdated(SECOND))
    assert sorted(path.name for path in folder.iterdir()) == ["b.csv", "mine.csv"]
    assert [path.name for path in (instance.settings.out / "620422").iterdir()] == ["2021"]
    assert made_anew == [instance.home]
    assert box.outdated(SECOND) == []


def test_sample_connections_name_their_platform_and_county(instance: Instance) -> None:
    box = SampleBox(instance, Console(1))
    platforms = box.folder(FIRST) / "platforms"
    platforms.mkdir(parents=True)
    (platforms / "taobao.ndjson").touch()
    (box.folder(FIRST) / "fund.db").touch()
    found = box.connections(FIRST, 30111)
    assert set(found) == {"AIRFLOW_CONN_SALES_620422_TAOBAO", "AIRFLOW_CONN_FUND_LEDGER"}
    platform = json.loads(found["AIRFLOW_CONN_SALES_620422_TAOBAO"])
    assert (platform["port"], platform["extra"]["county_code"]) == (30111, "620422")


SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env={})
print(child.pid, flush=True)
time.sleep(600)
"""
DEAF = """
import signal, time
for number in (2, 15):
    signal.signal(number, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""


def test_a_forgotten_child_is_found_by_its_mark_and_ended(instance: Instance) -> None:
    child = spawn(instance, "sleeper", SLEEPER, {**os.environ, **instance.environ})
    unrelated = subprocess.Popen(SLEEPER)
    try:
        assert [process.pid for process in leftovers(instance)] == [child.process.pid]
        assert clear(instance) == 1
        assert not psutil.pid_exists(child.process.pid)
        assert leftovers(instance) == []
        assert unrelated.poll() is None
    finally:
        unrelated.kill()
        unrelated.wait()


def test_a_killed_child_leaves_nobody_in_its_session(instance: Instance) -> None:
    child = spawn(instance, "parent", [sys.executable, "-c", PARENT], {**os.environ, **instance.environ})
    while not child.log.read_text(encoding="utf-8").endswith("\n"):
        time.sleep(0.05)
    grandchild = psutil.Process(int(child.log.read_text(encoding="utf-8").split()[0]))
    child.process.kill()
    child.process.wait()
    assert grandchild.is_running()
    end_session(child)
    psutil.wait_procs([grandchild], timeout=10)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_stopping_insists_when_asking_does_not_help(instance: Instance) -> None:
    child = spawn(instance, "deaf", [sys.executable, "-c", DEAF], {**os.environ, **instance.environ})
    while "deaf" not in child.log.read_text(encoding="utf-8"):
        time.sleep(0.05)
    stop([child], patience=0.2)
    assert child.process.wait(timeout=10) == -9


def test_the_client_logs_in_and_says_what_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/api/v2/dags/build/dagRuns", method="POST").respond_with_data("", status=401)
    httpserver.expect_ordered_request(
        "/auth/token", method="POST", json={"username": "admin", "password": "secret-word"}
    ).respond_with_json({"access_token": "t"}, status=201)
    httpserver.expect_ordered_request(
        "/api/v2/dags/build/dagRuns", method="POST", headers={"Authorization": "Bearer t"}
    ).respond_with_json({"dag_id": "build", "dag_run_id": "r", "state": "queued"})
    httpserver.expect_ordered_request("/api/v2/importErrors").respond_with_data("no", status=403)
    airflow = client(httpserver, "secret-word")
    assert airflow.trigger("build", "r", {}) == Run("build", "r", "queued")
    with pytest.raises(ApiError, match="403") as caught:
        airflow.import_errors()
    assert "secret-word" not in str(caught.value)


def test_what_meets_the_scheduler_s_locks_is_asked_for_again(httpserver: HTTPServer) -> None:
    for status in (500, 500, 200):
        httpserver.expect_ordered_request("/api/v2/dags/build/dagRuns/r", method="PATCH").respond_with_json({}, status=status)
    airflow = client(httpserver, "x")
    airflow.fail(Run("build", "r", "running"))
    assert len(httpserver.log) == 3
    httpserver.expect_ordered_request("/api/v2/monitor/health").respond_with_json({}, status=503)
    assert airflow.health() == {}
    assert len(httpserver.log) == 4
    httpserver.check()


def test_a_trigger_whose_answer_was_lost_is_asked_again_and_starts_one_run(httpserver: HTTPServer) -> None:
    run = {"dag_id": "build", "dag_run_id": "r", "state": "running"}
    for answer in (500, 409):
        httpserver.expect_ordered_request("/api/v2/dags/build/dagRuns", method="POST").respond_with_json({"detail": "there"}, status=answer)
    httpserver.expect_ordered_request("/api/v2/dags/build/dagRuns/r", method="GET").respond_with_json(run)
    httpserver.expect_ordered_request("/api/v2/dags/build/dagRuns", method="POST").respond_with_json({"detail": "no such Dag"}, status=404)
    airflow = client(httpserver, "x")
    assert airflow.trigger("build", "r", {}) == Run("build", "r", "running")
    with pytest.raises(ApiError, match="404"):
        airflow.trigger("build", "r", {})
    httpserver.check()


def test_a_failure_names_the_errors_and_leaves_the_watcher_out(httpserver: HTTPServer) -> None:
    base = "/api/v2/dags/ingest_sales/dagRuns/r/taskInstances"
    instances = [
        {"task_id": "group.fetch", "map_index": 1, "state": "failed", "try_number": 3},
        {"task_id": "watch", "map_index": -1, "state": "failed", "try_number": 1},
        {"task_id": "plan", "map_index": -1, "state": "success", "try_number": 1},
    ]
    httpserver.expect_request(base).respond_with_json({"task_instances": instances})
    detail = [{"exc_type": "SourceDown", "exc_value": "no answer"}]
    httpserver.expect_request(f"{base}/group.fetch/logs/3").respond_with_json(
        {
            "content": [
                {"event": "noise", "level": "info"},
                {"event": "Task failed with exception", "level": "error", "error_detail": detail},
            ]
        }
    )
    airflow = client(httpserver, "x")
    (failure,) = airflow.failures(Run("ingest_sales", "r", "failed"))
    assert failure.name == "ingest_sales.group.fetch[1]"
    assert failure.errors == ("SourceDown",)
    assert failure.lines == ("SourceDown: no answer",)


@pytest.mark.parametrize(
    "words", [["run", "--county", "62042"], ["run", "--year", "22"], ["run", "--sample", "2"], ["fly"], []]
)
def test_wrong_words_are_usage_errors(words: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xiezuo_local", *words]
    done = subprocess.run(command, env={**os.environ, "XIEZUO_HOME": str(tmp_path)}, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_down_where_nothing_is_does_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xiezuo_local", "down"]
    home = tmp_path / "never"
    done = subprocess.run(command, env={**os.environ, "XIEZUO_HOME": str(home)}, capture_output=True, check=False)
    assert done.returncode == 0
    assert not home.exists()
