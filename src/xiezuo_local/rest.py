"""Airflow's REST interface, as far as the launcher needs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from xiezuo.base.errors import XiezuoError
from xiezuo_local.waiting import Waiting

UNFINISHED = ("queued", "running")
# While the scheduler works on a run, a request that changes it may meet its locks: Airflow answers 500, and takes it
# later. What is asked of Dags and their runs may be asked again, two minutes long: a trigger names its run, so that
# the second of two is refused. Health is asked in a loop.
_AGAIN = Retry(
    total=None, connect=0, read=0, redirect=0, other=0, status=8, status_forcelist=(500, 502, 503, 504),
    allowed_methods=("GET", "PATCH", "POST"), backoff_factor=0.5, raise_on_status=False,
)  # fmt: skip
# What a server does that is stopped, overloaded or just being started again: the same is asked once more. How long it
# takes over an answer is its own affair, so that each try is given more time than the one before.
_NO_ANSWER = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
_FIRST_TIMEOUT = 60.0
_LONGEST_TIMEOUT = 600.0
_POLL = 0.3


class ApiError(XiezuoError):
    """Airflow refused a request, or does not answer."""


@dataclass(frozen=True)
class Run:
    """One Dag run and its state."""

    dag_id: str
    run_id: str
    state: str

    @property
    def finished(self) -> bool:
        """Whether it ended, well or not."""
        return self.state not in UNFINISHED


@dataclass(frozen=True)
class Failure:
    """One failed task: where it is, the class names of its errors (outermost last), and its last log lines."""

    dag_id: str
    task_id: str
    map_index: int
    errors: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """Dag, task and, for a mapped one, its index."""
        mapped = f"[{self.map_index}]" if self.map_index >= 0 else ""
        return f"{self.dag_id}.{self.task_id}{mapped}"


class Airflow:
    """A logged-in client; logs in again when its token has run out.

    A server that does not answer is asked again for as long as ``waiting`` allows it.
    """

    def __init__(
        self,
        base: str,
        user: str,
        password: str,
        waiting: Callable[[str], AbstractContextManager[Waiting]],
        timeout: float = _FIRST_TIMEOUT,
    ) -> None:
        self.base = base
        self._waiting = waiting
        self._timeout = timeout
        self._login = {"username": user, "password": password}
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.mount(f"{base}/api/v2/dags", HTTPAdapter(max_retries=_AGAIN))

    def health(self) -> dict[str, str]:
        """Return component → status; empty while the server does not answer."""
        try:
            answer = self._http.get(f"{self.base}/api/v2/monitor/health", timeout=self._timeout)
        except _NO_ANSWER:
            return {}
        if answer.status_code != requests.codes.ok:
            return {}
        return {name: str((entry or {}).get("status")) for name, entry in answer.json().items()}

    def warm_up(self) -> None:
        """Make the execution interface load itself before the first task waits for it."""
        self._ask("GET", f"{self.base}/execution/health")

    def parsed_dags(self) -> dict[str, datetime]:
        """Return Dag → when it was last parsed."""
        dags = self._call("GET", "/dags", params={"limit": 100})["dags"]
        return {dag["dag_id"]: datetime.fromisoformat(dag["last_parsed_time"]) for dag in dags}

    def import_errors(self) -> list[str]:
        """Return the last line of every Dag file's import error."""
        errors = self._call("GET", "/importErrors")["import_errors"]
        return [f"{each['filename']}: {each['stack_trace'].strip().splitlines()[-1]}" for each in errors]

    def ensure_pool(self, name: str, slots: int, description: str) -> None:
        """Create a pool, or leave the one there is."""
        body = {"name": name, "slots": slots, "description": description}
        self._call("POST", "/pools", json=body, also=(requests.codes.conflict,))

    def pause(self, dag_ids: Iterable[str], *, paused: bool) -> None:
        """Switch Dags off or on, all in one request."""
        self._call("PATCH", "/dags", params={"dag_id_pattern": "|".join(dag_ids)}, json={"is_paused": paused})

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> Run:
        """Start a run without a logical date, or find that it was started by a request whose answer was lost."""
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        answer = self._call("POST", f"/dags/{dag_id}/dagRuns", json=body, also=(requests.codes.conflict,))
        return _run(answer if "dag_run_id" in answer else self._call("GET", f"/dags/{dag_id}/dagRuns/{run_id}"))

    def runs(self, *, since: datetime | None = None, dag_id: str = "~", unfinished: bool = False) -> list[Run]:
        """Return runs, newest first: those to start at or after ``since``, or only those not finished yet."""
        params: dict[str, Any] = {"limit": 100, "order_by": "-run_after"}
        if since is not None:
            params["run_after_gte"] = since.isoformat()
        if unfinished:
            params["state"] = list(UNFINISHED)
        return [_run(entry) for entry in self._call("GET", f"/dags/{dag_id}/dagRuns", params=params)["dag_runs"]]

    def fail(self, run: Run) -> None:
        """Mark a run that nobody works on any more as failed."""
        self._call("PATCH", f"/dags/{run.dag_id}/dagRuns/{run.run_id}", json={"state": "failed"})

    def tasks(self, run: Run) -> list[dict[str, Any]]:
        """Return the task instances of a run."""
        path = f"/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances"
        found: list[dict[str, Any]] = self._call("GET", path, params={"limit": 100})["task_instances"]
        return found

    def returned(self, run: Run, task: dict[str, Any]) -> Any:
        """Return what a task returned, or ``None``."""
        path = f"/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/{task['task_id']}/xcomEntries/return_value"
        params = {"map_index": task["map_index"], "deserialize": "true"}
        answer = self._call("GET", path, params=params, also=(requests.codes.not_found,))
        return answer.get("value")

    def failures(self, run: Run) -> list[Failure]:
        """Return what failed in a run, the watcher apart (it only repeats that something did)."""
        return [
            self._failure(run, task)
            for task in self.tasks(run)
            if task["state"] == "failed" and task["task_id"] != "watch"
        ]

    def _failure(self, run: Run, task: dict[str, Any]) -> Failure:
        path = (
            f"/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/{task['task_id']}/logs/{task['try_number']}"
        )
        params = {"map_index": task["map_index"], "full_content": "true"}
        answer = self._call("GET", path, params=params, also=(requests.codes.not_found,))
        errors: list[str] = []
        lines: list[str] = []
        for entry in answer.get("content", []):
            if not isinstance(entry, dict) or entry.get("level") not in ("error", "critical"):
                continue
            details = entry.get("error_detail") or []
            errors += [str(each.get("exc_type")) for each in details]
            said = [f"{each.get('exc_type')}: {each.get('exc_value')}" for each in details]
            lines += said or [str(entry.get("event") or "")]
        return Failure(run.dag_id, task["task_id"], task["map_index"], tuple(errors), tuple(lines[-4:]))

    def _call(self, method: str, path: str, *, also: tuple[int, ...] = (), **options: Any) -> Any:
        url = f"{self.base}/api/v2{path}"
        headers = {"Accept": "application/json"}
        answer = self._ask(method, url, headers=headers, **options)
        if answer.status_code == requests.codes.unauthorized:
            self._log_in()
            answer = self._ask(method, url, headers=headers, **options)
        if not answer.ok and answer.status_code not in also:
            raise ApiError(f"Airflow refuses {method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else {}

    def _ask(self, method: str, url: str, **options: Any) -> requests.Response:
        """Ask until there is an answer. Whatever is asked here may be asked twice.

        Raises:
            XiezuoError: it makes no sense to ask on; ``waiting`` says why.
        """
        timeout = self._timeout
        with self._waiting(f"Airflow's API server to answer {method} {url.removeprefix(self.base)}") as waiting:
            while True:
                try:
                    return self._http.request(method, url, timeout=timeout, **options)
                except _NO_ANSWER:
                    waiting.check()
                    timeout = min(timeout * 2, _LONGEST_TIMEOUT)
                    time.sleep(_POLL)

    def _log_in(self) -> None:
        answer = self._ask("POST", f"{self.base}/auth/token", json=self._login)
        if not answer.ok:
            raise ApiError(f"Airflow does not accept the generated password: {answer.status_code}")
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _run(entry: dict[str, Any]) -> Run:
    return Run(entry["dag_id"], entry["dag_run_id"], entry["state"])
