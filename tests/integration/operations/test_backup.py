"""Backup and restore: the same warehouse again, never a half one, no key in the file, no password in sight."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.cli import main
from xiezuo.fetch.plan import SOURCES
from xiezuo.operations.backup import DUMP, MANIFEST, backup
from xiezuo.operations.nightly_backup import nightly_backup
from xiezuo.operations.restore import rehearse, restore
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access, logins
from xiezuo.warehouse.digest import digest
from xiezuo.warehouse.embedded.server import EmbeddedServer
from xiezuo.warehouse.pg_programs import program, run
from xiezuo_sample.codes import identity_number

LEDGER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
MEETINGS = ["会议时间", "会议类型", "议题"]


def person(serial: int) -> str:
    return identity_number(serial, date(1990, 1, 1 + serial % 28))


def fill(office: Any) -> None:
    """Take in two ledgers, one with a row that is held back, and compute the figures."""
    rows = [["张三", person(n), "会师镇", "天津市", "晨屿电子", "2022-03-05"] for n in range(1, 13)]
    bad = ["李四", "990000199001010000", "会师镇", "天津市", "晨屿电子", "2022-03-05"]
    title = ["劳务输转台账", "填报单位：甲站", "填报日期：2022-06-30"]
    office.drop("labour/甲站.csv", [title, LEDGER, *rows, bad])
    office.drop("work/会议_2022-06.csv", [MEETINGS, ["2022-02-10", "政府常务会", "研究事项"]])
    for source in ("labour", "work"):
        office.take(source)
    pipeline.build(office.settings)


@pytest.fixture
def filled(filled_once: Any, tmp_path: Path) -> Any:
    return filled_once(fill, tmp_path)


@pytest.fixture
def new_home() -> Iterator[Path]:
    """Yield a home nothing has been made in, which a server's account can pass through."""
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-restored-"))
    outer.chmod(0o711)
    try:
        yield outer / "home"
    finally:
        if (outer / "home").is_dir():
            access.stop(Settings.from_env({"XIEZUO_HOME": str(outer / "home")}))
        shutil.rmtree(outer)


def assert_nothing_to_do(office: Any) -> None:
    """Whatever the office drops was taken in, and its figures are computed."""
    assert [batch for source in SOURCES for batch in office.take(source)] == []
    assert pipeline.build(office.settings) == {"periods": 0, "values": 0, "touched": [], "datasets": []}


def held_back(settings: Settings) -> list[Any]:
    with access.connect(settings, "owner") as connection:
        rows = connection.execute("select payload from vault.rejected_row").fetchall()
    return [Privacy.of(settings).unseal(payload) for (payload,) in rows]


