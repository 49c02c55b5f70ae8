"""The warehouse's door: who connects as whom, and where it is.

Without ``XIEZUO_WAREHOUSE_URL`` the embedded server is started on demand, and its bootstrap account
is used for nothing but making databases and roles. ``xiezuo_owner`` owns the schema and migrates it,
``xiezuo_loader`` writes, ``xiezuo_analyst`` reads the mart, ``xiezuo_auditor`` all but people,
``xiezuo_corrector`` rows as they were typed, ``xiezuo_pages`` what the pages in Airflow show. With the variable set,
its account takes the owner's part; a URL without a password is the owner's for whoever is given the secret
``postgres_owner``, and only an address for others.
Offices and stations log in by accounts of their own (:mod:`xiezuo.warehouse.logins`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.warehouse.embedded.cluster import HOST
from xiezuo.warehouse.embedded.server import EmbeddedServer, Endpoint

_log = logging.getLogger("xiezuo.warehouse.access")

DATABASE = "xiezuo"
METADATA_DATABASE = "airflow"
# A server on this machine that is slow is busy; one elsewhere may be gone, and whoever asked tries again later.
PATIENT_SECONDS = 300
_SECONDS_ELSEWHERE = 15
ROLES = {
    "loader": "xiezuo_loader", "analyst": "xiezuo_analyst", "auditor": "xiezuo_auditor",
    "corrector": "xiezuo_corrector", "pages": "xiezuo_pages", "owner": "xiezuo_owner",
}  # fmt: skip
"""Who logs in, one account each in an installation."""
GROUPS = {"office": "xiezuo_office", "station": "xiezuo_station"}
"""What accounts of offices and stations have in common; nobody logs in as these."""


def url(settings: Settings, role: str = "loader") -> str:
    """Return a TCP URL of the warehouse for ``role``, one of :data:`ROLES`.

    Raises:
        ConfigError: there is no such role.
    """
    if role not in ROLES:
        raise ConfigError(f"no role {role}; known: {', '.join(ROLES)}")
    if settings.warehouse_url is not None and role == "owner":
        return _owner_url(settings, settings.warehouse_url)
    return url_of(settings, ROLES[role], password(settings, role))


def url_of(settings: Settings, name: str, password: str) -> str:
    """Return a TCP URL of the warehouse for an account of the database."""
    if settings.warehouse_url is None:
        return _endpoint(settings).url(DATABASE, user=name, password=password)
    parts = urlsplit(settings.warehouse_url)
    host = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=f"{quote(name)}:{quote(password)}@{host}"))


def _owner_url(settings: Settings, told: str) -> str:
    """Return the URL that was told; one without a password gets the owner's, where the environment gives it."""
    parts = urlsplit(told)
    secrets = Secrets(settings.secrets_dir, settings.environ)
    if parts.password or "password=" in parts.query or not secrets.is_given("postgres_owner"):
        return told
    return url_of(settings, unquote(parts.username or ROLES["owner"]), secrets.text("postgres_owner"))


def analyst_url(settings: Settings) -> str:
    """Return the URL any SQL or BI client can use; it reads no person."""
    return url(settings, "analyst")


