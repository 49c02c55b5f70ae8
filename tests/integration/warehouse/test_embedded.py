"""The embedded server: one cluster whoever starts it, found again, recovered, private."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.warehouse.embedded import binaries, site
from xiezuo.warehouse.embedded import process as embedded_process
from xiezuo.warehouse.embedded.server import EmbeddedServer, Endpoint

ROOT = os.geteuid() == 0
SOURCE = Path(embedded_process.__file__).parents[1]


def server_of(home: Path) -> EmbeddedServer:
    return EmbeddedServer(home, Secrets(home / "secrets", {}))


@contextmanager
def new_home() -> Iterator[Path]:
    """Yield a home in a folder every account can pass through; stop and delete what is there after."""
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-test-"))
    outer.chmod(0o711)
    home = outer / "协作 office's home; *"  # a path that has to be passed on as it is
    try:
        yield home
    finally:
        server_of(home).stop()
        shutil.rmtree(outer)


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """Yield one home for all tests that leave a server as good as they found it."""
    with new_home() as home:
        yield home


def rows(endpoint: Endpoint, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(endpoint.url("postgres"), autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()


def write(endpoint: Endpoint, *statements: str) -> None:
    with psycopg.connect(endpoint.url("postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def postmaster_pid(home: Path) -> int:
    return int((home / "postgres/data/postmaster.pid").read_text().splitlines()[0])


@contextmanager
def looking_inside() -> Iterator[None]:
    """Skip where root may not look into the processes of other accounts, as in most containers."""
    try:
        yield
    except psutil.AccessDenied:
        pytest.skip("this machine does not let the test look into the server's process")


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait for something that has to happen; the limit only keeps a broken run from hanging."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_first_start_then_everyone_attaches(shared: Path) -> None:
    server = server_of(shared)
    assert not server.running()
    assert "not running" in str(server.status())
    endpoint = server.ensure()
    assert server.running()
    assert f"127.0.0.1:{endpoint.port}" in str(server.status())
    pid = postmaster_pid(shared)
    assert server_of(shared).ensure() == endpoint
    assert postmaster_pid(shared) == pid
    assert endpoint.password not in repr(endpoint)


def test_the_settings_a_warehouse_of_chinese_text_needs(shared: Path) -> None:
    endpoint = server_of(shared).ensure()
    wanted = {
        "fsync": "on",
        "jit": "off",
        "TimeZone": "Asia/Shanghai",
        "server_encoding": "UTF8",
        "max_connections": "200",
        "unix_socket_directories": "",
        "password_encryption": "scram-sha-256",
    }
    for name, value in wanted.items():
        assert rows(endpoint, f"show {name}") == [(value,)], name
    write(endpoint, "create extension if not exists pg_trgm")
    trigrams = rows(endpoint, "select unnest(show_trgm('会宁县劳务协作'))")
    assert len(trigrams) > 0


def test_urls_quote_whatever_a_name_or_password_holds(shared: Path) -> None:
    endpoint = server_of(shared).ensure()
    write(
        endpoint,
        """create role "a:/@ 员" login password 'p:/@?#% 密'""",
        'create database "d/? 库"',
    )
    url = endpoint.url("d/? 库", user="a:/@ 员", password="p:/@?#% 密")
    with psycopg.connect(url) as connection:
        assert connection.execute("select current_user, current_database()").fetchone() == (
            "a:/@ 员",
            "d/? 库",
        )
    assert endpoint.password not in endpoint.url("postgres", user="a")


def test_a_wrong_or_missing_password_is_refused(shared: Path) -> None:
    endpoint = server_of(shared).ensure()
    for password in ("wrong", None):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                endpoint.url("postgres", user=endpoint.user, password=password), passfile="/nowhere"
            )


def test_it_listens_on_the_loopback_address_only(shared: Path) -> None:
    endpoint = server_of(shared).ensure()
    process = psutil.Process(postmaster_pid(shared))
    with looking_inside():
        sockets = process.net_connections("all")
    addresses = [tuple(each.laddr) for each in sockets if each.status == psutil.CONN_LISTEN]
    assert addresses == [("127.0.0.1", endpoint.port)]
    assert not [each for each in sockets if each.family == socket.AF_UNIX]


def test_files_are_private_and_programs_not_the_servers_to_change(shared: Path) -> None:
    server_of(shared).ensure()
    folder = shared / "postgres"
    account = folder.joinpath("data").stat().st_uid
    assert account != 0
    for path in [folder / "data", *folder.joinpath("data").rglob("*")]:
        if not path.exists():  # temporary files of the server come and go
            continue
        assert path.stat().st_uid == account
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    for name in ("lock", "location.json", "server.log"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == (0o711 if ROOT else 0o700)
    assert {path.stat().st_uid for path in (folder / binaries.wheel_version()).rglob("*")} == {
        os.geteuid()
    }
    assert not list(folder.glob(".*"))  # neither drafts nor the password's file


def test_the_server_inherits_nothing_of_its_starter(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server_of(shared).stop()
    monkeypatch.setenv("AIRFLOW_CONN_SALES_SAMPLE", "not-for-others")
    with (shared / "held").open("w") as held:
        inherited = True
        os.set_inheritable(held.fileno(), inherited)
        server_of(shared).ensure()
    process = psutil.Process(postmaster_pid(shared))
    assert os.getsid(process.pid) != os.getsid(0)
    assert process.ppid() != os.getpid()
    assert process.uids().real != 0
    assert 0 not in process.gids()
    with looking_inside():
        variables = process.environ()
        names = {each.path for each in process.open_files()}
    assert "AIRFLOW_CONN_SALES_SAMPLE" not in variables
    assert not names & {str(shared / "held"), str(shared / "postgres/lock")}


def test_errors_put_neither_values_nor_statements_into_the_log(shared: Path) -> None:
    endpoint = server_of(shared).ensure()
    write(endpoint, "drop table if exists person", "create table person (name text primary key, born date)")
    write(endpoint, "insert into person values ('marker-of-a-row', null)")
    for statement in (
        "insert into person values ('marker-of-a-row', null)",
        "insert into person values ('x', 'marker-of-a-row')",
        "select 'marker-of-a-row' from nowhere",
    ):
        with pytest.raises(psycopg.Error):
            write(endpoint, statement)
    with psycopg.connect(endpoint.url("postgres")) as connection, pytest.raises(psycopg.Error):
        connection.execute("select %s::date", ["marker-of-a-row"])
    log = (shared / "postgres/server.log").read_text()
    assert "ready to accept connections" in log
    assert "marker" not in log


def test_committed_rows_survive_a_killed_server_with_a_backend_at_work(shared: Path) -> None:
    server = server_of(shared)
    endpoint = server.ensure()
    write(
        endpoint, "drop table if exists kept", "create table kept (n integer)", "insert into kept values (7)"
    )
    busy = psycopg.connect(endpoint.url("postgres"))
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"select count(*) from generate_series(1, 1000000000000)")
    killed = postmaster_pid(shared)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: not embedded_process.alive(killed))
    assert not server.running()
    again = server.ensure()
    assert rows(again, "select n from kept") == [(7,)]
    assert not embedded_process.alive(backend)
    assert postmaster_pid(shared) != killed
    busy.close()


def test_who_attached_before_looks_again_only_when_another_server_runs(shared: Path) -> None:
    """A process asks many times: the second answer is the first, until the server was killed and is started again."""
    server = server_of(shared)
    first = server.attach()
    assert server_of(shared).attach() is first
    killed = postmaster_pid(shared)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(killed))
    assert rows(server.attach(), "select 1") == [(1,)]
    assert postmaster_pid(shared) != killed


@pytest.mark.parametrize("program", [["sleep", "600"], ["true"]], ids=["living", "zombie"])
def test_a_pid_file_that_names_a_stranger_does_not_stop_a_start(shared: Path, program: list[str]) -> None:
    server = server_of(shared)
    server.ensure()
    server.stop()
    data = shared / "postgres/data"
    account = data.stat()
    stranger = subprocess.Popen(program, user=account.st_uid if ROOT else None)
    try:
        if program == ["true"]:  # ended, and not asked for its status: its number is still taken
            wait_for(lambda: not embedded_process.alive(stranger.pid))
        pid_file = data / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{data}\n1\n5432\n\n127.0.0.1\n")
        os.chown(pid_file, account.st_uid, account.st_gid)
        assert not server.running()
        server.stop()
        assert rows(server.ensure(), "select 1") == [(1,)]
        assert psutil.pid_exists(stranger.pid)  # not ours to stop
    finally:
        stranger.kill()
        assert stranger.wait() == (0 if program == ["true"] else -signal.SIGKILL)


def test_the_pid_file_of_a_live_server_is_never_removed(shared: Path) -> None:
    server_of(shared).ensure()
    pid = postmaster_pid(shared)
    embedded_process.clear_leftovers(shared / "postgres/data")
    assert postmaster_pid(shared) == pid
    assert embedded_process.alive(pid)


def test_a_taken_port_is_left_to_its_taker(shared: Path) -> None:
    server = server_of(shared)
    before = server.ensure()
    server.stop()
    with socket.create_server(("127.0.0.1", before.port)):
        after = server.ensure()
        assert after.port != before.port
        assert rows(after, "select 1") == [(1,)]
        assert json.loads((shared / "postgres/location.json").read_text())["port"] == after.port
    server.stop()
    assert server.ensure() == after  # recorded, so kept


def test_stop_may_be_called_at_any_time(shared: Path, tmp_path: Path) -> None:
    server = server_of(shared)
    server.ensure()
    server.stop()
    assert not server.running()
    server.stop()
    server_of(tmp_path / "never").stop()
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("name", ["a$HOME", 'a"b', "a`b", "a\\b", "a\nb"])
def test_a_path_initdb_cannot_work_in_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="XIEZUO_HOME"):
        server_of(tmp_path / name).ensure()
    assert not list(tmp_path.iterdir())


def test_a_lost_password_is_explained(shared: Path) -> None:
    server_of(shared).ensure()
    with pytest.raises(ConfigError, match="password does not fit"):
        EmbeddedServer(shared, Secrets(shared / "secrets", {"XIEZUO_SECRET_POSTGRES": "other"})).ensure()


def test_a_home_moved_under_a_running_server_is_not_started_twice(shared: Path) -> None:
    server = server_of(shared)
    server.ensure()
    pid = postmaster_pid(shared)
    moved = shared.with_name("moved")
    shared.rename(moved)
    try:
        with pytest.raises(ConfigError, match="another data directory"):
            server_of(moved).ensure()
        assert embedded_process.alive(pid)
        server_of(moved).stop()
        assert not embedded_process.alive(pid)
    finally:
        moved.rename(shared)


def test_another_major_version_is_refused_before_anything_is_done_to_it(shared: Path) -> None:
    server = server_of(shared)
    server.ensure()
    server.stop()
    version = shared / "postgres/data/PG_VERSION"
    real = version.read_text()
    version.write_text("16\n")
    try:
        with pytest.raises(ConfigError, match="PostgreSQL 16"):
            server.ensure()
        assert not server.running()
    finally:
        version.write_text(real)


def test_a_server_that_refuses_to_start_points_to_its_log(shared: Path) -> None:
    server = server_of(shared)
    server.ensure()
    server.stop()
    settings = shared / "postgres/data/postgresql.conf"
    real = settings.read_text()
    settings.write_text(real + "\nshared_buffers = 'unreadable'\n")
    try:
        with pytest.raises(ConfigError, match=r"server\.log"):
            server.ensure()
    finally:
        settings.write_text(real)
    assert rows(server.ensure(), "select 1") == [(1,)]


def test_damaged_programs_are_replaced(shared: Path) -> None:
    server = server_of(shared)
    server.ensure()
    server.stop()
    tree = shared / "postgres" / binaries.wheel_version()
    program = binaries.Binaries(tree.name, tree).program("initdb")
    program.write_bytes(b"")
    server.ensure()
    assert program.stat().st_size > 0


ENSURE = """
import sys
from pathlib import Path
from xiezuo.warehouse.embedded.server import EmbeddedServer
from xiezuo.base.secrets import Secrets
home = Path(sys.argv[1])
sys.stdin.read()
print(EmbeddedServer(home, Secrets(home / "secrets", {})).ensure().port)
"""


def starter(home: Path) -> subprocess.Popen[str]:
    """Start a process that calls ensure() when its input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", ENSURE, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def release(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.stdin = None


