"""What a release was made with: the same declarations have the same digest, any other has another."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from xiezuo.publish.release.made_with import FOLDERS, digest_of, made_with

ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in FOLDERS.values():
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_same_declarations_have_the_same_digests_wherever_they_lie(root: Path) -> None:
    said = json.loads(made_with(ROOT))
    assert said == json.loads(made_with(root))
    assert set(said) == {*FOLDERS, "xiezuo"}
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_byte_a_name_or_a_file_more_is_another_digest_of_its_kind_only(root: Path, name: str) -> None:
    def digests() -> dict[str, str]:
        found: dict[str, str] = json.loads(made_with(root))
        return found

    first = digests()
    path = min((root / FOLDERS[name]).rglob("*.*"))
    path.write_bytes(path.read_bytes() + b"\n")
    longer = digests()
    path.rename(path.with_name(f"renamed{path.suffix}"))
    renamed = digests()
    (root / FOLDERS[name] / "one_more.yaml").write_bytes(b"")
    more = digests()
    assert len({each[name] for each in (first, longer, renamed, more)}) == 4
    assert {kind for each in (longer, renamed, more) for kind in each if each[kind] != first[kind]} == {name}


def test_it_is_what_other_programs_compute(root: Path) -> None:
    """As the docstring promises to whoever has only a shell."""
    command = r"find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum"
    for folder in FOLDERS.values():
        done = subprocess.run(["/bin/sh", "-c", command], cwd=root / folder, capture_output=True, text=True, check=True)
        assert done.stdout.split()[0] == digest_of(root / folder)
