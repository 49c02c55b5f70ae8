"""What a page is asked with, and by whom; and what it answers with. Who somebody is was found out before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.counties import County, load_counties
from xiezuo.warehouse import access

Language = Literal["zh", "en"]
PAGE_ROWS = 50
"""So many lines of a long list stand on one page."""


class NotFound(ConfigError):
    """What was asked for is not there, or is not for whoever asks: the answer is the same."""


@dataclass(frozen=True)
class Visitor:
    """Who asks: ``counties`` empty is every county; ``may_act`` where he may do more than look."""

    account: str
    name: str
    role_zh: str
    counties: frozenset[str] = frozenset()
    may_act: bool = False

    def sees(self, county_code: str) -> bool:
        """Whether a county is his to see."""
        return not self.counties or county_code in self.counties


@dataclass(frozen=True)
class Asked:
    """One request: ``path`` are the parts of its address that vary, ``query`` what stands behind the question mark.

    ``settings`` log in as who reads for pages. ``here`` is the address below the pages' own, ``root`` leads from it to
    their first page, so that every link is relative and pages work under any prefix.
    """

    settings: Settings
    visitor: Visitor
    here: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    language: Language = "zh"

    def __post_init__(self) -> None:
        """Leave out of what was asked the one character that no text of the warehouse may hold."""
        for name in ("path", "query"):
            object.__setattr__(self, name, {key: text.replace("\0", "") for key, text in getattr(self, name).items()})

    @property
    def root(self) -> str:
        """The way from this page to the first one."""
        return "../" * self.here.count("/") or "./"

    @property
    def address(self) -> str:
        """This page's own address below the first one, with what was asked."""
        return f"{self.here}?{urlencode(self.query)}" if self.query else self.here

    @cached_property
    def counties(self) -> dict[str, County]:
        """The counties that are the visitor's to see, by code."""
        known = load_counties(self.settings.counties_path)
        return {code: county for code, county in sorted(known.items()) if self.visitor.sees(code)}

    @property
    def county_or_none(self) -> str | None:
        """The county asked for; his only one where he names none; None where there are several.

        Raises:
            NotFound: there is none of this code for him.
        """
        code = self.path.get("county") or self.query.get("county") or ""
        if code:
            if code not in self.counties:
                raise NotFound(
                    f"no county {code!r} here", zh=f"没有县级区划代码“{code}”，或不在您的工作范围内"
                )
            return code
        return next(iter(self.counties)) if len(self.counties) == 1 else None

    @property
    def menu_county(self) -> str | None:
        """The county that the menu leads to; None where none is chosen, or one that is not to be had."""
        try:
            return self.county_or_none
        except NotFound:
            return None

    @property
    def county(self) -> str:
        """The county asked for.

        Raises:
            NotFound: none is named and there are several, or there is none of this code for him.
        """
        code = self.county_or_none
        if code is None:
            raise NotFound("a county has to be named", zh="请先选择县")
        return code

    @property
    def after(self) -> int:
        """How many lines of a list come before this page of it."""
        text = self.query.get("after") or "0"
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    def rows(self, statement: str, **facts: Any) -> list[dict[str, Any]]:
        """Return the rows of ``include/sql/<statement>.sql``, each a dict."""
        with access.connect(self.settings) as connection:
            return rows_of(connection, self.settings.root, statement, **facts)


@dataclass(frozen=True)
class Shown:
    """A page: its template, and what stands in it."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True)
class Given:
    """A file to be saved; ``name`` is what the browser calls it."""

    path: Path
    name: str


def rows_of(
    connection: psycopg.Connection[Any], root: Path, statement: str, **facts: Any
) -> list[dict[str, Any]]:
    """Return the rows of a statement, each a dict."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(root, statement), facts).fetchall()


def page_of(lines: list[Any], after: int) -> tuple[list[Any], int | None]:
    """Return a page of a list that was read with one line more than a page holds, and where the next one begins."""
    return lines[:PAGE_ROWS], after + PAGE_ROWS if len(lines) > PAGE_ROWS else None
