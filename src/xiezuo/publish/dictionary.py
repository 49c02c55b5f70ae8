"""Data dictionary and indicator catalogue as pages, from the very files that make tables and figures.

``python -m xiezuo.publish.dictionary`` writes them to ``docs/generated``; a test fails when they are stale. Nothing
here asks a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.build.figures import chapter_letters, load_chapters
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.indicators import Entry, Indicator, load_indicators
from xiezuo.warehouse import migrations
from xiezuo.warehouse.star import is_enforced, references
from xiezuo.warehouse.tables import HIDDEN_COLUMNS, SYSTEM_COLUMNS, primary_key
from xiezuo.warehouse.views import View, load_views

FOLDER = Path("docs/generated")
NOTICE = "<!-- Made by `python -m xiezuo.publish.dictionary` (make docs). Change the files it is made from instead. -->"

_COMMENT = re.compile(r"comment on (?P<kind>table|column) (?P<name>[\w.]+) is '(?P<text>(?:[^']|'')*)'")
_TABLE = re.compile(r"create table (?:if not exists )?(?P<name>[\w.]+) \((?P<body>.*?)\n\);", re.DOTALL)
_TYPE = re.compile(
    r"(?:^    |add column )(?!(?:primary|foreign|constraint|unique|check)\b)"
    r"(?P<name>[a-z_0-9]+) (?P<type>[a-z]+(?:\([0-9, ]+\))?(?:\[\])?)",
    re.MULTILINE,
)
_ADDED = re.compile(r"alter table (?P<name>[\w.]+)\s+add column [^;]+;")


@dataclass(frozen=True)
class Column:
    """A column with its labels; ``kind`` is its SQL type, empty where the SELECT of a view decides."""

    name: str
    kind: str
    zh: str
    en: str


@dataclass(frozen=True)
class Relation:
    """A table or view, what a row of it is (empty where its label says so), and the relations it is made of."""

    name: str
    kind: Literal["table", "view"]
    zh: str
    en: str
    grain: str
    columns: tuple[Column, ...]
    reads: tuple[str, ...] = ()


def relations(root: Path) -> dict[str, Relation]:
    """Return every table and view of the warehouse by its name, ``mart.progress``; staging is nobody's to read."""
    found = [one for contract in load_contracts(root).values() for one in _of_contract(contract)]
    found += [_of_view(view) for view in load_views(root).values()]
    found += [table for table in _fixed() if not table.name.startswith("staging.")]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def pages(root: Path) -> dict[Path, str]:
    """Return every generated page: path below the project, text."""
    return {FOLDER / "data_dictionary.md": data_dictionary(root), FOLDER / "indicator_catalogue.md": catalogue(root)}


def data_dictionary(root: Path) -> str:
    """Return the dictionary of the warehouse: dimensions, facts, figures and views, every column labelled."""
    contracts = load_contracts(root)
    lines = [
        NOTICE,
        "# Data dictionary",
        "",
        "Every table, view and column of the warehouse. Labels are those of the database itself.",
        "What analysts may read is in [analysts.md](../analysts.md).",
        "",
        "## Facts",
        "",
        "One table a dataset, `core.<dataset>`, and the analysts' view `mart.<dataset>` of it.",
        "All begin with these columns:",
        "",
        *_table(("column", "type", "标签", "label"), ((c, k, *_labels(text)) for c, k, text in SYSTEM_COLUMNS)),
        "",
    ]
    for contract in contracts.values():
        lines += _fact(contract)
    lines += ["## Views for analysts", ""]
    for view in load_views(root).values():
        lines += _view(view)
    lines += ["## Dimensions, figures, audit and vault", ""]
    lines += _fixed_tables()
    return "\n".join(lines).rstrip() + "\n"


def catalogue(root: Path) -> str:
    """Return the catalogue of indicators by chapter: what each counts, from what, and in which unit."""
    indicators = load_indicators(root)
    chapters = load_chapters(root)
    order = list(chapters)
    lines = [
        NOTICE,
        "# Indicator catalogue",
        "",
        f"{sum(len(i.entries) for i in indicators)} figures from {len(indicators)} files under",
        "`include/sql/indicators`. The rules behind them are in [counting.md](../counting.md).",
        "",
    ]
    found: dict[str, list[Indicator]] = {}
    for indicator in sorted(indicators, key=_place):
        found.setdefault(chapter_letters(indicator.header.id), []).append(indicator)
    for letters in sorted(found, key=lambda text: (order.index(text) if text in order else len(order), text)):
        lines += [f"## {letters} {chapters.get(letters, '其他')}", ""]
        for indicator in found[letters]:
            lines += _indicator(indicator)
    return "\n".join(lines).rstrip() + "\n"


