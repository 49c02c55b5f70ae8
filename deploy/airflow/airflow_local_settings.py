"""Loaded by every Airflow component at its start (put this folder on PYTHONPATH, or copy it to config/).

The scheduler forks the LocalExecutor's workers, a Celery worker its own pool: what they have imported, every task
has. Importing pandas, Great Expectations and the pipeline here once costs four seconds; leaving it out costs every
loading task that much. What Airflow itself would import for its first task is a tenth of a second a task. Nothing
is opened or read by these imports, so there is nothing that a fork could share by mistake. After an update of the
project, scheduler and workers have to be started again.

Great Expectations is most of it, and is only needed where something is loaded. `make run` looks into the inbox before:
XIEZUO_NOTHING_WAITS=1 says that it found no file to load. What a platform then has after all costs its task these
seconds.

Every component makes some hundred thousand objects when it starts, and keeps them. Looking through them again and
again for garbage takes a sixth of a start's processor time, so that it is looked for less often.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys

__all__: list[str] = []

gc.set_threshold(50_000, 20, 20)

_NOTHING_WAITS = os.environ.get("XIEZUO_NOTHING_WAITS") == "1"
_EXECUTOR = os.environ.get("AIRFLOW__CORE__EXECUTOR", "LocalExecutor")

if (sys.argv[1:2] == ["scheduler"] and _EXECUTOR == "LocalExecutor") or sys.argv[1:3] == ["celery", "worker"]:
    for _name in (
        "pandas",
        "great_expectations",
        "xlsxwriter",
        "xiezuo.pipeline",
        "xiezuo.operations.troubles",
        "airflow.dag_processing.bundles.local",
        "airflow.dag_processing.dagbag",
        "airflow.providers.common.io.assets.file",
        "airflow.providers.standard.decorators.python",
        "airflow.sdk.definitions.decorators",
        "airflow.sdk.execution_time.task_runner",
        "xiezuo_airflow.families",
        "xiezuo_airflow.ingest",
    ):
        if not (_NOTHING_WAITS and _name == "great_expectations"):
            importlib.import_module(_name)
