"""Task logs in a store of objects: what Airflow loads as ``[logging] logging_config_class`` where it is told to.

Airflow's own remote logging needs a package for each cloud. This writes through its ``ObjectStoragePath``: a folder
that is shared (``file:///mnt/logs``) needs nothing more, ``s3://…`` the package s3fs. ``XIEZUO_LOGS_URL`` says where;
the local file stays, since a task that is tried again writes beside it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.config_templates.airflow_local_settings import DEFAULT_LOGGING_CONFIG

if TYPE_CHECKING:
    from airflow.sdk import ObjectStoragePath
    from airflow.sdk.types import RuntimeTaskInstanceProtocol

__all__ = ["DEFAULT_LOGGING_CONFIG", "REMOTE_TASK_LOG"]

_LOG = logging.getLogger("xiezuo.task_logs")


class StoredLogs:
    """Copies the log of a task to the store when it ends, and gives the pages those of all its tries."""

    processors: tuple[Any, ...] = ()

    def __init__(self, url: str) -> None:
        self._url = url

    def upload(self, path: os.PathLike[str] | str, ti: RuntimeTaskInstanceProtocol | None = None) -> None:  # noqa: ARG002
        """Copy a log; that the store does not answer is logged and fails no task."""
        from airflow.sdk.configuration import conf

        local = Path(conf.get_mandatory_value("logging", "base_log_folder"))
        relative = Path(path).relative_to(local) if Path(path).is_absolute() else Path(path)
        try:
            target = self._at(relative.as_posix())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((local / relative).read_bytes())
        except Exception as error:  # noqa: BLE001  (each kind of store has errors of its own; the local file is there)
            _LOG.error("%s is not in the store of logs: %s", relative, type(error).__name__)

    def stream(
        self, relative_path: str, ti: RuntimeTaskInstanceProtocol
    ) -> tuple[list[str], list[Generator[str, None, None]]]:
        """Return where a log was found, and its lines."""
        del ti
        stored = self._at(relative_path)
        found = [stored] if stored.exists() else []
        return [str(each) for each in found], [_lines(each) for each in found]

    def read(self, relative_path: str, ti: RuntimeTaskInstanceProtocol) -> tuple[list[str], list[str]]:
        """Return the same as whole texts."""
        sources, streams = self.stream(relative_path, ti)
        return sources, ["".join(stream) for stream in streams]

    def _at(self, relative_path: str) -> ObjectStoragePath:
        from airflow.sdk import ObjectStoragePath

        return ObjectStoragePath(self._url) / relative_path


def _lines(path: ObjectStoragePath) -> Generator[str, None, None]:
    with path.open("r", encoding="utf-8") as file:
        yield from file


REMOTE_TASK_LOG = StoredLogs(os.environ["XIEZUO_LOGS_URL"])
