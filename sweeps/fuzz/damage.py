"""Mutations of bytes: what a disk, a network or a stranger's program makes of a file."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from random import Random

_MARKS = (b"\n", b"\xef\xbb\xbf", b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1"), b"<html>", bytes(512))
_OLD = (b'r="', b"<v>", b"</row>", b's="', b't="s"', b"<c ", b"count", b'"1"', b"sheet", b"0", b"<t>", b"ref=")
_NEW = (b"", b'r="XFD1048576" x="', b"<v>9", b"-1", b"99999999999", b"\xff", b'"', b"&#0;", b"]]>", b"<!--", b"t")
_NO_ARCHIVE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, RuntimeError, NotImplementedError,
    zlib.error, EOFError,
)  # fmt: skip

Damage = Callable[[bytes, Random], bytes]


def truncate(data: bytes, chance: Random) -> bytes:
    """Cut the end off, of half of them only a little."""
    left = len(data) - chance.randrange(1, 40) if chance.random() < 0.5 else chance.randrange(len(data) + 1)
    return data[: max(left, 0)]


def flip_bits(data: bytes, chance: Random) -> bytes:
    """Turn a few bits round."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 30)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def blank_block(data: bytes, chance: Random) -> bytes:
    """Put zeros, or nonsense, where a block was."""
    at, size = chance.randrange(len(data) + 1), chance.choice((1, 16, 512, 4096))
    block = bytes(size) if chance.random() < 0.5 else chance.randbytes(size)
    return data[:at] + block + data[at + size :]


def shift_block(data: bytes, chance: Random) -> bytes:
    """Take a block out, or put one in twice."""
    at, size = chance.randrange(len(data) + 1), chance.choice((1, 3, 200, 4096))
    block = data[at : at + size]
    return data[:at] + data[at + size :] if chance.random() < 0.5 else data[:at] + block + data[at:]


def wrap(data: bytes, chance: Random) -> bytes:
    """Put something before or behind."""
    other = chance.choice((*_MARKS, chance.randbytes(50)))
    return other + data if chance.random() < 0.5 else data + other


def drop_member(data: bytes, chance: Random) -> bytes:
    """Leave a part of a workbook out."""
    return _archive(data, chance, lambda parts, at: parts.pop(at))


def repeat_member(data: bytes, chance: Random) -> bytes:
    """Put a part of a workbook in twice, the second time under a name that is the same or nearly."""

    def repeat(parts: list[tuple[str, bytes]], at: int) -> None:
        name, body = parts[at]
        parts.append((chance.choice((name, name.upper(), f"./{name}", name.replace("/", "\\"))), body))

    return _archive(data, chance, repeat)


def swap_members(data: bytes, chance: Random) -> bytes:
    """Give a part of a workbook the content of another."""

    def swap(parts: list[tuple[str, bytes]], at: int) -> None:
        parts[at] = (parts[at][0], chance.choice(parts)[1])

    return _archive(data, chance, swap)


def damage_member(data: bytes, chance: Random) -> bytes:
    """Damage a part of a workbook and pack it soundly, so that the damage is met by whoever reads the part."""

    def damage(parts: list[tuple[str, bytes]], at: int) -> None:
        name, body = parts[at]
        parts[at] = (name, chance.choice((truncate, flip_bits, blank_block, shift_block, _edit))(body, chance))

    return _archive(data, chance, damage)


def lie_about_size(data: bytes, chance: Random) -> bytes:
    """Let a workbook's directory say other sizes than its parts have."""
    at = data.find(b"PK\x01\x02")
    if at < 0 or at + 28 > len(data):
        return flip_bits(data, chance)
    size = chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF))
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def _edit(body: bytes, chance: Random) -> bytes:
    """Exchange a piece of XML for another that is well formed now and then."""
    return body.replace(chance.choice(_OLD), chance.choice(_NEW), chance.choice((1, 1, -1)))


def _archive(data: bytes, chance: Random, change: Callable[[list[tuple[str, bytes]], int], object]) -> bytes:
    """Change the parts of an archive; what is none has its bits flipped instead."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except _NO_ARCHIVE:
        return flip_bits(data, chance)
    if not parts:
        return flip_bits(data, chance)
    change(parts, chance.randrange(len(parts)))
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of names that are there twice: that is what is wanted
        for name, body in parts:
            archive.writestr(zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


DAMAGES: dict[str, Damage] = {
    damage.__name__: damage
    for damage in (
        truncate, flip_bits, blank_block, shift_block, wrap, drop_member, repeat_member, swap_members, damage_member,
        damage_member, lie_about_size,
    )
}  # fmt: skip
"""All of them by name."""
