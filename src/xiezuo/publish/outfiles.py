"""Files for readers: replaced whole, and only when they say something else."""

from __future__ import annotations

import os
import uuid
from pathlib import Path


def replace_when_different(path: Path, content: bytes, *, private: bool = False) -> bool:
    """Put ``content`` at ``path`` in one step; return False when it is there already.

    A reader sees the old file or the new one, and a kill leaves one of the two. What is ``private`` is for the owner of
    the file and the group of its folder.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with waiting.open("xb") as out:
            if private:
                waiting.chmod(0o640)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    return True
