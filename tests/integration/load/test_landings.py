"""A load task: judged together or one by one, broken off or not, every landing ends as if it had come alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

import xiezuo_sample as sample
from tests.data import counties
from tests.data.sample_sources import sources
from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.conform import intake
from xiezuo.load import landings, taker
from xiezuo.load.stream import Stream
from xiezuo.load.taker import Taker
from xiezuo.operations.arrivals import missed
from xiezuo.warehouse import access, schema
from xiezuo.warehouse.digest import digest
from xiezuo_sample.platforms.server import PlatformServer

DDL = Path(__file__).parents[3] / "src/xiezuo_sample/fund/fund_ledger.sql"
MEETINGS = ["会议时间", "会议类型", "议题"]
ALLOCATIONS = ["文号", "下达日期", "年度", "下达资金（万元）"]


def meetings(*topics: str, month: int = 3) -> list[list[str]]:
    return [MEETINGS, *([f"2022-{month:02d}-{day:02d}", "政府常务会", topic] for day, topic in enumerate(topics, start=1))]


def allocations(*letters: str, total: str = "") -> list[list[str]]:
    rows = [[f"甘财振〔2022〕{letter}号", "2022-03-01", "2022", "100"] for letter in letters]
    return [["单位：万元"], ALLOCATIONS, *rows, *([["合计", "", "", total]] if total else [])]


def evidence(office: Any) -> dict[str, list[str]]:
    """Return all that loading leaves behind, but for the times at which it did so."""
    statements = {
        "batches": "select to_jsonb(b) - '{started_at,finished_at}'::text[] from audit.batch as b",
        "reasons": "select to_jsonb(q) from audit.quarantine as q",
        "coverage": "select to_jsonb(c) from audit.coverage as c",
        "months": "select distinct county_code, month::text from audit.touched_period",
        "snapshots": "select to_jsonb(s) from audit.snapshot_scope as s",
        "landings": "select state, count(*) from audit.landing group by 1",
    }
    return {
        name: sorted(json.dumps(row, sort_keys=True, default=str, ensure_ascii=False) for row in office.ask(said))
        for name, said in statements.items()
    } | {"digest": [digest(office.settings)]}


def test_grouping_leaves_no_trace(
    office: Any, fresh: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two counties' sales and money of two months: judged one by one, in bounded groups, all at once, pages streamed."""
    february = office.at("2022-02-28T23:00:00+08:00").settings
    settings = counties.settle(february, tmp_path, counties.shipped(), counties.invented())
    sample.generate(settings, "530999", 2022, 5, 0.02, tmp_path)
    sample.generate(settings, "620422", 2022, 3, 0.02, tmp_path)
    found = []
    streams: list[str] = []
    load = Stream.load

    def noted(stream: Stream, loader: Any, delivery: Any, *given: Any, **named: Any) -> Any:
        streams.append(delivery.uri)
        return load(stream, loader, delivery, *given, **named)

    monkeypatch.setattr(Stream, "load", noted)
    with PlatformServer(tmp_path, clock=settings.now) as server:
        connected = replace(settings, environ={**settings.environ, **sources(tmp_path, server)})
        for held, large in ((1, intake.LARGE_BYTES), (150, intake.LARGE_BYTES), (landings.HELD_ROWS, 1)):
            monkeypatch.setattr(landings, "HELD_ROWS", held)
            monkeypatch.setattr(intake, "LARGE_BYTES", large)
            fresh(tmp_path)
            schema.migrate(connected)  # which writes the counties down
            one = type(office)(connected)
            batches = [batch for source in ("sales", "fund") for batch in one.take(source)]
            assert len({batch["county_code"] for batch in batches}) == 2
            found.append(evidence(one))
            assert bool(streams) == (large == 1)
    one_by_one, bounded, streamed = found
    assert one_by_one["reasons"]
    assert bounded == one_by_one
    assert streamed == one_by_one


