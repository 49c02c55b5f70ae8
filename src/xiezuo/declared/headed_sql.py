"""SQL files that open with a header: a comment block of YAML, then one SELECT; and the relations they share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from psycopg import sql

Named = tuple[tuple[str, str], ...]
"""Names and SELECTs, in the order they are needed."""


def read_headed(path: Path) -> tuple[Any, str]:
    """Return the header as YAML has it, and the SELECT under it.

    Raises:
        YAMLError: the header is no YAML.
        OSError: there is no such file.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    size = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return yaml.load("\n".join(line[3:] for line in lines[:size]), yaml.CSafeLoader), "\n".join(lines[size:]).strip()


def read_relations(folder: Path, names: Iterable[str]) -> Named:
    """Return the SELECTs of ``folder`` that an indicator or a check names, without their comments.

    Raises:
        OSError: there is none of a name.
    """
    return tuple((name, _body(folder / f"{name}.sql")) for name in names)


def read_unjoined(folder: Path, names: Iterable[str]) -> Named:
    """Return the relations of an indicator as :func:`read_relations` does, over the rows that could not be joined.

    A relation that reaches rows through another dataset has a file ``<name>.unjoined.sql`` beside it: the same columns,
    of the rows that find nothing there, in every period they may belong to. Empty where none of the names has one.
    """
    relations = {name: folder / f"{name}.unjoined.sql" for name in names}
    if not any(path.exists() for path in relations.values()):
        return ()
    return tuple((name, _body(path if path.exists() else folder / f"{name}.sql")) for name, path in relations.items())


def with_named(named: Iterable[tuple[str, str | sql.Composable]]) -> sql.Composed:
    """Return ``with … `` text that gives each SELECT its name."""
    return sql.SQL("with ") + sql.SQL(", ").join(
        sql.SQL("{} as ({}\n)").format(sql.Identifier(name), sql.SQL(text) if isinstance(text, str) else text)
        for name, text in named
    )


def _body(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--")).strip()
