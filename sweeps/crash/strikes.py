"""What may befall a run at a boundary."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import NoReturn

import psutil
import psycopg

from sweeps.crash.boundaries import Boundaries, Strike
from sweeps.crash.site import Site

Kind = Callable[[Site, Random], Strike]
_SMALL = (0, 1, 700, 8_192, 20_000, 100_000)
"""Sizes in bytes that no file may outgrow: nothing, less than a page, a few pages."""


def nothing(_: Site, __: Random) -> Strike:
    """Let the run end by itself."""
    return lambda _: None


def kill(_: Site, __: Random) -> Strike:
    """Kill the run without a word."""
    return lambda _: _die()


def stop_server(site: Site, _: Random) -> Strike:
    """Stop the database at once, as a power cut does: no connection is ended in order, nothing is flushed."""

    def strike(_: Boundaries) -> None:
        process = site.postmaster()
        process.send_signal(signal.SIGQUIT)
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            process.wait(30)

    return strike


def end_backends(site: Site, _: Random) -> Strike:
    """End every connection to the warehouse, as an administrator or a proxy does; the run goes on as it can."""

    def strike(_: Boundaries) -> None:
        with site.admin() as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'xiezuo'")

    return strike


def limit_files(_: Site, chance: Random) -> Strike:
    """Let no file that the run writes outgrow a few bytes, as a full quota does."""
    size = chance.choice(_SMALL)
    return lambda _: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def limit_server_files(_: Site, chance: Random) -> Strike:
    """Let no file outgrow a few bytes or pages that the backends of the run write: tables, indexes, the log itself."""
    size = chance.choice(_SMALL)

    def strike(boundaries: Boundaries) -> None:
        for connection in boundaries.connections:
            if not connection.closed:
                psutil.Process(connection.info.backend_pid).rlimit(psutil.RLIMIT_FSIZE, (size, size))

    return strike


def commit_and_kill(_: Site, __: Random) -> Strike:
    """Leave behind what a loader without transactions leaves behind when it is killed: all that was done so far."""

    def strike(boundaries: Boundaries) -> None:
        for connection in boundaries.connections:
            if not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
                connection.pgconn.exec_(b"commit")
        _die()

    return strike


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    while True:  # the signal is on its way
        time.sleep(1)


KINDS: dict[str, Kind] = {
    kind.__name__: kind for kind in (kill, stop_server, end_backends, limit_files, limit_server_files)
}
"""What befalls a run, by name; two runs that race are no strike but a case of their own."""
