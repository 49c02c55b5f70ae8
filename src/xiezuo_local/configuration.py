"""Airflow's configuration in embedded mode, by environment variables only: no file to edit, none to go stale."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from xiezuo.base.secrets import Secrets
from xiezuo.declared.people import MACHINE
from xiezuo_local.instance import HOST, Instance, write_whole

USER = MACHINE
ADMIN_SECRET = "airflow_admin"  # noqa: S105  (the name of a secret)
POOL = "xiezuo_platform"
_CHECKOUT = Path(__file__).resolve().parents[2]
"""Dags and plugins are this checkout's, also where ``XIEZUO_ROOT`` names declarations of one's own."""
WITHOUT_PEOPLE = "xiezuo_airflow.openlineage.WithoutPeople"
LINEAGE = {
    "AIRFLOW__OPENLINEAGE__NAMESPACE": "xiezuo",
    "AIRFLOW__OPENLINEAGE__EXTRACTORS": "xiezuo_airflow.openlineage.Noted",
}
OTEL = {
    "AIRFLOW__METRICS__OTEL_ON": "True",
    "AIRFLOW__TRACES__OTEL_ON": "True",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_TRACES_EXPORTER": "otlp_proto_http",  # traces do not look at the protocol
    "OTEL_SERVICE_NAME": "xiezuo",
}
STORED_LOGS = {"AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS": "xiezuo_task_logs.DEFAULT_LOGGING_CONFIG"}
"""These three are off unless somebody says where to; docker-compose.yaml and deploy/image/start.sh have the same."""
PATIENT_SECONDS = 1800
"""What Airflow gives up after: a Dag file being imported, a task in the queue, the token of one."""


def database_url(url: str) -> str:
    """Name the driver that is installed (psycopg 3, for both kinds of sessions)."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def airflow_environment(instance: Instance, metadata_url: str, port: int) -> dict[str, str]:
    """Return the whole environment of an Airflow component.

    The timings are measured: short idle sleep and heartbeat take a chain of ten tasks from 12 s to 3 s.
    """
    settings = instance.settings
    secrets = Secrets(settings.secrets_dir)
    base = f"http://{HOST}:{port}"
    airflow = {
        "CORE__DAGS_FOLDER": _CHECKOUT / "dags",
        "CORE__PLUGINS_FOLDER": _CHECKOUT / "plugins",
        "CORE__LOAD_EXAMPLES": False,
        "CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": 8,
        "CORE__FERNET_KEY": secrets.fernet("airflow_fernet"),
        "CORE__AUTH_MANAGER": "xiezuo_airflow.accounts.PeopleAuthManager",
        "CORE__TEST_CONNECTION": "Enabled",
        # Of what a connection's extra holds these are secret too: pages and logs show *** for them.
        "CORE__SENSITIVE_VAR_CONN_NAMES": "session,sqlalchemy_url",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": instance.airflow / "passwords.json",
        "CORE__EXECUTION_API_SERVER_URL": f"{base}/execution/",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": True,
        "CORE__DAGBAG_IMPORT_TIMEOUT": PATIENT_SECONDS,
        "CORE__KILLED_TASK_CLEANUP_TIME": 20,
        "DATABASE__SQL_ALCHEMY_CONN": database_url(metadata_url),
        "DATABASE__SQL_ALCHEMY_CONN_ASYNC": database_url(metadata_url),
        "DATABASE__CHECK_MIGRATIONS": False,
        "API__HOST": HOST,
        "API__PORT": port,
        "API__BASE_URL": base,
        "API__WORKERS": 1,
        "API__SECRET_KEY": secrets.text("airflow_api_secret", 48),
        "API__INSTANCE_NAME": "协作 Xiezuo",
        "API_AUTH__JWT_SECRET": secrets.text("airflow_jwt", 64),
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": 0.1,
        # A task whose process was killed tells nobody: it is tried again after a minute, not after five.
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": 60,
        "SCHEDULER__TASK_QUEUED_TIMEOUT": PATIENT_SECONDS,
        "EXECUTION_API__JWT_EXPIRATION_TIME": PATIENT_SECONDS,
        "WORKERS__MIN_HEARTBEAT_INTERVAL": 1,
        # Airflow's five seconds are less than a loaded machine needs for an answer.
        "WORKERS__EXECUTION_API_TIMEOUT": 120,
        "DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": PATIENT_SECONDS,
        # Parsing all Dags takes as much of a processor as five tasks do: every five minutes is often enough.
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 300,
        "LOGGING__BASE_LOG_FOLDER": instance.logs / "tasks",
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": instance.logs / "dag-parsing",
        "LOGGING__COLORED_CONSOLE_LOG": False,
        "USAGE_DATA_COLLECTION__ENABLED": False,
    }
    airflow |= _own_dags(instance.environ.get("XIEZUO_DAGS", ""))
    told = {f"AIRFLOW__{key}": str(value) for key, value in airflow.items()}
    return _inherited(instance) | told | telemetry(instance.environ)


