"""A period's documents as files: Word and Excel, of a release byte for byte as they were first written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from xiezuo import warehouse
from xiezuo.documents import word, workbook
from xiezuo.documents.content import Content, Stamp
from xiezuo.documents.pdf import to_pdf
from xiezuo.errors import ConfigError
from xiezuo.indicators import load_indicators
from xiezuo.outfiles import replace_when_different
from xiezuo.release.records import Draft, Release, content_of
from xiezuo.settings import Settings
from xiezuo.sql_files import read_sql

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Rebuilt:
    """A file of a release, written again: whether it has the bytes it had when it was first written."""

    path: Path
    is_same: bool


def render(settings: Settings, content: Content, stamp: Stamp, template: bytes) -> dict[str, bytes]:
    """Return the documents of a content by file name: ``bulletin`` of a month, ``annual`` of a year."""
    name = word.template_name(content)
    return {
        name: word.render(content, stamp, template, catalogue(settings), root=settings.root),
        Path(name).with_suffix(".xlsx").name: workbook.render(content, stamp),
    }


def catalogue(settings: Settings) -> dict[str, str]:
    """Return every indicator a template may name, with its Chinese name."""
    return {entry.indicator_id: entry.zh for one in load_indicators(settings.root) for entry in one.entries}


def put(settings: Settings, content: Content, stamp: Stamp, template: bytes) -> list[Path]:
    """Write the documents that stand for a period: the release, or a draft while nobody approved one."""
    return _put(folder_of(settings, content), render(settings, content, stamp, template))


def put_draft(settings: Settings, draft: Draft) -> list[Path]:
    """Write a draft's documents into ``draft-<number>``, for whoever is asked to approve it."""
    with warehouse.connect(settings) as connection:
        content = content_of(connection, settings, draft)
        template = template_kept(connection, content)
    return _put(draft_folder(settings, draft), render(settings, content, draft.stamp, template))


def draft_folder(settings: Settings, draft: Draft) -> Path:
    """Return where a draft's documents lie."""
    return settings.out / draft.county_code / draft.period / f"draft-{draft.draft_no}"


def put_release(settings: Settings, release: Release) -> list[Path]:
    """Write a release's documents, PDF where LibreOffice is installed, and make them what stands for the period."""
    from xiezuo.publish import summarise

    with warehouse.connect(settings) as connection:
        rebuilt = rebuild(connection, settings, release, with_pdf=True)
    standing = summarise(settings, release.county_code, release.period)
    return [*(one.path for one in rebuilt), *map(Path, standing)]


def folder_of(settings: Settings, content: Content) -> Path:
    """Return where a period's files lie: ``XIEZUO_OUT/<county>/<period>``."""
    return settings.out / content.county.code / content.period


def rebuild(
    connection: Connection, settings: Settings, release: Release, *, with_pdf: bool = False, into: Path | None = None
) -> list[Rebuilt]:
    """Write a release's documents into ``release-<number>`` beside the period's others, or into another folder.

    What was written of it for the first time is noted; a file that comes out otherwise is written all the same, and
    said so: then the software that renders it has changed.
    """
    content = content_of(connection, settings, release)
    documents = render(settings, content, release.stamp, template_kept(connection, content))
    known = _noted(connection, settings, release, documents)
    folder = into or folder_of(settings, content) / f"release-{release.release_no}"
    paths = _put(folder, documents)
    if with_pdf:
        for path in paths:
            to_pdf(path, path.with_suffix(f"{path.suffix}.pdf"))
    return [Rebuilt(path, known[path.name] == _sha256(documents[path.name])) for path in paths]


def template_kept(connection: Connection, content: Content) -> bytes:
    """Return the template a draft was made with, whatever the one in ``include/reports`` is by now.

    Raises:
        ConfigError: it is not on record.
    """
    name = word.template_name(content)
    row = connection.execute(
        "select document from publish.template where county_code = %s and sha256 = %s",
        (content.county.code, content.template_sha256[name]),
    ).fetchone()
    if row is None or _sha256(bytes(row[0])) != content.template_sha256[name]:
        raise ConfigError(f"the template {name} of {content.period} is not on record as it was")
    return bytes(row[0])


def _noted(
    connection: Connection, settings: Settings, release: Release, documents: dict[str, bytes]
) -> dict[str, str]:
    """Note digests of files written for the first time; return those of the first time."""
    statement = read_sql(settings.root, "publish/put_document")
    for name, document in documents.items():
        connection.execute(
            statement, (release.county_code, release.release_id, name, _sha256(document), version("xiezuo"))
        )
    rows = connection.execute(
        "select file_name, sha256 from publish.document where county_code = %s and release_id = %s",
        (release.county_code, release.release_id),
    )
    return dict(rows.fetchall())


def _put(folder: Path, documents: dict[str, bytes]) -> list[Path]:
    for name, document in documents.items():
        replace_when_different(folder / name, document)
    return [folder / name for name in documents]


def _sha256(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
