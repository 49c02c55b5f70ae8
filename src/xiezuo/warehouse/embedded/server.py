"""The PostgreSQL server that comes with the package: made at first use, found again ever after.

Clients ask :meth:`EmbeddedServer.attach` each time and never remember the port. The server listens
on 127.0.0.1 only, has no Unix socket, asks everyone for a password (scram-sha-256) and outlives the
process that started it. There is no TLS in the programs: loopback only.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import psycopg
from psycopg.pq import PGconn, Ping

from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.base.secrets import Secrets
from xiezuo.warehouse.embedded import cluster
from xiezuo.warehouse.embedded.binaries import wheel_version
from xiezuo.warehouse.embedded.cluster import HOST, USER
from xiezuo.warehouse.embedded.process import Postmaster, alive, clear_leftovers, launch, postmaster
from xiezuo.warehouse.embedded.site import Site

OWNER_LOGIN = "postgres"  # the name the owner's password has among the secrets

# Recovering, or writing everything out at the end, takes as long as a busy machine makes it: as long as the process
# is there it is waited for, and half an hour is for a person to look at.
_START_SECONDS = 1800.0
_STOP_SECONDS = 1800.0
_ATTEMPTS = 3
_POLL = 0.05

# Whatever PG* variables of the caller's environment say otherwise.
_PLAIN = "sslmode=disable gssencmode=disable connect_timeout=60"
_FULL = ("too many clients", "connection slots are reserved")

# Below the ports the kernel hands to outgoing connections, so that none of those takes ours.
_PORTS = range(20000, 30000)


@dataclass(frozen=True)
class Endpoint:
    """Where a server is and who may log in; the password stays out of ``repr``."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)

    def url(self, database: str, *, user: str | None = None, password: str | None = None) -> str:
        """Return the ``postgresql://`` URL of a database, every part quoted.

        ``user`` and ``password`` replace the owner's; a user without a password gets none in the URL.
        """
        login, secret = (self.user, self.password) if user is None else (user, password)
        words = quote(login, safe="") + (f":{quote(secret, safe='')}" if secret else "")
        return f"postgresql://{words}@{self.host}:{self.port}/{quote(database, safe='')}"


@dataclass(frozen=True)
class Status:
    """What there is to say about a server; ``port`` is ``None`` before the first start."""

    running: bool
    port: int | None
    version: str
    data: Path
    log: Path

    def __str__(self) -> str:
        """Return one line for a terminal."""
        where = f"running on {HOST}:{self.port}" if self.running else "not running"
        return f"PostgreSQL {self.version} {where}; data {self.data}; log {self.log}"


