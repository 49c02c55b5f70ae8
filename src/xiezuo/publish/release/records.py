"""Drafts, decisions and releases as rows of ``publish``: read, and added to. Nothing here changes a row."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.people import ROLES
from xiezuo.publish.documents.content import Content, Signed, Stamp, Value
from xiezuo.values.periods import Kind

_IDENTITY = re.compile(r"(?P<county>[0-9]{6})-(?P<period>[0-9]{4}(?:-[0-9]{2})?)-(?P<kind>[dr])(?P<number>[0-9]{1,6})")

Connection = psycopg.Connection[Any]
Key = tuple[Kind, str, str]
"""Period kind, indicator and township of a figure."""


@dataclass(frozen=True)
class Draft:
    """One draft of a county's period; ``decision`` is None while it waits for a person."""

    county_code: str
    period: str
    draft_no: int
    digest: str
    content: str
    drafted_at: datetime
    decision: str | None = None

    @property
    def draft_id(self) -> str:
        """How a document says which draft it is of: ``620422-2022-01-d3``."""
        return f"{self.county_code}-{self.period}-d{self.draft_no}"

    @property
    def stamp(self) -> Stamp:
        """What its documents say of where they come from."""
        return Stamp(release_id=self.draft_id, digest=self.digest)


@dataclass(frozen=True)
class Release:
    """One release: an approved draft and its place in the county's chain."""

    county_code: str
    period: str
    release_no: int
    release_id: str
    chain_no: int
    draft_no: int
    digest: str
    approved_by: str
    approved_at: datetime
    reason: str
    previous_head: str
    head: str
    signatures: str = ""
    made_with: str = ""

    @property
    def stamp(self) -> Stamp:
        """What its documents say of where they come from."""
        return Stamp(
            release_id=self.release_id, digest=self.digest, head=self.head, approved_by=self.approved_by,
            approved_on=self.approved_at.date(), signatures=signatures_of(self.signatures),
        )  # fmt: skip


def signatures_of(text: str) -> tuple[Signed, ...]:
    """Return who signed, of the text in ``publish.release``; nobody before three people signed.

    Raises:
        ConfigError: the text is not one that was written there.
    """
    try:
        return tuple(
            Signed(
                act_zh=one["act"], name=one["name"], role_zh=ROLES[one["role"]],
                signed_at=datetime.fromisoformat(one["at"]),
            )
            for one in (json.loads(text) if text else ())
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError("signatures on record cannot be read", zh="签审人记录无法读取，被改动过") from error


def latest_draft(connection: Connection, settings: Settings, county_code: str, period: str) -> Draft | None:
    """Return the newest draft of a period, decided on or not."""
    return next(iter(_drafts(connection, settings, county_code, period, most=1)), None)


def waiting_drafts(connection: Connection, settings: Settings, county_code: str | None = None) -> list[Draft]:
    """Return the drafts that wait for a person, of one county or all: one a period at most."""
    return _drafts(connection, settings, county_code, is_waiting=True)


def draft_of(connection: Connection, settings: Settings, county_code: str, period: str, number: int) -> Draft:
    """Return a draft by its number.

    Raises:
        ConfigError: there is none.
    """
    for draft in _drafts(connection, settings, county_code, period, draft_no=number):
        return draft
    raise ConfigError(
        f"there is no draft {number} of {county_code} {period}", zh=f"没有{period}的第{number}稿"
    )


def latest_release(
    connection: Connection, settings: Settings, county_code: str, period: str
) -> Release | None:
    """Return the newest release of a period; None while it is open."""
    return next(iter(releases(connection, settings, county_code, period)), None)


def releases(
    connection: Connection, settings: Settings, county_code: str | None = None, period: str | None = None
) -> list[Release]:
    """Return releases, of one county or all, newest first within a county."""
    names = {"county_code": county_code, "period": period}
    with connection.cursor(row_factory=class_row(Release)) as cursor:
        return cursor.execute(read_sql(settings.root, "publish/releases"), names).fetchall()


def release_named(connection: Connection, settings: Settings, release_id: str) -> Release:
    """Return a release by its identity.

    Raises:
        ConfigError: there is none.
    """
    for release in releases(connection, settings, release_id[:6]):
        if release.release_id == release_id:
            return release
    raise ConfigError(
        f"there is no release {release_id}",
        zh=f"没有发布编号“{release_id}”",
        next_step="用 xiezuo release list 查看",
    )


def content_named(connection: Connection, settings: Settings, identity: str) -> tuple[Content, Stamp]:
    """Return what a release (``620422-2022-01-r1``) or a draft (``…-d1``) says, and its stamp.

    Raises:
        ConfigError: there is neither of that name.
    """
    found = _IDENTITY.fullmatch(identity)
    if found is not None and found["kind"] == "d":
        draft = draft_of(connection, settings, found["county"], found["period"], int(found["number"]))
        return content_of(connection, settings, draft), draft.stamp
    if identity.endswith("-draft"):
        raise ConfigError(
            f"{identity} follows the data: nothing on record says what it said",
            zh=f"{identity} 是随数据变动的草稿，没有送审，也没有定稿可比对",
            next_step="请核对 draft-<n> 或 release-<n> 文件夹中的文件",
        )
    release = release_named(connection, settings, identity)
    return content_of(connection, settings, release), release.stamp


def content_of(connection: Connection, settings: Settings, of: Draft | Release) -> Content:
    """Return what a draft or a release says.

    Raises:
        ConfigError: the text on record is not the one its digest is of.
    """
    draft = (
        of
        if isinstance(of, Draft)
        else draft_of(connection, settings, of.county_code, of.period, of.draft_no)
    )
    if hashlib.sha256(draft.content.encode()).hexdigest() != of.digest:
        raise ConfigError(
            f"{draft.draft_id} was changed after it was written",
            zh=f"{draft.draft_id} 的内容与其摘要不符，数据库中的记录被改动过",
            next_step="用 xiezuo release check 核对全部记录，并从备份恢复数据库",
        )
    return Content.from_json(draft.content)


def released_values(connection: Connection, settings: Settings, release: Release) -> dict[Key, Value]:
    """Return the values of a release by kind of period, indicator and township."""
    values = content_of(connection, settings, release).values
    return {(value.period_kind, value.indicator_id, value.breakdown): value for value in values}


def _drafts(
    connection: Connection, settings: Settings, county_code: str | None, period: str | None = None, *,
    draft_no: int | None = None, is_waiting: bool = False, most: int | None = None,
) -> list[Draft]:  # fmt: skip
    """Return drafts, newest first within a period; each holds its whole content, so no more are read than wanted."""
    names = {
        "county_code": county_code, "period": period, "draft_no": draft_no, "is_waiting": is_waiting, "most": most,
    }  # fmt: skip
    with connection.cursor(row_factory=class_row(Draft)) as cursor:
        return cursor.execute(read_sql(settings.root, "publish/drafts"), names).fetchall()
