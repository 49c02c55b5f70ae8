"""How commands answer: one JSON document, or lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def print_json(document: dict[str, Any]) -> None:
    """Print the one JSON document a command answers with."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def print_lines(lines: Iterable[str]) -> None:
    """Print what belongs to the line before it, set in."""
    for line in lines:
        print(f"  {line}")
