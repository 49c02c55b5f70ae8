"""Platform profiles: how one family of sales platforms is asked and what its answers mean, as data.

``include/platforms/<name>.yaml`` says where parameters and the signature go, how times are written,
how pages begin and end, where items are and what each error code asks for. Another platform of the
same family is another file, not another module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError

PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: What ``{…}`` in a request may stand for.
FILLED_IN = frozenset(
    {
        *("app_key", "method", "timestamp", "session", "refresh_token", "sign_method"),
        *("window_start", "window_end", "page_no", "page_size"),
    }
)
Action = Literal["retry", "wait", "refresh", "resign", "bad_request", "stop"]
ItemType = Literal["text", "integer", "decimal", "yuan", "fen", "code", "local_time", "epoch_seconds"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Packed(_Part):
    """Business parameters that travel as one JSON text, keys sorted, no spaces."""

    parameter: str
    place: Literal["body", "form", "query"]
    values: Mapping[str, str]


class Request(_Part):
    """One kind of request: verb, path below the connection's address, and its parameters."""

    verb: Literal["GET", "POST"] = "POST"
    path: str = Field(pattern="^/")
    query: Mapping[str, str] = Field(default_factory=dict)
    form: Mapping[str, str] = Field(default_factory=dict)
    packed: Packed | None = None

    @model_validator(mode="after")
    def _known_placeholders(self) -> Self:
        unknown = {name for text in self.texts() for name in PLACEHOLDER.findall(text)} - FILLED_IN
        if unknown:
            raise ValueError(f"unknown placeholder {sorted(unknown)}")
        if self.packed and self.packed.place == "body" and self.form:
            raise ValueError("a request has one body: a form or a packed JSON, not both")
        return self

    def texts(self) -> Iterator[str]:
        """Every value that is sent, with its placeholders."""
        yield from self.query.values()
        yield from self.form.values()
        if self.packed:
            yield from self.packed.values.values()


class SignMethod(_Part):
    """How the sorted ``key+value`` text becomes a signature; ``wrapped``: the secret goes round it."""

    digest: Literal["md5", "sha256", "hmac-md5", "hmac-sha256"]
    wrapped: bool
    letters: Literal["upper", "lower"]


class Signature(_Part):
    """Where the signature goes, what it covers (default: everything sent) and how it is made."""

    parameter: str = "sign"
    place: Literal["query", "form"]
    covers: tuple[str, ...] | None = None
    default: str
    methods: Mapping[str, SignMethod]

    @model_validator(mode="after")
    def _default_is_known(self) -> Self:
        if self.default not in self.methods:
            raise ValueError(f"the default method {self.default} is not among the methods")
        return self


class Times(_Part):
    """How instants are written: a strftime format in +08:00, or ``epoch_seconds``."""

    timestamp: str
    window: str


class Paging(_Part):
    """``flag``: the answer says whether more follows; ``short_page``: a page that is not full ends it."""

    first: int = Field(ge=0)
    size: int = Field(ge=1)
    more: Literal["flag", "short_page"]
    max_pages: int = Field(default=10_000, ge=1)


class AnswerPaths(_Part):
    """Dotted paths into the answer; ``*`` in a step matches the part of a name that varies."""

    envelope: str
    items: str
    has_next: str | None = None
    total: str | None = None

    @model_validator(mode="after")
    def _items_inside(self) -> Self:
        if not self.items.startswith(self.envelope + "."):
            raise ValueError("items must lie inside the envelope")
        return self


class ErrorRule(_Part):
    """What to do about some codes; a pattern may end in ``*``."""

    codes: tuple[str, ...] = Field(min_length=1)
    action: Action
    zh: str = ""


class Errors(_Part):
    """Where an answer says that something went wrong, and what each code asks for."""

    code: str
    sub_code: str
    message: str
    success: tuple[str, ...] = ()
    wait_pattern: re.Pattern[str]
    rules: tuple[ErrorRule, ...]
    otherwise: Action = "retry"


class Refresh(_Part):
    """How an expired session is renewed; the paths are tried in order."""

    request: Request
    session: tuple[str, ...] = Field(min_length=1)
    refresh_token: tuple[str, ...] = ()


class Profile(_Part):
    """Everything the client knows about a family of platforms; ``history_days`` as in its terms."""

    name: str = Field(pattern="^[a-z][a-z0-9_]*$")
    method: str
    request: Request
    signature: Signature
    times: Times
    history_days: int = Field(ge=1)
    paging: Paging
    answer: AnswerPaths
    errors: Errors
    refresh: Refresh | None = None
    item: Mapping[str, ItemType] = Field(min_length=1)


def load_profile(path: Path) -> Profile:
    """Read one profile; its ``name`` is its file's name.

    Raises:
        ConfigError: the file is missing, is not YAML, or says something a profile cannot say.
    """
    document, problem = _read_yaml(path)
    if not problem:
        try:
            profile = Profile.model_validate(document)
            problem = "" if profile.name == path.stem else f"it calls itself {profile.name}"
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    if problem:
        raise ConfigError(
            f"the platform profile {path.name} cannot be used: {problem}",
            zh=f"平台配置 {path.name} 无法使用（{problem}）",
            next_step=f"改正 include/platforms/{path.name}",
        )
    return profile


def known_profiles(folder: Path) -> list[str]:
    """Names of the profiles in a folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def find_profile(folder: Path, name: str) -> Profile:
    """Load the profile of that name.

    Raises:
        ConfigError: there is none (the message names those there are), or it cannot be used.
    """
    known = known_profiles(folder)
    if name not in known:
        raise ConfigError(
            f"there is no platform profile of the name a connection asks for; known: {', '.join(known)}",
            zh=f"连接中填写的平台类型不存在，现有：{'、'.join(known)}",
            next_step="把连接的 extra.profile 改为其中之一，或新增平台配置文件",
        )
    return load_profile(folder / f"{name}.yaml")


def _read_yaml(path: Path) -> tuple[object, str]:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig")), ""
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return None, f"it cannot be read ({type(error).__name__})"
