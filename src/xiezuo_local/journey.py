"""``make run``: a whole year through Airflow, from the inbox to the summaries, and then everything put away."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from xiezuo.base import clock
from xiezuo.base.errors import SourceDown, XiezuoError
from xiezuo.fetch.inbox import seconds_to_settle
from xiezuo_local import components
from xiezuo_local.console import Console
from xiezuo_local.instance import Instance, Request
from xiezuo_local.preparation import (
    check_request,
    clear_leftovers,
    first_defaults,
    nothing_waits,
    prepare_data,
    prepare_server,
)
from xiezuo_local.processes import Child, stop
from xiezuo_local.rest import Airflow, ApiError, Failure, Run
from xiezuo_local.samples import SampleBox
from xiezuo_local.waiting import Patience

STEPS = 7
EXIT_REFUSED = 3
_POLL = 0.3
# A task may take four hours and is tried three times: a run that has not ended after a day never will.
_LONGEST_RUN = 24 * 3600.0
# How long an asset event may take to become a run before we start one ourselves.
_EVENT_SECONDS = 5.0


class RunFailed(XiezuoError):
    """A Dag run ended failed for another reason than a source that is down."""


class Journey:
    """One ``make run``; :meth:`travel` returns the exit code."""

    def __init__(self, instance: Instance, request: Request) -> None:
        self._instance = instance
        self._request = request
        self._console = Console(STEPS)
        self._patience = Patience(self._console, instance.logs)
        self._children: list[Child] = []
        self._down: list[Failure] = []
        self._refused = 0
        self._begun = datetime.now(UTC)
        self._stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")

    def travel(self) -> int:
        """Do all seven steps.

        Raises:
            XiezuoError: something failed; says what to do. Components are stopped in any case.
        """
        instance, request, console = self._instance, self._request, self._console
        instance.make_folders()
        with instance.locked("run"):
            first_defaults(instance, request)
            console.step(f"installation {instance.home}")
            check_request(instance, request)
            clear_leftovers(instance, console)
            try:
                self._through_airflow()
            finally:
                stop(self._children)
        console.step(f"done in {console.elapsed()}; Airflow is stopped, the database stays up")
        from xiezuo_local import result

        result.show(instance, request, console)
        return self._exit_code()

    def _through_airflow(self) -> None:
        began = components.since_now()
        self._instance.environ.setdefault("XIEZUO_RETRY_SECONDS", "1")
        metadata = prepare_server(self._instance, self._console, self._patience)
        if metadata.ready():
            self._start(metadata, components.FIRST)
        sample = prepare_data(self._instance, self._request, self._console, self._patience)
        if sample is not None:
            box = SampleBox(self._instance, self._console)
            platform, port = box.serve(sample, self._patience)
            self._children.append(platform)
            self._instance.set_defaults(box.connections(sample, port))
        self._console.step("Airflow")
        if not metadata.ready():
            metadata.finish(self._patience)
            self._start(metadata, components.FIRST)
        self._instance.environ["XIEZUO_NOTHING_WAITS"] = str(int(nothing_waits(self._instance, self._patience)))
        self._start(metadata, ["scheduler"])
        airflow = components.client(self._instance, self._patience)
        components.wait_until_ready(airflow, self._patience, began)
        for run in airflow.runs(unfinished=True):
            if run.dag_id not in components.RUN_DAGS:
                continue  # a close waits for a person
            airflow.fail(run)
            self._console.say(f"{run.dag_id}: a run that was interrupted earlier is marked failed")
        airflow.pause(components.RUN_DAGS, paused=False)
        try:
            self._console.step("fetch, validate and load the four sources")
            if (seconds := seconds_to_settle(self._instance.settings)) > 0:
                self._console.say(f"files were just put into the inbox: waiting {seconds:.0f} s until they are settled")
                time.sleep(seconds)
            self._ingest(airflow)
            self._console.step("indicators and summaries")
            self._build(airflow)
            self._summaries(airflow)
        finally:
            self._switch_off(airflow)

    def _start(self, metadata: components.Metadata, names: Iterable[str]) -> None:
        self._children += components.start(self._instance, metadata.environ(), names)
        self._patience.watch(self._children)

    def _switch_off(self, airflow: Airflow) -> None:
        """Switch the Dags off, so that the next start does not make up for nights in which nothing ran."""
        self._instance.remember(unpaused=None)
        try:
            airflow.pause(components.RUN_DAGS, paused=True)
        except ApiError as error:  # on the way out of another failure, which says what is wrong
            self._console.say(f"the Dags stay switched on: {error.message}")

    def _ingest(self, airflow: Airflow) -> None:
        runs = [airflow.trigger(dag_id, f"make__{self._stamp}", {}) for dag_id in components.INGEST_DAGS]
        finished = self._wait(airflow, runs)
        for run in finished:
            report = _loaded(airflow, run)
            self._refused += report["refused"] + report["gated"]
            words = ", ".join(f"{count} {word}" for word, count in report.items() if count)
            words = words or ("nothing loaded" if run.state == "failed" else "nothing new")
            self._console.say(f"{run.dag_id}: {words}")
        self._judge(airflow, finished)

    def _build(self, airflow: Airflow) -> None:
        """Wait for the runs that the assets set off; drain what is left, whatever became of an event."""
        from xiezuo import pipeline

        settings = self._instance.settings
        deadline = time.monotonic() + _EVENT_SECONDS
        while True:
            runs = airflow.runs(dag_id="build", since=self._begun)
            if any(not run.finished for run in runs):
                self._judge(airflow, self._wait(airflow, [run for run in runs if not run.finished]))
                continue
            if pipeline.pending(settings) == 0:
                break
            if time.monotonic() > deadline:
                self._judge(airflow, self._wait(airflow, [airflow.trigger("build", f"make__{self._stamp}", {})]))
                break
            time.sleep(_POLL)
        self._judge(airflow, airflow.runs(dag_id="build", since=self._begun))

    def _summaries(self, airflow: Airflow) -> None:
        """Write the months, two halves of the year at a time, and the year: a run each would cost twice the work."""
        year, county = self._request.year, self._request.county
        today = clock.now(self._instance.environ).date()
        months = [f"{year}-{month:02d}" for month in range(1, 13) if date(year, month, 1) <= today]
        half = (len(months) + 1) // 2
        runs = []
        for part in filter(None, (months[:half], months[half:])):
            conf = {"period": part[0], "until": part[-1], "county": county}
            runs.append(airflow.trigger("monthly_summary", f"make__{self._stamp}__{part[0]}", conf))
        conf = {"period": str(year), "county": county}
        runs.append(airflow.trigger("annual_summary", f"make__{self._stamp}", conf))
        self._judge(airflow, self._wait(airflow, runs))
        self._console.say(f"{len(months)} months and the year {year}")

    def _wait(self, airflow: Airflow, runs: Sequence[Run]) -> list[Run]:
        """Wait until the given runs have ended; return them with their last states."""
        wanted = {(run.dag_id, run.run_id) for run in runs}
        with self._patience.waiting("Dag runs", self._instance.logs / "tasks", _LONGEST_RUN) as waiting:
            unfinished = len(wanted)
            while True:
                waiting.check()
                now = [run for run in airflow.runs(since=self._begun) if (run.dag_id, run.run_id) in wanted]
                open_runs = [run for run in now if not run.finished]
                if len(now) == len(wanted) and not open_runs:
                    return now
                if len(open_runs) < unfinished:
                    waiting.progressed()
                unfinished = len(open_runs)
                waiting.what = ", ".join(sorted({run.dag_id for run in open_runs}))
                time.sleep(_POLL)

    def _judge(self, airflow: Airflow, runs: Sequence[Run]) -> None:
        """Report failed runs; go on after a source that is down, stop at anything else.

        Raises:
            RunFailed: a task failed for another reason.
        """
        failed = [(run, airflow.failures(run)) for run in runs if run.state == "failed"]
        others: list[Failure] = []
        for run, failures in failed:
            for failure in failures or [Failure(run.dag_id, "(run)", -1, (), ("the run failed without a task",))]:
                if failure in self._down:
                    continue
                self._console.say(f"✗ {failure.name}")
                for line in failure.lines:
                    self._console.say(f"    {line[:300]}")
                down = failure.task_id == "group.fetch" and not _names(SourceDown).isdisjoint(failure.errors)
                (self._down if down else others).append(failure)
        if others:
            raise RunFailed(
                f"{others[0].name} failed",
                next_step=f"its last lines are above, its log is under {self._instance.logs / 'tasks'}\n"
                "after the cause is removed, make run again: what is loaded stays loaded",
            )

    def _exit_code(self) -> int:
        if self._down:
            names = ", ".join(sorted({failure.name for failure in self._down}))
            self._console.line(f"\n! a source did not answer ({names}): its data of last time stands; run again later")
            return SourceDown.exit_code
        if self._refused and not self._request.sample:
            self._console.line("\n! files were refused: audit.batch says which and why")
            return EXIT_REFUSED
        return 0


def _names(kind: type[Exception]) -> set[str]:
    """Return the names of a class and all its subclasses: a log names only the one that was raised."""
    return {kind.__name__}.union(*(_names(each) for each in kind.__subclasses__()))


def _loaded(airflow: Airflow, run: Run) -> dict[str, int]:
    """Add up what the load tasks of a run reported."""
    total = {"loaded": 0, "refused": 0, "gated": 0}
    for task in airflow.tasks(run):
        if task["task_id"] == "group.load" and task["state"] == "success":
            report = airflow.returned(run, task) or {}
            for key in total:
                total[key] += int(report.get(key, 0))
    return total
