"""Nights of many counties: few groups, nothing read twice, a dead source that holds up nobody else."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import psycopg
import pytest

import xiezuo_sample as sample
from tests.data import counties
from xiezuo import pipeline
from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.base.settings import Settings
from xiezuo.fetch import plan as planning
from xiezuo.fetch import unread
from xiezuo.fetch.faults import SourcesDown, SourcesWrong
from xiezuo.fetch.plan import MOST_LEDGER_GROUPS, MOST_PLATFORM_GROUPS, parts_of
from xiezuo.operations.troubles import found
from xiezuo_sample.platforms import top
from xiezuo_sample.platforms.answer import Answer
from xiezuo_sample.platforms.server import PlatformServer

NOVEMBER = date(2022, 11, 1)
SHOPS = ("shopa", "shopb", "shopc")
MEETINGS = "会议时间,会议类型,议题\n2022-06-0{day},县政府常务会议,研究东西部协作工作\n"
TABLES = """
create table fund_allocation (county_code char(6), doc_no text, doc_date date, year int, source text, batch text,
    amount_wan decimal, updated_at timestamp, primary key (doc_no));
create table fund_project (county_code char(6), project_no text, project_name text, category text,
    secondary_category text, town text, village text, builder text, alloc_doc text, planned_wan decimal,
    allocated_wan decimal, arrived_wan decimal, plan_start date, start_date date, finish_date date, accept_date date,
    linkage text, households int, people int, households_lifted int, people_lifted int, status text,
    updated_at timestamp, primary key (project_no));
create table fund_payment (county_code char(6), pay_no text, project_no text, pay_date date, payee text,
    amount_yuan decimal, purpose text, updated_at timestamp, primary key (pay_no));
"""


def code_of(number: int) -> str:
    return f"53{1001 + number}"


def region(settings: Settings, number: int, **environ: str) -> Settings:
    """Return settings of an installation of so many invented counties."""
    places = [counties.invented(code_of(n), f"云岭{n}县", towns={"青石镇": []}) for n in range(number)]
    settled = counties.settle(settings, settings.inbox.parent / f"region-{number}", *places)
    return replace(settled, environ={**settled.environ, **environ})


def drop(settings: Settings, place: str, text: str) -> Path:
    path = settings.inbox / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def connected(names: Iterator[str] | tuple[str, ...], port: int, county: str = "620422") -> dict[str, str]:
    """Return connection variables of shops served at ``port``."""
    extra = {"profile": "top", "platform": "taobao", "county_code": county, "session": "sample-session", "sign_method": "md5"}
    return {
        f"AIRFLOW_CONN_SALES_{county}_{name.upper()}": json.dumps(
            {"conn_type": "http", "host": "127.0.0.1", "port": port, "schema": "http", "login": name,
             "password": "sample-secret", "extra": extra}
        )
        for name in names
    }  # fmt: skip


def ledger_at(path: Path, counties: int, tables: str = TABLES) -> dict[str, str]:
    """Make a finance database with one project a county; return its connection variable."""
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(tables)
        for n in range(counties):
            own = (code_of(n), f"P{n:03d}", "加工车间", "产业培育", 100, "2022-06-01 08:00:00")
            database.execute(
                "insert into fund_project (county_code, project_no, project_name, category, allocated_wan, updated_at)"
                " values (?, ?, ?, ?, ?, ?)", own,
            )  # fmt: skip
    return {"AIRFLOW_CONN_FUND_LEDGER": json.dumps({"conn_type": "generic", "extra": {"sqlalchemy_url": f"sqlite:///{path}"}})}


@dataclass
class Door:
    """Stands before the sample platforms: counts requests, and shuts a shop out after so many of them."""

    profile: Callable[[str, bytes], Answer]
    asked: Counter[str] = field(default_factory=Counter)
    open_for: dict[str, int] = field(default_factory=dict)

    def __call__(self, query: str, body: bytes) -> Answer:
        shop = dict(parse_qsl(body.decode()))["app_key"]
        self.asked[shop] += 1
        if self.asked[shop] > self.open_for.get(shop, self.asked[shop]):
            return Answer(429, headers={"Retry-After": "86400"})
        return self.profile(query, body)


@dataclass
class Market:
    """Three shops of one county on one server, and its door."""

    settings: Settings
    door: Door
    port: int


@pytest.fixture(scope="module")
def goods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sample year in which three more shops sell what one does; it is only read."""
    data = tmp_path_factory.mktemp("market")
    sample.generate(Settings.from_env({"XIEZUO_HOME": str(data / "home")}), "620422", 2022, 3, 0.02, data)
    orders = data / "platforms" / "taobao.ndjson"
    for name in SHOPS:
        shutil.copyfile(orders, orders.with_name(f"{name}.ndjson"))
    return data


