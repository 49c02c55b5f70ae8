"""The ZIP archive that a Word file is: opened with limits, written so that equal parts give equal bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

MOST_UNPACKED = 200_000_000
MOST_PARTS = 2_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MAIN = "word/document.xml"

BROKEN = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError),  # the archive
    *(OpcError, etree.XMLSyntaxError, KeyError, ValueError, AttributeError, TypeError),  # what is in it
)
"""What reading an archive that is no Word file, or a broken one, raises."""


def refuse_bomb(data: bytes) -> None:
    """Look at an archive's list before anything of it is unpacked.

    Raises:
        ValueError: it has no document, or unpacks to more than a Word file ever does.
        zipfile.BadZipFile: it is no archive.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    if _MAIN not in {entry.filename for entry in entries}:
        raise ValueError("no Word document in it")
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ValueError("it unpacks to too much")


def opened(data: bytes) -> WordDocument:
    """Open a Word file.

    Raises:
        one of BROKEN: it is none.
    """
    refuse_bomb(data)
    return Document(io.BytesIO(data))


def saved(document: WordDocument, *, title: str, identifier: str, day: datetime) -> bytes:
    """Write a document; its properties name the release, and no clock is asked."""
    said = document.core_properties
    said.title = title
    said.identifier = identifier
    said.author = said.last_modified_by = "协作 Xiezuo"
    said.created = said.modified = said.last_printed = day
    said.revision = 1
    buffer = io.BytesIO()
    document.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as found, zipfile.ZipFile(buffer, "w") as made:
        for entry in found.infolist():
            plain = zipfile.ZipInfo(entry.filename, _EPOCH)
            plain.compress_type = zipfile.ZIP_DEFLATED
            plain.external_attr = 0o600 << 16
            plain.create_system = 0
            made.writestr(plain, found.read(entry.filename))
    return buffer.getvalue()
