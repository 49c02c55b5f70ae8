"""Starts our own path in a process of its own, see :mod:`bench.ours`."""

from __future__ import annotations

import sys

from bench.measure import Measured, measure
from bench.site import Site
from xiezuo.base.settings import Settings


def own(site: Site, settings: Settings, name: str, *words: str) -> Measured:
    """Load what is landed, or with ``build`` compute what is touched; ``name`` is what its log is called."""
    command = [sys.executable, "-m", "bench.ours", *words]
    return measure(command, settings.environ, site.server, site.folder / "runs" / name)
