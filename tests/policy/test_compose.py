"""The server set-up: what docker-compose.yaml, the image and the settings promise, checked without an engine."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from xiezuo_local.configuration import airflow_environment
from xiezuo_local.instance import Instance

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yaml"
TEXT = COMPOSE.read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
START = ROOT / "deploy/image/start.sh"

AIRFLOW = {"migrate", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}
RUN_TASKS = {"migrate", "scheduler", "worker"}
REFERENCE = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)(?::([?-])([^}]*))?\}")
OFF = {"XIEZUO_LOGS_URL", "XIEZUO_OPENLINEAGE_URL", "XIEZUO_OTEL_ENDPOINT", "XIEZUO_OWNER_LINKS"}
"""What is empty until somebody wants it."""
SECRET = re.compile(r"(_(KEY|PASSWORD|SECRET|URL|BACKEND)|SQL_ALCHEMY_CONN(_ASYNC)?|XIEZUO_SECRET_.*(?<!_FILE))$")
NO_SECRET = {
    "AIRFLOW__API__BASE_URL", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "XIEZUO_WAREHOUSE_URL",
    "XIEZUO_OPENLINEAGE_URL", "XIEZUO_LOGS_URL",
}  # fmt: skip
OF_TASKS = {
    "postgres_owner", "postgres_loader", "postgres_analyst", "postgres_pages", "person_hash_key", "vault_key", "connections.env",
}  # fmt: skip
OF_AIRFLOW = {"airflow_db", "airflow_fernet_key", "airflow_jwt_secret", "airflow_api_secret", "redis"}
OF_BI = {"superset_key", "superset_admin", "postgres_analyst"}
SECRETS = sorted(OF_TASKS | OF_AIRFLOW | OF_BI | {"admin_password", "postgres_admin"})

each_service = pytest.mark.parametrize("name", SERVICES)


def settings() -> dict[str, str]:
    """Return .env.example: variable → default."""
    return dict(re.findall(r"^([A-Z_][A-Z0-9_]*)=(.*)$", EXAMPLE, re.MULTILINE))


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a part of the document."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """Return a folder with what compose reads, as `deploy/make-env.sh` leaves it."""
    for name in ("docker-compose.yaml", ".env.example", "connections.env.example"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / SERVICES["superset"]["build"]["context"]).mkdir(parents=True)
    make_env(tmp_path)
    return tmp_path


def make_env(folder: Path) -> str:
    done = subprocess.run(
        ["sh", str(ROOT / "deploy/make-env.sh"), str(folder)],  # noqa: S607  (the shell on PATH)
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def written(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_][A-Z0-9_]*)=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_walk_finds_the_services() -> None:
    assert set(SERVICES) == AIRFLOW | {"postgres-metadata", "postgres-warehouse", "redis", "superset"}
    assert [name for name, service in SERVICES.items() if service.get("profiles") == ["bi"]] == ["superset"]
    assert {name for name, service in SERVICES.items() if service.get("profiles") == ["celery"]} == {"redis", "worker"}


@each_service
def test_a_service_is_bounded_and_its_log_is_rotated(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["logging"]["options"].keys() >= {"max-size", "max-file"}
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["networks"]


@each_service
def test_a_service_says_when_it_is_healthy(name: str) -> None:
    if name == "migrate":  # it ends, and the others wait for its success
        assert "healthcheck" not in SERVICES[name]
        return
    check = SERVICES[name]["healthcheck"]
    assert check.keys() >= {"test", "interval", "timeout", "retries", "start_period"}
    expected = {
        "api-server": "/api/v2/version",
        "scheduler": ":8974/health",
        "dag-processor": "DagProcessorJob",
        "triggerer": "TriggererJob",
        "worker": "inspect ping",
        "redis": "redis-cli ping",
        "superset": ":8088/health",
    }.get(name, "pg_isready")
    assert expected in " ".join(check["test"])


def test_the_scheduler_serves_what_its_health_check_asks() -> None:
    assert SERVICES["scheduler"]["environment"]["AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK"] == "true"


@each_service
def test_an_image_is_named_shortly_and_with_a_version(name: str) -> None:
    image = REFERENCE.sub(lambda found: found[3], SERVICES[name]["image"])
    assert re.fullmatch(r"[a-z]+:[a-z0-9.-]+", image)
    assert not image.endswith(":latest")


@pytest.mark.parametrize("name", sorted(AIRFLOW))
def test_components_of_airflow_agree(name: str) -> None:
    first, own = SERVICES["scheduler"]["environment"], SERVICES[name]["environment"]
    for key in (
        "AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__FERNET_KEY_CMD", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
        "AIRFLOW__API__SECRET_KEY_CMD", "AIRFLOW__API_AUTH__JWT_SECRET_CMD", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD",
    ):  # fmt: skip
        assert own[key] == first[key], key
    assert own["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api-server:8080/execution/"
    assert SERVICES[name]["image"] == SERVICES["scheduler"]["image"]
    assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_nights_are_as_short_as_in_embedded_mode(tmp_path: Path) -> None:
    """What keeps Airflow's share small is set for every mode, and for every executor."""
    embedded = airflow_environment(Instance({"XIEZUO_HOME": str(tmp_path)}), "postgresql://nobody@nowhere/airflow", 1)
    for key in (
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME", "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL",
        "AIRFLOW__CORE__PARALLELISM", "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL",
    ):  # fmt: skip
        for name in sorted(AIRFLOW):
            given = REFERENCE.sub(lambda found: found[3], SERVICES[name]["environment"][key])
            assert float(given) == float(embedded[key]), (name, key)
    worker = SERVICES["worker"]["environment"]
    assert worker["AIRFLOW__CELERY__WORKER_CONCURRENCY"] == worker["AIRFLOW__CORE__PARALLELISM"]
    assert worker["AIRFLOW__CELERY__SYNC_PARALLELISM"] == "1"
    assert "/execution/health" in " ".join(SERVICES["api-server"]["healthcheck"]["test"])
    assert re.search(r"^ +PYTHONPATH=/opt/xiezuo/deploy/airflow\b", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)


