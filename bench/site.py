"""Where a bench happens: one embedded server, copies of the project's declarations, and fresh warehouses.

Every measured run begins on the same freshly migrated database, copied from a template, after a
checkpoint, so that none pays for what another left behind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
from psycopg import sql

from bench.measure import server_process
from xiezuo import pipeline
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.embedded.server import EmbeddedServer

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "bench_as_migrated"
NOW = "2022-12-31T23:00:00+08:00"


@dataclass(frozen=True)
class Site:
    """The bench's folder, its server, and settings with twenty row rules (``judging``) and with none (``plain``)."""

    folder: Path
    judging: Settings
    plain: Settings
    server: psutil.Process

    def fresh(self, template: str = TEMPLATE) -> None:
        """Put a warehouse as it is migrated, or as another ``template`` is, in the place of the one there is."""
        self.drop(access.DATABASE)
        with self.admin() as connection:
            names = (access.DATABASE, template, access.ROLES["owner"])
            connection.execute(_named("create database {} template {} owner {}", *names))
            connection.execute("checkpoint")

    def put_aside(self, database: str) -> None:
        """Keep the warehouse under another name."""
        self.drop(database)
        with self.admin() as connection:
            connection.execute(_named("alter database {} rename to {}", access.DATABASE, database))

    @contextmanager
    def taking(self, database: str) -> Iterator[None]:
        """Make a warehouse that was put aside the warehouse for as long as the block runs."""
        self.drop(access.DATABASE)
        with self.admin() as connection:
            connection.execute(_named("alter database {} rename to {}", database, access.DATABASE))
            connection.execute("checkpoint")
        try:
            yield
        finally:
            self.put_aside(database)

    def drop(self, database: str) -> None:
        """Drop a database, if it is there."""
        with self.admin() as connection:
            connection.execute(_named("drop database if exists {} with (force)", database))

    def left_over(self) -> list[str]:
        """Return the bench's own databases, of this bench or of one that was interrupted."""
        with self.admin() as connection:
            rows = connection.execute("select datname from pg_database where starts_with(datname, 'bench_')").fetchall()
        return [name for (name,) in rows]

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """Open a connection of the server's own account, outside the warehouse."""
        with psycopg.connect(_server(self.judging).ensure().url("postgres"), autocommit=True) as connection:
            yield connection


@contextmanager
def opened(folder: Path) -> Iterator[Site]:
    """Bring the bench's server up with a template of the warehouse as it is migrated now; stop it at the end."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    judging = _settings(folder, _project(folder / "projects" / "judging", ROOT / "bench" / "sales_order.rows.yaml"))
    plain = _settings(folder, _project(folder / "projects" / "plain", None))
    try:
        access.bootstrap(judging)
        access.recreate(judging)
        pipeline.prepare(judging)
        site = Site(folder, judging, plain, server_process(_server(judging).ensure().url("postgres")))
        for database in site.left_over():
            site.drop(database)
        with site.admin() as connection:
            connection.execute(_named("create database {} template {}", TEMPLATE, access.DATABASE))
        yield site
    finally:
        access.stop(judging)


def _settings(folder: Path, project: Path) -> Settings:
    return Settings.from_env({
        **{name: value for name, value in os.environ.items() if not name.startswith(("XIEZUO_", "AIRFLOW_"))},
        "XIEZUO_HOME": str(folder / "home"), "XIEZUO_INBOX": str(folder / "inbox"), "XIEZUO_OUT": str(folder / "out"),
        "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": NOW, "XIEZUO_ROOT": str(project),
    })  # fmt: skip


def _project(folder: Path, rows: Path | None) -> Path:
    """Copy what the project declares, with ``rows`` (or no rule at all) as the row rules of sales orders."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("include", "expectations"):
        shutil.copytree(ROOT / name, folder / name)
    suite = folder / "expectations" / "sales_order.rows.yaml"
    suite.write_text(
        "name: sales_order.rows\nexpectations: []\n" if rows is None else rows.read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    return folder


def _server(settings: Settings) -> EmbeddedServer:
    return EmbeddedServer(settings.home, Secrets(settings.secrets_dir, settings.environ))


def _named(statement: LiteralString, *names: str) -> sql.Composed:
    """Return a statement about databases and roles, their names quoted."""
    return sql.SQL(statement).format(*map(sql.Identifier, names))
