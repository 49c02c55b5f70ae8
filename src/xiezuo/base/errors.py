"""Errors, grouped by what whoever meets them should do next.

========================  ==============================================  =========
error                     what to do                                      exit code
========================  ==============================================  =========
:class:`SourceDown`       wait and try again; then tell the source        4
:class:`FileRefused`      tell the file's owner; nothing was loaded       3
:class:`GateClosed`       tell the file's owner; the batch is held back   3
:class:`ConfigError`      stop; operations must change a setting          2
:class:`Unreadable`       quarantine one row; the others go on            0
========================  ==============================================  =========
"""

from __future__ import annotations


class XiezuoError(Exception):
    """Base of everything this package raises on purpose.

    ``message`` is for logs and developers, in English. ``zh`` is the sentence the office reads, in Chinese; without
    one, whoever runs the machine reads the message. ``next_step`` says what to do, in the language of ``zh``. None
    of them ever holds a person's name, number or telephone, nor a secret.
    """

    exit_code = 1
    code = ""

    def __init__(self, message: str, *, zh: str = "", next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.zh = zh or message
        self.next_step = next_step

    @property
    def sentence(self) -> str:
        """What a terminal shows: once, in one language, and the stable code where there is one."""
        return f"{self.zh} [{self.code}]" if self.code else self.zh

    def __str__(self) -> str:
        return f"{self.message} → {self.next_step}" if self.next_step else self.message


class ConfigError(XiezuoError):
    """A setting, contract or suite is wrong: retrying cannot help."""

    exit_code = 2


class SourceDown(XiezuoError):
    """A source did not answer, or not in full: yesterday's figures stay; retry later."""

    exit_code = 4


class FileRefused(XiezuoError):
    """A whole delivery cannot be taken; ``code`` is stable, ``zh`` is one clear sentence."""

    exit_code = 3

    def __init__(self, code: str, zh: str, *, next_step: str = "") -> None:
        super().__init__(f"{code}: {zh}", zh=zh, next_step=next_step)
        self.code = code


class GateClosed(FileRefused):
    """A delivery was read but its totals or keys do not hold: nothing of it is loaded."""


class Unreadable(XiezuoError):
    """One cell cannot be read for sure; its row goes to quarantine with ``code`` and ``zh``."""

    exit_code = 0

    def __init__(self, code: str, zh: str) -> None:
        super().__init__(f"{code}: {zh}", zh=zh)
        self.code = code