@each_service
def test_a_service_is_given_the_secrets_it_uses_and_no_others(name: str) -> None:
    expected = {
        "postgres-metadata": {"airflow_db"}, "postgres-warehouse": {"postgres_admin", "postgres_owner"}, "redis": {"redis"},
        "api-server": OF_AIRFLOW | {"admin_password", "postgres_pages"}, "superset": OF_BI,
    }.get(name, OF_AIRFLOW | (OF_TASKS if name in RUN_TASKS else set()))  # fmt: skip
    assert set(SERVICES[name]["secrets"]) == expected
    used = set(re.findall(r"/run/secrets/([a-z_.]+)", " ".join(strings(SERVICES[name]))))
    assert used == expected, "what is used is given, and what is given is used"
    assert ("data" in SERVICES[name]["networks"]) == (name in RUN_TASKS | {"postgres-warehouse", "api-server", "superset"})


@each_service
def test_no_secret_stands_in_a_container_s_environment(name: str) -> None:
    """Whoever may ask the engine reads it with `docker inspect`."""
    assert "env_file" not in SERVICES[name]
    own = SERVICES[name].get("environment", {})
    assert not [variable for variable in own if SECRET.search(variable) and variable not in NO_SECRET]
    assert not [text for text in strings(own) if re.search(r"://[^/%]*:[^/%]*@", text)]
    for variable, value in own.items():
        if variable.endswith("_CMD"):
            assert re.fullmatch(r"secret\.sh /run/secrets/[a-z_]+( [a-z+]+://[a-z]*:%s@[a-z-]+:\d+/[a-z0-9]+)?", value), variable
        if variable.endswith("_FILE") and variable != "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE":
            assert value.startswith("/run/secrets/"), variable


def test_pages_read_the_warehouse_by_an_account_of_their_own_and_write_nothing_but_passwords() -> None:
    own = SERVICES["api-server"]
    assert own["environment"]["XIEZUO_WAREHOUSE_URL"] == SERVICES["scheduler"]["environment"]["XIEZUO_WAREHOUSE_URL"]
    assert "@" not in own["environment"]["XIEZUO_WAREHOUSE_URL"]
    assert [volume for volume in own["volumes"] if not volume.endswith(":ro")] == ["people:/srv/xiezuo/home/people"]


def test_all_that_run_tasks_share_what_one_leaves_for_another() -> None:
    for name in sorted(RUN_TASKS):
        assert SERVICES[name]["volumes"] == SERVICES["scheduler"]["volumes"]
    shared = {volume.split(":")[-1 if not volume.endswith(":ro") else -2] for volume in SERVICES["worker"]["volumes"]}
    assert shared == {
        "/srv/xiezuo/home", "/srv/xiezuo/home/people", "/srv/xiezuo/inbox", "/srv/xiezuo/out", "/srv/xiezuo/backup",
        "/opt/airflow/logs",
    }  # fmt: skip
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert all(re.search(rf"{folder}( |$)", image, re.MULTILINE) for folder in shared), "made there, owned by its user"