def test_what_is_held_is_bounded(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more landings are judged at once than memory is meant to hold."""
    for n in range(5):
        office.drop(f"work/会议_{n}.csv", meetings("议题一二三", "议题四五六", month=n + 1))
    held: list[list[int]] = []
    judge_all = landings.judge_all

    def noted(root: Path, taken: Any) -> None:
        held.append([one.rows for one in taken])
        judge_all(root, taken)

    monkeypatch.setattr(landings, "judge_all", noted)
    monkeypatch.setattr(landings, "HELD_ROWS", 4)
    assert {batch["state"] for batch in office.take("work")} == {"loaded"}
    assert held == [[2, 2], [2, 2], [2]]


def test_a_refused_or_gated_file_is_refused_alone(office: Any) -> None:
    """A file that cannot be read, one that is no ledger and one whose total is wrong, among good ones."""
    office.drop("fund/甲.csv", allocations("1", "2", total="200"))
    office.drop("fund/乙.csv", allocations("3", "4", total="900"))
    office.drop("fund/丙.csv", [["随便", "写写"], ["1", "2"]])
    (office.settings.inbox / "620422/fund/丁.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    office.drop("fund/戊.csv", allocations("5"))
    assert len(office.take("fund")) == 5
    refused = office.ask("select state, refusal_code from audit.batch where state <> 'loaded' order by 2")
    assert refused == [("gated", "CONTROL_TOTAL"), ("refused", "FILE_CORRUPT"), ("refused", "NO_LEDGER_FOUND")]
    assert office.ask("select count(*) from core.fund_allocation") == [(3,)]
    assert waiting(office) == []


def waiting(office: Any) -> list[str]:
    """Return the places of landings that are still to be loaded."""
    rows = office.ask("select details ->> 'place' from audit.landing where state = 'landed' order by 1")
    return [Path(place).stem for (place,) in rows]


def test_a_broken_suite_keeps_out_what_it_would_judge_and_nothing_else(office: Any, tmp_path: Path) -> None:
    """The task fails and says why; once the suite is right, what waited is loaded."""
    root = tmp_path / "root"
    for folder in ("include", "expectations"):
        shutil.copytree(office.settings.root / folder, root / folder)
    suite = root / "expectations" / "work_meeting.rows.yaml"
    right = suite.read_text(encoding="utf-8")
    suite.write_text(right.replace("expect_column", "expect_lovely_column"), encoding="utf-8")
    broken = type(office)(replace(office.settings, root=root))
    broken.drop("work/甲会议.csv", meetings("东西部协作议题"))
    broken.drop("work/乙互访.csv", [["方向", "开始日期", "带队领导", "级别"], ["东部来访", "2022-03-05", "甲某", "县处级"]])
    broken.drop("work/丙会议.csv", meetings("另一次议题", month=4))
    with pytest.raises(ConfigError, match="expect_lovely_column"):
        broken.take("work")
    assert waiting(broken) == ["丙会议", "甲会议"]
    assert broken.ask("select dataset from audit.batch") == [("work_visit",)]
    office.take("work")
    assert waiting(office) == []
    assert office.ask("select dataset from audit.batch order by 1") == [("work_meeting",), ("work_meeting",), ("work_visit",)]


def test_an_error_nobody_foresaw_waits_for_its_turn(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands before a file that breaks the reader is loaded; the file and what follows it stay."""
    for name in ("a", "b", "c"):
        office.drop(f"work/{name}.csv", meetings(f"议题{name}一二三"))
    conform = intake.conform

    def breaking(table: Any, around: Any, **given: Any) -> Any:
        if "b.csv" in table.place:
            raise KeyError("unforeseen")
        return conform(table, around, **given)

    monkeypatch.setattr(intake, "conform", breaking)
    with pytest.raises(KeyError, match="unforeseen"):
        office.take("work")
    assert waiting(office) == ["b", "c"]
    monkeypatch.undo()
    office.take("work")
    assert waiting(office) == []


def test_a_connection_that_breaks_costs_one_landing(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends the session under the second landing: the third is loaded, the second with the next try."""
    for month, name in enumerate("abc", start=1):
        office.drop(f"work/{name}.csv", meetings(f"议题{name}一二三", month=month))
    load = Taker.load

    def ended(self: Taker, connection: psycopg.Connection, taken: Any) -> Any:
        if taken.landing["details"]["place"].endswith("b.csv"):
            office.ask("select pg_terminate_backend(%s)", connection.info.backend_pid, role="loader")
        return load(self, connection, taken)

    monkeypatch.setattr(Taker, "load", ended)
    with pytest.raises(psycopg.OperationalError):
        office.take("work")
    assert waiting(office) == ["b"]
    monkeypatch.undo()
    office.take("work")
    assert waiting(office) == []
    assert office.ask("select count(*) from audit.batch where state = 'loaded'") == [(3,)]


def test_a_landing_is_loaded_and_done_at_once(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the two, neither holds; killed after them, there is nothing left to do."""
    office.drop("work/a.csv", meetings("议题一二三"))

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(taker, "_done", killed)
    with pytest.raises(KeyboardInterrupt):
        office.take("work")
    assert office.ask("select count(*) from audit.batch") == [(0,)]
    assert waiting(office) == ["a"]
    monkeypatch.undo()
    assert [batch["state"] for batch in office.take("work")] == ["loaded"]
    assert office.take("work") == []


# --- tables of a database that did not change ------------------------------------------------------------------


def funded(office: Any, path: Path, now: str, **tables: Sequence[Sequence[Any]]) -> Any:
    """Return the office at a time, with a finance ledger of these rows; county and time of change are filled in."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(DDL.read_text(encoding="utf-8"))
        for table, rows in tables.items():
            marks = ", ".join("?" * (len(rows[0]) + 2))
            whole = [("620422", *row, "2022-03-01 10:00:00") for row in rows]
            database.executemany(f"insert into {table} values ({marks})", whole)
    connection = json.dumps({"conn_type": "generic", "extra": {"sqlalchemy_url": f"sqlite:///{path}"}})
    environ = {**office.settings.environ, "AIRFLOW_CONN_FUND_LEDGER": connection, "XIEZUO_NOW": now}
    return type(office)(replace(office.settings, environ=environ))


FIRST_DAY, NEXT_DAY, THIRD_DAY = (f"2022-12-{day:02d}T23:00:00+08:00" for day in (1, 2, 3))
LETTER = ("甘财振〔2022〕1号", "2022-03-01", 2022, "中央", "一", 100)


def test_an_unchanged_table_costs_nothing_but_its_days(office: Any, tmp_path: Path) -> None:
    """No batch, nothing conformed; coverage moves, nobody is told that the ledger is overdue, the rows stay."""
    first = funded(office, tmp_path / "fund.db", FIRST_DAY, fund_allocation=[LETTER])
    assert [batch["rows_read"] for batch in first.take("fund")] == [1]
    pipeline.build(first.settings)
    before, batches = stored(first), first.ask("select count(*) from audit.batch")
    second = funded(office, tmp_path / "fund.db", NEXT_DAY, fund_allocation=[LETTER])
    assert second.take("fund") == []
    assert second.ask("select count(*) from audit.batch") == batches
    assert stored(second) == before
    covered = "select distinct covers_to from audit.coverage where dataset like 'fund_%%'"
    assert second.ask(covered) == [(date(2022, 12, 2),)]
    overdue = {one.dataset for one in missed(second.settings, "620422", date(2022, 12, 4))}
    assert "sales_supplier" in overdue
    assert not overdue & {"fund_allocation", "fund_project"}
    assert waiting(second) == []
    pipeline.build(second.settings)
    as_of = "select as_of from mart.indicator_value where indicator_id = 'FUN1' and period = '2022' and breakdown = ''"
    assert second.ask(as_of) == [(date(2022, 12, 2),)]


def stored(office: Any) -> list[Any]:
    found: list[Any] = office.ask("select to_jsonb(f) from core.fund_allocation as f order by 1")
    return found


def test_the_warehouse_is_as_if_the_table_had_been_read(
    office: Any, fresh: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three days, the last with another letter: with and without looking at what was loaded last."""
    more = ("甘财振〔2022〕2号", "2022-06-01", 2022, "省级", "二", 30)
    found = []
    for looking in (True, False):
        fresh(tmp_path)
        if not looking:
            monkeypatch.setattr(intake, "is_unchanged", lambda *_: False)
        for day, letters in ((FIRST_DAY, [LETTER]), (NEXT_DAY, [LETTER]), (THIRD_DAY, [LETTER, more])):
            one = funded(office, tmp_path / "fund.db", day, fund_allocation=letters)
            one.take("fund")
            pipeline.build(one.settings)
        found.append((digest(one.settings), one.ask("select count(*) from audit.batch")))
    assert found[0][0] == found[1][0]
    assert found[0][1] < found[1][1]


def test_a_row_held_back_for_its_date_is_looked_at_again(office: Any, tmp_path: Path) -> None:
    """A payment dated two months ahead is taken once its day is near, though not a byte of the table changed."""
    ahead = ("P-1", "X-1", "2022-12-20", "甲公司", 100, "工程款")
    [batch] = funded(office, tmp_path / "fund.db", "2022-10-20T23:00:00+08:00", fund_payment=[ahead]).take("fund")
    assert batch["rows_quarantined"] == 1
    [batch] = funded(office, tmp_path / "fund.db", FIRST_DAY, fund_payment=[ahead]).take("fund")
    assert batch["rows_loaded"] == 1
    assert funded(office, tmp_path / "fund.db", NEXT_DAY, fund_payment=[ahead]).take("fund") == []


@pytest.mark.parametrize("changed", ["include/contracts/fund_allocation.yaml", "expectations/fund_allocation.rows.yaml"])
def test_a_table_is_read_again_when_it_would_be_read_otherwise(office: Any, tmp_path: Path, changed: str) -> None:
    """Contracts, suites and divisions are part of what a row comes to."""
    root = tmp_path / "root"
    for folder in ("include", "expectations"):
        shutil.copytree(office.settings.root / folder, root / folder)
    own = type(office)(replace(office.settings, root=root))
    funded(own, tmp_path / "fund.db", FIRST_DAY, fund_allocation=[LETTER]).take("fund")
    with (root / changed).open("a", encoding="utf-8") as file:
        file.write("# a word more\n")
    [batch] = funded(own, tmp_path / "fund.db", NEXT_DAY, fund_allocation=[LETTER]).take("fund")
    assert (batch["dataset"], batch["rows_unchanged"]) == ("fund_allocation", 1)
    assert funded(own, tmp_path / "fund.db", THIRD_DAY, fund_allocation=[LETTER]).take("fund") == []


def elsewhere(office: Any, tmp_path: Path) -> Settings:
    """Return settings of a worker on the same warehouse and inbox with a home of its own, its secrets shared."""
    home = tmp_path / "other-home"
    home.mkdir()
    url = access.url(office.settings, "owner")
    secrets = {
        f"XIEZUO_SECRET_{path.name.upper()}_FILE": str(path) for path in office.settings.secrets_dir.iterdir() if path.is_file()
    }
    environ = {**office.settings.environ, **secrets, "XIEZUO_HOME": str(home), "XIEZUO_WAREHOUSE_URL": url}
    return replace(Settings.from_env(environ), inbox=office.settings.inbox)


def test_a_worker_with_another_home_says_so_before_it_fetches(office: Any, tmp_path: Path) -> None:
    office.drop("work/会议_2022-03.csv", meetings("一", "二"))
    other = elsewhere(office, tmp_path)
    (group,) = pipeline.plan(office.settings, "work", run_id="one")
    for verb in (pipeline.fetch, pipeline.load):
        with pytest.raises(ConfigError, match="different homes"):
            verb(other, group, run_id="one")
    assert office.ask("select count(*) from audit.landing") == [(0,)]
    failed = office.ask("select stage, reason_zh from audit.run where state = 'failed' order by 1")
    assert [stage for stage, _ in failed] == ["fetch", "load"]
    assert all("XIEZUO_HOME" in reason for _, reason in failed)
    pipeline.fetch(office.settings, group, run_id="one")
    assert pipeline.load(office.settings, group, run_id="one")["loaded"] == 1


def test_what_another_home_fetched_waits_and_is_not_refused(office: Any, tmp_path: Path) -> None:
    """A run that was planned, fetched and loaded with one home leaves nothing that another can load.

    The bytes are no other test's: the home of tests is one, and what one has landed all have.
    """
    office.drop("work/会议_2022-03.csv", meetings("甲", "乙"))
    other = elsewhere(office, tmp_path)
    (group,) = pipeline.plan(other, "work", run_id="one")
    pipeline.fetch(other, group, run_id="one")
    del group["zone"]
    with pytest.raises(ConfigError, match="another XIEZUO_HOME"):
        pipeline.load(office.settings, group, run_id="one")
    assert office.ask("select state from audit.landing") == [("landed",)]
    assert pipeline.load(other, group, run_id="two")["loaded"] == 1
