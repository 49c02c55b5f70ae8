"""The files of the inbox: which count, and what they are called outside it.

A tree is walked with ``os.scandir``: a county that dropped nothing costs four system calls, whatever the
number of counties.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xiezuo.base.settings import Settings
from xiezuo.declared.counties import load_counties
from xiezuo.values.privacy import Privacy

SOURCES = ("labour", "sales", "fund", "work")


@dataclass(frozen=True)
class Traces:
    """What a file's inode tells without reading it; equal traces mean that nothing was written since.

    ``changed_ns`` is the time of the last change of content, name or mode. The system keeps it: no program
    can set it, as copying tools do with ``modified_ns``.
    """

    size: int
    inode: int
    modified_ns: int
    changed_ns: int


@dataclass(frozen=True)
class Found:
    """A file of the inbox, and its traces when it was found."""

    path: Path
    traces: Traces

    @property
    def modified(self) -> float:
        """When it was last written, in seconds since 1970."""
        return self.traces.modified_ns / 1e9


def found_files(settings: Settings, source: str, county: str) -> list[Found]:
    """Return the files of an inbox folder that count, by path: settled, not partial, not an editor's lock."""
    settled_before = time.time() - settings.inbox_settle
    return [one for one in _files(settings, source, county) if one.modified <= settled_before]


def inbox_files(settings: Settings, source: str, county: str) -> Iterator[Path]:
    """Yield the paths of :func:`found_files`."""
    yield from (one.path for one in found_files(settings, source, county))


def seconds_to_settle(settings: Settings) -> float:
    """Return how long it takes until every file now in the inbox counts; 0 when all do.

    Whoever starts a run by hand has just put the files there, and expects them to be read.
    """
    now, settle = time.time(), settings.inbox_settle
    changed = [
        one.modified
        for code in load_counties(settings.counties_path)
        for source in SOURCES
        for one in _files(settings, source, code)
    ]
    return min(settle, max([0.0, *(at + settle - now for at in changed)]))


def place_of(settings: Settings, privacy: Privacy, path: Path) -> str:
    """Return a file's place in the inbox as everything but the inbox knows it.

    Identity numbers are masked. A name that is no UTF-8 is read as GB 18030, which is how archives packed under
    Chinese Windows name their files; what is neither, or would then be called as its neighbour is, shows its bytes.
    """
    folder, names = settings.inbox, []
    for name in path.relative_to(settings.inbox).parts:
        names.append(_readable(folder, name))
        folder /= name
    return privacy.mask("/".join(names))


def _readable(folder: Path, name: str) -> str:
    raw = os.fsencode(name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        read = raw.decode("gb18030")
    except UnicodeDecodeError:
        read = ""
    if not read or "/" in read or (folder / read).exists():
        return raw.decode("ascii", "backslashreplace")
    return read


def file_at(settings: Settings, privacy: Privacy, source: str, county: str, place: str) -> Path | None:
    """Return the inbox file of a place, None when it is gone."""
    plain = settings.inbox / place
    if plain.is_file():
        return plain
    files = inbox_files(settings, source, county)
    return next((path for path in files if place_of(settings, privacy, path) == place), None)


def _files(settings: Settings, source: str, county: str) -> list[Found]:
    return sorted(_below(settings.inbox / county / source), key=lambda one: one.path)


def _below(folder: Path) -> Iterator[Found]:
    """Yield a folder's files at any depth; links are left alone, and so is what goes away meanwhile."""
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _below(Path(entry.path))
        elif not entry.name.startswith(("~$", ".")) and not entry.name.endswith(".part") and entry.is_file():
            try:
                seen = entry.stat()
            except FileNotFoundError:
                continue
            traces = Traces(seen.st_size, seen.st_ino, seen.st_mtime_ns, seen.st_ctime_ns)
            yield Found(Path(entry.path), traces)
