"""Waiting on a machine that has much to do: real processes that are stopped for a while, real sockets that stall."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xiezuo_local.console import Console
from xiezuo_local.instance import HOST, Instance, free_port
from xiezuo_local.processes import Child, spawn, stop
from xiezuo_local.rest import Airflow, Run
from xiezuo_local.waiting import ComponentDied, GivenUp, Patience

SERVER = """
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
made = []
class Api(BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())
    def do_POST(self):
        name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["dag_run_id"]
        made.append(name)
        self.answer(409 if name in made[:-1] else 200, {"dag_id": "build", "dag_run_id": name, "state": "queued"})
    def do_GET(self):
        self.answer(200, {"dag_id": "build", "dag_run_id": made[0], "state": "running"})
    do_PATCH = do_GET
    def log_message(self, *words):
        pass
with HTTPServer(("127.0.0.1", int(sys.argv[1])), Api) as server:
    print("ready", flush=True)
    server.serve_forever()
"""
QUICK = 0.2


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance({"XIEZUO_HOME": str(tmp_path / "home"), "PATH": os.defpath})
    made.make_folders()
    return made


@pytest.fixture
def api(instance: Instance) -> Iterator[tuple[Child, str]]:
    """Yield a server process that takes triggers, and its address."""
    port = free_port()
    child = spawn(instance, "api-server", [sys.executable, "-c", SERVER, str(port)], instance.environ)
    while "ready" not in child.log.read_text(encoding="utf-8"):
        assert child.alive()
        time.sleep(0.02)
    yield child, f"http://{HOST}:{port}"
    child.process.send_signal(signal.SIGCONT)
    stop([child], patience=1)


def patience_of(logs: Path, limit: float = 60.0, every: float = QUICK) -> Patience:
    return Patience(Console(0), logs, every=every, limit=limit)


def test_a_server_that_is_stopped_for_a_while_is_waited_for(api: tuple[Child, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stopped for longer than three tries may take; the trigger that it was asked for again and again starts one run."""
    child, base = api
    patience = patience_of(tmp_path)
    patience.watch([child])
    airflow = Airflow(base, "admin", "x", patience.waiting, timeout=QUICK)
    child.process.send_signal(signal.SIGSTOP)
    threading.Timer(10 * QUICK, child.process.send_signal, (signal.SIGCONT,)).start()
    assert airflow.trigger("build", "r", {}).run_id == "r"
    airflow.fail(Run("build", "r", "running"))
    said = capsys.readouterr().out
    assert re.search(r"still waiting for Airflow's API server to answer POST /api/v2/dags/build/dagRuns \(\d+ s\) …", said)
    assert len(said.splitlines()) > 1


def test_a_server_that_has_ended_is_not_waited_for(api: tuple[Child, str], tmp_path: Path) -> None:
    child, base = api
    patience = patience_of(tmp_path)
    patience.watch([child])
    child.process.kill()
    child.process.wait()
    with pytest.raises(ComponentDied, match="api-server ended with code -9"):
        Airflow(base, "admin", "x", patience.waiting, timeout=QUICK).warm_up()


def test_the_limit_ends_in_what_was_waited_for_and_where_to_look(api: tuple[Child, str], tmp_path: Path) -> None:
    child, base = api
    child.process.send_signal(signal.SIGSTOP)
    patience = patience_of(tmp_path / "logs", limit=3 * QUICK)
    with pytest.raises(GivenUp) as caught:
        Airflow(base, "admin", "x", patience.waiting, timeout=QUICK).warm_up()
    assert re.fullmatch(
        r"waited \d+ s for Airflow's API server to answer GET /execution/health, without success; "
        r"the load of this machine is [\d.]+ on \d+ processors",
        caught.value.message,
    )
    assert str(tmp_path / "logs") in caught.value.next_step
    assert "XIEZUO_HOME" not in str(caught.value)


def test_what_moves_is_waited_for_beyond_the_limit(tmp_path: Path) -> None:
    with patience_of(tmp_path, limit=2 * QUICK).waiting("a slow thing") as waiting:
        for _ in range(5):
            time.sleep(QUICK)
            waiting.progressed()
            waiting.check()
        assert waiting.seconds > 4 * QUICK
        time.sleep(3 * QUICK)
        with pytest.raises(GivenUp, match="a slow thing"):
            waiting.check()


