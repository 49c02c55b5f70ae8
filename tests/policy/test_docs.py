"""What is written holds: links resolve, and nothing names a machine, a registry or a real person."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from xiezuo.base.errors import Unreadable
from xiezuo.values import identity_number

ROOT = Path(__file__).parents[2]
SKIPPED = {".git", ".xiezuo", "__pycache__", "node_modules", "dist", "build"}


def files() -> Iterator[Path]:
    """Yield the repository's files: what git tracks or would, else everything but what is made here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  (the git on PATH)
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        paths = [ROOT / text for text in listed.stdout.decode().split("\0") if text]
    else:
        paths = [p for p in ROOT.rglob("*") if not any(part in SKIPPED or part.startswith(".venv") for part in p.parts)]
    yield from sorted(path for path in paths if path.is_file())


def texts() -> dict[Path, str]:
    """Return every file that is text, by path."""
    found = {}
    for path in files():
        try:
            found[path] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a workbook
    return found


TEXTS = texts()
PAGES = {path: text for path, text in TEXTS.items() if path.suffix == ".md"}

# Written in pieces, so that this file does not contain what it looks for.
MACHINE = re.compile(r"(?<![\w.$*>}\])/…-])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "fa" + "rm"]) + r")/|\.\./sha" + r"red\b")
REGISTRIES = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", r"ghcr\.io", r"quay\.io", r"docker\.io/"]), re.IGNORECASE
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+(\S+)|!\[[^\]]*\]\(([^)\s]+)\)", re.MULTILINE)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    made: set[str] = set()
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", FENCED.sub("", text), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = sum(1 for other in made if other == slug or re.fullmatch(rf"{re.escape(slug)}-\d+", other))
        made.add(f"{slug}-{number}" if number else slug)
    return made


def broken(page: Path, text: str) -> Iterator[str]:
    """Yield the links of a page that lead nowhere inside the repository."""
    for groups in LINK.findall(FENCED.sub("", text)):
        link = next(filter(None, groups))
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (page.parent / place).resolve() if place else page
        inside = target == ROOT or ROOT in target.parents
        if not inside or not target.exists() or (anchor and target in PAGES and anchor not in anchors(PAGES[target])):
            yield link


def test_the_walk_finds_the_pages() -> None:
    assert {name(path) for path in PAGES} >= {"README.md", "README.zh-CN.md", "CONTRIBUTING.md"}
    assert len(TEXTS) > 150
    assert sum(len(LINK.findall(text)) for text in PAGES.values()) > 10


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert not list(broken(path, PAGES[path]))


def test_the_two_readmes_lead_to_each_other() -> None:
    assert "](README.zh-CN.md)" in PAGES[ROOT / "README.md"]
    assert "](README.md)" in PAGES[ROOT / "README.zh-CN.md"]
    assert re.search(r"[\u4e00-\u9fff]{8}", PAGES[ROOT / "README.zh-CN.md"])


def test_no_file_names_a_machine() -> None:
    assert not [f"{name(path)}: {found[0]}" for path, text in TEXTS.items() if (found := MACHINE.search(text))]


def test_no_file_names_a_registry() -> None:
    assert not [f"{name(path)}: {found[0]}" for path, text in TEXTS.items() if (found := REGISTRIES.search(text))]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("see /wo" + "rk/main", True),
        ("cd ../sha" + "red", True),
        ("inbox/620422/wo" + "rk/a.xlsx", False),
        ("<inbox>/<county>/wo" + "rk/", False),
        ("/srv/xiezuo", False),
    ],
)
def test_a_machine_s_path_is_told_from_an_inbox_s(text: str, hit: bool) -> None:
    assert bool(MACHINE.search(text)) == hit


def test_no_file_holds_the_number_of_a_person_that_could_exist() -> None:
    """Invented people have numbers of the region 99, which nobody has."""
    real = []
    for path, text in TEXTS.items():
        for number in re.findall(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])", text):
            try:
                identity_number(number)
            except Unreadable:
                continue
            if not number.startswith("99"):
                real.append(f"{name(path)}: {number[:2]}…")
    assert not real
