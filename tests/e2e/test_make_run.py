"""``make run`` itself, in processes of its own: an invented county's year, killed and made good, with a source down.

What comes of it is compared with what the same data come to without Airflow, in one process.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import openpyxl
import psutil
import psycopg
import pytest
from psycopg import sql
from pytest_httpserver import HTTPServer

import xiezuo_sample as sample
from tests.data import counties, sample_sources
from xiezuo import pipeline
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.digest import digest
from xiezuo.warehouse.embedded.server import EmbeddedServer
from xiezuo_local.instance import free_port
from xiezuo_sample.platforms.server import PlatformServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]

COUNTY, YEAR, SEED = "530999", 2023, 7
WORDS = ("--county", COUNTY, "--year", str(YEAR), "--seed", str(SEED))
MONTHS = [f"{YEAR}-{month:02d}" for month in range(1, 13)]
NOW = f"{YEAR}-12-31T23:30:00+08:00"
# A small county is as good for `make test`; the sweep takes the size the launcher makes itself.
SMALL = 0.1
KINDS = ("launcher", "scheduler", "api-server", "dag-processor", "worker", "platform", "postmaster")
KILLS_OF_A_SWEEP = 12
# About as long as the launcher's steps take: server, sample, Airflow's start, loading, summaries.
SECONDS_OF_A_STEP = {2: 1.0, 3: 2.0, 4: 15.0, 5: 15.0, 6: 6.0}

Key = tuple[str, str, str, str]
Figure = tuple[Decimal, str, str]


def is_identity_number(text: str) -> bool:
    """Tell whether 18 characters have a sample's prefix, a day of birth that exists and the right check digit."""
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    weighted = sum(int(digit) * (1 << (17 - at)) for at, digit in enumerate(text[:17]))
    return text.startswith("99") and text[17].upper() == "10X98765432"[weighted % 11]


GIVEN_BACK = "退回修改_"
"""What a workbook with rows to correct is called."""


def identity_numbers(content: bytes) -> set[str]:
    """Return every identity number that stands by itself in ``content`` (ASCII digits are the same in any encoding)."""
    found = re.findall(rb"(?<![0-9A-Za-z])99\d{4}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])", content)
    return {text.decode() for text in found if is_identity_number(text.decode())}


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield every file below ``folder``, workbooks part by part."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as workbook:
                yield from ((path / name, workbook.read(name)) for name in workbook.namelist())
        else:
            yield path, path.read_bytes()


@dataclass
class Installation:
    """A home of its own, and ``make run`` in it."""

    home: Path
    counties: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        kept = {key: text for key, text in os.environ.items() if not key.startswith(("AIRFLOW", "XIEZUO", "PG"))}
        return kept | {
            "XIEZUO_HOME": str(self.home),
            "XIEZUO_COUNTIES": str(self.counties / "counties.yaml"),
            "XIEZUO_DIVISIONS": str(self.counties / "divisions"),
            **self.more,
        }

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.environ | {"XIEZUO_NOW": NOW})

    @property
    def sample(self) -> Path:
        return self.home / "sample" / f"{COUNTY}-{YEAR}-{SEED}"

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start the launcher as ``make run`` does."""
        command = [sys.executable, "-m", "xiezuo_local", *(words or ("run", *WORDS))]
        return subprocess.Popen(
            command, env=self.environ, start_new_session=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Run to the end; return the exit code and everything that was said."""
        with self.start(*words) as process:
            said = process.communicate()[0]
        return process.returncode, said

    def figures(self) -> dict[Key, Figure]:
        """Return the figures of the year."""
        with access.connect(self.settings, "analyst") as reader:
            rows = reader.execute(
                "select indicator_id, period_kind, period, breakdown, value, unit, qualifier from mart.indicator_value"
                " where county_code = %s and left(period, 4) = %s",
                (COUNTY, str(YEAR)),
            ).fetchall()
        return {tuple(row[:4]): tuple(row[4:]) for row in rows}

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement in the warehouse as its owner."""
        with access.connect(self.settings, "owner") as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def dump(self, url: str, schemas: tuple[str, ...]) -> dict[str, bytes]:
        """Return every table of the schemas as text."""
        with psycopg.connect(url) as connection:
            tables = connection.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_schema = any(%s) and table_type = 'BASE TABLE'",
                (list(schemas),),
            ).fetchall()
            found = {}
            for names in tables:
                with connection.cursor().copy(sql.SQL("copy {} to stdout").format(sql.Identifier(*names))) as copy:
                    found[".".join(names)] = b"".join(bytes(block) for block in copy)
        return found

    def outputs(self) -> dict[str, bytes]:
        """Return the summaries' bytes by their names below ``out``; receipts say when a file came, and are left out."""
        out = self.home / "out"
        files = (path for path in out.rglob("*") if path.is_file())
        return {str(path.relative_to(out)): path.read_bytes() for path in files if "units" not in path.parts}

    def remove(self) -> None:
        """Stop everything there, the database server too, and remove the home."""
        code, said = self.run("down")
        shutil.rmtree(self.home)
        assert code == 0, said


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Yield a folder that the database server's account can pass through, with an invented county of four townships."""
    folder = Path(tempfile.mkdtemp(prefix="xiezuo-run-"))
    folder.chmod(0o711)
    counties.settle(Settings.from_env({}), folder, counties.invented(COUNTY))
    yield folder
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Run:
    """A run that came to its end: where, what it said, and what came of it."""

    installation: Installation
    said: str
    digest: str
    outputs: dict[str, bytes]