@pytest.fixture
def market(settings: Settings, goods: Path) -> Iterator[Market]:
    with PlatformServer(goods, clock=settings.now) as server:
        door = server.profiles[top.PATH] = Door(server.profiles[top.PATH])
        environ = {**settings.environ, **connected(SHOPS, server.port)}
        yield Market(replace(settings, environ=environ), door, server.port)


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put all platforms into one group, as if there were hundreds."""
    monkeypatch.setattr(planning, "MOST_PLATFORM_GROUPS", 1)


def sold(office: Any) -> list[tuple[str, int]]:
    """Return the orders of each shop that are loaded, by its watermark's name."""
    found: list[tuple[str, int]] = office.ask(
        "select split_part(split_part(b.uri, ':', 2), '/', 1), count(*) from core.sales_order as o"
        " inner join audit.batch as b using (county_code, batch_id) group by 1 order by 1"
    )
    return found


# --- groups -----------------------------------------------------------------------------------------------


def test_many_counties_make_few_groups_and_none_is_left_out(settings: Settings) -> None:
    many = region(settings, 90, AIRFLOW_CONN_FUND_LEDGER=json.dumps({"extra": {"sqlalchemy_url": "sqlite:///x"}}))
    environ = dict(many.environ)
    for n in range(70):
        environ |= connected(("taobao", "jd"), 1, code_of(n))
    many = replace(many, environ=environ)
    ledgers, platforms = pipeline.plan(many, "fund"), pipeline.plan(many, "sales")
    assert (len(ledgers), len(platforms)) == (MOST_LEDGER_GROUPS, MOST_PLATFORM_GROUPS)
    assert [part for group in ledgers for part in parts_of(group)] == [
        (code_of(n), f"fund:fund_ledger:{code_of(n)}") for n in range(90)
    ]
    asked = [item["conn_id"] for group in platforms for item in group["items"]]
    assert len(asked) == len(set(asked)) == 140
    sizes = [len(group["items"]) for group in (*ledgers, *platforms)]
    assert max(sizes[:4]) - min(sizes[:4]) <= 1
    assert max(sizes[4:]) - min(sizes[4:]) <= 1
    # One platform's shops lie together: when it is down, the groups of the other are not.
    assert sum(len({item["conn_id"].split("_")[2] for item in group["items"]}) > 1 for group in platforms) <= 1


def test_few_platforms_and_ledgers_have_a_group_each(settings: Settings) -> None:
    few = region(settings, 3, AIRFLOW_CONN_FUND_LEDGER=json.dumps({"extra": {"sqlalchemy_url": "sqlite:///x"}}))
    few = replace(few, environ={**few.environ, **connected(("taobao", "jd"), 1, code_of(1))})
    assert [group["group"] for group in pipeline.plan(few, "fund")] == [f"fund:fund_ledger:{code_of(n)}" for n in range(3)]
    assert [group["group"] for group in pipeline.plan(few, "sales")] == [
        f"sales:sales_{code_of(1)}_jd", f"sales:sales_{code_of(1)}_taobao",
    ]  # fmt: skip