def test_processes_racing_make_one_cluster_also_after_one_was_killed_making_it() -> None:
    with new_home() as home:
        killed = starter(home)
        release(killed)
        wait_for(lambda: killed.poll() is not None or any((home / "postgres").glob(".staging-*/data/base")))
        assert killed.poll() is None
        killed.kill()
        killed.communicate()
        assert not (home / "postgres/data").exists()

        racing = [starter(home) for _ in range(8)]
        for process in racing:
            release(process)
        ports = [process.communicate()[0].strip() for process in racing]
        assert [process.returncode for process in racing] == [0] * 8
        assert len(set(ports)) == 1
        # The one that started it is long gone.
        assert rows(server_of(home).ensure(), "select 1") == [(1,)]
        log = (home / "postgres/server.log").read_text()
        assert log.count("ready to accept connections") == 1
        server_of(home).stop()
        server_of(home).ensure()
        assert not list((home / "postgres").glob(".*"))


@pytest.mark.skipif(not ROOT, reason="only root changes accounts")
def test_root_with_a_home_nobody_can_reach_keeps_the_data_in_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with new_home() as open_home:
        elsewhere, private = open_home.parent / "lib", open_home.parent / "private"
        elsewhere.mkdir(mode=0o755)
        private.mkdir(mode=0o700)
        monkeypatch.setattr(site, "ELSEWHERE", (elsewhere,))
        home = private / "home"
        try:
            endpoint = server_of(home).ensure()
            assert server_of(home).ensure() == endpoint
            directory = Path(json.loads((home / "postgres/location.json").read_text())["directory"])
            assert directory.parent == elsewhere
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
            assert stat.S_IMODE((directory / "data").stat().st_mode) == 0o700
            assert (directory / "data").stat().st_uid != 0
            assert not (home / "postgres/data").exists()
            assert {each.name for each in directory.iterdir()} == {"data", binaries.wheel_version()}
        finally:
            server_of(home).stop()
        directory.rename(directory.with_name("gone"))
        with pytest.raises(ConfigError, match="is gone"):  # never an empty database in its place
            server_of(home).ensure()


@pytest.mark.skipif(not ROOT, reason="the other tests have shown it already")
def test_an_ordinary_user_runs_it_as_himself_and_root_leaves_it_his() -> None:
    user = pwd.getpwnam("daemon")
    with new_home() as home:
        home.mkdir()
        os.chown(home, user.pw_uid, user.pw_gid)
        # The interpreter may lie under root's home: fork, and change only the account.
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
                server_of(home).ensure()
            finally:
                os._exit(0 if (home / "postgres/data/postmaster.pid").exists() else 1)
        assert os.waitpid(child, 0)[1] == 0
        everything = [home / "postgres", *(home / "postgres").rglob("*"), home / "secrets"]
        assert {path.stat().st_uid for path in everything} == {user.pw_uid}
        assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
        assert psutil.Process(postmaster_pid(home)).uids().real == user.pw_uid

        server_of(home).stop()
        server_of(home).ensure()
        assert psutil.Process(postmaster_pid(home)).uids().real == user.pw_uid
        assert (home / "postgres/server.log").stat().st_uid == user.pw_uid
