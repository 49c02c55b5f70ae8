"""Where the embedded server lives: its folder, its lock, what is recorded about it.

Normally everything is in ``home/postgres``. Started by root, the server runs as an unprivileged
account (PostgreSQL refuses root), and that account may not be able to reach a home under root's own
folder. No mode or owner of a folder that is not ours is changed for that: programs and data then go
to a folder made for them under /var/lib (or /opt, /srv), and ``home/postgres/location.json`` says
where. Removing such a home does not remove that folder; a later start names it in a warning.

Modes: ``home/postgres`` and a folder elsewhere are 0700, or 0711 where the server's account has to
pass through; the data 0700, owned by that account; lock, log and location 0600.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.warehouse.embedded import binaries as embedded_binaries
from xiezuo.warehouse.embedded.cluster import STAGING_PREFIX
from xiezuo.warehouse.embedded.process import Account, account_for, run

ELSEWHERE = (Path("/var/lib"), Path("/opt"), Path("/srv"))
_UNUSABLE = frozenset('$"`\\\n\r')
_LOCK_SECONDS = 1800.0
_LOG_BYTES = 10_000_000

_log = logging.getLogger(__name__)


class Site:
    """The folders of one embedded server; writes happen under :meth:`locked`."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.folder = self.home / "postgres"
        self.log = self.folder / "server.log"

    @property
    def directory(self) -> Path:
        """Where programs and data are: :attr:`folder`, or the recorded place elsewhere."""
        recorded = self._record().get("directory")
        return Path(recorded) if recorded else self.folder

    @property
    def data(self) -> Path:
        """The data directory; absent before the first start."""
        return self.directory / "data"

    @property
    def port(self) -> int | None:
        """The port chosen last, ``None`` before the first start."""
        return self._record().get("port")

    def record(self, **values: Any) -> None:
        """Add ``values`` to location.json, in one step."""
        draft = self.folder / ".location.json"
        with _private(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as file:
            file.write(json.dumps({**self._record(), **values}, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / "location.json")

    def prepare(self) -> None:
        """Make ``home/postgres`` when it is not there.

        Raises:
            ConfigError: this account may not write there, or PostgreSQL cannot work there.
        """
        if _UNUSABLE & set(str(self.folder)):
            raise ConfigError(
                f"initdb cannot work in {self.folder}: it passes paths through a shell",
                next_step='set XIEZUO_HOME to a path without any of $ " ` \\ and line breaks',
            )
        try:
            self.folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            if os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
                return
        except PermissionError as error:
            raise self._not_ours() from error
        raise self._not_ours()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the one lock that starting, stopping and installing take turns with.

        Raises:
            SourceDown: another process has held it for half an hour.
            ConfigError: the lock belongs to another account.
        """
        try:
            file = _private(self.folder / "lock", os.O_WRONLY | os.O_CREAT)
        except PermissionError as error:
            raise self._not_ours() from error
        with file:
            deadline = time.monotonic() + _LOCK_SECONDS
            while not _try_lock(file):
                if time.monotonic() > deadline:
                    raise SourceDown(
                        "another process is still starting or stopping the database", next_step="try again"
                    )
                time.sleep(0.02)
            try:
                yield
            finally:
                # Explicitly: a copy of the file held by a process forked meanwhile would keep the lock.
                fcntl.flock(file, fcntl.LOCK_UN)

    @contextmanager
    def messages(self) -> Iterator[IO[bytes]]:
        """Open the server's log for appending, after setting an overlong one aside."""
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with _private(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as file:
            yield file

    def sweep(self) -> None:
        """Remove what an interrupted installation or initdb left; finished things have other names."""
        for prefix in (embedded_binaries.INSTALL_PREFIX, STAGING_PREFIX):
            for leftover in self.directory.glob(f"{prefix}*"):
                embedded_binaries.remove(leftover)

    def install(self) -> embedded_binaries.Binaries:
        """Install the programs where the server's account can run them; decide the place the first time.

        Raises:
            ConfigError: no place will do, or the recorded one is gone.
        """
        if not self.directory.is_dir():
            raise ConfigError(
                f"the data directory's folder {self.directory} is gone",
                next_step=f"bring it back, or delete {self.folder} to begin with an empty database",
            )
        self.sweep()
        binaries = embedded_binaries.install(self.directory)
        problem = self._cannot_run(binaries)
        if problem is None:
            return binaries
        if os.geteuid() != 0 or self.directory != self.folder or self.data.exists():
            raise ConfigError(
                f"the database programs in {binaries.tree} cannot be run: {problem}",
                next_step="let the account reach that folder and execute in it, or move XIEZUO_HOME",
            )
        embedded_binaries.remove(binaries.tree)
        return self._install_elsewhere()

    def account(self) -> Account | None:
        """Return whom the server runs as, ``None`` for whoever we are."""
        return account_for(self.data if self.data.exists() else self.directory)

    def _install_elsewhere(self) -> embedded_binaries.Binaries:
        home = self.home
        prefix = f"xiezuo-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}-"
        for parent in ELSEWHERE:
            if not (parent.is_dir() and os.access(parent, os.W_OK)):
                continue
            for older in parent.glob(f"{prefix}*"):
                _log.warning(
                    "%s holds the database of an earlier %s; delete it if unwanted", older, self.home
                )
            directory = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            directory.chmod(0o711)
            binaries = embedded_binaries.install(directory)
            if self._cannot_run(binaries) is None:
                self.record(directory=str(directory))
                return binaries
            embedded_binaries.remove(directory)
        raise ConfigError(
            f"no folder was found that an unprivileged account can run a database in (tried {home} "
            f"and {', '.join(map(str, ELSEWHERE))})",
            next_step="run as an ordinary user, or set XIEZUO_HOME to a folder all accounts can pass through",
        )

    def _cannot_run(self, binaries: embedded_binaries.Binaries) -> str | None:
        """Return why the account cannot run the programs where they are, ``None`` when it can."""
        try:
            with self.messages() as log:
                run([str(binaries.program("postgres")), "--version"], self.account(), log)
        except (OSError, subprocess.CalledProcessError) as error:
            return str(error)
        return None

    def _record(self) -> dict[str, Any]:
        path = self.folder / "location.json"
        try:
            content = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        except PermissionError as error:
            raise self._not_ours() from error
        except ValueError as error:
            raise ConfigError(f"{path} is damaged", next_step="restore it from the backup") from error
        if not isinstance(content, dict):
            raise ConfigError(f"{path} is damaged", next_step="restore it from the backup")
        return content

    def _not_ours(self) -> ConfigError:
        return ConfigError(
            f"this account may not use {self.folder}",
            next_step="run as the account that started the database first, or set another XIEZUO_HOME",
        )


def _private(path: Path, flags: int) -> IO[bytes]:
    """Open a file of mode 0600, owned by whoever owns its folder (root may work in a user's home)."""
    file = open(  # noqa: SIM115 - the caller closes it
        path, "wb", opener=lambda name, _: os.open(name, flags | os.O_CLOEXEC, 0o600)
    )
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
    return file


def _try_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
