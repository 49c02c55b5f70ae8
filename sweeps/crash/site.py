"""Where runs are disturbed: one embedded server, a county of a few files, one platform; a case begins with nothing."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

import xiezuo_sample as sample
from xiezuo import pipeline
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.digest import digest
from xiezuo.warehouse.embedded.server import EmbeddedServer
from xiezuo_sample.platforms.server import PlatformServer

COUNTY = "620422"
SINCE = date(2022, 12, 22)
"""The platform is read from here on: ten days are ten pages to be killed between."""
_NOW = "2022-12-31T23:00:00+08:00"
_TEMPLATE = "crash_as_migrated"
_KEPT = ("汉家岔镇", "832平台订单导出_2022-12", "资金项目台账", "会议台账_2022-12")
"""Parts of the names of the few files that are kept: several sources, a text, snapshots, orders that have lines."""
_FEWEST = _KEPT[1:2]
_PLATFORM = "taobao"


@dataclass(frozen=True)
class State:
    """What a warehouse holds: the digest of its rows, what is held back, and landings that nobody has loaded."""

    digest: str
    held: str
    waiting: int


class Site:
    """An installation whose warehouse can be made anew from a migrated one, the database ``template``."""

    def __init__(self, settings: Settings, template: str) -> None:
        self.settings, self._template = settings, template
        self._others = self._landed()

    def fresh(self) -> None:
        """Put an empty, migrated warehouse in the place of the one there is, and take away what was landed for it."""
        with self.admin() as connection:
            name = sql.Identifier(access.DATABASE)
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
            owner = sql.Identifier(access.ROLES["owner"])
            made = sql.SQL("create database {} template {} owner {}")
            connection.execute(made.format(name, sql.Identifier(self._template), owner))
        for path in self._landed() - self._others:
            path.unlink()

    def state(self) -> State:
        """Return what the warehouse holds now."""
        with access.connect(self.settings, "owner") as reader:
            held = reader.execute(
                "select coalesce(string_agg(h.line, e'\\n' order by h.line), '') from"
                " (select distinct concat_ws('|', q.file, q.row_no, q.rule_id) as line from audit.quarantine as q) as h"
            ).fetchone()
            waiting = reader.execute("select count(*) from audit.landing as l where l.state <> 'done'").fetchone()
        assert held is not None  # noqa: S101  (both are aggregates)
        assert waiting is not None  # noqa: S101
        return State(digest(self.settings), held[0], waiting[0])

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """Open a connection of the server's own account; brings the server up where it is down."""
        with psycopg.connect(self._server().ensure().url("postgres"), autocommit=True) as connection:
            yield connection

    def postmaster(self) -> psutil.Process:
        """Return the server's main process."""
        with self.admin() as connection:
            row = connection.execute("select pg_backend_pid()").fetchone()
        assert row is not None  # noqa: S101  (a function always answers)
        return psutil.Process(int(self._server().status().data.joinpath("postmaster.pid").read_text().split()[0]))

    def _landed(self) -> set[Path]:
        return {path for path in self.settings.landing_dir.rglob("*") if path.is_file()}

    def _server(self) -> EmbeddedServer:
        return EmbeddedServer(self.settings.home, Secrets(self.settings.secrets_dir, self.settings.environ))


def night(settings: Settings) -> None:
    """Plan, fetch, load and build once, in this process; documents are written of what is in the warehouse anyway.

    Raises:
        XiezuoError, psycopg.Error, OSError: a stage failed.
    """
    for source in pipeline.SOURCES:
        for group in pipeline.plan(settings, source, groups=1):
            pipeline.fetch(settings, group, since=SINCE)
            pipeline.load(settings, group)
    pipeline.build(settings)


@contextmanager
def opened(folder: Path) -> Iterator[Site]:
    """Bring a server and a site up in a folder that the server's account may pass through; stop both at the end."""
    settings = Settings.from_env({
        "XIEZUO_HOME": str(folder / "home"), "XIEZUO_INBOX": str(folder / "sample" / "inbox"),
        "XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": _NOW,
    })  # fmt: skip
    try:
        pipeline.prepare(settings)
        with Site(settings, access.DATABASE).admin() as connection:
            names = map(sql.Identifier, (_TEMPLATE, access.DATABASE))
            connection.execute(sql.SQL("create database {} template {}").format(*names))
        with connected(settings, _TEMPLATE) as site:
            yield site
    finally:
        access.stop(settings)


@contextmanager
def connected(settings: Settings, template: str, *, is_smallest: bool = False) -> Iterator[Site]:
    """Put a few files into the inbox, and serve a platform and a finance ledger, as long as the block runs.

    The smallest site has one file and the platform.
    """
    data = settings.inbox.parent
    sample.generate(settings, COUNTY, 2022, 3, 0.02, data)
    for path in sorted(settings.inbox.rglob("*.*")):
        if not any(part in path.name for part in (_FEWEST if is_smallest else _KEPT)):
            path.unlink()
    with _platforms(data, settings) as port:
        connections = _platform(port) | ({} if is_smallest else _ledger(data))
        yield Site(replace(settings, environ={**settings.environ, **connections}), template)


def _platform(port: int) -> dict[str, str]:
    extra = {
        "profile": "top", "platform": _PLATFORM, "county_code": COUNTY, "session": "sample-session",
        "sign_method": "md5",
    }  # fmt: skip
    platform = {
        "conn_type": "http", "host": "127.0.0.1", "port": port, "schema": "http", "login": _PLATFORM,
        "password": "sample-secret", "extra": extra,
    }  # fmt: skip
    return {f"AIRFLOW_CONN_SALES_{COUNTY}_{_PLATFORM.upper()}": json.dumps(platform)}


def _ledger(data: Path) -> dict[str, str]:
    ledger = {"conn_type": "generic", "extra": {"sqlalchemy_url": f"sqlite:///{data / 'fund.db'}"}}
    return {"AIRFLOW_CONN_FUND_LEDGER": json.dumps(ledger)}


@contextmanager
def _platforms(data: Path, settings: Settings) -> Iterator[int]:
    """Serve the platforms from a process of its own, since one with threads must not be forked; yield the port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(data, settings.environ, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield int(ours.recv())
    finally:
        process.kill()
        process.join()


def _serve(data: Path, environ: dict[str, str], end: Connection) -> None:
    server = PlatformServer(data, clock=Settings.from_env(environ).now)
    end.send(server.port)
    server.run()
