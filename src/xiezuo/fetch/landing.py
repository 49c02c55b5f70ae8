"""The landing zone: bytes as they came, named by their SHA-256, readable by us alone.

What one task lands another loads, so that all workers share one zone. It has an identity, a file in it, which a run
hands from task to task: a worker with another home says so before it lands anything.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

from xiezuo.base.errors import ConfigError

CHUNK = 1 << 20
_ZONE = "zone"


class Landing:
    """Content-addressed files under ``XIEZUO_HOME/landing``; writing the same bytes twice is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def zone(self) -> str:
        """Return the zone's identity, made at first use; whoever comes second keeps the first one's."""
        marker = self._folder / _ZONE
        if not marker.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._folder / f".incoming-{uuid.uuid4().hex}"  # swept when a kill leaves it
            draft.write_text(f"{uuid.uuid4().hex}\n", encoding="ascii")
            try:
                os.link(draft, marker)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return marker.read_text(encoding="ascii").strip()

    def check_zone(self, zone: str | None) -> None:
        """Make sure that this is the zone a run was planned with; None is of a run that did not say.

        Raises:
            ConfigError: it is another one.
        """
        marker = self._folder / _ZONE
        if zone is None or (marker.exists() and self.zone() == zone):
            return
        raise ConfigError(
            f"{self._folder} is not the landing zone of this run: its workers have different homes",
            zh=f"本节点的 {self._folder} 不是本次运行的落地目录：各节点的 XIEZUO_HOME 不是同一个，未取数、未装载",
            next_step="让所有工作节点共用同一个 home 目录（同一个卷或共享存储），再清除失败任务",
        )

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