def installed(place: Path, name: str, scale: float | None) -> Installation:
    """Return a fresh installation; with a ``scale``, its sample is already made."""
    made = Installation(place / name, place)
    if scale is not None:
        sample.generate(made.settings, COUNTY, YEAR, SEED, scale, made.sample)
    return made


def completed(installation: Installation) -> Run:
    code, said = installation.run()
    assert code == 0, said
    return Run(installation, said, digest(installation.settings), installation.outputs())


@pytest.fixture(scope="module")
def reference(place: Path) -> Iterator[Run]:
    """Yield the small county's year as one process takes it in, connected to everything the sample has.

    Documents are written of January and the year: every month takes its time.
    """
    here = installed(place, "reference", SMALL)
    shutil.copytree(here.sample / "inbox", here.home / "inbox")
    here.more["XIEZUO_INBOX_SETTLE"] = "0"
    try:
        with PlatformServer(here.sample, clock=here.settings.now) as server:
            here.more |= sample_sources.sources(here.sample, server, COUNTY)
            done = pipeline.run(here.settings, county=COUNTY, first=date(YEAR, 1, 1), last=date(YEAR, 1, 31))
        assert done["down"] == []
        yield Run(here, "", digest(here.settings), here.outputs())
    finally:
        here.remove()


@pytest.fixture(scope="module")
def year(place: Path, reference: Run) -> Iterator[Run]:
    """Yield the small county's year, run by Airflow: killed once while data is on its way, and run again."""
    random = Random(2)
    installation = installed(place, "year", None)
    shutil.copytree(reference.installation.sample, installation.sample)
    try:
        yield recovered(installation, reference, [random.choice(KINDS)], random, (5,))
    finally:
        installation.remove()


@pytest.fixture(scope="module")
def whole_year(place: Path) -> Iterator[Run]:
    """Yield the whole year as the launcher makes it, run once."""
    installation = installed(place, "whole-year", None)
    try:
        yield completed(installation)
    finally:
        installation.remove()


def expected(installation: Installation) -> dict[Key, Figure]:
    with (installation.sample / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["indicator_id"], row["period_kind"], row["period"], row["breakdown"]): (Decimal(row["value"]), row["unit"], row["qualifier"])
            for row in csv.DictReader(lines)
        }


def assert_same(found: dict[Any, Figure], wanted: dict[Any, Figure]) -> None:
    """Every figure that is wanted is there, and of these indicators no other that is not zero."""
    assert wanted
    assert {key: (found.get(key), figure) for key, figure in wanted.items() if found.get(key) != figure} == {}
    planned = {key[0] for key in wanted}
    assert {key: figure for key, figure in found.items() if key not in wanted and key[0] in planned and figure[0]} == {}


def assert_figures(run: Run) -> None:
    assert_same(run.installation.figures(), expected(run.installation))


