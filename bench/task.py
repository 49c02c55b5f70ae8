"""What runs inside a measured process: reads its orders, times the work, says how it went.

Only the standard library is used: the peers' environments hold nothing of ours.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

RESULT = "BENCH_RESULT"
"""Names the file the result is written to."""


def timed(work: Callable[[], None]) -> None:
    """Run ``work`` and write its seconds, of the clock and of this process and its children's CPU.

    What came before (the interpreter, imports) does not count: Airflow's workers are forked with it.
    """
    cpu_before, before = _cpu(), time.perf_counter()
    work()
    result = {"seconds": time.perf_counter() - before, "cpu": _cpu() - cpu_before}
    Path(os.environ[RESULT]).write_text(json.dumps(result), encoding="utf-8")


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