def test_the_dashboard_knows_the_analyst_s_account_and_no_other() -> None:
    """It starts from its own folder, by hashes, as nobody in particular, and its warehouse is never written in a file."""
    own = SERVICES["superset"]
    said = " ".join(strings(own))
    assert "/run/secrets/postgres_analyst" in said
    assert not re.search(r"OWNER|LOADER|VAULT|HASH_KEY|xiezuo_owner", said)
    folder = ROOT / own["build"]["context"]
    image = (folder / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes --requirement requirements.lock" in image
    assert re.findall(r"^USER (.+)$", image, re.MULTILINE) == ["10001:10001"]
    copied = {source for line in re.findall(r"^COPY (?!--from)(.+)$", image, re.MULTILINE) for source in line.split()[:-1]}
    assert all((folder / source).exists() for source in copied)
    assert copied >= {"assets", "superset_config.py", "start.sh"}
    uri = yaml.safe_load((folder / "assets/databases/xiezuo.yaml").read_text(encoding="utf-8"))["sqlalchemy_uri"]
    assert "://xiezuo_analyst@" in uri


def test_airflow_s_database_and_queue_cannot_be_reached_from_outside() -> None:
    assert DOCUMENT["networks"]["control"]["internal"] is True
    for name in ("postgres-metadata", "redis"):
        assert SERVICES[name]["networks"] == ["control"]
        assert "ports" not in SERVICES[name]


def test_ports_are_open_to_this_machine_only_unless_told_otherwise() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"api-server", "postgres-warehouse", "superset"}
    for (port,) in published.values():
        assert REFERENCE.sub(lambda found: found[3], port).startswith("127.0.0.1:")
    assert all(value == "127.0.0.1" for key, value in settings().items() if key.endswith("_BIND"))


def test_everything_waits_for_the_migration() -> None:
    for name in AIRFLOW - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert {name: on["condition"] for name, on in SERVICES["migrate"]["depends_on"].items()} == {
        "postgres-metadata": "service_healthy",
        "postgres-warehouse": "service_healthy",
    }


def test_every_volume_is_declared_and_used() -> None:
    mounted = {
        REFERENCE.sub(lambda found: found[3], volume).split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
    }
    assert {volume for volume in mounted if not volume.startswith((".", "/"))} == set(DOCUMENT["volumes"])
    inbox = [volume for volume in SERVICES["scheduler"]["volumes"] if "/inbox" in volume]
    assert inbox
    assert all(volume.endswith(":ro") for volume in inbox), "files are never moved or changed"


def test_every_setting_is_used_and_every_reference_is_a_setting() -> None:
    used = {variable for text in strings(DOCUMENT) for variable, _, _ in REFERENCE.findall(text)}
    assert used == set(settings())


def test_every_secret_is_a_file_and_the_settings_hold_none() -> None:
    assert sorted(DOCUMENT["secrets"]) == SECRETS
    for name, secret in DOCUMENT["secrets"].items():
        assert secret == {"file": f"${{XIEZUO_SECRETS_DIR:?run deploy/make-env.sh}}/{name}"}
        assert re.search(rf"(?<![a-z])(postgres)?{name.removeprefix('postgres')}\b", EXAMPLE), f"{name} is explained in .env.example"
    assert not [variable for variable in settings() if re.search(r"_(KEY|PASSWORD|SECRET)$|^XIEZUO_SECRET_", variable)]
    assert {variable for variable, value in settings().items() if not value} == OFF


def test_defaults_of_the_settings_are_those_of_the_compose_file() -> None:
    given = settings()
    for text in strings(DOCUMENT):
        for variable, mark, default in REFERENCE.findall(text):
            assert mark == "?" or given[variable] == default, variable


def test_every_setting_is_explained_in_both_languages() -> None:
    comment: list[str] = []
    explained = 0
    for line in EXAMPLE.splitlines():
        if line.startswith("#"):
            comment.append(line)
        elif not line:
            comment = []
        else:
            explained += 1
            said = " ".join(comment)
            assert re.search(r"[\u4e00-\u9fff]{4}", said), line
            assert len(re.findall(r"[A-Za-z]{2,}", said)) >= 4, line
    assert explained == len(settings())