def assert_summaries(run: Run) -> None:
    """Twelve months and the year, each with its own figures, as JSON and as a workbook."""
    wanted, out = expected(run.installation), run.installation.home / "out" / COUNTY
    names = {f"{COUNTY}/{period}/summary.{kind}" for period in (*MONTHS, str(YEAR)) for kind in ("json", "xlsx")}
    documents = {f"{COUNTY}/{period}/bulletin.{kind}" for period in MONTHS for kind in ("docx", "xlsx")}
    documents |= {f"{COUNTY}/{YEAR}/annual.{kind}" for kind in ("docx", "xlsx")}
    assert set(run.outputs) == names | documents
    for period in (*MONTHS, str(YEAR)):
        document = json.loads((out / period / "summary.json").read_text(encoding="utf-8"))
        assert (document["county_code"], document["period"]) == (COUNTY, period)
        kinds = {document["period_kind"]: document["figures"]}
        if period != str(YEAR):
            kinds["year_to_date"] = document["year_to_date"]
        assert set(kinds) == ({"year"} if period == str(YEAR) else {"month", "year_to_date"})
        for kind, figures in kinds.items():
            given = {
                (f["indicator_id"], f["breakdown"]): (Decimal(f["value"]), f["unit"], f["qualifier"]) for f in figures if f["value"] is not None
            }
            # parts that the set names together stand there where they are not 0, and figures of no set nowhere
            listed = {key[0] for key in given}
            due = {(key[0], key[3]): figure for key, figure in wanted.items() if key[1:3] == (kind, period)}
            assert_same(given, {key: figure for key, figure in due.items() if key[0] in listed})
    totals = {float(figure[0]) for key, figure in wanted.items() if key[1] == "year" and not key[3]}
    for name in ("summary", "annual"):
        sheets = openpyxl.load_workbook(out / str(YEAR) / f"{name}.xlsx", read_only=True)
        numbers = {cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, int | float)}
        assert totals <= {float(number) for number in numbers}
    with zipfile.ZipFile(out / str(YEAR) / "annual.docx") as report:
        text = report.read("word/document.xml").decode()
    assert f"{YEAR}年东西部协作工作自评报告" in re.sub(r"<[^>]*>", "", text)
    assert "{{" not in text
    assert "{%" not in text


def assert_answered(run: Run) -> None:
    """Every file that came is answered by a receipt; each with rows that wait also by a workbook with these."""
    units = run.installation.home / "out" / COUNTY / "units"
    receipts = list(units.rglob("回执_*"))
    assert len(receipts) == len([path for path in (run.installation.home / "inbox").rglob("*") if path.is_file()])
    [(waiting,)] = run.installation.ask("select count(distinct file) from audit.quarantine where state = 'open'")
    assert len(list(units.rglob(f"{GIVEN_BACK}*"))) == waiting > 0


def assert_bad_rows(run: Run) -> None:
    """Every row read is accounted for, and exactly the deliberate bad rows are in quarantine."""
    counts = run.installation.ask(
        "select dataset, uri, state, rows_read, rows_loaded + rows_unchanged + rows_superseded + rows_duplicate"
        " + rows_quarantined + rows_ignored from audit.batch"
    )
    assert len(counts) > 5
    assert [row for row in counts if row[2] != "loaded" or row[3] != row[4]] == []
    with (run.installation.sample / "bad_rows.csv").open(encoding="utf-8", newline="") as lines:
        bad = [row for row in csv.DictReader(lines) if row["expected_fate"] == "quarantined"]
    held = run.installation.ask("select file, row_no from audit.quarantine")
    assert len(bad) > 5
    assert set(held) == {(row["file"].removeprefix("inbox/"), int(row["row_no"])) for row in bad}


def assert_nothing_leaks(run: Run) -> None:
    """No identity number and no secret outside the vault, not in Airflow's database and not in a log."""
    here = run.installation
    known = {number for _, content in contents(here.home / "inbox") for number in identity_numbers(content)}
    assert len(known) > 50
    server = EmbeddedServer(here.home, Secrets(here.settings.secrets_dir, here.environ)).ensure()
    stored = here.dump(server.url(access.DATABASE), ("core", "staging", "mart", "publish", "audit"))
    airflow = here.dump(server.url(access.METADATA_DATABASE), ("public",))
    logs = {str(path): content for path, content in contents(here.home / "logs")}
    out = [(str(path), content) for path, content in contents(here.home / "out")]
    written = {name: content for name, content in out if GIVEN_BACK not in name}
    given = {number for name, content in out if GIVEN_BACK in name for number in identity_numbers(content)}
    assert given < known, "rows held back go back to whom they came from, and no others"
    assert {"core.labour_placement", "mart.indicator_value", "audit.quarantine"} <= set(stored)
    assert all(airflow[f"public.{table}"] for table in ("xcom", "rendered_task_instance_fields", "log", "task_instance"))
    assert any("task_id=group.load" in path for path in logs)
    for name, content in (stored | airflow | logs | written | {"stdout": run.said.encode()}).items():
        assert identity_numbers(content) == set(), name
        # Also inside longer words, where only the sample's own numbers cannot be there by chance.
        runs = {text.decode() for text in re.findall(rb"(?=(99\d{15}[\dXx]))", content)}
        assert runs & known == set(), name
    secrets = {path.name: path.read_bytes().strip() for path in here.settings.secrets_dir.iterdir()}
    assert len(secrets) > 8
    assert all(len(secret) >= 12 for secret in secrets.values())
    secrets |= {"of the platforms": b"sample-secret", "session": b"sample-session"}
    for name, content in (airflow | logs).items():
        assert [secret for secret, value in secrets.items() if value in content] == [], name


