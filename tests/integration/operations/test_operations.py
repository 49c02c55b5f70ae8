"""What operations rely on: runs on record, missed arrivals, one message a trouble, and removal that spares evidence."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.integration.airflow.probe import ask
from xiezuo import pipeline
from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.base.settings import Settings
from xiezuo.cli import main
from xiezuo.declared.operations import NO_COUNTY, AlertTerms, Retention, load_operations
from xiezuo.operations import alerts as notify
from xiezuo.operations import runs, troubles
from xiezuo.operations.alerts import VARIABLE, Alert
from xiezuo.operations.arrivals import Missed, missed
from xiezuo.operations.retention import purge, purge_person
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse.digest import digest
from xiezuo_sample.codes import identity_number

ROOT = Path(__file__).parents[3]
LEDGER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
MEETINGS = ["会议时间", "会议类型", "议题"]
# The year is read from its first day on; documents are written of January and the year: every month takes its time.
YEAR = (date(2022, 1, 1), date(2022, 1, 31))


def person(serial: int) -> str:
    return identity_number(serial, date(1990, 1, 1 + serial % 28))


def ledger(station: str, reported: str, people: int = 3, bad: int = 0) -> list[Sequence[Any]]:
    rows = [["张三", person(n), "会师镇", "天津市", "晨屿电子", "2022-03-05"] for n in range(1, people + 1)]
    wrong = [["李四", f"99000019900101{n:04d}", "会师镇", "天津市", "晨屿电子", "2022-03-05"] for n in range(bad)]
    return [["劳务输转台账", f"填报单位：{station}", f"填报日期：{reported}"], LEDGER, *rows, *wrong]


@pytest.fixture
def hook(httpserver: HTTPServer) -> HTTPServer:
    """Return a server that takes every message."""
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    return httpserver


def told(hook: HTTPServer) -> list[str]:
    """Return the messages since the last time, title and text."""
    found = [request.json for request, _ in hook.log]
    hook.clear_log()
    return [f"{message['title']}\n{message['message']}" for message in found if message]


def with_hook(office: Any, hook: HTTPServer) -> Any:
    url = f"json://127.0.0.1:{hook.port}/hook"
    return type(office)(replace(office.settings, environ={**office.settings.environ, VARIABLE: url}))


# --- runs -------------------------------------------------------------------------------------------------


def lines(office: Any, columns: str = "county_code, stage, part, source, state") -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = office.ask(f"select {columns} from audit.run order by run_no")
    return found


def test_each_stage_of_a_run_is_one_line(office: Any) -> None:
    office.drop("labour/甲站.csv", ledger("甲站", "2022-06-30", people=3, bad=2))
    office.drop("labour/坏.csv", [["没有表头"]])
    done = pipeline.run(office.settings, county="620422", first=YEAR[0], last=YEAR[1], sources=("labour",))
    assert lines(office) == [
        (NO_COUNTY, "plan", "labour", "labour", "done"),
        ("620422", "fetch", "labour:files:0", "labour", "done"),
        ("620422", "load", "labour:files:0", "labour", "done"),
        (NO_COUNTY, "build", "", "", "done"),
        (NO_COUNTY, "receipts", "", "", "done"),
    ]
    assert len(set(lines(office, "run_id"))) == 1
    counts = "batches_loaded, batches_refused, batches_gated, rows_read, rows_quarantined, finished_at is not null"
    assert lines(office, counts)[2] == (1, 1, 0, 7, 2, True)
    built = lines(office, "periods_built")[3][0]
    assert built == done["built"]["periods"] > 0


def test_what_was_held_back_is_counted_by_dataset_and_unit(office: Any) -> None:
    for station, bad in (("甲站", 2), ("乙站", 0), ("丙站", 1)):
        office.drop(f"labour/{station}.csv", ledger(station, "2022-06-30", bad=bad))
    office.drop("labour/坏.csv", [["没有表头"]])
    (group,) = pipeline.plan(office.settings, "labour", groups=1)
    pipeline.fetch(office.settings, group)
    report = pipeline.load(office.settings, group)
    assert (report["loaded"], report["refused"], report["rows_quarantined"]) == (3, 1, 3)
    held = {(line["dataset"], line["reporting_unit"]): line for line in report["held_back"]}
    assert set(held) == {("", ""), ("labour_placement", "甲站"), ("labour_placement", "丙站")}
    assert held["labour_placement", "甲站"]["rows_quarantined"] == 2
    assert "坏.csv" in held["", ""]["place"]
    assert person(1) not in json.dumps(report, default=str)


def test_a_stage_that_fails_is_recorded_and_tried_again_on_the_same_line(office: Any) -> None:
    with pytest.raises(SourceDown), runs.recorded(office.settings, "dag:1", "fetch", lines=[("620422", "p")]):
        raise SourceDown("the ledger does not answer", zh="台账库没有应答")
    assert lines(office, "state, sources_down, reason_zh") == [("failed", 1, "台账库没有应答")]
    with runs.recorded(office.settings, "dag:1", "fetch", lines=[("620422", "p")]):
        assert lines(office, "state, sources_down, finished_at is null") == [("running", 0, True)]
    assert lines(office, "state, sources_down, reason_zh") == [("done", 0, "")]


def test_an_error_that_is_not_ours_is_named_by_its_kind_only(office: Any) -> None:
    with pytest.raises(ValueError, match="张三"), runs.recorded(office.settings, "dag:1", "load"):
        raise ValueError("张三 990000199001010000")
    assert lines(office, "reason_zh") == [("ValueError",)]


# --- arrivals ---------------------------------------------------------------------------------------------


def labour(settings: Settings, today: str | None = None) -> list[Missed]:
    day = date.fromisoformat(today) if today else None
    return [one for one in missed(settings, today=day) if one.dataset == "labour_placement"]


def agreed(settings: Settings, tmp_path: Path, change: str) -> Settings:
    """Return settings of a project whose operations.yaml was changed by a sentence for county 620422."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("expectations", "src"):
        (root / name).symlink_to(ROOT / name)
    (root / "include").mkdir()
    for path in (ROOT / "include").iterdir():
        if path.name != "operations.yaml":
            (root / "include" / path.name).symlink_to(path)
    text = (ROOT / "include/operations.yaml").read_text(encoding="utf-8")
    assert "counties: {}" in text
    text = text.replace("counties: {}", f'counties: {{"620422": {{{change}}}}}')
    (root / "include/operations.yaml").write_text(text, encoding="utf-8")
    return replace(settings, root=root)