class EmbeddedServer:
    """One PostgreSQL cluster under ``home/postgres`` (:mod:`xiezuo.warehouse.embedded.site` says where else)."""

    _found: ClassVar[dict[Path, tuple[Postmaster, Endpoint]]] = {}

    def __init__(self, home: Path, secrets: Secrets) -> None:
        self._site = Site(home)
        self._secrets = secrets

    def attach(self) -> Endpoint:
        """Return where the server answers: as :meth:`ensure`, once for each start of the server and process.

        What was made sure of holds for as long as the same server process runs. A login can still fail,
        when the server has just recovered from a crash for instance: then :meth:`ensure` waits for it.
        """
        known = self._found.get(self._site.data)
        if known is not None and self._live() == known[0]:
            return known[1]
        return self.ensure()

    def ensure(self) -> Endpoint:
        """Install, initialise and start whatever is missing, and return where the server answers.

        Any number of processes may call this at once; one works, the others wait and attach. A server
        that was killed is started again and recovers what was committed.

        Raises:
            ConfigError: the data is of another major version, the password does not fit, nothing can
                run here, or the server refuses to start (its log says why).
            SourceDown: it did not answer in time, for instance while it still recovers; try again.
        """
        self._site.prepare()
        with self._site.locked():
            live = self._live()
            if live is None or not self._answers(live, time.monotonic() + _START_SECONDS):
                live = self._start()
            endpoint = Endpoint(HOST, live.port, USER, self._secrets.text(OWNER_LOGIN))
            self._check_login(endpoint)
            self._found[self._site.data] = (live, endpoint)
            return endpoint

    def stop(self) -> None:
        """Shut the server down (clients are disconnected, work in hand rolled back) and wait for it.

        Raises:
            SourceDown: it is still there after half an hour.
        """
        if not self._site.folder.is_dir():
            return
        with self._site.locked():
            live = self._live()
            if live is None:
                return
            os.kill(live.pid, signal.SIGINT)
            deadline = time.monotonic() + _STOP_SECONDS
            while alive(live.pid):
                if time.monotonic() > deadline:
                    raise SourceDown(
                        f"the database server (process {live.pid}) does not stop",
                        next_step=f"see {self._site.log}",
                    )
                time.sleep(_POLL)

    def running(self) -> bool:
        """Whether the server's main process is alive (it may still be starting)."""
        return self._live() is not None

    def status(self) -> Status:
        """Return what ``make up`` prints; changes nothing."""
        live, site = self._live(), self._site
        return Status(
            live is not None, live.port if live else site.port, wheel_version(), site.data, site.log
        )

    def _live(self) -> Postmaster | None:
        return postmaster(self._site.data)

    def _start(self) -> Postmaster:
        """Bring the server up and return it once it answers; the caller holds the lock."""
        binaries = self._site.install()
        data, account = self._site.data, self._site.account()
        with self._site.messages() as log:
            if not data.exists():
                cluster.create(binaries, data, self._secrets.text(OWNER_LOGIN), account, log)
            cluster.check_version(binaries, data)
            deadline = time.monotonic() + _START_SECONDS
            for _ in range(_ATTEMPTS):
                clear_leftovers(data)
                live = self._live()  # of a starter that was killed half-way
                if live is None:
                    port = self._choose_port()
                    live = Postmaster(
                        launch(cluster.command(binaries, data, port), account, log), port
                    )
                if self._answers(live, deadline):
                    return live
        raise ConfigError(
            "the database server ends as soon as it is started",
            next_step=f"see the end of {self._site.log}",
        )

    def _choose_port(self) -> int:
        recorded = self._site.port
        if recorded is not None and _is_free(recorded):
            return recorded
        for port in random.SystemRandom().sample(_PORTS, k=200):
            if _is_free(port):
                self._site.record(port=port)
                return port
        raise ConfigError(f"no free port on {HOST}", next_step="end some of what listens there")

    def _answers(self, live: Postmaster, deadline: float) -> bool:
        """Wait until the server takes connections; ``False`` when its process ends instead."""
        address = f"host={HOST} hostaddr={HOST} port={live.port} user={USER} dbname=postgres {_PLAIN}"
        while alive(live.pid):
            # Until our server has written its file, whatever answers on the port may be another's.
            if self._live() == live and PGconn.ping(address.encode()) == Ping.OK:
                return True
            if time.monotonic() > deadline:
                raise SourceDown(
                    "the database server does not take connections yet",
                    next_step=f"try again; {self._site.log} says what it is doing",
                )
            time.sleep(_POLL)
        return False

    def _check_login(self, endpoint: Endpoint) -> None:
        """Make sure that the password fits and that it is our own server which answers."""
        try:
            with psycopg.connect(
                f"{_PLAIN} require_auth=scram-sha-256",
                host=endpoint.host,
                hostaddr=endpoint.host,
                port=endpoint.port,
                user=endpoint.user,
                password=endpoint.password,
                dbname="postgres",
            ) as connection:
                row = connection.execute("select current_setting('data_directory')").fetchone()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ConfigError(
                    "the stored password does not fit the database",
                    next_step="restore the folder of secrets that belongs to it",
                ) from error
            if any(words in str(error) for words in _FULL):
                return  # it runs; whoever asked has to wait for a connection, not for a server
            raise SourceDown("the database server broke off a login", next_step="try again") from error
        if row is None or row[0] != str(self._site.data):
            raise ConfigError(
                f"the server on port {endpoint.port} works on another data directory than {self._site.data}",
                next_step="XIEZUO_HOME was moved or copied while its server ran: stop that server first",
            )


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