def assert_again(run: Run) -> None:
    """A second run changes no row and no byte."""
    code, said = run.installation.run()
    assert code == 0, said
    assert digest(run.installation.settings) == run.digest
    assert run.installation.outputs() == run.outputs


def test_a_year_gives_its_expected_figures(year: Run) -> None:
    assert_figures(year)


def test_twelve_months_and_the_year_are_summarised(year: Run) -> None:
    assert_summaries(year)


def test_every_row_is_accounted_for(year: Run) -> None:
    assert_bad_rows(year)
    assert_answered(year)


def test_neither_people_nor_secrets_leak(year: Run) -> None:
    assert_nothing_leaks(year)


def test_what_was_killed_comes_to_what_one_undisturbed_process_makes_of_it(year: Run, reference: Run) -> None:
    assert year.digest == reference.digest
    assert reference.outputs.keys() <= year.outputs.keys()
    other = {name: said for name, whole in reference.outputs.items() if (said := told_otherwise(whole, year.outputs[name]))}
    assert other == {}


def told_otherwise(one: bytes, other: bytes) -> list[str]:
    """Return what two files of one name do not both say: pieces of text of an Office file, lines of another."""
    if one == other:
        return []
    said, instead = Counter(pieces(one)), Counter(pieces(other))
    return [*(f"- {piece}" for piece in said - instead), *(f"+ {piece}" for piece in instead - said)] or ["in another order"]


def pieces(data: bytes) -> Iterator[str]:
    if not data.startswith(b"PK"):
        yield from data.decode("utf-8", "replace").splitlines()
        return
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            yield from (f"{part}: {piece}" for piece in re.findall(r">([^<>]+)<", package.read(part).decode("utf-8", "replace")))


@pytest.mark.sweep
def test_a_second_run_changes_nothing(year: Run) -> None:
    assert_again(year)


@pytest.mark.sweep
def test_the_whole_year_as_the_launcher_makes_it(whole_year: Run) -> None:
    assert_figures(whole_year)
    assert_summaries(whole_year)
    assert_bad_rows(whole_year)
    assert_answered(whole_year)
    assert_nothing_leaks(whole_year)
    assert_again(whole_year)


class Killing:
    """A run that loses one process to SIGKILL at a moment of its own progress, however slow the machine is."""

    def __init__(self, installation: Installation, random: Random) -> None:
        self._home = installation.home
        self._random = random
        self._launcher = installation.start()
        self._said: list[str] = []
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def kill(self, kind: str, step: int, pause: float) -> bool:
        """Kill a process of the kind ``pause`` seconds into a step, or when there is one; tell whether one was there."""
        while self._on() and not any(line.startswith(f"[{step}/") for line in self._said):
            time.sleep(0.02)
        time.sleep(pause)
        while self._on():
            if victims := self._victims(kind):
                os.kill(self._random.choice(victims), signal.SIGKILL)
                return True
            time.sleep(0.02)
        return False

    def end(self) -> tuple[int, str]:
        """Wait for the launcher's end, of its own or killed; return its code and its words."""
        code = self._launcher.wait()
        self._listener.join()
        return code, "".join(self._said)

    def _listen(self) -> None:
        with self._launcher.stdout or io.StringIO() as lines:
            self._said.extend(lines)

    def _on(self) -> bool:
        return self._launcher.poll() is None

    def _victims(self, kind: str) -> list[int]:
        if kind == "launcher":
            return [self._launcher.pid]
        if kind == "postmaster":
            return self._postmaster()
        try:
            children = psutil.Process(self._launcher.pid).children()
            if kind == "worker":
                return [pid for child in children if _is(child, "scheduler") for pid in _workers(child)]
            return [child.pid for child in children if _is(child, kind)]
        except psutil.NoSuchProcess:
            return []

    def _postmaster(self) -> list[int]:
        path = self._home / "postgres" / "data" / "postmaster.pid"
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [int(lines[0])] if lines and psutil.pid_exists(int(lines[0])) else []


def _is(process: psutil.Process, kind: str) -> bool:
    """Whether a child is of the kind, by its command line, which Airflow rewrites in its own way."""
    words = " ".join(process.cmdline()).replace("_", "-").split()
    return kind in words and ("airflow" in words or "xiezuo.cli" in words)


def _workers(scheduler: psutil.Process) -> list[int]:
    """Return the processes at work on a task: an executor's worker and the task's own child."""
    return [each.pid for worker in scheduler.children() for each in (worker, *worker.children()) if worker.children()]


