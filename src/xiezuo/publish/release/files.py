"""A period's documents as files: Word and Excel, of a release byte for byte as they were first written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.publish.documents.pdf import to_pdf
from xiezuo.publish.release.records import Draft, Release, content_of
from xiezuo.publish.release.standing import folder_of, put_all, render, sha256_of, template_kept
from xiezuo.publish.summarise import summarise
from xiezuo.warehouse import access

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Rebuilt:
    """A file of a release, written again: whether it has the bytes it had when it was first written."""

    path: Path
    is_same: bool


def put_draft(settings: Settings, draft: Draft) -> list[Path]:
    """Write a draft's documents into ``draft-<number>``, for whoever is asked to approve it."""
    with access.connect(settings) as connection:
        content = content_of(connection, settings, draft)
        template = template_kept(connection, content)
    return put_all(draft_folder(settings, draft), render(settings, content, draft.stamp, template))


def draft_folder(settings: Settings, draft: Draft) -> Path:
    """Return where a draft's documents lie."""
    return settings.out / draft.county_code / draft.period / f"draft-{draft.draft_no}"


def put_release(settings: Settings, release: Release) -> list[Path]:
    """Write a release's documents, PDF where LibreOffice is installed, and make them what stands for the period.

    ``release.json`` beside them says what is on record of it, so that a folder which is handed on speaks for itself.
    """
    with access.connect(settings) as connection:
        rebuilt = rebuild(connection, settings, release, with_pdf=True)
    paths = [one.path for one in rebuilt]
    record = put_all(paths[0].parent, {"release.json": on_record(release)})
    standing = summarise(settings, release.county_code, release.period)
    return [*paths, *record, *map(Path, standing)]


def on_record(release: Release) -> bytes:
    """Return a row of ``publish.release`` as JSON, signatures and what it was made with unfolded."""
    said = asdict(release) | {
        name: json.loads(text) if text else None
        for name, text in (("signatures", release.signatures), ("made_with", release.made_with))
    }
    at = release.approved_at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
    return (json.dumps(said | {"approved_at": at}, ensure_ascii=False, indent=2) + "\n").encode()


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
    paths = put_all(folder, documents)
    if with_pdf:
        for path in paths:
            to_pdf(path, path.with_suffix(f"{path.suffix}.pdf"))
    return [Rebuilt(path, known[path.name] == sha256_of(documents[path.name])) for path in paths]


def _noted(
    connection: Connection, settings: Settings, release: Release, documents: dict[str, bytes]
) -> dict[str, str]:
    """Note digests of files written for the first time; return those of the first time."""
    statement = read_sql(settings.root, "publish/put_document")
    for name, document in documents.items():
        connection.execute(
            statement, (release.county_code, release.release_id, name, sha256_of(document), version("xiezuo"))
        )
    rows = connection.execute(
        "select file_name, sha256 from publish.document where county_code = %s and release_id = %s",
        (release.county_code, release.release_id),
    )
    return dict(rows.fetchall())
