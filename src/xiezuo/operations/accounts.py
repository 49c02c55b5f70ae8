"""How people log in: a password that each sets for himself, by a link that works once.

Of a password and of a link only a hash is kept, in ``people/logins.json`` (mode 0600). A new link ends the password and
every session before it, so that nobody can be let in behind somebody's back: he finds himself locked out.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.people import People, Person, load_people, people_file, read_people

LINK_DAYS = 7
SHORTEST = 10
"""Characters of a password: with a pause after wrong ones, more than can be guessed."""
_COST: dict[str, Any] = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}
_HEADER = """# 参与结账的人员：账号、姓名、角色、县、联系方式。xiezuo people add、remove 会整体改写本文件。
# role: clerk 经办人 / head 办公室负责人 / leader 分管领导 / ops 运维 / viewer 查看；counties 省略 = 全部县
"""


@dataclass(frozen=True)
class Login:
    """How somebody stands: ``set_at`` a password of his own, or ``until`` a link that waits for him."""

    account: str
    set_at: datetime | None
    until: datetime | None


def add(settings: Settings, person: Person) -> str:
    """Name a person; return the code of the link by which he sets his password. It is shown once and kept nowhere.

    Raises:
        ConfigError: account or name are taken, or the file cannot be used.
    """
    with _alone(settings):
        known = load_people(settings).people
        _write_people(settings, [*known, person])
        return _invited(settings, person.account)


def remove(settings: Settings, account: str) -> None:
    """Take a person out; what he signed stays signed.

    Raises:
        ConfigError: there is no such account.
    """
    with _alone(settings):
        known = load_people(settings)
        _known(known, account)
        _write_people(settings, [one for one in known.people if one.account != account])
        _write_logins(settings, {key: login for key, login in _logins(settings).items() if key != account})


def invite(settings: Settings, account: str) -> str:
    """Return the code of a new link; password, older links and sessions of the account end.

    Raises:
        ConfigError: there is no such account.
    """
    with _alone(settings):
        _known(load_people(settings), account)
        return _invited(settings, account)


def set_password(settings: Settings, code: str, password: str) -> str:
    """Set the password of whom a link was made for; return the account. The link is used up.

    Raises:
        ConfigError: the link is unknown, used or too old, or the password is too easy; in Chinese, for the page.
    """
    with _alone(settings):
        logins, now = _logins(settings), settings.now()
        digest = hashlib.sha256(code.strip().encode()).hexdigest()
        invited = (key for key, login in logins.items() if hmac.compare_digest(login.get("link", ""), digest))
        account = next(invited, None)
        person = load_people(settings).of(account) if account else None
        if account is None or person is None or datetime.fromisoformat(logins[account]["until"]) < now:
            raise ConfigError(
                "the link is unknown, used or too old", zh="链接已使用、已过期或不正确",
                next_step="请运维用 xiezuo people invite 重新生成",
            )  # fmt: skip
        _check(password, person)
        _write_logins(settings, {**logins, account: {**_hashed(password), "set_at": now.isoformat()}})
        return account


def logged_in(settings: Settings, account: str, password: str) -> tuple[Person, str] | None:
    """Return whose account and password they are, and the mark of his sessions; None when they are nobody's."""
    login = _logins(settings).get(account) or {}
    person = load_people(settings).of(account)
    # Something is always computed, so that the time tells nobody which accounts there are.
    salt = bytes.fromhex(login.get("salt") or "00" * 16)
    found = hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()
    if person is None or not login.get("hash") or not hmac.compare_digest(found, login["hash"]):
        return None
    return person, session_mark(settings, account)


def session_mark(settings: Settings, account: str) -> str:
    """Return what a session of an account has to name: another one since the password changed; '' lets nobody in."""
    login = _logins(settings).get(account) or {}
    return hashlib.sha256(login["hash"].encode()).hexdigest()[:16] if login.get("hash") else ""


def standing(settings: Settings) -> list[Login]:
    """Return how everybody who is named stands, without a secret."""
    logins = _logins(settings)
    return [_login(one.account, logins.get(one.account) or {}) for one in load_people(settings).people]


def address(settings: Settings) -> str:
    """Return where the pages are: ``XIEZUO_BASE_URL``, what Airflow was told, what ``make up`` noted, or ''."""
    environ = settings.environ
    told = environ.get("XIEZUO_BASE_URL") or environ.get("AIRFLOW__API__BASE_URL")
    noted = people_file(settings).with_name("address")
    return (told or (noted.read_text(encoding="ascii") if noted.exists() else "")).strip().rstrip("/")


def link(settings: Settings, code: str) -> str:
    """Return the link of a code. It stands behind a #, which no browser sends and no log of a server holds."""
    return f"{address(settings)}/auth/first#{code}"


def note_address(settings: Settings, url: str) -> None:
    """Note where the pages are, for links of the command line."""
    with _alone(settings):
        _replace(people_file(settings).with_name("address"), f"{url}\n")


def _login(account: str, login: dict[str, str]) -> Login:
    days = [datetime.fromisoformat(login[key]) if login.get(key) else None for key in ("set_at", "until")]
    return Login(account, *days)


def _invited(settings: Settings, account: str) -> str:
    code = secrets.token_urlsafe(24)
    until = settings.now() + timedelta(days=LINK_DAYS)
    entry = {"link": hashlib.sha256(code.encode()).hexdigest(), "until": until.isoformat()}
    _write_logins(settings, {**_logins(settings), account: entry})
    return code


def _known(people: People, account: str) -> None:
    if people.of(account) is None:
        raise ConfigError(
            f"no account {account}", zh=f"没有账号“{account}”", next_step="用 xiezuo people list 查看"
        )


def _check(password: str, person: Person) -> None:
    if len(password) < SHORTEST or len(set(password)) < 5 or person.account in password.casefold():
        raise ConfigError(
            "the password is too easy",
            zh=f"密码过于简单：至少 {SHORTEST} 位，含 5 种以上不同字符，且不含账号",
        )


def _hashed(password: str) -> dict[str, str]:
    salt = secrets.token_bytes(16)
    return {"salt": salt.hex(), "hash": hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()}


def _logins(settings: Settings) -> dict[str, dict[str, str]]:
    path = people_file(settings).with_name("logins.json")
    try:
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read", zh="登录信息文件 logins.json 损坏或无法读取") from error
    return found


def _write_logins(settings: Settings, logins: dict[str, dict[str, str]]) -> None:
    _replace(people_file(settings).with_name("logins.json"), json.dumps(logins, indent=1) + "\n")


def _write_people(settings: Settings, people: list[Person]) -> None:
    entries = [one.model_dump(exclude_defaults=True) for one in people]
    text = yaml.safe_dump({"people": entries}, allow_unicode=True, sort_keys=False)
    path = people_file(settings)
    draft = path.with_name(".people.new")
    _replace(draft, _HEADER + text)
    try:
        read_people(draft)  # what would not be read again is not kept
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Let one process at a time change people and logins."""
    folder = people_file(settings).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
