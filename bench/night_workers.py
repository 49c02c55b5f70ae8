"""Celery on one machine: a queue on the loopback interface, and two workers in processes of their own.

Has to be run by a Python that has ``requirements-celery.lock`` installed, the project too; ``redis-server`` comes
from the distribution's packages.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.night_stack import NightFailed
from xiezuo_local.components import airflow_command
from xiezuo_local.instance import HOST, Instance, free_port
from xiezuo_local.processes import Child, spawn, stop, tail

WORKERS = 2
CONCURRENCY = 4
_READY_SECONDS = 120.0


@contextmanager
def celery(instance: Instance, environ: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Run queue and workers as the profile ``celery`` of docker-compose.yaml does; yield the components' environment.

    Raises:
        NightFailed: the queue is not installed, or a worker does not come up.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise NightFailed("redis-server is not installed (apt install redis-server)")
    port = free_port()
    queue = [program, "--bind", HOST, "--port", str(port), "--save", "", "--appendonly", "no", "--daemonize", "no"]
    database = environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    own = {
        **environ,
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://{HOST}:{port}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{database}",
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": str(CONCURRENCY),
        "AIRFLOW__CELERY__SYNC_PARALLELISM": "1",
    }
    with tempfile.TemporaryDirectory(prefix="xiezuo-queue-") as folder:
        children = [spawn(instance, "redis", [*queue, "--dir", folder], environ)]
        said = {}
        try:
            for number in range(1, WORKERS + 1):
                name = f"worker{number}"
                log = instance.logs / f"{name}.log"
                said[log] = log.stat().st_size if log.exists() else 0
                words = ("celery", "worker", "--skip-serve-logs", "--celery-hostname", f"{name}@%h")
                children.append(spawn(instance, name, airflow_command(*words), own))
            for child in children[1:]:
                _wait(child, said[child.log])
            yield own
        finally:
            stop(children)


def _wait(child: Child, said: int) -> None:
    """Wait until a worker says, after ``said`` bytes of its log, that it takes tasks."""
    deadline = time.monotonic() + _READY_SECONDS
    while child.alive() and time.monotonic() < deadline:
        if b" ready." in child.log.read_bytes()[said:]:
            return
        time.sleep(0.3)
    raise NightFailed("\n".join([f"{child.name} did not come up", *tail(child.log, 8)]))
