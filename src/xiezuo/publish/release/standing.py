"""A period's documents as bytes, and the folder in which they stand."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import psycopg

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish.documents.content import Content, Stamp
from xiezuo.publish.documents.word import render as word
from xiezuo.publish.documents.workbook import render as workbook
from xiezuo.publish.outfiles import replace_when_different


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
    return put_all(folder_of(settings, content), render(settings, content, stamp, template))


def folder_of(settings: Settings, content: Content) -> Path:
    """Return where a period's files lie: ``XIEZUO_OUT/<county>/<period>``."""
    return settings.out / content.county.code / content.period


def template_kept(connection: psycopg.Connection[Any], content: Content) -> bytes:
    """Return the template a draft was made with, whatever the one in ``include/reports`` is by now.

    Raises:
        ConfigError: it is not on record.
    """
    name = word.template_name(content)
    row = connection.execute(
        "select document from publish.template where county_code = %s and sha256 = %s",
        (content.county.code, content.template_sha256[name]),
    ).fetchone()
    if row is None or sha256_of(bytes(row[0])) != content.template_sha256[name]:
        raise ConfigError(f"the template {name} of {content.period} is not on record as it was")
    return bytes(row[0])


def put_all(folder: Path, documents: dict[str, bytes]) -> list[Path]:
    """Write documents into a folder, each whole and only when it says something else; return their paths."""
    for name, document in documents.items():
        replace_when_different(folder / name, document)
    return [folder / name for name in documents]


def sha256_of(document: bytes) -> str:
    """Return the digest by which a document or template is known again."""
    return hashlib.sha256(document).hexdigest()
