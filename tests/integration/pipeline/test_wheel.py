"""An installed wheel walks the road without a checkout: from a workbook in the inbox to figures, documents and traces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import psycopg
import pytest
from docx import Document

from xiezuo.base.settings import Settings
from xiezuo.warehouse import access
from xiezuo_sample.codes import identity_number

ROOT = Path(__file__).parents[3]
PLACE = "620422/labour/劳务输转台账2022年12月.xlsx"
HEADER = ("序号", "姓名", "身份证号码", "乡镇", "务工地点", "务工企业名称", "开始时间", "户类型")
PEOPLE = [
    (1, "测试甲", identity_number(1, date(1990, 1, 1)), "", "天津市和平区", "滨河物业有限公司", "2022年12月5日", "脱贫户"),
    (2, "测试乙", identity_number(2, date(1985, 6, 7)), "", "甘肃省兰州市", "黄河餐饮有限公司", "2022-12-08", "一般农户"),
    (3, "测试丙", "99000019800101003", "", "天津市和平区", "滨河物业有限公司", "2022.12.9", "脱贫户"),
]  # fmt: skip


@dataclass(frozen=True)
class Station:
    """A machine with the wheel and no checkout: the folder somebody works in, and the environment it is installed in."""

    folder: Path
    programs: Path

    def run(self, program: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment; nothing of this process's environment tells it where the checkout is."""
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH"}}
        ours = {"XIEZUO_INBOX_SETTLE": "0", "XIEZUO_NOW": "2022-12-31T23:00:00+08:00", "PYTHONUTF8": "1"}
        return subprocess.run(
            [str(self.programs / program), *words],
            cwd=self.folder, env=kept | ours | environ, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def xiezuo(self, *words: str) -> str:
        """Run a command that must succeed; return what it answers."""
        done = self.run("xiezuo", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, script: str) -> str:
        done = self.run("python", "-c", script)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def packaged(self) -> set[Path]:
        """Return the files of the installed package."""
        package = Path(self.python("import xiezuo; print(xiezuo.__path__[0])").strip())
        assert self.programs.parent in package.parents
        return {path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.fixture(scope="module")
def station() -> Iterator[Station]:
    """Yield a machine on which the wheel was built, installed and run over one workbook."""
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-wheel-"))
    outer.chmod(0o711)  # the server's account passes through
    environment, folder = outer / "environment", outer / "office"
    made = [sys.executable, "-m", "virtualenv", "--quiet", "--no-download", "--no-periodic-update", "--app-data", str(outer / "seed")]
    subprocess.run([*made, str(environment)], check=True, cwd=outer)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(outer)], check=True, cwd=ROOT, capture_output=True
    )
    (wheel,) = outer.glob("*.whl")
    site = next((environment / "lib").glob("python*/site-packages"))
    # What it depends on is installed already. A folder named in a .pth has its own .pth left unread: no checkout comes by it.
    (site / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    station = Station(folder, environment / "bin")
    workbook = folder / ".xiezuo" / "inbox" / PLACE
    workbook.parent.mkdir(parents=True)
    _write(workbook)
    (site.parent / "include" / "contracts").mkdir(parents=True)  # somebody else's, where a checkout's would be
    try:
        done = station.run("python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile", str(wheel))
        assert done.returncode == 0, done.stderr
        yield station
    finally:
        access.stop(Settings.from_env({"XIEZUO_HOME": str(folder / ".xiezuo")}))
        shutil.rmtree(outer)


def _write(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("会宁县劳务输转台账（填报日期：2022年12月20日）",), HEADER, *PEOPLE):
        sheet.append(row)
    book.save(path)


@pytest.fixture(scope="module")
def night(station: Station) -> dict[str, object]:
    """Return what a run says of itself; it must leave nothing in the package."""
    before = station.packaged()
    said = json.loads(station.xiezuo("run", "--county", "620422", "--from", "2022-12-01", "--to", "2022-12-31", "--json"))
    assert station.packaged() == before
    return dict(said)


def test_the_package_is_the_wheel_s_and_alone(station: Station) -> None:
    script = "import importlib.util, sys; print(*sys.path); print(*map(importlib.util.find_spec, ('xiezuo_sample', 'xiezuo_local')))"
    paths, found = station.python(script).splitlines()
    assert str(ROOT / "src") not in paths.split()
    assert found == "None None"


def test_the_road_is_walked(station: Station, night: dict[str, object]) -> None:
    (batch,) = night["batches"]
    fates = {name: batch[f"rows_{name}"] for name in ("read", "loaded", "quarantined", "ignored")}
    assert fates == {"read": 5, "loaded": 2, "quarantined": 1, "ignored": 2}
    out = station.folder / ".xiezuo" / "out" / "620422"
    figures = {
        (figure["indicator_id"], figure["breakdown"]): (figure["value"], figure["qualifier"])
        for figure in json.loads((out / "2022-12" / "summary.json").read_text(encoding="utf-8"))["figures"]
    }
    assert figures["LAB1", ""] == ("2", "exact")
    assert figures["LAB1.lifted", ""] == ("1", "exact")
    for place in ("2022-12/bulletin", "2022/annual"):
        assert (out / f"{place}.xlsx").is_file()
        text = "".join(paragraph.text for paragraph in Document(str(out / f"{place}.docx")).paragraphs)
        assert "会宁县" in text


def test_a_figure_is_traced_and_a_held_row_told(station: Station, night: dict[str, object]) -> None:
    traced = json.loads(station.xiezuo("trace", "LAB1", "2022-12", "--county", "620422", "--json"))
    assert (traced["value"], traced["total_rows"]) == ("2", 2)
    assert {row["file"] for row in traced["rows"]} == {PLACE}
    assert [row["row_no"] for row in traced["rows"]] == [3, 4]
    told = station.xiezuo("quarantine", "--county", "620422")
    assert f"{PLACE} Sheet 第 5 行" in told
    assert PEOPLE[2][2] not in told


def test_analysts_have_an_address(station: Station, night: dict[str, object]) -> None:
    with psycopg.connect(station.xiezuo("warehouse", "url").strip()) as connection:
        assert connection.execute("select count(*) from mart.labour_placement").fetchall() == [(2,)]


@pytest.mark.parametrize("words", [("sample", "--out", "year"), ("platform", "--data", "year")])
def test_the_sample_says_in_one_line_where_it_is(station: Station, words: tuple[str, ...]) -> None:
    done = station.run("xiezuo", *words)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "样例" in line
    assert "make venv" in line
    assert not (station.folder / "year").exists()


def test_the_launcher_starts_nothing_where_it_has_no_sample(station: Station) -> None:
    launcher = station.folder.parent / "launcher"
    launcher.mkdir()
    (launcher / "xiezuo_local").symlink_to(ROOT / "src" / "xiezuo_local")
    done = station.run("python", "-m", "xiezuo_local", "run", PYTHONPATH=str(launcher), XIEZUO_HOME=str(launcher / "home"))
    assert done.returncode == 2
    assert "xiezuo_sample" in done.stderr
    assert "SAMPLE=0" in done.stderr
    assert not (launcher / "home" / "postgres").exists()
