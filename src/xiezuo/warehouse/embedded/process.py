"""The server's processes: whom they run as, which are alive, what a killed server left behind.

Whether a process belongs to a cluster is read from the process itself (program name, command line,
title, working folder), never from a number in a file alone: numbers are used again by others.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from xiezuo.base.errors import ConfigError, SourceDown

# A backend notices on its own that its postmaster is gone, unless it is busy with a long query.
ORPHAN_GRACE = 5.0
ORPHAN_LIMIT = 30.0
_POLL = 0.05

# Existing accounts without rights of their own; PostgreSQL refuses to run as root.
_UNPRIVILEGED = ("nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """Whom the server's processes run as."""

    name: str
    uid: int
    gid: int


def account_for(folder: Path) -> Account | None:
    """Return the account to switch to, ``None`` for no switch (we are not root).

    Root serves the owner of ``folder`` when that is someone else, so that a server a user made stays
    that user's; otherwise an unprivileged account that is already there. None is ever added.

    Raises:
        ConfigError: root, and the machine has no account to run the server as.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid
    for entry in pwd.getpwall():
        if entry.pw_uid == owner and owner != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ConfigError(
        "PostgreSQL does not run as root and this machine has no account 'nobody' to run it as",
        next_step="run as an ordinary user, or set XIEZUO_WAREHOUSE_URL to a PostgreSQL server",
    )


def give(path: Path, account: Account | None) -> None:
    """Make ``account`` the owner of a file or folder of ours."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def run(command: list[str], account: Account | None, log: IO[bytes], *, timeout: float = 1800) -> str:
    """Run a program as ``account``, messages to ``log``; return what it wrote to standard output.

    It runs in a session of its own (a Ctrl-C or the death of the caller does not reach it), with no
    file of ours open and an environment of its own: ours holds credentials, and that of a process can
    be read by its account.

    Raises:
        OSError: the program cannot be run as that account.
        subprocess.CalledProcessError, subprocess.TimeoutExpired: it failed or did not end.
    """
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    done = subprocess.run(
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        timeout=timeout,
        cwd="/",
        env=environment,
        umask=0o077,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    return done.stdout


def launch(command: list[str], account: Account | None, log: IO[bytes]) -> int:
    """Start a program that outlives us, its output to ``log``; return its process id.

    A shell starts it and ends at once, so that it is nobody's child: a server killed later does not
    stay a zombie of whoever happened to start it.
    """
    return int(run(["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command], account, log))


def alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass(frozen=True)
class Postmaster:
    """A server's main process as its pid file names it."""

    pid: int
    port: int


def title(data: Path) -> str:
    """Return the name the server's processes show in their titles, one for each data directory."""
    return f"xiezuo-{hashlib.sha256(os.fsencode(data)).hexdigest()[:8]}"


def postmaster(data: Path) -> Postmaster | None:
    """Return the live server of a data directory, ``None`` when there is none.

    A process that could be it but cannot be looked into counts as it: better a server waited for in
    vain than two on one data directory.
    """
    named = _pid_file(data)
    if named is None:
        return None
    try:
        process = psutil.Process(named.pid)
    except psutil.NoSuchProcess:
        return None
    return named if _belongs(process, data, when_unsure=True) else None


def clear_leftovers(data: Path) -> None:
    """Wait until nothing of a killed server is left, so that a new one can take its place.

    Backends still at work keep the shared memory: they are waited for, then told to quit (nothing
    committed is lost: the next start replays the log). The pid file is removed only when it names a
    living process that is not of this cluster (a zombie, or a stranger with the same number); all
    else about it PostgreSQL judges itself, and better.

    Raises:
        SourceDown: some process does not end.
    """
    began = time.monotonic()
    while left := _members(data):
        if postmaster(data):
            return  # not left over: someone's server is just coming up
        waited = time.monotonic() - began
        if waited > ORPHAN_LIMIT:
            raise SourceDown(
                f"processes of a killed database server do not end: {[process.pid for process in left]}",
                next_step="end them, then start again",
            )
        if waited > ORPHAN_GRACE:
            _tell_to_quit(left)
        time.sleep(_POLL)
    named = _pid_file(data)
    if named is not None and psutil.pid_exists(named.pid) and not postmaster(data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _tell_to_quit(processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.send_signal(signal.SIGQUIT)
        except psutil.NoSuchProcess:
            continue


def _pid_file(data: Path) -> Postmaster | None:
    """Read postmaster.pid: process id on line 1, port on line 4; ``None`` when absent or cut short."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    try:
        return Postmaster(abs(int(lines[0])), int(lines[3]))
    except (IndexError, ValueError):
        return None


def _members(data: Path) -> list[psutil.Process]:
    return [each for each in psutil.process_iter() if _belongs(each, data, when_unsure=False)]


def _belongs(process: psutil.Process, data: Path, *, when_unsure: bool) -> bool:
    """Whether a process is of the server on ``data``.

    The command line is tried first, as every account may read it; the working folder, which needs
    rights a container's root lacks, also knows a server whose folder was moved while it ran.
    """
    try:
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return False
        words = process.cmdline()
        if str(data) in words or (words and words[0].startswith(f"postgres: {title(data)}:")):
            return True
        return data.samefile(process.cwd())
    except (psutil.NoSuchProcess, FileNotFoundError):
        return False
    except (psutil.AccessDenied, PermissionError):
        return when_unsure
