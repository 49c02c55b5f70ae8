"""Who works with this installation: accounts, names and roles, read from ``people/people.yaml`` in its home.

A role is one step of closing a period, or none of them. The file holds no password; how somebody logs in is kept beside
it (:mod:`xiezuo.operations.accounts`). It is read whenever it is needed: whoever is taken out of it is out at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings

Role = Literal["clerk", "head", "leader", "ops", "viewer"]
ROLES: Mapping[Role, str] = {
    "clerk": "经办人", "head": "办公室负责人", "leader": "分管领导", "ops": "运维", "viewer": "查看",
}  # fmt: skip
MACHINE = "admin"
"""The installation's own account: it starts Dags and mends things. It is nobody, and signs nothing."""


@dataclass(frozen=True)
class Step:
    """One step of closing a period: who takes it and what taking it is called."""

    number: int
    role: Role
    act: str

    @property
    def zh(self) -> str:
        """How the office reads it: ``第 2 步 办公室负责人审核``."""
        return f"第 {self.number} 步 {ROLES[self.role]}{self.act}"


STEPS = (Step(1, "clerk", "送审"), Step(2, "head", "审核"), Step(3, "leader", "审定"))


_ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_COUNTY = re.compile(r"[0-9]{6}")


def _account(text: str) -> str:
    if _ACCOUNT.fullmatch(text) is None:
        raise ValueError(f"账号“{text}”须为 2 至 32 个小写字母、数字、点、横线或下划线，以字母开头")
    if text == MACHINE:
        raise ValueError(f"账号 {MACHINE} 由系统自用，不能登记给个人")
    return text


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not 2 <= len(name) <= 30 or not all(char.isalpha() or char in " ·.()-'" for char in name):
        raise ValueError(f"姓名“{text}”须为 2 至 30 个字，只含文字")
    return name


def _county(text: str) -> str:
    if _COUNTY.fullmatch(text) is None:
        raise ValueError(f"“{text}”不是县级区划代码，应为加引号的六位数字")
    return text


class Person(BaseModel):
    """One person: ``counties`` empty is every county; ``contact`` is an apprise URL, which is secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    account: Annotated[str, AfterValidator(_account)]
    name: Annotated[str, AfterValidator(_name)]
    role: Role
    counties: list[Annotated[str, AfterValidator(_county)]] = []
    contact: Annotated[str, Field(repr=False)] = ""

    @property
    def role_zh(self) -> str:
        """The role's name."""
        return ROLES[self.role]

    def serves(self, county_code: str) -> bool:
        """Whether the person works for a county."""
        return not self.counties or county_code in self.counties


class People(BaseModel):
    """Everybody who is named; nobody in two accounts, which would make one person sign twice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[Person, ...] = ()

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        for zh, known in (
            ("账号“{}”登记了两次", [one.account for one in self.people]),
            (
                "“{}”登记了两次：一人只有一个账号；确系两人重名的，请在姓名后用括号注明",
                [same(one.name) for one in self.people],
            ),
        ):
            twice = next((text for text in known if known.count(text) > 1), None)
            if twice is not None:
                raise ValueError(zh.format(twice))
        return self

    def of(self, account: str) -> Person | None:
        """Return whose account it is."""
        return next((one for one in self.people if one.account == account), None)

    def having(self, role: Role, county_code: str) -> list[Person]:
        """Return who has a role in a county."""
        return [one for one in self.people if one.role == role and one.serves(county_code)]


def same(name: str) -> str:
    """Return a name as it is compared: letters and brackets only.

    Offices put blanks into names of two characters, and a dot or a dash makes nobody another person; what stands in
    brackets tells namesakes apart.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum() or sign in "()")


def people_file(settings: Settings) -> Path:
    """Return where people are named; its folder is readable by this account only."""
    return settings.home / "people" / "people.yaml"


def load_people(settings: Settings) -> People:
    """Read who is named; nobody where there is no file.

    Raises:
        ConfigError: the file cannot be read, or not all of it can be right; the sentence names the entry.
    """
    return read_people(people_file(settings))


def read_people(path: Path) -> People:
    """Read a file of people, see :func:`load_people`.

    Raises:
        ConfigError: as there.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return People()
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise _unusable(path, "不是可读的 YAML 文件") from error
    if found is None:
        return People()
    if not isinstance(found, dict) or not isinstance(found.get("people") or [], list):
        raise _unusable(path, "应以 people: 开头，其下每人一项")
    return _checked(path, {**found, "people": tuple(found.get("people") or ())})


def _checked(path: Path, found: dict[str, object]) -> People:
    try:
        return People.model_validate(found)
    except ValidationError as error:
        # What pydantic quotes may be a contact, which is secret: only places and our own sentences are told.
        faults = [_fault(one["loc"], one["type"], one["msg"]) for one in error.errors()]
        raise _unusable(path, "；".join(faults)) from None


def _fault(place: tuple[int | str, ...], kind: str, message: str) -> str:
    said = message.removeprefix("Value error, ") if kind == "value_error" else _KINDS.get(kind, "填写有误")
    if len(place) < 2 or not isinstance(place[1], int):
        return said if kind == "value_error" else f"{'.'.join(map(str, place))} {said}"
    field = ".".join(map(str, place[2:]))
    return f"第 {place[1] + 1} 人{f'（{field}）' if field else ''}：{said}"


_KINDS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这一项",
    "literal_error": f"角色须为 {'、'.join(f'{role}（{zh}）' for role, zh in ROLES.items())} 之一",
    "string_type": "须为文字，数字请加引号",
}


def _unusable(path: Path, zh: str) -> ConfigError:
    return ConfigError(
        f"{path.name} is not usable", zh=f"人员名单 {path.name} 不能使用：{zh}",
        next_step="改正该文件，或用 xiezuo people add、remove 登记；说明见 docs/people.zh-CN.md",
    )  # fmt: skip
