"""Pages of a platform as they are landed: a line that holds a page's items, and under it the bytes it came as.

What is loaded and traced are the lines of items. The bytes are kept as evidence, compressed, in lines of their own
that nobody needs to parse on the way.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

_EVIDENCE = b'{"body"'


def page_lines(
    start: datetime, end: datetime, page_no: int, items: list[dict[str, Any]], body: bytes
) -> Iterator[bytes]:
    """Yield the two lines of one page of the window from ``start`` to ``end``.

    Numbers with a fraction are written as texts: they stay exact. Half a surrogate pair, which UTF-8 cannot
    hold, becomes the replacement character; in the evidence it stands as it came.
    """
    page = {"from": start.isoformat(), "to": end.isoformat(), "page": page_no, "rows": items}
    yield _utf8(json.dumps(page, ensure_ascii=False, default=str)) + b"\n"
    packed = base64.b64encode(zlib.compress(body, 1)).decode("ascii")
    yield json.dumps({"body": packed}).encode() + b"\n"


def lines_of_items(path: Path) -> Iterator[bytes]:
    """Yield the lines that hold items, in the order fetched; memory holds one at a time."""
    with path.open("rb") as lines:
        for line in lines:
            if not line.startswith(_EVIDENCE):
                yield line


def blocks_of_items(path: Path, size: int) -> Iterator[list[bytes]]:
    """Yield the lines that hold items, as many at a time as make ``size`` bytes."""
    block: list[bytes] = []
    taken = 0
    for line in lines_of_items(path):
        block.append(line)
        taken += len(line)
        if taken >= size:
            yield block
            block, taken = [], 0
    if block:
        yield block


def read_pages(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every page as ``{"from", "to", "page", "rows"}``, in the order fetched."""
    return map(json.loads, lines_of_items(path))


class Originals:
    """The items of a landing read once more and only forwards, for cells that a text cannot tell."""

    def __init__(self, path: Path) -> None:
        self._lines, self._skipped = lines_of_items(path), 0

    def skip(self, lines: int) -> None:
        """Pass over so many lines."""
        self._skipped += lines

    def pages(self, lines: int) -> Iterator[list[dict[str, Any]]]:
        """Yield the items of the next so many lines, a list for each."""
        wanted = islice(self._lines, self._skipped, self._skipped + lines)
        self._skipped = 0
        for line in wanted:
            yield json.loads(line)["rows"]


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
