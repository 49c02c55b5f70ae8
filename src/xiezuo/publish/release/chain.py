"""The chain of releases: each head binds a release to all before it, and is printed in the release's documents.

Who owns the tables could still change a row, a superuser more. It would show: here, and beside any printed head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.publish.documents.content import Value
from xiezuo.publish.release.records import Release, content_of, releases
from xiezuo.publish.release.signing import answers_of, signatures_text, signed

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Broken:
    """Something on record that was not written by a release."""

    release_id: str
    zh: str


def head_of(previous: str, parts: tuple[str, ...], approved_at: datetime) -> str:
    """Return the head of a release: SHA-256 over the head before it and everything it says of itself.

    ``parts`` are county, period, numbers, digest, who approved and why, in the order of ``publish.release``, and who
    signed where three people did, and what it was made with where that is known. Each is
    preceded by its length, so that no two lists read alike.
    """
    moment = approved_at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
    said = "".join(f"{len(part)}:{part}" for part in (previous, *parts, moment))
    return hashlib.sha256(said.encode()).hexdigest()


def parts_of(release: Release) -> tuple[str, ...]:
    """Return what the head of a release is made of, beside the head before it and the time."""
    # Releases of before have heads without these; a text moved from the one column into the other has another head.
    signed = (release.signatures,) if release.signatures else ()
    made = (f"made with {release.made_with}",) if release.made_with else ()
    return (
        release.county_code, release.period, str(release.release_no), release.release_id, str(release.chain_no),
        str(release.draft_no), release.digest, release.approved_by, release.reason, *signed, *made,
    )  # fmt: skip


def check(connection: Connection, settings: Settings, county_code: str | None = None) -> list[Broken]:
    """Compare everything that is on record of releases with their chains; an empty list means it is as written."""
    oldest_first = list(reversed(releases(connection, settings, county_code)))
    found = list(broken_links(oldest_first))
    orphaned = connection.execute(
        read_sql(settings.root, "publish/orphaned"), {"county_code": county_code}
    ).fetchall()
    said = "数字、文件或审定记录与定稿记录不符：定稿被删除，或审定人被改动"
    found += (Broken(identity, said) for (identity,) in orphaned)
    for release in oldest_first:
        try:
            values = content_of(connection, settings, release).values
        except ConfigError as error:
            found.append(Broken(release.release_id, error.zh))
            continue
        answers = answers_of(connection, settings, release)
        if release.signatures and signatures_text(signed(answers)) != release.signatures:
            found.append(
                Broken(release.release_id, "签审记录(publish.signature)与定稿上的签审人不符，记录被改动过")
            )
        if differ(values, _figures(connection, settings, release)):
            found.append(Broken(release.release_id, "定稿数字(publish.figure)与定稿内容不符，记录被改动过"))
    return found


def broken_links(oldest_first: Iterable[Release]) -> Iterator[Broken]:
    """Yield what does not hang on the release before it, or is not what its own head was made of.

    Either can be changed so that the other still fits: who rewrites a record can compute its head anew, and who
    removes one can hang the next on the one before.
    """
    heads: dict[str, tuple[str, int]] = {}
    for release in oldest_first:
        previous, number = heads.get(release.county_code, ("", 0))
        heads[release.county_code] = (release.head, release.chain_no)
        if release.chain_no != number + 1 or release.previous_head != previous:
            yield Broken(release.release_id, "与前一版定稿不相连，其间有记录被删除或改动")
        if head_of(release.previous_head, parts_of(release), release.approved_at) != release.head:
            yield Broken(release.release_id, "定稿记录与链首不符，记录被改动过")


def differ(values: Iterable[Value], figures: Iterable[tuple[Any, ...]]) -> bool:
    """Return whether figures on record are not those of the content, in all that a figure says."""
    return {_said(value) for value in values} != set(figures)


def _said(value: Value) -> tuple[Any, ...]:
    return (
        value.period_kind, value.period, value.indicator_id, value.breakdown,
        value.value, value.unit, value.qualifier, value.as_of,
    )  # fmt: skip


def _figures(connection: Connection, settings: Settings, release: Release) -> list[tuple[Any, ...]]:
    names = {"county_code": release.county_code, "release_id": release.release_id}
    return connection.execute(read_sql(settings.root, "publish/released_figures"), names).fetchall()
