"""Streams of an OLE compound file ([MS-CFB]), the container of .xls, .et and encrypted .xlsx."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from xiezuo.conform.workbook_child.findings import RefusedError

_HEADER = 512
_HEADER_DIFAT = 109
_SHIFTS = ((9, 6), (12, 6))  # sectors of 512 or 4096 bytes, small ones of 64
_LAST = 0xFFFFFFFA  # this and above are marks (free, end of chain, ...), not sector numbers
_ENTRY = 128
_ROOT, _STREAM = 5, 2


@dataclass(frozen=True)
class _Entry:
    kind: int
    start: int
    size: int


class CompoundFile:
    """``data`` seen as named streams; lenient about a cut last sector, strict about loops.

    Raises RefusedError(FILE_CORRUPT) when the tables do not hold together.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise RefusedError("FILE_CORRUPT")
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if (shift, mini_shift) not in _SHIFTS:
            raise RefusedError("FILE_CORRUPT")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        directory, _, self._cutoff, mini_fat = struct.unpack_from("<IIII", data, 48)
        self._fat = _table(self._sector(number) for number in self._fat_sectors())
        self._mini_fat = _table(self._sector(number) for number in _chain(self._fat, mini_fat))
        self._entries = dict(self._directory(directory))

    @property
    def names(self) -> set[str]:
        """Names of all storages and streams, at any level."""
        return set(self._entries)

    def stream(self, name: str) -> bytes:
        """The bytes of stream ``name``; KeyError when there is none."""
        entry = self._entries[name]
        if entry.size >= self._cutoff or entry.kind == _ROOT:
            return self._read(entry)
        mini = self._read(next(root for root in self._entries.values() if root.kind == _ROOT))
        size = self._mini_size
        return b"".join(mini[n * size : (n + 1) * size] for n in _chain(self._mini_fat, entry.start))[
            : entry.size
        ]

    def _read(self, entry: _Entry) -> bytes:
        return b"".join(self._sector(n) for n in _chain(self._fat, entry.start))[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise RefusedError("FILE_CORRUPT")
        return self._data[start : start + self._size]

    def _fat_sectors(self) -> Iterator[int]:
        yield from _numbers(struct.unpack_from(f"<{_HEADER_DIFAT}I", self._data, 76))
        following, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, len(self._data) // self._size)):
            if following >= _LAST:
                return
            *numbers, following = _table([self._sector(following)])
            yield from _numbers(tuple(numbers))

    def _directory(self, start: int) -> Iterator[tuple[str, _Entry]]:
        data = b"".join(self._sector(number) for number in _chain(self._fat, start))
        for offset in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, offset + 64)
            first, size = struct.unpack_from("<II", data, offset + 116)
            name = data[offset : offset + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            if kind:
                yield name, _Entry(kind, first, size)


def _numbers(values: tuple[int, ...]) -> Iterator[int]:
    return (value for value in values if value < _LAST)


def _table(sectors: Iterator[bytes] | list[bytes]) -> tuple[int, ...]:
    data = b"".join(sectors)
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain(table: tuple[int, ...], start: int) -> Iterator[int]:
    number, steps = start, 0
    while number < _LAST:
        if number >= len(table) or steps > len(table):
            raise RefusedError("FILE_CORRUPT")
        yield number
        number, steps = table[number], steps + 1
