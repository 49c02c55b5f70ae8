"""Folders that cannot be used: one sentence, what to do, exit code 2, in every command; never a traceback."""

from __future__ import annotations

import argparse
import errno
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
import requests
import xlsxwriter.exceptions

from xiezuo.base.settings import Settings
from xiezuo.cli import main, make_parser
from xiezuo.cli.failures import worded
from xiezuo_sample.codes import identity_number

HOMELESS = {"sample", "platform"}


def examples(parser: argparse.ArgumentParser) -> Iterator[list[str]]:
    """Yield a call of every command: the example of its help."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for one in below[0].choices.values() if below else ():
        yield from examples(one)
    if not below:
        yield shlex.split(str(parser.epilog).splitlines()[-1])[1:]


CALLS = [call for call in examples(make_parser()) if call[0] not in HOMELESS]


@pytest.fixture
def place() -> Iterator[Path]:
    """Yield a folder that every account can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="xiezuo-folders-"))
    folder.chmod(0o711)
    yield folder
    folder.chmod(0o711)
    shutil.rmtree(folder)


def in_one_sentence(err: str, *words: str) -> bool:
    sentence, step = err.splitlines()
    return sentence.startswith("xiezuo: 无法使用 ") and step.startswith("  → ") and all(w in sentence for w in words)


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
@pytest.mark.parametrize("below", ["", "deeper/home"])
def test_a_file_in_the_place_of_the_home(
    call: list[str], below: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "home").write_bytes(b"")
    monkeypatch.chdir(place)
    monkeypatch.setenv("XIEZUO_HOME", str(place / "home" / below))
    assert main(call) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert in_one_sentence(err, "XIEZUO_HOME", str(place / "home" / below))


AS_NOBODY = """
import contextlib, io, json, os, sys
from xiezuo.cli import main

def say(call):
    with contextlib.redirect_stderr(io.StringIO()) as err:
        code = main(call)
    return code, err.getvalue()

calls, home = json.load(sys.stdin), os.environ["XIEZUO_HOME"]
os.environ["XIEZUO_HOME"] = os.devnull
for call in calls:
    say(call)  # loads what it needs: where Python lies may be closed to an account without rights
os.environ["XIEZUO_HOME"] = home
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
for call in calls:
    print(json.dumps(say(call)))
"""


def said_to_nobody(place: Path, home: Path) -> list[str]:
    """Make every call as an account without rights; return what each said on standard error."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY], input=json.dumps(CALLS), capture_output=True, text=True, check=False,
        cwd=place, env={**os.environ, "XIEZUO_HOME": str(home), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [code for code, _ in answers] == [2] * len(CALLS)
    return [err for _, err in answers]


@pytest.mark.skipif(
    os.geteuid() == 0 and any(not parent.stat().st_mode & 0o001 for parent in Path(__file__).parents),
    reason="an account without rights cannot reach this checkout",
)
@pytest.mark.parametrize(("mode", "home"), [(0o555, "home"), (0o555, "new/home"), (0o000, "home"), (0o700, "new")])
def test_a_home_of_somebody_else(place: Path, mode: int, home: str) -> None:
    (place / "home").mkdir()
    (place / "home").chmod(mode)
    if home.startswith("new"):  # it would have to be made where this account may not
        place.chmod(0o555)
    said = said_to_nobody(place, place / home)
    assert all(in_one_sentence(err, "XIEZUO_HOME", str(place / home), "没有权限") for err in said)


@pytest.mark.parametrize(
    ("variable", "call"),
    [
        ("XIEZUO_OUT", "run --from 2022-01-01 --to 2022-01-31"),
        ("XIEZUO_INBOX", "run --from 2022-01-01 --to 2022-01-31"),
        ("XIEZUO_INBOX", "warehouse migrate"),
    ],
)
def test_a_file_in_the_place_of_inbox_or_output(
    variable: str, call: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "file").write_bytes(b"")
    monkeypatch.setenv("XIEZUO_HOME", str(place / "home"))
    monkeypatch.setenv(variable, str(place / "file"))
    assert main(call.split()) == 2
    assert in_one_sentence(capsys.readouterr().err, variable, str(place / "file"))


@pytest.mark.parametrize("call", ["export", "sample", "release rebuild 620422-2022-01-r1"])
def test_a_file_in_the_place_of_the_folder_to_write_into(
    call: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "file").write_bytes(b"")
    monkeypatch.setenv("XIEZUO_HOME", str(place / "home"))
    assert main([*call.split(), "--out", str(place / "file" / "deeper")]) == 2
    assert in_one_sentence(capsys.readouterr().err, "--out", str(place / "file"))


def test_files_that_may_not_grow_end_in_one_sentence(place: Path) -> None:
    """As on a full disk: what a library leaves open cannot be closed either, and Python says nothing of it."""
    done = subprocess.run(
        [sys.executable, "-m", "xiezuo.cli", "sample", "--county", "620422", "--scale", "0.05", "--out", str(place / "out")],
        capture_output=True, text=True, check=False, env={**os.environ, "XIEZUO_HOME": str(place / "home")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000)),
    )  # fmt: skip
    assert done.returncode == 2
    assert in_one_sentence(done.stderr, "--out", "文件超过了允许的大小")


def test_an_error_of_the_surroundings_is_told_from_one_of_ours(place: Path) -> None:
    settings = Settings.from_env({"XIEZUO_HOME": str(place)})
    number = identity_number(1, date(1990, 1, 1))
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    denied = PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place / "inbox" / f"{number}.csv"))
    for error, exit_code, words in [
        (full, 2, "磁盘已满"),
        (xlsxwriter.exceptions.FileCreateError(full), 2, "磁盘已满"),
        (shutil.Error([("a", "b", str(full))]), 2, "磁盘已满"),
        (denied, 2, "XIEZUO_INBOX"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), 4, "网络"),
        (requests.ConnectionError("no route"), 4, "网络"),
        (psycopg.OperationalError("server closed the connection unexpectedly"), 4, "连接中断"),
        (psycopg.errors.DiskFull(f"could not extend file: {os.strerror(errno.ENOSPC)}"), 4, "磁盘已满"),
    ]:
        said = worded(error, settings)
        assert said is not None
        assert said.exit_code == exit_code
        assert words in said.sentence
        assert number not in said.sentence
    assert worded(KeyError("county"), settings) is None
    assert worded(psycopg.errors.UndefinedTable("relation is not there"), settings) is None