def test_one_line_tells_of_the_innermost_wait_that_lasts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    patience, told = patience_of(tmp_path), ""
    with patience.waiting("the whole") as outer:
        while "the whole" not in told:
            with patience.waiting("a short part"):
                time.sleep(QUICK / 20)
            told += capsys.readouterr().out
        outer.what = "the rest"
        with patience.waiting("a long part"):
            while "a long part" not in told:
                time.sleep(QUICK)
                told += capsys.readouterr().out
    assert "a short part" not in told
    capsys.readouterr()
    time.sleep(3 * QUICK)
    assert capsys.readouterr().out == ""


@pytest.fixture
def raw() -> Iterator[Callable[[Callable[[socket.socket, int], None]], str]]:
    """Yield a way to serve connections by hand: the function gets each connection and its number."""
    listener = socket.create_server((HOST, 0))

    def served(answer: Callable[[socket.socket, int], None]) -> str:
        def serve() -> None:
            number = 0
            while True:
                try:
                    connection = listener.accept()[0]
                except OSError:
                    return
                connection.recv(65536)
                threading.Thread(target=answer, args=(connection, number), daemon=True).start()
                number += 1

        threading.Thread(target=serve, daemon=True).start()
        return f"http://{HOST}:{listener.getsockname()[1]}"

    yield served
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


BODY = b'{"dag_id": "build", "dag_run_id": "r", "state": "queued"}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY) + BODY


def test_an_answer_that_trickles_is_read_to_its_end(raw: Callable[..., str], tmp_path: Path) -> None:
    def trickle(connection: socket.socket, number: int) -> None:
        with connection:
            for at in range(0, len(WHOLE), 10):
                connection.sendall(WHOLE[at : at + 10])
                time.sleep(QUICK / 4)

    airflow = Airflow(raw(trickle), "admin", "x", patience_of(tmp_path).waiting, timeout=QUICK)
    assert airflow.trigger("build", "r", {}) == Run("build", "r", "queued")


@pytest.mark.parametrize("sent", [b"", WHOLE[:9], WHOLE[:50], WHOLE[:-5]], ids=["nothing", "half a line", "headers", "half a body"])
@pytest.mark.parametrize("closes", [True, False])
def test_an_answer_that_breaks_off_or_stalls_is_asked_for_again(
    raw: Callable[..., str], tmp_path: Path, sent: bytes, closes: bool
) -> None:
    asked = []

    def answer(connection: socket.socket, number: int) -> None:
        asked.append(number)
        with connection:
            connection.sendall(WHOLE if number > 1 else sent)
            if number <= 1 and not closes:
                time.sleep(5 * QUICK)

    airflow = Airflow(raw(answer), "admin", "x", patience_of(tmp_path).waiting, timeout=QUICK)
    assert airflow.trigger("build", "r", {}) == Run("build", "r", "queued")
    assert asked[:3] == [0, 1, 2]


RAISES = """
import sys
from xiezuo_local import __main__ as launcher
import errno, requests, psycopg
def fail(options):
    raise eval(sys.argv[1])
launcher._dispatch = fail
sys.exit(launcher.main(["down"]))
"""


@pytest.mark.parametrize(
    ("error", "words", "blamed"),
    [
        ("requests.ReadTimeout('read timed out')", "ReadTimeout: read timed out", False),
        ("requests.ConnectionError('refused')", "ConnectionError: refused", False),
        ("TimeoutError('timed out')", "TimeoutError: timed out", False),
        ("PermissionError(errno.EPERM, 'Operation not permitted')", "Operation not permitted", False),
        ("psycopg.OperationalError('connection timeout expired')", "the database server broke off: connection timeout", False),
        ("PermissionError(errno.EACCES, 'Permission denied', '/x/home/a')", "/x/home/a cannot be used: Permission denied", True),
        ("OSError(errno.EROFS, 'Read-only file system', '/x/home')", "/x/home cannot be used: Read-only file system", True),
        ("OSError(errno.ENOSPC, 'No space left on device')", "/x/home cannot be written: No space left on device", True),
    ],
)
def test_the_disk_is_blamed_for_what_the_disk_did(error: str, words: str, blamed: bool) -> None:
    environ = {**os.environ, "XIEZUO_HOME": "/x/home"}
    done = subprocess.run([sys.executable, "-c", RAISES, error], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 4)
    assert words in done.stderr
    assert ("write there" in done.stderr or "its disk" in done.stderr) is blamed
    assert "Traceback" not in done.stderr
