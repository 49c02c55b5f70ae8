"""``xiezuo warehouse restore``: the warehouse becomes what a backup holds.

The backup is restored into a database beside the warehouse, compared with its manifest there, and takes the
warehouse's name in one transaction: whatever is killed on the way, the old warehouse or the restored one is
there, never a half. What a killed restore left is removed by the next one. A rehearsal does all but the last step.
"""

from __future__ import annotations

import hashlib
import tarfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import ValidationError

from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.fetch.landing import CHUNK, Landing
from xiezuo.operations.backup import DUMP, FORMAT, KEYS, LANDING, MANIFEST, Manifest, fingerprint
from xiezuo.warehouse import access, migrations, readers, schema
from xiezuo.warehouse.citus import is_distributed
from xiezuo.warehouse.digest import digest_of
from xiezuo.warehouse.embedded.server import EmbeddedServer
from xiezuo.warehouse.pg_programs import program, run

# One database in the place of another: made beside it, then given its name.
# Both renamings are one transaction, so there is always a warehouse under the warehouse's name.
_LOCK = 620427
_SWAPS = 20
_PAUSE = 0.25


@dataclass(frozen=True)
class Site:
    """A server whose warehouse is about to be replaced.

    ``admin`` is connected as whoever may make and rename databases; ``owner`` is the role the new one is
    given to, None when that is ``admin`` itself; ``name`` is the warehouse's.
    """

    admin: psycopg.Connection
    admin_url: str
    owner_url: str
    owner: str | None
    name: str

    @property
    def beside(self) -> str:
        """The database that is being made."""
        return f"{self.name}_restoring"

    @property
    def replaced(self) -> str:
        """What the old warehouse is called for the moment between swap and removal."""
        return f"{self.name}_replaced"

    def url(self, database: str) -> str:
        """Return the owner's address of a database."""
        return make_conninfo(self.owner_url, dbname=database)

    def make_beside(self) -> None:
        """Make an empty database beside the warehouse; what a killed restore left goes first."""
        for name in (self.beside, self.replaced):
            self.drop(name)
        statement = sql.SQL("create database {} encoding 'UTF8'").format(sql.Identifier(self.beside))
        if self.owner is not None:
            statement += sql.SQL(" owner {}").format(sql.Identifier(self.owner))
        self.admin.execute(statement)
        if self.owner is not None:
            with psycopg.connect(make_conninfo(self.admin_url, dbname=self.beside)) as connection:
                connection.execute("revoke all on schema public from public")

    def swap(self) -> None:
        """Give the new database the warehouse's name.

        Raises:
            ConfigError: somebody who cannot be asked to leave keeps being connected; nothing is changed.
        """
        rename = sql.SQL("alter database {} rename to {}")
        away = rename.format(sql.Identifier(self.name), sql.Identifier(self.replaced))
        into = rename.format(sql.Identifier(self.beside), sql.Identifier(self.name))
        for _ in range(_SWAPS):
            self._ask_to_leave()
            try:
                with self.admin.transaction():
                    self.admin.execute(away)
                    self.admin.execute(into)
            except psycopg.errors.ObjectInUse:
                time.sleep(_PAUSE)
            else:
                return
        raise ConfigError(
            "somebody keeps being connected to the warehouse",
            next_step="stop Airflow and whatever else reads it (make down), then restore again",
        )

    def drop(self, name: str) -> None:
        """Remove a database that is ours, whoever is connected to it."""
        self.admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def _ask_to_leave(self) -> None:
        """End the sessions of both databases, as far as we may; others are waited for."""
        try:
            self.admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = any(%s) and pid <> pg_backend_pid()",
                ([self.name, self.beside],),
            )
        except psycopg.errors.InsufficientPrivilege:
            return


