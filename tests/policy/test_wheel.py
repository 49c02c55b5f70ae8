"""The wheel holds the product and what it reads, whole, and nothing else; an editable install copies nothing."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
LAID = {"src": "", "include": "xiezuo/include/", "expectations": "xiezuo/expectations/"}


def files(*places: str) -> set[str]:
    """Return where the checkout's own files under these places lie in a wheel."""
    found = set()
    for place in places:
        top = place.partition("/")[0]
        paths = [path for path in (ROOT / place).rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
        found |= {LAID[top] + path.relative_to(ROOT / top).as_posix() for path in paths}
    return found


def built(folder: Path, version: str) -> zipfile.ZipFile:
    """Build with the project's own backend, which needs no network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", f"wheel:{version}", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.iterdir()
    return zipfile.ZipFile(wheel)


def beside(wheel: zipfile.ZipFile) -> set[str]:
    """Return what is in it besides what a wheel says about itself."""
    return {name for name in wheel.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return built(tmp_path_factory.mktemp("standard"), "standard")


def test_the_wheel_holds_the_package_and_the_files_it_reads(wheel: zipfile.ZipFile) -> None:
    wanted = files("src/xiezuo", "include", "expectations")
    assert len(wanted) > 500
    assert wanted >= {
        "xiezuo/build/build.py", "xiezuo/conform/columns/columnar.sql", "xiezuo/warehouse/migrations/sql/0001_base.sql",
        "xiezuo/include/contracts/labour_placement.yaml", "xiezuo/include/sql/indicators/LAB1.sql",
        "xiezuo/include/reports/annual.docx", "xiezuo/expectations/labour_placement.rows.yaml",
    }  # fmt: skip
    assert beside(wheel) == wanted


def test_what_is_not_the_product_stays_out(wheel: zipfile.ZipFile) -> None:
    """Said once more in words of its own: whatever else lies in the checkout, one of these must never be shipped."""
    parts = {part for name in wheel.namelist() for part in PurePosixPath(name).parts}
    assert not parts & {"xiezuo_sample", "xiezuo_local", "tests", "bench", "sweeps", "dags", "plugins", "deploy", "docs", "__pycache__"}
    assert {PurePosixPath(name).parts[0] for name in beside(wheel)} == {"xiezuo"}


def test_it_brings_one_command_and_tells_airflow_of_its_connection_type(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    points = ConfigParser()
    points.read_string(wheel.read(name).decode())
    assert {section: dict(points[section]) for section in points.sections()} == {
        "apache_airflow_provider": {"provider_info": "xiezuo.fetch.connection_form:get_provider_info"},
        "console_scripts": {"xiezuo": "xiezuo.cli:main"},
    }


def test_an_editable_install_is_the_checkout_itself(tmp_path: Path) -> None:
    """Else a contract that was added would not be read until the next install."""
    wheel = built(tmp_path, "editable")
    assert beside(wheel) == {"_xiezuo.pth"}
    assert [Path(line) for line in wheel.read("_xiezuo.pth").decode().splitlines()] == [ROOT / "src"]
