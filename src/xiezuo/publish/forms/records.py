"""Confirmed forms on record (``publish.form``): every edition stays, the newest stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.publish.forms.binding import Binding, lines_as_json, lines_of_json


def confirmed(connection: psycopg.Connection[Any], settings: Settings, county_code: str) -> list[Binding]:
    """Return the standing edition of each form of a county, in order of name."""
    statement = read_sql(settings.root, "publish/forms")
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement, {"county_code": county_code}).fetchall()
    return [_binding(row) for row in rows]


def _binding(row: dict[str, Any]) -> Binding:
    decided_at: datetime = row["decided_at"]
    return Binding(
        name=row["name"], edition=row["edition"], sha256=row["sha256"], file_name=row["file_name"],
        document=bytes(row["document"]), lines=lines_of_json(row["lines"]), decided_by=row["decided_by"],
        decided_at=f"{decided_at:%Y-%m-%d}",
    )  # fmt: skip


def record(
    connection: psycopg.Connection[Any], settings: Settings, county_code: str, binding: Binding
) -> None:
    """Put an edition on record, with who confirmed it and when; its number follows from those before it."""
    facts = {
        "county_code": county_code, "form_name": binding.name, "sha256": binding.sha256, "file_name": binding.file_name,
        "document": binding.document, "lines": Jsonb(lines_as_json(binding.lines.values())),
        "decided_by": binding.decided_by, "decided_at": settings.now(),
    }  # fmt: skip
    connection.execute(read_sql(settings.root, "publish/put_form"), facts)