def test_a_station_that_reported_before_and_stopped_is_missed(office: Any) -> None:
    """November's ledger is due on 7 December: one stated from the 20th on counts, one in October does not."""
    for station, reported in (("甲站", "2022-11-25"), ("乙站", "2022-10-31"), ("丙站", "2022-12-05")):
        office.deliver(f"labour/{station}.csv", ledger(station, reported))
    assert labour(office.settings, "2022-12-07") == []
    (late,) = labour(office.settings, "2022-12-08")
    assert (late.county_code, late.reporting_unit, late.period) == ("620422", "乙站", "2022-11")
    assert (late.due_on, late.last_seen) == (date(2022, 12, 7), date(2022, 10, 31))
    assert "乙站" in late.zh
    office.deliver("labour/乙站_2022-11.csv", ledger("乙站", "2022-11-30"))  # the same rows, stated again
    assert labour(office.settings, "2022-12-08") == []


def test_a_township_that_never_reported_is_found_through_the_divisions(office: Any, tmp_path: Path) -> None:
    settings = agreed(office.settings, tmp_path, "labour_placement: {who: townships}")
    office.deliver("labour/会师.csv", ledger("会师镇劳务站", "2022-11-30"))
    late = labour(settings, "2022-12-08")
    towns = office.ask("select count(*) from core.division where level = 'township' and county_code = '620422'")[0][0]
    units = {one.reporting_unit for one in late}
    assert len(late) == towns - 1 > 20
    assert "会师镇" not in units
    assert {one.last_seen for one in late} == {None}
    assert "从未报送" in late[0].zh