@contextmanager
def server_of(settings: Settings) -> Iterator[Site]:
    """Connect to the server beside the warehouse; one at a time may replace it.

    Raises:
        ConfigError: another one is at it.
    """
    owner_url, owner = access.url(settings, "owner"), None
    if settings.warehouse_url is None:
        secrets = Secrets(settings.secrets_dir, settings.environ)
        address, owner = EmbeddedServer(settings.home, secrets).ensure().url("postgres"), access.ROLES["owner"]
    else:
        address = make_conninfo(owner_url, dbname="postgres")
    with psycopg.connect(address, autocommit=True, connect_timeout=15) as admin:
        taken = admin.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
        if not (taken and taken[0]):
            raise ConfigError("another restore is under way", next_step="wait for it")
        yield Site(admin, address, owner_url, owner, str(conninfo_to_dict(owner_url)["dbname"]))


def restore(settings: Settings, file: Path, *, force: bool = False) -> dict[str, Any]:
    """Make the warehouse what ``file`` holds; return its manifest and ``warnings_zh``.

    ``force`` replaces a warehouse that has rows, and goes on although the keys here are not those the
    backup was made with: then its vault cannot be read and known people count as new ones.

    Raises:
        ConfigError: the file is no whole backup, of a newer schema or server; the warehouse has rows or
            other keys, or lies on several servers; somebody is connected who cannot be asked to leave. The
            warehouse is as it was.
    """
    with _opened(file) as tar:
        manifest = _checked(tar, file)
        warnings = _check_keys(settings, manifest, force=force)
        access.bootstrap(settings)
        with server_of(settings) as site:
            _check_target(site, manifest, force=force)
            site.make_beside()
            try:
                _fill(settings, site, tar, manifest, landing=Landing(settings.landing_dir))
                site.swap()
            except BaseException:
                site.drop(site.beside)
                raise
            site.drop(site.replaced)
    schema.migrate(settings)
    return manifest.model_dump() | {"warnings_zh": warnings}


def rehearse(settings: Settings, file: Path) -> dict[str, Any]:
    """Restore ``file`` beside the warehouse, compare it with its manifest, remove it; return the manifest.

    Neither the warehouse nor the landing zone is touched, and nothing has to be stopped for it.

    Raises:
        ConfigError: the file could not be restored here.
    """
    with _opened(file) as tar:
        manifest = _checked(tar, file)
        _check_keys(settings, manifest, force=False)
        with server_of(settings) as site:
            _check_server(site, manifest)
            site.make_beside()
            try:
                _fill(settings, site, tar, manifest, landing=None)
            finally:
                site.drop(site.beside)
    return manifest.model_dump()


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise ConfigError(f"{file} is cut off, damaged or no backup", next_step="take another one") from error
    except OSError as error:
        if error.filename is None or Path(error.filename) != file:
            raise
        raise ConfigError(f"{file} cannot be read ({error.strerror})") from error


def _checked(tar: tarfile.TarFile, file: Path) -> Manifest:
    """Return the manifest of a backup whose dump is as it was written."""
    try:
        manifest = Manifest.model_validate_json(_member(tar, MANIFEST).read())
        content = _member(tar, DUMP)
    except (KeyError, ValidationError) as error:
        raise ConfigError(f"{file} is no backup of xiezuo") from error
    if manifest.format != FORMAT or manifest.schema_version not in _known_versions():
        raise ConfigError(
            f"{file} was made by a later version (schema {manifest.schema_version})",
            next_step="install that version, then restore",
        )
    if _digest(iter(lambda: content.read(CHUNK), b"")) != manifest.dump.sha256:
        raise ConfigError(f"{file} is damaged: its dump is not the one it was made with", next_step="take another one")
    return manifest


