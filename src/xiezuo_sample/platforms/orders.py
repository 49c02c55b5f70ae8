"""A platform's items on disk, found by when they were last modified."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from xiezuo.base.errors import ConfigError


def seconds_of(local_time: str) -> int:
    """Return a comparable number of seconds for a local ``yyyy-MM-dd HH:mm:ss``.

    Raises:
        ValueError: the text is not written exactly so.
    """
    moment = datetime.strptime(local_time, "%Y-%m-%d %H:%M:%S")
    if f"{moment:%Y-%m-%d %H:%M:%S}" != local_time:
        raise ValueError("a platform time is written yyyy-MM-dd HH:mm:ss")
    return int(moment.replace(tzinfo=UTC).timestamp())  # only differences matter


def _epoch(seconds: Any) -> int:
    if type(seconds) is not int:
        raise ValueError("a platform time of this profile is a whole number of seconds")
    return seconds


_CHANGED: Mapping[str, Callable[[Mapping[str, Any]], int]] = {
    "top": lambda item: seconds_of(item["modified"]),
    "doudian": lambda item: _epoch(item["update_time"]),
}
"""When an item was last changed, in seconds of its profile's own count."""


class OrderStore:
    """The items of one platform; only their times and places in the file are kept in memory."""

    def __init__(self, path: Path, profile: str = "top") -> None:
        """Index an ndjson file of items as ``profile`` serves them.

        Raises:
            ConfigError: a line is not a JSON object with a readable time of change.
        """
        self.name, self.profile = path.stem, profile
        changed = _CHANGED[profile]
        self._lock = Lock()
        self._file = path.open("rb")
        found: list[tuple[int, int, int]] = []
        offset = 0
        for number, line in enumerate(self._file, start=1):
            if line.strip():
                try:
                    found.append((changed(json.loads(line)), offset, len(line)))
                except (ValueError, KeyError, TypeError) as error:
                    self._file.close()
                    raise ConfigError(
                        f"{path.name} line {number} is no order with a modified time"
                    ) from error
            offset += len(line)
        found.sort()
        self._times = array("q", (item[0] for item in found))
        self._offsets = array("q", (item[1] for item in found))
        self._lengths = array("q", (item[2] for item in found))

    def window(self, start: int, end: int) -> range:
        """Return the positions of items modified from ``start`` to ``end``, both included, newest first."""
        return range(bisect_right(self._times, end) - 1, bisect_left(self._times, start) - 1, -1)

    def read(self, position: int) -> bytes:
        """Return the JSON text of one item."""
        with self._lock:
            self._file.seek(self._offsets[position])
            return self._file.read(self._lengths[position]).strip()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def open_stores(data: Path) -> dict[str, OrderStore]:
    """Open every ``platforms/<name>.ndjson`` below ``data``, by name.

    Raises:
        ConfigError: there is none.
    """
    profiles = profiles_of(data)
    if not profiles:
        raise ConfigError(
            "no platforms/<name>.ndjson in the data folder",
            next_step="make one with: xiezuo sample --out <folder>",
        )
    return {
        name: OrderStore(data / "platforms" / f"{name}.ndjson", profile) for name, profile in profiles.items()
    }


def profiles_of(data: Path) -> dict[str, str]:
    """Return the profile of each platform below ``data``: the one in whose words its first item is.

    What is in no profile's words counts as ``top``.
    """
    paths = sorted((data / "platforms").glob("*.ndjson"))
    return {path.stem: "doudian" if '"update_time"' in _first_line(path) else "top" for path in paths}


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return next((line for line in lines if line.strip()), "")
