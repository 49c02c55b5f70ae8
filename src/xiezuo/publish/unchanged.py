"""What a period's files were made from: the same content, by the same programs, need not be rendered a second time.

``home/written/<county>-<period>.json`` names the sources of the files that were written last, as one digest, and the
SHA-256 of each file. Files that are no longer as they were written, a record that is missing or damaged, another
content, stamp, template or program: each means that everything is rendered. Nothing depends on the record.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from xiezuo.base.settings import Settings
from xiezuo.publish.documents.content import Content, Stamp
from xiezuo.publish.outfiles import replace_when_different

_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = ("docxtpl", "jinja2", "lxml", "pydantic", "python-docx", "xlsxwriter")


def sources_of(settings: Settings, content: Content, stamp: Stamp, template: bytes) -> str:
    """Return one digest of everything that decides what the files of a period say."""
    parts = (
        content.digest.encode(),
        stamp.model_dump_json().encode(),
        hashlib.sha256(template).digest(),
        _PROGRAM,
        *_files((settings.root / "include").rglob("*")),
        *(f"{name} {_version(name)}".encode() for name in _LIBRARIES),
        sys.version.encode(),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def standing(settings: Settings, content: Content, sources: str) -> list[str] | None:
    """Return the paths of the files, if they are still what was written from the same sources; else None."""
    try:
        record = json.loads(_record(settings, content).read_text(encoding="utf-8"))
        files: Mapping[str, str] = record["files"]
        if record["sources"] != sources or not files:
            return None
        same = all(_digest(Path(path)) == digest for path, digest in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return sorted(files) if same else None


def remember(settings: Settings, content: Content, sources: str, paths: Iterable[Path]) -> None:
    """Note what the files were written from."""
    files = {str(path): _digest(path) for path in paths}
    record = json.dumps({"sources": sources, "files": files}, ensure_ascii=False, indent=1, sort_keys=True)
    replace_when_different(_record(settings, content), record.encode())


def _record(settings: Settings, content: Content) -> Path:
    place = hashlib.sha256(os.fsencode(settings.out)).hexdigest()[:8]
    return settings.home / "written" / f"{content.county.code}-{content.period}-{place}.json"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in sorted(path for path in paths if path.is_file()):
        yield f"{path} {_digest(path)}".encode()


@cache
def _version(name: str) -> str:
    return version(name)


# Of what is being imported now: a process that goes on after an update has the programs of before.
_PROGRAM = b"\0".join(_files(_PACKAGE.rglob("*.py")))