def test_a_station_that_is_no_more_is_not_expected(office: Any, tmp_path: Path) -> None:
    office.deliver("labour/乙站.csv", ledger("乙站", "2022-06-30"))
    settings = agreed(office.settings, tmp_path, "labour_placement: {ended: {乙站: 2022-06-30}}")
    assert [one.reporting_unit for one in labour(office.settings)] == ["乙站"]
    assert labour(settings) == []
    (tmp_path / "b").mkdir()
    assert labour(agreed(office.settings, tmp_path / "b", "labour_placement: {expected: false}")) == []


def test_a_connected_platform_or_ledger_that_was_never_read_is_missed(office: Any) -> None:
    document = {"conn_type": "http", "host": "127.0.0.1", "port": 1, "schema": "http", "login": "key", "password": "word",
                "extra": {"profile": "top", "platform": "taobao", "county_code": "620422", "session": "s"}}  # fmt: skip
    fund = {"conn_type": "generic", "extra": {"sqlalchemy_url": "sqlite:///nowhere.db"}}
    names = {"AIRFLOW_CONN_SALES_620422_TAOBAO": json.dumps(document), "AIRFLOW_CONN_FUND_LEDGER": json.dumps(fund)}
    settings = replace(office.settings, environ={**office.settings.environ, **names})
    streams = {(one.dataset, one.reporting_unit) for one in missed(settings) if one.reporting_unit}
    assert ("sales_order", "sales_620422_taobao") in streams
    assert {dataset for dataset, _ in streams} == {"sales_order", "fund_allocation", "fund_project"}
    assert not [one for one in missed(office.settings) if one.dataset == "sales_order"]


def test_an_unknown_county_is_said(office: Any) -> None:
    with pytest.raises(ConfigError, match="999999"):
        missed(office.settings, "999999")


# --- alerts -----------------------------------------------------------------------------------------------

DOWN = Alert("source_down", "620422", "sales:a", "来源未响应：a", "请联系对方", severity="error")


def settle(office: Any, *alerts: Alert) -> notify.Sent:
    return notify.settle(office.settings, alerts, ["source_down"])


def test_repeated_trouble_is_one_message_until_it_changes_lasts_or_is_gone(office: Any, hook: HTTPServer) -> None:
    office = with_hook(office, hook)
    settle(office, DOWN)
    (first,) = told(hook)
    assert "新发现" in first
    assert DOWN.key in first
    for _ in range(3):
        settle(office, DOWN)
    settle(office, replace(DOWN, body_zh="请再联系对方"))  # a number that grew
    assert told(hook) == []
    settle(office, replace(DOWN, fact="别的原因"))
    assert "有变化" in told(hook)[0]
    later = office.at("2023-01-03T22:00:00+08:00")
    settle(later, replace(DOWN, fact="别的原因"))
    assert told(hook) == []
    later = office.at("2023-01-03T23:30:00+08:00")
    settle(later, replace(DOWN, fact="别的原因"))
    assert "仍未解决" in told(hook)[0]
    settle(later)
    (gone,) = told(hook)
    assert "已解除" in gone
    settle(later)
    assert told(hook) == []
    assert office.ask("select times, resolved_at is not null, state from audit.alert") == [(8, True, "sent")]
    settle(later, DOWN)
    assert "新发现" in told(hook)[0]
    assert office.ask("select times, resolved_at is null from audit.alert") == [(1, True)]


def test_many_troubles_of_a_county_are_one_message(office: Any, hook: HTTPServer) -> None:
    office = with_hook(office, hook)
    settle(office, *(replace(DOWN, subject=f"sales:{n}", title_zh=f"来源{n}") for n in range(8)))
    (message,) = told(hook)
    assert "8 项告警" in message
    settle(office, *(replace(DOWN, subject=f"sales:{n}") for n in range(7)))
    (message,) = told(hook)
    assert "1 项已解除" in message
    assert "来源7" in message


def test_only_the_kinds_looked_at_are_gone(office: Any, hook: HTTPServer) -> None:
    office = with_hook(office, hook)
    settle(office, DOWN)
    told(hook)
    notify.settle(office.settings, [], ["arrival_missed"])
    notify.settle(office.settings, [], ["source_down"], county="620423")
    notify.send(office.settings, [])
    assert told(hook) == []
    assert office.ask("select count(*) from audit.alert where resolved_at is null") == [(1,)]