def test_fresh_secrets_are_strong_different_and_for_the_owner_s_eyes(server: Path) -> None:
    assert written(server / ".env") == settings()
    folder = server / "secrets"
    assert sorted(path.name for path in folder.iterdir()) == SECRETS
    given = {path.name: path.read_text(encoding="ascii").strip() for path in folder.iterdir() if path.suffix != ".env"}
    assert len(set(given.values())) == len(given)
    for name, value in given.items():
        if name.endswith("_key"):
            Fernet(value)
        else:
            assert re.fullmatch(r"[A-Za-z0-9_-]{40}", value), "it becomes part of a URL"
        assert mode(folder / name) == 0o444, "containers read it under accounts of their own"
    assert mode(folder) == 0o700, "and nobody else comes near it"
    assert mode(server / ".env") == 0o600


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_is_there_is_left_alone_and_what_a_new_version_needs_is_added(server: Path) -> None:
    (server / "secrets/connections.env").write_text("OWN=1\n", encoding="utf-8")
    before = everything(server)
    make_env(server)
    assert everything(server) == before
    (server / "secrets/postgres_pages").unlink()
    make_env(server)
    after = everything(server)
    assert after.pop("secrets/postgres_pages") != before.pop("secrets/postgres_pages")
    assert after == before


@pytest.mark.parametrize("name", ["vault_key", "person_hash_key", "airflow_db"])
def test_a_secret_that_opens_what_is_stored_is_not_made_anew(server: Path, name: str) -> None:
    (server / "secrets" / name).unlink()
    with pytest.raises(subprocess.CalledProcessError) as refused:
        make_env(server)
    assert refused.value.returncode == 2
    assert f"secrets/{name}" in refused.value.stderr
    assert not (server / "secrets" / name).exists()


def test_secrets_of_an_older_version_move_from_the_settings_into_files(tmp_path: Path) -> None:
    for name in ("docker-compose.yaml", ".env.example", "connections.env.example"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "deploy/superset").mkdir(parents=True)  # compose looks whether what it would build from is there
    old = {"XIEZUO_ADMIN_PASSWORD": "a-1", "XIEZUO_SECRET_VAULT_KEY": "k=", "AIRFLOW_DB_PASSWORD": "d_2", "XIEZUO_HTTP_PORT": "9"}
    (tmp_path / ".env").write_text("".join(f"{key}={value}\n" for key, value in old.items()), encoding="utf-8")
    (tmp_path / "connections.env").write_text("OWN=1\n", encoding="utf-8")
    make_env(tmp_path)
    assert written(tmp_path / ".env") == {"XIEZUO_HTTP_PORT": "9", "XIEZUO_SECRETS_DIR": "./secrets"}
    now = everything(tmp_path / "secrets")
    assert (now["admin_password"], now["vault_key"], now["airflow_db"]) == ("a-1\n", "k=\n", "d_2\n")
    assert now["connections.env"] == "OWN=1\n"
    assert sorted(now) == SECRETS
    assert not (tmp_path / "connections.env").exists()
    assert compose(tmp_path).returncode == 0


@pytest.mark.parametrize("profiles", ["", "celery", "bi"])
def test_compose_reads_the_file(server: Path, profiles: str) -> None:
    done = compose(server, "config", COMPOSE_PROFILES=profiles)
    assert (done.returncode, done.stderr) == (0, "")
    read = yaml.safe_load(done.stdout)
    assert {secret["file"] for secret in read["secrets"].values()} == {str(server / "secrets" / name) for name in SECRETS}
    given = everything(server / "secrets")
    assert not [name for name, value in given.items() if name != "connections.env" and value.strip() in done.stdout]


def test_compose_refuses_to_start_before_there_are_secrets(server: Path) -> None:
    (server / ".env").write_text("", encoding="utf-8")
    done = compose(server)
    assert done.returncode != 0
    assert "deploy/make-env.sh" in done.stderr


def compose(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `docker-compose config`; it needs no engine."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed (apt install docker-compose); the other tests read the file themselves")
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "LC_ALL"}}
    return subprocess.run(
        [program, *(words or ("config", "-q"))], cwd=folder, env=kept | environ, capture_output=True, text=True, check=False
    )


def test_the_image_holds_what_the_pipeline_reads() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = {source for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for source in line.split()[:-1]}
    assert copied >= {"dags", "plugins", "requirements-celery.lock"}
    assert all((ROOT / source).exists() for source in copied)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert all(any(one == source or one.startswith(f"{source}/") for one in allowed) for source in copied)
    assert not allowed & {".env", "connections.env", ".git"}


def test_the_image_holds_the_wheel_and_no_second_copy_of_what_is_in_it() -> None:
    first, second = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")[1:]
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied, _, _ = first.partition("pip install --no-index --no-deps --no-build-isolation .")
    assert {f"COPY {part} {part}" for part in wheel["only-include"]} <= set(copied.splitlines())
    assert not any(part in second for part in (*wheel["only-include"], "XIEZUO_ROOT"))
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert [line for line in ignored if line.startswith("!src")] == ["!src/xiezuo"]


