"""Loaded by every Airflow component at its start (put this folder on PYTHONPATH, or copy it to config/).

The scheduler forks the LocalExecutor's workers, a Celery worker its own pool: what they have imported, every task
has. Importing pandas, Great Expectations and the pipeline here once costs four seconds; leaving it out costs every
loading task that much. What Airflow itself would import for its first task is a tenth of a second a task. Nothing
is opened or read by these imports, so there is nothing that a fork could share by mistake. After an update of the
project, scheduler and workers have to be started again.
"""

from __future__ import annotations

import importlib
import os
import sys

__all__: list[str] = []

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
        importlib.import_module(_name)