@contextmanager
def connect(
    settings: Settings, role: str | None = None, *, autocommit: bool = False
) -> Iterator[psycopg.Connection]:
    """Open one connection as ``role`` (default: the settings'); the transaction commits when the block ends well.

    Raises:
        SourceDown: the warehouse does not answer.
    """
    try:
        connection = _log_in(settings, role or settings.role, autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise SourceDown("the warehouse does not answer", next_step="is it up? xiezuo warehouse migrate") from error
    with connection:
        # A statement whose client was killed ends too, and with it its locks: the next run does not wait for it.
        connection.execute("set timezone to 'Asia/Shanghai'; set client_connection_check_interval to '5s'")
        if not autocommit:
            connection.commit()
        yield connection


def _log_in(settings: Settings, role: str, *, autocommit: bool) -> psycopg.Connection:
    seconds = PATIENT_SECONDS if settings.warehouse_url is None else _SECONDS_ELSEWHERE
    try:
        return psycopg.connect(url(settings, role), autocommit=autocommit, connect_timeout=seconds)
    except psycopg.OperationalError:
        if settings.warehouse_url is not None:
            raise
        _server(settings).ensure()  # it may be recovering: this waits until it answers
        return psycopg.connect(url(settings, role), autocommit=autocommit, connect_timeout=seconds)


def bootstrap(settings: Settings) -> None:
    """Make sure that the warehouse's database and roles exist; changes nothing when they do."""
    if settings.warehouse_url is None:
        admin = _endpoint(settings)
        with psycopg.connect(admin.url("postgres"), autocommit=True) as connection:
            _roles(connection, settings)
            _database(connection, DATABASE, owner=ROLES["owner"])
        with psycopg.connect(admin.url(DATABASE), autocommit=True) as connection:
            connection.execute("revoke all on schema public from public")
        return
    with connect(settings, "owner", autocommit=True) as connection:
        row = connection.execute(
            "select rolcreaterole or rolsuper from pg_roles where rolname = current_user"
        ).fetchone()
        if row is None or not row[0]:
            raise ConfigError(
                "the account of XIEZUO_WAREHOUSE_URL may not create roles",
                next_step="let a DBA grant it CREATEROLE for the first `xiezuo warehouse migrate`",
            )
        _roles(connection, settings)


@contextmanager
def administrator(settings: Settings) -> Iterator[psycopg.Connection]:
    """Connect to the warehouse as who may make roles: the embedded server's own account, elsewhere the owner's."""
    if settings.warehouse_url is not None:
        with connect(settings, "owner") as connection:
            yield connection
        return
    with psycopg.connect(_endpoint(settings).url(DATABASE)) as connection:
        yield connection


def metadata_url(settings: Settings, *, recreate: bool = False) -> str:
    """Return the URL of Airflow's own database in the embedded server, made when missing."""
    admin = _endpoint(settings)
    secret = password(settings, "airflow")
    with psycopg.connect(admin.url("postgres"), autocommit=True) as connection:
        _role(connection, METADATA_DATABASE, secret)
        if recreate:
            _drop(connection, METADATA_DATABASE)
        _database(connection, METADATA_DATABASE, owner=METADATA_DATABASE)
    return admin.url(METADATA_DATABASE, user=METADATA_DATABASE, password=secret)


def recreate(settings: Settings) -> None:
    """Drop the embedded warehouse and make it anew; its rows come back from inbox and sources.

    Raises:
        ConfigError: the warehouse is not the embedded one.
    """
    if settings.warehouse_url is not None:
        raise ConfigError("only the embedded warehouse can be made anew")
    with psycopg.connect(_endpoint(settings).url("postgres"), autocommit=True) as connection:
        _drop(connection, DATABASE)
    bootstrap(settings)


def answers(settings: Settings) -> bool:
    """Whether the warehouse is up; nothing is started for the question."""
    if settings.warehouse_url is None and not _server(settings).running():
        return False
    return _logs_in(settings, settings.role)


def status(settings: Settings) -> dict[str, Any]:
    """Return where the warehouse is (``at``, no login in it) and whether it ``answers``; starts and makes nothing.

    Of the embedded server also ``version``, ``data`` (its directory) and ``log``.
    """
    if settings.warehouse_url is not None:
        parts = urlsplit(settings.warehouse_url)
        at = f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"
        return {"embedded": False, "at": at, "answers": _logs_in(settings, "owner")}
    found = _server(settings).status()
    return {
        "embedded": True,
        "at": f"{HOST}:{found.port}/{DATABASE}" if found.port else f"{HOST}/{DATABASE}",
        "answers": found.running and _logs_in(settings, "loader"),
        "version": found.version,
        "data": str(found.data),
        "log": str(found.log),
    }


def stop(settings: Settings) -> None:
    """Stop the embedded server, if it is the warehouse and runs."""
    if settings.warehouse_url is None:
        _server(settings).stop()


def _server(settings: Settings) -> EmbeddedServer:
    return EmbeddedServer(settings.home, Secrets(settings.secrets_dir, settings.environ))


def _endpoint(settings: Settings) -> Endpoint:
    return _server(settings).attach()


def password(settings: Settings, role: str) -> str:
    """Return the password of one of :data:`ROLES`, or of an account of an office or a station; made at first use."""
    return Secrets(settings.secrets_dir, settings.environ).text(f"postgres_{role}")


def _roles(connection: psycopg.Connection, settings: Settings) -> None:
    for role, name in ROLES.items():
        if role != "owner" or settings.warehouse_url is None:
            _role(connection, name, password(settings, role))
            if settings.warehouse_url is not None and not _logs_in(settings, role):
                _renew_password(connection, name, password(settings, role))
    for name in GROUPS.values():
        _role(connection, name, None)
    _let_pass(connection, (ROLES["loader"], *([ROLES["owner"]] if settings.warehouse_url is None else ())))


def _let_pass(connection: psycopg.Connection, names: Sequence[str]) -> None:
    """Have row-level security not hold for who loads and who owns: COPY into a table, and backups, need all rows.

    An owner that may not pass itself may not let others pass: then offices and stations are given no access.
    """
    waiting = connection.execute(
        "select r.rolname from pg_roles as r inner join pg_roles as own on own.rolname = current_user"
        " where r.rolname = any(%s) and not r.rolbypassrls and not r.rolsuper and (own.rolsuper or own.rolbypassrls)",
        (list(names),),
    ).fetchall()
    for (name,) in waiting:
        try:
            connection.execute(sql.SQL("alter role {} bypassrls").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            _log.warning("%s is held back by row-level security: let a DBA `alter role %s bypassrls`", name, name)


def _logs_in(settings: Settings, role: str) -> bool:
    try:
        psycopg.connect(url(settings, role), connect_timeout=_SECONDS_ELSEWHERE).close()
    except psycopg.OperationalError:
        return False
    return True


def _renew_password(connection: psycopg.Connection, name: str, password: str) -> None:
    """Give a role of an earlier installation our password: whoever holds the owner's URL decides.

    Raises:
        ConfigError: the owner may not, or the server lets the role in by no password of ours.
    """
    _log.warning("%s had another password than this installation's; it has ours now", name)
    try:
        connection.execute(
            sql.SQL("alter role {} login password {}").format(sql.Identifier(name), sql.Literal(password))
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigError(
            f"{name} exists with another password",
            next_step=f"set XIEZUO_SECRET_POSTGRES_{name.removeprefix('xiezuo_').upper()} to it",
        ) from error


def _role(connection: psycopg.Connection, name: str, password: str | None) -> None:
    """Create the role unless it is there; one without a password logs nobody in."""
    may = sql.SQL("nologin") if password is None else sql.SQL("login password {}").format(sql.Literal(password))
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(620422)")
        exists = connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone()
        if exists is None:
            connection.execute(sql.SQL("create role {} {}").format(sql.Identifier(name), may))


def _database(connection: psycopg.Connection, name: str, *, owner: str) -> None:
    if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None:
        return
    try:
        connection.execute(
            sql.SQL("create database {} owner {} encoding 'UTF8'").format(sql.Identifier(name), sql.Identifier(owner))
        )
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return  # another process made it between the two statements


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