def _digest(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    content = tar.extractfile(name)
    if content is None:
        raise KeyError(name)
    return content


def _known_versions() -> set[str]:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _check_keys(settings: Settings, manifest: Manifest, *, force: bool) -> list[str]:
    """Compare the keys here with those the backup was made with; return what is lost when they differ."""
    stated = manifest.key_fingerprints
    other = [name for name in KEYS if stated.get(name) and fingerprint(settings, name) != stated[name]]
    if not other:
        return []
    names = "、".join(other)
    if not force:
        raise ConfigError(
            f"the keys {names} here are not those the backup was made with",
            zh=f"此处的密钥 {names} 与备份时的不同：恢复后个人信息无法解密，已登记的人会被当作新人",
            next_step=f"先把原系统的 {names} 放入 {settings.secrets_dir}（或 XIEZUO_SECRET_…）；确已丢失才用 --force",
        )
    return [f"密钥 {names} 与备份时的不同：加密的个人信息无法解密，已登记的人会被当作新人"]


def _fill(
    settings: Settings, site: Site, tar: tarfile.TarFile, manifest: Manifest, *, landing: Landing | None
) -> None:
    """Restore into the database beside, and make sure that it is what the manifest says.

    Landed bytes go to ``landing``; without one their digests are compared and nothing is kept.
    """
    path = program(settings, "pg_restore", major=site.admin.info.server_version // 10_000)
    words = ["--format=custom", "--no-owner", "--no-privileges", "--exit-on-error"]
    run(settings, path, site.url(site.beside), words, stdin=_member(tar, DUMP))
    for member in tar.getmembers():
        if member.name.startswith(LANDING):
            _keep(landing, tar, member)
    with psycopg.connect(site.url(site.beside)) as connection:
        readers.leave_unguarded(connection, settings.root)
        if (found := digest_of(connection)) != manifest.digest:
            raise ConfigError(f"restored rows have the digest {found}, the backup says {manifest.digest}")
        if landing is not None:
            _forget_unlanded(connection, landing)


def _keep(landing: Landing | None, tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    content, stated = _member(tar, member.name), member.name.removeprefix(LANDING)
    chunks = iter(lambda: content.read(CHUNK), b"")
    if (landing.keep(chunks) if landing is not None else _digest(chunks)) != stated:
        raise ConfigError(f"a landed file of the backup is damaged: {stated}", next_step="take another backup")


def _forget_unlanded(connection: psycopg.Connection, landing: Landing) -> None:
    """Forget what was fetched but not yet loaded and whose bytes are not here: it is fetched again."""
    rows = connection.execute("select landing_id, sha256 from audit.landing where state = 'landed'").fetchall()
    gone = [landing_id for landing_id, sha256 in rows if not landing.path(sha256).is_file()]
    connection.execute("delete from audit.landing where state = 'landed' and landing_id = any(%s)", (gone,))


def _check_target(site: Site, manifest: Manifest, *, force: bool) -> None:
    _check_server(site, manifest)
    if not force and _has_rows(site):
        raise ConfigError(
            f"the warehouse {site.name} has rows",
            zh="数据仓库中已有数据，恢复会全部替换",
            next_step="如需保留请先备份，再加 --force",
        )


def _check_server(site: Site, manifest: Manifest) -> None:
    server = site.admin.info.server_version // 10_000
    if server < manifest.postgres:
        raise ConfigError(
            f"the backup is of PostgreSQL {manifest.postgres}, this server is {server}",
            next_step="restore on a server that is not older",
        )
    rights = site.admin.execute(
        "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
    ).fetchone()
    if not (rights and rights[0]):
        raise ConfigError(
            "the account of XIEZUO_WAREHOUSE_URL may not create databases",
            next_step="let a DBA `alter role … createdb`: backups are tried and restored beside the warehouse",
        )
    if _is_distributed(site):
        raise ConfigError(
            f"the warehouse {site.name} lies on several servers, a restored one beside it would not",
            zh="数据仓库分布在多台服务器上，不能就地恢复",
            next_step="先恢复到没有 Citus 的数据库，再分布（见 deploy/citus/README.md）",
        )


def _is_distributed(site: Site) -> bool:
    with psycopg.connect(site.url(site.name), connect_timeout=15) as connection:
        return is_distributed(connection)


def _has_rows(site: Site) -> bool:
    with psycopg.connect(site.url(site.name), connect_timeout=15) as connection:
        known = connection.execute("select to_regclass('audit.landing') is not null").fetchone()
        if not (known and known[0]):
            return False
        row = connection.execute(
            "select exists (select 1 from audit.landing) or exists (select 1 from audit.batch)"
        ).fetchone()
        return bool(row and row[0])