def telemetry(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what lineage, metrics and stored logs need: nothing, unless the one variable of each says where to."""
    told: dict[str, str] = {}
    if url := environ.get("XIEZUO_OPENLINEAGE_URL"):
        receiver = {"type": "http", "url": url}
        transport = {"type": "transform", "transformer_class": WITHOUT_PEOPLE, "transport": receiver}
        told |= {"AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport), **LINEAGE}
    if url := environ.get("XIEZUO_OTEL_ENDPOINT"):
        told |= {"OTEL_EXPORTER_OTLP_ENDPOINT": url, **OTEL}
    if environ.get("XIEZUO_LOGS_URL"):
        told |= STORED_LOGS
    return told


def _own_dags(folder: str) -> dict[str, str]:
    """Return the bundles of Dags, where there is a folder of one's own beside this checkout's."""
    if not folder:
        return {}
    local = "airflow.dag_processing.bundles.local.LocalDagBundle"
    bundles = [
        {"name": "dags-folder", "classpath": local, "kwargs": {}},
        {"name": "own", "classpath": local, "kwargs": {"path": str(Path(folder).resolve())}},
    ]
    return {"DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles)}


def write_empty_file(instance: Instance) -> None:
    """Put an empty configuration file where Airflow would write one with its defaults of today in it."""
    path = instance.airflow / "airflow.cfg"
    if not path.exists():
        write_whole(path, "# Nothing is configured here: the launcher sets the environment.\n")


def _inherited(instance: Instance) -> dict[str, str]:
    """Start from the user's environment, without Airflow settings that belong to another Airflow."""
    environ = {
        key: value
        for key, value in instance.environ.items()
        if not key.startswith("AIRFLOW__") and key not in ("AIRFLOW_CONFIG", "VIRTUAL_ENV", "PYTHONHOME")
    }
    programs = str(Path(sys.executable).parent)
    return environ | {
        "AIRFLOW_HOME": str(instance.airflow),
        "PATH": os.pathsep.join([programs, environ.get("PATH", os.defpath)]),
        "PYTHONPATH": _joined(str(_CHECKOUT / "deploy/airflow"), environ.get("PYTHONPATH")),
        "PYTHONUNBUFFERED": "1",
        # A proxy for the outside must not come between the components.
        "NO_PROXY": _joined(f"{HOST},localhost", environ.get("NO_PROXY"), ","),
        "no_proxy": _joined(f"{HOST},localhost", environ.get("no_proxy"), ","),
        "XIEZUO_PLATFORM_POOL": POOL,
        "DO_NOT_TRACK": "1",
        "SCARF_ANALYTICS": "false",
    }


def admin_password(instance: Instance) -> str:
    """Return the password of the installation's own account, made at first use and handed to Airflow in a file."""
    password = Secrets(instance.settings.secrets_dir).text(ADMIN_SECRET, 12)
    path = instance.airflow / "passwords.json"
    content = json.dumps({USER: password}) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        write_whole(path, content)
    return password


def _joined(first: str, rest: str | None, separator: str = os.pathsep) -> str:
    return separator.join([first, rest]) if rest else first
