"""Loaded by every Airflow component at its start (put this folder on PYTHONPATH, or copy it to config/).

The scheduler forks the LocalExecutor's workers: what it has imported, they all have. Importing pandas, Great
Expectations and the pipeline here once costs it four seconds; leaving it out costs every loading task that much.
Nothing is opened or read by these imports, so there is nothing that a fork could share by mistake. After an
update of the project the scheduler has to be started again.
"""

from __future__ import annotations

import importlib
import sys

__all__: list[str] = []

if "scheduler" in sys.argv:
    for _name in ("pandas", "great_expectations", "xlsxwriter", "xiezuo.pipeline"):
        importlib.import_module(_name)
