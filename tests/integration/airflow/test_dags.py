"""The Dags as Airflow sees them: they import, hold together, cost little to parse, and fail the right way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.airflow.probe import ROOT, ask, environment

INGEST = [f"ingest_{source}" for source in ("fund", "labour", "sales", "work")]
CLOSE = ["close", "close_annual"]
DAGS = sorted([*INGEST, "build", "monthly_summary", "annual_summary", "upkeep", "forms", "office", "backup", *CLOSE])
ASSETS = [f"xiezuo://core/{source}" for source in ("fund", "labour", "sales", "work")]


def probe(home: Path, *questions: str, **more: str) -> dict[str, Any]:
    return ask(home, *questions, **more)[0]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return probe(tmp_path_factory.mktemp("parsed"), "structure", "plugins", "closings", "told")


@pytest.fixture(scope="module")
def dags(parsed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = parsed["structure"]["dags"]
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, airflow_database: Path) -> dict[str, Any]:
    answer: dict[str, Any] = ask(tmp_path_factory.mktemp("ran"), "runs", database=airflow_database)[0]["runs"]
    return answer


def test_every_dag_imports(parsed: dict[str, Any]) -> None:
    assert parsed["structure"]["import_errors"] == {}
    assert sorted(parsed["structure"]["dags"]) == DAGS


def test_the_plugin_registers_the_timetables_and_nothing_is_executed_twice(parsed: dict[str, Any]) -> None:
    plugins = parsed["plugins"]
    assert plugins["errors"] == {}
    expected = {f"xiezuo_airflow.timetables.{name}" for name in ("MonthClosing", "YearClosing")}
    assert expected <= set(plugins["timetables"])
    assert all(name.startswith("xiezuo_airflow") for name in plugins["modules"])


@pytest.mark.parametrize("dag_id", DAGS)
def test_every_dag_says_whose_it_is_and_what_to_do(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    assert "xiezuo" in dag["tags"]
    assert dag["catchup"] is False
    for heading in ("**出错怎么办**", "**负责人**", "**Runbook**", "**Owner**", "1. ", "2. "):
        assert heading in dag["doc"]
    for name, task in dag["tasks"].items():
        assert task["owner"] not in ("", "airflow"), name
        if name == "group.ask":
            assert (task["retries"], task["callback"]) == (0, True), "a time-out is no answer and is not asked again"
        elif name != "watch":
            assert (task["retries"], task["backoff"], task["callback"]) == (2, 2.0, True), name


@pytest.mark.parametrize("dag_id", INGEST)
def test_ingest_is_nightly_one_at_a_time_and_groups_are_independent(dags: dict[str, Any], dag_id: str) -> None:
    dag = dags[dag_id]
    assert (dag["expression"], dag["timezone"], dag["max_active_runs"]) == ("0 1 * * *", "Asia/Shanghai", 1)
    tasks = dag["tasks"]
    assert set(tasks) == {"plan", "group.fetch", "group.load", "done", "receipts", "watch"}
    assert tasks["group.fetch"]["mapped_in"] == tasks["group.load"]["mapped_in"] == "group"
    assert tasks["group.load"]["upstream"] == ["group.fetch", "plan"]
    assert tasks["done"]["outlets"] == [f"xiezuo://core/{dag_id.removeprefix('ingest_')}"]
    assert tasks["watch"]["upstream"] == ["done", "group.fetch", "group.load", "plan", "receipts"]


def test_build_waits_for_any_source_and_summaries_for_the_calendar(dags: dict[str, Any]) -> None:
    assert dags["build"]["condition"].endswith("AssetAny")
    assert dags["build"]["waits_for"] == ASSETS
    assert dags["build"]["max_active_runs"] == 1
    assert dags["monthly_summary"]["timetable"] == "MonthClosing"
    assert dags["annual_summary"]["timetable"] == "YearClosing"
    assert set(dags["monthly_summary"]["params"]) == {"period", "until", "county"}
    assert set(dags["annual_summary"]["params"]) == {"period", "county"}


@pytest.mark.parametrize(("dag_id", "timetable"), [("close", "MonthClosing"), ("close_annual", "YearClosing")])
def test_a_close_asks_each_county_by_itself(dags: dict[str, Any], dag_id: str, timetable: str) -> None:
    dag = dags[dag_id]
    assert dag["timetable"] == timetable
    assert set(dag["params"]) == {"period", "county", "reason"}
    tasks = dag["tasks"]
    assert set(tasks) == {"draft", "group.ask", "group.freeze", "group.goes_on", "group.again"}
    assert {task["mapped_in"] for name, task in tasks.items() if name != "draft"} == {"group"}
    assert tasks["group.freeze"]["upstream"] == ["draft", "group.ask"]


def test_figures_documents_and_releases_are_assets_and_say_what_they_come_from(dags: dict[str, Any]) -> None:
    figures = ["xiezuo://figures"]
    build = dags["build"]["tasks"]["build"]
    assert (build["inlets"], build["outlets"]) == (ASSETS, ["xiezuo_figures"])
    for dag_id in ("monthly_summary", "annual_summary"):
        task = dags[dag_id]["tasks"]["summarise"]
        assert (task["inlets"], task["outlets"]) == (figures, ["xiezuo_documents", "xiezuo_figures"])
    for dag_id in CLOSE:
        tasks = dags[dag_id]["tasks"]
        assert (tasks["draft"]["inlets"], tasks["draft"]["outlets"]) == (figures, ["xiezuo_figures"])
        assert (tasks["group.freeze"]["inlets"], tasks["group.freeze"]["outlets"]) == (figures, ["xiezuo_releases"])


def test_what_is_ready_is_told_by_county_and_period_and_many_at_once_as_one(parsed: dict[str, Any]) -> None:
    told = parsed["told"]
    extra = {"county": "000000", "period": "2022-09"}
    assert told["none"] == []
    assert told["one"] == [["xiezuo://figures", {"count": 1, "ready": [extra]}], ["xiezuo://figures/000000/2022-09", extra]]
    assert told["many"] == [["xiezuo://figures", {"count": 501, "ready": []}]]
    assert told["most"] == [[501]]


def test_only_ingest_promises_a_time(dags: dict[str, Any]) -> None:
    assert {dag_id: dag["promises"] for dag_id, dag in dags.items() if dag["promises"]} == {dag_id: ["05:00"] for dag_id in INGEST}


def test_names_of_owners_lead_somewhere_and_what_is_no_link_is_left_out(dags: dict[str, Any], tmp_path: Path) -> None:
    assert all(dag["owner_links"] == {} for dag in dags.values()), "nobody said where the pages are"
    links = "县人社局=mailto:labour@example.com 县商务局=somewhere 县财政局"
    told = probe(tmp_path, "structure", XIEZUO_OWNER_LINKS=links, XIEZUO_BASE_URL="https://xz.example/")["structure"]["dags"]
    assert told["ingest_labour"]["owner_links"] == {"县人社局": "mailto:labour@example.com"}
    assert told["ingest_sales"]["owner_links"] == {}
    assert told["ingest_fund"]["owner_links"] == {"县财政局": "https://xz.example/dags?owners=%E5%8E%BF%E8%B4%A2%E6%94%BF%E5%B1%80"}
    assert set(told["build"]["owner_links"]) == {"运维"}


def test_forms_are_made_on_the_first_of_each_month(dags: dict[str, Any]) -> None:
    dag = dags["forms"]
    assert (dag["expression"], dag["timezone"], dag["max_active_runs"]) == ("0 7 1 * *", "Asia/Shanghai", 1)
    assert (set(dag["tasks"]), set(dag["params"])) == ({"make"}, {"period", "county"})


def test_upkeep_runs_every_morning_and_no_task_of_it_stops_another(dags: dict[str, Any]) -> None:
    dag = dags["upkeep"]
    assert (dag["expression"], dag["timezone"], dag["max_active_runs"]) == ("30 6 * * *", "Asia/Shanghai", 1)
    assert set(dag["tasks"]) == {"arrivals", "alerts", "purge", "watch"}
    assert dag["tasks"]["alerts"]["rule"] == dag["tasks"]["purge"]["rule"] == "all_done"
    assert dag["tasks"]["watch"]["upstream"] == ["alerts", "arrivals", "purge"]


def test_a_backup_is_made_every_night(dags: dict[str, Any]) -> None:
    dag = dags["backup"]
    assert (dag["expression"], dag["timezone"], dag["max_active_runs"]) == ("0 4 * * *", "Asia/Shanghai", 1)
    assert (set(dag["tasks"]), set(dag["params"])) == ({"backup"}, set())


def test_the_pool_is_used_only_where_it_is_said_to_exist(dags: dict[str, Any], tmp_path: Path) -> None:
    assert {task["pool"] for dag in dags.values() for task in dag["tasks"].values()} == {"default_pool"}
    pooled = probe(tmp_path, "structure", XIEZUO_PLATFORM_POOL="xiezuo_platform")["structure"]["dags"]
    assert [
        (dag_id, name)
        for dag_id, dag in sorted(pooled.items())
        for name, task in dag["tasks"].items()
        if task["pool"] == "xiezuo_platform"
    ] == [("ingest_fund", "group.fetch"), ("ingest_sales", "group.fetch")]


def test_closings_follow_the_calendar_file(parsed: dict[str, Any]) -> None:
    closings = parsed["closings"]
    august_closes_in_september = [
        "2022-10-10T08:00:00+08:00",  # September's: 8 and 9 October were worked, then Monday
        "2022-09-01T00:00:00+08:00",
        "2022-10-01T00:00:00+08:00",
    ]
    assert closings["month_after_august"] == august_closes_in_september
    assert closings["month_first_with_catchup"][:2] == ["2022-01-06T08:00:00+08:00", "2021-12-01T00:00:00+08:00"]
    assert closings["month_ended"] is None
    assert closings["year_after_2021"] == [
        "2023-01-10T08:00:00+08:00",
        "2022-01-01T00:00:00+08:00",
        "2023-01-01T00:00:00+08:00",
    ]
    assert closings["manual"] == ["2022-02-01T00:00:00+08:00", "2022-03-01T00:00:00+08:00"]


def test_a_manual_run_may_name_several_months(parsed: dict[str, Any]) -> None:
    assert parsed["closings"]["months"] == {
        "2022-11": ["2022-11"],
        "2022-11 to 2023-02": ["2022-11", "2022-12", "2023-01", "2023-02"],
        "2022-12 to 2022-12": ["2022-12"],
        "2022-12 to 2022-11": "ConfigError",
    }


def test_without_catchup_only_the_newest_missed_month_is_made_up_for(parsed: dict[str, Any]) -> None:
    closings = parsed["closings"]
    now = datetime.fromisoformat(closings["now"])
    missed, coming = (datetime.fromisoformat(closings[name][0]) for name in ("month_long_ago", "month_never"))
    assert missed <= now < coming
    assert now - missed < timedelta(days=45)
    assert coming - now < timedelta(days=45)
    assert now < datetime.fromisoformat(closings["year_never"][0]) < now + timedelta(days=376)


def test_what_was_loaded_is_announced(ran: dict[str, Any]) -> None:
    for name, groups in (("well", 3), ("single", 1)):
        assert ran[name]["run"] == "success"
        assert ran[name]["tasks"]["group.load"] == ["success"] * groups
        assert ran[name]["tasks"]["done"] == ["success"]
        assert ran[name]["events"] == 1


@pytest.mark.parametrize("name", ["well", "nothing"])
def test_what_was_held_back_stands_in_output_and_label(ran: dict[str, Any], name: str) -> None:
    """Also when nothing was loaded, and ``done`` is skipped."""
    counts, groups = ran[name]["counts"], {"well": 3, "nothing": 2}[name]
    assert counts["rows_quarantined"] == 2 * groups
    assert {(line["dataset"], line["reporting_unit"]) for line in counts["held_back"]} == {("labour_placement", "甲站")}
    words = {"well": "装载 1 · 隔离 2 行", "nothing": "拒收 1 · 隔离 2 行"}[name]
    assert ran[name]["labels"] == [f"labour:files:{n} {words}" for n in range(groups)]


@pytest.mark.parametrize("name", ["empty", "nothing"])
def test_nothing_loaded_announces_nothing_and_is_no_failure(ran: dict[str, Any], name: str) -> None:
    """``nothing`` also has refused files in it: they are reported, and fail no task."""
    assert ran[name]["run"] == "success"
    assert ran[name]["tasks"]["done"] == ["skipped"]
    assert ran[name]["events"] == 0


def test_a_group_of_which_nothing_is_new_is_not_loaded_and_not_counted(ran: dict[str, Any]) -> None:
    """No process is started for it: the scheduler itself skips what follows a fetch that found nothing."""
    run = ran["unchanged"]
    assert run["run"] == "success"
    assert run["tasks"]["group.fetch"] == run["tasks"]["group.load"] == ["skipped"] * 2
    assert run["tasks"]["done"] == ["skipped"]
    assert (run["loaded"], run["counts"], run["events"]) == ([], None, 0)


def test_an_unchanged_table_that_speaks_of_a_further_day_is_built(ran: dict[str, Any]) -> None:
    """Nothing was loaded, but figures are known up to a later day."""
    assert ran["days"]["tasks"]["done"] == ["success"]
    assert ran["days"]["events"] == 1


def test_a_dead_source_stops_no_load_but_the_run_ends_failed(ran: dict[str, Any]) -> None:
    run = ran["fetch"]
    assert run["tasks"]["group.fetch"] == ["failed", "success", "success"]
    assert run["loaded"] == [f"labour:files:{n}" for n in range(3)]
    assert run["tasks"]["done"] == ["success"]
    assert run["events"] == 1
    assert run["run"] == "failed"


def test_receipts_that_cannot_be_written_keep_no_figure_from_being_built(ran: dict[str, Any]) -> None:
    assert ran["receipts"]["tasks"]["receipts"] == ["failed"]
    assert (ran["receipts"]["run"], ran["receipts"]["events"]) == ("failed", 1)
    assert ran["nothing"]["tasks"]["receipts"] == ["success"], "a refused file is answered too"
    assert ran["unchanged"]["tasks"]["receipts"] == ["skipped"]


def test_a_plan_that_fails_ends_the_run_failed(ran: dict[str, Any]) -> None:
    assert ran["plan"]["run"] == "failed"
    assert ran["plan"]["events"] == 0


@pytest.mark.parametrize(
    ("words", "executor", "waits", "is_loaded"),
    [
        (["scheduler"], "LocalExecutor", "0", True),
        (["scheduler"], "LocalExecutor", "1", True),
        pytest.param(["celery", "worker"], "CeleryExecutor", "", True, marks=pytest.mark.sweep),
        (["scheduler"], "CeleryExecutor", "", False),
        (["dag-processor"], "LocalExecutor", "", False),
    ],
)
def test_whoever_forks_the_tasks_has_loaded_what_they_need(
    words: list[str], executor: str, waits: str, is_loaded: bool, tmp_path: Path
) -> None:
    """And nobody else has: a task then imports no module of Airflow's or ours that is worth a millisecond.

    What judges rows is left out where XIEZUO_NOTHING_WAITS says that there is none.
    """
    code = (
        "import json, sys; sys.argv = json.loads(sys.argv[1]); import airflow_local_settings as s;"
        "print(json.dumps(sorted(m for m in sys.modules if m.partition('.')[0] in"
        " ('pandas', 'great_expectations', 'xiezuo', 'xiezuo_airflow', 'airflow'))))"
    )
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("deploy/airflow", "plugins"))
    env = environment(tmp_path, PYTHONPATH=paths, AIRFLOW__CORE__EXECUTOR=executor, XIEZUO_NOTHING_WAITS=waits)
    command = [sys.executable, "-c", code, json.dumps(["airflow", *words])]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    for name in ("pandas", "great_expectations", "xiezuo.pipeline", "xiezuo_airflow.ingest", "airflow.sdk.execution_time.task_runner"):
        assert (name in loaded) is (is_loaded and not (waits == "1" and name == "great_expectations")), name


def test_parsing_costs_little_more_than_importing_airflow(tmp_path: Path) -> None:
    """CPU seconds of both, one after the other in one process; the better of two, so that load cancels out."""
    files = sorted(str(path) for path in (ROOT / "dags").glob("*.py"))
    code = (
        "import resource, runpy, sys, airflow.sdk\n"
        "def spent(): u = resource.getrusage(resource.RUSAGE_SELF); return u.ru_utime + u.ru_stime\n"
        f"alone = spent(); [runpy.run_path(path) for path in {files!r}]\n"
        "print(alone, spent(), *sys.modules)"
    )
    env = environment(tmp_path, PYTHONPATH=str(ROOT / "plugins"))
    ratios, loaded = [], set()
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        alone, whole, *modules = done.stdout.splitlines()[-1].split()
        ratios.append(float(whole) / float(alone))
        loaded |= set(modules)
    assert min(ratios) <= 1.5
    assert "airflow.sdk" in loaded
    for heavy in ("pandas", "great_expectations", "openpyxl", "xiezuo.pipeline"):
        assert heavy not in loaded, f"{heavy} is imported while a Dag is parsed"
