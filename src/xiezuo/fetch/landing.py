"""The landing zone: bytes as they came, named by their SHA-256, readable by us alone."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

CHUNK = 1 << 20


class Landing:
    """Content-addressed files under ``XIEZUO_HOME/landing``; writing the same bytes twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Return where content of that digest lies."""
        return self._folder / sha256[:2] / sha256

    def keep(self, chunks: Iterable[bytes]) -> str:
        """Write ``chunks`` and return their digest; a kill leaves no half file under a digest's name."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")  # mkstemp makes it 0600
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in chunks:
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(mode=0o700, exist_ok=True)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest.hexdigest()

    def sweep(self) -> None:
        """Remove what a killed fetch left half written more than a day ago."""
        for path in self._folder.glob(".incoming-*"):
            if path.stat().st_mtime < time.time() - 86_400:
                path.unlink(missing_ok=True)

    def keep_file(self, path: Path) -> str:
        """Copy a file in and return its digest."""
        with path.open("rb") as source:
            return self.keep(iter(lambda: source.read(CHUNK), b""))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