def test_the_image_checks_hashes_and_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes --requirement requirements-celery.lock" in text
    assert re.search(r"^FROM \$\{PYTHON_IMAGE\}", text, re.MULTILINE)
    assert "ARG PYTHON_IMAGE=python:3.13-slim-bookworm" in text
    users = re.findall(r"^USER (.+)$", text, re.MULTILINE)
    assert users == ["10001:10001"]
    assert not re.search(r"^(ENV|ARG).*(PASSWORD|SECRET|TOKEN)", text, re.MULTILINE)


def test_the_entrance_knows_every_command_of_the_compose_file() -> None:
    commands = {service["command"][0] for name, service in SERVICES.items() if name in AIRFLOW}
    text = START.read_text(encoding="utf-8")
    known = {word for line in re.findall(r"^    ([a-z][a-z| -]+)\)$", text, re.MULTILINE) for word in line.split(" | ")}
    assert commands == known == AIRFLOW


@pytest.mark.parametrize(
    "script",
    ["deploy/image/start.sh", "deploy/image/secret.sh", "deploy/make-env.sh", "deploy/postgres/warehouse.sh",
     "deploy/superset/start.sh", ".ci/run"],
)  # fmt: skip
def test_scripts_can_be_run_and_stop_at_the_first_error(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert re.search(r"^set -eu", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_continuous_integration_installs_what_the_page_of_pdf_names() -> None:
    wanted = re.search(r"^wanted=\((.*?)^\)", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    page = re.search(r"apt-get install --no-install-recommends (.*?)```", (ROOT / "docs/pdf.md").read_text(encoding="utf-8"), re.DOTALL)
    assert wanted
    assert page
    packages = set(page[1].replace("\\", " ").split())
    assert len(packages) > 4
    assert packages <= set(re.sub(r"#.*", "", wanted[1]).split())


@pytest.mark.parametrize(
    ("words", "said"),
    [(["worker"], "XIEZUO_EXECUTOR=CeleryExecutor"), ([], "say what to start")],
)
def test_the_entrance_says_what_is_wrong(words: list[str], said: str) -> None:
    environ = {"PATH": os.environ["PATH"], "AIRFLOW__CORE__EXECUTOR": "LocalExecutor"}
    done = subprocess.run([str(START), *words], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr


def test_the_entrance_runs_any_other_command() -> None:
    done = subprocess.run([str(START), "echo", "two words"], capture_output=True, text=True, check=True)
    assert done.stdout == "two words\n"


def test_the_entrance_takes_connections_from_a_file_as_they_stand(tmp_path: Path) -> None:
    lines = ["# a comment", "", "AIRFLOW_CONN_A={\"password\":\"p$a'b\"}", "XIEZUO_NOTIFY_URLS=one://x two://y\r", "not a setting"]
    (tmp_path / "file").write_bytes("\n".join(lines).encode())
    environ = {"PATH": os.environ["PATH"], "XIEZUO_ENV_FILE": str(tmp_path / "file")}
    done = subprocess.run([str(START), "env"], env=environ, capture_output=True, text=True, check=True)
    given = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert given["AIRFLOW_CONN_A"] == "{\"password\":\"p$a'b\"}"
    assert given["XIEZUO_NOTIFY_URLS"] == "one://x two://y"
    assert set(given) <= {"AIRFLOW_CONN_A", "XIEZUO_NOTIFY_URLS", "PATH", "XIEZUO_ENV_FILE", "PWD", "OLDPWD", "SHLVL", "_"}


def test_a_command_that_passes_by_the_entrance_has_the_connections_too() -> None:
    """`docker compose exec scheduler xiezuo arrivals` asks which platforms are connected."""
    assert os.access(START.with_name("xiezuo"), os.X_OK)
    assert "start.sh" in START.with_name("xiezuo").read_text(encoding="utf-8")
    path = re.search(r"^ENV PATH=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert path
    assert path[1].split(":")[:2] == ["/opt/xiezuo/deploy/image", "/opt/venv/bin"]


def test_a_secret_is_printed_alone_or_within_a_text(tmp_path: Path) -> None:
    secret = tmp_path / "secret"

    def said(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(START.with_name("secret.sh")), str(secret), *words], capture_output=True, text=True, check=False)

    secret.write_text("p%d\\n-1\n", encoding="ascii")
    assert said().stdout == "p%d\\n-1"
    assert said("redis://:%s@redis:6379/0").stdout == "redis://:p%d\\n-1@redis:6379/0"
    secret.write_text("\n", encoding="ascii")
    assert (said().returncode, said().stdout) == (2, "")
    assert "deploy/make-env.sh" in said().stderr
    secret.unlink()
    assert (said().returncode, said().stdout) == (2, "")
