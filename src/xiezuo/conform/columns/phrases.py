"""Pieces that statements for DuckDB are composed of; names are quoted, texts are literals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from psycopg import sql

NULL = r"\N"
"""An absent value in the text format of PostgreSQL's COPY."""

SPECIAL = re.compile(r"[\\\t\n\r]")
"""What the text format of COPY writes otherwise than it stands."""

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def named(name: str) -> sql.Identifier:
    """Return a name, quoted."""
    return sql.Identifier(name)


def text_or_null(value: str | None) -> sql.Composable:
    """Return a text as literal."""
    return sql.SQL("null::varchar") if value is None else sql.Literal(value)


def escaped(value: str | None) -> str:
    """Return a value as COPY takes it."""
    return NULL if value is None else value.translate(_ESCAPES)


def or_null(stated: sql.Composable) -> sql.Composable:
    """Compose: what COPY takes for an absent value where there is none."""
    return sql.SQL("coalesce({}, {})").format(stated, sql.Literal(NULL))


def joined(separator: str, parts: Iterable[str | sql.Composable | None]) -> sql.Composed:
    """Compose the concatenation of ``parts``; texts that stand side by side become one."""
    found: list[sql.Composable] = []
    text = ""
    for number, part in enumerate(parts):
        text += separator if number else ""
        if isinstance(part, sql.Composable):
            found += [_signs(text), part] if text else [part]
            text = ""
        else:
            text += part or ""
    return sql.SQL("concat({})").format(listed([*found, _signs(text)] if text else found))


def _signs(text: str) -> sql.Composable:
    """Return a text for DuckDB; what is no printable sign is given by its number."""
    parts = re.split(r"([\x00-\x1f])", text)
    said = [sql.SQL("chr({})").format(ord(p)) if p < " " else sql.Literal(p) for p in parts if p]
    return sql.SQL(" || ").join(said)


def listed(parts: Iterable[sql.Composable]) -> sql.Composed:
    """Compose a list."""
    return sql.SQL(", ").join(parts)


def all_of(conditions: Sequence[sql.Composable]) -> sql.Composed:
    """Compose: all of these hold; none at all do."""
    return sql.SQL(" and ").join([sql.SQL("true"), *conditions])
