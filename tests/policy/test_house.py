"""The rooms of the house: who may import whom, no circles, and the picture of it in CONTRIBUTING.md."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import grimp
import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")


def drawn() -> ModuleType:
    """Return the module that draws the house."""
    spec = importlib.util.spec_from_file_location("house", ROOT / "docs/house.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter of rooms on the sources of a folder."""
    environ = {**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    command = [str(LINTER), "--no-cache", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the sources that may be spoilt."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_rooms_import_only_rooms_below_them() -> None:
    done = linted(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("xiezuo/values/numbers.py", "from xiezuo.declared.contracts import Contract"),
        ("xiezuo/build/build.py", "def late():\n    from xiezuo.publish import export"),
        ("xiezuo/attic/__init__.py", ""),
    ],
    ids=["upwards", "upwards inside a function", "a room nobody listed"],
)
def test_what_breaks_the_order_is_found(copy: Path, place: str, line: str) -> None:
    file = copy / "src" / place
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(f"\n\n{line}\n")
    done = linted(copy)
    assert done.returncode == 1
    assert Path(place).parts[1] in done.stdout


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Nor by an import inside a function."""
    graph = grimp.build_graph("xiezuo", "xiezuo_sample", "xiezuo_local")
    left = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    assert len(left) > 150
    while free := {module for module, others in left.items() if not others & left.keys()}:
        left = {module: others for module, others in left.items() if module not in free}
    assert not left


def test_the_top_of_the_package_can_be_taken_in_at_a_glance() -> None:
    top = {path.name for path in (ROOT / "src/xiezuo").iterdir() if path.name != "__pycache__"}
    rooms = set(drawn().rooms(ROOT))
    assert {name.removesuffix(".py") for name in top} - {"__init__"} == rooms
    assert len(top) <= 15


def test_the_picture_of_the_house_is_not_stale() -> None:
    assert (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8") == drawn().renewed(ROOT), "run: make docs"


def test_an_arrow_that_another_way_implies_is_not_drawn() -> None:
    house = drawn()
    shown = set(house.arrows(["xiezuo_local", *house.rooms(ROOT), "xiezuo_sample"], {"declared", "values", "base"}))
    assert ("load", "validate") in shown
    assert ("cli", "fetch") not in shown
    assert ("cli", "fetch") in house.imports()
