"""Connections as Airflow's people make them: in a secrets backend, of any database type, with a test button."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

import xiezuo_sample as sample
from tests.data import sample_sources
from tests.integration.airflow.probe import ROOT, ask
from xiezuo.fetch.ledger_database import read_table
from xiezuo.warehouse import access
from xiezuo_sample.platforms.server import PlatformServer

SECRETS = ("sample-secret", "sample-session")
TAOBAO = "sales_620422_taobao"
Asked = Callable[..., tuple[dict[str, Any], str]]


@dataclass(frozen=True)
class Vault:
    """An Airflow whose connections stand in a file that is asked by name only."""

    folder: Path
    database: Path
    environ: dict[str, str]

    def ask(self, question: str, connections: dict[str, Any], listed: str = "", **more: str) -> tuple[Any, str]:
        """Ask dags_probe.py; return its answer and everything that was said."""
        path = self.folder / "vault.json"
        path.write_text(json.dumps({"connections": connections, "variables": {"xiezuo_connections": listed}}), encoding="utf-8")
        backend = {"BACKEND": "tests.data.secrets_file.SecretsFile", "BACKEND_KWARGS": json.dumps({"path": str(path)})}
        own = {f"AIRFLOW__SECRETS__{name}": text for name, text in backend.items()}
        own |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "XIEZUO_WAREHOUSE_URL": ""}
        answer, said = ask(self.folder, question, database=self.database, **(self.environ | own | more))
        return answer[question], said


@pytest.fixture
def vault(office: Any, tmp_path: Path, airflow_database: Path) -> Vault:
    folder = tmp_path / "airflow"
    folder.mkdir()
    return Vault(folder, airflow_database, dict(office.settings.environ))


def shop(port: int, name: str = "taobao", **changes: str) -> dict[str, Any]:
    """Return the fields of a sample platform's connection."""
    fields: dict[str, Any] = json.loads(sample_sources.platform(name, port)[1]) | {"conn_type": "sales_platform"}
    return fields | changes


def postgres(url: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a PostgreSQL connection, as Airflow's own form has them."""
    parts = urlsplit(url)
    return {"conn_type": "postgres", "host": parts.hostname, "port": parts.port, "login": parts.username,
            "password": parts.password, "schema": parts.path.strip("/"), **changes}  # fmt: skip


def test_platform_and_warehouse_are_found_in_a_secrets_backend(office: Any, vault: Vault, tmp_path: Path) -> None:
    """No variable of the environment names either of them."""
    sample.generate(office.settings, "620422", 2022, 3, 0.1, tmp_path / "sample")
    with PlatformServer(tmp_path / "sample", clock=office.settings.now) as server:
        kept = {TAOBAO: shop(server.port), "xiezuo_warehouse": postgres(access.url(office.settings, "owner"))}
        ran, said = vault.ask("sales", kept, TAOBAO)
    assert ran["run"] == "success", said[-3000:]
    assert ran["tasks"]["group.fetch"] == ["success"]
    assert office.ask("select distinct platform from core.sales_order") == [("taobao",)]
    assert not any(secret in said for secret in (*SECRETS, urlsplit(access.url(office.settings, "owner")).password))


def test_what_is_listed_and_not_there_fails_alone_and_is_named(office: Any, vault: Vault) -> None:
    ran, said = vault.ask("sales", {}, f"{TAOBAO}, sales_620422_jd", XIEZUO_WAREHOUSE_URL="embedded")
    assert (ran["run"], ran["tasks"]["plan"], ran["tasks"]["group.fetch"]) == ("failed", ["success"], ["failed"] * 2)
    assert f"no connection {TAOBAO}" in said


def test_an_airflow_that_is_not_told_where_the_warehouse_is_starts_none(vault: Vault) -> None:
    """A second, empty warehouse would swallow the year without a word."""
    home = vault.folder / "home"
    ran, said = vault.ask("sales", {}, XIEZUO_HOME=str(home))
    assert ran["tasks"]["plan"] == ["failed"]
    assert "where the warehouse is, is not said: neither XIEZUO_WAREHOUSE_URL nor the connection xiezuo_warehouse is set" in said
    assert not home.exists()


def test_the_ledger_may_be_of_any_type_that_has_a_hook(office: Any, vault: Vault) -> None:
    owner = access.url(office.settings, "owner")
    with psycopg.connect(owner) as connection:
        connection.execute("create table public.fund_project (project_code text primary key, county_code text)")
        connection.execute("insert into public.fund_project values ('P1', '620422')")
    found, _ = vault.ask("connections", {"fund_ledger": postgres(owner)})
    assert found["ledger"].startswith("postgresql+psycopg://")
    assert list(read_table(found["ledger"], "fund_project")) == [{"project_code": "P1", "county_code": "620422"}]
    assert found["platforms"] == []


def test_the_test_button_asks_the_platform_and_shows_no_secret(office: Any, vault: Vault, tmp_path: Path) -> None:
    sample.generate(office.settings, "620422", 2022, 3, 0.1, tmp_path / "sample")
    with PlatformServer(tmp_path / "sample", clock=office.settings.now) as server:
        shops = {
            TAOBAO: shop(server.port),
            "sales_620422_douyin": shop(server.port, "douyin", password="mistyped-secret"),
            "sales_620422_gone": shop(1),
            "sales_620422_half": shop(server.port, extra={"platform": "taobao", "county_code": "620422"}),
        }
        found, said = vault.ask("connections", shops, " ".join(shops))
    tested = {conn_id: tuple(answer) for conn_id, answer in found["tested"].items()}
    assert {conn_id: works for conn_id, (works, _) in tested.items()} == {
        TAOBAO: True, "sales_620422_douyin": False, "sales_620422_gone": False, "sales_620422_half": False,
    }  # fmt: skip
    words = {conn_id: text for conn_id, (_, text) in tested.items()}
    assert "连接正常：平台 taobao（接口类型 top）接受了签名" in words[TAOBAO]
    assert "签名" in words["sales_620422_douyin"]
    assert "extra.profile" in words["sales_620422_half"]
    assert not any(secret in json.dumps(found) + said for secret in (*SECRETS, "mistyped-secret"))


def test_a_warehouse_that_is_no_postgresql_is_refused(vault: Vault) -> None:
    for fields, said in (({"conn_type": "http", "host": "x"}, "不是可用的数据库连接"), ({"conn_type": "generic", "extra": {"sqlalchemy_url": "sqlite:///x"}}, "不是 PostgreSQL")):
        found, _ = vault.ask("connections", {"xiezuo_warehouse": fields})
        assert said in found["warehouse"]
