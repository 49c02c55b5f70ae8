"""A secrets backend as an installation's own vault is one: Airflow asks it by name, and it lists nothing."""

from __future__ import annotations

import json
from pathlib import Path

from airflow.secrets.base_secrets import BaseSecretsBackend


class SecretsFile(BaseSecretsBackend):
    """Connections and variables in a JSON file: ``{"connections": {id: fields}, "variables": {name: text}}``."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._kept = json.loads(Path(path).read_text(encoding="utf-8"))

    def get_conn_value(self, conn_id: str, team_name: str | None = None) -> str | None:
        found = self._kept["connections"].get(conn_id)
        return None if found is None else json.dumps(found)

    def get_variable(self, key: str, team_name: str | None = None) -> str | None:
        return self._kept["variables"].get(key)
