"""Secrets are made once, kept, private, and replaceable from the environment."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_stays_the_same_also_for_another_process(tmp_path: Path) -> None:
    first = Secrets(tmp_path / "secrets", {})
    password = first.text("database")
    assert len(password) == 32  # 24 bytes in base64
    assert first.text("database") == password
    assert Secrets(tmp_path / "secrets", {}).text("database", nbytes=48) == password
    assert first.text("another") != password


def test_files_and_folder_are_private_whatever_the_umask_and_the_folder_was(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    folder.chmod(0o755)
    before = os.umask(0)
    try:
        Secrets(folder, {}).text("database")
        Secrets(tmp_path / "new", {}).key("hash")
    finally:
        os.umask(before)
    assert [mode(folder), mode(folder / "database")] == [0o700, 0o600]
    assert [mode(tmp_path / "new"), mode(tmp_path / "new" / "hash")] == [0o700, 0o600]
    assert os.listdir(folder) == ["database"]  # no draft is left


def test_a_key_is_32_bytes_and_its_fernet_form_works(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {})
    key = secrets.key("vault")
    assert len(key) == 32
    assert key != Secrets(tmp_path / "other", {}).key("vault")
    assert base64.urlsafe_b64decode(secrets.fernet("vault")) == key
    box = Fernet(secrets.fernet("vault"))
    assert box.decrypt(box.encrypt(b"99")) == b"99"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(min_size=32, max_size=32), urlsafe=st.booleans(), padded=st.booleans())
def test_a_key_from_the_environment_may_be_in_either_base64(
    tmp_path: Path, raw: bytes, *, urlsafe: bool, padded: bool
) -> None:
    text = (base64.urlsafe_b64encode if urlsafe else base64.b64encode)(raw).decode()
    secrets = Secrets(tmp_path, {"XIEZUO_SECRET_VAULT": text if padded else text.rstrip("=")})
    assert secrets.key("vault") == raw
    assert base64.urlsafe_b64decode(secrets.fernet("vault")) == raw


def test_the_environment_overrides_and_leaves_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    stored = Secrets(folder, {}).text("database")
    assert Secrets(folder, {"XIEZUO_SECRET_DATABASE": " given \n"}).text("database") == "given"
    assert Secrets(folder, {"XIEZUO_SECRET_DATABASE": ""}).text("database") == stored
    assert Secrets(tmp_path / "none", {"XIEZUO_SECRET_DATABASE": "given"}).text("database") == "given"
    assert not (tmp_path / "none").exists()


def test_a_file_that_the_environment_names_is_read_and_never_made(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_text("from-a-file\n", encoding="ascii")
    environ = {"XIEZUO_SECRET_DATABASE_FILE": str(given)}
    secrets = Secrets(tmp_path / "none", environ)
    assert (secrets.text("database"), secrets.has("database"), secrets.is_given("database")) == ("from-a-file", True, True)
    assert Secrets(tmp_path, environ | {"XIEZUO_SECRET_DATABASE": "itself"}).text("database") == "itself"
    for spoil in (lambda: given.write_bytes(b"\n"), given.unlink):
        spoil()
        with pytest.raises(ConfigError, match=str(given)):
            secrets.text("database")
    assert not (tmp_path / "none").exists()


def is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.strip(), altchars=b"-_")) == 32
    except ValueError:
        return False


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1).filter(
        lambda text: len(text.strip()) > 6 and not is_key(text)
    )
)
def test_what_is_no_key_is_refused_without_being_quoted(tmp_path: Path, text: str) -> None:
    secrets = Secrets(tmp_path, {"XIEZUO_SECRET_VAULT": text})
    with pytest.raises(ConfigError, match="XIEZUO_SECRET_VAULT") as refused:
        secrets.key("vault")
    with pytest.raises(ConfigError) as other:
        Secrets(tmp_path, {"XIEZUO_SECRET_VAULT": "another wrong key"}).key("vault")
    assert str(refused.value) == str(other.value)  # the same words whatever was typed
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_a_damaged_secret_is_reported_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vault").write_bytes(content)
    with pytest.raises(ConfigError, match="vault"):
        Secrets(tmp_path, {}).text("vault")
    assert (tmp_path / "vault").read_bytes() == content


@pytest.mark.parametrize("name", ["", "../passwd", "A", "a/b", "a.b", ".a", "1a", "密", "loader_file"])
def test_a_name_that_is_no_plain_word_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Secrets(tmp_path, {}).text(name)


def test_processes_that_ask_at_once_get_one_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from xiezuo.base.secrets import Secrets; sys.stdin.read();"
        "print(Secrets(Path(sys.argv[1]), {}).text('database'))"
    )
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "s")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in asking:  # all are waiting on their input: let them go together
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    answers = {process.communicate()[0].strip() for process in asking}
    assert answers == {(tmp_path / "s" / "database").read_text().strip()}
    assert os.listdir(tmp_path / "s") == ["database"]


def test_secrets_do_not_show_in_its_representation(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, {"XIEZUO_SECRET_DATABASE": "given-value"})
    assert "given-value" not in repr(secrets) + str(secrets)
