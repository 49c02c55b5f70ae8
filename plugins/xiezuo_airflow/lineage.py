"""What a task read and wrote, by name: noted while it runs, told of by OpenLineage where that is switched on.

Names are those of files, tables, figures, documents and releases, never of people; rows stay here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from xiezuo.base.settings import Settings

Kind = Literal["source", "table", "figures", "document", "release"]
Thing = tuple[Kind, str]
"""``("table", "core.sales_order")``, ``("figures", "620422/2022-09")``, …; a task has a process of its own."""

_READ: dict[Thing, None] = {}
_WRITTEN: dict[Thing, None] = {}


def note(*, read: Iterable[Thing] = (), written: Iterable[Thing] = ()) -> None:
    """Note what the task that runs in this process has read and written."""
    _READ.update(dict.fromkeys(read))
    _WRITTEN.update(dict.fromkeys(written))


def noted() -> tuple[list[Thing], list[Thing]]:
    """Return what was read and what was written so far."""
    return list(_READ), list(_WRITTEN)


def note_load(report: dict[str, Any]) -> None:
    """Note the files and platform pages a load took in, and the tables their rows went to."""
    batches = [batch for batch in report["batches"] if batch["state"] == "loaded"]
    note(
        read=[("source", _source(batch["uri"])) for batch in batches],
        written=[("table", f"core.{batch['dataset']}") for batch in batches],
    )


def _source(uri: str) -> str:
    """Return the file, or the table of a ledger, that a batch is of; behind it stands the sheet, or the day."""
    return uri.rpartition("#")[0] or uri if uri.startswith("inbox:") else uri.partition("?")[0]


def note_build(built: dict[str, Any]) -> None:
    """Note the tables figures were counted from, and the figures."""
    figures: list[Thing] = [("figures", one) for one in built["touched"]]
    tables: list[Thing] = [("table", f"core.{name}") for name in built["datasets"]]
    note(read=tables, written=[*figures, *([("table", "mart.indicator_value")] if figures else [])])


def place_of(settings: Settings, thing: Thing) -> tuple[str, str]:
    """Return namespace and name of a thing by OpenLineage's naming: its tables and files, and our own figures."""
    from urllib.parse import urlsplit

    from xiezuo.warehouse import access

    kind, name = thing
    if kind == "table":
        parts = urlsplit(access.url(settings))
        return f"postgres://{parts.hostname}:{parts.port or 5432}", f"{parts.path.lstrip('/')}.{name}"
    if kind == "source" and name.startswith("inbox:"):
        return "file", str(settings.inbox / name.removeprefix("inbox:"))
    if kind in ("source", "document"):
        return ("file" if kind == "document" else "xiezuo"), name
    return "xiezuo", f"{'releases' if kind == 'release' else kind}/{name}"