@pytest.mark.parametrize(("files", "groups"), [(1, 1), (8, 1), (9, 2), (100, 4)])
def test_a_handful_of_small_files_is_one_task(office: Any, files: int, groups: int) -> None:
    for n in range(files):
        office.drop(f"work/会议台账{n}.csv", [["会议时间", "会议类型", "议题"], [f"2022-06-{n % 28 + 1}", "其他", n]])
    planned = pipeline.plan(office.settings, "work")
    assert [group["group"] for group in planned] == [f"work:files:{n}" for n in range(groups)]
    assert sum(len(group["items"]) for group in planned) == files


def test_large_files_are_dealt_out_however_few(office: Any) -> None:
    for n in range(3):
        drop(office.settings, f"620422/work/大{n}.csv", "会议,议题\n" + "x" * (1 << 20))
    assert len(pipeline.plan(office.settings, "work")) == 2


def test_no_county_costs_a_connection(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planning and fetching open as many connections for forty counties as for two."""
    opened, real = Counter[str](), psycopg.connect
    stage = ""

    def counted(*args: Any, **options: Any) -> psycopg.Connection:
        opened[stage] += 1
        return real(*args, **options)

    monkeypatch.setattr(psycopg, "connect", counted)
    counts = []
    for number in (2, 40):
        own = region(settings, number, **ledger_at(settings.inbox.parent / f"{number}.db", number))
        for n in range(number):
            drop(own, f"{code_of(n)}/fund/资金{n}.csv", "文号,下达日期\n")
        opened.clear()
        monkeypatch.setattr(planning, "MOST_LEDGER_GROUPS", 1)
        stage = "plan"
        files, ledgers = pipeline.plan(own, "fund", groups=1)
        stage = "fetch"
        assert pipeline.fetch(own, files)["waiting"] == number
        with pytest.raises(SourceDown):  # there is no fund_donation in it
            pipeline.fetch(own, ledgers)
        counts.append(dict(opened))
    assert counts[0] == counts[1]
    assert set(counts[0]) == {"plan", "fetch"}


# --- files that are read already --------------------------------------------------------------------------


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that a plan has read whole, in order."""
    found: list[str] = []
    real = unread.digest_of

    def digest_of(path: Path) -> str:
        found.append(path.name)
        return real(path)

    monkeypatch.setattr(unread, "digest_of", digest_of)
    return found


def settled() -> None:
    """Wait until a change of a file shows in its times: whoever reads it sooner does not rely on them."""
    time.sleep(2.1)


def test_a_file_is_read_once_and_again_when_it_was_written(office: Any, readings: list[str]) -> None:
    office.drop("work/a.csv", [["会议时间", "会议类型", "议题"], ["2022-06-01", "其他", "甲"]])
    settled()
    assert len(office.take("work")) == 1
    assert pipeline.plan(office.settings, "work") == []
    assert readings == ["a.csv"]
    office.drop("work/a.csv", [["会议时间", "会议类型", "议题"], ["2022-06-02", "其他", "乙乙"]])
    (group,) = pipeline.plan(office.settings, "work")
    assert [item["place"] for item in group["items"]] == ["620422/work/a.csv"]
    assert readings == ["a.csv"] * 2


def test_same_size_and_same_time_do_not_hide_a_rewritten_file(office: Any, readings: list[str]) -> None:
    path = office.drop("work/a.csv", [["会议时间", "会议类型", "议题"], ["2022-06-01", "其他", "甲"]])
    settled()
    office.take("work")
    before = path.stat()
    path.write_bytes(path.read_bytes().replace("甲".encode(), "乙".encode()))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert len(pipeline.plan(office.settings, "work")) == 1
    assert len(readings) == 2


def test_a_file_that_was_just_written_is_not_taken_for_known(office: Any, readings: list[str]) -> None:
    """A second change within the clock's grain would leave the same times behind."""
    office.drop("work/a.csv", [["会议时间", "会议类型", "议题"], ["2022-06-01", "其他", "甲"]])
    office.take("work")
    assert pipeline.plan(office.settings, "work") == []
    assert readings == ["a.csv"] * 2


def test_after_two_weeks_everything_is_read_again(office: Any, readings: list[str]) -> None:
    office.drop("work/a.csv", [["会议时间", "会议类型", "议题"], ["2022-06-01", "其他", "甲"]])
    settled()
    office.take("work")
    office.ask("update audit.inbox_file set read_at = read_at - interval '14 days'")
    assert pipeline.plan(office.settings, "work") == []
    assert readings == ["a.csv"] * 2


def test_a_file_that_is_gone_is_forgotten_and_one_that_is_not_loaded_is_planned_again(office: Any, readings: list[str]) -> None:
    gone = office.drop("work/a.csv", [["会议时间", "会议类型", "议题"], ["2022-06-01", "其他", "甲"]])
    office.drop("work/b.csv", [["会议时间", "会议类型", "议题"], ["2022-06-03", "其他", "丙"]])
    settled()
    assert [len(group["items"]) for group in pipeline.plan(office.settings, "work")] == [2]
    gone.unlink()
    assert [len(group["items"]) for group in pipeline.plan(office.settings, "work")] == [1]
    assert office.ask("select place from audit.inbox_file") == [("620422/work/b.csv",)]
    assert readings == ["a.csv", "b.csv"]


# --- a dead source in a group -----------------------------------------------------------------------------


@pytest.mark.usefixtures("together")
def test_a_dead_and_a_wrong_source_hold_up_nobody_in_their_group(market: Market, office: Any) -> None:
    market.door.open_for["shopb"] = 0
    environ = {**market.settings.environ, "AIRFLOW_CONN_SALES_620422_SHOPX": "{}"}
    settings = replace(market.settings, environ=environ)
    (group,) = pipeline.plan(settings, "sales", groups=0)
    with pytest.raises(SourcesDown) as raised:
        pipeline.fetch(settings, group, since=NOVEMBER, run_id="ingest_sales:1")
    for name in ("sales:sales_620422_shopb", "sales:sales_620422_shopx"):
        assert name in raised.value.message
        assert name in raised.value.zh
    assert "shopa" not in raised.value.message
    assert {fault.part for fault in raised.value.faults} == {"sales:sales_620422_shopb", "sales:sales_620422_shopx"}
    lines = office.ask("select part, state, sources_down from audit.run where stage = 'fetch' order by part")
    assert lines == [
        ("sales:sales_620422_shopa", "done", 0), ("sales:sales_620422_shopb", "failed", 1),
        ("sales:sales_620422_shopc", "done", 0), ("sales:sales_620422_shopx", "failed", 0),
    ]  # fmt: skip
    (alert,) = found(settings, ["source_down"])
    assert alert.subject == "sales:sales_620422_shopb"
    assert office.ask("select count(*) from audit.watermark") == [(0,)], "watermarks move when rows are loaded"
    assert pipeline.load(settings, group, run_id="ingest_sales:1")["loaded"] > 0
    assert {shop for shop, _ in sold(office)} <= {"shopa", "shopc"}
    assert office.ask("select stream from audit.watermark order by 1") == [("sales_620422_shopa",), ("sales_620422_shopc",)]


@pytest.mark.usefixtures("together")
def test_the_next_try_asks_only_for_what_this_run_has_not_landed(market: Market, office: Any) -> None:
    """Whole shops are not asked again, and of the one that broke off no month that had arrived."""
    (group,) = pipeline.plan(market.settings, "sales", groups=0)
    market.door.open_for["shopb"] = 45
    with pytest.raises(SourcesDown):
        pipeline.fetch(market.settings, group, since=NOVEMBER, run_id="ingest_sales:1")
    first = Counter(market.door.asked)
    landed = office.ask("select split_part(uri, '?', 1) from audit.landing where group_id = 'sales:sales_620422_shopb'")
    assert landed == [("platform:shopb/2022-11",)]
    market.door.open_for.clear()
    assert pipeline.fetch(market.settings, group, since=NOVEMBER, run_id="ingest_sales:1")["waiting"] == 2 * len(SHOPS)
    again = Counter(market.door.asked)
    again.subtract(first)
    assert (again["shopa"], again["shopc"]) == (0, 0)
    assert 0 < again["shopb"] < first["shopa"]
    assert office.ask("select state, sources_down from audit.run where stage = 'fetch'") == [("done", 0)] * len(SHOPS)
    pipeline.load(market.settings, group, run_id="ingest_sales:1")
    whole = sold(office)
    assert {shop for shop, _ in whole} == {"shopa"}, "the three shops sell the same orders, which are loaded once"
    assert office.ask("select count(*) from audit.watermark") == [(3,)]


@pytest.mark.usefixtures("together")
def test_another_run_fetches_everything_anew(market: Market) -> None:
    (group,) = pipeline.plan(market.settings, "sales", groups=0)
    market.door.open_for["shopb"] = 0
    with pytest.raises(SourcesDown):
        pipeline.fetch(market.settings, group, since=NOVEMBER, run_id="ingest_sales:1")
    first = market.door.asked["shopa"]
    market.door.open_for.clear()
    pipeline.fetch(market.settings, group, since=NOVEMBER, run_id="ingest_sales:2")
    assert market.door.asked["shopa"] == 2 * first


@pytest.mark.usefixtures("together")
def test_a_server_that_is_down_is_not_asked_for_every_shop(market: Market) -> None:
    names = tuple(f"shop{n}" for n in range(8))
    market.door.open_for.update(dict.fromkeys(names, 0))
    settings = replace(market.settings, environ={**market.settings.environ, **connected(names, market.port)})
    (group,) = pipeline.plan(settings, "sales", groups=0)
    group["items"] = [item for item in group["items"] if item["conn_id"].rpartition("_")[2] in names]
    with pytest.raises(SourcesDown) as raised:
        pipeline.fetch(settings, group, since=NOVEMBER, run_id="ingest_sales:1")
    assert sum(market.door.asked[name] > 0 for name in names) == 3
    assert len(raised.value.faults) == len(names), "all of them are named, and asked at the next try"


def test_connections_that_are_all_wrong_are_not_worth_another_try(settings: Settings, together: None) -> None:
    wrong = {f"AIRFLOW_CONN_SALES_620422_{name}": "{}" for name in ("A", "B")}
    (group,) = pipeline.plan(replace(settings, environ={**settings.environ, **wrong}), "sales")
    with pytest.raises(SourcesWrong) as raised:
        pipeline.fetch(replace(settings, environ={**settings.environ, **wrong}), group)
    assert isinstance(raised.value, ConfigError)


def test_a_table_that_is_missing_keeps_no_other_table_out(settings: Settings, office: Any) -> None:
    """Six counties in one group: what the ledger has is read once for all, county by county."""
    counties = region(settings, 6, **ledger_at(settings.inbox.parent / "fund.db", 6))
    pipeline.prepare(counties)
    groups = pipeline.plan(counties, "fund")
    assert len(groups) == MOST_LEDGER_GROUPS
    for group in groups:
        with pytest.raises(SourceDown, match="fund_donation"):
            pipeline.fetch(counties, group, run_id="ingest_fund:1")
        assert pipeline.load(counties, group, run_id="ingest_fund:1")["loaded"] == len(group["items"])
    rows = office.ask("select county_code, project_no from core.fund_project order by 1")
    assert rows == [(code_of(n), f"P{n:03d}") for n in range(6)]
    landed = office.ask("select county_code, count(*) from audit.landing where kind = 'database' group by 1 order by 1")
    assert landed == [(code_of(n), 3) for n in range(6)], "a county without rows of a table has a landing without rows"
