"""Airflow, the warehouse and the sources of one home, started as ``make up`` starts them, for as long as a bench needs.

What a night cost is read afterwards, from Airflow's own database and from ``audit.run``: asking Airflow's
interface several times a second would be a good part of what is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg

from xiezuo.base.secrets import Secrets
from xiezuo.warehouse import access
from xiezuo.warehouse.embedded.server import EmbeddedServer
from xiezuo_local import components, waiting
from xiezuo_local.console import Console
from xiezuo_local.instance import Instance, Request
from xiezuo_local.preparation import clear_leftovers, first_defaults, prepare
from xiezuo_local.processes import Child, stop
from xiezuo_local.rest import Airflow
from xiezuo_local.samples import SampleBox
from xiezuo_local.waiting import Patience

_POLL = 0.5
_LONGEST_NIGHT = 7200.0

Workers = Callable[[Instance, Mapping[str, str]], AbstractContextManager[Mapping[str, str]]]
"""Starts what else an executor needs (queue, workers) and gives the environment of all components with it."""


class NightFailed(RuntimeError):
    """A night did not end, or a run of it failed: its seconds would mean nothing."""


@dataclass(frozen=True)
class Night:
    """What one night cost, in seconds of the clock: ``wall`` from trigger to the last run's end.

    ``stages`` is the time during which at least one stage was at work (the union of the intervals in
    ``audit.run``), ``airflow`` the rest. ``cpu`` is processor time of everything, the database too.
    """

    wall: float
    stages: float
    cpu: float
    tasks: int
    loaded: int

    @property
    def airflow(self) -> float:
        """Airflow's share: when no stage was at work."""
        return self.wall - self.stages


class Stack:
    """A running Airflow; :meth:`night` triggers one."""

    def __init__(self, instance: Instance, airflow: Airflow, children: list[Child], metadata: str) -> None:
        self.instance = instance
        self._airflow, self._children, self._metadata = airflow, children, metadata

    def night(self) -> Night:
        """Trigger the four ingest Dags; wait until they and the builds that they set off have ended.

        Raises:
            NightFailed: a run failed, or two hours were not enough.
        """
        cpu, began = self._cpu(), datetime.now(UTC)
        stamp = f"bench__{began:%Y%m%dT%H%M%S.%f}"
        for dag_id in components.INGEST_DAGS:
            self._airflow.trigger(dag_id, stamp, {})
        deadline = time.monotonic() + _LONGEST_NIGHT
        while not (runs := self._ended(began)):
            waiting.check(self._children)
            if time.monotonic() > deadline:
                raise NightFailed(f"the night of {stamp} did not end")
            time.sleep(_POLL)
        if failed := [name for name, state, _ in runs if state != "success"]:
            raise NightFailed(f"{', '.join(failed)} failed; logs: {self.instance.logs}")
        ended = max(end for *_, end in runs)
        lines = self._lines(began)
        stages = _union((start.timestamp(), end.timestamp()) for start, end, _ in lines)
        return Night(
            wall=(ended - began).total_seconds(),
            stages=stages,
            cpu=self._cpu() - cpu,
            tasks=self._tasks(began),
            loaded=sum(loaded for *_, loaded in lines),
        )

    def _ended(self, began: datetime) -> list[tuple[str, str, datetime]]:
        """Return Dag, state and end of the night's runs; empty while one goes on or an asset's event waits."""
        with psycopg.connect(self._metadata) as connection:
            waiting = connection.execute("select count(*) from asset_dag_run_queue").fetchone()
            runs = connection.execute(
                "select dag_id, state, end_date from dag_run where queued_at >= %s and (dag_id like 'ingest%%'"
                " or dag_id = 'build')",
                (began,),
            ).fetchall()
        going = [run for run in runs if run[1] in ("queued", "running")]
        return runs if len(runs) >= len(components.INGEST_DAGS) and not going and waiting == (0,) else []

    def _tasks(self, began: datetime) -> int:
        """Return how many task processes were started."""
        with psycopg.connect(self._metadata) as connection:
            row = connection.execute(
                "select count(*) from task_instance as t inner join dag_run as r using (dag_id, run_id)"
                " where r.queued_at >= %s and t.pid is not null",
                (began,),
            ).fetchone()
        return int(row[0]) if row else 0

    def _lines(self, began: datetime) -> list[tuple[datetime, datetime, int]]:
        with access.connect(self.instance.settings) as connection:
            return connection.execute(
                "select began_at, ended_at, batches_loaded from audit.run"
                " where began_at >= %s and ended_at is not null order by began_at",
                (began,),
            ).fetchall()

    def _cpu(self) -> float:
        server = self.instance.home / "postgres" / "data" / "postmaster.pid"
        roots = [child.process.pid for child in self._children]
        roots.append(int(server.read_text(encoding="utf-8").splitlines()[0]))
        return sum(_spent(process) for pid in roots for process in _family(pid))


@contextmanager
def opened(
    home: Path, environ: Mapping[str, str], request: Request, workers: Workers | None = None
) -> Iterator[Stack]:
    """Bring up everything below ``home``, with the sample's sources when the request has one; stop it at the end."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    instance = Instance({**environ, "XIEZUO_HOME": str(home)})
    instance.make_folders()
    console, children = Console(0), []
    patience = Patience(console, instance.logs)
    with instance.locked("bench"):
        try:
            first_defaults(instance, request)
            clear_leftovers(instance, console)
            metadata, sample = prepare(instance, request, console, patience)
            if sample is not None:
                box = SampleBox(instance, console)
                platform, port = box.serve(sample, patience)
                children.append(platform)
                instance.set_defaults(box.connections(sample, port))
            metadata.finish(patience)
            began = components.since_now()
            own = metadata.environ()
            with workers(instance, own) if workers else nullcontext(own) as settings:
                children += components.start(instance, dict(settings), components.COMMANDS)
                patience.watch(children)
                airflow = components.client(instance, patience)
                components.wait_until_ready(airflow, patience, began)
                airflow.pause((*components.INGEST_DAGS, "build"), paused=False)
                yield Stack(instance, airflow, children, access.metadata_url(instance.settings))
        finally:
            stop(children)
            secrets = Secrets(instance.settings.secrets_dir, instance.environ)
            EmbeddedServer(instance.home, secrets).stop()


def _union(intervals: Iterable[tuple[float, float]]) -> float:
    """Return the length of the union of intervals."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _spent(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(spent.user + spent.system + spent.children_user + spent.children_system)
