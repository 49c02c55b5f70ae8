"""What docker-compose.yaml tells Airflow, read by Airflow itself: secrets come out of their files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml

from tests.integration.airflow.probe import ROOT, environment

ASK = """
import json, sys
from airflow.configuration import conf
print(json.dumps({"/".join(name): conf.get(*name) for name in map(tuple, json.loads(sys.argv[1]))}))
"""


def test_airflow_reads_its_secrets_out_of_files(tmp_path: Path) -> None:
    told = yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))["services"]["dag-processor"]
    for name in told["secrets"]:
        (tmp_path / name).write_text(f"{name}-in-a-file\n", encoding="ascii")
    commands = {
        variable: text.replace("/run/secrets", str(tmp_path))
        for variable, text in told["environment"].items()
        if variable.endswith("_CMD")
    }
    names = [variable.removeprefix("AIRFLOW__").removesuffix("_CMD").lower().split("__", 1) for variable in commands]
    names = [name for name in names if name[0] != "celery"]  # its provider is in the image only
    environ = environment(tmp_path) | commands
    del environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    environ["PATH"] = f"{ROOT / 'deploy/image'}:{environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(names)], env=environ, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    url = "postgresql+psycopg://airflow:airflow_db-in-a-file@postgres-metadata:5432/airflow"
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "core/fernet_key": "airflow_fernet_key-in-a-file",
        "database/sql_alchemy_conn": url,
        "database/sql_alchemy_conn_async": url,
        "api/secret_key": "airflow_api_secret-in-a-file",
        "api_auth/jwt_secret": "airflow_jwt_secret-in-a-file",
    }
