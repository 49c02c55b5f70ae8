"""Our own path in a process of its own: ``pipeline.load`` of what is landed for the bench's group.

What the scheduler has imported before it forks a worker is imported before the clock starts.
"""

from __future__ import annotations

import importlib
import logging
import sys

from bench.landed import GROUP
from bench.task import timed
from xiezuo import pipeline
from xiezuo.base.settings import Settings


def main() -> None:
    """Load what is landed; with ``build`` as argument, build what the loads before touched instead."""
    logging.basicConfig(level=logging.WARNING)
    settings = Settings.from_env()
    if sys.argv[1:] == ["build"]:
        timed(lambda: print(pipeline.build(settings)))
        return
    for name in ("pandas", "great_expectations"):
        importlib.import_module(name)
    timed(lambda: print(pipeline.load(settings, GROUP)))


if __name__ == "__main__":
    main()
