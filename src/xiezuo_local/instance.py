"""One installation on this machine: its folders, its lock, and the few facts it remembers between starts."""

from __future__ import annotations

import fcntl
import json
import os
import random
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import EMBEDDED, Settings

HOST = "127.0.0.1"
MARKER = "XIEZUO_INSTANCE"

# Below the ports the kernel hands to outgoing connections, so that none of those takes ours.
_PORTS = range(30000, 32768)


@dataclass(frozen=True)
class Request:
    """What the user asked for: county code, year, seed of the sample, and whether there is to be one."""

    county: str
    year: int
    seed: int
    sample: bool


DEFAULT = Request("620422", 2022, 1, sample=True)


class Instance:
    """The folders under ``XIEZUO_HOME`` that the launcher owns, and the environment it gives its children."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ: dict[str, str] = dict(environ)
        self.settings = Settings.from_env(self.environ)
        self.home = self.settings.home
        self.airflow = self.home / "airflow"
        self.logs = self.home / "logs"
        self.pin()

    def pin(self) -> None:
        """Write the resolved places into the environment: children may have another working directory."""
        settings = self.settings
        self.environ |= {
            MARKER: str(self.home),
            "XIEZUO_ROOT": str(settings.root),
            "XIEZUO_HOME": str(settings.home),
            "XIEZUO_INBOX": str(settings.inbox),
            "XIEZUO_OUT": str(settings.out),
            "XIEZUO_COUNTIES": str(settings.counties_path),
            "XIEZUO_DIVISIONS": str(settings.divisions_dir),
            # Said outright: an Airflow that is told nothing starts no database of its own.
            "XIEZUO_WAREHOUSE_URL": settings.warehouse_url or EMBEDDED,
        }

    def set_defaults(self, values: Mapping[str, str]) -> None:
        """Add variables the user has not set, and read the settings again."""
        self.environ = {**values, **{key: text for key, text in self.environ.items() if text}}
        self.settings = Settings.from_env(self.environ)

    def make_folders(self) -> None:
        """Create what the launcher itself writes to; logs may quote a path or a row: owner only."""
        for folder in (self.home, self.settings.inbox, self.settings.out):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.airflow, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def locked(self, purpose: str) -> Iterator[None]:
        """Hold the installation for one command; a second one is told who has it.

        Raises:
            ConfigError: another command of the launcher is at work here.
        """
        path = self.home / "launcher.lock"
        with path.open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                holder = file.read().strip() or "another command"
                raise ConfigError(
                    f"{holder} is already at work in {self.home}",
                    next_step="wait until it has finished (or stop it with Ctrl-C), then try again",
                ) from error
            file.truncate(0)
            file.write(f"make {purpose} (process {os.getpid()})")
            file.flush()
            yield
            file.truncate(0)

    def recall(self) -> dict[str, Any]:
        """Return what :meth:`remember` kept; empty at first, and when the note was damaged."""
        try:
            kept = json.loads(self._note.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def remember_session(self, leader: int) -> None:
        """Keep the session of a child; forget those without a member (its leader may be long dead)."""
        with self._exclusive():
            living = _sessions()
            sessions = [each for each in self.recall().get("sessions", []) if each in living]
            self._write(self.recall() | {"sessions": [*sessions, leader]})

    def remember(self, **facts: Any) -> None:
        """Keep facts for the next start; ``None`` forgets one. The supervisor may do so at the same time."""
        with self._exclusive():
            self._write({key: value for key, value in (self.recall() | facts).items() if value is not None})

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        with self._note.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, kept: Mapping[str, Any]) -> None:
        write_whole(self._note, json.dumps(kept, indent=1, ensure_ascii=False))

    @property
    def _note(self) -> Path:
        return self.airflow / "launcher.json"


def _sessions() -> set[int]:
    found = set()
    for pid in psutil.pids():
        with suppress(ProcessLookupError):
            found.add(os.getsid(pid))
    return found


def write_whole(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace a small file in one step, so that nobody ever reads half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def free_port(preferred: object = None) -> int:
    """Return a port nobody listens on, the preferred one when it is still free.

    Raises:
        ConfigError: a hundred tries found none.
    """
    tries = [preferred] if isinstance(preferred, int) else []
    for port in [*tries, *random.sample(_PORTS, 100)]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ConfigError(f"no free port between {_PORTS.start} and {_PORTS.stop}", next_step="see what listens there")
