"""Keys and passwords this installation makes for itself: one file a secret, readable by its owner only.

Nothing here is in the repository and nothing is ever logged. A secret is generated at first use and
stays the same from then on. On a server whose secrets come from elsewhere (compose, Kubernetes)
``XIEZUO_SECRET_<NAME>_FILE`` in the environment names the file to read instead, ``XIEZUO_SECRET_<NAME>`` is the
secret itself; an environment can be read by more people than a file.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets as generator
from collections.abc import Mapping
from pathlib import Path

from xiezuo.base.errors import ConfigError

KEY_BYTES = 32

# None ends in _file: its variable would be the one that names another's file.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}(?<!_file)")


class Secrets:
    """The secrets of one installation; safe to use from many processes at once.

    ``directory`` is made at the first secret (mode 0700), each secret is a file in it (0600).
    ``environ`` is where overrides are looked up (default: the process's environment).
    """

    def __init__(self, directory: Path, environ: Mapping[str, str] | None = None) -> None:
        self._directory = directory
        self._environ = os.environ if environ is None else environ

    def text(self, name: str, nbytes: int = 24) -> str:
        """Return a password of URL-safe characters, made from ``nbytes`` random bytes at first use.

        Raises:
            ConfigError: the stored secret is empty or this account may not read it.
            ValueError: the name is not lower-case letters, digits and underscores.
        """
        return self._stored(name, generator.token_urlsafe(nbytes))

    def key(self, name: str) -> bytes:
        """Return a key of 32 bytes (stored, and overridden, as base64).

        Raises:
            ConfigError: what is stored is not 32 bytes of base64, or cannot be read.
            ValueError: the name is not lower-case letters, digits and underscores.
        """
        fresh = base64.urlsafe_b64encode(generator.token_bytes(KEY_BYTES)).decode("ascii")
        stored = self._stored(name, fresh).translate(str.maketrans("+/", "-_")).rstrip("=")
        try:
            raw = base64.b64decode(stored + "=" * (-len(stored) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != KEY_BYTES:
            # The decoder's own error is not chained: it may quote the secret.
            raise ConfigError(
                f"the secret {name!r} is not a key of {KEY_BYTES} bytes in base64",
                next_step=f"restore {self._elsewhere(name) or self._directory / name}, or correct {_variable(name)}",
            ) from None
        return raw

    def fernet(self, name: str) -> str:
        """Return :meth:`key` in the form Fernet takes: base64 with the URL-safe alphabet, 44 characters."""
        return base64.urlsafe_b64encode(self.key(name)).decode("ascii")

    def has(self, name: str) -> bool:
        """Whether a secret is stored or given; makes none."""
        return self.is_given(name) or (self._directory / name).exists()

    def is_given(self, name: str) -> bool:
        """Whether the environment gives a secret, itself or the file it is in."""
        return bool(self._environ.get(_variable(name), "").strip()) or self._elsewhere(name) is not None

    def forget(self, name: str) -> None:
        """Have a secret that nothing depends on any more made anew at its next use."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a secret: {name!r}")
        (self._directory / name).unlink(missing_ok=True)

    def _stored(self, name: str, fresh: str) -> str:
        """Return what comes from elsewhere, else the stored text, else store ``fresh`` (first writer wins)."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a secret: {name!r}")
        override = self._environ.get(_variable(name), "").strip()
        if override:
            return override
        elsewhere = self._elsewhere(name)
        path = elsewhere or self._directory / name
        try:
            if elsewhere is None and not path.exists():
                self._create(path, fresh)
            value = path.read_text(encoding="ascii").strip()
        except UnicodeDecodeError:
            value = ""
        except FileNotFoundError as error:
            raise ConfigError(
                f"the secret {path} is not there", next_step=f"put it there, or correct {_variable(name)}_FILE"
            ) from error
        except PermissionError as error:
            raise ConfigError(
                f"this account may not use the secret {path}",
                next_step="run as the account that made it, or give it to this one",
            ) from error
        if not value:
            # A new one would be silently different from what data was made with.
            raise ConfigError(
                f"the secret {path} is empty or damaged", next_step="restore it from the backup"
            )
        return value

    def _elsewhere(self, name: str) -> Path | None:
        """Return the file that the environment names for a secret; it is read and never written."""
        told = self._environ.get(f"{_variable(name)}_FILE", "").strip()
        return Path(told) if told else None

    def _create(self, path: Path, fresh: str) -> None:
        """Publish ``fresh`` under ``path`` in one step; whoever comes second keeps the first one's.

        The text is complete and on disk before the name appears: a reader never sees half a secret,
        and a power cut cannot leave an empty one behind data that was already encrypted with it.
        """
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._directory.stat().st_mode & 0o077:
            self._directory.chmod(0o700)
        draft = self._directory / f".{path.name}.{generator.token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(fresh + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                return
        finally:
            draft.unlink()
        folder = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _variable(name: str) -> str:
    return f"XIEZUO_SECRET_{name.upper()}"
