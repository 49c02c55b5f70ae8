"""What an error says is said in one language: the office's sentence and step are Chinese, a developer's are English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ERRORS = {"ConfigError", "SourceDown", "FileRefused", "GateClosed", "Unreadable", "XiezuoError"}
CODED = {"FileRefused", "GateClosed", "Unreadable"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def written(node: ast.expr | None) -> str | None:
    """Return the literal text of an argument, without what is filled in; None where it is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return None


def errors() -> Iterator[tuple[str, str, dict[str, str | None]]]:
    """Yield where each error is made, its class, and the texts it is made with."""
    for package in ("src/xiezuo", "plugins"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                    texts = {word.arg: written(word.value) for word in node.keywords if word.arg}
                    texts |= {f"arg{at}": written(arg) for at, arg in enumerate(node.args)}
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.func.id, texts


FOUND = list(errors())


def test_the_walk_found_the_errors() -> None:
    assert len(FOUND) > 150


@pytest.mark.parametrize(("place", "kind", "texts"), FOUND, ids=[place for place, *_ in FOUND])
def test_an_error_speaks_one_language_to_each_reader(place: str, kind: str, texts: dict[str, str | None]) -> None:
    message, zh, step = texts.get("arg0"), texts.get("zh"), texts.get("next_step")
    if kind in CODED:
        message, zh = None, texts.get("arg1")
    is_for_the_office = kind in CODED or "zh" in texts
    assert not message or not CHINESE.search(message), message
    assert not zh or CHINESE.search(zh), zh
    assert not step or bool(CHINESE.search(step)) == is_for_the_office, step
