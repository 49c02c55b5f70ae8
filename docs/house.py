"""The house on one page: the rooms of ``src/``, drawn from their imports, told by their own first sentences.

``python docs/house.py`` writes both between the marks in CONTRIBUTING.md (``make docs``); a test fails when they are
stale, and when a room imports upwards (``lint-imports``, by the order of rooms in pyproject.toml).
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = "CONTRIBUTING.md"
BEGIN, END = "[//]: # (the house: make docs)\n", "[//]: # (end of the house)\n"
OUTSIDE = ("xiezuo_local", "xiezuo_sample")


def rooms(root: Path) -> list[str]:
    """Return the rooms from the top down, as the contract of import-linter has them."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(one["layers"] for one in contracts if one["id"] == "rooms")
    return layers


def sentence(root: Path, room: str) -> str:
    """Return the first sentence of what a room says of itself."""
    folder = root / "src" / (room if room in OUTSIDE else f"xiezuo/{room}")
    source = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    told = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    plain = " ".join(told.split("\n\n")[0].split())
    return re.sub(r":(?:mod|class|func):`~?([^`]+)`", r"`\1`", plain).replace("``", "`")


def imports() -> dict[tuple[str, str], int]:
    """Return how many imports lead from one room into another."""
    graph = grimp.build_graph("xiezuo", *OUTSIDE)
    found: dict[tuple[str, str], int] = {}
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            pair = (_room(module), _room(other))
            if pair[0] != pair[1] and "" not in pair:
                found[pair] = found.get(pair, 0) + 1
    return found


def _room(module: str) -> str:
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] if package == "xiezuo" else package


def arrows(order: list[str], ground: set[str]) -> list[tuple[str, str]]:
    """Return who imports whom above the ground, without what another way down says already."""
    below: dict[str, set[str]] = {}
    for one, other in imports():
        if not ground & {one, other}:
            below.setdefault(one, set()).add(other)
    reached: dict[str, set[str]] = {}
    for room in reversed(order):
        others = below.get(room, set())
        reached[room] = others.union(*(reached[other] for other in others))
    return [
        (room, other)
        for room in order
        for other in sorted(below.get(room, ()), key=order.index)
        if not any(other in reached[between] for between in below[room])
    ]


def picture(root: Path) -> Iterator[str]:
    """Yield the lines of the picture: what every room stands on is drawn once, below all."""
    ground = rooms(root)[-3:]
    order = ["xiezuo_local", *rooms(root), "xiezuo_sample"]
    yield "```mermaid"
    yield "flowchart TB"
    for one, other in arrows(order, set(ground)):
        yield f"    {one} {'-.->' if other in OUTSIDE else '-->'} {other}"
    yield f'    subgraph ground["what every room stands on"]\n        {" --> ".join(ground)}\n    end'
    yield "    warehouse --> ground\n    xiezuo_sample --> ground"
    yield "```"


def page(root: Path) -> str:
    """Return what stands between the marks: picture and one sentence a room."""
    lines = ["", *picture(root), "", "| room | |", "|---|---|"]
    for room in rooms(root):
        place = f"src/xiezuo/{room}" if (root / "src/xiezuo" / room).is_dir() else f"src/xiezuo/{room}.py"
        lines.append(f"| [`{room}`]({place}) | {sentence(root, room)} |")
    lines += [f"| [`{room}`](src/{room}) | {sentence(root, room)} |" for room in OUTSIDE]
    return "\n".join([*lines, "", ""])


def renewed(root: Path) -> str:
    """Return the page with the house as it stands.

    Raises:
        ValueError: the page has lost its marks.
    """
    before, begin, rest = (root / PAGE).read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE} has no place for the house: {BEGIN!r} … {END!r}")
    return before + begin + page(root) + end + after


if __name__ == "__main__":
    (ROOT / PAGE).write_text(renewed(ROOT), encoding="utf-8")