def test_a_dead_notifier_fails_nothing_and_is_caught_up_with(office: Any, hook: HTTPServer, caplog: Any) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        dead = f"json://127.0.0.1:{bound.getsockname()[1]}/secretsecretsecret"
        broken = type(office)(replace(office.settings, environ={**office.settings.environ, VARIABLE: dead}))
        sent = settle(broken, DOWN)
    assert (sent.told, sent.untold) == (0, 1)
    assert sent.dead_targets
    assert office.ask("select state, last_sent from audit.alert") == [("failed", None)]
    assert "secretsecret" not in caplog.text + repr(sent)
    assert settle(office, DOWN).untold == 1  # nobody is configured
    assert office.ask("select state from audit.alert") == [("unaddressed",)]
    settle(with_hook(office, hook), DOWN)
    assert "新发现" in told(hook)[0]
    assert office.ask("select state from audit.alert") == [("sent",)]


def test_muting_needs_a_reason_and_an_end_and_ends(office: Any, hook: HTTPServer) -> None:
    office = with_hook(office, hook)
    settle(office, DOWN)
    told(hook)
    for reason, until in ((" ", date(2023, 1, 10)), ("平台检修", date(2022, 12, 30)), ("平台检修", date(2023, 6, 1))):
        with pytest.raises(ConfigError):
            notify.mute(office.settings, DOWN.key, reason=reason, until=until)
    with pytest.raises(ConfigError, match="no alert"):
        notify.mute(office.settings, "source_down.none", reason="平台检修", until=date(2023, 1, 10))
    notify.mute(office.settings, DOWN.key, reason=f"平台检修 {person(1)}", until=date(2023, 1, 10))
    (listed,) = notify.listed(office.settings)
    assert (listed["state"], listed["muted_until"]) == ("muted", date(2023, 1, 10))
    assert person(1) not in listed["mute_reason"]
    quiet = office.at("2023-01-10T23:00:00+08:00")
    settle(quiet, replace(DOWN, fact="别的"))
    assert told(hook) == []
    heard = office.at("2023-01-11T00:30:00+08:00")
    settle(heard, replace(DOWN, fact="别的"))
    assert "有变化" in told(hook)[0]
    assert notify.listed(office.settings)[0]["mute_reason"] is None


def test_muting_one_trouble_leaves_every_other_heard(office: Any, hook: HTTPServer) -> None:
    """Neither another of the same kind and county, nor the same one of another county, falls silent with it."""
    office = with_hook(office, hook)
    other, elsewhere = replace(DOWN, subject="sales:b", title_zh="来源未响应：b"), replace(DOWN, county_code="620423")
    settle(office, DOWN, other, elsewhere)
    told(hook)
    notify.mute(office.settings, DOWN.key, reason="平台检修", until=date(2023, 1, 10))
    states = {one["alert_key"]: one["state"] for one in notify.listed(office.settings)}
    assert states == {DOWN.key: "muted", other.key: "sent", elsewhere.key: "sent"}
    settle(office, *(replace(alert, fact="别的原因") for alert in (DOWN, other, elsewhere)))
    heard = "".join(told(hook))
    assert [key in heard for key in (DOWN.key, other.key, elsewhere.key)] == [False, True, True]


def test_a_person_in_an_alert_is_masked(office: Any, hook: HTTPServer) -> None:
    office = with_hook(office, hook)
    named = Alert("file_refused", "620422", f"{person(7)}.xlsx", f"文件被拒收：{person(7)}.xlsx", "电话 13800138000")
    notify.send(office.settings, [named])
    said = told(hook)[0] + repr(notify.listed(office.settings))
    assert person(7) not in said
    assert "13800138000" not in said


# --- findings ---------------------------------------------------------------------------------------------


def kinds(settings: Settings) -> dict[str, list[Alert]]:
    found: dict[str, list[Alert]] = {}
    for alert in troubles.found(settings, [kind for kind in troubles.FINDERS if kind != "arrival_missed"]):
        found.setdefault(alert.kind, []).append(alert)
    return found


