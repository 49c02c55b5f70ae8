"""The locks name every package by version and hash, fit what is declared, and name no place they come from."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PEERS = sorted([*ROOT.glob("bench/peers/*.lock"), *ROOT.glob("deploy/*/*.lock")])
"""What stands in an environment of its own."""
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
EXTRAS = {
    "requirements.lock": ("build", "airflow"),
    "requirements-celery.lock": ("build", "airflow", "celery"),
    "requirements-dev.lock": ("build", "airflow", "dev"),
}
PYTHONS = [python for python in (f"3.{minor}" for minor in range(30)) if python in SpecifierSet(PROJECT["requires-python"])]


def pins(lock: str) -> dict[str, list[Requirement]]:
    """Return what a lock pins: name → versions, each with the Pythons it is for."""
    found: dict[str, list[Requirement]] = {}
    for name, version, rest in ENTRY.findall((ROOT / lock).read_text(encoding="utf-8")):
        marker = rest.partition("\\")[0]
        found.setdefault(name, []).append(Requirement(f"{name}=={version}{marker}"))
    return found


def pinned(lock: str, python: str) -> dict[str, list[str]]:
    """Return the versions that a lock installs with a Python ``3.x`` on Linux, by name."""
    machine = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": "linux"}
    held = {name: [pin for pin in of if pin.marker is None or pin.marker.evaluate(machine)] for name, of in pins(lock).items()}
    return {name: [str(pin.specifier).removeprefix("==") for pin in of] for name, of in held.items() if of}


def declared(*extras: str) -> list[Requirement]:
    """Return what the project asks for, with what these extras ask for."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


def test_the_walk_finds_the_locks() -> None:
    names = {path.name for path in LOCKS}
    assert names == {"requirements.lock", "requirements-dev.lock", "requirements-celery.lock", "requirements-uv.lock"}
    assert {path.name for path in PEERS} == {"dlt.lock", "pandas.lock", "requirements.lock"}


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
    for python in PYTHONS:
        base, more = pinned("requirements.lock", python), pinned(larger, python)
        assert {name: more.get(name) for name in base} == base
        assert len(more) > len(base)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("lock", "extras"), EXTRAS.items(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_lock_holds_what_the_project_declares(lock: str, extras: tuple[str, ...], python: str) -> None:
    """One version of each, within its bounds."""
    held = pinned(lock, python)
    wanted = declared(*extras)
    assert wanted
    versions = {wish.name: held.get(canonicalize_name(wish.name), []) for wish in wanted}
    assert {name for name, found in versions.items() if len(found) != 1} == set()
    assert [str(wish) for wish in wanted if versions[wish.name][0] not in wish.specifier] == []


def test_the_project_states_bounds_and_no_versions() -> None:
    """Everything that is not a tool says from which version on it is known to work."""
    wanted = declared(*PROJECT["optional-dependencies"])
    exact = [str(wish) for wish in wanted if any(clause.operator in {"==", "==="} for clause in wish.specifier)]
    assert exact == []
    used = declared("airflow", "celery")
    assert [str(wish) for wish in used if ">=" not in {clause.operator for clause in wish.specifier}] == []


def test_each_dependency_is_accounted_for() -> None:
    """A row in the decision for each that is declared, and none for one that is not."""
    text = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    told: dict[str, list[str]] = {}
    for heading, table in re.findall(r"^([^\n|]+):\n\n((?:\|.*\n)+)", text, re.MULTILINE):
        extra = re.search(r"`(\w+)`", heading)
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()[2:]]
        assert all(len(row) == 3 and all(row) for row in rows), heading
        told[extra[1] if extra else ""] = [name for name, _, _ in rows]
    listed = {extra: [Requirement(line).name for line in lines] for extra, lines in PROJECT["optional-dependencies"].items()}
    assert told == {"": [wish.name for wish in declared()]} | listed


def test_every_place_names_the_same_pythons() -> None:
    assert len(PYTHONS) > 1
    lowest = PYTHONS[0]
    assert SETTINGS["tool"]["ruff"]["target-version"] == "py" + lowest.replace(".", "")
    assert SETTINGS["tool"]["mypy"]["python_version"] == lowest
    assert f"--python-version {lowest} " in (ROOT / "deploy/lock.sh").read_text(encoding="utf-8")
    assert f" in {' | '.join(PYTHONS)}) ;;" in (ROOT / "deploy/venv.sh").read_text(encoding="utf-8")
    image = re.search(r"^ARG PYTHON_IMAGE=python:([0-9.]+)-", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert image
    assert image[1] in PYTHONS
    for page in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md"):
        named = re.findall(r"\b3\.1\d\b", (ROOT / page).read_text(encoding="utf-8"))
        assert {PYTHONS[0], PYTHONS[-1]} <= set(named) <= set(PYTHONS), page


@pytest.mark.parametrize("path", PEERS, ids=lambda path: path.name)
def test_a_peers_lock_holds_what_its_list_names(path: Path) -> None:
    lines = path.with_suffix(".in").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in lines if not line.startswith("#")]
    assert wanted
    held = pinned(str(path.relative_to(ROOT)), PYTHONS[0])
    assert [str(wish) for wish in wanted if held.get(wish.name, ["none"])[0] not in wish.specifier] == []


def test_what_the_scheduler_loads_beforehand_is_installed_with_it() -> None:
    """The test tools bring more packages than an installation has."""
    tree = ast.parse((ROOT / "deploy/airflow/airflow_local_settings.py").read_text(encoding="utf-8"))
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For)]
    names = [name for loop in loops for name in ast.literal_eval(loop.iter)]
    assert names
    base, known = pins("requirements.lock"), packages_distributions()
    for name in names:
        package = name.partition(".")[0]
        assert package.startswith("xiezuo") or any(canonicalize_name(found) in base for found in known.get(package, ())), name