def test_what_was_destroyed_is_there_again_and_the_next_run_has_nothing_to_do(filled: Any, tmp_path: Path) -> None:
    settings, file = filled.settings, tmp_path / "one.tar"
    before = digest(settings)
    manifest = backup(settings, file)
    assert (manifest["digest"], manifest["counties"]) == (before, ["620422"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob("*one*")) == ["one.tar"]
    assert list(tmp_path.glob(".xiezuo-backup-*")) == []
    access.recreate(settings)
    assert restore(settings, file)["warnings_zh"] == []
    assert digest(settings) == before
    assert_nothing_to_do(filled)
    assert digest(settings) == before
    assert len(held_back(settings)) == 1
    with access.connect(settings, "analyst") as reader, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("select count(*) from vault.person")


def test_no_key_is_in_the_file(filled: Any, tmp_path: Path) -> None:
    backup(filled.settings, tmp_path / "one.tar", with_landing=True)
    content = (tmp_path / "one.tar").read_bytes()
    keys = [path.read_bytes().strip() for path in filled.settings.secrets_dir.iterdir()]
    assert len(keys) >= 4
    assert not [key for key in keys if key in content]


def test_a_new_home_needs_the_old_keys_first(filled: Any, tmp_path: Path, new_home: Path) -> None:
    """Without them people would count twice; with them everything is as it was, landed bytes included."""
    settings, file = filled.settings, tmp_path / "one.tar"
    manifest = backup(settings, file, with_landing=True)
    assert manifest["landing_files"] == 2
    moved = replace(
        settings, home=new_home, inbox=settings.inbox, environ={**settings.environ, "XIEZUO_HOME": str(new_home)}
    )
    with pytest.raises(ConfigError, match="person_hash_key"):
        restore(moved, file)
    assert not (moved.secrets_dir / "person_hash_key").exists()
    moved.secrets_dir.mkdir(parents=True)
    for name in ("person_hash_key", "vault_key"):
        shutil.copy(settings.secrets_dir / name, moved.secrets_dir / name)
    restore(moved, file)
    assert digest(moved) == manifest["digest"]
    assert held_back(moved) == held_back(settings)
    landed = sorted(path.name for path in moved.landing_dir.glob("??/*"))
    with access.connect(moved) as reader:
        assert [row[0] for row in reader.execute("select sha256 from audit.landing order by 1").fetchall()] == landed
    assert_nothing_to_do(replace(filled, settings=moved))


def test_other_keys_are_taken_only_when_told_and_said_loudly(filled: Any, tmp_path: Path) -> None:
    settings, file = filled.settings, tmp_path / "one.tar"
    backup(settings, file)
    other = replace(settings, environ={**settings.environ, "XIEZUO_SECRET_VAULT_KEY": "A" * 43 + "="})
    access.recreate(settings)
    with pytest.raises(ConfigError, match="vault_key") as refused:
        restore(other, file)
    assert "AAAA" not in str(refused.value)
    assert "vault_key" in restore(other, file, force=True)["warnings_zh"][0]


def test_rows_are_replaced_only_when_told(filled: Any, tmp_path: Path) -> None:
    settings, file = filled.settings, tmp_path / "one.tar"
    backup(settings, file)
    before = digest(settings)
    filled.deliver("work/会议_2022-07.csv", [MEETINGS, ["2022-07-10", "政府常务会", "后来的"]])
    later = digest(settings)
    with pytest.raises(ConfigError, match="has rows"):
        restore(settings, file)
    assert digest(settings) == later
    with access.connect(settings, "analyst") as idle:  # a client that stays connected is asked to leave
        restore(settings, file, force=True)
        with pytest.raises(psycopg.OperationalError):
            idle.execute("select 1")
    assert digest(settings) == before
    names = filled.ask("select datname from pg_database where datname like 'xiezuo\\_re%%'")
    assert names == []


def test_a_file_that_is_there_is_not_overwritten(filled: Any, tmp_path: Path) -> None:
    file = tmp_path / "one.tar"
    file.write_bytes(b"kept")
    with pytest.raises(ConfigError, match="there already"):
        backup(filled.settings, file)
    assert file.read_bytes() == b"kept"


def test_what_is_cut_off_changed_or_of_another_version_is_refused_and_nothing_changes(filled: Any, tmp_path: Path) -> None:
    settings, file = filled.settings, tmp_path / "one.tar"
    backup(settings, file)
    whole, before = file.read_bytes(), digest(settings)
    end = whole.rindex(b"\0" * 1024)  # the padding at the end holds nothing
    for share in (0.0, 0.001, 0.2, 0.6, 0.98):
        file.write_bytes(whole[: int(end * share)])
        assert_refused(settings, file, before)
    damages: list[dict[str, Any]] = [
        {"dump": lambda dump: dump[:-200] + bytes([dump[-200] ^ 1]) + dump[-199:]},
        *({"manifest": change} for change in (
            {"schema_version": "9999"}, {"format": 2}, {"digest": "0" * 64}, {"postgres": 99}, {"dump": None},
        )),
    ]  # fmt: skip
    for damage in damages:
        file.write_bytes(whole)
        rewrite(file, **damage)
        assert_refused(settings, file, before)
    file.write_bytes(whole)
    restore(settings, file, force=True)


def rewrite(file: Path, *, manifest: dict[str, Any] | None = None, dump: Any = None) -> None:
    """Write a backup anew with something in it changed."""
    with tarfile.open(file) as tar:
        parts = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}  # type: ignore[union-attr]
    parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | (manifest or {})).encode()
    if dump is not None:
        parts[DUMP] = dump(parts[DUMP])
    with tarfile.open(file, "w") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def kill_at_work(command: Sequence[str], environ: Mapping[str, str], seconds: float) -> None:
    """Run a command and kill it after so many seconds; one that was faster is run again and killed earlier."""
    while True:
        with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                return
        seconds *= 0.7


