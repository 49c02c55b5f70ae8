"""One database in the place of another: made beside it, then given its name.

Both renamings are one transaction, so there is always a warehouse under the warehouse's name.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo.warehouse.embedded.server import EmbeddedServer

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
