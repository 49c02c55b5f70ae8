"""Groups that reporting units are told in: a file of the installation names them, and it is as secret as a key.

``groups.yaml`` under ``XIEZUO_HOME`` (or where ``XIEZUO_GROUPS`` says) has county, reporting unit and apprise URLs; the
unit ``""`` is the county's own office, and has what concerns units without a group of their own.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import RootModel, ValidationError

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.operations.alerts import LONGEST, post_to

_log = logging.getLogger("xiezuo.operations.groups")

_FILE = "groups.yaml"


class _File(RootModel[dict[str, dict[str, list[str]]]]):
    """County code, reporting unit, URLs."""


@dataclass(frozen=True)
class Groups:
    """The groups of an installation, by county and unit."""

    urls: Mapping[str, Mapping[str, Sequence[str]]]

    def whose(self, county: str, unit: str) -> str | None:
        """Return whose group is told what concerns a unit: its own, else that of the county's office, else None."""
        own = self.urls.get(county, {})
        return unit if own.get(unit) else "" if own.get("") else None

    def tell(self, county: str, unit: str, title: str, lines: Sequence[str]) -> bool:
        """Send a unit's group one message, cut at what groups take; return whether anybody took it.

        Failures are logged by their number.
        """
        shown: list[str] = []
        for line in lines:
            if sum(map(len, shown)) + len(line) > LONGEST and shown:
                break
            shown.append(line[:LONGEST])
        if len(shown) < len(lines):
            shown.append(f"另有 {len(lines) - len(shown)} 份，见回执文件夹")
        outcomes = post_to(self.urls[county][unit], title, "\n".join(shown), "warning")
        for outcome in outcomes:
            if not outcome.taken:
                _log.error("a group of %s could not be told: %s: %s", county, outcome.target, outcome.reason)
        return any(outcome.taken for outcome in outcomes)


def load_groups(settings: Settings) -> Groups:
    """Read the groups; none where there is no file.

    Raises:
        ConfigError: the file is there and is not usable; nothing of it is shown.
    """
    told = settings.environ.get("XIEZUO_GROUPS")
    path = Path(told) if told else settings.home / _FILE
    if not told and not path.is_file():
        return Groups({})
    try:
        return Groups(_File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}).root)
    except (ValidationError, OSError, yaml.YAMLError, ValueError):
        # What was wrong is not chained: it may quote a URL, and a URL is all it takes to write into a group.
        raise ConfigError(
            f"{path.name} cannot be read", zh=f"{path.name} 无法读取",
            next_step="按“县代码 → 填报单位 → 群地址列表”填写，见 docs/operations.zh-CN.md",
        ) from None  # fmt: skip