def test_a_refused_file_is_found_until_it_is_corrected_or_taken_out(office: Any) -> None:
    path = office.drop("labour/坏.csv", [["没有表头"]])
    office.take("labour")
    (alert,) = kinds(office.settings)["file_refused"]
    assert alert.subject == "620422/labour/坏.csv"
    office.deliver("labour/坏.csv", ledger("甲站", "2022-06-30"))
    assert kinds(office.settings) == {}
    office.deliver("labour/另.csv", [["也没有表头"]])
    assert list(kinds(office.settings)) == ["file_refused"]
    (path.parent / "另.csv").unlink()
    assert kinds(office.settings) == {}


def test_a_closed_gate_is_found(office: Any) -> None:
    rows = [["张三", f"99000019900101{n:04d}", "会师镇", "天津市", "晨屿电子", "2022-03-05"] for n in range(30)]
    (batch,) = office.deliver("labour/甲站.csv", [["劳务输转台账", "填报单位：甲站", "填报日期：2022-06-30"], LEDGER, *rows])
    assert batch["state"] == "gated"
    (alert,) = kinds(office.settings)["gate_closed"]
    assert "甲站.csv" in alert.title_zh


def test_a_growing_quarantine_is_found_once_it_is_many_rows_and_a_share(office: Any) -> None:
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-06-30", people=150, bad=15))
    assert kinds(office.settings) == {}
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-07-31", people=150, bad=30))
    (alert,) = kinds(office.settings)["quarantine_growing"]
    assert "甲站" in alert.subject
    week = office.at("2023-01-08T23:00:00+08:00")
    assert kinds(week.settings) == {}
    week.deliver("labour/甲站.csv", ledger("甲站", "2022-08-31", people=150))
    assert kinds(week.settings) == {}


def test_a_source_that_is_down_is_found_until_it_answers(office: Any) -> None:
    fund = {"conn_type": "generic", "extra": {"sqlalchemy_url": "postgresql+psycopg://a:b@127.0.0.1:1/x"}}
    environ = {**office.settings.environ, "AIRFLOW_CONN_FUND_LEDGER": json.dumps(fund)}
    settings = replace(office.settings, environ=environ)
    (group,) = pipeline.plan(settings, "fund")
    with pytest.raises(SourceDown):
        pipeline.fetch(settings, group, run_id="ingest_fund:1")
    found = kinds(settings)
    assert list(found) == ["source_down"]
    assert found["source_down"][0].county_code == "620422"
    assert kinds(office.settings) == {}, "what is connected no more is no trouble"
    with runs.recorded(settings, "ingest_fund:2", "fetch", lines=[("620422", group["group"])]):
        pass
    assert kinds(settings) == {}


def test_a_failed_or_killed_run_is_found_until_the_next_one_ends_well(office: Any) -> None:
    with pytest.raises(OSError, match="full"), runs.recorded(office.settings, "ingest_labour:1", "load", part="p"):
        raise OSError("disk full")
    runs.note_failure(office.settings, "ingest_labour:1", "group.load[0]", "别的")
    runs.note_failure(office.settings, "monthly_summary:1", "summarise", "磁盘已满")
    found = {alert.subject: alert for alert in kinds(office.settings)["run_failed"]}
    assert set(found) == {"ingest_labour", "monthly_summary"}
    assert "OSError" in found["ingest_labour"].body_zh
    for run_id in ("ingest_labour:2", "monthly_summary:2"):
        with runs.recorded(office.settings, run_id, "load"):
            pass
    assert kinds(office.settings) == {}
    killed = runs.recorded(office.settings, "build:1", "build")
    killed.__enter__()
    assert kinds(office.settings) == {}
    (alert,) = kinds(office.at("2023-01-01T06:00:00+08:00").settings)["run_failed"]
    assert "运行中断" in alert.body_zh


def test_a_check_that_differs_is_found(office: Any) -> None:
    office.ask(
        "insert into audit.reconciliation values ('620422', 'some_check', '2022', 1, 2, -1, 'differs', '差一'),"
        " ('620422', 'other_check', '2022', 1, 1, 0, 'holds', '')"
    )
    (alert,) = kinds(office.settings)["reconciliation_differs"]
    assert alert.subject == "some_check"


