"""Airflow's own processes: its database made ready, its components started, watched until they are healthy."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import psycopg

from xiezuo.warehouse import access
from xiezuo_local.configuration import (
    POOL,
    USER,
    admin_password,
    airflow_environment,
    write_empty_file,
)
from xiezuo_local.instance import HOST, Instance, free_port
from xiezuo_local.processes import Child, spawn, tail
from xiezuo_local.rest import Airflow, ApiError
from xiezuo_local.waiting import ComponentDied, Patience, Waiting

INGEST_DAGS = tuple(f"ingest_{source}" for source in ("labour", "sales", "fund", "work"))
RUN_DAGS = (*INGEST_DAGS, "build", "monthly_summary", "annual_summary", "upkeep")
"""What ``make run`` switches on: it waits for nobody, and leaves alone what waits for a person."""
DAGS = (*RUN_DAGS, "backup", "forms", "close", "close_annual", "office")

COMMANDS = {
    "api-server": ("api-server",),
    # Task logs are read from the same disk: no log server of the executor, and no port for it.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
FIRST = ("api-server", "dag-processor")
"""What `make run` starts first: the API server is what takes longest, and neither asks where the sources are."""
# The monitor's names of what has to be healthy before anything is triggered.
_NEEDED = ("metadatabase", "scheduler", "dag_processor")

_POLL = 0.3


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

    def ready(self) -> bool:
        """Whether there is nothing to wait for."""
        return self._child is None

    def attach(self) -> dict[str, str]:
        """Return the environment of the components of a database that is ready and a port that is chosen."""
        self._url = access.metadata_url(self._instance.settings)
        self._port = int(self._instance.recall()["api_port"])
        return self.environ()

    def environ(self) -> dict[str, str]:
        """Return the environment of the components, with the connections known by now."""
        return airflow_environment(self._instance, self._url, self._port)

    def finish(self, patience: Patience) -> None:
        """Wait for the migration.

        Raises:
            ComponentDied: it failed.
        """
        if self._child is None:
            return
        with patience.waiting("Airflow's database to be made ready", self._child.log) as waiting:
            while self._child.alive():
                waiting.check()
                time.sleep(_POLL)
        if self._child.process.returncode != 0:
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


def client(instance: Instance, patience: Patience) -> Airflow:
    """Return a client for the components of this installation."""
    port = instance.recall().get("api_port")
    return Airflow(f"http://{HOST}:{port}", USER, admin_password(instance), patience.waiting)


def wait_until_ready(airflow: Airflow, patience: Patience, began: datetime) -> None:
    """Wait for health, then until every Dag has been parsed since ``began``; make the pool.

    Raises:
        ComponentDied: a component ended.
        GivenUp: nothing has become ready for too long.
        ApiError: a Dag file cannot be imported.
    """
    with patience.waiting("Airflow's API server") as waiting:
        while not airflow.health():
            waiting.check()
            time.sleep(_POLL)
        # What the first task would wait for is done while scheduler and Dag processor are coming up.
        airflow.warm_up()
        while not _ready(airflow, waiting, began):
            waiting.check()
            time.sleep(_POLL)
    airflow.ensure_pool(POOL, 4, "他方系统(平台、台账库)的并发上限 / tasks that load somebody else's system")


def _ready(airflow: Airflow, waiting: Waiting, began: datetime) -> bool:
    """Whether everything is there; what is not is noted as what is waited for."""
    health = airflow.health()
    missing = [name for name in _NEEDED if health.get(name) != "healthy"]
    if missing:
        waiting.what = f"Airflow's {', '.join(missing)}"
        return False
    unparsed = _unparsed(airflow, began)
    waiting.what = f"the Dag processor to parse {', '.join(unparsed)}"
    return not unparsed


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
    with psycopg.connect(url, connect_timeout=access.PATIENT_SECONDS) as connection:
        row = connection.execute("select to_regclass('alembic_version') is not null").fetchone()
    return bool(row and row[0])
