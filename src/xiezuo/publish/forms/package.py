"""The archive that an XLSX or DOCX is: opened with limits, written again with nothing but the named parts changed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from xiezuo.base.errors import FileRefused
from xiezuo.conform.readers.refusals import refusal

MOST_BYTES = 16 * 2**20
MOST_ENTRIES = 2_000
MOST_UNPACKED = 64 * 2**20
_RATIO_FROM = 4 * 2**20
_MOST_RATIO = 200
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)
WORKBOOK, DOCUMENT = "xl/workbook.xml", "word/document.xml"


@dataclass(frozen=True)
class Package:
    """A form as it came; ``kind`` is that of its file."""

    data: bytes
    kind: str
    names: frozenset[str]

    def part(self, name: str) -> bytes:
        """Return a part.

        Raises:
            FileRefused: it is missing or broken.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return archive.read(name)
        except (KeyError, *_BROKEN):
            raise refusal("FILE_CORRUPT") from None

    def replaced(self, parts: Mapping[str, bytes]) -> bytes:
        """Return the archive with these parts changed or added; every other part keeps its bytes, place and date."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.data)) as found, zipfile.ZipFile(buffer, "w") as made:
            for entry in found.infolist():
                made.writestr(_like(entry), parts.get(entry.filename) or found.read(entry))
            for name in sorted(set(parts) - self.names):
                made.writestr(_like(zipfile.ZipInfo(name)), parts[name])
        return buffer.getvalue()


def _like(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(entry.filename, entry.date_time)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = entry.external_attr or 0o600 << 16
    made.create_system = entry.create_system
    return made


def open_package(data: bytes) -> Package:
    """Open a form.

    Raises:
        FileRefused: it is no XLSX or DOCX, has a password or macros, is broken, or unpacks to more than a form does.
    """
    if len(data) > MOST_BYTES:
        raise refusal("FILE_TOO_LARGE")
    if not data:
        raise refusal("FILE_EMPTY")
    if data.startswith(_COMPOUND) and _ENCRYPTED in data:
        raise refusal("FILE_ENCRYPTED")
    if not data.startswith(b"PK"):
        raise _no_form()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except _BROKEN:
        raise refusal("FILE_CORRUPT") from None
    _check(entries)
    names = frozenset(entry.filename for entry in entries)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(
            "FORM_MACROS",
            "表中带有宏，不予填写。",
            next_step="请在 Excel 或 WPS 中另存为不带宏的 .xlsx 后重试",
        )
    for kind, main in (("xlsx", WORKBOOK), ("docx", DOCUMENT)):
        if main in names:
            return Package(data, kind, names)
    raise _no_form()


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or len({entry.filename.lower() for entry in entries}) < len(entries):
        raise refusal("FILE_HOSTILE")
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("FILE_ENCRYPTED")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or any(
        entry.file_size > _RATIO_FROM and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    ):
        raise refusal("FILE_HOSTILE")


def _no_form() -> FileRefused:
    return FileRefused(
        "FORM_FORMAT",
        "套表只收 .xlsx 和 .docx 文件。",
        next_step="请在 Excel 或 WPS 中另存为 .xlsx（文档另存为 .docx）后重试",
    )