def write(root: Path) -> list[Path]:
    """Write the pages; return those that changed.

    Raises:
        ConfigError: the project has no such pages: it is not a checkout.
    """
    if not (root / FOLDER).is_dir():
        raise ConfigError(f"there is no {FOLDER} in {root}", next_step="run `make docs` in a checkout")
    changed = []
    for place, text in pages(root).items():
        path = root / place
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _of_contract(contract: Contract) -> Iterator[Relation]:
    """Yield the table of a dataset, and the analysts' view of it, which leads to nobody."""
    columns = [Column(c, kind.split(" ")[0], *_labels(text)) for c, kind, text in SYSTEM_COLUMNS]
    columns += [Column(*column) for column in contract.columns()]
    table, shown = f"core.{contract.dataset}", tuple(one for one in columns if one.name not in HIDDEN_COLUMNS)
    yield Relation(table, "table", contract.zh, contract.en, contract.grain, tuple(columns))
    zh, en = f"{contract.zh}（不含个人信息）", f"{contract.en}, no persons"
    yield Relation(f"mart.{contract.dataset}", "view", zh, en, contract.grain, shown, (table,))


def _of_view(view: View) -> Relation:
    columns = tuple(Column(name, "", *_labels(text)) for name, text in view.header.columns.items())
    head = view.header
    return Relation(f"mart.{view.name}", "view", head.zh, head.en, head.grain, columns, view.reads)


def _fact(contract: Contract) -> Iterator[str]:
    yield f"### core.{contract.dataset}"
    yield ""
    yield f"{contract.zh}. {contract.en}: {contract.grain}."
    yield ""
    yield f"Key: {_code(primary_key(contract))}. Delivered as {contract.delivery}. Feeds: {_code(contract.feeds)}."
    how = "Refers to" if is_enforced(contract) else "Refers, declared but not checked row by row, to"
    names = (f"`{r.table}` by `{r.column or 'county_code'}`" for r in references(contract))
    yield f"{how} {', '.join(names)}."
    yield ""
    yield from _table(
        ("column", "type", "标签", "label", "analysts"),
        ((c, k, zh, en, "no" if c in HIDDEN_COLUMNS else "yes") for c, k, zh, en in contract.columns()),
    )
    yield ""


def _view(view: View) -> Iterator[str]:
    yield f"### mart.{view.name}"
    yield ""
    yield f"{view.header.zh}. {_sentence(view.header.en)} Grain: {view.header.grain}."
    yield ""
    labels = view.header.columns.items()
    yield from _table(("column", "标签", "label"), ((column, *_labels(text)) for column, text in labels))
    yield ""


def _fixed_tables() -> Iterator[str]:
    """Read the tables the migrations make, in order, with the labels they give them."""
    for table in _fixed():
        yield f"### {table.name}"
        yield ""
        yield f"{table.zh}. {_sentence(table.en)}"
        yield ""
        yield from _table(
            ("column", "type", "标签", "label"), ((one.name, one.kind, one.zh, one.en) for one in table.columns)
        )
        yield ""


@lru_cache(maxsize=1)
def _fixed() -> tuple[Relation, ...]:
    folder = migrations.FOLDER / "sql"
    script = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("[0-9]*.sql")))
    labels = {m["name"]: m["text"].replace("''", "'") for m in _COMMENT.finditer(script)}
    bodies = {m["name"]: m["body"] for m in _TABLE.finditer(script)}
    for added in _ADDED.finditer(script):
        bodies[added["name"]] = f"{bodies[added['name']]}\n{added[0]}"
    return tuple(
        Relation(
            name, "table", *_labels(labels.get(name, "")), "",
            tuple(
                Column(m["name"], m["type"], *_labels(labels.get(f"{name}.{m['name']}", "")))
                for m in _TYPE.finditer(body)
            ),
        )
        for name, body in sorted(bodies.items())
    )  # fmt: skip


def _indicator(indicator: Indicator) -> Iterator[str]:
    head = indicator.header
    yield f"### {indicator.file_id} {head.zh}"
    yield ""
    yield f"{head.definition_zh}。"
    yield ""
    yield _sentence(head.definition_en)
    yield ""
    kind = "a stock on the period's last day" if head.stock else "counted over the period"
    periods = ", ".join(name.replace("_", " ") for name in head.kinds)
    yield f"Unit {head.unit}; {kind}; for {periods}; from {_code(head.datasets)}."
    yield ""
    yield from _table(("figure", "指标", "name", "rows", "measure"), map(_entry, indicator.entries))
    yield ""


def _entry(entry: Entry) -> Sequence[str]:
    rows = "all" if entry.condition == "true" else f"`{entry.condition}`"
    return (f"`{entry.indicator_id}`", entry.zh, entry.en, rows, f"`{entry.measure}`")


def _place(indicator: Indicator) -> tuple[int, bool, str]:
    """Order the indicators of a chapter: by number, the whole before its split."""
    digits = re.search(r"[0-9]+", indicator.header.id)
    return (int(digits[0]) if digits else 0, "." in indicator.file_id, indicator.file_id)


def _labels(text: str) -> tuple[str, str]:
    """Split ``中文; English``."""
    zh, _, en = text.partition("; ")
    return zh, en


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


if __name__ == "__main__":
    for _changed in write(Settings.from_env().root):
        print(_changed)  # noqa: T201  (the answer of the command)
