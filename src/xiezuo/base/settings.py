"""Where things are: the environment variables of docs/interfaces.md, read once, typed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from xiezuo.base import clock
from xiezuo.base.errors import ConfigError

EMBEDDED = "embedded"
"""Value of ``XIEZUO_WAREHOUSE_URL`` by which the embedded server is asked for outright."""


@dataclass(frozen=True)
class Settings:
    """Everything a stage needs to know about its surroundings; built once, passed down.

    ``warehouse_url`` is None for the embedded server. ``connections`` are those that Airflow knows, by id in its JSON
    form; None where the environment is all there is. Environment, connections and the warehouse's URL hold secrets
    and stay out of ``repr``.
    """

    root: Path
    home: Path
    inbox: Path
    out: Path
    counties_path: Path
    divisions_dir: Path
    inbox_settle: float
    warehouse_url: str | None = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)
    role: str = "loader"
    """Whom this process is in the warehouse where it does not say otherwise; pages read, and write nothing."""
    connections: Mapping[str, str] | None = field(default=None, repr=False)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment (default: the process's); relative paths resolve from here.

        Raises:
            ConfigError: a variable cannot be read.
        """
        env = dict(os.environ if environ is None else environ)
        root = project_root(env)
        warehouse = env.get("XIEZUO_WAREHOUSE_URL", "").strip()
        home = Path(env.get("XIEZUO_HOME") or ".xiezuo").resolve()
        return cls(
            root=root,
            home=home,
            inbox=Path(env.get("XIEZUO_INBOX") or home / "inbox").resolve(),
            out=Path(env.get("XIEZUO_OUT") or home / "out").resolve(),
            counties_path=Path(env.get("XIEZUO_COUNTIES") or root / "include/counties.yaml").resolve(),
            divisions_dir=Path(env.get("XIEZUO_DIVISIONS") or root / "include/divisions").resolve(),
            inbox_settle=_seconds(env.get("XIEZUO_INBOX_SETTLE") or "60"),
            warehouse_url=None if warehouse in ("", EMBEDDED) else warehouse,
            environ=env,
        )

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock of this run, see :mod:`xiezuo.base.clock`."""
        return lambda: clock.now(self.environ)

    @property
    def landing_dir(self) -> Path:
        """Bytes as they came, named by their sha256, mode 0600."""
        return self.home / "landing"

    @property
    def backup_dir(self) -> Path:
        """Where the backups of the nights go."""
        return Path(self.environ.get("XIEZUO_BACKUP_DIR") or self.home / "backups").resolve()

    @property
    def secrets_dir(self) -> Path:
        """Generated keys and passwords, mode 0700/0600."""
        return self.home / "secrets"


def project_root(env: Mapping[str, str]) -> Path:
    """Return the folder that holds ``include/`` and ``expectations/``.

    It is what ``XIEZUO_ROOT`` says; else the package itself, which carries both when it was installed from a wheel;
    else the checkout that the package is part of. What lies beside an installed package is not looked at first: it
    may be somebody else's.

    Raises:
        ConfigError: there is no ``include/`` in it.
    """
    package = Path(__file__).resolve().parents[1]
    told = env.get("XIEZUO_ROOT")
    for root in [Path(told).resolve()] if told else [package, package.parents[1]]:
        if (root / "include" / "contracts").is_dir():
            return root
    raise ConfigError(
        f"there is no include/ folder in {told}" if told else "the package has come without its include/ folder",
        next_step="set XIEZUO_ROOT to the folder that holds include/ and expectations/",
    )


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ConfigError("XIEZUO_INBOX_SETTLE is not a number of seconds") from error
    if value < 0:
        raise ConfigError("XIEZUO_INBOX_SETTLE is negative")
    return value
