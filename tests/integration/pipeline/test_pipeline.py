"""The whole road: a sample year gives exactly its expected figures, whatever county, whatever is killed."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from pytest_httpserver import HTTPServer

import xiezuo_sample as sample
from tests.data import counties
from tests.data.sample_sources import sources
from xiezuo import cli, pipeline
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.digest import digest
from xiezuo_sample.platforms.server import PlatformServer

# The year is read from its first day on; documents are written of January and the year: every month takes its time.
YEAR = (date(2022, 1, 1), date(2022, 1, 31))
Fresh = Callable[..., Settings]
FORTNIGHT = (date(2022, 11, 15), date(2022, 11, 30))


def sampled(settings: Settings, county: str, server: PlatformServer) -> Settings:
    """Return settings whose connections are those of the sample in ``settings.inbox``'s parent."""
    return replace(settings, environ={**settings.environ, **sources(settings.inbox.parent, server, county)})


@pytest.fixture
def sample_year(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Yield settings of a sample of county 620422; ``param`` is its scale."""
    data = settings.inbox.parent
    sample.generate(settings, "620422", 2022, 3, request.param, data)
    with PlatformServer(data, clock=settings.now) as server:
        yield sampled(settings, "620422", server)


def stated(settings: Settings, county: str) -> dict[tuple[str, ...], tuple[Decimal | None, str, str]]:
    with access.connect(settings, "analyst") as reader:
        rows = reader.execute(
            "select indicator_id, period_kind, period, breakdown, value, unit, qualifier from mart.indicator_value"
            " where county_code = %s and left(period, 4) = '2022'",
            (county,),
        ).fetchall()
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


def expected(data: Path) -> dict[tuple[str, ...], tuple[Decimal, str, str]]:
    with (data / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["indicator_id"], row["period_kind"], row["period"], row["breakdown"]): (
                Decimal(row["value"]),
                row["unit"],
                row["qualifier"],
            )
            for row in csv.DictReader(lines)
        }


def assert_expected(settings: Settings, county: str) -> None:
    """Every expected value is stated, and of these indicators no other that is not zero."""
    found, wanted = stated(settings, county), expected(settings.inbox.parent)
    assert len(wanted) > 500
    assert {key: found.get(key) for key in wanted} == wanted
    planned = {indicator_id for indicator_id, *_ in wanted}
    assert {key: value for key, value in found.items() if key not in wanted and key[0] in planned and value[0]} == {}


def assert_bad_rows(settings: Settings) -> None:
    """Exactly the deliberate bad rows are held back."""
    with (settings.inbox.parent / "bad_rows.csv").open(encoding="utf-8", newline="") as lines:
        bad = [row for row in csv.DictReader(lines) if row["expected_fate"] == "quarantined"]
    with access.connect(settings) as reader:
        held = reader.execute("select distinct file, row_no from audit.quarantine").fetchall()
    assert len(bad) > 10
    assert set(held) == {(row["file"].removeprefix("inbox/"), int(row["row_no"])) for row in bad}


def test_a_sample_year_gives_its_expected_figures(filled: Settings) -> None:
    """All values of expected.csv, and the fates of every deliberate bad row."""
    assert_expected(filled, "620422")
    assert_bad_rows(filled)
    assert Path(filled.out / "620422" / "2022" / "summary.json").is_file()


def test_a_second_run_does_nothing(filled: Settings) -> None:
    """What the year was first taken in as, and what taking it in again came to."""
    again = json.loads((filled.inbox.parent / "again.json").read_text(encoding="utf-8"))
    assert again["states"] == ["loaded"]
    assert (again["loaded"], again["values"]) == (0, 0)
    assert again["digests"][0] == again["digests"][1]


@pytest.mark.sweep
@pytest.mark.parametrize("sample_year", [1.0], indirect=True)
def test_a_whole_sample_year_gives_its_expected_figures(sample_year: Settings) -> None:
    """As it is published, and a second run that does nothing."""
    done = pipeline.run(sample_year, county="620422", first=YEAR[0], last=YEAR[1])
    assert (done["down"], {batch["state"] for batch in done["batches"]}) == ([], {"loaded"})
    assert_expected(sample_year, "620422")
    assert_bad_rows(sample_year)
    before = digest(sample_year)
    again = pipeline.run(sample_year, county="620422", first=YEAR[0], last=YEAR[1])
    assert sum(batch["rows_loaded"] for batch in again["batches"]) == 0
    assert again["built"]["values"] == 0
    assert digest(sample_year) == before


def test_an_invented_county_works_the_same(settings: Settings) -> None:
    """Nothing is made for one county: counties and divisions are files, and both counties share a warehouse."""
    data = settings.inbox.parent
    other = counties.settle(settings, data, counties.shipped(), counties.invented())
    sample.generate(other, "530999", 2022, 5, 0.05, data)
    pipeline.prepare(other)
    with PlatformServer(data, clock=settings.now) as server:
        other = sampled(other, "530999", server)
        done = pipeline.run(other, county="530999", first=YEAR[0], last=YEAR[1])
    assert (done["down"], {batch["state"] for batch in done["batches"]}) == ([], {"loaded"})
    assert_expected(other, "530999")


@pytest.mark.parametrize("sample_year", [0.02], indirect=True)
def test_a_dead_source_is_reported_and_the_others_go_on(
    sample_year: Settings,
    httpserver: HTTPServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A platform that shuts us out for a day: exit code 4, one JSON document on standard output, and the ledgers are in all the same."""
    name = "AIRFLOW_CONN_SALES_620422_TAOBAO"
    httpserver.expect_request(re.compile(".*")).respond_with_data(
        "", status=429, headers={"Retry-After": "86400"}
    )
    dead = json.loads(sample_year.environ[name]) | {"port": httpserver.port}
    for variable, text in (sample_year.environ | {name: json.dumps(dead)}).items():
        monkeypatch.setenv(variable, text)
    code = cli.main(["run", "--county", "620422", "--from", "2022-12-30", "--to", "2022-12-31", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert code == document["exit_code"] == 4
    assert [down["group"] for down in document["down"]] == ["sales:sales_620422_taobao"]
    assert {batch["dataset"] for batch in document["batches"]} >= {
        "labour_placement",
        "fund_project",
        "work_meeting",
    }


def progress(reader: psycopg.Connection) -> int:
    """Return how far the work in the warehouse has come."""
    row = reader.execute(
        "select (select count(*) from audit.landing) + (select count(*) from audit.batch)"
        " + 5 * (select count(*) from audit.indicator_file)::integer"
    ).fetchone()
    return int(row[0]) if row else 0


class Killed:
    """``xiezuo run`` in a process of its own that can be killed without a word."""

    def __init__(self, settings: Settings) -> None:
        self._environ = dict(os.environ) | dict(settings.environ)
        self._settings = settings

    def start(self) -> subprocess.Popen[bytes]:
        first, last = map(str, FORTNIGHT)
        command = [sys.executable, "-m", "xiezuo.cli", "run", "--county", "620422", "--from", first, "--to", last]
        return subprocess.Popen(
            command,
            env=self._environ,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def killed_at(self, target: int, pause: float) -> bool:
        """Run until ``target`` and a moment more, then SIGKILL; tell whether it was still running."""
        running = self.start()
        with access.connect(self._settings, autocommit=True) as reader:
            while running.poll() is None and progress(reader) < target:
                time.sleep(0.02)
        time.sleep(pause)
        still = running.poll() is None
        if still:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return still


def undisturbed(settings: Settings, fresh: Fresh) -> tuple[str, int]:
    """Return the digest and the whole progress of a run nobody killed; leave an empty warehouse."""
    complete(settings)
    with access.connect(settings, autocommit=True) as reader:
        whole = progress(reader)
    found = digest(settings)
    fresh(settings.inbox.parent)
    return found, whole


def complete(settings: Settings) -> None:
    """Run to the end in this process, which has loaded already what a process of its own would have to load."""
    done = pipeline.run(settings, county="620422", first=FORTNIGHT[0], last=FORTNIGHT[1])
    assert done["down"] == []


def kill_and_complete(settings: Settings, fresh: Fresh, seed: int, kills: int) -> None:
    wanted, whole = undisturbed(settings, fresh)
    chance, run = Random(seed), Killed(settings)
    targets = sorted(chance.sample(range(1, whole), kills))
    killed = [run.killed_at(target, chance.random() * 0.2) for target in targets]
    assert sum(killed) >= kills // 2
    complete(settings)
    assert digest(settings) == wanted


@pytest.mark.parametrize("sample_year", [0.02], indirect=True)
def test_killed_anywhere_and_run_again_it_ends_the_same(sample_year: Settings, fresh: Fresh) -> None:
    """Kills -9 while it fetches, loads and builds lose nothing and duplicate nothing; more kinds, by boundary: sweeps/crash."""
    for path in sorted((sample_year.inbox / "620422" / "labour").iterdir())[4:]:
        path.unlink()  # four ledgers are enough to be killed between and within
    kill_and_complete(sample_year, fresh, seed=1, kills=3)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(20, 30))
def test_sweep_of_seeds(settings: Settings, seed: int) -> None:
    """Other years of invention give their own expected figures."""
    data: Any = settings.inbox.parent
    sample.generate(settings, "620422", 2022, seed, 0.3, data)
    with PlatformServer(data, clock=settings.now) as server:
        found = sampled(settings, "620422", server)
        pipeline.run(found, county="620422", first=YEAR[0], last=YEAR[1])
    assert_expected(found, "620422")
