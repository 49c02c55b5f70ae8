"""The one clock. ``XIEZUO_NOW`` moves it, so that a past year can be run as if it were then."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from xiezuo.base.errors import ConfigError

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now(environ: Mapping[str, str] | None = None) -> datetime:
    """Return the current instant in +08:00.

    ``XIEZUO_NOW`` (ISO time with offset) replaces the machine's clock, request timestamps included.

    Raises:
        ConfigError: ``XIEZUO_NOW`` is set and is not an ISO time with an offset.
    """
    fixed = (os.environ if environ is None else environ).get("XIEZUO_NOW", "").strip()
    if not fixed:
        return datetime.now(SHANGHAI)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise _unusable() from error
    if moment.tzinfo is None:
        raise _unusable()
    return moment.astimezone(SHANGHAI)


def _unusable() -> ConfigError:
    return ConfigError(
        "XIEZUO_NOW is not an ISO time with an offset",
        next_step="write it like 2022-12-31T23:00:00+08:00, or unset it",
    )
