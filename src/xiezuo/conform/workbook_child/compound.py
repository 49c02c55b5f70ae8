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
_CUTOFF = 4096  # smaller streams lie in small sectors; the format allows no other bound


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
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
        directory, _, cutoff, mini_fat = struct.unpack_from("<IIII", data, 48)
        if (shift, mini_shift) not in _SHIFTS or cutoff != _CUTOFF:
            raise RefusedError("FILE_CORRUPT")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        self._fat = _table(self._sector(number) for number in self._fat_sectors())
        self._mini_fat = _table(self._sector(number) for number in _chain(self._fat, mini_fat))
        self._entries = list(self._directory(directory))
        if not self._entries or self._entries[0].kind != _ROOT:
            raise RefusedError("FILE_CORRUPT")
        self._top = self._storage(self._entries[0])

    @property
    def names(self) -> set[str]:
        """Names in the root storage: those a spreadsheet program looks among."""
        return {self._entries[number].name for number in self._top}

    def stream(self, *names: str) -> bytes:
        """The bytes of the stream that calamine reads: the first entry, at any level, of the first name there is.

        Raises RefusedError(FILE_UNKNOWN_FORMAT) when there is none, or when it is not the root storage's: then it
        belongs to a document within the document, and a spreadsheet program would show another.
        """
        places = {entry.name: number for number, entry in reversed(list(enumerate(self._entries)))}
        place = next((places[name] for name in names if name in places), None)
        if place not in self._top or self._entries[place].kind != _STREAM:
            raise RefusedError("FILE_UNKNOWN_FORMAT")
        entry = self._entries[place]
        if entry.size >= _CUTOFF:
            return self._read(entry)
        mini, size = self._read(self._entries[0]), self._mini_size
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
        (following,) = struct.unpack_from("<I", self._data, 68)
        for _ in range(len(self._data) // self._size):
            if following >= _LAST:
                return
            *numbers, following = _table([self._sector(following)])
            yield from _numbers(tuple(numbers))
        raise RefusedError("FILE_CORRUPT")

    def _directory(self, start: int) -> Iterator[_Entry]:
        data = b"".join(self._sector(number) for number in _chain(self._fat, start))
        for offset in range(0, len(data) - _ENTRY + 1, _ENTRY):
            name = data[offset : offset + 64].decode("utf-16-le", "replace").partition("\0")[0]
            kind, left, right, child = struct.unpack_from("<BxIII", data, offset + 66)
            first, size = struct.unpack_from("<II", data, offset + 116)
            yield _Entry(name, kind, left, right, child, first, size)

    def _storage(self, storage: _Entry) -> set[int]:
        """Places of the entries of ``storage``, which hang together to the left and to the right of its child."""
        found: set[int] = set()
        waiting = [storage.child]
        while waiting:
            number = waiting.pop()
            if number < len(self._entries) and number not in found:
                found.add(number)
                waiting += [self._entries[number].left, self._entries[number].right]
        return found


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
