"""The locks name every package by version and hash, and no place they come from."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PEERS = sorted(ROOT.glob("bench/peers/*.lock"))
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Return what a lock pins: name → version."""
    return {name: version for name, version, _ in ENTRY.findall((ROOT / lock).read_text(encoding="utf-8"))}


def normal(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, object]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def test_the_walk_finds_the_locks() -> None:
    names = {path.name for path in LOCKS}
    assert names == {"requirements.lock", "requirements-dev.lock", "requirements-celery.lock", "requirements-uv.lock"}
    assert {path.name for path in PEERS} == {"dlt.lock", "pandas.lock"}


@pytest.mark.parametrize("path", [*LOCKS, *PEERS], ids=lambda path: path.name)
def test_every_package_has_a_version_and_hashes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    entries = ENTRY.findall(text)
    assert entries
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", rest) for _, _, rest in entries)
    stated = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(stated) == len(entries), "a line that pins nothing"


@pytest.mark.parametrize("path", [*LOCKS, *PEERS], ids=lambda path: path.name)
def test_no_lock_names_an_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "//" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|\bfile:", text)


@pytest.mark.parametrize("larger", ["requirements-dev.lock", "requirements-celery.lock"])
def test_the_larger_locks_hold_the_smaller_one(larger: str) -> None:
    """Tests and image run what `make run` runs, at the same versions."""
    base, more = pins("requirements.lock"), pins(larger)
    assert {name: more.get(name) for name in base} == base
    assert len(more) > len(base)


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ("build", "airflow")),
        ("requirements-celery.lock", ("build", "airflow", "celery")),
        ("requirements-dev.lock", ("build", "airflow", "dev")),
    ],
)
def test_a_lock_holds_what_the_project_declares(lock: str, extras: tuple[str, ...]) -> None:
    declared = project()
    wanted = list(declared["dependencies"])  # type: ignore[call-overload]
    for extra in extras:
        wanted += declared["optional-dependencies"][extra]  # type: ignore[index]
    names = {normal(re.split(r"[\[<>=!~ ;]", line, maxsplit=1)[0]) for line in wanted}
    assert names
    assert names <= set(pins(lock))


@pytest.mark.parametrize("path", PEERS, ids=lambda path: path.name)
def test_a_peers_lock_holds_what_its_list_names(path: Path) -> None:
    lines = path.with_suffix(".in").read_text(encoding="utf-8").splitlines()
    names = {normal(re.split(r"[\[<>=!~ ;]", line, maxsplit=1)[0]) for line in lines if not line.startswith("#")}
    assert names
    assert names <= set(pins(str(path.relative_to(ROOT))))


def test_pins_of_the_project_are_those_of_the_lock() -> None:
    exact = dict(re.findall(r'"([a-z-]+)==([0-9.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    assert exact
    base = pins("requirements.lock")
    assert {name: base.get(name) for name in exact} == exact


def test_what_the_scheduler_loads_beforehand_is_installed_with_it() -> None:
    """The test tools bring more packages than an installation has."""
    tree = ast.parse((ROOT / "deploy/airflow/airflow_local_settings.py").read_text(encoding="utf-8"))
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For)]
    names = [name for loop in loops for name in ast.literal_eval(loop.iter)]
    assert names
    base, known = pins("requirements.lock"), packages_distributions()
    for name in names:
        package = name.partition(".")[0]
        assert package.startswith("xiezuo") or any(normal(found) in base for found in known.get(package, ())), name