def killed(installation: Installation, kind: str, random: Random, steps: Sequence[int]) -> None:
    """Run, and kill a process of the kind at a moment in one of the steps."""
    step = random.choice(steps)
    pause = random.uniform(0, SECONDS_OF_A_STEP[step])
    hit = False
    while not hit:
        running = Killing(installation, random)
        hit = running.kill(kind, step, pause)
        code, said = running.end()
        assert code in (0, 1, 4, -signal.SIGKILL), said
        assert hit or code == 0, said
        pause /= 2  # it was over already


def recovered(here: Installation, reference: Run, kills: Sequence[str], random: Random, steps: Sequence[int]) -> Run:
    """Kill as told, with the keys of the reference, then run to the end."""
    shutil.copytree(reference.installation.settings.secrets_dir, here.settings.secrets_dir)
    for kind in kills:
        killed(here, kind, random, steps)
    return completed(here)


def assert_recovers(here: Installation, reference: Run, kills: Sequence[str], random: Random, steps: Sequence[int]) -> None:
    """What comes out is what came out of an undisturbed run with the same keys."""
    try:
        run = recovered(here, reference, kills, random, steps)
        assert (run.digest, run.outputs) == (reference.digest, reference.outputs)
    finally:
        here.remove()


@pytest.mark.sweep
def test_two_kills_one_run_after_the_other_are_made_good(place: Path, whole_year: Run) -> None:
    random = Random(2)
    assert_recovers(installed(place, "killed-twice", None), whole_year, random.sample(KINDS, 2), random, (5,))


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(KILLS_OF_A_SWEEP))
def test_any_process_may_be_killed_at_any_moment(place: Path, whole_year: Run, seed: int) -> None:
    kind = KINDS[seed % len(KINDS)]
    assert_recovers(installed(place, f"killed-{seed}", None), whole_year, [kind], Random(seed), (2, 3, 4, 5, 5, 5, 6))


@pytest.mark.parametrize(("how", "day"), [("shut out", 1), pytest.param("gone", 2, marks=pytest.mark.sweep)])
def test_a_dead_platform_stops_nobody_else(reference: Run, httpserver: HTTPServer, how: str, day: int) -> None:
    """One's own data: a platform is down this night. Exit code 4; the others are in, and what there was of it stays.

    One that shuts us out for a day is given up at once; one that does not answer at all, after a minute and more.
    """
    httpserver.expect_request(re.compile(".*")).respond_with_data("", status=429, headers={"Retry-After": "86400"})
    port = httpserver.port if how == "shut out" else free_port()
    here, night = reference.installation, f"{YEAR + 1}-01-{day:02d}T23:30:00+08:00"
    facts = "select o::text from core.sales_order as o order by 1"
    read_up_to = "select stream, covered_to from audit.watermark where source = 'sales' order by 1"
    before, sold, days = here.figures(), here.ask(facts), dict(here.ask(read_up_to))
    late = here.home / "inbox" / COUNTY / "work" / f"会议_{how}.csv"
    late.write_text(f"会议时间,会议类型,议题\n{YEAR}-12-20,政府常务会,补报事项（{how}）\n", encoding="utf-8")
    with PlatformServer(here.sample, clock=lambda: datetime.fromisoformat(night)) as server:
        assert {"jd", "taobao"} <= set(server.names)
        here.more |= sample_sources.sources(here.sample, server, COUNTY)
        here.more |= dict([sample_sources.platform("jd", port, COUNTY)]) | {"XIEZUO_NOW": night}
        code, said = here.run("run", "--sample", "0", "--county", COUNTY, "--year", str(YEAR + 1))  # one month to summarise
    assert (code, said.count("✗ ingest_sales.group.fetch")) == (4, 1), said
    after, now = here.figures(), dict(here.ask(read_up_to))
    assert here.ask(facts) == sold
    assert {name for name in days if now[name] == days[name]} == {f"sales_{COUNTY}_jd"}
    assert len(sold) > 100
    of_meetings = {key for key in before if key[0].startswith("ORG1")}
    of_the_year = ("ORG1", "year", str(YEAR), "")
    assert after[of_the_year][0] == before[of_the_year][0] + 1
    assert {key[:3] for key in of_meetings if before[key] != after[key]} > {("ORG1", "month", f"{YEAR}-12"), ("ORG1", "year", str(YEAR))}
    rest = {key: figure for key, figure in before.items() if key not in of_meetings}
    assert len(rest) > 500
    assert {key: after.get(key) for key in rest} == rest
