"""Asks dags_probe.py, in a process of its own: Airflow reads its environment when it is first imported."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of an Airflow that has nothing but this project in it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "XIEZUO"))}
    return kept | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "XIEZUO_HOME": str(home / "xiezuo"),
        "XIEZUO_WAREHOUSE_URL": "embedded",
        **more,
    }


def ask(home: Path, *questions: str, database: Path | None = None, **more: str) -> tuple[dict[str, Any], str]:
    """Ask in ``home``, where Airflow has a copy of ``database``; return the answers, and everything that was said."""
    if database is not None:
        shutil.copyfile(database, home / "airflow.db")
    command = [sys.executable, str(Path(__file__).with_name("dags_probe.py")), *questions]
    done = subprocess.run(command, cwd=home, env=environment(home, **more), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    answer: dict[str, Any] = json.loads((home / "answer.json").read_text(encoding="utf-8"))
    return answer, done.stdout + done.stderr