def test_the_command_line_lists_mutes_and_sends(
    office: Any, hook: HTTPServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office = with_hook(office, hook)
    for name, text in office.settings.environ.items():
        monkeypatch.setenv(name, text)
    office.deliver("labour/坏.csv", [["没有表头"]])
    assert main(["alerts", "send", "--json"]) == 0
    sent = json.loads(capsys.readouterr().out)
    assert sent["told"] == sent["met"] > 1
    assert told(hook)
    assert main(["alerts", "list", "--json"]) == 0
    alerts = json.loads(capsys.readouterr().out)["alerts"]
    key = next(one["alert_key"] for one in alerts if one["kind"] == "file_refused")
    assert main(["alerts", "mute", key, "--reason", "等待更正", "--until", "2023-01-10"]) == 0
    assert main(["alerts", "mute", key, "--reason", "等待更正", "--until", "2024-01-10"]) == 2
    capsys.readouterr()
    assert main(["alerts", "list"]) == 0
    assert "等待更正" in capsys.readouterr().out
    assert main(["alerts", "unmute", key]) == 0
    assert main(["alerts", "test"]) == 0
    assert "测试" in told(hook)[0]
    assert main(["arrivals", "--json", "--county", "620422"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out[out.index("{") :])["missed"]


# --- retention --------------------------------------------------------------------------------------------


def removed(done: dict[str, Any]) -> dict[str, int]:
    return {line["kind"]: line["items"] for line in done["removed"]}


def age(settings: Settings) -> None:
    """Make what is landed look as old as the clock says."""
    for path in settings.landing_dir.glob("??/*"):
        os.utime(path, (0, 0))


def landed(office: Any, place: str) -> list[Path]:
    rows = office.ask("select sha256 from audit.landing where uri like %s", f"%{place}")
    return [office.settings.landing_dir / sha[:2] / sha for (sha,) in rows]


def test_bytes_that_stored_rows_come_from_stay_and_superseded_ones_go(office: Any) -> None:
    office.drop("labour/甲站.csv", ledger("甲站", "2022-06-30", people=2))
    office.take("labour")
    (old,) = landed(office, "甲站.csv")
    office.deliver("labour/甲站_新.csv", ledger("甲站", "2022-07-31", people=3))
    (new,) = landed(office, "甲站_新.csv")
    later = office.at("2025-03-01T00:00:00+08:00")
    age(office.settings)
    figures = office.ask("select count(*), min(row_hash) from core.labour_placement")
    assert removed(purge(later.settings, dry_run=True))["landing"] == 1
    assert old.exists()
    assert office.ask("select count(*) from audit.purge") == [(0,)]
    assert removed(purge(later.settings))["landing"] == 1
    assert not old.exists()
    assert new.exists()
    assert office.ask("select count(*), min(row_hash) from core.labour_placement") == figures
    assert office.ask("select kind, items from audit.purge where kind = 'landing'") == [("landing", 1)]
    assert "landing" not in removed(purge(later.settings))
    assert office.take("labour") == [], "what was purged is not read again"


def test_an_open_question_keeps_its_bytes_and_its_row(office: Any) -> None:
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-06-30", people=0, bad=1))
    (path,) = landed(office, "甲站.csv")
    age(office.settings)
    later = office.at("2030-01-01T00:00:00+08:00")
    done = removed(purge(later.settings))
    assert not {"landing", "rejected_row", "quarantine"} & set(done)
    assert path.exists()


def test_what_was_answered_goes_after_its_time(office: Any) -> None:
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-06-30", people=1, bad=1))
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-07-31", people=2))
    assert office.ask("select state from audit.quarantine") == [("corrected",)]
    purge(office.settings)  # notes that it was answered
    answered, kept = office.settings.now(), load_operations(office.settings.root).retention

    def removed_after(days: int | None) -> dict[str, int]:
        assert days is not None, "the rows of this test are kept for a time"
        return removed(purge(office.at((answered + timedelta(days=days)).isoformat()).settings))

    assert "rejected_row" not in removed_after(kept.rejected_row_days), "its last day is a day it is kept"
    assert removed_after((kept.rejected_row_days or 0) + 1)["rejected_row"] == 1
    assert office.ask("select count(*) from audit.quarantine") == [(1,)]
    assert "quarantine" not in removed_after(kept.quarantine_days)
    assert removed_after((kept.quarantine_days or 0) + 1)["quarantine"] == 1


def test_names_go_when_nothing_was_stated_of_a_person_for_years_and_figures_stay(office: Any) -> None:
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-06-30", people=2))
    office.ask("update vault.person set stored_on = '2022-06-30'")
    assert "person" not in removed(purge(office.at("2027-06-01T00:00:00+08:00").settings))
    assert removed(purge(office.at("2027-08-01T00:00:00+08:00").settings))["person"] == 2
    assert office.ask("select count(*) from vault.person") == [(0,)]
    assert office.ask("select count(distinct person_key) from core.labour_placement") == [(2,)]


def test_one_person_is_removed_on_request_and_only_that_one(
    office: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-06-30", people=2))
    held = ledger("乙站", "2022-06-30", people=1)
    held[2] = [*held[2][:2], "不存在的乡", "天津市", "晨屿电子", "没有时间"]
    office.deliver("labour/乙站.csv", held)
    assert office.ask("select count(*) from vault.rejected_row") == [(1,)]
    for name, text in office.settings.environ.items():
        monkeypatch.setenv(name, text)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{person(1)}\n"))
    assert main(["purge", "--person", "--reason", f"本人申请 {person(1)}", "--json"]) == 0
    out = capsys.readouterr().out
    done = json.loads(out)
    assert removed(done) == {"person_on_request": 1, "rejected_row": 1}
    assert ["甲站.csv" in place for place in done["still_in"]] == [True]
    keys = {key for (key,) in office.ask("select person_key from vault.person")}
    assert keys == {Privacy.of(office.settings).person_key(person(2))}
    assert office.ask("select count(distinct person_key) from core.labour_placement") == [(2,)]
    noted = repr(office.ask("select kind, items, reason_zh from audit.purge"))
    assert "本人申请" in noted
    assert person(1) not in noted + out + caplog.text
    with pytest.raises(ConfigError) as refused:
        purge_person(office.settings, "990000199001010000")
    assert "990000" not in str(refused.value)


def test_old_logs_runs_and_resolved_alerts_go(office: Any) -> None:
    settle(office, DOWN)
    settle(office)
    with runs.recorded(office.settings, "build:1", "build"):
        pass
    old, fresh = office.settings.home / "logs/old-of-a-test.log", office.settings.home / "logs/fresh-of-a-test.log"
    old.parent.mkdir(exist_ok=True)
    for path in (old, fresh):
        path.write_text("x", encoding="utf-8")
    os.utime(old, (0, 0))
    done = removed(purge(office.at("2024-06-01T00:00:00+08:00").settings))
    assert (done["run"], done["alert"]) == (1, 1)
    assert done["log"] >= 1
    assert not old.exists()
    assert fresh.exists()


def test_old_logs_of_airflow_s_tasks_go_with_their_folders_wherever_they_are(office: Any, tmp_path: Path) -> None:
    base = tmp_path / "logs"
    environ = {**office.settings.environ, "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(base)}
    settings = replace(office.settings, environ=environ)
    old, fresh = (base / f"dag_id=build/run_id={run}/task_id=build/attempt=1.log" for run in ("old", "fresh"))
    other = base / "dag_id=build/notes.txt"
    for path in (old, fresh, other):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    for path in (*base.rglob("*"), base):
        if path != fresh:
            os.utime(path, (0, 0))
    assert removed(purge(settings, dry_run=True))["log"] >= 1
    assert old.exists()
    purge(settings)
    assert sorted(path for path in base.rglob("*") if path.is_file()) == sorted([fresh, other])
    assert not old.parents[1].exists()


def test_bytes_no_landing_knows_go_unless_they_are_fresh(office: Any) -> None:
    folder = office.settings.landing_dir / "ff"
    folder.mkdir(parents=True, exist_ok=True)
    stray, fresh = folder / ("f" * 64), folder / ("ff" + "0" * 62)
    for path in (stray, fresh):
        path.write_bytes(b"x")
    os.utime(stray, (0, 0))
    purge(office.settings)
    assert not stray.exists()
    assert fresh.exists()
    fresh.unlink()


# --- Dags -------------------------------------------------------------------------------------------------


@pytest.fixture
def airflow(office: Any, hook: HTTPServer, tmp_path: Path, airflow_database: Path) -> Callable[..., tuple[Any, str]]:
    """Return a way to ask dags_probe.py on this warehouse."""

    def asked(question: str, **more: str) -> tuple[Any, str]:
        answer, said = ask(tmp_path, question, database=airflow_database, **(dict(with_hook(office, hook).settings.environ) | more))
        return answer[question], said

    return asked


def test_build_and_upkeep_tell_of_trouble_once_and_show_it(
    office: Any, hook: HTTPServer, airflow: Any, tmp_path: Path
) -> None:
    office.deliver("labour/甲站.csv", ledger("甲站", "2022-06-30", people=3))
    office.deliver("labour/坏.csv", [["没有表头"]])
    folder = tmp_path / "backups"
    folder.mkdir()
    ran, _ = airflow("upkeep", XIEZUO_BACKUP_DIR=str(folder))
    assert [ran[name]["run"] for name in ("build", "upkeep", "backup")] == ["success"] * 3
    assert ran["upkeep"]["tasks"] == {
        "arrivals": ["success"], "alerts": ["success"], "purge": ["success"], "watch": ["skipped"],
    }  # fmt: skip
    pushed = ran["build"]["pushed"]["build.return_value"]
    assert pushed["values"] > 0
    assert pushed["alerts"]["told"] > 1
    assert ran["upkeep"]["pushed"]["alerts.return_value"]["told"] == 0
    late = ran["upkeep"]["pushed"]["arrivals.return_value"]
    assert "甲站" in {one["reporting_unit"] for one in late}
    assert "坏.csv" in "".join(told(hook))
    stages = office.ask("select split_part(run_id, ':', 1), stage from audit.run where state = 'done' and run_id not like 'cli:%%'")
    assert set(stages) == {
        ("build", "build"), ("build", "alerts"), ("upkeep", "alerts"), ("upkeep", "upkeep"), ("upkeep", "receipts"),
        ("forms", "publish"), ("backup", "backup"),
    }  # fmt: skip
    backed_up = ran["backup"]["pushed"]["backup.return_value"]
    assert [str(path) for path in folder.iterdir()] == [backed_up["file"]]
    assert (backed_up["tried"], backed_up["digest"]) == (True, digest(office.settings))
    assert ran["forms"]["run"] == "success"
    assert [path for path in ran["forms"]["pushed"]["make.return_value"] if Path(path).is_file() and "甲站" in path]
    assert person(1) not in json.dumps(ran)


def test_a_failed_task_is_told_of_at_once_and_secrets_are_not(office: Any, hook: HTTPServer, airflow: Any) -> None:
    fund = {"conn_type": "generic", "extra": {"sqlalchemy_url": "postgresql+psycopg://reader:hushhush@127.0.0.1:1/x"}}
    ran, said = airflow("failing", AIRFLOW_CONN_FUND_LEDGER=json.dumps(fund))
    assert ran["run"] == "failed"
    (message,) = told(hook)
    assert "来源未响应：fund_ledger" in message
    assert office.ask("select kind, state from audit.alert") == [("source_down", "sent")]
    assert "hushhush" not in said + message
    assert f"127.0.0.1:{hook.port}/hook" not in said


def test_every_term_and_every_kind_of_alert_is_explained_to_operations() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    wanted = {*Retention.model_fields, *AlertTerms.model_fields, *troubles.FINDERS}
    assert len(wanted) > 15
    assert {name for name in wanted if f"`{name}`" not in text} == set()
    chinese = (ROOT / "docs/operations.zh-CN.md").read_text(encoding="utf-8")
    assert {name for name in troubles.FINDERS if f"`{name}`" not in chinese} == set()
