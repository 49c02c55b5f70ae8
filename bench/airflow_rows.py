"""The rows that run all of Airflow: its share of a night, and nights of many counties.

What they import brings Airflow's components up, so it is imported when such a row is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from bench.report import Row


def airflow_share(nights: int) -> dict[str, Row]:
    """Measure nights in which nothing is new: ``seconds`` no stage was at work, ``ratio`` of the whole night."""
    told = importlib.import_module("bench.night").airflow_share(nights=nights)
    share = told["seconds"] / told["wall_seconds"]
    row = Row(told["seconds"], None, 1, ratio=share, client_cpu=told["cpu_seconds"], runs=nights)
    return {"airflow_share": row}


def counties(counts: Sequence[int], nights: int, celery: str | None) -> dict[str, Row]:
    """Measure nights of regions of so many counties, ``ratio`` being the time per county against the smallest."""
    module = importlib.import_module("bench.night_counties")
    rows: dict[str, Row] = {}
    smallest: float | None = None
    for count in sorted(counts):
        told = module.nights_of(count, nights=nights, celery=celery)
        each = told["seconds"] / count
        smallest = smallest or each
        row = Row(told["seconds"], None, count, ratio=each / smallest, client_cpu=told["cpu_seconds"], runs=nights)
        rows[module.name_of(count, celery)] = row
    return rows
