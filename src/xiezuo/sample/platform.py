"""The sample sales platforms over HTTP, on the loopback interface.

One server serves every ``platforms/<name>.ndjson`` of a folder. The app key is the file's name, the
secret ``sample-secret`` and the session ``sample-session``: published on purpose, they protect nothing.
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

from xiezuo import clock as clocks
from xiezuo.errors import ConfigError
from xiezuo.sample.platform_answer import Answer
from xiezuo.sample.platform_faults import FaultSwitch
from xiezuo.sample.platform_orders import open_stores
from xiezuo.sample.platform_top import PATH as TOP_PATH
from xiezuo.sample.platform_top import SESSION, TopProfile

_MOST_BYTES = 1 << 20


class PlatformServer:
    """The platforms of one folder, answering from threads until stopped.

    ``clock`` tells the platforms' time in +08:00 or with any offset; ``faults`` is a
    :class:`~xiezuo.sample.platform_faults.FaultSwitch` specification.
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
        top = TopProfile(self._stores, clock, strict_history)
        self.profiles: dict[str, Callable[[bytes], Answer]] = {TOP_PATH: top.answer}
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
        path = self.path.partition("?")[0]
        if path == "/faults":
            self._send(_order_faults(platforms.faults, body))
        elif path in platforms.profiles:
            self._send(platforms.faults.next() or platforms.profiles[path](body))
        else:
            self._send(_plain(404))

    def do_GET(self) -> None:
        platforms = cast("_Server", self.server).platforms
        path = self.path.partition("?")[0]
        if path == "/token":
            renewed = {"access_token": SESSION, "session": SESSION, "expires_in": 86_400}
            self._send(Answer(body=json.dumps(renewed).encode()))
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


def _order_faults(switch: FaultSwitch, body: bytes) -> Answer:
    """Order faults from JSON: ``{"faults": "429:2,reset"}``, or ``{"429": 2, …}``; ``{}`` clears."""
    try:
        parts = _fault_parts(json.loads(body))
        if not parts:
            switch.clear()
        waiting = switch.order(parts)
    except (ValueError, ConfigError) as error:
        return Answer(400, json.dumps({"error": str(error)}, ensure_ascii=False).encode())
    return Answer(body=json.dumps({"waiting": waiting}).encode())


def _fault_parts(wanted: object) -> list[str]:
    if not isinstance(wanted, dict):
        raise ConfigError("faults come as a JSON object")
    parts = [part for part in str(wanted.pop("faults", "")).split(",") if part.strip()]
    return parts + [f"{kind}:{times}" for kind, times in wanted.items()]


def _plain(status: int) -> Answer:
    return Answer(status, b"", "text/plain")
