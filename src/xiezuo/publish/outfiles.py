"""Files for readers: replaced whole, and only when they say something else."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path, PurePosixPath

from xiezuo.base.settings import Settings
from xiezuo.values.privacy import content_id

NO_UNIT = "县级"
"""Whose files name no reporting unit: those of the county's own offices."""
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*\[\]\']')
_LONGEST_BYTES = 150
"""Of a name: 255 is the most that file systems take, and our own words stand around it."""


def unit_folder(settings: Settings, county: str, unit: str) -> Path:
    """Return where a reporting unit finds what is meant for it and for nobody else."""
    return settings.out / county / "units" / plain_name(unit or NO_UNIT)


def receipt_files(settings: Settings, county: str, unit: str, place: str) -> tuple[Path, Path]:
    """Return where the receipt of a file lies, and where its return workbook as long as rows of it wait.

    ``place`` is the file's in the inbox: county, source, folders, name.
    """
    parts = PurePosixPath(place).parts
    folder = unit_folder(settings, county, unit).joinpath(*map(plain_name, parts[1:-1]))
    name = plain_name(parts[-1].removesuffix(".xlsx"))
    return folder / f"回执_{name}.xlsx", folder / f"退回修改_{name}.xlsx"


def plain_name(name: str) -> str:
    """Return a name that every file system takes; one that had to be changed keeps apart from others like it."""
    plain = _NOT_IN_A_NAME.sub("_", name).strip(" .") or "_"
    plain = plain.encode()[:_LONGEST_BYTES].decode(errors="ignore")
    return plain if plain == name else f"{plain}_{content_id(name, size=6)}"


def replace_when_different(path: Path, content: bytes, *, private: bool = False) -> bool:
    """Put ``content`` at ``path`` in one step; return False when it is there already.

    A reader sees the old file or the new one, and a kill leaves one of the two. What is ``private`` is for the owner of
    the file and the group of its folder.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{uuid.uuid4().hex}.part")
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
