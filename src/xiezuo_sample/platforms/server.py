"""The sample sales platforms over HTTP, on the loopback interface.

One server serves every ``platforms/<name>.ndjson`` of a folder, each by the profile its
items are written for. The app key is the file's name, the
secret ``sample-secret``, the session ``sample-session`` and the refresh token ``sample-refresh``:
published on purpose, they protect nothing.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import FrameType, TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qs

from xiezuo.base import clock as clocks
from xiezuo.base.errors import ConfigError
from xiezuo_sample.platforms import doudian, top
from xiezuo_sample.platforms.answer import REFRESH_TOKEN, SESSION, Answer
from xiezuo_sample.platforms.doudian import DoudianProfile
from xiezuo_sample.platforms.faults import FaultSwitch
from xiezuo_sample.platforms.orders import open_stores
from xiezuo_sample.platforms.top import TopProfile

_MOST_BYTES = 1 << 20
_WORDS = {doudian.PATH: "doudian"}

Profile = Callable[[str, bytes], Answer]
"""Answers one request from its query and its body."""


class PlatformServer:
    """The platforms of one folder, answering from threads until stopped.

    ``clock`` tells the platforms' time in +08:00 or with any offset; ``faults`` is a
    :class:`~xiezuo_sample.platforms.faults.FaultSwitch` specification.
    """

    def __init__(
        self,
        data: Path,
        port: int = 0,
        host: str = "127.0.0.1",
        clock: Callable[[], datetime] = clocks.now,
        *,
        faults: str = "",
        strict_history: bool = False,
    ) -> None:
        """Open the folder and bind the port; 0 takes a free one.

        Raises:
            ConfigError: the folder has no platform, the faults cannot be read, or the port is taken.
        """
        self.faults = FaultSwitch(faults)
        self._stores = open_stores(data)
        of = {
            profile: {name: store for name, store in self._stores.items() if store.profile == profile}
            for profile in ("top", "doudian")
        }
        self.profiles: dict[str, Profile] = {
            top.PATH: TopProfile(of["top"], clock, strict_history).answer,
            doudian.PATH: DoudianProfile(of["doudian"], clock, strict_history).answer,
        }
        try:
            self._http = _Server((host, port), _Handler)
        except OSError as error:
            self._close_stores()
            raise ConfigError(
                f"port {port} cannot be opened: {error.strerror}", next_step="choose another port"
            ) from error
        self._http.platforms = self
        self._thread: Thread | None = None

    @property
    def port(self) -> int:
        """The port listened on."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://{self._http.server_address[0]!s}:{self.port}"

    @property
    def names(self) -> list[str]:
        """The platforms served, which are their app keys."""
        return sorted(self._stores)

    def run(self) -> None:
        """Serve in this thread until :meth:`stop` is called from another."""
        try:
            self._http.serve_forever(poll_interval=0.1)
        finally:
            self._http.server_close()
            self._close_stores()

    def start(self) -> Self:
        """Serve in a thread of its own."""
        self._thread = Thread(target=self.run, name="sample-platforms", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and wait for it."""
        self._http.shutdown()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _close_stores(self) -> None:
        for store in self._stores.values():
            store.close()


def serve(
    data: Path,
    port: int,
    host: str = "127.0.0.1",
    clock: Callable[[], datetime] = clocks.now,
    *,
    faults: str = "",
    strict_history: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT; print ``ready <url>`` once the port listens.

    Raises:
        ConfigError: as :class:`PlatformServer`.
    """
    server = PlatformServer(data, port, host, clock, faults=faults, strict_history=strict_history)

    def stop(_number: int, _frame: FrameType | None) -> None:
        Thread(target=server.stop).start()  # shutdown() waits for this thread, so not from within it

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    sys.stdout.write(f"ready {server.url}\n")
    sys.stdout.flush()
    server.run()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    platforms: PlatformServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    # Head and body go out in two writes; without this each answer waits 40 ms for the client's delayed ACK.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= _MOST_BYTES):
            self.close_connection = True
            self._send(_plain(413 if length.isdigit() else 411))
            return
        body = self.rfile.read(int(length))
        platforms = cast("_Server", self.server).platforms
        path, _, query = self.path.partition("?")
        if path == "/faults":
            self._send(platforms.faults.order_over_http(body))
        elif path in platforms.profiles:
            wrong = platforms.faults.next(_WORDS.get(path, "top"))
            self._send(wrong or platforms.profiles[path](query, body))
        else:
            self._send(_plain(404))

    def do_GET(self) -> None:
        platforms = cast("_Server", self.server).platforms
        path, _, query = self.path.partition("?")
        if path == "/token":
            self._send(_renewed(platforms.names, query))
        elif path == "/":
            self._send(Answer(body=json.dumps({"platforms": platforms.names}).encode()))
        else:
            self._send(_plain(404))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name it has above)
        """Say nothing: requests carry signatures and sessions."""

    def _send(self, answer: Answer) -> None:
        if answer.fate == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            # the handler's buffers hold the socket open; shutting the descriptor makes the reset happen now
            os.close(self.connection.detach())
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.fate != "send":
            self.close_connection = True
        if answer.fate != "endless":
            missing = 100 if answer.fate == "short" else 0
            self.send_header("Content-Length", str(len(answer.body) + missing))
        self.end_headers()
        self.wfile.write(answer.body)
        with suppress(ConnectionError, TimeoutError):  # the client hanging up is how an endless body ends
            while answer.fate == "endless":
                self.wfile.write(answer.body)


def _renewed(names: list[str], query: str) -> Answer:
    """Renew a session; whoever names no platform of ours or no refresh token gets none."""
    asked = parse_qs(query)
    if asked.get("app_key", [""])[0] not in names or not asked.get("refresh_token"):
        return doudian.error(doudian.WRONG, "参数错误", "isv.parameter-invalid", "app_key")
    token = {
        "access_token": SESSION,
        "session": SESSION,
        "refresh_token": REFRESH_TOKEN,
        "expires_in": 86_400,
    }
    return Answer(body=json.dumps(token).encode())


def _plain(status: int) -> Answer:
    return Answer(status, b"", "text/plain")
