"""What a shell offers after the tabulator key: commands and options by themselves, and here the values worth offering.

It is asked at every key: nothing here reads the warehouse or loads what is slow to load.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from typing import Any

from xiezuo.base.settings import Settings

Completer = Callable[..., Iterable[str]]


def answer_shell(parser: argparse.ArgumentParser) -> None:
    """Offer what may come next and end the process, if it is a shell that asks; else do nothing."""
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)


def offer(option: argparse.Action, completer: Completer) -> None:
    """Let a shell offer values of an option."""
    option.completer = completer  # type: ignore[attr-defined]


def counties(**_: Any) -> dict[str, str]:
    """Return the counties that are served, by code."""
    from xiezuo.declared.counties import load_counties

    return {code: county.name for code, county in load_counties(Settings.from_env().counties_path).items()}


def periods(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    """Return the periods that there are documents of."""
    county = getattr(parsed_args, "county", None) or "*"
    return sorted({folder.name for folder in Settings.from_env().out.glob(f"{county}/[12]*") if folder.is_dir()})


def roles(**_: Any) -> list[str]:
    """Return who connects to the warehouse: the installation's roles, and accounts whose passwords lie here."""
    kept = (path.name.removeprefix("postgres_") for path in Settings.from_env().secrets_dir.glob("postgres_*"))
    return sorted({"analyst", "auditor", "corrector", "loader", "owner", *kept} - {"airflow"})


def indicators(**_: Any) -> list[str]:
    """Return the indicators that have a file of their own."""
    return sorted(path.stem for path in (Settings.from_env().root / "include/sql/indicators").glob("*.sql"))


def places(**_: Any) -> list[str]:
    """Return the files of the inbox as a trace names them: county, source and what lies below."""
    inbox = Settings.from_env().inbox
    return sorted(str(path.relative_to(inbox)) for path in inbox.glob("[0-9]*/*/**/*") if path.is_file())
