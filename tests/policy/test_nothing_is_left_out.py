"""No tool passes over a file because of its folder's name: many leave out every folder that is named ``build``."""

from __future__ import annotations

import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("src", "tests", "dags", "plugins", "deploy", "bench", "sweeps")
PYTHON = {path for folder in OURS for path in (ROOT / folder).rglob("*.py")}


def test_the_walk_finds_the_room_that_was_left_out() -> None:
    assert {path.parent.relative_to(ROOT).as_posix() for path in PYTHON} >= {"src/xiezuo/build", "tests/integration/build"}


def test_git_ignores_none_of_our_files() -> None:
    told = [path.relative_to(ROOT).as_posix() for path in (*PYTHON, *(ROOT / "include").rglob("*.*"))]
    listed = "\0".join(told).encode()
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],  # noqa: S607  (the git on PATH)
        cwd=ROOT, input=listed, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode == 128:
        pytest.skip("this is no clone: git has nothing to ignore")
    assert done.stdout.decode().split("\0") == [""]


def test_the_linter_reads_every_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--show-files", *OURS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {Path(line) for line in done.stdout.splitlines() if line.endswith(".py")} == PYTHON


def test_every_test_is_collected(pytestconfig: pytest.Config) -> None:
    folders = {path.parent for path in PYTHON if path.is_relative_to(ROOT / "tests")}
    names = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    passed_over = pytestconfig.getini("norecursedirs")
    assert not [name for name in names if any(fnmatch(name, pattern) for pattern in passed_over)]


@pytest.mark.parametrize("top", ["xiezuo", "xiezuo_sample", "xiezuo_local"])
def test_every_folder_of_modules_is_a_package(top: str) -> None:
    """One without ``__init__.py`` can be imported, but is not seen by what looks for packages."""
    folders = {path.parent for path in PYTHON if path.is_relative_to(ROOT / "src" / top)}
    bare = {folder for folder in folders if not (folder / "__init__.py").is_file()}
    assert {folder.relative_to(ROOT).as_posix() for folder in bare} == (
        {"src/xiezuo/warehouse/migrations/versions"} if top == "xiezuo" else set()
    ), "alembic reads its versions as files"
