"""The backup of every night: written, tried by restoring it beside the warehouse, and then the oldest go.

What a killed night left is no backup by its name, and is removed a day later; the ones of earlier nights stay.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.operations import load_operations
from xiezuo.operations.backup import backup
from xiezuo.operations.restore import rehearse

_NAME = re.compile(r"xiezuo-[0-9]{8}T[0-9]{6}\.tar")


def nightly_backup(settings: Settings) -> dict[str, Any]:
    """Back the warehouse up into its folder of backups; return ``file``, ``bytes``, ``digest``, ``tried``, ``removed``.

    How many are kept is in ``include/operations.yaml``. None goes before the new one has been tried.

    Raises:
        ConfigError: the folder is not there or not to be written in, or what was written could not be restored.
        SourceDown: the warehouse does not answer.
    """
    terms, folder = load_operations(settings.root).backups, settings.backup_dir
    if not settings.environ.get("XIEZUO_BACKUP_DIR"):  # one that was named may be a disk that is not there tonight
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"xiezuo-{settings.now():%Y%m%dT%H%M%S}.tar"
    try:
        manifest = backup(settings, file, with_landing=terms.with_landing)
    except OSError as error:
        raise ConfigError(
            f"no backup could be written into {folder} ({error.strerror})",
            zh=f"备份无法写入 {folder}（{error.strerror}）",
            next_step="检查该目录是否存在、有空间、允许写入，再清除失败任务",
        ) from error
    if terms.tried:
        rehearse(settings, file)
    removed = _remove_oldest(folder, terms.keep)
    told = {name: manifest[name] for name in ("bytes", "digest")}
    return {"file": str(file), **told, "tried": terms.tried, "removed": removed}


def _remove_oldest(folder: Path, keep: int) -> list[str]:
    """Remove the nightly backups beyond the newest ``keep``; what has another name is somebody else's."""
    ours = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    for path in ours[:-keep]:
        path.unlink()
    return [path.name for path in ours[:-keep]]