def restore_when_free(settings: Settings, file: Path) -> None:
    """Restore as soon as the server has noticed that the one at it is dead, which takes it some seconds."""
    until = time.monotonic() + 60
    while True:
        try:
            restore(settings, file, force=True)
        except ConfigError as error:
            if "under way" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


def assert_refused(settings: Settings, file: Path, before: str) -> None:
    with pytest.raises(ConfigError):
        restore(settings, file, force=True)
    assert digest(settings) == before


@pytest.mark.parametrize("moments", [(2, 4), pytest.param((1, 2, 3, 4, 5), marks=pytest.mark.sweep)], ids=["two", "five"])
def test_a_restore_that_is_killed_leaves_the_old_or_the_restored_warehouse(
    filled: Any, tmp_path: Path, moments: tuple[int, ...]
) -> None:
    """Killed at many moments; each time the warehouse is one of the two, and restoring again works."""
    settings, file = filled.settings, tmp_path / "one.tar"
    backup(settings, file)
    backed_up = digest(settings)
    environ = {key: text for key, text in os.environ.items() if not key.startswith("XIEZUO")}
    environ |= {key: text for key, text in settings.environ.items() if key.startswith("XIEZUO")}
    command = [sys.executable, "-m", "xiezuo.cli", "warehouse", "restore", str(file), "--force"]
    began = time.monotonic()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    whole = time.monotonic() - began
    for step in moments:
        filled.deliver(f"work/会议_2022-07_{step}.csv", [MEETINGS, ["2022-07-10", "政府常务会", f"后来的{step}"]])
        later = digest(settings)
        kill_at_work(command, environ, whole * (0.35 + 0.12 * step))
        pipeline.prepare(settings)  # what every start does
        assert digest(settings) in {backed_up, later}
    restore_when_free(settings, file)
    assert digest(settings) == backed_up


def test_a_server_of_ones_own_needs_the_right_for_it_and_nobody_connected(
    filled: Any, keys_of: Any, tmp_path: Path, new_home: Path
) -> None:
    """The owner of such a warehouse is no superuser; a stranger's session keeps the old warehouse in place."""
    settings, file = filled.settings, tmp_path / "one.tar"
    manifest = backup(settings, file)
    server = EmbeddedServer(new_home, Secrets(new_home / "secrets", {}))
    try:
        endpoint = server.ensure()
        with psycopg.connect(endpoint.url("postgres"), autocommit=True) as admin:
            admin.execute("create role xiezuo_owner login createrole password 'invented'")
            admin.execute("create database xiezuo owner xiezuo_owner encoding 'UTF8'")
            own = Settings.from_env(
                keys_of(settings) | {
                    "XIEZUO_HOME": str(tmp_path / "home"), "XIEZUO_INBOX": str(settings.inbox), "XIEZUO_INBOX_SETTLE": "0",
                    "XIEZUO_NOW": settings.environ["XIEZUO_NOW"],
                    "XIEZUO_WAREHOUSE_URL": f"postgresql://xiezuo_owner:invented@127.0.0.1:{endpoint.port}/xiezuo",
                }
            )  # fmt: skip
            with pytest.raises(ConfigError, match="may not create databases"):
                restore(own, file)
            admin.execute("alter role xiezuo_owner createdb")
            pipeline.prepare(own)
            empty = digest(own)
            monkey = pytest.MonkeyPatch()
            with monkey.context() as patch, psycopg.connect(endpoint.url("xiezuo")):
                patch.setattr("xiezuo.operations.restore._SWAPS", 2)
                with pytest.raises(ConfigError, match="stop Airflow"):
                    restore(own, file)
            assert digest(own) == empty
            restore(own, file)
            assert digest(own) == manifest["digest"]
            names = admin.execute("select datname from pg_database where datname like 'xiezuo%'").fetchall()
            assert names == [("xiezuo",)]
        with access.connect(own, "analyst") as reader:
            assert reader.execute("select count(*) > 0 from mart.indicator_value").fetchone() == (True,)
            assert reader.execute("select count(*) > 0 from mart.labour_placement").fetchone() == (True,)
        with pytest.raises(ConfigError, match="cannot be given by county"):  # its owner may let nobody pass the guard
            logins.add(own, "office_620422", "620422")
        assert_nothing_to_do(replace(filled, settings=own))
    finally:
        server.stop()


