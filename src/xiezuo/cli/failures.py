"""What the surroundings refuse (a folder, a disk, a connection that breaks off): one sentence, and what to do."""

from __future__ import annotations

import errno
import gc
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

from xiezuo.base.errors import ConfigError, SourceDown, XiezuoError
from xiezuo.base.settings import Settings

_DENIED = "以有权限的账号运行，或改用可写的文件夹"
_FULL = "清理磁盘后重新运行，不会丢失或重复已有数据"
_IN_THE_WAY = "移走它，或改用别的文件夹"

_REASONS = {
    errno.EACCES: ("当前账号没有权限", _DENIED),
    errno.EPERM: ("当前账号没有权限", _DENIED),
    errno.EROFS: ("所在磁盘是只读的", _DENIED),
    errno.ENOSPC: ("磁盘已满", _FULL),
    errno.EFBIG: ("文件超过了允许的大小", "放宽单个文件的大小限制后重新运行"),
    errno.EDQUOT: ("已超出磁盘配额", _FULL),
    errno.ENOTDIR: ("路径中有一段是文件，不是文件夹", _IN_THE_WAY),
    errno.EEXIST: ("已有同名的文件", _IN_THE_WAY),
    errno.EISDIR: ("是文件夹，不是文件", _IN_THE_WAY),
    errno.ENOENT: ("不存在", "核对路径"),
    errno.EIO: ("磁盘读写出错", "检查磁盘后重新运行"),
}


_WORDS = {os.strerror(number): number for number in _REASONS} | {"database or disk is full": errno.ENOSPC}
"""What libraries quote of the system where they raise an error of their own."""

_DATABASE = frozenset({"psycopg.OperationalError", "sqlalchemy.OperationalError"})
_NETWORK = frozenset({
    "builtins.ConnectionError", "builtins.TimeoutError", "socket.gaierror", "requests.RequestException",
})  # fmt: skip
"""Kinds of errors by name: whoever raised one has loaded its library, and nobody else need."""


def worded(error: Exception, settings: Settings | None, out: Path | None = None) -> XiezuoError | None:
    """Return what is to be said about an error of the surroundings; None where it is no such error.

    ``out`` is the folder a command was told to write into.
    """
    kinds = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    if kinds & _DATABASE:
        reason, step = _REASONS.get(_number(error), ("连接中断，或没有完成这一步", "稍后重新运行"))
        return SourceDown("the warehouse broke off", zh=f"数据库：{reason}", next_step=step)
    if kinds & _NETWORK:
        return SourceDown("the network broke off", zh="网络连接失败", next_step="检查网络后重新运行")
    if isinstance(error, OSError) or _number(error):
        return _of_system(error, _folders(settings, out))
    return None


def let_go(error: BaseException | None) -> None:
    """Close what an error still holds: closing a file on a full disk fails again, and Python would print that."""
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        while error is not None:
            traceback.clear_frames(error.__traceback__)
            error = error.__cause__ or error.__context__
        gc.collect()
    finally:
        sys.unraisablehook = hook


def check_home(settings: Settings) -> None:
    """Refuse an ``XIEZUO_HOME`` that cannot hold anything, before any work is begun there.

    Beside a database server of its own a home may be read-only: what has to be written there says so by itself.

    Raises:
        ConfigError: it is a file, lies below one, or this account may not write there.
    """
    _check("XIEZUO_HOME", settings.home, os.X_OK if settings.warehouse_url else os.W_OK | os.X_OK)


def check_out(settings: Settings) -> None:
    """Refuse an ``XIEZUO_OUT`` that cannot be written, before the work whose outcome it is to hold.

    Raises:
        ConfigError: as :func:`check_home`.
    """
    _check("XIEZUO_OUT", settings.out)


def check_folder(out: Path) -> None:
    """Refuse a folder given by ``--out`` that cannot be written.

    Raises:
        ConfigError: as :func:`check_home`.
    """
    _check("--out", out.absolute())


def _check(name: str, folder: Path, needed: int = os.W_OK | os.X_OK) -> None:
    place = folder
    try:
        while not place.exists():
            place = place.parent
        if not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(place, needed):
            os.close(os.open(place, os.O_TMPFILE | os.O_RDWR))  # the system says best why not
    except OSError as error:
        number = error.errno if error.errno in _REASONS else errno.EACCES  # a place may not know O_TMPFILE
        raise _of_system(OSError(number, os.strerror(number), str(folder)), {name: folder}) from error


def _of_system(error: Exception, folders: Mapping[str, Path]) -> ConfigError:
    reason, step = _REASONS.get(_number(error), ("读写失败", "核对路径和磁盘"))
    file = getattr(error, "filename", None)
    if file is None:  # what was being written does not say where: in one of those we write into
        written = [f"{name}（{folder}）" for name, folder in folders.items() if name != "XIEZUO_INBOX"]
        place = "或 ".join(written) or "当前文件夹"
    else:
        place = _named(Path(os.fsdecode(file)), folders)
    said = getattr(error, "strerror", None) or type(error).__name__
    return ConfigError(f"{place}: {said}", zh=f"无法使用 {place}：{reason}", next_step=step)


def _number(error: Exception) -> int:
    """Return the system's number of an error, also where a library has only its words left; 0 where it has none."""
    number = getattr(error, "errno", None)
    return number if isinstance(number, int) else next((_WORDS[words] for words in _WORDS if words in str(error)), 0)


def _folders(settings: Settings | None, out: Path | None) -> dict[str, Path]:
    """Return the folders we write into and read from, by the option or the variable that names them."""
    folders = {"--out": out.absolute()} if out else {}
    if settings is not None:
        folders |= {"XIEZUO_OUT": settings.out, "XIEZUO_INBOX": settings.inbox, "XIEZUO_HOME": settings.home}
    return folders


def _named(path: Path, folders: Mapping[str, Path]) -> str:
    """Return a path behind the option or the variable that leads there; no identity number stands in it."""
    from xiezuo.values.masking import mask_identity_numbers

    said = mask_identity_numbers(str(path), lambda _: "〔证件号码〕")
    for name, folder in folders.items():
        if path.absolute().is_relative_to(folder):
            return f"{name}（{said}）"
    for name, folder in reversed(list(folders.items())):
        if folder.is_relative_to(path.absolute()):
            return f"{name}（{folder}）"
    return said
