"""What all tests share: a clean environment, one embedded server, a fresh warehouse for each test."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql

from xiezuo import pipeline
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.embedded.server import EmbeddedServer

TEMPLATE = "xiezuo_as_migrated"
MARKERS = {
    "integration": "needs the embedded PostgreSQL",
    "e2e": "runs Airflow or the whole of `make run`",
    "sweep": "many seeds, kills or sizes; runs only when asked for with -m sweep",
    "citus": "needs a real Citus (deploy/citus/README.md); runs only when asked for with -m citus",
}
ON_DEMAND = ("sweep", "citus")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; measure no times; forget what the developer's own environment says of Xiezuo."""
    hypothesis.settings.register_profile("patient", deadline=None)  # a machine that is busy is no fault of what is tested
    hypothesis.settings.load_profile("patient")
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    for name in [n for n in os.environ if n.startswith(("XIEZUO_", "AIRFLOW_CONN_"))]:
        del os.environ[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what lies under tests/integration; leave out what runs only when it is asked for."""
    for item in items:
        if "integration" in item.path.parts:
            item.add_marker("integration")
    unwanted = {marker for marker in ON_DEMAND if marker not in config.getoption("-m")}
    config.hook.pytest_deselected(items=[item for item in items if unwanted & set(item.keywords)])
    items[:] = [item for item in items if not unwanted & set(item.keywords)]


@pytest.fixture(scope="session")
def server_home() -> Iterator[Path]:
    """Yield the home of one embedded server with a migrated warehouse to copy from; stop it at the end."""
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-tests-"))
    outer.chmod(0o711)  # the server's account passes through
    settings = Settings.from_env({"XIEZUO_HOME": str(outer / "home"), "XIEZUO_INBOX": str(outer / "unused")})
    try:
        pipeline.prepare(settings)
        with _admin(settings) as connection:
            _copy(connection, access.DATABASE, TEMPLATE)
        yield settings.home
    finally:
        access.stop(settings)
        shutil.rmtree(outer)


@pytest.fixture(scope="session")
def fresh(server_home: Path) -> Callable[..., Settings]:
    """Return what gives settings on an empty, migrated warehouse, inbox and documents in a folder of one's own.

    There is one such warehouse: whoever held it before has lost it. It is empty unless another ``template`` is named.
    """

    def given(folder: Path, template: str = TEMPLATE) -> Settings:
        found = Settings.from_env({
            "XIEZUO_HOME": str(server_home), "XIEZUO_INBOX": str(folder / "inbox"), "XIEZUO_OUT": str(folder / "out"),
            "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": "2022-12-31T23:00:00+08:00",
        })  # fmt: skip
        with _admin(found) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(access.DATABASE)))
            _copy(connection, template, access.DATABASE)
        return found

    return given


@pytest.fixture(scope="session")
def keep() -> Callable[[Settings, str], None]:
    """Return what keeps the warehouse as it is now as a template that ``fresh`` can be given."""

    def kept(settings: Settings, template: str) -> None:
        with _admin(settings) as connection:
            _copy(connection, access.DATABASE, template)

    return kept


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AbstractContextManager[Path]]:
    """Return what opens a folder that all workers of this run share: the first to ask makes it, the last puts it away."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    @contextmanager
    def opened(name: str, make: Callable[[Path], object], put_away: Callable[[Path], object]) -> Iterator[Path]:
        note = base / f"{name}.json"
        with _alone(note):
            found = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {"users": 0}
            if not found["users"]:
                found["folder"] = tempfile.mkdtemp(prefix=f"xiezuo-{name}-")
                folder = Path(found["folder"])
                folder.chmod(0o711)  # a server's account passes through
                try:
                    make(folder)
                except BaseException:
                    put_away(folder)
                    shutil.rmtree(folder)
                    raise
            note.write_text(json.dumps(found | {"users": found["users"] + 1}), encoding="utf-8")
        try:
            yield Path(found["folder"])
        finally:
            with _alone(note):
                found = json.loads(note.read_text(encoding="utf-8"))
                note.write_text(json.dumps(found | {"users": found["users"] - 1}), encoding="utf-8")
                if found["users"] == 1:
                    put_away(Path(found["folder"]))
                    shutil.rmtree(found["folder"])

    return opened


@contextmanager
def _alone(note: Path) -> Iterator[None]:
    with note.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def settings(fresh: Callable[..., Settings], tmp_path: Path) -> Settings:
    """Return settings on an empty, migrated warehouse, at the last hour of 2022."""
    return fresh(tmp_path)


def _copy(connection: psycopg.Connection[Any], source: str, target: str) -> None:
    names = map(sql.Identifier, (target, source, access.ROLES["owner"]))
    connection.execute(sql.SQL("create database {} template {} owner {}").format(*names))


def _admin(settings: Settings) -> psycopg.Connection[Any]:
    server = EmbeddedServer(settings.home, Secrets(settings.secrets_dir, settings.environ))
    return psycopg.connect(server.ensure().url("postgres"), autocommit=True)