def nightly(filled: Any, folder: Path, *, day: int = 31, **changes: Any) -> Settings:
    """Return settings whose backups go into ``folder``, as of a night of December; ``changes`` to its terms."""
    root = folder.parent / "root"
    if not root.exists():
        root.mkdir()
        for part in ("include", "expectations"):
            shutil.copytree(filled.settings.root / part, root / part)
    terms = root / "include/operations.yaml"
    lines = terms.read_text(encoding="utf-8").splitlines()
    told = json.dumps({"keep": 2, "with_landing": True, "tried": True} | changes)
    kept = [line for line in lines if not line.startswith("backups:")]
    terms.write_text("\n".join([*kept, f"backups: {told}"]) + "\n", encoding="utf-8")
    now = f"2022-12-{day:02}T04:00:00+08:00"
    environ = {**filled.settings.environ, "XIEZUO_BACKUP_DIR": str(folder), "XIEZUO_NOW": now}
    return replace(filled.settings, root=root, environ=environ)


def databases(office: Any) -> list[str]:
    return [name for (name,) in office.ask("select datname from pg_database where datname like 'xiezuo\\_re%%'")]


def test_every_night_is_backed_up_and_tried_and_the_oldest_goes(filled: Any, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "by-hand.tar").write_bytes(b"kept")
    before, landed = digest(filled.settings), sorted(filled.settings.landing_dir.rglob("*"))
    terms = {28: False, 29: False, 30: True}
    done = [nightly_backup(nightly(filled, folder, day=day, tried=tried)) for day, tried in terms.items()]
    assert [one["removed"] for one in done] == [[], [], ["xiezuo-20221228T040000.tar"]]
    assert [one["tried"] for one in done] == list(terms.values())
    assert {one["digest"] for one in done} == {before}
    names = [f"xiezuo-202212{day}T040000.tar" for day in (29, 30)]
    assert sorted(path.name for path in folder.iterdir()) == ["by-hand.tar", *names]
    assert stat.S_IMODE((folder / names[0]).stat().st_mode) == 0o600
    assert (digest(filled.settings), sorted(filled.settings.landing_dir.rglob("*")), databases(filled)) == (before, landed, [])
    access.recreate(filled.settings)
    restore(filled.settings, folder / names[-1])
    assert digest(filled.settings) == before


