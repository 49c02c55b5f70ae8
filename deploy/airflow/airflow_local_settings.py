"""Loaded by every Airflow component at its start (put this folder on PYTHONPATH, or copy it to config/).

The scheduler forks the LocalExecutor's workers: what it has imported, they all have. Importing pandas and Great
Expectations here once costs it four seconds; leaving it out costs every loading task that much.
"""

from __future__ import annotations

import importlib
import sys

__all__: list[str] = []

if "scheduler" in sys.argv:
    for _name in ("pandas", "great_expectations", "psycopg", "sqlalchemy"):
        importlib.import_module(_name)
