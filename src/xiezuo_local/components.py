"""Airflow's own processes: its database made ready, its components started, watched until they are healthy."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import psycopg

from xiezuo.base.errors import XiezuoError
from xiezuo.warehouse import access
from xiezuo_local.configuration import (
    POOL,
    USER,
    admin_password,
    airflow_environment,
    write_empty_file,
)
from xiezuo_local.console import Console
from xiezuo_local.instance import HOST, Instance, free_port
from xiezuo_local.processes import Child, spawn, tail
from xiezuo_local.rest import Airflow, ApiError

INGEST_DAGS = tuple(f"ingest_{source}" for source in ("labour", "sales", "fund", "work"))
RUN_DAGS = (*INGEST_DAGS, "build", "monthly_summary", "annual_summary", "upkeep")
"""What ``make run`` switches on: it waits for nobody, and leaves alone what waits for a person."""
DAGS = (*RUN_DAGS, "close", "close_annual")

COMMANDS = {
    "api-server": ("api-server",),
    # Task logs are read from the same disk: no log server of the executor, and no port for it.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
FOR_A_RUN = ("api-server", "scheduler", "dag-processor")
# The monitor's names of what has to be healthy before anything is triggered.
_NEEDED = ("metadatabase", "scheduler", "dag_processor")

_POLL = 0.3
_PATIENCE = 300.0
_REMIND = 20.0


class ComponentDied(XiezuoError):
    """An Airflow process ended although it should run."""


class Metadata:
    """Airflow's database: made in the background, since it takes as long as the sample does."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._flag = instance.airflow / "migrating"
        self._child: Child | None = None
        self._url = ""
        self._port = 0

    def begin(self) -> None:
        """Start the migration unless this version's is done.

        A first migration that was killed half-way leaves a schema no migration starts from: the flag file says
        so, and the database, which holds nothing yet, is made anew.
        """
        instance = self._instance
        write_empty_file(instance)
        self._url = access.metadata_url(instance.settings, recreate=self._flag.exists())
        self._port = free_port(instance.recall().get("api_port"))
        instance.remember(api_port=self._port)
        current = version("apache-airflow")
        found = _migrated(self._url)
        if found and instance.recall().get("airflow_version") == current:
            return
        if not found:
            self._flag.touch()
        command = airflow_command("db", "migrate")
        self._child = spawn(instance, "db-migrate", command, self.environ())

    def attach(self) -> dict[str, str]:
        """Return the environment of the components of a database that is ready and a port that is chosen."""
        self._url = access.metadata_url(self._instance.settings)
        self._port = int(self._instance.recall()["api_port"])
        return self.environ()

    def environ(self) -> dict[str, str]:
        """Return the environment of the components, with the connections known by now."""
        return airflow_environment(self._instance, self._url, self._port)

    def finish(self) -> None:
        """Wait for the migration.

        Raises:
            ComponentDied: it failed.
        """
        if self._child is None:
            return
        if self._child.process.wait() != 0:
            raise ComponentDied(
                "Airflow's database could not be made ready",
                next_step=f"see {self._child.log}\n" + "\n".join(tail(self._child.log, 5)),
            )
        self._flag.unlink(missing_ok=True)
        self._instance.remember(airflow_version=version("apache-airflow"))


def airflow_command(*words: str) -> list[str]:
    """Return the command line of an Airflow component in this Python (``-P``: the working directory stays out)."""
    return [sys.executable, "-P", "-m", "airflow", *words]


def start(instance: Instance, environ: dict[str, str], names: Iterable[str]) -> list[Child]:
    """Start components by name."""
    return [spawn(instance, name, airflow_command(*COMMANDS[name]), environ) for name in names]


def client(instance: Instance) -> Airflow:
    """Return a client for the components of this installation."""
    port = instance.recall().get("api_port")
    return Airflow(f"http://{HOST}:{port}", USER, admin_password(instance))


def wait_until_ready(
    airflow: Airflow, children: Sequence[Child], console: Console, began: datetime
) -> None:
    """Wait for health, then until every Dag has been parsed since ``began``; make the pool.

    Raises:
        ComponentDied: a component ended, or is not healthy after five minutes.
        ApiError: a Dag file cannot be imported.
    """
    state = "starting"
    deadline, reminder = time.monotonic() + _PATIENCE, time.monotonic() + _REMIND
    while True:
        check(children)
        health = airflow.health()
        missing = [name for name in _NEEDED if health.get(name) != "healthy"]
        if not missing:
            waiting = _unparsed(airflow, began)
            if not waiting:
                break
        state = f"waiting for {', '.join(missing)}" if missing else f"parsing {', '.join(waiting)}"
        if time.monotonic() > deadline:
            raise ComponentDied(
                f"Airflow is not ready after {_PATIENCE:.0f} s ({state})",
                next_step=f"see the logs in {children[0].log.parent}",
            )
        if time.monotonic() > reminder:
            console.say(f"still {state} …")
            reminder += _REMIND
        time.sleep(_POLL)
    airflow.warm_up()
    airflow.ensure_pool(POOL, 4, "他方系统(平台、台账库)的并发上限 / tasks that load somebody else's system")


def check(children: Iterable[Child]) -> None:
    """Make sure that all components still run.

    Raises:
        ComponentDied: one has ended; its last lines are in the message.
    """
    for child in children:
        if not child.alive():
            raise ComponentDied(
                f"{child.name} ended with code {child.process.returncode}",
                next_step=f"see {child.log}\n" + "\n".join(tail(child.log, 8)),
            )


def _unparsed(airflow: Airflow, began: datetime) -> list[str]:
    parsed = airflow.parsed_dags()
    waiting = [name for name in DAGS if name not in parsed or parsed[name] < began]
    if waiting and (errors := airflow.import_errors()):
        raise ApiError("a Dag file cannot be imported", next_step="\n".join(errors))
    return waiting


def since_now() -> datetime:
    """Return the instant before which nothing parsed counts; a second of slack for truncated times."""
    return datetime.now(UTC) - timedelta(seconds=1)


def _migrated(url: str) -> bool:
    with psycopg.connect(url, connect_timeout=15) as connection:
        row = connection.execute("select to_regclass('alembic_version') is not null").fetchone()
    return bool(row and row[0])