def test_a_backup_that_could_not_be_restored_fails_the_night_and_no_earlier_one_goes(
    filled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    nightly_backup(nightly(filled, folder, day=29, tried=False))
    before = digest(filled.settings)
    whole = (folder / "xiezuo-20221229T040000.tar").read_bytes()

    def spoiled(settings: Settings, file: Path, **_: bool) -> dict[str, Any]:
        file.write_bytes(whole)
        rewrite(file, manifest={"digest": "0" * 64})
        return {"bytes": 1, "digest": "0" * 64}

    tonight = nightly(filled, folder, day=30, keep=1)
    with monkeypatch.context() as patch:
        patch.setattr("xiezuo.operations.nightly_backup.backup", spoiled)
        with pytest.raises(ConfigError, match="the backup says 000"):
            nightly_backup(tonight)
    assert len(list(folder.iterdir())) == 2
    assert (digest(filled.settings), databases(filled)) == (before, [])


def test_a_folder_that_is_not_there_is_not_made(filled: Any, tmp_path: Path) -> None:
    """It may be a disk that is not mounted tonight: what is written below it would be hidden tomorrow."""
    with pytest.raises(ConfigError, match="no folder"):
        nightly_backup(nightly(filled, tmp_path / "unmounted"))
    assert not (tmp_path / "unmounted").exists()


@pytest.mark.parametrize("shares", [(0.7,), pytest.param((0.4, 0.5, 0.6, 0.7, 0.8, 0.9), marks=pytest.mark.sweep)], ids=["one", "six"])
def test_a_night_that_is_killed_leaves_whole_backups_only_and_the_next_one_works(
    filled: Any, tmp_path: Path, shares: tuple[float, ...]
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    settings = nightly(filled, folder, keep=50)
    before = digest(settings)
    environ = {key: text for key, text in os.environ.items() if not key.startswith("XIEZUO")}
    environ |= {key: text for key, text in settings.environ.items() if key.startswith("XIEZUO") and key != "XIEZUO_NOW"}
    environ["XIEZUO_ROOT"] = str(settings.root)
    command = [sys.executable, "-m", "xiezuo.cli", "warehouse", "backup"]
    began = time.monotonic()
    subprocess.run(command, env=environ, check=True, capture_output=True)
    whole = time.monotonic() - began
    for share in shares:
        kill_at_work(command, environ, whole * share)
        for file in folder.glob("*.tar"):
            with tarfile.open(file) as tar:
                manifest = json.loads(tar.extractfile(MANIFEST).read())  # type: ignore[union-attr]
            assert manifest["digest"] == before
        assert digest(settings) == before
    until = time.monotonic() + 60
    while True:  # the server notices within some seconds that the one at it is dead
        try:
            nightly_backup(settings)
        except ConfigError as error:
            if "under way" not in str(error) or time.monotonic() > until:
                raise
            (folder / "xiezuo-20221231T040000.tar").unlink()
            time.sleep(0.5)
        else:
            break
    assert databases(filled) == []
    for left in folder.glob(".xiezuo-backup-*"):
        os.utime(left, (0, 0))
    nightly_backup(nightly(filled, folder, day=30, keep=50, tried=False))
    assert list(folder.glob(".xiezuo-backup-*")) == []


def test_a_rehearsal_refuses_what_a_restore_refuses(filled: Any, tmp_path: Path) -> None:
    settings, file = filled.settings, tmp_path / "one.tar"
    backup(settings, file, with_landing=True)
    before = digest(settings)
    assert rehearse(settings, file)["digest"] == before
    other = replace(settings, environ={**settings.environ, "XIEZUO_SECRET_VAULT_KEY": "A" * 43 + "="})
    with pytest.raises(ConfigError, match="vault_key"):
        rehearse(other, file)
    with tarfile.open(file) as tar:
        landed = next(member for member in tar.getmembers() if member.name.startswith("landing/"))
    content = bytearray(file.read_bytes())
    content[landed.offset_data] ^= 1
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="a landed file of the backup is damaged"):
        rehearse(settings, file)
    assert (digest(settings), databases(filled)) == (before, [])


def test_an_old_program_is_not_used(settings: Settings) -> None:
    assert program(settings, "pg_dump", major=15).is_file()
    with pytest.raises(ConfigError, match="postgresql-client-99"):
        program(settings, "pg_dump", major=99)


def test_a_password_is_on_no_command_line(settings: Settings, tmp_path: Path) -> None:
    script = tmp_path / "pg_dump"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$0" "$@" > {tmp_path}/words\nprintenv PGPASSWORD > {tmp_path}/handed\n')
    script.chmod(0o755)
    secret = str(psycopg.conninfo.conninfo_to_dict(access.url(settings, "owner"))["password"])
    run(settings, script, access.url(settings, "owner"), ["--format=custom"])
    assert secret not in (tmp_path / "words").read_text()
    assert (tmp_path / "handed").read_text().strip() == secret


def test_the_command_line_does_the_same(filled: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for name, text in filled.settings.environ.items():
        monkeypatch.setenv(name, text)
    file = tmp_path / "one.tar"
    before = digest(filled.settings)
    assert main(["warehouse", "backup", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["digest"] == before
    assert main(["warehouse", "restore", str(file)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["warehouse", "restore", str(file), "--force"]) == 0
    assert before in capsys.readouterr().out
    assert main(["warehouse", "restore", str(tmp_path / "none.tar")]) == 2
    assert not [p for p in psutil.process_iter() if p.name() in {"pg_dump", "pg_restore"} and p.ppid() == os.getpid()]
