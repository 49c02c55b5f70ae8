"""The cluster itself: its settings, its making, the command that runs it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import IO

from xiezuo.base.errors import ConfigError
from xiezuo.warehouse.embedded.binaries import Binaries, remove
from xiezuo.warehouse.embedded.process import Account, give, run, title

HOST = "127.0.0.1"
USER = "xiezuo"

STAGING_PREFIX = ".staging-"

# Written into the new cluster's postgresql.conf, where operations can change them (ALTER SYSTEM too).
_INITIAL_SETTINGS = {
    "shared_buffers": "512MB",
    "wal_buffers": "64MB",
    "max_wal_size": "4GB",
    "max_connections": "200",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
}

# Given at every start and not to be changed: what is reachable, and what the log may hold. An error's
# text, its details and its statement can quote a row, so the log has neither: whoever sent the
# statement gets them.
_FIXED_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}

# The builtin provider sorts and classifies the same everywhere; with plain C, pg_trgm finds nothing in
# Chinese text.
_LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")


def create(binaries: Binaries, data: Path, password: str, account: Account | None, log: IO[bytes]) -> None:
    """Make an empty cluster at ``data``, owned by ``account``, with one login: the owner's.

    It is made in a staging folder beside ``data`` and renamed when whole, so that a killed initdb
    leaves no data directory. The password passes through a file there, gone before this returns.

    Raises:
        ConfigError: initdb failed; the log says why.
    """
    staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=data.parent))
    made, secret = staging / "data", staging / "password"
    login = [f"--username={USER}", f"--pwfile={secret}", "--auth=scram-sha-256"]
    settings = [f"--set={name}={value}" for name, value in _INITIAL_SETTINGS.items()]
    try:
        secret.touch(mode=0o600)
        secret.write_text(password + "\n", encoding="utf-8")
        give(secret, account)
        give(staging, account)
        program = str(binaries.program("initdb"))
        run([program, f"--pgdata={made}", *login, *_LOCALE, *settings], account, log)
        made.rename(data)
    except subprocess.SubprocessError as error:
        raise ConfigError(
            "the database could not be initialised", next_step=f"see the end of {log.name}"
        ) from error
    finally:
        secret.unlink(missing_ok=True)
        remove(staging)


def check_version(binaries: Binaries, data: Path) -> None:
    """Refuse data of another major version.

    Raises:
        ConfigError: it is of another one, or is no data directory at all.
    """
    path = data / "PG_VERSION"
    found = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else "unknown"
    if found != binaries.major:
        raise ConfigError(
            f"{data} is of PostgreSQL {found}, the programs are of {binaries.major}",
            next_step="restore a dump into a new XIEZUO_HOME, or install the earlier requirements.lock",
        )


def command(binaries: Binaries, data: Path, port: int) -> list[str]:
    """Return the command line of the server; it holds nothing secret."""
    fixed = {**_FIXED_SETTINGS, "port": str(port), "cluster_name": title(data)}
    options = [word for name, value in fixed.items() for word in ("-c", f"{name}={value}")]
    return [str(binaries.program("postgres")), "-D", str(data), *options]
