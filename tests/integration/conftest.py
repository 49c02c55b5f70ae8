"""An office and its inbox: what the tests of loading and building act through."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import xiezuo_sample as sample
from tests.data import counties
from tests.data.sample_sources import sources
from tests.integration.airflow.probe import ask
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.digest import digest
from xiezuo_sample.platforms.server import PlatformServer


@dataclass(frozen=True)
class Office:
    """An office that drops sheets into its inbox, and the night that takes them in."""

    settings: Settings
    county: str = "620422"

    def drop(self, place: str, rows: Sequence[Sequence[Any]]) -> Path:
        """Write ``rows`` as CSV to ``<inbox>/<county>/<place>``."""
        path = self.settings.inbox / self.county / place
        path.parent.mkdir(parents=True, exist_ok=True)
        text = io.StringIO()
        csv.writer(text).writerows(["" if cell is None else cell for cell in row] for row in rows)
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    def take(self, source: str) -> list[dict[str, Any]]:
        """Plan, fetch and load a source; return its batches."""
        done = []
        for group in pipeline.plan(self.settings, source, groups=1):
            pipeline.fetch(self.settings, group, since=date(2022, 1, 1))
            done += pipeline.load(self.settings, group)["batches"]
        return done

    def deliver(self, place: str, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Drop one sheet and take it in at once."""
        self.drop(place, rows)
        return self.take(place.split("/", maxsplit=1)[0])

    def built_anew(self) -> dict[tuple[str, ...], tuple[Any, ...]]:
        """Build every month of the years on record as if all of it were new; return what that changed, which is nothing."""
        read = "select county_code, period_kind, period, indicator_id, breakdown, value, qualifier, as_of from mart.indicator_value"
        before = {row[:5]: row[5:] for row in self.ask(read)}
        self.ask(
            "insert into audit.touched_period (county_code, month, dataset) select distinct v.county_code, m.month::date, b.dataset"
            " from mart.indicator_value as v cross join (select distinct dataset from audit.batch) as b cross join lateral"
            " generate_series(make_date(v.period::integer, 1, 1), make_date(v.period::integer, 12, 1), interval '1 month') as m (month)"
            " where v.period_kind = 'year'"
        )
        pipeline.build(self.settings)
        after = {row[:5]: row[5:] for row in self.ask(read)}
        return {key: (before.get(key, ()), after.get(key, ())) for key in before.keys() | after.keys() if before.get(key) != after.get(key)}

    def ask(self, statement: str, *values: Any, role: str = "owner") -> list[tuple[Any, ...]]:
        """Run one statement in the warehouse; return its rows, if it gives any."""
        with access.connect(self.settings, role) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def at(self, now: str) -> Office:
        """Return the same office at another time."""
        return replace(self, settings=replace(self.settings, environ={**self.settings.environ, "XIEZUO_NOW": now}))


@pytest.fixture
def office(settings: Settings) -> Office:
    """Return an office with an empty inbox and warehouse."""
    return Office(settings)


@pytest.fixture(scope="session")
def filled_once(
    fresh: Callable[..., Settings], keep: Callable[[Settings, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Office]:
    """Return what opens an office that ``fill`` has filled: the first time by filling it, then from a copy.

    Copied are warehouse and inbox; bytes landed stay where they are.
    """
    inboxes: dict[Callable[[Office], object], Path] = {}

    def opened(fill: Callable[[Office], object], folder: Path) -> Office:
        template = f"xiezuo_after_{fill.__module__.rpartition('.')[2]}_{fill.__name__}"
        if fill in inboxes:
            shutil.copytree(inboxes[fill], folder / "inbox")
            return Office(fresh(folder, template))
        office = Office(fresh(folder))
        fill(office)
        kept = tmp_path_factory.mktemp("filled") / "inbox"
        shutil.copytree(office.settings.inbox, kept)
        keep(office.settings, template)
        inboxes[fill] = kept
        return office

    return opened


@pytest.fixture(scope="session")
def keys_of() -> Callable[[Settings], dict[str, str]]:
    """Return what tells the variables that hand on an installation's keys, without which its rows are not the same."""

    def told(settings: Settings) -> dict[str, str]:
        return {
            f"XIEZUO_SECRET_{name.upper()}": (settings.secrets_dir / name).read_text(encoding="ascii").strip()
            for name in ("person_hash_key", "vault_key")
        }

    return told


@pytest.fixture(scope="session")
def neighbours() -> Callable[[Settings, Sequence[str]], list[Office]]:
    """Return what opens an office in each of some invented counties, whose towns and villages are those of Huining.

    What is taken in for all of them at once costs little more than what is taken in for one.
    """

    def opened(settings: Settings, codes: Sequence[str]) -> list[Office]:
        alike = (counties.alike(code, f"第{number}县") for number, code in enumerate(codes, start=1))
        region = counties.settle(settings, settings.inbox.parent, *alike)
        pipeline.prepare(region)
        return [Office(region, code) for code in codes]

    return opened


def take_year(settings: Settings, folder: Path) -> dict[str, Any]:
    """Take in the sample year that was generated in ``folder``, platforms and fund ledger included; return what was done.

    Documents are written of January and the year only: every month takes its time.
    """
    with PlatformServer(folder, clock=settings.now) as server:
        connected = replace(settings, environ={**settings.environ, **sources(folder, server)})
        done = pipeline.run(connected, county="620422", first=date(2022, 1, 1), last=date(2022, 1, 31))
    assert done["down"] == []
    return done


@pytest.fixture(scope="session")
def take() -> Callable[[Settings, Path], object]:
    """Return what takes in a generated sample year."""
    return take_year


@pytest.fixture(scope="session")
def airflow_database(shared: Callable[..., AbstractContextManager[Path]]) -> Iterator[Path]:
    """Yield a database that Airflow has made ready and never used, to be copied."""
    with shared("airflow", lambda folder: ask(folder, "database"), lambda _: None) as folder:
        yield folder / "airflow.db"


@pytest.fixture(scope="session")
def filled(shared: Callable[..., AbstractContextManager[Path]]) -> Iterator[Settings]:
    """Yield settings of a warehouse that holds a sample year of 620422, taken in twice; only to be read: all workers do.

    What the second time came to is in ``again.json`` of the inbox's parent.
    """

    def settings_in(folder: Path) -> Settings:
        return Settings.from_env({
            "XIEZUO_HOME": str(folder / "home"), "XIEZUO_INBOX": str(folder / "inbox"), "XIEZUO_OUT": str(folder / "out"),
            "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": "2022-12-31T23:00:00+08:00",
        })  # fmt: skip

    def make(folder: Path) -> None:
        settings = settings_in(folder)
        sample.generate(settings, "620422", 2022, 3, 0.1, folder)
        first = take_year(settings, folder)
        digests = [digest(settings)]
        second = take_year(settings, folder)
        digests.append(digest(settings))
        again = {
            "states": sorted({batch["state"] for batch in first["batches"]}), "digests": digests,
            "loaded": sum(batch["rows_loaded"] for batch in second["batches"]), "values": second["built"]["values"],
        }  # fmt: skip
        (folder / "again.json").write_text(json.dumps(again), encoding="utf-8")

    with shared("filled", make, lambda folder: access.stop(settings_in(folder))) as folder:
        yield settings_in(folder)
