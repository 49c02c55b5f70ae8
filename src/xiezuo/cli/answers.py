"""What all commands share: their shape, how they read a day, how they print JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from xiezuo.base.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  (the only name the type has)


def day(text: str) -> date:
    """Read a day typed as an option."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a day like 2022-12-31") from error


def print_json(document: dict[str, Any]) -> None:
    """Print the one JSON document a command answers with."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))
