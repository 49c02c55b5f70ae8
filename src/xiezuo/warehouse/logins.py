"""Accounts of offices and stations: who logs in, and which county or reporting unit that account reads.

An account is a role of the database, a member of ``xiezuo_office`` or ``xiezuo_station``. What it reads stands in
``audit.access``, under the name it logs in by (``session_user``): a session cannot change that, whatever it sets.
Its password is one of the installation's secrets, printed by ``xiezuo warehouse url`` and by nothing else.
"""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.counties import load_counties
from xiezuo.values import contains_identity_number, normalise
from xiezuo.warehouse import access, readers
from xiezuo.warehouse.access import GROUPS, ROLES

_PREFIX = "xiezuo_"
_NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
_TAKEN = frozenset((*ROLES, *GROUPS, access.METADATA_DATABASE))


@dataclass(frozen=True)
class Account:
    """An account of an office (``unit`` is None) or of a station, and what it reads."""

    login: str
    unit: str | None
    counties: list[str]
    added_by: str
    added_at: datetime
    exists_here: bool

    @property
    def name(self) -> str:
        """What the commands call it."""
        return self.login.removeprefix(_PREFIX)

    @property
    def group(self) -> str:
        """``office`` or ``station``."""
        return "office" if self.unit is None else "station"


def add(settings: Settings, name: str, county: str, unit: str | None = None) -> Account:
    """Let an account read a county, or one reporting unit of it; it is made when it is not there.

    An office may be given further counties, one after the other.

    Raises:
        ConfigError: the name is none or taken, the county is not on record, the unit is none, the account reads what
            does not go with it, or rows cannot be given by county on this server.
    """
    login, unit = _login(name), _unit(unit)
    if county not in load_counties(settings.counties_path):
        raise ConfigError(f"no county {county}", zh=f"没有县级区划代码 {county}")
    with access.connect(settings, "owner") as connection:
        if not readers.can_guard(connection, settings.root):
            raise ConfigError(
                "rows cannot be given by county on this server",
                zh="这台数据库不能按县区分读取权限，没有开通账号",
                next_step="需要 PostgreSQL 15 以上；请 DBA 为属主执行 alter role … bypassrls，再运行 warehouse migrate",
            )
        own = next((one for one in _given(connection, settings) if one.login == login), None)
        if own is not None and (own.unit is not None or unit is not None or county in own.counties):
            raise ConfigError(f"{name} is there already", zh=f"账号 {name} 已开通；如要更改，请先取消再开通")
        if own is None:
            _drop_left(settings, name)
        facts = {
            "county_code": county, "login": login, "unit": unit, "added_by": getpass.getuser(),
            "added_at": settings.now(),
        }  # fmt: skip
        connection.execute(read_sql(settings.root, "access/give"), facts)
    make_missing(settings)
    return next(one for one in listed(settings) if one.login == login)


def remove(settings: Settings, name: str) -> None:
    """Take an account away, and forget its password; who is logged in by it reads nothing any more.

    Raises:
        ConfigError: there is no such account.
    """
    login = _login(name)
    with access.connect(settings, "owner") as connection:
        if not connection.execute(read_sql(settings.root, "access/take"), {"login": login}).fetchall():
            raise ConfigError(f"no account {name}", zh=f"没有账号 {name}")
    _drop_left(settings, name)


def listed(settings: Settings) -> list[Account]:
    """Return every account of an office or a station, by name."""
    with access.connect(settings, "owner") as connection:
        return _given(connection, settings)


def units_known(settings: Settings, county: str) -> list[str]:
    """Return the reporting units of a county that have delivered something."""
    with access.connect(settings, "owner") as connection:
        rows = connection.execute(read_sql(settings.root, "access/units_known"), {"county_code": county}).fetchall()
    return [unit for (unit,) in rows]


def url(settings: Settings, name: str) -> str:
    """Return the URL of one of the installation's roles, or of an account of an office or a station.

    Raises:
        ConfigError: there is none of this name.
    """
    if name in ROLES:
        return access.url(settings, name)
    is_ours = Secrets(settings.secrets_dir, settings.environ).has(f"postgres_{name}")
    accounts = {one.name: one for one in listed(settings)} if is_ours else {}
    if name not in accounts:
        raise ConfigError(
            f"no role {name}; known: {', '.join(ROLES)}, and accounts of offices and stations",
            next_step="xiezuo warehouse access list",
        )
    return access.url_of(settings, accounts[name].login, access.password(settings, name))


def make_missing(settings: Settings) -> None:
    """Have every account that was given access log in: a restored warehouse knows accounts that its server does not."""
    with access.connect(settings, "owner") as connection:
        missing = [one for one in _given(connection, settings) if not one.exists_here]
    if not missing:
        return
    with access.administrator(settings) as connection:
        connection.execute("select pg_advisory_xact_lock(620422)")
        for account in missing:
            if _exists(connection, account.login):
                continue
            names = {"login": sql.Identifier(account.login), "group": sql.Identifier(GROUPS[account.group])}
            secret = sql.Literal(access.password(settings, account.name))
            connection.execute(sql.SQL("create role {login} login password {secret}").format(secret=secret, **names))
            connection.execute(sql.SQL("grant {group} to {login}").format(**names))


def _drop_left(settings: Settings, name: str) -> None:
    """Drop the role of an account that is gone, or that an earlier warehouse here left, and forget its password.

    Raises:
        ConfigError: a role of this name is none of ours.
    """
    login = _login(name)
    with access.administrator(settings) as connection:
        if _exists(connection, login):
            groups = connection.execute(read_sql(settings.root, "access/groups_of"), {"login": login}).fetchall()
            if not groups or {group for (group,) in groups} - set(GROUPS.values()):
                raise ConfigError(f"the server has a role {login} of its own", next_step="choose another name")
            own = sql.Identifier(login)
            connection.execute(sql.SQL("alter role {} nologin").format(own))
            connection.execute(sql.SQL("grant {} to current_user").format(own))
            connection.execute(sql.SQL("drop owned by {}").format(own))  # large objects: anybody may make some
            connection.execute(sql.SQL("drop role {}").format(own))
    Secrets(settings.secrets_dir, settings.environ).forget(f"postgres_{name}")


def _given(connection: psycopg.Connection, settings: Settings) -> list[Account]:
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute(read_sql(settings.root, "access/given")).fetchall()


def _exists(connection: psycopg.Connection, login: str) -> bool:
    return connection.execute("select 1 from pg_roles where rolname = %s", (login,)).fetchone() is not None


def _login(name: str) -> str:
    if not _NAME.fullmatch(name) or name in _TAKEN or name.endswith("_file"):  # that is no name of a secret
        raise ConfigError(
            f"{name!r} cannot name an account",
            zh="账号名用 3 至 40 位小写字母、数字和下划线，以字母开头，不以 _file 结尾，且不与系统角色同名",
        )
    return f"{_PREFIX}{name}"


def _unit(unit: str | None) -> str | None:
    """Return a reporting unit as rows have it."""
    if unit is None:
        return None
    told = "".join(normalise(unit).split())
    if not told or contains_identity_number(told):
        raise ConfigError("a station has a reporting unit", zh="请用 --unit 写明填报单位的名称")
    return told
