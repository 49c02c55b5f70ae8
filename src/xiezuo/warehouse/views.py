"""Views for analysts: ``include/sql/views/<name>.sql`` is ``mart.<name>``, a SELECT under a header that labels it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import yaml
from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiezuo.base.errors import ConfigError
from xiezuo.declared.headed_sql import read_headed
from xiezuo.warehouse.tables import replace_view


class Header(BaseModel):
    """The comment block a view's file opens with; ``reads`` lists relations, split by commas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str
    grain: str
    reads: str
    columns: dict[str, str] = Field(min_length=1)
    """A label for each column in the order of the SELECT: ``中文; English``."""


@dataclass(frozen=True)
class View:
    """A view's name, its labels and its SELECT."""

    name: str
    header: Header
    select: str

    @property
    def reads(self) -> tuple[str, ...]:
        """The relations it reads, with their schemas; a header that reads `nothing` has none."""
        return () if self.header.reads == "nothing" else tuple(map(str.strip, self.header.reads.split(",")))

    @property
    def comment(self) -> str:
        """What the view is, in both languages."""
        return f"{self.header.zh}; {self.header.en}: {self.header.grain}"


def load_views(root: Path) -> dict[str, View]:
    """Read every file under ``include/sql/views``, in order of name.

    Raises:
        ConfigError: a header is incomplete; the message names the file.
    """
    return {path.stem: _view(path) for path in sorted((root / "include" / "sql" / "views").glob("*.sql"))}


def ready(views: dict[str, View], existing: set[str]) -> Iterator[View]:
    """Yield the views that can be made, each after the views it reads.

    A view of a table that does not exist (a dataset without a contract here) is left out. What reads it is
    left out too, unless an earlier form of it is in ``existing``.
    """
    waiting = [view for view in views.values() if all(
        name in existing or name.removeprefix("mart.") in views for name in view.reads
    )]  # fmt: skip
    there = existing - {f"mart.{view.name}" for view in waiting}
    while found := [view for view in waiting if set(view.reads) <= there]:
        yield from found
        there |= {f"mart.{view.name}" for view in found}
        waiting = [view for view in waiting if view not in found]


def apply(connection: psycopg.Connection, view: View) -> None:
    """Create or replace the view, and label it and its columns."""
    name = sql.Identifier("mart", view.name)
    replace_view(connection, name, sql.SQL(view.select))
    connection.execute(sql.SQL("comment on view {} is {}").format(name, sql.Literal(view.comment)))
    for column, label in view.header.columns.items():
        statement = sql.SQL("comment on column {}.{} is {}")
        connection.execute(statement.format(name, sql.Identifier(column), sql.Literal(label)))


def _view(path: Path) -> View:
    try:
        said, select = read_headed(path)
        header = Header.model_validate(said)
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"view {path.name}: {error}") from error
    return View(path.stem, header, select)
