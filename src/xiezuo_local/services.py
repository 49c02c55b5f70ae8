"""``make up`` and ``make down``: Airflow kept running in the background, and put away again."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import dataclass, field, replace
from types import FrameType

import psutil

from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.declared.people import Person, load_people, people_file
from xiezuo.operations.accounts import add, link, note_address
from xiezuo.warehouse.embedded.server import EmbeddedServer
from xiezuo_local import components
from xiezuo_local.configuration import ADMIN_SECRET, USER, admin_password
from xiezuo_local.console import Console
from xiezuo_local.instance import DEFAULT, HOST, Instance, Request
from xiezuo_local.preparation import (
    check_request,
    clear_leftovers,
    first_defaults,
    prepare,
)
from xiezuo_local.processes import Child, clear, end_session, spawn, stop
from xiezuo_local.samples import Sample, SampleBox
from xiezuo_local.waiting import Patience

UP_STEPS = 5
SAMPLE_PEOPLE = (
    Person(account="jingban", name="周小满", role="clerk"),
    Person(account="zhuren", name="郑立秋", role="head"),
    Person(account="lingdao", name="何惊蛰", role="leader"),
)
"""Invented people who close the sample's months; an installation with data of its own has none but its own."""
# A scheduler with nothing to do looks again after this long. In a run somebody waits for each tenth of a second; day
# and night, looking ten times a second takes a fifth of a processor.
CALM = {"AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "1"}
_POLL = 1.0
_LONGEST_WAIT = 60.0
_STEADY = 300.0
_SERVER_EVERY = 5.0


def up(instance: Instance, request: Request) -> int:
    """Start everything in the background and say where it is; starting it twice changes nothing."""
    console = Console(UP_STEPS)
    patience = Patience(console, instance.logs)
    instance.make_folders()
    with instance.locked("up"):
        first_defaults(instance, request)
        console.step(f"installation {instance.home}")
        if _running(instance, patience):
            console.say("already up")
            _tell(instance, console)
            return 0
        check_request(instance, request)
        clear_leftovers(instance, console)
        metadata, sample = prepare(instance, request, console, patience)
        console.step("Airflow")
        metadata.finish(patience)
        began = components.since_now()
        words = ["supervise"] if sample is None else ["supervise", sample.county, str(sample.year), str(sample.seed)]
        command = [sys.executable, "-P", "-m", "xiezuo_local", *words]
        child = spawn(instance, "supervisor", command, instance.environ)
        created = psutil.Process(child.process.pid).create_time()
        instance.remember(supervisor={"pid": child.process.pid, "created": created})
        patience.watch([child])
        airflow = components.client(instance, patience)
        components.wait_until_ready(airflow, patience, began)
        if not instance.recall().get("unpaused"):
            airflow.pause(components.DAGS, paused=False)
            instance.remember(unpaused=True)
        console.step(f"up after {console.elapsed()}")
        _tell(instance, console)
    return 0


def what_is_there(instance: Instance) -> Request:
    """Return what ``make up`` without words means: what the last ``make run`` here was about."""
    last = SampleBox(instance, Console(0)).latest()
    sample = not instance.recall().get("own_data")
    if last is None:
        return replace(DEFAULT, sample=sample)
    return Request(last.county, last.year, last.seed, sample)


def down(instance: Instance) -> int:
    """Stop everything, the database server too; nothing running is fine."""
    console = Console(1)
    if not instance.home.is_dir():
        console.step(f"nothing is there: {instance.home}")
        return 0
    instance.make_folders()
    with instance.locked("down"):
        ended = clear(instance)
        instance.remember(supervisor=None)
        server = EmbeddedServer(instance.home, Secrets(instance.settings.secrets_dir, instance.environ))
        ran = server.running()
        with Patience(console, instance.logs).waiting("the database server to stop"):
            server.stop()
    console.step(f"stopped: {ended} processes, database server {'stopped' if ran else 'was not running'}")
    return 0


@dataclass
class _Kept:
    """One component under supervision."""

    name: str
    child: Child
    since: float = field(default_factory=time.monotonic)
    wait: float = 1.0
    retry_at: float | None = None


class Supervisor:
    """Keeps the components of ``make up`` running: one that dies is started again, ever more slowly."""

    def __init__(self, instance: Instance, sample: Sample | None) -> None:
        self._instance = instance
        self._sample = sample
        self._console = Console(1)
        self._patience = Patience(self._console, instance.logs)
        self._port = 0
        self._environ: dict[str, str] = {}
        self._stopping = False

    def supervise(self) -> int:
        """Run until told to stop (SIGTERM or SIGINT)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        kept: list[_Kept] = []
        try:
            if self._sample is not None:
                box = SampleBox(self._instance, self._console)
                child, self._port = box.serve(self._sample, self._patience)
                kept.append(_Kept("platform", child))
                self._instance.set_defaults(box.connections(self._sample, self._port))
            self._environ = components.Metadata(self._instance).attach() | CALM
            kept += [_Kept(name, self._start(name)) for name in components.COMMANDS]
            server_at = time.monotonic() + _SERVER_EVERY
            while not self._stopping:
                for each in kept:
                    self._look_after(each)
                if time.monotonic() > server_at:
                    self._look_after_server()
                    server_at = time.monotonic() + _SERVER_EVERY
                time.sleep(_POLL)
        finally:
            stop([each.child for each in kept], patience=10.0)
        return 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, name: str) -> Child:
        if name == "platform" and self._sample is not None:
            # The same port: the connections in the other components' environment name it.
            return SampleBox(self._instance, self._console).serve(self._sample, self._patience, self._port)[0]
        return components.start(self._instance, self._environ, [name])[0]

    def _look_after(self, kept: _Kept) -> None:
        now = time.monotonic()
        if kept.child.alive():
            if now - kept.since > _STEADY:
                kept.wait = 1.0
            return
        if kept.retry_at is None:
            end_session(kept.child)
            kept.retry_at = now + kept.wait
            code = kept.child.process.returncode
            self._console.line(f"{kept.name} ended with code {code}; again in {kept.wait:.0f} s, see {kept.child.log}")
            kept.wait = min(kept.wait * 2, _LONGEST_WAIT)
        elif now >= kept.retry_at:
            kept.child, kept.since, kept.retry_at = self._start(kept.name), now, None

    def _look_after_server(self) -> None:
        settings = self._instance.settings
        server = EmbeddedServer(settings.home, Secrets(settings.secrets_dir, self._instance.environ))
        if not server.running():
            self._console.line("the database server is gone: starting it again")
            server.ensure()


def _running(instance: Instance, patience: Patience) -> bool:
    """Whether the supervisor that was noted is still the same process; its Airflow is waited for.

    It starts what ended, so that no answer means not yet: a busy Airflow is never taken for one that is gone.

    Raises:
        GivenUp: it has not answered for too long.
    """
    airflow = components.client(instance, patience)
    with patience.waiting("the Airflow that is up already", instance.logs / "supervisor.log") as waiting:
        while _supervised(instance):
            if airflow.health():
                return True
            waiting.check()
            time.sleep(_POLL)
    return False


def _supervised(instance: Instance) -> bool:
    noted = instance.recall().get("supervisor")
    if not isinstance(noted, dict):
        return False
    try:
        return bool(abs(psutil.Process(noted["pid"]).create_time() - noted["created"]) < 1)
    except (psutil.NoSuchProcess, KeyError):
        return False


def _tell(instance: Instance, console: Console) -> None:
    """Say where the pages are and who may log in; a password or a link is shown by the start that made it, once."""
    settings, url = instance.settings, f"http://{HOST}:{instance.recall().get('api_port')}"
    note_address(settings, url)
    console.say(f"Airflow     {url}")
    console.say(f"pages       {url}/xiezuo/")
    console.say(f"user        {USER}")
    told = f"shown once, kept in {settings.secrets_dir / ADMIN_SECRET}"
    console.say(f"password    {told if instance.recall().get('admin_told') else admin_password(instance)}")
    instance.remember(admin_told=True)
    try:
        _tell_people(instance, console)
    except ConfigError as error:
        console.say(f"person      {error.zh}")
    console.say(f"logs        {instance.logs}")
    console.say("stop        make down")


def _tell_people(instance: Instance, console: Console) -> None:
    """Say who may log in beside the installation's own account; name the sample's people at its first start."""
    settings = instance.settings
    if not instance.recall().get("own_data") and not people_file(settings).exists():
        for person in SAMPLE_PEOPLE:
            console.say(f"link        {person.name}（{person.role_zh}）{link(settings, add(settings, person))}")
    people = load_people(settings).people
    for person in people:
        console.say(f"person      {person.account}  {person.name}（{person.role_zh}）")
    if not people:
        console.say("person      nobody is named: no period can be closed before xiezuo people add")
