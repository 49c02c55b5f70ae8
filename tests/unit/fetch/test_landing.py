"""The landing zone keeps bytes as they came, whole or not at all, for nobody else to read."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.fetch.landing import CHUNK, Landing, digest_of


def kept(folder: Path) -> dict[str, bytes]:
    """Return what lies under a digest's name."""
    return {path.name: path.read_bytes() for path in folder.glob("??/*")}


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_bytes_come_back_as_they_came(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    landing = Landing(tmp_path_factory.mktemp("landing"))
    sha256 = landing.keep(chunks)
    assert sha256 == hashlib.sha256(b"".join(chunks)).hexdigest()
    assert landing.path(sha256).read_bytes() == b"".join(chunks)


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "home" / "landing")
    path = landing.path(landing.keep([b"x"]))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "home" / "landing").stat().st_mode & 0o777 == 0o700


def test_the_same_bytes_twice_are_one_file(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    assert landing.keep([b"ab", b"c"]) == landing.keep([b"a", b"bc"])
    assert list(kept(tmp_path).values()) == [b"abc"]
    assert not list(tmp_path.glob(".incoming-*"))


def test_a_file_is_copied_and_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "台账.xlsx"
    source.write_bytes(b"x" * (CHUNK + 7))
    landing = Landing(tmp_path / "landing")
    sha256 = landing.keep_file(source)
    assert sha256 == digest_of(source) == digest_of(landing.path(sha256))
    assert source.stat().st_size == CHUNK + 7


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Landing(tmp_path).keep(breaking())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_kill_leaves_no_half_file_under_a_digest(tmp_path: Path) -> None:
    """Killed while bytes come in: what has a digest's name has that digest."""
    script = (
        "import itertools, sys; from pathlib import Path; from xiezuo.fetch.landing import Landing\n"
        "landing = Landing(Path(sys.argv[1]))\n"
        "def endless():\n"
        "    for n in itertools.count():\n"
        "        yield b'x' * 65536\n"
        "        if n == 20: print('writing', flush=True)\n"
        "landing.keep([b'whole'])\n"
        "landing.keep(endless())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        writer.send_signal(signal.SIGKILL)
    found = kept(tmp_path)
    assert found == {hashlib.sha256(b"whole").hexdigest(): b"whole"}
    assert list(tmp_path.glob(".incoming-*"))  # the rest is there, under a name nobody takes for content
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob(".incoming-*")} == {0o600}


def test_a_zone_knows_itself_and_no_other_takes_its_place(tmp_path: Path) -> None:
    one, other = Landing(tmp_path / "a/landing"), Landing(tmp_path / "b/landing")
    zone = one.zone()
    assert len(zone) == 32
    assert Landing(tmp_path / "a/landing").zone() == zone
    one.check_zone(zone)
    one.check_zone(None)
    for _ in range(2):  # the second time it has a zone of its own
        with pytest.raises(ConfigError, match="different homes") as refused:
            other.check_zone(zone)
        assert "XIEZUO_HOME" in refused.value.zh
        assert other.zone() != zone
    assert kept(tmp_path / "a/landing") == {}
    assert [path.name for path in (tmp_path / "a/landing").iterdir()] == ["zone"]
