"""``xiezuo warehouse backup``: the warehouse in one file, as it was at one moment.

The file is a tar of mode 0600: ``manifest.json``, ``warehouse.dump`` (PostgreSQL's custom format) and, when
asked for, the landed bytes under ``landing/<sha256>``. Keys are not in it, only their fingerprints: who holds
the file alone cannot open the vault. The inbox and Airflow's own database are not in it either.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import IsolationLevel
from pydantic import BaseModel

import xiezuo
from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.landing import digest_of as digest_of_file
from xiezuo.warehouse import access
from xiezuo.warehouse.citus import is_distributed
from xiezuo.warehouse.digest import digest_of
from xiezuo.warehouse.pg_programs import program, run

FORMAT = 1
MANIFEST, DUMP, LANDING = "manifest.json", "warehouse.dump", "landing/"
KEYS = ("person_hash_key", "vault_key")
_DRAFT = ".xiezuo-backup-"


class Dump(BaseModel):
    """The dump inside a backup."""

    sha256: str
    bytes: int


class Manifest(BaseModel):
    """What a backup says of itself; ``postgres`` is the server's major version."""

    format: int
    xiezuo: str
    taken_at: str
    schema_version: str
    postgres: int
    counties: list[str]
    digest: str
    dump: Dump
    landing_files: int
    key_fingerprints: dict[str, str | None]


@dataclass(frozen=True)
class _Moment:
    """What the snapshot that is being dumped holds."""

    snapshot: str
    digest: str
    schema_version: str
    server: int
    counties: list[str]
    schemas: list[str]
    landed: list[str]


def backup(settings: Settings, file: Path, *, with_landing: bool = False) -> dict[str, Any]:
    """Write the warehouse to ``file`` and return its manifest; nothing has to be stopped for it.

    Raises:
        ConfigError: the file is there already, its folder is not, or pg_dump fails.
        SourceDown: the warehouse does not answer, or rows were written meanwhile where it lies on several servers.
    """
    if file.exists():
        raise ConfigError(f"{file} is there already", next_step="give a backup a name of its own, with the day in it")
    if not file.parent.is_dir():
        raise ConfigError(f"{file.parent} is no folder")
    with _draft(file.parent) as folder, _moment(settings) as moment:
        dump = folder / DUMP
        dump.touch(mode=0o600)
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment.snapshot}"]
        words += [f"--schema={name}" for name in moment.schemas]
        words += ["--exclude-table-data=staging.*", f"--file={dump}"]
        url = access.url(settings, "owner")
        run(settings, program(settings, "pg_dump", major=moment.server), url, words)
        _check_stood_still(settings, moment)
        landing = Landing(settings.landing_dir)
        landed = [sha256 for sha256 in moment.landed if landing.path(sha256).is_file()] if with_landing else []
        manifest = _manifest(settings, moment, dump, landed)
        draft = folder / "draft.tar"
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w", format=tarfile.PAX_FORMAT) as tar:
            text = manifest.model_dump_json(indent=1).encode()
            _add(tar, MANIFEST, io.BytesIO(text), len(text))
            _add_file(tar, DUMP, dump)
            for sha256 in landed:
                _add_file(tar, f"{LANDING}{sha256}", landing.path(sha256))
        _put(draft, file)
    return manifest.model_dump() | {"bytes": file.stat().st_size}


def fingerprint(settings: Settings, name: str) -> str | None:
    """Return what tells a key from another without telling it, None where there is none yet; makes none."""
    secrets = Secrets(settings.secrets_dir, settings.environ)
    if not secrets.has(name):
        return None
    key = secrets.key(name)
    return hashlib.sha256(b"xiezuo key fingerprint\0" + name.encode() + b"\0" + key).hexdigest()[:16]


@contextmanager
def _draft(parent: Path) -> Iterator[Path]:
    """Yield a folder of ours (0700) beside the file to be; one a killed backup left a day ago goes."""
    for left in parent.glob(f"{_DRAFT}*"):
        if left.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _moment(settings: Settings) -> Iterator[_Moment]:
    """Hold one snapshot of the database, and yield what it holds; pg_dump reads the same one."""
    with access.connect(settings, "owner") as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        yield _Moment(
            snapshot=_one(connection, "select pg_export_snapshot()"),
            digest=digest_of(connection),
            schema_version=_one(connection, "select version_num from audit.schema_version"),
            server=connection.info.server_version // 10_000,
            counties=_column(connection, "select county_code from core.county order by 1"),
            schemas=_column(
                connection,
                "select nspname from pg_namespace where pg_get_userbyid(nspowner) = current_user"
                " and nspname !~ '^pg_' and nspname not in ('public', 'information_schema')"
                " and not exists (select 1 from pg_depend where classid = 'pg_namespace'::regclass"
                " and objid = pg_namespace.oid and deptype = 'e') order by 1",
            ),
            landed=_column(
                connection, "select distinct sha256 from audit.landing where bytes_purged_at is null order by 1"
            ),
        )


def _check_stood_still(settings: Settings, moment: _Moment) -> None:
    """Make sure that the dump is of one moment: the coordinator's snapshot does not hold on Citus's workers.

    Raises:
        SourceDown: rows were written while the dump was taken.
    """
    with access.connect(settings, "owner") as connection:
        if is_distributed(connection) and digest_of(connection) != moment.digest:
            raise SourceDown(
                "rows were written while the backup was taken",
                next_step="take it again when no run is under way",
            )


def _manifest(settings: Settings, moment: _Moment, dump: Path, landed: list[str]) -> Manifest:
    return Manifest(
        format=FORMAT,
        xiezuo=xiezuo.__version__,
        taken_at=settings.now().isoformat(),
        schema_version=moment.schema_version,
        postgres=moment.server,
        counties=moment.counties,
        digest=moment.digest,
        dump=Dump(sha256=digest_of_file(dump), bytes=dump.stat().st_size),
        landing_files=len(landed),
        key_fingerprints={name: fingerprint(settings, name) for name in KEYS},
    )


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as content:
        _add(tar, name, content, path.stat().st_size)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    """Add a member that names nobody of this machine."""
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    tar.addfile(member, content)


def _put(draft: Path, file: Path) -> None:
    """Give a draft its name once it is on disk: after a power cut there is no backup of that name, or a whole one."""
    for path in (draft, file.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
            if path is draft:
                draft.rename(file)
        finally:
            os.close(handle)


def _one(connection: psycopg.Connection, statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def _column(connection: psycopg.Connection, statement: str) -> list[str]:
    return [row[0] for row in connection.execute(statement.encode()).fetchall()]
