"""A bench of a few orders: every row that needs no peer's environment, what it writes, and that it looks closely."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.delivery import deliver
from bench.loading import load_floor, load_ours
from bench.measure import Failed, measure
from bench.orders import Orders
from bench.site import opened

ROOT = Path(__file__).parents[3]
ROWS = "floor,ours"
MORE = "floor,ours_without_gx,airflow_tutorial,night"
NIGHT = ["--night-stored", "2400,9600", "--night-month", "200", "--night-changed", "60"]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="xiezuo-bench-") as outer:
        Path(outer).chmod(0o711)  # the server's account passes through
        yield Path(outer) / "bench"


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    """Return what a bench of two thousand orders wrote."""
    return measured(folder, ROWS)


def measured(folder: Path, rows: str) -> dict[str, Any]:
    """Run a small bench of some rows; return what it wrote."""
    out = folder.parent / "bench.json"
    sizes = ["--orders", "2000", "--repeats", "1", *NIGHT]
    done = subprocess.run(
        [sys.executable, "-m", "bench", *sizes, "--only", rows, "--folder", str(folder), "--out", str(out)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    written: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert all(name in done.stdout for name in written)
    return written


def ratio_is_right(document: dict[str, Any], name: str, base: str) -> None:
    """A row's ratio is that of its seconds to those of its base."""
    assert document[name]["ratio"] == pytest.approx(document[name]["seconds"] / document[base]["seconds"], rel=0.05)


def test_every_row_is_written_as_documented(document: dict[str, Any]) -> None:
    assert set(document) == {"floor", "ours"}
    assert {tuple(row) for row in document.values()} == {("ratio", "seconds", "rss_mb", "rows")}
    assert document["ours"]["rows"] == 2000


def test_ratios_are_to_the_floor_or_the_smallest_of_the_same_run(document: dict[str, Any]) -> None:
    ratio_is_right(document, "ours", "floor")
    assert document["floor"]["ratio"] == 1
    assert document["ours"]["ratio"] > 1


@pytest.mark.sweep
def test_the_other_rows_that_need_no_environment_are_measured(folder: Path) -> None:
    written = measured(folder, MORE)
    nights = {f"night_{what}_{stored}" for what in ("load", "build") for stored in (2400, 9600)}
    assert set(written) == {*MORE.split(",")} - {"night"} | nights
    assert all(written[name]["ratio"] >= 1 for name in set(written) - nights)
    assert {tuple(row) for row in written.values()} == {("ratio", "seconds", "rss_mb", "rows")}
    assert written["night_load_9600"]["rows"] == 9600
    ratio_is_right(written, "night_build_9600", "night_build_2400")


def test_memory_is_the_clients(document: dict[str, Any]) -> None:
    assert 0 < document["floor"]["rss_mb"] < 50 < document["ours"]["rss_mb"] < 2000


def test_a_result_that_lacks_rows_is_no_result(document: dict[str, Any], folder: Path) -> None:
    """A CSV without its last order is noticed, and so is a process that ends with an error."""
    with opened(folder) as site:
        delivery = deliver(site, Orders(2000, bad_share=0.01), load_ours)
        whole = delivery.ready.read_bytes()
        delivery.ready.write_bytes(whole[: whole.rstrip(b"\n").rindex(b"\n") + 1])
        with pytest.raises(Failed, match="holds 1979 orders"):
            load_floor(site, delivery)
        delivery.ready.unlink()
        say = "import sys; print('it went wrong'); sys.exit(3)"
        with pytest.raises(Failed, match="wrong ended with 3: it went wrong"):
            measure([sys.executable, "-c", say], os.environ, site.server, folder / "runs" / "wrong")
